//! What a column of a table means, by the words of its header.

mod header;

use header::HEADERS;

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// A name or number for reference.
    Id,
    /// What the row is about.
    Title,
    /// How bad it is.
    Severity,
    /// How it stands.
    Status,
    /// A score, points, a readiness.
    Score,
    /// The weight of a score.
    Weight,
    /// Score times weight.
    Weighted,
    /// How many.
    Count,
    /// Who.
    Owner,
    /// Until when.
    Due,
    /// From when.
    Start,
    /// To when.
    End,
    /// How long.
    Duration,
    /// Who agreed.
    Approver,
    /// When it was agreed.
    Approved,
    /// Until when it holds.
    Expires,
    /// What was asked.
    Target,
    /// What was measured.
    Actual,
    /// By what it is known.
    Evidence,
    /// How sure one is.
    Confidence,
    /// What was decided.
    Decision,
    /// What must be before.
    Needs,
    /// A formula.
    Expression,
    /// Anything else.
    Other,
}

/// The role of a header.
pub(crate) fn role(header: &str) -> Role {
    let header = header.trim().trim_end_matches([':', '?']).to_lowercase();
    let exact = HEADERS.iter().copied().flatten().find(|(_, words)| words.contains(&header.as_str()));
    if let Some((role, _)) = exact {
        return *role;
    }
    let fits = |word: &&str| {
        word.len() > 3
            && (header.ends_with(&format!("-{word}"))
                || header.ends_with(&format!(" {word}"))
                || header.starts_with(&format!("{word} ")))
    };
    HEADERS
        .iter()
        .copied()
        .flatten()
        .find(|(_, words)| words.iter().any(&fits))
        .map_or(Role::Other, |(role, _)| *role)
}

/// Whether a header is one of the known words and not only has one of them.
pub(crate) fn is_exact(header: &str) -> bool {
    let header = header.trim().trim_end_matches([':', '?']).to_lowercase();
    HEADERS.iter().copied().flatten().any(|(_, words)| words.contains(&header.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_mean_what_their_words_say() {
        for (header, expected) in [
            ("Status", Role::Status),
            ("Approved by", Role::Approver),
            ("Critical Issues", Role::Count),
            ("LATER-ID", Role::Other),
            ("Due date", Role::Due),
            ("Schwere", Role::Severity),
            ("Weighted", Role::Weighted),
            ("Nothing of this", Role::Other),
        ] {
            assert_eq!(role(header), expected, "{header}");
        }
    }
}
