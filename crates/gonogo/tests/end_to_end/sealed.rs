//! A small sealed run with several artefacts, made by the binary.

use std::path::PathBuf;

use crate::http::{Answer, Server};
use crate::world::{NOW, World};

const SPEC: &str = r#"version: 1
system: Shop
targets:
  web: { http: "${WEB}" }
stages:
  - { id: settings, gate: true }
  - { id: service, needs: [settings] }
checks:
  - { id: jwt, stage: settings, probe: secret/env, with: { name: JWT_SECRET }, expect: "present && length >= 16", severity: blocker }
  - { id: uname, stage: settings, probe: process/command, with: { run: [echo, "first artefact"] }, expect: "exit_code == 0", severity: low }
  - { id: lines, stage: service, probe: process/command, with: { run: [printf, "one\ntwo\nthree\n"] }, expect: "stdout_lines == 3", severity: low }
  - { id: fails, stage: service, probe: process/command, with: { run: [sh, -c, "echo because; exit 1"] }, expect: "exit_code == 0", severity: medium }
  - { id: numbers, stage: service, probe: process/command, with: { run: [echo, '{"a": 1.0, "b": 9007199254740993}'], parse: json }, expect: "output.a == 1.0", severity: low }
  - { id: page, stage: service, probe: http/get, with: { target: web, path: /page }, expect: "status == 200", severity: high }
  - { id: left-out, stage: service, probe: http/get, with: { target: web, path: /other }, expect: "status == 200", severity: low }
"#;

/// A world with the sealed run in `run`, and its head.
pub(crate) fn run() -> (World, PathBuf, String) {
    let server = Server::start(|head| Answer { headers: vec![], body: format!("page for\n{}", &head[..6]) });
    let mut world = World::new();
    world.set("WEB", &server.url());
    world.set("JWT_SECRET", "q8Zk2Lw9Xc4Vb7Nm1As5Df3Gh6Jk");
    world.write("gonogo.yaml", SPEC);
    let said = world.gonogo(&["run", "--out", "run", "--now", NOW, "--skip", "left-out"]).ended(1);
    let head = said.stderr.lines().find_map(|line| line.strip_prefix("head ")).unwrap().to_owned();
    world.gonogo(&["verify", "run", "--head", &head]).ended(0);
    let path = world.path("run");
    (world, path, head)
}
