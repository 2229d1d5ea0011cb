//! Programming languages as far as they can be told apart from their text: by the ending of a
//! file, with what starts a comment and what a string in each.

use crate::repository::name_of;

/// A language, or several that read alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Language {
    Rust,
    Go,
    /// JavaScript and TypeScript.
    Script,
    Python,
    /// Java, Kotlin and Scala.
    Jvm,
    CSharp,
    Ruby,
    Php,
    Elixir,
    /// C, C++ and Swift.
    C,
}

impl Language {
    /// The language of a file, by its ending.
    pub(super) fn of(path: &str) -> Option<Language> {
        let (_, ending) = name_of(path).rsplit_once('.')?;
        Some(match ending {
            "rs" => Language::Rust,
            "go" => Language::Go,
            "js" | "mjs" | "cjs" | "ts" | "mts" | "cts" | "jsx" | "tsx" | "vue" | "svelte" => {
                Language::Script
            }
            "py" => Language::Python,
            "java" | "kt" | "scala" => Language::Jvm,
            "cs" => Language::CSharp,
            "rb" => Language::Ruby,
            "php" => Language::Php,
            "ex" | "exs" => Language::Elixir,
            "c" | "h" | "cc" | "cpp" | "hpp" | "swift" => Language::C,
            _ => return None,
        })
    }

    /// Whether `//` and `/*` start comments.
    pub(super) fn has_slash_comments(self) -> bool {
        !matches!(self, Language::Python | Language::Ruby | Language::Elixir)
    }

    /// Whether `#` starts a comment.
    pub(super) fn has_hash_comments(self) -> bool {
        matches!(self, Language::Python | Language::Ruby | Language::Elixir | Language::Php)
    }

    /// Whether block comments hold block comments.
    pub(super) fn nests_comments(self) -> bool {
        matches!(self, Language::Rust | Language::Jvm)
    }

    /// Whether three quotes start a string of several lines.
    pub(super) fn has_triple_quotes(self) -> bool {
        matches!(self, Language::Python | Language::Jvm | Language::Elixir | Language::CSharp | Language::C)
    }

    /// Whether the end of a line ends a statement that needs no more.
    pub(super) fn ends_with_the_line(self) -> bool {
        matches!(
            self,
            Language::Go
                | Language::Script
                | Language::Python
                | Language::Ruby
                | Language::Elixir
                | Language::Jvm
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_says_the_language() {
        assert_eq!(Language::of("a/b.test.tsx"), Some(Language::Script));
        assert_eq!(Language::of("main.go"), Some(Language::Go));
        for path in ["go", "a.go.txt", ".rs/x", "Makefile"] {
            assert_eq!(Language::of(path), None, "{path}");
        }
    }
}
