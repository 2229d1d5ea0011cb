//! What one source file says of its own state: notes of what is to be done, calls that only say
//! "not implemented", texts that stand in for others, and the names of stand-ins.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use regex::Regex;

use super::views::{Line, lines};

/// Characters of a note that are kept.
const LONGEST: usize = 120;

/// Something on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) line: u32,
    /// In characters, from 1.
    pub(super) column: u32,
    pub(super) text: String,
}

/// What a file says.
#[derive(Debug, Default)]
pub(super) struct Saying {
    /// TODO, FIXME, HACK, XXX in comments, but beside a fixed answer.
    pub(super) notes: Vec<Said>,
    /// Calls that end the work with "not implemented".
    pub(super) missing: Vec<Said>,
    /// The same where it may be a method for others to write.
    pub(super) perhaps_missing: Vec<Said>,
    /// Fixed answers beside a note that says so.
    pub(super) fixed_answers: Vec<Said>,
    /// Texts that stand in for others.
    pub(super) fillers: Vec<Said>,
    /// Stand-ins for real things that it declares.
    pub(super) declared: Vec<Said>,
    /// Names of stand-ins that it uses.
    pub(super) used: Vec<Said>,
}

type Pattern = LazyLock<Option<Regex>>;

static NOTE: Pattern = LazyLock::new(|| Regex::new(r"\b(?:TODO|FIXME|HACK)\b|\bXXX\b[:( ]").ok());
static FIXED: Pattern = LazyLock::new(|| {
    Regex::new(r"\breturn\s+(?:true|false|True|False|null|None|nil|0|1|\[\]|\{\})\s*;?\s*$").ok()
});
static FILLER: Pattern = LazyLock::new(|| Regex::new(r"(?i)\blorem ipsum\b|\bcoming soon\b").ok());
static DOUBLE: Pattern = LazyLock::new(|| {
    Regex::new(r"\b(?:class|struct|type|func|function|def|fn|const|object)\s+((?:Mock|Fake|Stub)[A-Z][A-Za-z0-9]*|(?:mock|fake|stub)(?:[A-Z]|_[a-z])\w*)").ok()
});
static USE: Pattern = LazyLock::new(|| {
    Regex::new(r"\b(?:Mock|Fake|Stub)[A-Z][A-Za-z0-9]*\b|\b(?:mock|fake|stub)(?:[A-Z]|_[a-z])\w*\b").ok()
});
static ABSTRACT: Pattern = LazyLock::new(|| {
    Regex::new(r"abstractmethod|\bABC\b|\bProtocol\b|class \w*(?:Base|Abstract|Interface|Mixin)\w*").ok()
});

/// Calls that only say "not implemented": the languages, how they begin in code, and what their
/// text must say (nothing when the beginning says it).
const CALLS: [(&[&str], &str, bool); 12] = [
    (&["rs"], r"\b(?:todo|unimplemented)!\s*[(\[{]", false),
    (&["kt"], r"(?:^|[^\w.])TODO\(", false),
    (&["scala"], r"(?:^|\s)\?\?\?(?:\s|$)", false),
    (&["cs"], r"\bnew\s+(?:System\.)?NotImplementedException\(", false),
    (&["java", "kt", "scala"], r"\bnew\s+NotImplementedException\(", false),
    (&["java", "kt", "scala", "cs", "php"], r"\b(?:throw\s+(?:new\s+)?)\w*Exception\(", true),
    (
        &["js", "mjs", "cjs", "ts", "mts", "cts", "jsx", "tsx", "vue", "svelte"],
        r"\bthrow\s+(?:new\s+)?\w*Error\(",
        true,
    ),
    (&["go"], r"\bpanic\(", true),
    (&["rs"], r"\bpanic!\s*\(", true),
    (&["swift"], r"\bfatalError\(", true),
    (&["py"], r"\braise\s+NotImplementedError\(", true),
    (&["rb"], r"\braise\s+NotImplementedError\b", true),
];
/// What such a text says.
const SAYS: &str = r#"^[^"'`]*["'`](?:(?:[\w .:]{0,60}?\b)?(?i:not (?:yet )?implemented|unimplemented|implement me|not supported yet)|(?i:todo)\s*(?:["'`:!(.]|$))"#;

