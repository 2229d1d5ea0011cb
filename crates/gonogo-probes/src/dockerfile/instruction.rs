//! `dockerfile/instruction`: each instruction of each Dockerfile, with what its own line does to the
//! image. What the whole image is, is for `dockerfile/file`.

use std::collections::BTreeMap;

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, fact};
use gonogo_model::fact::{Item, Location};
use schemars::JsonSchema;
use serde::Deserialize;

use super::copied::{self, Unknown};
use super::parse::Instruction;
use super::read::{File, files};
use super::run::Run;
use super::stages::{Base, Stages, pairs};
use super::started;
use crate::compose::about;
use crate::context::Context;
use crate::credential::variable::says_value_is_secret;
use crate::credential::variable::{Kind as Password, kind as password};
use crate::probe::{Looked, Probe, Unmeasured};
use crate::repository::{Place, Repository};

/// Looks at instructions.
pub(crate) struct InstructionProbe;

/// `dockerfile/instruction` has no parameters.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {}

impl Probe for InstructionProbe {
    const ID: &'static str = "dockerfile/instruction";
    const TITLE: &'static str = "What each instruction of a Dockerfile does to the image";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, _: Params) -> Result<Looked, Unmeasured> {
        let look = |repository: &Repository| Ok(Looked { items: items(repository)?, artefacts: Vec::new() });
        Place::of(context).look(look).await
    }
}

const fn is(name: &'static str, about: &'static str) -> FactInfo {
    fact(name, FactType::Bool, "", about)
}

const fn list(name: &'static str, about: &'static str) -> FactInfo {
    fact(name, FactType::List, "", about)
}

const FACTS: &[FactInfo] = &[
    fact("instruction", FactType::Text, "", "Its name in capitals: `RUN`."),
    fact(
        "stage",
        FactType::Text,
        "",
        "The stage it is in, by name or number; absent before the first `FROM`.",
    ),
    is("shipped", "Whether its stage ends up in the image: the last one, and those it starts from."),
    is("for_development", "Whether names of files or folders say development, test or example."),
    is("floating", "`FROM`: whether the image has no tag, or one that moves with every release."),
    is("undigested", "`FROM`: whether the image has a tag that stays, and no digest."),
    list("secrets", "`ENV`, `ARG`: variables with a secret that stands in the file. Never values."),
    list("default_passwords", "`ENV`, `ARG`: variables with a password that everybody knows, or a blank."),
    list(
        "secret_arguments",
        "`ARG`: names without a value that say secret; what is given stays in the image's history.",
    ),
    is(
        "apt_update_alone",
        "`RUN`: whether it updates package lists for an installation that is in another layer.",
    ),
    is("apt_lists_kept", "`RUN`: whether package lists stay in the layer."),
    is("apt_asks", "`RUN`: whether apt would ask before it installs."),
    is("apt_recommended", "`RUN`: whether apt installs what packages only recommend."),
    is("apk_index_kept", "`RUN`: whether the index of apk stays in the layer."),
    is("pip_cache_kept", "`RUN`: whether what pip downloaded stays in the layer."),
    is("download_run", "`RUN`: whether a download goes straight into a shell."),
    is("sudo", "`RUN`: whether it calls sudo."),
    is("open_to_everybody", "`RUN`, `COPY`, `ADD`: whether it lets everybody change files."),
    is("unchecked_download", "`ADD`: whether it downloads a file without a checksum."),
    is("copy_is_enough", "`ADD`: whether `COPY` does the same."),
    list(
        "leaks",
        "`COPY`, `ADD` of the whole context without a `.dockerignore`: what is there and must not be in an image.",
    ),
    fact(
        "stage_missing",
        FactType::Text,
        "",
        "`COPY`, `RUN`: the stage it takes from, when it is none of those before; absent otherwise.",
    ),
    fact(
        "stage_unknown",
        FactType::Text,
        "",
        "`COPY`, `RUN`: what it takes from, when that is no stage and may be an image; absent otherwise.",
    ),
    is("takes_from_nothing", "`COPY`, `RUN`: whether the stage it takes from is none of those before."),
    is(
        "takes_from_unknown",
        "`COPY`, `RUN`: whether what it takes from is no stage, and may be an image or a named context.",
    ),
    is("behind_shell", "`CMD`, `ENTRYPOINT`: whether a shell stands between the engine and the program."),
    is(
        "overridden",
        "`CMD`, `ENTRYPOINT`, `HEALTHCHECK`: whether a later one of the same stage replaces it.",
    ),
    list("missing_tools", "`HEALTHCHECK`: tools that its image surely does not have."),
    list("wrong_ports", "`EXPOSE`: what is no port."),
    is("relative", "`WORKDIR`: whether it depends on where the base image happens to be."),
    is("deprecated", "Whether it is `MAINTAINER`."),
];

