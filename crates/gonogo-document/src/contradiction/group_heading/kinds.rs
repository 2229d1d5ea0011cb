//! Things that are called what they are not: a plain setting among secrets, a recommendation among
//! conditions, a release that is frozen and still to be changed.

use super::super::facts::word::{self, says};
use super::super::facts::{Facts, Place, Sentence};
use super::super::kind::Findings;
use crate::value;

pub(super) fn find(facts: &Facts<'_>, findings: &mut Findings) {
    secrets(facts, findings);
    conditions(facts, findings);
    frozen(facts, findings);
    resolved(facts, findings);
}

/// A number of connections is no secret, and its lack is not that of a key.
fn secrets(facts: &Facts<'_>, findings: &mut Findings) {
    const PLAIN: &[&str] = &[
        "_SIZE",
        "_COUNT",
        "_LIMIT",
        "_TIMEOUT",
        "_PORT",
        "_LEVEL",
        "_MAX",
        "_MIN",
        "_REGION",
        "_INTERVAL",
        "_RETRIES",
    ];
    const SECRETS: &[&str] =
        &["secret*", "geheimnis*", "secrets", "clés secrètes", "secreto*", "geheimen", "segret*", "segredo*"];
    let named = |sentence: &&Sentence| {
        // `secrets/pool-size` is a name, and says nothing of what the pool is.
        let lower = sentence.lower();
        let lower = lower.split_whitespace().filter(|word| !word.contains('/')).collect::<Vec<_>>().join(" ");
        let words = sentence.text.plain.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        let is_setting = |word: &str| PLAIN.iter().any(|end| word.ends_with(end) && word.len() > end.len());
        says(&lower, SECRETS) && words.into_iter().any(is_setting)
    };
    if let Some(setting) = facts.sentences.iter().find(named) {
        let all = facts.sentences.iter().filter(|sentence| {
            sentence.text.span != setting.text.span
                && says(
                    &sentence.lower(),
                    &["secrets", "both secrets", "critical secrets", "geheimnisse", "secretos"],
                )
                && sentence.place != Place::Heading
        });
        let places =
            [setting.said()].into_iter().chain(all.take(8).map(|sentence| sentence.said())).collect();
        findings.likely("a plain setting is counted among the secrets".to_owned(), places);
    }
}

/// What is only recommended is no condition.
fn conditions(facts: &Facts<'_>, findings: &mut Findings) {
    const CONDITIONS: &[&str] = &[
        "condition*",
        "auflage*",
        "bedingung*",
        "condición",
        "condiciones",
        "voorwaarde*",
        "condizion*",
        "condiç*",
    ];
    const ADVISED: &[&str] = &[
        "recommended",
        "optional",
        "nice to have",
        "empfohlen",
        "recommandé*",
        "recomendad*",
        "aanbevolen",
        "raccomandat*",
    ];
    for group in facts.groups.iter().filter(|group| group.grid.is_none()) {
        let items: Vec<_> = group.items.iter().filter_map(|at| facts.items.get(*at)).collect();
        let lead = |text: &str| {
            let lower = text.to_lowercase();
            let (head, _) = lower.split_once(':')?;
            (head.split_whitespace().count() <= 3).then(|| says(head, ADVISED))
        };
        let advised = items.iter().filter(|item| lead(&item.said.text) == Some(true));
        let advised: Vec<_> = advised.map(|item| item.said.clone()).collect();
        if advised.is_empty() || !says(&facts.titles(group.section), CONDITIONS) {
            continue;
        }
        let launch = facts.sentences.iter().filter(|sentence| {
            let lower = sentence.lower();
            matches!(sentence.place, Place::Prose | Place::Heading)
                && says(&lower, CONDITIONS)
                && says(&lower, &["following", "with", "folgend*", "suivant*", "siguient*", "volgende"])
        });
        let places = advised.into_iter().chain(launch.take(3).map(|sentence| sentence.said())).collect();
        findings.likely("what is only recommended stands among the conditions".to_owned(), places);
    }
}

/// The version is locked, and a change of it is required.
fn frozen(facts: &Facts<'_>, findings: &mut Findings) {
    const FROZEN: &[&str] = &[
        "locked",
        "frozen",
        "production-locked",
        "eingefroren",
        "gelé*",
        "congelad*",
        "bevroren",
        "congelat*",
    ];
    const CHANGE: &[&str] = &[
        "configuration change",
        "config change",
        "code change",
        "patch required",
        "konfigurationsänderung",
        "changement de configuration",
        "cambio de configuración",
        "configuratiewijziging",
        "modifica della configurazione",
    ];
    let head = facts.sentences.iter().take_while(|sentence| sentence.text.span.line <= 15).find(|sentence| {
        let lower = sentence.lower();
        says(&lower, FROZEN)
            && says(&lower, &["version", "release", "build", "stand"])
            && !word::denies(&lower)
    });
    let Some(head) = head else { return };
    let change = facts.sentences.iter().find(|sentence| {
        let lower = sentence.lower();
        says(&lower, CHANGE) && !word::denies(&lower) && sentence.text.span.line > head.text.span.line
    });
    if let Some(change) = change {
        let message =
            format!("«{}», and «{}» is still to come", head.text.plain.trim(), change.text.plain.trim());
        findings.likely(message, vec![head.said(), change.said()]);
    }
}

/// All things of a kind are resolved, and one has that kind in a field and is listed as open.
fn resolved(facts: &Facts<'_>, findings: &mut Findings) {
    const DONE: &[&str] = &[
        "resolved",
        "closed",
        "fixed",
        "erledigt",
        "geschlossen",
        "résolu*",
        "resuelt*",
        "opgelost",
        "risolt*",
    ];
    let all = facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item));
    for claim in all {
        let lower = claim.lower();
        let Some(rest) =
            ["all ", "alle ", "tous les ", "todos los "].iter().find_map(|all| lower.strip_prefix(all))
        else {
            continue;
        };
        let Some(kind) = rest.split_whitespace().next().filter(|word| word.contains('-') && word.len() >= 8)
        else {
            continue;
        };
        if !says(&lower, DONE) || word::denies(&lower) {
            continue;
        }
        let fields =
            facts.grids.iter().filter(|grid| grid.table.header.len() == 2).flat_map(|grid| grid.rows.iter());
        let mut own = fields.filter(|row| {
            row.cell(1).to_lowercase().starts_with(kind) && row.said().span.line > claim.text.span.line
        });
        if let Some(row) = own.next().filter(|row| value::number(row.cell(1)).is_none()) {
            let message = format!("«{}», and a thing of that kind is listed", claim.text.plain.trim());
            findings.likely(message, vec![claim.said(), row.said()]);
        }
    }
}
