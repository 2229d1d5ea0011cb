//! What a column of a table means, by the words of its header.

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// A name or number for reference.
    Id,
    /// What the row is about.
    Title,
    /// How bad it is.
    Severity,
    /// How it stands.
    Status,
    /// A score, points, a readiness.
    Score,
    /// The weight of a score.
    Weight,
    /// Score times weight.
    Weighted,
    /// How many.
    Count,
    /// Who.
    Owner,
    /// Until when.
    Due,
    /// From when.
    Start,
    /// To when.
    End,
    /// How long.
    Duration,
    /// Who agreed.
    Approver,
    /// When it was agreed.
    Approved,
    /// Until when it holds.
    Expires,
    /// What was asked.
    Target,
    /// What was measured.
    Actual,
    /// By what it is known.
    Evidence,
    /// How sure one is.
    Confidence,
    /// What was decided.
    Decision,
    /// What must be before.
    Needs,
    /// A formula.
    Expression,
    /// Anything else.
    Other,
}

/// Header words in small letters, the first that fits decides. A header fits when it is the phrase,
/// or starts or ends with it as a word.
const HEADERS: &[(Role, &[&str])] = &[
    (
        Role::Weighted,
        &[
            "weighted",
            "weighted score",
            "contribution",
            "part of total",
            "beitrag",
            "gewichtet",
            "ponderado",
            "pondéré",
            "gewogen",
        ],
    ),
    (Role::Weight, &["weight", "gewicht", "gewichtung", "poids", "peso", "weging", "wt"]),
    (
        Role::Severity,
        &[
            "severity",
            "sev",
            "prio",
            "priority",
            "schwere",
            "schweregrad",
            "gravité",
            "gravedad",
            "ernst",
            "criticality",
            "risk level",
            "level",
            "niveau",
            "impact level",
            "severity now",
            "priorität",
            "priorité",
            "prioridad",
        ],
    ),
    (
        Role::Approver,
        &[
            "approved by",
            "approver",
            "goedgekeurd door",
            "approuvé par",
            "aprobado por",
            "genehmigt von",
            "accepted by",
            "by",
        ],
    ),
    (
        Role::Approved,
        &["approved", "granted", "approved on", "accepted on", "genehmigt", "accordé", "date approved"],
    ),
    (
        Role::Expires,
        &[
            "valid to",
            "expires",
            "expiry",
            "until",
            "valid until",
            "expires on",
            "geldig tot",
            "gültig bis",
            "valable jusqu'au",
            "válido hasta",
            "expiration",
        ],
    ),
    (
        Role::Owner,
        &[
            "owner",
            "verantwortlich",
            "eigenaar",
            "responsable",
            "who",
            "lead",
            "assignee",
            "team",
            "assigned to",
            "wer",
        ],
    ),
    (
        Role::Due,
        &[
            "ready by",
            "needed by",
            "arrives",
            "by when",
            "fällig",
            "due by",
            "available from",
            "due",
            "due date",
            "deadline",
            "frist",
            "échéance",
            "fecha límite",
            "eta",
            "when",
            "target date",
            "termin",
        ],
    ),
    (
        Role::Start,
        &[
            "begins",
            "starts on",
            "begin date",
            "start date",
            "opened",
            "raised",
            "starttermin",
            "start",
            "starts",
            "from",
            "begin",
            "début",
            "beginn",
            "inicio",
            "von",
        ],
    ),
    (
        Role::End,
        &[
            "finishes",
            "finish date",
            "end date",
            "einde",
            "closed",
            "closed on",
            "ends on",
            "completed on",
            "endtermin",
            "finished",
            "end",
            "ends",
            "to",
            "fin",
            "ende",
            "finish",
            "bis",
        ],
    ),
    (
        Role::Duration,
        &[
            "duration",
            "dauer",
            "duur",
            "durée",
            "minutes",
            "hours",
            "effort",
            "estimated time",
            "time",
            "estimate",
            "estimated effort",
            "heures",
            "aufwand",
            "aufwand (pt)",
            "duración",
        ],
    ),
    (
        Role::Needs,
        &[
            "predecessor",
            "predecessors",
            "waits for",
            "voraussetzung",
            "vorgänger",
            "dépend de",
            "depende de",
            "afhankelijk van",
            "prérequis",
            "needs",
            "depends on",
            "dependencies",
            "opens after",
            "prerequisites",
            "requires",
            "after",
            "opens when",
            "blocked by",
        ],
    ),
    (
        Role::Evidence,
        &["source", "beleg", "reference", "evidence", "proof", "nachweis", "preuve", "evidencia", "bewijs"],
    ),
    (Role::Confidence, &["confidence", "vertrauen", "confiance", "confianza"]),
    (
        Role::Decision,
        &[
            "decision",
            "verdict",
            "entscheidung",
            "décision",
            "decisión",
            "acceptance",
            "vote",
            "call",
            "besluit",
        ],
    ),
    (Role::Expression, &["expression", "expr", "query", "condition"]),
    (
        Role::Target,
        &[
            "target",
            "limit",
            "bar",
            "objective",
            "goal",
            "threshold",
            "ziel",
            "soll",
            "required",
            "cible",
            "objectif",
            "objetivo",
        ],
    ),
    (
        Role::Actual,
        &[
            "actual",
            "measured",
            "is",
            "ist",
            "result value",
            "achieved",
            "mesuré",
            "medido",
            "gemeten",
            "observed",
        ],
    ),
    (
        Role::Status,
        &[
            "fulfilled",
            "erfüllt",
            "vervuld",
            "cumple",
            "atteint",
            "resultaat",
            "kept",
            "fulfilled?",
            "met target",
            "status",
            "state",
            "result",
            "rating",
            "met",
            "outcome",
            "check",
            "answer",
            "zustand",
            "stand",
            "ergebnis",
            "état",
            "estado",
            "resultado",
            "résultat",
            "oordeel",
            "label",
            "pass",
            "done",
            "met?",
            "gate status",
            "live",
            "readiness status",
        ],
    ),
    (
        Role::Score,
        &[
            "score",
            "value",
            "points",
            "wert",
            "readiness",
            "grade",
            "adoption",
            "valeur",
            "puntuación",
            "punkte",
            "grade (1–5)",
            "note",
        ],
    ),
    (
        Role::Count,
        &[
            "count",
            "items",
            "number",
            "total",
            "cases",
            "passed",
            "failed",
            "open",
            "fixed",
            "found",
            "executed",
            "planned",
            "tests",
            "cas",
            "casos",
            "anzahl",
            "aantal",
            "nombre",
            "testgevallen",
            "issues",
            "hosts",
            "sites",
            "blockers",
            "sum",
            "critical",
            "high",
            "medium",
            "low",
            "findings",
        ],
    ),
    (
        Role::Id,
        &[
            "id", "#", "nr", "nr.", "no", "no.", "n°", "ref", "réf.", "key", "number", "ticket", "bug",
            "change", "gap", "defect", "step", "stap",
        ],
    ),
    (
        Role::Title,
        &[
            "title",
            "finding",
            "item",
            "name",
            "description",
            "category",
            "area",
            "bereich",
            "check",
            "component",
            "feature",
            "service",
            "issue",
            "risk",
            "question",
            "work item",
            "task",
            "blocker",
            "what",
            "mangel",
            "measure",
            "requirement",
            "criterion",
            "scenario",
            "objective",
            "action",
        ],
    ),
];

