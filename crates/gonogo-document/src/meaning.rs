//! From the outline to what the document says. One room for each noun; each reads the outline and
//! knows what headings and columns mean, never where a document has them.

use crate::element::Elements;
use crate::outline::Outline;

/// What the document says.
pub(crate) fn elements(outline: &Outline) -> Elements {
    let title = outline.sections.iter().find(|section| (1..=2).contains(&section.level));
    Elements { title: title.map(|section| section.title.clone()), ..Elements::default() }
}
