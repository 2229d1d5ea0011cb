//! Canary secrets are put wherever secrets come from, every command is run, and no byte of any
//! output or file may hold one of them in any form.

use std::collections::BTreeMap;
use std::net::TcpListener;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use testbed_servers::{Postgres, PostgresOptions};

use crate::http::{Answer, Server};
use crate::world::{NOW, Running, Said, World, files};

/// Every place a secret is put, and its value. The middle of each is letters and digits that
/// occur nowhere else; what stands around it differs in every encoding.
const CANARIES: [(&str, &str); 19] = [
    ("jwt secret in the environment", "k+Q7/\"canaryA1x9Zq\"=& ü"),
    ("password in the environment", "p'canaryB2x9Zq<>%\\w"),
    ("token in the environment", "canaryC3x9Zq/+==tok"),
    ("variable used in a header only", "canaryD4x9Zq&h=1"),
    ("variable used in an argument only", "canaryE5x9Zq \"arg\""),
    ("variable used in a program's name", "canaryF6x9Zq-program"),
    ("variable with a newline for a header", "canaryG7x9Zq\nsecond"),
    ("variable that parameters refuse", "canaryH8x9Zq-path"),
    ("password in a DSN, closed port", "canaryI9x9Zq%2Fx"),
    ("password in a DSN, silent port", "canaryJ0x9Zq"),
    ("wrong password of Postgres", "canaryK1x9Zq"),
    ("password in the address of a service", "canaryL2x9Zq"),
    ("secret in a dotenv file", "canaryM3x9Zq'quoted"),
    ("secret in a file", "canaryN4x9Zq+file/=="),
    ("secret in a folder", "canaryO5x9Zq folder"),
    ("environment of another process", "canaryP6x9Zq-process"),
    ("cookie that a service sets", "canaryQ7x9Zq"),
    ("token in a body that a service sends", "canaryR8x9Zq"),
    ("password that a program prints", "canaryS9x9Zq"),
];

fn canary(place: &str) -> &'static str {
    CANARIES.iter().find(|(known, _)| *known == place).unwrap_or_else(|| panic!("{place}")).1
}

/// The part of a canary that every encoding keeps or replaces whole.
fn core(value: &str) -> &str {
    let start = value.find("canary").unwrap();
    &value[start..start + "canaryA1x9Zq".len()]
}

/// What must be in no output: the core, plain, in hex, in base64 at any offset, and the whole
/// value in base64 and percent-encoded.
fn forms(value: &str) -> Vec<String> {
    let core = core(value);
    let hex: String = core.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut forms = vec![core.to_owned(), hex.to_uppercase(), hex];
    for offset in 0..3_usize {
        let shifted = [vec![0; offset], core.as_bytes().to_vec()].concat();
        let (first, end) = ((offset * 8).div_ceil(6), shifted.len() * 8 / 6);
        forms.push(STANDARD_NO_PAD.encode(&shifted)[first..end].to_owned());
    }
    forms.extend([STANDARD.encode(value), URL_SAFE_NO_PAD.encode(value)]);
    forms.push(utf8_percent_encode(value, NON_ALPHANUMERIC).to_string());
    forms
}

/// Every form with the place of its canary.
fn forbidden() -> Vec<(&'static str, String)> {
    let all = CANARIES.iter().map(|(place, value)| (*place, *value));
    all.flat_map(|(place, value)| forms(value).into_iter().map(move |form| (place, form))).collect()
}

fn expect_none(forbidden: &[(&str, String)], what: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for (place, form) in forbidden {
        if let Some(at) = text.find(form.as_str()) {
            let start = text[..at].char_indices().rev().nth(60).map_or(0, |(start, _)| start);
            let end = text[at..].char_indices().nth(80).map_or(text.len(), |(end, _)| at + end);
            panic!("{what} shows the {place} as {form}: …{}…", &text[start..end]);
        }
    }
}

const SPEC: &str = r#"version: 1
system: Shop
environment: staging
targets:
  web: { http: "${WEB}" }
  web-with-login: { http: "${WEB_WITH_LOGIN}" }
  closed: { postgres: "${DATABASE_URL}" }
  silent: { postgres: "${SILENT_DSN}" }
  wrong: { postgres: "${WRONG_DSN}" }
  right: { postgres: "${RIGHT_DSN}" }
  other: { process: "pidfile:other.pid" }
