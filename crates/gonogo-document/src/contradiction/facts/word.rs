//! Phrases in sentences. A phrase is in small letters and is found as whole words; with `*` at its
//! end its last word may go on, so that one entry does for several endings.

/// The byte at which a phrase is found in a text in small letters.
pub(crate) fn find(lower: &str, phrase: &str) -> Option<usize> {
    let (phrase, is_start) = match phrase.strip_suffix('*') {
        Some(start) => (start, true),
        None => (phrase, false),
    };
    let is_part = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    let mut from = 0;
    while let Some(at) = lower.get(from..)?.find(phrase).map(|at| at + from) {
        let before = lower.get(..at)?.chars().next_back();
        let behind = lower.get(at + phrase.len()..)?.chars().next();
        if !is_part(before) && (is_start || !is_part(behind)) {
            return Some(at);
        }
        from = at + lower.get(at..)?.chars().next().map_or(1, char::len_utf8);
    }
    None
}

/// Whether a text in small letters has one of these phrases.
pub(crate) fn says(lower: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| find(lower, phrase).is_some())
}

/// The phrase that is found first, and where.
pub(crate) fn first<'a>(lower: &str, phrases: &[&'a str]) -> Option<(usize, &'a str)> {
    phrases.iter().filter_map(|phrase| Some((find(lower, phrase)?, *phrase))).min_by_key(|(at, _)| *at)
}

/// Words that turn a sentence around.
const NEGATIONS: &[&str] = &[
    "not", "no", "never", "none", "nothing", "cannot", "can't", "isn't", "aren't", "hasn't", "haven't",
    "without", "lacks", "lack", "missing", "nicht", "kein*", "ohne", "nie", "fehl*", "pas", "aucun*", "sans",
    "jamais", "ningun*", "ningún", "sin", "nunca", "falta*", "niet", "geen", "zonder", "non", "nessun*",
    "senza", "não", "nenhum*", "sem", "neither", "nor", "unless", "until", "yet", "but",
];

/// Whether a sentence in small letters denies something.
pub(crate) fn denies(lower: &str) -> bool {
    says(lower, NEGATIONS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_whole_words() {
        assert!(says("do not launch until", &["launch"]) && !says("relaunched", &["launch"]));
        assert!(says("alerting rules", &["alert*"]) && !says("realert", &["alert*"]));
        assert_eq!(first("a go or no-go", &["no-go", "go"]), Some((2, "go")));
        assert!(denies("kein mangel") && !denies("notes"));
    }
}
