//! What is sent and answered, by media type and status.

use std::collections::BTreeMap;

use super::super::library::Spot;
use super::super::operations::media;
use super::comparison::{Comparison, Name};
use super::found::{At, Change, Kind, Notice, Side, Variance};
use super::shape::Edition;

/// The body of a request. For what the system itself calls, clients receive it.
pub(super) fn request<'l>(
    comparison: &mut Comparison<'l>,
    old: Spot<'l>,
    new: Spot<'l>,
    name: &str,
    side: Side,
) {
    let (was, is) = (comparison.old, comparison.new);
    let before = followed(comparison, &was, old.get("requestBody"), name, true);
    let after = followed(comparison, &is, new.get("requestBody"), name, false);
    let subject = format!("{name} request");
    match (before, after) {
        (Some(before), Some(after)) => {
            if after.is_true("required") && !before.is_true("required") {
                let at = after.get("required").map_or_else(|| At::new(after), At::new);
                required(comparison, &subject, at, side, "optional");
            }
            contents(comparison, before, after, &subject, side, false);
        }
        (None, Some(after)) if after.is_true("required") => {
            required(comparison, &subject, At::new(after), side, "none");
        }
        (Some(before), None) if new.get("requestBody").is_none() => {
            let change = Change::new(Kind::BodyRemoved, side, Variance::Other, &subject, At::old(before));
            comparison.found(change.values("body", "none"));
        }
        _ => {}
    }
}

fn required<'l>(comparison: &mut Comparison<'l>, subject: &str, at: At, side: Side, old: &str) {
    if side == Side::Request {
        let change = Change::new(Kind::BodyRequired, side, Variance::Narrowed, subject, at);
        comparison.found(change.values(old, "required"));
    }
}

/// What a reference leads to; `None` where there is nothing, or nothing that can be read.
fn followed<'l>(
    comparison: &mut Comparison<'l>,
    edition: &Edition<'l>,
    spot: Option<Spot<'l>>,
    name: &str,
    is_old: bool,
) -> Option<Spot<'l>> {
    let spot = spot?;
    match edition.library.follow(spot) {
        Ok(found) => Some(found),
        Err(lost) => {
            let at = At::place(is_old, spot.file, spot.node.place);
            comparison.lost(name, at, spot.reference().unwrap_or_default(), &lost);
            None
        }
    }
}

/// The media types of a body or answer.
fn contents<'l>(
    comparison: &mut Comparison<'l>,
    old: Spot<'l>,
    new: Spot<'l>,
    subject: &str,
    side: Side,
    success: bool,
) {
    let (before, after) = (media(old), media(new));
    if after.is_empty() && !before.is_empty() {
        let variance = if side == Side::Request { Variance::Other } else { Variance::Widened };
        let at = old.get("content").map_or_else(|| At::old(old), At::old);
        let mut change = Change::new(Kind::BodyRemoved, side, variance, subject, at);
        change.success = success;
        let kinds: Vec<&str> = before.iter().map(|(kind, _)| *kind).collect();
        comparison.found(change.values(&kinds.join(", "), "none"));
        return;
    }
    for (kind, part) in &before {
        let Some((_, now)) = after.iter().find(|(other, _)| is_among(kind, other)) else {
            // Clients ask for the kind they know, so fewer kinds break those who read, too.
            let variance = if side == Side::Request { Variance::Narrowed } else { Variance::Other };
            let mut change = Change::new(Kind::MediaRemoved, side, variance, subject, At::old(*part));
            change.success = success;
            let kinds: Vec<&str> = after.iter().map(|(kind, _)| *kind).collect();
            comparison.found(change.values(kind, &kinds.join(", ")));
            continue;
        };
        let name = if after.len() > 1 { format!("{subject} {kind}") } else { subject.to_owned() };
        let name = Name::of(name);
        let schema = |media: &Spot<'l>| media.get("schema").or_else(|| media.get("itemSchema"));
        let (before, after) = (schema(part), schema(now));
        comparison.schemas(before.as_slice(), after.as_slice(), side, name);
    }
}

/// Whether a media type is the other, or in its range.
fn is_among(kind: &str, other: &str) -> bool {
    let bare = |text: &str| text.split(';').next().unwrap_or_default().trim().to_lowercase();
    let (kind, other) = (bare(kind), bare(other));
    let in_range = other.strip_suffix('*').is_some_and(|start| kind.starts_with(start));
    kind == other || other == "*/*" || other.ends_with("/*") && in_range
}

