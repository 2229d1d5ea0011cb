//! Any bytes can be read: nothing panics, every place is in the file, and nesting costs no stack.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use gonogo_document::contradiction::search;
use gonogo_document::outline::{Block, Section};
use gonogo_document::{Report, Span, read};
use proptest::prelude::*;

/// Every place that the outline names.
fn places(report: &Report) -> Vec<Span> {
    let sections = report.outline.sections.iter();
    let mut all: Vec<Span> = sections.flat_map(|section| [section.span, section.title.span]).collect();
    for (_, block) in report.outline.blocks() {
        all.push(block.span());
        match block {
            Block::Table(table) => {
                let cells = table.rows.iter().flat_map(|row| row.cells.iter()).chain(&table.header);
                all.extend(cells.map(|cell| cell.span));
            }
            Block::List(list) => all.extend(list.items.iter().flat_map(|item| [item.span, item.text.span])),
            Block::Code(code) => all.extend(code.lines.iter().map(|line| line.span)),
            Block::Paragraph(text) => {
                all.extend(text.lines().iter().map(|line| line.span));
                all.extend(text.fields().iter().flat_map(|field| [field.key.span, field.value.span]));
            }
            _ => {}
        }
    }
    let elements = &report.elements;
    all.extend(elements.claims.iter().map(|claim| claim.source.span));
    all.extend(elements.findings.iter().map(|finding| finding.source.span));
    all.extend(elements.verdicts.iter().map(|verdict| verdict.source.span));
    all.extend(elements.not_understood.iter().map(|unread| unread.source.span));
    all
}

fn check(bytes: &[u8]) -> Report {
    let report = read(bytes);
    let lines: Vec<&str> = report.decoded.text.split('\n').collect();
    // Repairs made lines shorter; places are those of the file before them.
    let lost = |line: u32| -> u32 {
        let here = report.decoded.repairs.iter().filter(|repair| repair.at.line == line);
        let lost = here.map(|repair| repair.was.chars().count() - repair.now.chars().count());
        u32::try_from(lost.sum::<usize>()).unwrap()
    };
    for span in places(&report) {
        let line = lines.get(span.line as usize - 1).unwrap_or_else(|| panic!("{span} is behind the end"));
        let width = u32::try_from(line.chars().count()).unwrap() + lost(span.line);
        assert!(span.column >= 1 && span.column <= width + 1, "{span} in {line:?}");
        assert!((span.line, span.column) <= (span.end_line, span.end_column), "{span:?}");
        assert!(span.end_line as usize <= lines.len(), "{span:?}");
    }
    report
}

proptest! {
    #[test]
    fn any_bytes_can_be_read(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        check(&bytes);
    }

    #[test]
    fn any_document_can_be_read(parts in proptest::collection::vec(
        proptest::sample::select(vec![
            "# ", "## ", "- ", "1. ", "> ", "| a | b |\n", "|---|---|\n", "**", "*", "`", "```\n", "\n", "\n\n",
            "Key: value", "**Key:** ", "[x] ", "[ ] ", "✅ ", "âœ…", "ğŸ”’", "5 of 7", "85%", "2-3 days", "\t",
            "    ", "---\n", "+++\n", "===\n", "<br>", "<!--", "[a](b:7)", "\\|", "&amp;", "\r", "\r\n", "é", "P0-P4", ":",
        ]), 0..60,
    )) {
        check(parts.concat().as_bytes());
    }
}

#[test]
fn deep_nesting_is_read_flat_and_said() {
    for start in [">", "> ", "- ", "1. ", "- > ", "  - "] {
        let report = check(format!("{}deep", start.repeat(5_000)).as_bytes());
        let deepest = report.outline.blocks().count();
        assert!(deepest < 100, "{start}: {deepest}");
        assert_eq!(report.outline.skipped.len(), 1, "{start}");
    }
    let nested: String = (0..2_000).map(|depth| format!("{}- item\n", "  ".repeat(depth % 200))).collect();
    check(nested.as_bytes());
}

#[test]
fn open_brackets_quotes_and_tables_end() {
    for part in [
        "[", "![", "**", "`", "<", "<!--", "| ", "|-", "\\", "&", "_*", "[a](", "***a", "```\n>", "](",
        "a\n===\n",
    ] {
        check(part.repeat(4_000).as_bytes());
    }
    let wide = format!("{}\n{}\n{}", "|a".repeat(1_000), "|-".repeat(1_000), "|b\n".repeat(1_000));
    check(wide.as_bytes());
}

