//! The cookies of one user at one target. Load goes to hosts that the spec declares, so a cookie is
//! sent back to the target that set it, whatever its path and domain.

/// Cookies by name.
#[derive(Debug, Default)]
pub(crate) struct Jar(Vec<(String, String)>);

impl Jar {
    /// Reads the value of a `Set-Cookie`. One that has run out is forgotten.
    pub(crate) fn learn(&mut self, header: &str) {
        let mut parts = header.split(';').map(str::trim);
        let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else { return };
        let (name, value) = (name.trim(), value.trim());
        let over = |part: &str| {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            key.trim().eq_ignore_ascii_case("max-age")
                && value.trim().parse::<i64>().is_ok_and(|age| age <= 0)
        };
        let is_over = parts.any(over) || value.is_empty();
        self.0.retain(|(known, _)| known != name);
        if !is_over && !name.is_empty() {
            self.0.push((name.to_owned(), value.to_owned()));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of the header.
    pub(crate) fn value(&self) -> String {
        let pairs: Vec<String> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }

    /// Writes the header, with its line end.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        for (at, (name, value)) in self.0.iter().enumerate() {
            let before = if at == 0 { "Cookie: " } else { "; " };
            for part in [before, name, "=", value] {
                out.extend_from_slice(part.as_bytes());
            }
        }
        out.extend_from_slice(if self.0.is_empty() { b"" } else { b"\r\n" });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_value_counts_and_what_ran_out_is_forgotten() {
        let mut jar = Jar::default();
        for set in ["a=1; Path=/; HttpOnly", "b=x=y", "a=2", "c=3", "c=3; Max-Age=0", "nothing", "=x"] {
            jar.learn(set);
        }
        let mut out = Vec::new();
        jar.write(&mut out);
        assert_eq!(String::from_utf8(out).unwrap(), "Cookie: b=x=y; a=2\r\n");
        assert!(!jar.is_empty());
    }
}
