//! Certainty that no sample gives: 100 % confidence, perfect, zero, impossible.

use num_traits::ToPrimitive as _;

use super::facts::figure::figures;
use super::facts::word::says;
use super::facts::{Facts, Grid, Place, Role, Sentence};
use super::kind::{Findings, Kind, Rule};
use crate::value;

pub(super) const RULE: Rule = Rule {
    id: "absolute-claim",
    kind: Kind::Evidence,
    why: "With no failure in n tries the 95 % upper bound of the failure rate is 1 − 0.05^(1/n), and never zero.",
    find,
};

const ABSOLUTE: &[&str] = &[
    "certain",
    "no doubt",
    "cannot fail",
    "never fail*",
    "bulletproof",
    "hundertprozentig",
    "ausgeschlossen",
    "imposible",
    "onmogelijk",
    "garanti*",
    "garantiz*",
    "garantiert",
    "uitgesloten",
    "sans aucun risque",
    "no risk",
    "no risk at all",
    "beyond doubt",
    "absolute",
    "absolut",
    "absolue",
    "absoluta",
    "guaranteed",
    "perfect",
    "flawless",
    "100% confident",
    "impossible to",
    "can never",
    "completely certain",
    "zero risk",
];

/// Of all of it.
const OF_ALL: &[&str] = &[
    "confidence: 100",
    "confidence 100",
    "100 % confidence",
    "100% confidence",
    "100 % sure",
    "100 % certain",
    "100% sure",
    "100% certain",
    "vertrauen: 100",
    "confiance : 100",
    "confianza: 100",
];
const IMPOSSIBLE: &[&str] = &[
    "impossible to",
    "it is impossible",
    "cannot fail",
    "can never",
    "will never fail",
    "guaranteed",
    "ausgeschlossen, dass",
    "impossible de",
    "es imposible",
    "zero risk",
    "no risk at all",
    "bulletproof",
];
const IMPOSSIBLE_IN_ROWS: &[&str] =
    &["impossible", "can never", "guaranteed", "cannot fail", "ausgeschlossen", "imposible", "onmogelijk"];
/// Labels of what is wrong.
const LACKS: &[&str] = &[
    "impact",
    "cause",
    "problem",
    "consequence",
    "risk",
    "auswirkung",
    "folge",
    "ursache",
    "problème",
    "conséquence",
    "impacto",
    "causa",
    "gevolg",
    "oorzaak",
    "impatto",
];
/// What makes a figure a limit of what may be.
const BOUNDS: &[&str] = &[
    "at most",
    "up to",
    "no more than",
    "höchstens",
    "bis zu",
    "au plus",
    "jusqu'à",
    "como máximo",
    "hasta",
    "al massimo",
    "fino a",
    "hoogstens",
    "no máximo",
    "até",
];
/// The most claims of one document that are looked at.
const MOST: usize = 50;

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let (mut sure, mut perfect): (Vec<&Sentence>, Vec<&Sentence>) = (Vec::new(), Vec::new());
    // The line that a lack is told in: what follows in it belongs to it.
    let mut lack = None;
    for sentence in
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item))
    {
        let lower = sentence.lower();
        let is_confidence =
            says(&lower, &["confidence", "vertrauen", "confiance", "confianza"]) && hundred(&lower);
        if tells_a_lack(sentence) {
            lack = Some(sentence.text.span.end_line);
        }
        let is_lack = lack == Some(sentence.text.span.line);
        if is_lack || says(&lower, &["not", "unless", "if", "never say"]) {
            continue;
        }
        if (is_confidence && says(&lower, ABSOLUTE)) || says(&lower, OF_ALL) || says(&lower, IMPOSSIBLE) {
            sure.push(sentence);
        } else if says(&lower, &["perfect"]) && (says(&lower, &["zero", "no"]) || hundred(&lower)) {
            perfect.push(sentence);
        }
    }
    // The same words at many places are one claim.
    for mut claims in [sure, perfect] {
        claims.truncate(MOST);
        let Some(first) = claims.first() else { continue };
        let samples: Vec<(&Sentence, u64)> = claims.iter().filter_map(|claim| sample(facts, claim)).collect();
        let places =
            claims.iter().copied().chain(samples.iter().map(|(other, _)| *other)).map(Sentence::said);
        let message = message(first.text.plain.trim(), samples.first().map(|(_, count)| *count));
        findings.certain(message, places.collect());
    }
    facts.grids.iter().for_each(|grid| rows(grid, findings));
}

/// What goes wrong, and why: `Impact: the alert can never fire` is sure of nothing good.
fn tells_a_lack(sentence: &Sentence) -> bool {
    let key = sentence.text.field().map(|field| field.key.plain.to_lowercase());
    key.is_some_and(|key| LACKS.contains(&key.trim()))
}

