//! From what a folder holds to the spec that judges it. `gonogo audit` runs that spec at once,
//! `gonogo init` writes it down for people to go on with: both are the same text. It looks at
//! nothing itself and decides nothing: the packs do.

mod categories;
mod subjects;
mod written;

use gonogo_probes::Discovery;

use subjects::{SUBJECTS, Subject};

/// What is wanted besides what is found.
#[derive(Debug, Clone, Default)]
pub struct Wishes {
    /// A folder of advisories to match packages with, as the spec will name it.
    pub advisories: Option<String>,
    /// Whether the git history is searched for secrets too.
    pub history: bool,
    /// API documents as they were, to compare with, as the spec will name them.
    pub against: Option<String>,
}

/// The spec for a folder or file, and what it rests on.
#[derive(Debug, Clone)]
pub struct Audit {
    /// The name of the system.
    pub system: String,
    /// What the target is, relative to the spec.
    pub path: String,
    /// What was found there.
    pub discovery: Discovery,
    /// What is wanted besides.
    pub wishes: Wishes,
}

impl Audit {
    /// The spec as text; `None` when nothing was found that any pack is about.
    pub fn spec(&self) -> Option<String> {
        let subjects = self.subjects();
        let speaks = subjects.iter().any(|subject| !subject.kinds.is_empty());
        speaks.then(|| written::spec(self, &subjects))
    }

    /// What was found, in words: `3 compose files, 1 Dockerfile`.
    pub fn found(&self) -> String {
        let kinds = self.discovery.kinds.iter().map(|(kind, paths)| counted(paths.len(), kind.noun()));
        kinds.collect::<Vec<_>>().join(", ")
    }

    fn subjects(&self) -> Vec<&'static Subject> {
        let has_work = |subject: &&Subject| {
            let idle = |probe: &str| self.discovery.idle.contains_key(probe);
            written::checks(subject.pack).iter().any(|(_, probe)| !idle(probe))
        };
        SUBJECTS.iter().filter(|subject| subject.applies(self)).filter(has_work).collect()
    }
}

/// `1 lockfile`, `2 lockfiles`, `2 data source entries`.
pub fn counted(number: usize, noun: &str) -> String {
    match (number, noun.strip_suffix('y')) {
        (1, _) => format!("1 {noun}"),
        (_, Some(stem)) => format!("{number} {stem}ies"),
        _ => format!("{number} {noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use gonogo_probes::Kind;

    use super::*;
    use crate::packs::PACKS;
    use crate::pipeline::read_spec;

    fn audit(kinds: &[Kind]) -> Audit {
        let kinds: BTreeMap<Kind, Vec<String>> =
            kinds.iter().map(|kind| (*kind, vec!["a".to_owned()])).collect();
        let discovery = Discovery { files: 1, kinds, passed: Vec::new(), idle: BTreeMap::new() };
        let (advisories, against) = (Some("o: s v".into()), Some("../old: ${v}".into()));
        let wishes = Wishes { advisories, history: true, against };
        Audit { system: "a \"b\": #c".into(), path: ".".into(), discovery, wishes }
    }

    #[test]
    fn every_kind_alone_gives_a_spec_that_can_be_read() {
        for subject in SUBJECTS {
            assert!(PACKS.iter().any(|pack| pack.name == subject.pack), "{}", subject.pack);
            for kind in subject.kinds {
                let text = audit(&[*kind]).spec().unwrap();
                let spec = read_spec("gonogo.yaml", &text, None).unwrap_or_else(|e| panic!("{e}\n{text}"));
                assert!(spec.checks.iter().any(|check| check.origin.file.contains(subject.pack)), "{text}");
            }
        }
    }

    #[test]
    fn all_kinds_together_give_a_spec_that_can_be_read() {
        let kinds: Vec<Kind> = SUBJECTS.iter().flat_map(|subject| subject.kinds).copied().collect();
        let text = audit(&kinds).spec().unwrap();
        let spec = read_spec("gonogo.yaml", &text, None).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(spec.system, "a \"b\": #c");
    }

    #[test]
    fn checks_with_nothing_to_look_at_do_not_apply() {
        let mut audit = audit(&[Kind::Lockfile]);
        audit.discovery.idle.insert("supply/manifest", "package manifest");
        let text = audit.spec().unwrap();
        let spec = read_spec("gonogo.yaml", &text, None).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let applies = |id: &str| {
            spec.checks
                .iter()
                .find(|check| check.id == id)
                .is_some_and(|check| check.not_applicable.is_none())
        };
        assert!(applies("supply-lockfile-readable") && !applies("supply-manifest-readable"), "{text}");
        audit.discovery.idle.insert("supply/lockfile", "lockfile");
        let text = audit.spec().unwrap();
        assert!(!text.contains("pack: supply\n"), "{text}");
    }

    #[test]
    fn nothing_found_is_no_spec() {
        assert_eq!(audit(&[]).spec(), None);
    }

    #[test]
    fn numbers_and_nouns_agree() {
        assert_eq!(counted(1, "Dockerfile"), "1 Dockerfile");
        assert_eq!(counted(2, "Dockerfile"), "2 Dockerfiles");
        assert_eq!(counted(2, "repository"), "2 repositories");
    }
}
