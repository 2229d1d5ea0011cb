//! Hostile documents from the file to what people see: `gonogo audit`, `import` and `diff` over
//! Markdown that wants to be a page, a terminal or a program. What comes out is read by the parsers
//! of browsers and of Markdown, and held against what comes out for harmless words in their place.

use std::collections::BTreeSet;
use std::fs;

use pulldown_cmark::{Event, Options, Parser, Tag};
use scraper::{Html, Node};

use crate::world::{LIMIT, NOW, Said, World};

/// What somebody writes instead of a name.
const NASTY: [&str; 10] = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)><svg onload=alert(1)>",
    "[click](javascript:alert(1)) ![x](javascript:alert(2)) <javascript:alert(3)>",
    "</td></table><iframe srcdoc='<script>alert(1)</script>'></iframe><base href=//evil.example>",
    "</style></title></textarea><style>*{display:none}</style><!--",
    "`</code><script>alert(1)</script>` **bold** ~~gone~~ $$x$$",
    "\u{1b}[2J\u{1b}]0;owned\u{7} \u{9b}31m \u{90}q\u{9c} \u{8}\u{7f}",
    "\u{1b}]8;;http://evil.example\u{1b}\\link\u{1b}]8;;\u{1b}\\",
    "\u{202e}evil\u{202c} \u{2066}abc\u{2069} \u{feff}\u{e0041}",
    "x\r::error file=a::owned &lt;script&gt; &#60;b onclick=x&#62;",
];

/// A report with `name` wherever data can stand, and with contradictions that quote it.
fn document(name: &str) -> String {
    format!(
        "# Go-live readiness of {name}\n\n**Verdict:** GO\n\n**Author:** {name}\n\n## Findings\n\n\
         | ID | Finding | Severity | Status | Owner |\n|---|---|---|---|---|\n\
         | F-1 | {name} is missing | high | open | {name} |\n| F-2 | Mail is lost | low | fixed | Ana |\n\n\
         ### BLOCKER-1: {name}\n\n- Cause: {name}\n- Impact: {name}\n- Fix: `{name}`\n\n## Suites\n\n\
         | Suite | Cases |\n|---|---|\n| {name} | 4 |\n| Mail | 2 |\n| Total {name} | 9 |\n\n## Checklist\n\n\
         - [x] {name} done\n- [ ] Tell {name}\n\n## Decisions\n\n- DEC-1: {name} or not? Owner: {name}\n"
    )
}

/// Documents that are more, deeper or more broken than people write them.
fn shapes() -> Vec<(&'static str, Vec<u8>)> {
    let plain = document("the shop");
    let deep = format!(
        "{plain}\n{}deep\n\n{}deep\n\n{}x",
        "> ".repeat(3_000),
        "- ".repeat(3_000),
        "*".repeat(9_000)
    );
    let row = "| F-9 | <b onclick=x>wide</b> | high | open | \u{1b}[1m |\n";
    let wide = format!("{plain}\n| {} |\n|{}\n", "a | ".repeat(800), "---|".repeat(801));
    let table = plain.replace("| F-2 |", &format!("{}| F-2 |", row.repeat(1_500)));
    let mut broken = plain.clone().into_bytes();
    broken.extend(
        b"\n## Issues\n\n- \xff\xfe \xc3 caf\xe9 \xf0\x9f <script>\xff</script>\n- \x00\x01\x1b[2J is open\n",
    );
    vec![
        ("deep", deep.into_bytes()),
        ("wide", wide.into_bytes()),
        ("table", table.into_bytes()),
        ("broken", broken),
        ("fence", format!("{plain}\n````html\n<script>alert(1)</script>\n").into_bytes()),
    ]
}

fn documents() -> Vec<(String, Vec<u8>)> {
    let named =
        NASTY.iter().enumerate().map(|(at, name)| (format!("name-{at}"), document(name).into_bytes()));
    let shaped = shapes().into_iter().map(|(name, bytes)| (name.to_owned(), bytes));
    named.chain(shaped).collect()
}

/// The names of the elements of a page, and of their attributes.
fn elements(page: &str) -> BTreeSet<String> {
    let page = Html::parse_document(page);
    assert_eq!(page.errors, Vec::<String>::new(), "a browser has to guess");
    let mut seen = BTreeSet::new();
    for node in page.tree.root().descendants() {
        match node.value() {
            Node::Element(element) => {
                for (name, value) in element.attrs() {
                    assert!(!name.starts_with("on"), "{element:?}");
                    assert!(
                        !matches!(name, "href" | "src" | "action") || value.starts_with('#'),
                        "{element:?}"
                    );
                    seen.insert(format!("@{name}"));
                }
                seen.insert(element.name().to_owned());
            }
            Node::Comment(comment) => panic!("a comment: {comment:?}"),
            _ => {}
        }
    }
    seen
}

