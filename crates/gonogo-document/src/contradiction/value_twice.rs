//! One attribute of one thing with two values: the head of the document against its text, the table
//! of targets against a sentence, the section of a decision against what another quotes of it.

mod head;
mod hours;
mod person;
mod quoted;
mod record;
mod term;
mod told;

use super::facts::Facts;
use super::kind::{Findings, Kind, Rule};

pub(super) const RULE: Rule = Rule {
    id: "value-twice",
    kind: Kind::Disagreement,
    why: "A target, a date, an owner or an opening hour is one value; with two, everybody works to their own.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let head = head::fields(facts);
    head::find(facts, &head, findings);
    person::find(facts, &head, findings);
    term::find(facts, findings);
    quoted::find(facts, findings);
    record::find(facts, findings);
    record::groups(facts, findings);
    hours::find(facts, findings);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn the_head_and_the_text_are_compared() {
        for (head, told, expected) in [
            (
                "Next exercise: October 2025",
                "The exercise is passed. The next one will take place in November 2025.",
                true,
            ),
            ("Nächste Übung: Oktober 2025", "Die nächste Übung findet im November 2025 statt.", true),
            ("Next exercise: October 2025", "The next exercise takes place in October 2025.", false),
            ("Maintenance window: 45 minutes", "The maintenance window is 60 minutes.", true),
            ("Maintenance window: 45 minutes", "Originally the maintenance window was 60 minutes.", false),
            ("Planned outage: none", "Each station is out of service for 25 minutes.", true),
        ] {
            let text = format!("# Plan\n\n- {head}\n- Author: Ann Bell\n\n## End\n\n{told}\n");
            assert_eq!(!found(&RULE, &text).is_empty(), expected, "{text}");
        }
    }

    #[test]
    fn who_decides_is_one_person() {
        let text = |name: &str| {
            format!(
                "# Plan\n\n- Lead: Ann Bell\n- IT operations: Sue Kent\n- Decision on a fallback: Ann Bell\n\n## 8 Fallback\n\nOnly {name} decides whether we fall back.\n"
            )
        };
        assert_eq!(found(&RULE, &text("Sue Kent")), ["certain 9,5"]);
        assert!(found(&RULE, &text("Ann Bell")).is_empty());
    }

    #[test]
    fn a_target_is_one_in_table_and_text() {
        let text = |told: &str| {
            format!(
                "| Objective | Target | Measured |\n|---|---|---|\n| RTO | 15 min | 11 min |\n| Pool size | 40 connections | 40 connections |\n\n{told}\n"
            )
        };
        assert_eq!(
            found(&RULE, &text("The drill stayed inside the agreed RTO of 30 minutes.")),
            ["certain 6,3"]
        );
        assert!(found(&RULE, &text("The drill stayed inside the agreed RTO of 15 minutes.")).is_empty());
        assert!(found(&RULE, &text("In January the RTO was 30 minutes.")).is_empty());
    }

    #[test]
    fn what_is_quoted_of_a_section_is_what_it_says() {
        let text = |days: u32| {
            format!(
                "## DEC-2 Retention\n\nEvents stay on topics for 7 days.\n\n## DEC-8 Brokers\n\nConsumers may replay, as DEC-2 keeps events for {days} days.\n"
            )
        };
        assert_eq!(found(&RULE, &text(14)), ["certain 7,3"]);
        assert!(found(&RULE, &text(7)).is_empty());
    }

    #[test]
    fn what_is_told_of_a_thing_is_in_its_row() {
        let text = |told: &str| {
            format!(
                "## Details\n\n**OTA-4.** *Cause:* the loader. *Fix:* {told}\n\n## Before ring 1\n\n| Id | What | Severity | Owner | Due | Status |\n|---|---|---|---|---|---|\n| OTA-4 | Loader | Medium | Greta | 5 February 2027 | Done |\n| OTA-7 | Timeout | Low | Ravi | 28 January 2027 | Open |\n"
            )
        };
        assert_eq!(found(&RULE, &text("image, owner Greta, due 29 January.")), ["certain 9,3"]);
        assert_eq!(found(&RULE, &text("image, owner Ravi, due 5 February.")), ["certain 9,3"]);
        assert_eq!(found(&RULE, &text("image. Status: in review.")), ["certain 9,3"]);
        assert_eq!(found(&RULE, &text("image. Rated Low, because it is rare.")), ["certain 9,3"]);
        assert!(found(&RULE, &text("image, owner Greta, due 5 February. Status: done.")).is_empty());
        let text = |severity: &str| {
            format!(
                "## QF-5 Cache\n\n- **Severity:** {severity}\n\n## Overview\n\n| Severity | Findings |\n|---|---|\n| High | QF-4 |\n| Medium | QF-5, QF-6 |\n"
            )
        };
        assert_eq!(found(&RULE, &text("High")), ["certain 3,10"]);
        assert!(found(&RULE, &text("Medium")).is_empty());
    }

    #[test]
    fn notes_titles_and_states_are_compared_with_the_row() {
        for (told, row) in [
            (
                "## Notes\n\n**Step 6.** Responsible is Lucia, call 55.\n",
                "| Step | What | Who |\n|---|---|---|\n| 6 | Switch | Ann |\n",
            ),
            (
                "### S-1 Pins\n\nOwner Hanh; due 2025-05-16.\n",
                "| Id | What | State |\n|---|---|---|\n| S-1 | Pins | open, due 2025-05-09 |\n",
            ),
            ("**W-3 · High · Map update**\n\nLong.\n", "| Id | Severity |\n|---|---|\n| W-3 | Medium |\n"),
            (
                "### F-6 Job\n\nFix: table; the patch is not merged.\n",
                "| Id | What | Status |\n|---|---|---|\n| F-6 | Job | Fixed |\n",
            ),
            (
                "D-7 is delivered by Radek.\n",
                "| What | When | Who |\n|---|---|---|\n| Fix for D-7 | 2 May | Ilse |\n",
            ),
        ] {
            let text = format!("# R\n\n{told}\n## Table\n\n{row}");
            assert_eq!(found(&RULE, &text).len(), 1, "{text}");
            let same = text
                .replace("Lucia", "Ann")
                .replace("05-16", "05-09")
                .replace("High", "Medium")
                .replace("Radek", "Ilse")
                .replace("not merged", "merged");
            assert_eq!(found(&RULE, &same), Vec::<String>::new(), "{same}");
        }
    }

    #[test]
    fn hours_of_one_desk_are_one() {
        let text = |end: &str| {
            format!(
                "## Week\n\n- Help desk in the first week from 07:00 to 20:00\n\n## News\n\nThe help desk answers from 07:00 to {end}, in the first week too.\n"
            )
        };
        assert_eq!(found(&RULE, &text("18:00")).len(), 1);
        assert!(found(&RULE, &text("20:00")).is_empty());
    }
}
