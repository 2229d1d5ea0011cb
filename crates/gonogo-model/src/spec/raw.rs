//! The spec as written: one struct a YAML mapping. The JSON Schema is made from these types,
//! so their doc comments are what an editor shows.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::register::raw::{RawBlocker, RawChecklist, RawDecision, RawLaunch, RawPhase, RawSignOff};
use crate::amount::{Effort, Percent, Wait};
use crate::status::{Certainty, Severity};
use crate::yaml::{At, Node};

/// What must be true before launch.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "gonogo spec")]
pub struct RawSpec {
    /// The version of this format: 1.
    pub version: At<u32>,
    /// The system that is judged.
    pub system: At<String>,
    /// The environment that is judged unless `--env` names another. `production` refuses
    /// active and destructive probes unless `consent` names each.
    pub environment: Option<At<String>>,
    /// Changes per environment, laid over the rest of the spec.
    #[serde(default)]
    pub environments: BTreeMap<String, RawEnvironment>,
    /// The things that may be touched. What is not declared is never contacted.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, RawTarget>")]
    pub targets: BTreeMap<String, At<RawTarget>>,
    /// Groups of checks that run together, in the order of `needs`.
    #[serde(default)]
    #[schemars(with = "Vec<RawStage>")]
    pub stages: Vec<Node>,
    /// Scoring buckets. Their weights sum to 100.
    #[serde(default)]
    #[schemars(with = "Vec<RawCategory>")]
    pub categories: Vec<Node>,
    /// Ready-made checks from packs.
    #[serde(default)]
    #[schemars(with = "Vec<RawInclude>")]
    pub include: Vec<Node>,
    /// The requirements.
    #[serde(default)]
    #[schemars(with = "Vec<RawCheck>")]
    pub checks: Vec<Node>,
    /// Risks that are taken knowingly, until a date.
    #[serde(default)]
    #[schemars(with = "Vec<RawAcceptance>")]
    pub acceptances: Vec<Node>,
    /// Work that may come after launch, until a date, proven by a check.
    #[serde(default)]
    #[schemars(with = "Vec<RawCondition>")]
    pub conditions: Vec<Node>,
    /// What must go away before launch, each with an owner and the check that proves it is gone.
    #[serde(default)]
    #[schemars(with = "Vec<RawBlocker>")]
    pub blockers: Vec<Node>,
    /// What had or has to be decided, each with the check that it is implemented.
    #[serde(default)]
    #[schemars(with = "Vec<RawDecision>")]
    pub decisions: Vec<Node>,
    /// Lists of tasks, here or in a Markdown file, each task with the check that it is done.
    #[serde(default)]
    #[schemars(with = "Vec<RawChecklist>")]
    pub checklists: Vec<Node>,
    /// Parts of the way. Each opens when everything it needs holds.
    #[serde(default)]
    #[schemars(with = "Vec<RawPhase>")]
    pub phases: Vec<Node>,
    /// How it is launched: steps, rollback, monitoring.
    pub launch: Option<At<RawLaunch>>,
    /// Who must sign before the launch.
    pub sign_off: Option<At<RawSignOff>>,
    /// Thresholds of the verdict.
    pub policy: Option<RawPolicy>,
    /// How long looking may take.
    pub budget: Option<RawBudget>,
    /// What may be contacted beyond loopback, and which probes production allows.
    pub consent: Option<RawConsent>,
}

/// A thing that may be touched. Exactly one kind.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RawTarget {
    /// A base URL, such as http://127.0.0.1:8080.
    Http(At<String>),
    /// A connection URL, from the environment: "${DATABASE_URL}".
    Postgres(At<String>),
    /// A connection URL of MySQL or MariaDB, from the environment: "${MYSQL_URL}".
    Mysql(At<String>),
    /// A connection URL of Redis or Valkey, such as redis://127.0.0.1:6379.
    Redis(At<String>),
    /// A connection URL of NATS, such as nats://127.0.0.1:4222.
    Nats(At<String>),
    /// A connection URL of a broker that speaks AMQP 0-9-1, from the environment: "${AMQP_URL}".
    Amqp(At<String>),
    /// A bucket: endpoint and name, such as http://127.0.0.1:9000/files.
    S3(At<String>),
    /// A mail server, such as smtp://127.0.0.1:25.
    Smtp(At<String>),
    /// A TURN or STUN server, such as turn:127.0.0.1:3478.
    Turn(At<String>),
    /// A port whose protocol is not said, such as tcp://127.0.0.1:9000.
    Tcp(At<String>),
    /// A file or directory, relative to the spec.
    Path(At<String>),
    /// A running process: pid:1234 or pidfile:/run/app.pid.
    Process(At<String>),
    /// An address at which gonogo listens during the run in place of a service that the system
    /// calls, such as smtp://127.0.0.1:2525 or http://127.0.0.1:9099.
    Sink(At<String>),
}

