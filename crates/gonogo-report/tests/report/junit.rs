//! JUnit is read back by an XML parser, and its numbers agree with its cases.

use std::collections::BTreeMap;

use gonogo_model::status::Status;
use gonogo_model::verdict::Verdict;
use gonogo_report::Format;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::fixture;

const NUMBERS: [&str; 4] = ["tests", "failures", "errors", "skipped"];

/// What a reader of the file sees.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Numbers of the whole and of each suite, as attributes.
    said: Vec<BTreeMap<String, usize>>,
    /// Elements counted: of the whole, then of each suite.
    counted: Vec<BTreeMap<&'static str, usize>>,
    /// Name of each case, and the element inside that says how it ended.
    pub(crate) cases: Vec<(String, Option<String>)>,
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = tag.attributes().map(Result::unwrap).find(|a| a.key.as_ref() == name.as_bytes())?;
    Some(attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).unwrap().into_owned())
}

pub(crate) fn read(xml: &str) -> Seen {
    let mut reader = Reader::from_str(xml);
    let mut seen = Seen::default();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) | Event::Empty(tag) => see(&mut seen, &tag),
            Event::Text(text) => drop(text.decode().unwrap()),
            Event::Eof => return seen,
            _ => {}
        }
    }
}

fn see(seen: &mut Seen, tag: &BytesStart<'_>) {
    let name = String::from_utf8(tag.name().as_ref().to_vec()).unwrap();
    let counted = match name.as_str() {
        "testsuites" | "testsuite" => {
            let number = |name: &str| (name.to_owned(), attribute(tag, name).unwrap().parse().unwrap());
            seen.said.push(NUMBERS.iter().map(|name| number(name)).collect());
            return seen.counted.push(BTreeMap::new());
        }
        "testcase" => {
            seen.cases.push((attribute(tag, "name").unwrap(), None));
            "tests"
        }
        "failure" => "failures",
        "error" => "errors",
        "skipped" => "skipped",
        _ => return,
    };
    if counted != "tests" {
        seen.cases.last_mut().unwrap().1 = Some(name);
    }
    let last = seen.counted.len() - 1;
    for place in [0, last] {
        *seen.counted[place].entry(counted).or_default() += 1;
    }
}

/// Entries of all registers; what the file of a checklist lacks is one.
fn entries(verdict: &Verdict) -> usize {
    let registers = &verdict.registers;
    let lists = registers.checklists.iter().map(|list| {
        let tasks: usize = list.sections.iter().map(|section| section.tasks.len()).sum();
        tasks + list.file.iter().filter(|file| file.missing > 0).count()
    });
    registers.blockers.len()
        + registers.decisions.len()
        + lists.sum::<usize>()
        + registers.phases.len()
        + registers.launch.as_ref().map_or(0, |launch| launch.steps.len())
        + registers.sign_off.as_ref().map_or(0, |sign_off| sign_off.roles.len())
}

pub(crate) fn assert_agrees(verdict: &Verdict) -> Seen {
    let seen = read(&fixture::render(verdict, Format::Junit));
    let checks = verdict.results.len() + verdict.hint_results.len();
    assert_eq!(seen.cases.len(), checks + entries(verdict));
    for (said, counted) in seen.said.iter().zip(&seen.counted) {
        for name in NUMBERS {
            assert_eq!(said[name], counted.get(name).copied().unwrap_or(0), "{name}");
        }
    }
    seen
}

#[test]
fn numbers_agree_with_cases() {
    for (_, verdict) in fixture::all() {
        assert_agrees(&verdict);
    }
}

#[test]
fn what_holds_the_launch_up_fails_and_what_is_met_passes() {
    let verdict = crate::registers::verdict();
    let seen = assert_agrees(&verdict);
    let ended: Vec<(&str, &str)> = seen.cases[verdict.results.len()..]
        .iter()
        .map(|(name, ended)| (name.as_str(), ended.as_deref().unwrap_or("passed")))
        .collect();
    assert_eq!(
        ended,
        [
            ("LATER-009", "passed"),
            ("LATER-002", "error"),
            ("ACTION-040", "failure"),
            ("NOTE-1", "skipped"),
            ("DEC-001", "passed"),
            ("DEC-005", "skipped"),
            ("go-live/t-7/order", "passed"),
            ("go-live/t-7/copy", "failure"),
            ("go-live/after/watch", "passed"),
            ("go-live/routes", "error"),
            ("cutover", "failure"),
            ("canary", "passed"),
            ("everybody", "passed"),
            ("Operations", "passed"),
            ("Release manager", "failure"),
        ]
    );
}

#[test]
fn silence_is_never_green() {
    for status in Status::ALL {
        let mut verdict = crate::go::verdict();
        verdict.results[0].status = status;
        let seen = assert_agrees(&verdict);
        let ended = match status {
            Status::Pass | Status::Attested => None,
            Status::NotApplicable => Some("skipped".to_owned()),
            Status::Fail | Status::Partial => Some("failure".to_owned()),
            Status::Blocked | Status::NotRun | Status::Error | Status::Stale => Some("error".to_owned()),
        };
        assert_eq!(seen.cases[0], ("jwt-secret".to_owned(), ended), "{status}");
    }
}

#[test]
fn characters_that_xml_forbids_are_replaced() {
    let mut verdict = crate::no_go::verdict();
    verdict.results[0].why = "a\u{0}b\u{8}c\u{fffe}d\u{ffff}e ]]> & <x> \" \u{1b}[31m".into();
    let xml = fixture::render(&verdict, Format::Junit);
    assert_agrees(&verdict);
    assert!(xml.contains("a\u{fffd}b\u{fffd}c\u{fffd}d\u{fffd}e ]]&gt; &amp; &lt;x&gt;"), "{xml}");
}
