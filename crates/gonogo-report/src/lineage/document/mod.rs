//! What became of what a document says, as text. Both documents only claim, and every form says so.
//! It computes no number.

mod markdown;
mod terminal;

use gonogo_model::lineage::document::{Change, DocumentLineage, Entry, Quote, Standing, State, Statement};

use super::LineageFormat;
use crate::{RenderError, Style, json};

/// The report of a lineage of documents. `style` is used by [`LineageFormat::Terminal`] only.
/// The text ends with a newline, and the same input always gives the same bytes.
pub fn document_lineage(
    lineage: &DocumentLineage,
    format: LineageFormat,
    style: Style,
) -> Result<String, RenderError> {
    match format {
        LineageFormat::Terminal => Ok(terminal::render(lineage, style)),
        LineageFormat::Markdown => Ok(markdown::render(lineage)),
        LineageFormat::Json => json::pretty(lineage),
    }
}

/// What no reader may forget.
const CLAIMS: &str =
    "Both documents only claim. What is fixed here was called so by the newer one; nobody looked.";

/// What the states come to.
fn conclusion(lineage: &DocumentLineage) -> &'static str {
    let counts = lineage.counts;
    match (lineage.is_clean(), counts.vanished + counts.regressed + counts.new == 0) {
        (true, _) => "Nothing vanished, regressed or is new.",
        (false, true) => "The newer document says of the older one what does not hold.",
        (false, false) => "Something vanished, regressed or is new.",
    }
}

/// States whose entries are all shown, in the order in which they are told. Of the others those are
/// shown about which something changed.
fn is_shown(entry: &Entry) -> bool {
    entry.state < State::Untold || !entry.changes.is_empty() || !entry.notes.is_empty()
}

/// Entries that are only counted.
fn is_counted_only(state: State) -> bool {
    state >= State::Untold
}

/// The id, unless the title begins with it.
fn id(entry: &Entry) -> Option<&str> {
    let is_named = |id: &&str| entry.title.to_lowercase().starts_with(&id.to_lowercase());
    entry.id.as_deref().filter(|id| !is_named(id))
}

/// How it stood and stands, where the state does not say it.
fn stood(entry: &Entry) -> Option<String> {
    let (was, is) = (entry.was.map(Standing::word), entry.is.map(Standing::word));
    match (entry.state, was, is) {
        (State::Regressed, Some(was), Some(is)) => Some(format!("was {was}, is {is}")),
        (State::Vanished, Some("accepted"), _) => Some("was an accepted risk".to_owned()),
        (State::New, _, Some("accepted")) => Some("is an accepted risk".to_owned()),
        (State::ClaimedFixed, Some("accepted"), _) => Some("was an accepted risk".to_owned()),
        _ => None,
    }
}

/// What is to be known about an entry, as sentences.
fn known(entry: &Entry) -> Vec<String> {
    let mention = entry.mention.iter().map(|mention| format!("line {} says: {}", mention.line, mention.text));
    mention
        .chain(stood(entry))
        .chain(entry.changes.iter().map(change))
        .chain(entry.notes.iter().cloned())
        .collect()
}

fn change(change: &Change) -> String {
    let said = |text: &Option<String>| text.clone().unwrap_or_else(|| "not stated".to_owned());
    format!("{}: {} → {}", change.what, said(&change.before), said(&change.after))
}

/// `old.md:12, 40 and 3 more places`: where a document lists a thing.
fn places(file: &str, statements: &[Statement]) -> String {
    const SHOWN: usize = 4;
    let lines: Vec<String> =
        statements.iter().take(SHOWN).map(|statement| statement.line.to_string()).collect();
    let more = if statements.len() > SHOWN { " and more" } else { "" };
    format!("{file}:{}{more}", lines.join(", "))
}

/// Where both documents list an entry, the older one first.
fn where_it_is(lineage: &DocumentLineage, entry: &Entry) -> String {
    let (before, after) = (lineage.before.file.as_str(), lineage.after.file.as_str());
    let mention =
        |file: &str| entry.mention.as_ref().map(|mention| format!("named in {file}:{}", mention.line));
    let of = |file: &str, statements: &[Statement]| match statements.is_empty() {
        true => mention(file),
        false => Some(places(file, statements)),
    };
    let both = [of(before, &entry.before), of(after, &entry.after)];
    both.into_iter().flatten().collect::<Vec<_>>().join(" → ")
}

/// `72% (line 21), 73% (line 40)`, or that nothing is stated.
fn stated(quotes: &[Quote]) -> String {
    let said: Vec<String> =
        quotes.iter().map(|quote| format!("{} (line {})", quote.text, quote.line)).collect();
    if said.is_empty() { "not stated".to_owned() } else { said.join(", ") }
}

/// The lines of places in a file.
fn lines(file: &str, quotes: &[Quote]) -> Option<String> {
    let lines: Vec<String> = quotes.iter().map(|quote| quote.line.to_string()).collect();
    (!lines.is_empty()).then(|| format!("{file}:{}", lines.join(", ")))
}

/// What was not compared, if anything.
fn left_out(lineage: &DocumentLineage) -> Vec<String> {
    let said = [&lineage.before, &lineage.after].into_iter().filter(|document| document.left_out > 0);
    said.map(|document| format!("{} more lines of {} were not compared.", document.left_out, document.file))
        .collect()
}
