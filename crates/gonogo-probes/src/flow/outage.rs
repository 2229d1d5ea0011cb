//! `flow/outage`: takes something away, walks through the system meanwhile and afterwards, and sees
//! what people get. It knows no dependency by name.

use std::sync::Arc;
use std::time::{Duration, Instant};

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, TargetParameter, fact};
use gonogo_model::fact::{Item, Location};

use self::params::Params;
use super::cleanup::Cleanup;
use super::ground::Ground;
use super::walk::{Stumble, Walk};
use crate::context::{Context, Target};
use crate::outage::Outage;
use crate::probe::{Looked, Probe, Unmeasured};

mod emptied;
mod params;

/// What can be taken away.
const KINDS: &[TargetKind] = &[
    TargetKind::Process,
    TargetKind::Path,
    TargetKind::Tcp,
    TargetKind::Http,
    TargetKind::Postgres,
    TargetKind::Mysql,
    TargetKind::Redis,
    TargetKind::Nats,
    TargetKind::Amqp,
    TargetKind::S3,
    TargetKind::Smtp,
];

/// Walks while something is away.
pub(crate) struct DuringOutage;

impl Probe for DuringOutage {
    const ID: &'static str = "flow/outage";
    const TITLE: &'static str = "What users get while something is away, and when it is back";
    const CLASS: Class = Class::Destructive;
    const TARGET: TargetNeed = TargetNeed::Required(&[TargetKind::Http]);
    const ALSO: &'static [TargetParameter] = &[
        TargetParameter { name: "dependency", kinds: KINDS },
        TargetParameter { name: "forgets", kinds: &[TargetKind::Redis] },
        TargetParameter { name: "others", kinds: &[TargetKind::Http, TargetKind::Sink] },
    ];
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let dependency = context.others.get(&params.dependency).ok_or_else(|| {
            Unmeasured::because(format!("there is no target `{}`; declare it", params.dependency))
        })?;
        // Only what steps may name is ground; the dependency itself is not walked to by accident.
        let ground = Arc::new(Ground::of(context).await?);
        let mut walk = Walk::new(ground, &params.identities)?;
        let bearer = params.identities.bearer.clone();
        let cleanup = Cleanup::of(&walk, bearer, params.cleanup.clone(), Arc::clone(&context.afterwards));
        let mut seen = Seen::default();
        let looked = see(context, dependency, &params, &mut walk, &mut seen).await;
        drop(walk);
        let left = cleanup.now().await;
        looked?;
        let at = context.target.as_ref().map(|target| target.address.clone()).unwrap_or_default();
        let item = Item::new(format!("without {}", dependency.name));
        let item = item.read_at(Location::of(context.secrets.redact(&at).into_owned()));
        Ok(Looked::item(said(item, &params, &seen, left.as_ref())))
    }
}

/// What came of the three parts.
#[derive(Default)]
struct Seen {
    before: Option<Stumble>,
    fault: Option<&'static str>,
    during: Option<Stumble>,
    during_took: Duration,
    after: Option<Stumble>,
    after_took: Duration,
}

async fn see(
    context: &Context,
    dependency: &Target,
    params: &Params,
    walk: &mut Walk,
    seen: &mut Seen,
) -> Result<(), Unmeasured> {
    let before = async {
        walk.sign_up(&params.identities).await?;
        walk.steps(&params.before).await
    };
    seen.before = before.await.err();
    if let Some(stumble) = &seen.before {
        // Nothing is broken that is broken already.
        return match stumble.unreachable {
            true => Err(Unmeasured::because(stumble.why.clone())),
            false => Ok(()),
        };
    }
    if let Some(name) = &params.forgets {
        emptied::empty(context, name).await?;
    }
    let fault = Outage::begin(context, dependency, params.commands.as_ref()).await?;
    let started = Instant::now();
    seen.during = walk.steps(&params.during).await.err();
    seen.during_took = started.elapsed();
    fault.must_be_active().await?;
    seen.fault = Some(fault.name());
    fault.end().await?;
    let started = Instant::now();
    seen.after = walk.steps(&params.after).await.err();
    seen.after_took = started.elapsed();
    Ok(())
}

const FACTS: &[FactInfo] = &[
    fact("passed", FactType::Bool, "", "Whether every step before, during and after did what it must."),
    fact("well_before", FactType::Bool, "", "Whether the steps before did; else nothing is broken."),
    fact(
        "fault",
        FactType::Text,
        "",
        "`stalled`: the process stood still. `moved`: the folder was moved aside. `stopped`: by the command. Absent when nothing was broken.",
    ),
    fact(
        "fault_active",
        FactType::Bool,
        "",
        "Whether it was shown to be away until the last step of `during`.",
    ),
    fact(
        "during_passed",
        FactType::Bool,
        "",
        "Whether the steps meanwhile did what they must; absent when nothing was broken.",
    ),
    fact("during_ms", FactType::Int, "ms", "How long they took."),
    fact(
        "after_passed",
        FactType::Bool,
        "",
        "Whether the steps afterwards did; absent when nothing was broken.",
    ),
    fact("after_ms", FactType::Int, "ms", "How long they took."),
    fact(
        "failed_part",
        FactType::Text,
        "",
        "`before`, `during` or `after`, the first that failed; absent when none did.",
    ),
    fact("failed_step", FactType::Text, "", "The step that failed there."),
    fact(
        "error",
        FactType::Text,
        "",
        "What happened there, with the part and the step; absent when nothing did.",
    ),
    fact("cleaned_up", FactType::Bool, "", "Whether the clean-up could be done."),
    fact("left_behind", FactType::Text, "", "Why something could not be cleaned up; absent when all was."),
];

fn said(item: Item, params: &Params, seen: &Seen, left: Option<&Stumble>) -> Item {
    let parts = [("before", &seen.before), ("during", &seen.during), ("after", &seen.after)];
    let failed = parts.into_iter().find_map(|(part, stumble)| Some((part, stumble.as_ref()?)));
    let words = |stumble: &Stumble| format!("{}: {}", stumble.step, stumble.why);
    let broke = seen.fault.is_some();
    let item = item
        .fact("passed", broke && failed.is_none())
        .fact("well_before", seen.before.is_none())
        .fact("fault_active", broke)
        .fact_if_known("fault", seen.fault)
        .fact_if_known("during_passed", broke.then_some(seen.during.is_none()))
        .fact_if_known("during_ms", broke.then(|| millis(seen.during_took)))
        .fact_if_known("after_passed", (broke && !params.after.is_empty()).then_some(seen.after.is_none()))
        .fact_if_known("after_ms", broke.then(|| millis(seen.after_took)));
    item.fact_if_known("failed_part", failed.map(|(part, _)| part))
        .fact_if_known("failed_step", failed.map(|(_, stumble)| stumble.step.clone()))
        .fact_if_known("error", failed.map(|(part, stumble)| format!("{part}: {}", words(stumble))))
        .fact("cleaned_up", left.is_none())
        .fact_if_known("left_behind", left.map(words))
}

fn millis(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}
