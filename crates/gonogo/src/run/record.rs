//! From what a probe saw to evidence. Every text passes the redactor here, before it is stored.

use gonogo_model::digest::canonical;
use gonogo_model::evidence::{Artefact, Evidence, Outcome};
use gonogo_model::fact::Item;
use gonogo_model::spec::Look;
use gonogo_probes::{Looked, RawArtefact, Redactor};
use jiff::Timestamp;

use super::look::Seen;
use crate::store::{RunFolder, StoreError};

/// When a look started and ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct During {
    pub(super) started: Timestamp,
    pub(super) ended: Timestamp,
}

/// Keeps the artefacts of a look and makes its evidence, free of secrets.
pub(super) fn evidence(
    folder: &RunFolder,
    secrets: &Redactor,
    checks: Vec<String>,
    look: &Look,
    seen: Seen,
    during: During,
) -> Result<Evidence, StoreError> {
    let outcome = match seen.outcome {
        Err(unmeasured) => Outcome::Unmeasured { why: secrets.redact(&unmeasured.why).into_owned() },
        Ok(Looked { items, artefacts }) => Outcome::Looked {
            items: items.into_iter().map(|item| clean(secrets, item)).collect(),
            artefacts: artefacts.iter().map(|raw| keep(folder, secrets, raw)).collect::<Result<_, _>>()?,
        },
    };
    Ok(stored_form(Evidence {
        id: format!("{}#1", checks.first().map_or("", String::as_str)),
        checks,
        probe: look.probe.clone(),
        probe_version: gonogo_probes::find(&look.probe).map_or(0, |probe| probe.info.version),
        subject: look.subject.clone(),
        address: seen.address.map(|address| secrets.redact(&address).into_owned()),
        started: during.started,
        ended: during.ended,
        outcome,
    }))
}

/// The evidence as it will be read back, so that a run is judged by what it keeps: canonical JSON
/// writes 1.0 as 1, and whole numbers over 2^53 as the nearest double.
fn stored_form(evidence: Evidence) -> Evidence {
    serde_json::from_slice(&canonical(&evidence)).unwrap_or(evidence)
}

fn clean(secrets: &Redactor, mut item: Item) -> Item {
    secrets.redact_item(&mut item);
    item
}

fn keep(folder: &RunFolder, secrets: &Redactor, raw: &RawArtefact) -> Result<Artefact, StoreError> {
    let text = secrets.redact(&raw.text);
    let digest = folder.keep(&text)?;
    Ok(Artefact {
        name: secrets.redact(&raw.name).into_owned(),
        media_type: secrets.redact(&raw.media_type).into_owned(),
        digest,
        bytes: text.len() as u64,
    })
}