/// The role of a header.
pub(crate) fn role(header: &str) -> Role {
    let header = header.trim().trim_end_matches([':', '?']).to_lowercase();
    let exact = HEADERS.iter().find(|(_, words)| words.contains(&header.as_str()));
    if let Some((role, _)) = exact {
        return *role;
    }
    let fits = |word: &&str| {
        word.len() > 3
            && (header.ends_with(&format!("-{word}"))
                || header.ends_with(&format!(" {word}"))
                || header.starts_with(&format!("{word} ")))
    };
    HEADERS.iter().find(|(_, words)| words.iter().any(&fits)).map_or(Role::Other, |(role, _)| *role)
}

/// Whether a header is one of the known words and not only has one of them.
pub(crate) fn is_exact(header: &str) -> bool {
    let header = header.trim().trim_end_matches([':', '?']).to_lowercase();
    HEADERS.iter().any(|(_, words)| words.contains(&header.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_mean_what_their_words_say() {
        for (header, expected) in [
            ("Status", Role::Status),
            ("Approved by", Role::Approver),
            ("Critical Issues", Role::Count),
            ("LATER-ID", Role::Other),
            ("Due date", Role::Due),
            ("Schwere", Role::Severity),
            ("Weighted", Role::Weighted),
            ("Nothing of this", Role::Other),
        ] {
            assert_eq!(role(header), expected, "{header}");
        }
    }
}
