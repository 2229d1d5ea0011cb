//! Environment variables that code reads by a literal name, and what becomes of one that nobody
//! sets. What a build reads is not asked: it is gone when the program starts.

use super::Unset;
use super::form::{Form, Found};
use super::language::Language::{self, C, CSharp, Elixir, Go, Jvm, Php, Python, Ruby, Rust, Script};
use super::site::Site;

pub(super) const FORMS: &[Form] = &[
    Form::new("env::var(", &[Rust], call),
    Form::new("env::var_os(", &[Rust], call),
    Form::new("dotenvy::var(", &[Rust], call),
    Form::new("dotenv::var(", &[Rust], call),
    Form::new("env = ", &[Rust], clap),
    Form::new("env=", &[Rust], clap),
    Form::new("process.env", &[Script], script),
    Form::new("import.meta.env.", &[Script], script),
    Form::new("Bun.env", &[Script], script),
    Form::new("Deno.env.get(", &[Script], call),
    Form::anywhere("environ[", &[Python], subscript),
    Form::anywhere("environ.get(", &[Python], call),
    Form::anywhere("getenv(", &[Python, Php, C], call),
    Form::new("config(", &[Python], decouple),
    Form::new("env(", &[Python], environs),
    Form::new("env.", &[Python], environs),
    Form::new("os.Getenv(", &[Go], call),
    Form::new("os.LookupEnv(", &[Go], call),
    Form::anywhere("env:\"", &[Go], tag),
    Form::anywhere("envconfig:\"", &[Go], tag),
    Form::anywhere("System.getenv(", &[Jvm], call),
    Form::new("System.getenv().getOrDefault(", &[Jvm], call),
    Form::new("sys.env(", &[Jvm], call),
    Form::new("sys.env.getOrElse(", &[Jvm], call),
    Form::new("sys.env.get(", &[Jvm], call),
    Form::new("@Value(", &[Jvm], spring),
    Form::anywhere("Environment.GetEnvironmentVariable(", &[CSharp], call),
    Form::anywhere("ENV[", &[Ruby, Php], subscript),
    Form::anywhere("ENV.fetch(", &[Ruby], call),
    Form::new("env(", &[Php], call),
    Form::new("System.get_env(", &[Elixir], call),
    Form::new("System.fetch_env!(", &[Elixir], call),
    Form::new("getEnv(", &[], own),
    Form::new("GetEnv(", &[], own),
    Form::new("get_env(", &[], own),
    Form::new("getenv(", &[Go, Script, Rust], own),
    Form::new("envOr(", &[], own),
    Form::new("env_or(", &[], own),
    Form::new("nvOrDefault(", &[], own),
    Form::new("nv_or_default(", &[], own),
    Form::new("requireEnv(", &[], own),
    Form::new("require_env(", &[], own),
    Form::new("required_env(", &[], own),
    Form::new("requiredEnv(", &[], own),
    Form::new("ustGetenv(", &[], own),
    Form::new("ustGetEnv(", &[], own),
    Form::new("ustEnv(", &[], own),
];

/// Set by platforms and tools, and known in bundlers without an environment.
const BUNDLED: [&str; 5] = ["MODE", "DEV", "PROD", "SSR", "BASE_URL"];

/// `f("NAME")`, `f("NAME", default)`.
fn call(site: &Site<'_>, found: &mut Found) {
    let is_word = super::site::is_word_byte;
    let before = site.at.checked_sub(1).map(|before| site.byte(before)).unwrap_or_default();
    // `my_getenv(` and `$x->env(` are somebody else's.
    if (is_word(before) && before != b'$') || (site.language() == Php && before == b'>') || !in_code(site) {
        return;
    }
    let Some(name) = site.literal(site.after) else { return };
    let has_second = site.byte(site.skip(name.end)) == b',';
    let end = site.skip(name.end);
    let unset = match (has_second, site.byte(end)) {
        (true, _) => Unset::Default,
        (false, b')') => after_call(site, end + 1),
        // Something is put together with the name.
        _ => return,
    };
    found.variable(site.at, name.value, unset);
}

