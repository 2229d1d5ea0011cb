//! Which thing of the older document is which of the newer one: one to one, the surest first, and
//! the same whichever of the two is the older one.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::lineage::document::Standing;

use super::likeness::{self, Index, Strength};
use super::statement::Statement;
use super::thing::{Ids, Thing, ids};

/// Things that were matched, and how those that were not may hang together.
#[derive(Debug, Default)]
pub(super) struct Pairing {
    /// From the older to the newer.
    pub(super) pairs: BTreeMap<usize, usize>,
    /// Of those without partner: what may be the same all the same.
    pub(super) resembling: BTreeMap<usize, usize>,
    /// Ids that stand for one thing in each document, and for another one in the newer.
    pub(super) reused: Vec<(usize, usize)>,
}

pub(super) fn pair(before: &[Thing<'_>], after: &[Thing<'_>]) -> Pairing {
    let (old_ids, new_ids) = (ids(before), ids(after));
    let is_one = |statement: &Statement| {
        statement.id.as_ref().is_some_and(|id| {
            let key = (id.prefix.clone(), id.number);
            let one = |ids: &Ids| ids.get(&key).is_none_or(|all| all.len() == 1);
            one(&old_ids) && one(&new_ids)
        })
    };
    let sure =
        |one: &Statement, other: &Statement| likeness::across(one, other, is_one(one) && is_one(other));
    let everything = |_: usize| true;
    let pairs = greedy(&candidates(before, after, everything, everything, sure));
    let taken: BTreeSet<usize> = pairs.values().copied().collect();
    let is_left = |things: &[Thing<'_>], at: usize| {
        things.get(at).is_some_and(|thing| thing.standing() != Standing::Done)
    };
    let is_old = |at: usize| !pairs.contains_key(&at) && is_left(before, at);
    let is_new = |at: usize| !taken.contains(&at) && is_left(after, at);
    let left = candidates(before, after, is_old, is_new, likeness::resembles);
    let reused =
        old_ids.iter().filter_map(|(key, old)| match (old.as_slice(), new_ids.get(key)?.as_slice()) {
            ([old], [new]) if pairs.get(old) != Some(new) => Some((*old, *new)),
            _ => None,
        });
    Pairing { resembling: greedy(&left), reused: reused.collect(), pairs }
}

/// A possible pair, ordered so that the surest comes first; then things at like places, then the
/// earlier ones. Two pairs with a thing in common never are equal.
type Candidate = (Reverse<Strength>, usize, usize, usize, usize);

fn candidates(
    before: &[Thing<'_>],
    after: &[Thing<'_>],
    is_old: impl Fn(usize) -> bool,
    is_new: impl Fn(usize) -> bool,
    strength: impl Fn(&Statement, &Statement) -> Option<Strength>,
) -> Vec<Candidate> {
    let statements = before.iter().chain(after).flat_map(|thing| thing.statements.iter().copied());
    let frequent = likeness::frequent(statements);
    let mut index = Index::without(&frequent);
    for (at, thing) in after.iter().enumerate().filter(|(at, _)| is_new(*at)) {
        thing.statements.iter().for_each(|statement| index.add(at, statement));
    }
    let mut best: BTreeMap<(usize, usize), Strength> = BTreeMap::new();
    for (old, thing) in before.iter().enumerate().filter(|(at, _)| is_old(*at)) {
        for statement in &thing.statements {
            for new in index.near(old, statement) {
                let Some(theirs) = after.get(new) else { continue };
                let others = theirs.statements.iter().filter(|other| speaks(thing, statement, theirs, other));
                let most = others.filter_map(|other| strength(statement, other)).max();
                if let Some(most) = most {
                    let known = best.entry((old, new)).or_default();
                    *known = most.max(*known);
                }
            }
        }
    }
    let mut found: Vec<Candidate> = best
        .into_iter()
        .map(|((old, new), strength)| (Reverse(strength), old.abs_diff(new), old + new, old, new))
        .collect();
    found.sort();
    found
}

/// A row that passed speaks of a thing only by the name under which most is said of it.
fn speaks(one: &Thing<'_>, statement: &Statement, other: &Thing<'_>, theirs: &Statement) -> bool {
    (!statement.is_passed_row() || std::ptr::eq(other.first, theirs))
        && (!theirs.is_passed_row() || std::ptr::eq(one.first, statement))
}

fn greedy(candidates: &[Candidate]) -> BTreeMap<usize, usize> {
    let (mut pairs, mut taken) = (BTreeMap::new(), BTreeSet::new());
    for (_, _, _, old, new) in candidates {
        if !pairs.contains_key(old) && taken.insert(*new) {
            pairs.insert(*old, *new);
        }
    }
    pairs
}