/// A group of checks that run together.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawStage {
    /// Name in `stage:` and `needs:`.
    pub id: At<String>,
    /// What people call it.
    pub title: Option<String>,
    /// Stages that need this one are BLOCKED unless it passes.
    #[serde(default)]
    pub gate: bool,
    /// Whether the verdict needs it proven (default true).
    #[serde(default = "yes")]
    pub required: bool,
    /// The stages it comes after.
    #[serde(default)]
    pub needs: Vec<At<String>>,
    /// How long people expect it to take, for the critical path.
    pub takes: Option<Effort>,
}

/// A scoring bucket.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawCategory {
    /// Name in `category:`.
    pub id: At<String>,
    /// The question it answers.
    pub question: String,
    /// Its share of the score; all weights sum to 100.
    pub weight: At<u32>,
    /// Under this it is NO-GO.
    pub floor: Option<Percent>,
}

/// A pack of ready-made checks.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawInclude {
    /// The pack's name; `gonogo packs` lists them.
    pub pack: At<String>,
    /// The target its checks look at.
    pub target: Option<At<String>>,
    /// The category its checks score in.
    pub category: Option<At<String>>,
    /// The stage its checks run in.
    pub stage: Option<At<String>>,
    /// Put before the id of each check, for a pack that is included twice.
    pub prefix: Option<String>,
    /// Checks of the pack that do not apply here, each with a signed reason.
    #[serde(default)]
    pub disable: Vec<RawDisable>,
    /// Changes to checks of the pack, by id.
    #[serde(default, rename = "override")]
    pub change: BTreeMap<String, RawChange>,
}

/// A check of a pack that does not apply here.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawDisable {
    /// The check's id in the pack.
    pub check: At<String>,
    /// Why it does not apply.
    pub reason: String,
    /// Who says so.
    pub by: String,
}

/// One requirement.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawCheck {
    /// Name of the check, unique in the spec.
    pub id: At<String>,
    /// The sentence that must be true.
    pub title: Option<String>,
    /// The stage it runs in; needed when there are several.
    pub stage: Option<At<String>>,
    /// The category it scores in; needed when there are several.
    pub category: Option<At<String>>,
    /// The eye that looks; `gonogo probes` lists them.
    pub probe: Option<At<String>>,
    /// Parameters of the probe, and its `target`. Text may contain ${VARIABLE}.
    #[schemars(with = "Option<BTreeMap<String, crate::fact::Value>>")]
    pub with: Option<Node>,
    /// What must hold for the facts of every item, in CEL.
    pub expect: Option<At<String>>,
    /// What makes a failing item PARTIAL instead, in CEL.
    pub partial: Option<At<String>>,
    /// The fact, a text, that says in words what is wrong; reports print it as the cause.
    pub cause: Option<At<String>>,
    /// Instead of a probe: a person's statement.
    pub attest: Option<RawAttest>,
    /// How bad it is when it does not hold.
    pub severity: At<Severity>,
    /// How sure it is (default certain). A check that is only likely is a hint: it is listed apart
    /// and never weighs. Only with severity low or medium.
    pub certainty: Option<At<Certainty>>,
    /// Whether an acceptance may cover it (default true).
    #[serde(default = "yes")]
    pub waivable: bool,
    /// Checks with the same root cause make one finding together, `category/root_cause`.
    pub root_cause: Option<At<String>>,
    /// What it leads to when it does not hold.
    pub impact: Option<String>,
    /// What to do then.
    pub fix: Option<RawFix>,
    /// How old its evidence may be.
    pub max_age: Option<Wait>,
    /// How long the look may take.
    pub time_limit: Option<Wait>,
    /// Why it does not apply here, signed.
    pub not_applicable: Option<RawSigned>,
    /// What goes wrong while it looks: its place in the matrix of failures.
    pub scenario: Option<RawScenario>,
}

/// What goes wrong while a check looks, and what it looks at then.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawScenario {
    /// What goes wrong, such as `Redis is down`: the row.
    pub fault: At<String>,
    /// What must hold then, such as isolation or no data loss: the column.
    pub aspect: At<String>,
}

