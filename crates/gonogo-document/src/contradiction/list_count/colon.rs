//! `Three exam simulations were held:` right above a list or table, whatever the things are called; and
//! `six venues: opera, playhouse and studio` in one sentence.

use super::{Listed, is_of_all, names_group};
use crate::contradiction::facts::claim::number_word;
use crate::contradiction::facts::figure::{figures, whole};
use crate::contradiction::facts::share::shares;
use crate::contradiction::facts::word::says;
use crate::contradiction::facts::{Claim, Facts, Group, Item, Place, RowKind, Sentence};
use crate::contradiction::kind::Findings;
use crate::value;

/// What a sentence allows, asks or supposes says nothing about how many there are.
const MODAL: &[&str] = &[
    "can", "may", "might", "must", "should", "could", "need", "needs", "if", "each", "every", "per",
    "at least", "at most", "or more", "up to", "kann", "können", "muss", "müssen", "soll", "sollen", "wenn",
    "falls", "jede*", "je", "pro", "peut", "peuvent", "doit", "doivent", "chaque", "si", "par", "puede*",
    "debe*", "cada", "può", "possono", "deve", "devono", "ogni", "kan", "kunnen", "moet", "moeten", "elke",
    "pode*", "devem",
];
/// People miscount by a few.
const OFF: u64 = 3;
const MOST: u64 = 20;

/// The list below a sentence that ends with a colon.
pub(super) fn below(
    facts: &Facts<'_>,
    lists: &[Listed<'_>],
    claim: &Claim,
    sentence: &Sentence,
    findings: &mut Findings,
) {
    let text = sentence.text.plain.trim_end();
    let lower = sentence.lower();
    if !text.ends_with([':', '：']) || !(2..=MOST).contains(&claim.count) || says(main(&lower, claim), MODAL)
    {
        return;
    }
    let Some(count) = count(facts, claim, sentence) else { return };
    let end = sentence.text.span.end_line;
    let Some(next) = lists.get(lists.partition_point(|list| list.group.span.line <= end)) else { return };
    let is_next = next.group.span.line - end <= 4 && facts.between(end, next.group.span.line).is_empty();
    let items: Vec<&Item> = next.group.items.iter().filter_map(|at| facts.items.get(*at)).collect();
    let listed = items.len() as u64;
    if !is_next
        || listed < 2
        || listed == count
        || listed.abs_diff(count) > OFF
        || has_total(facts, next.group)
    {
        return;
    }
    let behind = lower.get(claim.range.end..).unwrap_or_default();
    let is_last = behind.split_whitespace().count() <= 4;
    let is_first = lower.get(..claim.range.start).unwrap_or_default().split_whitespace().count() <= 2;
    let is_named = names_group(facts, claim, next.group);
    let message = format!("it says {}, but {listed} are listed", claim.shown().trim());
    let places = std::iter::once(sentence.said()).chain(items.iter().map(|item| item.said.clone()));
    findings.say(is_last || is_first || is_named, message, places.collect());
}

/// A sentence up to the comma behind its number: `nine zones, each with its own fence`.
fn main<'t>(lower: &'t str, claim: &Claim) -> &'t str {
    let behind = lower.get(claim.range.end..).unwrap_or_default();
    let end = behind.find(", ").map_or(lower.len(), |comma| claim.range.end + comma);
    lower.get(..end).unwrap_or(lower)
}

/// The number that the list should have: the only one of the sentence, or the part of the only share.
fn count(facts: &Facts<'_>, claim: &Claim, sentence: &Sentence) -> Option<u64> {
    let text = &sentence.text.plain;
    let own: Vec<&Claim> = facts.claims.iter().filter(|other| other.sentence == claim.sentence).collect();
    let all = shares(text);
    if let [share] = all.as_slice() {
        let is_part =
            whole(claim.count) == share.part && own.first().is_some_and(|first| first.range == claim.range);
        return is_part.then_some(claim.count);
    }
    let ids = value::ids(text);
    let other = figures(text).into_iter().any(|figure| {
        figure.range != claim.range
            && !ids.iter().any(|id| id.range.end >= figure.range.end && id.range.start <= figure.range.start)
    });
    (own.len() == 1 && all.is_empty() && !other).then_some(claim.count)
}

fn has_total(facts: &Facts<'_>, group: &Group) -> bool {
    let grid = group.grid.and_then(|at| facts.grids.get(at));
    grid.is_some_and(|grid| grid.rows.iter().any(|row| row.kind != RowKind::Body))
}

/// Things that are named in the sentence that counts them.
pub(super) fn inside(facts: &Facts<'_>, findings: &mut Findings) {
    for claim in facts.claims.iter().filter(|claim| (3..=MOST).contains(&claim.count) && !claim.is_about) {
        let Some(sentence) = facts.sentences.get(claim.sentence) else { continue };
        let is_text = matches!(sentence.place, Place::Prose | Place::Item);
        if let Some((named, joined)) = named(facts, sentence, claim).filter(|_| is_text) {
            let size = named.len() as u64;
            let is_full = named.len() >= 3 && (joined || is_of_all(facts, claim));
            if size != claim.count && size.abs_diff(claim.count) <= 2 && size >= 3 {
                let message =
                    format!("it says {}, but {size} are named: {}", claim.shown().trim(), named.join(", "));
                findings.say(is_full, message, vec![sentence.said()]);
            }
        }
    }
}

