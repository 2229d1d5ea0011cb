//! Queries of panels as Prometheus would see them: what Grafana fills in is replaced by something
//! of the same form. It knows no dashboards.

/// What stands for a variable outside brackets and quotes.
pub(super) const VARIABLE: &str = "grafana_variable";

/// The query with every `$name`, `${name:format}` and `[[name]]` replaced.
pub(super) fn filled_in(query: &str) -> String {
    let mut found = String::new();
    let mut rest = query;
    while let Some(at) = rest.find(['$', '[']) {
        let (before, after) = rest.split_at(at);
        found.push_str(before);
        rest = match range(after).or_else(|| variable(after)) {
            Some((text, rest)) => {
                found.push_str(text);
                rest
            }
            None => {
                let mut characters = after.chars();
                found.extend(characters.next());
                characters.as_str()
            }
        };
    }
    found.push_str(rest);
    found
}

/// `[$__rate_interval]`, `[$a:$b]`: a range that a variable gives.
fn range(text: &str) -> Option<(&'static str, &str)> {
    let (inside, rest) = text.strip_prefix('[')?.split_once(']')?;
    let is_range = inside.contains('$') && !inside.starts_with('[') && inside.len() < 80;
    is_range.then_some((if inside.contains(':') { "[5m:1m]" } else { "[5m]" }, rest))
}

fn variable(text: &str) -> Option<(&'static str, &str)> {
    if let Some((_, rest)) = text.strip_prefix("[[").and_then(|rest| rest.split_once("]]")) {
        return Some((VARIABLE, rest));
    }
    if let Some((_, rest)) = text.strip_prefix("${").and_then(|rest| rest.split_once('}')) {
        return Some((VARIABLE, rest));
    }
    let name = text.strip_prefix('$')?;
    let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len());
    let (name, rest) = name.split_at(end);
    (!name.is_empty()).then_some((VARIABLE, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_grafana_fills_in_is_replaced() {
        for (query, expected) in [
            (
                "rate(a_total{job=~\"$job\"}[$__rate_interval])",
                "rate(a_total{job=~\"grafana_variable\"}[5m])",
            ),
            ("max_over_time(a[$range:$step])", "max_over_time(a[5m:1m])"),
            ("[[metric]]_total", "grafana_variable_total"),
            ("sum by (${by:csv}) (a[5m])", "sum by (grafana_variable) (a[5m])"),
            ("a{b=~\"x$\"} $", "a{b=~\"x$\"} $"),
            ("a[", "a["),
            ("é$é${", "é$é${"),
        ] {
            assert_eq!(filled_in(query), expected, "{query}");
        }
    }
}
