//! What is asked for by name among the metrics of a service: a family, and which of its series count.

use super::exposition::{Exposition, Family, Labels, Series, selector};

/// A family that is asked for, and which of its series count.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    written: String,
    name: String,
    labels: Labels,
}

impl Asked {
    pub(crate) fn read(written: &str) -> Result<Asked, String> {
        let wrong = || {
            format!("`{written}` is no name of a metric; write such as http_requests_total{{route=\"/\"}}")
        };
        let (name, labels, rest) = selector(written.trim()).map_err(|_| wrong())?;
        let asked = Asked { written: written.trim().to_owned(), name, labels };
        if rest.trim().is_empty() { Ok(asked) } else { Err(wrong()) }
    }

    pub(crate) fn family(name: &str) -> Asked {
        Asked { written: name.to_owned(), name: name.to_owned(), labels: Labels::new() }
    }

    pub(crate) fn key(&self) -> &str {
        &self.written
    }

    pub(super) fn fits(&self, series: &Series) -> bool {
        self.labels.iter().all(|(name, value)| series.label(name) == Some(value))
    }

    /// Whether the family is there, with series of these labels if some are asked for.
    pub(super) fn present<'e>(&self, found: &'e Exposition) -> Option<&'e Family> {
        let (_, family) = found.family(&self.name)?;
        (self.labels.is_empty() || family.series.iter().any(|series| self.fits(series))).then_some(family)
    }

    /// The sum of what its series count; `None` when it has none.
    pub(crate) fn value(&self, found: &Exposition) -> Option<f64> {
        let family = self.present(found)?;
        let values: Vec<f64> =
            family.counted().filter(|series| self.fits(series)).map(|series| series.value).collect();
        (!values.is_empty()).then(|| values.iter().sum())
    }

    /// Whether it rose, or, where it may also fall, changed. A count that was not there began at 0.
    pub(crate) fn moved(&self, before: Option<&Exposition>, now: &Exposition) -> Option<bool> {
        let after = self.value(now)?;
        let counts = self.present(now).is_some_and(Family::counts);
        match self.value(before?) {
            Some(first) if counts => Some(after > first),
            Some(first) => Some(after.to_bits() != first.to_bits()),
            None => Some(after > 0.0),
        }
    }
}
