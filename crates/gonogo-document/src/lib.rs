//! The reader of gonogo: bytes in, what a readiness document says out.
//!
//! [`read`] gives a [`Report`]. It has the document twice: as it is laid out
//! ([`Report::outline`]: sections, tables, lists, code) and as what it says
//! ([`Report::elements`]: findings, checklists, verdicts and so on). Every part knows where it
//! stands in the file. What was not understood is listed, and nothing is judged here: this crate
//! has no opinion about a launch, no file, no clock.
//!
//! ```
//! let report = gonogo_document::read(b"# Plan\n\n| Area | Score |\n|---|---|\n| Load | 80% |\n");
//! assert_eq!(report.outline.sections[1].title.plain, "Plan");
//! ```

pub mod contradiction;
pub mod decode;
pub mod draft;
pub mod element;
pub mod lineage;
mod meaning;
pub mod name;
pub mod outline;
mod place;
mod text;
pub mod value;
mod words;

pub use decode::{Decoded, Encoding, Repair};
pub use element::Elements;
pub use name::{Likeness, Name};
pub use outline::{Outline, SectionId};
pub use place::Span;
pub use text::Text;

/// What was read from one document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// The text, and what had to be repaired to read it.
    pub decoded: Decoded,
    /// How it is laid out.
    pub outline: Outline,
    /// What it says.
    pub elements: Elements,
}

/// Reads a document. Any bytes can be read; what is no text or too much is said in the report.
pub fn read(bytes: &[u8]) -> Report {
    let (decoded, lines) = decode::decode(bytes);
    let mut outline = Outline::of(&decoded.text, &lines);
    if decoded.skipped_bytes > 0 {
        let (line, column) = lines.at(&decoded.text, decoded.text.len());
        let at = Span { line, column, end_line: line, end_column: column };
        outline.skipped.push(outline::Skipped { at, why: "the document is too long" });
    }
    let elements = meaning::elements(&outline);
    Report { decoded, outline, elements }
}
