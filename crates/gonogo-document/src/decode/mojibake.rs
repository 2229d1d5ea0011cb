//! Text that was UTF-8, was read as Windows-1252, Windows-1254 or Latin-1, and was saved again:
//! `âœ…` for ✅. It is repaired where only one reading is possible.

/// A repaired stretch of one line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    /// Column of its first character, from 1, as it was.
    pub(super) column: u32,
    pub(super) was: String,
    pub(super) now: String,
    pub(super) lossy: bool,
}

/// A wrong reading may itself have been read wrongly.
const ROUNDS: usize = 3;

/// The characters of Windows-1252 from 0x80 to 0x9F; bytes without one stand for themselves.
const UPPER: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
];
/// Bytes that Windows-1252 gives no character: tools drop them.
const DROPPED: [u8; 5] = [0x81, 0x8D, 0x8F, 0x90, 0x9D];
/// Where Windows-1254 differs.
const TURKISH: [(char, u8); 6] =
    [('Ğ', 0xD0), ('İ', 0xDD), ('Ş', 0xDE), ('ğ', 0xF0), ('ı', 0xFD), ('ş', 0xFE)];

/// Signs that people put into documents and that have a dropped byte: a broken one is repaired only
/// to one of these.
const KNOWN: &str =
    "⏳⏰⏱⏸⏹⏭❌❎❓❗❝✍←⇐┐─│└├┤┬┴┼═║╔╗╚╝●○◐◯★☐☑☒■□▪✏✝❍“”í\u{FE0F}🏁🐍🐛🚏🔐🔍🔏🔝📁📍📏📐📝🎁🎏";

/// The character of a byte in Windows-1252.
pub(super) fn windows_1252(byte: u8) -> char {
    match byte {
        0x80..=0x9F => UPPER.get(usize::from(byte - 0x80)).copied().unwrap_or(char::REPLACEMENT_CHARACTER),
        _ => char::from(byte),
    }
}

/// Whether a text has what wrong reading leaves behind. Cheap, and sometimes wrong.
pub(super) fn may_have(text: &str) -> bool {
    let mut lead = false;
    text.chars().any(|letter| {
        let byte = byte_of(letter);
        let both = lead && byte.is_some_and(|byte| (0x80..=0xBF).contains(&byte));
        lead = matches!(byte, Some(0xC2..=0xF4));
        both
    })
}

/// A line without its wrong readings, and what was repaired; nothing if there was nothing.
pub(super) fn repaired(line: &str) -> Option<(String, Vec<Stretch>)> {
    if line.is_ascii() {
        return None;
    }
    // Each character with how many of the original it stands for.
    let mut letters: Vec<(char, usize, bool)> = line.chars().map(|letter| (letter, 1, false)).collect();
    let mut changed = false;
    for _ in 0..ROUNDS {
        let Some(better) = one_round(&letters) else { break };
        letters = better;
        changed = true;
    }
    changed.then(|| (letters.iter().map(|(letter, ..)| *letter).collect(), stretches(line, &letters)))
}

fn one_round(letters: &[(char, usize, bool)]) -> Option<Vec<(char, usize, bool)>> {
    let mut better = Vec::with_capacity(letters.len());
    let mut is_sure = false;
    let mut at = 0;
    while let Some((letter, width, lossy)) = letters.get(at) {
        let rest = letters.get(at..).unwrap_or_default();
        match whole(rest).map(|found| (found, false)).or_else(|| partly_lost(rest).map(|found| (found, true)))
        {
            Some(((meant, taken), lost)) => {
                let taken_letters = rest.get(..taken).unwrap_or_default();
                let width = taken_letters.iter().map(|(_, width, _)| width).sum();
                let lossy = lost || taken_letters.iter().any(|(.., lossy)| *lossy);
                better.push((meant, width, lossy));
                is_sure |= lost || taken > 2 || is_usual(meant);
                at += taken;
            }
            None => {
                better.push((*letter, *width, *lossy));
                at += 1;
            }
        }
    }
    is_sure.then_some(better)
}

/// The character that these, taken as bytes, are in UTF-8, and how many there are.
fn whole(letters: &[(char, usize, bool)]) -> Option<(char, usize)> {
    let lead = byte_of(letters.first()?.0)?;
    let length = length_of(lead)?;
    let mut bytes = [0; 4];
    for (place, (letter, ..)) in bytes.iter_mut().zip(letters.get(..length)?) {
        *place = byte_of(*letter)?;
    }
    let meant = std::str::from_utf8(bytes.get(..length)?).ok()?.chars().next()?;
    is_plausible(meant, length).then_some((meant, length))
}

/// Letters and signs that two-byte readings are for sure: capitals with other accents stand before
/// quotes and dashes in honest text too.
fn is_usual(meant: char) -> bool {
    matches!(meant, '\u{A0}'..='\u{FF}')
}

