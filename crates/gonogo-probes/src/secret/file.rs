//! `secret/file`: secrets in files: a dotenv file, a file with one value, a folder of such files.
//! It returns what can be said without the values, and who may read the files.

use std::path::{Path, PathBuf};

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, fact};
use gonogo_model::fact::{Item, Location};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::facts::{PRESENT, VALUE, measured, measured_among};
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::redact::Redactor;
use crate::tools::files::{self, FileError, Found};

mod dotenv;

/// Larger files hold no secrets.
const LIMIT: u64 = 256 << 10;
/// A folder of secrets holds some dozens.
const MOST: usize = 1_000;

/// Looks at secrets in files.
pub(crate) struct File;

/// Parameters of `secret/file`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
#[schemars(with = "Written")]
pub(crate) struct Params(Written);

/// Parameters of `secret/file`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Written {
    /// The file or folder, relative to the target, or to the spec when there is no target.
    path: Option<String>,
    /// Instead of `path`: the environment variable that holds it, such as `JWT_SECRET_FILE`.
    path_env: Option<String>,
    /// What the file holds.
    #[serde(default)]
    form: Form,
    /// Only these keys (`dotenv`) or file names (`directory`). One that is not there is an item
    /// with `present` false. Without this, all that are there.
    #[serde(default)]
    keys: Vec<String>,
}

/// What the file holds.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Form {
    /// One value and nothing else, like a Docker or Kubernetes secret.
    #[default]
    Value,
    /// `NAME=value` lines, like `.env`.
    Dotenv,
    /// A folder with one value a file, like `/run/secrets`.
    Directory,
}

impl TryFrom<Written> for Params {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Params, &'static str> {
        if written.path.is_some() && written.path_env.is_some() {
            return Err("`path` and `path_env` exclude each other; keep one");
        }
        if written.form == Form::Value && !written.keys.is_empty() {
            return Err(
                "`keys` needs `form: dotenv` or `form: directory`; a file of form `value` has one value",
            );
        }
        Ok(Params(written))
    }
}

impl Probe for File {
    const ID: &'static str = "secret/file";
    const TITLE: &'static str = "Whether secrets in files are there, strong, and readable by few";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, Params(params): Params) -> Result<Looked, Unmeasured> {
        let place = Place::of(context, &params)?;
        let secrets = context.secrets.clone();
        files::off_thread(move || {
            let items = match params.form {
                Form::Value => one_value(&place, &secrets),
                Form::Dotenv => dotenv_keys(&place, &params.keys, &secrets),
                Form::Directory => each_file(&place, &params.keys, &secrets),
            }?;
            Ok(Looked { items, artefacts: Vec::new() })
        })
        .await?
    }
}

const FACTS: &[FactInfo] = &[
    PRESENT,
    VALUE[0],
    VALUE[1],
    VALUE[2],
    VALUE[3],
    VALUE[4],
    VALUE[5],
    VALUE[6],
    VALUE[7],
    VALUE[8],
    VALUE[9],
    VALUE[10],
    fact(
        "mode",
        FactType::Text,
        "",
        "Permission bits of the file in octal, such as `0600`; absent when there is no file.",
    ),
    fact("group_readable", FactType::Bool, "", "Whether the file's group may read it."),
    fact("world_readable", FactType::Bool, "", "Whether everybody may read it."),
    fact("size", FactType::Int, "bytes", "Size of the file."),
    fact(
        "symlink",
        FactType::Bool,
        "",
        "Whether the path is a symbolic link; mode and size are those of the file it leads to.",
    ),
    fact(
        "problem",
        FactType::Text,
        "",
        "Why a file of a folder could not be read; then `present` is absent.",
    ),
];

/// Where to look.
struct Place {
    path: PathBuf,
    /// As the spec has it.
    shown: String,
    /// The key of the only item of form `value`.
    key: String,
}

impl Place {
    fn of(context: &Context, params: &Written) -> Result<Place, Unmeasured> {
        let base = context.target.as_ref().map(|target| context.folder.join(&target.address));
        let root = base.clone().unwrap_or_else(|| context.folder.clone());
        match (&params.path, &params.path_env, &context.target) {
            (Some(path), _, _) => Ok(Place { path: root.join(path), shown: path.clone(), key: path.clone() }),
            (None, Some(name), _) => {
                let path = context.environment.get(name).filter(|path| !path.trim().is_empty());
                let path = path.ok_or_else(|| {
                    Unmeasured::because(format!("{name} is not set; set it to the path of the secret's file"))
                })?;
                let key = name.strip_suffix("_FILE").unwrap_or(name).to_owned();
                Ok(Place { path: root.join(path), shown: path.to_owned(), key })
            }
            (None, None, Some(target)) => {
                Ok(Place { path: root, shown: target.address.clone(), key: target.name.clone() })
            }
            (None, None, None) => {
                Err(Unmeasured::because("no file is named; give `path`, `path_env` or a target"))
            }
        }
    }

