//! From the outline to what the document says. One room for each form in which things are said;
//! each knows what headings and columns mean, never where a document has them.

mod claims;
mod context;
mod findings;
mod grids;
mod lists;
mod rows;
mod statements;

use std::collections::BTreeSet;
use std::ops::Range;

use crate::element::{Confidence, Elements, Grid, GridKind, Role, Setting, Source, Unread};
use crate::name::Name;
use crate::outline::{Block, Code, Field, List, Outline, SectionId, Text};
use crate::place::Span;
use crate::value;
use crate::words::role::role;
use crate::words::topic::Topic;
use context::Contexts;

/// Elements that are read; what follows is listed as not understood.
const MOST: usize = 1_000_000;
const TOO_MUCH: &str = "the document says too much; nothing from here on is read";
const TOO_LONG: &str = "this sentence is too long, and was not searched for claims";
/// Characters of what was not understood that are shown.
const SHOWN: usize = 80;
/// Languages of fences that are text, not code.
const TEXTS: [&str; 9] = ["", "yaml", "yml", "text", "txt", "md", "markdown", "plain", "plaintext"];

/// What the document says.
pub(crate) fn elements(outline: &Outline) -> Elements {
    let contexts = Contexts::of(outline);
    let title = outline.sections.iter().find(|section| (1..=2).contains(&section.level));
    let mut reader = Reader {
        outline,
        contexts,
        elements: Elements { title: title.map(|section| section.title.clone()), ..Elements::default() },
        grids: BTreeSet::new(),
        categories: BTreeSet::new(),
        problems: BTreeSet::new(),
    };
    reader.tables();
    reader.headings();
    for id in outline.ids() {
        reader.section(id);
    }
    reader.in_order();
    reader.elements
}

struct Reader<'a> {
    outline: &'a Outline,
    contexts: Contexts,
    elements: Elements,
    /// Where tables and fences were read as grids.
    grids: BTreeSet<Span>,
    /// The words of the names of categories in tables.
    categories: BTreeSet<BTreeSet<String>>,
    /// Sections that are written-out problems.
    problems: BTreeSet<SectionId>,
}

