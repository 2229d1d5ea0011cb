//! Whether a document is about readiness at all. A README is not, even if it has a table of states.

use crate::element::{Confidence, CriterionKind, Elements, GridKind, Timing, VerdictKind};
use crate::words::words;

/// Kinds of elements that a document about readiness has at least two of.
const ENOUGH: usize = 2;

impl Elements {
    /// Whether this is a readiness report, a go-live checklist, a phase gate or the like: at least
    /// two kinds of things that only such documents say.
    pub fn is_about_readiness(&self) -> bool {
        self.signs_of_readiness().len() >= ENOUGH
    }

    /// The kinds of things it says that only documents about readiness say.
    pub fn signs_of_readiness(&self) -> Vec<&'static str> {
        let grids = |kinds: &[GridKind]| {
            self.grids.iter().any(|grid| kinds.contains(&grid.kind) && grid.rows.len() > 1)
        };
        let is_overall = |kind: VerdictKind| kind == VerdictKind::Overall;
        let certain = |confidence: Confidence| confidence == Confidence::Certain;
        let judged = self.categories.iter().filter(|category| {
            category.decision.is_some()
                || category.is_heading && category.status.is_some() && category.score.is_some()
        });
        let timed =
            self.checklist.iter().filter(|item| item.timing != Timing::Unsaid && item.ticked.is_some());
        let must = self.criteria.iter().any(|criterion| criterion.kind == CriterionKind::MustHold);
        let severe =
            self.findings.iter().filter(|finding| finding.severity.is_some() && !finding.title.is_empty());
        let disposed = self.findings.iter().any(|finding| finding.disposition.is_some());
        let signs = [
            ("title", self.title.as_ref().is_some_and(|title| is_title(&title.plain))),
            (
                "verdict",
                self.verdicts
                    .iter()
                    .any(|verdict| is_overall(verdict.kind) && certain(verdict.source.confidence)),
            ),
            ("categories", judged.count() >= 2 || grids(&[GridKind::Categories, GridKind::PassFail])),
            ("weights", grids(&[GridKind::WeightedScores])),
            ("criteria", must),
            ("acceptances", self.acceptances.iter().any(|acceptance| acceptance.accepted.is_some())),
            ("blockers", grids(&[GridKind::Blockers])),
            ("checklist", timed.count() >= 3),
            ("conditions", self.conditions.len() >= 2),
            ("phases", self.phases.iter().filter(|phase| phase.status.is_some()).count() >= 2),
            ("findings", severe.count() >= 3 && disposed),
        ];
        signs.into_iter().filter(|(_, has)| *has).map(|(sign, _)| sign).collect()
    }
}

/// Whether a title names such a document.
fn is_title(title: &str) -> bool {
    const NAMES: &[&str] = &[
        "readiness",
        "go live",
        "golive",
        "go no go",
        "launch checklist",
        "pre launch",
        "cutover",
        "release checklist",
        "phase gate",
        "launch plan",
        "deployment checklist",
        "production checklist",
        "gap checkpoint",
        "betriebsbereitschaft",
        "produktionsreife",
        "inbetriebnahme",
        "freigabe",
        "mise en production",
        "lancement",
        "puesta en producción",
        "lanzamiento",
        "livegang",
        "go live bereitschaft",
        "messa in produzione",
        "acceptance report",
        "launch readiness",
    ];
    let words: Vec<_> = words(title).into_iter().map(|word| word.text).collect();
    let title = format!(" {} ", words.join(" "));
    NAMES.iter().any(|name| title.contains(&format!(" {name} ")))
}
