//! What a document says about itself, and its verdicts and claims.

use std::ops::Range;

use crate::element::Source;
use crate::outline::Text;
use crate::value::{Exact, Mark, Severity};

/// A fact about the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// Which.
    pub key: MetadataKey,
    /// Its label.
    pub label: Text,
    /// Its value.
    pub value: Text,
    /// Where it stands.
    pub source: Source,
}

/// Facts that documents state about themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MetadataKey {
    /// When it was written or decided.
    Date,
    /// Who wrote or audited it.
    Author,
    /// Who approves or signs.
    Approver,
    /// Of what it is.
    System,
    /// Of which version.
    Version,
    /// Of which branch or commit.
    Branch,
    /// Of which environment.
    Environment,
    /// What it covers.
    Scope,
    /// In which phase.
    Phase,
    /// For what load.
    Load,
    /// Its own status.
    Status,
    /// What it is for.
    Purpose,
}

/// A score of the whole, or a total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    /// Of what.
    pub kind: ScoreKind,
    /// In percent, when it is a percentage.
    pub percent: Option<(Exact, Range<usize>)>,
    /// As a fraction, `66/102`, `3.6 of 5`, when one is stated.
    pub fraction: Option<(Exact, Exact)>,
    /// The whole line.
    pub text: Text,
    /// Where it stands.
    pub source: Source,
}

/// What a score is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ScoreKind {
    /// Overall readiness.
    Overall,
    /// How many passed of all.
    PassRate,
    /// The total of a table of weights.
    WeightedTotal,
}

/// A verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What it says.
    pub call: Call,
    /// On what.
    pub kind: VerdictKind,
    /// The words.
    pub text: Text,
    /// Its mark.
    pub mark: Option<Mark>,
    /// Where it stands.
    pub source: Source,
}

/// On what a verdict is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VerdictKind {
    /// On the whole, on a line of its own or behind a label that says so.
    Overall,
    /// On one category or item.
    Part,
    /// Said in passing, in prose.
    Prose,
}

/// The words of verdicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Call {
    /// GO.
    Go,
    /// Approved for launch, ready for production.
    Approved,
    /// CONDITIONAL GO.
    ConditionalGo,
    /// Approved with conditions.
    ApprovedWithConditions,
    /// CONDITIONAL NO-GO, which is in no framework.
    ConditionalNoGo,
    /// NO-GO.
    NoGo,
    /// NOT READY.
    NotReady,
    /// Blocked.
    Blocked,
    /// Rejected, not approved.
    Rejected,
}

impl Call {
    /// It in words.
    pub fn words(self) -> &'static str {
        match self {
            Call::Go => "go",
            Call::Approved => "approved",
            Call::ConditionalGo => "conditional go",
            Call::ApprovedWithConditions => "approved with conditions",
            Call::ConditionalNoGo => "conditional no-go",
            Call::NoGo => "no-go",
            Call::NotReady => "not ready",
            Call::Blocked => "blocked",
            Call::Rejected => "rejected",
        }
    }

    /// Whether it lets a launch happen: yes, with conditions, or no.
    pub fn launches(self) -> Launches {
        match self {
            Call::Go | Call::Approved => Launches::Yes,
            Call::ConditionalGo | Call::ApprovedWithConditions => Launches::WithConditions,
            Call::ConditionalNoGo | Call::NoGo | Call::NotReady | Call::Blocked | Call::Rejected => {
                Launches::No
            }
        }
    }
}

/// Whether a verdict lets a launch happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Launches {
    /// It does.
    Yes,
    /// It does, with conditions.
    WithConditions,
    /// It does not.
    No,
}

/// What the document says a word of its verdict means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// The word.
    pub call: Call,
    /// What it means.
    pub meaning: Text,
    /// Where it stands.
    pub source: Source,
}

/// A claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// What kind, with its values.
    pub kind: ClaimKind,
    /// The sentence, list item or heading it stands in.
    pub text: Text,
    /// Its bytes in `text`.
    pub range: Range<usize>,
    /// Whether it is said to be so.
    pub setting: Setting,
    /// Where it stands.
    pub source: Source,
}

/// In what setting a claim is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Setting {
    /// It is said to be so.
    #[default]
    Stated,
    /// It is to become so: in a task, a condition, a criterion, a recommendation.
    Demanded,
    /// It is in a list of problems: `No query timeout` is a lack there.
    Lacking,
    /// It is asked.
    Asked,
}

/// Kinds of claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClaimKind {
    /// A number of things: «the 5 critical must-fix items», «6 BLOCKER issues».
    Count {
        /// How many.
        number: Exact,
        /// Of what, the words behind the number.
        of: String,
        /// The severity among these words.
        severity: Option<Severity>,
    },
    /// Some of all: «9 out of 10 categories», «66/102 checks passed».
    Share {
        /// How many.
        part: Exact,
        /// Of how many.
        whole: Exact,
        /// Of what, the words behind.
        of: String,
    },
    /// Nothing of a kind: «zero vulnerabilities», «no data loss».
    Zero {
        /// Of what.
        of: String,
    },
    /// All of a kind: «all services have health checks».
    All {
        /// Of what.
        of: String,
    },
    /// A word that leaves no room: ABSOLUTE, perfect, guaranteed.
    Absolute {
        /// The word.
        word: String,
    },
    /// A percentage of something.
    Percent {
        /// In percent.
        value: Exact,
        /// What stands before it in its line.
        subject: String,
    },
    /// That something is ready, tested, implemented, in place.
    Achieved {
        /// What.
        subject: String,
        /// Whether it is said of all of it, as `all`, `fully`.
        word: String,
    },
}
