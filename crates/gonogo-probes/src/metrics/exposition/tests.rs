//! Texts that must be read, and texts that must be refused with the reason.

use super::*;

const SOUND: &str = r#"# HELP http_requests_total Requests, by "code" and C:\\path.
# TYPE http_requests_total counter
http_requests_total{code="200",path="C:\\DIR\\",said="a \"b\"\n"} 1027 1395066363000
http_requests_total{code="400",path="/",} 3

# an ordinary comment
# TYPE rpc summary
rpc{quantile="0.5"} 4773
rpc_sum 1.7560473e+07
rpc_count 2693
# TYPE seconds histogram
seconds_bucket{le="0.1"} 1
seconds_bucket{le="+Inf"} 3
seconds_sum 1.5
seconds_count 3
something_weird{problem="division by zero"} +Inf -3982045
no_labels{} NaN
"#;

#[test]
fn a_sound_text_is_read_whole() {
    let found = read(SOUND, false);
    assert_eq!((found.mistaken, &found.mistakes), (0, &Vec::new()));
    assert_eq!((found.families.len(), found.samples), (5, 11));
    let (name, family) = found.family("http_requests").unwrap();
    assert_eq!((name, family.kind.as_deref()), ("http_requests_total", Some("counter")));
    assert_eq!(family.series[0].label("said"), Some("a \"b\"\n"));
    assert_eq!(family.series[0].label("path"), Some("C:\\DIR\\"));
    assert_eq!(family.label_values(), [("code", 2), ("path", 2), ("said", 1)].into());
    assert_eq!(found.family("seconds_bucket").unwrap().0, "seconds");
    assert!(found.family("second").is_none());
}

#[test]
fn open_metrics_is_read_and_its_counters_are_found_under_both_names() {
    let text = "# TYPE a counter\n# UNIT a_seconds seconds\na_total{x=\"1\"} 2 # {trace_id=\"q\"} 0.5 1.2\na_created 5.5\n# EOF\n";
    let found = read(text, true);
    assert_eq!((found.mistaken, &found.mistakes), (0, &Vec::new()));
    for name in ["a", "a_total"] {
        assert_eq!(found.family(name).unwrap().1.counted().count(), 1, "{name}");
    }
}

#[test]
fn what_no_reader_takes_is_a_mistake_with_its_line() {
    for (text, said) in [
        ("<html>", "line 1: the line does not begin"),
        ("9a 1", "line 1: the line does not begin"),
        ("a", "`a` has no value"),
        ("a one", "is no number"),
        ("a infinity", "is no number"),
        ("a 1 soon", "is no time"),
        ("a 1 2 3", "too much"),
        ("a{b} 1", "never closed"),
        ("a{b=1} 1", "without quotes"),
        ("a{b=\"1} 1", "without an end"),
        ("a{b=\"\\t\"} 1", "escape"),
        ("a{9=\"1\"} 1", "a name that is none"),
        ("a{b=\"1\" c=\"2\"} 1", "no comma"),
        ("a{b=\"1\",b=\"2\"} 1", "twice"),
        ("a{b=\"1\"} 1\na{b=\"1\"} 2", "line 2: the series `a` by b is there twice"),
        ("a{b=\"1\",c=\"2\"} 1\na{c=\"2\",b=\"1\"} 2", "is there twice"),
        ("# TYPE a counter\n# TYPE a counter", "second TYPE"),
        ("# HELP a x\n# HELP a x", "second HELP"),
        ("# TYPE a number\na 1", "nobody knows"),
        ("a 1\n# TYPE a gauge", "after its samples"),
        ("# TYPE a counter\na -1", "below 0"),
        ("a 1\nb 1\na{c=\"d\"} 1", "do not stand together"),
        ("a 1 # {x=\"y\"} 1", "only OpenMetrics"),
        ("# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_sum 1\nh_count 1", "no bucket `+Inf`"),
        (
            "# TYPE h histogram\nh_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1",
            "less than",
        ),
        ("# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 2", "another `_count`"),
        ("# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\nh_count 1", "no `_sum`"),
        ("# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\nh_sum 1", "no `_count`"),
        ("# TYPE h histogram\nh_bucket 1\nh_sum 1\nh_count 1", "no bound"),
        ("# TYPE s summary\ns 1\ns_sum 1\ns_count 1", "no `quantile`"),
    ] {
        let found = read(text, false);
        assert!(found.mistakes.iter().any(|mistake| mistake.contains(said)), "{text}: {:?}", found.mistakes);
    }
    for (text, said) in [
        ("a 1\n", "`# EOF`"),
        ("a 1\n\n# EOF\n", "no empty lines"),
        ("# EOF\na 1\n", "after `# EOF`"),
        ("# hello\n# EOF\n", "no comments"),
        ("# UNIT a seconds\n# EOF\n", "unit"),
    ] {
        let found = read(text, true);
        assert!(found.mistakes.iter().any(|mistake| mistake.contains(said)), "{text}: {:?}", found.mistakes);
    }
}

#[test]
fn no_text_breaks_it() {
    for text in [
        "{",
        "a{",
        "a{b",
        "a{b=",
        "a{b=\"",
        "a{b=\"\\",
        "a{}",
        "#",
        "# TYPE",
        "# HELP é",
        "\u{0}",
        "a{é=\"1\"} 1",
        "a 1 # ",
    ] {
        drop(read(text, true));
        drop(read(text, false));
    }
}
