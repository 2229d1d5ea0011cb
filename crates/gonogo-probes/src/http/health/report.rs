//! From an answer to how a service says it is: itself, and each dependency that it lists. It knows
//! the usual forms (lists, maps, the draft of `application/health+json`, Spring's `components`) and
//! sends nothing.

use serde_json::Value;

use super::params::Words;
use crate::tools::http::Answer;

/// Where a state and dependencies usually stand.
const STATES: [&str; 5] = ["status", "state", "health", "ready", "ok"];
const LISTS: [&str; 7] =
    ["dependencies", "checks", "components", "services", "details", "results", "entries"];
/// What a dependency says of itself stands under one of these.
const OWN_STATES: [&str; 8] = ["status", "state", "health", "healthy", "ok", "up", "available", "ready"];
const NAMES: [&str; 5] = ["name", "id", "service", "component", "dependency"];
/// A text that is longer says more than a state.
const LONGEST_WORD: usize = 64;

/// How something is; later is worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::http) enum State {
    Healthy,
    Degraded,
    Unhealthy,
}

impl State {
    pub(in crate::http) fn name(self) -> &'static str {
        match self {
            State::Healthy => "healthy",
            State::Degraded => "degraded",
            State::Unhealthy => "unhealthy",
        }
    }
}

/// What an endpoint says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::http) struct Report {
    pub(in crate::http) status: u16,
    /// What the status code and the body say together.
    pub(in crate::http) state: State,
    /// The word in the body.
    pub(in crate::http) said: Option<String>,
    pub(in crate::http) dependencies: Vec<Dependency>,
}

/// A dependency as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::http) struct Dependency {
    pub(in crate::http) name: String,
    pub(in crate::http) said: Option<String>,
    /// None when nothing is said of it.
    pub(in crate::http) state: Option<State>,
}

impl Report {
    pub(in crate::http) fn of(answer: &Answer, words: &Words) -> Report {
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let said = said(&body, words).or_else(|| plain(&answer.body, words));
        let by_word = said.as_deref().map_or(State::Healthy, |said| words.state(said));
        let state = if answer.status.is_success() { by_word } else { State::Unhealthy };
        Report { status: answer.status.as_u16(), state, said, dependencies: dependencies(&body, words) }
    }

    /// The dependencies that are listed as unhealthy.
    pub(in crate::http) fn unhealthy(&self) -> Vec<String> {
        let unhealthy = self.dependencies.iter().filter(|one| one.state == Some(State::Unhealthy));
        unhealthy.map(|one| one.name.clone()).collect()
    }

    /// The dependencies that are listed as worse than in an earlier report.
    pub(in crate::http) fn worse_than(&self, before: &Report) -> Vec<String> {
        let state_before =
            |name: &str| before.dependencies.iter().find(|one| one.name == name).and_then(|one| one.state);
        let worse = self.dependencies.iter().filter(|one| one.state > state_before(&one.name));
        worse.filter(|one| one.state > Some(State::Healthy)).map(|one| one.name.clone()).collect()
    }
}

fn said(body: &Value, words: &Words) -> Option<String> {
    match &words.status {
        Some(pointer) => word(body.pointer(pointer)?),
        None => STATES.iter().find_map(|name| word(body.get(name)?)),
    }
}

/// A body of one known word that is no JSON.
fn plain(body: &[u8], words: &Words) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?.trim();
    words.knows(text).then(|| text.to_owned())
}

fn dependencies(body: &Value, words: &Words) -> Vec<Dependency> {
    let list = match &words.dependencies {
        Some(pointer) => body.pointer(pointer),
        None => {
            LISTS.iter().find_map(|name| body.get(name).filter(|list| list.is_object() || list.is_array()))
        }
    };
    let listed: Vec<(String, &Value)> = match list {
        Some(Value::Object(map)) => map.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Some(Value::Array(list)) => {
            list.iter().enumerate().map(|(at, value)| (name_of(value, at), value)).collect()
        }
        _ => Vec::new(),
    };
    listed.into_iter().map(|(name, value)| dependency(name, value, words)).collect()
}

fn name_of(value: &Value, at: usize) -> String {
    let named = NAMES.iter().find_map(|name| value.get(name)?.as_str());
    // `[{"db": "up"}]` names it by its only key.
    let only = value.as_object().filter(|map| map.len() == 1).and_then(|map| map.keys().next());
    let name = named.map(str::to_owned).or_else(|| only.cloned());
    name.unwrap_or_else(|| format!("number {}", at + 1))
}

fn dependency(name: String, value: &Value, words: &Words) -> Dependency {
    // Where several are listed under one name, the worst counts.
    let said = match value {
        Value::Array(several) => several.iter().filter_map(own_word).max_by_key(|said| words.state(said)),
        one => own_word(one),
    };
    let state = said.as_deref().map(|said| words.state(said));
    Dependency { name, said, state }
}

fn own_word(value: &Value) -> Option<String> {
    match value {
        Value::Object(map) => {
            OWN_STATES.iter().find_map(|name| word(map.get(*name)?)).or_else(|| only_word(map))
        }
        other => word(other),
    }
}

/// The state in `{"db": "up"}`.
fn only_word(map: &serde_json::Map<String, Value>) -> Option<String> {
    let (name, value) = map.iter().next().filter(|_| map.len() == 1)?;
    if NAMES.contains(&name.as_str()) { None } else { word(value) }
}

fn word(value: &Value) -> Option<String> {
    match value {
        Value::Bool(yes) => Some(yes.to_string()),
        Value::String(text) if text.len() <= LONGEST_WORD => Some(text.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn listed(body: Value) -> Vec<(String, Option<&'static str>)> {
        let found = dependencies(&body, &Words::default());
        found.into_iter().map(|one| (one.name, one.state.map(State::name))).collect()
    }

    #[test]
    fn dependencies_are_read_in_their_usual_forms() {
        let expected = vec![("cache".to_owned(), Some("unhealthy")), ("db".to_owned(), Some("healthy"))];
        for body in [
            json!({"dependencies": {"cache": "down", "db": "ok"}}),
            json!({"checks": {"cache": {"status": "DOWN"}, "db": {"status": "UP", "ms": 3}}}),
            json!({"components": {"cache": {"healthy": false}, "db": {"healthy": true}}}),
            json!({"services": [{"name": "cache", "state": "timeout"}, {"name": "db", "state": "Connected"}]}),
            json!({"checks": [{"cache": "down"}, {"db": "up"}]}),
            json!({"checks": {"cache": [{"status": "pass"}, {"status": "fail"}], "db": [{"status": "pass"}]}}),
            json!({"status": "ok", "results": {"cache": false, "db": true}}),
        ] {
            assert_eq!(listed(body.clone()), expected, "{body}");
        }
        assert_eq!(listed(json!({"checks": 3})), []);
        assert_eq!(listed(json!({"checks": [{"ms": 3, "x": 1}]})), [("number 1".to_owned(), None)]);
    }

    #[test]
    fn what_became_worse_is_named() {
        let report = |body: Value| Report {
            status: 200,
            state: State::Healthy,
            said: None,
            dependencies: dependencies(&body, &Words::default()),
        };
        let before = report(json!({"checks": {"ai": "warn", "db": "ok", "cache": "ok"}}));
        let after = report(json!({"checks": {"ai": "warn", "db": "down", "cache": "degraded"}}));
        assert_eq!(after.worse_than(&before), ["cache", "db"]);
        assert!(before.worse_than(&after).is_empty());
    }
}
