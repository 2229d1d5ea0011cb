//! `atlas.sum`: what each migration was when its author signed the folder off.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use crate::repository::{Source, names};

/// Bytes of a file that is summed.
const LARGEST: u64 = 2 << 20;

/// Files that are not as `atlas.sum` says; empty without one, or when it cannot be computed.
pub(super) fn wrong(source: &dyn Source, folder: &str) -> Vec<String> {
    let path = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    let Ok(sums) = source.read(&path("atlas.sum"), LARGEST) else { return Vec::new() };
    let sums = String::from_utf8_lossy(&sums).into_owned();
    // The first line is the sum of the others.
    let expected: Vec<(&str, &str)> =
        sums.lines().skip(1).filter_map(|line| line.rsplit_once(" h1:")).collect();
    let present: Vec<&str> =
        names(source, folder).into_iter().filter(|name| name.ends_with(".sql")).collect();
    let mut sum = Sha256::new();
    for name in &present {
        let Ok(bytes) = source.read(&path(name), LARGEST) else { return Vec::new() };
        // A file may ask to be left out; how is for atlas to say.
        if String::from_utf8_lossy(&bytes).contains("atlas:sum") {
            return Vec::new();
        }
        sum.update(name.as_bytes());
        sum.update(&bytes);
        let computed = STANDARD.encode(sum.clone().finalize());
        let listed = expected.iter().find(|(listed, _)| listed == name);
        if listed.is_none_or(|(_, hash)| *hash != computed) {
            // Every sum after this one holds it too and is wrong for that alone.
            return vec![path(name)];
        }
    }
    let gone = expected.iter().find(|(name, _)| !present.contains(name));
    gone.map(|(name, _)| path(name)).into_iter().collect()
}
