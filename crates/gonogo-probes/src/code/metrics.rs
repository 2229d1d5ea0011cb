//! Names of metrics that code registers, as a scrape would show them: with the `_total` that a
//! library adds, and with the namespace in front.

use std::ops::Range;

use super::MetricKind::{self, Counter, Gauge, Histogram, Summary, Unknown};
use super::form::{Form, Found};
use super::language::Language::{CSharp, Go, Jvm, Python, Ruby, Rust, Script};
use super::site::Site;

pub(super) const FORMS: &[Form] = &[
    Form::new("register_", &[Rust], rust_macro),
    Form::new("opts!(", &[Rust], rust_opts),
    Form::new("Opts::new(", &[Rust], rust_opts),
    Form::new("::new(\"", &[Rust], rust_plain),
    Form::new(".register(", &[Rust], rust_client),
    Form::new("counter!(", &[Rust], facade),
    Form::new("gauge!(", &[Rust], facade),
    Form::new("histogram!(", &[Rust], facade),
    Form::new("Opts{", &[Go], go),
    Form::new("NewDesc(", &[Go], desc),
    Form::new("Counter(", &[Script, Python, Jvm], constructor),
    Form::new("Gauge(", &[Script, Python, Jvm], constructor),
    Form::new("Histogram(", &[Script, Python, Jvm], constructor),
    Form::new("Summary(", &[Script, Python, Jvm], constructor),
    Form::new("Counter.builder(", &[Jvm], micrometer),
    Form::new("Gauge.builder(", &[Jvm], micrometer),
    Form::new("Timer.builder(", &[Jvm], micrometer),
    Form::new("DistributionSummary.builder(", &[Jvm], micrometer),
    Form::new(".counter(\"", &[Jvm], micrometer_short),
    Form::new(".timer(\"", &[Jvm], micrometer_short),
    Form::new("Counter.build(", &[Jvm], simple_client),
    Form::new("Gauge.build(", &[Jvm], simple_client),
    Form::new("Histogram.build(", &[Jvm], simple_client),
    Form::new("Summary.build(", &[Jvm], simple_client),
    Form::new("Metrics.CreateCounter(", &[CSharp], net),
    Form::new("Metrics.CreateGauge(", &[CSharp], net),
    Form::new("Metrics.CreateHistogram(", &[CSharp], net),
    Form::new("Metrics.CreateSummary(", &[CSharp], net),
    Form::new("Client::Counter.new(", &[Ruby], symbol),
    Form::new("Client::Gauge.new(", &[Ruby], symbol),
    Form::new("Client::Histogram.new(", &[Ruby], symbol),
    Form::new("Client::Summary.new(", &[Ruby], symbol),
    Form::anywhere("# TYPE ", &[], exposition),
];

/// The kind that a word names.
fn kind(word: &str) -> MetricKind {
    let lower = word.to_lowercase();
    match () {
        () if lower.contains("counter") => Counter,
        () if lower.contains("gauge") => Gauge,
        () if lower.contains("histogram") || lower.contains("timer") => Histogram,
        () if lower.contains("summary") => Summary,
        () => Unknown,
    }
}

fn words<'t>(site: &Site<'t>) -> &'t str {
    site.text.code.get(site.at..site.after).unwrap_or_default()
}

fn with_total(name: &str) -> String {
    if name.ends_with("_total") { name.to_owned() } else { format!("{name}_total") }
}

/// `register_int_counter_vec!("x", …)` and `register_gauge!(opts!("x", …))`.
fn rust_macro(site: &Site<'_>, found: &mut Found) {
    let word = site.word(site.at);
    let open = site.at + word.len();
    if !site.starts(open, "!(") && !site.starts(open, "!{") || kind(word) == Unknown {
        return;
    }
    if let Some(name) = site.literal(open + 2) {
        found.metric(site.at, name.value, kind(word));
    }
}

