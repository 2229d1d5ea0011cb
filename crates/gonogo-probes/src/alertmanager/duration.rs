//! Durations as Alertmanager reads them: `1h30m`, `15s`. It knows no keys.

/// Milliseconds in each unit, the largest first, as they must be written.
const UNITS: [(&str, u64); 7] = [
    ("y", 365 * 86_400_000),
    ("w", 7 * 86_400_000),
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

/// Milliseconds, or `None` for what Alertmanager refuses.
pub(super) fn milliseconds(text: &str) -> Option<u64> {
    if text == "0" {
        return Some(0);
    }
    let (mut rest, mut sum, mut larger) = (text, 0_u64, u64::MAX);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: u64 = rest.get(..digits)?.parse().ok()?;
        rest = rest.get(digits..)?;
        let letters = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let written = rest.get(..letters)?;
        let (_, unit) = UNITS.iter().find(|(name, _)| *name == written)?;
        if *unit >= larger {
            return None;
        }
        larger = *unit;
        sum = sum.checked_add(number.checked_mul(*unit)?)?;
        rest = rest.get(letters..)?;
    }
    (!text.is_empty()).then_some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read() {
        for (text, expected) in [
            ("0", Some(0)),
            ("30s", Some(30_000)),
            ("1h30m", Some(5_400_000)),
            ("1d", Some(86_400_000)),
            ("", None),
            ("5", None),
            ("5 m", None),
            ("30m1h", None),
            ("99999999999999999999y", None),
            ("9999999999999999y", None),
            ("5é", None),
        ] {
            assert_eq!(milliseconds(text), expected, "{text}");
        }
    }
}
