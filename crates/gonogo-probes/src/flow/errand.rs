//! Something that is done to a system so that others can see what comes of it: a count that moves,
//! a line in a log, a mail. It is written as the steps of a flow; what to look for is for others.

use std::sync::Arc;

use gonogo_model::fact::Value;
use gonogo_model::flow::{Identities, Step, Text};
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::time::Instant;

use super::ground::Ground;
use super::memory::random_text;
use super::walk::{Stumble, Walk};
use crate::context::{Context, Target};
use crate::probe::Unmeasured;

const MOST_STEPS: usize = 100;
const MOST_TIMES: u32 = 1_000;

/// What is done. Its texts may hold `{{marker}}`, `{{trace}}` and what users have.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
#[schemars(with = "Written")]
pub(crate) struct Errand(Written);

/// What is done, step by step.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
struct Written {
    /// The synthetic people who act.
    #[serde(default)]
    identities: Identities,
    /// What is done, in order, as in `flow/journey`. `{{marker}}` is a word, and `{{trace}}` a trace
    /// id of 32 hex digits, that no look had before.
    steps: Vec<Step>,
    /// How often, 1 to 1,000.
    #[serde(default = "once")]
    #[schemars(range(min = 1, max = 1_000))]
    times: u32,
}

fn once() -> u32 {
    1
}

impl TryFrom<Written> for Errand {
    type Error = String;

    fn try_from(written: Written) -> Result<Errand, String> {
        if written.steps.is_empty() || written.steps.len() > MOST_STEPS {
            return Err(format!(
                "a stimulus has 1 to {MOST_STEPS} steps; this one has {}",
                written.steps.len()
            ));
        }
        if !(1..=MOST_TIMES).contains(&written.times) {
            return Err(format!("`times` is {}; write 1 to {MOST_TIMES}", written.times));
        }
        written.identities.check(&written.steps)?;
        Ok(Errand(written))
    }
}

/// What came of doing it.
pub(crate) struct Stirred {
    walk: Walk,
    /// When its last round began; people were made before.
    pub(crate) began: Instant,
    /// How many rounds were done whole.
    pub(crate) rounds: u32,
    /// Why it was not done whole.
    pub(crate) stumble: Option<Stumble>,
}

/// An errand of which one step is left.
pub(crate) struct Begun<'e> {
    stirred: Stirred,
    last: &'e [Step],
}

impl Begun<'_> {
    /// Does the last step.
    pub(crate) async fn last(mut self) -> Stirred {
        self.stirred.began = Instant::now();
        match self.stirred.walk.steps(self.last).await {
            Ok(()) => self.stirred.rounds = self.stirred.rounds.saturating_add(1),
            Err(stumble) => self.stirred.stumble = Some(stumble),
        }
        self.stirred
    }
}

impl Errand {
    /// Does it to the target of the look.
    pub(crate) async fn at_target(&self, context: &Context) -> Result<Stirred, Unmeasured> {
        self.on(Ground::of(context).await?).await
    }

    /// Does it to another target.
    pub(crate) async fn at(&self, context: &Context, target: &Target) -> Result<Stirred, Unmeasured> {
        self.on(Ground::around(context, target).await?).await
    }

    /// Does all of it to another target but its very last step.
    ///
    /// # Errors
    /// When that could not be done.
    pub(crate) async fn but_the_last(
        &self,
        context: &Context,
        target: &Target,
    ) -> Result<Begun<'_>, Unmeasured> {
        let mut stirred = self.begin(Ground::around(context, target).await?)?;
        let (first, last) = self.0.steps.split_at(self.0.steps.len().saturating_sub(1));
        let done = async {
            stirred.walk.sign_up(&self.0.identities).await?;
            for _ in 1..self.0.times {
                stirred.walk.steps(&self.0.steps).await?;
                stirred.rounds = stirred.rounds.saturating_add(1);
            }
            stirred.walk.steps(first).await
        };
        match done.await {
            Ok(()) => Ok(Begun { stirred, last }),
            Err(stumble) => Err(Unmeasured::because(format!("{}: {}", stumble.step, stumble.why))),
        }
    }

    /// A stimulus that reaches nobody has not been given.
    async fn on(&self, ground: Ground) -> Result<Stirred, Unmeasured> {
        let mut stirred = self.begin(ground)?;
        stirred.stumble = self.all(&mut stirred).await.err();
        match &stirred.stumble {
            Some(stumble) if stumble.unreachable && stirred.walk.done == 0 => {
                Err(Unmeasured::because(stumble.why.clone()))
            }
            _ => Ok(stirred),
        }
    }

    fn begin(&self, ground: Ground) -> Result<Stirred, Unmeasured> {
        let ground = Arc::new(ground);
        let secrets = Arc::clone(&ground.secrets);
        let walk = Walk::new(ground, &self.0.identities)?;
        let trace =
            random_text(16).map_err(|error| Unmeasured::because(format!("no randomness: {error}")))?;
        let marker = walk.memory().find(None, "unique").unwrap_or_default();
        walk.memory().keep(None, "marker", marker, &secrets);
        walk.memory().keep(None, "trace", Value::String(trace), &secrets);
        Ok(Stirred { walk, began: Instant::now(), rounds: 0, stumble: None })
    }

    async fn all(&self, stirred: &mut Stirred) -> Result<(), Stumble> {
        stirred.walk.sign_up(&self.0.identities).await?;
        for _ in 0..self.0.times {
            stirred.began = Instant::now();
            stirred.walk.steps(&self.0.steps).await?;
            stirred.rounds = stirred.rounds.saturating_add(1);
        }
        Ok(())
    }
}

impl Stirred {
    /// The word that nothing had before.
    pub(crate) fn marker(&self) -> String {
        self.walk
            .memory()
            .find(None, "marker")
            .and_then(|marker| marker.as_str().map(str::to_owned))
            .unwrap_or_default()
    }

    /// A text with the names in it filled in; an error names what nobody captured.
    pub(crate) fn filled(&self, text: &Text) -> Result<String, Unmeasured> {
        let memory = self.walk.memory();
        text.fill(|name| memory.find(None, name), str::to_owned).map_err(|unknown| {
            Unmeasured::because(match &self.stumble {
                Some(stumble) => {
                    format!("{unknown}, because the stimulus stopped at `{}`: {}", stumble.step, stumble.why)
                }
                None => format!("{unknown}; capture it in a step of the stimulus"),
            })
        })
    }

    /// The status of the last answer.
    pub(crate) fn status(&self) -> Option<u16> {
        self.walk.status
    }

    /// Why it was not done whole, in a sentence.
    pub(crate) fn trouble(&self) -> Option<String> {
        self.stumble.as_ref().map(|stumble| format!("{}: {}", stumble.step, stumble.why))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn what_cannot_be_done_is_refused_with_the_reason() {
        let read = |written: Value| serde_json::from_value::<Errand>(written).map_err(|e| e.to_string());
        assert!(read(json!({"steps": [{"get": "/{{marker}}"}], "times": 3})).is_ok());
        for (wrong, said) in [
            (json!({"steps": []}), "1 to 100 steps"),
            (json!({"steps": [{"get": "/"}], "times": 0}), "1 to 1000"),
            (json!({"steps": [{"get": "/", "as": "ana"}]}), "no user `ana`"),
            (json!({"steps": [{"get": "/"}], "expect": 1}), "expect"),
        ] {
            let error = read(wrong.clone()).unwrap_err();
            assert!(error.contains(said), "{wrong}: {error}");
        }
    }
}