/// `IntCounter::with_opts(Opts::new("x", …).namespace("n"))`, `HistogramOpts::new("x", …)`.
fn rust_opts(site: &Site<'_>, found: &mut Found) {
    let Some(name) = site.literal(site.after) else { return };
    let owner = site.word_before(site.at);
    let before = site.bones_before(site.at, 160);
    let statement = before.rsplit([';', '}']).next().unwrap_or_default();
    let kind = if kind(owner) == Unknown { kind(statement) } else { kind(owner) };
    if kind == Unknown && !site.text.code.contains("prometheus") {
        return;
    }
    let tail = site.bones(name.end, 300);
    let tail = tail.split(';').next().unwrap_or_default();
    let part = |method: &str| {
        let at = name.end + tail.find(method)? + method.len();
        site.literal(at).map(|literal| literal.value)
    };
    let parts = [part(".namespace("), part(".subsystem("), Some(name.value)];
    found.metric(site.at, &parts.into_iter().flatten().collect::<Vec<_>>().join("_"), kind);
}

/// `IntCounter::new("x", "help")`.
fn rust_plain(site: &Site<'_>, found: &mut Found) {
    let owner = site.word_before(site.at);
    let is_metric = matches!(owner, "IntCounter" | "Counter" | "IntGauge" | "Gauge");
    if let Some(name) = site.literal(site.after - 1).filter(|_| is_metric) {
        found.metric(site.at, name.value, kind(owner));
    }
}

/// `registry.register("x", "help", counter.clone())` of prometheus-client, which adds `_total`.
fn rust_client(site: &Site<'_>, found: &mut Found) {
    let Some(name) = site.literal(site.after) else { return };
    let arguments = site.arguments(site.after - 1).unwrap_or_default();
    let [_, help, metric] = &arguments[..] else { return };
    if site.literal(help.start).is_none() {
        return;
    }
    match said_kind(site, metric) {
        Counter => found.metric(site.at, &with_total(name.value), Counter),
        Unknown => {
            // It may be a counter: then the scrape says `_total`.
            found.metric(site.at, name.value, Unknown);
            found.metric(site.at, &with_total(name.value), Unknown);
        }
        kind => found.metric(site.at, name.value, kind),
    }
}

/// The kind of what is registered, by its own words or by how it was made.
fn said_kind(site: &Site<'_>, metric: &Range<usize>) -> MetricKind {
    let metric = site.code(metric);
    if kind(metric) != Unknown {
        return kind(metric);
    }
    let name = metric.trim().split(|c: char| !(c.is_alphanumeric() || c == '_')).rfind(|word| {
        !word.is_empty() && !matches!(*word, "clone" | "self" | "Box" | "new" | "Arc" | "metrics")
    });
    let Some(name) = name else { return Unknown };
    let bones = site.text.bones.as_str();
    for (at, _) in bones.match_indices(name).take(8) {
        let rest = site.bones(at + name.len(), 60);
        let line = rest.split([';', '\n']).next().unwrap_or_default();
        if rest.trim_start().starts_with([':', '=']) && kind(line) != Unknown {
            return kind(line);
        }
    }
    Unknown
}

/// `counter!("x")` of the crate `metrics`.
fn facade(site: &Site<'_>, found: &mut Found) {
    let before = site.word_before(site.at);
    if !before.is_empty() {
        return;
    }
    if let Some(name) = site.literal(site.after) {
        found.metric(site.at, &name.value.replace(['.', '-'], "_"), kind(words(site)));
    }
}

/// `prometheus.CounterOpts{Namespace: "n", Name: "x"}`.
fn go(site: &Site<'_>, found: &mut Found) {
    let owner = site.word_before(site.at);
    if kind(owner) == Unknown {
        return;
    }
    let field = |wanted: &str| {
        let arguments = site.arguments(site.after - 1)?;
        arguments.iter().find_map(|range| {
            let code = site.code(range);
            let start = range.start + (code.len() - code.trim_start().len());
            let value = site.skip(start + site.word(start).len());
            (site.word(start) == wanted && site.byte(value) == b':').then_some(value + 1)
        })
    };
    let Some(name) = field("Name").and_then(|at| site.literal(at)) else { return };
    let mut parts = Vec::new();
    for part in ["Namespace", "Subsystem"] {
        match field(part).map(|at| value(site, at)) {
            None => {}
            Some(Some(value)) => parts.push(value),
            // A constant of another file: the name is not known.
            Some(None) => return,
        }
    }
    parts.push(name.value);
    parts.retain(|part| !part.is_empty());
    found.metric(site.at, &parts.join("_"), kind(owner));
}

