//! «None is open», and one is.

use super::facts::grid::is_blank;
use super::facts::item::Source;
use super::facts::word::{self, says};
use super::facts::{Facts, Item, Openness, Place, Role, Sentence, Topic};
use super::kind::{Findings, Kind, Rule, Said};
use crate::name::Name;
use crate::value::{self, Polarity, Severity, State};

pub(super) const RULE: Rule = Rule {
    id: "none-open",
    kind: Kind::Verdict,
    why: "One open thing is enough for «none is open» to be wrong.",
    find,
};

const NONE: &[&str] = &[
    "no",
    "none",
    "zero",
    "kein",
    "keine",
    "keiner",
    "keinen",
    "aucun",
    "aucune",
    "ningún",
    "ninguna",
    "no hay",
    "no quedan",
    "nessun",
    "nessuna",
    "nenhum",
    "nenhuma",
    "não há",
    "geen",
    "brak",
    "żaden",
    "żadna",
    "nie ma",
];
const LEFT: &[&str] = &[
    "remain",
    "remains",
    "remaining",
    "open",
    "is left",
    "are left",
    "left",
    "outstanding",
    "unresolved",
    "pending",
    "offen",
    "offene",
    "übrig",
    "verbleib*",
    "ouvert*",
    "restant*",
    "reste",
    "restent",
    "abiert*",
    "pendient*",
    "quedan",
    "apert*",
    "rimane",
    "rimangono",
    "abert*",
    "pendente",
    "pendentes",
    "resta",
    "restam",
    "openstaand*",
    "otwart*",
];
const UNREAL: &[&str] = &[
    "must",
    "may",
    "should",
    "if",
    "when",
    "once",
    "until",
    "unless",
    "requires",
    "needs",
    "only",
    "criterion",
    "criteria",
    "rule",
    "wenn",
    "darf",
    "dürfen",
    "muss",
    "si",
    "doit",
    "debe",
    "deve",
    "se",
    "jeśli",
    "moet",
    "als",
    "than",
    "above",
    "before",
    "by",
    "new",
    "further",
    "other",
    "will",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for sentence in
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item))
    {
        let lower = sentence.lower();
        let Some((at, _)) = word::first(&lower, NONE).filter(|(at, _)| clause_before(&lower, *at) <= 1)
        else {
            continue;
        };
        let claim = lower.get(at..).unwrap_or_default();
        // What is to be done claims nothing yet.
        let is_claim = !facts.is_under(sentence.section, Topic::Actions)
            && !is_unticked(facts, sentence)
            && says(claim, LEFT)
            && !says(&lower, UNREAL)
            && !lower.contains('?')
            && claim.split_whitespace().count() <= 12;
        if !is_claim {
            continue;
        }
        let severities: Vec<Severity> =
            value::severities(claim).into_iter().map(|found| found.value).collect();
        let against = match severities.is_empty() {
            true => listed(facts, sentence, claim),
            false => graded(facts, &severities),
        };
        if !against.is_empty() {
            let message = format!(
                "«{}», and {} {} open",
                sentence.text.plain.trim(),
                against.len(),
                if against.len() == 1 { "is" } else { "are" }
            );
            findings.certain(message, std::iter::once(sentence.said()).chain(against).collect());
        }
    }
}

/// A box that nobody ticked.
fn is_unticked(facts: &Facts<'_>, sentence: &Sentence) -> bool {
    let line = sentence.text.span.line;
    facts.items.iter().any(|item| item.ticked == Some(false) && item.said.span.line == line)
}

/// Words of the clause before a byte.
fn clause_before(lower: &str, at: usize) -> usize {
    let head = lower.get(..at).unwrap_or_default();
    head.rsplit([',', ';', ':', '.']).next().unwrap_or_default().split_whitespace().count()
}

