//! The lines that make a probe and a family known. Edits text, knows no files.

use anyhow::{Context as _, bail};

use super::Name;

/// A family's `mod.rs` with one more probe.
pub(super) fn with_probe(text: &str, name: &Name) -> anyhow::Result<String> {
    let (module, type_name) = (name.module(), name.type_name());
    let text = with_module(text, &module)?;
    with_entry(&text, "const PROBES: &[Registered] = &[", &format!("register::<{module}::{type_name}>()"))
}

/// The crate's `lib.rs` with one more family.
pub(super) fn with_family(text: &str, name: &Name) -> anyhow::Result<String> {
    let family = name.family_module();
    let text = with_module(text, &family)?;
    with_entry(&text, "const FAMILIES: &[&[Registered]] =", &format!("{family}::PROBES"))
}

/// `mod module;` after the module documentation; the formatter puts it in order.
fn with_module(text: &str, module: &str) -> anyhow::Result<String> {
    let line = format!("mod {module};");
    if text.lines().any(|known| known == line || known == format!("pub {line}")) {
        bail!("there is a module `{module}` already; choose another name");
    }
    if let Some(at) = text.find("\nmod ").or_else(|| text.find("\npub mod ")) {
        return Ok(format!("{}\n{line}{}", &text[..at], &text[at..]));
    }
    let end = text.find("\n\n").context("the file has no line after its module documentation")?;
    Ok(format!("{}\n\n{line}{}", &text[..end], &text[end..]))
}

/// The list that starts after `head` with one more entry, in order, one entry a line; the
/// formatter joins short ones.
fn with_entry(text: &str, head: &str, entry: &str) -> anyhow::Result<String> {
    let start = text.find(head).with_context(|| format!("the file has no `{head}`"))? + head.len();
    let open = match head.ends_with('[') {
        true => start,
        false => start + text[start..].find("&[").context("the list does not start")? + 2,
    };
    let close = open + text[open..].find("];").context("the list has no end")?;
    // An empty comment keeps an entry on its own line.
    let mut entries: Vec<&str> = text[open..close]
        .split(['\n', ','])
        .map(|entry| entry.trim().trim_end_matches("//").trim())
        .collect();
    entries.retain(|entry| !entry.is_empty());
    entries.push(entry);
    entries.sort_unstable();
    let list: String = entries.iter().map(|entry| format!("\n    {entry},")).collect();
    Ok(format!("{}{list}\n{}", &text[..open], &text[close..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(id: &str) -> Name {
        Name::parse(id).unwrap()
    }

    #[test]
    fn a_probe_joins_its_family() {
        let old =
            "//! Web.\n\nmod get;\n\nuse x;\n\nconst PROBES: &[Registered] = &[register::<get::Get>()];\n";
        let new = with_probe(old, &name("http/slow-routes")).unwrap();
        assert_eq!(
            new,
            "//! Web.\n\nmod slow_routes;\nmod get;\n\nuse x;\n\nconst PROBES: &[Registered] = &[\n    register::<get::Get>(),\n    register::<slow_routes::SlowRoutes>(),\n];\n"
        );
        assert!(with_probe(&new, &name("http/slow-routes")).is_err(), "it is there already");
    }

    #[test]
    fn entries_kept_apart_by_comments_are_read() {
        let old = "//! S.\n\nmod b;\n\nconst PROBES: &[Registered] = &[\n    register::<b::B>(), //\n    register::<c::C>(),\n];\n";
        let new = with_probe(old, &name("s/a")).unwrap();
        assert!(
            new.ends_with(
                "&[\n    register::<a::A>(),\n    register::<b::B>(),\n    register::<c::C>(),\n];\n"
            ),
            "{new}"
        );
    }

    #[test]
    fn a_family_joins_the_crate() {
        let old = "//! Eyes.\n\nmod config;\npub mod page;\n\nconst FAMILIES: &[&[Registered]] =\n    &[config::PROBES, secret::PROBES];\n";
        let new = with_family(old, &name("http/get")).unwrap();
        assert!(new.contains("mod http;\nmod config;\npub mod page;"), "{new}");
        assert!(new.contains("    config::PROBES,\n    http::PROBES,\n    secret::PROBES,\n"), "{new}");
        assert!(with_family(old, &name("config/x")).is_err());
    }

    #[test]
    fn a_new_family_starts_with_one_probe() {
        let text = with_probe(include_str!("../../templates/family.rs"), &name("web/get")).unwrap();
        assert!(
            text.contains("\n\nmod get;\n\nuse crate::probe") && text.contains("register::<get::Get>(),"),
            "{text}"
        );
    }

    #[test]
    fn a_file_without_a_list_is_refused() {
        assert!(with_probe("//! S.\n\nmod b;\n", &name("s/a")).is_err());
    }
}
