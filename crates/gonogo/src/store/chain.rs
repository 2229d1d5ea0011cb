//! Records and how each is bound to the one before it. A line is the canonical JSON of its
//! record and nothing else, so that every byte of the file counts.

use std::collections::BTreeMap;
use std::path::PathBuf;

use gonogo_model::digest::{Digest, canonical};
use gonogo_model::evidence::{Evidence, Skip};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{FORMAT, Problem};

/// One line of `run.jsonl`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Version of the stored form.
    pub format: u32,
    /// Its number, from 0.
    pub number: u64,
    /// The digest of the record before it; of [`genesis`] for the first.
    pub previous: Digest,
    /// What happened.
    pub body: Body,
    /// The digest of this record without this field.
    pub digest: Digest,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Body {
    /// The run began.
    Opened(Opened),
    /// A probe looked, or could not.
    Evidence(Evidence),
    /// A check was not looked at.
    Skipped {
        /// The check.
        check: String,
        /// Why.
        why: Skip,
    },
    /// The run ended and was judged; always the last record.
    Sealed(Sealed),
}

/// The run began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opened {
    /// The gonogo that ran.
    pub gonogo: String,
    /// Digest of the resolved spec in `spec.json`.
    pub spec: Digest,
    /// The folder the spec's relative paths start at.
    pub folder: PathBuf,
    /// When (UTC).
    pub at: Timestamp,
    /// The pinned moment, when `--now` pinned one.
    pub pinned: Option<Timestamp>,
    /// Checks that `--only` and `--skip` left out.
    pub filtered: Vec<String>,
}

/// The run ended and was judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    /// The moment the evidence was judged at (UTC).
    pub judged_at: Timestamp,
    /// Digest of the bytes of `verdict.json`.
    pub verdict: Digest,
}

/// What the first record is bound to.
pub fn genesis() -> Digest {
    Digest::of_bytes(b"gonogo run, format 1")
}

impl Record {
    /// The record that follows `previous`.
    pub fn following(number: u64, previous: Digest, body: Body) -> Record {
        let digest = sum(FORMAT, number, &previous, &body);
        Record { format: FORMAT, number, previous, body, digest }
    }

    /// Its line, with the newline.
    pub fn line(&self) -> Vec<u8> {
        let mut line = canonical(self);
        line.push(b'\n');
        line
    }
}

fn sum(format: u32, number: u64, previous: &Digest, body: &Body) -> Digest {
    let fields: BTreeMap<&str, serde_json::Value> = [
        ("format", serde_json::json!(format)),
        ("number", serde_json::json!(number)),
        ("previous", serde_json::json!(previous)),
        ("body", serde_json::json!(body)),
    ]
    .into();
    Digest::of(&fields)
}

/// Reads the lines of a chain up to the first that is wrong.
#[derive(Debug)]
pub(super) struct Chain {
    /// The records that hold.
    pub(super) records: Vec<Record>,
    /// The bytes they take.
    pub(super) good_bytes: usize,
    /// What is wrong with the line after them.
    pub(super) problem: Option<Problem>,
    /// Whether only the end of the last line is missing: a write that was cut off.
    pub(super) torn: bool,
}

/// Follows the chain from its start.
pub(super) fn follow(bytes: &[u8]) -> Chain {
    let mut chain = Chain { records: Vec::new(), good_bytes: 0, problem: None, torn: false };
    let mut previous = genesis();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let number = chain.records.len() as u64;
        match check_line(line, number, &previous) {
            Ok(record) => {
                previous = record.digest.clone();
                chain.good_bytes += line.len();
                chain.records.push(record);
            }
            Err(what) => {
                chain.torn = !line.ends_with(b"\n") && chain.good_bytes + line.len() == bytes.len();
                chain.problem = Some(Problem::new("run.jsonl", Some(number + 1), what));
                break;
            }
        }
    }
    chain
}

fn check_line(line: &[u8], number: u64, previous: &Digest) -> Result<Record, String> {
    if !line.ends_with(b"\n") {
        return Err("the line has no end; the file was cut off here".to_owned());
    }
    let record: Record =
        serde_json::from_slice(line).map_err(|error| format!("this is not a record: {error}"))?;
    if record.format != FORMAT {
        return Err(format!("the record has format {}; this gonogo reads format {FORMAT}", record.format));
    }
    if record.line() != line {
        return Err("the line is not the canonical form of its record; it was changed".to_owned());
    }
    if record.digest != sum(record.format, record.number, &record.previous, &record.body) {
        return Err("the digest is not that of the content; the record was changed".to_owned());
    }
    if record.number != number || record.previous != *previous {
        return Err(format!(
            "record {} stands where record {number} belongs; records were dropped, added or reordered",
            record.number
        ));
    }
    Ok(record)
}