    fn read(&self) -> Result<Found, Unmeasured> {
        files::read(&self.path, LIMIT).map_err(|error| match error {
            FileError::NotText | FileError::Missing => {
                Unmeasured::because(format!("{} {error}; create it or correct the path", self.shown))
            }
            FileError::Folder => Unmeasured::because(format!(
                "{} is a folder; name a file in it, or say `form: directory`",
                self.shown
            )),
            error => error.of(&self.shown),
        })
    }
}

fn one_value(place: &Place, secrets: &Redactor) -> Result<Vec<Item>, Unmeasured> {
    let found = place.read()?;
    let value = found.text().map_err(|error| error.of(&place.shown))?;
    let item = with_file(Item::new(&place.key), &found).read_at(Location::of(&place.shown));
    Ok(vec![measured(item, &place.key, Some(value), secrets)])
}

fn dotenv_keys(place: &Place, keys: &[String], secrets: &Redactor) -> Result<Vec<Item>, Unmeasured> {
    let found = place.read()?;
    let text = found.text().map_err(|error| error.of(&place.shown))?;
    let entries = dotenv::parse(text).map_err(|line| {
        Unmeasured::because(format!("{}:{line} is not `NAME=value`; correct the line", place.shown))
    })?;
    let names: Vec<&str> = match keys {
        [] => entries.iter().map(|entry| entry.name.as_str()).collect(),
        keys => keys.iter().map(String::as_str).collect(),
    };
    Ok(unique(names)
        .into_iter()
        .map(|name| {
            let entry = entries.iter().find(|entry| entry.name == name);
            let line = entry.map(|entry| entry.line);
            let location = Location { source: place.shown.clone(), line, column: None };
            let item = with_file(Item::new(name), &found).read_at(location);
            let value = entry.map(|entry| entry.value.as_str());
            let is_named = !keys.is_empty();
            if is_named {
                measured(item, name, value, secrets)
            } else {
                measured_among(item, name, value, secrets)
            }
        })
        .collect())
}

fn each_file(place: &Place, keys: &[String], secrets: &Redactor) -> Result<Vec<Item>, Unmeasured> {
    let names = files::names_in(&place.path, MOST).map_err(|error| match error {
        FileError::NotFolder => Unmeasured::because(format!(
            "{} is not a folder; say `form: value` or `form: dotenv` for a file",
            place.shown
        )),
        error => error.of(&place.shown),
    })?;
    let wanted: Vec<&str> = match keys {
        // Kubernetes keeps its own folders beside the secrets: `..data`.
        [] => names.iter().map(String::as_str).filter(|name| !name.starts_with("..")).collect(),
        keys => keys.iter().map(String::as_str).collect(),
    };
    Ok(unique(wanted).into_iter().map(|name| one_file(place, name, secrets)).collect())
}

fn one_file(place: &Place, name: &str, secrets: &Redactor) -> Item {
    let shown = Path::new(&place.shown).join(name).display().to_string();
    let item = Item::new(name).read_at(Location::of(shown));
    let found = match files::read_below(&place.path, Path::new(name), LIMIT) {
        Ok(found) => found,
        Err(FileError::Missing) => return item.fact("present", false),
        Err(error) => return item.fact("problem", error.to_string()),
    };
    let item = with_file(item, &found);
    match found.text() {
        Ok(value) => measured(item, name, Some(value), secrets),
        Err(error) => item.fact("problem", error.to_string()),
    }
}

fn with_file(item: Item, found: &Found) -> Item {
    item.fact("mode", format!("{:04o}", found.mode))
        .fact("group_readable", found.mode & 0o040 != 0)
        .fact("world_readable", found.mode & 0o004 != 0)
        .fact("size", found.bytes.len())
        .fact("symlink", found.symlink)
}

/// Keys of items are unique; what is named twice is looked at once.
fn unique(names: Vec<&str>) -> Vec<&str> {
    let mut seen = std::collections::BTreeSet::new();
    names.into_iter().filter(|name| seen.insert(*name)).collect()
}
