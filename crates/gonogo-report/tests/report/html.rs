//! One page that loads nothing, runs nothing and can be read by anybody.

use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::verdict::{Finding, Verdict};
use gonogo_report::Format;

use crate::fixture;

/// The page as tags and texts, by the rules of HTML for the few constructs we write.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// Every opening tag with its attributes, in order.
    pub(crate) tags: Vec<(String, BTreeMap<String, String>)>,
    /// Every text outside of tags and of the style sheet, decoded.
    pub(crate) text: String,
}

pub(crate) fn page(verdict: &Verdict) -> Page {
    read(&fixture::render(verdict, Format::Html))
}

fn read(html: &str) -> Page {
    let mut page = Page::default();
    let mut open: Vec<String> = Vec::new();
    let mut rest = html.strip_prefix("<!doctype html>").unwrap();
    while let Some((text, after)) = rest.split_once('<') {
        if open.last().map(String::as_str) != Some("style") {
            page.text.push_str(&decoded(text));
            page.text.push(' ');
        }
        rest = tag(after, &mut page, &mut open);
    }
    assert!(open.is_empty(), "not closed: {open:?}");
    page
}

/// Reads one tag after its `<`; what follows it.
fn tag<'a>(after: &'a str, page: &mut Page, open: &mut Vec<String>) -> &'a str {
    if let Some(closing) = after.strip_prefix('/') {
        let (name, rest) = closing.split_once('>').unwrap();
        assert_eq!(open.pop().as_deref(), Some(name), "closed in the wrong order");
        return rest;
    }
    let end = after.find([' ', '>']).unwrap();
    let (name, mut rest) = after.split_at(end);
    assert!(!name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric()), "no tag of ours: {name:?}");
    let mut attributes = BTreeMap::new();
    while let Some(attribute) = rest.strip_prefix(' ') {
        let (key, after) = attribute.split_once("=\"").unwrap();
        assert!(key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'), "no attribute of ours: {key:?}");
        let (value, after) = after.split_once('"').unwrap();
        assert!(attributes.insert(key.to_owned(), decoded(value)).is_none(), "{key} twice in {name}");
        rest = after;
    }
    page.tags.push((name.to_owned(), attributes));
    if name != "meta" {
        open.push(name.to_owned());
    }
    rest.strip_prefix('>').unwrap()
}

fn decoded(text: &str) -> String {
    assert!(!text.contains('>'), "{text:?} has a raw `>`");
    for entity in text.split('&').skip(1) {
        let known = ["amp;", "lt;", "gt;", "quot;", "#39;"];
        assert!(known.iter().any(|known| entity.starts_with(known)), "a raw `&` in {text:?}");
    }
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    text.replace("&#39;", "'").replace("&amp;", "&")
}

/// Nothing leads out of the page, and nothing runs.
pub(crate) fn assert_self_contained(page: &Page) {
    const TAGS: &str = "a article b body caption circle code dd details div dl dt footer g h1 h2 h3 head header html li line \
                        main meta nav ol p path pre rect section small span strong style summary svg table tbody td text th \
                        thead title tr ul";
    let known: BTreeSet<&str> = TAGS.split_whitespace().collect();
    for (name, attributes) in &page.tags {
        assert!(known.contains(name.as_str()), "a tag we never write: {name}");
        for (key, value) in attributes {
            assert!(
                !key.starts_with("on") && !["src", "style", "action", "xmlns"].contains(&key.as_str()),
                "{key}"
            );
            if key == "href" {
                assert!(value.starts_with('#'), "{value} leads out");
            }
        }
    }
}

#[test]
fn the_page_is_self_contained_and_says_so_to_the_browser() {
    for (_, verdict) in fixture::all() {
        let html = fixture::render(&verdict, Format::Html);
        assert_self_contained(&read(&html));
        for outside in ["http://", "https://", "@import", "url(", "<script", "javascript:"] {
            assert!(!html.contains(outside), "{outside}");
        }
        assert!(html.contains("content=\"default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;"));
    }
}

