//! Case files: Markdown in which each `## good: …`, `## bad: …` or `## unreachable: …` heading
//! starts a case, and fenced blocks say its world, its parameters and what is expected. Prose and
//! other blocks are for people. This room does not know probes.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Parser, Tag, TagEnd};
use serde::Deserialize;

/// One case as written.
#[derive(Debug, Default)]
pub(crate) struct Case {
    /// `good: a strong secret`
    pub(crate) title: String,
    /// The `yaml world` block; empty when there is none.
    pub(crate) world: String,
    /// The `yaml with` block: parameters and `target`.
    pub(crate) with: String,
    /// What must come of it.
    pub(crate) expected: Option<Expected>,
}

/// What must come of a look.
#[derive(Debug)]
pub(crate) enum Expected {
    /// The `yaml items` block.
    Items(String),
    /// The `yaml unmeasured` block: each line is in the reason.
    Unmeasured(String),
}

/// One expected item.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExpectedItem {
    /// Its key.
    pub(crate) key: String,
    /// Facts it has, with these values. It may have more.
    #[serde(default)]
    pub(crate) facts: std::collections::BTreeMap<String, gonogo_model::yaml::Node>,
    /// Facts it must not have.
    #[serde(default)]
    pub(crate) absent: Vec<String>,
    /// Assertions in CEL, as in a spec, for what is not one fixed value.
    #[serde(default)]
    pub(crate) holds: Vec<String>,
    /// Where it was read.
    pub(crate) location: Option<String>,
}

/// The cases of a file, in order.
pub(crate) fn parse(text: &str) -> Result<Vec<Case>, String> {
    let mut cases: Vec<Case> = Vec::new();
    let mut heading: Option<String> = None;
    let mut block: Option<(String, String)> = None;
    for event in Parser::new(text) {
        match event {
            Event::Start(Tag::Heading { level: HeadingLevel::H2, .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(HeadingLevel::H2)) => {
                let title = heading.take().unwrap_or_default();
                if !["good: ", "bad: ", "unreachable: "].iter().any(|kind| title.starts_with(kind)) {
                    return Err(format!("`## {title}` starts with none of good:, bad:, unreachable:"));
                }
                cases.push(Case { title, ..Case::default() });
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                block = Some((info.to_string(), String::new()));
            }
            Event::End(TagEnd::CodeBlock) => {
                if let (Some((info, body)), Some(case)) = (block.take(), cases.last_mut()) {
                    take(case, &info, body)?;
                }
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some((_, body)) = &mut block {
                    body.push_str(&text);
                } else if let Some(title) = &mut heading {
                    title.push_str(&text);
                }
            }
            _ => {}
        }
    }
    Ok(cases)
}

fn take(case: &mut Case, info: &str, body: String) -> Result<(), String> {
    let twice = || Err(format!("{}: a second block `{info}`", case.title));
    match info {
        "yaml world" if case.world.is_empty() => case.world = body,
        "yaml with" if case.with.is_empty() => case.with = body,
        "yaml items" if case.expected.is_none() => case.expected = Some(Expected::Items(body)),
        "yaml unmeasured" if case.expected.is_none() => case.expected = Some(Expected::Unmeasured(body)),
        "yaml world" | "yaml with" | "yaml items" | "yaml unmeasured" => return twice(),
        other if other.starts_with("yaml") => {
            return Err(format!("{}: a block `{other}` means nothing here", case.title));
        }
        _ => {}
    }
    Ok(())
}
