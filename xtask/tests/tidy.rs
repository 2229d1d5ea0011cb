//! The house rules that a machine can check: sizes, first lines, names, leftovers, and that the
//! texts for contributors name only what exists. Each rule is also tried on something that breaks it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod tree;

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;

use pulldown_cmark::{Event, Parser, Tag};
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{Attribute, Block, Ident, ImplItemFn, Item, ItemFn, Macro, Signature};
use tree::{files_below, items, sources, text_of};

/// Lines of code a file may have, without tests, comments and empty lines.
const FILE: usize = 500;
/// Lines a function may have.
const FUNCTION: usize = 80;
/// Words that name nothing.
const EMPTY_NAMES: [&str; 8] =
    ["util", "utils", "helper", "helpers", "manager", "managers", "common", "misc"];
/// Texts for people, and how many lines each may have.
const TEXTS: [(&str, usize); 3] = [("ARCHITECTURE.md", 200), ("CONTRIBUTING.md", 100), ("README.md", 120)];

#[test]
fn sources_are_tidy() {
    let files = sources(&members());
    assert!(files.len() > 100);
    let found: Vec<String> = files.iter().flat_map(|(path, text)| untidy(path, text)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// The folders of all members of the workspace, from the root.
fn members() -> Vec<String> {
    let manifests = ["crates", "testbed", "xtask"].iter().flat_map(|folder| files_below(folder));
    // Those of test cases are no members.
    let manifests = manifests.filter(|path| !path.contains("/tests/"));
    let folders = manifests.filter_map(|path| path.strip_suffix("/Cargo.toml").map(str::to_owned));
    let members: Vec<String> = folders.collect();
    assert!(members.len() >= 7, "{members:?}");
    members
}

/// What is untidy about a file.
fn untidy(path: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let items = items(path, text);
    let lines = lines_of_code(text, &items);
    if lines > FILE {
        found.push(format!("it has {lines} lines of code; split it into rooms by {FILE}"));
    }
    if !text.starts_with("//!") {
        found.push("it does not start with `//!` and what this room is".to_owned());
    }
    if let Some(name) = path.split(['/', '.']).find(|name| is_empty_name(name)) {
        found.push(format!("`{name}` names nothing; name the room for its one purpose"));
    }
    let mut code = Code::default();
    items.iter().for_each(|item| code.visit_item(item));
    found.extend(code.found);
    found.into_iter().map(|what| format!("{path}: {what}")).collect()
}

/// Lines with code, without those of tests.
fn lines_of_code(text: &str, items: &[Item]) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    let kept = items.iter().map(|item| (item.span().start().line, item.span().end().line));
    let kept: BTreeSet<usize> = kept.flat_map(|(first, last)| first..=last).collect();
    let is_code = |line: &str| !line.is_empty() && !line.starts_with("//");
    kept.into_iter().filter(|number| is_code(lines[number - 1].trim())).count()
}

fn is_empty_name(name: &str) -> bool {
    name.to_lowercase().split('_').any(|word| EMPTY_NAMES.contains(&word))
}

/// Collects what is untidy in code.
#[derive(Default)]
struct Code {
    found: Vec<String>,
}

impl Code {
    fn function(&mut self, signature: &Signature, body: &Block) {
        let lines = body.span().end().line - signature.span().start().line + 1;
        if lines > FUNCTION {
            self.found.push(format!("`{}` has {lines} lines; split it by {FUNCTION}", signature.ident));
        }
    }

    fn name(&mut self, name: &Ident) {
        let words = name.to_string().chars().fold(String::new(), |mut words, letter| {
            if letter.is_uppercase() {
                words.push('_');
            }
            words.push(letter);
            words
        });
        if is_empty_name(&words) {
            self.found.push(format!("`{name}` names nothing; name it for its one purpose"));
        }
    }
}

impl Visit<'_> for Code {
    fn visit_item(&mut self, item: &Item) {
        match item {
            Item::Enum(item) => self.name(&item.ident),
            Item::Fn(item) => self.name(&item.sig.ident),
            Item::Mod(item) => self.name(&item.ident),
            Item::Struct(item) => self.name(&item.ident),
            Item::Trait(item) => self.name(&item.ident),
            _ => {}
        }
        visit::visit_item(self, item);
    }

    fn visit_item_fn(&mut self, item: &ItemFn) {
        self.function(&item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &ImplItemFn) {
        self.function(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_macro(&mut self, called: &Macro) {
        for name in ["todo", "unimplemented", "dbg"] {
            if called.path.is_ident(name) {
                self.found.push(format!("`{name}!` is left over"));
            }
        }
        visit::visit_macro(self, called);
    }

    fn visit_attribute(&mut self, attribute: &Attribute) {
        if attribute.path().is_ident("allow") {
            self.found
                .push("`allow` hides a lint for ever; write `#[expect(lint, reason = \"…\")]`".to_owned());
        }
        visit::visit_attribute(self, attribute);
    }
}

#[test]
fn what_is_untidy_is_found() {
    let of = |path: &str, text: &str| untidy(path, text).concat();
    let long = |lines: usize| format!("//! Room.\nfn f() {{\n{}}}\n", "    g();\n".repeat(lines));
    assert_eq!(of("src/a.rs", &long(78)), "");
    assert!(of("src/a.rs", &long(79)).contains("`f` has 81 lines"));
    let many = |items: usize| format!("//! Room.\n{}", "// A comment.\n\nconst A: u8 = 0;\n".repeat(items));
    assert_eq!(of("src/a.rs", &many(500)), "");
    assert!(of("src/a.rs", &many(501)).contains("501 lines of code"));
    assert!(of("src/a.rs", "fn f() {}").contains("//!"));
    for path in ["src/utils.rs", "src/net_helpers.rs", "src/common/mod.rs"] {
        assert!(of(path, "//! Room.").contains("names nothing"), "{path}");
    }
    for code in ["struct RunManager;", "mod util {}", "fn report_helper() {}"] {
        assert!(of("src/a.rs", &format!("//! Room.\n{code}")).contains("names nothing"), "{code}");
    }
    for code in ["fn f() { todo!() }", "fn f() { dbg!(1); }", "#[allow(dead_code)]\nfn f() {}"] {
        assert!(!of("src/a.rs", &format!("//! Room.\n{code}")).is_empty(), "{code}");
    }
    let tests = "//! Room.\nfn uncommon() {}\n#[cfg(test)]\nmod tests { fn f() { todo!() } }";
    assert_eq!(of("src/a.rs", tests), "");
}

#[test]
fn no_test_is_ignored() {
    let files = members().into_iter().flat_map(|member| files_below(&member));
    for path in files.filter(|path| path.ends_with(".rs")) {
        let text = text_of(&path);
        let ignored = text.lines().find(|line| line.trim_start().starts_with("#[ignore"));
        assert!(ignored.is_none(), "{path}: {}", ignored.unwrap_or_default());
    }
}

#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    for member in members() {
        let manifest = text_of(&format!("{member}/Cargo.toml"));
        assert!(manifest.contains("\n[lints]\nworkspace = true\n"), "{member} does not");
    }
}

#[test]
fn the_pure_crates_have_the_same_bans_and_the_settings_of_the_root() {
    let bans = text_of("crates/gonogo-judge/clippy.toml");
    for name in ["gonogo-document", "gonogo-model", "gonogo-report"] {
        assert_eq!(text_of(&format!("crates/{name}/clippy.toml")), bans, "{name}");
    }
    let root = text_of("clippy.toml");
    for setting in root.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        assert!(bans.lines().any(|line| line == setting), "the pure crates lost `{setting}`");
    }
}

