//! Text with `${VARIABLE}` in it. The variables are looked up by the caller: this room
//! does not know the environment.

use std::collections::BTreeSet;

/// Text that may contain `${NAME}`, `${NAME:-default}` and, for a literal, `$${`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Variable { name: String, default: Option<String> },
}

/// A variable that has no value and no default.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the environment variable {name} is not set; set it, or write ${{{name}:-default}}")]
pub struct UnsetVariable {
    /// Its name.
    pub name: String,
}

impl Template {
    /// Parses a text.
    ///
    /// # Errors
    /// A sentence when a `${` is not closed or does not hold a variable name.
    pub fn parse(text: &str) -> Result<Template, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find("${") {
            let (before, from) = rest.split_at(at);
            if let Some(escaped) = before.strip_suffix('$') {
                parts.push(Part::Text(format!("{escaped}${{")));
                rest = &from[2..];
                continue;
            }
            let Some(end) = from.find('}') else {
                return Err("this `${` is never closed; write ${NAME}, or $${ for the characters themselves"
                    .to_owned());
            };
            parts.push(Part::Text(before.to_owned()));
            parts.push(variable(&from[2..end])?);
            rest = &from[end + 1..];
        }
        parts.push(Part::Text(rest.to_owned()));
        Ok(Template { parts })
    }

    /// The variables it names.
    pub fn variables(&self) -> BTreeSet<&str> {
        self.parts
            .iter()
            .filter_map(|part| match part {
                Part::Variable { name, .. } => Some(name.as_str()),
                Part::Text(_) => None,
            })
            .collect()
    }

    /// The text with every variable replaced by what `lookup` gives.
    ///
    /// # Errors
    /// [`UnsetVariable`] for the first variable without value and default.
    pub fn resolve(&self, lookup: impl Fn(&str) -> Option<String>) -> Result<String, UnsetVariable> {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => Ok(text.clone()),
                Part::Variable { name, default } => lookup(name)
                    .filter(|value| !value.is_empty())
                    .or_else(|| default.clone())
                    .ok_or_else(|| UnsetVariable { name: name.clone() }),
            })
            .collect()
    }
}

fn variable(inside: &str) -> Result<Part, String> {
    let (name, default) = match inside.split_once(":-") {
        Some((name, default)) => (name, Some(default.to_owned())),
        None => (inside, None),
    };
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if !starts_well || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Err(format!(
            "`${{{name}}}` is not a variable name; write ${{NAME}}, or $${{ for the characters themselves"
        ));
    }
    Ok(Part::Variable { name: name.to_owned(), default })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(text: &str) -> Result<String, String> {
        let lookup = |name: &str| (name == "HOST").then(|| "db".to_owned());
        Template::parse(text)?.resolve(lookup).map_err(|error| error.to_string())
    }

    #[test]
    fn replaces_variables_defaults_and_escapes() {
        assert_eq!(resolve("http://${HOST}:${PORT:-80}/"), Ok("http://db:80/".to_owned()));
        assert_eq!(resolve("echo $${HOST} ${HOST}"), Ok("echo ${HOST} db".to_owned()));
        assert_eq!(resolve("plain $HOST"), Ok("plain $HOST".to_owned()));
        assert!(resolve("${NOPE}").unwrap_err().contains("NOPE is not set"));
        assert!(resolve("${HOST").is_err() && resolve("${}").is_err() && resolve("${a b}").is_err());
    }
}
