//! Two ids whose texts are about one matter in other words: they share words that no other thing of
//! their list has. Always likely.

use std::collections::{BTreeMap, BTreeSet};

use crate::contradiction::facts::item::Source;
use crate::contradiction::facts::{Facts, Item};
use crate::contradiction::kind::{Findings, Said};
use crate::name::Name;
use crate::outline::Block;
use crate::value::Id;

/// Things of one list that are compared.
const MOST: usize = 60;
/// Bytes of the text under a heading that are read.
const MOST_TEXT: usize = 1_500;
/// Short and long names of one thing.
const SHORT: &[(&str, &[&str])] = &[
    ("xxe", &["external entit"]),
    ("xss", &["cross-site script", "cross site script"]),
    ("csrf", &["cross-site request", "cross site request"]),
    ("sqli", &["sql injection"]),
    (
        "mfa",
        &[
            "second factor",
            "multi-factor",
            "multifactor",
            "two-factor",
            "2fa",
            "zweiter faktor",
            "zwei-faktor",
        ],
    ),
    ("sso", &["single sign-on", "single sign on"]),
    ("spof", &["single point of failure"]),
    ("oom", &["out of memory", "out-of-memory"]),
    ("pii", &["personal data", "personenbezogen", "données personnelles", "datos personales"]),
    ("ratelimit", &["rate limit", "rate-limit", "throttl", "drosselung"]),
    ("rollback", &["roll back", "rolled back", "way back", "back-out", "fallback"]),
    ("certificate", &["tls cert", "ssl cert", "zertifikat", "certificat"]),
    ("database", &["datenbank", "base de données", "base de datos", "postgres", "mysql"]),
];

/// Stems of the words of forms, which say nothing of what a finding is about.
const FORMS: &[&str] = &[
    "caus",
    "impact",
    "fil",
    "severity",
    "status",
    "stat",
    "own",
    "effort",
    "block",
    "blocker",
    "risk",
    "finding",
    "find",
    "issue",
    "issu",
    "person",
    "day",
    "week",
    "due",
    "priority",
    "high",
    "medium",
    "low",
    "critical",
    "open",
    "closed",
    "clos",
    "ursach",
    "auswirkung",
    "maßnahm",
    "verantwortlich",
    "mittel",
    "niedrig",
    "hoch",
    "responsabl",
    "correctif",
    "fichier",
];

/// One id with all that is said of it in its list and under its heading.
struct Matter<'f> {
    id: &'f Id,
    said: Vec<&'f Said>,
    text: String,
    titles: BTreeSet<String>,
    all: BTreeSet<String>,
}

pub(super) fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let mut families: BTreeMap<&str, BTreeMap<u64, Vec<&Item>>> = BTreeMap::new();
    for item in facts.items.iter().filter(|item| is_written(facts, item)) {
        if let Some(id) = &item.id {
            families.entry(&id.prefix).or_default().entry(id.number).or_default().push(item);
        }
    }
    for family in families.values().filter(|family| (4..=MOST).contains(&family.len())) {
        let matters: Vec<Matter<'_>> = family.values().filter_map(|items| Matter::of(facts, items)).collect();
        compare(&matters, findings);
    }
}

/// It has a title, and stands in no list of what is to be done about it.
fn is_written(facts: &Facts<'_>, item: &Item) -> bool {
    let acts =
        ["action*", "next step*", "plan", "maßnahmen", "mesures", "acciones", "azioni", "acties", "ações"];
    let title = facts.section(facts.chapter(item.section)).title.plain.to_lowercase();
    let enough: usize = item.name.words.iter().map(|word| word.chars().count()).sum();
    item.ticked.is_none() && enough >= 6 && !crate::contradiction::facts::word::says(&title, &acts)
}

