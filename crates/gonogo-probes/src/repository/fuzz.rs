//! Broken and hostile files for the tests of every analyser: changes of one place of a text.

use std::time::Duration;

use proptest::prelude::*;

use crate::tools::processor::used;

/// Unoptimised; each answer takes a few milliseconds.
const SOON: Duration = Duration::from_secs(20);

/// A change of one place of a text.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    Remove(usize, usize),
    Insert(usize, String),
    Repeat(usize, usize, usize),
    Byte(usize, u8),
}

/// Changes that insert one of `words` or a piece of syntax that many formats share.
pub(crate) fn change(words: &'static [&'static str]) -> impl Strategy<Value = Change> {
    const SHARED: [&str; 22] = [
        "${",
        "$",
        "}",
        "{",
        "[",
        "]",
        "(",
        ")",
        ": ",
        "- ",
        "'",
        "\"",
        "\n",
        "  ",
        "\t",
        "\0",
        "é",
        "#",
        "-1",
        "99999999999999999999",
        "null",
        "\\",
    ];
    let words: Vec<&str> = SHARED.iter().chain(words).copied().collect();
    prop_oneof![
        (any::<usize>(), 0..40_usize).prop_map(|(at, length)| Change::Remove(at, length)),
        (any::<usize>(), prop::sample::select(words))
            .prop_map(|(at, word)| Change::Insert(at, word.to_owned())),
        (any::<usize>(), 1..60_usize, 1..20_usize)
            .prop_map(|(at, length, times)| Change::Repeat(at, length, times)),
        (any::<usize>(), any::<u8>()).prop_map(|(at, byte)| Change::Byte(at, byte)),
    ]
}

/// The seed after all changes.
pub(crate) fn changed(seed: &str, changes: &[Change]) -> Vec<u8> {
    let mut bytes = seed.as_bytes().to_vec();
    for change in changes {
        let place = |at: usize, bytes: &[u8]| at % (bytes.len() + 1);
        match change {
            Change::Remove(at, length) => {
                let from = place(*at, &bytes);
                bytes.drain(from..(from + length).min(bytes.len()));
            }
            Change::Insert(at, word) => {
                let from = place(*at, &bytes);
                bytes.splice(from..from, word.bytes());
            }
            Change::Repeat(at, length, times) => {
                let from = place(*at, &bytes);
                let part = bytes[from..(from + length).min(bytes.len())].repeat(*times);
                bytes.splice(from..from, part);
            }
            Change::Byte(at, byte) => {
                let from = place(*at, &bytes);
                bytes.splice(from..(from + 1).min(bytes.len()), [*byte]);
            }
        }
    }
    bytes
}

/// What `look` answers, which must be soon. The time of the processor counts: others use it too.
pub(crate) fn soon<T>(look: impl FnOnce() -> T) -> T {
    let before = used();
    let answer = look();
    let took = used().saturating_sub(before);
    assert!(took < SOON, "it took {took:?} of the processor");
    answer
}
