//! The properties of objects: which there are, which must be there, who may send or see them, and
//! whether others are refused.

use std::collections::BTreeMap;

use super::super::super::library::Spot;
use super::super::comparison::{Comparison, Meeting};
use super::super::found::{At, Change, Kind, Notice, Side, Variance};
use super::super::shape::{Edition, Property, Shape};
use super::{change, varied};

/// The properties of one of the two schemas.
struct Object<'l> {
    /// With those that this side does not see.
    properties: BTreeMap<&'l str, Property<'l>>,
    hidden: BTreeMap<&'l str, Spot<'l>>,
    required: BTreeMap<&'l str, Spot<'l>>,
    closed_by: Option<Spot<'l>>,
}

impl<'l> Object<'l> {
    fn of(edition: &Edition<'l>, shape: &Shape<'l>, side: Side) -> Object<'l> {
        // What is for reading only is not sent, what is for writing only not answered.
        let hides = if side == Side::Request { "readOnly" } else { "writeOnly" };
        let properties = shape.properties();
        let hidden = properties.iter().filter_map(|(name, property)| {
            let said = property.said.iter().find_map(|spot| below(edition, *spot, hides))?;
            Some((*name, said))
        });
        let hidden: BTreeMap<&str, Spot<'l>> = hidden.collect();
        let mut required = shape.required();
        required.retain(|name, _| !hidden.contains_key(name));
        Object { hidden, required, closed_by: shape.closed_by(), properties }
    }

    fn sees(&self, name: &str) -> bool {
        self.properties.contains_key(name) && !self.hidden.contains_key(name)
    }
}

/// The part that says a word of a property: itself, what it refers to, or a part of its `allOf`.
fn below<'l>(edition: &Edition<'l>, spot: Spot<'l>, word: &str) -> Option<Spot<'l>> {
    let target = edition.library.follow(spot).unwrap_or(spot);
    let parts = target.get("allOf").into_iter().flat_map(Spot::items).take(20);
    let parts = parts.map(|part| edition.library.follow(part).unwrap_or(part));
    [spot, target].into_iter().chain(parts).find(|part| part.is_true(word))
}

pub(super) fn compare<'l>(comparison: &mut Comparison<'l>, meeting: &Meeting<'l>) {
    let old = Object::of(&comparison.old, &meeting.old, meeting.side);
    let new = Object::of(&comparison.new, &meeting.new, meeting.side);
    let both = Both { meeting, old: &old, new: &new };
    for (name, before) in old.properties.iter().filter(|(name, _)| old.sees(name)) {
        match new.properties.get(name) {
            _ if !new.properties.contains_key(name) => both.gone(comparison, name, before),
            Some(after) if new.sees(name) => {
                comparison.schemas(&before.said, &after.said, meeting.side, meeting.below(name));
            }
            _ => both.hidden(comparison, name),
        }
    }
    match meeting.side {
        Side::Request => both.asked(comparison),
        _ => both.left_out(comparison),
    }
    both.grown(comparison);
    closing(comparison, meeting, &old, &new);
}

struct Both<'a, 'l> {
    meeting: &'a Meeting<'l>,
    old: &'a Object<'l>,
    new: &'a Object<'l>,
}

impl<'l> Both<'_, 'l> {
    fn change(&self, kind: Kind, name: &str, variance: Variance, at: At) -> Change {
        let subject = self.meeting.below(name).subject();
        let mut change = Change::new(kind, self.meeting.side, variance, &subject, at);
        change.was_required = self.old.required.contains_key(name);
        change.closed = self.new.closed_by.is_some();
        change
    }

    /// A property that is no longer there: sent, it is refused by a closed object and else ignored;
    /// answered, it is missed.
    fn gone(&self, comparison: &mut Comparison<'l>, name: &str, before: &Property<'l>) {
        let is_required = self.old.required.contains_key(name);
        let variance = match self.meeting.side {
            Side::Request if self.new.closed_by.is_some() => Variance::Narrowed,
            Side::Request => Variance::Other,
            _ if is_required => Variance::Widened,
            _ => Variance::Narrowed,
        };
        let at = At::place(true, before.file, before.place);
        let shape = comparison.old.shape(&before.said);
        let mut change = self.change(Kind::PropertyRemoved, name, variance, at);
        change = change.values(&super::values::noun(shape.types().names.as_ref()), "none");
        let notices = shape.parts.iter().chain(&before.said).map(|part| Notice::of(*part));
        change.notice = notices.into_iter().find(|notice| notice.deprecated).unwrap_or_default();
        comparison.found(change);
    }

    /// A property that is now for the other side only.
    fn hidden(&self, comparison: &mut Comparison<'l>, name: &str) {
        let (kind, variance) = match self.meeting.side {
            Side::Request => (Kind::PropertyReadOnly, Variance::Narrowed),
            _ => (Kind::PropertyWriteOnly, Variance::Other),
        };
        if let Some(spot) = self.new.hidden.get(name) {
            comparison.found(self.change(kind, name, variance, At::new(*spot)));
        }
    }

    /// What must be sent and need not be before.
    fn asked(&self, comparison: &mut Comparison<'l>) {
        let added = self.new.required.iter().filter(|(name, _)| !self.old.required.contains_key(*name));
        for (name, spot) in added {
            let (kind, old) = match self.old.sees(name) {
                true => (Kind::PropertyRequired, "optional"),
                false => (Kind::PropertyAdded, "none"),
            };
            let change = self.change(kind, name, Variance::Narrowed, At::new(*spot));
            comparison.found(change.values(old, "required"));
        }
    }

    /// What was always answered and may be missing now.
    fn left_out(&self, comparison: &mut Comparison<'l>) {
        let no_longer = self.old.required.iter().filter(|(name, _)| !self.new.required.contains_key(*name));
        for (name, spot) in no_longer {
            // What is gone altogether is said already.
            let at = match self.new.properties.get(name) {
                Some(property) if self.new.sees(name) => At::place(false, property.file, property.place),
                Some(_) => continue,
                None if self.old.sees(name) => continue,
                None => At::old(*spot),
            };
            let change = self.change(Kind::PropertyOptional, name, Variance::Widened, at);
            comparison.found(change.values("required", "optional"));
        }
    }

    /// New properties of answers that named all of theirs before.
    fn grown(&self, comparison: &mut Comparison<'l>) {
        if self.meeting.side != Side::Response || self.old.closed_by.is_none() {
            return;
        }
        for (name, property) in &self.new.properties {
            if self.new.sees(name) && !self.old.sees(name) {
                let at = At::place(false, property.file, property.place);
                comparison.found(self.change(Kind::ClosedObjectGrew, name, Variance::Widened, at));
            }
        }
    }
}

/// Whether properties without a name here are refused.
fn closing<'l>(comparison: &mut Comparison<'l>, meeting: &Meeting<'l>, old: &Object<'l>, new: &Object<'l>) {
    let (kind, variance, at) = match (old.closed_by, new.closed_by) {
        (None, Some(by)) => (Kind::ObjectClosed, Variance::Narrowed, At::new(by)),
        (Some(_), None) => (Kind::ObjectOpened, Variance::Widened, meeting.at("additionalProperties")),
        _ => return,
    };
    let says = |is_closed: bool| if is_closed { "refused" } else { "allowed" };
    let found = change(kind, meeting, at)
        .values(says(old.closed_by.is_some()), says(new.closed_by.is_some()))
        .keyword("additionalProperties");
    varied(comparison, meeting, variance, found);
}