/// Reads a document and looks for contradictions in it. What takes each with each takes minutes here.
fn compare(text: &str) -> usize {
    let report = read(text.as_bytes());
    search(&report).left_out.len()
}

#[test]
fn giant_tables_are_compared_as_far_as_is_said() {
    let row = |at: usize| {
        format!("| REQ-{at} | part {at} of the hall | {} | {} | Ana |\n", at % 9, ["PASS", "FAIL"][at % 2])
    };
    let rows: String = (0..500).map(row).collect();
    assert!(
        compare(&format!("# R\n\n| ID | Check | Count | Status | Owner |\n|--|--|--|--|--|\n{rows}")) > 0
    );
    let tables: String =
        (0..310).map(|at| format!("### T{at}\n\n| Check | Count |\n|--|--|\n{}\n", row(at))).collect();
    assert!(compare(&tables) > 0);
}

#[test]
fn giant_lists_are_compared_as_far_as_is_said() {
    let item = |at: usize| format!("- [{}] REQ-{at}: set up part {at} (HIGH)\n", [' ', 'x'][at % 2]);
    assert!(
        compare(&format!("# Checklist\n\n3 of 9 done:\n\n{}", (0..400).map(item).collect::<String>())) > 0
    );
    let apart = |at: usize| format!("### Part {at}: 1 of 2 done\n\n{}\n", item(at));
    assert!(compare(&(0..310).map(apart).collect::<String>()) > 0);
}

#[test]
fn many_headings_are_compared_as_far_as_is_said() {
    let heading =
        |at: usize| format!("{} BLOCKER-{at}: part {at} (HIGH)\n\nRisk: LOW\n", "#".repeat(at % 6 + 1));
    assert!(compare(&(0..310).map(heading).collect::<String>()) > 0);
    compare(&format!("# Top\n{}", "## One of 3 is not ready\n".repeat(400)));
}

#[test]
fn long_lines_and_one_word_end() {
    for part in [
        "ready ",
        "5 of 7 ",
        "NO-GO. ",
        "**a** ",
        "[a](b) ",
        "P0-P4 ",
        "no test failed, ",
        "ready",
        "Key: value\n",
    ] {
        let report = read(part.repeat(1_900 / part.len()).as_bytes());
        search(&report);
    }
    let unread = read("all tests are ready and ".repeat(1_000).as_bytes()).elements.not_understood;
    assert!(unread.iter().any(|unread| unread.why.contains("too long")), "{unread:?}");
}

#[test]
fn deep_nesting_is_compared() {
    for start in ["> ", "- ", "1. ", "> - [ ] "] {
        compare(&format!("{}deep {}", start.repeat(10_000), "\n- x\n".repeat(10)));
    }
}

#[test]
fn places_are_those_of_the_file_as_it_is() {
    let report = check("# A\n\n| x | y |\n|---|---|\n| âœ… ok | z |\n".as_bytes());
    let Some((_, Block::Table(table))) = report.outline.blocks().next() else {
        unreachable!("there is a table")
    };
    let (first, second) = (&table.rows[0].cells[0], &table.rows[0].cells[1]);
    assert_eq!((first.plain.as_str(), first.span.column, first.span.end_column), ("✅ ok", 3, 9));
    assert_eq!((second.plain.as_str(), second.span.line, second.span.column), ("z", 5, 12));
}

#[test]
fn labels_and_bold_lines_are_headings() {
    let text = "## Findings\n\n**Slow start**\n\n- Why: x\n\n**Critical Issues:**\n1. a\n2. b\n\nAfter it.\n\n---\nEnd\n";
    let report = check(text.as_bytes());
    let shown: Vec<(u8, &str, usize)> = report
        .outline
        .sections
        .iter()
        .map(|section| (section.level, section.title.plain.as_str(), section.blocks.len()))
        .collect();
    assert_eq!(
        shown,
        [
            (0, "", 0),
            (2, "Findings", 2),
            (Section::BOLD, "Slow start", 2),
            (Section::LABEL, "Critical Issues:", 1)
        ]
    );
}
