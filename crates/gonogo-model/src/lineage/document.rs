//! What became of what a document says, from an older document to a newer one. Both only claim:
//! what is called fixed here was called so by the newer one, and nobody looked.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The version of the stored form of a lineage of documents.
pub const FORMAT: u32 = 1;

/// Two documents side by side, and everything they list in exactly one entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentLineage {
    /// Version of this form.
    pub format: u32,
    /// The older document.
    pub before: Document,
    /// The newer document.
    pub after: Document,
    /// Why the two may not belong together, as sentences.
    pub doubts: Vec<String>,
    /// Entries by state.
    pub counts: Counts,
    /// Everything both list, what asks for a reader first.
    pub entries: Vec<Entry>,
    /// Verdicts, scores and counts that the two state differently.
    pub figures: Vec<Figure>,
    /// Where one of the two says something that the other does not bear out.
    pub mismatches: Vec<Mismatch>,
}

impl DocumentLineage {
    /// Nothing vanished, regressed or is new, and nothing that one says of the other is refuted.
    pub fn is_clean(&self) -> bool {
        let Counts { vanished, regressed, new, .. } = self.counts;
        vanished + regressed + new == 0 && !self.mismatches.iter().any(|mismatch| mismatch.is_certain)
    }

    /// Every text that comes from a document, for whoever must take secrets out of it.
    pub fn texts_mut(&mut self) -> Vec<&mut String> {
        let mut all: Vec<&mut String> = self.doubts.iter_mut().collect();
        for document in [&mut self.before, &mut self.after] {
            all.extend([&mut document.title, &mut document.system, &mut document.date].into_iter().flatten());
            all.extend(document.verdicts.iter_mut().chain(&mut document.scores).map(|quote| &mut quote.text));
        }
        for entry in &mut self.entries {
            all.push(&mut entry.title);
            all.extend([&mut entry.id, &mut entry.section].into_iter().flatten());
            all.extend(
                entry.changes.iter_mut().flat_map(|change| [&mut change.before, &mut change.after]).flatten(),
            );
            all.extend(&mut entry.notes);
            all.extend(entry.before.iter_mut().chain(&mut entry.after).map(|statement| &mut statement.text));
            all.extend(entry.mention.as_mut().map(|mention| &mut mention.text));
        }
        for figure in &mut self.figures {
            all.push(&mut figure.what);
            all.extend(figure.before.iter_mut().chain(&mut figure.after).map(|quote| &mut quote.text));
        }
        for mismatch in &mut self.mismatches {
            all.push(&mut mismatch.message);
            all.extend(mismatch.before.iter_mut().chain(&mut mismatch.after).map(|quote| &mut quote.text));
        }
        all
    }
}

/// One of the two documents in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// The name of its file.
    pub file: String,
    /// What it is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The system it says it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// Its date: as ISO 8601 where it can be read, else as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Its verdicts on the whole, each wording once.
    pub verdicts: Vec<Quote>,
    /// Its overall scores, each value once.
    pub scores: Vec<Quote>,
    /// How many things it says are open.
    pub open: u64,
    /// How many risks it accepts, or says do not apply.
    pub accepted: u64,
    /// How many things it says are done.
    pub done: u64,
    /// How many of its lines were not compared, because there are too many.
    pub left_out: u64,
}

/// Some words of a document, and where they stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Quote {
    /// The words.
    pub text: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// How a document says that something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Not done: listed as a problem, not ticked, failed, waited for.
    Open,
    /// A risk that is accepted, or said not to apply.
    Accepted,
    /// Done: ticked, resolved, passed, decided.
    Done,
}

impl Standing {
    /// The word people see.
    pub fn word(self) -> &'static str {
        match self {
            Standing::Open => "open",
            Standing::Accepted => "accepted",
            Standing::Done => "done",
        }
    }
}

/// What kind of thing is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A problem.
    Finding,
    /// Something outside that is waited for.
    Blocker,
    /// A condition of the launch.
    Condition,
    /// A risk, accepted or not.
    Risk,
    /// Something to be ticked.
    Task,
    /// A row or line with a state.
    Item,
    /// A decision.
    Decision,
    /// A phase, gate or step.
    Phase,
}

impl Kind {
    /// The word people see.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Finding => "finding",
            Kind::Blocker => "blocker",
            Kind::Condition => "condition",
            Kind::Risk => "risk",
            Kind::Task => "task",
            Kind::Item => "item",
            Kind::Decision => "decision",
            Kind::Phase => "phase",
        }
    }
}

/// How bad a document says something is, the worst first. Documents have more words for it than
/// a spec.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is the word it is named for")]
pub enum StatedSeverity {
    Blocker,
    Critical,
    High,
    Medium,
    Low,
    Info,
}

impl StatedSeverity {
    /// The word people see.
    pub fn word(self) -> &'static str {
        match self {
            StatedSeverity::Blocker => "blocker",
            StatedSeverity::Critical => "critical",
            StatedSeverity::High => "high",
            StatedSeverity::Medium => "medium",
            StatedSeverity::Low => "low",
            StatedSeverity::Info => "info",
        }
    }
}

