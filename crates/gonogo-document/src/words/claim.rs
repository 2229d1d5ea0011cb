//! Words of claims.

use std::sync::LazyLock;

use super::ByWord;

/// What a word claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Claims {
    /// All of something.
    All,
    /// None of something.
    None,
    /// That there is no room for doubt.
    Absolute,
    /// That something is done or is as it should be.
    Achieved,
}

static CLAIMS: LazyLock<ByWord<Claims>> = LazyLock::new(|| {
    let lists = [
        (Claims::All, ALL),
        (Claims::None, NONE),
        (Claims::Absolute, ABSOLUTE),
        (Claims::Achieved, ACHIEVED),
    ];
    ByWord::of(lists.into_iter().flat_map(|(claims, words)| words.iter().map(move |word| (*word, claims))))
});

/// What a word in small letters claims.
pub(crate) fn claims(word: &str) -> Option<Claims> {
    CLAIMS.get(word).copied()
}

/// Beginnings of nouns that are counted in readiness documents.
pub(crate) const COUNTED: &[&str] = &[
    "issue",
    "blocker",
    "item",
    "finding",
    "problem",
    "risk",
    "test",
    "check",
    "categor",
    "requirement",
    "task",
    "condition",
    "route",
    "service",
    "endpoint",
    "phase",
    "decision",
    "step",
    "fix",
    "vulnerabilit",
    "bug",
    "defect",
    "question",
    "action",
    "criteri",
    "gap",
    "scenario",
    "alert",
    "secret",
    "document",
    "feature",
    "component",
    "prerequisite",
    "milestone",
    "gate",
    "criterion",
    "blocking",
    "failure",
    "error",
    "exception",
    "waiver",
    "acceptance",
    "area",
    "domain",
    "control",
    "checklist",
    "befund",
    "mangel",
    "mängel",
    "fehler",
    "punkte",
    "prüfung",
    "maßnahme",
    "anforderung",
    "aufgabe",
    "risik",
    "kategori",
    "blockier",
    "bedingung",
    "entscheidung",
    "dienst",
    "problème",
    "constat",
    "risque",
    "tâche",
    "exigence",
    "anomalie",
    "vérification",
    "catégorie",
    "problema",
    "hallazgo",
    "riesgo",
    "tarea",
    "requisito",
    "bloqueo",
    "prueba",
    "categoría",
    "bevinding",
    "risico",
    "taak",
    "taken",
    "probleem",
    "problemen",
    "rischi",
    "attività",
    "requisiti",
    "tenant",
    "node",
    "host",
];

/// All of something.
pub(crate) const ALL: &[&str] = &[
    "all",
    "every",
    "each",
    "alle",
    "aller",
    "sämtliche",
    "jede",
    "jeder",
    "tous",
    "toutes",
    "todos",
    "todas",
    "elke",
    "tutti",
    "tutte",
];

/// None of something.
const NONE: &[&str] = &[
    "zero",
    "no",
    "none",
    "kein",
    "keine",
    "keinerlei",
    "aucun",
    "aucune",
    "ningún",
    "ninguna",
    "cero",
    "geen",
    "nessun",
    "nessuna",
    "nenhum",
    "nenhuma",
    "null",
];

/// Words that leave no room for doubt.
const ABSOLUTE: &[&str] = &[
    "absolute",
    "absolutely",
    "perfect",
    "perfectly",
    "guaranteed",
    "guarantees",
    "guarantee",
    "flawless",
    "flawlessly",
    "bulletproof",
    "impossible",
    "never",
    "always",
    "infallible",
    "unbreakable",
    "foolproof",
    "certain",
    "undoubtedly",
    "absolut",
    "perfekt",
    "garantiert",
    "makellos",
    "unmöglich",
    "fehlerfrei",
    "parfait",
    "parfaite",
    "parfaitement",
    "garanti",
    "perfecto",
    "perfecta",
    "perfectamente",
    "garantizado",
    "absoluto",
    "absoluta",
    "volmaakt",
    "gegarandeerd",
    "feilloos",
    "perfetto",
    "perfetta",
    "garantito",
    "assoluto",
    "perfeito",
    "garantido",
    "faultless",
    "airtight",
];

/// Words that say that something is done or is as it should be.
const ACHIEVED: &[&str] = &[
    "ready",
    "implemented",
    "tested",
    "verified",
    "complete",
    "completed",
    "configured",
    "documented",
    "place",
    "comprehensive",
    "deployed",
    "enabled",
    "enforced",
    "resolved",
    "working",
    "validated",
    "secured",
    "hardened",
    "covered",
    "bereit",
    "umgesetzt",
    "getestet",
    "geprüft",
    "vollständig",
    "eingerichtet",
    "dokumentiert",
    "abgeschlossen",
    "prêt",
    "prête",
    "implémenté",
    "testé",
    "vérifié",
    "complet",
    "complète",
    "configuré",
    "listo",
    "lista",
    "implementado",
    "probado",
    "verificado",
    "completo",
    "completa",
    "configurado",
    "klaar",
    "geïmplementeerd",
    "getest",
    "volledig",
    "ingericht",
    "pronto",
    "implementato",
    "testato",
    "verificato",
    "configurato",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_claims_two_things() {
        let all: Vec<&str> = [ALL, NONE, ABSOLUTE, ACHIEVED].concat();
        let once: std::collections::BTreeSet<&str> = all.iter().copied().collect();
        assert_eq!(all.len(), once.len());
    }
}
