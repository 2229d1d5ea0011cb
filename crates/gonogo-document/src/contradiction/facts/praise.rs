//! What the document says is in place, ready, tested, complete: the sentence and what it is said of.

use std::collections::BTreeSet;

use super::topic::Topic;
use super::word::{self, says};
use super::{Facts, Place, Sentence};
use crate::contradiction::kind::Said;
use crate::name::Name;

/// Something good that is said of something.
#[derive(Debug, Clone)]
pub(crate) struct Praise {
    /// What it is said of.
    pub(crate) subject: Name,
    /// The words that say it.
    pub(crate) word: &'static str,
    /// It is said of all of them.
    pub(crate) is_of_all: bool,
    pub(crate) said: Said,
}

/// Behind what they are said of.
const WORDS: &[&str] = &[
    "implemented and tested",
    "built and tested",
    "tested and ready",
    "is in place",
    "are in place",
    "is set up",
    "are set up",
    "is live",
    "are live",
    "is done",
    "are done",
    "has been tested",
    "have been tested",
    "has been verified",
    "have been verified",
    "was tested",
    "were tested",
    "works",
    "work as",
    "is automated",
    "are automated",
    "is covered",
    "are covered",
    "is proven",
    "is secure",
    "are secure",
    "is monitored",
    "are monitored",
    "is closed",
    "are closed",
    "are fixed",
    "is fixed",
    "is green",
    "are green",
    "up and running",
    "are trained",
    "is trained",
    "fully tested",
    "is up to date",
    "are up to date",
    "is available",
    "are available",
    "is operational",
    "is running",
    "are running",
    "covers all",
    "cover all",
    "ist fertig",
    "sind fertig",
    "steht bereit",
    "läuft",
    "ist dokumentiert",
    "sind dokumentiert",
    "ist abgeschlossen",
    "funktioniert",
    "est opérationnel*",
    "est terminé*",
    "sont terminé*",
    "est documenté*",
    "fonctionne",
    "est testé*",
    "está operativ*",
    "funciona",
    "están documentad*",
    "está probad*",
    "is getest",
    "zijn getest",
    "werkt",
    "is gedocumenteerd",
    "è pronto",
    "è attivo",
    "in place",
    "is ready",
    "are ready",
    "is production-ready",
    "are production-ready",
    "is complete",
    "are complete",
    "is comprehensive",
    "are comprehensive",
    "complete and comprehensive",
    "is implemented",
    "are implemented",
    "is tested",
    "are tested",
    "is verified",
    "are verified",
    "is documented",
    "are documented",
    "documented",
    "are resolved",
    "have been resolved",
    "all resolved",
    "is finished",
    "are finished",
    "replaced with production",
    "is configured",
    "are configured",
    "is enabled",
    "working correctly",
    "works correctly",
    "implemented",
    "identified and categorized",
    "is healthy",
    "are healthy",
    "liegt vollständig vor",
    "liegen vollständig vor",
    "liegt vor",
    "liegen vor",
    "ist verteilt",
    "ist bereit",
    "sind bereit",
    "ist vorhanden",
    "ist eingerichtet",
    "ist umgesetzt",
    "sind umgesetzt",
    "ist getestet",
    "sind getestet",
    "sind geschult",
    "est en place",
    "sont en place",
    "est prêt*",
    "sont prêt*",
    "est complet*",
    "está list*",
    "están list*",
    "está complet*",
    "is ingericht",
    "zijn ingericht",
    "is gereed",
    "zijn opgeleid",
];
/// At the end of what has a good mark or stands under strengths.
const WEAK: &[&str] = &[
    "complete",
    "ready",
    "tested",
    "verified",
    "written",
    "done",
    "trained",
    "vollständig",
    "fertig",
    "complet",
    "completa",
    "compleet",
    "gereed",
];
/// Then it is a wish, a rule or a question.
const UNREAL: &[&str] = &[
    "must",
    "should",
    "will",
    "shall",
    "may",
    "can",
    "to be",
    "if",
    "once",
    "when",
    "after",
    "only",
    "needs to",
    "have to",
    "has to",
    "require*",
    "muss",
    "müssen",
    "soll*",
    "wird",
    "wenn",
    "sobald",
    "doit",
    "doivent",
    "si",
    "quand",
    "debe*",
    "cuando",
    "moet*",
    "als",
    "pending",
    "partially",
    "partly",
    "planned",
];
const ALL: &[&str] = &[
    "all",
    "every",
    "each",
    "fully",
    "everything",
    "alle",
    "jede*",
    "tous",
    "toutes",
    "todos",
    "todas",
    "alles",
    "tutti",
    "complete",
];

impl Facts<'_> {
    /// Everything that is praised, in document order.
    pub(crate) fn praises(&self) -> Vec<Praise> {
        let open = self.items.iter().filter(|item| item.ticked == Some(false));
        let unticked: BTreeSet<u32> = open.map(|item| item.said.span.line).collect();
        let said = self.sentences.iter().filter(|sentence| !unticked.contains(&sentence.text.span.line));
        said.filter_map(|sentence| self.praise(sentence)).take(200).collect()
    }

    fn praise(&self, sentence: &Sentence) -> Option<Praise> {
        if !matches!(sentence.place, Place::Item | Place::Prose | Place::Heading) {
            return None;
        }
        let lower = sentence.lower();
        let is_marked = lower.trim_start().starts_with(['✅', '✔', '✓'])
            || self.is_under(sentence.section, Topic::Strengths);
        let weak = || {
            word::first(&lower, WEAK).filter(|(at, found)| {
                is_marked && lower.trim_end_matches(['.', ' ']).len() == at + found.len()
            })
        };
        let (at, found) = word::first(&lower, WORDS).or_else(weak)?;
        let before = lower.get(..at)?;
        let is_real = !word::denies(before)
            && !says(before, UNREAL)
            && !lower.contains('?')
            && !lower.trim_start().starts_with('❌');
        let behind = lower.get(at + found.trim_end_matches('*').len()..).unwrap_or_default();
        let is_whole =
            !says(behind, &["but", "except", "aber", "mais", "pero", "maar", "until", "only", "not", "no"]);
        let asks = [
            Topic::Forbids,
            Topic::Criteria,
            Topic::Conditions,
            Topic::MustFix,
            Topic::Problems,
            Topic::Deferred,
        ];
        let is_asked = asks.iter().any(|topic| self.is_under(sentence.section, *topic));
        let subject = Name::of(before);
        (is_real && is_whole && !is_asked && !subject.is_empty() && before.split_whitespace().count() <= 12)
            .then(|| Praise { subject, word: found, is_of_all: says(&lower, ALL), said: sentence.said() })
    }
}

#[cfg(test)]
mod tests {
    use crate::contradiction::facts::Facts;
    use crate::read;

    #[test]
    fn praise_is_told_from_wishes_and_denials() {
        for (text, expected) in [
            ("Monitoring is in place.", 1),
            ("- [x] All contacts are documented", 1),
            ("- [ ] All contacts are documented", 0),
            ("Monitoring is not in place.", 0),
            ("Monitoring must be in place.", 0),
            ("## Do not launch until\n- Monitoring is in place", 0),
            ("Is monitoring in place?", 0),
            ("Backups are in place, but not for the archive.", 0),
        ] {
            assert_eq!(Facts::of(&read(text.as_bytes())).praises().len(), expected, "{text}");
        }
    }
}