/// In code, or in code that a string holds.
fn in_code(site: &Site<'_>) -> bool {
    site.is_code() || site.is_in_template()
}

fn after_call(site: &Site<'_>, end: usize) -> Unset {
    let tail = site.tail(end);
    let words = site.text.code.get(site.at..site.after).unwrap_or_default();
    match site.language() {
        Rust => rust(site, tail),
        Go => go(site, end, words.contains("Lookup")),
        Script => script_tail(site, end),
        Python if words.starts_with("environ[") => python_subscript(site),
        Python if tail.trim_start().starts_with("or ") => Unset::Default,
        Ruby => ruby(site, tail, words.contains("fetch")),
        Elixir if words.contains('!') => Unset::Fails,
        Jvm if words.starts_with("sys.env(") => Unset::Fails,
        Jvm if tail.contains("?:") => or_fails(tail, &["throw ", "error("]),
        Jvm if site.bones_before(site.at, 24).trim_end().ends_with("requireNonNull(") => Unset::Fails,
        CSharp if tail.contains("??") => or_fails(tail, &["throw "]),
        Elixir | Php if tail.contains("||") || tail.contains("?:") || tail.contains("??") => Unset::Default,
        _ => Unset::Unknown,
    }
}

fn or_fails(tail: &str, words: &[&str]) -> Unset {
    match words.iter().any(|word| tail.contains(word)) {
        true => Unset::Fails,
        false => Unset::Default,
    }
}

fn rust(site: &Site<'_>, tail: &str) -> Unset {
    let tail = tail.trim_start();
    let has = |words: &[&str]| words.iter().any(|word| tail.contains(word));
    let before = site.bones_before(site.at, 60);
    let is_tried = ["if let ", "match ", "while let "]
        .iter()
        .any(|word| before.rsplit([';', '{', '}']).next().is_some_and(|statement| statement.contains(word)));
    if has(&["panic!", "process::exit", "bail!", "unreachable!"]) {
        return Unset::Fails;
    }
    if is_tried
        || has(&[".unwrap_or", ".ok()", ".is_ok", ".is_err", ".map_or", ".or_else", ".iter()", ".is_some"])
    {
        return Unset::Default;
    }
    let is_short = tail.starts_with('?') || tail.starts_with(".unwrap()") || tail.starts_with(".expect(");
    match is_short || (has(&[".context(", ".with_context(", ".map_err(", ".ok_or"]) && tail.contains('?')) {
        true => Unset::Fails,
        false if has(&[".expect(", ".unwrap()"]) => Unset::Fails,
        false => Unset::Unknown,
    }
}

/// `x := os.Getenv("X")` followed by `if x == "" { … }`.
fn go(site: &Site<'_>, end: usize, is_lookup: bool) -> Unset {
    let after = site.bones(end, 260);
    let statement = site.bones_before(site.at, 120);
    let statement = statement.rsplit(['\n', ';', '{']).next().unwrap_or_default();
    let Some((left, _)) = statement.split_once('=') else { return Unset::Unknown };
    let name = left.trim_end_matches(':').trim().trim_start_matches("if ");
    let names: Vec<&str> = name.split(',').map(str::trim).collect();
    let (Some(value), ok) = (names.first(), names.get(1)) else { return Unset::Unknown };
    let asked = match (is_lookup, ok) {
        (true, Some(ok)) => format!("!{ok}"),
        _ => format!("{value} == \""),
    };
    let Some(at) = after.find(&asked) else { return Unset::Unknown };
    let block = after.get(at..).unwrap_or_default();
    let block = block.split_once('}').map_or(block, |(inside, _)| inside);
    let stops = ["log.Fatal", "panic(", "os.Exit(", "Errorf(", "errors.New(", ".Fatal("];
    match stops.iter().any(|stop| block.contains(stop)) {
        true => Unset::Fails,
        false => Unset::Default,
    }
}

