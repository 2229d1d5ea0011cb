//! Broken and hostile Dockerfiles: whatever the bytes are, the analyser answers, soon. No file is
//! touched.

use proptest::prelude::*;

use super::{file, instruction};
use crate::repository::Repository;
use crate::repository::fuzz::{change, changed, soon};
use crate::repository::memory::Memory;

const SEED: &str = "# syntax=docker/dockerfile:1\nARG V=3.20\nFROM --platform=$X alpine:${V} AS build\nENV A=b C=\"d e\"\nRUN <<EOF\napt-get update\nEOF\nRUN apt-get update && apt-get install -y curl \\\n  # why\n  && curl https://x | sh\nFROM build AS last\nCOPY --from=build --chmod=777 /a /b\nADD https://x/y /z\nUSER app\nEXPOSE 80 443/tcp\nHEALTHCHECK --interval=5s CMD curl -f http://localhost || exit 1\nENTRYPOINT [\"/a\", \"-b\"]\nCMD a && b\n";
const WORDS: &[&str] = &[
    "FROM ",
    " AS build",
    "FROM build\n",
    "RUN ",
    "<<EOF\n",
    "EOF\n",
    "<<-'A B'",
    "\\\n",
    "COPY . .\n",
    "--from=9 ",
    "$(",
    "ARG ",
    "ENV ",
    "SHELL [\"powershell\"]\n",
    "# escape=`\n",
    "HEALTHCHECK ",
    "CMD ",
    "| sh\n",
    "chmod 777 /\n",
    "${V:-",
    "WORKDIR é\n",
];

fn answers(bytes: &[u8]) -> usize {
    soon(|| {
        let files = [
            ("Dockerfile", bytes),
            ("compose.yml", b"services: { a: { build: . } }\n".as_slice()),
            (".env", b"A=1"),
        ];
        let repository = Repository::new(Box::new(Memory::of_bytes(files)), None);
        file::items(&repository).unwrap().len() + instruction::items(&repository).unwrap().len()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_files_are_answered(changes in prop::collection::vec(change(WORDS), 0..12)) {
        prop_assert!(answers(&changed(SEED, &changes)) >= 1);
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        prop_assert!(answers(&bytes) >= 1);
    }
}

#[test]
fn huge_and_twisted_files_are_answered_soon() {
    let chain: String = (0..3_000).map(|at| format!("FROM s{} AS s{}\nRUN a\n", at, at + 1)).collect();
    let runs = "FROM a\n".to_owned() + &"RUN apt-get update && chmod 777 x\n".repeat(20_000);
    let long = format!("FROM a\nRUN {}", "a && ".repeat(190_000));
    let open = "FROM a\n".to_owned() + &"RUN cat <<A\n".repeat(60_000);
    let deep = format!("FROM a\nCMD {}", "[".repeat(200_000));
    let joined = "RUN \\\n".repeat(150_000);
    let dollars = format!("FROM {}", "${a:-".repeat(150_000));
    for text in [&chain, &runs, &long, &open, &deep, &joined, &dollars] {
        assert!(answers(text.as_bytes()) >= 1);
    }
}
