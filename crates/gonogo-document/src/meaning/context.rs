//! What a section is about, from its heading and from those above it.

use std::collections::BTreeSet;

use crate::element::{Disposition, Moment, Timing};
use crate::outline::{Outline, Section, SectionId};
use crate::value::{Scan, Severity, severities};
use crate::words::topic::{Topic, topics};
use crate::words::words;

/// What is known about the sections of a document.
#[derive(Debug)]
pub(super) struct Contexts(Vec<Context>);

/// What is known about a section.
#[derive(Debug, Clone, Default)]
pub(super) struct Context {
    /// What its own heading says.
    pub(super) own: BTreeSet<Topic>,
    /// The severity of its problems, own or inherited.
    pub(super) severity: Option<Severity>,
    pub(super) disposition: Option<Disposition>,
    pub(super) timing: Timing,
    pub(super) moment: Option<Moment>,
    parent: Option<SectionId>,
    level: u8,
}

impl Contexts {
    pub(super) fn of(outline: &Outline) -> Contexts {
        let mut all: Vec<Context> = Vec::with_capacity(outline.sections.len());
        for section in &outline.sections {
            let above = section.parent.and_then(|parent| all.get(parent.0));
            let context = Context::of(section, above);
            all.push(context);
        }
        Contexts(all)
    }

    pub(super) fn get(&self, id: SectionId) -> &Context {
        static NOTHING: Context = Context {
            own: BTreeSet::new(),
            severity: None,
            disposition: None,
            timing: Timing::Unsaid,
            moment: None,
            parent: None,
            level: 0,
        };
        self.0.get(id.0).unwrap_or(&NOTHING)
    }

    /// The first of these topics in the innermost section that has any of them.
    pub(super) fn nearest(&self, id: SectionId, order: &[Topic]) -> Option<Topic> {
        let path = std::iter::successors(self.0.get(id.0), |context| self.0.get(context.parent?.0));
        let mut sections = path.filter(|context| order.iter().any(|topic| context.own.contains(topic)));
        let nearest = sections.next()?;
        order.iter().copied().find(|topic| nearest.own.contains(topic))
    }

    /// Whether a section or one above it has a topic.
    pub(super) fn has(&self, id: SectionId, topic: Topic) -> bool {
        let mut path = std::iter::successors(self.0.get(id.0), |context| self.0.get(context.parent?.0));
        path.any(|context| context.own.contains(&topic))
    }
}

impl Context {
    fn of(section: &Section, above: Option<&Context>) -> Context {
        let title = section.title.plain.as_str();
        let mut own = topics(title);
        if super::is_category_title(&section.title) {
            own.insert(Topic::Category);
        }
        let disposition = disposition(&own).or(above.and_then(|above| above.disposition));
        let moment = moment(title).or(above.and_then(|above| above.moment));
        let timing = timing(&own, self::moment(title));
        let inherited = above.map_or(Timing::Unsaid, |above| above.timing);
        Context {
            severity: severity_of_list(title, &own).or(above.and_then(|above| above.severity)),
            disposition,
            timing: if timing == Timing::Unsaid { inherited } else { timing },
            moment,
            parent: section.parent,
            level: section.level,
            own,
        }
    }

    /// The document as a whole, or its title.
    pub(super) fn is_top(&self) -> bool {
        self.level <= 1
    }
}

fn disposition(own: &BTreeSet<Topic>) -> Option<Disposition> {
    [
        (Topic::Defer, Disposition::Deferred),
        (Topic::ShouldFix, Disposition::ShouldFix),
        (Topic::MustFix, Disposition::MustFix),
        (Topic::Acceptances, Disposition::Accepted),
    ]
    .into_iter()
    .find(|(topic, _)| own.contains(topic))
    .map(|(_, disposition)| disposition)
}

fn timing(own: &BTreeSet<Topic>, moment: Option<Moment>) -> Timing {
    match moment.map(|moment| moment.hours.signum()) {
        Some(-1) => return Timing::BeforeLaunch,
        Some(0) => return Timing::AtLaunch,
        Some(_) => return Timing::AfterLaunch,
        None => {}
    }
    [
        (Topic::AfterLaunch, Timing::AfterLaunch),
        (Topic::BeforeLaunch, Timing::BeforeLaunch),
        (Topic::AtLaunch, Timing::AtLaunch),
    ]
    .into_iter()
    .find(|(topic, _)| own.contains(topic))
    .map_or(Timing::Unsaid, |(_, timing)| timing)
}

