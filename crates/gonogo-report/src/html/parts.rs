//! The small parts that every section uses: pills, tables, named values. A colour never stands
//! without its word.

use gonogo_model::status::{Severity, Status};
use gonogo_model::verdict::{Call, StageState};

use super::markup::{Element, element};
use crate::words;

/// What a colour means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Good,
    Warn,
    Bad,
    Calm,
}

impl Tone {
    pub(crate) fn class(self) -> &'static str {
        match self {
            Tone::Good => "good",
            Tone::Warn => "warn",
            Tone::Bad => "bad",
            Tone::Calm => "calm",
        }
    }
}

pub(crate) fn of_call(call: Call) -> Tone {
    match call {
        Call::Go => Tone::Good,
        Call::ConditionalGo => Tone::Warn,
        Call::NoGo => Tone::Bad,
    }
}

pub(crate) fn of_stage(state: StageState) -> Tone {
    match state {
        StageState::Passed => Tone::Good,
        StageState::NotPassed => Tone::Bad,
        StageState::Blocked => Tone::Warn,
    }
}

fn of_status(status: Status) -> Tone {
    match status {
        Status::Pass => Tone::Good,
        Status::Fail | Status::Error => Tone::Bad,
        Status::NotApplicable => Tone::Calm,
        Status::Partial | Status::Blocked | Status::NotRun | Status::Stale | Status::Attested => Tone::Warn,
    }
}

pub(crate) fn of_severity(severity: Severity) -> Tone {
    match severity {
        Severity::Blocker | Severity::High => Tone::Bad,
        Severity::Medium => Tone::Warn,
        Severity::Low => Tone::Calm,
    }
}

pub(crate) fn call_mark(call: Call) -> &'static str {
    match call {
        Call::Go => "✓",
        Call::ConditionalGo => "◐",
        Call::NoGo => "✗",
    }
}

pub(crate) fn stage_mark(state: StageState) -> &'static str {
    match state {
        StageState::Passed => "✓",
        StageState::NotPassed => "✗",
        StageState::Blocked => "■",
    }
}

/// A word on a coloured ground.
pub(crate) fn pill(tone: Tone, word: &str) -> Element {
    element("span").class(&format!("pill {}", tone.class())).text(word)
}

pub(crate) fn status(status: Status) -> Element {
    pill(of_status(status), &format!("{} {status}", words::mark(status)))
}

pub(crate) fn severity(severity: Severity) -> Element {
    pill(of_severity(severity), severity.word())
}

pub(crate) fn stage(state: StageState) -> Element {
    pill(of_stage(state), &format!("{} {}", stage_mark(state), state.word()))
}

/// A part of the page with a heading to lead to.
pub(crate) fn section(id: &'static str, title: &str) -> Element {
    let label = format!("{id}-title");
    let heading = element("h2").attr("id", &label).text(title);
    element("section").attr("id", id).attr("aria-labelledby", &label).child(heading)
}

/// A table with a caption. On a narrow screen each row becomes a card in which every cell has its
/// heading beside it; a table of numbers stays what it is, in a frame that scrolls.
#[derive(Debug)]
pub(crate) struct Table {
    caption: &'static str,
    heading: Vec<String>,
    body: Element,
    class: &'static str,
}

impl Table {
    pub(crate) fn new<'a>(caption: &'static str, heading: impl IntoIterator<Item = &'a str>) -> Table {
        let heading = heading.into_iter().map(str::to_owned).collect();
        Table { caption, heading, body: element("tbody").attr("role", "rowgroup"), class: "rows" }
    }

    /// The same for numbers, which are read down and across.
    pub(crate) fn numbers<'a>(caption: &'static str, heading: impl IntoIterator<Item = &'a str>) -> Table {
        Table { class: "numbers", ..Table::new(caption, heading) }
    }

    /// One more row: the first cell names it.
    pub(crate) fn row(&mut self, row: Element, cells: impl IntoIterator<Item = Element>) {
        let cells = cells.into_iter().enumerate().map(|(at, cell)| {
            let name = self.heading.get(at).map_or("", String::as_str);
            match at {
                0 => element("th").attr("scope", "row").attr("role", "rowheader").child(cell),
                _ => element("td").attr("role", "cell").attr("data-name", name).child(cell),
            }
        });
        let row = row.attr("role", "row").children(cells);
        self.body = std::mem::replace(&mut self.body, element("tbody")).child(row);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.body.is_empty()
    }

    pub(crate) fn finish(self) -> Element {
        let cells = self
            .heading
            .iter()
            .map(|name| element("th").attr("scope", "col").attr("role", "columnheader").text(name));
        let head = element("tr").attr("role", "row").children(cells);
        let head = element("thead").attr("role", "rowgroup").child(head);
        let caption = element("caption").text(self.caption);
        let table = element("table").class(self.class).attr("role", "table");
        scroll(self.caption, table.child(caption).child(head).child(self.body))
    }
}

/// A frame that scrolls sideways, also with the keyboard.
pub(crate) fn scroll(label: &str, inside: Element) -> Element {
    let frame = element("div").class("scroll").attr("role", "region").attr("tabindex", "0");
    frame.attr("aria-label", label).child(inside)
}

/// Names with their values; those without a value are left out.
pub(crate) fn values(named: impl IntoIterator<Item = (&'static str, Option<Element>)>) -> Element {
    let filled = named.into_iter().filter_map(|(name, value)| Some((name, value?)));
    filled.fold(element("dl"), |list, (name, value)| {
        list.child(element("dt").text(name)).child(element("dd").child(value))
    })
}

/// Data as a part of a line.
pub(crate) fn span(data: impl AsRef<str>) -> Element {
    element("span").text(data)
}
