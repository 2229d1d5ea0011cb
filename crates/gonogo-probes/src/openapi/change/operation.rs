//! The operations of two documents: those that are gone, and what each of the others asks for and
//! answers. Paths are the same whatever their parameters are called.

use std::collections::{BTreeMap, BTreeSet};

use super::super::library::Spot;
use super::super::operations::{self, METHODS, Operation, normalised};
use super::comparison::Comparison;
use super::found::{At, Change, Kind, Notice, Side, Variance};
use super::shape::Edition;
use super::{body, parameters, security, server};

/// The operations of a document by path and method.
type Paths<'l> = BTreeMap<String, BTreeMap<String, Operation<'l>>>;

fn by_path<'l>(edition: &Edition<'l>) -> Paths<'l> {
    let mut found: Paths<'l> = BTreeMap::new();
    for operation in operations::of(edition.library, edition.root) {
        let path = normalised(operation.path);
        found.entry(path).or_default().entry(operation.method.clone()).or_insert(operation);
    }
    found
}

/// Compares all operations; how many are new.
pub(super) fn compare<'l>(comparison: &mut Comparison<'l>) -> usize {
    unread_paths(comparison);
    let (old, new) = (by_path(&comparison.old), by_path(&comparison.new));
    let whole = security::Schemes::of(&comparison.old, &comparison.new);
    for (path, before) in &old {
        let Some(after) = new.get(path) else {
            path_gone(comparison, before);
            continue;
        };
        for (method, operation) in before {
            comparison.enter(operation.name());
            match after.get(method) {
                Some(now) => {
                    same(comparison, operation, now);
                    security::compare(comparison, &whole, operation, now);
                    server::compare(comparison, operation, now);
                }
                None => gone(comparison, operation),
            }
        }
    }
    comparison.leave();
    let is_new = |(path, method): (&String, &String)| {
        old.get(path).is_none_or(|methods| !methods.contains_key(method))
    };
    new.iter()
        .flat_map(|(path, methods)| methods.keys().map(move |method| (path, method)))
        .filter(|one| is_new(*one))
        .count()
}

/// Paths whose references lead to nothing.
fn unread_paths<'l>(comparison: &mut Comparison<'l>) {
    for (is_old, edition) in [(true, comparison.old), (false, comparison.new)] {
        for (key, spot) in edition.root.get("paths").into_iter().flat_map(Spot::own_entries) {
            if let Err(lost) = edition.library.follow(spot) {
                let at = At::place(is_old, spot.file, key.place);
                comparison.lost(&key.name, at, spot.reference().unwrap_or_default(), &lost);
            }
        }
    }
}

fn path_gone<'l>(comparison: &mut Comparison<'l>, methods: &BTreeMap<String, Operation<'l>>) {
    if let [only] = &*methods.values().collect::<Vec<_>>() {
        comparison.enter(only.name());
        return gone(comparison, only);
    }
    let notices: Vec<Notice> = methods.values().map(|operation| Notice::of(operation.spot)).collect();
    // What holds of all of them, and the latest day that was promised.
    let is_announced = notices.iter().all(|notice| notice.deprecated);
    let every_sunset = notices.iter().all(|notice| !notice.sunset.is_empty());
    let sunset = notices.iter().map(|notice| notice.sunset.clone()).max().filter(|_| every_sunset);
    let notice = Notice { deprecated: is_announced, sunset: sunset.unwrap_or_default() };
    let Some(first) = methods.values().next() else { return };
    let names: Vec<&str> = methods.keys().map(String::as_str).collect();
    let key = comparison.old.root.get("paths").into_iter().flat_map(Spot::entries);
    let place = key.into_iter().find(|(key, _)| key.name == first.path).map(|(key, _)| key.place);
    let at = At::place(true, comparison.old.root.file, place.unwrap_or(first.item.node.place));
    let mut change = Change::new(Kind::PathRemoved, Side::Whole, Variance::Narrowed, first.path, at);
    change.notice = notice;
    let change = change.values(&names.join(", "), "none");
    for operation in methods.values() {
        comparison.enter(operation.name());
        comparison.found(change.clone());
    }
}

/// Where the method of an operation stands.
fn at(operation: &Operation<'_>, is_old: bool) -> At {
    let location = &operation.location;
    let (line, column) = (location.line.unwrap_or(1), location.column.unwrap_or(1));
    At { is_old, file: location.source.clone(), line, column }
}

