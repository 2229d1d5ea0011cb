//! Amounts as people write and read them: percentages, waits, efforts and working time.
//! Each is exact; none is a floating-point number.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A percentage from 0 to 100 with at most two decimals, in hundredths of a percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, JsonSchema)]
#[schemars(with = "String", extend("pattern" = r"^\d{1,3}(\.\d{1,2})?%$", "examples" = ["90%", "87.5%"]))]
pub struct Percent(u32);

impl Percent {
    /// All of it.
    pub const WHOLE: Percent = Percent(10_000);
    /// Nothing.
    pub const ZERO: Percent = Percent(0);

    /// `hundredths` of a percent, at most 10,000.
    pub const fn from_hundredths(hundredths: u32) -> Option<Percent> {
        if hundredths <= 10_000 { Some(Percent(hundredths)) } else { None }
    }

    /// The percentage in hundredths of a percent: 87.5 % is 8,750.
    pub const fn hundredths(self) -> u32 {
        self.0
    }
}

impl FromStr for Percent {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a percentage; write 0% to 100%, such as 87.5%");
        let (whole, part) = text
            .strip_suffix('%')
            .map(|n| n.trim().split_once('.').unwrap_or((n.trim(), "0")))
            .ok_or_else(wrong)?;
        let digits = |s: &str| !s.is_empty() && s.len() <= 3 && s.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(part) || part.len() > 2 {
            return Err(wrong());
        }
        let part = format!("{part:0<2}");
        let hundredths =
            whole.parse::<u32>().map_err(|_| wrong())? * 100 + part.parse::<u32>().map_err(|_| wrong())?;
        Percent::from_hundredths(hundredths).ok_or_else(wrong)
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 100, self.0 % 100) {
            (whole, 0) => write!(f, "{whole}%"),
            (whole, part) if part % 10 == 0 => write!(f, "{whole}.{}%", part / 10),
            (whole, part) => write!(f, "{whole}.{part:02}%"),
        }
    }
}

/// A time to wait or an age: `500ms`, `30s`, `10m`, `2h`, `7d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, JsonSchema)]
#[schemars(with = "String", extend("examples" = ["500ms", "30s", "10m", "7d"]))]
pub struct Wait(pub Duration);

impl Wait {
    /// So many whole seconds.
    pub const fn seconds(seconds: u64) -> Wait {
        Wait(Duration::from_secs(seconds))
    }
}

impl FromStr for Wait {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const LONGEST: Duration = Duration::from_secs(10 * 366 * 24 * 3600);
        match humantime::parse_duration(text.trim()) {
            Ok(wait) if wait <= LONGEST => Ok(Wait(wait)),
            _ => Err(format!(
                "`{text}` is not a time span of at most ten years; write such as 500ms, 30s, 10m, 2h or 7d"
            )),
        }
    }
}

impl fmt::Display for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", humantime::format_duration(self.0))
    }
}

/// How long work takes a person: `3m`, `2h`, or a range `2h..4h`.
/// A day is 8 working hours, a week 5 days. In minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, JsonSchema)]
#[schemars(with = "String", extend("examples" = ["3m", "2h..4h", "3d..5d"]))]
pub struct Effort {
    /// The least, in minutes.
    pub least: u32,
    /// The most, in minutes; never under `least`.
    pub most: u32,
}

impl Effort {
    /// No work at all.
    pub const NONE: Effort = Effort { least: 0, most: 0 };

    /// One after the other.
    #[must_use]
    pub fn then(self, next: Effort) -> Effort {
        Effort { least: self.least.saturating_add(next.least), most: self.most.saturating_add(next.most) }
    }

    /// Side by side: bounded by the longer one at both ends.
    #[must_use]
    pub fn beside(self, other: Effort) -> Effort {
        Effort { least: self.least.max(other.least), most: self.most.max(other.most) }
    }
}

/// A length of working time: `3m`, `1h 30m`, `2d`. A day is 8 working hours. In minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, JsonSchema)]
#[schemars(with = "String", extend("examples" = ["3m", "1h 30m", "2d"]))]
pub struct WorkTime(pub u32);

impl FromStr for WorkTime {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a working time; write such as 10m, 2h or 3d (1d is 8h)");
        minutes(text).map(WorkTime).ok_or_else(wrong)
    }
}

impl fmt::Display for WorkTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&say(self.0))
    }
}

