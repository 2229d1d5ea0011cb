//! What one user knows: values under names that were numbered beforehand.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// The names of a script, numbered.
#[derive(Debug, Default)]
pub(crate) struct Names(BTreeMap<String, usize>);

/// Where a name is looked up: what the acting user has under it, then what nobody in particular has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    own: Option<usize>,
    shared: usize,
}

impl Names {
    fn number(&mut self, name: String) -> usize {
        let next = self.0.len();
        *self.0.entry(name).or_insert(next)
    }

    /// Where `name` is looked up when `user` says it.
    pub(super) fn read(&mut self, user: Option<&str>, name: &str) -> Place {
        let own = user.filter(|_| !name.contains('.')).map(|user| self.number(format!("{user}.{name}")));
        Place { own, shared: self.number(name.to_owned()) }
    }

    /// Where what `user` captures as `name` is kept.
    pub(super) fn kept(&mut self, user: Option<&str>, name: &str) -> usize {
        self.number(user.map_or_else(|| name.to_owned(), |user| format!("{user}.{name}")))
    }

    /// Everything that is known, as `vars` of an assertion that `user` makes.
    pub(super) fn vars(&self, memory: &Memory, user: Option<&str>) -> Value {
        let mut vars = Map::new();
        let known =
            || self.0.iter().filter_map(|(name, at)| Some((name.as_str(), memory.0.get(*at)?.as_ref()?)));
        for (name, value) in known() {
            match name.split_once('.') {
                None => drop(vars.entry(name).or_insert_with(|| value.clone())),
                Some((of, name)) => {
                    if user == Some(of) {
                        vars.insert(name.to_owned(), value.clone());
                    }
                    let one = vars.entry(of).or_insert_with(|| Value::Object(Map::new()));
                    if let Value::Object(one) = one {
                        one.insert(name.to_owned(), value.clone());
                    }
                }
            }
        }
        Value::Object(vars)
    }
}

/// What a user knows.
#[derive(Debug, Default)]
pub(crate) struct Memory(Vec<Option<Value>>);

impl Memory {
    /// Nothing is known.
    pub(crate) fn new() -> Memory {
        Memory::default()
    }

    /// Keeps a value under a name that the script has; others are of no use to anybody.
    pub(crate) fn know(&mut self, names: &Names, name: &str, value: impl FnOnce() -> Value) {
        if let Some(at) = names.0.get(name) {
            self.keep(*at, value());
        }
    }

    pub(super) fn keep(&mut self, at: usize, value: Value) {
        if self.0.len() <= at {
            self.0.resize(at + 1, None);
        }
        self.0[at] = Some(value);
    }

    pub(super) fn find(&self, place: Place) -> Option<&Value> {
        let at = |at: usize| self.0.get(at)?.as_ref();
        place.own.and_then(at).or_else(|| at(place.shared))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_user_finds_its_own_first_and_those_of_others_by_name() {
        let (mut names, mut memory) = (Names::default(), Memory::new());
        let (ana, ben) = (names.read(Some("ana"), "id"), names.read(Some("ben"), "id"));
        let of_ana = names.read(Some("ben"), "ana.id");
        let (all, own) = (names.kept(None, "id"), names.kept(Some("ana"), "id"));
        memory.keep(all, json!(1));
        assert_eq!((memory.find(ana), memory.find(of_ana)), (Some(&json!(1)), None));
        memory.keep(own, json!(2));
        assert_eq!(
            (memory.find(ana), memory.find(ben), memory.find(of_ana)),
            (Some(&json!(2)), Some(&json!(1)), Some(&json!(2)))
        );
        assert_eq!(names.vars(&memory, Some("ana")), json!({"id": 2, "ana": {"id": 2}}));
        assert_eq!(names.vars(&memory, None), json!({"id": 1, "ana": {"id": 2}}));
        memory.know(&names, "nobody asks", || panic!("it is not made"));
    }
}