/// `os.environ["X"]` raises, unless somebody asks or catches.
fn python_subscript(site: &Site<'_>) -> Unset {
    let before = site.bones_before(site.at, 200);
    let line = site.text.code.get(site.at..).unwrap_or_default().lines().next().unwrap_or_default();
    let is_asked = line.contains(" in os.environ") || line.contains(" in environ");
    let lines: Vec<&str> = before.lines().rev().take(3).collect();
    let is_tried = lines.iter().any(|line| line.trim_end() == "try:" || line.trim() == "try:");
    let is_guarded =
        lines.iter().skip(1).any(|line| line.contains(" in os.environ") || line.contains(" in environ"));
    match is_asked || is_tried || is_guarded {
        true => Unset::Default,
        false => Unset::Fails,
    }
}

fn ruby(site: &Site<'_>, tail: &str, is_fetch: bool) -> Unset {
    let tail = tail.trim_start();
    let has_block = tail.starts_with('{') || tail.starts_with("do ");
    let is_asked = site.bones_before(site.at, 10).trim_end().ends_with(" if");
    match is_fetch {
        true if has_block => Unset::Default,
        true => Unset::Fails,
        false if tail.starts_with("||") || is_asked => Unset::Default,
        false => Unset::Unknown,
    }
}

/// `NAME["X"]` in any of its forms.
fn subscript(site: &Site<'_>, found: &mut Found) {
    let Some(name) = site.literal(site.after).filter(|_| in_code(site)) else { return };
    let end = site.skip(name.end);
    // `$_ENV`, and a word that ends in ENV.
    let before = site.word_before(site.at);
    let is_own = match site.language() {
        Php => before == "$_",
        _ => before.is_empty(),
    };
    if !is_own || site.byte(end) != b']' || is_written(site, end + 1) {
        return;
    }
    let unset = match site.language() {
        Python => python_subscript(site),
        _ => after_call(site, end + 1),
    };
    found.variable(site.at, name.value, unset);
}

/// Whether the expression that ends at `at` is given a value.
fn is_written(site: &Site<'_>, at: usize) -> bool {
    let at = site.skip(at);
    let is_comparison = ["==", "=~", "=>"].iter().any(|sign| site.starts(at, sign));
    (site.byte(at) == b'=' && !is_comparison) || site.starts(at, "||=") || site.starts(at, "??=")
}

/// `process.env.X`, `process.env["X"]`, `const { X, Y = "z" } = process.env`.
fn script(site: &Site<'_>, found: &mut Found) {
    let is_bundled = site.starts(site.at, "import.meta.env");
    let (name, end) = if is_bundled {
        let name = site.word(site.after);
        (name, site.after + name.len())
    } else if site.byte(site.after) == b'.' {
        let name = site.word(site.after + 1);
        (name, site.after + 1 + name.len())
    } else if site.starts(site.after, "[") {
        let Some(literal) = site.literal(site.after + 1) else { return };
        (literal.value, site.skip(literal.end) + 1)
    } else {
        return taken_apart(site, found);
    };
    if is_bundled && BUNDLED.contains(&name) || is_written(site, end) {
        return;
    }
    let unset = match site.is_of_tool || is_bundled {
        true => Unset::Unknown,
        false => script_tail(site, end),
    };
    let is_deleted = site.bones_before(site.at, 12).trim_end().ends_with("delete");
    if !is_deleted {
        found.variable(site.at, name, unset);
    }
}

fn script_tail(site: &Site<'_>, end: usize) -> Unset {
    let mut at = end;
    // Out of `Number(…)` and `parseInt(…, 10)`.
    for _ in 0..3 {
        let next = site.skip(at);
        if site.starts(next, "||") || site.starts(next, "??") || site.starts(next, "?") {
            let fails = site.tail(next).contains("throw");
            return if fails { Unset::Fails } else { Unset::Default };
        }
        match site.byte(next) {
            b'!' if site.byte(next + 1) != b'=' && at == end => return Unset::Fails,
            b'!' | b'=' | b'&' if at == end => return Unset::Default,
            b')' => at = next + 1,
            b',' => match site.number(next + 1) {
                Some((_, end)) if site.byte(site.skip(end)) == b')' => at = site.skip(end) + 1,
                _ => break,
            },
            _ => break,
        }
    }
    is_guarded(site, end)
}