struct Call {
    endings: &'static [&'static str],
    begins: Regex,
    needs_text: bool,
}

static KNOWN_CALLS: LazyLock<Vec<Call>> = LazyLock::new(|| {
    let call = |(endings, begins, needs_text): (&'static [&'static str], &str, bool)| {
        Regex::new(begins).ok().map(|begins| Call { endings, begins, needs_text })
    };
    CALLS.into_iter().filter_map(call).collect()
});
static TEXT: Pattern = LazyLock::new(|| Regex::new(SAYS).ok());

/// One of these stands in every line that says anything; most files have none.
const SIGNS: [&str; 12] = [
    "todo",
    "fixme",
    "hack",
    "xxx",
    "implement",
    "not supported",
    "???",
    "lorem ipsum",
    "coming soon",
    "mock",
    "fake",
    "stub",
];
static SIGN: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::builder().ascii_case_insensitive(true).build(SIGNS).ok());

fn has_sign(text: &str) -> bool {
    SIGN.as_ref().is_none_or(|sign| sign.is_match(text))
}

/// Looks through one file.
pub(super) fn saying(path: &str, text: &str) -> Saying {
    let mut saying = Saying::default();
    if !has_sign(text) {
        return saying;
    }
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    let is_abstract = matches!(ending, "py" | "rb") && matches(&ABSTRACT, text);
    for (number, (line, whole)) in lines(path, text).iter().zip(text.lines()).enumerate() {
        if !has_sign(whole) {
            continue;
        }
        let number = u32::try_from(number).unwrap_or(u32::MAX).saturating_add(1);
        let mut of_line = OfLine { number, ending, is_abstract, line, saying: &mut saying };
        of_line.note();
        of_line.missing();
        of_line.fillers();
        of_line.doubles();
    }
    saying
}

fn matches(pattern: &Pattern, text: &str) -> bool {
    pattern.as_ref().is_some_and(|pattern| pattern.is_match(text))
}

struct OfLine<'l> {
    number: u32,
    ending: &'l str,
    is_abstract: bool,
    line: &'l Line,
    saying: &'l mut Saying,
}

