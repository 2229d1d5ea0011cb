//! Sentences of the newer document that speak of an earlier one, and which problems of it they mean.

use gonogo_model::lineage::document::Kind;

use crate::element::MetadataKey;
use crate::lineage::Side;
use crate::lineage::thing::Thing;
use crate::outline::Text;
use crate::value::{self, Severity};
use crate::words::words;

/// Words that speak of what was before.
const BEFORE: &[&str] = &[
    "previous",
    "previously",
    "prior",
    "preceding",
    "earlier",
    "former",
    "vorherige",
    "vorherigen",
    "vorigen",
    "vorangegangenen",
    "précédent",
    "précédente",
    "précédents",
    "anterior",
    "anteriores",
    "vorige",
    "precedente",
];
/// These do so before a word for a document: `the last report`.
const ORDER: &[&str] = &[
    "last", "first", "initial", "letzte", "letzten", "erste", "ersten", "dernier", "premier", "último",
    "primer", "laatste", "eerste",
];
const DOCUMENTS: &[&str] = &[
    "report",
    "review",
    "assessment",
    "audit",
    "checkpoint",
    "version",
    "gate",
    "verdict",
    "run",
    "round",
    "bericht",
    "prüfung",
    "bewertung",
    "rapport",
    "revue",
    "audit",
    "informe",
    "revisión",
    "rapportage",
    "release",
    "readiness",
];

/// What the newer document may call the older one.
pub(super) struct Names {
    /// Its version as `v1`, the stem of its file, its date.
    own: Vec<String>,
}

impl Names {
    pub(super) fn of(older: &Side<'_>, newer: &Side<'_>) -> Names {
        let version = |side: &Side<'_>| {
            let stated =
                side.fact(MetadataKey::Version).map(|text| text.trim_start_matches(['v', 'V']).to_owned());
            let title =
                side.report.elements.title.as_ref().map(|title| title.plain.clone()).unwrap_or_default();
            let named = |text: &str| {
                words(text).into_iter().map(|word| word.text.into_owned()).find(|word| {
                    word.strip_prefix('v')
                        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
                })
            };
            stated.map(|number| format!("v{number}")).or_else(|| named(&title)).or_else(|| named(side.file))
        };
        let mut own: Vec<String> =
            version(older).filter(|own| Some(own) != version(newer).as_ref()).into_iter().collect();
        own.extend(older.date().map(|date| date.to_string()));
        let stem = older.file.rsplit(['/', '\\']).next().unwrap_or_default().to_lowercase();
        own.extend(
            Some(stem).filter(|stem| stem.len() > 4 && !newer.file.to_lowercase().ends_with(stem.as_str())),
        );
        Names { own }
    }

    /// Whether a text speaks of the older document.
    pub(super) fn are_in(&self, text: &str) -> bool {
        let lower = text.to_lowercase();
        let all: Vec<String> = words(&lower).into_iter().map(|word| word.text.into_owned()).collect();
        let is_before = |word: &String| BEFORE.contains(&word.as_str());
        let is_ordered = all.windows(2).any(|pair| match pair {
            [order, what] => {
                ORDER.contains(&order.as_str()) && DOCUMENTS.iter().any(|start| what.starts_with(start))
            }
            _ => false,
        });
        let by_name = self.own.iter().any(|name| match name.bytes().all(|b| b.is_ascii_alphanumeric()) {
            true => all.contains(name),
            false => lower.contains(name.as_str()),
        });
        is_ordered || by_name || all.iter().any(is_before)
    }
}

/// Which things a claim is about, by its words.
#[derive(Debug, Clone, Copy)]
pub(super) struct About {
    kinds: &'static [Kind],
    severity: Option<Severity>,
}

const PROBLEMS: &[Kind] = &[Kind::Finding, Kind::Blocker, Kind::Risk];
const NOUNS: &[(&str, &[Kind])] = &[
    ("finding", PROBLEMS),
    ("issue", PROBLEMS),
    ("problem", PROBLEMS),
    ("defect", PROBLEMS),
    ("gap", PROBLEMS),
    ("bug", PROBLEMS),
    ("befund", PROBLEMS),
    ("mängel", PROBLEMS),
    ("anomalie", PROBLEMS),
    ("hallazgo", PROBLEMS),
    ("bevinding", PROBLEMS),
    ("blocker", PROBLEMS),
    ("risk", &[Kind::Risk]),
    ("condition", &[Kind::Condition]),
    ("auflage", &[Kind::Condition]),
    ("decision", &[Kind::Decision]),
    ("task", &[Kind::Task]),
    ("action", &[Kind::Task]),
];

impl About {
    /// What a text is about, if it names a kind of thing.
    pub(super) fn of(text: &str) -> Option<About> {
        let lower = text.to_lowercase();
        let severity = value::severities(&lower).first().map(|found| found.value);
        let all = words(&lower);
        let kinds = all.iter().find_map(|word| NOUNS.iter().find(|(noun, _)| word.text.starts_with(noun)));
        let kinds = kinds.map(|(_, kinds)| *kinds).or(severity.map(|_| PROBLEMS))?;
        Some(About { kinds, severity })
    }

    /// Whether both are about the same things.
    pub(super) fn is_as(&self, other: &About) -> bool {
        self.kinds == other.kinds && self.severity.map(Severity::rank) == other.severity.map(Severity::rank)
    }

    /// Whether it is about this thing.
    pub(super) fn has(&self, thing: &Thing<'_>) -> bool {
        let is_of_kind = thing.statements.iter().any(|statement| self.kinds.contains(&statement.kind));
        let rank = self.severity.map(Severity::rank);
        is_of_kind && (rank.is_none() || thing.severity().map(Severity::rank) == rank)
    }
}

/// The sentence a claim stands in has one number only, so it is clear what it counts.
pub(super) fn numbers(text: &Text) -> usize {
    let dates: Vec<_> = value::dates(&text.plain).into_iter().map(|found| found.range).collect();
    let ids: Vec<_> = value::ids(&text.plain).into_iter().map(|found| found.range).collect();
    let is_free = |range: &std::ops::Range<usize>| {
        !dates.iter().chain(&ids).any(|other| other.start <= range.start && range.end <= other.end)
    };
    value::numbers(&text.plain).iter().filter(|found| is_free(&found.range)).count()
}