#[test]
fn every_pack_is_shipped() {
    let shipped: BTreeSet<String> =
        gonogo::packs::PACKS.iter().map(|source| source.file.to_owned()).collect();
    let kept: BTreeSet<String> = files_below("packs").into_iter().collect();
    assert_eq!(kept, shipped, "crates/gonogo/src/packs.rs lists the packs that are shipped");
}

#[test]
fn texts_for_people_are_short() {
    for (path, most) in TEXTS {
        let lines = text_of(path).lines().count();
        assert!(lines <= most, "{path} has {lines} lines; it may have {most}");
    }
}

#[test]
fn texts_for_contributors_name_only_what_exists() {
    for path in ["ARCHITECTURE.md", "CONTRIBUTING.md", "AGENTS.md", "README.md", "SECURITY.md"] {
        let text = text_of(path);
        let named = named_files(&text);
        let lost: Vec<&String> = named.iter().filter(|name| !exists(name)).collect();
        assert!(lost.is_empty(), "{path} names {lost:?}, which are not there");
    }
    assert!(named_files(&text_of("ARCHITECTURE.md")).len() > 40);
}

/// What a text names as files or folders of this repository: code spans that look like a path,
/// without blanks such as `<family>`.
fn named_files(text: &str) -> Vec<String> {
    let spans = Parser::new(text).filter_map(|event| match event {
        Event::Code(span) => Some(span.to_string()),
        _ => None,
    });
    let is_path = |span: &String| {
        let known = ["crates/", "docs/", "packs/", "schema/", "testbed/", "xtask/", ".ci/", ".cargo/"];
        let ending = [".rs", ".md", ".toml"].iter().any(|ending| span.ends_with(ending));
        (known.iter().any(|start| span.starts_with(start)) || ending)
            && span.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c))
    };
    spans.filter(is_path).collect()
}

