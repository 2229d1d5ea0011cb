//! `T-2` before `T-5`: steps of a run-up that are out of order.

use super::facts::{Facts, Place, Sentence};
use super::kind::{Findings, Kind, Rule, Said};
use crate::outline::SectionId;

pub(super) const RULE: Rule = Rule {
    id: "run-up-order",
    kind: Kind::Impossible,
    why: "Whoever works down the list comes to a step after its moment.",
    find,
};

/// One step: its hours from the launch, its name, its place.
struct Step {
    hours: i64,
    word: String,
    said: Said,
}

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let (mut steps, mut last): (Vec<Step>, Option<(SectionId, Place)>) = (Vec::new(), None);
    for sentence in facts.sentences.iter().filter(|sentence| sentence.place != Place::Code) {
        for line in sentence.text.lines() {
            let Some((hours, word)) = moment(&line.plain) else { continue };
            if !last.is_some_and(|(section, place)| is_beside(facts, section, place, sentence)) {
                judge(&steps, findings);
                steps.clear();
            }
            steps.push(Step { hours, word, said: Said::at(line.span, &line.plain) });
            last = Some((sentence.section, sentence.place));
        }
    }
    judge(&steps, findings);
}

/// Steps out of order. `T-1, T-2, T-3` are numbers of tasks, and no moments.
fn judge(steps: &[Step], findings: &mut Findings) {
    let pairs = || steps.iter().zip(steps.iter().skip(1));
    let falls = pairs().filter(|(one, two)| two.hours < one.hours).count();
    let has_launch = steps.iter().any(|step| step.hours >= 0);
    if falls == pairs().count() && !has_launch {
        return;
    }
    for (one, two) in pairs().filter(|(one, two)| two.hours < one.hours) {
        findings.certain(
            format!("{} comes after {}", two.word, one.word),
            vec![two.said.clone(), one.said.clone()],
        );
    }
}

/// In the same section, or headings beside each other.
fn is_beside(facts: &Facts<'_>, section: SectionId, place: Place, sentence: &Sentence) -> bool {
    match (place, sentence.place) {
        (Place::Heading, Place::Heading) => {
            let parent = |id: SectionId| facts.section(id).parent;
            facts.section(section).level == facts.section(sentence.section).level
                && parent(section) == parent(sentence.section)
        }
        (one, two) => one == two && section == sentence.section,
    }
}

/// `T-7 days`, `T+1 hour`, `T-14` (days) at the start of a line, in hours.
fn moment(text: &str) -> Option<(i64, String)> {
    let bare = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    // `T-7`, `T minus 7`.
    let bare = bare.replacen("T minus ", "T-", 1).replacen("T plus ", "T+", 1);
    let rest = bare.strip_prefix(['T', 't'])?;
    let sign = if rest.starts_with('+') {
        1
    } else if rest.starts_with(['-', '–', '−', '‑']) {
        -1
    } else {
        return None;
    };
    let rest = rest.get(rest.chars().next()?.len_utf8()..)?;
    let rest = rest.trim_start();
    let digits: String = rest.chars().take_while(char::is_ascii_digit).take(4).collect();
    let number: i64 = digits.parse().ok()?;
    let behind = rest.get(digits.len()..)?.trim_start().to_lowercase();
    let word: String = behind.chars().take_while(|c| c.is_alphabetic()).collect();
    let (hours, unit) = match word.as_str() {
        "h" | "hr" | "hrs" | "hour" | "hours" | "stunden" | "heures" | "horas" | "uur" => (1, " hours"),
        "w" | "wk" | "week" | "weeks" | "wochen" | "semaines" | "semanas" | "weken" => (168, " weeks"),
        "m" | "min" | "minutes" | "month" | "months" => return None,
        _ => (24, ""),
    };
    Some((sign * number * hours, format!("T{}{number}{unit}", if sign > 0 { '+' } else { '-' })))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn steps_out_of_order_are_found() {
        assert_eq!(
            found(&RULE, "- T-10 spare parts\n- T-2 floor closed\n- T-5 rehearsal\n"),
            ["certain 3,2"]
        );
        assert_eq!(found(&RULE, "- T+1 day: count\n- T+1 hour: look\n"), ["certain 2,1"]);
        assert_eq!(found(&RULE, "**T-14** – freeze\n**T-3** – load\n**T-7** – report\n"), ["certain 3,2"]);
    }

    #[test]
    fn steps_in_order_are_silent() {
        assert!(
            found(&RULE, "- T-7 days: a\n- T-24 hours: b\n- T-0: c\n- T+1 hour: d\n- T+7 days: e\n")
                .is_empty()
        );
        assert!(found(&RULE, "## A\n\n- T-2 x\n\n## B\n\n- T-5 y\n").is_empty());
        assert!(found(&RULE, "- T-1 write the test\n- T-2 run it\n- T-3 report\n").is_empty());
    }
}
