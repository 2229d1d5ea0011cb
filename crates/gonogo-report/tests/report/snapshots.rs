//! What people see, word for word.

use gonogo_report::{Format, Style, render};

use crate::fixture;

#[test]
fn terminal() {
    for (name, verdict) in fixture::answers() {
        insta::assert_snapshot!(format!("terminal_{name}"), fixture::render(&verdict, Format::Terminal));
    }
}

#[test]
fn markdown() {
    for (name, verdict) in fixture::answers() {
        insta::assert_snapshot!(format!("markdown_{name}"), fixture::render(&verdict, Format::Markdown));
    }
}

#[test]
fn junit() {
    for (name, verdict) in fixture::answers() {
        insta::assert_snapshot!(format!("junit_{name}"), fixture::render(&verdict, Format::Junit));
    }
}

#[test]
fn a_go_is_short_and_the_answer_is_at_the_top() {
    let text = fixture::render(&crate::go::verdict(), Format::Terminal);
    assert!(text.lines().count() <= 22, "{} lines", text.lines().count());
    for (name, verdict) in fixture::all() {
        let text = fixture::render(&verdict, Format::Terminal);
        let top: Vec<&str> = text.lines().take(4).collect();
        assert!(top[1].contains(verdict.call.word()), "{name}");
        assert!(top[3].contains(&verdict.score.percent), "{name}");
    }
}

#[test]
fn the_same_verdict_is_the_same_text_and_json_is_read_back() {
    for (_, verdict) in fixture::all() {
        for format in Format::ALL {
            assert_eq!(fixture::render(&verdict, format), fixture::render(&verdict, format));
            assert!(fixture::render(&verdict, format).ends_with('\n'), "{format}");
        }
        let json = fixture::render(&verdict, Format::Json);
        assert_eq!(serde_json::from_str::<gonogo_model::verdict::Verdict>(&json).unwrap(), verdict);
    }
}

#[test]
fn colour_adds_escapes_and_nothing_else() {
    for (_, verdict) in fixture::all() {
        let plain = fixture::render(&verdict, Format::Terminal);
        let coloured = render(&verdict, Format::Terminal, Style { colour: true, width: 80 }).unwrap();
        assert!(!plain.contains('\u{1b}'));
        assert!(coloured.contains('\u{1b}'));
        assert_eq!(without_colour(&coloured), plain);
    }
}

fn without_colour(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| all + part.split_once('m').unwrap().1)
}

#[test]
fn formats_are_found_by_name() {
    for format in Format::ALL {
        assert_eq!(format.name().parse(), Ok(format));
    }
    let error = "markdwon".parse::<Format>().unwrap_err().to_string();
    assert_eq!(error, "there is no report format `markdwon`; did you mean `markdown`?");
    assert!("pdf".parse::<Format>().unwrap_err().to_string().contains("terminal, markdown, json, junit"));
}

#[test]
fn a_verdict_that_contradicts_itself_is_not_printed() {
    let mut verdict = crate::go::verdict();
    verdict.stages.pop();
    let error = render(&verdict, Format::Junit, fixture::PLAIN).unwrap_err().to_string();
    assert!(error.contains("check `health` names the stage `verify`"), "{error}");
}
