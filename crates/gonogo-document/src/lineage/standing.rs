//! How a document says that something stands: open, accepted, done. In a cell all of it counts; in
//! a line of prose only what is said of the line itself. `Backups done weekly` is not done.

use gonogo_model::lineage::document::Standing;

use crate::outline::Outline;
use crate::value::{self, Mark, Polarity, State};
use crate::words::{Word, words};

/// Words of things that are over, beside those that are read everywhere.
const CLOSED: &[&str] = &[
    "addressed",
    "corrected",
    "remediated",
    "retired",
    "behobene",
    "behobener",
    "behobenen",
    "erledigte",
    "erledigten",
    "geschlossene",
    "geschlossenen",
    "gelöste",
    "gelösten",
    "corrigés",
    "corrigées",
    "résolus",
    "résolues",
    "clos",
    "corregido",
    "corregidos",
    "resueltos",
    "resueltas",
    "cerrado",
    "cerrados",
    "opgeloste",
    "afgehandeld",
    "risolti",
    "corretti",
    "resolvidos",
    "corrigidos",
];
const DENIES: &[&str] = &[
    "not",
    "never",
    "yet",
    "no",
    "nor",
    "isn",
    "aren",
    "wasn",
    "nicht",
    "nie",
    "noch",
    "kein",
    "keine",
    "pas",
    "non",
    "jamais",
    "nunca",
    "niet",
    "nooit",
    "mai",
    "não",
    "hardly",
    "partly",
    "partially",
    "teilweise",
    "half",
    "almost",
    "nearly",
];
/// Before these words something is wished for, not said.
const WISHES: &[&str] = &["be", "get", "being", "werden", "être", "ser", "worden", "essere", "of", "zu", "à"];
/// A sentence with one of these says under which circumstances, not that it is so.
const IF: &[&str] = &[
    "if", "once", "when", "until", "unless", "wenn", "sobald", "bis", "falls", "si", "quand", "cuando",
    "hasta", "als", "zodra", "se", "quando",
];
const IS: &[&str] = &[
    "is", "are", "was", "were", "been", "now", "already", "fully", "all", "both", "ist", "sind", "wurde",
    "wurden", "worden", "jetzt", "bereits", "est", "sont", "été", "está", "están", "son", "fue", "fueron",
    "è", "sono", "werd", "werden", "zijn", "foi", "foram", "marked", "and", "und", "et", "y",
];
/// What may follow a word of state that ends a thought: `fixed in v2`.
const THEN: &[&str] = &[
    "in", "by", "on", "with", "since", "at", "as", "via", "after", "im", "am", "mit", "seit", "durch", "en",
    "par", "le", "depuis", "el", "por", "desde", "op", "door", "sinds", "il", "per", "con", "last", "now",
];
const AND: &[&str] =
    &["and", "und", "et", "y", "e", "en", "all", "alle", "both", "beide", "findings", "issues"];
/// A longer line is not looked through.
const LONGEST: usize = 2_000;

/// How a mark says that something stands.
pub(super) fn of_mark(mark: &Mark) -> Option<Standing> {
    match mark.polarity() {
        Polarity::Good => Some(Standing::Done),
        Polarity::Bad | Polarity::Open | Polarity::Middling => Some(Standing::Open),
        Polarity::Neutral => match mark.state {
            Some(State::Accepted | State::NotApplicable) => Some(Standing::Accepted),
            _ => None,
        },
    }
}

/// How the cell of a status says that its row stands.
pub(super) fn of_cell(text: &str) -> Option<Standing> {
    let standing = of_mark(&value::mark(text)?)?;
    let first = value::marks(text).into_iter().find(|found| found.value.state.is_some());
    let before = first.and_then(|found| text.get(..found.range.start).map(words)).unwrap_or_default();
    let is_denied = before.iter().any(|word| DENIES.contains(&word.text.as_ref()));
    Some(if is_denied && standing == Standing::Done { Standing::Open } else { standing })
}