/// One item for each instruction.
pub(super) fn items(repository: &Repository) -> Result<Vec<Item>, Unmeasured> {
    let mut found = Vec::new();
    for file in files(repository)? {
        let look = Look { repository, file: &file, stages: Stages::of(&file.instructions) };
        found.extend(look.items());
    }
    Ok(found)
}

struct Look<'f> {
    repository: &'f Repository,
    file: &'f File,
    stages: Stages<'f>,
}

impl<'f> Look<'f> {
    fn items(&self) -> Vec<Item> {
        let mut keys: BTreeMap<String, usize> = BTreeMap::new();
        let shipped = self.stages.shipped();
        let before = self.stages.before.iter().map(|one| self.item(one, None, false, &mut keys));
        let mut found: Vec<Item> = before.collect();
        for (number, stage) in self.stages.all.iter().enumerate() {
            let is_shipped = shipped.contains(&number);
            let from = self.item(stage.from, Some(number), is_shipped, &mut keys);
            found.push(
                from.fact("floating", is_floating(&stage.base))
                    .fact("undigested", is_undigested(&stage.base)),
            );
            let runs: Vec<Run> = self.runs(number);
            for (at, instruction) in stage.instructions.iter().enumerate() {
                let item = self.item(instruction, Some(number), is_shipped, &mut keys);
                let item = run(item, at, &runs, self.pip_keeps_nothing(number));
                found.push(item.fact("overridden", started::is_overridden(at, &stage.instructions)));
            }
        }
        found
    }

    /// What each instruction of a stage runs; nothing for what is no `RUN`, or is for Windows.
    fn runs(&self, number: usize) -> Vec<Run> {
        let instructions =
            self.stages.all.get(number).map(|stage| stage.instructions.as_slice()).unwrap_or_default();
        let is_windows = self.is_for_windows(number);
        let run = |one: &&Instruction| match one.word == "RUN" && !is_windows {
            true => Run::of(one),
            false => Run::default(),
        };
        instructions.iter().map(run).collect()
    }

    fn is_for_windows(&self, number: usize) -> bool {
        let names = ["windows", "nanoserver", "servercore"];
        let by_base = matches!(self.stages.root(number), Base::Image { reference, .. } if names.iter().any(|name| reference.contains(name)));
        let mut said = self.stages.backwards(number).into_iter().filter(|one| one.word == "SHELL");
        by_base
            || said.any(|one| {
                one.rest.to_lowercase().contains("powershell") || one.rest.to_lowercase().contains("cmd")
            })
    }

    fn pip_keeps_nothing(&self, number: usize) -> bool {
        self.stages
            .backwards(number)
            .iter()
            .any(|one| matches!(one.word.as_str(), "ENV" | "ARG") && one.rest.contains("PIP_NO_CACHE_DIR"))
    }

    /// An instruction with every fact that does not rest on its neighbours.
    fn item(
        &self,
        one: &Instruction,
        stage: Option<usize>,
        is_shipped: bool,
        keys: &mut BTreeMap<String, usize>,
    ) -> Item {
        let unknown = stage.and_then(|number| copied::unknown_stage(one, number, &self.stages));
        let (missing, odd) = match unknown {
            Some(Unknown::Stage(name)) => (Some(name), None),
            Some(Unknown::Name(name)) => (None, Some(name)),
            None => (None, None),
        };
        let tools = stage.map(|number| started::missing_tools(one, number, &self.stages)).unwrap_or_default();
        let item = Item::new(self.key(one, stage, keys))
            .read_at(Location {
                source: self.file.path.clone(),
                line: Some(one.line),
                column: Some(one.column),
            })
            .fact("instruction", one.word.as_str())
            .fact_if_known("stage", stage.map(|number| self.stages.label(number)))
            .fact("shipped", is_shipped)
            .fact("for_development", self.file.is_for_development)
            .fact("floating", false)
            .fact("undigested", false)
            .fact("overridden", false)
            .fact("takes_from_nothing", missing.is_some())
            .fact("takes_from_unknown", odd.is_some())
            .fact_if_known("stage_missing", missing)
            .fact_if_known("stage_unknown", odd)
            .fact("missing_tools", tools)
            .fact("relative", stage.is_some_and(|number| self.is_relative(one, number)));
        let item = run(item, 0, &[], false);
        self.own(secrets(item, one), one)
    }

