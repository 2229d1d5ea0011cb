//! What a sink got, read as a notification of one alert: Alertmanager's webhook, or anything else
//! with its signs in it, such as a mail. It does not know how long was waited for it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::alert::Alert;
use crate::tools::sinks::Arrived;

/// A notification of an alert.
#[derive(Debug)]
pub(super) struct Notification {
    /// Of its end, not of its start.
    pub(super) resolved: bool,
    pub(super) receiver: Option<String>,
    /// How many alerts are in it.
    pub(super) alerts: Option<usize>,
    /// The labels of the alert; a text does not say them in a form that can be read back.
    pub(super) labels: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
struct Webhook {
    receiver: Option<String>,
    alerts: Vec<One>,
}

#[derive(Deserialize)]
struct One {
    status: String,
    labels: BTreeMap<String, String>,
}

impl Notification {
    /// None when it is about something else.
    pub(super) fn read(arrived: &Arrived, alert: &Alert) -> Option<Notification> {
        match serde_json::from_str::<Webhook>(&arrived.body) {
            Ok(webhook) => Notification::of_webhook(webhook, alert),
            Err(_) => Notification::of_text(arrived, alert),
        }
    }

    fn of_webhook(webhook: Webhook, alert: &Alert) -> Option<Notification> {
        let count = webhook.alerts.len();
        let ours = |one: &One| alert.signs().iter().all(|(name, value)| one.labels.get(*name) == Some(value));
        let one = webhook.alerts.into_iter().find(ours)?;
        Some(Notification {
            resolved: one.status == "resolved",
            receiver: webhook.receiver,
            alerts: Some(count),
            labels: Some(one.labels),
        })
    }

    fn of_text(arrived: &Arrived, alert: &Alert) -> Option<Notification> {
        let subject = arrived.headers.get("subject").map(String::as_str).unwrap_or_default();
        // Quoted-printable breaks long lines anywhere.
        let text = format!("{subject}\n{}", arrived.body.replace("=\r\n", "").replace("=\n", ""));
        if !alert.signs().values().all(|value| text.contains(value.as_str())) {
            return None;
        }
        // A mail says it in its subject; its body may list both kinds.
        let resolved = is_of_an_end(if subject.is_empty() { &text } else { subject });
        Some(Notification { resolved, receiver: None, alerts: None, labels: None })
    }
}

/// Texts begin with what happened, as in `[RESOLVED] TicketsUnresolved`; a name comes later.
fn is_of_an_end(text: &str) -> bool {
    let text = text.to_lowercase();
    match (text.find("resolved"), text.find("firing")) {
        (Some(resolved), Some(firing)) => resolved < firing,
        (resolved, None) => resolved.is_some(),
        (None, Some(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alerts::delivery::params::Params;

    fn arrived(subject: Option<&str>, body: String) -> Arrived {
        let headers = subject.map(|subject| ("subject".to_owned(), subject.to_owned()));
        let at = tokio::time::Instant::now();
        Arrived { number: 0, at, to: Vec::new(), headers: headers.into_iter().collect(), body }
    }

    fn alert() -> Alert {
        let params: Params = serde_json::from_value(serde_json::json!({ "sink": "s" })).unwrap();
        Alert::of(&params).unwrap()
    }

    #[test]
    fn a_mark_that_a_mail_breaks_in_two_is_found() {
        let alert = alert();
        let mark = alert.labels["gonogo_marker"].clone();
        let (left, right) = mark.split_at(7);
        let read = |subject, body| Notification::read(&arrived(Some(subject), body), &alert);
        let firing = read("[FIRING:1] GonogoDelivery", format!("x =3D {left}=\n{right} Resolved")).unwrap();
        assert!(!firing.resolved && firing.labels.is_none());
        assert!(!read("[FIRING:1] TicketsUnresolved", mark.clone()).unwrap().resolved);
        assert!(read("[RESOLVED] GonogoDelivery", mark.clone()).unwrap().resolved);
        assert!(read("[FIRING:1]", format!("{left} {right}")).is_none());
    }

    #[test]
    fn of_several_alerts_in_one_webhook_ours_counts() {
        let alert = alert();
        let body = serde_json::json!({ "receiver": "team", "status": "firing", "alerts": [
            { "status": "firing", "labels": { "alertname": "Other" } },
            { "status": "resolved", "labels": alert.labels },
        ]});
        let read = Notification::read(&arrived(None, body.to_string()), &alert).unwrap();
        assert!(read.resolved && read.labels.as_ref() == Some(&alert.labels));
        assert_eq!((read.alerts, read.receiver.as_deref()), (Some(2), Some("team")));
        let other = serde_json::json!({ "alerts": [{ "status": "firing", "labels": { "alertname": "GonogoDelivery" } }] });
        assert!(Notification::read(&arrived(None, other.to_string()), &alert).is_none());
    }
}
