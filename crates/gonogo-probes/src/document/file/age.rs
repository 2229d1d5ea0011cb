//! Dates that a document states about itself.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

/// Words that say when a document was last looked over, the strongest first.
const SAYS: &str = r"last[ _-]?(?:reviewed|updated|modified|verified|tested|rehearsed|checked)|reviewed|updated|revised|rehearsed|date";

/// The latest date in front matter under a key that says so.
pub(super) fn in_front_matter(front_matter: &str) -> Option<Date> {
    static KEY: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(&format!(r#"(?im)^(?:{SAYS})(?:_on|_at)?\s*[:=]\s*["']?(\d{{4}}-\d{{2}}-\d{{2}})"#)).ok()
    });
    latest(KEY.as_ref()?, front_matter)
}

/// The latest date in the text behind words that say so: `Last reviewed: 2026-01-31`.
pub(super) fn in_text(text: &str) -> Option<Date> {
    static PHRASE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(&format!(
            r"(?i)\b(?:{SAYS})(?: on | at |(?: on| at)?[\s*_]*[:|])[\s*_|]*(\d{{4}}-\d{{2}}-\d{{2}})"
        ))
        .ok()
    });
    latest(PHRASE.as_ref()?, text)
}

fn latest(pattern: &Regex, text: &str) -> Option<Date> {
    pattern.captures_iter(text).filter_map(|hit| hit.get(1)?.as_str().parse().ok()).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_found_where_they_are_stated() {
        let day = |text: &str| text.parse::<Date>().ok();
        assert_eq!(
            in_front_matter("title: x\ndate: 2026-01-31\nlast_reviewed: '2026-03-01'"),
            day("2026-03-01")
        );
        assert_eq!(in_front_matter("updated_at = \"2026-01-31T10:00:00Z\""), day("2026-01-31"));
        assert_eq!(in_front_matter("due: 2026-01-31\nrelease_date: 2026-02-01"), None);
        assert_eq!(in_text("**Last reviewed:** 2026-01-31 by Ana"), day("2026-01-31"));
        assert_eq!(in_text("| Last updated | 2026-01-31 |"), day("2026-01-31"));
        assert_eq!(in_text("It takes two hours. Rehearsed on 2026-01-31."), day("2026-01-31"));
        assert_eq!(in_text("We launch on 2026-01-31. Updated: 2026-13-41"), None);
    }
}
