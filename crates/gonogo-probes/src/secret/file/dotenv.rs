//! Dotenv text: `NAME=value` lines. It reads the common ground of shells, Docker Compose and the
//! dotenv libraries; no variable is expanded.

/// One variable, as the last line that sets it has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) value: String,
    /// From 1; where the entry starts.
    pub(super) line: u32,
}

/// The variables in the order of the file; of one that is set twice the last counts. A `NAME`
/// without `=` sets nothing. The error is the number of the first line that cannot be read.
pub(super) fn parse(text: &str) -> Result<Vec<Entry>, u32> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut entries: Vec<Entry> = Vec::new();
    let mut lines = (1u32..).zip(text.lines());
    while let Some((line, content)) = lines.next() {
        let content = content.trim();
        let content = content.strip_prefix("export ").unwrap_or(content).trim_start();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let Some((name, rest)) = content.split_once('=') else {
            if is_name(content) { continue } else { return Err(line) }
        };
        let name = name.trim_end();
        if !is_name(name) {
            return Err(line);
        }
        let rest = rest.trim_start();
        let value = match rest.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let mut more = || lines.next().map(|(_, content)| content);
                quoted(&rest[1..], quote, &mut more).ok_or(line)?
            }
            _ => bare(rest).to_owned(),
        };
        entries.retain(|entry| entry.name != name);
        entries.push(Entry { name: name.to_owned(), value, line });
    }
    Ok(entries)
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
}

/// Up to a comment, which needs white space before it.
fn bare(rest: &str) -> &str {
    let comment = rest
        .char_indices()
        .find(|(at, c)| *c == '#' && (*at == 0 || rest[..*at].ends_with(char::is_whitespace)));
    rest[..comment.map_or(rest.len(), |(at, _)| at)].trim_end()
}

/// Up to the closing quote, on this line or a later one. Escapes count in double quotes only.
fn quoted<'t>(first: &'t str, quote: char, more: &mut impl FnMut() -> Option<&'t str>) -> Option<String> {
    let mut value = String::new();
    let mut content = first;
    loop {
        let mut characters = content.chars();
        while let Some(c) = characters.next() {
            match c {
                c if c == quote => return Some(value),
                '\\' if quote == '"' => match characters.next() {
                    Some('n') => value.push('\n'),
                    Some('r') => value.push('\r'),
                    Some('t') => value.push('\t'),
                    Some(other @ ('"' | '\\' | '$')) => value.push(other),
                    Some(other) => value.extend(['\\', other]),
                    None => value.push('\\'),
                },
                c => value.push(c),
            }
        }
        value.push('\n');
        content = more()?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<(String, String, u32)> {
        parse(text).unwrap().into_iter().map(|entry| (entry.name, entry.value, entry.line)).collect()
    }

    #[test]
    fn the_usual_lines_are_read() {
        let text = "\u{feff}# c\nA=1 # one\nexport B = 'two # not'\n\nC=\"x\\ny\\\"z\" # c\nD=a#b\nE=\nF\nA=3\nG=#\n";
        let own = |name: &str, value: &str, line| (name.to_owned(), value.to_owned(), line);
        assert_eq!(
            values(text),
            [
                own("B", "two # not", 3),
                own("C", "x\ny\"z", 5),
                own("D", "a#b", 6),
                own("E", "", 7),
                own("A", "3", 9),
                own("G", "", 10),
            ]
        );
    }

    #[test]
    fn a_value_may_have_several_lines() {
        let text = "KEY=\"-----BEGIN\nabc\n-----END\"\nNEXT=1";
        let entries = values(text);
        assert_eq!(entries[0].1, "-----BEGIN\nabc\n-----END");
        assert_eq!((entries[1].0.as_str(), entries[1].2), ("NEXT", 4));
    }

    #[test]
    fn what_is_not_a_variable_is_an_error_with_its_line() {
        assert_eq!(parse("A=1\nnot a variable\n"), Err(2));
        assert_eq!(parse("A=1\n\nB='open\nfor ever\n"), Err(3));
        assert_eq!(parse("=x"), Err(1));
        assert_eq!(parse(""), Ok(Vec::new()));
    }
}
