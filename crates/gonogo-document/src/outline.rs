//! The document as it is laid out: sections, and in them paragraphs, lists, tables and code, each
//! with its place. It knows how documents are written and nothing of what they are about.

mod build;
mod columns;
mod field;
mod heading;
mod placed;

use crate::place::{Lines, Span};
pub use crate::text::{Link, Text};

/// Containers in containers that are kept apart; what is deeper is read as if it were not nested.
pub const MOST_DEPTH: usize = 24;
/// Blocks that are read; the rest is skipped and said so.
pub const MOST_BLOCKS: usize = 1_000_000;

/// A document as a tree of sections.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outline {
    /// In document order. The first is what stands before the first heading; its level is 0.
    pub sections: Vec<Section>,
    /// What was not read because it is too much.
    pub skipped: Vec<Skipped>,
}

/// The number of a section in [`Outline::sections`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct SectionId(pub usize);

/// A heading and what stands under it, up to the next one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Section {
    /// 0 for the document, 1 to 6 for headings, [`Section::BOLD`] and [`Section::LABEL`].
    pub level: u8,
    /// The heading.
    pub title: Text,
    /// The section it belongs to; none for the document.
    pub parent: Option<SectionId>,
    /// From the heading to the last line before the next section of its level or above.
    pub span: Span,
    /// What stands directly in it.
    pub blocks: Vec<Block>,
}

impl Section {
    /// A line that is bold and nothing else, used as a heading.
    pub const BOLD: u8 = 7;
    /// A line that ends with a colon and introduces what follows it.
    pub const LABEL: u8 = 8;
}

/// A part of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Lines of prose. Lines of the form `Key: value` can be asked for as fields.
    Paragraph(Text),
    /// A list.
    List(List),
    /// A table.
    Table(Table),
    /// Code, or anything else in a fence.
    Code(Code),
    /// A quotation.
    Quote(Quote),
    /// HTML, as text. It is never taken for anything else.
    Html(Text),
    /// Front matter: `---` or `+++` at the very start.
    FrontMatter(Code),
    /// A line across.
    Rule(Span),
}

/// A list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct List {
    /// The first number, of a numbered list.
    pub first: Option<u64>,
    /// Its items.
    pub items: Vec<ListItem>,
    /// Where it is.
    pub span: Span,
}

/// One item of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListItem {
    /// Its first paragraph.
    pub text: Text,
    /// Whether its box is ticked; none without a box.
    pub ticked: Option<bool>,
    /// Its number, in a numbered list.
    pub number: Option<u64>,
    /// What else is in it: paragraphs, lists, code, tables.
    pub blocks: Vec<Block>,
    /// Where it is, with all that is in it.
    pub span: Span,
}

/// A table. Rows have as many cells as the header.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// The header cells.
    pub header: Vec<Text>,
    /// The rows below it.
    pub rows: Vec<Row>,
    /// Where it is.
    pub span: Span,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// Its cells.
    pub cells: Vec<Text>,
    /// Where it is.
    pub span: Span,
}

/// A block of code, diagram or data.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Code {
    /// The first word behind the fence, in small letters.
    pub language: String,
    /// Its lines, as they are.
    pub lines: Vec<Text>,
    /// Where it is, with its fences.
    pub span: Span,
}

/// A quotation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Quote {
    /// What is in it.
    pub blocks: Vec<Block>,
    /// Where it is.
    pub span: Span,
}

/// `Key: value`, in one line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Field {
    /// What stands before the colon, without signs at its start.
    pub key: Text,
    /// What stands behind it; may be empty.
    pub value: Text,
    /// The key, or key and colon, are bold.
    pub is_bold: bool,
}

/// Something that was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Where it begins.
    pub at: Span,
    /// Why, as a sentence without full stop.
    pub why: &'static str,
}

impl Outline {
    pub(crate) fn of(text: &str, lines: &Lines) -> Outline {
        build::outline(text, lines)
    }

    /// A section by its number.
    pub fn section(&self, id: SectionId) -> Option<&Section> {
        self.sections.get(id.0)
    }