impl OfLine<'_> {
    /// A place in a view and what is said there.
    fn said(&self, view: &str, at: usize, text: &str) -> Said {
        let before = view.get(..at).unwrap_or_default().chars().count();
        let column = u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1);
        Said { line: self.number, column, text: text.trim().chars().take(LONGEST).collect() }
    }

    fn note(&mut self) {
        let comments = &self.line.comments;
        let Some(found) = NOTE.as_ref().and_then(|note| note.find(comments)) else { return };
        let text = comments.get(found.start()..).unwrap_or_default().trim_end();
        let text = text.trim_end_matches("*/").trim_end_matches("-->");
        let note = self.said(comments, found.start(), text);
        let code = self.line.code.trim_end();
        if let Some(fixed) = FIXED.as_ref().and_then(|fixed| fixed.find(code)) {
            let answer = self.said(code, fixed.start(), fixed.as_str());
            self.saying.fixed_answers.push(answer);
        } else {
            self.saying.notes.push(note);
        }
    }

    fn missing(&mut self) {
        let code = self.line.code.as_str();
        for call in KNOWN_CALLS.iter().filter(|call| call.endings.contains(&self.ending)) {
            let Some(found) = call.begins.find(code) else { continue };
            // Views have the same characters, not the same bytes.
            let behind = code.get(..found.end()).unwrap_or_default().chars().count();
            let text: String = self.line.texts.chars().skip(behind).collect();
            if !call.needs_text || matches(&TEXT, &text) {
                let said =
                    self.said(code, found.start(), found.as_str().trim_end_matches(['(', '[', '{', ' ']));
                self.saying.missing.push(said);
                return;
            }
        }
        if let Some(at) =
            code.find("raise NotImplementedError").filter(|_| matches!(self.ending, "py" | "rb"))
            && !self.is_abstract
        {
            let said = self.said(code, at, "raise NotImplementedError");
            self.saying.perhaps_missing.push(said);
        }
    }

    fn fillers(&mut self) {
        let spoken = self.line.spoken();
        if let Some(found) = FILLER.as_ref().and_then(|filler| filler.find(&spoken)) {
            let said = self.said(&spoken, found.start(), found.as_str());
            self.saying.fillers.push(said);
        }
    }

    fn doubles(&mut self) {
        let code = self.line.code.as_str();
        let declared =
            DOUBLE.as_ref().and_then(|double| double.captures(code)).and_then(|found| found.get(1));
        if let Some(name) = declared {
            let said = self.said(code, name.start(), name.as_str());
            self.saying.declared.push(said);
            return;
        }
        for found in USE.as_ref().into_iter().flat_map(|pattern| pattern.find_iter(code)) {
            let said = self.said(code, found.start(), found.as_str());
            self.saying.used.push(said);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(said: &[Said]) -> Vec<&str> {
        said.iter().map(|said| said.text.as_str()).collect()
    }

    #[test]
    fn notes_are_in_comments_and_in_capitals() {
        let text = "// TODO(eve): retry é\nlet todo = \"TODO\"; // a list of todos, XXX-12\n/* FIXME */ x();\nreturn true; // TODO ask\n";
        let saying = saying("a.ts", text);
        assert_eq!(texts(&saying.notes), ["TODO(eve): retry é", "FIXME"]);
        assert_eq!((saying.notes[1].line, saying.notes[1].column), (3, 4));
        assert_eq!(texts(&saying.fixed_answers), ["return true;"]);
    }

    #[test]
    fn calls_that_say_not_implemented_are_found_in_each_language() {
        for (path, text) in [
            ("a.rs", "fn a() { todo!() }"),
            ("a.rs", "let x = unimplemented!(\"later\");"),
            ("a.rs", "panic!(\"not implemented\")"),
            ("a.go", "panic(\"TODO\")"),
            ("a.go", "panic(fmt.Sprintf(\"store: not implemented\"))"),
            ("a.ts", "throw new Error('Method not implemented.');"),
            ("a.kt", "fun a() = TODO(\"later\")"),
            ("A.java", "throw new UnsupportedOperationException(\"Not implemented yet\");"),
            ("a.cs", "throw new NotImplementedException();"),
            ("a.py", "raise NotImplementedError(\"TODO: rate limit\")"),
            ("a.scala", "def a: Int = ???"),
        ] {
            assert_eq!(saying(path, text).missing.len(), 1, "{path} {text}");
        }
        for (path, text) in [
            ("a.rs", "// todo!()\nlet a = \"todo!()\";\n#[test]\nfn a() { todo!() }"),
            ("a.go", "panic(err)"),
            (
                "a.ts",
                "throw new Error('todo list is empty'.slice(1));\nthrow new Error(`user ${id} has no todo`)",
            ),
            ("A.java", "throw new UnsupportedOperationException();"),
            ("a.py", "class Base(ABC):\n    def a(self):\n        raise NotImplementedError\n"),
        ] {
            let found = saying(path, text);
            assert_eq!(texts(&found.missing), [""; 0], "{path} {text}");
            assert_eq!(texts(&found.perhaps_missing), [""; 0], "{path} {text}");
        }
        assert_eq!(saying("a.py", "def a():\n    raise NotImplementedError\n").perhaps_missing.len(), 1);
    }

    #[test]
    fn stand_ins_and_fillers_are_found() {
        let found = saying(
            "a.ts",
            "class MockMailer {}\nconst m = new MockMailer();\n<p>Lorem ipsum dolor</p>\nconst mocked = hammock;\n",
        );
        assert_eq!(texts(&found.declared), ["MockMailer"]);
        assert_eq!(texts(&found.used), ["MockMailer"]);
        assert_eq!(texts(&found.fillers), ["Lorem ipsum"]);
    }
}
