//! The comparison of two documents under way: what was found, the pairs of schemas that still
//! wait, and which operations each of them reaches. A pair is compared once, however many
//! operations use it, so that one change of a component is one change. Work is bounded.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use gonogo_model::yaml::Node;

use super::super::library::{Lost, Spot};
use super::found::{At, Change, Kind, Side, Variance};
use super::shape::{Edition, Shape};

/// Changes of one pair of documents; more are counted as not compared.
const MOST_CHANGES: usize = 1_000;
/// Steps for the schemas of one pair of documents.
const STEPS: usize = 1_000_000;
/// Steps for finding out which operations a change reaches.
const REACH: usize = 10_000_000;
/// Characters of a pointer to which no more is added.
const LONGEST_POINTER: usize = 160;

/// Two documents that are being compared.
#[derive(Debug)]
pub(super) struct Comparison<'l> {
    pub(super) old: Edition<'l>,
    pub(super) new: Edition<'l>,
    /// The operations that were compared or are gone, by name.
    pub(super) operations: Vec<String>,
    pub(super) changes: Vec<Change>,
    /// References to other machines, the same in both.
    pub(super) not_followed: BTreeSet<String>,
    known: BTreeMap<Identity, usize>,
    here: Here,
    pairs: Vec<Pair<'l>>,
    paired: BTreeMap<Ends, usize>,
    roots: Vec<(usize, usize)>,
    waiting: VecDeque<usize>,
    steps: usize,
    is_cut: bool,
}

/// What makes two sightings the same change.
type Identity = (Kind, Side, At, &'static str, String, String);
/// The parts that two schemas are put together from.
type Ends = (Vec<*const Node>, Vec<*const Node>, Side);

/// What a change is found in.
#[derive(Debug, Clone, Copy)]
enum Here {
    Document,
    Operation(usize),
    Pair(usize),
}

/// Two schemas of the same value.
#[derive(Debug)]
struct Pair<'l> {
    ends: Rc<Meeting<'l>>,
    changes: Vec<usize>,
    below: Vec<usize>,
}

/// Two schemas of the same value, and how the value is called.
#[derive(Debug)]
pub(super) struct Meeting<'l> {
    pub(super) old: Shape<'l>,
    pub(super) new: Shape<'l>,
    pub(super) side: Side,
    pub(super) name: Name,
}

/// How a value is called: `schema Order /lines`.
#[derive(Debug, Clone)]
pub(super) struct Name {
    base: String,
    /// Where it is in the value that `base` names; empty for that value itself.
    pointer: String,
}