/// Things of these severities that their own row or line shows to be open.
fn graded(facts: &Facts<'_>, severities: &[Severity]) -> Vec<Said> {
    let is_one = |item: &Item| {
        item.any_severity().is_some_and(|own| severities.iter().any(|wanted| wanted.rank() == own.rank()))
    };
    let open = facts.items.iter().filter(|item| is_one(item) && is_open(item));
    open.map(|item| item.said.clone()).take(12).collect()
}

fn is_open(item: &Item) -> bool {
    let state = item.state();
    let says_so = matches!(
        state,
        Some(
            State::Open
                | State::InProgress
                | State::Pending
                | State::NotStarted
                | State::Missing
                | State::Fail
        )
    );
    item.ticked != Some(true) && says_so && item.source != Source::Heading
}

/// The open things of the list or table that the sentence is about: the one before it in its
/// section, or one that has its noun in its heading.
fn listed(facts: &Facts<'_>, sentence: &Sentence, claim: &str) -> Vec<Said> {
    let words = Name::of(claim).words;
    for group in &facts.groups {
        let title = Name::of(&facts.section(group.section).title.plain);
        let header =
            group.grid.and_then(|at| facts.grids.get(at)).map(|grid| Name::of(&grid.header(grid.label)));
        let shares = |name: &Name| name.words.iter().any(|word| words.contains(word));
        let is_named = shares(&title) || header.as_ref().is_some_and(shares);
        let is_above = group.section == sentence.section && group.span.line < sentence.text.span.line;
        let is_about = is_named || (is_above && words.len() <= 3);
        if !is_about {
            continue;
        }
        let items: Vec<&Item> = group.items.iter().filter_map(|at| facts.items.get(*at)).collect();
        let has_states =
            group.has_boxes || group.grid.and_then(|at| facts.grids.get(at)).is_some_and(has_state);
        let open: Vec<Said> = items
            .iter()
            .filter(|item| has_states && (facts.openness(item) == Some(Openness::Unticked) || is_open(item)))
            .map(|item| item.said.clone())
            .take(12)
            .collect();
        if !open.is_empty() {
            return open;
        }
    }
    Vec::new()
}

/// Whether a table says of most rows how they stand.
fn has_state(grid: &super::facts::Grid<'_>) -> bool {
    let Some(status) = grid.column(Role::Status) else { return false };
    let marked = grid.body().filter(|row| {
        let cell = row.cell(status);
        !is_blank(cell) && value::mark(cell).is_some_and(|mark| mark.polarity() != Polarity::Neutral)
    });
    marked.count() * 2 > grid.body().count()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    const TABLE: &str = "## Findings\n\n| Id | Finding | Severity | State |\n|---|---|---|---|\n| V1 | Invoices | Critical | Open |\n| V2 | Cookie | Low | Fixed |\n\n";

    #[test]
    fn an_open_one_is_found() {
        assert_eq!(found(&RULE, &format!("{TABLE}No critical or high finding remains.\n")), ["certain 8,5"]);
        let list = "## Pendências\n\n- [ ] Loja\n- [x] Texto\n\nNão há pendências abertas.\n";
        assert_eq!(found(&RULE, list), ["certain 6,3"]);
    }

    #[test]
    fn rules_and_true_claims_are_silent() {
        for text in [
            "No critical finding may remain open.",
            "No low finding remains.",
            "No launch before May is open to debate.",
        ] {
            assert!(found(&RULE, &format!("{TABLE}{text}\n")).is_empty(), "{text}");
        }
        let list = |sign: &str| format!("## Alerts\n\n- [ ] Logins succeed\n- [{sign}] No alert is open\n");
        assert!(found(&RULE, &list(" ")).is_empty());
        assert_eq!(found(&RULE, &list("x")), ["certain 4,3"]);
        let to_do = "## Next actions\n\n1. Have it signed: no critical finding is open\n";
        assert!(found(&RULE, &format!("# Launch\n\n{TABLE}{to_do}")).is_empty());
    }
}
