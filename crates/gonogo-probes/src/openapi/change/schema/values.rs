//! The kind of a value: its types, whether it may be null, its format, the values that are listed,
//! and what counts when it is left out.

use std::collections::{BTreeMap, BTreeSet};

use super::super::super::library::Spot;
use super::super::comparison::{Comparison, Meeting};
use super::super::found::{Kind, Side, Variance};
use super::super::shape::{Shape, written};
use super::{change, varied};

/// Values that are named one by one.
const NAMED: usize = 5;

/// Whether the types differ so that this side notices.
pub(super) fn types<'l>(comparison: &mut Comparison<'l>, meeting: &Meeting<'l>) -> bool {
    let (old, new) = (meeting.old.types().names, meeting.new.types().names);
    if !meeting.old.is_plain() && (old.is_none() || new.is_none()) {
        // What their branches allow is compared branch by branch.
        return false;
    }
    let variance = Variance::of(covers(old.as_ref(), new.as_ref()), covers(new.as_ref(), old.as_ref()));
    let found = change(Kind::TypeChanged, meeting, meeting.at("type"))
        .values(&noun(old.as_ref()), &noun(new.as_ref()));
    varied(comparison, meeting, variance, found);
    meeting.side.notices(variance)
}

/// Whether every value of `inner` has a type of `outer`; `None` is any.
fn covers(outer: Option<&BTreeSet<&str>>, inner: Option<&BTreeSet<&str>>) -> bool {
    match (outer, inner) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(outer), Some(inner)) => {
            inner.iter().all(|name| outer.contains(name) || *name == "integer" && outer.contains("number"))
        }
    }
}

pub(super) fn noun(types: Option<&BTreeSet<&str>>) -> String {
    match types {
        None => "any".to_owned(),
        Some(types) if types.is_empty() => "nothing".to_owned(),
        Some(types) => types.iter().copied().collect::<Vec<_>>().join(" or "),
    }
}

pub(super) fn null<'l>(comparison: &mut Comparison<'l>, meeting: &Meeting<'l>) {
    let (Some(old), Some(new)) = (meeting.old.types().null, meeting.new.types().null) else { return };
    let variance = match (old, new) {
        (true, false) => Variance::Narrowed,
        (false, true) => Variance::Widened,
        _ => return,
    };
    let says = |null: bool| if null { "may be null" } else { "is never null" };
    let at = if meeting.new.first("nullable").is_some() { "nullable" } else { "type" };
    let found = change(Kind::NullChanged, meeting, meeting.at(at)).values(says(old), says(new));
    varied(comparison, meeting, variance, found);
}

/// Formats whose values are among those of another.
const WIDER: [(&str, &str); 2] = [("int32", "int64"), ("float", "double")];

pub(super) fn format<'l>(comparison: &mut Comparison<'l>, meeting: &Meeting<'l>) {
    let of = |shape: &Shape<'l>| shape.first("format").and_then(|format| format.node.text());
    let (old, new) = (of(&meeting.old), of(&meeting.new));
    let variance = match (old, new) {
        (None, Some(_)) => Variance::Narrowed,
        (Some(_), None) => Variance::Widened,
        (Some(old), Some(new)) if old != new => {
            Variance::of(WIDER.contains(&(new, old)), WIDER.contains(&(old, new)))
        }
        _ => return,
    };
    let found = change(Kind::FormatChanged, meeting, meeting.at("format"))
        .values(old.unwrap_or("any"), new.unwrap_or("any"));
    varied(comparison, meeting, variance, found);
}

/// `enum` and `const`.
pub(super) fn listed<'l>(comparison: &mut Comparison<'l>, meeting: &Meeting<'l>) {
    let (old, new) = (meeting.old.values(), meeting.new.values());
    let variance = match (&old, &new) {
        (None, Some(_)) => Variance::Narrowed,
        (Some(_), None) => Variance::Widened,
        (Some(old), Some(new)) => Variance::of(
            new.keys().all(|one| old.contains_key(one)),
            old.keys().all(|one| new.contains_key(one)),
        ),
        (None, None) => return,
    };
    let keyword = ["enum", "const", "oneOf", "anyOf"]
        .into_iter()
        .find(|key| meeting.new.first(key).or_else(|| meeting.old.first(key)).is_some());
    let found = change(Kind::EnumChanged, meeting, meeting.at(keyword.unwrap_or("enum")))
        .values(&gone(old.as_ref(), new.as_ref()), &gone(new.as_ref(), old.as_ref()));
    varied(comparison, meeting, variance, found);
}

/// The values of the first that the second does not have.
fn gone(of: Option<&BTreeMap<String, Spot<'_>>>, from: Option<&BTreeMap<String, Spot<'_>>>) -> String {
    let Some(values) = of else { return "any".to_owned() };
    let names: Vec<&str> = values
        .keys()
        .filter(|value| from.is_none_or(|other| !other.contains_key(*value)))
        .map(String::as_str)
        .collect();
    let more = names.len().saturating_sub(NAMED);
    let named = names.get(..NAMED).unwrap_or(&names).join(", ");
    if more > 0 { format!("{named} and {more} more") } else { named }
}

/// What counts when the value is left out; a default that is new only says what was so before.
pub(super) fn default<'l>(comparison: &mut Comparison<'l>, meeting: &Meeting<'l>) {
    if meeting.side != Side::Request {
        return;
    }
    let of = |shape: &Shape<'l>| shape.first("default").map(|value| written(value.node));
    let (Some(old), new) = (of(&meeting.old), of(&meeting.new)) else { return };
    if new.as_ref() != Some(&old) {
        let found = change(Kind::DefaultChanged, meeting, meeting.at("default"));
        let mut found = found.values(&old, new.as_deref().unwrap_or("none"));
        found.variance = Variance::Same;
        comparison.found(found);
    }
}
