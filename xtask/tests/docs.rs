//! The guides are true: every spec in them is read, every command is parsed, and every message and
//! record they show is the one the code makes.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;

use clap::CommandFactory as _;
use gonogo::cli::Cli;
use gonogo::pipeline::read_spec;
use gonogo::store::{Body, Record, genesis};
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

/// The texts with examples.
const TEXTS: [&str; 6] = [
    "README.md",
    "CONTRIBUTING.md",
    "docs/guide/first-run.md",
    "docs/concepts/spec.md",
    "docs/concepts/evidence.md",
    "docs/concepts/registers.md",
];

/// A fenced block: what it says it is, and its text.
struct Block {
    file: &'static str,
    info: String,
    text: String,
}

fn blocks(file: &'static str) -> Vec<Block> {
    let text = fs::read_to_string(xtask::root().join(file)).unwrap();
    let mut blocks: Vec<Block> = Vec::new();
    let mut inside = false;
    for event in Parser::new(&text) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                blocks.push(Block { file, info: info.to_string(), text: String::new() });
                inside = true;
            }
            Event::End(TagEnd::CodeBlock) => inside = false,
            Event::Text(text) if inside => blocks.last_mut().unwrap().text.push_str(&text),
            _ => {}
        }
    }
    blocks
}

fn all_blocks() -> Vec<Block> {
    TEXTS.into_iter().flat_map(blocks).collect()
}

#[test]
fn every_block_of_yaml_says_what_it_is() {
    for block in all_blocks().iter().filter(|block| block.info.starts_with("yaml")) {
        let known = ["yaml", "yaml fragment", "yaml pack", "yaml refused", "yaml comment"];
        assert!(known.contains(&block.info.as_str()), "{}: a block `{}`", block.file, block.info);
    }
}

#[test]
fn every_whole_spec_is_valid() {
    let specs: Vec<Block> = all_blocks().into_iter().filter(|block| block.info == "yaml").collect();
    assert!(specs.len() >= 3);
    for block in specs {
        read_spec(block.file, &block.text, None).unwrap_or_else(|error| panic!("{}:\n{error}", block.file));
    }
}

#[test]
fn every_part_fits_into_the_whole_spec_of_its_guide() {
    let blocks = blocks("docs/concepts/spec.md");
    let whole = &blocks.iter().find(|block| block.info == "yaml").unwrap().text;
    let parts: Vec<&Block> = blocks.iter().filter(|block| block.info == "yaml fragment").collect();
    assert!(parts.len() >= 6);
    for part in parts {
        let spec = with_parts_of(whole, &part.text);
        let production = part.text.contains("  production:").then_some("production");
        for environment in [None].into_iter().chain(production.map(Some)) {
            read_spec("gonogo.yaml", &spec, environment).unwrap_or_else(|error| panic!("{error}"));
        }
    }
}

/// The spec with each of its top-level parts replaced by the same part of `other`.
fn with_parts_of(spec: &str, other: &str) -> String {
    let mut parts = parts_of(spec);
    parts.extend(parts_of(other));
    parts.into_values().collect()
}

/// The top-level keys of a spec, each with all of its lines.
fn parts_of(text: &str) -> BTreeMap<String, String> {
    let mut parts: BTreeMap<String, String> = BTreeMap::new();
    let mut key = String::new();
    for line in text.split_inclusive('\n') {
        if !line.starts_with([' ', '#']) {
            key = line.split(':').next().unwrap().to_owned();
        }
        parts.entry(key.clone()).or_default().push_str(line);
    }
    parts
}

#[test]
fn a_refused_spec_is_refused_with_the_message_that_is_shown() {
    let blocks = all_blocks();
    let at = blocks.iter().position(|block| block.info == "yaml refused").unwrap();
    let error = read_spec("gonogo.yaml", &blocks[at].text, None).unwrap_err().to_string();
    assert_eq!(blocks[at + 1].text.trim(), error.trim());
}

#[test]
fn every_pack_check_in_the_guides_is_valid_in_a_pack() {
    let blocks: Vec<Block> = all_blocks().into_iter().filter(|block| block.info == "yaml pack").collect();
    assert!(!blocks.is_empty());
    for block in blocks {
        let spec = format!(
            "version: 1\nsystem: x\ntargets:\n  it: {{ http: \"http://127.0.0.1:1\" }}\nchecks:\n{}",
            block.text.replace("with: { ", "with: { target: it, ")
        );
        read_spec(block.file, &spec, None).unwrap_or_else(|error| panic!("{}:\n{error}", block.file));
    }
}

#[test]
fn every_command_in_the_guides_is_one() {
    let blocks = all_blocks();
    let lines = blocks.iter().filter(|block| block.info == "sh").flat_map(|block| block.text.lines());
    let commands: Vec<&str> = lines.map(str::trim).filter(|line| line.starts_with("gonogo ")).collect();
    assert!(commands.len() >= 10);
    for line in commands {
        let words = line.split('#').next().unwrap().split_whitespace();
        if let Err(error) = Cli::command().try_get_matches_from(words) {
            panic!("`{line}` is no command:\n{error}");
        }
    }
}

#[test]
fn the_record_that_is_shown_is_one() {
    let blocks = blocks("docs/concepts/evidence.md");
    let shown = &blocks.iter().find(|block| block.info == "json record").unwrap().text;
    let record: Record = serde_json::from_str(shown).unwrap();
    assert!(matches!(record.body, Body::Opened(_)) && record.number == 0 && record.previous == genesis());
    assert_eq!(record, Record::following(0, genesis(), record.body.clone()));
}

#[test]
fn the_page_about_evidence_names_every_kind_of_record_and_every_file() {
    let page = fs::read_to_string(xtask::root().join("docs/concepts/evidence.md")).unwrap();
    for name in
        ["opened", "evidence", "skipped", "sealed", "run.jsonl", "spec.json", "verdict.json", "blobs/"]
    {
        assert!(page.contains(&format!("`{name}`")) || page.contains(&format!("  {name}  ")), "{name}");
    }
    assert!(page.contains("gonogo run, format 1"));
}
