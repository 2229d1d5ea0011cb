//! JTL as CSV. Which columns there are, and what stands between them, is said by the heading.

use std::io::Read;

use super::{Sample, failure};

/// The samples of a transaction are samples themselves; JMeter adds one for the whole, which says so.
const OF_TRANSACTION: &str = "Number of samples in transaction";

/// Whether the first bytes of a file are of such a heading.
pub(super) fn is(head: &str) -> bool {
    let heading = head.lines().next().unwrap_or_default();
    heading.contains("timeStamp") && heading.contains("elapsed")
}

/// Where the columns are that are read.
struct Columns {
    time: usize,
    elapsed: usize,
    label: usize,
    success: usize,
    code: Option<usize>,
    message: Option<usize>,
    received: Option<usize>,
    sent: Option<usize>,
    threads: Option<usize>,
}

impl Columns {
    fn of(heading: &csv::StringRecord) -> Result<Columns, String> {
        let at = |name: &str| heading.iter().position(|column| column.trim() == name);
        let must = |name: &str| {
            at(name).ok_or_else(|| {
                format!("it has no column `{name}`; let JMeter save it (jmeter.save.saveservice)")
            })
        };
        Ok(Columns {
            time: must("timeStamp")?,
            elapsed: must("elapsed")?,
            label: must("label")?,
            success: must("success")?,
            code: at("responseCode"),
            message: at("responseMessage"),
            received: at("bytes"),
            sent: at("sentBytes"),
            threads: at("allThreads"),
        })
    }
}

/// Shows every sample.
pub(super) fn each(
    file: &mut impl Read,
    see: &mut dyn FnMut(Sample) -> Result<(), String>,
) -> Result<(), String> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(file);
    let mut columns = None;
    let mut row = csv::StringRecord::new();
    while reader.read_record(&mut row).map_err(|error| format!("it is no CSV that can be read: {error}"))? {
        let line = row.position().map_or(0, csv::Position::line);
        match &columns {
            None => columns = Some(Columns::of(&row)?),
            Some(columns) => {
                if let Some(sample) = sample(&row, columns).map_err(|why| format!("line {line}: {why}"))? {
                    see(sample)?;
                }
            }
        }
    }
    Ok(())
}

fn sample(row: &csv::StringRecord, columns: &Columns) -> Result<Option<Sample>, String> {
    let text = |at: Option<usize>| at.and_then(|at| row.get(at)).unwrap_or_default();
    let number = |name: &str, at: usize| {
        let said = row.get(at).unwrap_or_default();
        said.parse::<u64>().map_err(|_| {
            format!("`{name}` is no whole number of milliseconds; save with timestamp_format=ms, and let JMeter end by itself")
        })
    };
    if text(columns.message).starts_with(OF_TRANSACTION) {
        return Ok(None);
    }
    let is_good = text(Some(columns.success)).eq_ignore_ascii_case("true");
    Ok(Some(Sample {
        began_ms: number("timeStamp", columns.time)?,
        took_ms: number("elapsed", columns.elapsed)?,
        label: text(Some(columns.label)).to_owned(),
        failed: (!is_good).then(|| failure(text(columns.code))),
        sent: text(columns.sent).parse().unwrap_or(0),
        received: text(columns.received).parse().unwrap_or(0),
        users: text(columns.threads).parse().unwrap_or(0),
    }))
}