/// `if (!process.env.X) throw …`, and code that can do without.
fn is_guarded(site: &Site<'_>, end: usize) -> Unset {
    let before = site.bones_before(site.at, 40);
    let before = before.trim_end();
    if before.ends_with("(!") && before.trim_end_matches("(!").trim_end().ends_with("if") {
        let block = site.bones(end, 160);
        let block = block.split_once('}').map_or(block, |(inside, _)| inside);
        let stops = ["throw ", "process.exit("].iter().any(|stop| block.contains(stop));
        return if stops { Unset::Fails } else { Unset::Default };
    }
    match before.ends_with("if (")
        || before.ends_with("!!")
        || before.ends_with("&&")
        || before.ends_with('!')
    {
        true => Unset::Default,
        false => Unset::Unknown,
    }
}

/// The names between the braces before ` = process.env`.
fn taken_apart(site: &Site<'_>, found: &mut Found) {
    let before = site.text.code.get(..site.at).unwrap_or_default().trim_end();
    let Some(before) = before.strip_suffix('=') else { return };
    let Some(inside) = before.trim_end().strip_suffix('}') else { return };
    let Some(open) = inside.rfind('{').filter(|open| inside.len() - open < 2_000) else { return };
    let mut at = open + 1;
    for part in inside.get(open + 1..).unwrap_or_default().split(',') {
        let start = at + (part.len() - part.trim_start().len());
        let name = part.split([':', '=']).next().unwrap_or_default().trim();
        let unset = if part.contains('=') { Unset::Default } else { Unset::Unknown };
        if !name.starts_with('.') {
            found.variable(start, name, unset);
        }
        at += part.len() + 1;
    }
}

/// `#[arg(long, env = "X")]`.
fn clap(site: &Site<'_>, found: &mut Found) {
    let Some(name) = site.literal(site.after) else { return };
    let before = site.bones_before(site.at, 1_000);
    let is_word = site.at.checked_sub(1).is_some_and(|before| super::site::is_word_byte(site.byte(before)));
    let Some(open) = before.rfind("#[").filter(|_| !is_word) else { return };
    let attribute = before.get(open + 2..).unwrap_or_default();
    let is_clap =
        ["arg(", "clap(", "structopt(", "command("].iter().any(|start| attribute.starts_with(start));
    let depth = attribute.matches('(').count().saturating_sub(attribute.matches(')').count());
    if !is_clap || depth == 0 {
        return;
    }
    let after = site.bones(name.end, 600);
    let attribute_rest = after.split_once(']').map_or(after, |(rest, _)| rest);
    let field = after.split_once(']').map_or("", |(_, field)| field);
    // Other attributes may follow before the field.
    let field = field.split(['\n', ',']).find(|line| line.contains(": ")).unwrap_or_default();
    let has_default = attribute.contains("default_value") || attribute_rest.contains("default_value");
    let can_do_without = ["Option<", "bool", "Vec<"].iter().any(|kind| field.contains(kind));
    let unset = match has_default || can_do_without {
        true => Unset::Default,
        // A flag on the command line may set it.
        false => Unset::Unknown,
    };
    found.variable(site.at, name.value, unset);
}

/// `env:"X,required"` and `envconfig:"X"` in the tags of a Go struct.
fn tag(site: &Site<'_>, found: &mut Found) {
    let rest = site.text.code.get(site.after..).unwrap_or_default();
    let line = rest.lines().next().unwrap_or_default();
    let (Some((value, rest)), Some(true)) =
        (line.split_once('"'), site.at.checked_sub(1).map(|before| b"` ".contains(&site.byte(before))))
    else {
        return;
    };
    let start = site.text.code.get(..site.at).unwrap_or_default();
    let start = start.rsplit('\n').next().unwrap_or_default();
    if site.is_code() || !start.contains('`') || !rest.contains('`') {
        return;
    }
    let (name, options) = value.split_once(',').unwrap_or((value, ""));
    let tags = format!("{start} {rest}");
    let has_default =
        ["default:", "envDefault:"].iter().any(|tag| tags.contains(tag)) || options.contains("default=");
    let is_required = options.contains("required") && !options.contains("required_if")
        || options.contains("notEmpty")
        || tags.contains("required:\"true\"")
        || tags.contains("env-required:\"true\"");
    let unset = match (has_default, is_required) {
        (true, _) => Unset::Default,
        (false, true) => Unset::Fails,
        (false, false) => Unset::Unknown,
    };
    // A prefix may stand before lower-case names.
    if name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_') {
        found.variable(site.at, name, unset);
    }
}

