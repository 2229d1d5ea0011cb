//! Permissions policies as browsers read them: a dictionary of structured fields (RFC 8941), whose
//! members say which origins may use a feature. What cannot be read at all is no policy.

use std::collections::BTreeMap;

use url::Url;

/// Who may use each feature that is named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Permissions {
    features: BTreeMap<String, Vec<String>>,
    /// The header is there, and browsers throw it away.
    pub(super) broken: bool,
}

impl Permissions {
    /// The values of the header are one dictionary.
    pub(super) fn of<'v>(values: impl IntoIterator<Item = &'v str>) -> Permissions {
        let text = values.into_iter().collect::<Vec<_>>().join(", ");
        if text.trim().is_empty() {
            return Permissions::default();
        }
        match dictionary(&text) {
            Some(features) => Permissions { features, broken: false },
            None => Permissions { features: BTreeMap::new(), broken: true },
        }
    }

    /// What forbids a feature to the page itself. A feature that is not named has its default,
    /// which lets the page.
    pub(super) fn forbids(&self, feature: &str, page: &Url) -> Option<String> {
        let listed = self.features.get(feature)?;
        let own = page.origin().ascii_serialization();
        let allowed = listed.iter().any(|one| one == "*" || one == "self" || is_origin(one, &own));
        (!allowed).then(|| format!("Permissions-Policy: {feature}=({})", listed.join(" ")))
    }
}

fn is_origin(listed: &str, own: &str) -> bool {
    listed
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .is_some_and(|origin| Url::parse(origin).is_ok_and(|url| url.origin().ascii_serialization() == own))
}

/// `camera=(), fullscreen=(self "https://a.example"), usb=*`; of two members with one name the
/// last counts. Parameters are skipped.
fn dictionary(text: &str) -> Option<BTreeMap<String, Vec<String>>> {
    let mut features = BTreeMap::new();
    for member in members(text)? {
        let (name, value) = member.split_once('=')?;
        let name = name.trim();
        let is_key = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-.*".contains(c);
        if name.is_empty() || !name.chars().all(is_key) {
            return None;
        }
        features.insert(name.to_owned(), allowlist(value.trim())?);
    }
    Some(features)
}

/// The text between commas that stand in neither quotes nor brackets.
fn members(text: &str) -> Option<Vec<&str>> {
    let (mut found, mut start, mut quoted, mut depth) = (Vec::new(), 0, false, 0_u32);
    for (at, letter) in text.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth = depth.checked_sub(1)?,
            ',' if !quoted && depth == 0 => {
                found.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(text[start..].trim());
    let whole = !quoted && depth == 0 && found.iter().all(|member| !member.is_empty());
    whole.then_some(found)
}

fn allowlist(value: &str) -> Option<Vec<String>> {
    match value.strip_prefix('(') {
        Some(rest) => {
            let (inner, _) = rest.split_once(')')?;
            Some(inner.split_ascii_whitespace().map(str::to_owned).collect())
        }
        None => {
            let one = value.split(';').next()?.trim();
            (!one.is_empty() && !one.contains(char::is_whitespace)).then(|| vec![one.to_owned()])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forbids(value: &str, feature: &str) -> bool {
        let page = Url::parse("https://app.example/").unwrap();
        Permissions::of([value]).forbids(feature, &page).is_some()
    }

    #[test]
    fn features_are_forbidden_as_in_the_specification() {
        for (value, feature, forbidden) in [
            ("camera=()", "camera", true),
            ("camera=()", "microphone", false),
            ("camera=(self)", "camera", false),
            ("camera=self", "camera", false),
            ("camera=*", "camera", false),
            (r#"camera=("https://app.example")"#, "camera", false),
            (r#"camera=("https://other.example")"#, "camera", true),
            (r#"camera=();report-to="a,b", usb=*"#, "camera", true),
            ("camera=(), camera=*", "camera", false),
            // Browsers drop the whole header when it is not a dictionary, as in the old form.
            ("camera 'none'; microphone 'none'", "camera", false),
            ("Camera=()", "camera", false),
        ] {
            assert_eq!(forbids(value, feature), forbidden, "{value}: {feature}");
        }
        assert!(Permissions::of(["camera 'none'"]).broken);
        assert!(!Permissions::of(["camera=()", "usb=()"]).broken);
    }
}
