//! Broken and hostile `.env` files: whatever the bytes are, the probe answers, soon, and a value is
//! in no fact.

use proptest::prelude::*;

use super::variable::items;
use crate::repository::Repository;
use crate::repository::fuzz::{change, changed, soon};
use crate::repository::memory::Memory;

const SEED: &str = "# Shop\nDATABASE_URL=postgres://a:Zt4wPq93mZV7@localhost/x\nexport JWT_SECRET=\"q3J9xZ0mKf7Lr2VtYw8B\"\n#OFF=1\nDEBUG=true\nKEY='a\nb'\nDATABSE_URL=\nDEBUG=false\n";
const WORDS: &[&str] = &["export ", "=", "\"", "'", "#", "A=1\n", "DATABASE_URL=", "://", "@", "localhost"];

fn answers(bytes: &[u8]) -> Vec<gonogo_model::fact::Item> {
    let files = [
        (".env.production", bytes),
        (".env.example", SEED.as_bytes()),
        ("a.py", b"os.environ['DATABASE_URL']".as_slice()),
        ("compose.prod.yml", b"services: { a: { build: ., environment: { X: y } } }"),
    ];
    soon(|| items(&Repository::new(Box::new(Memory::of_bytes(files)), None)).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_files_are_answered(changes in prop::collection::vec(change(WORDS), 0..12)) {
        let found = answers(&changed(SEED, &changes));
        let keys: std::collections::BTreeSet<&String> = found.iter().map(|item| &item.key).collect();
        prop_assert_eq!(keys.len(), found.len());
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        prop_assert!(!answers(&bytes).is_empty());
    }
}

#[test]
fn no_value_is_in_a_fact() {
    let shown = format!("{:?}", answers(SEED.as_bytes()));
    assert!(shown.contains("JWT_SECRET"));
    for value in ["q3J9xZ0mKf7Lr2VtYw8B", "Zt4wPq93mZV7", "postgres:"] {
        assert!(!shown.contains(value), "{value}");
    }
}

#[test]
fn many_variables_are_answered_soon() {
    let many: String = (0..20_000).map(|at| format!("NAME_OF_{at}=x\n")).collect();
    assert!(answers(many.as_bytes()).len() > 1_000);
}