/// How a line says that it stands itself: with a sign at its start, with a word of state that
/// stands apart, or with one that is its predicate.
pub(super) fn of_text(text: &str) -> Option<Standing> {
    if text.len() > LONGEST {
        return None;
    }
    let found = value::marks(text);
    let is_bare = |text: &str| !text.chars().any(char::is_alphanumeric);
    if let Some(first) = found.first().filter(|first| first.value.sign.is_some())
        && text.get(..first.range.start).is_some_and(is_bare)
    {
        let state =
            found.get(1).filter(|next| text.get(first.range.end..next.range.start).is_some_and(is_bare));
        return of_mark(&Mark { state: state.and_then(|next| next.value.state), ..first.value });
    }
    states(text).into_iter().find_map(|said| apart(text, &said))
}

/// A word of state in a text.
struct Said {
    standing: Standing,
    start: usize,
    end: usize,
}

fn states(text: &str) -> Vec<Said> {
    let marked = value::marks(text).into_iter().filter_map(|found| {
        let standing = of_mark(&Mark { sign: None, state: Some(found.value.state?) })?;
        Some(Said { standing, start: found.range.start, end: found.range.end })
    });
    let closed = words(text).into_iter().filter(|word| CLOSED.contains(&word.text.as_ref()));
    let closed =
        closed.map(|word| Said { standing: Standing::Done, start: word.range.start, end: word.range.end });
    let mut all: Vec<Said> = marked.chain(closed).collect();
    all.sort_by_key(|said| said.start);
    all
}

/// What a word of state says of its line, if it stands apart from the rest.
fn apart(text: &str, said: &Said) -> Option<Standing> {
    let (before, behind) = (text.get(..said.start)?, text.get(said.end..)?);
    let earlier = words(before);
    let last = earlier.last().map(|word| word.text.as_ref()).unwrap_or_default();
    if WISHES.contains(&last) || earlier.iter().any(|word| IF.contains(&word.text.as_ref())) {
        return None;
    }
    let opens = before.trim_end().ends_with(['(', '[', '–', '—', '-', ':', '→', '>', '|', '=', '*']);
    let is_denied = DENIES.contains(&last);
    let is_first = is_only_names(before);
    let is_said =
        opens && words(behind).len() <= 8 || (is_first || IS.contains(&last) || is_denied) && ends(behind);
    match is_said {
        true if is_denied && said.standing == Standing::Done => Some(Standing::Open),
        true => Some(said.standing),
        false => None,
    }
}

/// Whether a sentence says anywhere that something is done.
pub(super) fn is_done(text: &str) -> bool {
    let is_said = |said: &Said| {
        let earlier = text.get(..said.start).map(words).unwrap_or_default();
        let last = earlier.last().map(|word| word.text.as_ref()).unwrap_or_default();
        let is_if = |word: &Word| IF.contains(&word.text.as_ref());
        !WISHES.contains(&last) && !DENIES.contains(&last) && !earlier.iter().any(is_if)
    };
    let said = states(text);
    text.len() <= LONGEST && said.iter().any(|said| said.standing == Standing::Done && is_said(said))
}

/// Nothing but ids and what joins them: `F-1, F-2 and F-4 to F-7`.
fn is_only_names(text: &str) -> bool {
    let mut ranges: Vec<_> = value::ids(text).into_iter().map(|found| found.range).collect();
    ranges.extend(value::id_ranges(text).into_iter().map(|found| found.range));
    let is_in = |word: &Word| {
        ranges.iter().any(|range| range.start <= word.range.start && word.range.end <= range.end)
    };
    words(text).iter().all(|word| is_in(word) || AND.contains(&word.text.as_ref()))
}

/// A thought ends here, or goes on with when and how.
fn ends(behind: &str) -> bool {
    match behind.trim_start().chars().next() {
        None => true,
        Some(letter) if !letter.is_alphanumeric() => true,
        _ => words(behind).first().is_some_and(|word| THEN.contains(&word.text.as_ref())),
    }
}

