//! The files of this workspace, and the items of Rust code. It knows no rule.

use std::fs;

use syn::{Attribute, Item};

/// Path and text of every Rust file under the `src` folders of these members (`crates/gonogo`),
/// except files of tests (`tests.rs`).
pub(crate) fn sources(members: &[String]) -> Vec<(String, String)> {
    let paths = members.iter().flat_map(|member| files_below(&format!("{member}/src")));
    let code = paths.filter(|path| path.ends_with(".rs") && !path.ends_with("/tests.rs"));
    code.map(|path| (path.clone(), text_of(&path))).collect()
}

/// The items of Rust code, without those that are compiled for tests only.
pub(crate) fn items(path: &str, text: &str) -> Vec<Item> {
    let mut items = syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}")).items;
    items.retain(|item| !attributes(item).iter().any(for_tests));
    items
}

/// Every file below a folder, from the root, in order. A folder that is not there has none.
pub(crate) fn files_below(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![xtask::root().join(folder)];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()) {
            match path.is_dir() {
                true => folders.push(path),
                false => found.push(path.strip_prefix(xtask::root()).unwrap().to_str().unwrap().to_owned()),
            }
        }
    }
    found.sort();
    found
}

/// The text of a file of the workspace.
pub(crate) fn text_of(path: &str) -> String {
    fs::read_to_string(xtask::root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn for_tests(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg")
        && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
}
