//! A bill of materials: what all lockfiles of a repository build in, in the form of CycloneDX 1.6.
//! The same lockfiles give the same bytes: there is no clock and no chance in it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use gonogo_model::digest::Digest;
use serde_json::{Map, Value, json};

use super::inventory::{Checksum, Lock, Origin, Package};
use super::purl::purl;
use super::survey::survey;
use crate::probe::Unmeasured;
use crate::repository::{Repository, open};

/// The reference of the repository as a whole.
const ROOT: &str = "repository";

/// A bill of materials, and what is not in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Bill {
    /// CycloneDX 1.6.
    pub document: Value,
    /// Lockfiles that could not be read, each with the reason.
    pub missing: Vec<String>,
}

/// What is said about the making of a bill.
#[derive(Debug, Clone)]
pub struct Making<'m> {
    /// The name of the repository.
    pub name: &'m str,
    /// The version of this tool.
    pub version: &'m str,
    /// The moment to write into it, in RFC 3339; without one the same lockfiles give the same bytes.
    pub moment: Option<String>,
}

/// The bill of materials of a folder, or of one lockfile.
///
/// # Errors
/// When there is nothing to read, or no lockfile that can be read.
pub fn bill_of_materials(path: &Path, making: &Making<'_>) -> Result<Bill, Unmeasured> {
    bill(&open(path)?, making)
}

pub(super) fn bill(repository: &Repository, making: &Making<'_>) -> Result<Bill, Unmeasured> {
    let survey = survey(repository);
    let asked = |path: &str| super::survey::is_asked(repository, path);
    let mut content = Content::default();
    let mut missing: Vec<String> = Vec::new();
    for (path, read) in survey.locks.iter().filter(|(path, _)| asked(path)) {
        match read {
            // What it lists was considered; what is built in is in `go.mod`.
            Ok(lock) if lock.format == "go.sum" => {}
            Ok(lock) => {
                content.add(path, lock);
                missing.extend(
                    lock.problems.iter().map(|problem| format!("{path}:{}: {}", problem.line, problem.what)),
                );
            }
            Err(problem) => missing.push(format!("{path}:{}: {}", problem.line, problem.what)),
        }
    }
    missing.extend(
        survey.skipped.iter().filter(|(path, _)| asked(path)).map(|(path, why)| format!("{path} {why}")),
    );
    if content.components.is_empty() {
        let why = match missing.first() {
            None => "there is no lockfile in this folder; name a folder with one".to_owned(),
            Some(first) => format!("no lockfile can be read: {first}"),
        };
        return Err(Unmeasured::because(why));
    }
    Ok(Bill { document: content.document(making, &missing), missing })
}

/// A component on its way into the bill.
struct Component {
    kind: &'static str,
    name: String,
    version: String,
    purl: Option<String>,
    origin: Origin,
    hashes: BTreeSet<(&'static str, String)>,
    /// Whether every lockfile says that only development needs it.
    dev: bool,
    places: BTreeSet<(String, u32)>,
    needs: BTreeSet<String>,
}

#[derive(Default)]
struct Content {
    components: BTreeMap<String, Component>,
    /// What the repository itself needs.
    top: BTreeSet<String>,
}

impl Content {
    fn add(&mut self, path: &str, lock: &Lock) {
        let references: Vec<String> =
            lock.packages.iter().map(|package| reference(path, lock, package)).collect();
        let has_own = lock.packages.iter().any(|package| package.origin == Origin::Path);
        for (package, own) in lock.packages.iter().zip(&references) {
            let needs = package
                .needs
                .iter()
                .filter_map(|at| references.get(*at))
                .filter(|need| *need != own)
                .cloned();
            let component =
                self.components.entry(own.clone()).or_insert_with(|| component(path, lock, package));
            component.needs.extend(needs);
            component.dev &= package.dev == Some(true);
            component.places.insert((path.to_owned(), package.place.line));
            component.hashes.extend(package.checksum.as_ref().and_then(hash));
            let is_top = package.origin == Origin::Path || (!has_own && package.direct != Some(false));
            if is_top {
                self.top.insert(own.clone());
            }
        }
    }

