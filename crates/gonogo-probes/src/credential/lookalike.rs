//! Values that only look like secrets: placeholders that nobody replaced, and defaults that
//! everybody knows. Pure; the lists are here, with the reason for each group.

use super::strength::repeated_unit;

/// Long enough not to occur in a random value: found anywhere in it, whatever the case and signs.
const PHRASES: [&str; 17] = [
    "changeme",
    "changethis",
    "changeit",
    "pleasechange",
    "tobechanged",
    "tobedefined",
    "replaceme",
    "replacethis",
    "placeholder",
    "fillmein",
    "insertyour",
    "enteryour",
    "yoursecret",
    "yourpassword",
    "notasecret",
    "donotuse",
    "examplekey",
];

/// Each says placeholder where it stands as a word of its own.
const MARKS: [&str; 20] = [
    "todo",
    "fixme",
    "tbd",
    "tba",
    "xxx",
    "dummy",
    "sample",
    "example",
    "fake",
    "foo",
    "bar",
    "baz",
    "foobar",
    "configure",
    "replace",
    "change",
    "insert",
    "none",
    "null",
    "undefined",
];

/// Words that make a placeholder when a value has no others: `my-super-secret-key`, `test1234`.
const WORDS: [&str; 52] = [
    "a",
    "an",
    "the",
    "my",
    "your",
    "our",
    "this",
    "is",
    "it",
    "in",
    "to",
    "be",
    "me",
    "here",
    "with",
    "for",
    "of",
    "not",
    "so",
    "very",
    "super",
    "top",
    "long",
    "strong",
    "secure",
    "safe",
    "random",
    "some",
    "secret",
    "secrets",
    "key",
    "keys",
    "token",
    "password",
    "pass",
    "passphrase",
    "value",
    "string",
    "text",
    "jwt",
    "api",
    "app",
    "db",
    "database",
    "session",
    "auth",
    "test",
    "testing",
    "demo",
    "dev",
    "local",
    "please",
];

/// Defaults that everybody knows.
const WELL_KNOWN: [&str; 83] = [
    // The commonest passwords of every published list.
    "123456",
    "12345678",
    "123456789",
    "1234567890",
    "password",
    "password1",
    "passw0rd",
    "p@ssw0rd",
    "p@ssword",
    "qwerty",
    "qwertyuiop",
    "qwerty123",
    "1q2w3e4r",
    "111111",
    "abc123",
    "abcd1234",
    "iloveyou",
    "letmein",
    "welcome",
    "monkey",
    "dragon",
    "trustno1",
    "hunter2",
    "12345",
    "1234",
    "000000",
    "123123",
    // What servers and images ship with.
    "admin",
    "administrator",
    "admin123",
    "adminadmin",
    "root",
    "toor",
    "guest",
    "user",
    "default",
    "secret",
    "secret123",
    "supersecret",
    "superuser",
    "postgres",
    "postgresql",
    "mysql",
    "mariadb",
    "mongo",
    "mongodb",
    "redis",
    "rabbitmq",
    "minio",
    "minioadmin",
    "minio123",
    "elastic",
    "kibana",
    "grafana",
    "nats",
    "cassandra",
    "cockroach",
    "keycloak",
    "sa",
    "oracle",
    "vagrant",
    "docker",
    "raspberry",
    "ubuntu",
    "tomcat",
    "s3cret",
    "foobared",
    "passwd",
    "s3cr3t",
    "neo4j",
    "pass",
    "grafana123",
    "changeit",
    // What documentation and templates show: jwt.io, Flask, Rails, Express, AWS.
    "your-256-bit-secret",
    "your-384-bit-secret",
    "your-512-bit-secret",
    "a-string-secret-at-least-256-bits-long",
    "keyboard cat",
    "shhhhh",
    "secret_key_base",
    "development_secret",
    "akiaiosfodnn7example",
    "wjalrxutnfemi/k7mdeng/bpxrficyexamplekey",
];

/// Whether a value is a placeholder: a blank to fill in, an unexpanded variable, or made of
/// nothing but the words people write into templates.
pub(crate) fn is_placeholder(value: &str) -> bool {
    let value = value.trim();
    let lower = value.to_lowercase();
    let squeezed: String = lower.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    is_blank(value)
        || PHRASES.iter().any(|phrase| squeezed.contains(phrase))
        || is_reserved_example(&lower)
        || is_made_of_words(&lower)
}

/// Whether a value is a default that everybody knows, also written several times over or with
/// digits or signs behind it.
pub(crate) fn is_well_known(value: &str) -> bool {
    let lower = value.trim().to_lowercase();
    let known = |text: &str| WELL_KNOWN.contains(&text);
    let bare = lower.trim_end_matches(|c: char| c.is_ascii_digit() || "!?.#*".contains(c));
    let unit = repeated_unit(&lower);
    let unit = unit.as_deref().map(|unit| unit.trim_end_matches(['-', '_', '.', ' ', ':', '/']));
    known(&lower) || known(bare) || unit.is_some_and(known)
}

