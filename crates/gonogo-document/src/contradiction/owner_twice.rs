//! One thing with two owners or two dates.

pub(super) mod steps;
pub(super) mod words;

use jiff::civil::Date;

use super::facts::word::says;
use super::facts::{Facts, Item, Place, Sentence};
use super::kind::{Findings, Kind, Rule};
use crate::name::{Likeness, Name};
use crate::value::{self, Id};

pub(super) const RULE: Rule = Rule {
    id: "owner-twice",
    kind: Kind::Disagreement,
    why: "What two people own, nobody does; what is due on two dates is done by the later one.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let owned: Vec<&Item> =
        facts.items.iter().filter(|item| item.owner.is_some() || item.due.is_some()).take(400).collect();
    for (at, one) in owned.iter().enumerate() {
        for other in owned.iter().skip(at + 1).filter(|other| is_same(one, other)) {
            owners(one, other, findings);
            dates(one, other, findings);
        }
    }
    for (at, sentence) in facts
        .sentences
        .iter()
        .enumerate()
        .filter(|(_, sentence)| matches!(sentence.place, Place::Prose | Place::Item))
    {
        let before = at.checked_sub(1).and_then(|before| facts.sentences.get(before));
        in_sentence(
            facts,
            sentence,
            before.filter(|before| before.text.span.end_line == sentence.text.span.line),
            findings,
        );
    }
    roles(facts, findings);
    steps::find(facts, findings);
    calendar(facts, findings);
    moments(facts, findings);
}

fn is_same(one: &Item, other: &Item) -> bool {
    let ids = matches!((&one.id, &other.id), (Some(a), Some(b)) if a.is(b));
    let likeness = one.name.likeness(&other.name);
    (ids && likeness >= Likeness::Overlap(50))
        || (one.id.is_none()
            && other.id.is_none()
            && likeness == Likeness::Exact
            && one.name.words.len() >= 2)
}

fn owners(one: &Item, other: &Item, findings: &mut Findings) {
    if let (Some(first), Some(second)) = (&one.owner, &other.owner)
        && Name::of(first).likeness(&Name::of(second)) < Likeness::Overlap(50)
    {
        findings.certain(
            format!("“{}” belongs to {first} here and to {second} there", one.title),
            vec![one.said.clone(), other.said.clone()],
        );
    }
}

fn dates(one: &Item, other: &Item, findings: &mut Findings) {
    if let (Some(first), Some(second)) = (one.due, other.due)
        && first != second
    {
        findings.certain(
            format!("“{}” is due on {first} here and on {second} there", one.title),
            vec![one.said.clone(), other.said.clone()],
        );
    }
}

/// A sentence about one item, with a date or an owner.
fn in_sentence(facts: &Facts<'_>, sentence: &Sentence, before: Option<&Sentence>, findings: &mut Findings) {
    let plain = &sentence.text.plain;
    let read = |text: &str| value::ids(text).into_iter().map(|found| found.value).collect::<Vec<Id>>();
    let mut ids = read(plain);
    if let (true, Some(before)) = (ids.is_empty(), before) {
        ids = read(&before.text.plain);
    }
    let [id] = ids.as_slice() else { return named(facts, sentence, findings) };
    let row = facts.with_id(id).find(|item| {
        item.said.span.line != sentence.text.span.line && (item.owner.is_some() || item.due.is_some())
    });
    let Some(item) = row else { return };
    let lower = sentence.lower();
    let mut found: Vec<Date> = facts.calendar.dates(plain).into_iter().map(|found| found.value).collect();
    found.dedup();
    let is_due = says(&lower, words::DUE) && !is_of_old(facts, sentence) && is_dated(facts, item);
    if let ([date], Some(due), true) = (found.as_slice(), item.due, is_due)
        && *date != due
    {
        findings.certain(
            format!("{} is due on {due} in its list and on {date} here", id.text),
            vec![item.said.clone(), sentence.said()],
        );
    }
    if let (Some(owner), Some(other)) = (&item.owner, stated_owner(plain))
        && Name::of(owner).likeness(&Name::of(&other)) < Likeness::Overlap(50)
    {
        findings.certain(
            format!("{} belongs to {owner} in its list and to {other} here", id.text),
            vec![sentence.said(), item.said.clone()],
        );
    }
}

/// Whether another date is told of: an earlier plan, the day when it was found.
fn is_of_old(facts: &Facts<'_>, sentence: &Sentence) -> bool {
    let line = sentence.text.span.line;
    let near = facts.between(line.saturating_sub(1), sentence.text.span.end_line.saturating_add(2));
    near.iter().any(|other| {
        let own = other.text.span == sentence.text.span;
        (own || other.section == sentence.section)
            && says(&other.lower(), if own { words::OTHER_DATE } else { words::REPLACED })
    })
}