/// `@Value("${X:default}")`; a name in capitals is a variable, another is a property.
fn spring(site: &Site<'_>, found: &mut Found) {
    let Some(literal) = site.literal(site.after) else { return };
    let Some(inside) = literal.value.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) else {
        return;
    };
    let (name, default) =
        inside.split_once(':').map_or((inside, None), |(name, default)| (name, Some(default)));
    if is_capital(name) {
        found.variable(site.at, name, if default.is_some() { Unset::Default } else { Unset::Fails });
    }
}

/// `config("X", default=…)` of python-decouple.
fn decouple(site: &Site<'_>, found: &mut Found) {
    if site.text.code.contains("from decouple import") && site.word_before(site.at).is_empty() {
        named(site, site.after, Unset::Fails, found);
    }
}

/// `env("X")`, `env.str("X", default=…)` of django-environ and environs.
fn environs(site: &Site<'_>, found: &mut Found) {
    let code = site.text.code.as_str();
    let is_library = code.contains("import environ") || code.contains("from environs import");
    let method = site.word(site.after);
    let open = match site.starts(site.at, "env(") {
        true => site.after,
        false if site.byte(site.after + method.len()) == b'(' => site.after + method.len() + 1,
        false => return,
    };
    if is_library && site.word_before(site.at).is_empty() && !matches!(method, "prefixed" | "read_env") {
        named(site, open, Unset::Fails, found);
    }
}

/// A function of one's own that says by its name what it does.
fn own(site: &Site<'_>, found: &mut Found) {
    let name = format!(
        "{}{}",
        site.word_before(site.at),
        site.text.code.get(site.at..site.after).unwrap_or_default()
    );
    let plain = name.to_lowercase().replace(['_', '('], "");
    let before = site.bones_before(site.at.saturating_sub(site.word_before(site.at).len()), 8);
    let is_declared = ["fn ", "func ", "def ", "function ", "fun "].iter().any(|word| before.ends_with(word));
    let is_library = ["os.", "System.", "std::env::"].iter().any(|owner| before.ends_with(owner));
    if is_declared || is_library {
        return;
    }
    let stops = plain.contains("must") || plain.contains("require");
    let unset = match stops {
        true => Unset::Fails,
        false if plain.contains("or") => Unset::Default,
        false => Unset::Unknown,
    };
    named(site, site.after, unset, found);
}

/// A literal name in capitals as first argument; with a second one there is a default.
fn named(site: &Site<'_>, at: usize, unset: Unset, found: &mut Found) {
    let Some(name) = site.literal(at) else { return };
    let end = site.skip(name.end);
    let rest = site.tail(end.saturating_add(1));
    let unset = match site.byte(end) {
        b')' => unset,
        b',' if unset == Unset::Fails && site.language() == Language::Python && !rest.contains("default") => {
            unset
        }
        b',' if unset == Unset::Fails && site.language() != Language::Python => unset,
        b',' => Unset::Default,
        _ => return,
    };
    if is_capital(name.value) {
        found.variable(site.at, name.value, unset);
    }
}

