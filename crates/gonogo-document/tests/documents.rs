//! Documents in many layouts and languages, and what each of them says.

use gonogo_document::element::{
    Call, ClaimKind, CriterionKind, Disposition, EffortKind, Form, GridKind, MetadataKey, Role, ScoreKind,
    Setting, Timing, VerdictKind,
};
use gonogo_document::value::Severity;
use gonogo_document::{Elements, read};

fn said(text: &str) -> Elements {
    read(text.as_bytes()).elements
}

const ENGLISH: &str = "\
---
title: Ferry booking
date: 2026-03-02
author: Nadia
---
# Launch readiness: Ferry booking

Area | State | Score | Critical | High
---|---|---|---|---
Payments | 🟢 Pass | 92% | 0 | 1
Timetable | 🟡 Partial | 61% | 1 | 2

Overall readiness: 76.5% (1 of 2 areas ready)

## Findings

### F-1: Refunds are booked twice [CRITICAL]

- Cause: the queue delivers twice (`src/refund.rs:40-52`)
- Impact: money is lost
- Fix: make the handler idempotent
- Owner: Payments team
- Effort: 2-3 days

### F-2: Timetable has no cache (High)

Root cause: nobody built one.
Impact: slow pages.
Estimate: 4 h

## Must fix before launch

1. F-1 refunds
2. **Timetable cache** - pages take 4 s

## Launch conditions

| Condition | Due | Owner | Effort |
|---|---|---|---|
| Load test passed | before go-live | Ben | 1 day |
| Second region | 30 days after launch | Ana | 2 weeks |

## Total

**Total effort:** 1 day

**Decision: NO-GO**
";

#[test]
fn an_english_report_with_front_matter_and_bracketed_severities_is_read() {
    let elements = said(ENGLISH);
    assert!(elements.is_about_readiness());
    assert_eq!(elements.title.as_ref().unwrap().plain, "Launch readiness: Ferry booking");
    assert!(
        elements.metadata.iter().any(|fact| fact.key == MetadataKey::Author && fact.value.plain == "Nadia")
    );
    let grid = &elements.grids[0];
    assert_eq!(grid.kind, GridKind::Categories);
    let roles: Vec<Role> = grid.columns.iter().map(|column| column.role).collect();
    assert_eq!(roles, [Role::Name, Role::Status, Role::Score, Role::Count, Role::Count]);
    assert_eq!(grid.columns[3].severity, Some(Severity::Critical));
    let score = &elements.scores[0];
    assert_eq!(
        (score.kind, score.percent.as_ref().unwrap().0.to_string().as_str()),
        (ScoreKind::Overall, "153/2")
    );
    let detailed: Vec<_> =
        elements.findings.iter().filter(|finding| finding.form == Form::Detailed).collect();
    assert_eq!(detailed.len(), 2);
    assert_eq!(detailed[0].id.as_ref().unwrap().text, "F-1");
    assert_eq!(detailed[0].title.plain, "Refunds are booked twice");
    assert_eq!(
        (detailed[0].severity, detailed[1].severity),
        (Some(Severity::Critical), Some(Severity::High))
    );
    assert_eq!((detailed[0].files[0].line, detailed[0].files[0].last_line), (Some(40), Some(52)));
    assert_eq!(detailed[0].owner.as_ref().unwrap().plain, "Payments team");
    assert_eq!(detailed[1].causes[0].plain, "nobody built one.");
    let must: Vec<_> = elements
        .findings
        .iter()
        .filter(|finding| finding.disposition == Some(Disposition::MustFix))
        .collect();
    assert_eq!(must.len(), 2);
    assert_eq!(
        (must[1].title.plain.as_str(), must[1].impacts[0].plain.as_str()),
        ("Timetable cache", "pages take 4 s")
    );
    let timing: Vec<Timing> = elements.conditions.iter().map(|condition| condition.timing).collect();
    assert_eq!(timing, [Timing::BeforeLaunch, Timing::AfterLaunch]);
    assert!(
        elements
            .efforts
            .iter()
            .any(|effort| effort.kind == EffortKind::Total && effort.source.span.line == 45)
    );
    let overall: Vec<Call> = elements
        .verdicts
        .iter()
        .filter(|verdict| verdict.kind == VerdictKind::Overall)
        .map(|verdict| verdict.call)
        .collect();
    assert_eq!(overall, [Call::NoGo]);
}

