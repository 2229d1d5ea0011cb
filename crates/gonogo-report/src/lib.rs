//! From a verdict to text: for terminals, documents, scripts, CI systems and release boards, the
//! answer to "why?", and what became of findings since an earlier verdict.
//! It computes no number: every number it prints is a field of what it is given, but for the lines
//! that the terminal leaves out, which it counts. It knows no clock, no environment and no terminal; width and colour are arguments.

mod clean;
mod consistent;
mod entry;
mod explain;
mod github;
mod group;
mod html;
mod json;
mod junit;
mod line;
mod lineage;
mod load;
mod markdown;
mod page;
mod place;
mod plan;
mod sarif;
mod section;
mod terminal;
mod timing;
mod words;

use std::fmt;
use std::str::FromStr;

use gonogo_model::diagnostic::closest;
use gonogo_model::verdict::Verdict;

pub use explain::{ExplainError, explain};
pub use lineage::{LineageFormat, document_lineage, lineage};
pub use plan::plan;

/// The forms a verdict can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For a person at a terminal.
    Terminal,
    /// For a document or a pull request.
    Markdown,
    /// For scripts: the whole verdict.
    Json,
    /// For CI systems that show test results.
    Junit,
    /// For code scanning: SARIF 2.1.0.
    Sarif,
    /// For the log of a GitHub Actions step: annotations beside the lines they are about.
    Github,
    /// For the summary of a GitHub Actions step: short Markdown.
    GithubSummary,
    /// For people who decide: one self-contained page with charts.
    Html,
}

impl Format {
    /// Every format.
    pub const ALL: [Format; 8] = [
        Format::Terminal,
        Format::Markdown,
        Format::Json,
        Format::Junit,
        Format::Sarif,
        Format::Github,
        Format::GithubSummary,
        Format::Html,
    ];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Format::Terminal => "terminal",
            Format::Markdown => "markdown",
            Format::Json => "json",
            Format::Junit => "junit",
            Format::Sarif => "sarif",
            Format::Github => "github",
            Format::GithubSummary => "github-summary",
            Format::Html => "html",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Format, UnknownFormat> {
        let known = Format::ALL.iter().find(|format| format.name() == name);
        known.copied().ok_or_else(|| UnknownFormat::new(name))
    }
}

/// A format name that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no report format `{name}`; {help}")]
pub struct UnknownFormat {
    name: String,
    help: String,
}

impl UnknownFormat {
    fn new(name: &str) -> UnknownFormat {
        let known = Format::ALL.map(Format::name);
        let help = match closest(name, &known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write one of {}", known.join(", ")),
        };
        UnknownFormat { name: clean::line(name), help }
    }
}

/// How text for a terminal looks. Colour never carries meaning alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether ANSI colours are written. Without, there is not one escape.
    pub colour: bool,
    /// Columns to fit into. Under 40 it is taken as 40.
    pub width: usize,
}

/// Why a verdict could not be rendered.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The verdict names something that it does not contain.
    #[error("the verdict contradicts itself: {0}. Recompute it with `gonogo judge RUN`")]
    Inconsistent(String),
    /// The JSON writer failed.
    #[error("the verdict could not be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The XML writer failed.
    #[error("the verdict could not be written as JUnit XML: {0}")]
    Junit(#[from] quick_junit::SerializeError),
}

/// The report of `verdict`. `style` is used by [`Format::Terminal`] only.
/// The text ends with a newline, and the same input always gives the same bytes.
pub fn render(verdict: &Verdict, format: Format, style: Style) -> Result<String, RenderError> {
    consistent::check(verdict)?;
    match format {
        Format::Terminal => Ok(terminal::render(verdict, style)),
        Format::Markdown => Ok(markdown::render(verdict)),
        Format::Json => json::pretty(verdict),
        Format::Junit => junit::render(verdict),
        Format::Sarif => sarif::render(verdict),
        Format::Github => Ok(github::annotations(verdict)),
        Format::GithubSummary => Ok(github::summary(verdict)),
        Format::Html => Ok(html::render(verdict)),
    }
}