    fn document(&self, making: &Making<'_>, missing: &[String]) -> Value {
        let components: Vec<Value> = self.components.iter().map(|(own, one)| one.said(own)).collect();
        let all = self.components.iter().map(|(own, one)| json!({"ref": own, "dependsOn": one.needs}));
        let dependencies: Vec<Value> =
            std::iter::once(json!({"ref": ROOT, "dependsOn": self.top})).chain(all).collect();
        let serial = serial(&json!([making.name, components, dependencies]));
        let unread = missing.iter().map(|what| json!({"name": "gonogo:unread", "value": what}));
        let mut metadata = json!({
            "tools": { "components": [{ "type": "application", "name": "gonogo", "version": making.version }] },
            "component": { "type": "application", "bom-ref": ROOT, "name": making.name },
            "properties": unread.collect::<Vec<Value>>(),
        });
        if let (Some(moment), Value::Object(metadata)) = (&making.moment, &mut metadata) {
            metadata.insert("timestamp".to_owned(), json!(moment));
        }
        json!({
            "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
            "bomFormat": "CycloneDX",
            "specVersion": "1.6",
            "serialNumber": serial,
            "version": 1,
            "metadata": metadata,
            "components": components,
            "dependencies": dependencies,
        })
    }
}

/// What tells a component from all others. A package of the repository itself has no package URL:
/// the registry may have another of its name.
fn reference(path: &str, lock: &Lock, package: &Package) -> String {
    let url = purl(lock.ecosystem, &package.name, &package.version);
    match package.origin {
        Origin::Registry => url,
        Origin::Git => format!("{url}#git"),
        Origin::Url => format!("{url}#url"),
        Origin::Path => format!("{path}#{}@{}", package.name, package.version),
    }
}

fn component(path: &str, lock: &Lock, package: &Package) -> Component {
    let is_own = package.origin == Origin::Path;
    let name = if package.name.is_empty() { path } else { &package.name };
    Component {
        kind: if is_own { "application" } else { "library" },
        name: name.to_owned(),
        version: package.version.clone(),
        purl: (!is_own).then(|| purl(lock.ecosystem, &package.name, &package.version)),
        origin: package.origin,
        hashes: BTreeSet::new(),
        dev: true,
        places: BTreeSet::new(),
        needs: BTreeSet::new(),
    }
}

fn hash(checksum: &Checksum) -> Option<(&'static str, String)> {
    match checksum {
        Checksum::Sha1(digits) => Some(("SHA-1", digits.clone())),
        Checksum::Sha256(digits) => Some(("SHA-256", digits.clone())),
        Checksum::Sha384(digits) => Some(("SHA-384", digits.clone())),
        Checksum::Sha512(digits) => Some(("SHA-512", digits.clone())),
        Checksum::Other => None,
    }
}

impl Component {
    fn said(&self, own: &str) -> Value {
        let mut said = Map::new();
        let mut say = |key: &str, value: Value| drop(said.insert(key.to_owned(), value));
        say("type", json!(self.kind));
        say("bom-ref", json!(own));
        say("name", json!(self.name));
        if !self.version.is_empty() {
            say("version", json!(self.version));
        }
        if let Some(purl) = &self.purl {
            say("purl", json!(purl));
        }
        if self.dev {
            say("scope", json!("excluded"));
        }
        // Digests that are no hexadecimal of their length are for their tool alone.
        let sound = self.hashes.iter().filter(|(kind, digits)| is_sound(kind, digits));
        let hashes: Vec<Value> =
            sound.map(|(kind, digits)| json!({"alg": kind, "content": digits})).collect();
        if !hashes.is_empty() {
            say("hashes", json!(hashes));
        }
        let places = self.places.iter().map(|(path, line)| json!({"location": path, "line": line}));
        say("evidence", json!({ "occurrences": places.collect::<Vec<_>>() }));
        if let Some(from) = from(self.origin) {
            say("properties", json!([{ "name": "gonogo:origin", "value": from }]));
        }
        Value::Object(said)
    }
}

fn is_sound(kind: &str, digits: &str) -> bool {
    let length = match kind {
        "SHA-1" => 40,
        "SHA-256" => 64,
        "SHA-384" => 96,
        _ => 128,
    };
    digits.len() == length && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn from(origin: Origin) -> Option<&'static str> {
    match origin {
        Origin::Registry => None,
        Origin::Git => Some("git"),
        Origin::Url => Some("url"),
        Origin::Path => Some("path"),
    }
}

/// A UUID of the content: the first half of its digest, with the marks of a UUID made from a name.
fn serial(content: &Value) -> String {
    let digest = Digest::of(content);
    let digits: Vec<char> = digest
        .as_str()
        .chars()
        .take(32)
        .enumerate()
        .map(|(at, digit)| match at {
            12 => '5',
            16 => {
                ['8', '9', 'a', 'b'].get(digit.to_digit(16).unwrap_or(0) as usize % 4).copied().unwrap_or('8')
            }
            _ => digit,
        })
        .collect();
    let mut uuid = String::from("urn:uuid:");
    for (at, digit) in digits.into_iter().enumerate() {
        if matches!(at, 8 | 12 | 16 | 20) {
            uuid.push('-');
        }
        uuid.push(digit);
    }
    uuid
}