#[test]
fn every_link_leads_somewhere_and_no_place_is_there_twice() {
    for (name, verdict) in fixture::all() {
        let page = page(&verdict);
        let values = |key: &str| {
            page.tags.iter().filter_map(|(_, attributes)| attributes.get(key)).collect::<Vec<_>>()
        };
        let places: BTreeSet<&String> = values("id").into_iter().collect();
        assert_eq!(places.len(), values("id").len(), "{name}");
        for link in values("href") {
            assert!(places.contains(&link[1..].to_owned()), "{link} leads nowhere in {name}");
        }
        for label in values("aria-labelledby") {
            assert!(places.contains(label), "{label}");
        }
    }
}

#[test]
fn the_answer_is_in_words_and_every_part_has_a_name() {
    for (_, verdict) in fixture::all() {
        let page = page(&verdict);
        // Code in a sentence is a tag of its own, so spaces and backticks do not count.
        let bare = |text: &str| text.replace([' ', '`'], "");
        let (said, page_text) = (bare(&page.text), &page.text);
        assert!(page_text.trim_start().starts_with(&format!("{}: {}", verdict.call, verdict.system)));
        for result in verdict.results.iter().chain(&verdict.hint_results) {
            assert!(
                said.contains(&bare(result.status.word())) && said.contains(&bare(&result.why)),
                "{}",
                result.check
            );
        }
        // The cause of a rule with many places is told in two parts: once, and at each place.
        let is_told = |finding: &Finding| {
            said.contains(&bare(&finding.cause))
                || said.contains(&bare(&format!(
                    "{}, fingerprint {}",
                    finding.id,
                    finding.fingerprint.short()
                ))) && finding.cause.rsplit(' ').next().is_some_and(|last| said.contains(&bare(last)))
        };
        for finding in verdict.findings.iter().chain(&verdict.hints) {
            assert!(said.contains(&bare(&finding.title)) && is_told(finding));
        }
        let of = |tag: &str| page.tags.iter().filter(|(name, _)| name == tag).count();
        assert_eq!(of("table"), of("caption"));
        assert_eq!((of("h1"), of("main"), of("script")), (1, 1, 0));
        for (_, attributes) in page.tags.iter().filter(|(name, _)| name == "svg") {
            let hidden = attributes.get("aria-hidden").is_some() || !attributes.contains_key("class");
            assert!(hidden || attributes.contains_key("aria-label"), "{attributes:?}");
        }
    }
}

/// A bar is as long as the verdict says, and a figure that is none draws nothing.
#[test]
fn charts_are_drawn_from_the_fields_of_the_verdict() {
    let mut verdict = crate::no_go::verdict();
    verdict.score.percent = "12.34%".into();
    verdict.categories[0].score.percent = "56.7%".into();
    let html = fixture::render(&verdict, Format::Html);
    assert!(html.contains("stroke-dasharray=\"12.34 200\"") && html.contains("width=\"56.7%\""));
    verdict.score.percent = "1\"2%".into();
    verdict.categories[0].score.percent = "calc(1px)%".into();
    let html = fixture::render(&verdict, Format::Html);
    assert!(!html.contains("class=\"arc bad\"") && !html.contains("width=\"calc"));
}

#[test]
fn a_circle_of_stages_or_a_crowd_of_them_is_no_trouble() {
    let mut verdict = crate::no_go::verdict();
    verdict.stages[0].needs = vec!["parity".into(), "pre-gate".into(), "nobody".into()];
    assert!(fixture::render(&verdict, Format::Html).contains("class=\"flow\""));
    let extra = verdict.stages[0].clone();
    verdict.stages.extend(
        (0..60).map(|at| gonogo_model::verdict::StageResult { id: format!("s{at}"), ..extra.clone() }),
    );
    assert!(!fixture::render(&verdict, Format::Html).contains("class=\"flow\""));
}
