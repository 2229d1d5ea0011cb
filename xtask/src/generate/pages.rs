//! Files of which a part is generated: the tables in the page of each probe, and the probes in
//! the summary of the book. What people wrote around them stays.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use gonogo_model::catalog::ProbeInfo;
use gonogo_probes::page;

use super::Generated;

const SUMMARY: &str = "docs/SUMMARY.md";
/// The line of the summary under which the probes are listed.
const PROBES: &str = "- [Probes](reference/probes.md)";
/// The line under which the packs are listed.
const PACKS: &str = "- [Packs](reference/packs.md)";

/// The page of every probe.
pub(super) fn probes(root: &Path) -> anyhow::Result<Vec<Generated>> {
    gonogo_probes::all().map(|probe| refreshed(root, &probe.info)).collect()
}

fn refreshed(root: &Path, probe: &ProbeInfo) -> anyhow::Result<Generated> {
    let path = format!("docs/probes/{}.md", probe.id);
    let old = fs::read_to_string(root.join(&path)).with_context(|| format!("failed to read {path}"))?;
    let text = page::refreshed(&old, probe)
        .with_context(|| format!("{path} needs one pair of {} and {}", page::START, page::END))?;
    Ok(Generated { path, text })
}

/// The summary of the book.
pub(super) fn summary(root: &Path) -> anyhow::Result<Generated> {
    let old = fs::read_to_string(root.join(SUMMARY)).with_context(|| format!("failed to read {SUMMARY}"))?;
    let ids: Vec<&str> = gonogo_probes::catalog().probes().iter().map(|probe| probe.id).collect();
    let packs: Vec<&str> = super::packs::sorted().iter().map(|pack| pack.name).collect();
    let text = listed(&old, PROBES, "probes", &ids)
        .and_then(|text| listed(&text, PACKS, "packs", &packs))
        .with_context(|| format!("{SUMMARY} needs the lines `{PROBES}` and `{PACKS}`"))?;
    Ok(Generated { path: SUMMARY.to_owned(), text })
}

/// The summary with the indented lines under `heading` made anew; `None` when it is not there.
fn listed(summary: &str, heading: &str, folder: &str, ids: &[&str]) -> Option<String> {
    let (before, after) = summary.split_once(&format!("{heading}\n"))?;
    let kept: String = after.split_inclusive('\n').skip_while(|line| line.starts_with("  ")).collect();
    let list: String = ids.iter().map(|id| format!("  - [{id}]({folder}/{id}.md)\n")).collect();
    Some(format!("{before}{heading}\n{list}{kept}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_lists_the_probes_there_are_and_keeps_the_rest() {
        let old =
            "# Summary\n\n- [Probes](reference/probes.md)\n  - [a/old](probes/a/old.md)\n- [Packs](x.md)\n";
        let new = listed(old, PROBES, "probes", &["a/b", "c/d"]).unwrap();
        assert_eq!(
            new,
            "# Summary\n\n- [Probes](reference/probes.md)\n  - [a/b](probes/a/b.md)\n  - [c/d](probes/c/d.md)\n- [Packs](x.md)\n"
        );
        assert_eq!(listed(&new, PROBES, "probes", &["a/b", "c/d"]).unwrap(), new);
        assert!(listed("# Summary\n", PROBES, "probes", &["a/b"]).is_none());
    }
}