stages:
  - { id: files }
  - { id: rest, needs: [files] }
checks:
  - { id: dotenv, stage: files, probe: secret/file, with: { path: .env, form: dotenv }, expect: "present && !placeholder", severity: low }
  - { id: file, stage: files, probe: secret/file, with: { path: secret.txt }, expect: present, severity: low }
  - { id: folder, stage: files, probe: secret/file, with: { path: secrets, form: directory }, expect: present, severity: low }
  - { id: other-process, stage: files, probe: secret/env, with: { target: other, name: OTHER_SECRET }, expect: "present && length > 900", severity: low }
  - { id: prints-all-first, stage: files, probe: process/command, with: { run: [env] }, expect: "stdout == ''", severity: low }
  - { id: jwt, stage: rest, probe: secret/env, with: { name: JWT_SECRET }, expect: "present && length > 900", severity: blocker }
  - { id: password, stage: rest, probe: secret/env, with: { name: DB_PASSWORD }, expect: "present && length > 900", severity: high }
  - { id: as-number, stage: rest, probe: config/env, with: { names: [API_TOKEN, JWT_SECRET], kind: integer }, expect: "valid", severity: low }
  - { id: as-text, stage: rest, probe: config/env, with: { names: [API_TOKEN, DB_PASSWORD, DATABASE_URL] }, expect: "value == 'x'", severity: low }
  - { id: database-closed, stage: rest, probe: postgres/settings, with: { target: closed }, expect: tls, severity: low }
  - { id: database-silent, stage: rest, probe: postgres/settings, with: { target: silent }, expect: tls, severity: low, time_limit: 300ms }
  - { id: header, stage: rest, probe: http/get, with: { target: web, path: /echo, headers: { X-Greeting: "${GREETING}", Authorization: "Bearer ${API_TOKEN}" }, json: { all: "", head: /head, inner: /token } }, expect: "json.all == 1 && json.head == '' && json.inner == '' && headers == {}", severity: low }
  - { id: header-twice, stage: rest, probe: http/get, with: { target: web, path: "/${GREETING}", json: { all: "" } }, expect: "json.all == 1", severity: low }
  - { id: login-in-address, stage: rest, probe: http/get, with: { target: web-with-login, path: /echo, json: { head: /head } }, expect: "json.head == ''", severity: low }
  - { id: bad-header, stage: rest, probe: http/get, with: { target: web, headers: { X-Bad: "${WITH_NEWLINE}" } }, expect: "status == 200", severity: low }
  - { id: same-path-twice, stage: rest, probe: http/get, with: { target: web, paths: ["/${PATH_ONE}", "/${PATH_TWO}"] }, expect: "status == 200", severity: low }
  - { id: argument, stage: rest, probe: process/command, with: { run: [echo, "say ${ARGUMENT}"] }, expect: "stdout == ''", severity: low }
  - { id: no-program, stage: rest, probe: process/command, with: { run: ["/nowhere/${PROGRAM}"] }, expect: "exit_code == 0", severity: low }
  - { id: no-folder, stage: rest, probe: process/command, with: { run: [ls], directory: "${PROGRAM}" }, expect: "exit_code == 0", severity: low }
  - { id: no-document, stage: rest, probe: document/file, with: { path: "docs/${PROGRAM}.md" }, expect: "exists", severity: low }
  - { id: prints-encoded, stage: rest, probe: process/command, with: { run: [sh, encode.sh] }, expect: "stdout == '' && stderr == ''", severity: low }
  - { id: prints-json, stage: rest, probe: process/command, with: { run: [cat, printed.json], parse: json, json: { all: "", inner: /password } }, expect: "output == {} && json.inner == ''", severity: low }
  - { id: prints-no-json, stage: rest, probe: process/command, with: { run: [cat, .env, secret.txt], parse: json }, expect: "output == {}", severity: low }
  - { id: prints-files, stage: rest, probe: process/command, with: { run: [sh, -c, "cat .env secret.txt secrets/* >&2; cat .env secret.txt secrets/*; exit 3"] }, expect: "stdout == '' && stderr == ''", severity: low }