/// A literal, or a constant of the same file.
fn value<'t>(site: &Site<'t>, at: usize) -> Option<&'t str> {
    if let Some(literal) = site.literal(at) {
        return Some(literal.value);
    }
    let name = site.word(site.skip(at));
    if name.is_empty() {
        return None;
    }
    let bones = site.text.bones.as_str();
    bones
        .match_indices(name)
        .take(20)
        .find_map(|(place, _)| {
            let equals = site.skip(place + name.len());
            let is_whole = !super::site::is_word_byte(site.byte(place.wrapping_sub(1)));
            let equals =
                if site.starts(equals, "string") { site.skip(equals + "string".len()) } else { equals };
            (is_whole && site.byte(equals) == b'=').then(|| site.literal(equals + 1)).flatten()
        })
        .map(|literal| literal.value)
}

/// `prometheus.NewDesc("x", …)`, `prometheus.NewDesc(prometheus.BuildFQName("n", "s", "x"), …)`.
fn desc(site: &Site<'_>, found: &mut Found) {
    if let Some(name) = site.literal(site.after) {
        return found.metric(site.at, name.value, Unknown);
    }
    let first = site.skip(site.after);
    let call = site.bones(first, 40);
    let Some(open) = call.find("BuildFQName(").map(|at| first + at + "BuildFQName".len()) else { return };
    let arguments = site.arguments(open).unwrap_or_default();
    let parts: Option<Vec<&str>> = arguments.iter().map(|range| value(site, range.start)).collect();
    if let Some(mut parts) = parts {
        parts.retain(|part| !part.is_empty());
        found.metric(site.at, &parts.join("_"), Unknown);
    }
}

/// `new client.Counter({ name: 'x' })`, Python's `Counter("x", "help")`, Kotlin's of simpleclient.
fn constructor(site: &Site<'_>, found: &mut Found) {
    let kind = kind(words(site));
    let code = site.text.code.as_str();
    let before = site.word_before(site.at);
    match site.language() {
        Script => {
            let open = site.skip(site.after);
            if site.byte(open) == b'{' && before.is_empty() {
                let name = object_name(site, open);
                name.into_iter().for_each(|name| found.metric(site.at, name, kind));
            }
        }
        Python => {
            let is_client =
                code.contains("prometheus_client") && !code.contains("from collections import Counter");
            let Some(name) = site.literal(site.after).filter(|_| is_client && before.is_empty()) else {
                return;
            };
            let parts = [keyword(site, "namespace"), keyword(site, "subsystem"), Some(name.value)];
            let name = parts.into_iter().flatten().collect::<Vec<_>>().join("_");
            found.metric(site.at, &if kind == Counter { with_total(&name) } else { name }, kind);
        }
        _ => {}
    }
}

/// A keyword argument that is a literal.
fn keyword<'t>(site: &Site<'t>, name: &str) -> Option<&'t str> {
    site.arguments(site.after - 1)?
        .iter()
        .find_map(|range| {
            let code = site.code(range);
            let start = range.start + (code.len() - code.trim_start().len());
            let equals = site.skip(start + site.word(start).len());
            (site.word(start) == name && site.byte(equals) == b'=')
                .then(|| site.literal(equals + 1))
                .flatten()
        })
        .map(|literal| literal.value)
}

