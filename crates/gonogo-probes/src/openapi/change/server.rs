//! The addresses that an operation is reached at, in two documents.

use super::super::library::Spot;
use super::super::operations::Operation;
use super::comparison::Comparison;
use super::found::{At, Change, Kind, Side, Variance};
use super::shape::Edition;

/// The servers that count for an operation, each with its address.
fn of<'l>(edition: &Edition<'l>, operation: &Operation<'l>) -> Vec<(String, Spot<'l>)> {
    let lists = [operation.spot, operation.item, edition.root];
    let list = lists.into_iter().find_map(|place| place.get("servers"));
    let servers = list.into_iter().flat_map(Spot::items);
    servers.filter_map(|server| Some((address(server)?, server))).collect()
}

/// The address as it is the same: without the last slash, in small letters up to the path.
fn address(server: Spot<'_>) -> Option<String> {
    let url = server.text("url")?.trim_end_matches('/');
    let start = url.find("://").map_or(0, |place| place.saturating_add(3));
    let rest = url.get(start..).unwrap_or_default();
    let host = rest.find('/').map_or(url.len(), |place| place.saturating_add(start));
    let (host, path) = (url.get(..host).unwrap_or_default(), url.get(host..).unwrap_or_default());
    Some(format!("{}{path}", host.to_lowercase()))
}

/// Servers that are no longer named; a document that named none said nothing.
pub(super) fn compare<'l>(comparison: &mut Comparison<'l>, old: &Operation<'l>, new: &Operation<'l>) {
    let (before, after) = (of(&comparison.old, old), of(&comparison.new, new));
    let now: Vec<&str> = after.iter().map(|(address, _)| address.as_str()).collect();
    for (address, spot) in before.iter().filter(|(address, _)| !now.contains(&address.as_str())) {
        let subject = format!("server {address}");
        let change =
            Change::new(Kind::ServerRemoved, Side::Whole, Variance::Narrowed, &subject, At::old(*spot));
        let now = if now.is_empty() { "none".to_owned() } else { now.join(", ") };
        comparison.found(change.values(address, &now));
    }
}
