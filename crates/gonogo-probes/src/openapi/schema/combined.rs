//! Schemas made of schemas: `allOf`, `anyOf`, `oneOf`.

use super::super::library::Spot;
use super::{Checker, Fit, Part, all};

/// Keywords whose answer would need more than is done here.
const NOT_JUDGED: [&str; 11] = [
    "not",
    "if",
    "dependentSchemas",
    "dependentRequired",
    "unevaluatedProperties",
    "unevaluatedItems",
    "contains",
    "propertyNames",
    "prefixItems",
    "patternProperties",
    "$dynamicRef",
];

impl Checker<'_> {
    pub(super) fn fit_combined(&self, schema: Spot<'_>, value: Part<'_>, depth: usize) -> Fit {
        let below = depth.saturating_add(1);
        let each = |key: &str| -> Vec<Fit> {
            let parts = schema.get(key).into_iter().flat_map(Spot::items);
            parts.map(|part| self.fit(part, value, below)).collect()
        };
        let is_judged = NOT_JUDGED.iter().all(|key| schema.get(key).is_none());
        let rest = if is_judged { Fit::Fits } else { Fit::Unknown };
        // Several branches of `oneOf` that fit are common and harmless: what else the branches ask
        // for may be what tells them apart.
        all([all(each("allOf")), any(each("anyOf"), value), any(each("oneOf"), value), rest])
    }
}

fn any(fits: Vec<Fit>, value: Part<'_>) -> Fit {
    match &*fits {
        [] => Fit::Fits,
        [only] => only.clone(),
        fits if fits.contains(&Fit::Fits) => Fit::Fits,
        fits if fits.contains(&Fit::Unknown) => Fit::Unknown,
        fits => value.breaks(&format!("fits none of the {} schemas it may have", fits.len())),
    }
}