fn gone<'l>(comparison: &mut Comparison<'l>, operation: &Operation<'l>) {
    let (name, at) = (operation.name(), at(operation, true));
    let mut change = Change::new(Kind::OperationRemoved, Side::Whole, Variance::Narrowed, &name, at);
    change.notice = Notice::of(operation.spot);
    comparison.found(change.values(&operation.method, "none"));
}

fn same<'l>(comparison: &mut Comparison<'l>, old: &Operation<'l>, new: &Operation<'l>) {
    named(comparison, old, new);
    announced(comparison, old, new);
    parameters::compare(comparison, old, new);
    let name = new.name();
    body::request(comparison, old.spot, new.spot, &name, Side::Request);
    body::responses(comparison, old.spot, new.spot, &name, Side::Response);
    callbacks(comparison, old.spot, new.spot, &name);
}

fn named<'l>(comparison: &mut Comparison<'l>, old: &Operation<'l>, new: &Operation<'l>) {
    let id = |operation: &Operation<'l>| operation.spot.text("operationId");
    if let Some(before) = id(old)
        && id(new) != Some(before)
    {
        let at = new.spot.get("operationId").map_or_else(|| at(new, false), At::new);
        let change = Change::new(Kind::OperationIdChanged, Side::Whole, Variance::Same, &new.name(), at);
        comparison.found(change.values(before, id(new).unwrap_or("none")));
    }
}

/// What is said of its end: that it comes, and when.
fn announced<'l>(comparison: &mut Comparison<'l>, old: &Operation<'l>, new: &Operation<'l>) {
    let (before, after) = (Notice::of(old.spot), Notice::of(new.spot));
    let said = |kind: Kind, key: &str| {
        let at = new.spot.get(key).map_or_else(|| at(new, false), At::new);
        let mut change = Change::new(kind, Side::Whole, Variance::Same, &new.name(), at);
        change.notice = after.clone();
        change.values(&before.sunset, &after.sunset)
    };
    if after.deprecated && !before.deprecated {
        comparison.found(said(Kind::OperationDeprecated, "deprecated"));
    } else if after.deprecated && !before.sunset.is_empty() && after.sunset < before.sunset {
        // Days are written year first, so their texts are in order.
        comparison.found(said(Kind::SunsetEarlier, "x-sunset"));
    }
}

/// What the system itself calls: there clients receive requests and send answers.
pub(super) fn webhooks<'l>(comparison: &mut Comparison<'l>) {
    let (old, new) = (comparison.old.root, comparison.new.root);
    called(comparison, old.get("webhooks"), new.get("webhooks"), "webhook");
}

fn callbacks<'l>(comparison: &mut Comparison<'l>, old: Spot<'l>, new: Spot<'l>, name: &str) {
    let followed = |edition: Edition<'l>, spot: Option<Spot<'l>>| {
        spot.and_then(|spot| edition.library.follow(spot).ok())
    };
    let (was, is) = (comparison.old, comparison.new);
    for (key, callback) in old.get("callbacks").into_iter().flat_map(Spot::own_entries) {
        let label = format!("{name} callback {}", key.name);
        let after = new.get("callbacks").and_then(|callbacks| callbacks.get(&key.name));
        called(comparison, followed(was, Some(callback)), followed(is, after), &label);
    }
}

fn called<'l>(comparison: &mut Comparison<'l>, old: Option<Spot<'l>>, new: Option<Spot<'l>>, label: &str) {
    let (was, is) = (comparison.old.library, comparison.new.library);
    for (key, item) in old.into_iter().flat_map(Spot::own_entries) {
        let before = was.follow(item).unwrap_or(item);
        let after = new.and_then(|all| is.get(all, &key.name));
        let methods = before.entries().filter(|(key, _)| METHODS.contains(&key.name.as_str()));
        let names: BTreeSet<&str> = methods.map(|(key, _)| key.name.as_str()).collect();
        for method in names {
            let name = format!("{label} {} {}", key.name, method.to_uppercase());
            let Some(before) = before.get(method) else { continue };
            if let Some(after) = after.and_then(|item| item.get(method)) {
                body::request(comparison, before, after, &name, Side::Response);
                body::responses(comparison, before, after, &name, Side::Request);
            } else {
                let at = At::old(before);
                let mut change =
                    Change::new(Kind::WebhookRemoved, Side::Whole, Variance::Narrowed, &name, at);
                change.notice = Notice::of(before);
                comparison.found(change.values(&key.name, "none"));
            }
        }
    }
}
