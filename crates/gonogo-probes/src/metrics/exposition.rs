//! The text in which metrics are exposed, Prometheus' own form and OpenMetrics: families with their
//! series, and everything in it that a reader must refuse. It knows no network.

mod consistent;
mod line;

use std::collections::{BTreeMap, BTreeSet};

pub(super) use line::{Labels, Series, selector};

/// More families or series are not read: nobody collects so many from one service.
const MOST_SERIES: usize = 200_000;
/// More mistakes are counted, but not told.
const MOST_TOLD: usize = 20;
const KINDS: [&str; 9] =
    ["counter", "gauge", "histogram", "gaugehistogram", "summary", "untyped", "unknown", "info", "stateset"];

/// What was exposed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Exposition {
    /// By the name that their `# TYPE` says, or that of the sample.
    pub(super) families: BTreeMap<String, Family>,
    /// The first mistakes, each with its line.
    pub(super) mistakes: Vec<String>,
    /// How many there are.
    pub(super) mistaken: usize,
    pub(super) samples: usize,
}

/// One family.
#[derive(Debug, Clone, Default)]
pub(super) struct Family {
    pub(super) kind: Option<String>,
    pub(super) help: Option<String>,
    pub(super) series: Vec<Series>,
}

/// Reads a text. `open_metrics`: its media type says that it is OpenMetrics, which is stricter.
pub(super) fn read(text: &str, open_metrics: bool) -> Exposition {
    let mut reading = Reading { open_metrics, ..Reading::default() };
    for (at, line) in text.lines().enumerate() {
        reading.at = at.saturating_add(1);
        reading.line(line);
        if reading.found.samples >= MOST_SERIES {
            reading.mistake("there are more than 200,000 series; the rest was not read");
            break;
        }
    }
    if open_metrics && !reading.ended {
        reading.mistake("the last line is not `# EOF`");
    }
    let mut found = reading.found;
    for (at, what) in consistent::mistakes(&found) {
        found.mistake(at, &what);
    }
    found
}

impl Exposition {
    fn mistake(&mut self, line: usize, what: &str) {
        self.mistaken = self.mistaken.saturating_add(1);
        if self.mistakes.len() < MOST_TOLD {
            self.mistakes.push(format!("line {line}: {what}"));
        }
    }

    /// Whether there is anything in it.
    pub(crate) fn has_samples(&self) -> bool {
        self.samples > 0
    }

    /// The family that people mean by a name: counters with or without `_total`, or a series of it.
    pub(super) fn family(&self, name: &str) -> Option<(&str, &Family)> {
        let ends = ["", "_total", "_bucket", "_count", "_sum", "_info", "_created"];
        let bare = ends.iter().filter_map(|end| name.strip_suffix(end));
        let total = format!("{name}_total");
        let mut names = bare.chain([total.as_str()]);
        names.find_map(|name| self.families.get_key_value(name)).map(|(name, family)| (name.as_str(), family))
    }
}

impl Family {
    /// Whether its values only rise.
    pub(super) fn counts(&self) -> bool {
        matches!(self.kind.as_deref(), Some("counter" | "histogram" | "summary"))
    }

    /// The series that stand for what it counts: neither buckets nor sums nor when it began.
    pub(super) fn counted(&self) -> impl Iterator<Item = &Series> {
        let composed = matches!(self.kind.as_deref(), Some("histogram" | "summary" | "gaugehistogram"));
        self.series.iter().filter(move |series| match composed {
            true => series.name.ends_with("_count") || series.name.ends_with("_gcount"),
            false => !series.name.ends_with("_created"),
        })
    }

    /// How many values each label has.
    pub(super) fn label_values(&self) -> BTreeMap<&str, usize> {
        let mut values: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (name, value) in self.series.iter().flat_map(|series| &series.labels) {
            values.entry(name).or_default().insert(value);
        }
        values.into_iter().map(|(name, values)| (name, values.len())).collect()
    }
}

#[derive(Default)]
struct Reading {
    open_metrics: bool,
    at: usize,
    ended: bool,
    found: Exposition,
    seen: BTreeSet<(String, Labels)>,
    /// The family of the line before, and those that have ended: their lines stand together.
    current: String,
    closed: BTreeSet<String>,
}

