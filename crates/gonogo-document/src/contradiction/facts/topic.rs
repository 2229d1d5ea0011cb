//! What a section is for, by the words of its heading.

use super::Facts;
use super::word::says;
use crate::outline::{Outline, SectionId};
use crate::value;

/// What the things of a section are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Topic {
    /// To be done before a launch.
    MustFix,
    /// What can wait.
    Deferred,
    /// Risks that are taken.
    Accepted,
    /// A launch is refused until these hold.
    Forbids,
    /// What must hold for a launch.
    Criteria,
    /// What is good.
    Strengths,
    /// What is bad: issues, gaps, weaknesses.
    Problems,
    /// What is to be done, in any order.
    Actions,
    /// Conditions of a launch.
    Conditions,
    /// What verdicts mean.
    Legend,
    /// Ahead of a launch, with boxes to tick.
    Checklist,
}

const WORDS: &[(Topic, &[&str])] = &[
    (
        Topic::MustFix,
        &[
            "must fix",
            "must-fix",
            "must be fixed",
            "must be done before",
            "must do before",
            "fix before",
            "required before",
            "blocking items",
            "launch blockers",
            "before go-live",
            "needed before",
            "muss vor",
            "vor der freigabe",
            "vor dem start zu",
            "à corriger avant",
            "obligatoire avant",
            "antes del lanzamiento",
            "voor livegang",
            "must have",
            "pre-launch requirements",
        ],
    ),
    (
        Topic::Deferred,
        &[
            "can be deferred*",
            "deferred",
            "defer",
            "can wait",
            "later",
            "post-launch",
            "after launch",
            "after go-live",
            "postponed",
            "can launch with",
            "backlog",
            "kann warten",
            "nach dem start",
            "später",
            "plus tard",
            "après le lancement",
            "más tarde",
            "después",
            "kan wachten",
            "na livegang",
            "nice to have",
        ],
    ),
    (
        Topic::Accepted,
        &[
            "accepted risk*",
            "accepted",
            "akzeptierte*",
            "risques acceptés",
            "riesgos aceptados",
            "geaccepteerde*",
        ],
    ),
    (
        Topic::Forbids,
        &[
            "blocked until",
            "opens when",
            "do not launch until",
            "do not launch unless",
            "do not go live until",
            "no launch until",
            "must not launch until",
            "not before",
            "kein start bevor",
            "keine freigabe bevor",
            "pas de lancement avant",
            "no lanzar hasta",
            "niet live voordat",
        ],
    ),
    (
        Topic::Criteria,
        &[
            "go-live criteria",
            "launch criteria",
            "exit criteria",
            "acceptance criteria",
            "entry criteria",
            "criteria",
            "go-live needs",
            "kriterien",
            "critères",
            "criterios",
            "voorwaarden voor livegang",
            "criteri",
            "rules for the decision",
            "decision rule*",
        ],
    ),
    (
        Topic::Strengths,
        &[
            "strengths",
            "what is good",
            "stärken",
            "points forts",
            "fortalezas",
            "sterke punten",
            "what went well",
            "strong points",
        ],
    ),
    (
        Topic::Problems,
        &[
            "weakness*",
            "issues",
            "issue",
            "gaps",
            "problems",
            "findings",
            "defects",
            "concerns",
            "areas for improvement",
            "known gap*",
            "mängel",
            "schwächen",
            "lücken",
            "points faibles",
            "anomalies",
            "debilidades",
            "defectos",
            "problemas",
            "zwakke punten",
            "bevindingen",
            "open points",
            "open punten",
            "offene punkte",
            "points ouverts",
            "puntos abiertos",
            "criticità",
            "difetti",
        ],
    ),
    (
        Topic::Actions,
        &[
            "actions",
            "next steps",
            "next action*",
            "action items",
            "to do",
            "todo",
            "follow-up*",
            "priorities",
            "priority *",
            "plan of action",
            "maßnahmen",
            "nächste schritte",
            "mesures",
            "suite",
            "medidas",
            "acciones",
            "acties",
            "maatregelen",
            "remediation*",
            "what to do",
            "next",
            "action plan",
        ],
    ),
    (
        Topic::Conditions,
        &[
            "conditions",
            "conditions for launch",
            "auflagen",
            "bedingungen",
            "condiciones",
            "voorwaarden",
            "condizioni",
            "réserves",
        ],
    ),
    (
        Topic::Legend,
        &[
            "framework",
            "legend",
            "decision options",
            "definitions",
            "legende",
            "légende",
            "leyenda",
            "how to read",
            "rating scale",
        ],
    ),
    (
        Topic::Checklist,
        &[
            "checklist*",
            "check list",
            "checkliste",
            "liste de contrôle",
            "lista de verificación",
            "controlelijst",
            "launch day list",
            "verification",
        ],
    ),
];

/// What a heading in small letters says of the things under it.
pub(crate) fn of(title: &str) -> impl Iterator<Item = Topic> + '_ {
    let denied =
        |topic: &Topic| *topic == Topic::Accepted && says(title, &["not accepted", "nicht akzeptiert*"]);
    WORDS.iter().filter(move |(topic, words)| says(title, words) && !denied(topic)).map(|(topic, _)| *topic)
}

/// What each section is for.
pub(crate) fn all(outline: &Outline) -> Vec<Vec<Topic>> {
    outline.sections.iter().map(|section| of(&without_ids(&section.title.plain)).collect()).collect()
}

/// `LATER-001: the database` is not about what comes later.
fn without_ids(title: &str) -> String {
    let mut rest = title.to_owned();
    for id in value::ids(title).into_iter().rev().filter(|id| id.value.prefix.len() > 1) {
        let is_severity = value::severity(&id.value.prefix).is_some();
        if !is_severity && title.get(id.range.clone()).is_some_and(|text| text.contains('-')) {
            rest.replace_range(id.range, "");
        }
    }
    rest.to_lowercase()
}

impl Facts<'_> {
    /// Whether a section or one it is in is for this.
    pub(crate) fn is_under(&self, id: SectionId, topic: Topic) -> bool {
        let parent = |id: &SectionId| self.outline.section(*id).and_then(|section| section.parent);
        let path = std::iter::successors(Some(id), parent);
        let mut in_document =
            path.filter(|id| self.section(*id).level > 1 || self.outline.sections.len() < 4);
        in_document.any(|id| self.is_directly_under(id, topic))
    }

    /// Whether the heading directly above is for this: the section, or the label or bold line in it.
    pub(crate) fn is_directly_under(&self, id: SectionId, topic: Topic) -> bool {
        self.topics.get(id.0).is_some_and(|topics| topics.contains(&topic))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_say_what_is_under_them() {
        for (title, topic) in [
            ("must-fix before public launch", Topic::MustFix),
            ("can be deferred safely", Topic::Deferred),
            ("accepted risks (low)", Topic::Accepted),
            ("do not launch until:", Topic::Forbids),
            ("minor issues:", Topic::Problems),
        ] {
            assert!(of(title).any(|other| other == topic), "{title}");
        }
        assert!(of("risks not accepted").next().is_none());
    }
}
