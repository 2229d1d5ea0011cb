//! `alerts/delivery`: a synthetic alert goes through a real Alertmanager, and gonogo takes the
//! notification in the place of whom it is for.

mod alert;
mod alertmanager;
mod notification;
mod params;

use std::time::Duration;

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, TargetParameter, fact};
use gonogo_model::fact::{Item, Location};
use tokio::time::Instant;

use self::alert::{Alert, Posted};
use self::alertmanager::{About, Alertmanager, Taken};
use self::notification::Notification;
use self::params::Params;
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::tools::sinks::{Arrived, Reply, Sink};

/// Sends an alert on its way.
pub(crate) struct Delivery;

impl Probe for Delivery {
    const ID: &'static str = "alerts/delivery";
    const TITLE: &'static str = "Whether an alert gets through Alertmanager to whom it is for, and how soon";
    const CLASS: Class = Class::Active;
    const TARGET: TargetNeed = TargetNeed::Required(&[TargetKind::Http]);
    const ALSO: &'static [TargetParameter] = &[TargetParameter { name: "sink", kinds: &[TargetKind::Sink] }];
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let target = context.others.get(&params.sink).filter(|other| other.kind == TargetKind::Sink);
        let target =
            target.ok_or_else(|| Unmeasured::because(format!("there is no sink `{}`", params.sink)))?;
        let alertmanager = Alertmanager::of(context, params.timeout.0)?;
        let sink = context.sinks.open(&target.address).await?;
        // Before anything is posted: whether this is an Alertmanager at all.
        let about = alertmanager.about().await?;
        sink.answer(Reply::default());
        let alert = Alert::of(&params)?;
        let item = Item::new("alert").read_at(Location::of(alertmanager.at()));
        Ok(Looked::item(sent(context, &params, &alertmanager, &sink, &alert, described(item, &about)).await?))
    }
}

const FACTS: &[FactInfo] = &[
    fact("accepted", FactType::Bool, "", "Whether Alertmanager took the alert; absent with `fires`."),
    fact("refusal", FactType::Text, "", "What it said instead; absent when it took it."),
    fact("arrived", FactType::Bool, "", "Whether a notification of the alert came to the sink in time."),
    fact(
        "took_ms",
        FactType::Int,
        "ms",
        "From the alert to the notification, with `fires` from the start of the look; absent when none came.",
    ),
    fact(
        "receiver",
        FactType::Text,
        "",
        "The receiver that the notification names; absent when none came or it names none, as mails do.",
    ),
    fact(
        "receivers",
        FactType::List,
        "",
        "The receivers that Alertmanager routes the alert to; absent when it does not list the alert.",
    ),
    fact(
        "grouped",
        FactType::Int,
        "",
        "How many alerts the notification holds; absent when none came or it does not say, as mails do.",
    ),
    fact(
        "labels_kept",
        FactType::Bool,
        "",
        "Whether all labels of the alert stand in the notification as they were; absent when none came or it does not say, as mails do.",
    ),
    fact(
        "to",
        FactType::List,
        "",
        "Whom the mail is for, or the path of the request; absent when none came.",
    ),
    fact(
        "resolved_arrived",
        FactType::Bool,
        "",
        "Whether the notification of its end came too; absent without `resolved` and when none came before.",
    ),
    fact(
        "resolved_ms",
        FactType::Int,
        "ms",
        "From the end of the alert to that notification; absent when it did not come.",
    ),
    fact(
        "state",
        FactType::Text,
        "",
        "`active`, `suppressed` or `unprocessed`, as Alertmanager has it when the wait is over; absent when it does not list the alert.",
    ),
    fact("silenced", FactType::Bool, "", "Whether a silence suppresses it; absent in the same case."),
    fact("inhibited", FactType::Bool, "", "Whether another alert suppresses it; absent in the same case."),
    fact("version", FactType::Text, "", "Version of Alertmanager as it states it."),
    fact(
        "cluster",
        FactType::Text,
        "",
        "State of its cluster: `ready`, `settling`, or `disabled` for one that is alone.",
    ),
    fact("peers", FactType::Int, "", "Members of its cluster, itself among them; 0 for one that is alone."),
];

fn described(item: Item, about: &About) -> Item {
    item.fact_if_known("version", about.version.clone())
        .fact_if_known("cluster", about.cluster.clone())
        .fact("peers", about.peers)
}

/// Posts the alert, waits for it, ends it, and waits for that.
async fn sent(
    context: &Context,
    params: &Params,
    alertmanager: &Alertmanager,
    sink: &Sink,
    alert: &Alert,
    item: Item,
) -> Result<Item, Unmeasured> {
    let (since, started) = (sink.next(), Instant::now());
    let mut posted = Posted::nothing(&context.afterwards, alertmanager);
    let item = match alert.body(params.within.0) {
        None => item,
        Some(body) => match posted.post(alert, &body).await? {
            Taken::Accepted => item.fact("accepted", true),
            Taken::Refused(why) => {
                let item = item.fact("accepted", false).fact("refusal", why);
                return Ok(item.fact("arrived", false));
            }
        },
    };
    let firing = awaited(sink, alert, since, params.within.0, false).await;
    let listed = alertmanager.listed(&alert.filters()).await?;
    let item = match &listed {
        Some(listed) => item
            .fact("receivers", listed.receivers.clone())
            .fact("state", listed.state.clone())
            .fact("silenced", listed.silenced)
            .fact("inhibited", listed.inhibited),
        None => item,
    };
    let item = item.fact("arrived", firing.is_some());
    let ended = Instant::now();
    posted.end().await?;
    let Some((arrived, notification)) = firing else { return Ok(item) };
    let item = told(item.fact("took_ms", millis(arrived.at, started)), &arrived, notification, alert);
    if !params.resolved {
        return Ok(item);
    }
    let resolved = awaited(sink, alert, arrived.number + 1, params.within.0, true).await;
    Ok(item
        .fact("resolved_arrived", resolved.is_some())
        .fact_if_known("resolved_ms", resolved.map(|(arrived, _)| millis(arrived.at, ended))))
}

fn told(item: Item, arrived: &Arrived, notification: Notification, alert: &Alert) -> Item {
    let kept = notification
        .labels
        .map(|found| alert.labels.iter().all(|(name, value)| found.get(name) == Some(value)));
    item.fact("to", arrived.to.clone())
        .fact_if_known("labels_kept", kept)
        .fact_if_known("receiver", notification.receiver)
        .fact_if_known("grouped", notification.alerts)
}

/// The first notification of the alert, of its start or of its end.
async fn awaited(
    sink: &Sink,
    alert: &Alert,
    since: u64,
    within: Duration,
    resolved: bool,
) -> Option<(Arrived, Notification)> {
    let read = |arrived: &Arrived| {
        Notification::read(arrived, alert).filter(|notification| notification.resolved == resolved)
    };
    let arrived = sink.first(since, Instant::now() + within, |arrived| read(arrived).is_some()).await?;
    let notification = read(&arrived)?;
    Some((arrived, notification))
}

fn millis(later: Instant, earlier: Instant) -> u64 {
    u64::try_from(later.saturating_duration_since(earlier).as_millis()).unwrap_or(u64::MAX)
}
