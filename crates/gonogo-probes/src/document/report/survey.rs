//! The documents of a repository that are about readiness, read once in a run whatever number of
//! probes look at them. It does not know what is made of them.

use std::sync::Arc;

use gonogo_document::Report;

use crate::repository::{Kind, Repository};

/// Bytes of one document, and of all of them.
const FILE: u64 = 16 << 20;
const ALL: usize = 128 << 20;

/// What the Markdown files of a repository say.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    /// Markdown files that were read.
    pub(crate) documents: usize,
    /// Those that are about readiness, by path.
    pub(crate) reports: Vec<(String, Report)>,
    /// Those that could not be read, with the reason as it is said behind the path.
    pub(crate) unread: Vec<(String, String)>,
}

/// Reads them, or gives what was read before.
pub(crate) fn of(repository: &Repository) -> Arc<Survey> {
    repository.once(survey)
}

fn survey(repository: &Repository) -> Survey {
    let mut found = Survey::default();
    let mut all = 0_usize;
    for path in repository.of_kind(Kind::Document) {
        let bytes = match repository.source().read(path, FILE) {
            Ok(bytes) if all.saturating_add(bytes.len()) <= ALL => bytes,
            Ok(_) => {
                found.unread.push((path.to_owned(), "is one too many to be read".to_owned()));
                continue;
            }
            Err(why) => {
                found.unread.push((path.to_owned(), why));
                continue;
            }
        };
        all = all.saturating_add(bytes.len());
        found.documents = found.documents.saturating_add(1);
        let report = gonogo_document::read(&bytes);
        // Whoever names a file says that it is one.
        if repository.only().is_some() || report.elements.is_about_readiness() {
            found.reports.push((path.to_owned(), report));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_documents_about_readiness_are_kept() {
        let report = "# Go-live readiness\n\n**Verdict:** NO-GO\n";
        let repository =
            Repository::of(&[("README.md", "# Shop\n\nSells things.\n"), ("docs/go.md", report)]);
        let found = of(&repository);
        let paths: Vec<&str> = found.reports.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!((paths.as_slice(), found.documents), (["docs/go.md"].as_slice(), 2));
        assert!(Arc::ptr_eq(&found, &of(&repository)));
    }
}