/// The literal `name` of an object with `help`.
fn object_name<'t>(site: &Site<'t>, open: usize) -> Option<&'t str> {
    let arguments = site.arguments(open)?;
    let has_help = arguments.iter().any(|range| site.code(range).trim_start().starts_with("help"));
    arguments
        .iter()
        .filter(|_| has_help)
        .find_map(|range| {
            let code = site.code(range);
            let start = range.start + (code.len() - code.trim_start().len());
            let colon = site.skip(start + "name".len());
            (site.word(start) == "name" && site.byte(colon) == b':')
                .then(|| site.literal(colon + 1))
                .flatten()
        })
        .map(|literal| literal.value)
}

/// `Counter.builder("a.b")` is `a_b_total`, a timer is `a_b_seconds`.
fn micrometer(site: &Site<'_>, found: &mut Found) {
    let Some(name) = site.literal(site.after) else { return };
    let word = words(site);
    let plain = name.value.replace(['.', '-'], "_");
    match word {
        "Timer.builder(" => found.metric(site.at, &format!("{plain}_seconds"), Summary),
        "Counter.builder(" => found.metric(site.at, &with_total(&plain), Counter),
        "DistributionSummary.builder(" => found.metric(site.at, &plain, Summary),
        _ => found.metric(site.at, &plain, Gauge),
    }
}

/// `registry.counter("a.b")`.
fn micrometer_short(site: &Site<'_>, found: &mut Found) {
    let owner = site.word_before(site.at).to_lowercase();
    let Some(name) =
        site.literal(site.after - 1).filter(|_| owner.contains("registry") || owner == "metrics")
    else {
        return;
    };
    let plain = name.value.replace(['.', '-'], "_");
    match words(site) {
        ".timer(\"" => found.metric(site.at, &format!("{plain}_seconds"), Summary),
        _ => found.metric(site.at, &with_total(&plain), Counter),
    }
}

/// `Counter.build().name("x").help("h")`, `Counter.build("x", "h")`.
fn simple_client(site: &Site<'_>, found: &mut Found) {
    if let Some(name) = site.literal(site.after) {
        return found.metric(site.at, name.value, kind(words(site)));
    }
    let tail = site.bones(site.after, 200);
    let tail = tail.split(';').next().unwrap_or_default();
    if let Some(name) = tail.find(".name(").and_then(|at| site.literal(site.after + at + ".name(".len())) {
        found.metric(site.at, name.value, kind(words(site)));
    }
}

/// `Metrics.CreateCounter("x", "help")`.
fn net(site: &Site<'_>, found: &mut Found) {
    if let Some(name) = site.literal(site.after) {
        found.metric(site.at, name.value, kind(words(site)));
    }
}

/// `Prometheus::Client::Counter.new(:x, docstring: "…")`.
fn symbol(site: &Site<'_>, found: &mut Found) {
    if site.byte(site.after) == b':' {
        found.metric(site.at, site.word(site.after + 1), kind(words(site)));
    }
}