    /// Facts that rest on nothing but the line itself.
    fn own(&self, item: Item, one: &Instruction) -> Item {
        let is_open = copied::opens_to_everybody(one);
        let item = if is_open { item.fact("open_to_everybody", true) } else { item };
        item.fact("unchecked_download", copied::adds_unchecked(one))
            .fact("copy_is_enough", copied::copy_is_enough(one))
            .fact("leaks", copied::leaks(one, &self.file.path, self.repository))
            .fact("behind_shell", started::is_behind_shell(one))
            .fact("wrong_ports", started::wrong_ports(one))
            .fact("deprecated", one.word == "MAINTAINER")
    }

    fn is_relative(&self, one: &Instruction, number: usize) -> bool {
        let folder = one.rest.trim_matches(['"', '\'']);
        let is_absolute =
            |folder: &str| folder.starts_with(['/', '$', '\\', '~']) || folder.get(1..2) == Some(":");
        let mut earlier = self
            .stages
            .backwards(number)
            .into_iter()
            .filter(|other| other.word == "WORKDIR" && other.line < one.line);
        one.word == "WORKDIR"
            && !is_absolute(folder)
            && !earlier.any(|other| is_absolute(other.rest.trim_matches(['"', '\''])))
    }

    /// The file, the stage, the instruction and what tells it from others, without its line.
    fn key(&self, one: &Instruction, stage: Option<usize>, keys: &mut BTreeMap<String, usize>) -> String {
        let stage = stage.map(|number| format!("{}:", self.stages.label(number))).unwrap_or_default();
        let subject = match one.word.as_str() {
            "ENV" | "ARG" => pairs(one).into_iter().next().map(|(name, _)| name).filter(|name| is_name(name)),
            "RUN" => Run::of(one).first().map(str::to_owned),
            _ => None,
        };
        let subject = subject.map(|subject| format!(" {subject}")).unwrap_or_default();
        let key = format!("{}:{stage}{}{subject}", self.file.path, one.word);
        let times = keys.entry(key.clone()).or_default();
        *times = times.saturating_add(1);
        if *times == 1 { key } else { format!("{key}#{times}") }
    }
}

fn is_name(name: &str) -> bool {
    name.len() <= 60 && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn is_floating(base: &Base) -> bool {
    matches!(base, Base::Image { reference, sure: true } if about(reference).is_floating)
}

fn is_undigested(base: &Base) -> bool {
    let Base::Image { reference, sure: true } = base else { return false };
    let image = about(reference);
    !image.is_floating && !image.has_digest
}

/// The facts of the `RUN` at `at`; for everything else they are false.
fn run(item: Item, at: usize, runs: &[Run], pip_keeps_nothing: bool) -> Item {
    let nothing = Run::default();
    let run = runs.get(at).unwrap_or(&nothing);
    let mut later = runs.iter().skip(at.saturating_add(1));
    let is_for_later = run.updates_apt()
        && !run.installs_with_apt()
        && later.any(|other| other.installs_with_apt() && !other.updates_apt());
    let is_open =
        run.opens_to_everybody() || item.facts.get("open_to_everybody").is_some_and(|open| open == true);
    item.fact("apt_update_alone", is_for_later)
        .fact("apt_lists_kept", run.keeps_apt_lists())
        .fact("apt_asks", run.asks())
        .fact("apt_recommended", run.installs_recommended())
        .fact("apk_index_kept", run.keeps_apk_index())
        .fact("pip_cache_kept", run.keeps_pip_cache() && !pip_keeps_nothing)
        .fact("download_run", run.downloads_into_shell())
        .fact("sudo", run.uses_sudo())
        .fact("open_to_everybody", is_open)
}

fn secrets(item: Item, one: &Instruction) -> Item {
    let mut found: [Vec<String>; 3] = Default::default();
    if matches!(one.word.as_str(), "ENV" | "ARG") {
        let [secrets, defaults, arguments] = &mut found;
        for (name, value) in pairs(one) {
            let name = if is_name(&name) { name } else { continue };
            match value.as_deref().map(|value| password(&name, value)) {
                Some(Password::Secret) => secrets.push(name),
                Some(Password::Default) => defaults.push(name),
                None if says_value_is_secret(&name) => arguments.push(name),
                _ => {}
            }
        }
    }
    let [secrets, defaults, arguments] = found;
    item.fact("secrets", secrets).fact("default_passwords", defaults).fact("secret_arguments", arguments)
}
