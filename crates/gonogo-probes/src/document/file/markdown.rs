//! Markdown as the probe needs it: headings with anchors, links, prose with line numbers.
//! It reads text and knows no file.

use std::collections::BTreeSet;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// A document in parts.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) front_matter: String,
    pub(super) headings: Vec<Heading>,
    pub(super) links: Vec<Link>,
    /// Words outside headings and code blocks.
    pub(super) words: usize,
    /// The text with code and front matter blanked out, line for line.
    pub(super) prose: String,
    /// The text with only front matter blanked out, line for line.
    pub(super) with_code: String,
    /// Ids that HTML in the text gives to places.
    pub(super) html_ids: BTreeSet<String>,
}

/// A heading.
#[derive(Debug)]
pub(super) struct Heading {
    pub(super) text: String,
    pub(super) anchor: String,
}

/// A link or image.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) to: String,
    /// From 1.
    pub(super) line: usize,
}

impl Document {
    /// Those of `required` that are no heading of this document.
    pub(super) fn missing(&self, required: &[String]) -> Vec<String> {
        let has: BTreeSet<String> = self.headings.iter().map(|heading| plain(&heading.text)).collect();
        required.iter().filter(|heading| !has.contains(&plain(heading))).cloned().collect()
    }

    /// Whether `#anchor` leads to a place in this document.
    pub(super) fn has_anchor(&self, anchor: &str) -> bool {
        self.html_ids.contains(anchor)
            || self.headings.iter().any(|heading| heading.anchor.eq_ignore_ascii_case(anchor))
    }
}

/// Reads a document.
pub(super) fn read(text: &str) -> Document {
    let mut document = Document { with_code: text.to_owned(), prose: text.to_owned(), ..Document::default() };
    let mut anchors = BTreeSet::new();
    let mut heading: Option<(String, Option<String>)> = None;
    let (mut in_code, mut in_front_matter) = (false, false);
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS;
    let lines = LineIndex::of(text);
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        match event {
            Event::Start(Tag::MetadataBlock(_)) => {
                in_front_matter = true;
                blank(&mut document.prose, range.clone());
                blank(&mut document.with_code, range);
            }
            Event::End(TagEnd::MetadataBlock(_)) => in_front_matter = false,
            Event::Start(Tag::CodeBlock(kind)) => {
                in_code = true;
                let _: CodeBlockKind<'_> = kind;
                blank(&mut document.prose, range);
            }
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Start(Tag::Heading { id, .. }) => {
                heading = Some((String::new(), id.map(|id| id.to_string())));
            }
            Event::End(TagEnd::Heading(_)) => {
                if let Some((text, id)) = heading.take() {
                    let anchor = id.unwrap_or_else(|| unique_anchor(&text, &mut anchors));
                    document.headings.push(Heading { text: text.trim().to_owned(), anchor });
                }
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                document.links.push(Link { to: dest_url.to_string(), line: lines.of_byte(range.start) });
            }
            Event::Code(code) => {
                match &mut heading {
                    Some((text, _)) => text.push_str(&code),
                    None => document.words += code.split_whitespace().count(),
                }
                blank(&mut document.prose, range);
            }
            Event::Text(text) if in_front_matter => document.front_matter.push_str(&text),
            Event::Text(_) if in_code => {}
            Event::Text(text) => match &mut heading {
                Some((so_far, _)) => so_far.push_str(&text),
                None => document.words += text.split_whitespace().count(),
            },
            Event::SoftBreak | Event::HardBreak => {
                if let Some((text, _)) = &mut heading {
                    text.push(' ');
                }
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                document.html_ids.extend(ids(&html));
                blank_comments(&mut document, &html, range);
            }
            _ => {}
        }
    }
    document
}

/// Comments are notes of the writers, not part of what is read.
fn blank_comments(document: &mut Document, html: &str, range: std::ops::Range<usize>) {
    if html.trim_start().starts_with("<!--") {
        blank(&mut document.prose, range.clone());
        blank(&mut document.with_code, range);
    }
}

