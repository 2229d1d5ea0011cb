//! A source file line by line in three views of the same width: only its code, only its texts,
//! only its comments. What is not of the view is blank, so that places stay what they are.

use super::lexer::{Piece, Stretch, stretches};

/// One line of a file.
#[derive(Debug, Default, Clone)]
pub(super) struct Line {
    pub(super) code: String,
    pub(super) texts: String,
    pub(super) comments: String,
}

impl Line {
    /// Code and texts together.
    pub(super) fn spoken(&self) -> String {
        let both = self.code.chars().zip(self.texts.chars());
        both.map(|(code, text)| if code == ' ' { text } else { code }).collect()
    }
}

/// The lines of a file, without those of its tests.
pub(super) fn lines(path: &str, text: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = vec![Line::default(); text.lines().count().saturating_add(1)];
    for Stretch { piece, text, line, .. } in stretches(path, text) {
        let Some(line) = usize::try_from(line).ok().and_then(|line| lines.get_mut(line.saturating_sub(1)))
        else {
            continue;
        };
        let blank: String = text.chars().map(|_| ' ').collect();
        let part = |of: Piece| if of == piece { text } else { &*blank };
        line.code.push_str(part(Piece::Code));
        line.texts.push_str(part(Piece::Text));
        line.comments.push_str(part(Piece::Comment));
    }
    if path.ends_with(".rs") {
        blank_tests(&mut lines);
    }
    lines
}

/// Rust keeps tests beside the code: what follows `#[cfg(test)]` or `#[test]` up to the end of its
/// braces is blanked.
fn blank_tests(lines: &mut [Line]) {
    let mut depth: usize = 0;
    let mut waits = false;
    for line in lines {
        let code = line.code.trim();
        let marks = ["#[cfg(test)]", "#[test]", "#[cfg(any(test", "#[cfg(all(test", "::test]", "::test("];
        waits = waits || depth == 0 && marks.iter().any(|mark| code.contains(mark)) && code.starts_with("#[");
        if !waits && depth == 0 {
            continue;
        }
        for character in code.chars() {
            match character {
                '{' => {
                    depth = depth.saturating_add(1);
                    waits = false;
                }
                '}' => depth = depth.saturating_sub(1),
                ';' if depth == 0 => waits = false,
                _ => {}
            }
        }
        *line = Line::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn views_keep_places_and_leave_out_tests() {
        let text = "let a = \"é\"; // c\n#[cfg(test)]\nmod tests {\n    fn a() { todo!() }\n}\nfn b() {}\n#[cfg(test)]\nmod other;\nlet c;\n";
        let lines = lines("a.rs", text);
        assert_eq!(lines[0].code, "let a =    ;     ");
        assert_eq!(lines[0].texts.trim(), "\"é\"");
        assert_eq!(lines[0].comments.trim(), "// c");
        assert_eq!(lines[0].spoken().trim(), "let a = \"é\";");
        let kept: Vec<&str> =
            lines.iter().map(|line| line.code.trim()).filter(|line| !line.is_empty()).collect();
        assert_eq!(kept, ["let a =    ;", "fn b() {}", "let c;"]);
    }
}