impl<'f> Matter<'f> {
    fn of(facts: &'f Facts<'_>, items: &[&'f Item]) -> Option<Matter<'f>> {
        let mut text = String::new();
        let mut titles = BTreeSet::new();
        for item in items {
            titles.extend(words(&item.title));
            text.push_str(&item.title);
            text.push(' ');
            match item.source {
                Source::Heading => body(facts, item, &mut text),
                Source::Row(grid) => text.push_str(&cells(facts, grid, item)),
                Source::List => text.push_str(&item.said.text),
            }
            text.push(' ');
        }
        let text = text.to_lowercase();
        let all = words(&text);
        let said = items.iter().map(|item| &item.said).collect();
        Some(Matter { id: items.first()?.id.as_ref()?, said, text, titles, all })
    }
}

/// The cells of a row that are sentences and not names, states or numbers.
fn cells(facts: &Facts<'_>, grid: usize, item: &Item) -> String {
    let Some(grid) = facts.grids.get(grid) else { return String::new() };
    let row = grid.body().find(|row| row.said().span == item.said.span);
    let long = |at: &usize| row.is_some_and(|row| row.cell(*at).split_whitespace().count() >= 3);
    let kept = (0..grid.roles.len()).filter(long).filter_map(|at| Some(row?.cell(at)));
    kept.collect::<Vec<_>>().join(" ")
}

/// What stands under a heading, without who does it and until when.
fn body(facts: &Facts<'_>, item: &Item, text: &mut String) {
    let lines =
        facts.section(item.section).blocks.iter().flat_map(Block::with_inner).flat_map(|block| match block {
            // Wrapped prose with a colon in it is no field.
            Block::Paragraph(part)
                if part.field().is_none() && !part.fields().iter().any(|field| field.is_bold) =>
            {
                vec![part.clone()]
            }
            Block::Paragraph(part) => part.lines(),
            Block::List(list) => list.items.iter().map(|item| item.text.clone()).collect(),
            _ => Vec::new(),
        });
    for line in lines {
        let field = line.field();
        let told = match &field {
            Some(field) if is_told(&field.key.plain) => &field.value.plain,
            Some(_) => continue,
            None => &line.plain,
        };
        if text.len() + told.len() < MOST_TEXT {
            text.push_str(told);
            text.push(' ');
        }
    }
}

/// Keys of fields that say what a finding is.
fn is_told(key: &str) -> bool {
    const KEYS: &[&str] = &[
        "cause",
        "root cause",
        "impact",
        "where",
        "file",
        "location",
        "fix",
        "description",
        "ursache",
        "auswirkung",
        "datei",
        "maßnahme",
        "beschreibung",
        "fichier",
        "correctif",
        "description",
        "causa",
        "impacto",
        "archivo",
        "corrección",
        "impatto",
        "correzione",
        "oorzaak",
        "gevolg",
        "bestand",
        "oplossing",
        "arquivo",
        "correção",
    ];
    crate::contradiction::facts::word::says(&key.to_lowercase(), KEYS)
}

/// Stems of the words that name something, with the short names of what has a long one.
fn words(text: &str) -> BTreeSet<String> {
    let lower = text.to_lowercase();
    let short = SHORT.iter().filter(|(short, long)| {
        crate::contradiction::facts::word::says(&lower, &[*short])
            || long.iter().any(|long| lower.contains(long))
    });
    let stems = Name::of(&lower).words.into_iter().filter(|word| {
        let is_number = word.chars().all(|c| c.is_ascii_digit());
        word.chars().count() >= 3 && !is_number && !FORMS.contains(&word.as_str())
    });
    stems.chain(short.map(|(short, _)| (*short).to_owned())).collect()
}

/// For each word, the matters that have it, also as a part of a longer word.
fn index(matters: &[Matter<'_>]) -> BTreeMap<String, BTreeSet<usize>> {
    let mut found: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (at, matter) in matters.iter().enumerate() {
        for word in &matter.all {
            found.entry(word.clone()).or_default().insert(at);
        }
    }
    // `Erinnerung` stands in `Terminerinnerung`.
    let longer: Vec<(String, BTreeSet<usize>)> = found
        .iter()
        .filter(|(word, _)| word.chars().count() >= 8)
        .map(|(word, at)| (word.clone(), at.clone()))
        .take(600)
        .collect();
    for (word, own) in found.iter_mut().filter(|(word, _)| word.chars().count() >= 5).take(600) {
        for (other, at) in longer.iter().filter(|(other, _)| other.len() >= word.len() + 2) {
            if other.contains(word.as_str()) {
                own.extend(at);
            }
        }
    }
    found
}

fn compare(matters: &[Matter<'_>], findings: &mut Findings) {
    let mut shared: BTreeMap<(usize, usize), Vec<String>> = BTreeMap::new();
    for (word, at) in index(matters) {
        let mut both = at.iter();
        if let (Some(one), Some(other), None) = (both.next(), both.next(), both.next()) {
            shared.entry((*one, *other)).or_default().push(word);
        }
    }
    for ((one, other), own) in shared {
        let (Some(one), Some(other)) = (matters.get(one), matters.get(other)) else { continue };
        if is_one_matter(one, other, &own) && !knows(one, other) && !knows(other, one) {
            let message = format!(
                "{} and {} may be one finding in other words: only they speak of {}",
                one.id.text,
                other.id.text,
                own.join(", ")
            );
            let places = other.said.iter().chain(&one.said).map(|said| (*said).clone());
            findings.likely(message, places.collect());
        }
    }
}

/// Whether the words that only these two have are a good part of the shorter title, or many of all.
fn is_one_matter(one: &Matter<'_>, other: &Matter<'_>, shared: &[String]) -> bool {
    let has = |matter: &Matter<'_>, word: &str| matter.titles.iter().any(|own| own.contains(word));
    let titled = shared.iter().filter(|word| has(one, word) && has(other, word)).count();
    let title = one.titles.len().min(other.titles.len()).max(1);
    let all = one.all.len().min(other.all.len()).max(1);
    let is_part = titled >= 2 && titled * 4 >= title;
    is_part || shared.len() >= 3 && shared.len() * 4 >= all || shared.len() >= 4 && shared.len() * 6 >= all
}

/// One names the other: they are told apart, or it is known that they belong together.
fn knows(one: &Matter<'_>, other: &Matter<'_>) -> bool {
    one.text.contains(&other.id.text.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn one_matter_in_other_words_is_a_hint() {
        let table = |fourth: &str| {
            format!(
                "| Id | Risk |\n|---|---|\n| R-1 | SMS gateway fails, patients get no reminder |\n| R-2 | Overload on the first morning |\n| R-3 | Old cards cannot log in |\n| R-4 | {fourth} |\n"
            )
        };
        assert_eq!(
            found(&RULE, &table("Appointment reminders stay away as the SMS provider is down")),
            ["likely 6,3"]
        );
        assert!(found(&RULE, &table("The backup was never restored")).is_empty());
        assert!(found(&RULE, &table("Part of R-1: SMS reminders come twice")).is_empty());
        let german = "| Nr. | Risiko |\n|---|---|\n| R-01 | Ausfall des SMS-Gateways, Patienten erhalten keine Erinnerung |\n| R-02 | Überlast am ersten Tag |\n| R-03 | Altsystem bleibt beschreibbar |\n| R-04 | Terminerinnerungen bleiben aus, weil der SMS-Dienst steht |\n";
        assert_eq!(found(&RULE, german), ["likely 6,3"]);
    }
}
