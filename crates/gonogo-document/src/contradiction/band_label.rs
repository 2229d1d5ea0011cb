//! A label that does not belong to its number by the document's own legend: `58 – GOOD` where good
//! begins at 70.

use super::facts::figure::{figure, figures, whole};
use super::facts::{Facts, Figure, Place, Role};
use super::kind::{Findings, Kind, Rule, Said};
use crate::value::Exact;

pub(super) const RULE: Rule = Rule {
    id: "band-label",
    kind: Kind::Disagreement,
    why: "A legend says which label a number has; a label of another band makes the number look better or worse.",
    find,
};

/// From least to most, both included.
#[derive(Debug)]
struct Band {
    label: String,
    least: Exact,
    most: Exact,
    said: Said,
}

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let bands = bands(facts);
    if bands.len() < 2 {
        return;
    }
    let mut stated: Vec<(String, Figure, Said)> = Vec::new();
    for grid in &facts.grids {
        let by_name = (0..grid.roles.len()).find(|at| {
            let names = [
                "cvss",
                "rating",
                "points",
                "punkte",
                "valor",
                "value",
                "nota",
                "score",
                "wynik punktowy",
                "valeur",
            ];
            names.contains(&grid.header(*at).trim()) && grid.figures(*at).is_some()
        });
        let number = grid.column(Role::Score).or_else(|| grid.column(Role::Confidence)).or(by_name);
        let label = grid.column(Role::Status).or_else(|| grid.column(Role::Severity));
        for row in grid.body() {
            let by_cell = (0..grid.roles.len())
                .find(|at| bands.iter().any(|band| row.cell(*at).to_lowercase() == band.label));
            if let (Some(number), Some(label)) = (number, by_cell.or(label))
                && let Some(figure) = figure(row.cell(number))
            {
                stated.push((row.cell(label).to_lowercase(), figure, row.said()));
            }
            if let Some(confidence) = grid.column(Role::Confidence) {
                stated.extend(
                    labelled(row.cell(confidence)).map(|(label, figure)| (label, figure, row.said())),
                );
            }
        }
    }
    for sentence in
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item))
    {
        let confident = sentence.lower().contains("confidence") || sentence.lower().starts_with("score");
        if confident && !bands.iter().any(|band| band.said.span == sentence.text.span) {
            let value = sentence.text.field().map(|field| field.value.plain).unwrap_or_default();
            stated.extend(labelled(&value).map(|(label, figure)| (label, figure, sentence.said())));
        }
    }
    for (label, number, said) in stated {
        check(&bands, &label, &number, said, findings);
    }
    grouped(facts, &bands, findings);
}

fn check(bands: &[Band], label: &str, number: &Figure, said: Said, findings: &mut Findings) {
    let own: Vec<&Band> =
        bands.iter().filter(|band| super::facts::verdict::has_phrase(label, &band.label)).collect();
    let [band] = own.as_slice() else { return };
    if number.value < band.least || number.value > band.most {
        let right = bands.iter().find(|band| number.value >= band.least && number.value <= band.most);
        let instead = right.map_or(String::new(), |right| format!(", it would be “{}”", right.label));
        let message = format!(
            "{} is called “{}”, but by the legend that is another band{instead}",
            number.shown(),
            band.label
        );
        findings.certain(message, vec![said, band.said.clone()]);
    }
}

/// Items in a list of a band with a number outside it, and the same label elsewhere.
fn grouped(facts: &Facts<'_>, bands: &[Band], findings: &mut Findings) {
    for item in facts.items.iter().take(500) {
        let Some(band) = bands.iter().find(|band| facts.section(item.section).title.span == band.said.span)
        else {
            continue;
        };
        let numbers: Vec<Figure> =
            figures(&item.said.text).into_iter().filter(|figure| figure.is_percent).collect();
        let Some(number) = numbers.first() else { continue };
        if number.value < band.least || number.value > band.most {
            let message = format!("{} stands under “{}”, which it is outside of", number.shown(), band.label);
            findings.certain(message, vec![item.said.clone(), band.said.clone()]);
        }
    }
    // Bands that share a bound leave its label open.
    for (at, one) in bands.iter().enumerate() {
        for other in bands
            .iter()
            .skip(at + 1)
            .filter(|other| other.label != one.label && (other.least == one.most || other.most == one.least))
        {
            findings.likely(
                format!("the bands “{}” and “{}” share a bound", one.label, other.label),
                vec![one.said.clone(), other.said.clone()],
            );
        }
    }
}

/// `HIGH (85%)`, `MEDIUM 95 %`.
fn labelled(text: &str) -> impl Iterator<Item = (String, Figure)> + use<> {
    let found = figures(text);
    let one = match found.as_slice() {
        [one] => Some(one.clone()),
        _ => None,
    };
    let label: String = text.chars().take_while(|c| !c.is_ascii_digit() && *c != '(').collect();
    let label = label.trim().to_lowercase();
    let short = !label.is_empty() && label.split_whitespace().count() <= 2;
    one.filter(|_| short).map(|figure| (label, figure)).into_iter()
}

