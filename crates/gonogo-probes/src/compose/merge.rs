//! Lays one compose tree over another as `docker compose -f a -f b` does: mappings merge, scalars
//! and commands are replaced, lists grow, and what is keyed (ports, mounts, variables) is replaced
//! by its key. A key stays where it was written first.

use std::collections::BTreeMap;

use super::tree::{Entry, Kind, Part, Text};

/// Keys of a service whose lists are replaced as a whole.
const REPLACED: [&str; 3] = ["command", "entrypoint", "test"];
/// Keys that may be written as a list of `NAME=value` and merge by name.
const NAMED: [&str; 7] =
    ["environment", "labels", "annotations", "args", "sysctls", "extra_hosts", "driver_opts"];
/// Keys that may be written as a list of names and merge by name.
const BY_NAME: [&str; 2] = ["depends_on", "networks"];

/// `over` laid on `base`. Recursion is bounded by the depth of what was read.
pub(super) fn merge(base: Part, over: Part, key: &str) -> Part {
    if over.is_null() {
        // `!reset` removes; a key without a value says nothing else either.
        return over;
    }
    let (base, over) = (canonical(base, key), canonical(over, key));
    let at = over.at;
    let kind = match (base.kind, over.kind) {
        (Kind::Map(base), Kind::Map(over)) => Kind::Map(entries(base, over)),
        (Kind::List(base), Kind::List(over)) if !REPLACED.contains(&key) => {
            Kind::List(lists(base, over, key))
        }
        (_, over) => over,
    };
    Part { at, kind }
}

fn entries(base: Vec<Entry>, over: Vec<Entry>) -> Vec<Entry> {
    let mut merged = base;
    let mut places: BTreeMap<String, usize> =
        merged.iter().enumerate().map(|(place, entry)| (entry.name.clone(), place)).collect();
    for entry in over {
        match places.get(&entry.name) {
            Some(place) if entry.replaces => merged[*place].part = canonical(entry.part, &entry.name),
            Some(place) => {
                let old = &mut merged[*place];
                let part = std::mem::replace(&mut old.part, Part { at: old.at, kind: Kind::Null });
                old.part = merge(part, entry.part, &entry.name);
            }
            None => {
                places.insert(entry.name.clone(), merged.len());
                merged.push(entry);
            }
        }
    }
    merged
}

fn lists(base: Vec<Part>, over: Vec<Part>, key: &str) -> Vec<Part> {
    let mut merged = base;
    let mut places: BTreeMap<String, usize> = merged
        .iter()
        .enumerate()
        .filter_map(|(place, part)| identity(part, key).map(|name| (name, place)))
        .collect();
    for part in over {
        match identity(&part, key) {
            Some(name) => match places.get(&name) {
                Some(place) => merged[*place] = part,
                None => {
                    places.insert(name, merged.len());
                    merged.push(part);
                }
            },
            None => merged.push(part),
        }
    }
    merged
}

/// What makes two entries of a list the same one.
fn identity(part: &Part, key: &str) -> Option<String> {
    let field = |name: &str| part.get(name).and_then(Part::value);
    match key {
        "volumes" => field("target").or_else(|| {
            let written = part.value()?;
            let parts: Vec<&str> = written.split(':').collect();
            Some((*parts.get(1).unwrap_or(&parts[0])).to_owned())
        }),
        "secrets" | "configs" => field("target").or_else(|| field("source")).or_else(|| part.value()),
        "ports" | "expose" | "cap_add" | "cap_drop" | "security_opt" | "profiles" | "devices" | "dns"
        | "tmpfs" | "env_file" => part.value(),
        _ => None,
    }
}

/// The long form of what may also be written as a list, so that both forms merge.
pub(super) fn canonical(part: Part, key: &str) -> Part {
    let named = NAMED.contains(&key);
    if !named && !BY_NAME.contains(&key) {
        return part;
    }
    let Part { at, kind } = part;
    let kind = match kind {
        Kind::List(parts) => {
            let mut found: Vec<Entry> = Vec::new();
            for entry in parts.into_iter().filter_map(|part| split(part, named)) {
                found = entries(found, vec![entry]);
            }
            Kind::Map(found)
        }
        kind => kind,
    };
    Part { at, kind }
}

