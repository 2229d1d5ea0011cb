//! The time until all is green is the time of one step, and the steps behind it have none.

use super::facts::word::says;
use super::facts::{Facts, Place};
use super::kind::{Findings, Kind, Rule, Said};
use crate::outline::Block;
use crate::value;

pub(super) const RULE: Rule = Rule {
    id: "eta-of-part",
    kind: Kind::Verdict,
    why: "When the blocked work begins is not when it is done.",
    find,
};

const ETA: &[&str] = &[
    "eta to green",
    "eta to go",
    "time to green",
    "eta to ready",
    "time to ready",
    "time to production-ready",
    "ready in",
    "green in",
    "eta to launch",
    "time to go",
    "zeit bis grün",
    "délai avant le feu vert",
];
const BLOCKED: &[&str] = &[
    "blocked",
    "halted",
    "on hold",
    "not run",
    "blockiert*",
    "gesperrt",
    "bloqué*",
    "bloquead*",
    "geblokkeerd",
    "waiting for",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let total =
        facts.sentences.iter().filter(|sentence| sentence.place != Place::Cell).find_map(|sentence| {
            let times = value::durations(&sentence.text.plain);
            says(&sentence.lower(), ETA)
                .then(|| times.first().cloned())
                .flatten()
                .map(|time| (sentence, time.value))
        });
    let Some((total, time)) = total else { return };
    let steps = blocked(facts);
    // Less than an hour for each of them: then they are not in it.
    let hours = time.high_hours(24);
    let is_short =
        hours * value::Exact::from_integer(4.into()) < value::Exact::from_integer(steps.len().into());
    if steps.len() >= 3 && is_short {
        let message = format!(
            "«{}», and {} blocked steps come after it and have no time",
            total.text.plain.trim(),
            steps.len()
        );
        findings.likely(message, std::iter::once(total.said()).chain(steps).collect());
    }
}

/// What stands under headings that say it is blocked.
fn blocked(facts: &Facts<'_>) -> Vec<Said> {
    let mut found = Vec::new();
    for (id, block) in facts.outline.blocks() {
        if !says(&facts.section(id).title.plain.to_lowercase(), BLOCKED) {
            continue;
        }
        match block {
            Block::Code(code) => found.extend(
                code.lines
                    .iter()
                    .filter(|line| !line.is_empty())
                    .map(|line| Said::at(line.span, &line.plain)),
            ),
            Block::List(list) => {
                found.extend(list.items.iter().map(|item| Said::at(item.text.span, &item.text.plain)))
            }
            _ => {}
        }
    }
    found.truncate(20);
    found
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn a_time_that_leaves_out_blocked_steps_is_found() {
        let text = |eta: &str| {
            format!(
                "## Blocked until the key is there\n\n- load test\n- contract test\n- restore\n\nETA to green: {eta}\n"
            )
        };
        assert_eq!(found(&RULE, &text("3 minutes")), ["likely 7,3,4,5"]);
        assert!(found(&RULE, &text("4 days")).is_empty());
    }
}
