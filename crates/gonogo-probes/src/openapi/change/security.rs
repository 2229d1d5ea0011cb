//! What callers must show, in two documents. The entries of `security` are ways of which one is
//! enough; what is in an entry must all be shown. Whoever was let in must still be.

use std::collections::{BTreeMap, BTreeSet};

use super::super::library::Spot;
use super::super::operations::Operation;
use super::comparison::Comparison;
use super::found::{At, Change, Kind, Side, Variance};
use super::shape::Edition;

/// The security schemes of both documents: how each is defined, and how it is called now.
#[derive(Debug)]
pub(super) struct Schemes<'l> {
    old: BTreeMap<&'l str, Scheme<'l>>,
    new: BTreeMap<&'l str, Scheme<'l>>,
}

#[derive(Debug)]
struct Scheme<'l> {
    spot: Spot<'l>,
    /// What a client must know of it.
    definition: String,
}

/// One way to be let in: schemes with their scopes.
#[derive(Debug)]
struct Way<'l> {
    spot: Spot<'l>,
    schemes: BTreeMap<&'l str, BTreeSet<&'l str>>,
}

impl<'l> Schemes<'l> {
    pub(super) fn of(old: &Edition<'l>, new: &Edition<'l>) -> Schemes<'l> {
        Schemes { old: declared(old), new: declared(new) }
    }

    /// How a scheme of the old document is called in the new one.
    fn now(&self, name: &'l str) -> &'l str {
        let Some(old) = self.old.get(name) else { return name };
        let is_same = |new: &Scheme<'l>| new.definition == old.definition;
        if self.new.contains_key(name) {
            return name;
        }
        self.new.iter().find(|(_, new)| is_same(new)).map_or(name, |(name, _)| *name)
    }
}

fn declared<'l>(edition: &Edition<'l>) -> BTreeMap<&'l str, Scheme<'l>> {
    let schemes = edition.root.get("components").and_then(|all| edition.library.get(all, "securitySchemes"));
    let read = |(key, spot): (&'l gonogo_model::yaml::Key, Spot<'l>)| {
        let spot = edition.library.follow(spot).unwrap_or(spot);
        (key.name.as_str(), Scheme { spot, definition: definition(spot) })
    };
    schemes.into_iter().flat_map(Spot::own_entries).map(read).collect()
}

fn definition(spot: Spot<'_>) -> String {
    let text = |key: &str| spot.text(key).unwrap_or_default();
    let kind = text("type");
    match kind {
        "apiKey" => format!("API key `{}` in {}", text("name"), text("in")),
        "http" => format!("HTTP {}", text("scheme").to_lowercase()),
        "openIdConnect" => format!("OpenID Connect at {}", text("openIdConnectUrl")),
        "oauth2" => {
            let flows = spot.get("flows").into_iter().flat_map(Spot::own_entries);
            let flows = flows.map(|(key, flow)| {
                let url = |key: &str| flow.text(key).unwrap_or_default();
                format!("{} {} {}", key.name, url("authorizationUrl"), url("tokenUrl"))
            });
            let flows: BTreeSet<String> = flows.map(|flow| flow.trim().to_owned()).collect();
            format!("OAuth 2 {}", flows.into_iter().collect::<Vec<_>>().join(", "))
        }
        kind => kind.to_owned(),
    }
}

/// The ways in; none at all is open to everybody.
fn ways<'l>(edition: &Edition<'l>, operation: &Operation<'l>) -> Vec<Way<'l>> {
    let list = operation.security(edition.root).into_iter().flat_map(Spot::items);
    let read = |spot: Spot<'l>| {
        let scopes = |list: Spot<'l>| list.items().filter_map(|scope| scope.node.text()).collect();
        Way { spot, schemes: spot.entries().map(|(key, list)| (key.name.as_str(), scopes(list))).collect() }
    };
    list.map(read).collect()
}

pub(super) fn compare<'l>(
    comparison: &mut Comparison<'l>,
    schemes: &Schemes<'l>,
    old: &Operation<'l>,
    new: &Operation<'l>,
) {
    let (before, after) = (ways(&comparison.old, old), ways(&comparison.new, new));
    let is_open = |ways: &[Way<'l>]| ways.is_empty() || ways.iter().any(|way| way.schemes.is_empty());
    let subject = format!("{} security", new.name());
    let section = new.security(comparison.new.root);
    if is_open(&after) {
        return;
    }
    let at = |way: Option<&Way<'l>>| match (way, section) {
        (Some(way), _) => At::new(way.spot),
        (None, Some(section)) => At::new(section),
        (None, None) => At::new(new.spot),
    };
    if is_open(&before) {
        let change =
            Change::new(Kind::SecurityAdded, Side::Request, Variance::Narrowed, &subject, at(after.first()));
        comparison.found(change.values("nothing", &said(&after)));
        return;
    }
    for way in &before {
        refused(comparison, schemes, way, &after, &subject);
        changed(comparison, schemes, way);
    }
}

/// A way that lets nobody in any longer, and what there is instead.
fn refused<'l>(
    comparison: &mut Comparison<'l>,
    schemes: &Schemes<'l>,
    way: &Way<'l>,
    after: &[Way<'l>],
    subject: &str,
) {
    let shown: BTreeMap<&str, &BTreeSet<&str>> =
        way.schemes.iter().map(|(name, scopes)| (schemes.now(name), scopes)).collect();
    let is_let_in = |now: &Way<'l>| {
        now.schemes.iter().all(|(name, scopes)| shown.get(name).is_some_and(|had| scopes.is_subset(had)))
    };
    if after.iter().any(is_let_in) {
        return;
    }
    let same = after.iter().find(|now| now.schemes.keys().eq(shown.keys()));
    let more = after.iter().find(|now| shown.keys().all(|name| now.schemes.contains_key(name)));
    let (kind, now) = match (same, more) {
        (Some(now), _) => (Kind::ScopeAdded, Some(now)),
        (None, Some(now)) => (Kind::SecurityAdded, Some(now)),
        (None, None) => (Kind::SecurityRemoved, None),
    };
    let at = now.map_or_else(|| At::old(way.spot), |now| At::new(now.spot));
    let change = Change::new(kind, Side::Request, Variance::Narrowed, subject, at);
    let instead = now.map_or_else(|| said(after), |now| said(std::slice::from_ref(now)));
    comparison.found(change.values(&said(std::slice::from_ref(way)), &instead));
}

/// Schemes of a way that keep their names and are others now.
fn changed<'l>(comparison: &mut Comparison<'l>, schemes: &Schemes<'l>, way: &Way<'l>) {
    for name in way.schemes.keys() {
        if let (Some(old), Some(new)) = (schemes.old.get(name), schemes.new.get(name))
            && old.definition != new.definition
        {
            let subject = format!("security scheme {name}");
            let at = At::new(new.spot);
            let change = Change::new(Kind::SchemeChanged, Side::Request, Variance::Other, &subject, at);
            comparison.found(change.values(&old.definition, &new.definition));
        }
    }
}

fn said(ways: &[Way<'_>]) -> String {
    let one = |way: &Way<'_>| {
        let all = way.schemes.iter().map(|(name, scopes)| match scopes.is_empty() {
            true => (*name).to_owned(),
            false => format!("{name} ({})", scopes.iter().copied().collect::<Vec<_>>().join(" ")),
        });
        all.collect::<Vec<_>>().join(" and ")
    };
    ways.iter().map(one).collect::<Vec<_>>().join(", or ")
}