/// `NAME=value` as an entry; a bare name has no value.
fn split(part: Part, named: bool) -> Option<Entry> {
    let at = part.at;
    let text = part.text()?;
    let sign = if named { text.raw.find(['=']) } else { None };
    let Some(sign) = sign else {
        return Some(Entry { name: text.value, at, part: Part { at, kind: Kind::Null }, replaces: false });
    };
    let (name, raw) = (text.raw[..sign].to_owned(), text.raw[sign + 1..].to_owned());
    let value = text.value.split_once('=').map(|(_, value)| value.to_owned()).unwrap_or_default();
    let kind = Kind::Text(Text { raw, value, origin: text.origin });
    Some(Entry { name, at, part: Part { at, kind }, replaces: false })
}

#[cfg(test)]
mod tests {
    use super::super::interpolate::Variables;
    use super::super::read::{Notes, read};
    use super::*;

    fn tree(text: &str) -> Part {
        read(text.as_bytes(), 0, &Variables::new(), &mut Notes::default()).unwrap()
    }

    fn merged(base: &str, over: &str, key: &str) -> Vec<String> {
        let part = merge(tree(base), tree(over), "service");
        let part = part.get(key).unwrap();
        match &part.kind {
            Kind::Map(entries) => entries
                .iter()
                .map(|entry| format!("{}={}", entry.name, entry.part.value().unwrap_or_default()))
                .collect(),
            _ => part.each().iter().filter_map(Part::value).collect(),
        }
    }

    #[test]
    fn each_kind_of_key_merges_in_its_way() {
        for (base, over, key, expected) in [
            ("image: a", "image: b", "image", vec!["b"]),
            ("command: [a, b]", "command: [c]", "command", vec!["c"]),
            ("ports: ['80:80', '1:1']", "ports: ['80:80', '2:2']", "ports", vec!["80:80", "1:1", "2:2"]),
            ("volumes: ['a:/x', 'b:/y']", "volumes: ['c:/x:ro']", "volumes", vec!["c:/x:ro", "b:/y"]),
            ("environment: [A=1, B=2]", "environment: {B: 3}", "environment", vec!["A=1", "B=3"]),
            ("environment: {A: 1}", "environment: [A=2, 'C=x=y']", "environment", vec!["A=2", "C=x=y"]),
            ("depends_on: [a]", "depends_on: {b: null}", "depends_on", vec!["a=", "b="]),
            ("cap_drop: [ALL]", "cap_drop: [ALL, X]", "cap_drop", vec!["ALL", "X"]),
        ] {
            assert_eq!(merged(base, over, key), expected, "{base} + {over}");
        }
    }

    #[test]
    fn a_reset_takes_away() {
        for over in ["ports: !reset null", "ports: !reset []", "'ports': &x !reset ['2:2']", "ports:"] {
            let part = merge(tree("ports: ['1:1']\nimage: a"), tree(over), "service");
            assert!(part.get("ports").is_some_and(Part::is_null), "{over}");
            assert!(part.get("image").is_some());
        }
    }

    #[test]
    fn an_override_takes_the_place_of_what_was_there() {
        for (base, over, key, expected) in [
            ("ports: ['1:1']", "ports: !override ['2:2']", "ports", vec!["2:2"]),
            ("environment: {A: 1}", "environment: !override\n  B: 2", "environment", vec!["B=2"]),
            ("environment: {A: 1}", "environment: !override [B=2]", "environment", vec!["B=2"]),
            ("cap_add: [A]", "{cap_add: !override [B], image: a}", "cap_add", vec!["B"]),
            ("cap_add: [A]", "cap_add: ['!override']", "cap_add", vec!["A", "!override"]),
        ] {
            assert_eq!(merged(base, over, key), expected, "{base} + {over}");
        }
    }
}
