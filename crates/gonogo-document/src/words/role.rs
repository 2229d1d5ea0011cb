//! Labels of columns and of `Key: value` lines, and what they hold.

use std::sync::LazyLock;

use super::{Lexicon, words};
use crate::element::Role;
use crate::value::{Severity, severities};

const ROLES: &[(Role, &str)] = &[
    (
        Role::Name,
        "category|categories|area|dimension|domain|pillar|item|items|name|component|feature|service|\
         system|check|test|test case|scenario|failure scenario|document|step|topic|title|what|\
         description of risk|subject|requirement|criterion|criteria|control|endpoint|module|\
         workstream|deliverable|asset|metric|alert|gap|finding|issue|problem|risk|risks|defect|bug|\
         phase|gate|stage|milestone|section|condition|action|task|activity|dependency|blocker|header|\
         secret|field|property|aspect|attribute|parameter|key|kategorie|bereich|thema|\
         name des risikos|komponente|funktion|dienst|prüfung|prüfpunkt|punkt|schritt|aufgabe|\
         maßnahme|risiko|befund|anforderung|merkmal|kriterium|bedingung|dokument|catégorie|domaine|\
         composant|fonctionnalité|élément|étape|tâche|risque|constat|problème|exigence|critère|\
         action requise|categoría|área|componente|elemento|función|paso|tarea|riesgo|hallazgo|\
         problema|requisito|criterio|condición|categorie|gebied|onderdeel|stap|taak|risico|bevinding|\
         probleem|voorwaarde|dominio|funzionalità|attività|rischio|passo|elementi|categoria|risco|\
         prueba|prova|essai|vérification|szenario|scénario|escenario",
    ),
    (
        Role::Id,
        "id|no|nr|number|ref|reference|key id|ticket|jira|issue id|kennung|nummer|numéro|número|n|\
         identifier|code|rule|rule id",
    ),
    (
        Role::Status,
        "status|state|result|outcome|verdict|assessment|rating|rag|rag status|pass fail|go no go|\
         check result|gate status|stand|zustand|ergebnis|bewertung|statut|état|résultat|estado|\
         resultado|staat|resultaat|stato|esito|risultato|ampel|done|ready|passed yes no|met|erfüllt|\
         évaluation|evaluación|beoordeling|current status",
    ),
    (
        Role::Score,
        "score|readiness|points|percent|percentage|completion|complete|progress|coverage|maturity|\
         punkte|punktzahl|fortschritt|reifegrad|note|pourcentage|puntuación|puntaje|porcentaje|\
         preparación|percentuale|punteggio|pontuação|voortgang|readiness score|wert|erfüllungsgrad|\
         cijfer",
    ),
    (Role::Weight, "weight|weighting|gewicht|gewichtung|poids|pondération|peso|ponderación|weging"),
    (
        Role::Weighted,
        "weighted|weighted score|contribution|gewichtet|gewichtete punkte|beitrag|pondéré|\
         score pondéré|ponderado|gewogen|ponderato|puntuación ponderada|gewichteter wert|\
         weighted total",
    ),
    (
        Role::Count,
        "count|counts|issues|findings|open|open issues|defects|bugs|quantity|qty|amount|anzahl|menge|\
         nombre|cantidad|aantal|numero|quantidade|checks|tests|problèmes|probleme|befunde|problemas|\
         hallazgos|bevindingen|problemi",
    ),
    (
        Role::Passed,
        "pass|passed|passing|ok|green|succeeded|bestanden|réussi|réussis|aprobados|geslaagd|superati|\
         aprovados|closed|done count|completed",
    ),
    (
        Role::Failed,
        "fail|failed|failing|red|nok|not ok|durchgefallen|fehlgeschlagen|nicht bestanden|échoué|\
         échoués|échecs|fallidos|gefaald|mislukt|falliti|reprovados",
    ),
    (Role::Total, "total|sum|all|gesamt|summe|totaal|totale|in total|total checks|of"),
    (
        Role::Severity,
        "severity|sev|criticality|risk level|risk rating|level|schweregrad|kritikalität|risikostufe|\
         gravité|sévérité|criticité|niveau de risque|severidad|gravedad|criticidad|nivel de riesgo|\
         ernst|gravità|severità|gravidade|severidade|schwere",
    ),
    (Role::Priority, "priority|prio|priorität|priorité|prioridad|prioriteit|priorità|prioridade"),
    (Role::Likelihood, "likelihood|probability|wahrscheinlichkeit|probabilité|probabilidad|kans|probabilità"),
    (
        Role::Impact,
        "impact|impacts|effect|consequence|consequences|business impact|user impact|auswirkung|\
         auswirkungen|folge|folgen|conséquence|conséquences|impacto|consecuencia|gevolg|gevolgen|\
         impatto|conseguenza",
    ),
    (
        Role::Cause,
        "cause|root cause|reason for failure|ursache|grundursache|cause racine|causa|causa raíz|\
         oorzaak|why it happens|causes",
    ),
    (
        Role::Owner,
        "owner|owners|responsible|assignee|assigned to|team|who|dri|accountable|lead|verantwortlich|\
         verantwortlicher|zuständig|besitzer|responsable|propriétaire|dueño|eigenaar|\
         verantwoordelijke|responsabile|responsável|action owner|risk owner",
    ),
    (Role::Blocks, "blocks|blocking|blocked items|blockiert|bloque|bloquea|blokkeert|blocca|unblocks"),
    (
        Role::Needs,
        "prerequisites|prerequisite|depends on|dependencies|needs|requires|blocked by|entry criteria|\
         voraussetzung|voraussetzungen|abhängigkeiten|prérequis|dépendances|requisitos previos|\
         dependencias|vereisten|afhankelijkheden|prerequisiti|dipendenze|waits for|prerequisites met",
    ),
    (
        Role::Effort,
        "effort|estimate|estimated effort|estimated time|time estimate|est|duration|time to fix|\
         fix time|eta|lead time|aufwand|dauer|schätzung|geschätzter aufwand|effort estimé|durée|\
         estimation|charge|esfuerzo|duración|estimación|inspanning|doorlooptijd|schatting|sforzo|\
         durata|stima|esforço|duração|time to completion|time needed|estimated duration|time|\
         remediation time|time required|eta to green|work",
    ),
    (
        Role::Due,
        "due|due date|deadline|by when|target date|timeline|when|fällig|fällig am|frist|termin|\
         bis wann|échéance|date limite|vencimiento|fecha límite|vervaldatum|scadenza|prazo|expires|\
         expiry|expiration|valid until|gültig bis|review date",
    ),
    (Role::Date, "date|datum|fecha|date of decision|decided on"),
    (
        Role::Evidence,
        "evidence|proof|source|link|links|nachweis|beleg|beweis|preuve|preuves|evidencia|\
         prueba documental|bewijs|evidenza|verification|verified by|how verified",
    ),
    (
        Role::Mitigation,
        "mitigation|mitigations|mitigation plan|workaround|contingency|gegenmaßnahme|abmilderung|\
         atténuation|mesure d atténuation|mitigación|mitigatie|mitigazione|mitigação|monitoring|\
         compensating control|compensating controls",
    ),
    (
        Role::Fix,
        "fix|safe fix|resolution|remediation|recommendation|recommended action|action items|\
         required action|action required|solution|next step|next steps|corrective action|how to fix|\
         lösung|behebung|empfehlung|abhilfe|correction|correctif|recommandation|solución|corrección|\
         recomendación|oplossing|aanbeveling|soluzione|correzione|raccomandazione|\
         implementation plan|proposed fix|suggested fix|remedy|what to do",
    ),
    (
        Role::Reason,
        "reason|rationale|justification|why|begründung|grund|raison|justification du choix|razón|\
         motivo|justificación|reden|motivering|motivazione|razão",
    ),
    (
        Role::Acceptance,
        "acceptance|accepted|accept|risk acceptance|akzeptanz|akzeptiert|acceptation|accepté|\
         aceptación|aceptado|acceptatie|geaccepteerd|accettazione|accettato|aceitação|\
         accepted by business",
    ),
    (Role::Question, "question|frage|pregunta|vraag|domanda|pergunta"),
    (Role::Options, "options|alternatives|optionen|opciones|opties|opzioni|choices"),
    (
        Role::Choice,
        "chosen|choice|selected|chosen option|selection|gewählt|wahl|entscheid|choisi|choix|elegido|\
         elección|gekozen|keuze|scelta|scelto|escolha|outcome of decision",
    ),
    (Role::Decision, "decision|entscheidung|décision|decisión|beslissing|besluit|decisione|decisão|call"),
    (
        Role::Confidence,
        "confidence|certainty|zuversicht|konfidenz|sicherheit der aussage|confiance|confianza|\
         vertrouwen|fiducia|confidence level",
    ),
    (
        Role::Target,
        "target|expected|threshold|goal|slo|objective|limit|ziel|zielwert|soll|grenzwert|cible|\
         objectif|seuil|objetivo|umbral|doel|drempel|obiettivo|soglia|sla|expectation|required value",
    ),
    (
        Role::Actual,
        "actual|measured|observed|current|achieved|ist|istwert|gemessen|mesuré|réel|medido|real|\
         gemeten|misurato|effettivo|value|measurement",
    ),
    (
        Role::Person,
        "role|approver|signatory|signature|signed by|name of approver|rolle|unterschrift|rôle|\
         signataire|rol|firma|firmante|handtekening|ruolo|sign off",
    ),
    (Role::File, "file|files|location|where|path|datei|fichier|archivo|bestand|affected files|code"),
    (
        Role::Notes,
        "notes|note s|comment|comments|remarks|details|description|purpose|anmerkung|anmerkungen|\
         bemerkung|bemerkungen|beschreibung|kommentar|hinweise|remarques|remarque|commentaire|\
         commentaires|description du risque|notas|observaciones|comentarios|descripción|opmerking|\
         opmerkingen|beschrijving|osservazioni|commenti|descrizione|summary|notes and actions",
    ),
];

