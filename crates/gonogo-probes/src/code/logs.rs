//! Files that code logs to, by a literal path.

use super::form::{Form, Found};
use super::language::Language::{Go, Python, Rust, Script};
use super::site::Site;

pub(super) const FORMS: &[Form] = &[
    Form::anywhere("/var/log/", &[], literal),
    Form::new("FileHandler(", &[Python], handler),
    Form::new("rolling::", &[Rust], rolling),
    Form::new("transports.File(", &[Script], winston),
    Form::new("lumberjack.Logger{", &[Go], lumberjack),
];

/// `"/var/log/app/x.log"` as a whole literal.
fn literal(site: &Site<'_>, found: &mut Found) {
    let Some(open) = site.at.checked_sub(1).filter(|open| matches!(site.byte(*open), b'"' | b'\'' | b'`'))
    else {
        return;
    };
    let Some(literal) = site.literal(open) else { return };
    let is_joined =
        site.bones_before(open, 60).rsplit(';').next().is_some_and(|before| before.contains("rolling::"));
    let is_file = literal.value.ends_with(".log")
        || literal.value.ends_with(".json")
        || literal.value.ends_with(".txt");
    if is_file && !is_joined && !literal.value.contains(['*', '%', '{', ' ']) {
        found.log(open, literal.value);
    }
}

fn said(site: &Site<'_>, at: usize, found: &mut Found) {
    let Some(literal) = site.literal(at) else { return };
    // What stands under /var/log is found by its path.
    if !literal.value.is_empty() && !literal.value.starts_with("/var/log/") {
        found.log(literal.start, literal.value);
    }
}

/// `FileHandler("x.log")`, `RotatingFileHandler(filename="x.log", …)`.
fn handler(site: &Site<'_>, found: &mut Found) {
    let first = site.skip(site.after);
    let at = if site.word(first) == "filename" { site.skip(first + "filename".len()) + 1 } else { first };
    said(site, at, found);
}

/// `rolling::daily("/var/log/app", "x.log")` writes `x.log.2026-01-01`.
fn rolling(site: &Site<'_>, found: &mut Found) {
    let open = site.after + site.word(site.after).len();
    if site.byte(open) != b'(' {
        return;
    }
    let arguments = site.arguments(open).unwrap_or_default();
    let [folder, name] = &arguments[..] else { return };
    if let (Some(folder), Some(name)) = (site.literal(folder.start), site.literal(name.start)) {
        found.log(site.at, &format!("{}/{}", folder.value.trim_end_matches('/'), name.value));
    }
}

/// `new transports.File({ filename: 'x.log' })`.
fn winston(site: &Site<'_>, found: &mut Found) {
    key(site, site.skip(site.after), "filename", found);
}

/// `lumberjack.Logger{Filename: "x.log"}`.
fn lumberjack(site: &Site<'_>, found: &mut Found) {
    key(site, site.after - 1, "Filename", found);
}

fn key(site: &Site<'_>, open: usize, key: &str, found: &mut Found) {
    for range in site.arguments(open).unwrap_or_default() {
        let code = site.code(&range);
        let start = range.start + (code.len() - code.trim_start().len());
        let colon = site.skip(start + key.len());
        if site.word(start) == key && site.byte(colon) == b':' {
            said(site, colon + 1, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{names, of};

    #[test]
    fn log_files_are_read() {
        for (path, text, expected) in [
            (
                "a.rs",
                "rolling::daily(\"/var/log/app\", \"x.log\"); File::create(\"/var/log/b.log\")",
                vec!["/var/log/app/x.log", "/var/log/b.log"],
            ),
            (
                "a.py",
                "logging.FileHandler('a.log')\nRotatingFileHandler(filename=\"/data/b.log\", maxBytes=1)\n# FileHandler('c.log')",
                vec!["a.log", "/data/b.log"],
            ),
            (
                "a.js",
                "new winston.transports.File({ level: 'error', filename: 'a.log' }); f(`/var/log/${x}.log`, '/var/log/x/*.log')",
                vec!["a.log"],
            ),
            (
                "a.go",
                "&lumberjack.Logger{\n\tFilename: \"/var/log/a.log\",\n}\n// \"/var/log/b.log\"",
                vec!["/var/log/a.log"],
            ),
        ] {
            assert_eq!(names(&of(path, text).logs), expected, "{text}");
        }
    }
}
