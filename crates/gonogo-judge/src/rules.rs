//! The verdict function: fifteen questions asked top-down, the first yes decides. It knows no
//! check, no score and no date, only the answers.

use gonogo_model::verdict::{Call, Rule};

/// The answer to each rule of the verdict function: whether it applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Signals([bool; Rule::ALL.len()]);

impl Signals {
    /// The signals with exactly these rules applying.
    pub fn of(rules: impl IntoIterator<Item = Rule>) -> Signals {
        let mut signals = Signals::default();
        for rule in rules {
            signals.0[rule as usize] = true;
        }
        signals
    }

    /// Whether `rule` applies.
    pub fn applies(&self, rule: Rule) -> bool {
        self.0[rule as usize]
    }
}

/// The verdict: what the first rule that applies says, and GO when none does.
pub fn call(signals: &Signals) -> Call {
    Rule::ALL.into_iter().find(|rule| signals.applies(*rule)).map_or(Call::Go, Rule::call)
}