/// Whether the date of a thing is its own: that of its row, or the only one of its line.
fn is_dated(facts: &Facts<'_>, item: &Item) -> bool {
    let is_label = item.id.as_ref().is_some_and(|id| id.text.contains(' '));
    let is_row = matches!(item.source, super::facts::item::Source::Row(_));
    is_row || (!is_label && facts.calendar.dates(&item.said.text).len() == 1)
}

/// `(verantwortlich: X)`, `owner: X`, `(Team X)`.
fn stated_owner(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    for key in
        ["verantwortlich:", "owner:", "responsable :", "responsable:", "eigenaar:", "assigned to", "(team "]
    {
        let Some(at) = lower.find(key) else { continue };
        let from = if key == "(team " { at + 1 } else { at + key.len() };
        let rest = text.get(from..)?;
        let until = rest.find([')', ';', '.', ',']).unwrap_or(rest.len());
        return rest.get(..until).map(|owner| owner.trim().to_owned()).filter(|owner| !owner.is_empty());
    }
    None
}

/// `The owner of the help desk rota is Tom Albers`, against the row of the rota.
fn named(facts: &Facts<'_>, sentence: &Sentence, findings: &mut Findings) {
    let lower = sentence.lower();
    let Some(at) = lower.find("owner of ") else { return };
    let Some((what, who)) = sentence.text.plain.get(at + 9..).and_then(|rest| rest.split_once(" is ")) else {
        return;
    };
    let name = Name::of(what);
    let who = who.trim_end_matches('.').to_owned();
    let row = facts
        .items
        .iter()
        .find(|item| item.owner.is_some() && item.name.likeness(&name) >= Likeness::SameWords);
    if let Some((item, owner)) = row.and_then(|item| Some((item, item.owner.as_ref()?)))
        && Name::of(owner).likeness(&Name::of(&who)) < Likeness::Overlap(50)
    {
        findings.certain(
            format!("“{}” belongs to {owner} in its list and to {who} here", item.title),
            vec![sentence.said(), item.said.clone()],
        );
    }
}

/// `Test manager: Lena Voss`, and another name in the row of the test manager.
fn roles(facts: &Facts<'_>, findings: &mut Findings) {
    let named: Vec<(String, &Sentence)> = facts
        .sentences
        .iter()
        .filter(|sentence| sentence.place == Place::Prose && sentence.text.plain.contains(": "))
        .map(|sentence| (sentence.lower(), sentence))
        .take(400)
        .collect();
    for grid in &facts.grids {
        let name = (0..grid.roles.len())
            .find(|at| matches!(grid.header(*at).trim(), "name" | "signature" | "nom" | "nombre" | "naam"));
        let role = (0..grid.roles.len())
            .find(|at| matches!(grid.header(*at).trim(), "role" | "rolle" | "rôle" | "rol" | "function"));
        let (Some(name), Some(role)) = (name, role) else { continue };
        for row in grid.body().take(60) {
            let label = row.cell(role).to_lowercase();
            if label.chars().count() <= 4 {
                continue;
            }
            for (lower, sentence) in &named {
                let Some(at) = lower.find(&format!("{label}: ")).filter(|_| label.chars().count() > 4) else {
                    continue;
                };
                let rest = sentence.text.plain.get(at + label.len() + 2..).unwrap_or_default();
                let until = rest.find([',', ';', '·', '|', '\n', '.']).unwrap_or(rest.len());
                let who = rest.get(..until).unwrap_or_default().trim();
                let is_name =
                    who.split_whitespace().count() == 2 && who.chars().next().is_some_and(char::is_uppercase);
                if is_name && Name::of(who).likeness(&Name::of(row.cell(name))) < Likeness::Overlap(50) {
                    findings.certain(
                        format!("the {} is {who} here and {} there", row.cell(role), row.cell(name)),
                        vec![row.said(), sentence.said()],
                    );
                }
            }
        }
    }
}

