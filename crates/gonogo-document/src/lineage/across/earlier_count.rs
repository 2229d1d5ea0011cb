//! «The first review had 7 findings», and it lists and states another number.

use std::collections::BTreeSet;

use num_traits::ToPrimitive as _;

use super::earlier::{About, Names, numbers};
use super::{Both, Found};
use crate::element::{Claim, ClaimKind};
use crate::lineage::figures::quote;
use gonogo_model::lineage::document::Standing;

pub(super) fn find(both: &Both<'_>) -> Vec<Found> {
    let names = Names::of(both.before, both.after);
    let claims = both.after.report.elements.claims.iter();
    claims
        .filter(|claim| names.are_in(&claim.text.plain) && numbers(&claim.text) == 1)
        .filter_map(|claim| check(both, claim))
        .collect()
}

fn check(both: &Both<'_>, claim: &Claim) -> Option<Found> {
    let ClaimKind::Count { number, of, .. } = &claim.kind else { return None };
    let (about, number) = (About::of(of)?, number.to_u64()?);
    let listed = known(both, about);
    // Who lists nothing of the kind may have told it in prose.
    let most = listed.iter().max().copied().filter(|most| *most > 0)?;
    if listed.contains(&number) || stated(both, about).contains(&number) {
        return None;
    }
    Some(Found {
        is_certain: stated(both, about).contains(&most),
        message: format!("it says «{}» of the older document, which lists {most}", claim.text.plain.trim()),
        before: Vec::new(),
        after: vec![quote(&claim.text.plain, claim.text.span)],
    })
}

/// How many the older document lists: of all, open and not done.
fn known(both: &Both<'_>, about: About) -> BTreeSet<u64> {
    let things = || both.before.things.iter().filter(|thing| about.has(thing));
    let open = things().filter(|thing| thing.standing() == Standing::Open).count();
    let left = things().filter(|thing| thing.standing() != Standing::Done).count();
    [things().count(), open, left].into_iter().filter_map(|number| u64::try_from(number).ok()).collect()
}

/// How many the older document says there are.
fn stated(both: &Both<'_>, about: About) -> BTreeSet<u64> {
    let claims = both.before.report.elements.claims.iter();
    let counts = claims.filter_map(|claim| match &claim.kind {
        ClaimKind::Count { number, of, .. } => Some((number.to_u64()?, About::of(of)?)),
        _ => None,
    });
    counts.filter(|(_, other)| about.is_as(other)).map(|(number, _)| number).collect()
}

#[cfg(test)]
mod tests {
    use crate::lineage::across::trial::found;

    #[test]
    fn a_number_of_the_earlier_document_is_counted_there() {
        let old = "# Launch review v1\n\nThe review raised 2 findings.\n\n## Findings\n\n- Gateway without TLS\n- Backups never restored\n";
        let new =
            |said: &str| format!("# Launch review v2\n\n{said}\n\n## Findings\n\n- Gateway without TLS\n");
        assert_eq!(found("earlier-count", old, &new("The previous review had 5 findings.")), ["certain /3"]);
        assert!(found("earlier-count", old, &new("The previous review had 2 findings.")).is_empty());
        assert!(found("earlier-count", old, &new("There are 5 findings.")).is_empty());
        let vague = old.replace("The review raised 2 findings.\n\n", "");
        assert_eq!(found("earlier-count", &vague, &new("v1 had 5 findings.")), ["likely /3"]);
    }
}
