//! Things: the statements of one document that are about one thing, joined. A report lists a
//! problem in a table, writes it out, weighs its risk and ticks a box for it; that is one thing.

use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::lineage::document::{Kind, Standing};

use super::likeness::{self, Index};
use super::statement::{MOST, Statement};
use crate::element::Disposition;
use crate::value::{Duration, Id, Severity};

/// What one document says about one thing.
#[derive(Debug)]
pub(super) struct Thing<'a> {
    /// In document order; never empty.
    pub(super) statements: Vec<&'a Statement>,
    /// The statement that says most.
    pub(super) first: &'a Statement,
}

impl<'a> Thing<'a> {
    pub(super) fn kind(&self) -> Kind {
        self.first.kind
    }

    /// How it stands when all that is said is taken together. What is said outweighs what is only
    /// listed, a risk that is taken outweighs the work that is left, and open outweighs done.
    pub(super) fn standing(&self) -> Standing {
        let says = |kind: Option<Kind>, standing: Standing| {
            let mut of =
                self.statements.iter().filter(|statement| kind.is_none_or(|kind| statement.kind == kind));
            of.any(|statement| statement.said == Some(standing))
        };
        match () {
            () if says(Some(Kind::Risk), Standing::Open) => Standing::Open,
            () if says(None, Standing::Accepted) => Standing::Accepted,
            () if says(None, Standing::Open) => Standing::Open,
            () if says(None, Standing::Done) => Standing::Done,
            () => Standing::Open,
        }
    }

    /// A place where it is said to be done, when another one says that it is open.
    pub(super) fn disputed(&self) -> Option<(&'a Statement, &'a Statement)> {
        let said =
            |standing| self.statements.iter().copied().find(|statement| statement.said == Some(standing));
        Some((said(Standing::Done)?, said(Standing::Open)?)).filter(|_| self.standing() == Standing::Open)
    }

    /// The worst that is said of it.
    pub(super) fn severity(&self) -> Option<Severity> {
        self.statements.iter().filter_map(|statement| statement.severity).min()
    }

    /// The strictest that is wanted.
    pub(super) fn disposition(&self) -> Option<Disposition> {
        self.statements.iter().filter_map(|statement| statement.disposition).min()
    }

    pub(super) fn id(&self) -> Option<&'a Id> {
        self.first.id.as_ref().or_else(|| self.statements.iter().find_map(|statement| statement.id.as_ref()))
    }

    pub(super) fn owner(&self) -> Option<&'a str> {
        self.statements.iter().find_map(|statement| statement.owner.as_deref())
    }

    pub(super) fn due(&self) -> Option<&'a str> {
        self.statements.iter().find_map(|statement| statement.due.as_deref())
    }

    pub(super) fn choice(&self) -> Option<&'a str> {
        self.statements.iter().find_map(|statement| statement.choice.as_deref())
    }

    pub(super) fn effort(&self) -> Option<&'a (Duration, String)> {
        self.statements.iter().find_map(|statement| statement.effort.as_ref())
    }
}

/// The things of a document, in the order of their first places.
pub(super) fn all(statements: &[Statement]) -> Vec<Thing<'_>> {
    let mut order: Vec<&Statement> = statements.iter().take(MOST).collect();
    order.sort_by_key(|statement| (statement.rank(), statement.span));
    let mut things: Vec<Thing<'_>> = Vec::new();
    let frequent = likeness::frequent(statements);
    let mut index = Index::without(&frequent);
    let several = counted_anew(statements);
    for statement in order {
        let near = index.near(things.len(), statement);
        let is_id =
            statement.id.as_ref().is_some_and(|id| !several.contains(&(id.prefix.clone(), id.number)));
        let best = near.iter().filter_map(|at| Some((joins(things.get(*at)?, statement, is_id)?, *at)));
        // The surest; of those the first.
        let at = best.max_by_key(|(strength, at)| (*strength, std::cmp::Reverse(*at))).map(|(_, at)| at);
        let at = at.unwrap_or(things.len());
        index.add(at, statement);
        match things.get_mut(at) {
            Some(thing) => thing.statements.push(statement),
            None => things.push(Thing { statements: vec![statement], first: statement }),
        }
    }
    for thing in &mut things {
        thing.statements.sort_by_key(|statement| (statement.span, statement.kind));
    }
    things.sort_by_key(|thing| thing.statements.first().map(|statement| (statement.span, statement.kind)));
    things
}

/// Ids that stand for several things, because each section counts anew: two statements of one form
/// have them.
fn counted_anew(statements: &[Statement]) -> BTreeSet<(String, u64)> {
    let mut seen = BTreeSet::new();
    let with_id = statements.iter().filter_map(|statement| Some((statement, statement.id.as_ref()?)));
    let again = with_id.filter_map(|(statement, id)| {
        let key = (id.prefix.clone(), id.number);
        (!seen.insert((key.clone(), statement.kind, statement.form))).then_some(key)
    });
    again.collect()
}

/// How sure it is that a statement is about a thing.
fn joins(thing: &Thing<'_>, statement: &Statement, is_id: bool) -> Option<likeness::Strength> {
    // A row that passed does not close a problem that the same document lists.
    let is_apart = |other: &&Statement| other.is_passed_row() || other.list == statement.list;
    if statement.is_passed_row() || thing.statements.iter().any(is_apart) {
        return None;
    }
    thing.statements.iter().filter_map(|other| likeness::within(other, statement, is_id)).max()
}

/// The things that carry each id, by their numbers.
pub(super) type Ids = BTreeMap<(String, u64), Vec<usize>>;

/// The things of a document that carry each id.
pub(super) fn ids(things: &[Thing<'_>]) -> Ids {
    let mut found = Ids::new();
    for (at, thing) in things.iter().enumerate() {
        for id in thing.statements.iter().filter_map(|statement| statement.id.as_ref()) {
            let all = found.entry((id.prefix.clone(), id.number)).or_default();
            if all.last() != Some(&at) {
                all.push(at);
            }
        }
    }
    found
}
