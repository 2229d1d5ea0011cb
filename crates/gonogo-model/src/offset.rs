//! Times around the launch, as checklists write them: `T-7d`, `T-24h`, `T-0`, `T+1h`.
//! A day here is 24 hours on the calendar, not a day of work.

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A time before or after the launch, in minutes; before is negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema)]
#[schemars(with = "String", extend("pattern" = r"^T(-0|[-+]\d+[mhdw])$", "examples" = ["T-7d", "T-24h", "T-0", "T+1h"]))]
pub struct Offset(i32);

const HOUR: i32 = 60;
const DAY: i32 = 24 * HOUR;
const WEEK: i32 = 7 * DAY;
/// Nobody plans further than ten years.
const FURTHEST: i32 = 3_660 * DAY;

impl Offset {
    /// The launch itself.
    pub const LAUNCH: Offset = Offset(0);

    /// `minutes` from the launch, at most ten years away.
    pub fn minutes(minutes: i32) -> Option<Offset> {
        (minutes.checked_abs()? <= FURTHEST).then_some(Offset(minutes))
    }

    /// It is over when the launch begins.
    pub fn is_before(self) -> bool {
        self.0 < 0
    }

    /// The day on which this is, when the launch is on `launch`; `None` beyond the calendar. What
    /// is a part of a day before the launch is due on the day before.
    pub fn day(self, launch: Date) -> Option<Date> {
        launch.checked_add(i64::from(self.0.div_euclid(DAY)).days()).ok()
    }
}

impl FromStr for Offset {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("`{text}` is no time around the launch; write such as T-7d, T-24h, T-0 or T+1h");
        let rest = text.trim().strip_prefix(['T', 't']).ok_or_else(wrong)?.trim_start();
        let (sign, rest) = match rest.split_at_checked(1) {
            Some(("-", rest)) => (-1, rest),
            Some(("+", rest)) => (1, rest),
            _ => return Err(wrong()),
        };
        let rest = rest.trim();
        if rest == "0" {
            return Ok(Offset::LAUNCH);
        }
        let (digits, unit) = rest.split_at_checked(rest.len().saturating_sub(1)).ok_or_else(wrong)?;
        let unit = match unit {
            "m" => 1,
            "h" => HOUR,
            "d" => DAY,
            "w" => WEEK,
            _ => return Err(wrong()),
        };
        let digits = digits.trim();
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(wrong());
        }
        let number: i32 = digits.parse().map_err(|_| wrong())?;
        number.checked_mul(unit * sign).and_then(Offset::minutes).ok_or_else(wrong)
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 > 0 { '+' } else { '-' };
        let minutes = self.0.unsigned_abs();
        let (hour, day) = (HOUR.unsigned_abs(), DAY.unsigned_abs());
        match minutes {
            0 => f.write_str("T-0"),
            // 24 hours are hours, as people write them; more whole days are days.
            _ if minutes > day && minutes.is_multiple_of(day) => write!(f, "T{sign}{}d", minutes / day),
            _ if minutes.is_multiple_of(hour) => write!(f, "T{sign}{}h", minutes / hour),
            _ => write!(f, "T{sign}{minutes}m"),
        }
    }
}

impl Serialize for Offset {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Offset {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_read_and_said() {
        for (text, said, before) in [
            ("T-7d", "T-7d", true),
            ("T-24h", "T-24h", true),
            ("T-1d", "T-24h", true),
            ("t - 2w", "T-14d", true),
            ("T-0", "T-0", false),
            ("T+0", "T-0", false),
            ("T-0d", "T-0", false),
            ("T+1h", "T+1h", false),
            ("T+90m", "T+90m", false),
            ("T+7d", "T+7d", false),
        ] {
            let offset: Offset = text.parse().unwrap();
            assert_eq!((offset.to_string().as_str(), offset.is_before()), (said, before), "{text}");
            assert_eq!(serde_json::from_str::<Offset>(&format!("\"{said}\"")).unwrap(), offset);
        }
        for wrong in
            ["", "T", "T-", "7d", "T7d", "T-7", "T-d", "T-7y", "T-1.5h", "T--7d", "T-99999999d", "Té", "T-é"]
        {
            assert!(wrong.parse::<Offset>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_part_of_a_day_before_the_launch_is_the_day_before() {
        let launch: Date = "2026-12-01".parse().unwrap();
        let day = |text: &str| text.parse::<Offset>().unwrap().day(launch).unwrap().to_string();
        assert_eq!(day("T-7d"), "2026-11-24");
        assert_eq!(day("T-24h"), "2026-11-30");
        assert_eq!(day("T-30m"), "2026-11-30");
        assert_eq!(day("T-0"), "2026-12-01");
        assert_eq!(day("T+1h"), "2026-12-01");
        assert_eq!(day("T+24h"), "2026-12-02");
        assert_eq!("T+3660d".parse::<Offset>().unwrap().day(Date::MAX), None);
    }
}
