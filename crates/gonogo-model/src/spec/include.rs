//! Checks from packs: an include lays itself over each check of its pack.

use super::PackSource;
use super::checks::Written;
use super::environment::change_check;
use super::raw::{RawCheck, RawInclude, RawSigned};
use super::read::Reader;
use crate::diagnostic::Diagnostic;
use crate::place::{Origin, Place};
use crate::yaml::{At, Key, Kind, Node};

/// The checks of every include, in the order written.
pub(super) fn included(reader: &mut Reader<'_>, nodes: &[Node], packs: &[PackSource]) -> Vec<Written> {
    let includes = reader.list::<RawInclude>(nodes);
    includes.into_iter().flat_map(|(_, raw)| include(reader, raw, packs)).collect()
}

fn include(reader: &mut Reader<'_>, include: RawInclude, packs: &[PackSource]) -> Vec<Written> {
    let place = include.pack.place;
    let Some(source) = packs.iter().find(|source| source.name == include.pack.value) else {
        let known = packs.iter().map(|source| source.name);
        reader.report(
            Diagnostic::at(place, format!("there is no pack `{}`", include.pack.value))
                .did_you_mean(&include.pack.value, known),
        );
        return Vec::new();
    };
    let pack = match source.read() {
        Ok(pack) => pack,
        Err(error) => {
            reader
                .report(Diagnostic::at(place, format!("the pack `{}` cannot be read: {error}", source.name)));
            return Vec::new();
        }
    };
    let mut checks: Vec<(Place, RawCheck)> = reader.list(&pack.raw.checks);
    let known: Vec<String> = checks.iter().map(|(_, check)| check.id.value.clone()).collect();
    let named = include
        .disable
        .iter()
        .map(|disable| (&disable.check.value, disable.check.place))
        .chain(include.change.keys().map(|id| (id, place)));
    for (id, place) in named.filter(|(id, _)| !known.contains(id)) {
        reader.report(
            Diagnostic::at(place, format!("the pack `{}` has no check `{id}`", source.name))
                .did_you_mean(id, known.iter().map(String::as_str)),
        );
    }
    for (_, check) in &mut checks {
        // What the pack says is shown where this spec includes it, what an override says where it says it.
        check.severity.place = place;
        check.certainty.iter_mut().for_each(|certainty| certainty.place = place);
        adapt(check, &include);
    }
    let origin = |at: Place| Origin::new(source.file, at);
    checks.into_iter().map(|(at, raw)| Written { raw, place, origin: origin(at) }).collect()
}

/// Lays an include over one check of its pack.
fn adapt(check: &mut RawCheck, include: &RawInclude) {
    if let Some(change) = include.change.get(&check.id.value) {
        change_check(check, change.clone());
    }
    if let Some(disable) = include.disable.iter().find(|disable| disable.check.value == check.id.value) {
        let at = |value: &String| At { place: disable.check.place, value: value.clone() };
        check.not_applicable = Some(RawSigned { reason: at(&disable.reason), by: at(&disable.by) });
    }
    if let Some(prefix) = &include.prefix {
        check.id.value.insert_str(0, prefix);
    }
    check.stage.clone_from(&include.stage);
    check.category.clone_from(&include.category);
    let Some(target) = &include.target else { return };
    let node = Node { place: target.place, kind: Kind::Text(target.value.clone()) };
    let key = Key { name: "target".to_owned(), place: target.place };
    match check.with.as_mut().map(|with| &mut with.kind) {
        Some(Kind::Map(entries)) if !entries.iter().any(|(key, _)| key.name == "target") => {
            entries.push((key, node))
        }
        Some(_) => {}
        None => check.with = Some(Node { place: target.place, kind: Kind::Map(vec![(key, node)]) }),
    }
}
