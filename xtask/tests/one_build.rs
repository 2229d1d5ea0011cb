//! Every command of the workspace builds with the same features, so that `cargo demo`, the tests and
//! the matrix share what they build instead of compiling the tree once each.

use std::collections::BTreeSet;
use std::process::Command;

/// What `cargo xtask` itself builds, and what the demo and the matrix build.
const COMMANDS: [&[&str]; 2] = [
    &["--package", "xtask"],
    &[
        "--package",
        "xtask",
        "--package",
        "gonogo",
        "--package",
        "testbed-backend",
        "--package",
        "testbed-ignition",
        "--package",
        "testbed-secureconnect",
    ],
];

/// Each package with its version and its features.
fn packages(chosen: &[&str]) -> Result<BTreeSet<String>, Box<dyn std::error::Error>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut tree = Command::new(cargo);
    tree.args(["tree", "--offline", "--prefix", "none", "--format", "{p} [{f}]"]).args(chosen);
    let output = tree.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).output()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout)?;
    let lines = text.lines().filter(|line| !line.is_empty());
    Ok(lines.map(|line| line.trim_end_matches(" (*)").to_owned()).collect())
}

#[test]
fn all_commands_share_one_build() {
    let tests = packages(&["--workspace"]).unwrap();
    assert!(tests.len() > 300, "cargo tree lists only {} packages", tests.len());
    for command in COMMANDS {
        let chosen: Vec<&str> = command.iter().copied().chain(["--edges", "no-dev"]).collect();
        let apart: Vec<String> = packages(&chosen).unwrap().difference(&tests).cloned().collect();
        assert_eq!(
            apart,
            Vec::<String>::new(),
            "`cargo build {}` builds these with other features than the tests, and with them all that \
             leans on them; name the missing features in xtask/Cargo.toml",
            command.join(" ")
        );
    }
}