/// `# TYPE x counter` in a text that is served.
fn exposition(site: &Site<'_>, found: &mut Found) {
    let name = site.text.code.get(site.after..).unwrap_or_default();
    let length =
        name.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':')).count();
    let (name, rest) = name.split_at_checked(length).unwrap_or_default();
    let word: String = rest.chars().skip(1).take_while(char::is_ascii_lowercase).collect();
    let is_known = matches!(word.as_str(), "counter" | "gauge" | "histogram" | "summary" | "untyped");
    if rest.starts_with(' ') && is_known {
        found.metric(site.at, name, kind(&word));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::of;
    use super::*;

    fn each(path: &str, cases: &[(&str, &[(&str, MetricKind)])]) {
        for (text, expected) in cases {
            let found = of(path, text).metrics;
            let found: Vec<(&str, MetricKind)> =
                found.iter().map(|said| (said.name.as_str(), said.metric_kind())).collect();
            assert_eq!(&found, expected, "{text}");
        }
    }

    #[test]
    fn rust_is_read() {
        each(
            "a.rs",
            &[
                ("register_int_counter!(\"a_total\", \"b\")", &[("a_total", Counter)]),
                ("register_histogram_vec!(\n    \"a_seconds\", \"b\", &[])", &[("a_seconds", Histogram)]),
                ("register_gauge!(opts!(\"a\", \"b\"))", &[("a", Gauge)]),
                (
                    "IntCounterVec::new(Opts::new(\"a_total\", \"b\").namespace(\"n\"), &[])",
                    &[("n_a_total", Counter)],
                ),
                ("Histogram::with_opts(HistogramOpts::new(\"a\", \"b\"))", &[("a", Histogram)]),
                ("IntGauge::new(\"a\", \"b\")", &[("a", Gauge)]),
                ("registry.register(\"a\", \"b\", counter.clone());", &[("a_total", Counter)]),
                (
                    "let x = Family::<L, Gauge>::default();\nregistry.register(\"a\", \"b\", x.clone());",
                    &[("a", Gauge)],
                ),
                ("registry.register(\"a\", \"b\", x.clone());", &[("a", Unknown), ("a_total", Unknown)]),
                ("counter!(\"a.b\", 1); metrics::gauge!(\"c\").set(1);", &[("a_b", Counter), ("c", Gauge)]),
                ("let s = \"# TYPE a counter\\na 1\"; // # TYPE b counter", &[("a", Counter)]),
                ("String::new(\"a\"); my_counter!(\"b\"); hub.register(\"a\", handler);", &[]),
            ],
        );
    }

    #[test]
    fn go_is_read() {
        each(
            "a.go",
            &[
                (
                    "promauto.NewCounter(prometheus.CounterOpts{\n\tName: \"a_total\",\n\tHelp: \"b\",\n})",
                    &[("a_total", Counter)],
                ),
                (
                    "prometheus.HistogramOpts{Namespace: \"n\", Subsystem: \"s\", Name: \"a\"}",
                    &[("n_s_a", Histogram)],
                ),
                ("const ns = \"n\"\nprometheus.GaugeOpts{Namespace: ns, Name: \"a\"}", &[("n_a", Gauge)]),
                (
                    "prometheus.GaugeOpts{Namespace: other.Namespace, Name: \"a\"}; redis.Opts{Name: \"b\"}",
                    &[],
                ),
                (
                    "prometheus.NewDesc(prometheus.BuildFQName(\"n\", \"\", \"a\"), \"h\", nil, nil)",
                    &[("n_a", Unknown)],
                ),
            ],
        );
    }

    #[test]
    fn other_languages_are_read() {
        each(
            "a.ts",
            &[
                ("new client.Counter({ name: 'a_total', help: 'b' })", &[("a_total", Counter)]),
                ("new Histogram({\n  help: 'b', // c\n  name: \"a\",\n})", &[("a", Histogram)]),
                ("new Counter({ name: 'a' }); new MyCounter({ name: 'b', help: 'c' })", &[]),
            ],
        );
        each(
            "a.py",
            &[
                (
                    "from prometheus_client import Counter, Gauge\nA = Counter('a', 'b')\nG = Gauge('g', 'h', namespace='n')",
                    &[("a_total", Counter), ("n_g", Gauge)],
                ),
                ("from collections import Counter\nCounter('abc')", &[]),
            ],
        );
        each(
            "A.java",
            &[
                (
                    "Counter.builder(\"a.b\").register(r); Timer.builder(\"c\");",
                    &[("a_b_total", Counter), ("c_seconds", Summary)],
                ),
                (
                    "Counter c = Counter.build().name(\"a_total\").help(\"b\").register();",
                    &[("a_total", Counter)],
                ),
                ("registry.counter(\"a.b\"); shop.counter(\"c\");", &[("a_b_total", Counter)]),
            ],
        );
        each("a.cs", &[("Metrics.CreateCounter(\"a_total\", \"b\");", &[("a_total", Counter)])]);
        each("a.rb", &[("Prometheus::Client::Gauge.new(:a, docstring: 'b')", &[("a", Gauge)])]);
    }
}
