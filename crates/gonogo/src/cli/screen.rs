//! The only place that writes to standard output and standard error. Everything passes the
//! redactor on its way.

use std::borrow::Cow;
use std::io::{IsTerminal as _, Write as _};
use std::sync::Arc;

use gonogo_probes::{Environment, Redactor};
use gonogo_report::Style;

/// Standard output and standard error.
#[derive(Debug, Clone)]
pub struct Screen {
    colour: bool,
    quiet: bool,
    secrets: Arc<Redactor>,
}

impl Screen {
    /// A screen that decides on colour by itself unless told `always` or `never`, and that
    /// knows the secrets of this process's environment.
    pub fn new(always: bool, never: bool, quiet: bool) -> Screen {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            && std::io::stdout().is_terminal();
        let secrets = Arc::new(Redactor::default());
        secrets.learn_environment(&environment());
        Screen { colour: always || (wanted && !never), quiet, secrets }
    }

    /// What keeps secrets out of everything.
    pub fn secrets(&self) -> Arc<Redactor> {
        Arc::clone(&self.secrets)
    }

    /// A text without secrets. What it was made from passed the whole redactor when it was read.
    pub fn clean<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.secrets.redact_known(text)
    }

    /// How to render for standard output, or for a file.
    pub fn style(&self, on_screen: bool) -> Style {
        const WITHOUT_TERMINAL: usize = 100;
        let width = console::Term::stdout()
            .size_checked()
            .map_or(WITHOUT_TERMINAL, |(_, columns)| usize::from(columns));
        Style { colour: self.colour && on_screen, width: if on_screen { width } else { WITHOUT_TERMINAL } }
    }

    /// Whether standard error is a terminal that progress may draw on.
    pub fn errors_are_terminal(&self) -> bool {
        !self.quiet && std::io::stderr().is_terminal()
    }

    /// Prints a report to standard output.
    pub fn print(&self, text: &str) {
        self.print_known(&self.clean(text));
    }

    /// Prints a text that was compiled into the binary and holds no secret.
    pub fn print_known(&self, text: &str) {
        // A reader that has gone away, such as `head`, is not an error of ours.
        let _ = std::io::stdout().lock().write_all(text.as_bytes());
    }

    /// Prints a line of progress to standard error.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            let _ = writeln!(std::io::stderr().lock(), "{}", self.clean(text));
        }
    }

    /// Prints an error to standard error.
    pub fn error(&self, text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{}", self.clean(text));
    }
}

/// This process's environment variables; those that are not text are left out.
pub(super) fn environment() -> Environment {
    Environment::new(
        std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?))),
    )
}