/// Rows that are surer than their evidence lets them be.
fn rows(grid: &Grid<'_>, findings: &mut Findings) {
    let Some(column) = grid.column(Role::Confidence) else { return };
    for row in grid.body() {
        let (sure, text) = (row.cell(column).to_lowercase(), row.said().text.to_lowercase());
        let by_word = says(&sure, &["absolute", "absolut", "total", "complete certainty"]);
        if is_hundred(&sure) || by_word || (!sure.is_empty() && says(&text, IMPOSSIBLE_IN_ROWS)) {
            let sample = grid.column(Role::Evidence).and_then(|at| tries(row.cell(at)));
            findings.certain(message(&row.said().text, sample), vec![row.said()]);
        }
    }
}

/// The number of tries that the same section names before the claim.
fn sample<'a>(facts: &'a Facts<'_>, claim: &Sentence) -> Option<(&'a Sentence, u64)> {
    let home = facts.chapter(claim.section);
    let near = facts
        .sentences
        .iter()
        .filter(|other| facts.chapter(other.section) == home && other.text.span.line < claim.text.span.line);
    near.filter_map(|other| Some((other, tries(&other.text.plain)?))).next_back()
}

/// All of it in the cell of a confidence. `At most 100 %, at 95 % confidence` is as unsure as can be.
fn is_hundred(cell: &str) -> bool {
    let percents = || figures(cell).into_iter().filter(|figure| figure.is_percent);
    percents().next().is_some() && percents().all(|figure| figure.shown().starts_with("100"))
        || (hundred(cell) && !says(cell, BOUNDS))
}

fn hundred(lower: &str) -> bool {
    figures(lower).iter().any(|figure| figure.is_percent && figure.shown().starts_with("100"))
}

/// A number of tries: `600 logins`.
fn tries(text: &str) -> Option<u64> {
    let lower = text.to_lowercase();
    let nouns = [
        "test*",
        "tries",
        "attempt*",
        "calculation*",
        "signature*",
        "upload*",
        "request*",
        "case*",
        "run*",
        "loan*",
        "query",
        "queries",
        "sample*",
        "user*",
        "scenario*",
        "transaction*",
        "login*",
        "file*",
        "record*",
        "message*",
    ];
    let number = figures(&lower).into_iter().find(|figure| {
        !figure.is_percent
            && value::durations(&lower).iter().all(|time| !time.range.contains(&figure.range.start))
    })?;
    let behind = lower.get(number.range.end..)?;
    says(behind, &nouns).then(|| number.value.to_u64()).flatten().filter(|count| *count > 1)
}

fn message(text: &str, sample: Option<u64>) -> String {
    match sample {
        Some(count) => format!(
            "«{text}» rests on {count} tries: with no failure the failure rate may still be up to {}",
            bound(count)
        ),
        None => format!("«{text}», and no number of tries is named that it rests on"),
    }
}

/// 1 − 0.05^(1/n) in percent, with two digits that count. For many tries it is −ln(0.05)/n.
fn bound(count: u64) -> String {
    let tries = u32::try_from(count).map_or(f64::from(u32::MAX), f64::from);
    let percent = (1.0 - 0.05_f64.powf(1.0 / tries)) * 100.0;
    let digits = if percent >= 1.0 {
        1
    } else if percent >= 0.01 {
        3
    } else {
        5
    };
    format!("{percent:.digits$} %")
}

#[cfg(test)]
mod tests {
    use super::{RULE, bound};
    use crate::contradiction::trial::found;

    #[test]
    fn certainty_beyond_any_sample_is_found() {
        assert_eq!(
            found(&RULE, "- 60,000 loans recalculated\n\nConfidence: ABSOLUTE (100%)\n"),
            ["certain 3,1"]
        );
        assert_eq!(found(&RULE, "- Isolation: perfect (zero leaks)\n"), ["certain 1"]);
        let table = "| Statement | Evidence | Confidence |\n|---|---|---|\n| Keys hold | 12 signatures | 100 % (absolute) |\n";
        assert_eq!(found(&RULE, table), ["certain 3"]);
        let bound =
            table.replace("100 % (absolute)", "1 of 1 failed: at most 100 % fail, at 95 % confidence");
        assert!(found(&RULE, &bound).is_empty());
        assert!(found(&RULE, "- Impact: The alert can never fire.\n").is_empty());
        assert!(
            found(&RULE, "- Cause: labels are lost; without them the alert can never fire.\n").is_empty()
        );
        assert_eq!(found(&RULE, "- The queue can never fill.\n"), ["certain 1"]);
        assert!(found(&RULE, "Confidence: HIGH (95 %)\n\nAll 100 % of the sites answered.\n").is_empty());
    }

    #[test]
    fn the_bound_is_computed() {
        assert_eq!((bound(20), bound(12)), ("13.9 %".to_owned(), "22.1 %".to_owned()));
        assert_eq!(bound(100_000), "0.00300 %");
    }
}
