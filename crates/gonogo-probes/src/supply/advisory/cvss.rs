//! The base score of a CVSS 3 vector, by the formulas of its specification, section 7.1.

use std::collections::BTreeMap;

/// The base score, from 0.0 to 10.0; `None` for what is no vector of version 3.
pub(super) fn base_score(vector: &str) -> Option<f64> {
    let metrics = vector.strip_prefix("CVSS:3.0/").or_else(|| vector.strip_prefix("CVSS:3.1/"))?;
    let metrics: BTreeMap<&str, &str> =
        metrics.split('/').filter_map(|metric| metric.split_once(':')).collect();
    let metric = |name: &str| metrics.get(name).copied();
    let changed = match metric("S")? {
        "U" => false,
        "C" => true,
        _ => return None,
    };
    let vector = pick(metric("AV")?, &[("N", 0.85), ("A", 0.62), ("L", 0.55), ("P", 0.2)])?;
    let complexity = pick(metric("AC")?, &[("L", 0.77), ("H", 0.44)])?;
    let privileges = match changed {
        false => pick(metric("PR")?, &[("N", 0.85), ("L", 0.62), ("H", 0.27)])?,
        true => pick(metric("PR")?, &[("N", 0.85), ("L", 0.68), ("H", 0.5)])?,
    };
    let interaction = pick(metric("UI")?, &[("N", 0.85), ("R", 0.62)])?;
    let loss = |name: &str| pick(metric(name)?, &[("H", 0.56), ("L", 0.22), ("N", 0.0)]);
    let kept = (1.0 - loss("C")?) * (1.0 - loss("I")?) * (1.0 - loss("A")?);
    let subscore = 1.0 - kept;
    let impact = match changed {
        false => 6.42 * subscore,
        true => 7.52 * (subscore - 0.029) - 3.25 * (subscore - 0.02).powi(15),
    };
    if impact <= 0.0 {
        return Some(0.0);
    }
    let exploitability = 8.22 * vector * complexity * privileges * interaction;
    let factor = if changed { 1.08 } else { 1.0 };
    Some(round_up((factor * (impact + exploitability)).min(10.0)))
}

fn pick(value: &str, known: &[(&str, f64)]) -> Option<f64> {
    known.iter().find(|(name, _)| *name == value).map(|(_, number)| *number)
}

/// Up to one digit, as appendix A says, so that every machine gives the same.
fn round_up(score: f64) -> f64 {
    let scaled = (score * 100_000.0).round();
    match scaled % 10_000.0 {
        0.0 => scaled / 100_000.0,
        _ => ((scaled / 10_000.0).floor() + 1.0) / 10.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_those_of_the_examples_of_first() {
        for (vector, expected) in [
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", Some(9.8)),
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", Some(6.1)),
            ("CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", Some(6.4)),
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", Some(10.0)),
            ("CVSS:3.1/AV:L/AC:H/PR:N/UI:R/S:U/C:N/I:N/A:H", Some(4.7)),
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", Some(0.0)),
            ("CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:N", Some(5.9)),
            ("CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", Some(6.8)),
            ("CVSS:3.1/AV:N/AC:L", None),
            ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", None),
            ("", None),
        ] {
            assert_eq!(base_score(vector), expected, "{vector}");
        }
    }
}