const GERMAN: &str = "\
Go-live-Bereitschaft Fahrplan
=============================

**Datum:** 07.01.2026
**Prüfer:** Jana

| Bereich | Gewichtung | Punktzahl | Beitrag |
|---|---|---|---|
| Sicherheit | 40 % | 50 % | 20 % |
| Betrieb | 60 % | 75 % | 45 % |
| **Gesamt** | 100 % |  | **65 %** |

## Akzeptierte Risiken

| Risiko | Akzeptiert | Gegenmaßnahme | Verantwortlich |
|---|---|---|---|
| Kein zweites Rechenzentrum | nicht akzeptiert | muss gebaut werden | Uwe |
| Langsame Suche | akzeptiert | beobachten | Eva |

## Offene Entscheidungen

| Nr | Entscheidung | Stand | Gewählt |
|---|---|---|---|
| E-1 | Datenbank | entschieden | Postgres |
| E-2 | Sitzungen | offen | |

## Freigabekriterien

- ✅ Lasttest bestanden
- ❌ Wiederherstellung geprobt

## Fazit

**Bedingtes GO**
";

#[test]
fn a_german_report_is_read() {
    let elements = said(GERMAN);
    assert!(elements.is_about_readiness());
    assert_eq!(elements.grids[0].kind, GridKind::WeightedScores);
    assert_eq!(elements.grids[0].rows.len(), 2);
    assert_eq!(elements.scores[0].percent.as_ref().unwrap().0.to_string(), "65");
    let accepted: Vec<Option<bool>> =
        elements.acceptances.iter().map(|acceptance| acceptance.accepted).collect();
    assert_eq!(accepted, [Some(false), Some(true)]);
    assert_eq!(elements.acceptances[1].owner.as_ref().unwrap().plain, "Eva");
    assert_eq!(elements.decisions[0].choice.as_ref().unwrap().plain, "Postgres");
    assert!(
        elements.decisions[1].choice.is_none()
            && elements.decisions[1].status.unwrap().state.unwrap().is_open()
    );
    let criteria: Vec<_> = elements.criteria.iter().map(|criterion| criterion.kind).collect();
    assert_eq!(criteria, [CriterionKind::MustHold, CriterionKind::MustHold]);
    assert_eq!(elements.verdicts.last().unwrap().call, Call::ConditionalGo);
    assert!(
        elements.metadata.iter().any(|fact| fact.key == MetadataKey::Author && fact.value.plain == "Jana")
    );
}

const CHECKLIST: &str = "\
# Liste de contrôle de mise en production

## Avant le lancement (T-7 days)

- [x] Sauvegardes testées
- [ ] Certificats TLS @marc
  - [ ] api.example.org

## T+1 hour

- [ ] Vérifier les alertes

## Bloquants

| ID | Élément | Responsable | Bloque |
|----|---------|-------------|--------|
| EXT-1 | Domaine | Réseau | API |
| EXT-2 | Base | Infra | Tout |
";

#[test]
fn a_french_checklist_with_moments_is_read() {
    let elements = said(CHECKLIST);
    assert!(elements.is_about_readiness());
    let boxes: Vec<(Option<bool>, Option<i64>, Timing)> = elements
        .checklist
        .iter()
        .map(|item| (item.ticked, item.moment.map(|moment| moment.hours), item.timing))
        .collect();
    let before = Timing::BeforeLaunch;
    assert_eq!(
        boxes,
        [
            (Some(true), Some(-168), before),
            (Some(false), Some(-168), before),
            (Some(false), Some(-168), before),
            (Some(false), Some(1), Timing::AfterLaunch)
        ]
    );
    assert_eq!(elements.checklist[1].owner.as_ref().unwrap().plain, "@marc");
    assert_eq!(elements.blockers.len(), 2);
    assert_eq!(elements.blockers[0].blocks.as_ref().unwrap().plain, "API");
}

const GATES: &str = "\
# Phase gate review

**Go** - everything is met
**No-Go** - something is missing

### Verdict definitions

- **GO**: all gates are green
- **NO-GO**: any gate is red

## Stage 2: Pilot

| Aspect | Status |
|---|---|
| Gate status | 🔴 Blocked |
| Prerequisites met | No |

**Stage 2 remains blocked until:**
1. Stage 1 is done
2. BLOCKER-1 through BLOCKER-3 are closed

## Category A: Cost

Question: Can we pay for it?
Decision: GO
Confidence: HIGH (90%)

