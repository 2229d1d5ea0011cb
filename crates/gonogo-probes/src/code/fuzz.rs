//! Broken and hostile source text: whatever the bytes are, the survey answers, soon.

use proptest::prelude::*;

use super::survey;
use crate::repository::Repository;
use crate::repository::fuzz::{change, changed, soon};
use crate::repository::memory::Memory;

const SEEDS: [&str; 6] = [
    "let a = env::var(\"A\").unwrap_or(\"b\"); TcpListener::bind((\"0.0.0.0\", 80)); #[arg(env = \"X\")] a: B, .route(\"/a/{b}\", get(c)); register_gauge!(opts!(\"a\", \"b\")); registry.register(\"a\", \"b\", c.clone()); r#\"# TYPE a counter\"#",
    "const { A, B = 'x' } = process.env; app.listen({ port: 80, host: 'x' }); app.get('/a/:b', (c) => `d ${process.env.E}`); new client.Counter({ name: 'a', help: /[\"/]/ })",
    "@app.route('/a/<b>', methods=['GET'])\nos.environ['A']\nuvicorn.run(app, port=80)\nfrom prometheus_client import Counter\nCounter('a', 'b', namespace='c')\nFileHandler('a.log')\n\"\"\"x\"\"\"",
    "http.Server{Addr: \":80\"}\nprometheus.CounterOpts{Namespace: ns, Name: \"a\"}\nx := os.Getenv(\"A\")\nif x == \"\" { panic(\"b\") }\nA string `env:\"A,required\"`",
    "@RequestMapping(\"/a\") class A { @GetMapping(value = {\"/b\"}) Counter.builder(\"a.b\"); System.getenv(\"A\") ?: error(1) }",
    "ENV.fetch('A') { 1 }\nget '/a/:b' do\nEnvironment.GetEnvironmentVariable(\"A\") ?? throw\n<?php $_ENV['A'] ?? 'b'; Route::get('a/{b}', c);",
];
const ENDINGS: [&str; 11] = ["rs", "ts", "py", "go", "java", "rb", "cs", "php", "ex", "kt", "c"];
const WORDS: &[&str] = &[
    "\"",
    "'",
    "`",
    "/*",
    "*/",
    "//",
    "env::var(",
    "process.env.",
    "os.environ[",
    ".listen(",
    ".route(\"/",
    "Opts{",
    "# TYPE ",
    "#[cfg(test)]",
    "=> ",
    "{\"",
    "\\\"",
    "r#\"",
];

fn answers(ending: &str, bytes: &[u8]) -> usize {
    let path = format!("src/a.{ending}");
    let repository = Repository::new(Box::new(Memory::of_bytes([(path.as_str(), bytes)])), None);
    let found = soon(|| survey(&repository));
    found.files + found.passed.len()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_code_is_answered(
        seed in 0..SEEDS.len(),
        ending in 0..ENDINGS.len(),
        changes in prop::collection::vec(change(WORDS), 0..12),
    ) {
        prop_assert_eq!(answers(ENDINGS[ending], &changed(SEEDS[seed], &changes)), 1);
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..2_000), ending in 0..ENDINGS.len()) {
        prop_assert_eq!(answers(ENDINGS[ending], &bytes), 1);
    }
}

#[test]
fn large_and_repetitive_code_is_answered_soon() {
    for unit in [
        "env::var(\"A\")\n",
        "process.env\n",
        "Opts{\n",
        "app.get('/a',\n",
        "{([\n",
        "`${\n",
        "/*\n",
        "const { A } = process.env\n",
        "registry.register(\"a\", \"b\", c);\n",
        "@Get()\n@Controller(\n",
        "\"\\\n",
    ] {
        let text = unit.repeat(1_000_000 / unit.len());
        for ending in ENDINGS {
            assert_eq!(answers(ending, text.as_bytes()), 1);
        }
    }
}
