//! Nothing that a judged system says can break a report: not its names, facts or messages.

use gonogo_model::verdict::Verdict;
use gonogo_report::{Format, Style, explain, render};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde_json::Value;

use crate::fixture::{self, PLAIN};
use crate::{github, html, junit, sarif};

pub(crate) const NASTY: [&str; 28] = [
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
    "decision",
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

fn spread(value: &mut Value, key: &str, nasty: &str, place: Where) {
    match value {
        Value::String(text)
            if !TYPED.contains(&key)
                && text.replace(' ', "").parse::<gonogo_model::amount::Effort>().is_err()
                && !(key == "kind" && is_kind_of_task(text)) =>
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

/// Headings, cells of each row, tables, code blocks and items of a Markdown document.
#[derive(Debug, Default, PartialEq, Eq)]
struct Shape {
    headings: usize,
    tables: Vec<Vec<usize>>,
    code_blocks: usize,
    items: usize,
    rules: usize,
    tasks: usize,
    html: usize,
    links: usize,
    images: usize,
}

fn shape(markdown: &str) -> Shape {
    let mut shape = Shape::default();
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS) {
        match event {
            Event::Start(Tag::Heading { .. }) => shape.headings += 1,
            Event::Start(Tag::Table(_)) => shape.tables.push(Vec::new()),
            Event::Start(Tag::TableHead | Tag::TableRow) => shape.tables.last_mut().unwrap().push(0),
            Event::End(TagEnd::TableCell) => *shape.tables.last_mut().unwrap().last_mut().unwrap() += 1,
            Event::Start(Tag::CodeBlock(_)) => shape.code_blocks += 1,
            Event::Start(Tag::Item) => shape.items += 1,
            Event::Start(Tag::Link { .. }) => shape.links += 1,
            Event::Start(Tag::Image { .. }) => shape.images += 1,
            Event::TaskListMarker(_) => shape.tasks += 1,
            Event::Rule => shape.rules += 1,
            Event::Html(_) | Event::InlineHtml(_) => shape.html += 1,
            _ => {}
        }
    }
    shape
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

fn assert_unbroken(name: &str, verdict: &Verdict, nasty: &str) {
    for place in [Where::Before, Where::After, Where::Instead] {
        assert_holds(name, verdict, nasty, place);
    }
}

fn assert_holds(name: &str, verdict: &Verdict, nasty: &str, place: Where) {
    let infected = infect(verdict, nasty, place);
    let markdown = fixture::render(&infected, Format::Markdown);
    let clean = shape(&fixture::render(verdict, Format::Markdown));
    let broken = shape(&markdown);
    assert_eq!(broken, clean, "{name} is broken by {nasty:?} {place:?}:\n{markdown}");
    assert_rows_are_whole(&markdown);
    let style = Style { colour: true, width: 80 };
    for format in Format::ALL {
        assert_no_control(&fixture::render(&infected, format), nasty);
    }
    assert_no_new_tag(verdict, &infected, nasty);
    assert_same_commands(verdict, &infected, nasty);
    sarif::assert_valid(&fixture::render(&infected, Format::Sarif));
    let coloured = render(&infected, Format::Terminal, style).unwrap();
    assert_no_control(&without_our_colours(&coloured), nasty);
    for result in infected.results.iter().chain(&infected.hint_results) {
        assert_no_control(&explain(&infected, &result.check, None, PLAIN).unwrap(), nasty);
    }
    junit::assert_agrees(&infected);
}

/// The page has the tags and attributes it has without hostile text, and leads nowhere else.
fn assert_no_new_tag(clean: &Verdict, infected: &Verdict, nasty: &str) {
    let (clean, infected) = (html::page(clean), html::page(infected));
    html::assert_self_contained(&infected);
    assert_eq!(html::shape(&infected), html::shape(&clean), "{nasty:?}");
}

/// The log has the commands it has without hostile text.
fn assert_same_commands(clean: &Verdict, infected: &Verdict, nasty: &str) {
    let levels =
        |verdict| github::commands(verdict).into_iter().map(|command| command.level).collect::<Vec<_>>();
    assert_eq!(levels(infected), levels(clean), "{nasty:?}");
    let summary = |verdict| shape(&fixture::render(verdict, Format::GithubSummary));
    assert_eq!(summary(infected), summary(clean), "{nasty:?}");
}

pub(crate) fn assert_no_control(text: &str, nasty: &str) {
    let bad = text.chars().find(|c| (c.is_control() && *c != '\n') || ('\u{202a}'..='\u{202e}').contains(c));
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
        for nasty in NASTY {
            assert_unbroken(name, &verdict, nasty);
        }
        assert_unbroken(name, &verdict, &"long ".repeat(200));
        assert_unbroken(name, &verdict, &"x".repeat(2_000));
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
        assert_unbroken(name, verdict, &pieces.concat());
    }
}
