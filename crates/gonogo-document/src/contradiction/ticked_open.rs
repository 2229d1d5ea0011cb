//! Ticked, and open elsewhere.

use super::facts::item::Source;
use super::facts::word::{self, says};
use super::facts::{Facts, Item, Openness, Topic};
use super::kind::{Findings, Kind, Rule};
use crate::name::{Likeness, Name};
use crate::value::Sign;

pub(super) const RULE: Rule = Rule {
    id: "ticked-open",
    kind: Kind::Verdict,
    why: "A tick says that something is done; it cannot be open at another place.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let open = facts.open();
    for item in facts.items.iter().filter(|item| is_ticked(item)).take(300) {
        denied(facts, item, findings);
        let lower = item.said.text.to_lowercase();
        let bare = lower.trim_start_matches(|c: char| !c.is_alphanumeric());
        if bare.starts_with("required") && facts.is_under(item.section, Topic::Conditions) {
            let same =
                facts.items.iter().filter(|other| is_ticked(other) && other.said.span != item.said.span);
            let same = same.filter(|other| other.name.words.intersection(&item.name.words).count() >= 3);
            let places = std::iter::once(item).chain(same).map(|item| item.said.clone()).collect();
            findings
                .likely(format!("«{}» is required and has the mark of what is done", item.said.text), places);
            continue;
        }
        let is_promise = says(&lower, &["will", "to do"]) || word::denies(&lower);
        let alike = |other: &Item, how: Openness| {
            let (one, two) = (&item.name, &other.name);
            // More words in the open one mean a part of it: its metrics, its archive.
            let is_one = two.likeness(one) >= Likeness::SameWords || two.words.is_subset(&one.words);
            is_one
                && one.words.len().min(two.words.len()) >= 2
                && how != Openness::NotAccepted
                && other.said.span != item.said.span
        };
        let against: Vec<&(&Item, Openness)> =
            open.iter().filter(|(other, how)| alike(other, *how)).collect();
        if let (Some((other, how)), false) = (against.first(), is_promise) {
            let message = format!("«{}» is ticked, and «{}» {}", item.title, other.title, how.said());
            let is_sure = against.iter().any(|(_, how)| *how == Openness::Row);
            let places = std::iter::once(item)
                .chain(against.iter().map(|(other, _)| *other))
                .map(|item| item.said.clone())
                .collect();
            findings.say(is_sure, message, places);
        }
    }
}

fn is_ticked(item: &Item) -> bool {
    let by_sign = || {
        item.mark.is_some_and(|mark| {
            mark.sign == Some(Sign::Good) && mark.state.is_none_or(|state| state.is_good())
        })
    };
    item.ticked == Some(true) || (item.ticked.is_none() && item.source == Source::List && by_sign())
}

/// `No audit is overdue` is ticked, and a row of the audits says so.
fn denied(facts: &Facts<'_>, item: &Item, findings: &mut Findings) {
    let lower = item.title.to_lowercase();
    let Some(rest) = ["no ", "zero ", "kein ", "keine ", "aucun ", "aucune ", "ningún ", "geen "]
        .iter()
        .find_map(|no| lower.strip_prefix(no))
    else {
        return;
    };
    let Some((noun, state)) = [" is ", " are ", " ist ", " sind ", " est ", " sont ", " está ", " zijn "]
        .iter()
        .find_map(|verb| rest.split_once(verb))
    else {
        return;
    };
    let noun = Name::of(noun);
    for grid in &facts.grids {
        let title = Name::of(&format!("{} {}", grid.header(0), facts.section(grid.section).title.plain));
        if noun.is_empty() || !noun.words.is_subset(&title.words) {
            continue;
        }
        let rows: Vec<_> = grid
            .body()
            .filter(|row| (0..grid.roles.len()).any(|at| row.cell(at).to_lowercase() == state.trim()))
            .collect();
        if !rows.is_empty() {
            let message =
                format!("«{}» is ticked, and {} of the rows say {}", item.title, rows.len(), state.trim());
            let places =
                std::iter::once(item.said.clone()).chain(rows.iter().map(|row| row.said())).collect();
            findings.certain(message, places);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn a_tick_against_a_row_is_found() {
        let text = "- [x] Export of the members\n- [ ] Signs\n\n| Task | State |\n|---|---|\n| Export of the members | Pending |\n";
        assert_eq!(found(&RULE, text), ["certain 1,6"]);
        let text =
            "- [x] No audit is overdue\n\n## Audits\n\n| Audit | State |\n|---|---|\n| Keys | Overdue |\n";
        assert_eq!(found(&RULE, text), ["certain 1,7"]);
    }

    #[test]
    fn ticks_that_are_true_are_silent() {
        let text = "- [x] Export of the members\n- [ ] Signs\n\n| Task | State |\n|---|---|\n| Export of the members | Done |\n| Signs | Open |\n";
        assert_eq!(found(&RULE, text), Vec::<String>::new());
    }

    #[test]
    fn what_is_required_has_no_tick() {
        let text = "## Conditions\n\n1. ✅ **REQUIRED**: widen the connection pool\n\n## Ready\n\n- ✅ Widen the connection pool\n";
        assert_eq!(found(&RULE, text), ["likely 3,7"]);
    }
}
