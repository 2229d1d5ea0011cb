//! How sentences name things: short lists, counted nouns, shortened values.

use gonogo_model::fact::Value;

/// A sentence names at most so many things.
const NAMED: usize = 6;

/// `a, b, c and 4 more`.
pub(crate) fn list<T>(things: impl IntoIterator<Item = T>, say: impl Fn(T) -> String) -> String {
    let mut things = things.into_iter();
    let mut text = things.by_ref().take(NAMED).map(say).collect::<Vec<_>>().join(", ");
    let more = things.count();
    if more > 0 {
        text.push_str(&format!(" and {more} more"));
    }
    text
}

/// `1 check`, `2 checks`.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// A fact as compact JSON, shortened when nobody would read it to its end.
pub(crate) fn value(value: &Value) -> String {
    const LONGEST: usize = 80;
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
