//! `push/delivery`: makes a system notify somebody, and takes the notification in the place of the
//! provider.

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, TargetParameter, fact};
use gonogo_model::fact::{Item, Value};

use crate::context::Context;
use crate::flow::stimulus::{Delivered, Stimulus, is_authorized};
use crate::probe::{Looked, Probe, Unmeasured};
use crate::tools::sinks::Arrived;

/// Takes a notification.
pub(crate) struct Delivery;

impl Probe for Delivery {
    const ID: &'static str = "push/delivery";
    const TITLE: &'static str = "Whether a notification is handed to the provider, and how often";
    const CLASS: Class = Class::Active;
    const TARGET: TargetNeed = TargetNeed::Required(&[TargetKind::Http]);
    const ALSO: &'static [TargetParameter] = &[
        TargetParameter { name: "sink", kinds: &[TargetKind::Sink] },
        TargetParameter { name: "others", kinds: &[TargetKind::Http, TargetKind::Sink] },
    ];
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Stimulus;

    async fn look(context: &Context, params: Stimulus) -> Result<Looked, Unmeasured> {
        let delivered = params.give(context).await?;
        let mut looked = Looked::item(item("push", &delivered));
        if let Some(refused) = params.give_refused(context).await? {
            looked.items.push(item("refused", &refused));
        }
        Ok(looked)
    }
}

const FACTS: &[FactInfo] = &[
    fact("triggered", FactType::Bool, "", "Whether every step did what it must."),
    fact("error", FactType::Text, "", "The step that did not, and what came instead; absent when all did."),
    fact(
        "delivered",
        FactType::Bool,
        "",
        "Whether the notification came in time; of `refused`, whether it was tried at all.",
    ),
    fact(
        "delivery_ms",
        FactType::Int,
        "ms",
        "From the last step to the notification; absent when none came.",
    ),
    fact(
        "count",
        FactType::Int,
        "",
        "How many such notifications came until the end of the watch; of `refused`, the tries.",
    ),
    fact("others", FactType::Int, "", "How many other requests came to the sink meanwhile."),
    fact("path", FactType::Text, "", "The path that the first one asked for, without its query."),
    fact("authorized", FactType::Bool, "", "Whether it carries a credential: Authorization or an API key."),
    fact("json", FactType::Bool, "", "Whether its body is a JSON object."),
    fact("fields", FactType::List, "", "The names in that object, in order; the values are not kept."),
    fact("body_bytes", FactType::Int, "bytes", "The size of its body; providers take 4 KiB."),
];

fn item(key: &str, delivered: &Delivered) -> Item {
    let error = delivered.stumble.as_ref().map(|stumble| format!("{}: {}", stumble.step, stumble.why));
    let item = Item::new(key)
        .fact("triggered", error.is_none())
        .fact_if_known("error", error)
        .fact("delivered", !delivered.arrived.is_empty())
        .fact_if_known(
            "delivery_ms",
            delivered.took.map(|took| u64::try_from(took.as_millis()).unwrap_or(u64::MAX)),
        )
        .fact("count", delivered.arrived.len())
        .fact("others", delivered.others);
    match delivered.arrived.first() {
        Some(push) => with_push(item, push),
        None => item,
    }
}

fn with_push(item: Item, push: &Arrived) -> Item {
    let body: Value = serde_json::from_str(&push.body).unwrap_or_default();
    let fields: Vec<String> = body.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect();
    let path = push.to.first().map(|path| path.split('?').next().unwrap_or_default().to_owned());
    item.fact_if_known("path", path)
        .fact("authorized", is_authorized(&push.headers))
        .fact("json", body.is_object())
        .fact("fields", fields)
        .fact("body_bytes", push.body.len())
}
