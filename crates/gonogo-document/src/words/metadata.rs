//! Labels of facts that documents state about themselves.

use std::sync::LazyLock;

use super::{Lexicon, words};
use crate::element::MetadataKey;

const KEYS: &[(MetadataKey, &str)] = &[
    (
        MetadataKey::Date,
        "date|audit date|report date|report generated|generated|created|last updated|updated|\
         assessment date|authorization date|review date|datum|stand|erstellt am|prüfdatum|fecha|\
         date du rapport|fecha del informe|data|generated at|generated on|as of|decision date|\
         date of audit|date de l audit|last reviewed",
    ),
    (
        MetadataKey::Author,
        "author|authors|auditor|auditors|assessor|reviewer|prepared by|written by|autor|prüfer|\
         verfasser|erstellt von|auteur|auditeur|rédigé par|auditora|elaborado por|opsteller|autore|\
         revisore|assessed by|audited by|engineer|reported by|audit lead",
    ),
    (
        MetadataKey::Approver,
        "approved by|authorized by|authorised by|authority|approver|signature|signed by|signed|\
         freigegeben von|genehmigt von|approuvé par|aprobado por|goedgekeurd door|approvato da|\
         aprovado por|decision maker|accountable",
    ),
    (
        MetadataKey::System,
        "system|project|product|application|service|service name|anwendung|produkt|projekt|système|\
         projet|produit|sistema|proyecto|producto|systeem|project name|progetto|projeto|repository|\
         repo",
    ),
    (
        MetadataKey::Version,
        "version|system version|release|build|release version|versión|versie|versione|versão|tag|\
         release candidate",
    ),
    (MetadataKey::Branch, "branch|commit|git branch|revision|sha|git sha|commit hash|zweig|branche|rama"),
    (
        MetadataKey::Environment,
        "environment|env|target environment|umgebung|environnement|entorno|omgeving|ambiente|\
         platform|stage|region",
    ),
    (
        MetadataKey::Scope,
        "scope|audit scope|umfang|geltungsbereich|périmètre|portée|alcance|reikwijdte|ambito|âmbito|\
         coverage of audit",
    ),
    (MetadataKey::Phase, "phase|current phase|fase"),
    (
        MetadataKey::Load,
        "target load|expected load|load target|ziellast|charge cible|carga objetivo|capacity target|\
         approved capacity|target capacity",
    ),
    (MetadataKey::Status, "status|document status|statut|estado|stato|state"),
    (MetadataKey::Purpose, "purpose|goal|objective|zweck|ziel|objectif|objet|propósito|objetivo|doel|scopo"),
];

static LEXICON: LazyLock<Lexicon<MetadataKey>> = LazyLock::new(|| Lexicon::of(KEYS));

/// Which fact a label names.
pub(crate) fn key(label: &str) -> Option<MetadataKey> {
    LEXICON.exact(&words(label.split('(').next().unwrap_or(label)))
}
