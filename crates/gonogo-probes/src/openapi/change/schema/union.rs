//! Values that may be one of several schemas. Branches of the two documents are matched by name,
//! then by what they look like, then, when as many are left on both sides, by their order.

use std::collections::BTreeMap;

use super::super::super::library::Spot;
use super::super::comparison::{Comparison, Meeting};
use super::super::found::{At, Change, Kind, Side, Variance, short};
use super::super::shape::{Edition, Shape, last_part};
use super::{change, varied};

/// Branches of one union; those of a hostile document are not matched one by one.
const MOST: usize = 200;
/// Steps to recognise one branch.
const BRANCH: usize = 60;

/// A branch and how it may be recognised.
#[derive(Debug, Clone)]
struct Branch<'l> {
    spot: Spot<'l>,
    name: Option<&'l str>,
    look: String,
}

fn branches<'l>(edition: &Edition<'l>, spots: &[Spot<'l>]) -> Vec<Branch<'l>> {
    let read = |spot: &Spot<'l>| {
        let shape = edition.shape(&[*spot]);
        let title = shape.first("title").and_then(|title| title.node.text());
        Branch { spot: *spot, name: shape.named.or(title), look: look(&shape) }
    };
    spots.iter().take(MOST).map(read).collect()
}

/// What a schema looks like, without what its properties hold.
fn look(shape: &Shape<'_>) -> String {
    let types = super::values::noun(shape.types().names.as_ref());
    let properties: Vec<&str> = shape.properties().into_keys().collect();
    let values: Vec<String> = shape.values().into_iter().flat_map(BTreeMap::into_keys).collect();
    let format = shape.first("format").and_then(|format| format.node.text()).unwrap_or_default();
    short(&format!("{types} {} {} {format}", properties.join(","), values.join(",")), 2_000)
}

/// Both are unions.
pub(super) fn both<'l>(comparison: &mut Comparison<'l>, meeting: &Meeting<'l>) {
    if meeting.old.unions.len() != meeting.new.unions.len() {
        let why = "the value is one of several schemas in more ways, or fewer, than before";
        comparison.not_compared(&meeting.subject(), meeting.itself(), why);
        return;
    }
    for (old, new) in meeting.old.unions.iter().zip(&meeting.new.unions) {
        if old.len() > MOST || new.len() > MOST {
            comparison.not_compared(&meeting.subject(), meeting.itself(), "the union has too many branches");
            continue;
        }
        if !comparison.spend(old.len().saturating_add(new.len()).saturating_mul(BRANCH)) {
            return;
        }
        let (old, new) = (branches(&comparison.old, old), branches(&comparison.new, new));
        let matched = Matched::of(old, new);
        for (old, new) in &matched.pairs {
            let name = meeting.below(&format!("({})", new.name.unwrap_or(&new.look)));
            comparison.schemas(&[old.spot], &[new.spot], meeting.side, name);
        }
        said(comparison, meeting, &matched.gone, &matched.added);
    }
    discriminator(comparison, meeting);
}

/// Only one of the two is a union: the other may be one of its branches.
pub(super) fn one<'l>(comparison: &mut Comparison<'l>, meeting: &Meeting<'l>) {
    let is_new = meeting.old.is_plain();
    let (plain, union, edition) = match is_new {
        true => (&meeting.old, &meeting.new, comparison.new),
        false => (&meeting.new, &meeting.old, comparison.old),
    };
    let all: Vec<Spot<'l>> = union.unions.iter().flatten().copied().collect();
    if !comparison.spend(all.len().saturating_mul(BRANCH)) {
        return;
    }
    let mut rest = branches(&edition, &all);
    let (name, looks) = (plain.named, look(plain));
    let known = |branch: &Branch<'l>| name.is_some() && branch.name == name || branch.look == looks;
    let found = rest.iter().position(known).map(|place| rest.remove(place));
    match (found, is_new) {
        (Some(branch), true) => {
            comparison.schemas(&meeting.old.parts, &[branch.spot], meeting.side, meeting.name.clone());
            said(comparison, meeting, &[], &rest);
        }
        (Some(branch), false) => {
            comparison.schemas(&[branch.spot], &meeting.new.parts, meeting.side, meeting.name.clone());
            said(comparison, meeting, &rest, &[]);
        }
        (None, true) => said_whole(comparison, meeting, &looks, &names(&rest)),
        (None, false) => said_whole(comparison, meeting, &names(&rest), &looks),
    }
}