impl Reading {
    fn mistake(&mut self, what: &str) {
        self.found.mistake(self.at, what);
    }

    fn line(&mut self, line: &str) {
        if self.ended {
            return self.mistake("something comes after `# EOF`");
        }
        match line.trim_start().strip_prefix('#') {
            Some(comment) => self.comment(comment),
            None if line.trim().is_empty() && self.open_metrics => {
                self.mistake("OpenMetrics has no empty lines")
            }
            None if line.trim().is_empty() => {}
            None => self.sample(line.trim()),
        }
    }

    fn comment(&mut self, comment: &str) {
        let mut words = comment.trim_start().splitn(3, [' ', '\t']);
        let (what, name, rest) =
            (words.next(), words.next().unwrap_or_default(), words.next().unwrap_or_default());
        match what {
            Some("EOF") if self.open_metrics => self.ended = true,
            Some("HELP") => self.help(name, rest),
            Some("TYPE") => self.kind(name, rest.trim()),
            Some("UNIT") if self.open_metrics => self.unit(name, rest.trim()),
            _ if self.open_metrics => self.mistake("OpenMetrics has no comments"),
            _ => {}
        }
    }

    fn help(&mut self, name: &str, text: &str) {
        if !line::is_metric(name) {
            return self.mistake("HELP does not name a metric");
        }
        self.enter(name);
        let family = self.found.families.entry(name.to_owned()).or_default();
        if family.help.replace(text.to_owned()).is_some() {
            self.mistake(&format!("`{name}` has a second HELP"));
        }
    }

    fn kind(&mut self, name: &str, kind: &str) {
        if !line::is_metric(name) {
            return self.mistake("TYPE does not name a metric");
        }
        if !KINDS.contains(&kind) {
            return self.mistake(&format!("`{name}` has a TYPE that nobody knows"));
        }
        self.enter(name);
        let family = self.found.families.entry(name.to_owned()).or_default();
        let late = !family.series.is_empty();
        if family.kind.replace(kind.to_owned()).is_some() {
            self.mistake(&format!("`{name}` has a second TYPE"));
        } else if late {
            self.mistake(&format!("the TYPE of `{name}` comes after its samples"));
        }
    }

    fn unit(&mut self, name: &str, unit: &str) {
        if !unit.is_empty() && !name.ends_with(&format!("_{unit}")) {
            self.mistake(&format!("the name `{name}` does not end with its unit"));
        }
    }

    fn sample(&mut self, text: &str) {
        let mut series = match line::read(text, self.open_metrics) {
            Ok(series) => series,
            Err(why) => return self.mistake(&why),
        };
        series.line = self.at;
        self.found.samples = self.found.samples.saturating_add(1);
        if !self.seen.insert((series.name.clone(), series.sorted())) {
            self.mistake(&format!("the series {} is there twice", series.shown()));
        }
        let family = self.family_of(&series);
        self.enter(&family);
        self.found.families.entry(family).or_default().series.push(series);
    }

    /// The family whose `# TYPE` allows a sample of this name; else one of its own.
    fn family_of(&self, series: &Series) -> String {
        let endings = ["_bucket", "_count", "_sum", "_total", "_created", "_gcount", "_gsum", "_info"];
        let of = endings.iter().filter_map(|ending| {
            let name = series.name.strip_suffix(ending)?;
            let kind = self.found.families.get(name)?.kind.as_deref()?;
            consistent::endings(kind).contains(ending).then(|| name.to_owned())
        });
        of.into_iter().next().unwrap_or_else(|| series.name.clone())
    }

    /// The lines of a family stand together.
    fn enter(&mut self, name: &str) {
        if self.current == name {
            return;
        }
        let left = std::mem::replace(&mut self.current, name.to_owned());
        self.closed.insert(left);
        if self.closed.contains(name) {
            self.mistake(&format!("the lines of `{name}` do not stand together"));
        }
    }
}

#[cfg(test)]
mod tests;
