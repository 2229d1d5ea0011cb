//! Replacing `${VARIABLE}` in targets and parameters just before a look, and making known to
//! the redactor what must not be seen again.

use gonogo_model::fact::Value;
use gonogo_model::spec::{self, Proof, Spec, Template};
use gonogo_probes::{Environment, Redactor, Target};

/// Makes every variable known that the spec refers to, before the first look: what is learned
/// later does not go out of records that are already written.
pub(super) fn learn(spec: &Spec, environment: &Environment, secrets: &Redactor) {
    secrets.learn_environment(environment);
    for address in spec.targets.values() {
        // An address that cannot be resolved is the look's own error, with the check's name.
        let _ = target("", address, environment, secrets);
    }
    for check in &spec.checks {
        if let Proof::Probe(look) = &check.proof {
            let _ = parameters(&look.with, environment, secrets);
        }
    }
}

/// Replaces the variables of a target's address.
///
/// # Errors
/// A sentence that names the variable that is not set.
pub(super) fn target(
    name: &str,
    target: &spec::Target,
    environment: &Environment,
    secrets: &Redactor,
) -> Result<Target, String> {
    let secret = target.kind.holds_password();
    let address = text(&target.address, secret, environment, secrets)?;
    Ok(Target { name: name.to_owned(), kind: target.kind, address })
}

/// Replaces the variables of every text in the parameters.
///
/// # Errors
/// A sentence that names the variable that is not set.
pub(super) fn parameters(
    value: &Value,
    environment: &Environment,
    secrets: &Redactor,
) -> Result<Value, String> {
    match value {
        // Whatever is put into a request or a command from the environment is treated as a secret.
        Value::String(value) => text(value, true, environment, secrets).map(Value::String),
        Value::Array(values) => values.iter().map(|value| parameters(value, environment, secrets)).collect(),
        Value::Object(values) => values
            .iter()
            .map(|(key, value)| Ok((key.clone(), parameters(value, environment, secrets)?)))
            .collect::<Result<_, String>>()
            .map(Value::Object),
        other => Ok(other.clone()),
    }
}

fn text(text: &str, secret: bool, environment: &Environment, secrets: &Redactor) -> Result<String, String> {
    let template = Template::parse(text)?;
    for name in template.variables().into_iter().filter(|_| secret) {
        if let Some(value) = environment.get(name) {
            secrets.learn_variable(name, value);
        }
    }
    template.resolve(|name| environment.get(name).map(str::to_owned)).map_err(|error| error.to_string())
}

/// An address for people and evidence: without user, password and query.
pub(crate) fn shown(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (authority, path) =
        rest.split_once('/').map_or((rest, None), |(authority, path)| (authority, Some(path)));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    path.map_or_else(|| format!("{scheme}://{host}"), |path| format!("{scheme}://{host}/{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shown_addresses_have_no_credentials() {
        for (address, expected) in [
            ("postgres://app:p@ss:w@db:5432/x?password=y", "postgres://db:5432/x"),
            ("http://127.0.0.1:80", "http://127.0.0.1:80"),
            ("https://u@h/a/b@c#d", "https://h/a/b@c"),
            ("./folder", "./folder"),
        ] {
            assert_eq!(shown(address), expected);
        }
    }
}
