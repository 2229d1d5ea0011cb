//! One line with a sample: name, labels, value, and what may follow. It knows no families.

/// Names and values of labels, as written.
pub(in crate::metrics) type Labels = Vec<(String, String)>;

/// One series with its value.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::metrics) struct Series {
    pub(in crate::metrics) name: String,
    pub(in crate::metrics) labels: Labels,
    pub(in crate::metrics) value: f64,
    pub(in crate::metrics) line: usize,
}

impl Series {
    pub(in crate::metrics) fn label(&self, name: &str) -> Option<&str> {
        self.labels.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn sorted(&self) -> Labels {
        let mut labels = self.labels.clone();
        labels.sort();
        labels
    }

    /// For people: which labels it has. Their values may be anybody's.
    pub(super) fn shown(&self) -> String {
        let names: Vec<&str> = self.labels.iter().map(|(name, _)| name.as_str()).collect();
        if names.is_empty() {
            format!("`{}`", self.name)
        } else {
            format!("`{}` by {}", self.name, names.join(", "))
        }
    }
}

/// Whether a text is a name of a metric.
pub(super) fn is_metric(name: &str) -> bool {
    let starts = |c: char| c.is_ascii_alphabetic() || c == '_' || c == ':';
    name.starts_with(starts) && name.chars().all(|c| starts(c) || c.is_ascii_digit())
}

fn is_label(name: &str) -> bool {
    let starts = |c: char| c.is_ascii_alphabetic() || c == '_';
    name.starts_with(starts) && name.chars().all(|c| starts(c) || c.is_ascii_digit())
}

/// Reads `name{label="value"} 1 1700000000`.
pub(super) fn read(text: &str, open_metrics: bool) -> Result<Series, String> {
    let (name, labels, rest) = selector(text)?;
    let (rest, exemplar) = match rest.split_once(" # ") {
        Some((rest, exemplar)) => (rest, Some(exemplar)),
        None => (rest, None),
    };
    if let Some(exemplar) = exemplar {
        exemplar_fits(exemplar, open_metrics)?;
    }
    let mut words = rest.split_ascii_whitespace();
    let value = words.next().ok_or_else(|| format!("`{name}` has no value"))?;
    let value = number(value).ok_or_else(|| format!("the value of `{name}` is no number"))?;
    if let Some(time) = words.next() {
        let fits = if open_metrics {
            time.parse::<f64>().is_ok_and(f64::is_finite)
        } else {
            time.parse::<i64>().is_ok()
        };
        if !fits {
            return Err(format!("the time of `{name}` is no time"));
        }
    }
    match words.next() {
        Some(_) => Err(format!("there is too much after the value of `{name}`")),
        None => Ok(Series { name, labels, value, line: 0 }),
    }
}

/// The name and labels at the start of a text, and what follows.
pub(in crate::metrics) fn selector(text: &str) -> Result<(String, Labels, &str), String> {
    let end = text.find(|c: char| c == '{' || c.is_ascii_whitespace()).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    if !is_metric(name) {
        return Err("the line does not begin with the name of a metric".to_owned());
    }
    match rest.trim_start().strip_prefix('{') {
        None => Ok((name.to_owned(), Labels::new(), rest)),
        Some(inside) => {
            let (labels, rest) = labels(inside).map_err(|why| format!("{why} in `{name}`"))?;
            Ok((name.to_owned(), labels, rest))
        }
    }
}

/// Labels up to the closing brace, and what follows it.
fn labels(mut rest: &str) -> Result<(Labels, &str), &'static str> {
    let mut labels = Labels::new();
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix('}') {
            return Ok((labels, after));
        }
        let (name, after) = rest.split_once('=').ok_or("the labels are never closed")?;
        let name = name.trim();
        if !is_label(name) {
            return Err("a label has a name that is none");
        }
        let quoted = after.trim_start().strip_prefix('"').ok_or("a label has a value without quotes")?;
        let (value, after) = quoted_value(quoted)?;
        if labels.iter().any(|(known, _)| known == name) {
            return Err("a label is there twice");
        }
        labels.push((name.to_owned(), value));
        rest = after.trim_start();
        rest = match rest.strip_prefix(',') {
            Some(after) => after,
            None if rest.starts_with('}') => rest,
            None => return Err("labels have no comma between them"),
        };
    }
}

/// The value up to its closing quote, and what follows. `\\`, `\"` and `\n` are all that is escaped.
fn quoted_value(text: &str) -> Result<(String, &str), &'static str> {
    let (mut value, mut escaped) = (String::new(), false);
    for (at, character) in text.char_indices() {
        match (escaped, character) {
            (true, 'n') => value.push('\n'),
            (true, '\\' | '"') => value.push(character),
            (true, _) => return Err("a label has a value with an escape that nobody knows"),
            (false, '"') => return Ok((value, text.get(at.saturating_add(1)..).unwrap_or_default())),
            (false, '\\') => {}
            (false, _) => value.push(character),
        }
        escaped = !escaped && character == '\\';
    }
    Err("a label has a value without an end")
}

fn exemplar_fits(text: &str, open_metrics: bool) -> Result<(), String> {
    if !open_metrics {
        return Err("only OpenMetrics has exemplars".to_owned());
    }
    let inside = text.trim_start().strip_prefix('{').ok_or("an exemplar has no labels")?;
    let (_, rest) = labels(inside).map_err(|why| format!("{why} in an exemplar"))?;
    let value = rest.split_ascii_whitespace().next().and_then(number);
    value.map(drop).ok_or_else(|| "an exemplar has no value".to_owned())
}

/// A number as Go reads it, with the words for what is none.
pub(super) fn number(text: &str) -> Option<f64> {
    let bare = text.trim_start_matches(['+', '-']);
    // Rust reads `infinity` and such too, but Prometheus' own form has these.
    match bare {
        "Inf" | "inf" | "NaN" | "nan" => text.parse().ok(),
        _ if bare.starts_with(|c: char| c.is_ascii_digit() || c == '.') => text.parse().ok(),
        _ => None,
    }
}
