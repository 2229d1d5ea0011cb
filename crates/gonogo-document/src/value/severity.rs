//! How bad something is said to be.

use std::sync::LazyLock;

use super::{Found, Scan};
use crate::words::ByWord;

/// A severity as documents name it, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing may launch with it: blocker, P0, sev 1.
    Blocker,
    /// Critical. Many documents use it for what others call a blocker.
    Critical,
    /// High, major, P1.
    High,
    /// Medium, moderate, P2.
    Medium,
    /// Low, minor, P3.
    Low,
    /// For information.
    Info,
}

impl Severity {
    /// All, the worst first.
    pub const ALL: [Severity; 6] = [
        Severity::Blocker,
        Severity::Critical,
        Severity::High,
        Severity::Medium,
        Severity::Low,
        Severity::Info,
    ];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Blocker => "blocker",
            Severity::Critical => "critical",
            Severity::High => "high",
            Severity::Medium => "medium",
            Severity::Low => "low",
            Severity::Info => "info",
        }
    }

    /// Steps from the worst, where blocker and critical are one step: 0, 0, 1, 2, 3, 4.
    pub fn rank(self) -> u8 {
        match self {
            Severity::Blocker | Severity::Critical => 0,
            Severity::High => 1,
            Severity::Medium => 2,
            Severity::Low => 3,
            Severity::Info => 4,
        }
    }
}

/// Words in small letters, in several languages.
const WORDS: &[(Severity, &[&str])] = &[
    (
        Severity::Blocker,
        &[
            "blocker",
            "blockers",
            "blocking",
            "showstopper",
            "showstoppers",
            "blockierend",
            "blockierer",
            "bloquant",
            "bloquants",
            "bloquante",
            "bloquantes",
            "bloqueante",
            "bloqueantes",
            "blokkerend",
            "blokker",
            "bloccante",
            "bloccanti",
            "bloqueador",
            "p0",
            "sev0",
            "s0",
        ],
    ),
    (
        Severity::Critical,
        &[
            "critical",
            "criticals",
            "kritisch",
            "kritische",
            "kritischer",
            "kritisches",
            "kritischen",
            "critique",
            "critiques",
            "crítico",
            "crítica",
            "críticos",
            "críticas",
            "critico",
            "critica",
            "critici",
            "kritiek",
            "kritieke",
            "severe",
            "catastrophic",
            "sev1",
        ],
    ),
    (
        Severity::High,
        &[
            "high", "highs", "major", "hoch", "hohe", "hoher", "hohes", "hohen", "élevé", "élevée", "élevés",
            "haute", "majeur", "majeure", "majeurs", "majeures", "alto", "alta", "altos", "altas", "hoog",
            "hoge", "alti", "alte", "p1", "sev2",
        ],
    ),
    (
        Severity::Medium,
        &[
            "medium",
            "mediums",
            "moderate",
            "mittel",
            "mittlere",
            "mittlerer",
            "mittleres",
            "mittleren",
            "moyen",
            "moyenne",
            "moyens",
            "modéré",
            "medio",
            "media",
            "medios",
            "médio",
            "média",
            "gemiddeld",
            "gemiddelde",
            "medie",
            "med",
            "p2",
            "sev3",
        ],
    ),
    (
        Severity::Low,
        &[
            "low",
            "lows",
            "minor",
            "trivial",
            "niedrig",
            "niedrige",
            "niedriger",
            "niedrigen",
            "gering",
            "geringe",
            "geringes",
            "faible",
            "faibles",
            "mineur",
            "mineure",
            "mineurs",
            "mineures",
            "bajo",
            "baja",
            "bajos",
            "laag",
            "lage",
            "basso",
            "bassa",
            "bassi",
            "baixo",
            "baixa",
            "p3",
            "p4",
            "sev4",
        ],
    ),
    (Severity::Info, &["info", "informational", "informational", "information", "sev5"]),
];

/// Every severity word in a text.
pub fn severities(text: &str) -> Vec<Found<Severity>> {
    Scan::of(text).severities()
}

/// As [`severities`].
pub(super) fn severities_in(scan: &Scan<'_>) -> Vec<Found<Severity>> {
    let all = (0..scan.tokens.len()).filter_map(|at| {
        let word = scan.word(at)?;
        if let Some(severity) = of_word(&word) {
            return Some(Found::new(severity, scan.range(at, at)));
        }
        // `Sev 1`, `SEV-2`.
        let number = if scan.is_sign(at + 1, &['-']) { at + 2 } else { at + 1 };
        let level = matches!(&*word, "sev" | "severity").then(|| scan.whole(number)).flatten()?;
        Some(Found::new(of_word(&format!("sev{level}"))?, scan.range(at, number)))
    });
    all.collect()
}

static BY_WORD: LazyLock<ByWord<Severity>> = LazyLock::new(|| {
    ByWord::of(WORDS.iter().flat_map(|(severity, words)| words.iter().map(|word| (*word, *severity))))
});

fn of_word(word: &str) -> Option<Severity> {
    BY_WORD.get(word).copied()
}

/// The severity that a short text is: nothing else of weight may stand in it.
pub fn severity(text: &str) -> Option<Severity> {
    let found = severities(text);
    let first = found.first()?;
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).count();
    (found.iter().all(|other| other.value == first.value) && words <= 4).then_some(first.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn severities_are_read_in_several_languages() {
        for (text, severity_is) in [
            ("HIGH", Severity::High),
            ("🔴 Critical", Severity::Critical),
            ("P0", Severity::Blocker),
            ("Sev 2", Severity::High),
            ("SEV-1", Severity::Critical),
            ("mittel", Severity::Medium),
            ("élevée", Severity::High),
            ("bajo", Severity::Low),
            ("Low (before T-7)", Severity::Low),
        ] {
            assert_eq!(severity(text), Some(severity_is), "{text}");
        }
        for text in ["", "none", "a high wind blows over all the land", "high or low"] {
            assert_eq!(severity(text), None, "{text}");
        }
        assert_eq!(severities("6 BLOCKER and 11 HIGH issues").len(), 2);
    }
}
