//! What a person sees while a run is under way: one line a check, and a bar where there is a
//! terminal. On standard error, so that standard output holds the report alone.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use gonogo_model::status::Status;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::Screen;

/// Something happened in a run.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// These stages start; so many checks will be looked at in all.
    Stages(&'a [&'a str]),
    /// These checks are looked at now.
    Looking(&'a BTreeSet<&'a str>),
    /// A check was looked at.
    Looked {
        /// The check.
        check: &'a str,
        /// Its status.
        status: Status,
        /// Why.
        why: &'a str,
        /// How long the look took.
        took: Duration,
    },
    /// A check was not looked at.
    Skipped {
        /// The check.
        check: &'a str,
        /// BLOCKED or NOT RUN.
        status: Status,
    },
    /// What a look says of itself while it goes on; empty when there is nothing to say.
    Live(&'a str),
}

/// Without a terminal, what a look says is told so often.
const SELDOM: Duration = Duration::from_secs(30);

/// So many checks are named beside the bar.
const NAMED: usize = 3;

/// Shows events.
#[derive(Debug)]
pub struct Progress {
    screen: Screen,
    bar: Option<ProgressBar>,
    now: Mutex<Now>,
    /// When a look was last told of without a terminal.
    told: Mutex<Option<Instant>>,
    /// No line for each check.
    brief: bool,
}

/// What stands beside the bar, and under it.
#[derive(Debug, Default)]
struct Now {
    stages: String,
    looking: String,
    live: String,
}

impl std::fmt::Display for Now {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Now { stages, looking, live } = self;
        let between = if live.is_empty() { "" } else { "\n" };
        write!(f, "{stages}: {looking}{between}{live}")
    }
}

impl Progress {
    /// Shows `checks` events on the screen's error side; nothing at all when it is quiet.
    pub fn new(screen: Screen, checks: usize) -> Progress {
        let bar = screen.errors_are_terminal().then(|| {
            let bar = ProgressBar::with_draw_target(Some(checks as u64), ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template("{bar:30} {pos}/{len} checks  {elapsed_precise}  {msg}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        Progress { screen, bar, now: Mutex::default(), told: Mutex::default(), brief: false }
    }

    /// Shows a bar where there is a terminal, and no line for each check.
    pub fn brief(screen: Screen, checks: usize) -> Progress {
        let mut progress = Progress::new(screen, checks);
        progress.brief = true;
        progress
    }

    /// Shows one event.
    pub fn show(&self, event: Event<'_>) {
        match event {
            Event::Stages(stages) => self.now(|now| now.stages = stages.join(", ")),
            Event::Looking(checks) => self.now(|now| now.looking = named(checks)),
            Event::Looked { check, status, why, took } => {
                let reason = if matches!(status, Status::Pass) { String::new() } else { format!("  {why}") };
                self.line(&format!("{:<9} {check}{reason}  ({} ms)", status.word(), took.as_millis()));
                self.step();
            }
            Event::Skipped { check, status } => {
                self.line(&format!("{:<9} {check}", status.word()));
                self.step();
            }
            Event::Live(line) => self.live(line),
        }
    }

    /// Changes what stands beside the bar.
    fn now(&self, change: impl FnOnce(&mut Now)) {
        let mut now = held(&self.now);
        change(&mut now);
        if let Some(bar) = &self.bar {
            bar.set_message(now.to_string());
            bar.tick();
        }
    }

    /// A line under the bar. Without a terminal it is one of many, so few of them are told.
    fn live(&self, line: &str) {
        self.now(|now| line.clone_into(&mut now.live));
        if self.bar.is_some() {
            return;
        }
        let mut told = held(&self.told);
        if !line.is_empty() && told.is_none_or(|at| at.elapsed() >= SELDOM) {
            *told = Some(Instant::now());
            self.line(line);
        }
    }

    fn line(&self, text: &str) {
        if self.brief {
            return;
        }
        match &self.bar {
            Some(bar) => bar.suspend(|| self.screen.note(text)),
            None => self.screen.note(text),
        }
    }

    /// Whether it says how each check went.
    pub fn tells(&self) -> bool {
        !self.brief
    }

    /// One more check was looked at.
    pub fn step(&self) {
        if let Some(bar) = &self.bar {
            bar.inc(1);
        }
    }
}

/// `login, search, turn and 2 more`
fn named(checks: &BTreeSet<&str>) -> String {
    let first = checks.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    match checks.len().saturating_sub(NAMED) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_look_says_stays_while_others_begin_and_end() {
        let progress = Progress::new(Screen::new(false, true, true), 3);
        let looking = |checks: &[&str]| {
            progress.show(Event::Looking(&checks.iter().copied().collect()));
            held(&progress.now).to_string()
        };
        progress.show(Event::Stages(&["load"]));
        assert_eq!(looking(&["steady"]), "load: steady");
        progress.show(Event::Live("1 s  498/s"));
        assert_eq!(looking(&["steady", "page"]), "load: page, steady\n1 s  498/s");
        progress.show(Event::Live(""));
        assert_eq!(looking(&["page"]), "load: page");
    }

    #[test]
    fn a_few_checks_are_named_and_the_others_counted() {
        let said = |checks: &[&str]| named(&checks.iter().copied().collect());
        assert_eq!(said(&[]), "");
        assert_eq!(said(&["b", "a"]), "a, b");
        assert_eq!(said(&["a", "b", "c"]), "a, b, c");
        assert_eq!(said(&["a", "b", "c", "d", "e"]), "a, b, c and 2 more");
    }
}
