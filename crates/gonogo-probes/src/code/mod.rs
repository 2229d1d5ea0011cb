//! Source code as far as other files rest on it: the variables it reads, the ports it listens on,
//! the metrics it exposes, the routes it serves, the files it logs to. Found by the forms that
//! libraries give these things, without running or compiling anything: what is not found may
//! still be there, so absence here is never certain.

mod form;
#[cfg(test)]
mod fuzz;
mod language;
mod listens;
mod logs;
mod metrics;
mod routes;
mod scan;
mod site;
mod tests_in_code;
mod text;
mod variables;

use crate::repository::purpose::is_for_development;
use crate::repository::{Kind, Repository};

/// Bytes of one file.
const LARGEST: u64 = 1 << 20;
/// Bytes of all files together.
const MOST: u64 = 1 << 30;
/// Characters of a line that a person would write.
const LONGEST_LINE: usize = 20_000;

/// What all source files of a repository say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Survey {
    /// Environment variables it reads by a literal name.
    pub(crate) variables: Vec<Said>,
    /// Ports it listens on by a literal number, as the text of the number.
    pub(crate) listens: Vec<Said>,
    /// Where it listens on a port that is not said there; the name is the form it is said in.
    pub(crate) listens_elsewhere: Vec<Said>,
    /// Names of the metrics it registers.
    pub(crate) metrics: Vec<Said>,
    /// Paths it serves, as `METHOD /path`, or `* /path` where the method is not said there.
    /// Parameters are `{}`.
    pub(crate) routes: Vec<Said>,
    /// Files it logs to.
    pub(crate) logs: Vec<Said>,
    /// Source files that were read.
    pub(crate) files: usize,
    /// Source files that were not read, with the reason as it is said behind the path.
    pub(crate) passed: Vec<(String, String)>,
}

/// Something that a line of code says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Said {
    pub(crate) name: String,
    pub(crate) path: String,
    /// From 1.
    pub(crate) line: u32,
    /// In characters, from 1.
    pub(crate) column: u32,
    pub(crate) detail: Detail,
}

/// What is known beside the name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Detail {
    None,
    /// What becomes of a variable that nobody sets.
    Unset(Unset),
    /// The address, and the variable whose default the port is.
    Listen {
        address: Address,
        variable: Option<String>,
    },
    Metric(MetricKind),
    /// Whether a router above may put something before the path: compare by its end.
    Route {
        may_have_prefix: bool,
    },
}

/// What becomes of a variable that nobody sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Unset {
    /// The code has a default, or can do without it.
    Default,
    /// The program says so and stops.
    Fails,
    /// The code does not show it there.
    Unknown,
}

/// Who can reach a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Address {
    /// Every interface.
    All,
    /// Only the same container or machine.
    Loopback,
    /// It is not said there.
    Unknown,
}

/// The kind of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum MetricKind {
    Counter,
    Gauge,
    Histogram,
    Summary,
    Unknown,
}

impl Said {
    /// Whether the code has a default for this variable.
    pub(crate) fn has_default(&self) -> bool {
        self.detail == Detail::Unset(Unset::Default)
    }

    /// Whether the code cannot go on without this variable.
    pub(crate) fn is_required(&self) -> bool {
        self.detail == Detail::Unset(Unset::Fails)
    }

    /// The kind of this metric.
    #[cfg(test)]
    pub(crate) fn metric_kind(&self) -> MetricKind {
        match self.detail {
            Detail::Metric(kind) => kind,
            _ => MetricKind::Unknown,
        }
    }

    /// Whether something may stand before the path of this route.
    #[cfg(test)]
    pub(crate) fn may_have_prefix(&self) -> bool {
        !matches!(self.detail, Detail::Route { may_have_prefix: false })
    }

    /// Whether it listens where only the same container reaches it.
    pub(crate) fn is_loopback(&self) -> bool {
        matches!(self.detail, Detail::Listen { address: Address::Loopback, .. })
    }

    /// The variable that may name another port.
    pub(crate) fn port_variable(&self) -> Option<&str> {
        match &self.detail {
            Detail::Listen { variable, .. } => variable.as_deref(),
            _ => None,
        }
    }
}

/// Whether the path is that of source code.
pub(crate) fn is_code(path: &str) -> bool {
    language::Language::of(path).is_some()
}

/// Reads every source file but those for tests, development and examples.
pub(crate) fn survey(repository: &Repository) -> Survey {
    let mut found = Survey::default();
    let mut read = 0_u64;
    for path in repository.of_kind(Kind::Code) {
        let Some(language) = language::Language::of(path) else { continue };
        if is_for_development(path) || tests_in_code::is_test_file(path) {
            continue;
        }
        match readable(repository, path, read) {
            Ok(text) => {
                found.files += 1;
                read = read.saturating_add(text.len() as u64);
                scan::file(path, &text, language, &mut found);
            }
            Err(why) => found.passed.push((path.to_owned(), why)),
        }
    }
    found
}

fn readable(repository: &Repository, path: &str, read: u64) -> Result<String, String> {
    if read >= MOST {
        return Err(format!("was not read: the source files before it hold {MOST} bytes"));
    }
    let text = repository.text(path, LARGEST)?;
    if text.contains('\0') {
        return Err("is not text".to_owned());
    }
    match text.lines().any(|line| line.len() > LONGEST_LINE) {
        true => Err(format!("has a line of over {LONGEST_LINE} characters, so a machine wrote it")),
        false => Ok(text),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// What one file says.
    pub(super) fn of(path: &str, text: &str) -> Survey {
        survey(&Repository::of(&[(path, text)]))
    }

    /// Names in the order of the text.
    pub(super) fn names(said: &[Said]) -> Vec<&str> {
        said.iter().map(|said| said.name.as_str()).collect()
    }

    #[test]
    fn places_are_lines_and_characters() {
        let found = of("a.rs", "// é\n  let é = env::var(\"A\");\n");
        let said = &found.variables[0];
        assert_eq!((said.name.as_str(), said.line, said.column), ("A", 2, 11));
    }

    #[test]
    fn tests_comments_and_strings_are_not_code() {
        let text = "/* env::var(\"A\") */ // env::var(\"B\")\nlet s = \"env::var(\\\"C\\\")\";\n#[cfg(test)]\nmod tests { fn a() { env::var(\"D\"); } }\nenv::var(\"E\");\n#[cfg(test)]\nuse x;\nenv::var(\"F\");\n";
        assert_eq!(names(&of("src/a.rs", text).variables), ["E", "F"]);
        for path in [
            "tests/a.rs",
            "src/a_test.go",
            "a.spec.ts",
            "src/test/java/A.java",
            "ATest.java",
            "test_a.py",
            "a_spec.rb",
        ] {
            assert_eq!(
                of(path, "env::var(\"A\") process.env.A os.Getenv(\"A\") ENV[\"A\"]"),
                Survey::default(),
                "{path}"
            );
        }
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let long = "a".repeat(20_001);
        let large = "a\n".repeat(600_000);
        for (text, why) in [(long.as_str(), "machine"), (large.as_str(), "larger"), ("a\0b", "not text")] {
            let found = of("a.js", text);
            assert!(found.passed[0].1.contains(why), "{:?}", found.passed);
            assert_eq!(found.files, 0);
        }
    }
}