/// Replaces a stretch by spaces and keeps its line breaks and its length in bytes.
fn blank(text: &mut String, range: std::ops::Range<usize>) {
    let Some(old) = text.get(range.clone()) else { return };
    let spaces: String = old.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
    text.replace_range(range, &spaces);
}

/// A heading without numbering, marks and case: `## 2.1 Rollback — how` is `rollback how`.
fn plain(heading: &str) -> String {
    let words = heading.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(str::to_lowercase).collect();
    let numbered = words.iter().take_while(|word| word.bytes().all(|byte| byte.is_ascii_digit())).count();
    // A heading that is only a number, such as a year, keeps it.
    if numbered == words.len() { words.join(" ") } else { words[numbered..].join(" ") }
}

/// The anchor that GitHub and GitLab give a heading; the second of the same name gets `-1`.
fn unique_anchor(heading: &str, taken: &mut BTreeSet<String>) -> String {
    let kept = heading.trim().to_lowercase();
    let base: String = kept
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect();
    let mut anchor = base.clone();
    let mut next = 1;
    while !taken.insert(anchor.clone()) {
        anchor = format!("{base}-{next}");
        next += 1;
    }
    anchor
}

/// The values of `id` and `name` attributes.
fn ids(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    for attribute in ["id=", "name="] {
        for (at, _) in html.match_indices(attribute) {
            let rest = &html[at + attribute.len()..];
            let quoted = rest.strip_prefix('"').and_then(|rest| rest.split_once('"'));
            let value = quoted.or_else(|| rest.strip_prefix('\'').and_then(|rest| rest.split_once('\'')));
            found.extend(value.map(|(value, _)| value.to_owned()));
        }
    }
    found
}

/// Where lines start.
struct LineIndex(Vec<usize>);

impl LineIndex {
    fn of(text: &str) -> LineIndex {
        LineIndex(std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect())
    }

    fn of_byte(&self, byte: usize) -> usize {
        self.0.partition_point(|start| *start <= byte)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "---\ntitle: x\ndate: 2026-01-31\n---\n# 1. The *plan*\n\nSee [a](b.md) and `code TODO`.\n\n\
        ```sh\nTODO\n```\n<!-- TODO -->\n<a id=\"here\"></a>\n\n## Steps\n\n## Steps\n\nß words\n";

    #[test]
    fn parts_are_told_apart() {
        let document = read(TEXT);
        assert_eq!(document.front_matter, "title: x\ndate: 2026-01-31\n");
        let anchors: Vec<&str> = document.headings.iter().map(|heading| heading.anchor.as_str()).collect();
        assert_eq!(anchors, ["1-the-plan", "steps", "steps-1"]);
        assert_eq!((document.links[0].to.as_str(), document.links[0].line), ("b.md", 7));
        assert!(!document.prose.contains("TODO") && document.with_code.matches("TODO").count() == 2);
        assert_eq!(document.prose.lines().count(), TEXT.lines().count());
        assert!(
            document.has_anchor("here") && document.has_anchor("Steps-1") && !document.has_anchor("steps-2")
        );
        assert_eq!(document.words, 8);
    }

    #[test]
    fn required_headings_are_compared_without_numbers_and_case() {
        let document = read("# 2.1 Rollback — how\n\n## Contacts\n");
        let required = ["rollback: how", "3. Contacts", "Drill"].map(str::to_owned);
        assert_eq!(document.missing(&required), ["Drill"]);
    }

    #[test]
    fn any_text_can_be_read() {
        for text in ["", "---", "---\n", "+++\n+++", "#", "[a](", "```", "\u{feff}# x", "<!--", "| a |\n|--"]
        {
            read(text);
        }
        assert_eq!(read("# Only\n\n## headings\n").words, 0);
    }
}