/// What became of a thing. What asks for a reader comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The older one has it open or as an accepted risk, the newer one does not mention it.
    Vanished,
    /// The older one says it is done or accepted, the newer one has it open.
    Regressed,
    /// The newer one has it open or as an accepted risk, the older one does not mention it.
    New,
    /// Open in both.
    Open,
    /// Open in the older one, an accepted risk in the newer one.
    Accepted,
    /// Open in the older one, done according to the newer one.
    ClaimedFixed,
    /// Done in the older one, not mentioned in the newer one.
    Untold,
    /// Done according to the newer one, not mentioned in the older one.
    ToldDone,
    /// Done in both, or accepted in both.
    Unchanged,
}

impl State {
    /// All, in the order in which they are told.
    pub const ALL: [State; 9] = [
        State::Vanished,
        State::Regressed,
        State::New,
        State::Open,
        State::Accepted,
        State::ClaimedFixed,
        State::Untold,
        State::ToldDone,
        State::Unchanged,
    ];

    /// The word people see; the same everywhere.
    pub fn word(self) -> &'static str {
        match self {
            State::Vanished => "vanished",
            State::Regressed => "regressed",
            State::New => "new",
            State::Open => "open",
            State::Accepted => "accepted",
            State::ClaimedFixed => "claimed fixed",
            State::Untold => "no longer told",
            State::ToldDone => "told as done",
            State::Unchanged => "unchanged",
        }
    }

    /// What it means, as part of a sentence about the two documents.
    pub fn meaning(self) -> &'static str {
        match self {
            State::Vanished => "not done in the older one, not mentioned in the newer one",
            State::Regressed => "done or accepted in the older one, open in the newer one",
            State::New => "in the newer one only",
            State::Open => "in both, and not done",
            State::Accepted => "open in the older one, an accepted risk in the newer one",
            State::ClaimedFixed => "open in the older one, done as the newer one says; nobody looked",
            State::Untold => "done in the older one, not mentioned in the newer one",
            State::ToldDone => "in the newer one only, and done as it says",
            State::Unchanged => "done in both, or accepted in both",
        }
    }
}

impl std::fmt::Display for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.word())
    }
}

/// Entries by state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is the number of entries with the state it is named for")]
pub struct Counts {
    pub vanished: u64,
    pub regressed: u64,
    pub new: u64,
    pub open: u64,
    pub accepted: u64,
    pub claimed_fixed: u64,
    pub untold: u64,
    pub told_done: u64,
    pub unchanged: u64,
}

impl Counts {
    /// The counter of one state.
    pub fn of(&self, state: State) -> u64 {
        match state {
            State::Vanished => self.vanished,
            State::Regressed => self.regressed,
            State::New => self.new,
            State::Open => self.open,
            State::Accepted => self.accepted,
            State::ClaimedFixed => self.claimed_fixed,
            State::Untold => self.untold,
            State::ToldDone => self.told_done,
            State::Unchanged => self.unchanged,
        }
    }

    /// Counts one more entry.
    pub fn add(&mut self, state: State) {
        let counter = match state {
            State::Vanished => &mut self.vanished,
            State::Regressed => &mut self.regressed,
            State::New => &mut self.new,
            State::Open => &mut self.open,
            State::Accepted => &mut self.accepted,
            State::ClaimedFixed => &mut self.claimed_fixed,
            State::Untold => &mut self.untold,
            State::ToldDone => &mut self.told_done,
            State::Unchanged => &mut self.unchanged,
        };
        *counter += 1;
    }
}

/// What became of one thing. Kind, id, title, section and severity are those of the newer document when it
/// lists the thing, else those of the older one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What became of it.
    pub state: State,
    /// What it is.
    pub kind: Kind,
    /// Its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What it is called.
    pub title: String,
    /// The heading it stands under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// How bad it is said to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<StatedSeverity>,
    /// How it stands in the older document, all it says taken together; absent when it is not in there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<Standing>,
    /// How it stands in the newer document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is: Option<Standing>,
    /// What changed about it: severity, owner, last day and so on.
    pub changes: Vec<Change>,
    /// What else a reader must know, as sentences.
    pub notes: Vec<String>,
    /// Everything the older document says of it, in its order.
    pub before: Vec<Statement>,
    /// Everything the newer document says of it, in its order.
    pub after: Vec<Statement>,
    /// Where the document that does not list it names it all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mention: Option<Quote>,
}

/// Something about a thing that the two state differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// What: `severity`, `owner`, `due`, `effort`, `to be done`.
    pub what: String,
    /// What the older one says; absent when it says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What the newer one says; absent when it says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// One place where a document lists a thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// As what it is listed.
    pub kind: Kind,
    /// What it is called there.
    pub text: String,
    /// How it stands there.
    pub standing: Standing,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// A verdict, a score or a count that both or one of them state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// Of what.
    pub what: String,
    /// Every value that the older one states.
    pub before: Vec<Quote>,
    /// Every value that the newer one states.
    pub after: Vec<Quote>,
}

/// Something that one document says and the other one does not bear out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mismatch {
    /// The rule that found it.
    pub rule: String,
    /// Whether both cannot be right; otherwise a person should look.
    pub is_certain: bool,
    /// What does not fit, as a sentence without full stop.
    pub message: String,
    /// Places in the older document.
    pub before: Vec<Quote>,
    /// Places in the newer document.
    pub after: Vec<Quote>,
}
