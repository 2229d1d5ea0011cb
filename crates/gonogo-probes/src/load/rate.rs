//! Rates and pauses as people write them: `500/s`, `90/m`, `1s..3s`. Exact, in whole numbers.

use std::fmt;
use std::str::FromStr;

use gonogo_model::amount::Wait;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de};

/// No rate is higher: a million a second.
const HIGHEST_MILLI: u64 = 1_000_000_000;

/// So many a second, in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, JsonSchema)]
#[schemars(with = "String", extend("examples" = ["500/s", "12.5/s", "90/m", "3600/h"]))]
pub(super) struct Rate {
    /// Thousandths of one a second; at least 1.
    pub(super) milli: u64,
}

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Rate, String> {
        let wrong = || {
            format!(
                "`{text}` is no rate from 0.001/s to 1000000/s; write such as 500/s, 12.5/s, 90/m or 3600/h"
            )
        };
        let (number, unit) = text.split_once('/').ok_or_else(wrong)?;
        let seconds = match unit.trim() {
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            _ => return Err(wrong()),
        };
        let milli = thousandths(number.trim()).ok_or_else(wrong)?;
        match milli / seconds {
            milli @ 1..=HIGHEST_MILLI => Ok(Rate { milli }),
            _ => Err(wrong()),
        }
    }
}

/// A number with at most three decimals, in thousandths.
fn thousandths(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits =
        |text: &str, most| (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole, 12) || !digits(part, 3) {
        return None;
    }
    whole.parse::<u64>().ok()?.checked_mul(1_000)?.checked_add(format!("{part:0<3}").parse().ok()?)
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.milli / 1_000, self.milli % 1_000) {
            (whole, 0) => write!(f, "{whole}/s"),
            (whole, part) => write!(f, "{}/s", format!("{whole}.{part:03}").trim_end_matches('0')),
        }
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Rate, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

/// How long somebody thinks: `2s`, or between `1s..3s`. In milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema)]
#[schemars(with = "String", extend("examples" = ["2s", "1s..3s", "0s"]))]
pub(super) struct Pause {
    pub(super) least_ms: u64,
    pub(super) most_ms: u64,
}

impl FromStr for Pause {
    type Err = String;

    fn from_str(text: &str) -> Result<Pause, String> {
        let ms = |text: &str| -> Result<u64, String> {
            let Wait(wait) = text.parse()?;
            u64::try_from(wait.as_millis()).map_err(|_| format!("`{text}` is too long"))
        };
        let (least, most) = text.split_once("..").unwrap_or((text, text));
        let (least_ms, most_ms) = (ms(least)?, ms(most)?);
        match least_ms <= most_ms {
            true => Ok(Pause { least_ms, most_ms }),
            false => Err(format!("`{text}` runs backwards; write the shorter pause first")),
        }
    }
}

impl<'de> Deserialize<'de> for Pause {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Pause, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_exact_and_bounded() {
        for (text, milli, shown) in [
            ("500/s", 500_000, "500/s"),
            ("12.5/s", 12_500, "12.5/s"),
            ("0.001 / s", 1, "0.001/s"),
            ("90/m", 1_500, "1.5/s"),
            ("3600/h", 1_000, "1/s"),
            ("1000000/s", HIGHEST_MILLI, "1000000/s"),
        ] {
            let rate: Rate = text.parse().unwrap();
            assert_eq!((rate.milli, rate.to_string().as_str()), (milli, shown), "{text}");
        }
        for wrong in [
            "",
            "500",
            "/s",
            "-1/s",
            "0/s",
            "1e3/s",
            "1.2345/s",
            "1000001/s",
            "1/d",
            "٣/s",
            "1/h",
            "9999999999999/s",
        ] {
            assert!(wrong.parse::<Rate>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn pauses_are_one_time_or_two() {
        let pause = |text: &str| text.parse::<Pause>().map(|pause| (pause.least_ms, pause.most_ms));
        assert_eq!(pause("2s"), Ok((2_000, 2_000)));
        assert_eq!(pause("500ms..1s"), Ok((500, 1_000)));
        assert_eq!(pause("0s"), Ok((0, 0)));
        for wrong in ["", "2", "3s..1s", "1s..", "-1s"] {
            assert!(pause(wrong).is_err(), "{wrong}");
        }
    }
}
