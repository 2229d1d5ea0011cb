//! The operations of a document, with what they inherit: parameters of their path, security of
//! the document. It does not judge them.

use std::collections::BTreeMap;

use gonogo_model::fact::Location;

use super::library::{Library, Spot, location};

/// Methods a path item may have. `query` is new in 3.2.
pub(super) const METHODS: [&str; 9] =
    ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/// One operation of a document.
#[derive(Debug, Clone)]
pub(super) struct Operation<'l> {
    pub(super) path: &'l str,
    /// In capitals.
    pub(super) method: String,
    pub(super) spot: Spot<'l>,
    pub(super) location: Location,
    /// The path item it stands in.
    pub(super) item: Spot<'l>,
}

/// A parameter as it counts for an operation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parameter<'l> {
    pub(super) name: &'l str,
    /// `path`, `query`, `header`, `cookie`.
    pub(super) place: &'l str,
    pub(super) spot: Spot<'l>,
}

/// What callers must show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Authentication {
    Required,
    /// One of the ways is to show nothing.
    Optional,
    None,
}

impl Authentication {
    pub(super) fn name(self) -> &'static str {
        match self {
            Authentication::Required => "required",
            Authentication::Optional => "optional",
            Authentication::None => "none",
        }
    }
}

/// The paths of a document, with references of path items followed.
pub(super) fn paths<'l>(library: &'l Library, root: Spot<'l>) -> Vec<(&'l str, Location, Spot<'l>)> {
    let Some(paths) = root.get("paths") else { return Vec::new() };
    let entries = paths.own_entries().filter_map(|(key, spot)| {
        let item = library.follow(spot).ok()?;
        Some((key.name.as_str(), location(paths.file, key.place), item))
    });
    entries.collect()
}

/// Every operation of a document.
pub(super) fn of<'l>(library: &'l Library, root: Spot<'l>) -> Vec<Operation<'l>> {
    let mut found = Vec::new();
    for (path, _, item) in paths(library, root) {
        for (key, spot) in item.entries().filter(|(key, _)| METHODS.contains(&key.name.as_str())) {
            if !spot.is_map() {
                continue;
            }
            let location = location(spot.file, key.place);
            let method = key.name.to_uppercase();
            found.push(Operation { path, method, spot, location, item });
        }
    }
    found
}

impl<'l> Operation<'l> {
    /// `GET /users/{id}`.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    pub(super) fn writes(&self) -> bool {
        matches!(self.method.as_str(), "POST" | "PUT" | "PATCH" | "DELETE")
    }

    /// Its parameters and those of its path; `None` when one of them cannot be found.
    pub(super) fn parameters(&self, library: &'l Library) -> Option<Vec<Parameter<'l>>> {
        let mut found: BTreeMap<(&str, &str), Parameter<'l>> = BTreeMap::new();
        for list in [self.item.get("parameters"), self.spot.get("parameters")].into_iter().flatten() {
            for spot in list.items() {
                let spot = library.follow(spot).ok()?;
                let (Some(name), Some(place)) = (spot.text("name"), spot.text("in")) else { continue };
                found.insert((place, name), Parameter { name, place, spot });
            }
        }
        Some(found.into_values().collect())
    }

    /// The security that counts: its own, or that of the document.
    pub(super) fn security(&self, root: Spot<'l>) -> Option<Spot<'l>> {
        self.spot.get("security").or_else(|| root.get("security"))
    }

    pub(super) fn authentication(&self, root: Spot<'l>) -> Authentication {
        let ways: Vec<Spot<'_>> = self.security(root).map(|list| list.items().collect()).unwrap_or_default();
        let is_open = |way: &Spot<'_>| way.node.entries().is_empty();
        match &*ways {
            [] => Authentication::None,
            ways if ways.iter().all(is_open) => Authentication::None,
            ways if ways.iter().any(is_open) => Authentication::Optional,
            _ => Authentication::Required,
        }
    }

    /// Its responses by code, with references followed; extensions are left out.
    pub(super) fn responses(&self, library: &'l Library) -> Vec<(&'l str, Spot<'l>)> {
        let Some(responses) = self.spot.get("responses") else { return Vec::new() };
        let entries = responses
            .own_entries()
            .filter_map(|(key, spot)| Some((key.name.as_str(), library.follow(spot).ok()?)));
        entries.collect()
    }

    /// What its body may be, by media type.
    pub(super) fn request_media(&self, library: &'l Library) -> Vec<(&'l str, Spot<'l>)> {
        let body = self.spot.get("requestBody").and_then(|body| library.follow(body).ok());
        body.map(media).unwrap_or_default()
    }
}

/// The media types of a body or response.
pub(super) fn media(body: Spot<'_>) -> Vec<(&str, Spot<'_>)> {
    let content = body.get("content");
    content
        .map(|content| content.own_entries().map(|(key, spot)| (key.name.as_str(), spot)).collect())
        .unwrap_or_default()
}

/// Whether a media type is JSON.
pub(super) fn is_json(media_type: &str) -> bool {
    let kind = media_type.split(';').next().unwrap_or_default().trim().to_lowercase();
    kind == "application/json" || kind.ends_with("+json")
}

/// The names in braces of a path: `/a/{id}` has `id`; `{path+}` and `{path*}` have `path`.
pub(super) fn template_names(path: &str) -> Vec<&str> {
    let parts = path.split('{').skip(1);
    parts.filter_map(|part| part.split_once('}')).map(|(name, _)| name.trim_end_matches(['+', '*'])).collect()
}

/// The path with `{}` for every parameter.
pub(super) fn normalised(path: &str) -> String {
    let mut parts = path.split('{');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once('}') {
            Some((_, rest)) => {
                text.push_str("{}");
                text.push_str(rest);
            }
            None => {
                text.push('{');
                text.push_str(part);
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_the_same_whatever_their_parameters_are_called() {
        assert_eq!(normalised("/a/{id}/b/{x}"), "/a/{}/b/{}");
        assert_eq!(normalised("/a{"), "/a{");
        assert_eq!(template_names("/a/{id}:run/{proxy+}/{"), ["id", "proxy"]);
        assert!(is_json("application/problem+json; charset=utf-8") && !is_json("text/plain"));
    }
}
