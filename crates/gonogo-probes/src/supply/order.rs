//! The order of versions, as each ecosystem has it. What is no version has no order: `None`.

use std::cmp::Ordering;

use semver::Version;

use super::inventory::Ecosystem;

/// How `left` and `right` compare.
pub(super) fn compare(ecosystem: Ecosystem, left: &str, right: &str) -> Option<Ordering> {
    match ecosystem {
        Ecosystem::Cargo | Ecosystem::Npm | Ecosystem::Go => {
            Some(semantic(left)?.cmp_precedence(&semantic(right)?))
        }
        Ecosystem::Python => {
            let version = |text: &str| text.parse::<pep440_rs::Version>().ok();
            Some(version(left)?.cmp(&version(right)?))
        }
        Ecosystem::Ruby => Some(by_segments(&ruby(left)?, &ruby(right)?)),
        Ecosystem::Composer => Some(by_parts(&php(left)?, &php(right)?)),
    }
}

/// Semantic versions; a missing minor or patch is 0, as the databases write it.
fn semantic(text: &str) -> Option<Version> {
    let text = text.trim().trim_start_matches(['v', '=']);
    Version::parse(text).ok().or_else(|| {
        let end = text.find(['-', '+']).unwrap_or(text.len());
        let (numbers, rest) = (text.get(..end)?, text.get(end..)?);
        let missing = match numbers.matches('.').count() {
            0 => ".0.0",
            1 => ".0",
            _ => return None,
        };
        Version::parse(&format!("{numbers}{missing}{rest}")).ok()
    })
}

/// A part of a version of RubyGems; words are before numbers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    Word(String),
    Number(u64),
}

/// `1.0.0.pre1`: parts between dots and between letters and digits, without zeros at the end.
fn ruby(text: &str) -> Option<Vec<Segment>> {
    let text = text.trim().replace('-', ".pre.");
    let mut segments = Vec::new();
    for part in text.split('.') {
        for run in runs(part) {
            segments.push(match run.parse() {
                Ok(number) => Segment::Number(number),
                Err(_) if run.bytes().all(|byte| byte.is_ascii_alphabetic()) => Segment::Word(run.to_owned()),
                Err(_) => return None,
            });
        }
    }
    // Zeros before the first word and at the end say nothing.
    let word =
        segments.iter().position(|segment| matches!(segment, Segment::Word(_))).unwrap_or(segments.len());
    let tail = segments.split_off(word);
    let trim = |mut part: Vec<Segment>| {
        while part.last() == Some(&Segment::Number(0)) {
            part.pop();
        }
        part
    };
    let starts_well = text.starts_with(|c: char| c.is_ascii_digit());
    starts_well.then(|| trim(segments).into_iter().chain(trim(tail)).collect())
}

/// Runs of digits and of everything else.
fn runs(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let bytes = text.as_bytes();
    for (at, pair) in bytes.windows(2).enumerate() {
        if let [left, right] = pair
            && left.is_ascii_digit() != right.is_ascii_digit()
        {
            found.extend(text.get(start..=at));
            start = at.saturating_add(1);
        }
    }
    found.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    found
}

fn by_segments(left: &[Segment], right: &[Segment]) -> Ordering {
    let zero = Segment::Number(0);
    let most = left.len().max(right.len());
    let pairs = (0..most).map(|at| left.get(at).unwrap_or(&zero).cmp(right.get(at).unwrap_or(&zero)));
    pairs.fold(Ordering::Equal, Ordering::then)
}

/// A part of a version of Composer, as PHP's `version_compare` ranks it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Other,
    Dev,
    Alpha,
    Beta,
    Candidate,
    /// What stands where nothing stands.
    End,
    Number(u64),
    Patch,
}

