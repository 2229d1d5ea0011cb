//! Of which parts of a recording an item is made, and what each is called.

use gonogo_load::measure::{Layout, Part};
use gonogo_model::fact::Item;

/// What a step is, beside its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A request.
    Request,
    /// Something else that is answered, or may fail.
    Other,
    /// It only waits: how long it takes says nothing.
    Wait,
}

/// A step of a tier, in the order of the recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) kind: Kind,
    /// Each user does it once; in a window there may be none.
    pub(super) once: bool,
}

/// A part of a recording that is told of.
#[derive(Debug, Clone)]
pub(super) struct Scope {
    pub(super) part: Part,
    /// The parts that are requests, of a tier or of all; `None` for a step.
    pub(super) steps: Option<Vec<Part>>,
    /// Whether there may be nothing in it.
    pub(super) once: bool,
    key: String,
    role: &'static str,
    tier: Option<String>,
    step: Option<String>,
}

impl Scope {
    /// All of it during a part of a run that has a name; `role` is what such a part is.
    pub(super) fn phase(role: &'static str, name: &str, all: &Scope) -> Scope {
        Scope { key: name.to_owned(), role, ..all.clone() }
    }

    /// Whether what came before its window was the warm-up.
    pub(super) fn follows_warm_up(&self) -> bool {
        !matches!(self.role, "phase" | "level")
    }

    /// An item without figures yet.
    pub(super) fn item(&self) -> Item {
        Item::new(self.key.clone())
            .fact("role", self.role)
            .fact_if_known("tier", self.tier.clone())
            .fact_if_known("step", self.step.clone())
    }
}

/// All, each tier, each step.
pub(super) fn scopes(layout: &Layout, told: &[Vec<Told>]) -> Vec<Scope> {
    let requests = |tier: usize| -> Vec<Part> {
        let of_tier = told.get(tier).into_iter().flatten().enumerate();
        of_tier
            .filter(|(_, told)| told.kind == Kind::Request)
            .map(|(step, _)| Part::Step(tier, step))
            .collect()
    };
    let every = (0..layout.tiers.len()).flat_map(requests).collect();
    let mut scopes = vec![scope(Part::All, "all".to_owned(), "all", Some(every))];
    for (at, tier) in layout.tiers.iter().enumerate() {
        let name = Some(tier.name.clone());
        let whole = scope(Part::Tier(at), tier.name.clone(), "tier", Some(requests(at)));
        scopes.push(Scope { tier: name.clone(), ..whole });
        let of_tier = told.get(at).map(Vec::as_slice).unwrap_or_default();
        for (step, said) in tier.steps.iter().enumerate() {
            let Some(told) = of_tier.get(step) else { continue };
            if told.kind == Kind::Wait {
                continue;
            }
            let place = if told.once { "sign_up/" } else { "" };
            let name_of = |step: usize| (&tier.steps[step], of_tier.get(step).map(|told| told.once));
            let before = (0..step).filter(|before| name_of(*before) == name_of(step)).count();
            let said = if before == 0 { said.clone() } else { format!("{said} ({})", before + 1) };
            let one = scope(Part::Step(at, step), format!("{}/{place}{said}", tier.name), "step", None);
            scopes.push(Scope { once: told.once, tier: name.clone(), step: Some(said), ..one });
        }
    }
    scopes
}

fn scope(part: Part, key: String, role: &'static str, steps: Option<Vec<Part>>) -> Scope {
    Scope { part, steps, once: false, key, role, tier: None, step: None }
}

#[cfg(test)]
mod tests {
    use gonogo_load::measure::TierLayout;

    use super::*;

    #[test]
    fn steps_of_one_name_are_told_apart_and_waits_are_left_out() {
        let steps = ["GET /a", "GET /a", "wait 1s", "GET /a"].map(str::to_owned).to_vec();
        let layout = Layout { tiers: vec![TierLayout { name: "free".to_owned(), steps }], grain_s: 1 };
        let told = |kind| Told { kind, once: false };
        let sign_up = Told { kind: Kind::Request, once: true };
        let told = vec![vec![sign_up, told(Kind::Request), told(Kind::Wait), told(Kind::Request)]];
        let scopes = scopes(&layout, &told);
        let keys: Vec<&str> = scopes.iter().map(|scope| scope.key.as_str()).collect();
        assert_eq!(keys, ["all", "free", "free/sign_up/GET /a", "free/GET /a", "free/GET /a (2)"]);
        assert_eq!(scopes[0].steps, Some(vec![Part::Step(0, 0), Part::Step(0, 1), Part::Step(0, 3)]));
        assert_eq!(scopes[3].steps, None);
    }
}