"#;

const WITH_POSTGRES: &str = r#"  - { id: database-wrong, stage: rest, probe: postgres/settings, with: { target: wrong }, expect: tls, severity: low }
  - { id: database-right, stage: rest, probe: postgres/settings, with: { target: right }, expect: "tls && max_connections == 1", severity: low }
  - { id: pool, stage: rest, probe: postgres/pool, with: { target: right, instances: 1, pool_env: DB_PASSWORD }, expect: "configured", severity: low }
"#;

/// Prints what the environment holds in every usual form, to both outputs.
const ENCODE: &str = r#"for name in JWT_SECRET DB_PASSWORD API_TOKEN GREETING ARGUMENT DATABASE_URL; do
  eval "value=\$$name"
  for out in 1 2; do
    printf '%s is %s\n' "$name" "$value" >&$out
    printf '%s' "$value" | base64 -w0 >&$out; echo >&$out
    printf 'user:%s' "$value" | base64 -w0 >&$out; echo >&$out
    printf '%s' "$value" | od -An -v -tx1 | tr -d ' \n' >&$out; echo >&$out
  done
done
cat encoded.txt; cat encoded.txt >&2
"#;

/// A world where every canary is where a secret can be.
fn world(server: &Server, silent: &TcpListener, postgres: Option<&Postgres>) -> World {
    let mut world = World::new();
    world.set("JWT_SECRET", canary("jwt secret in the environment"));
    world.set("DB_PASSWORD", canary("password in the environment"));
    world.set("API_TOKEN", canary("token in the environment"));
    world.set("GREETING", canary("variable used in a header only"));
    world.set("ARGUMENT", canary("variable used in an argument only"));
    world.set("PROGRAM", canary("variable used in a program's name"));
    world.set("WITH_NEWLINE", canary("variable with a newline for a header"));
    world.set("PATH_ONE", canary("variable that parameters refuse"));
    world.set("PATH_TWO", canary("variable that parameters refuse"));
    let dsn = |place, address: &str| format!("postgres://app:{}@{address}/app", canary(place));
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    world.set("DATABASE_URL", &dsn("password in a DSN, closed port", &closed));
    world
        .set("SILENT_DSN", &dsn("password in a DSN, silent port", &silent.local_addr().unwrap().to_string()));
    let login = canary("password in the address of a service");
    world.set("WEB", &server.url());
    world.set("WEB_WITH_LOGIN", &format!("http://ana:{login}@{}", server.address()));
    let database =
        postgres.map_or_else(|| closed.clone(), |postgres| format!("127.0.0.1:{}", postgres.port()));
    world.set("WRONG_DSN", &dsn("wrong password of Postgres", &database));
    let right = postgres.map_or_else(|| world_dsn(&closed), Postgres::dsn);
    world.set("RIGHT_DSN", &right);
    world.write("encode.sh", ENCODE);
    world.write("encoded.txt", &encoded());
    world.write(".env", &format!("DOTENV_SECRET=\"{}\"\n", canary("secret in a dotenv file")));
    world.write("secret.txt", &format!("{}\n", canary("secret in a file")));
    world.write("secrets/db", canary("secret in a folder"));
    let printed = canary("password that a program prints");
    world.write(
        "printed.json",
        &format!("{{\"password\": \"{printed}\", \"deep\": [{{\"api_key\": \"{printed}\"}}]}}"),
    );
    world.write("gonogo.yaml", &format!("{SPEC}{}", if postgres.is_some() { WITH_POSTGRES } else { "" }));
    world
}

fn world_dsn(address: &str) -> String {
    format!("postgres://app:unused@{address}/app")
}

/// The canaries of the environment and of the files, percent-encoded and as JSON texts.
fn encoded() -> String {
    let known = CANARIES.iter().filter(|(place, _)| {
        ["environment", "header only", "argument only", "in a file", "dotenv", "folder"]
            .iter()
            .any(|part| place.contains(part))
            && !place.contains("another process")
    });
    let lines = known.map(|(_, value)| {
        let json = serde_json::Value::from(*value);
        format!("{}\n{json}\n", utf8_percent_encode(value, NON_ALPHANUMERIC))
    });
    lines.collect()
}

