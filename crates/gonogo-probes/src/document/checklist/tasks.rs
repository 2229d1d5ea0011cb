//! The tasks of a Markdown text, with their headings and the times that those name. It reads text
//! and knows no file.

use gonogo_model::offset::Offset;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// A task.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Task {
    pub(super) text: String,
    pub(super) ticked: bool,
    pub(super) section: String,
    pub(super) at: Option<Offset>,
    /// From 1.
    pub(super) line: usize,
}

/// A list item that has not ended.
#[derive(Default)]
struct Open {
    ticked: Option<bool>,
    text: String,
    start: usize,
    /// Its first paragraph is over: what follows explains the task, and does not name it.
    named: bool,
}

/// A heading that what follows is under.
struct Above {
    level: HeadingLevel,
    text: String,
    at: Option<Offset>,
}

/// The tasks in the order of the text.
pub(super) fn read(text: &str) -> Vec<Task> {
    let options = Options::ENABLE_TASKLISTS
        | Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut reader = Reader::default();
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        reader.take(event, range.start);
    }
    let starts: Vec<usize> =
        std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    reader.tasks.sort_by_key(|task| task.line);
    for task in &mut reader.tasks {
        task.line = starts.partition_point(|start| *start <= task.line);
    }
    reader.tasks
}

#[derive(Default)]
struct Reader {
    above: Vec<Above>,
    heading: Option<(HeadingLevel, String)>,
    open: Vec<Open>,
    /// `line` is a byte until all tasks are known.
    tasks: Vec<Task>,
}

impl Reader {
    fn take(&mut self, event: Event<'_>, start: usize) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => self.heading = Some((level, String::new())),
            Event::End(TagEnd::Heading(_)) => self.end_heading(),
            Event::Start(Tag::Item) => self.open.push(Open { start, ..Open::default() }),
            Event::End(TagEnd::Item) => self.end_item(),
            Event::TaskListMarker(ticked) => {
                self.open.last_mut().into_iter().for_each(|open| open.ticked = Some(ticked));
            }
            Event::Start(Tag::List(_)) | Event::End(TagEnd::Paragraph) => {
                self.open.last_mut().into_iter().for_each(|open| open.named = true);
            }
            Event::Text(text) | Event::Code(text) => self.say(&text),
            Event::SoftBreak | Event::HardBreak => self.say(" "),
            _ => {}
        }
    }

    fn say(&mut self, text: &str) {
        if let Some((_, heading)) = &mut self.heading {
            heading.push_str(text);
        } else if let Some(open) = self.open.last_mut().filter(|open| !open.named) {
            open.text.push_str(text);
        }
    }

    fn end_heading(&mut self) {
        let Some((level, text)) = self.heading.take() else { return };
        self.above.retain(|above| above.level < level);
        let text = text.trim().to_owned();
        self.above.push(Above { level, at: time_in(&text), text });
    }

    fn end_item(&mut self) {
        let Some(Open { ticked: Some(ticked), text, start, .. }) = self.open.pop() else { return };
        self.tasks.push(Task {
            text: text.split_whitespace().collect::<Vec<_>>().join(" "),
            ticked,
            section: self.above.last().map(|above| above.text.clone()).unwrap_or_default(),
            at: self.above.iter().rev().find_map(|above| above.at),
            line: start,
        });
    }
}

/// The first time around the launch in a heading: `Pre-cutover (T-7 days)`, `T − 24 h`, `T+0`.
fn time_in(heading: &str) -> Option<Offset> {
    let mut before = ' ';
    for (at, c) in heading.char_indices() {
        let offset = heading.get(at + 1..).filter(|_| c == 'T' && !before.is_alphanumeric()).and_then(time);
        if offset.is_some() {
            return offset;
        }
        before = c;
    }
    None
}

/// `-7 days` and the like, behind the T.
fn time(rest: &str) -> Option<Offset> {
    let rest = rest.trim_start();
    let sign = rest.chars().next()?;
    let minus = matches!(sign, '-' | '−' | '–' | '‑');
    if !minus && sign != '+' {
        return None;
    }
    let rest = rest.get(sign.len_utf8()..)?.trim_start();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = rest.split_at_checked(digits)?;
    let unit: String = rest.trim_start().chars().take_while(|c| c.is_alphabetic()).collect();
    let unit = match unit.to_lowercase().as_str() {
        "m" | "min" | "mins" | "minute" | "minutes" => "m",
        "h" | "hr" | "hrs" | "hour" | "hours" => "h",
        "d" | "day" | "days" => "d",
        "w" | "week" | "weeks" => "w",
        _ if number == "0" => return Some(Offset::LAUNCH),
        _ => return None,
    };
    format!("T{}{number}{unit}", if minus { '-' } else { '+' }).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_found_in_headings() {
        for (heading, found) in [
            ("Pre-Cutover (T-7 days)", Some("T-7d")),
            ("T − 24 hours: last look", Some("T-24h")),
            ("Cutover (T-0)", Some("T-0")),
            ("After (T+1 hour)", Some("T+1h")),
            ("T+30min", Some("T+30m")),
            ("ROUTE-7 days", None),
            ("T-shirts", None),
            ("T-7", None),
            ("The end T", None),
            ("T-99999999999999999999d", None),
        ] {
            assert_eq!(time_in(heading).map(|at| at.to_string()).as_deref(), found, "{heading}");
        }
    }

    #[test]
    fn tasks_keep_their_headings_lines_and_names() {
        let text = "# Go live\n\n## Before (T-7 days)\n\n### Names\n\n- [x] Move `api`\n  and *admin*\n\n  Ask Ana.\n  - [ ] Lower the TTL\n- no task\n\n## During (T-0)\n\n1. [ ] Switch\n";
        let tasks = read(text);
        let told: Vec<(&str, bool, &str, Option<String>, usize)> = tasks
            .iter()
            .map(|t| (t.text.as_str(), t.ticked, t.section.as_str(), t.at.map(|at| at.to_string()), t.line))
            .collect();
        assert_eq!(
            told,
            [
                ("Move api and admin", true, "Names", Some("T-7d".into()), 7),
                ("Lower the TTL", false, "Names", Some("T-7d".into()), 11),
                ("Switch", false, "During (T-0)", Some("T-0".into()), 16),
            ]
        );
    }

    #[test]
    fn any_text_can_be_read() {
        for text in
            ["", "- [ ]", "- [x] ", "# T-", "- [ ] a\n\n# T−é", "> - [ ] quoted", "- [ ] | a |\n  |---|"]
        {
            read(text);
        }
        let deep: String = (0..300).map(|at| format!("{}- [ ] x\n", "  ".repeat(at))).collect();
        read(&deep);
    }
}