/// When a text says that something is to be done.
pub(super) fn timing_of(text: &str) -> Timing {
    timing(&topics(text), moment(text))
}

/// The severity that a heading gives to the problems under it: `High Issues`, `MUST FIX (Blockers)`,
/// but not `Critical Path` and `High Confidence`.
fn severity_of_list(title: &str, own: &BTreeSet<Topic>) -> Option<Severity> {
    const PROBLEMS: [Topic; 8] = [
        Topic::Findings,
        Topic::MustFix,
        Topic::ShouldFix,
        Topic::Defer,
        Topic::Weaknesses,
        Topic::Checklist,
        Topic::Blockers,
        Topic::Conditions,
    ];
    const GENERIC: [&str; 16] = [
        "issues",
        "issue",
        "priority",
        "risk",
        "risks",
        "items",
        "problems",
        "severity",
        "findings",
        "fixes",
        "prio",
        "the",
        "all",
        "priorität",
        "probleme",
        "open",
    ];
    let found = severities(title).into_iter().next()?;
    let rest = format!(
        "{} {}",
        title.get(..found.range.start).unwrap_or_default(),
        title.get(found.range.end..).unwrap_or_default()
    );
    let others = words(&rest);
    let is_generic = others
        .iter()
        .all(|word| word.is_one_of(&GENERIC) || word.text.bytes().all(|byte| byte.is_ascii_digit()));
    let path = words(title).windows(2).any(|pair| matches!(pair, [_, next] if next.text == "path"));
    let is_of_problems = own.iter().any(|topic| PROBLEMS.contains(topic)) && others.len() <= 9;
    ((is_generic || is_of_problems) && !path).then_some(found.value)
}

/// `T-7 days`, `T-24 hours`, `T+1h`, `D-1`, `T-0`.
pub(super) fn moment(text: &str) -> Option<Moment> {
    if !text.contains(['-', '+', '−', '–']) {
        return None;
    }
    let scan = Scan::of(text);
    (0..scan.tokens.len()).find_map(|at| {
        let letter = scan.text_of(at);
        let tied = scan.is_joined(at + 1) && scan.is_joined(at + 2);
        if !matches!(letter, "T" | "D" | "L" | "J" | "H") || !tied {
            return None;
        }
        let sign = if scan.is_sign(at + 1, &['+']) {
            1
        } else if scan.is_sign(at + 1, &['-', '−', '–']) {
            -1
        } else {
            return None;
        };
        let number = i64::try_from(scan.whole(at + 2)?).ok()?;
        let unit = match scan.word(at + 3).as_deref() {
            Some(word) if word.starts_with("hour") || word.starts_with("stunde") => 1,
            Some("h" | "hr" | "hrs" | "std" | "heures" | "heure" | "horas" | "hora" | "uur" | "ore") => 1,
            Some(word) if word.starts_with("week") || word.starts_with("woche") => 168,
            Some("w" | "semaines" | "semanas" | "weken" | "settimane") => 168,
            Some(word) if word.starts_with("min") => 0,
            _ if letter == "H" => 1,
            _ => 24,
        };
        Some(Moment { hours: sign * number.min(1_000_000) * unit })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read() {
        let read = |text: &str| moment(text).map(|moment| moment.hours);
        assert_eq!(read("Pre-Cutover (T-7 days)"), Some(-168));
        assert_eq!(read("Pre-Cutover (T-24 hours)"), Some(-24));
        assert_eq!(read("T+1 hour"), Some(1));
        assert_eq!(read("Cutover (T-0)"), Some(0));
        assert_eq!(read("D-1: freeze"), Some(-24));
        for text in ["L4-7", "Plan", "TLS-1", "A-7 days"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn headings_give_a_severity_to_their_lists_only_if_they_are_lists() {
        let read = |title: &str| severity_of_list(title, &topics(title));
        assert_eq!(read("HIGH ISSUES"), Some(Severity::High));
        assert_eq!(read("MUST FIX BEFORE GO-LIVE (Blockers)"), Some(Severity::Blocker));
        assert_eq!(read("Minor Issues:"), Some(Severity::Low));
        assert_eq!(read("Medium Priority Issues (Can Defer to Post-Launch):"), Some(Severity::Medium));
        for title in ["Critical Path to Go-Live", "High Confidence", "Risk Level", "Highly available"] {
            assert_eq!(read(title), None, "{title}");
        }
    }
}