fn php(text: &str) -> Option<Vec<Part>> {
    let text = text.trim().trim_start_matches(['v', 'V']).to_lowercase();
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let text = text.split('+').next().unwrap_or_default();
    let parts = text.split(['.', '-', '_']).flat_map(runs);
    let ranked = parts.map(|part| match part {
        "dev" => Part::Dev,
        "alpha" | "a" => Part::Alpha,
        "beta" | "b" => Part::Beta,
        "rc" | "c" => Part::Candidate,
        "pl" | "p" | "patch" => Part::Patch,
        "stable" => Part::End,
        part => part.parse().map_or(Part::Other, Part::Number),
    });
    let mut parts: Vec<Part> = ranked.collect();
    let numbers = parts.iter().take_while(|part| matches!(part, Part::Number(_))).count();
    // Composer fills up to four numbers.
    for at in numbers..4 {
        parts.insert(at, Part::Number(0));
    }
    Some(parts)
}

fn by_parts(left: &[Part], right: &[Part]) -> Ordering {
    let most = left.len().max(right.len());
    let pairs =
        (0..most).map(|at| left.get(at).unwrap_or(&Part::End).cmp(right.get(at).unwrap_or(&Part::End)));
    pairs.fold(Ordering::Equal, Ordering::then)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ascend(ecosystem: Ecosystem, versions: &[&str]) {
        for pair in versions.windows(2) {
            assert_eq!(compare(ecosystem, pair[0], pair[1]), Some(Ordering::Less), "{pair:?}");
            assert_eq!(compare(ecosystem, pair[1], pair[0]), Some(Ordering::Greater), "{pair:?}");
        }
    }

    #[test]
    fn versions_ascend_as_their_ecosystem_says() {
        ascend(
            Ecosystem::Npm,
            &["0", "0.0.1", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-rc.2", "1.0.0-rc.11", "1.0.0", "1.10.0"],
        );
        ascend(
            Ecosystem::Go,
            &[
                "v0.0.0-20190101000000-aaaaaaaaaaaa",
                "v0.0.0-20200101000000-000000000000",
                "v0.1.0",
                "v2.0.0+incompatible",
                "v2.0.1",
            ],
        );
        ascend(Ecosystem::Python, &["0", "1.0.dev1", "1.0a1", "1.0rc1", "1.0", "1.0.post1", "1.1", "1!0.1"]);
        ascend(
            Ecosystem::Ruby,
            &["0", "1.0.0.beta2", "1.0.0.beta10", "1.0.0.rc1", "1.0.0", "1.0.0.1", "1.2.b1", "1.2", "1.10"],
        );
        ascend(
            Ecosystem::Composer,
            &[
                "0",
                "1.0.0-dev",
                "1.0.0-alpha1",
                "1.0-beta.2",
                "1.0.0-RC1",
                "v1.0.0",
                "1.0.0-p1",
                "1.0.0.1",
                "1.2",
            ],
        );
    }

    #[test]
    fn what_is_the_same_is_equal_and_what_is_no_version_has_no_order() {
        for (ecosystem, left, right) in [
            (Ecosystem::Npm, "1.0.0+a", "1.0.0+b"),
            (Ecosystem::Go, "v1.0.0", "1.0.0"),
            (Ecosystem::Python, "1.0", "1.0.0"),
            (Ecosystem::Ruby, "1.0", "1"),
            (Ecosystem::Ruby, "1.0.0-1", "1.0.0.pre.1"),
            (Ecosystem::Composer, "v1.0", "1.0.0.0"),
        ] {
            assert_eq!(compare(ecosystem, left, right), Some(Ordering::Equal), "{left} {right}");
        }
        for (ecosystem, text) in [
            (Ecosystem::Npm, "latest"),
            (Ecosystem::Go, "v1.x"),
            (Ecosystem::Python, "main"),
            (Ecosystem::Ruby, ""),
            (Ecosystem::Composer, "dev-main"),
        ] {
            assert_eq!(compare(ecosystem, text, "1.0.0"), None, "{text}");
        }
    }
}