impl<'l> Comparison<'l> {
    pub(super) fn new(old: Edition<'l>, new: Edition<'l>) -> Comparison<'l> {
        Comparison {
            old,
            new,
            operations: Vec::new(),
            changes: Vec::new(),
            not_followed: BTreeSet::new(),
            known: BTreeMap::new(),
            here: Here::Document,
            pairs: Vec::new(),
            paired: BTreeMap::new(),
            roots: Vec::new(),
            waiting: VecDeque::new(),
            steps: STEPS,
            is_cut: false,
        }
    }

    /// What comes next is about this operation.
    pub(super) fn enter(&mut self, operation: String) {
        self.here = Here::Operation(self.operations.len());
        self.operations.push(operation);
    }

    /// What comes next is about the document.
    pub(super) fn leave(&mut self) {
        self.here = Here::Document;
    }

    /// Keeps a change, once.
    pub(super) fn found(&mut self, change: Change) {
        let identity = (
            change.kind,
            change.side,
            change.at.clone(),
            change.keyword,
            change.old.clone(),
            change.new.clone(),
        );
        let number = match self.known.get(&identity) {
            Some(number) => *number,
            None if self.changes.len() >= MOST_CHANGES => {
                self.is_cut = true;
                return;
            }
            None => {
                let number = self.changes.len();
                self.known.insert(identity, number);
                self.changes.push(change);
                number
            }
        };
        match self.here {
            Here::Document => {}
            Here::Operation(operation) => {
                if let Some(change) = self.changes.get_mut(number) {
                    change.operations.insert(operation);
                }
            }
            Here::Pair(pair) => {
                if let Some(pair) = self.pairs.get_mut(pair) {
                    pair.changes.push(number);
                }
            }
        }
    }

    /// Says that a part was not compared, and why.
    pub(super) fn not_compared(&mut self, subject: &str, at: At, why: &str) {
        self.found(Change::new(Kind::NotCompared, Side::Whole, Variance::Other, subject, at).values("", why));
    }

    /// A reference that could not be followed: in both documents, or in one.
    pub(super) fn lost(&mut self, subject: &str, at: At, reference: &str, lost: &Lost) {
        let why = match lost {
            Lost::NotFollowed => "leads to another machine or to a file that is not read",
            Lost::Wrong(why) => why,
            Lost::Endless => "leads back to itself",
        };
        self.not_compared(subject, at, &format!("the reference `{reference}` {why}"));
    }

    /// Compares two schemas of the same value later on; what is missing is any value.
    pub(super) fn schemas(&mut self, old: &[Spot<'l>], new: &[Spot<'l>], side: Side, name: Name) {
        if old.is_empty() && new.is_empty() || !self.spend(1) {
            return;
        }
        let (old, new) = (self.old.shape(old), self.new.shape(new));
        if !self.spend(old.size().saturating_add(new.size())) {
            return;
        }
        let ends: Ends = (addresses(&old), addresses(&new), side);
        let number = match self.paired.get(&ends) {
            Some(number) => *number,
            None => {
                let number = self.pair(old, new, side, name);
                self.paired.insert(ends, number);
                number
            }
        };
        match self.here {
            Here::Document => {}
            Here::Operation(operation) => self.roots.push((operation, number)),
            Here::Pair(above) => {
                if let Some(above) = self.pairs.get_mut(above) {
                    above.below.push(number);
                }
            }
        }
    }

    fn pair(&mut self, old: Shape<'l>, new: Shape<'l>, side: Side, name: Name) -> usize {
        let name = new.named.map_or(name, |component| Name::of(format!("schema {component}")));
        let number = self.pairs.len();
        let ends = Rc::new(Meeting { old, new, side, name });
        self.pairs.push(Pair { ends, changes: Vec::new(), below: Vec::new() });
        self.waiting.push_back(number);
        number
    }

    /// Takes steps from those that are left; whether there were enough.
    pub(super) fn spend(&mut self, steps: usize) -> bool {
        let left = self.steps.checked_sub(steps);
        self.is_cut |= left.is_none();
        self.steps = left.unwrap_or(0);
        left.is_some()
    }

    /// Compares every pair that waits, and those that come up meanwhile.
    pub(super) fn settle(&mut self) {
        while let Some(number) = self.waiting.pop_front() {
            let Some(meeting) = self.pairs.get(number).map(|pair| Rc::clone(&pair.ends)) else { continue };
            self.here = Here::Pair(number);
            super::schema::compare(self, &meeting);
        }
        self.here = Here::Document;
        self.spread();
        if self.is_cut {
            self.changes.truncate(MOST_CHANGES);
            let why = "the documents are too large, or differ in too much, to be compared whole";
            let change = Change::new(
                Kind::NotCompared,
                Side::Whole,
                Variance::Other,
                "the rest",
                At::new(self.new.root),
            );
            self.changes.push(change.values("", why));
        }
    }

    /// Which operations reach each change of a schema.
    fn spread(&mut self) {
        let leads = self.leading();
        let mut left = REACH;
        let mut stamps = vec![usize::MAX; self.pairs.len()];
        let roots = std::mem::take(&mut self.roots);
        for (stamp, (operation, root)) in roots.into_iter().enumerate() {
            let mut waiting = vec![root];
            while let Some(number) = waiting.pop() {
                let is_new = stamps.get(number).is_some_and(|seen| *seen != stamp);
                if left == 0 || !is_new || !leads.get(number).is_some_and(|leads| *leads) {
                    continue;
                }
                left = left.saturating_sub(1);
                if let Some(seen) = stamps.get_mut(number) {
                    *seen = stamp;
                }
                let Some(pair) = self.pairs.get(number) else { continue };
                waiting.extend(&pair.below);
                for change in &pair.changes {
                    if let Some(change) = self.changes.get_mut(*change) {
                        change.operations.insert(operation);
                    }
                }
            }
        }
    }

    /// The pairs that have a change, or lead to one.
    fn leading(&self) -> Vec<bool> {
        let mut above: Vec<Vec<usize>> = vec![Vec::new(); self.pairs.len()];
        let mut waiting: Vec<usize> = Vec::new();
        for (number, pair) in self.pairs.iter().enumerate() {
            for below in &pair.below {
                if let Some(above) = above.get_mut(*below) {
                    above.push(number);
                }
            }
            if !pair.changes.is_empty() {
                waiting.push(number);
            }
        }
        let mut leads = vec![false; self.pairs.len()];
        while let Some(number) = waiting.pop() {
            if let Some(lead) = leads.get_mut(number).filter(|lead| !**lead) {
                *lead = true;
                waiting.extend(above.get(number).into_iter().flatten());
            }
        }
        leads
    }
}

impl<'l> Meeting<'l> {
    /// Where a keyword stands: in the new schema, or where it was in the old one.
    pub(super) fn at(&self, keyword: &str) -> At {
        match (self.new.first(keyword), self.old.first(keyword)) {
            (Some(spot), _) => At::new(spot),
            (None, Some(spot)) => At::old(spot),
            (None, None) => self.itself(),
        }
    }

    /// Where the schema itself stands.
    pub(super) fn itself(&self) -> At {
        match (self.new.parts.first(), self.old.parts.first()) {
            (Some(spot), _) => At::new(*spot),
            (None, Some(spot)) => At::old(*spot),
            (None, None) => At { is_old: false, file: String::new(), line: 1, column: 1 },
        }
    }

    /// How a part of the value is called.
    pub(super) fn below(&self, part: &str) -> Name {
        let pointer: String = match self.name.pointer.len() > LONGEST_POINTER {
            true => format!("/…/{part}"),
            false => format!("{}/{part}", self.name.pointer),
        };
        Name { base: self.name.base.clone(), pointer }
    }

    /// How the value is called.
    pub(super) fn subject(&self) -> String {
        self.name.subject()
    }
}

impl Name {
    pub(super) fn of(base: impl Into<String>) -> Name {
        Name { base: base.into(), pointer: String::new() }
    }

    pub(super) fn subject(&self) -> String {
        if self.pointer.is_empty() { self.base.clone() } else { format!("{} {}", self.base, self.pointer) }
    }
}

fn addresses(shape: &Shape<'_>) -> Vec<*const Node> {
    shape.parts.iter().chain(&shape.lost).map(|part| std::ptr::from_ref(part.node)).collect()
}