/// A change to a check, from an environment or an include.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawChange {
    /// Another sentence.
    pub title: Option<String>,
    /// Another probe; `with` then starts empty.
    pub probe: Option<At<String>>,
    /// Parameters that are added or replaced.
    #[schemars(with = "Option<BTreeMap<String, crate::fact::Value>>")]
    pub with: Option<Node>,
    /// Another assertion.
    pub expect: Option<At<String>>,
    /// Another partial assertion.
    pub partial: Option<At<String>>,
    /// Another severity.
    pub severity: Option<At<Severity>>,
    /// Another certainty: `certain` makes a hint weigh, `likely` makes a check a hint.
    pub certainty: Option<At<Certainty>>,
    /// Another age limit.
    pub max_age: Option<Wait>,
    /// Another time limit.
    pub time_limit: Option<Wait>,
    /// Why it does not apply here, signed.
    pub not_applicable: Option<RawSigned>,
}

/// What to do about an open problem.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawFix {
    /// What to do.
    #[serde(rename = "do")]
    pub text: String,
    /// A command to run.
    pub run: Option<String>,
    /// How long it takes: 10m, 2h..4h.
    pub effort: Option<Effort>,
    /// Who does it.
    pub owner: Option<String>,
}

/// A person's statement. Unsigned, the check is NOT RUN; past `expires`, STALE.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawAttest {
    /// What is stated.
    pub statement: String,
    /// Who states it.
    pub by: Option<String>,
    /// The day it was stated.
    pub on: Option<At<String>>,
    /// The last day it holds.
    pub expires: Option<At<String>>,
}

/// A signed reason.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawSigned {
    /// Why.
    pub reason: At<String>,
    /// Who says so.
    pub by: At<String>,
}

/// A risk that is taken knowingly.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawAcceptance {
    /// The finding: category/check/item or category/root_cause, as reports print it.
    pub finding: At<String>,
    /// Why the risk is taken.
    pub reason: At<String>,
    /// Who carries it.
    pub owner: At<String>,
    /// Who agreed; another person than the owner.
    pub approved_by: At<String>,
    /// The last day it holds.
    pub expires: At<String>,
    /// A check that watches the risk; the acceptance holds only while it passes.
    pub monitor: Option<At<String>>,
}

/// Work that may come after launch.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawCondition {
    /// Name of the condition.
    pub id: At<String>,
    /// What must be done.
    #[serde(rename = "do")]
    pub text: String,
    /// Who does it.
    pub owner: At<String>,
    /// The last day.
    pub due: At<String>,
    /// The check that proves it.
    pub check: At<String>,
    /// What happens when it is overdue, besides the NO-GO.
    pub overdue: Option<String>,
}

/// Thresholds of the verdict.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawPolicy {
    /// From this score GO (default 90%).
    pub go_at: Option<At<Percent>>,
    /// From this score CONDITIONAL GO (default 75%).
    pub conditional_at: Option<At<Percent>>,
    /// The most a category with an open high finding can score (default 75%).
    pub high_cap: Option<Percent>,
    /// What an ATTESTED check counts, at most 50% (default 50%).
    pub attested_counts: Option<At<Percent>>,
    /// Whether a blocker may be accepted (default false).
    pub accept_blockers: Option<bool>,
    /// How old evidence may be where the check does not say (default 24h).
    pub max_age: Option<Wait>,
}

/// How long looking may take.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawBudget {
    /// The whole run (default 10m).
    pub run: Option<Wait>,
    /// One look, where the check does not say (default 30s).
    pub look: Option<Wait>,
    /// Looks at the same time (default 8).
    pub parallel: Option<At<u32>>,
}

/// What may be contacted beyond loopback, and which probes production allows.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawConsent {
    /// Hosts, beyond loopback, that may be contacted: a name, an address or *.example.com.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// Destructive probes that may run, and in production active ones, by id.
    #[serde(default)]
    pub probes: Vec<At<String>>,
}

/// Changes for one environment.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawEnvironment {
    /// Targets that differ here.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, RawTarget>")]
    pub targets: BTreeMap<String, At<RawTarget>>,
    /// Checks that differ here, by id.
    #[serde(default)]
    pub checks: BTreeMap<String, At<RawChange>>,
    /// Thresholds that differ here.
    pub policy: Option<RawPolicy>,
    /// Limits that differ here.
    pub budget: Option<RawBudget>,
    /// Consent for this environment, instead of the spec's.
    pub consent: Option<RawConsent>,
}

/// A shipped set of checks for one kind of thing.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "gonogo pack")]
pub struct RawPack {
    /// The pack's name; also its file's.
    pub pack: At<String>,
    /// One line about it.
    pub title: String,
    /// The checks, without stage and category.
    #[schemars(with = "Vec<RawCheck>")]
    pub checks: Vec<Node>,
}

const fn yes() -> bool {
    true
}