static LEXICON: LazyLock<Lexicon<Role>> = LazyLock::new(|| Lexicon::of(ROLES));

/// What a label says its column or value is, the severity it names, and whether it says nothing else.
pub(crate) fn role(label: &str) -> (Role, Option<Severity>, bool) {
    // What stands in brackets is a remark: `Actual Usage (est.)`.
    let main = label.split(['(', '[']).next().unwrap_or(label);
    let words = words(main);
    let found = severities(main).into_iter().next().map(|found| found.value);
    if let Some(role) = LEXICON.exact(&words) {
        return (role, found, true);
    }
    if words.last().is_some_and(|last| last.text == "id" || last.text == "ids") {
        return (Role::Id, None, true);
    }
    // The last phrase is the noun: `Critical Issues`, `Estimated fix time`; but what follows "to",
    // "of" and the like belongs to the word before it: `Time to Production`.
    let hits = LEXICON.all(&words);
    let has_tail = hits.first().is_some_and(|hit| {
        words
            .get(hit.words.end)
            .is_some_and(|next| next.is_one_of(&["to", "of", "for", "bis", "zu", "de", "of the"]))
    });
    let hit = if has_tail { hits.first() } else { hits.last() };
    match (hit, found) {
        (Some(hit), severity) => (hit.meaning, severity, false),
        // `Blockers`, `High`: problems of this severity.
        (None, Some(severity)) => (Role::Count, Some(severity), words.len() == 1),
        (None, None) => (Role::Other, None, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_understood_in_several_languages() {
        for (label, is) in [
            ("Category", Role::Name),
            ("Failure Scenario", Role::Name),
            ("LATER-ID", Role::Id),
            ("Estimated Time", Role::Effort),
            ("Estimated Time to Production-Ready", Role::Effort),
            ("Safe Fix", Role::Fix),
            ("Root Cause", Role::Cause),
            ("Gewichtung", Role::Weight),
            ("Statut", Role::Status),
            ("Responsable", Role::Owner),
            ("Critical Issues", Role::Count),
            ("Geschätzter Aufwand", Role::Effort),
            ("Actual Usage (est.)", Role::Actual),
            ("Whatever", Role::Other),
        ] {
            assert_eq!(role(label).0, is, "{label}");
        }
        assert_eq!(role("Critical Issues").1, Some(Severity::Critical));
        assert_eq!(role("High"), (Role::Count, Some(Severity::High), true));
    }
}
