//! Texts as YAML that means exactly these texts, whatever is in them.

/// Characters of one text.
const LONGEST: usize = 400;

/// Stands where a document has nothing that can be read; a spec must not be empty there.
const NO_TEXT: &str = "(no text)";

/// A text in double quotes, in one line.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    let plain = plain(text);
    let said = if plain.trim().is_empty() { NO_TEXT } else { &plain };
    for letter in said.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

/// A line of comment.
pub(super) fn comment(text: &str) -> String {
    format!("# {}\n", plain(text))
}

/// Without line breaks and control characters, not too long, and without what a spec would fill in
/// from the environment.
fn plain(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ").replace("${", "$ {");
    let unseen = |letter: &char| {
        !letter.is_control()
            && !matches!(letter, '\u{61c}' | '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fff0}'..='\u{ffff}' | '\u{e0000}'..='\u{e007f}')
    };
    text.chars().filter(unseen).take(LONGEST).collect()
}

/// An id from a text: small letters, digits and dashes.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::new();
    for letter in text.chars().flat_map(char::to_lowercase) {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() >= 48 {
            break;
        }
    }
    let slug = slug.trim_matches('-');
    // What YAML takes for a number or a truth is no text.
    const NO_TEXTS: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    match slug.starts_with(|letter: char| letter.is_ascii_alphabetic()) && !NO_TEXTS.contains(&slug) {
        true => slug.to_owned(),
        false => format!("entry-{slug}").trim_end_matches('-').to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stay_texts() {
        assert_eq!(quoted("a \"b\" \\ c\nd\t${X}"), "\"a \\\"b\\\" \\\\ c d $ {X}\"");
        assert_eq!(slug("BLOCKER-1: TLS / ßo  "), "blocker-1-tls-o");
        for (text, id) in [("✅", "entry"), ("5", "entry-5"), ("No", "entry-no"), ("1e5", "entry-1e5")] {
            assert_eq!(slug(text), id);
        }
        assert_eq!(comment("a\nb: c"), "# a b: c\n");
        assert_eq!(quoted(" \u{202e}"), "\"(no text)\"");
        assert_eq!(quoted("a\u{1b}\u{202e}\u{61c}\u{e0041}b"), "\"ab\"");
    }
}
