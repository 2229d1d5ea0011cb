//! Times that stand as fields under many headings, `Estimate: 2 d`, and a sentence that says what they
//! are together.

use std::collections::BTreeSet;

use super::{SUMS, Stated, first_duration};
use crate::contradiction::facts::figure::shown;
use crate::contradiction::facts::word::says;
use crate::contradiction::facts::{Facts, Place, Sentence};
use crate::contradiction::kind::{Findings, Said};
use crate::outline::SectionId;
use crate::value::{self, Duration, Exact};

/// Keys of such fields, in several languages.
const KEYS: &[&str] = &[
    "estimate*",
    "estimat*",
    "effort*",
    "duration*",
    "aufwand*",
    "dauer*",
    "schätzung*",
    "durée*",
    "charge",
    "esfuerzo*",
    "duración*",
    "estimación*",
    "sforzo*",
    "durata*",
    "stima*",
    "inspanning*",
    "doorlooptijd*",
    "schatting*",
    "esforço*",
    "duração*",
    "estimativa*",
    "downtime*",
    "ausfallzeit*",
    "time needed",
];

/// A field with a time.
struct Part {
    key: String,
    duration: Duration,
    section: SectionId,
    said: Said,
}

/// Every field of a time that is not in a table or in code.
fn parts(facts: &Facts<'_>) -> Vec<Part> {
    let lines =
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item));
    lines.filter_map(part).collect()
}

fn part(sentence: &Sentence) -> Option<Part> {
    let field = sentence.text.field()?;
    let key = field.key.plain.trim().to_lowercase();
    let value = field.value.plain.split('(').next().unwrap_or_default();
    let is_key = says(&key, KEYS) && key.split_whitespace().count() <= 3 && !says(&key, SUMS);
    let duration = value::duration(value).filter(|_| is_key && value.split_whitespace().count() <= 4)?;
    Some(Part { key, duration, section: sentence.section, said: sentence.said() })
}

/// Compares each sentence that adds up with the fields that its words are about: those of its own
/// chapter where it has some, else all.
pub(super) fn check(facts: &Facts<'_>, wholes: &[Stated], findings: &mut Findings) {
    let parts = parts(facts);
    if parts.len() < 3 {
        return;
    }
    for whole in wholes {
        let lower = whole.text.to_lowercase();
        let chapter = facts.chapter(facts.outline.at_line(whole.line));
        let below: BTreeSet<SectionId> = facts.outline.below(chapter).map(|(id, _)| id).collect();
        let named = |part: &&Part| part.key.split_whitespace().any(|word| is_said(&lower, word));
        let own: Vec<&Part> =
            parts.iter().filter(named).filter(|part| below.contains(&part.section)).collect();
        let all: Vec<&Part> = parts.iter().filter(named).collect();
        let chosen = if own.len() >= 2 { own } else { all };
        if says(&lower, SUMS) && chosen.len() >= 3 && !whole.duration.is_about {
            compare(whole, &chosen, findings);
        }
    }
}

/// Whether a sentence has a word, in whatever form.
fn is_said(lower: &str, word: &str) -> bool {
    let stem: String = word.chars().take(word.chars().count().saturating_sub(1).max(4)).collect();
    lower.split(|c: char| !c.is_alphanumeric()).any(|own| own.starts_with(&stem))
}

fn compare(whole: &Stated, parts: &[&Part], findings: &mut Findings) {
    let sums = |hours: u32| -> (Exact, Exact) {
        let low = parts.iter().map(|part| part.duration.low_hours(hours)).sum();
        let high = parts.iter().map(|part| part.duration.high_hours(hours)).sum();
        (low, high)
    };
    let fits = |hours: u32| {
        let (low, high) = sums(hours);
        low <= whole.duration.high_hours(hours) && high >= whole.duration.low_hours(hours)
    };
    if fits(8) || fits(24) || parts.iter().any(|part| part.duration.is_about) {
        return;
    }
    let message = format!(
        "the whole is said to take “{}”, but the {} parts are {} hours of work together",
        first_duration(&whole.text),
        parts.len(),
        shown(&sums(8).1)
    );
    let places = parts.iter().map(|part| part.said.clone());
    findings.certain(message, std::iter::once(whole.said.clone()).chain(places).collect());
}

#[cfg(test)]
mod tests {
    use super::super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn fields_under_headings_are_added_up() {
        let fields = "## One\n\n- Estimate: 2 d\n\n## Two\n\n- Estimate: 1.5 d (with tests)\n\n## Three\n\n- Estimate: 3 d\n";
        let text = |sum: &str| format!("# Work\n\nThe estimates add up to {sum}.\n\n{fields}");
        assert_eq!(found(&RULE, &text("6 days")), ["certain 3,7,11,15"]);
        assert!(found(&RULE, &text("6.5 days")).is_empty());
        let german = "## A\n\n**Aufwand:** 2 PT\n\n## B\n\n**Aufwand:** 4 PT\n\n## C\n\n**Aufwand:** 1 PT\n\n## Summe\n\nDer Aufwand beträgt insgesamt 9 PT.\n";
        assert_eq!(found(&RULE, german), ["certain 15,3,7,11"]);
    }
}
