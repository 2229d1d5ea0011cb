//! From lines to facts: of the log, of a field, and of what must not be there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use gonogo_model::fact::{Item, Value};
use jiff::Timestamp;
use regex::Regex;
use serde_json::Map;

use super::canary::Canary;
use super::folder::{Folder, Line};
use super::line;
use super::params::{Kind, Params};
use crate::redact::Redactor;

/// More levels that nobody knows are not listed.
const MOST_LEVELS: usize = 10;

static MAIL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}").ok());
static TOKEN: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*").ok());

/// What is said of all lines together.
pub(super) fn log(folder: &Folder, lines: &[Line], _: &Params) -> Item {
    let objects: Vec<(&Line, Map<String, Value>)> =
        lines.iter().filter_map(|line| Some((line, line::object(&line.text)?))).collect();
    let first_other = lines.iter().find(|line| line::object(&line.text).is_none());
    let levels: BTreeMap<String, bool> =
        objects.iter().filter_map(|(_, object)| line::level(object)).collect();
    let (known, unknown): (Vec<_>, Vec<_>) = levels.into_iter().partition(|(_, known)| *known);
    let words = |levels: Vec<(String, bool)>| {
        levels.into_iter().map(|(word, _)| word).take(MOST_LEVELS).collect::<Vec<_>>()
    };
    let item = Item::new("log")
        .fact("role", "log")
        .fact("files", folder.files())
        .fact("rotated_files", folder.rotated())
        .fact("log_bytes", folder.bytes())
        .fact("largest_bytes", folder.largest())
        .fact("path", folder.written())
        .fact("lines", lines.len())
        .fact("json_lines", objects.len())
        .fact_if_known("json_share", share(objects.len(), lines.len()))
        .fact_if_known("first_other", first_other.map(|line| line.place.to_string()))
        .fact("levels", words(known))
        .fact("unknown_levels", words(unknown))
        .fact("longest_line", lines.iter().map(|line| line.text.len()).max().unwrap_or_default());
    contents(times(item, &objects), lines)
}

fn share(part: usize, whole: usize) -> Option<Value> {
    let number = |n: usize| u32::try_from(n).ok().map(f64::from);
    let share = number(part)? / number(whole).filter(|whole| *whole > 0.0)?;
    serde_json::Number::from_f64(share).map(Value::Number)
}

/// Whether lines stand in the order of their times, file by file.
fn times(item: Item, objects: &[(&Line, Map<String, Value>)]) -> Item {
    let mut last: BTreeMap<&str, Timestamp> = BTreeMap::new();
    let (mut timed, mut back) = (0_usize, 0_usize);
    for (line, object) in objects {
        let Some(time) = line::time(object) else { continue };
        timed = timed.saturating_add(1);
        let before = last.insert(&line.file, time);
        back = back.saturating_add(usize::from(before.is_some_and(|before| time < before)));
    }
    item.fact("timed_lines", timed).fact("out_of_order", back)
}

/// What has the form of what should not be there, whoever's it is.
fn contents(item: Item, lines: &[Line]) -> Item {
    let redactor = Redactor::default();
    let count = |is: &dyn Fn(&str) -> bool| lines.iter().filter(|line| is(&line.text)).count();
    let has = |regex: &Option<Regex>, text: &str| regex.as_ref().is_some_and(|regex| regex.is_match(text));
    item.fact("mail_lines", count(&|text| has(&MAIL, text)))
        .fact("token_lines", count(&|text| has(&TOKEN, text)))
        .fact("secret_lines", count(&|text| redactor.redact(text) != text))
}

/// What is said of one field.
pub(super) fn field(name: &str, kind: Kind, lines: &[Line]) -> Item {
    let (mut missing, mut wrong, mut first) = (0_usize, 0_usize, None);
    let objects = lines.iter().filter_map(|line| Some((line, line::object(&line.text)?)));
    let mut seen = 0_usize;
    for (line, object) in objects {
        seen = seen.saturating_add(1);
        match line::field(&object, name) {
            Some(value) if line::fits(value, kind) => continue,
            Some(_) => wrong = wrong.saturating_add(1),
            None => missing = missing.saturating_add(1),
        }
        first.get_or_insert_with(|| line.place.clone());
    }
    let item = Item::new(format!("field:{name}"))
        .fact("role", "field")
        .fact("lines", seen)
        .fact("missing", missing)
        .fact("wrong_type", wrong)
        .fact_if_known("share", share(seen.saturating_sub(missing).saturating_sub(wrong), seen));
    match first {
        Some(place) => item.read_at(place),
        None => item,
    }
}

/// Whether a value is in the log, and where first.
pub(super) fn canary(canary: &Canary, lines: &[Line]) -> Item {
    let with: Vec<&Line> = lines.iter().filter(|line| canary.is_in(&line.text)).collect();
    let files: BTreeSet<&str> = with.iter().map(|line| line.place.source.as_str()).collect();
    let item = Item::new(format!("canary:{}", canary.name))
        .fact("role", "canary")
        .fact("found", !with.is_empty())
        .fact("found_lines", with.len())
        .fact("lines", lines.len())
        .fact("found_files", files.into_iter().collect::<Vec<_>>());
    match with.first() {
        Some(line) => item.read_at(line.place.clone()),
        None => item,
    }
}