/// A path from the root, or the end of one: `pipeline.rs`, `run/scheduler.rs`.
fn exists(name: &str) -> bool {
    if xtask::root().join(name).exists() {
        return true;
    }
    let end = format!("/{name}");
    ["crates", "docs", "testbed", "xtask"]
        .iter()
        .flat_map(|folder| files_below(folder))
        .any(|path| path.ends_with(&end))
}

#[test]
fn a_file_that_is_not_there_is_found() {
    let text = "See `crates/gonogo/src/gone.rs`, `pipeline.rs`, `docs/probes/<family>/` and `gonogo run`.";
    let named = named_files(text);
    assert_eq!(named, ["crates/gonogo/src/gone.rs", "pipeline.rs"]);
    assert_eq!(named.iter().map(|name| exists(name)).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn every_link_between_texts_leads_somewhere() {
    let mut texts: Vec<String> =
        files_below("docs").into_iter().filter(|path| path.ends_with(".md")).collect();
    let tops = std::fs::read_dir(xtask::root()).unwrap().map(|entry| entry.unwrap().file_name());
    texts.extend(tops.filter_map(|name| name.into_string().ok()).filter(|name| name.ends_with(".md")));
    for path in texts {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for link in links(&text_of(&path)) {
            let file = link.split('#').next().unwrap_or_default();
            let outside = link.contains("://") || link.starts_with("mailto:") || file.is_empty();
            let there = outside || xtask::root().join(folder).join(file).exists();
            assert!(there, "{path} links to {link}, which is not there");
        }
    }
}

fn links(text: &str) -> Vec<String> {
    let links = Parser::new(text).filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => Some(dest_url.to_string()),
        _ => None,
    });
    links.collect()
}

#[test]
fn every_page_is_in_the_book() {
    let listed: BTreeSet<String> =
        links(&text_of("docs/SUMMARY.md")).iter().map(|link| format!("docs/{link}")).collect();
    let pages =
        files_below("docs").into_iter().filter(|path| path.ends_with(".md") && path != "docs/SUMMARY.md");
    assert_eq!(pages.collect::<BTreeSet<String>>(), listed);
}

#[test]
fn ci_runs_the_test_command_of_the_readme() {
    let script = xtask::root().join(".ci/run");
    assert!(
        std::fs::metadata(&script).unwrap().permissions().mode() & 0o111 == 0o111,
        "it cannot be started"
    );
    for path in [".ci/run", "README.md", "CONTRIBUTING.md"] {
        assert!(text_of(path).contains("cargo xtask test"), "{path} does not name it");
    }
}
