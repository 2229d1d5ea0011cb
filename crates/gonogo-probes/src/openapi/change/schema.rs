//! Two schemas of the same value: what they allow is compared keyword by keyword. A schema is
//! compared for one side of a call; only what that side may notice is a change.

mod bounds;
mod object;
mod union;
mod values;

use super::super::library::Spot;
use super::super::schema::same;
use super::comparison::{Comparison, Meeting};
use super::found::{At, Change, Kind, Side, Variance};

/// Keywords that are not compared by what they mean: any difference is said to be unclear.
const NOT_JUDGED: [&str; 13] = [
    "not",
    "if",
    "then",
    "else",
    "dependentSchemas",
    "dependentRequired",
    "dependencies",
    "contains",
    "minContains",
    "maxContains",
    "propertyNames",
    "unevaluatedItems",
    "$dynamicRef",
];

pub(super) fn compare<'l>(comparison: &mut Comparison<'l>, meeting: &Meeting<'l>) {
    lost(comparison, meeting);
    match (meeting.old.is_plain(), meeting.new.is_plain()) {
        (true, true) => {}
        (false, false) => union::both(comparison, meeting),
        _ => return union::one(comparison, meeting),
    }
    if values::types(comparison, meeting) {
        // The rest would only say the same again.
        return;
    }
    values::null(comparison, meeting);
    values::format(comparison, meeting);
    values::listed(comparison, meeting);
    values::default(comparison, meeting);
    bounds::compare(comparison, meeting);
    object::compare(comparison, meeting);
    lists(comparison, meeting);
    unclear(comparison, meeting);
}

/// Keeps a change when the side it is about notices it.
fn varied<'l>(comparison: &mut Comparison<'l>, meeting: &Meeting<'l>, variance: Variance, change: Change) {
    if meeting.side.notices(variance) {
        comparison.found(Change { variance, ..change });
    }
}

/// A change of this pair, before it is known how the values vary.
fn change(kind: Kind, meeting: &Meeting<'_>, at: At) -> Change {
    Change::new(kind, meeting.side, Variance::Other, &meeting.subject(), at)
}

/// References that lead to nothing: when both documents have the same, it is taken for the same.
fn lost<'l>(comparison: &mut Comparison<'l>, meeting: &Meeting<'l>) {
    let texts =
        |spots: &[Spot<'l>]| -> Vec<&'l str> { spots.iter().filter_map(|spot| spot.reference()).collect() };
    let (old, new) = (texts(&meeting.old.lost), texts(&meeting.new.lost));
    if old == new {
        comparison.not_followed.extend(new.into_iter().map(str::to_owned));
    } else {
        let spots = meeting.new.lost.iter().map(|spot| (At::new(*spot), *spot));
        let (at, spot) = match spots.chain(meeting.old.lost.iter().map(|spot| (At::old(*spot), *spot))).next()
        {
            Some(found) => found,
            None => return,
        };
        let library = if at.is_old { comparison.old.library } else { comparison.new.library };
        if let Some(text) = spot.reference()
            && let Err(why) = library.resolve(spot.file, text)
        {
            comparison.lost(&meeting.subject(), at, text, &why);
        }
    }
    if !meeting.old.is_whole || !meeting.new.is_whole {
        let why = "the schema is put together from too many others";
        comparison.not_compared(&meeting.subject(), meeting.itself(), why);
    }
}

/// The items of lists and the values of objects used as maps.
fn lists<'l>(comparison: &mut Comparison<'l>, meeting: &Meeting<'l>) {
    let side = meeting.side;
    let both = |key: &str| -> (Vec<Spot<'l>>, Vec<Spot<'l>>) {
        let schemas =
            |spots: &mut dyn Iterator<Item = Spot<'l>>| spots.filter(|spot| spot.is_map()).collect();
        (schemas(&mut meeting.old.each(key)), schemas(&mut meeting.new.each(key)))
    };
    let (old, new) = both("items");
    comparison.schemas(&old, &new, side, meeting.below("*"));
    let is_closed = meeting.old.closed_by().is_some() || meeting.new.closed_by().is_some();
    if !is_closed {
        let (old, new) = both("additionalProperties");
        comparison.schemas(&old, &new, side, meeting.below("{}"));
    }
    let parts = |shape: &super::shape::Shape<'l>| -> Vec<Spot<'l>> {
        shape.each("prefixItems").flat_map(Spot::items).collect()
    };
    let (old, new) = (parts(&meeting.old), parts(&meeting.new));
    for number in 0..old.len().max(new.len()) {
        let one = |spots: &[Spot<'l>]| -> Vec<Spot<'l>> { spots.get(number).copied().into_iter().collect() };
        comparison.schemas(&one(&old), &one(&new), side, meeting.below(&number.to_string()));
    }
    patterns(comparison, meeting);
}

/// Properties by the pattern of their names.
fn patterns<'l>(comparison: &mut Comparison<'l>, meeting: &Meeting<'l>) {
    let named = |shape: &super::shape::Shape<'l>| -> std::collections::BTreeMap<&'l str, Spot<'l>> {
        let entries = shape.each("patternProperties").flat_map(Spot::entries);
        entries.map(|(key, spot)| (key.name.as_str(), spot)).collect()
    };
    let (old, new) = (named(&meeting.old), named(&meeting.new));
    for (pattern, before) in &old {
        match new.get(pattern) {
            Some(after) => {
                comparison.schemas(&[*before], &[*after], meeting.side, meeting.below(pattern));
            }
            None => comparison.not_compared(
                &meeting.subject(),
                At::old(*before),
                "properties with names of this pattern are no longer described",
            ),
        }
    }
    for (_, after) in new.iter().filter(|(pattern, _)| !old.contains_key(*pattern)) {
        comparison.not_compared(
            &meeting.subject(),
            At::new(*after),
            "properties with names of this pattern were not described before",
        );
    }
}

/// Keywords whose meaning is not compared: the same text is the same.
fn unclear<'l>(comparison: &mut Comparison<'l>, meeting: &Meeting<'l>) {
    for keyword in NOT_JUDGED {
        let old: Vec<Spot<'l>> = meeting.old.each(keyword).collect();
        let new: Vec<Spot<'l>> = meeting.new.each(keyword).collect();
        let is_same = old.len() == new.len() && old.iter().zip(&new).all(|(a, b)| same(a.node, b.node));
        // Fewer conditions on what is sent, and more on what is answered, do nobody harm; what a
        // branch that is gone asked for may now be asked of everybody.
        let is_branch = matches!(keyword, "then" | "else" | "if");
        let is_harmless = match meeting.side {
            Side::Request => new.is_empty() && !is_branch,
            Side::Response => old.is_empty() && !is_branch,
            Side::Whole => false,
        };
        if !(is_same || is_harmless) {
            let why = format!("what `{keyword}` asks for is different, and is not compared");
            comparison.not_compared(&meeting.subject(), meeting.at(keyword), &why);
        }
    }
}
