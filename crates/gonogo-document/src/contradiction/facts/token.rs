//! Short references as tables and lists write them: `T5`, `H-4`, `D3.7`, `3.2`. They are wider than
//! ids, so they count only where several of one family stand at the start of rows or items.

/// A reference: the letters before its number, and the number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Token {
    /// With what stands before the last number: `T`, `H-`, `D3.`, `3.`.
    pub(crate) family: String,
    pub(crate) number: u32,
}

impl std::fmt::Display for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", self.family, self.number)
    }
}

/// More of one range are no references.
const MOST_OF_RANGE: u32 = 60;

/// The reference that a text begins with.
pub(crate) fn at_start(text: &str) -> Option<Token> {
    let first = text.split_whitespace().next()?;
    of_word(first.trim_matches(|c: char| !c.is_alphanumeric()))
}

/// Every reference of a text; those within a range are told too.
pub(crate) fn all(text: &str) -> Vec<Token> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '_' | '–' | '—');
    let mut found: Vec<Token> = Vec::new();
    let mut is_range = false;
    for word in text.split(|c: char| !is_part(c)).filter(|word| !word.is_empty()) {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        match of_word(word) {
            Some(token) => {
                if let (true, Some(last)) = (is_range, found.last().cloned()) {
                    found.extend(between(&last, &token));
                }
                found.push(token);
                is_range = false;
            }
            // A dash alone is empty here: `T1 – T4`.
            None => {
                is_range =
                    word.is_empty() || matches!(word, "to" | "bis" | "à" | "a" | "al" | "tot" | "through")
            }
        }
    }
    found.extend(dashed(text));
    found
}

/// `T1–T4`, `C1-C7`.
fn dashed(text: &str) -> Vec<Token> {
    let words = text.split_whitespace().filter_map(|word| word.split_once(['–', '-', '…']));
    let pairs = words.filter_map(|(from, to)| Some((at_start(from)?, at_start(to)?)));
    pairs.flat_map(|(from, to)| between(&from, &to).into_iter().chain([from, to])).collect()
}

fn between(from: &Token, to: &Token) -> Vec<Token> {
    let is_one = from.family == to.family && to.number.saturating_sub(from.number) <= MOST_OF_RANGE;
    let numbers = if is_one { from.number.saturating_add(1)..to.number } else { 0..0 };
    numbers.map(|number| Token { family: from.family.clone(), number }).collect()
}

fn of_word(word: &str) -> Option<Token> {
    let digits = word.rfind(|c: char| !c.is_ascii_digit()).map_or(0, |at| at + 1);
    let (head, number) = word.split_at_checked(digits)?;
    let is_number = (1..=4).contains(&number.len());
    let letters = head.chars().take_while(|c| c.is_ascii_uppercase()).count();
    let rest = head.get(letters..)?;
    let is_lettered = (1..=8).contains(&letters)
        && (rest.is_empty() || matches!(rest, "-" | "_") || is_chapter(rest.trim_start_matches('-')));
    (is_number && (is_lettered || (letters == 0 && is_chapter(head))))
        .then(|| Some(Token { family: head.to_owned(), number: number.parse().ok()? }))?
}

/// `3.`: a number and a full stop.
fn is_chapter(text: &str) -> bool {
    let digits = text.strip_suffix('.').unwrap_or_default();
    (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        all(text).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn references_are_told_from_words() {
        assert_eq!(shown("T5 and H-4, D3.7 (see 3.2)"), ["T5", "H-4", "D3.7", "3.2"]);
        assert!(shown("Top 5, 24 June, p95, v2, 3.2.1, A, X-ray").is_empty());
        assert_eq!(at_start("**H-4** Two people").map(|token| token.to_string()).as_deref(), Some("H-4"));
    }

    #[test]
    fn ranges_have_what_is_between() {
        for text in ["T1 to T4", "T1–T4", "T1 – T4"] {
            let mut found = shown(text);
            found.sort();
            found.dedup();
            assert_eq!(found, ["T1", "T2", "T3", "T4"], "{text}");
        }
    }
}
