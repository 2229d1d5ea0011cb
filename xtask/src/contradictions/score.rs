//! What the rules report, laid beside what is known to be wrong. It runs the rules and counts; it
//! does not know what is in the documents.

use std::collections::BTreeMap;

use gonogo_document::contradiction::{Certainty, Contradiction, Kind, contradictions};

use super::truth::{Document, Planted, Reviewed};

/// One contradiction that was reported.
#[derive(Debug, Clone)]
pub struct Report {
    /// The rule.
    pub rule: &'static str,
    /// Its kind.
    pub kind: Kind,
    /// Whether the rule is sure.
    pub certainty: Certainty,
    /// What it says.
    pub message: String,
    /// First and last line of each place, the primary one first.
    pub lines: Vec<(u32, u32)>,
    /// It touches a line of something that is known.
    pub matches_lines: bool,
    /// And that is of a kind that fits.
    pub matches: bool,
    /// A person found it true although it is not in the list.
    pub reviewed: bool,
}

/// How one known thing was found.
#[derive(Debug, Clone)]
struct Known {
    name: String,
    kind: Kind,
    certain: bool,
    strict: bool,
    by_lines: bool,
}

/// A document with what was found in it.
#[derive(Debug, Clone)]
pub struct Scored {
    /// Its name.
    pub name: String,
    /// What was reported.
    pub reports: Vec<Report>,
    known: Vec<Known>,
}

/// Runs the rules over a document.
pub fn document(document: &Document) -> Scored {
    let report = gonogo_document::read(&document.bytes);
    let reports =
        contradictions(&report).into_iter().map(|found| judged(found, document)).collect::<Vec<_>>();
    let known = document.planted.iter().map(|planted| {
        let touching: Vec<&Report> =
            reports.iter().filter(|report| touches(&report.lines, planted)).collect();
        let fitting = |report: &&&Report| planted.kinds.iter().any(|kind| fits(report.kind, *kind));
        Known {
            name: planted.name.clone(),
            kind: planted.kinds.first().copied().unwrap_or(Kind::Arithmetic),
            certain: touching.iter().filter(fitting).any(|report| report.certainty == Certainty::Certain),
            strict: touching.iter().any(|report| fitting(&report)),
            by_lines: !touching.is_empty(),
        }
    });
    Scored { name: document.name.clone(), known: known.collect(), reports }
}

fn judged(found: Contradiction, document: &Document) -> Report {
    let lines: Vec<(u32, u32)> =
        found.places.iter().map(|said| (said.span.line, said.span.end_line)).collect();
    let touched: Vec<&Planted> = document.planted.iter().filter(|planted| touches(&lines, planted)).collect();
    let fitting = |planted: &&Planted| planted.kinds.iter().any(|kind| fits(found.kind, *kind));
    let is_reviewed = |reviewed: &Reviewed| {
        reviewed.rule == found.rule && reviewed.lines.iter().any(|line| has_line(&lines, *line))
    };
    Report {
        rule: found.rule,
        kind: found.kind,
        certainty: found.certainty,
        message: found.message,
        matches_lines: !touched.is_empty(),
        matches: touched.iter().any(fitting),
        reviewed: document.reviewed.iter().any(is_reviewed),
        lines,
    }
}

fn touches(lines: &[(u32, u32)], planted: &Planted) -> bool {
    planted.lines.iter().any(|line| has_line(lines, *line))
}

fn has_line(lines: &[(u32, u32)], line: u32) -> bool {
    lines.iter().any(|(first, last)| (*first..=*last).contains(&line))
}

/// Whether a report of one kind finds a thing of another. People draw these borders differently: a
/// wrong total is a wrong sum or a wrong count, two ids of one finding are a duplicate or a
/// disagreement, a tick at what is not done is a wrong label or a verdict against its criterion.
fn fits(reported: Kind, planted: Kind) -> bool {
    const NEAR: [(Kind, Kind); 7] = [
        (Kind::Arithmetic, Kind::Count),
        (Kind::Duplicate, Kind::Disagreement),
        (Kind::Disagreement, Kind::Verdict),
        (Kind::Count, Kind::Omission),
        (Kind::Evidence, Kind::Verdict),
        (Kind::Evidence, Kind::Impossible),
        (Kind::Arithmetic, Kind::Impossible),
    ];
    reported == planted || NEAR.contains(&(reported, planted)) || NEAR.contains(&(planted, reported))
}

/// How many of one kind were planted and found.
#[derive(Debug, Clone, Copy, Default)]
pub struct Row {
    /// Known to be wrong.
    pub planted: usize,
    /// Found by a report that is sure, of a kind that fits.
    pub certain: usize,
    /// Found by any report of a kind that fits.
    pub strict: usize,
    /// Touched by any report.
    pub by_lines: usize,
}

/// The figures of a corpus.
#[derive(Debug, Clone, Default)]
pub struct Score {
    rows: BTreeMap<Kind, Row>,
    /// Reports that are sure.
    pub reported: usize,
    /// Those that touch nothing known.
    pub false_alarms: usize,
    /// Those that touch something known, but of a kind that does not fit.
    pub other_kind: usize,
    /// Reports that are not sure.
    pub hints: usize,
    /// Those that touch nothing known.
    pub false_hints: usize,
}

impl Score {
    /// Of all documents together.
    pub fn of(scored: &[Scored]) -> Score {
        let mut score = Score::default();
        for known in scored.iter().flat_map(|document| &document.known) {
            let row = score.rows.entry(known.kind).or_default();
            row.planted += 1;
            row.certain += usize::from(known.certain);
            row.strict += usize::from(known.strict);
            row.by_lines += usize::from(known.by_lines);
        }
        for report in scored.iter().flat_map(|document| &document.reports) {
            let is_true = report.matches_lines || report.reviewed;
            match report.certainty {
                Certainty::Certain => {
                    score.reported += 1;
                    score.false_alarms += usize::from(!is_true);
                    score.other_kind += usize::from(report.matches_lines && !report.matches);
                }
                Certainty::Likely => {
                    score.hints += 1;
                    score.false_hints += usize::from(!is_true);
                }
            }
        }
        score
    }

    /// The figures of one kind.
    pub fn kind(&self, kind: Kind) -> Row {
        self.rows.get(&kind).copied().unwrap_or_default()
    }

    /// The figures of all kinds.
    pub fn all(&self) -> Row {
        self.rows.values().fold(Row::default(), |all, row| Row {
            planted: all.planted + row.planted,
            certain: all.certain + row.certain,
            strict: all.strict + row.strict,
            by_lines: all.by_lines + row.by_lines,
        })
    }
}

impl Scored {
    /// The names of what no report of a fitting kind found.
    pub fn missed(&self) -> impl Iterator<Item = &str> {
        self.known.iter().filter(|known| !known.strict).map(|known| known.name.as_str())
    }

    /// What was reported on nothing that is known, or of a kind that does not fit.
    pub fn alarms(&self) -> impl Iterator<Item = String> {
        self.reports.iter().filter(|report| !report.matches && !report.reviewed).map(|report| {
            let sure = if report.certainty == Certainty::Certain { "" } else { "(hint) " };
            let kind = if report.matches_lines { "(other kind) " } else { "" };
            let lines: Vec<String> = report.lines.iter().map(|(first, _)| first.to_string()).collect();
            format!("{sure}{kind}{} {}: {}", report.rule, lines.join(","), report.message)
        })
    }
}
