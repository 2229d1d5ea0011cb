//! Reasons: for each rule of the verdict function, whether it applies, the sentence that says
//! so with names and numbers, and the checks that caused it. A rule applies when it has a reason.

use std::collections::BTreeMap;

use gonogo_model::amount::Percent;
use gonogo_model::register::RegisterStates;
use gonogo_model::spec::Spec;
use gonogo_model::status::{Severity, Status};
use gonogo_model::verdict::{
    AcceptanceState, AcceptanceUse, Call, CategoryScore, CheckResult, ConditionProgress, ConditionState,
    Reason, Rule,
};

use crate::Integrity;
use crate::finding::Found;
use crate::mark::Mark;
use crate::register;
use crate::rules::{Signals, call};
use crate::score::{self, Scores};
use crate::stage::Gates;
use crate::wording::{count, list};

/// Everything the rules look at.
pub(crate) struct Picture<'a> {
    pub(crate) spec: &'a Spec,
    pub(crate) integrity: Integrity<'a>,
    pub(crate) results: &'a [CheckResult],
    pub(crate) marks: &'a [Mark],
    pub(crate) found: &'a [Found],
    pub(crate) acceptances: &'a [AcceptanceState],
    pub(crate) conditions: &'a [(ConditionState, Option<usize>)],
    pub(crate) gates: &'a Gates,
    pub(crate) scores: &'a Scores,
    pub(crate) registers: &'a RegisterStates,
}

/// A sentence, and the positions of the checks that caused it.
type Because = Option<(String, Vec<usize>)>;

/// What the rules say together.
pub(crate) struct Decided {
    pub(crate) call: Call,
    /// A reason for every rule that applies and says the same, in the order of the rules.
    pub(crate) reasons: Vec<Reason>,
    /// For each category, the worst that a rule says about a check of it.
    pub(crate) categories: Vec<Call>,
}

/// The call, with its reasons and what it would be for each category.
pub(crate) fn decide(picture: &Picture<'_>) -> Decided {
    let mut reasons: Vec<Reason> = Vec::new();
    let mut categories = vec![Call::Go; picture.scores.categories.len()];
    for rule in Rule::ALL {
        let Some((reason, at)) = reason(picture, rule) else { continue };
        for category in at.iter().filter_map(|at| picture.marks.get(*at)?.category) {
            categories.get_mut(category).into_iter().for_each(|call| *call = rule.call().min(*call));
        }
        reasons.push(reason);
    }
    let call = call(&Signals::of(reasons.iter().map(|reason| reason.rule)));
    reasons.retain(|reason| reason.rule.call() == call);
    Decided { call, reasons, categories }
}

/// Why a rule applies, and the positions of the checks that it is about by name. A rule about the
/// score as a whole, or about registers, decides no category.
fn reason(picture: &Picture<'_>, rule: Rule) -> Option<(Reason, Vec<usize>)> {
    let (text, mut at) = match rule {
        Rule::RegisterOpen => return of_registers(rule, register::open(picture.registers)?),
        Rule::RegisterPending => return of_registers(rule, register::pending(picture.registers)?),
        Rule::IntegrityBroken => picture.integrity_broken(),
        Rule::GateFailed => picture.gate_failed(),
        Rule::BlockerOpen => picture.blocker_open(),
        Rule::NotWaivable => picture.not_waivable(),
        Rule::RequiredUnproven => picture.required_unproven(),
        Rule::NothingScored => picture.nothing_scored(),
        Rule::UnderFloor => picture.under_floor(),
        Rule::UnderConditional => picture.under(picture.spec.policy.conditional_at, "CONDITIONAL GO"),
        Rule::ConditionOverdue => picture.conditions(ConditionProgress::Overdue),
        Rule::AcceptanceInUse => picture.acceptance_in_use(),
        Rule::ConditionOpen => picture.conditions(ConditionProgress::Open),
        Rule::PartlyProven => picture.partly_proven(),
        Rule::UnderGo => picture.under(picture.spec.policy.go_at, "GO"),
    }?;
    at.sort_unstable();
    at.dedup();
    // A rule without a check of its own is about the whole plan.
    let checks = match at.is_empty() {
        true => picture.results.iter().map(|result| result.check.clone()).collect(),
        false => at.iter().filter_map(|at| picture.results.get(*at)).map(|r| r.check.clone()).collect(),
    };
    if matches!(rule, Rule::UnderConditional | Rule::UnderGo) {
        at.clear();
    }
    Some((Reason { rule, text, checks, entries: Vec::new() }, at))
}