/// Echoes the request, and shows secrets of its own where services do.
fn answer(head: &str) -> Answer {
    let token = canary("token in a body that a service sends");
    let cookie = canary("cookie that a service sets");
    let body = serde_json::json!({"head": head, "token": token, "deep": {"password": token, "note": format!("token={token}")}});
    Answer {
        headers: vec![
            format!("Set-Cookie: session={cookie}; HttpOnly; Path=/"),
            "Content-Type: application/json".into(),
            format!("X-Api-Key: {cookie}"),
            format!("X-Echo: {}", head.lines().next().unwrap_or_default()),
        ],
        body: body.to_string(),
    }
}

#[test]
fn no_canary_is_in_any_output_or_file() {
    let postgres = Postgres::start_or_skip(&PostgresOptions::default()).unwrap();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = Server::start(answer);
    let mut world = world(&server, &silent, postgres.as_ref());
    let mut other = world.command("sleep", &["600"]);
    other.env("OTHER_SECRET", canary("environment of another process"));
    let other = Running::of(&mut other);
    world.write("other.pid", &other.pid().as_raw_nonzero().to_string());
    let mut forbidden = forbidden();
    if let Some(postgres) = &postgres {
        let dsn = postgres.dsn();
        let password = dsn.split([':', '@']).nth(2).unwrap().to_owned();
        forbidden.push(("right password of Postgres", password));
    }
    let expect_clean = |what: &str, said: &Said| {
        expect_none(&forbidden, what, said.stdout.as_bytes());
        expect_none(&forbidden, what, said.stderr.as_bytes());
    };
    for line in ["plan", "plan --format json"] {
        let said = ask(&world, line).ended(0);
        assert!(said.stdout.contains("database-closed"), "{}", said.stdout);
        expect_clean(line, &said);
    }
    for (at, format) in ["terminal", "markdown", "json", "junit"].into_iter().enumerate() {
        let line = format!("run --now {NOW} --out run-{at} --format {format}");
        let output = if at == 1 { " --output run.md" } else { "" };
        let said = ask(&world, &format!("{line}{output}")).ended(1);
        expect_clean(&line, &said);
        expect_looked(&world, &format!("run-{at}"));
    }
    // What is stored is read where the secrets are not known any more, and where they are.
    for known in [true, false] {
        if !known {
            forget(&mut world);
        }
        for line in readers() {
            let said = ask(&world, &line);
            assert!(matches!(said.code, Some(0 | 1)), "{line}: {}", said.all());
            expect_clean(&line, &said);
        }
    }
    other.kill();
    for name in [".env", "secret.txt", "secrets/db", "encoded.txt", "printed.json"] {
        std::fs::remove_file(world.path(name)).unwrap();
    }
    let kept = files(&world.path("."));
    assert!(
        kept.keys().filter(|name| name.contains("/blobs/")).count() >= 16 && kept.contains_key("report.xml")
    );
    for (name, bytes) in kept {
        expect_none(&forbidden, &name, &bytes);
    }
}

fn ask(world: &World, line: &str) -> Said {
    world.gonogo(&line.split(' ').collect::<Vec<_>>())
}

