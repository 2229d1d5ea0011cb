//! What alert is sent, where it is awaited, and how long.

use std::collections::BTreeMap;
use std::time::Duration;

use gonogo_model::amount::Wait;
use schemars::JsonSchema;
use serde::Deserialize;

const LONGEST: Duration = Duration::from_secs(600);
const LONGEST_ANSWER: Duration = Duration::from_secs(60);

/// Checked parameters.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
pub(crate) struct Params {
    pub(super) sink: String,
    pub(super) labels: BTreeMap<String, String>,
    pub(super) annotations: BTreeMap<String, String>,
    pub(super) fires: BTreeMap<String, String>,
    pub(super) resolved: bool,
    pub(super) within: Wait,
    pub(super) timeout: Wait,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AlertsDelivery")]
struct Written {
    /// The target of kind `sink` at which gonogo listens, in place of a webhook or a mail server.
    sink: String,
    /// Labels of the alert, by which Alertmanager routes it. Without `alertname` that is
    /// `GonogoDelivery`.
    #[serde(default)]
    labels: BTreeMap<String, String>,
    /// The label `severity`; none without it.
    severity: Option<String>,
    /// Annotations of the alert. Without `summary` it says that this is a trial.
    #[serde(default)]
    annotations: BTreeMap<String, String>,
    /// Labels of an alert that fires by itself, such as the dead man's switch of a Prometheus:
    /// nothing is posted then, and its next notification is awaited.
    #[serde(default)]
    fires: BTreeMap<String, String>,
    /// Await the notification of the alert's end too.
    #[serde(default)]
    resolved: bool,
    /// How long each notification may take; at most 10m. The `group_wait` and `group_interval` of
    /// the route are in it.
    #[serde(default = "one_minute")]
    within: Wait,
    /// The longest one answer of Alertmanager may take; at most 60s.
    #[serde(default = "five_seconds")]
    timeout: Wait,
}

fn one_minute() -> Wait {
    Wait::seconds(60)
}

fn five_seconds() -> Wait {
    Wait::seconds(5)
}

impl TryFrom<Written> for Params {
    type Error = String;

    fn try_from(written: Written) -> Result<Params, String> {
        let Written { sink, mut labels, severity, annotations, fires, resolved, within, timeout } = written;
        if within.0.is_zero() || within.0 > LONGEST {
            return Err("`within` is a time span over 0 and at most 10m".to_owned());
        }
        if timeout.0.is_zero() || timeout.0 > LONGEST_ANSWER {
            return Err("`timeout` is a time span over 0 and at most 60s".to_owned());
        }
        let posts = !labels.is_empty() || severity.is_some() || !annotations.is_empty() || resolved;
        if !fires.is_empty() && posts {
            return Err(
                "`fires` posts no alert: leave `labels`, `severity`, `annotations` and `resolved` out"
                    .to_owned(),
            );
        }
        if let Some(severity) = severity
            && labels.insert("severity".to_owned(), severity).is_some()
        {
            return Err("the severity stands in `severity` and in `labels`; remove one".to_owned());
        }
        Ok(Params { sink, labels, annotations, fires, resolved, within, timeout })
    }
}