/// The answers of an operation.
pub(super) fn responses<'l>(
    comparison: &mut Comparison<'l>,
    old: Spot<'l>,
    new: Spot<'l>,
    name: &str,
    side: Side,
) {
    let (was, is) = (comparison.old, comparison.new);
    let before = by_status(comparison, &was, old, name, true);
    let after = by_status(comparison, &is, new, name, false);
    let mut lacks_success = false;
    for (status, response) in &before {
        match answered(status, &after) {
            Some(now) => {
                let subject = format!("{name} response {status}");
                contents(comparison, *response, now, &subject, side, is_success(status));
                headers(comparison, *response, now, &subject, side);
            }
            None => {
                lacks_success |= is_success(status);
                gone(comparison, status, *response, name, side, &after);
            }
        }
    }
    if lacks_success || before.is_empty() || side != Side::Response {
        return;
    }
    for (status, response) in &after {
        let is_known = before.keys().any(|old| range(old) == *status) || answered(status, &before).is_some();
        if is_success(status) && !is_known {
            let subject = format!("{name} response {status}");
            let at = At::new(*response);
            let mut change = Change::new(Kind::ResponseAdded, side, Variance::Widened, &subject, at);
            change.success = true;
            comparison.found(change.values("none", status));
        }
    }
}

fn by_status<'l>(
    comparison: &mut Comparison<'l>,
    edition: &Edition<'l>,
    operation: Spot<'l>,
    name: &str,
    is_old: bool,
) -> BTreeMap<String, Spot<'l>> {
    let mut found = BTreeMap::new();
    for (key, spot) in operation.get("responses").into_iter().flat_map(Spot::own_entries) {
        if let Some(response) = followed(comparison, edition, Some(spot), name, is_old) {
            found.insert(key.name.to_uppercase(), response);
        }
    }
    found
}

/// `2XX` of `201`.
fn range(status: &str) -> String {
    status.chars().next().map(|first| format!("{first}XX")).unwrap_or_default()
}

fn is_success(status: &str) -> bool {
    status.starts_with(['1', '2', '3'])
}

/// The answer with this status: itself, its range, and for failures what is left over.
fn answered<'l>(status: &str, all: &BTreeMap<String, Spot<'l>>) -> Option<Spot<'l>> {
    let left_over = all.get("DEFAULT").filter(|_| !is_success(status));
    all.get(status).or_else(|| all.get(&range(status))).or(left_over).copied()
}

fn gone<'l>(
    comparison: &mut Comparison<'l>,
    status: &str,
    response: Spot<'l>,
    name: &str,
    side: Side,
    after: &BTreeMap<String, Spot<'l>>,
) {
    let success = is_success(status);
    let now: Vec<&str> =
        after.keys().map(String::as_str).filter(|other| is_success(other) == success).collect();
    let now = if now.is_empty() { "none".to_owned() } else { now.join(", ") };
    let subject = format!("{name} response {status}");
    let mut change = Change::new(Kind::ResponseRemoved, side, Variance::Other, &subject, At::old(response));
    change.success = success;
    comparison.found(change.values(status, &now));
}

fn headers<'l>(comparison: &mut Comparison<'l>, old: Spot<'l>, new: Spot<'l>, subject: &str, side: Side) {
    let after: Vec<_> = new.get("headers").into_iter().flat_map(Spot::entries).collect();
    let (was, is) = (comparison.old, comparison.new);
    for (key, header) in old.get("headers").into_iter().flat_map(Spot::entries) {
        let subject = format!("{subject} header {}", key.name);
        let Some(before) = followed(comparison, &was, Some(header), &subject, true) else { continue };
        let now = after.iter().find(|(other, _)| other.name.eq_ignore_ascii_case(&key.name));
        let Some((_, now)) = now else {
            let at = At::place(true, header.file, key.place);
            let mut change = Change::new(Kind::HeaderRemoved, side, Variance::Other, &subject, at);
            change.was_required = before.is_true("required");
            change.notice = Notice::of(before);
            comparison.found(change.values("header", "none"));
            continue;
        };
        let Some(now) = followed(comparison, &is, Some(*now), &subject, false) else { continue };
        if before.is_true("required") && !now.is_true("required") {
            let at = now.get("required").map_or_else(|| At::new(now), At::new);
            let change = Change::new(Kind::HeaderOptional, side, Variance::Widened, &subject, at);
            comparison.found(change.values("required", "optional"));
        }
        let (before, after) = (before.get("schema"), now.get("schema"));
        comparison.schemas(before.as_slice(), after.as_slice(), side, Name::of(subject));
    }
}
