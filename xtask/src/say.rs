//! Lines for the person at the terminal. A closed terminal is no error.

use std::io::{self, Write};

/// Prints a line.
pub fn line(text: &str) {
    let _ = writeln!(io::stdout().lock(), "{text}");
}

/// Prints the start of a line that the next [`line()`] ends.
pub fn start(text: &str) {
    let mut out = io::stdout().lock();
    let _ = write!(out, "{text}").and_then(|()| out.flush());
}

/// Prints a line of progress beside what is printed, to standard error.
pub fn aside(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}
