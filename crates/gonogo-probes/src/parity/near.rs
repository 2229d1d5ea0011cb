//! Whether two names are so near that one is probably the other, mistyped.

/// Shorter names are near to many.
const SHORTEST: usize = 6;

/// Whether one change makes one name the other: a letter added, left out, replaced, or two beside
/// one another swapped. Names that differ in their digits are meant to.
pub(super) fn is_near(one: &str, other: &str) -> bool {
    let letters = |name: &str| name.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    if one.len().min(other.len()) < SHORTEST || !is_one_change(one.as_bytes(), other.as_bytes()) {
        return false;
    }
    // A plural is another thing.
    let is_plural = |long: &str, short: &str| long.strip_suffix('S') == Some(short);
    letters(one) != letters(other) && !is_plural(one, other) && !is_plural(other, one)
}

fn is_one_change(one: &[u8], other: &[u8]) -> bool {
    let (long, short) = if one.len() >= other.len() { (one, other) } else { (other, one) };
    let same = long.iter().zip(short).take_while(|(a, b)| a == b).count();
    let (long, short) = (long.get(same..).unwrap_or_default(), short.get(same..).unwrap_or_default());
    match long.len() - short.len() {
        1 => long.get(1..) == Some(short),
        0 => {
            let is_replaced = long.get(1..) == short.get(1..);
            let is_swapped = match (long, short) {
                ([a, b, rest @ ..], [c, d, other @ ..]) => a == d && b == c && rest == other,
                _ => false,
            };
            is_replaced || is_swapped
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_change_is_near() {
        for (one, other) in
            [("DATABSE_URL", "DATABASE_URL"), ("DATABASE_ULR", "DATABASE_URL"), ("SMTP_HOST", "SNTP_HOST")]
        {
            assert!(is_near(one, other) && is_near(other, one), "{one} {other}");
        }
        for (one, other) in [
            ("DB_URL1", "DB_URL2"),
            ("PORT", "POST"),
            ("API_KEYS", "API_KEY"),
            ("DATABASE_URL", "DATABASE_URI_X"),
            ("REDIS_URL", "REDIS_URL"),
        ] {
            assert!(!is_near(one, other), "{one} {other}");
        }
    }
}
