//! Documents to measure with. They are made up, and the same on each run.

use std::fmt::Write as _;

/// A document in one of several shapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A readiness report of many areas, each with all that such reports have.
    Report,
    /// One table.
    Table,
    /// One list with boxes to tick.
    List,
    /// One paragraph of many lines.
    Paragraph,
    /// One line.
    Line,
    /// Lists in quotations in lists, as deep as 10,000.
    Nested,
    /// Nothing but headings.
    Headings,
    /// One word again and again.
    Word,
}

const SYSTEMS: [&str; 12] = [
    "ledger",
    "ticket desk",
    "route planner",
    "mail relay",
    "fare engine",
    "seat map",
    "crew roster",
    "gate display",
    "baggage belt",
    "weather feed",
    "fuel log",
    "map tiles",
];
const PARTS: [&str; 8] = [
    "nightly restore",
    "write queue",
    "access log",
    "rate limit",
    "cache",
    "schema",
    "timeout",
    "alert rule",
];
const OWNERS: [&str; 6] = ["Ines", "Tomas", "Berit", "Quentin", "Aiko", "Platform team"];
const MARKS: [&str; 5] = ["✅ PASS", "⚠️ PARTIAL", "❌ FAIL", "⏳ PENDING", "🚫 BLOCKED"];
const LEVELS: [&str; 4] = ["BLOCKER", "HIGH", "MEDIUM", "LOW"];

/// A document of at least `bytes` bytes.
pub(crate) fn document(shape: Shape, bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + 8_192);
    text.push_str(match shape {
        Shape::Report => {
            "# Go-live readiness of the harbour system\n\n**Date:** 2026-02-11\n**Author:** Ines\n\n"
        }
        Shape::Table => {
            "# Checks\n\n| ID | Check | Status | Score | Owner | Notes |\n|---|---|---|---|---|---|\n"
        }
        Shape::List => "# Launch checklist\n\n",
        Shape::Paragraph | Shape::Line | Shape::Nested | Shape::Headings | Shape::Word => "",
    });
    for at in 0.. {
        if text.len() >= bytes {
            break;
        }
        part(shape, at, &mut text);
    }
    text
}

fn part(shape: Shape, at: usize, text: &mut String) {
    let (system, part, owner) = (SYSTEMS[at % 12], PARTS[at / 5 % 8], OWNERS[at % 6]);
    let mark = MARKS[at * 7 % 11 % 5];
    let added = match shape {
        Shape::Report => {
            area(at, text);
            Ok(())
        }
        Shape::Table => writeln!(
            text,
            "| CHK-{at} | The {part} of the {system} was tried | {mark} | {}% | {owner} | {} of 12 runs passed |",
            at % 101,
            at % 13
        ),
        Shape::List => writeln!(
            text,
            "- [{}] TASK-{at}: Set up the {part} of the {system} (HIGH, 2-3 days) @{owner}",
            if at.is_multiple_of(3) { 'x' } else { ' ' }
        ),
        Shape::Paragraph => writeln!(text, "{}", sentence(at)),
        Shape::Line => write!(text, "{} ", sentence(at)),
        Shape::Nested => {
            let depth = at % 10_000;
            write!(
                text,
                "{}{} the {part}{}",
                if at.is_multiple_of(2) { "> " } else { "- " },
                system,
                if depth == 9_999 { "\n\n" } else { "\n" }
            )
            .and_then(|()| write!(text, "{}", "> ".repeat(at % 40)))
        }
        Shape::Headings => writeln!(text, "## {at}. The {part} of the {system}: {mark}"),
        Shape::Word => write!(text, "ready{}", if at % 16 == 15 { '\n' } else { ' ' }),
    };
    added.unwrap_or_default();
}

/// A sentence as reports have them: some claim something, most do not.
fn sentence(at: usize) -> String {
    let (system, part) = (SYSTEMS[at * 5 % 12], PARTS[at * 3 % 8]);
    match at % 9 {
        0 => format!("The {part} of the {system} was looked at on two days in the test hall."),
        1 => format!(
            "All {} routes of the {system} answer within {} ms at the 95th percentile.",
            at % 60 + 2,
            at % 900
        ),
        2 => format!("Nobody has measured what happens to the {part} when the {system} loses its database."),
        3 => {
            format!("We found {} open issues in the {part}, and {} of 20 checks passed.", at % 9 + 2, at % 21)
        }
        4 => format!(
            "The {system} is deployed, and its {part} is documented in `docs/{}/run.md`.",
            part.replace(' ', "-")
        ),
        5 => format!(
            "It takes about 2-3 days to change the {part}, because [the plan](plans/{at}.md) needs a second person."
        ),
        6 => {
            format!("No data of the {system} was lost, which is **{}%** of what the contract asks.", at % 101)
        }
        7 => format!(
            "Until the {part} is replaced, the {system} must not take more than {} requests a second.",
            at % 5_000
        ),
        _ => format!("Der {part} bleibt offen; le {system} n'est pas prêt; 🟡 see the table below."),
    }
}

