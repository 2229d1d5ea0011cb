//! Dates as this document writes them: with the day first or the month first, with or without a year.

use jiff::civil::Date;

use super::sentence::Sentence;
use crate::value::{self, Found};

/// Names of months of more than four letters.
const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "august",
    "september",
    "october",
    "november",
    "december",
    "januar",
    "februar",
    "märz",
    "oktober",
    "dezember",
    "janvier",
    "février",
    "avril",
    "juillet",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
    "enero",
    "febrero",
    "marzo",
    "abril",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
    "januari",
    "februari",
    "maart",
    "augustus",
    "gennaio",
    "febbraio",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "settembre",
    "ottobre",
    "dicembre",
    "janeiro",
    "fevereiro",
    "março",
    "maio",
    "junho",
    "julho",
    "setembro",
    "outubro",
    "novembro",
    "dezembro",
];

/// How a document writes dates.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Calendar {
    /// `03/04/2025` is the 3rd of April; none when nothing in the document tells.
    day_first: Option<bool>,
    /// The year of dates without one: that of the first date with one.
    year: i16,
}

impl Calendar {
    /// Looks at all dates of a document.
    pub(crate) fn of(sentences: &[Sentence]) -> Calendar {
        let (mut day_first, mut month_first, mut year) = (false, false, None);
        for sentence in sentences {
            for (_, parts) in numeric(&sentence.text.plain) {
                day_first |= parts.0 > 12;
                month_first |= parts.1 > 12;
            }
            year =
                year.or_else(|| value::dates(&sentence.text.plain).first().map(|found| found.value.year()));
        }
        let day_first = match (day_first, month_first) {
            (true, false) => Some(true),
            (false, true) => Some(false),
            _ => None,
        };
        Calendar { day_first, year: year.unwrap_or(2000) }
    }

    /// Every date of a text, in order.
    pub(crate) fn dates(self, text: &str) -> Vec<Found<Date>> {
        let mut found = value::dates(text);
        let known = |found: &[Found<Date>], at: usize| found.iter().any(|other| other.range.contains(&at));
        if let Some(day_first) = self.day_first {
            for (range, (first, second, year)) in numeric(text) {
                let (day, month) = if day_first { (first, second) } else { (second, first) };
                let date = Date::new(year, month, day).ok().filter(|_| !known(&found, range.start));
                found.extend(date.map(|value| Found { value, range }));
            }
        }
        for (range, day_and_month) in yearless(text) {
            if known(&found, range.start) || known(&found, range.end.saturating_sub(1)) {
                continue;
            }
            let with_year = format!("{day_and_month} {}", self.year);
            found.extend(
                value::dates(&with_year).into_iter().next().map(|date| Found { value: date.value, range }),
            );
        }
        found.sort_by_key(|found| found.range.start);
        found
    }
}

/// `03/04/2025`: its bytes, and its three numbers.
fn numeric(text: &str) -> Vec<(std::ops::Range<usize>, (i8, i8, i16))> {
    let mut found = Vec::new();
    for word in text.split_whitespace() {
        let bare = word.trim_matches(|c: char| !c.is_ascii_digit());
        let parts: Vec<&str> = bare.split('/').collect();
        let [first, second, year] = parts.as_slice() else { continue };
        if let (Ok(first), Ok(second), Ok(year), 4) =
            (first.parse(), second.parse(), year.parse(), year.len())
        {
            let start = offset(text, bare);
            found.push((start..start + bare.len(), (first, second, year)));
        }
    }
    found
}

/// `3 June`, `June 3`, without a year behind.
fn yearless(text: &str) -> Vec<(std::ops::Range<usize>, String)> {
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')'))
        .filter(|word| !word.is_empty())
        .collect();
    let mut found = Vec::new();
    for pair in words.windows(2) {
        let [one, two] = pair else { continue };
        let is_day =
            |word: &str| word.trim_end_matches('.').parse::<u8>().is_ok_and(|day| (1..=31).contains(&day));
        let is_word =
            |word: &str| word.chars().count() >= 3 && word.chars().all(|c| c.is_alphabetic() || c == '.');
        let shown = match (is_day(one), is_day(two)) {
            (true, false) if is_word(two) => {
                format!("{} {}", one.trim_end_matches('.'), two.trim_end_matches('.'))
            }
            (false, true) if is_word(one) => {
                format!("{} {}", two.trim_end_matches('.'), one.trim_end_matches('.'))
            }
            _ => continue,
        };
        let start = offset(text, one);
        found.push((start..offset(text, two) + two.len(), shown));
    }
    found
}

/// The bytes of dates without a year.
pub(crate) fn days(text: &str) -> Vec<std::ops::Range<usize>> {
    // `2 majeures` begins like a month.
    let is_month = |word: &str| {
        let word = word.trim_end_matches('.').to_lowercase();
        word.chars().count() <= 4 || MONTHS.contains(&word.as_str())
    };
    let is_date = |day_and_month: &str| {
        let named = day_and_month.split(' ').next_back().is_some_and(is_month);
        named && !value::dates(&format!("{day_and_month} 2000")).is_empty()
    };
    yearless(text).into_iter().filter(|(_, shown)| is_date(shown)).map(|(range, _)| range).collect()
}

/// Where a part of a text begins in it.
fn offset(text: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize)
}

#[cfg(test)]
mod tests {
    use crate::contradiction::facts::Facts;

    fn dates(document: &str, text: &str) -> Vec<String> {
        let report = crate::read(document.as_bytes());
        let found = Facts::of(&report).calendar.dates(text);
        found.into_iter().map(|found| found.value.to_string()).collect()
    }

    #[test]
    fn the_document_tells_which_number_is_the_day() {
        assert_eq!(dates("Am 20/05/2025.", "12/05/2025"), ["2025-05-12"]);
        assert_eq!(dates("On 05/20/2025.", "12/05/2025"), ["2025-12-05"]);
        assert!(dates("Nothing.", "12/05/2025").is_empty());
    }

    #[test]
    fn dates_without_year_have_that_of_the_document() {
        assert_eq!(dates("Held 4 May 2024.", "3 June"), ["2024-06-03"]);
        assert_eq!(dates("x", "3 June 2023 and May 4"), ["2023-06-03", "2000-05-04"]);
        assert!(dates("x", "3 gates, 12 lamps, page 4 of May").is_empty());
    }
}
