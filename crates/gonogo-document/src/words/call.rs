//! The words of verdicts.

use std::sync::LazyLock;

use super::{Lexicon, Word};
use crate::element::Call;

/// A phrase that is a verdict, or looks like one and is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phrase {
    /// It says this wherever it stands.
    Says(Call),
    /// It says this in capitals, behind a label or alone: `GO`, `Approved`.
    MaySay(Call),
    /// The name of the decision: `GO / NO-GO`.
    Names,
}

const PHRASES: &[(Phrase, &str)] = &[
    (
        Phrase::Names,
        "go no go|go or no go|no go go|go nogo|go live|go to|go ahead|no go conditions|\
         no go criteria|no go condition|go criteria|go down|go on|go through|go into|go back|go up|\
         not blocked|approved capacity|approved by|go kriterien|no go kriterien|blocked by|\
         blocked until|blocked on|unblocked|go to market|blocked items|blocked for",
    ),
    (Phrase::MaySay(Call::Go), "go|freigabe erteilt|start freigegeben"),
    (
        Phrase::Says(Call::ConditionalGo),
        "conditional go|conditionally go|go with conditions|conditional approval|conditionally ready|\
         go conditional|bedingtes go|bedingt go|go mit auflagen|go unter auflagen|go conditionnel|\
         go sous conditions|go sous réserve|go condicional|go con condiciones|voorwaardelijk go|\
         voorwaardelijke go|go condizionato|go condizionale|bedingt bereit|bedingte freigabe|\
         go with caution",
    ),
    (
        Phrase::Says(Call::ApprovedWithConditions),
        "approved with conditions|conditionally approved|approved subject to|\
         approved with specific requirements|mit auflagen freigegeben|approuvé sous conditions|\
         aprobado con condiciones",
    ),
    (
        Phrase::Says(Call::ConditionalNoGo),
        "conditional no go|conditional nogo|bedingtes no go|no go conditionnel|no go condicional",
    ),
    (
        Phrase::Says(Call::NoGo),
        "no go|nogo|do not launch|do not go live|do not proceed to production|do not deploy|\
         no launch|kein go",
    ),
    (
        Phrase::Says(Call::NotReady),
        "not ready|not production ready|not yet ready|not launch ready|not go live ready|\
         nicht bereit|nicht produktionsreif|nicht startklar|pas prêt|pas prête|non prêt|\
         no está listo|no está lista|no listo|no apto|niet klaar|niet gereed|non pronto|\
         não está pronto|unready|not fit for production|not suitable for production|\
         not ready for production",
    ),
    (
        Phrase::Says(Call::Approved),
        "approved for launch|approved for production|approved for release|approved for go live|\
         approved for deployment|launch approved|ready for production|ready for launch|\
         ready for go live|ready to launch|production ready|launch ready|cleared for launch|\
         freigegeben für produktion|produktionsreif|startklar|bereit für produktion|\
         bereit für den produktivbetrieb|prêt pour la production|prêt pour le lancement|\
         listo para producción|listo para el lanzamiento|klaar voor productie|\
         pronto per la produzione|pronto para produção|go live approved|release approved|\
         ready for deployment",
    ),
    (
        Phrase::MaySay(Call::Approved),
        "approved|freigegeben|genehmigt|approuvé|aprobado|goedgekeurd|approvato|aprovado|ready|\
         bereit|startbereit",
    ),
    (
        Phrase::Says(Call::Rejected),
        "not approved|launch denied|launch rejected|nicht freigegeben|non approuvé|no aprobado|\
         niet goedgekeurd|non approvato",
    ),
    (Phrase::MaySay(Call::Rejected), "rejected|abgelehnt|rejeté|rechazado|afgewezen|respinto"),
    (
        Phrase::MaySay(Call::Blocked),
        "blocked|launch blocked|blockiert|gesperrt|bloqué|bloqueado|geblokkeerd|bloccato|hold|halted",
    ),
];

static LEXICON: LazyLock<Lexicon<Phrase>> = LazyLock::new(|| Lexicon::of(PHRASES));

/// A verdict in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) call: Call,
    /// Which words.
    pub(crate) words: std::ops::Range<usize>,
    /// The phrase says it wherever it stands.
    pub(crate) is_plain: bool,
}

/// Every verdict in some words, the longest phrase at each place.
pub(crate) fn calls(words: &[Word<'_>]) -> Vec<Said> {
    let said = LEXICON.all(words).into_iter().filter_map(|hit| match hit.meaning {
        Phrase::Says(call) => Some(Said { call, words: hit.words, is_plain: true }),
        Phrase::MaySay(call) => Some(Said { call, words: hit.words, is_plain: false }),
        Phrase::Names => None,
    });
    said.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::words;

    #[test]
    fn verdicts_are_told_from_their_names() {
        let read = |text: &str| calls(&words(text)).into_iter().map(|said| said.call).collect::<Vec<_>>();
        assert_eq!(read("⚠️ CONDITIONAL GO"), [Call::ConditionalGo]);
        assert_eq!(read("⚠️ CONDITIONAL NO-GO"), [Call::ConditionalNoGo]);
        assert_eq!(read("GO / NO-GO DECISION"), []);
        assert_eq!(read("GO/NO-GO Decision: ❌ NO-GO"), [Call::NoGo]);
        assert_eq!(read("✅ APPROVED FOR LAUNCH"), [Call::Approved]);
        assert_eq!(read("Nicht bereit"), [Call::NotReady]);
        assert_eq!(read("the go-live checklist"), []);
    }
}
