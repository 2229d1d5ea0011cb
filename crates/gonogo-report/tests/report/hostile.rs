//! Nothing that a judged system says can break a report: not its names, facts or messages.

use gonogo_model::verdict::Verdict;
use gonogo_report::{Format, Style, explain, render};
use proptest::prelude::*;
use serde_json::Value;

use crate::fixture::{self, PLAIN};
use crate::{github, html, junit, parsed, sarif};

pub(crate) const NASTY: [&str; 36] = [
    "",
    " ",
    "a | b || c |",
    "|---|",
    r"back\slash\| \\| \",
    "`tick` ``two`` ```three",
    "`name` and `open",
    "```\n# heading\n```",
    "line\nbreak\r\nagain\n\n- [ ] **task**",
    "# heading #",
    "<script>alert(1)</script>",
    "<!-- hidden -->",
    "</table></td><a id=\"x\">",
    "\"><img src=x onerror=alert(1)><svg onload=\"",
    "' autofocus onfocus='x",
    "javascript:alert(1)",
    "--><style>*{display:none}</style></title></textarea><!--",
    "%0A::error file=x::owned%25 ::set-output name=a::b",
    "x\n::error title=owned,file=a::b\r\n::stop-commands::t",
    "[link](http://127.0.0.1/) ![image](x) [ref]: y",
    "*a* **b** _c_ __d__ ~~e~~ $f$ &amp; &#124;",
    "\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m",
    "\u{0}\u{8}\u{7f}\u{fffe}\u{ffff}\u{feff}",
    "שלום \u{202e}evil\u{202c} مرحبا",
    "日本語の長いテキスト 🙂🙂",
    "]]> <![CDATA[ & \" ' >",
    "\t\u{2028}\u{2029}\u{85}",
    "- x\n+ y\n1. z\n> q\n===\n---",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe><base href=//evil.example>",
    "</style><script>alert(1)</script><style>",
    "</svg><math><mtext></p><style><img src=x onerror=alert(1)>",
    "[x](javascript:alert(1)) <javascript:alert(1)> <https://evil.example> [^1] [x]: javascript:1",
    "%%{init: {'securityLevel': 'loose'}}%%\nclick t0 href \"javascript:alert(1)\"",
    "$$\\href{javascript:alert(1)}{x}$$ $`x`$ > [!WARNING]",
    "?><!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>&e; &#60;script&#62;",
    "\u{1b}]8;;http://evil.example\u{1b}\\link\u{1b}]8;;\u{1b}\\ \u{90}q \u{9d}0;x\u{9c} \u{2066}abc\u{2069} \u{e0041}",
];

/// Where the hostile text goes.
#[derive(Debug, Clone, Copy)]
enum Where {
    Before,
    After,
    /// Instead of all prose; names keep what makes them different.
    Instead,
}

/// The verdict with `nasty` in every text that data may fill; names stay different.
fn infect(verdict: &Verdict, nasty: &str, place: Where) -> Verdict {
    let mut value = serde_json::to_value(verdict).unwrap();
    spread(&mut value, "", nasty, place);
    serde_json::from_value(value).unwrap()
}

/// Text of these fields has a form that the model or the judge makes, so no data can stand there.
const TYPED: [&str; 30] = [
    "spec",
    "judged_at",
    "call",
    "rule",
    "severity",
    "status",
    "state",
    "fingerprint",
    "expires",
    "due",
    "effort",
    "p50",
    "p90",
    "go_at",
    "conditional_at",
    "floor",
    "percent",
    "exact",
    "priority",
    "disposition",
    "standing",
    "at",
    "on",
    "date",
    "share",
    "lasts",
    "within",
    "lead",
    "blocks",
    "seed",
];
const PROSE: [&str; 13] = [
    "title", "why", "cause", "impact", "text", "do", "run", "owner", "reason", "question", "expect",
    "source", "system",
];

fn is_kind_of_task(text: &str) -> bool {
    serde_json::from_value::<gonogo_model::verdict::TaskKind>(text.into()).is_ok()
}

fn is_call(text: &str) -> bool {
    serde_json::from_value::<gonogo_model::verdict::Call>(text.into()).is_ok()
}

fn spread(value: &mut Value, key: &str, nasty: &str, place: Where) {
    match value {
        Value::String(text)
            if !(TYPED.contains(&key)
                || text.replace(' ', "").parse::<gonogo_model::amount::Effort>().is_ok()
                || key == "kind" && is_kind_of_task(text)
                || key == "decision" && is_call(text)) =>
        {
            *text = match place {
                Where::Before => format!("{nasty}{text}"),
                Where::Instead if PROSE.contains(&key) => nasty.to_owned(),
                Where::After | Where::Instead => format!("{text}{nasty}"),
            };
        }
        Value::Array(list) => list.iter_mut().for_each(|value| spread(value, key, nasty, place)),
        Value::Object(map) => {
            map.iter_mut().for_each(|(key, value)| spread(value, key, nasty, place));
            if key == "facts" {
                let named = std::mem::take(map).into_iter();
                map.extend(named.map(|(name, value)| (name + nasty, value)));
                map.insert("said".to_owned(), nasty.into());
            }
        }
        _ => {}
    }
}

