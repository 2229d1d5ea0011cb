//! How a made-up series may behave: stand at a value, rise, fall, go up and down, be missing. It
//! knows no labels.

use std::time::Duration;

/// How a series behaves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Behaviour {
    /// It stands at this value.
    At(f64),
    /// It begins here and changes by so much a second.
    Moves(f64, f64),
    /// It goes up and down by so much at every step.
    Flaps(f64),
    /// It is not there.
    Missing,
}

impl Behaviour {
    /// In promtool's notation: the values of so many steps.
    pub(super) fn values(self, step: Duration, steps: u64) -> Option<String> {
        match self {
            Behaviour::At(value) => Some(format!("{value}x{steps}")),
            Behaviour::Moves(from, slope) => {
                let by = slope * step.as_secs_f64();
                let sign = if by < 0.0 { '-' } else { '+' };
                Some(format!("{from}{sign}{}x{steps}", by.abs()))
            }
            Behaviour::Flaps(by) => {
                let pair = format!("0 {by} ");
                Some(pair.repeat(usize::try_from(steps / 2).unwrap_or(0)).trim_end().to_owned())
            }
            Behaviour::Missing => None,
        }
    }
}

/// What is asked of a series in an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// Its value, also over a time.
    Value,
    /// How fast it rises.
    Rate(Duration),
    /// How it changes: `delta`, `deriv`, `predict_linear`.
    Change(Duration),
    /// How often it changes.
    Changes,
    /// Whether it is there at all.
    Absence,
}

/// What a series may do, the likeliest to matter first. `numbers` stand in the expression.
pub(super) fn behaviours(asked: Asked, numbers: &[f64]) -> Vec<Behaviour> {
    let around: Vec<f64> =
        numbers.iter().flat_map(|n| [n * 2.0 + 1.0, n / 2.0, *n, n * 2.0, n - 1.0, n * 0.99, -n]).collect();
    let mut found = match asked {
        Asked::Value => {
            let mut found = vec![Behaviour::At(0.0), Behaviour::At(1.0)];
            found.extend(around.iter().map(|value| Behaviour::At(*value)));
            found.extend([1e10, -1e10, 100.0, 0.01].map(Behaviour::At));
            found
        }
        Asked::Rate(range) => {
            let mut found = vec![Behaviour::At(0.0), Behaviour::Moves(0.0, 10.0)];
            let whole = range.as_secs_f64().max(1.0);
            let slopes =
                around.iter().filter(|value| **value > 0.0).flat_map(|value| [*value, value / whole]);
            found.extend(slopes.map(|slope| Behaviour::Moves(0.0, slope)));
            found.extend([0.01, 1000.0].map(|slope| Behaviour::Moves(0.0, slope)));
            found
        }
        Asked::Change(range) => {
            let mut found =
                vec![Behaviour::At(1e6), Behaviour::Moves(1e6, -1000.0), Behaviour::Moves(0.0, 1000.0)];
            let whole = range.as_secs_f64().max(1.0);
            found.extend(
                around
                    .iter()
                    .flat_map(|value| [*value, value / whole])
                    .map(|slope| Behaviour::Moves(1e6, slope)),
            );
            found
        }
        Asked::Changes => {
            let mut found = vec![Behaviour::At(0.0), Behaviour::Flaps(5.0)];
            found.extend(around.iter().map(|value| Behaviour::At(*value)));
            found
        }
        Asked::Absence => vec![Behaviour::At(1.0), Behaviour::Missing],
    };
    let mut kept: Vec<Behaviour> = Vec::new();
    found.retain(|one| {
        let is_new = !kept.contains(one);
        kept.push(*one);
        is_new
    });
    found
}