fn said_whole<'l>(comparison: &mut Comparison<'l>, meeting: &Meeting<'l>, old: &str, new: &str) {
    let found = change(Kind::UnionChanged, meeting, meeting.itself()).values(old.trim(), new.trim());
    varied(comparison, meeting, Variance::Other, found);
}

fn said<'l>(
    comparison: &mut Comparison<'l>,
    meeting: &Meeting<'l>,
    gone: &[Branch<'l>],
    added: &[Branch<'l>],
) {
    let at = match (added.first(), gone.first()) {
        (Some(branch), _) if meeting.side == Side::Response => At::new(branch.spot),
        (_, Some(branch)) => At::old(branch.spot),
        (Some(branch), None) => At::new(branch.spot),
        (None, None) => return,
    };
    let found = change(Kind::UnionChanged, meeting, at).values(&names(gone), &names(added));
    varied(comparison, meeting, Variance::of(added.is_empty(), gone.is_empty()), found);
}

fn names(branches: &[Branch<'_>]) -> String {
    let names: Vec<&str> =
        branches.iter().map(|branch| branch.name.unwrap_or_else(|| branch.look.trim())).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

/// Branches of both, those of the old one that are gone, those of the new one that are added.
struct Matched<'l> {
    pairs: Vec<(Branch<'l>, Branch<'l>)>,
    gone: Vec<Branch<'l>>,
    added: Vec<Branch<'l>>,
}

impl<'l> Matched<'l> {
    fn of(old: Vec<Branch<'l>>, new: Vec<Branch<'l>>) -> Matched<'l> {
        let mut matched = Matched { pairs: Vec::new(), gone: old, added: new };
        matched.join(|old, new| old.name.is_some() && old.name == new.name);
        matched.join(|old, new| old.look == new.look);
        if matched.gone.len() == matched.added.len() {
            matched.join(|_, _| true);
        }
        matched
    }

    fn join(&mut self, is_same: impl Fn(&Branch<'l>, &Branch<'l>) -> bool) {
        for old in std::mem::take(&mut self.gone) {
            match self.added.iter().position(|new| is_same(&old, new)) {
                Some(place) => self.pairs.push((old, self.added.remove(place))),
                None => self.gone.push(old),
            }
        }
    }
}

/// What tells the branches apart.
fn discriminator<'l>(comparison: &mut Comparison<'l>, meeting: &Meeting<'l>) {
    let Some(old) = meeting.old.first("discriminator") else { return };
    let new = meeting.new.first("discriminator");
    let property = |spot: Spot<'l>| spot.text("propertyName").unwrap_or_default();
    let (before, after) = (property(old), new.map_or("none", property));
    if before != after {
        let found = change(Kind::DiscriminatorChanged, meeting, meeting.at("discriminator"));
        let variance = if new.is_some() { Variance::Other } else { Variance::Widened };
        varied(comparison, meeting, variance, found.values(before, after).keyword("propertyName"));
        return;
    }
    let Some(new) = new else { return };
    let mapping = |spot: Spot<'l>| -> BTreeMap<&'l str, Spot<'l>> {
        let entries = spot.get("mapping").into_iter().flat_map(Spot::entries);
        entries.map(|(key, target)| (key.name.as_str(), target)).collect()
    };
    let named = |branches: &[Vec<Spot<'l>>], name: &str| {
        branches.iter().flatten().any(|branch| branch.reference().map(last_part) == Some(name))
    };
    let (old, new) = (mapping(old), mapping(new));
    for (value, target) in &old {
        let text = |spot: &Spot<'l>| last_part(spot.node.text().unwrap_or_default());
        let now = new.get(value).map(text).or_else(|| named(&meeting.new.unions, value).then_some(*value));
        let at = new.get(value).map_or_else(|| At::old(*target), |spot| At::new(*spot));
        let variance = match now {
            Some(now) if is_renamed(text(target), now, &meeting.old, &meeting.new) => continue,
            Some(_) => Variance::Other,
            None => Variance::Narrowed,
        };
        let (was, is) = (format!("{value}: {}", text(target)), now.unwrap_or("none"));
        let found: Change =
            change(Kind::DiscriminatorChanged, meeting, at).values(&was, is).keyword("mapping");
        varied(comparison, meeting, variance, found);
    }
}

/// Whether the branch has the same name, or a new one because the component was renamed.
fn is_renamed(old: &str, new: &str, before: &Shape<'_>, after: &Shape<'_>) -> bool {
    let has = |shape: &Shape<'_>, name: &str| {
        shape.unions.iter().flatten().any(|branch| branch.reference().map(last_part) == Some(name))
    };
    old == new || !has(after, old) && !has(before, new)
}