/// The canaries were really met: the looks that read them have facts, those that were to fail failed.
fn expect_looked(world: &World, run: &str) {
    let journal = String::from_utf8(world.read(&format!("{run}/run.jsonl"))).unwrap();
    let mut records: BTreeMap<String, serde_json::Value> = BTreeMap::new();
    for line in journal.lines() {
        let evidence = serde_json::from_str::<serde_json::Value>(line).unwrap()["body"]["evidence"].clone();
        for check in evidence["checks"].as_array().into_iter().flatten() {
            records.insert(check.as_str().unwrap().to_owned(), evidence["outcome"].clone());
        }
    }
    for looked in [
        "jwt",
        "dotenv",
        "file",
        "folder",
        "other-process",
        "header",
        "login-in-address",
        "argument",
        "prints-encoded",
        "prints-json",
        "prints-files",
        "as-text",
    ] {
        let items = records[looked]["looked"]["items"].as_array();
        assert!(items.is_some_and(|items| !items.is_empty()), "{looked}: {}", records[looked]);
    }
    for failed in [
        "database-closed",
        "database-silent",
        "bad-header",
        "same-path-twice",
        "no-program",
        "no-folder",
        "prints-no-json",
    ] {
        assert!(records[failed]["unmeasured"]["why"].is_string(), "{failed}: {}", records[failed]);
    }
    let printed = records["prints-encoded"].to_string();
    assert!(printed.matches("[redacted:").count() >= 30, "{printed}");
    if records.contains_key("database-right") {
        assert!(records["database-right"]["looked"].is_object(), "{}", records["database-right"]);
        assert!(records["database-wrong"]["unmeasured"].is_object(), "{}", records["database-wrong"]);
    }
}

fn forget(world: &mut World) {
    for name in ["JWT_SECRET", "DB_PASSWORD", "API_TOKEN", "GREETING", "ARGUMENT", "PROGRAM"] {
        world.unset(name);
    }
    for name in ["WITH_NEWLINE", "PATH_ONE", "PATH_TWO"] {
        world.unset(name);
    }
    for name in ["DATABASE_URL", "SILENT_DSN", "WRONG_DSN", "RIGHT_DSN", "WEB_WITH_LOGIN"] {
        world.unset(name);
    }
}

/// Every command that reads a stored run, and those that read nothing.
fn readers() -> Vec<String> {
    let mut lines: Vec<String> = [
        "verify run-0",
        "verify run-0 --format json",
        "probes",
        "probes --format json",
        "probes secret/env",
        "packs",
        "packs --format json",
        "packs http-service",
        "completions bash",
        "report run-2 --format junit --output report.xml",
    ]
    .map(str::to_owned)
    .into();
    lines.extend(["spec", "pack", "plan", "evidence", "verdict"].map(|of| format!("schema {of}")));
    for format in ["terminal", "markdown", "json", "junit"] {
        lines.push(format!("report run-0 --format {format}"));
        lines.push(format!("judge run-0 --now {NOW} --format {format}"));
    }
    let checks = SPEC.lines().filter(|line| line.contains("probe: "));
    for id in checks.filter_map(|line| Some(line.split_once("- { id: ")?.1.split_once(',')?.0)) {
        lines.push(format!("explain run-0 {id}"));
        lines.push(format!("explain run-0 {id} --format json"));
    }
    lines
}

#[test]
fn a_secret_in_the_spec_is_refused_and_not_repeated() {
    let world = World::new();
    let secret = "canaryA1x9Zq-hunter2";
    let lines = [
        format!("targets: {{ db: {{ postgres: \"postgres://app:{secret}@127.0.0.1/x\" }} }}"),
        format!("targets: {{ web: {{ http: \"http://app:{secret}@127.0.0.1/x\" }} }}"),
        format!("x: {{ password: {secret} }}"),
        format!("x: {{ Authorization: 'Bearer {secret}' }}"),
        format!("x: \"ghp_{}{secret}\"", "0aB".repeat(10)),
        format!("x: |\n  -----BEGIN PRIVATE KEY-----\n  {secret}\n  -----END PRIVATE KEY-----"),
        // Together with something that cannot be read at all.
        format!("api_token: {secret}\n  - ]["),
        format!("client_secret: {secret}\nclient_secret: {secret}"),
    ];
    for line in lines {
        world.write("gonogo.yaml", &format!("version: 1\nsystem: x\n{line}\nchecks:\n  - {{ id: a, probe: secret/env, with: {{ name: A }}, expect: present, severity: low }}\n"));
        for command in ["plan", "plan --format json", "run --out run"] {
            let said = ask(&world, command).ended(64);
            assert!(
                said.stdout.is_empty() && said.stderr.contains("nothing was run"),
                "{line}: {}",
                said.all()
            );
            assert!(!said.all().contains("canary"), "{line}: {}", said.all());
        }
        assert!(!world.path("run").exists());
    }
}