/// A calendar with a date a row, against the sentence that dates the same thing.
fn calendar(facts: &Facts<'_>, findings: &mut Findings) {
    const PLANS: &[&str] = &["held by", "is on", "due", "planned", "by 2", "takes place", "until"];
    let dated: Vec<(std::collections::BTreeSet<String>, Date, &Sentence)> = facts
        .sentences
        .iter()
        .filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item))
        .filter(|sentence| PLANS.iter().any(|word| sentence.lower().contains(word)))
        .filter_map(|sentence| match value::dates(&sentence.text.plain).as_slice() {
            [date] => Some((Name::of(&sentence.text.plain).words, date.value, sentence)),
            _ => None,
        })
        .take(400)
        .collect();
    for grid in facts.grids.iter().filter(|grid| grid.roles.len() <= 3) {
        let is_date =
            |at: &usize| matches!(grid.header(*at).trim(), "date" | "datum" | "day" | "fecha" | "when");
        let Some(column) = (0..grid.roles.len()).find(is_date) else { continue };
        for row in grid.body().take(400) {
            let name = Name::of(row.cell(grid.label));
            let Some(date) = value::dates(row.cell(column)).first().map(|found| found.value) else {
                continue;
            };
            let about = |words: &std::collections::BTreeSet<String>| {
                name.words.len() >= 2 && name.words.is_subset(words)
            };
            for (_, other, sentence) in
                dated.iter().filter(|(words, other, _)| about(words) && *other != date)
            {
                let message = format!(
                    "“{}” is on {date} in the calendar and by {other} in the text",
                    row.cell(grid.label)
                );
                findings.certain(message, vec![row.said(), sentence.said()]);
            }
        }
    }
}

/// Two or more moments by which one thing must be done: before cutover, before T-7 days, this week.
fn moments(facts: &Facts<'_>, findings: &mut Findings) {
    let in_lists = facts.items.iter().filter(|item| item.source == super::facts::item::Source::List);
    let listed: Vec<(Name, String, &Item)> = in_lists
        .filter_map(|item| {
            let moment = moment(&facts.section(item.section).title.plain.to_lowercase())?;
            Some((Name::of(item.title.split(':').next().unwrap_or_default()), moment, item))
        })
        .collect();
    let headings = facts.items.iter().filter(|item| item.source == super::facts::item::Source::Heading);
    for heading in headings.take(100) {
        let mut seen: Vec<(String, super::kind::Said)> = Vec::new();
        let mut note = |moment: String, said: super::kind::Said| {
            if !seen.iter().any(|(known, _)| *known == moment) {
                seen.push((moment, said));
            }
        };
        for sentence in facts
            .sentences
            .iter()
            .filter(|sentence| sentence.section == heading.section && sentence.place == Place::Cell)
        {
            if let Some(moment) = moment(&sentence.lower()) {
                note(moment, sentence.said());
            }
        }
        for (name, moment, item) in &listed {
            if name.words.intersection(&heading.name.words).count() >= 2 {
                note(moment.clone(), item.said.clone());
            }
        }
        if seen.len() >= 2 {
            let words: Vec<String> = seen.iter().map(|(moment, _)| format!("“{moment}”")).collect();
            let places = seen.into_iter().map(|(_, said)| said).collect();
            findings.likely(
                format!("“{}” is due at {} moments: {}", heading.title, words.len(), words.join(", ")),
                places,
            );
        }
    }
}

fn moment(text: &str) -> Option<String> {
    if text.contains("this week") {
        return Some("this week".to_owned());
    }
    let at = text
        .find("before ")
        .map(|at| at + 7)
        .or_else(|| text.contains("(t-").then(|| text.find("t-")).flatten())?;
    let words: Vec<&str> = text
        .get(at..)?
        .split(|c: char| !(c.is_alphanumeric() || c == '-'))
        .filter(|word| !word.is_empty())
        .take(1)
        .collect();
    words.first().map(|word| (*word).to_owned())
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn a_step_has_one_owner() {
        let text = |name: &str| {
            format!(
                "## Steps\n\n| # | Step | Owner |\n|---|---|---|\n| 1 | Stop | Ann Bell |\n| 2 | Load | Sue Kent |\n| 3 | Open | Ann Bell |\n\n## People\n\n| Role | Name |\n|---|---|\n| Loading (step 2) | {name} |\n| Floor | Ola Brand |\n"
            )
        };
        assert_eq!(found(&RULE, &text("Ines Falk")), ["certain 13,6"]);
        assert!(found(&RULE, &text("S. Kent")).is_empty());
    }

    #[test]
    fn a_date_without_a_year_is_compared() {
        let text = |told: &str| {
            format!(
                "Review of 2026-03-01\n\n| Id | Finding | Due |\n|---|---|---|\n| F-04 | Runbook is silent | 2026-03-21 |\n\n{told}\n"
            )
        };
        assert_eq!(found(&RULE, &text("The chapter (F-04) will be ready on 28 March.")), ["certain 5,7"]);
        assert!(found(&RULE, &text("The chapter (F-04) will be ready on 21 March.")).is_empty());
        assert!(found(&RULE, &text("F-04 was found on 2 February and will be ready.")).is_empty());
        assert!(
            found(&RULE, &text("F-04 was due on 7 March. That date was replaced in the review.")).is_empty()
        );
    }
}