/// What headings say of everything under them: `Fixed since v1`, `Accepted risks`. The innermost
/// heading that says anything counts; the title of the document says nothing.
pub(super) fn of_headings(outline: &Outline) -> Vec<Option<Standing>> {
    let mut found: Vec<Option<Standing>> = Vec::with_capacity(outline.sections.len());
    for section in &outline.sections {
        let above = section.parent.and_then(|parent| found.get(parent.0).copied()).flatten();
        let own = if section.level > 1 { of_heading(&section.title.plain) } else { None };
        found.push(own.or(above));
    }
    found
}

fn of_heading(title: &str) -> Option<Standing> {
    const DEMANDS: &[&str] = &[
        "must",
        "should",
        "shall",
        "required",
        "before",
        "criteria",
        "definition",
        "until",
        "muss",
        "müssen",
        "vor",
        "avant",
        "antes",
        "voor",
        "prima",
        "not",
        "plan",
        "when",
        "if",
    ];
    let all = words(title);
    if title.len() > 200 || all.iter().any(|word| DEMANDS.contains(&word.text.as_ref())) {
        return None;
    }
    let said: Vec<Said> = states(title);
    let first = said.first()?;
    let last = all.iter().rfind(|word| word.range.end <= first.start).map(|word| word.text.as_ref());
    if last.is_some_and(|word| WISHES.contains(&word) || DENIES.contains(&word)) {
        return None;
    }
    let closes = value::marks(title).iter().filter_map(|found| found.value.state).all(|state| {
        matches!(state, State::Resolved | State::Done | State::Accepted | State::Open | State::NotApplicable)
    });
    (closes && said.iter().all(|other| other.standing == first.standing)).then_some(first.standing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_stands_as_it_says_of_itself() {
        for text in [
            "✅ TLS on the gateway",
            "TLS on the gateway (fixed in v2)",
            "F-1: resolved",
            "F-1, F-2 and F-4 to F-6 fixed in release 3",
            "TLS on the gateway — closed 2026-02-01",
            "The TLS finding was closed on Monday",
            "DONE: load test",
            "F-3 addressed.",
            "F-3 ist behoben",
        ] {
            assert_eq!(of_text(text), Some(Standing::Done), "{text}");
        }
        for text in
            ["❌ TLS", "TLS is not fixed", "⏳ load test", "F-1: open", "TLS is missing", "F-2 not resolved"]
        {
            assert_eq!(of_text(text), Some(Standing::Open), "{text}");
        }
        for text in [
            "Backups done only weekly",
            "Redis degraded mode has a compilation error",
            "TLS must be fixed",
            "TLS will be fixed in v2",
            "Closed loop control untried",
            "Launch once F-1 is resolved",
            "No TLS",
        ] {
            assert_eq!(of_text(text), None, "{text}");
        }
        assert_eq!(of_text("Typing indicator (accepted)"), Some(Standing::Accepted));
    }

    #[test]
    fn a_cell_that_denies_is_no_fix() {
        assert_eq!(of_cell("Fixed"), Some(Standing::Done));
        assert_eq!(of_cell("not fixed"), Some(Standing::Open));
        assert_eq!(of_cell("Not yet closed"), Some(Standing::Open));
        assert_eq!(of_cell("⚠️ PARTIAL"), Some(Standing::Open));
        assert_eq!(of_cell("N/A"), Some(Standing::Accepted));
        assert_eq!(of_cell("8080"), None);
    }

    #[test]
    fn headings_say_it_of_what_stands_under_them() {
        for (title, standing) in [
            ("Fixed since v1", Some(Standing::Done)),
            ("Resolved findings (5)", Some(Standing::Done)),
            ("Behobene Befunde", Some(Standing::Done)),
            ("Accepted risks", Some(Standing::Accepted)),
            ("Still open", Some(Standing::Open)),
            ("To be fixed", None),
            ("Must be fixed before launch", None),
            ("Definition of done", None),
            ("Open and closed findings", None),
            ("Not accepted", None),
            ("Findings", None),
        ] {
            assert_eq!(of_heading(title), standing, "{title}");
        }
    }
}