fn of_registers(rule: Rule, because: register::Because) -> Option<(Reason, Vec<usize>)> {
    let register::Because { text, checks, entries } = because;
    Some((Reason { rule, text, checks, entries }, Vec::new()))
}

impl Picture<'_> {
    fn integrity_broken(&self) -> Because {
        match self.integrity {
            Integrity::Sound => None,
            Integrity::Broken(why) => Some((format!("the stored evidence does not verify: {why}"), vec![])),
        }
    }

    fn gate_failed(&self) -> Because {
        let mut holding: BTreeMap<usize, Vec<usize>> =
            self.gates.roots().into_iter().map(|gate| (gate, Vec::new())).collect();
        for (at, mark) in self.marks.iter().enumerate().filter(|(_, mark)| mark.holds()) {
            if let Some(checks) = mark.stage.and_then(|stage| holding.get_mut(&stage)) {
                checks.push(at);
            }
        }
        let sentence = |(gate, checks): (&usize, &Vec<usize>)| {
            let id = self.spec.stages.get(*gate).map_or("", |stage| stage.id.as_str());
            let results = checks.iter().filter_map(|at| self.results.get(*at));
            gate_sentence(id, results.map(|result| (result.check.as_str(), result.status)))
        };
        let text = list(&holding, sentence);
        (!holding.is_empty()).then(|| (text, holding.into_values().flatten().collect()))
    }

    fn blocker_open(&self) -> Because {
        let open = |found: &&Found| {
            let finding = &found.finding;
            finding.severity == Severity::Blocker && finding.status == Status::Fail && !finding.accepted
        };
        let open: Vec<&Found> = self.found.iter().filter(open).collect();
        let number = count(open.len(), "blocker is open", "blockers are open");
        let text = format!("{number}: {}", list(&open, |found| found.finding.id.clone()));
        (!open.is_empty()).then(|| (text, open.iter().flat_map(|found| found.checks.clone()).collect()))
    }

    fn not_waivable(&self) -> Because {
        let at = self.positions(|mark| !mark.waivable && !mark.is_done());
        let number = count(
            at.len(),
            "check that cannot be waived is not PASS",
            "checks that cannot be waived are not PASS",
        );
        self.because(number, at)
    }

    fn required_unproven(&self) -> Because {
        let at = self.positions(Mark::is_missed);
        let number = count(at.len(), "required check is not proven", "required checks are not proven");
        self.because(number, at)
    }

    fn nothing_scored(&self) -> Because {
        let empty = |category: &CategoryScore| score::applicable(&category.counts) == 0;
        let names: Vec<String> =
            self.categories(empty).map(|category| format!("`{}`", category.id)).collect();
        let text = match names.is_empty() {
            true if self.spec.categories.is_empty() => "there is no category to score".to_owned(),
            true => return None,
            false => {
                let number = count(names.len(), "category has", "categories have");
                format!("{number} nothing that could be scored: {}", list(names, |name| name))
            }
        };
        Some((text, self.positions_in(empty, |_| true)))
    }

    fn under_floor(&self) -> Because {
        let sentence = |category: &CategoryScore| {
            let floor = category.floor.map(|floor| floor.to_string()).unwrap_or_default();
            let (percent, exact) = (&category.score.percent, &category.score.exact);
            format!("`{}` is at {percent} ({exact}), under its floor of {floor}", category.id)
        };
        let is_under = |category: &CategoryScore| !category.floor_met;
        let under: Vec<String> = self.categories(is_under).map(sentence).collect();
        (!under.is_empty())
            .then(|| (list(under, |text| text), self.positions_in(is_under, |mark| !mark.is_done())))
    }

    fn categories(&self, wanted: fn(&CategoryScore) -> bool) -> impl Iterator<Item = &CategoryScore> {
        self.scores.categories.iter().filter(move |category| wanted(category))
    }

    /// The checks that are `wanted` in the categories that are `wanted_category`.
    fn positions_in(
        &self,
        wanted_category: fn(&CategoryScore) -> bool,
        wanted: fn(&Mark) -> bool,
    ) -> Vec<usize> {
        let categories: Vec<bool> = self.scores.categories.iter().map(wanted_category).collect();
        let is_in = |mark: &Mark| mark.category.and_then(|at| categories.get(at)).copied().unwrap_or(false);
        self.positions(|mark| is_in(mark) && wanted(mark))
    }

    fn under(&self, limit: Percent, call: &str) -> Because {
        let score = &self.scores.score;
        let text = format!("the score is {} ({}), under the {limit} of a {call}", score.percent, score.exact);
        score::is_under(&self.scores.exact, limit).then(|| (text, self.positions(|mark| !mark.is_done())))
    }

    fn conditions(&self, wanted: ConditionProgress) -> Because {
        let these: Vec<_> = self.conditions.iter().filter(|(state, _)| state.state == wanted).collect();
        let sentence = |(state, at): &&(ConditionState, Option<usize>)| {
            let status = at.and_then(|at| self.marks.get(at)).map_or("missing", |mark| mark.status.word());
            let is = if wanted == ConditionProgress::Overdue { "was due on" } else { "is due on" };
            format!("the condition `{}` {is} {}: {} is {status}", state.id, state.due, state.check)
        };
        let at = these.iter().filter_map(|(_, at)| *at).collect();
        (!these.is_empty()).then(|| (list(&these, sentence), at))
    }

    /// An acceptance that names an open finding, in force or not, or one that nobody could look
    /// for: a risk that somebody saw is not gone before a look shows it.
    fn acceptance_in_use(&self) -> Because {
        if self.acceptances.is_empty() {
            return None;
        }
        let open: BTreeMap<&str, &[usize]> =
            self.found.iter().map(|found| (found.finding.id.as_str(), &*found.checks)).collect();
        let unseen = self.unseen();
        let (mut texts, mut at) = (Vec::new(), Vec::new());
        for acceptance in self.acceptances {
            let id = acceptance.finding.as_str();
            let (checks, word) = match acceptance.state {
                AcceptanceUse::Unused => (unseen.get(&rule_of(id)).map(Vec::as_slice), "not looked for"),
                state => (open.get(id).copied(), state.word()),
            };
            let Some(checks) = checks else { continue };
            texts.push(format!("{id} ({word})"));
            at.extend_from_slice(checks);
        }
        let number = count(texts.len(), "risk has an acceptance", "risks have an acceptance");
        (!texts.is_empty()).then(|| (format!("{number}: {}", list(texts, |text| text)), at))
    }

    /// Checks that nobody could judge in full, by the category and rule of the findings they make.
    fn unseen(&self) -> BTreeMap<(String, String), Vec<usize>> {
        let mut home: BTreeMap<&str, &str> = BTreeMap::new();
        let mut unseen: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
        for (at, (check, mark)) in self.spec.checks.iter().zip(self.marks).enumerate() {
            let (category, rule) = match &check.root_cause {
                Some(root_cause) => (*home.entry(root_cause).or_insert(&check.category), root_cause),
                None => (check.category.as_str(), &check.id),
            };
            if mark.unproven {
                unseen.entry((category.to_owned(), rule.clone())).or_default().push(at);
            }
        }
        unseen
    }

    fn partly_proven(&self) -> Because {
        let at = self.positions(|mark| {
            mark.required && matches!(mark.status, Status::Partial | Status::Attested | Status::Fail)
        });
        let looked = |mark: &Mark| matches!(mark.status, Status::Pass | Status::Partial | Status::Fail);
        if at.is_empty() && !self.marks.iter().any(looked) {
            return self.because("no check was looked at".to_owned(), self.positions(|mark| !mark.is_done()));
        }
        let number =
            count(at.len(), "required check is not fully proven", "required checks are not fully proven");
        self.because(number, at)
    }

    fn because(&self, number: String, at: Vec<usize>) -> Because {
        let name = |result: &CheckResult| format!("{} ({})", result.check, result.status);
        let text = format!("{number}: {}", list(at.iter().filter_map(|at| self.results.get(*at)), name));
        (!at.is_empty()).then_some((text, at))
    }

    fn positions(&self, wanted: impl Fn(&Mark) -> bool) -> Vec<usize> {
        self.marks.iter().enumerate().filter(|(_, mark)| wanted(mark)).map(|(at, _)| at).collect()
    }
}

/// ``the gate `pre-gate` did not pass: jwt-secret (FAIL), pool-size (NOT RUN)``.
pub(crate) fn gate_sentence<'a>(gate: &str, holding: impl Iterator<Item = (&'a str, Status)>) -> String {
    let mut holding = holding.peekable();
    match holding.peek() {
        None => format!("the gate `{gate}` did not pass: it has no check"),
        Some(_) => {
            let names = list(holding, |(check, status)| format!("{check} ({status})"));
            format!("the gate `{gate}` did not pass: {names}")
        }
    }
}

/// Category and rule of a finding's id.
fn rule_of(finding: &str) -> (String, String) {
    let mut parts = finding.splitn(3, '/');
    let mut part = || parts.next().unwrap_or_default().to_owned();
    (part(), part())
}
