//! The name of a probe and everything that is called after it.

use anyhow::bail;

/// Words that cannot be modules: the keywords of Rust, and a family's own file.
const NO_MODULES: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual",
    "where", "while", "yield",
];
/// Rooms of the crate that are no families.
const ROOMS: &[&str] = &["context", "lib", "page", "probe", "redact", "tools"];
/// Types that a probe's file uses under these names.
const TYPES: &[&str] = &[
    "Class",
    "Context",
    "Deserialize",
    "Err",
    "FactInfo",
    "FactType",
    "JsonSchema",
    "Looked",
    "Ok",
    "Params",
    "Probe",
    "Result",
    "Self",
    "TargetNeed",
    "Unmeasured",
];

/// `family/name`, both in kebab-case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    id: String,
    slash: usize,
}

impl Name {
    /// Reads `family/name`.
    ///
    /// # Errors
    /// When it is not two kebab-case words, or one cannot name a module or type.
    pub fn parse(id: &str) -> anyhow::Result<Name> {
        let Some((family, name)) = id.split_once('/').filter(|(family, name)| kebab(family) && kebab(name))
        else {
            bail!(
                "`{id}` is not family/name in kebab-case; write such as http/redirects or postgres/slow-queries"
            );
        };
        let parsed = Name { id: id.to_owned(), slash: family.len() };
        for module in [parsed.family_module(), parsed.module()] {
            if NO_MODULES.contains(&module.as_str()) {
                bail!("`{module}` is a word of the language; name the probe for the noun it measures");
            }
        }
        if ROOMS.contains(&family) {
            bail!("`{family}` is a room of gonogo-probes and no family; choose another family");
        }
        if TYPES.contains(&parsed.type_name().as_str()) {
            bail!("every probe uses a type {}; choose a name other than `{name}`", parsed.type_name());
        }
        Ok(parsed)
    }

    /// `family/name`
    pub fn id(&self) -> &str {
        &self.id
    }

    /// `name`
    pub fn name(&self) -> &str {
        &self.id[self.slash + 1..]
    }

    /// `some-name` as `some_name`.
    pub fn module(&self) -> String {
        self.name().replace('-', "_")
    }

    /// `some-family` as `some_family`.
    pub fn family_module(&self) -> String {
        self.id[..self.slash].replace('-', "_")
    }

    /// `some-name` as `SomeName`.
    pub fn type_name(&self) -> String {
        let capital = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
        self.name().split('-').map(capital).collect()
    }
}

fn kebab(text: &str) -> bool {
    let word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    text.split('-').all(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_gives_all_names() {
        let name = Name::parse("rate-limit/slow-queries2").unwrap();
        assert_eq!((name.id(), name.name()), ("rate-limit/slow-queries2", "slow-queries2"));
        assert_eq!((name.family_module(), name.module()), ("rate_limit".into(), "slow_queries2".into()));
        assert_eq!(name.type_name(), "SlowQueries2");
    }

    #[test]
    fn names_that_would_not_compile_are_refused() {
        for id in [
            "",
            "http",
            "http/",
            "/get",
            "a/b/c",
            "Http/get",
            "http/Get",
            "http/get_all",
            "http/-a",
            "http/a-",
            "http/a--b",
            "http/2xx",
            "http/ä",
            "../etc/passwd",
            "http/type",
            "type/http",
            "tools/x",
            "http/context",
            "http/params",
        ] {
            assert!(Name::parse(id).is_err(), "{id}");
        }
    }
}
