//! The alert that is sent or awaited, and that it ends, whatever becomes of the look.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::alertmanager::{Alertmanager, Taken};
use super::params::Params;
use crate::afterwards::Afterwards;
use crate::probe::Unmeasured;

/// The label that no other alert has.
const MARK: &str = "gonogo_marker";
const NAME: &str = "GonogoDelivery";
/// An alert that nobody can end any more ends by itself so long after the wait.
const GRACE: Duration = Duration::from_secs(120);

/// An alert.
#[derive(Debug, Clone)]
pub(super) struct Alert {
    pub(super) labels: BTreeMap<String, String>,
    /// None for an alert that fires by itself.
    annotations: Option<BTreeMap<String, String>>,
}

impl Alert {
    pub(super) fn of(params: &Params) -> Result<Alert, Unmeasured> {
        if !params.fires.is_empty() {
            return Ok(Alert { labels: params.fires.clone(), annotations: None });
        }
        let mark = mark()?;
        let (mut labels, mut annotations) = (params.labels.clone(), params.annotations.clone());
        labels.entry("alertname".to_owned()).or_insert_with(|| NAME.to_owned());
        annotations.entry("summary".to_owned()).or_insert_with(|| {
            format!("gonogo tries whether alerts arrive; nothing is wrong, nobody has to act ({mark})")
        });
        labels.insert(MARK.to_owned(), mark);
        Ok(Alert { labels, annotations: Some(annotations) })
    }

    /// The labels that tell it from all others: its mark, or all of them when it has none.
    pub(super) fn signs(&self) -> BTreeMap<&str, &String> {
        let marks = self.annotations.is_some();
        let signs = self.labels.iter().filter(|(name, _)| !marks || *name == MARK);
        signs.map(|(name, value)| (name.as_str(), value)).collect()
    }

    /// Matchers that fit it, as Alertmanager takes them.
    pub(super) fn filters(&self) -> Vec<String> {
        let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        self.labels.iter().map(|(name, value)| format!("{name}=\"{}\"", quoted(value))).collect()
    }

    /// What is posted so that it fires; none when it fires by itself.
    pub(super) fn body(&self, within: Duration) -> Option<Value> {
        let annotations = self.annotations.as_ref()?;
        let ends = Timestamp::now().checked_add(within * 2 + GRACE).ok()?;
        Some(json!([{ "labels": self.labels, "annotations": annotations, "endsAt": ends.to_string() }]))
    }

    /// What is posted so that it ends.
    fn end(&self) -> Value {
        json!([{
            "labels": self.labels,
            "annotations": self.annotations,
            "endsAt": Timestamp::now().to_string(),
        }])
    }
}

fn mark() -> Result<String, Unmeasured> {
    let mut random = [0_u8; 12];
    getrandom::fill(&mut random).map_err(|error| Unmeasured::because(format!("no randomness: {error}")))?;
    Ok(random.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// What was posted. When this is dropped before it was ended, it is ended all the same.
pub(super) struct Posted<'l> {
    afterwards: &'l Afterwards,
    alertmanager: &'l Alertmanager,
    alert: Option<Alert>,
}

impl<'l> Posted<'l> {
    pub(super) fn nothing(afterwards: &'l Afterwards, alertmanager: &'l Alertmanager) -> Posted<'l> {
        Posted { afterwards, alertmanager, alert: None }
    }

    pub(super) async fn post(&mut self, alert: &Alert, body: &Value) -> Result<Taken, Unmeasured> {
        // It may have been taken although the answer never came.
        self.alert = Some(alert.clone());
        let taken = self.alertmanager.post(body).await?;
        if matches!(taken, Taken::Refused(_)) {
            self.alert = None;
        }
        Ok(taken)
    }

    /// Ends what was posted.
    pub(super) async fn end(&mut self) -> Result<(), Unmeasured> {
        let Some(alert) = &self.alert else { return Ok(()) };
        match self.alertmanager.post(&alert.end()).await? {
            Taken::Accepted => self.alert = None,
            Taken::Refused(why) => {
                let why = format!(
                    "{} does not take the end of the alert ({why}); it ends by itself in some minutes",
                    self.alertmanager.at()
                );
                return Err(Unmeasured::because(why));
            }
        }
        Ok(())
    }
}

impl Drop for Posted<'_> {
    fn drop(&mut self) {
        if let Some(alert) = self.alert.take() {
            let alertmanager = self.alertmanager.clone();
            self.afterwards.start(async move { drop(alertmanager.post(&alert.end()).await) });
        }
    }
}
