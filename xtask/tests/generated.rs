//! The generated files that are committed are those the code makes.

use xtask::generate::{files, stale};

#[test]
fn generated_files_are_fresh() {
    let files = files(xtask::root()).unwrap();
    assert!(files.len() > 15);
    let stale = stale(xtask::root(), &files).unwrap();
    assert!(stale.is_empty(), "stale: {stale:?}; run `cargo xtask gen` and commit what it changed");
}

#[test]
fn making_them_twice_gives_the_same() {
    assert_eq!(files(xtask::root()).unwrap(), files(xtask::root()).unwrap());
}
