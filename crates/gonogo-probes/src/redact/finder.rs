//! Finds many known texts at once. A run learns secrets all the time, and an automaton cannot grow:
//! so there are several, each at least twice as large as the next, and only the small ones are made
//! anew. It does not know that what it finds are secrets.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

/// What is looked for, and the name that stands in its place.
type Forms = BTreeMap<String, String>;

/// All that was learned.
#[derive(Default)]
pub(super) struct Known {
    finder: Finder,
    /// Learned since the finder was made.
    fresh: Forms,
}

impl Known {
    /// Looks for this form from now on. What is known already keeps its name.
    pub(super) fn learn(&mut self, form: String, name: &str) {
        let known = self.finder.layers.iter().map(|layer| &layer.forms).chain([&self.fresh]);
        if known.into_iter().any(|forms| forms.contains_key(&form)) {
            return;
        }
        if !self.finder.names.contains(name) {
            Arc::make_mut(&mut self.finder.names).insert(name.to_owned());
        }
        self.fresh.insert(form, name.to_owned());
    }

    /// What finds all of it.
    pub(super) fn finder(&mut self) -> Finder {
        if !self.fresh.is_empty() {
            let mut forms = std::mem::take(&mut self.fresh);
            let layers = &mut self.finder.layers;
            while let Some(last) = layers.pop_if(|last| last.forms.len() < 2 * forms.len()) {
                forms.extend(last.forms.clone());
            }
            layers.push(Arc::new(Layer::new(forms)));
        }
        self.finder.clone()
    }
}

/// Finds what was known when it was made.
#[derive(Clone, Default)]
pub(super) struct Finder {
    layers: Vec<Arc<Layer>>,
    names: Arc<BTreeSet<String>>,
}

impl Finder {
    /// Where known texts stand, also where they overlap, with their names; `None` when there is more
    /// to look for than an automaton can hold.
    pub(super) fn find(&self, text: &str) -> Option<Vec<(Range<usize>, &str)>> {
        let mut found = Vec::new();
        for layer in &self.layers {
            let hits = layer.automaton.as_ref()?.find_overlapping_iter(text);
            found.extend(hits.map(|hit| (hit.range(), layer.names[hit.pattern().as_usize()].as_str())));
        }
        Some(found)
    }

    /// Whether something was learned under this name.
    pub(super) fn gave(&self, name: &str) -> bool {
        self.names.contains(name)
    }
}

struct Layer {
    automaton: Option<AhoCorasick>,
    forms: Forms,
    /// The name for each pattern of the automaton.
    names: Vec<String>,
}

impl Layer {
    fn new(forms: Forms) -> Layer {
        // The kind that is made fastest for its speed: most layers do not live long.
        let builder = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .to_owned();
        Layer { automaton: builder.build(forms.keys()).ok(), names: forms.values().cloned().collect(), forms }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_was_learned_is_found_and_little_is_made_anew() {
        let mut known = Known::default();
        for number in 0..500 {
            known.learn(format!("secret-{number:03}"), &format!("name-{number}"));
            known.learn("secret-000".to_owned(), "another name");
            let finder = known.finder();
            let text = format!("<secret-000> <secret-{number:03}>");
            let found: BTreeSet<_> = finder.find(&text).unwrap().into_iter().map(|(_, name)| name).collect();
            assert_eq!(found, BTreeSet::from(["name-0", &format!("name-{number}")]));
            let sizes: Vec<usize> = finder.layers.iter().map(|layer| layer.forms.len()).collect();
            assert_eq!(sizes.iter().sum::<usize>(), number + 1);
            assert!(sizes.windows(2).all(|pair| pair[0] >= 2 * pair[1]), "{sizes:?}");
        }
        assert!(known.finder().gave("name-7") && !known.finder().gave("another name"));
    }
}
