//! From the events of the Markdown parser to sections and blocks. No recursion: hostile nesting
//! must not use up the stack.

mod inline;

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd};

use super::heading::{is_bold_heading, label_of, level_of};
use super::placed::push_placed;
use super::{Block, Code, List, ListItem, MOST_BLOCKS, MOST_DEPTH, Outline, Quote, Row, Section, SectionId};
use super::{Skipped, Table, Text};
use crate::place::{Lines, Span};
use crate::text::TextBuilder;

pub(super) fn outline(source: &str, lines: &Lines) -> Outline {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS;
    let mut builder = Builder {
        source,
        lines,
        outline: Outline { sections: vec![Section::default()], skipped: Vec::new() },
        open: Vec::new(),
        flattened: 0,
        text: None,
        code: None,
        table: None,
        heading: None,
        current: SectionId(0),
        last_list: 0..0,
        blocks: 0,
    };
    for (event, range) in Parser::new_ext(source, options).into_offset_iter() {
        builder.event(event, range);
        if builder.blocks >= MOST_BLOCKS {
            let at = builder.outline.sections.last().map(|section| section.span).unwrap_or_default();
            builder.outline.skipped.push(Skipped { at, why: "the document has too many blocks" });
            break;
        }
    }
    builder.finish()
}

/// A list, an item or a quotation that is not closed yet.
enum Open {
    List(List),
    Item(ListItem),
    Quote(Quote),
}

