//! A launch was refused and is now allowed, and what held it up is open or not mentioned.

use gonogo_model::lineage::document::{Kind, Standing, State};

use super::{Both, Found, places, said_of};
use crate::element::{Disposition, Launches, VerdictKind};
use crate::lineage::Side;
use crate::lineage::entry::Pair;
use crate::lineage::figures::verdicts;

pub(super) fn find(both: &Both<'_>) -> Vec<Found> {
    let refused = launches(both.before).is_some_and(|all| all.iter().all(|said| *said == Launches::No));
    let allowed = launches(both.after).is_some_and(|all| all.iter().all(|said| *said != Launches::No));
    let held: Vec<&Pair<'_>> = both.pairs.iter().filter(|pair| holds(pair)).collect();
    let of = |state: State| -> Vec<&Pair<'_>> {
        held.iter().copied().filter(|pair| pair.state() == state).collect()
    };
    let (vanished, open) = (of(State::Vanished), of(State::Open));
    if !refused || !allowed || vanished.len() + open.len() == 0 {
        return Vec::new();
    }
    let said = said_of(&[(vanished.len(), "not mentioned"), (open.len(), "open")]);
    let message =
        format!("the verdict no longer refuses the launch, and of what held it up ({}) {said}", held.len());
    let mut after = verdicts(both.after.report);
    after.extend(places(open.iter().copied(), false));
    let mut before = verdicts(both.before.report);
    before.extend(places(vanished.iter().chain(&open).copied(), true));
    vec![Found { is_certain: false, message, before, after }]
}

fn launches(side: &Side<'_>) -> Option<Vec<Launches>> {
    let overall = side.report.elements.verdicts.iter().filter(|verdict| verdict.kind == VerdictKind::Overall);
    let all: Vec<Launches> = overall.map(|verdict| verdict.call.launches()).collect();
    (!all.is_empty()).then_some(all)
}

/// Whether the older document has it open, and will not launch with it.
fn holds(pair: &Pair<'_>) -> bool {
    pair.before.is_some_and(|thing| {
        let is_severe = thing.severity().is_some_and(|severity| severity.rank() == 0);
        let is_waited_for =
            thing.kind() == Kind::Blocker || thing.disposition() == Some(Disposition::MustFix);
        thing.standing() == Standing::Open && (is_severe || is_waited_for)
    })
}

#[cfg(test)]
mod tests {
    use crate::lineage::across::trial::found;

    #[test]
    fn a_lifted_verdict_is_held_against_what_held_it_up() {
        let old = "# Review v1\n\n**Verdict:** NO-GO\n\n## Must fix before launch\n\n1. Gateway without TLS\n2. Backups never restored\n";
        let new = "# Review v2\n\n**Verdict:** GO\n\n## Findings\n\n| Finding | Severity | Status |\n|---|---|---|\n| Gateway without TLS | High | Closed |\n";
        assert_eq!(found("verdict-lifted", old, new), ["likely 3,8/3"]);
        let both = format!("{new}| Backups never restored | High | Closed |\n");
        assert!(found("verdict-lifted", old, &both).is_empty());
        assert!(found("verdict-lifted", old, &new.replace("GO", "NO-GO")).is_empty());
    }
}
