//! `extends`: a service that starts from another one, of the same or of another file. Chains are
//! followed as far as they go, circles are said.

use super::merge::merge;
use super::project::Loading;
use super::tree::{Entry, Kind, Part};
use crate::repository::{folder_of, joined};

/// Longer chains are refused.
const LONGEST: usize = 16;

/// `part`, a whole file, with every service that extends another one made whole.
pub(super) fn resolve(loading: &mut Loading<'_>, mut part: Part, path: &str) -> Part {
    let services = part.get("services").cloned();
    let Some(original) =
        services.filter(|all| all.entries().iter().any(|one| one.part.get("extends").is_some()))
    else {
        return part;
    };
    let Kind::Map(entries) = &mut part.kind else { return part };
    let Some(Part { kind: Kind::Map(services), .. }) =
        entries.iter_mut().find(|entry| entry.name == "services").map(|entry| &mut entry.part)
    else {
        return part;
    };
    for service in services.iter_mut().filter(|service| service.part.get("extends").is_some()) {
        let mut chain = vec![(path.to_owned(), service.name.clone())];
        service.part = extended(loading, service.part.clone(), &original, &mut chain);
    }
    part
}

/// `service` over the service it extends, which is made whole first. `chain` is how we came here;
/// its last entry is the service itself, which stands among `siblings`.
fn extended(
    loading: &mut Loading<'_>,
    service: Part,
    siblings: &Part,
    chain: &mut Vec<(String, String)>,
) -> Part {
    let Some(extends) = service.get("extends").cloned() else { return service };
    let service = without_extends(service);
    let Some(name) = extends.get("service").unwrap_or(&extends).known() else {
        loading.problem(extends.at, "`extends` names no service".to_owned());
        return service;
    };
    let here = chain.last().map(|(path, _)| path.clone()).unwrap_or_default();
    let (path, other) = match extends.get("file") {
        None => (here, None),
        Some(file) => match file.known().and_then(|file| joined(folder_of(&here), &file)) {
            Some(path) if path == here => (path, None),
            Some(path) => {
                let other = loading.file(&path);
                (path, Some(other))
            }
            None => {
                loading.problem(
                    file.at,
                    "`extends` was skipped: its file is not known or not in this folder".to_owned(),
                );
                return service;
            }
        },
    };
    let other = other.map(|file| file.and_then(|file| file.get("services").cloned()));
    let siblings = match &other {
        None => siblings,
        Some(Some(services)) => services,
        // Why the file has none is said already.
        Some(None) => return service,
    };
    let Some(base) = siblings.get(&name).cloned() else {
        loading.problem(extends.at, format!("`extends` names the service `{name}`, which is not in {path}"));
        return service;
    };
    let link = (path, name);
    if chain.contains(&link) || chain.len() >= LONGEST {
        loading.problem(extends.at, format!("`{}` extends itself in a circle", link.1));
        return service;
    }
    if !loading.may_copy(&base) {
        loading.problem(extends.at, "not every `extends` was followed: there are too many".to_owned());
        return service;
    }
    chain.push(link);
    let base = extended(loading, base, siblings, chain);
    merge(base, service, "service")
}

fn without_extends(mut service: Part) -> Part {
    if let Kind::Map(entries) = &mut service.kind {
        entries.retain(|entry: &Entry| entry.name != "extends");
    }
    service
}
