//! A table or list of what is still to come, by its heading, and a day in it that is over.

use jiff::civil::Date;

use crate::contradiction::facts::moment::Moment;
use crate::contradiction::facts::word::says;
use crate::contradiction::facts::{Facts, Group, Item};
use crate::contradiction::kind::{Findings, Said};
use crate::outline::SectionId;

/// Headings over what is still to come.
const COMING: &[&str] = &[
    "upcoming",
    "coming",
    "coming up",
    "next dates",
    "next steps",
    "next milestones",
    "next deadlines",
    "what comes next",
    "what is next",
    "outlook",
    "look ahead",
    "looking ahead",
    "dates ahead",
    "still to come",
    "nächste termine",
    "kommende*",
    "anstehende*",
    "bevorstehende*",
    "nächste schritte",
    "ausblick",
    "prochaines échéances",
    "prochaines dates",
    "prochaines étapes",
    "échéances à venir",
    "à venir",
    "próximas fechas",
    "próximos pasos",
    "próximos hitos",
    "próximas citas",
    "prossime scadenze",
    "prossimi passi",
    "prossime date",
    "in arrivo",
    "komende*",
    "volgende stappen",
    "eerstvolgende*",
    "próximas datas",
    "próximos passos",
    "próximos marcos",
    "najbliższe terminy",
    "nadchodzące*",
    "następne kroki",
    "kommande",
];
/// What was done may stand there too.
const OVER: &[&str] = &[
    "done",
    "held",
    "was",
    "were",
    "closed",
    "passed",
    "finished",
    "moved",
    "missed",
    "since",
    "expired",
    "overdue",
    "erledigt",
    "war",
    "verschoben",
    "überfällig",
    "seit",
    "fait",
    "tenu*",
    "reporté*",
    "dépassé*",
    "depuis",
    "hecho",
    "celebrad*",
    "aplazad*",
    "desde",
    "fatto",
    "svolt*",
    "rinviat*",
    "scadut*",
    "dal",
    "gedaan",
    "verplaatst",
    "sinds",
    "feito",
    "adiad*",
];

pub(super) fn check(facts: &Facts<'_>, report: &Moment, findings: &mut Findings) {
    for group in facts.groups.iter().filter(|group| is_coming(facts, group.section)) {
        for item in items(facts, group) {
            let Some(date) = date(facts, group, item).filter(|date| *date < report.date) else { continue };
            let lower = item.said.text.to_lowercase();
            let is_over = says(&lower, OVER)
                || lower.contains(['✅', '✔', '☑', '✓', '~'])
                || item.ticked == Some(true)
                || item.mark.is_some_and(|mark| mark.state.is_some_and(crate::value::State::is_good));
            if !is_over {
                let heading = facts.section(group.section).title.plain.trim();
                let message =
                    format!("{date} is listed under «{heading}», and the document is of {}", report.date);
                let places: Vec<Said> = vec![item.said.clone(), report.said.clone()];
                findings.certain(message, places);
            }
        }
    }
}

fn is_coming(facts: &Facts<'_>, section: SectionId) -> bool {
    let chapter = facts.chapter(section);
    [section, chapter].iter().any(|id| {
        let title = facts.section(*id).title.plain.to_lowercase();
        says(&title, COMING) && title.split_whitespace().count() <= 8
    })
}

fn items<'f>(facts: &'f Facts<'_>, group: &'f Group) -> impl Iterator<Item = &'f Item> {
    group.items.iter().filter_map(|at| facts.items.get(*at))
}

/// The day of an item: the only date in the first words of its line, or in its first cell with one.
fn date(facts: &Facts<'_>, group: &Group, item: &Item) -> Option<Date> {
    let text = &item.said.text;
    let dates = facts.calendar.dates(text);
    let [one] = dates.as_slice() else { return None };
    let head = text.get(..one.range.start).unwrap_or_default();
    let is_first =
        head.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count() <= 3;
    (is_first || group.grid.is_some()).then_some(one.value)
}

#[cfg(test)]
mod tests {
    use super::super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn what_comes_is_not_over() {
        let french = "**Établi le :** 14 mai 2025\n\n## Prochaines échéances\n\n| Date | Objet |\n|---|---|\n| 15/04/2025 | certificat |\n| 30/06/2025 | revue |\n";
        assert_eq!(found(&RULE, french), ["certain 7,1"]);
        let list = "Date: 2025-05-14\n\n## Next steps\n\n- 2025-04-30: order the lamps\n- 2025-06-01: hang them\n- 2025-05-02: order was sent\n";
        assert_eq!(found(&RULE, list), ["certain 5,1"]);
        let past = "Date: 2025-05-14\n\n## What was done\n\n- 2025-04-30: lamps ordered\n";
        assert!(found(&RULE, past).is_empty());
    }
}
