//! Who walks: tiers of users, each with its flow, its share and its pace, as written and as checked.
//! It knows no rate and no network.

use gonogo_load::Flow;
use gonogo_load::plan::{Pace, Tier};
use gonogo_model::amount::Wait;
use gonogo_model::flow::{Action, Identities, Step};
use schemars::JsonSchema;
use serde::Deserialize;

use super::data::WrittenData;
use super::rate::Pause;
use super::scope::{Kind, Told};

const MOST_TIERS: usize = 20;
const MOST_STEPS: usize = 200;

/// A tier, as written.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(super) struct WrittenTier {
    /// Its name, one word. It may be left out where there is one tier.
    name: Option<String>,
    /// Its share of all users or starts, in proportion to the others': 60, 30 and 10. Without it, 1.
    share: Option<u64>,
    /// How many users it has, instead of a share, where no `rate` is said.
    users: Option<u64>,
    /// Who they are, and what each does once, before its first walk.
    #[serde(default)]
    identities: Identities,
    /// What they do in each walk, in order, as in `flow/journey`.
    steps: Vec<Step>,
    /// Rows that are dealt out to users, one to each: `{{data.email}}`.
    #[serde(default)]
    data: WrittenData,
    /// How long each thinks between one walk and the next, such as `1s..3s`. Without it, not at all.
    think: Option<Pause>,
    /// How often each starts a walk, instead of `think`: from start to start, whatever the walk takes.
    every: Option<Wait>,
}

/// All tiers.
#[derive(Debug, Clone)]
pub(super) struct Tiers {
    all: Vec<One>,
    /// How many users all have, where each says it.
    pub(super) users: Option<u64>,
    /// Whether a tier says how often its users walk.
    pub(super) paced: bool,
}

#[derive(Debug, Clone)]
struct One {
    tier: Tier,
    identities: Identities,
    steps: Vec<Step>,
    data: WrittenData,
}

impl TryFrom<Vec<WrittenTier>> for Tiers {
    type Error = String;

    fn try_from(written: Vec<WrittenTier>) -> Result<Tiers, String> {
        if written.is_empty() || written.len() > MOST_TIERS {
            return Err(format!("there are 1 to {MOST_TIERS} tiers; here are {}", written.len()));
        }
        let alone = written.len() == 1;
        let each = written.iter().filter(|tier| tier.users.is_some()).count();
        if each > 0 && (each < written.len() || written.iter().any(|tier| tier.share.is_some())) {
            return Err("either every tier has `users`, or each a `share`; write one of them".to_owned());
        }
        let users = written.iter().map(|tier| tier.users.unwrap_or(0)).try_fold(0_u64, u64::checked_add);
        let paced = written.iter().any(|tier| tier.think.is_some() || tier.every.is_some());
        let all = written.into_iter().map(|tier| tier.read(alone)).collect::<Result<Vec<One>, String>>()?;
        for (at, one) in all.iter().enumerate() {
            if all[..at].iter().any(|before| before.tier.name == one.tier.name) {
                return Err(format!("there are two tiers `{}`", one.tier.name));
            }
        }
        Ok(Tiers { all, users: users.filter(|_| each > 0), paced })
    }
}

impl WrittenTier {
    fn read(self, alone: bool) -> Result<One, String> {
        let name = match self.name {
            Some(name) => name,
            None if alone => "users".to_owned(),
            None => return Err("each tier has a `name` where there are several".to_owned()),
        };
        let is_word = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        if name.is_empty() || name == "all" || !name.chars().all(is_word) {
            return Err(format!("`{name}` is no name of a tier; write one word such as `free`"));
        }
        let said = |why: String| format!("tier `{name}`: {why}");
        if self.steps.is_empty() || self.steps.len() + self.identities.sign_up.len() > MOST_STEPS {
            return Err(said(format!(
                "a walk has 1 to {MOST_STEPS} steps; this one has {}",
                self.steps.len()
            )));
        }
        self.identities.check(&self.steps).map_err(said)?;
        self.data.check().map_err(said)?;
        let pace = pace(self.think, self.every).map_err(said)?;
        let share = self.users.or(self.share).unwrap_or(1);
        let tier = Tier { name, share, pace };
        Ok(One { tier, identities: self.identities, steps: self.steps, data: self.data })
    }
}

fn pace(think: Option<Pause>, every: Option<Wait>) -> Result<Pace, String> {
    match (think, every) {
        (Some(_), Some(_)) => Err("a user thinks, or starts `every` so often; write one of them".to_owned()),
        (None, Some(every)) => match u64::try_from(every.0.as_millis()) {
            Ok(ms) if ms > 0 => Ok(Pace::Every { ms }),
            _ => Err("`every` is at least 1ms; to go on at once, leave it out".to_owned()),
        },
        (Some(Pause { least_ms, most_ms }), None) => Ok(Pace::Think { least_ms, most_ms }),
        (None, None) => Ok(Pace::Think { least_ms: 0, most_ms: 0 }),
    }
}

impl Tiers {
    /// Them, as a plan has them.
    pub(super) fn planned(&self) -> Vec<Tier> {
        self.all.iter().map(|one| one.tier.clone()).collect()
    }

    /// What each step is, tier by tier, in the order in which a user does them.
    pub(super) fn told(&self) -> Vec<Vec<Told>> {
        let of_tier = |one: &One| {
            let once = one.identities.users.iter().flat_map(|_| &one.identities.sign_up);
            let once = once.map(|step| Told { kind: kind(step), once: true });
            once.chain(one.steps.iter().map(|step| Told { kind: kind(step), once: false })).collect()
        };
        self.all.iter().map(of_tier).collect()
    }

    /// What each of them does. Reading rows may fail.
    pub(super) fn flows<E>(
        &self,
        read: impl Fn(&WrittenData) -> Result<gonogo_load::Data, E>,
    ) -> Result<Vec<Flow>, E> {
        let flow = |one: &One| {
            Ok(Flow { identities: one.identities.clone(), steps: one.steps.clone(), data: read(&one.data)? })
        };
        self.all.iter().map(flow).collect()
    }
}

fn kind(step: &Step) -> Kind {
    match step.action {
        Action::Request { .. } => Kind::Request,
        Action::Wait(_) => Kind::Wait,
        _ => Kind::Other,
    }
}
