//! The Dockerfiles of a repository, read once for each probe of this family.

use std::collections::BTreeMap;

use super::parse::{FILE, Instruction, parse};
use crate::probe::Unmeasured;
use crate::repository::purpose::is_for_development;
use crate::repository::{Kind, Repository, name_of};

/// Files that are read; what is behind them is listed as skipped.
const MOST: usize = 5_000;

/// Words that start an instruction.
const WORDS: [&str; 18] = [
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];

/// One Dockerfile.
#[derive(Debug)]
pub(super) struct File {
    pub(super) path: String,
    pub(super) is_for_development: bool,
    /// Why it was not read, as it is said behind the path.
    pub(super) skipped: Option<String>,
    pub(super) instructions: Vec<Instruction>,
    /// Line and what is wrong with it.
    pub(super) problems: Vec<(u32, String)>,
}

/// Every Dockerfile.
pub(super) fn files(repository: &Repository) -> Result<Vec<File>, Unmeasured> {
    let paths = repository.some_of_kind(Kind::Dockerfile)?;
    let mut found: BTreeMap<String, File> = BTreeMap::new();
    for (number, path) in paths.into_iter().enumerate() {
        let text = match number < MOST {
            true => repository.text(path, FILE),
            false => Err(format!("is behind the first {MOST} Dockerfiles")),
        };
        found.insert(path.to_owned(), file(path, text));
    }
    for (path, why) in repository.passed_of_kind(Kind::Dockerfile) {
        found.entry(path.clone()).or_insert_with(|| file(path, Err(why.clone())));
    }
    Ok(found.into_values().collect())
}

fn file(path: &str, text: Result<String, String>) -> File {
    let mut file = File {
        path: path.to_owned(),
        is_for_development: is_for_development(path),
        skipped: None,
        instructions: Vec::new(),
        problems: Vec::new(),
    };
    match text {
        Err(why) => file.skipped = Some(why),
        Ok(text) => match other_language(path, &text) {
            Some(why) => file.skipped = Some(why.to_owned()),
            None => {
                file.instructions = parse(&text);
                file.problems = problems(&file.instructions);
            }
        },
    }
    file
}

/// Why a text is not one that Docker itself reads.
fn other_language(path: &str, text: &str) -> Option<&'static str> {
    let ending = name_of(path).rsplit('.').next().unwrap_or_default().to_lowercase();
    let is_template = matches!(
        ending.as_str(),
        "j2" | "jinja"
            | "jinja2"
            | "tmpl"
            | "tpl"
            | "template"
            | "erb"
            | "in"
            | "mustache"
            | "hbs"
            | "gotmpl"
    ) || text
        .lines()
        .any(|line| ["{{", "{%", "<%", "%%", "@@"].iter().any(|sign| line.trim_start().starts_with(sign)))
        || text.lines().any(|line| {
            line.trim_start().starts_with("FROM") && (line.contains("{{") || line.contains("<%"))
        });
    if is_template {
        return Some("is a template; look at what is made from it");
    }
    let first = text.lines().next().unwrap_or_default().replace(' ', "").to_lowercase();
    let syntax = first.strip_prefix("#syntax=")?;
    (!syntax.contains("docker/dockerfile")
        && !syntax.contains("docker/buildkit")
        && !syntax.contains("dockerfile-upstream"))
    .then_some("is for a builder other than Docker's own")
}

fn problems(instructions: &[Instruction]) -> Vec<(u32, String)> {
    let mut found = Vec::new();
    let mut has_stage = false;
    for instruction in instructions {
        has_stage |= instruction.word == "FROM";
        if !WORDS.contains(&instruction.word.as_str()) {
            found.push((instruction.line, "this starts with no instruction that Docker knows".to_owned()));
        } else if !has_stage && instruction.word != "ARG" {
            found.push((instruction.line, format!("`{}` stands before the first `FROM`", instruction.word)));
        } else if instruction.rest.is_empty() && instruction.documents.is_empty() && instruction.word != "CMD"
        {
            found.push((instruction.line, format!("`{}` says nothing", instruction.word)));
        }
    }
    if !has_stage {
        found.push((1, "there is no `FROM`".to_owned()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_docker_would_refuse_is_a_problem() {
        for (text, problems) in [
            ("FROM a\nRUN b", 0),
            ("ARG A\nFROM a", 0),
            ("", 1),
            ("RUN a\nFROM b", 1),
            ("FROM a\nRUNN b\nCOPY", 2),
        ] {
            assert_eq!(file("Dockerfile", Ok(text.to_owned())).problems.len(), problems, "{text}");
        }
    }

    #[test]
    fn templates_and_other_languages_are_skipped() {
        for (path, text) in [
            ("Dockerfile.j2", "FROM a"),
            ("Dockerfile", "{% if x %}\nFROM a"),
            ("Dockerfile", "# syntax=acme/x\nFROM a"),
        ] {
            assert!(file(path, Ok(text.to_owned())).skipped.is_some(), "{path} {text}");
        }
        let usual = "# syntax=docker/dockerfile:1\nFROM a\nRUN echo '{{x}}'";
        assert!(file("Dockerfile", Ok(usual.to_owned())).skipped.is_none());
    }
}
