//! A report as others read it: HTML by the parser that browsers have, Markdown by that of the
//! documentation, XML and JSON by theirs. What is left when the words are taken out is compared
//! with the same report without hostile words. It knows no verdict.

use std::collections::BTreeMap;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use quick_xml::events::Event as Xml;
use scraper::{Html, Node};
use serde_json::Value;

/// Attributes in which data stands: places in the page, and the heading that a cell is under.
const DATA: [&str; 3] = ["id", "href", "data-name"];

/// Every element of a page with what it is in and its attributes, in order.
///
/// A name in backticks is code, so data may make that element, with nothing but words in it.
pub(crate) fn html(page: &str) -> Vec<String> {
    let page = Html::parse_document(page);
    assert_eq!(page.errors, Vec::<String>::new(), "a browser has to guess");
    let mut elements = Vec::new();
    for node in page.tree.root().descendants() {
        let inside: Vec<&str> =
            node.ancestors().filter_map(|up| Some(up.value().as_element()?.name())).collect();
        match node.value() {
            Node::Element(element) if element.name() == "code" => {
                let mut attributes = element.attrs();
                assert!(attributes.all(|attribute| attribute == ("class", "fact")), "{element:?}");
                assert!(node.children().all(|child| child.value().is_text()), "{element:?}");
            }
            Node::Element(element) => {
                let attributes: BTreeMap<&str, &str> = element.attrs().map(harmless).collect();
                let (space, name) = (&*element.name.ns, element.name());
                elements.push(format!("{inside:?} {space} {name} {attributes:?}"));
            }
            Node::Text(text) if inside.contains(&"style") => elements.push(text.to_string()),
            Node::Text(_) | Node::Document | Node::Doctype(_) => {}
            other => panic!("{other:?} in the page"),
        }
    }
    elements
}

/// The attribute, without the data in it. A link leads to a place in the page.
fn harmless<'a>((name, value): (&'a str, &'a str)) -> (&'a str, &'a str) {
    assert!(name != "href" || value.starts_with('#'), "{value} leads out of the page");
    (name, if DATA.contains(&name) { "" } else { value })
}

/// Every block, link, picture and tag of a document, in order, without its words.
pub(crate) fn markdown(document: &str) -> Vec<String> {
    let mut seen = Vec::new();
    let mut code = false;
    for event in Parser::new_ext(document, as_github_reads()) {
        match event {
            Event::Start(Tag::Link { dest_url, title, .. }) => {
                assert!(dest_url.starts_with('#') && title.is_empty(), "a link leads to {dest_url}");
                seen.push("link".to_owned());
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                code = true;
                seen.push(format!("code in {language}"));
            }
            Event::Start(tag) => seen.push(format!("{tag:?}")),
            Event::End(end) => {
                code &= end != TagEnd::CodeBlock;
                seen.push(format!("end of {end:?}"));
            }
            Event::Html(tag) | Event::InlineHtml(tag) => seen.push(anchor(&tag).to_owned()),
            Event::Code(_) | Event::Text(_) => {}
            Event::SoftBreak if code => {}
            other => seen.push(format!("{other:?}")),
        }
    }
    seen
}

fn as_github_reads() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM
        | Options::ENABLE_MATH
}

const FOLDS: [&str; 4] = ["<details>", "</details>", "<summary>", "</summary>"];

/// A place to link to and a list that is folded away are the only HTML that a document of ours has.
fn anchor(tag: &str) -> &'static str {
    let place = tag.strip_prefix("<a id=\"").and_then(|rest| rest.strip_suffix("\">"));
    let is_slug = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    match place {
        None if FOLDS.contains(&tag) => "a fold",
        Some(place) if place.chars().all(is_slug) => "a place",
        _ => {
            assert_eq!(tag, "</a>", "HTML that is none of ours");
            "the end of a place"
        }
    }
}

/// The lines of the charts of a document: what each draws, without its name.
pub(crate) fn mermaid(document: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut drawn = false;
    for event in Parser::new_ext(document, as_github_reads()) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => drawn = &*language == "mermaid",
            Event::End(TagEnd::CodeBlock) => drawn = false,
            Event::Text(text) if drawn => lines.extend(text.lines().map(draws)),
            _ => {}
        }
    }
    lines
}

fn draws(line: &str) -> String {
    let Some((name, what)) = line.rsplit_once(" :") else { return line.to_owned() };
    let is_word = |c: char| c.is_alphanumeric() || " .,_/-+=()…".contains(c);
    assert!(name.chars().all(is_word), "{name:?} means something to Mermaid");
    let kind = name.trim_start().split(' ').next().unwrap_or_default();
    format!("{kind}: {what}")
}

/// Every element of an XML document with the names of its attributes, in order.
pub(crate) fn xml(document: &str) -> Vec<String> {
    let mut reader = quick_xml::Reader::from_str(document);
    let mut seen = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Xml::Start(tag) | Xml::Empty(tag) => {
                let attributes = tag.attributes().map(Result::unwrap);
                let names: Vec<String> =
                    attributes.map(|at| String::from_utf8_lossy(at.key.as_ref()).into_owned()).collect();
                seen.push(format!("{} {names:?}", String::from_utf8_lossy(tag.name().as_ref())));
            }
            Xml::End(tag) => seen.push(format!("end of {}", String::from_utf8_lossy(tag.name().as_ref()))),
            Xml::Text(_) | Xml::GeneralRef(_) | Xml::Decl(_) => {}
            Xml::Eof => return seen,
            other => panic!("{other:?} in the XML"),
        }
    }
}

/// No address of a code scanning log has a scheme that runs or loads anything.
pub(crate) fn assert_only_files(sarif: &Value) {
    match sarif {
        Value::Array(list) => list.iter().for_each(assert_only_files),
        Value::Object(map) => {
            let uri = map.get("uri").and_then(Value::as_str);
            let (scheme, _) = uri.and_then(|uri| uri.split_once(':')).unwrap_or(("file", ""));
            assert_eq!(scheme, "file", "{uri:?}");
            map.values().for_each(assert_only_files);
        }
        _ => {}
    }
}