> \"Approved with the following conditions:
>
> 1. The pool must be scaled before launch (1 hour).
> 2. Caches should grow within 30 days after launch.\"

- 🔴 **NO-GO** for the pilot
";

#[test]
fn gates_definitions_and_quoted_conditions_are_read() {
    let elements = said(GATES);
    assert_eq!(elements.definitions.len(), 2);
    let phase = &elements.phases[0];
    assert_eq!((phase.number, phase.prerequisites_met, phase.prerequisites.len()), (Some(2), Some(false), 2));
    let timing: Vec<Timing> = elements.conditions.iter().map(|condition| condition.timing).collect();
    assert_eq!(timing, [Timing::BeforeLaunch, Timing::AfterLaunch]);
    assert!(elements.conditions[0].effort.is_some() && elements.conditions[1].due.is_some());
}

#[test]
fn findings_in_nested_lists_and_in_tables_are_read() {
    let text = "## Issues\n\n- **RISK-7: Backups were never restored** (High)\n  - Impact: data may be lost\n  - Fix: restore one\n\
        - Slow login\n\n| Gap | Severity | Resolution | ETA |\n|---|---|---|---|\n| No runbook | P2 | write it | 3 days |\n";
    let elements = said(text);
    let found: Vec<(String, Option<Severity>, Form)> = elements
        .findings
        .iter()
        .map(|finding| (finding.title.plain.clone(), finding.severity, finding.form))
        .collect();
    assert_eq!(
        found,
        [
            ("Backups were never restored".to_owned(), Some(Severity::High), Form::Detailed),
            ("Slow login".to_owned(), None, Form::Listed),
            ("No runbook".to_owned(), Some(Severity::Medium), Form::Tabled)
        ]
    );
    assert_eq!(elements.efforts[0].subject.as_ref().unwrap().plain, "No runbook");
}

#[test]
fn claims_know_their_setting() {
    let text = "## Weaknesses\n\n- No backups\n\n## Summary\n\nNo backups were lost. Is the monitoring ready?\n\n- [ ] All alerts are tested\n";
    let elements = said(text);
    let settings: Vec<(Setting, bool)> = elements
        .claims
        .iter()
        .map(|claim| (claim.setting, matches!(claim.kind, ClaimKind::Zero { .. })))
        .collect();
    assert_eq!(
        settings,
        [
            (Setting::Lacking, true),
            (Setting::Stated, true),
            (Setting::Asked, false),
            (Setting::Demanded, false),
            (Setting::Demanded, false)
        ]
    );
}

#[test]
fn an_ordinary_readme_is_not_about_readiness() {
    let readme = "# Ferry\n\n[![build](x)](y)\n\nA production-ready library. All tests pass.\n\n## Install\n\n```sh\ncargo add ferry\n```\n\n\
        ## Features\n\n| Feature | Status |\n|---|---|\n| HTTP/2 | ✅ |\n| HTTP/3 | planned |\n\n## Roadmap\n\n- [x] First\n- [ ] Second\n- [ ] Third\n\n\
        ## Known issues\n\n- Slow on Windows\n\n## License\n\nMIT\n";
    let elements = said(readme);
    assert!(!elements.is_about_readiness(), "{:?}", elements.signs_of_readiness());
    assert!(!said("").is_about_readiness());
}

#[test]
fn what_is_not_understood_is_listed() {
    let elements = said(
        "# Plan\n\n| Foo | Bar |\n|---|---|\n| a | b |\n\nThe sky is blue.\n\n- apples\n- pears\n\n<div>x</div>\n",
    );
    let lines: Vec<u32> = elements.not_understood.iter().map(|unread| unread.source.span.line).collect();
    assert_eq!(lines, [3, 7, 9, 12]);
}

#[test]
fn phases_are_called_by_their_own_column() {
    let elements = said(
        "# Plan\n\n## Phases\n\n| Phase | Status | Prerequisite |\n|---|---|---|\n| Phase 1: Pilot | done | - |\n| Phase 2: North | blocked | Phase 1 |\n",
    );
    let names: Vec<(&str, Option<u64>)> =
        elements.phases.iter().map(|phase| (phase.name.plain.as_str(), phase.number)).collect();
    assert_eq!(names, [("Phase 1: Pilot", Some(1)), ("Phase 2: North", Some(2))]);
    assert_eq!(elements.phases[1].prerequisites[0].plain, "Phase 1");
}