struct Builder<'a> {
    source: &'a str,
    lines: &'a Lines,
    outline: Outline,
    open: Vec<Open>,
    /// Containers that are open and not kept because they are too deep.
    flattened: usize,
    text: Option<TextBuilder>,
    code: Option<Code>,
    table: Option<(Table, Row)>,
    heading: Option<u8>,
    current: SectionId,
    /// The bytes of the list that was closed last.
    last_list: Range<usize>,
    blocks: usize,
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(text) if self.code.is_some() => self.code_text(&text, range),
            Event::Text(text) => self.push_text(&text, range),
            Event::Code(code) => self.inline_code(&code, range),
            Event::InlineHtml(html) => self.inline_html(&html, range),
            Event::Html(html) => match &mut self.code {
                Some(_) => self.code_text(&html, range),
                None => self.push_text(&html, range),
            },
            Event::SoftBreak | Event::HardBreak => {
                if let Some(text) = &mut self.text {
                    text.line_break();
                }
            }
            Event::Rule => {
                self.flush();
                if self.numbered_heading(&range) {
                    return;
                }
                let span = self.span(&range);
                if self.open.is_empty() {
                    self.close_down_to(Section::BOLD);
                }
                self.push(Block::Rule(span));
            }
            Event::TaskListMarker(ticked) => {
                if let Some(Open::Item(item)) = self.open.last_mut() {
                    item.ticked.get_or_insert(ticked);
                }
            }
            Event::FootnoteReference(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Strong => self.text.get_or_insert_default().start_bold(),
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                self.text.get_or_insert_default().start_link(dest_url.into_string());
            }
            Tag::Strikethrough => self.text.get_or_insert_default().start_struck(),
            Tag::Emphasis | Tag::Superscript | Tag::Subscript => {}
            Tag::Paragraph => self.flush(),
            Tag::Heading { level, .. } => {
                self.flush();
                self.heading = Some(level_of(level));
            }
            Tag::BlockQuote(_) => {
                let span = self.span(&range);
                self.open(Open::Quote(Quote { blocks: Vec::new(), span }));
            }
            Tag::List(first) => {
                let span = self.span(&range);
                self.open(Open::List(List { first, items: Vec::new(), span }));
            }
            Tag::Item => {
                let span = self.span(&range);
                let number = match self.open.last() {
                    Some(Open::List(List { first: Some(first), items, .. })) => {
                        Some(first.saturating_add(items.len() as u64))
                    }
                    _ => None,
                };
                self.open(Open::Item(ListItem { number, span, ..ListItem::default() }));
            }
            Tag::CodeBlock(kind) => self.start_code(&kind, range),
            Tag::MetadataBlock(_) => {
                self.start_code(&CodeBlockKind::Fenced(CowStr::Borrowed("front matter")), range);
            }
            Tag::HtmlBlock => self.flush(),
            Tag::Table(_) => {
                self.flush();
                self.table = Some((Table { span: self.span(&range), ..Table::default() }, Row::default()));
            }
            Tag::TableHead | Tag::TableRow => {
                let span = self.span(&range);
                if let Some((_, row)) = &mut self.table {
                    *row = Row { cells: Vec::new(), span };
                }
            }
            Tag::TableCell => self.text = None,
            Tag::FootnoteDefinition(_) => self.flush(),
            Tag::DefinitionList | Tag::DefinitionListTitle | Tag::DefinitionListDefinition => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Strong => self.text.iter_mut().for_each(TextBuilder::end_bold),
            TagEnd::Strikethrough => self.text.iter_mut().for_each(TextBuilder::end_struck),
            TagEnd::Link | TagEnd::Image => self.text.iter_mut().for_each(TextBuilder::end_link),
            TagEnd::Paragraph | TagEnd::FootnoteDefinition => self.flush(),
            TagEnd::Heading(_) => self.end_heading(range),
            TagEnd::List(_) => {
                self.last_list = range;
                self.close();
            }
            TagEnd::BlockQuote(_) | TagEnd::Item => self.close(),
            TagEnd::CodeBlock | TagEnd::MetadataBlock(_) => self.end_code(),
            TagEnd::HtmlBlock => {
                if let Some(text) = self.text.take() {
                    self.push(Block::Html(text.finish()));
                }
            }
            TagEnd::TableCell => self.end_cell(range),
            TagEnd::TableHead => {
                if let Some((table, row)) = &mut self.table {
                    table.header = std::mem::take(&mut row.cells);
                }
            }
            TagEnd::TableRow => {
                if let Some((table, row)) = &mut self.table {
                    table.rows.push(std::mem::take(row));
                    self.blocks += 1;
                }
            }
            TagEnd::Table => {
                if let Some((table, _)) = self.table.take() {
                    self.push(Block::Table(table));
                }
            }
            _ => {}
        }
    }

    fn start_code(&mut self, kind: &CodeBlockKind<'_>, range: Range<usize>) {
        self.flush();
        let language = match kind {
            CodeBlockKind::Fenced(words) if words.as_ref() == "front matter" => words.to_string(),
            CodeBlockKind::Fenced(words) => {
                words.split([' ', ',', '{']).next().unwrap_or_default().to_lowercase()
            }
            CodeBlockKind::Indented => String::new(),
        };
        self.code = Some(Code { language, lines: Vec::new(), span: self.span(&range) });
    }

    fn code_text(&mut self, text: &str, range: Range<usize>) {
        let (source, lines) = (self.source, self.lines);
        let Some(code) = &mut self.code else { return };
        let exact = range.len() == text.len();
        let mut from = range.start;
        for line in text.split_inclusive('\n') {
            let to = if exact { from + line.len() } else { range.end };
            let mut builder = TextBuilder::default();
            let kept = line.trim_end_matches(['\n', '\r']);
            push_placed(&mut builder, (source, lines), kept, from..from + kept.len());
            code.lines.push(builder.finish_as_it_is());
            from = to;
        }
    }

    fn end_code(&mut self) {
        let Some(mut code) = self.code.take() else { return };
        self.blocks += code.lines.len();
        match code.language == "front matter" {
            true => {
                code.language.clear();
                self.push(Block::FrontMatter(code));
            }
            false => match super::columns::blocks(&code) {
                Some(blocks) => blocks.into_iter().for_each(|block| self.push(block)),
                None => self.push(Block::Code(code)),
            },
        }
    }

    fn end_cell(&mut self, range: Range<usize>) {
        let mut cell = self.text.take().unwrap_or_default().finish();
        if cell.plain.is_empty() {
            cell.span = self.span(&range);
        }
        if let Some((_, row)) = &mut self.table {
            row.cells.push(cell);
        }
    }

    fn end_heading(&mut self, range: Range<usize>) {
        let title = self.text.take().unwrap_or_default().finish();
        let Some(level) = self.heading.take() else { return };
        // Lines above `---` without an empty line between are a heading to Markdown, but hardly
        // to people, when there are several or when they are fields.
        let underlined = self.source.get(range.clone()).is_some_and(|all| !all.trim_start().starts_with('#'));
        let is_prose =
            title.plain.contains('\n') || title.field().is_some_and(|field| !field.value.is_empty());
        if underlined && is_prose {
            self.push(Block::Paragraph(title));
            return;
        }
        if self.open.is_empty() {
            let span = self.span(&range);
            self.open_section(level, title, span);
        } else {
            // In a list or a quotation it is a bold line.
            self.push(Block::Paragraph(title));
        }
    }

    /// `3. Findings` above a line of dashes is a list and a line to Markdown, but a heading to people.
    fn numbered_heading(&mut self, rule: &Range<usize>) -> bool {
        let between = self.source.get(self.last_list.end..rule.start);
        let is_below = between.is_some_and(|all| all.trim().is_empty() && !all.contains("\n\n"));
        let dashes = self.source.get(rule.clone()).unwrap_or_default().trim_end();
        let above = self.source.get(self.last_list.clone()).unwrap_or_default();
        if !self.open.is_empty()
            || !is_below
            || !dashes.bytes().all(|byte| byte == b'-')
            || above.ends_with("\n\n")
        {
            return false;
        }
        let is_title = matches!(
            self.section().blocks.last(),
            Some(Block::List(List { first: Some(_), items, .. }))
                if items.len() == 1 && items.iter().all(|item| item.blocks.is_empty() && !item.text.plain.contains('\n'))
        );
        if !is_title {
            return false;
        }
        self.section_mut().blocks.pop();
        let from = self.last_list.start;
        let range = from..from + above.trim_end().len();
        let mut title = TextBuilder::default();
        push_placed(&mut title, (self.source, self.lines), above.trim_end(), range.clone());
        let span = self.span(&range);
        self.open_section(2, title.finish(), span);
        true
    }

    /// What was collected becomes the text of an item, or a paragraph.
    fn flush(&mut self) {
        let Some(text) = self.text.take() else { return };
        let text = text.finish();
        if text.is_empty() {
            return;
        }
        match self.open.last_mut() {
            Some(Open::Item(item)) if item.text.plain.is_empty() && item.blocks.is_empty() => {
                item.text = text;
                self.blocks += 1;
            }
            _ => self.push(Block::Paragraph(text)),
        }
    }

    fn open(&mut self, container: Open) {
        self.flush();
        // A list needs room for its items.
        let room = if matches!(container, Open::List(_)) { 2 } else { 1 };
        if self.flattened == 0 && self.open.len() + room <= MOST_DEPTH {
            self.open.push(container);
            return;
        }
        let known = self.outline.skipped.iter().any(|skipped| skipped.why == TOO_DEEP);
        if !known {
            let at = match container {
                Open::List(list) => list.span,
                Open::Item(item) => item.span,
                Open::Quote(quote) => quote.span,
            };
            self.outline.skipped.push(Skipped { at, why: TOO_DEEP });
        }
        self.flattened += 1;
    }

    fn close(&mut self) {
        self.flush();
        if self.flattened > 0 {
            self.flattened -= 1;
            return;
        }
        match self.open.pop() {
            Some(Open::Item(item)) => {
                self.blocks += 1;
                if let Some(Open::List(list)) = self.open.last_mut() {
                    list.items.push(item);
                }
            }
            Some(Open::List(list)) => self.push(Block::List(list)),
            Some(Open::Quote(quote)) => self.push(Block::Quote(quote)),
            None => {}
        }
    }

    fn push(&mut self, block: Block) {
        self.blocks += 1;
        match self.open.last_mut() {
            Some(Open::Quote(quote)) => quote.blocks.push(block),
            Some(Open::Item(item)) => item.blocks.push(block),
            // A list holds items only; this cannot be in one.
            Some(Open::List(_)) => {}
            None => self.push_to_section(block),
        }
    }

    fn push_to_section(&mut self, block: Block) {
        let is_label = self.section().level == Section::LABEL;
        match &block {
            Block::Paragraph(text) => {
                if is_label && !self.section().blocks.is_empty() {
                    self.close_down_to(Section::LABEL);
                }
                if is_bold_heading(text) {
                    let (title, span) = (text.clone(), text.span);
                    self.open_section(Section::BOLD, title, span);
                    return;
                }
            }
            Block::List(_) | Block::Table(_) | Block::Code(_) | Block::Quote(_) => self.open_label(),
            Block::Html(_) | Block::FrontMatter(_) | Block::Rule(_) => {}
        }
        self.section_mut().blocks.push(block);
    }

    /// The last line before a list, table or code that ends with a colon is its heading.
    fn open_label(&mut self) {
        let Some(Block::Paragraph(text)) = self.section().blocks.last() else { return };
        let Some(label) = label_of(text) else { return };
        let blocks = &mut self.section_mut().blocks;
        let Some(Block::Paragraph(text)) = blocks.pop() else { return };
        let before = text.plain.trim_end().len() - label.plain.len();
        let rest = text.slice(0..before);
        if !rest.is_empty() {
            blocks.push(Block::Paragraph(rest));
        }
        let span = label.span;
        self.open_section(Section::LABEL, label, span);
    }

    fn open_section(&mut self, level: u8, title: Text, span: Span) {
        self.close_down_to(level);
        let parent = Some(self.current);
        self.current = SectionId(self.outline.sections.len());
        self.outline.sections.push(Section { level, title, parent, span, blocks: Vec::new() });
    }

    /// Leaves sections of `level` and below it.
    fn close_down_to(&mut self, level: u8) {
        while self.section().level >= level {
            let Some(parent) = self.section().parent else { return };
            self.current = parent;
        }
    }

    fn section(&self) -> &Section {
        &self.outline.sections[self.current.0]
    }

    fn section_mut(&mut self) -> &mut Section {
        &mut self.outline.sections[self.current.0]
    }

    fn span(&self, range: &Range<usize>) -> Span {
        let all = self.source.get(range.clone()).unwrap_or_default();
        self.lines.span(self.source, range.start, range.start + all.trim_end().len())
    }

    fn finish(mut self) -> Outline {
        self.flush();
        while !self.open.is_empty() {
            self.close();
        }
        let (last, _) = self.lines.at(self.source, self.source.trim_end().len());
        let count = self.outline.sections.len();
        // Going backwards, the next section of a level or above is the last seen.
        let mut next = [last + 1; Section::LABEL as usize + 1];
        for at in (0..count).rev() {
            let Some(section) = self.outline.sections.get_mut(at) else { continue };
            let level = usize::from(section.level).min(next.len() - 1);
            let end = next.get(..=level).and_then(|ends| ends.iter().min()).copied().unwrap_or(last + 1);
            let end = end.saturating_sub(1).max(section.span.end_line);
            if end > section.span.end_line {
                (section.span.end_line, section.span.end_column) = (end, 1);
            }
            if let Some(start) = next.get_mut(level) {
                *start = section.span.line;
            }
        }
        self.outline
    }
}

const TOO_DEEP: &str = "it is nested too deeply and read as if it were not nested";
