//! A chain that is drawn one after the other and called parallel.

use super::facts::word::says;
use super::facts::{Facts, Place};
use super::kind::{Findings, Kind, Rule, Said};
use crate::outline::{Block, Code};
use crate::value;

pub(super) const RULE: Rule = Rule {
    id: "serial-parallel",
    kind: Kind::Impossible,
    why: "A step is after another or beside it, and the length of the path depends on which.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let serial = facts.sentences.iter().find(|sentence| {
        sentence.place == Place::Prose
            && says(
                &sentence.lower(),
                &["one serial chain", "serial chain", "strictly serial", "one after another", "one chain"],
            )
    });
    for (_, block) in facts.outline.blocks() {
        let Block::Code(code) = block else { continue };
        let Some(beside) = code
            .lines
            .iter()
            .find(|line| says(&line.plain.to_lowercase(), &["parallel", "in parallel", "parallel path"]))
        else {
            continue;
        };
        if arrows(code) < 2 || !is_between(code, beside.span.line) {
            continue;
        }
        let steps = code
            .lines
            .iter()
            .filter(|line| line.plain.chars().any(char::is_alphabetic) && !is_arrow(&line.plain))
            .count();
        let times = code.lines.iter().filter(|line| !value::durations(&line.plain).is_empty()).count();
        let message = format!(
            "«{}» stands in a chain of arrows between other steps{}",
            beside.plain.trim(),
            if times * 3 < steps { ", and most steps have no time" } else { "" }
        );
        let mut places = vec![Said::at(beside.span, &beside.plain)];
        places.extend(
            code.lines
                .iter()
                .filter(|line| line.plain.chars().any(char::is_alphabetic))
                .map(|line| Said::at(line.span, &line.plain)),
        );
        places.extend(serial.map(|sentence| sentence.said()));
        places.truncate(12);
        if let Some(sentence) = serial {
            places.insert(1, sentence.said());
        }
        findings.say(serial.is_some(), message, places);
    }
}

/// A line of arrows alone.
fn is_arrow(line: &str) -> bool {
    let bare = line.trim();
    let is_sign = |c: char| matches!(c, '|' | '│' | '▼' | '↓' | 'v' | 'V' | '⬇' | ' ');
    !bare.is_empty() && bare.chars().all(is_sign)
}

fn arrows(code: &Code) -> usize {
    code.lines.iter().filter(|line| matches!(line.plain.trim(), "v" | "V" | "▼" | "↓" | "⬇")).count()
}

/// Whether arrows lead to the line and away from it.
fn is_between(code: &Code, line: u32) -> bool {
    let before = code.lines.iter().any(|other| other.span.line < line && is_arrow(&other.plain));
    let behind = code.lines.iter().any(|other| other.span.line > line && is_arrow(&other.plain));
    before && behind
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn a_parallel_step_in_a_chain_is_found() {
        let drawn = |mark: &str| format!("```\nA (2 days)\n |\n v\nB {mark}\n |\n v\nC\n```\n");
        assert_eq!(found(&RULE, &drawn("<- in parallel"))[0], "likely 5,2,4,7,8");
        assert!(found(&RULE, &drawn("")).is_empty());
    }
}
