//! The report as one self-contained page: no script, no outside resource, charts inline. Each
//! part is a room; this one only knows their order.

mod actions;
mod charts;
mod checks;
mod decisions;
mod findings;
mod flow;
mod gantt;
mod load;
mod markup;
mod parts;
mod schedule;
mod sections;
mod summary;

use gonogo_model::verdict::Verdict;

use crate::section::{self, Section};
use markup::{Element, Html, element};
use parts::{Table, section, span};

/// Nothing may be loaded, run, framed or sent; only our own style sheet applies.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
const ROLES: [&str; 4] = ["Engineering", "Operations", "Security", "Release manager"];

/// The whole page.
pub(crate) fn render(verdict: &Verdict) -> String {
    let one = |section: Option<Section>| section.map(sections::section).into_iter().collect::<Vec<_>>();
    let tracked = section::tracked(verdict).into_iter().map(sections::section).collect::<Vec<_>>();
    let parts = [
        vec![summary::overview(verdict), summary::reasons(verdict)],
        one(section::dispositions(verdict)),
        actions::next(verdict).into_iter().collect(),
        one(section::efforts(verdict)),
        [schedule::critical_path(verdict), flow::stages(verdict)].into_iter().flatten().collect(),
        vec![summary::categories(verdict)],
        one(section::categories(verdict)),
        vec![findings::all(verdict)],
        findings::hints(verdict).into_iter().chain(decisions::all(verdict)).collect(),
        one(section::scenarios(verdict)),
        load::runs(verdict).into_iter().collect(),
        one(section::glance(verdict)),
        tracked,
        one(section::plan(verdict)),
        vec![checks::matrix(verdict), checks::explained(verdict)],
        one(section::conclusion(verdict)),
        vec![section::authorisation(verdict).map_or_else(|| sign_off(verdict), sections::section)],
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<Element>>();
    let body = element("body")
        .child(element("a").class("skip").attr("href", "#overview").text("Skip to the report"))
        .child(summary::header(verdict))
        .child(navigation(verdict))
        .child(element("main").children(parts))
        .child(footer());
    let page = element("html").attr("lang", "en").child(head(verdict)).child(body);
    format!("<!doctype html>\n{}", Html::from(page).as_str())
}

fn head(verdict: &Verdict) -> Element {
    let meta = |name: &str, content: &str| element("meta").attr("name", name).attr("content", content);
    let title = format!("{}: {} ({})", verdict.call, verdict.system, verdict.environment);
    element("head")
        .child(element("meta").attr("charset", "utf-8"))
        .child(element("meta").attr("http-equiv", "Content-Security-Policy").attr("content", POLICY))
        .child(meta("viewport", "width=device-width, initial-scale=1"))
        .child(meta("referrer", "no-referrer"))
        .child(meta("color-scheme", "light dark"))
        .child(element("title").lines(&title))
        .child(element("style").style(include_str!("style.css")))
}

fn navigation(verdict: &Verdict) -> Element {
    let parts = [
        ("why", "Why", true),
        ("must-fix", "Must fix", verdict.findings.iter().any(|finding| !finding.accepted)),
        ("actions", "Next actions", !verdict.actions.is_empty()),
        ("schedule", "Critical path", !verdict.schedule.tasks.is_empty()),
        ("categories", "Categories", true),
        ("register", "Register", !verdict.categories.is_empty()),
        ("findings", "Findings", true),
        ("hints", "Worth a look", !verdict.hint_results.is_empty()),
        ("blockers", "Blockers", !verdict.registers.blockers.is_empty()),
        ("decided", "Decisions", !verdict.registers.decisions.is_empty()),
        ("phases", "Phases", !verdict.registers.phases.is_empty()),
        ("checklists", "Checklists", !verdict.registers.checklists.is_empty()),
        ("launch", "Launch", verdict.registers.launch.is_some()),
        ("load", "Under load", !verdict.loads.is_empty()),
        ("matrix", "Matrix", true),
        ("checks", "Every check", true),
        ("conclusion", "Conclusion", !verdict.results.is_empty()),
        ("sign-off", "Sign-off", true),
    ];
    let shown = parts.into_iter().filter(|(_, _, shown)| *shown);
    let links = shown.map(|(id, name, _)| element("a").attr("href", format!("#{id}")).text(name));
    element("nav").attr("aria-label", "Parts of the report").children(links)
}

fn sign_off(verdict: &Verdict) -> Element {
    let mut table = Table::new("Signatures", ["Role", "Name", "Date", "Signature"]);
    ROLES.iter().for_each(|role| table.row(element("tr"), [span(role), span(""), span(""), span("")]));
    let read = format!(
        "We have read this report: {} for {} ({}), spec {}.",
        verdict.call,
        verdict.system,
        verdict.environment,
        verdict.spec.short()
    );
    section("sign-off", "Sign-off").child(element("p").text(read)).child(table.finish())
}

fn footer() -> Element {
    element("footer").text(
        "Computed by gonogo from sealed evidence; every number above is a field of the verdict. \
         Check it offline with `gonogo verify RUN`, which recomputes the verdict and compares the bytes.",
    )
}