/// Each kind of block, link and tag of a document.
fn blocks(document: &str) -> BTreeSet<String> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut seen = BTreeSet::new();
    for event in Parser::new_ext(document, options) {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) => {
                assert!(dest_url.starts_with('#'), "a link to {dest_url}")
            }
            Event::Start(Tag::Image { dest_url, .. }) => panic!("a picture of {dest_url}"),
            Event::Start(tag @ (Tag::Strikethrough | Tag::Strong | Tag::Emphasis)) => {
                seen.insert(format!("{tag:?}"));
            }
            Event::Html(tag) | Event::InlineHtml(tag) => {
                let is_place =
                    tag.starts_with("<a id=\"") && tag.matches('"').count() == 2 || &*tag == "</a>";
                let is_fold = ["<details>", "</details>", "<summary>", "</summary>"].contains(&tag.trim());
                assert!(is_place || is_fold, "HTML that is none of ours: {tag}");
            }
            _ => {}
        }
    }
    seen
}

#[test]
fn the_parsers_see_what_must_not_be_there() {
    let head = "<!DOCTYPE html><html><head><title>x</title></head><body>";
    let page = |inside: &str| format!("{head}{inside}</body></html>");
    for bad in ["<p onclick=x>a</p>", "<a href=\"javascript:x\">a</a>", "<img src=x>", "<!-- a -->", "<td>a"]
    {
        assert!(std::panic::catch_unwind(|| elements(&page(bad))).is_err(), "{bad}");
    }
    assert!(elements(&page("<script>a</script>")).contains("script"));
    for bad in [
        "<script>a</script>",
        "a <b onclick=x>",
        "[a](javascript:x)",
        "![a](#b)",
        "<a id=\"x\" onclick=\"y\">",
    ] {
        assert!(std::panic::catch_unwind(|| blocks(bad)).is_err(), "{bad}");
    }
}

/// Nothing drives a terminal, turns text around or hides it.
fn assert_quiet(text: &str, of: &str) {
    let hides = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}');
    let bad = text.chars().find(|c| c.is_control() && *c != '\n' || hides(*c));
    assert_eq!(bad, None, "{of}: {text:?}");
}

/// The report of an audit in the three forms that people look at: terminal, Markdown and HTML.
fn audit(world: &World, name: &str) -> [Said; 3] {
    let (file, out) = (format!("{name}/go.md"), format!("runs/{name}"));
    let terminal = world.gonogo(&["audit", &file, "--quiet", "--now", NOW, "--out", &out]);
    assert!(matches!(terminal.code, Some(0..=2)), "{name}: {}", terminal.all());
    assert!(terminal.stdout.contains("GO"), "{name} says no verdict");
    let report = |format| world.gonogo(&["report", &out, "--format", format]);
    [terminal, report("markdown"), report("html")]
}

/// A world with the harmless document, and a folder for each hostile one.
fn world() -> (World, Vec<String>) {
    let world = World::new();
    world.write("calm/go.md", &document("the shop"));
    let names = documents().into_iter().map(|(name, bytes)| {
        fs::create_dir_all(world.path(&name)).unwrap();
        fs::write(world.path(&format!("{name}/go.md")), bytes).unwrap();
        name
    });
    let names = names.collect();
    (world, names)
}

#[test]
fn audits_of_hostile_documents_show_text_and_nothing_else() {
    let (world, names) = world();
    let [_, report, page] = audit(&world, "calm");
    assert!(report.stdout.contains("the shop") && page.stdout.contains("the shop"), "{}", report.stdout);
    let (report, page) = (blocks(&report.stdout), elements(&page.stdout));
    for name in names {
        let [terminal, markdown, html] = audit(&world, &name);
        assert_quiet(&terminal.all(), &name);
        assert_quiet(&markdown.stdout, &name);
        let (seen, elements) = (blocks(&markdown.stdout), elements(&html.stdout));
        let strange: Vec<&String> = seen.difference(&report).chain(elements.difference(&page)).collect();
        assert!(strange.is_empty(), "{name} makes {strange:?}");
    }
}

#[test]
fn imports_of_hostile_documents_are_specs_of_plain_text() {
    let (world, names) = world();
    for name in names {
        let started = std::time::Instant::now();
        let file = format!("{name}/go.md");
        let said = world.gonogo(&["import", &file, "--now", NOW]);
        assert!(matches!(said.code, Some(0..=2)), "{name}: {}", said.all());
        assert_quiet(&said.all(), &name);
        let spec = String::from_utf8(world.read(&format!("{name}/go.gonogo.yaml"))).unwrap();
        assert_quiet(&spec, &name);
        // Every key of it is known, so no name has become one.
        let plan = world.gonogo(&["plan", "--spec", &format!("{name}/go.gonogo.yaml")]).ended(0);
        assert_quiet(&plan.all(), &name);
        assert!(started.elapsed() < LIMIT, "{name} takes too long");
    }
}

#[test]
fn comparisons_of_hostile_documents_are_plain_text() {
    let (world, names) = world();
    for name in names {
        let (calm, hostile) = ("calm/go.md", format!("{name}/go.md"));
        for [before, after] in [[calm, &hostile], [&hostile, calm]] {
            let terminal = world.gonogo(&["diff", before, after]);
            assert!(matches!(terminal.code, Some(0 | 1)), "{name}: {}", terminal.all());
            assert_quiet(&terminal.all(), &name);
            let markdown = world.gonogo(&["diff", before, after, "--format", "markdown"]).stdout;
            assert!(markdown.contains("Lineage of"), "{name}: {markdown}");
            assert_quiet(&markdown, &name);
            blocks(&markdown);
        }
    }
}
