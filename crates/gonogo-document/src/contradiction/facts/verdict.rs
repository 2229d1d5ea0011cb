//! Words of decision: GO, CONDITIONAL GO, NO-GO and what means the same.

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    /// Launch.
    Go,
    /// Launch if.
    Conditional,
    /// Do not launch.
    NoGo,
}

const NO_GO: &[&str] = &[
    "no-go",
    "no go",
    "nogo",
    "not ready",
    "do not launch",
    "do not proceed",
    "not approved",
    "rejected",
    "niet akkoord",
    "nicht freigegeben",
    "freigabe verweigert",
    "refusé",
    "rechazado",
    "not passed",
    "failed",
    "not authorised",
    "not authorized",
];
const CONDITIONAL: &[&str] = &[
    "conditional",
    "conditionally",
    "partially passed",
    "with conditions",
    "sous conditions",
    "bedingt",
    "voorwaardelijk",
    "condicional",
    "approved with",
    "go with",
    "with the following conditions",
];
const GO: &[&str] = &[
    "go",
    "approved",
    "passed",
    "freigegeben",
    "freigabe erteilt",
    "akkoord",
    "aprobado",
    "accordé",
    "authorised",
    "authorized",
    "cleared",
];

impl Verdict {
    /// The verdict in a short text.
    pub(crate) fn of(text: &str) -> Option<Verdict> {
        let lower = text.to_lowercase();
        let has = |phrases: &[&str]| phrases.iter().any(|phrase| has_phrase(&lower, phrase));
        if has(NO_GO) {
            return Some(Verdict::NoGo);
        }
        if has(&["without conditions", "unconditional"]) {
            return Some(Verdict::Go);
        }
        if has(CONDITIONAL) {
            return Some(Verdict::Conditional);
        }
        has(GO).then_some(Verdict::Go)
    }

    /// The word for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Verdict::Go => "GO",
            Verdict::Conditional => "CONDITIONAL GO",
            Verdict::NoGo => "NO-GO",
        }
    }
}

/// Whether a phrase stands in a text as whole words.
pub(crate) fn has_phrase(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let behind = text.get(at + phrase.len()..).and_then(|behind| behind.chars().next());
        let tied = |letter: Option<char>| {
            letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '-' || letter == '_')
        };
        !tied(before) && !tied(behind)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decisions_are_read_by_their_words() {
        for (text, verdict) in [
            ("🟢 **GO**", Some(Verdict::Go)),
            ("CONDITIONAL GO", Some(Verdict::Conditional)),
            ("❌ NO-GO", Some(Verdict::NoGo)),
            ("APPROVED WITHOUT CONDITIONS", Some(Verdict::Go)),
            ("niet akkoord", Some(Verdict::NoGo)),
            ("PARTIALLY PASSED", Some(Verdict::Conditional)),
            ("go-live date", None),
            ("Open", None),
        ] {
            assert_eq!(Verdict::of(text), verdict, "{text}");
        }
    }
}
