//! Marks of a merge that somebody did not finish.

/// The lines at which an unfinished merge begins: the three marks, in order. In Markdown, what
/// stands in a block of code is an example.
pub(super) fn lines(text: &str, is_markdown: bool) -> Vec<u32> {
    let mut found = Vec::new();
    let mut open: Option<(u32, bool)> = None;
    let mut is_code = false;
    for (number, line) in text.lines().enumerate() {
        let number = u32::try_from(number).unwrap_or(u32::MAX).saturating_add(1);
        if is_markdown && line.trim_start().starts_with("```") {
            is_code = !is_code;
        }
        if is_code {
            continue;
        }
        match open {
            _ if line.starts_with("<<<<<<< ") => open = Some((number, false)),
            Some((start, false)) if line == "=======" => open = Some((start, true)),
            Some((start, true)) if line.starts_with(">>>>>>> ") => {
                found.push(start);
                open = None;
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_three_marks_in_order_are_a_conflict() {
        let conflict = "a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> main\n";
        assert_eq!(lines(conflict, false), [2]);
        assert_eq!(lines(&format!("```\n{conflict}```\n"), true), [0; 0]);
        for text in ["Title\n=======\n", "<<<<<<< HEAD\n>>>>>>> a\n", ">>>>>>> a\n=======\n<<<<<<< b\n"] {
            assert_eq!(lines(text, false), [0; 0], "{text}");
        }
    }
}