fn is_capital(name: &str) -> bool {
    name.contains(|c: char| c.is_ascii_uppercase())
        && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::super::tests::of;
    use super::*;
    use Unset::{Default, Fails, Unknown};

    fn read(path: &str, text: &str) -> Vec<(String, Unset)> {
        let said = of(path, text).variables.into_iter();
        said.map(|said| {
            let unset = match said.detail {
                super::super::Detail::Unset(unset) => unset,
                other => panic!("{other:?}"),
            };
            (said.name, unset)
        })
        .collect()
    }

    fn each(path: &str, cases: &[(&str, &[(&str, Unset)])]) {
        for (text, expected) in cases {
            let found = read(path, text);
            let found: Vec<(&str, Unset)> =
                found.iter().map(|(name, unset)| (name.as_str(), *unset)).collect();
            assert_eq!(&found, expected, "{text}");
        }
    }

    #[test]
    fn rust_is_read() {
        each(
            "a.rs",
            &[
                ("let a = std::env::var(\"A\")?;", &[("A", Fails)]),
                ("env::var(\"A\").unwrap();", &[("A", Fails)]),
                ("env::var(\"A\")\n    .expect(\"x\");", &[("A", Fails)]),
                ("env::var(\"A\").context(\"x\")?;", &[("A", Fails)]),
                ("env::var(\"A\").unwrap_or_else(|_| panic!(\"x\"));", &[("A", Fails)]),
                ("env::var(\"A\").unwrap_or_else(|_| \"x; y\".into());", &[("A", Default)]),
                (
                    "S { a: env::var(\"A\")?, b: env::var(\"B\").unwrap_or_default() }",
                    &[("A", Fails), ("B", Default)],
                ),
                ("if let Ok(a) = env::var(\"A\") { }", &[("A", Default)]),
                ("f(env::var(\"A\"))", &[("A", Unknown)]),
                ("env::var_os(\"A\").is_some()", &[("A", Default)]),
                (
                    "env!(\"A\"); option_env!(\"B\"); env::var(name); Command::new(\"x\").env(\"C\", \"d\");",
                    &[],
                ),
                ("#[arg(long, env = \"A\", default_value = \"x\")]\na: String,", &[("A", Default)]),
                ("#[arg(long, env = \"A\")]\n#[serde(x)]\na: Option<String>,", &[("A", Default)]),
                ("#[arg(long, env = \"A\")]\npub a: String,", &[("A", Unknown)]),
                ("#[other(env = \"A\")] x; let env = \"B\";", &[]),
            ],
        );
    }

    #[test]
    fn javascript_is_read() {
        each(
            "a.ts",
            &[
                ("const a = process.env.A;", &[("A", Unknown)]),
                (
                    "const a = process.env.A || 'x'; b = process.env['B'] ?? c",
                    &[("A", Default), ("B", Default)],
                ),
                ("const a = parseInt(process.env.A, 10) || 3", &[("A", Default)]),
                ("const a = Number(process.env.A ?? 3)", &[("A", Default)]),
                ("connect(process.env.A!)", &[("A", Fails)]),
                ("if (!process.env.A) {\n throw new Error('x')\n}", &[("A", Fails)]),
                ("if (!process.env.A) {\n warn('x')\n}", &[("A", Default)]),
                ("if (process.env.A) f()", &[("A", Default)]),
                ("if (process.env.NODE_ENV === 'x') f()", &[("NODE_ENV", Default)]),
                (
                    "const { A, B = 'x', C: d, ...rest } = process.env;",
                    &[("A", Unknown), ("B", Default), ("C", Unknown)],
                ),
                ("f(`http://${process.env.A}:1`)", &[("A", Unknown)]),
                ("process.env.A = 'x'; delete process.env.B; process.env[c]; f(process.env);", &[]),
                ("import.meta.env.VITE_A; import.meta.env.DEV", &[("VITE_A", Unknown)]),
                (
                    "const a = process.env.A\n  || 'x'\nconst b = process.env.B\nfoo || bar",
                    &[("A", Default), ("B", Unknown)],
                ),
                (
                    "Deno.env.get('A') ?? 'x'; getEnv('B', 'c'); requireEnv('D'); getEnv('not this')",
                    &[("A", Default), ("B", Default), ("D", Fails)],
                ),
            ],
        );
    }

    #[test]
    fn python_is_read() {
        each(
            "a.py",
            &[
                ("a = os.environ['A']\nb = os.environ[\"B\"]", &[("A", Fails), ("B", Fails)]),
                (
                    "a = os.environ.get('A')\nb = os.getenv('B', 'x')\nc = getenv('C') or 1",
                    &[("A", Unknown), ("B", Default), ("C", Default)],
                ),
                ("a = os.environ['A'] if 'A' in os.environ else 1", &[("A", Default)]),
                ("try:\n    a = os.environ['A']\nexcept KeyError:\n    a = 1", &[("A", Default)]),
                ("os.environ['A'] = '1'\n# os.environ['B']\n\"\"\"os.environ['C']\"\"\"", &[]),
                ("if os.environ['A'] == 'x':\n  pass", &[("A", Fails)]),
                ("f\"http://{os.environ['A']}\"", &[("A", Fails)]),
                (
                    "from decouple import config\nA = config('A')\nB = config('B', default=1)\nC = config('C', cast=int)",
                    &[("A", Fails), ("B", Default), ("C", Fails)],
                ),
                ("config('A')", &[]),
                (
                    "import environ\nenv = environ.Env()\nA = env('A')\nB = env.bool('B', default=False)",
                    &[("A", Fails), ("B", Default)],
                ),
            ],
        );
    }

    #[test]
    fn go_is_read() {
        each(
            "a.go",
            &[
                ("a := os.Getenv(\"A\")\nif a == \"\" {\n\tlog.Fatal(\"x\")\n}", &[("A", Fails)]),
                ("a := os.Getenv(\"A\")\nif a == \"\" {\n\ta = \"x\"\n}", &[("A", Default)]),
                ("a, ok := os.LookupEnv(\"A\")\nif !ok {\n\tpanic(\"x\")\n}", &[("A", Fails)]),
                ("f(os.Getenv(\"A\"))", &[("A", Unknown)]),
                (
                    "type C struct {\n\tA string `env:\"A,required\"`\n\tB int `env:\"B\" envDefault:\"1\"`\n\tC string `envconfig:\"C\"`\n}",
                    &[("A", Fails), ("B", Default), ("C", Unknown)],
                ),
                (
                    "x := getEnv(\"A\", \"b\")\ny := mustGetenv(\"B\")\nfunc getEnv(key, d string) string { return os.Getenv(key) }",
                    &[("A", Default), ("B", Fails)],
                ),
                ("x := \"env:\\\"A\\\"\"\nos.Setenv(\"B\", \"c\")\nos.Getenv(\"P\" + x)", &[]),
            ],
        );
    }

    #[test]
    fn other_languages_are_read() {
        each(
            "A.java",
            &[
                (
                    "System.getenv(\"A\"); Objects.requireNonNull(System.getenv(\"B\")); System.getenv().getOrDefault(\"C\", \"d\");",
                    &[("A", Unknown), ("B", Fails), ("C", Default)],
                ),
                (
                    "@Value(\"${A:x}\") String a; @Value(\"${B}\") String b; @Value(\"${app.name}\") String c;",
                    &[("A", Default), ("B", Fails)],
                ),
            ],
        );
        each(
            "a.kt",
            &[
                ("val a = System.getenv(\"A\") ?: \"x\"\n", &[("A", Default)]),
                ("val a = System.getenv(\"A\") ?: error(\"x\")\n", &[("A", Fails)]),
            ],
        );
        each(
            "a.cs",
            &[
                ("Environment.GetEnvironmentVariable(\"A\") ?? \"x\";", &[("A", Default)]),
                ("Environment.GetEnvironmentVariable(\"A\") ?? throw new X();", &[("A", Fails)]),
            ],
        );
        each(
            "a.rb",
            &[(
                "ENV['A'] || 1; ENV['B']; ENV.fetch('C'); ENV.fetch('D', 1); ENV.fetch('E') { 1 }; ENV['F'] ||= '1'; \"#{ENV['G']}\"; MY_ENV['H']",
                &[
                    ("A", Default),
                    ("B", Unknown),
                    ("C", Fails),
                    ("D", Default),
                    ("E", Default),
                    ("G", Unknown),
                ],
            )],
        );
        each(
            "a.php",
            &[(
                "<?php getenv('A') ?: 'x'; $_ENV['B'] ?? 'y'; env('C', 1); env('D'); $this->env('E'); $_SERVER['F'];",
                &[("A", Default), ("B", Default), ("C", Default), ("D", Unknown)],
            )],
        );
        each(
            "a.ex",
            &[("System.get_env(\"A\") || 1\nSystem.fetch_env!(\"B\")", &[("A", Default), ("B", Fails)])],
        );
    }
}