/// The legend: `85–100 EXCELLENT`, `High confidence (90-100%)`, `HIGH from 90 %`.
fn bands(facts: &Facts<'_>) -> Vec<Band> {
    let mut found = Vec::new();
    for sentence in facts
        .sentences
        .iter()
        .filter(|sentence| sentence.place != Place::Cell && sentence.place != Place::Code)
    {
        let plain = &sentence.text.plain;
        if sentence.place == Place::Heading {
            found.extend(band_of_heading(sentence));
            continue;
        }
        // A point between digits is no end.
        let plain = &plain.replace(". ", "; ");
        let comma = |text: &str| text.replace(", ", "; ");
        let separated = comma(plain);
        let parts: Vec<&str> = separated.split("; ").collect();
        let read: Vec<(String, Exact, Exact)> = parts.iter().filter_map(|part| band(part)).collect();
        if read.len() >= 2 {
            found.extend(closed(read).into_iter().map(|(label, least, most)| Band {
                label,
                least,
                most,
                said: sentence.said(),
            }));
        }
    }
    found
}

fn band_of_heading(sentence: &super::facts::Sentence) -> Option<Band> {
    let lower = sentence.lower();
    let confident = lower.contains("confidence") || lower.contains("score");
    let (label, rest) = lower.split_once('(')?;
    let inside = rest.split(')').next()?;
    let (least, most) = bounds(inside)?;
    let label = label.split_whitespace().next()?.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    (confident && !label.is_empty()).then(|| Band { label, least, most, said: sentence.said() })
}

/// Two numbers with a dash, or `<70%`, `≥ 90 %`.
fn bounds(text: &str) -> Option<(Exact, Exact)> {
    let numbers = figures(text);
    match numbers.as_slice() {
        [least, most] if text.contains(['-', '–', '—']) || text.contains("to") => {
            Some((least.value.clone(), most.value.clone()))
        }
        [bound] if text.trim_start().starts_with(['<']) => {
            Some((whole(0), &bound.value - Exact::new(1.into(), 1000.into())))
        }
        [bound] if text.trim_start().starts_with(['≥', '>']) => {
            Some((bound.value.clone(), whole(1_000_000)))
        }
        _ => None,
    }
}

fn band(part: &str) -> Option<(String, Exact, Exact)> {
    let part = part.rsplit(':').next().unwrap_or(part).trim();
    let numbers = figures(part);
    let word = |text: &str| {
        let word = text.split(|c: char| !c.is_alphabetic()).find(|word| {
            word.chars().count() > 2
                && !["from", "under", "over", "ab", "below", "and"].contains(&word.to_lowercase().as_str())
        })?;
        Some(word.to_lowercase())
    };
    // A severity is the label, or a sign; `CVSS` before the numbers is none.
    let graded = crate::value::severities(part)
        .first()
        .and_then(|found| part.get(found.range.clone()).map(str::to_lowercase));
    let sign = part.chars().find(|letter| crate::value::sign_of(*letter).is_some()).map(String::from);
    let label = graded.or(sign).or_else(|| word(part))?;
    if part.split_whitespace().count() > 7 {
        return None;
    }
    let lower = part.to_lowercase();
    let is_range = part.contains(['-', '–'])
        || [" to ", " bis ", " a ", " à ", " do "].iter().any(|to| lower.contains(to));
    let is_under = ["abaixo de", "unter", "moins de", "sotto", "debajo de", "menos de", "poniżej", "onder"]
        .iter()
        .any(|word| lower.contains(word));
    let is_over = ["a partir de", "à partir de", "ab ", "da ", "desde", "vanaf", "above", "over", "od "]
        .iter()
        .any(|word| lower.contains(word));
    match numbers.as_slice() {
        [least, most] if least.value < most.value && is_range => {
            Some((label, least.value.clone(), most.value.clone()))
        }
        [bound] if is_under || part.contains("under") || part.contains("below") || part.starts_with('<') => {
            Some((label, whole(0), &bound.value - Exact::new(1.into(), 1000.into())))
        }
        [bound]
            if is_over || part.contains("from") || part.starts_with(['≥', '>']) || part.contains(" ab ") =>
        {
            Some((label, bound.value.clone(), whole(1_000_000)))
        }
        _ => None,
    }
}

/// `HIGH from 90, MEDIUM from 70`: a band ends where the one above it begins.
fn closed(mut bands: Vec<(String, Exact, Exact)>) -> Vec<(String, Exact, Exact)> {
    let starts: Vec<Exact> = bands.iter().map(|(_, least, _)| least.clone()).collect();
    for (_, least, most) in &mut bands {
        if *most == whole(1_000_000) {
            let next = starts.iter().filter(|start| *start > &*least).min();
            if let Some(next) = next {
                *most = next - Exact::new(1.into(), 1000.into());
            }
        }
    }
    bands
}
