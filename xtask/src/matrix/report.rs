//! The report of a verdict, read as any other document is: what gonogo finds in what people write
//! must not be in what it writes itself.

use anyhow::{Context as _, bail};
use gonogo_document::contradiction::{Contradiction, contradictions};
use gonogo_model::verdict::Verdict;
use gonogo_report::{Format, Style, render};

/// Where the Markdown report of a verdict contradicts itself, certainly or likely, a line each.
///
/// # Errors
/// When there is no report of it, or the reader understands nothing of it: then nothing is proven.
pub(super) fn against_itself(verdict: &Verdict) -> anyhow::Result<Vec<String>> {
    let style = Style { colour: false, width: 80 };
    let report = render(verdict, Format::Markdown, style).context("there is no report of the verdict")?;
    in_document(&report)
}

fn in_document(report: &str) -> anyhow::Result<Vec<String>> {
    let read = gonogo_document::read(report.as_bytes());
    if read.elements.verdicts.is_empty() {
        bail!("the report was not understood: no verdict was found in it");
    }
    Ok(contradictions(&read).iter().map(said).collect())
}

fn said(found: &Contradiction) -> String {
    let lines: Vec<String> = found.places.iter().map(|said| said.span.line.to_string()).collect();
    format!("{} ({}) in lines {}: {}", found.rule, found.certainty.word(), lines.join(", "), found.message)
}

#[cfg(test)]
mod tests {
    use super::in_document;

    #[test]
    fn a_report_that_contradicts_itself_is_told() -> anyhow::Result<()> {
        let sound = "# Readiness: NO-GO\n\n| Check | Found | Result |\n|---|---|---|\n| Net | up | met |\n";
        assert!(in_document(sound)?.is_empty());
        let found = in_document(&sound.replace("| up |", "| not tested |"))?;
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("row-unproven (certain) in lines 5: "), "{found:?}");
        assert!(in_document("Nothing at all.\n").is_err());
        Ok(())
    }
}
