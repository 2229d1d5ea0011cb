//! The parameters of an operation in two documents. Those of the path are the same when they stand
//! at the same place of it; names of headers are the same in any case.

use std::collections::BTreeMap;

use super::super::library::Spot;
use super::super::operations::{Operation, media, template_names};
use super::comparison::{Comparison, Name};
use super::found::{At, Change, Kind, Notice, Side, Variance};
use super::shape::Edition;

/// Headers that are said elsewhere; as parameters they count for nothing.
const NOT_PARAMETERS: [&str; 3] = ["accept", "content-type", "authorization"];

#[derive(Debug, Clone, Copy)]
struct Given<'l> {
    name: &'l str,
    place: &'l str,
    spot: Spot<'l>,
}

/// The parameters by where they are and what makes them the same.
type All<'l> = BTreeMap<(&'l str, String), Given<'l>>;

fn all<'l>(comparison: &mut Comparison<'l>, operation: &Operation<'l>, is_old: bool) -> All<'l> {
    let library = if is_old { comparison.old.library } else { comparison.new.library };
    let mut found: All<'l> = BTreeMap::new();
    let templates = template_names(operation.path);
    let lists = [operation.item.get("parameters"), operation.spot.get("parameters")];
    for spot in lists.into_iter().flatten().flat_map(Spot::items) {
        let given = match library.follow(spot) {
            Ok(given) => given,
            Err(lost) => {
                let at = At::place(is_old, spot.file, spot.node.place);
                let name = format!("{} parameters", operation.name());
                comparison.lost(&name, at, spot.reference().unwrap_or_default(), &lost);
                continue;
            }
        };
        let (Some(name), Some(place)) = (given.text("name"), given.text("in")) else { continue };
        let known = match place {
            "path" => {
                let bare = name.trim_end_matches(['+', '*']);
                let number = templates.iter().position(|one| *one == bare);
                number.map_or_else(|| name.to_owned(), |number| number.to_string())
            }
            "header" => name.to_lowercase(),
            _ => name.to_owned(),
        };
        if place != "header" || !NOT_PARAMETERS.contains(&&*known) {
            found.insert((place, known), Given { name, place, spot: given });
        }
    }
    found
}

pub(super) fn compare<'l>(comparison: &mut Comparison<'l>, old: &Operation<'l>, new: &Operation<'l>) {
    let before = all(comparison, old, true);
    let after = all(comparison, new, false);
    let name = new.name();
    let mut moved: Vec<(&str, String)> = Vec::new();
    for (key, given) in &before {
        let Some(now) = after.get(key) else {
            let elsewhere = after.iter().find(|(other, one)| {
                one.name.eq_ignore_ascii_case(given.name) && !before.contains_key(*other)
            });
            if let Some((other, now)) = elsewhere {
                moved.push(other.clone());
                found(
                    comparison,
                    Kind::ParameterMoved,
                    &name,
                    now,
                    At::new(now.spot),
                    [given.place, now.place],
                );
            } else {
                gone(comparison, &name, given);
            }
            continue;
        };
        both(comparison, &name, given, now);
    }
    for (_, given) in after.iter().filter(|(key, _)| !before.contains_key(*key) && !moved.contains(key)) {
        // One of the path comes with the path.
        if given.spot.is_true("required") && given.place != "path" {
            let at = At::new(given.spot);
            found(comparison, Kind::ParameterAdded, &name, given, at, ["none", "required"]);
        }
    }
}

fn label(operation: &str, given: &Given<'_>) -> String {
    format!("{operation} {} parameter {}", given.place, given.name)
}

fn change(kind: Kind, operation: &str, given: &Given<'_>, at: At) -> Change {
    Change::new(kind, Side::Request, Variance::Narrowed, &label(operation, given), at)
}

fn found<'l>(
    comparison: &mut Comparison<'l>,
    kind: Kind,
    operation: &str,
    given: &Given<'l>,
    at: At,
    [old, new]: [&str; 2],
) {
    comparison.found(change(kind, operation, given, at).values(old, new));
}

/// It is refused or ignored; which of them, no document says.
fn gone<'l>(comparison: &mut Comparison<'l>, operation: &str, given: &Given<'l>) {
    if given.place == "path" {
        return;
    }
    let mut change = change(Kind::ParameterRemoved, operation, given, At::old(given.spot));
    change.variance = Variance::Other;
    change.was_required = given.spot.is_true("required");
    change.notice = Notice::of(given.spot);
    comparison.found(change.values(given.place, "none"));
}

fn both<'l>(comparison: &mut Comparison<'l>, operation: &str, old: &Given<'l>, new: &Given<'l>) {
    let is_required = |given: &Given<'l>| given.spot.is_true("required") || given.place == "path";
    if is_required(new) && !is_required(old) {
        let at = new.spot.get("required").map_or_else(|| At::new(new.spot), At::new);
        found(comparison, Kind::ParameterRequired, operation, new, at, ["optional", "required"]);
    }
    let styles = [style(&comparison.old, old), style(&comparison.new, new)];
    if let [before, after] = &styles
        && before != after
    {
        let at = ["style", "explode", "content"].iter().find_map(|key| new.spot.get(key));
        let mut change =
            change(Kind::ParameterStyle, operation, new, at.map_or_else(|| At::new(new.spot), At::new));
        change.variance = Variance::Other;
        comparison.found(change.values(before, after));
    }
    let (before, after) = (schema(old.spot), schema(new.spot));
    let name = Name::of(label(operation, new));
    comparison.schemas(before.as_slice(), after.as_slice(), Side::Request, name);
}

fn schema(spot: Spot<'_>) -> Option<Spot<'_>> {
    spot.get("schema").or_else(|| media(spot).into_iter().find_map(|(_, media)| media.get("schema")))
}

/// How its value is written: `form, exploded`. For a single value there is nothing to explode.
fn style<'l>(edition: &Edition<'l>, given: &Given<'l>) -> String {
    if let Some((kind, _)) = media(given.spot).first() {
        return (*kind).to_owned();
    }
    let usual = if matches!(given.place, "query" | "cookie") { "form" } else { "simple" };
    let style = given.spot.text("style").unwrap_or(usual);
    let types = schema(given.spot).map(|schema| edition.shape(&[schema]).types());
    let is_single = types
        .and_then(|types| types.names)
        .is_none_or(|names| !names.contains("array") && !names.contains("object"));
    let explodes = match given.spot.get("explode") {
        Some(_) => given.spot.is_true("explode"),
        None => style == "form",
    };
    match (is_single, explodes) {
        (true, _) => style.to_owned(),
        (false, true) => format!("{style}, exploded"),
        (false, false) => format!("{style}, joined"),
    }
}