/// Other letters are read only beside sure ones, and only those that a second wrong reading makes.
fn is_plausible(meant: char, length: usize) -> bool {
    match length {
        2 => is_usual(meant) || byte_of(meant).is_some(),
        _ => !matches!(meant, '\u{E000}'..='\u{F8FF}' | '\u{FFFD}'..='\u{FFFF}'),
    }
}

/// As [`whole`], where one byte got lost because it has no character.
fn partly_lost(letters: &[(char, usize, bool)]) -> Option<(char, usize)> {
    let lead = byte_of(letters.first()?.0)?;
    let length = length_of(lead).filter(|length| *length > 2)?;
    let kept = letters.get(..length - 1)?;
    // The selector of the emoji form is by far the most usual, and its last byte is always lost.
    let mut bytes = Vec::with_capacity(4);
    for (letter, ..) in kept {
        bytes.push(byte_of(*letter)?);
    }
    let mut found = None;
    for place in 1..length {
        for dropped in DROPPED {
            let mut tried = bytes.clone();
            tried.insert(place, dropped);
            let meant = std::str::from_utf8(&tried).ok().and_then(|text| text.chars().next());
            let Some(meant) = meant.filter(|meant| KNOWN.contains(*meant)) else { continue };
            if found.is_some_and(|other| other != meant) {
                return None;
            }
            found = Some(meant);
        }
    }
    Some((found?, length - 1))
}

fn length_of(lead: u8) -> Option<usize> {
    match lead {
        0xC2..=0xCB => Some(2),
        0xE0..=0xEF => Some(3),
        0xF0..=0xF4 => Some(4),
        _ => None,
    }
}

/// The byte that was shown as this character.
fn byte_of(letter: char) -> Option<u8> {
    match letter {
        '\u{80}'..='\u{FF}' => u8::try_from(u32::from(letter)).ok(),
        _ if letter.is_ascii() => None,
        _ => {
            let turkish = TURKISH.iter().find(|(shown, _)| *shown == letter).map(|(_, byte)| *byte);
            let upper = || UPPER.iter().position(|shown| *shown == letter);
            turkish.or_else(|| upper().and_then(|at| u8::try_from(at + 0x80).ok()))
        }
    }
}

/// What changed, neighbours together.
fn stretches(line: &str, letters: &[(char, usize, bool)]) -> Vec<Stretch> {
    let mut found: Vec<Stretch> = Vec::new();
    let mut original = line.chars();
    let mut column = 1;
    let mut joined = false;
    for (letter, width, lossy) in letters {
        let was: String = original.by_ref().take(*width).collect();
        if *width == 1 {
            joined = false;
        } else {
            match found.last_mut().filter(|_| joined) {
                Some(last) => {
                    last.was.push_str(&was);
                    last.now.push(*letter);
                    last.lossy |= lossy;
                }
                None => found.push(Stretch { column, was, now: letter.to_string(), lossy: *lossy }),
            }
            joined = true;
        }
        column += crate::place::narrow(*width);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> String {
        repaired(line).map_or_else(|| line.to_owned(), |(text, _)| text)
    }

    /// What a tool makes of UTF-8 that it takes for Windows-1252.
    fn spoilt(text: &str) -> String {
        text.bytes().map(windows_1252).collect()
    }

    #[test]
    fn wrong_readings_are_repaired() {
        for text in ["✅ done", "🔴 NOT READY", "Größe: 4 → 16", "50 × 2", "⚠️ x", "“quoted” – dash", "┌──┐"]
        {
            assert_eq!(read(&spoilt(text)), text);
            assert_eq!(read(&spoilt(&spoilt(text))), text, "doubly");
            assert!(may_have(&spoilt(text)));
        }
        assert_eq!(read("ğŸ”’ Blocked ğŸ”´"), "🔒 Blocked 🔴", "Windows-1254");
    }

    #[test]
    fn lost_bytes_are_repaired_where_only_one_sign_fits() {
        for (was, now) in [
            ("All Pending â³", "All Pending ⏳"),
            ("â† CRITICAL", "← CRITICAL"),
            ("âŒ no", "❌ no"),
            ("âš ï¸ x", "⚠\u{FE0F} x"),
        ] {
            let dropped: String = was.replace("âš ", "âš\u{A0}");
            assert_eq!(read(&dropped), now);
        }
        let (_, found) = repaired("â³").unwrap();
        assert!(found[0].lossy);
    }

    #[test]
    fn honest_text_stays() {
        for text in [
            "für",
            "VOILÀ !",
            "« Été »",
            "ÂGE",
            "São Paulo",
            "ÄÖÜ",
            "ı ş ğ Türkçe",
            "naïve – “x”",
            "É…",
            "Ã",
            "日本語",
            "Ü–Werte",
        ] {
            assert_eq!(read(text), text);
        }
    }
}