/// The short names behind the colon of a sentence, and whether `and` stands before the last.
fn named(facts: &Facts<'_>, sentence: &Sentence, claim: &Claim) -> Option<(Vec<String>, bool)> {
    let lower = sentence.lower();
    if says(lower.get(..claim.range.start)?, MODAL) || !shares(&lower).is_empty() {
        return None;
    }
    let behind = lower.get(claim.range.end..)?;
    let open = behind.find([':', '('])?;
    let is_colon = behind.get(open..)?.starts_with(':');
    let between = behind.get(..open)?;
    let end = if is_colon { behind.len() } else { open + behind.get(open..)?.find(')')? };
    let list = behind.get(open + 1..end)?.trim().trim_end_matches(['.', ';']);
    // What is said of all of them may be longer: `all seven clients will be connected before wave 1: …`.
    let most = if is_of_all(facts, claim) { 16 } else { 6 };
    let is_near = between.split_whitespace().count() <= most && !between.contains([',', ';', '.']);
    let is_plain =
        !list.contains(['(', ':', ';', '.', '"', '…']) && !list.chars().any(|c| c.is_ascii_digit());
    if !is_near
        || !is_plain
        || says(list, &["etc", "usw", "for example", "such as", "zum beispiel", "among", "u.a", "or", "oder"])
    {
        return None;
    }
    let (head, last) = [" and ", " und ", " et ", " y ", " e ", " en ", " i ", " och "]
        .iter()
        .filter_map(|and| list.rsplit_once(and))
        .max_by_key(|(head, _)| head.len())
        .map_or((list, None), |(head, last)| (head, Some(last)));
    let mut names: Vec<String> =
        head.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
    names.extend(last.map(|last| last.trim().to_owned()));
    let is_name = |name: &String| {
        let words: Vec<&str> = name.split_whitespace().collect();
        (1..=4).contains(&words.len()) && number_word(words[0]).is_none() && !name.contains(',')
    };
    let joined = [" and ", " und ", " et ", " y ", " sowie "];
    let is_single = !names.iter().any(|name| joined.iter().any(|and| name.contains(and)));
    (is_single && names.iter().all(is_name)).then_some((names, last.is_some()))
}

#[cfg(test)]
mod tests {
    use super::super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn what_stands_below_a_colon_is_counted() {
        let list = "\n\n- orders\n- sessions\n- prices\n";
        assert_eq!(
            found(&RULE, &format!("# Parts\n\nIt reads from four upstream sources:{list}")),
            ["certain 3,5,6,7"]
        );
        assert!(found(&RULE, &format!("# Parts\n\nIt reads from three upstream sources:{list}")).is_empty());
        assert_eq!(
            found(&RULE, &format!("# Hall\n\nIt has two zones, each with its own fence:{list}")),
            ["certain 3,5,6,7"]
        );
        assert!(found(&RULE, &format!("# Parts\n\nTwo admins can do this:{list}")).is_empty());
        let table = "\n\n| Date | Users |\n|---|---|\n| 14 July | 3,000 |\n| 28 July | 6,000 |\n";
        assert_eq!(found(&RULE, &format!("Three exam simulations were held:{table}")), ["certain 1,5,6"]);
        let german = "## Niederlassungen\n\nZuerst gehen drei der vier Niederlassungen in Betrieb:\n\n- Kassel\n- Ulm\n";
        assert_eq!(found(&RULE, german), ["certain 3,5,6"]);
    }

    #[test]
    fn tables_that_are_pointed_to_are_counted() {
        let table = "| Id | Exit criterion |\n|---|---|\n| X-1 | Fast |\n| X-2 | Safe |\n| X-3 | Seen |\n\n";
        let below = |all: &str| format!("## Gate\n\n{table}All {all} exit criteria are in the annex.\n");
        assert_eq!(found(&RULE, &below("four")), ["certain 9,5,6,7"]);
        assert!(found(&RULE, &below("three")).is_empty());
        let rows =
            "\n\n| Scenario | Found by |\n|---|---|\n| Queue is full | alarm |\n| Disk is full | alarm |\n";
        assert_eq!(found(&RULE, &format!("The three scenarios below were tried.{rows}")).len(), 1);
        assert!(found(&RULE, &format!("The three scenarios below 60 % were tried.{rows}")).is_empty());
    }

    #[test]
    fn what_is_named_in_the_sentence_is_counted() {
        for (text, expected) in [
            ("All six venues are trained: opera, playhouse, studio, concert hall and puppet theatre.\n", 1),
            ("Es gibt fünf Standorte (Nord, Süd, Ost und West).\n", 1),
            ("All five venues are trained: opera, playhouse, studio, concert hall and puppet theatre.\n", 0),
            ("All three required roles (product, engineering, security, service) have to sign.\n", 1),
            ("All four clients will be connected before wave 1: shop, tills, portal.\n", 1),
            ("All four clients will be connected before wave 1: shop, tills, portal, news.\n", 0),
            ("Three tests failed: login, search, and the one that needs 40 users.\n", 0),
            ("Six people can do it: the lead and the deputy.\n", 0),
        ] {
            assert_eq!(found(&RULE, text).len(), expected, "{text}");
        }
    }
}
