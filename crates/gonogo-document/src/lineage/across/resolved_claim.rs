//! «All findings of the first review are resolved», and some of them are open or not mentioned.

use gonogo_model::lineage::document::{Standing, State};

use super::earlier::{About, Names};
use super::{Both, Found, places, said_of};
use crate::lineage::entry::Pair;
use crate::lineage::figures::quote;
use crate::lineage::standing;
use crate::words::claim::ALL;
use crate::words::words;

pub(super) fn find(both: &Both<'_>) -> Vec<Found> {
    let names = Names::of(both.before, both.after);
    let claims =
        both.after.mentions.sentences().filter(|(text, _)| is_of_all(text) && standing::is_done(text));
    claims
        .filter_map(|(text, span)| {
            let about = About::of(text)?;
            let refers = names.are_in(text);
            let was_open = |pair: &&Pair<'_>| {
                let thing = pair.before.filter(|thing| thing.standing() == Standing::Open);
                thing.is_some_and(|thing| about.has(thing))
            };
            let of = |state: State| -> Vec<&Pair<'_>> {
                both.pairs.iter().filter(was_open).filter(|pair| pair.state() == state).collect()
            };
            let (vanished, open) = (of(State::Vanished), if refers { of(State::Open) } else { Vec::new() });
            if vanished.is_empty() && open.is_empty() {
                return None;
            }
            let said = said_of(&[(vanished.len(), "not mentioned"), (open.len(), "open")]);
            let mut after = vec![quote(text, span)];
            after.extend(places(open.iter().copied(), false));
            Some(Found {
                is_certain: refers,
                message: format!("it says «{}», and of what was open before {said}", text.trim()),
                before: places(vanished.iter().chain(&open).copied(), true),
                after,
            })
        })
        .collect()
}

fn is_of_all(text: &str) -> bool {
    words(text).iter().any(|word| ALL.contains(&word.text.as_ref()))
}

#[cfg(test)]
mod tests {
    use crate::lineage::across::trial::found;

    const OLD: &str = "# Launch review v1\n\n## Findings\n\n| ID | Finding | Severity | Status |\n|---|---|---|---|\n| F-1 | Gateway without TLS | High | Open |\n| F-2 | Backups never restored | High | Open |\n";

    #[test]
    fn a_claim_about_all_is_held_against_each() {
        let head = "# Launch review v2\n\nAll 2 findings of v1 are resolved.\n\n## Findings\n\n| ID | Finding | Severity | Status |\n|---|---|---|---|\n";
        let one = format!("{head}| F-1 | Gateway without TLS | High | Closed |\n");
        assert_eq!(found("resolved-claim", OLD, &one), ["certain 8/3"]);
        let open = format!("{one}| F-2 | Backups never restored | High | Open |\n");
        assert_eq!(found("resolved-claim", OLD, &open), ["certain 8/3,10"]);
        let both = format!("{one}| F-2 | Backups never restored | High | Closed |\n");
        assert!(found("resolved-claim", OLD, &both).is_empty());
        let wish = one.replace("are resolved", "must be resolved");
        assert!(found("resolved-claim", OLD, &wish).is_empty());
    }
}