impl FromStr for Effort {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "`{text}` is not an effort; write such as 10m, 2h, or a range 2h..4h (1d is 8h, 1w is 5d)"
            )
        };
        let (least, most) = text.split_once("..").unwrap_or((text, text));
        let (least, most) = (minutes(least).ok_or_else(wrong)?, minutes(most).ok_or_else(wrong)?);
        if least > most {
            return Err(format!("`{text}` runs backwards; write the smaller effort first"));
        }
        Ok(Effort { least, most })
    }
}

const HOUR: u32 = 60;
const DAY: u32 = 8 * HOUR;
const WEEK: u32 = 5 * DAY;

/// Reads one or more numbers with a unit: `90m`, `1h30m`.
fn minutes(text: &str) -> Option<u32> {
    let parts: Vec<&str> = text.trim().split_inclusive(['m', 'h', 'd', 'w']).collect();
    let sum = |total: u32, part: &&str| total.checked_add(minutes_of_part(part)?);
    (!parts.is_empty()).then(|| parts.iter().try_fold(0, sum)).flatten()
}

fn minutes_of_part(part: &str) -> Option<u32> {
    let unit = match part.chars().last()? {
        'm' => 1,
        'h' => HOUR,
        'd' => DAY,
        'w' => WEEK,
        _ => return None,
    };
    let digits = &part[..part.len() - 1];
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    digits.parse::<u32>().ok()?.checked_mul(unit)
}

fn say(minutes: u32) -> String {
    let parts = [(minutes / DAY, "d"), (minutes % DAY / HOUR, "h"), (minutes % HOUR, "m")];
    let said: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, unit)| format!("{n}{unit}")).collect();
    if said.is_empty() { "0m".to_owned() } else { said.join(" ") }
}

impl fmt::Display for Effort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.least == self.most {
            true => f.write_str(&say(self.least)),
            false => write!(f, "{}..{}", say(self.least), say(self.most)),
        }
    }
}

macro_rules! as_text {
    ($($amount:ty),+) => {$(
        impl Serialize for $amount {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $amount {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.replace(' ', "").parse().map_err(de::Error::custom)
            }
        }
    )+};
}
as_text!(Percent, Wait, Effort, WorkTime);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_exact_and_bounded() {
        for (text, hundredths) in
            [("90%", 9000), ("87.5%", 8750), ("0%", 0), ("100%", 10_000), ("33.33%", 3333), ("0.05%", 5)]
        {
            let percent: Percent = text.parse().unwrap();
            assert_eq!(percent.hundredths(), hundredths, "{text}");
            assert_eq!(percent.to_string(), text);
        }
        for wrong in ["", "%", "90", "101%", "-1%", "1.234%", "1e2%", "9 9%", "..%", "٣%"] {
            assert!(wrong.parse::<Percent>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn efforts_are_ranges_of_working_time() {
        let effort = |text: &str| text.parse::<Effort>().unwrap();
        assert_eq!(effort("2m..3m"), Effort { least: 2, most: 3 });
        assert_eq!(effort("3d").to_string(), "3d");
        assert_eq!(effort("90m..2h").to_string(), "1h 30m..2h");
        assert_eq!(effort("1w").most, 5 * 8 * 60);
        assert_eq!(effort("2h").then(effort("30m..1h")).to_string(), "2h 30m..3h");
        assert_eq!(effort("2h..3h").beside(effort("1h..5h")).to_string(), "2h..5h");
        for wrong in ["", "3", "h", "5h..2h", "1.5h", "999999999h", "-1h", "1h..", "é"] {
            assert!(wrong.parse::<Effort>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        for text in ["\"1h 30m..2h\"", "\"2m..3m\"", "\"0m\""] {
            let effort: Effort = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&effort).unwrap(), text);
        }
        let time: WorkTime = serde_json::from_str("\"4d 2h\"").unwrap();
        assert_eq!((time, serde_json::to_string(&time).unwrap()), (WorkTime(34 * 60), "\"4d 2h\"".into()));
        assert!("2d..3d".parse::<WorkTime>().is_err() && "soon".parse::<WorkTime>().is_err());
        let wait: Wait = serde_json::from_str("\"1h 30m\"").unwrap();
        assert_eq!(serde_json::to_string(&wait).unwrap(), "\"1h 30m\"");
    }
}