impl Reader<'_> {
    /// Tables first: they say which categories there are.
    fn tables(&mut self) {
        for (section, block) in self.outline.blocks() {
            let grid = match block {
                Block::Table(table) => Some(grids::of_table(table, section, &self.contexts)),
                Block::Code(code) if is_text(code) => grids::of_code(code, section),
                _ => None,
            };
            if let Some(grid) = grid {
                self.grid(grid);
            }
        }
    }

    fn grid(&mut self, grid: Grid) {
        let at = self.elements.grids.len();
        rows::read(&grid, at, &self.contexts, &mut self.elements);
        let cells = grid.rows.iter().flat_map(|row| row.cells.iter().map(|cell| (&cell.text, row.source)));
        for (text, source) in cells.filter(|(text, _)| text.plain.contains(' ')) {
            let setting = match grid.kind {
                GridKind::Findings | GridKind::Acceptances | GridKind::Scenarios => Setting::Lacking,
                GridKind::Blockers | GridKind::Conditions | GridKind::Efforts | GridKind::Phases => {
                    Setting::Demanded
                }
                _ => Setting::Stated,
            };
            let source = Source { confidence: Confidence::Likely, ..source };
            self.claims(text, setting, source);
        }
        if grid.kind == GridKind::Properties {
            let fields = grid.rows.iter().filter_map(|row| match row.cells.as_slice() {
                [key, value] => {
                    Some(Field { key: key.text.clone(), value: value.text.clone(), is_bold: true })
                }
                _ => None,
            });
            for field in fields {
                statements::field(
                    &field,
                    grid.source.section,
                    &self.contexts,
                    self.outline,
                    &mut self.elements,
                );
            }
        }
        if grid.kind != GridKind::Other {
            self.grids.insert(grid.source.span);
        }
        self.elements.grids.push(grid);
    }

    /// What sections are by their headings: problems, categories, phases, verdicts.
    fn headings(&mut self) {
        let names = self.elements.categories.iter().map(|category| Name::of(&category.name.plain).words);
        self.categories = names.filter(|words| !words.is_empty()).collect();
        for id in self.outline.ids() {
            let Some(section) = self.outline.section(id) else { continue };
            if section.level == 0 {
                continue;
            }
            if let Some(finding) = findings::of_section(self.outline, id, &self.contexts) {
                self.elements.findings.push(finding);
                self.problems.insert(id);
            } else if let Some(phase) = statements::phase(self.outline, id, &self.contexts) {
                self.elements.phases.push(phase);
            } else if let Some(category) =
                statements::category(self.outline, id, &self.contexts, &self.categories)
            {
                self.elements.categories.push(category);
            }
            self.elements.verdicts.extend(statements::of_line(&section.title, id, &self.contexts, true));
            let source = Source { span: section.title.span, section: id, confidence: Confidence::Likely };
            let setting = if self.problems.contains(&id) { Setting::Lacking } else { Setting::Stated };
            self.claims(&section.title, setting, source);
        }
    }

    /// What a heading or a cell claims.
    fn claims(&mut self, text: &Text, setting: Setting, source: Source) {
        if claims::is_too_long(text.plain.len()) {
            self.not_understood(&text.plain, text.span, source.section, TOO_LONG);
        }
        claims::read(text, setting, source, &mut self.elements.claims);
    }

    /// What a sentence of a text claims.
    fn sentence(&mut self, text: &Text, sentence: Range<usize>, setting: Setting, source: Source) {
        if claims::is_too_long(sentence.len()) {
            let shown = text.plain.get(sentence.clone()).unwrap_or_default();
            self.not_understood(shown, text.at(sentence.clone()), source.section, TOO_LONG);
        }
        claims::read_sentence(text, sentence, setting, source, &mut self.elements.claims);
    }

    fn section(&mut self, id: SectionId) {
        let Some(section) = self.outline.section(id) else { return };
        for block in &section.blocks {
            self.block(block, id);
        }
    }

    fn block(&mut self, block: &Block, id: SectionId) {
        if self.elements.count() > MOST {
            let is_said = self.elements.not_understood.iter().rev().any(|unread| unread.why == TOO_MUCH);
            if !is_said {
                self.not_understood("", block.span(), id, TOO_MUCH);
            }
            return;
        }
        match block {
            Block::Paragraph(text) => self.paragraph(text, id),
            Block::List(list) => self.list(list, id),
            Block::Quote(quote) => self.introduced(&quote.blocks, id),
            Block::Code(code) => self.code(code, id),
            Block::FrontMatter(code) => {
                for field in code.fields() {
                    statements::field(&field, SectionId(0), &self.contexts, self.outline, &mut self.elements);
                }
            }
            Block::Table(table) => {
                if !self.grids.contains(&table.span) {
                    let header: Vec<&str> = table.header.iter().map(|text| text.plain.as_str()).collect();
                    self.not_understood(
                        &header.join(" | "),
                        table.span,
                        id,
                        "no column of this table is known",
                    );
                }
            }
            Block::Html(text) => self.not_understood(&text.plain, text.span, id, "it is HTML"),
            Block::Rule(_) => {}
        }
    }

    /// Blocks in a quotation, where a line may introduce the list behind it.
    fn introduced(&mut self, blocks: &[Block], id: SectionId) {
        let mut topic = None;
        for block in blocks {
            match (block, topic) {
                (Block::List(list), Some(topic)) => {
                    lists::read_as(list, Some(topic), id, &self.contexts, &mut self.elements);
                    self.items(list, id, Some(topic));
                }
                _ => self.block(block, id),
            }
            topic = match block {
                Block::Paragraph(text) => lists::topic_of(text),
                _ => None,
            };
        }
    }

    fn paragraph(&mut self, text: &Text, id: SectionId) {
        let fields = text.fields();
        let mut understood = false;
        for field in &fields {
            understood |= statements::field(field, id, &self.contexts, self.outline, &mut self.elements);
            // What a known label says is said about its section.
            understood = understood || role(&field.key.plain).0 != Role::Other;
        }
        let before = self.elements.count();
        let source = Source { span: text.span, section: id, confidence: Confidence::Likely };
        if fields.is_empty() {
            self.elements.verdicts.extend(statements::of_line(text, id, &self.contexts, false));
        }
        let is_verdict = self.elements.count() > before;
        for sentence in claims::sentences(text) {
            self.sentence(text, sentence.clone(), Setting::Stated, source);
            if !is_verdict && !has_field(&fields, text.at(sentence.clone())) {
                self.elements.verdicts.extend(statements::in_prose(text, sentence, id));
            }
        }
        if !understood && self.elements.count() == before {
            self.not_understood(&text.plain, text.span, id, "nothing in this text is known");
        }
    }

    fn list(&mut self, list: &List, id: SectionId) {
        let before = self.elements.count();
        let is_part = self.problems.contains(&id);
        // The details of a problem were read with it, but for its boxes.
        let has_boxes = list.items.iter().any(|item| item.ticked.is_some());
        let understood = (!is_part || has_boxes) && lists::read(list, id, &self.contexts, &mut self.elements);
        let topic = if is_part { Some(Topic::Cause) } else { lists::topic_above(id, &self.contexts) };
        self.items(list, id, topic);
        if !understood && !is_part && self.elements.count() == before {
            let first = list.items.first().map(|item| item.text.plain.as_str()).unwrap_or_default();
            self.not_understood(first, list.span, id, "it is not known what this list lists");
        }
    }

    /// What the items of a list say, whatever it lists.
    fn items(&mut self, list: &List, id: SectionId, topic: Option<Topic>) {
        for item in &list.items {
            for (_, inner) in item.with_inner() {
                let setting = match inner.ticked.or(item.ticked) {
                    Some(false) => Setting::Demanded,
                    Some(true) => Setting::Stated,
                    None => lists::setting(topic),
                };
                let source = Source { span: inner.text.span, section: id, confidence: Confidence::Likely };
                for sentence in claims::sentences(&inner.text) {
                    self.sentence(&inner.text, sentence, setting, source);
                }
                for field in inner.text.fields() {
                    statements::field(&field, id, &self.contexts, self.outline, &mut self.elements);
                }
                self.nested(&inner.blocks, id);
            }
        }
    }

    /// Blocks in an item, without its lists, which were read with it.
    fn nested(&mut self, blocks: &[Block], id: SectionId) {
        for block in blocks.iter().filter(|block| !matches!(block, Block::List(_) | Block::Code(_))) {
            self.block(block, id);
        }
    }

    fn code(&mut self, code: &Code, id: SectionId) {
        if !is_text(code) || self.grids.contains(&code.span) {
            return;
        }
        for field in code.fields() {
            statements::field(&field, id, &self.contexts, self.outline, &mut self.elements);
        }
        let lines = lists::of_lines(&code.lines);
        let marked = lines.items.iter().filter(|item| {
            value::marks(&item.text.plain).first().is_some_and(|found| found.range.start == 0)
        });
        let numbered = lines.items.iter().filter(|item| item.number.is_some());
        // A fence is a list only if it looks like one.
        if marked.count().max(numbered.count()) * 2 > lines.items.len() {
            lists::read(&lines, id, &self.contexts, &mut self.elements);
        }
    }

    fn not_understood(&mut self, text: &str, span: Span, section: SectionId, why: &'static str) {
        let text: String = text.chars().take(SHOWN).collect();
        let source = Source { span, section, confidence: Confidence::Certain };
        self.elements.not_understood.push(Unread { text, why, source });
    }

    /// Every kind in the order of the document.
    fn in_order(&mut self) {
        let elements = &mut self.elements;
        elements.metadata.sort_by_key(|element| element.source.span);
        elements.categories.sort_by_key(|element| element.source.span);
        elements.scores.sort_by_key(|element| element.source.span);
        elements.items.sort_by_key(|element| element.source.span);
        elements.findings.sort_by_key(|element| element.source.span);
        elements.checklist.sort_by_key(|element| element.source.span);
        elements.phases.sort_by_key(|element| element.source.span);
        elements.efforts.sort_by_key(|element| element.source.span);
        elements.verdicts.sort_by_key(|element| element.source.span);
        elements.claims.sort_by_key(|element| element.source.span);
        elements.not_understood.sort_by_key(|element| element.source.span);
    }
}

/// Whether one of some fields, which are in order, begins in one of these lines.
fn has_field(fields: &[Field], lines: Span) -> bool {
    let at = fields.partition_point(|field| field.key.span.line < lines.line);
    fields.get(at).is_some_and(|field| lines.has_line(field.key.span.line))
}

fn is_text(code: &Code) -> bool {
    TEXTS.contains(&code.language.as_str())
}

/// Whether a heading is that of a category: `Category 1: …`, `2. Reliability: ⚠️ PARTIAL (60%)`.
fn is_category_title(title: &Text) -> bool {
    const CATEGORY: [&str; 8] =
        ["CATEGORY", "KATEGORIE", "CATÉGORIE", "CATEGORÍA", "CATEGORIA", "CATEGORIE", "AREA", "DIMENSION"];
    let found = value::ids(&title.plain).into_iter().next();
    if found.is_some_and(|found| CATEGORY.contains(&found.value.prefix.as_str())) {
        return true;
    }
    let numbered = title.plain.trim_start().starts_with(|letter: char| letter.is_ascii_digit());
    let behind = title.plain.split_once(':').map(|(_, behind)| behind).unwrap_or_default();
    numbered && (value::percent(&title.plain).is_some() || value::mark(behind).is_some())
}
