//! Broken and hostile migrations: whatever the bytes are, the analyser answers, soon, for every
//! dialect. No file is touched.

use proptest::prelude::*;

use super::history::histories;
use super::{folder, statement, table};
use crate::repository::Repository;
use crate::repository::fuzz::{change, changed, soon};
use crate::repository::memory::Memory;

const SEEDS: [&str; 4] = [
    "CREATE TABLE a (id bigserial PRIMARY KEY, b varchar(20) NOT NULL DEFAULT 'x'::text, FOREIGN KEY (b) REFERENCES c (d), CHECK (b IS NOT NULL));\nCREATE UNIQUE INDEX CONCURRENTLY i ON a USING gin (lower(b), id) WHERE b <> '';\nALTER TABLE ONLY public.a ADD COLUMN c uuid DEFAULT gen_random_uuid(), ALTER COLUMN b TYPE text USING b::text, ADD CONSTRAINT u UNIQUE USING INDEX i;\n",
    "DO $$ BEGIN IF x THEN ALTER TABLE a ENABLE ROW LEVEL SECURITY; END IF; END $$;\nCREATE FUNCTION f() RETURNS int SECURITY DEFINER AS $x$ select 1; $x$;\nCOPY a FROM stdin;\n1\t2\n\\.\nALTER TYPE e ADD VALUE 'v';\nGRANT ALL ON a TO PUBLIC;\nCREATE ROLE r PASSWORD 'p';\n",
    "DELIMITER //\nCREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN UPDATE a SET b = CASE WHEN 1 THEN 2 END; END//\nDELIMITER ;\nALTER TABLE `a` MODIFY COLUMN `b` int unsigned NOT NULL, ALGORITHM=INPLACE;\nCREATE TABLE `a` (`id` int AUTO_INCREMENT, KEY `k` (`id`)) ENGINE=InnoDB;\n",
    "-- +goose Up\n-- +goose NO TRANSACTION\nWITH x AS (SELECT 1) DELETE FROM a USING x;\nDROP SCHEMA public CASCADE;\n-- +goose Down\nDROP TABLE a, b CASCADE;\n",
];

const WORDS: &[&str] = &[
    "$$",
    "$a$",
    "/*",
    "*/",
    "--",
    ";",
    ",",
    "`",
    "e'",
    "\\.",
    "\nDELIMITER ;;\n",
    "BEGIN",
    " END ",
    "CASE ",
    "ALTER TABLE ",
    "CREATE TABLE ",
    "ADD ",
    "COLUMN ",
    "(",
    ")",
    " AS ",
    "IF NOT EXISTS ",
    "PRIMARY KEY",
    "NOT NULL ",
    "DO ",
];

/// Every fact of every item, as a run would see them.
fn looked_at(files: &[(&str, &[u8])]) -> usize {
    let repository = Repository::new(Box::new(Memory::of_bytes(files.iter().copied())), None);
    let histories = histories(&repository);
    let histories = (*histories).as_ref().unwrap();
    let statements = statement::items(histories, 10);
    let keys: std::collections::BTreeSet<&str> = statements.iter().map(|item| item.key.as_str()).collect();
    assert_eq!(keys.len(), statements.len(), "keys are unique");
    let tables = table::items(histories, &table::tenants());
    let keys: std::collections::BTreeSet<&str> = tables.iter().map(|item| item.key.as_str()).collect();
    assert_eq!(keys.len(), tables.len(), "keys are unique");
    folder::items(&repository, 10, &table::tenants()).unwrap().len()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_files_are_answered(
        seed in 0..SEEDS.len(),
        changes in prop::collection::vec(change(WORDS), 0..12),
        second in prop::collection::vec(change(WORDS), 0..4),
        folder in prop::sample::select(vec!["migrations", "migrations/mysql", "migrations/postgres", "migrations/sqlite"]),
    ) {
        let first = changed(SEEDS[seed], &changes);
        let other = changed(SEEDS[(seed + 1) % SEEDS.len()], &second);
        let (one, two) = (format!("{folder}/0001_a.sql"), format!("{folder}/0002_b.up.sql"));
        let items = soon(|| looked_at(&[(&one, &first), (&two, &other)]));
        prop_assert_eq!(items, 1);
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        prop_assert_eq!(soon(|| looked_at(&[("migrations/1.sql", &bytes)])), 1);
    }
}

#[test]
fn huge_and_deep_files_are_answered_soon() {
    let many = |text: &str, times: usize| text.repeat(times);
    let texts = [
        many("(", 500_000),
        format!("CREATE TABLE a {}", many("(b int CHECK ", 50_000)),
        format!("ALTER TABLE a {}", many("ADD COLUMN b int, ", 60_000)),
        many("DO $$ BEGIN DO ' ; ' ; ", 50_000),
        many("/*", 500_000),
        many("$a", 400_000),
        many("CREATE TABLE a (id int);\n", 60_000),
        format!("CREATE FUNCTION f() {}", many("BEGIN ; ", 100_000)),
        format!("INSERT INTO a VALUES {}", many("('x', 1), ", 150_000)),
        format!("COPY a FROM stdin;\n{}", many("1\t2\n", 300_000)),
        many("x.", 500_000),
        (0..20_000)
            .map(|at| format!("CREATE TABLE t{at} (id int, tenant_id int REFERENCES t{at});"))
            .collect(),
    ];
    for text in &texts {
        assert_eq!(soon(|| looked_at(&[("migrations/1.sql", text.as_bytes())])), 1, "{}", &text[..40]);
    }
}