/// The parser pads short rows and cuts long ones, so cells are counted in the text as well.
pub(crate) fn assert_rows_are_whole(markdown: &str) {
    let mut columns = None;
    let mut fence: Option<String> = None;
    for line in markdown.lines() {
        let ticks: String = line.trim_start().chars().take_while(|c| *c == '`').collect();
        match &fence {
            Some(open) if line.trim() == open => fence = None,
            None if ticks.len() >= 3 => fence = Some(ticks),
            _ => {}
        }
        if fence.is_some() || !line.starts_with('|') {
            columns = None;
            continue;
        }
        let bare = line.replace(r"\\", "").replace(r"\|", "");
        let cells = bare.matches('|').count();
        assert_eq!(cells, *columns.get_or_insert(cells), "a row has another number of cells: {line}");
    }
}

fn assert_unbroken(clean: &Clean<'_>, nasty: &str) {
    for place in [Where::Before, Where::After, Where::Instead] {
        assert_holds(clean, nasty, place);
    }
}

fn assert_holds(clean: &Clean<'_>, nasty: &str, place: Where) {
    let infected = infect(clean.verdict, nasty, place);
    assert_read_alike(clean, &infected, nasty, place);
    let style = Style { colour: true, width: 80 };
    for format in Format::ALL {
        assert_no_control(&fixture::render(&infected, format), nasty);
    }
    let coloured = render(&infected, Format::Terminal, style).unwrap();
    assert_no_control(&without_our_colours(&coloured), nasty);
    for result in infected.results.iter().chain(&infected.hint_results) {
        assert_no_control(&explain(&infected, &result.check, None, PLAIN).unwrap(), nasty);
    }
    junit::assert_agrees(&infected);
}

type Read = fn(&str) -> Vec<String>;

/// How the forms that others show are read.
const READ: [(Format, Read); 5] = [
    (Format::Html, parsed::html),
    (Format::Markdown, parsed::markdown),
    (Format::Markdown, parsed::mermaid),
    (Format::GithubSummary, parsed::markdown),
    (Format::Junit, parsed::xml),
];

/// The place of the charts in that list; a verdict with nothing to do has none.
const CHARTS: usize = 2;

/// A verdict with what parsers see in its reports, and the levels of its commands.
struct Clean<'a> {
    name: &'a str,
    verdict: &'a Verdict,
    seen: Vec<Vec<String>>,
    levels: Vec<String>,
}

impl<'a> Clean<'a> {
    fn of(name: &'a str, verdict: &'a Verdict) -> Clean<'a> {
        let seen: Vec<Vec<String>> =
            READ.iter().map(|(format, read)| read(&fixture::render(verdict, *format))).collect();
        let is_drawn = fixture::render(verdict, Format::Markdown).contains("```mermaid");
        for (at, seen) in seen.iter().enumerate() {
            assert!(
                !seen.is_empty() || at == CHARTS && !is_drawn,
                "{} of {name} has nothing in it",
                READ[at].0
            );
        }
        Clean { name, verdict, seen, levels: levels(verdict) }
    }
}

fn levels(verdict: &Verdict) -> Vec<String> {
    github::commands(verdict).into_iter().map(|command| command.level).collect()
}

/// Parsers see nothing in the report that they do not see in it without hostile text.
fn assert_read_alike(clean: &Clean<'_>, infected: &Verdict, nasty: &str, place: Where) {
    for ((format, read), expected) in READ.into_iter().zip(&clean.seen) {
        let infected = fixture::render(infected, format);
        let seen = read(&infected);
        let differs = expected.iter().zip(&seen).find(|(expected, seen)| expected != seen);
        assert!(
            differs.is_none() && expected.len() == seen.len(),
            "{format} of {} is broken by {nasty:?} {place:?}: {differs:?}\n{infected}",
            clean.name
        );
    }
    let sarif = fixture::render(infected, Format::Sarif);
    parsed::assert_only_files(&serde_json::from_str(&sarif).unwrap());
    sarif::assert_valid(&sarif);
    assert_rows_are_whole(&fixture::render(infected, Format::Markdown));
    html::assert_self_contained(&html::page(infected));
    assert_eq!(levels(infected), clean.levels, "the log has other commands by {nasty:?}");
}

pub(crate) fn assert_no_control(text: &str, nasty: &str) {
    let turns_or_hides = |c: char| {
        matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
            | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
    };
    let bad = text.chars().find(|c| (c.is_control() && *c != '\n') || turns_or_hides(*c));
    assert_eq!(bad, None, "{nasty:?} came through");
}

/// Takes out `ESC [ digits and ; m`, the only escapes we write.
fn without_our_colours(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        plain.push_str(rest.strip_prefix('m').unwrap_or("\u{1b}"));
    }
    plain
}

#[test]
fn nasty_texts_in_every_field() {
    for (name, verdict) in fixture::all() {
        let clean = Clean::of(name, &verdict);
        for nasty in NASTY {
            assert_unbroken(&clean, nasty);
        }
        assert_unbroken(&clean, &"long ".repeat(200));
        assert_unbroken(&clean, &"x".repeat(2_000));
    }
}

#[test]
fn json_keeps_what_it_escapes() {
    for nasty in NASTY {
        let infected = infect(&crate::no_go::verdict(), nasty, Where::After);
        let json = fixture::render(&infected, Format::Json);
        assert_eq!(serde_json::from_str::<Verdict>(&json).unwrap(), infected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn random_texts_in_every_field(
        pieces in proptest::collection::vec(prop_oneof![proptest::sample::select(NASTY.to_vec()).prop_map(str::to_owned), any::<String>()], 1..4),
        which in 0..5_usize,
    ) {
        let (name, verdict) = &fixture::all()[which];
        assert_unbroken(&Clean::of(name, verdict), &pieces.concat());
    }
}