    /// The section and those it is in, the innermost first, the document last.
    pub fn path(&self, id: SectionId) -> impl Iterator<Item = &Section> {
        std::iter::successors(self.section(id), |section| self.section(section.parent?))
    }

    /// The numbers of all sections, in order.
    pub fn ids(&self) -> impl Iterator<Item = SectionId> + use<> {
        (0..self.sections.len()).map(SectionId)
    }

    /// The sections in a section, at any depth, and itself.
    pub fn below(&self, id: SectionId) -> impl Iterator<Item = (SectionId, &Section)> {
        let level = self.section(id).map_or(0, |section| section.level);
        let rest = self.sections.iter().enumerate().skip(id.0);
        let kept = rest.take_while(move |(at, section)| *at == id.0 || section.level > level);
        kept.map(|(at, section)| (SectionId(at), section))
    }

    /// The sections directly in a section.
    pub fn children(&self, id: SectionId) -> impl Iterator<Item = (SectionId, &Section)> {
        self.below(id).filter(move |(_, section)| section.parent == Some(id))
    }

    /// The innermost section that has a line.
    pub fn at_line(&self, line: u32) -> SectionId {
        let last = self.sections.iter().rposition(|section| section.span.has_line(line));
        SectionId(last.unwrap_or_default())
    }

    /// Every block at any depth, with its section, in document order.
    pub fn blocks(&self) -> impl Iterator<Item = (SectionId, &Block)> {
        let sections = self.sections.iter().enumerate();
        sections.flat_map(|(at, section)| {
            section.blocks.iter().flat_map(Block::with_inner).map(move |block| (SectionId(at), block))
        })
    }
}

impl Block {
    /// Where it is.
    pub fn span(&self) -> Span {
        match self {
            Block::Paragraph(text) | Block::Html(text) => text.span,
            Block::List(list) => list.span,
            Block::Table(table) => table.span,
            Block::Code(code) | Block::FrontMatter(code) => code.span,
            Block::Quote(quote) => quote.span,
            Block::Rule(span) => *span,
        }
    }

    /// Itself and what is in it, in order.
    pub fn with_inner(&self) -> Vec<&Block> {
        let mut found = Vec::new();
        let mut open = vec![self];
        while let Some(block) = open.pop() {
            found.push(block);
            match block {
                Block::Quote(quote) => open.extend(quote.blocks.iter().rev()),
                Block::List(list) => {
                    open.extend(list.items.iter().rev().flat_map(|item| item.blocks.iter().rev()));
                }
                _ => {}
            }
        }
        found
    }
}

impl Text {
    /// Its lines of the form `Key: value`.
    pub fn fields(&self) -> Vec<Field> {
        if !self.plain.contains('\n') {
            return self.field().into_iter().collect();
        }
        let mut from = 0;
        let mut fields = Vec::new();
        for line in self.plain.split('\n') {
            if field::may_be(line) {
                fields.extend(self.slice(from..from + line.len()).field());
            }
            from += line.len() + 1;
        }
        fields
    }

    /// It as `Key: value`, if it is one line and has that form.
    pub fn field(&self) -> Option<Field> {
        field::read(self)
    }
}

impl ListItem {
    /// It as `Key: value`.
    pub fn field(&self) -> Option<Field> {
        self.text.first_line().field()
    }

    /// It and the items in it, at any depth, in order, each with its depth from 0.
    pub fn with_inner(&self) -> Vec<(usize, &ListItem)> {
        let mut found = Vec::new();
        let mut open = vec![(0, self)];
        while let Some((depth, item)) = open.pop() {
            found.push((depth, item));
            let lists = item.blocks.iter().rev().filter_map(|block| match block {
                Block::List(list) => Some(list),
                _ => None,
            });
            open.extend(lists.flat_map(|list| list.items.iter().rev()).map(|inner| (depth + 1, inner)));
        }
        found
    }
}

impl Code {
    /// Its lines of the form `key: value` or `key = value`.
    pub fn fields(&self) -> Vec<Field> {
        self.lines.iter().filter_map(field::read_in_code).collect()
    }
}
