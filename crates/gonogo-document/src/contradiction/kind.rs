//! What a contradiction is, and what a rule that finds them is.

use super::facts::Facts;
use crate::place::Span;

/// What sort of contradiction it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Figures that do not follow from one another.
    Arithmetic,
    /// A number that is not the number of what is listed.
    Count,
    /// One thing twice.
    Duplicate,
    /// One thing under two severities, states, owners, dates or values.
    Disagreement,
    /// A verdict against the document's own criteria.
    Verdict,
    /// A claim without evidence, or against it.
    Evidence,
    /// What cannot be.
    Impossible,
    /// What was found in one place and is dropped in another.
    Omission,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 8] = [
        Kind::Arithmetic,
        Kind::Count,
        Kind::Duplicate,
        Kind::Disagreement,
        Kind::Verdict,
        Kind::Evidence,
        Kind::Impossible,
        Kind::Omission,
    ];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Arithmetic => "arithmetic",
            Kind::Count => "count",
            Kind::Duplicate => "duplicate",
            Kind::Disagreement => "disagreement",
            Kind::Verdict => "verdict",
            Kind::Evidence => "evidence",
            Kind::Impossible => "impossible",
            Kind::Omission => "omission",
        }
    }

    /// The kind that lists of contradictions shorten to this letter.
    pub fn of_letter(letter: char) -> Option<Kind> {
        let kind = match letter {
            'A' => Kind::Arithmetic,
            'C' => Kind::Count,
            'D' => Kind::Duplicate,
            'V' => Kind::Disagreement,
            'J' => Kind::Verdict,
            'E' => Kind::Evidence,
            'L' => Kind::Impossible,
            'O' => Kind::Omission,
            _ => return None,
        };
        Some(kind)
    }
}

/// How sure a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// There is no reading in which both places are right.
    Certain,
    /// A person should look: there is a reading in which both are right.
    Likely,
}

impl Certainty {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Certainty::Certain => "certain",
            Certainty::Likely => "likely",
        }
    }
}

/// A place and what stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Where.
    pub span: Span,
    /// What the document says there, in one line and shortened.
    pub text: String,
}

/// Two or more places of a document that cannot all be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    /// The id of the rule that found it.
    pub rule: &'static str,
    /// Of what sort it is.
    pub kind: Kind,
    /// How sure the rule is.
    pub certainty: Certainty,
    /// What the document says against what, with the computed value. Without full stop.
    pub message: String,
    /// Where, the place that is wrong (or is read first) before what it is measured by.
    pub places: Vec<Said>,
}

/// A rule: one way in which documents contradict themselves.
pub struct Rule {
    /// A noun with dashes.
    pub id: &'static str,
    /// What it finds.
    pub kind: Kind,
    /// Why it is wrong, in one sentence.
    pub why: &'static str,
    /// Finds all of them.
    pub(crate) find: fn(&Facts<'_>, &mut Findings),
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rule").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The most contradictions that one rule reports of one document.
pub const MOST_OF_A_RULE: usize = 200;
/// The most places that are shown of one contradiction.
const MOST_PLACES: usize = 24;
/// Characters of a document that are shown of one place.
const MOST_TEXT: usize = 120;

/// Where rules put what they find.
#[derive(Debug)]
pub(crate) struct Findings {
    rule: &'static str,
    kind: Kind,
    found: Vec<Contradiction>,
    /// There are more than are kept.
    is_full: bool,
}

impl Findings {
    pub(crate) fn of(rule: &Rule) -> Findings {
        Findings { rule: rule.id, kind: rule.kind, found: Vec::new(), is_full: false }
    }

    /// There is no reading in which both places are right.
    pub(crate) fn certain(&mut self, message: String, places: Vec<Said>) {
        self.push(Certainty::Certain, message, places);
    }

    /// A person should look.
    pub(crate) fn likely(&mut self, message: String, places: Vec<Said>) {
        self.push(Certainty::Likely, message, places);
    }

    /// Certain or likely.
    pub(crate) fn say(&mut self, is_certain: bool, message: String, places: Vec<Said>) {
        self.push(if is_certain { Certainty::Certain } else { Certainty::Likely }, message, places);
    }

    fn push(&mut self, certainty: Certainty, message: String, mut places: Vec<Said>) {
        let mut lines = std::collections::BTreeSet::new();
        places.retain(|said| lines.insert((said.span.line, said.span.end_line)));
        places.truncate(MOST_PLACES);
        let known = self.found.iter().any(|found| found.message == message && found.places == places);
        if places.is_empty() || known {
            return;
        }
        if self.found.len() == MOST_OF_A_RULE {
            self.is_full = true;
        } else {
            self.found.push(Contradiction { rule: self.rule, kind: self.kind, certainty, message, places });
        }
    }

    /// Whether there are more than are kept.
    pub(crate) fn is_full(&self) -> bool {
        self.is_full
    }

    pub(crate) fn into_found(self) -> Vec<Contradiction> {
        self.found
    }
}

impl Said {
    /// A place with what stands there.
    pub(crate) fn at(span: Span, text: &str) -> Said {
        let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = match one_line.char_indices().nth(MOST_TEXT) {
            Some((at, _)) => format!("{}…", one_line.get(..at).unwrap_or_default()),
            None => one_line,
        };
        Said { span, text }
    }
}
