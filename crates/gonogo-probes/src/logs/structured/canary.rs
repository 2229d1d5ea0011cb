//! Values that must not be in a log, found in every form in which they may stand there. The values
//! never leave this room.

use crate::context::Context;
use crate::probe::Unmeasured;
use crate::redact::Redactor;

/// A shorter value is found in words that have nothing to do with it.
const SHORTEST: usize = 6;

/// A value that must not be in a log.
pub(super) struct Canary {
    pub(super) name: String,
    /// It takes out exactly this value, so what it changes has it.
    finder: Redactor,
}

impl Canary {
    pub(super) fn new(name: &str, value: &str) -> Result<Canary, Unmeasured> {
        if value.len() < SHORTEST {
            return Err(Unmeasured::because(format!(
                "the value of `{name}` has less than {SHORTEST} bytes and would be found everywhere; choose a longer one"
            )));
        }
        let finder = Redactor::default();
        finder.learn(name, value);
        Ok(Canary { name: name.to_owned(), finder })
    }

    /// Whether a line has it: as it is, in JSON, percent-encoding, base64 or hex.
    pub(super) fn is_in(&self, line: &str) -> bool {
        self.finder.redact_known(line) != line
    }
}

/// The values of environment variables.
pub(super) fn of_environment(context: &Context, names: &[String]) -> Result<Vec<Canary>, Unmeasured> {
    let of = |name: &String| {
        let value = context.environment.get(name).ok_or_else(|| {
            Unmeasured::because(format!(
                "the variable `{name}` is not set, so its value cannot be looked for; set it"
            ))
        })?;
        context.secrets.learn(name, value);
        Canary::new(name, value)
    };
    names.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_in_every_form() {
        let canary = Canary::new("password", "kestrel/meadow 7").unwrap();
        for line in ["x kestrel/meadow 7 y", "p=kestrel%2Fmeadow%207", r#"{"p":"a2VzdHJlbC9tZWFkb3cgNw=="}"#]
        {
            assert!(canary.is_in(line), "{line}");
        }
        assert!(!canary.is_in("kestrel meadow, password=other-secret"));
        assert!(Canary::new("short", "abc").is_err());
    }
}
