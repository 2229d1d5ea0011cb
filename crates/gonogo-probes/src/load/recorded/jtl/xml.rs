//! JTL as XML. A sample inside another is a part of it, such as a redirect, and is not counted
//! again.

use std::io::BufRead;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::{Sample, failure};

/// Whether the first bytes of a file are of such a file.
pub(super) fn is(head: &str) -> bool {
    head.trim_start().starts_with('<') && head.contains("<testResults")
}

/// Shows every sample that is in no other.
pub(super) fn each(
    file: &mut impl BufRead,
    see: &mut dyn FnMut(Sample) -> Result<(), String>,
) -> Result<(), String> {
    let mut reader = Reader::from_reader(file);
    let mut buffer = Vec::new();
    // Below `testResults`.
    let mut depth = 0_usize;
    loop {
        let event = reader.read_event_into(&mut buffer);
        match event.map_err(|error| format!("it is no XML that can be read: {error}"))? {
            Event::Start(tag) => {
                if depth == 1 {
                    seen(&tag, see)?;
                }
                depth = depth.saturating_add(1);
            }
            Event::Empty(tag) if depth == 1 => seen(&tag, see)?,
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Eof if depth > 0 => {
                return Err("it ends in the middle; let JMeter end by itself".to_owned());
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
        buffer.clear();
    }
}

fn seen(tag: &BytesStart<'_>, see: &mut dyn FnMut(Sample) -> Result<(), String>) -> Result<(), String> {
    let name = tag.name();
    if !matches!(name.as_ref(), b"httpSample" | b"sample") {
        return Ok(());
    }
    let text = |wanted: &str| -> Option<String> {
        let attribute = tag.try_get_attribute(wanted).ok()??;
        attribute.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
    };
    let number = |wanted: &str| text(wanted).and_then(|said| said.parse::<u64>().ok());
    let must = |wanted: &str| {
        number(wanted).ok_or_else(|| format!("a sample has no whole number `{wanted}`; let JMeter save it"))
    };
    let is_good = text("s").is_some_and(|said| said == "true");
    see(Sample {
        began_ms: must("ts")?,
        took_ms: must("t")?,
        label: text("lb").unwrap_or_default(),
        failed: (!is_good).then(|| failure(&text("rc").unwrap_or_default())),
        sent: number("sby").unwrap_or(0),
        received: number("by").unwrap_or(0),
        users: number("na").unwrap_or(0),
    })
}