/// `<secret>`, `${SECRET}`, `{{ secret }}`, `$(secret)`, `%SECRET%`, `[secret]`, `...`, `***`.
fn is_blank(value: &str) -> bool {
    let brackets = [
        ("<", ">"),
        ("${", "}"),
        ("{{", "}}"),
        ("$(", ")"),
        ("%", "%"),
        ("[", "]"),
        ("(", ")"),
        ("__", "__"),
    ];
    let inside = |(open, close): &(&str, &str)| {
        value.len() > open.len() + close.len() && value.starts_with(open) && value.ends_with(close)
    };
    let has_text = value.contains(|c: char| c.is_alphanumeric());
    brackets.iter().any(inside)
        || value.contains("${")
        || (!value.is_empty() && !has_text && value.len() >= 3)
}

/// Hosts that are reserved for documentation, with nothing else to guess.
fn is_reserved_example(lower: &str) -> bool {
    ["example.com", "example.org", "example.net"].iter().any(|host| lower.ends_with(host))
}

/// Every word is one of templates, and at least one of them is no mere filler.
fn is_made_of_words(lower: &str) -> bool {
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric())
        .map(|word| word.trim_end_matches(|c: char| c.is_ascii_digit()))
        .filter(|word| !word.is_empty())
        .collect();
    let mark = |word: &str| MARKS.contains(&word) || is_crosses(word);
    // Among many other characters one mark is chance or a name, among few it is the point.
    let few = lower.len() <= 40;
    let marked = words.iter().any(|word| mark(word)) && few && words.iter().all(|word| !looks_random(word));
    marked || (!words.is_empty() && words.iter().all(|word| breaks_into_words(word)))
}

fn is_crosses(word: &str) -> bool {
    word.len() >= 3 && word.bytes().all(|byte| byte == b'x')
}

fn looks_random(word: &str) -> bool {
    word.len() >= 6 && word.contains(|c: char| c.is_ascii_digit())
}

/// Whether a word is known, or several known ones written together: `supersecretkey`.
fn breaks_into_words(word: &str) -> bool {
    if is_crosses(word) {
        return true;
    }
    // `starts[n]`: the first n bytes are whole words.
    let mut starts = vec![false; word.len() + 1];
    starts[0] = true;
    for at in 0..word.len() {
        if !starts[at] {
            continue;
        }
        for known in
            WORDS.iter().chain(&MARKS).filter(|known| word.as_bytes()[at..].starts_with(known.as_bytes()))
        {
            starts[at + known.len()] = true;
        }
    }
    starts[word.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRONG: [&str; 5] = [
        "q3J9xZ0mKf7Lr2VtYw8BnHs5CdGe1PuAaXi6OoTjRkMvQzWbNyElUhSgDcFp4I+/",
        "sk_test_4eC39HqLyjWDarjtT1zdp7dc",
        "0f8fad5bd9cb469fa16570867728950e",
        "violet-harbor-tundra-mosaic-42-lantern",
        "todo9xQ+4fooZ/tbd7",
    ];

    #[test]
    fn placeholders_are_seen() {
        for value in [
            "changeme",
            "CHANGE_ME",
            "change-me-please",
            "changeme-changeme-changeme-changeme-changeme-changeme",
            "your-secret-here",
            "<your secret>",
            "${JWT_SECRET}",
            "prefix-${JWT_SECRET}",
            "{{ jwt_secret }}",
            "xxx",
            "XXXXXXXXXXXXXXXX",
            "xxx-xxx",
            "example",
            "todo",
            "TODO: set this",
            "dummy",
            "test",
            "test1234",
            "testtesttesttest",
            "my-super-secret-key",
            "supersecretkey",
            "this is a secret",
            "replace_me",
            "...",
            "********",
            "placeholder_value",
            "insert-your-key",
            "admin@example.com",
            "secretsecretsecretsecret",
            "(configure)",
            "dummy-jwt-token",
            "some_random_string",
            "thisIsMySecretKey",
            "__SECRET__",
        ] {
            assert!(is_placeholder(value), "{value}");
        }
        for value in STRONG {
            assert!(!is_placeholder(value), "{value}");
        }
        for value in ["hunter2", "", "Tr0ub4dor&3"] {
            assert!(!is_placeholder(value), "{value}");
        }
    }

    #[test]
    fn well_known_defaults_are_seen() {
        for value in [
            "admin",
            "Password",
            "password123!",
            "minioadmin",
            "your-256-bit-secret",
            "postgres",
            "keyboard cat",
            "adminadminadmin",
            "secret-secret-secret",
            "P@ssw0rd",
        ] {
            assert!(is_well_known(value), "{value}");
        }
        for value in STRONG {
            assert!(!is_well_known(value), "{value}");
        }
        assert!(!is_well_known(""));
    }

    #[test]
    fn the_lists_are_lower_case() {
        for word in PHRASES.iter().chain(&MARKS).chain(&WORDS).chain(&WELL_KNOWN) {
            assert_eq!(*word, word.to_lowercase());
        }
    }
}
