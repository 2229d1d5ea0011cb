//! Things that the document itself shows to be open: boxes without a tick, rows that failed or wait,
//! problems that are listed.

use std::collections::BTreeSet;

use super::item::{Item, Source};
use super::topic::Topic;
use super::{Facts, Role};
use crate::contradiction::kind::Said;
use crate::element::{self, Elements};
use crate::name::Name;
use crate::outline::Text;
use crate::value::{Id, Mark, Polarity, Severity, Sign, State};

/// How a thing is shown to be open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Openness {
    /// Its box is not ticked.
    Unticked,
    /// Its row says that it failed, is missing or waits.
    Row,
    /// It is listed as a problem.
    Problem,
    /// Its risk is not accepted.
    NotAccepted,
}

impl Openness {
    /// What is said of such a thing.
    pub(crate) fn said(self) -> &'static str {
        match self {
            Openness::Unticked => "is still to be ticked",
            Openness::Row => "is not done by its row",
            Openness::Problem => "is listed as a problem",
            Openness::NotAccepted => "is a risk that is not accepted",
        }
    }
}

/// Findings, blockers and conditions that are told in sections and fields, as things.
pub(crate) fn read(elements: &Elements, items: &[Item]) -> Vec<Item> {
    let known: BTreeSet<u32> = items.iter().map(|item| item.said.span.line).collect();
    let thing = |id: Option<Id>,
                 title: &Text,
                 severity: Option<Severity>,
                 mark: Option<Mark>,
                 at: element::Source| Item {
        id,
        name: Name::of(&title.plain),
        title: title.plain.trim().to_owned(),
        severity,
        group_severity: None,
        mark,
        ticked: None,
        owner: None,
        due: None,
        source: Source::Heading,
        section: at.section,
        said: Said::at(title.span, &title.plain),
    };
    let findings =
        elements.findings.iter().filter(|finding| finding.status.is_some() || finding.id.is_some());
    let findings = findings.map(|finding| {
        thing(finding.id.clone(), &finding.title, finding.severity, finding.status, finding.source)
    });
    let blockers = elements.blockers.iter().filter(|blocker| blocker.status.is_some());
    let blockers = blockers.map(|blocker| {
        thing(blocker.id.clone(), &blocker.name, Some(Severity::Blocker), blocker.status, blocker.source)
    });
    findings
        .chain(blockers)
        .filter(|item| !known.contains(&item.said.span.line) && !item.title.is_empty())
        .take(MOST)
        .collect()
}

/// The most open things that rules compare with others.
pub(crate) const MOST: usize = 1_000;

impl Facts<'_> {
    /// Everything that is open, in document order.
    pub(crate) fn open(&self) -> Vec<(&Item, Openness)> {
        self.items
            .iter()
            .chain(&self.read)
            .filter_map(|item| Some((item, self.openness(item)?)))
            .take(MOST)
            .collect()
    }

    /// Whether and how a thing is open.
    pub(crate) fn openness(&self, item: &Item) -> Option<Openness> {
        if item.state() == Some(State::NotAccepted) {
            return Some(Openness::NotAccepted);
        }
        match item.ticked {
            Some(true) => return None,
            Some(false) => return Some(Openness::Unticked),
            None => {}
        }
        let polarity = item.mark.map(|mark| mark.polarity());
        if let Source::Row(grid) = item.source {
            let has_state = self.grids.get(grid).is_some_and(|grid| grid.column(Role::Status).is_some());
            if !has_state && item.severity.is_some() && self.is_directly_under(item.section, Topic::Problems)
            {
                return Some(Openness::Problem);
            }
            return matches!(polarity, Some(Polarity::Bad | Polarity::Open)).then_some(Openness::Row);
        }
        let is_closed =
            matches!(item.state(), Some(State::Resolved | State::Accepted | State::NotApplicable))
                || item.mark.and_then(|mark| mark.sign) == Some(Sign::Good);
        let by_id = item.id.is_some() && item.severity.is_some();
        let is_criterion =
            self.is_under(item.section, Topic::Forbids) || self.is_under(item.section, Topic::Criteria);
        // A word such as `fail` is part of a name as often.
        let sign = item.mark.and_then(|mark| mark.sign);
        let by_sign = matches!(sign, Some(Sign::Bad | Sign::Stopped)) && !is_criterion;
        let by_state = matches!(
            item.state(),
            Some(State::Open | State::InProgress | State::Pending | State::NotStarted)
        ) && item.source == Source::Heading;
        let is_listed = by_state || by_id || by_sign || self.is_directly_under(item.section, Topic::Problems);
        (is_listed && !is_closed).then_some(Openness::Problem)
    }
}