/// An area of a report.
fn area(at: usize, text: &mut String) {
    let added = heading(at, text)
        .and_then(|()| table(at, text))
        .and_then(|()| finding(at, text))
        .and_then(|()| lists(at, text))
        .and_then(|()| plan(at, text));
    added.unwrap_or_default();
}

fn heading(at: usize, text: &mut String) -> std::fmt::Result {
    let (system, mark) = (SYSTEMS[at % 12], MARKS[at * 7 % 11 % 5]);
    writeln!(text, "## {}. {system} {at}: {mark} ({}%)\n", at + 1, at % 101)?;
    writeln!(text, "**Status:** {mark}\n**Owner:** {}\n**Decision:** CONDITIONAL GO\n", OWNERS[at % 6])?;
    for paragraph in 0..3 {
        for line in 0..4 {
            writeln!(text, "{}", sentence(at + paragraph * 4 + line))?;
        }
        writeln!(text)?;
    }
    Ok(())
}

fn table(at: usize, text: &mut String) -> std::fmt::Result {
    writeln!(
        text,
        "### Checks\n\n| Check | Status | Evidence | Owner |\n|-------|--------|----------|-------|"
    )?;
    for row in 0..8 {
        let (part, owner) = (PARTS[(at + row) % 8], OWNERS[(at + row) % 6]);
        writeln!(
            text,
            "| {part} of area {at} | {} | `src/{row}/main.rs:{}`, run {row} | {owner} |",
            MARKS[(at + row * 3) % 5],
            at % 400 + row
        )?;
    }
    writeln!(
        text,
        "\n| Severity | Count |\n|---|---|\n| High | {} |\n| Low | {} |\n| **Total** | {} |\n",
        at % 5,
        at % 3,
        at % 5 + at % 3
    )
}

fn finding(at: usize, text: &mut String) -> std::fmt::Result {
    for number in 0..2 {
        let (system, part) = (SYSTEMS[(at + number) % 12], PARTS[(at + number) % 8]);
        let level = LEVELS[(at + number) % 4];
        writeln!(text, "#### {level}-{}: The {part} of the {system} is not limited\n", at * 2 + number)?;
        writeln!(text, "**Root Cause:** {}", sentence(at + number))?;
        writeln!(text, "**Impact:** {}\n", sentence(at + number + 2))?;
        writeln!(
            text,
            "- **File:** `src/{}.rs:{}`\n- **Fix:** Set a limit and try it\n- **Effort:** {}-{} hours\n",
            part.replace(' ', "_"),
            at % 900,
            number + 2,
            number + 5
        )?;
    }
    Ok(())
}

fn lists(at: usize, text: &mut String) -> std::fmt::Result {
    writeln!(text, "### Must fix before launch\n")?;
    for item in 0..5 {
        writeln!(text, "{}. **{} {}** - {}", item + 1, PARTS[(at + item) % 8], at, sentence(at + item))?;
    }
    writeln!(text, "\n### Pre-launch checklist (T-{} days)\n", at % 14 + 1)?;
    for item in 0..6 {
        let tick = if (at + item).is_multiple_of(2) { 'x' } else { ' ' };
        writeln!(
            text,
            "- [{tick}] {} of the {} is ready",
            PARTS[(at + item) % 8],
            SYSTEMS[(at + item) % 12]
        )?;
    }
    writeln!(text)
}

fn plan(at: usize, text: &mut String) -> std::fmt::Result {
    writeln!(text, "```yaml\nload test: ✅ PASS\nrestore: 🚫 BLOCKED\nowner: {}\n```\n", OWNERS[at % 6])?;
    writeln!(text, "> {}\n", sentence(at + 4))?;
    writeln!(text, "```rust\nfn limit() -> u32 {{ {at} }}\n```\n\n<br>\n\n---\n")
}
