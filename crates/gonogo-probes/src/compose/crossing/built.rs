//! The code that a service is built from, when it is certain which code that is: its Dockerfile
//! is read, and the folder holds one program that no other service is built from.

use std::collections::BTreeSet;

use super::super::declared::{self, Service};
use super::super::dependencies::Relations;
use super::super::project::Project;
use crate::code::Said;
use crate::repository::purpose::is_for_development;
use crate::repository::{Kind, Repository, Source, folder_of, joined, name_of};

/// Bytes of one file that is searched for a word, and of all of them.
const FILE: u64 = 1 << 20;
const ALL: usize = 32 << 20;
/// Programs that serve code by a port of their own choice.
const SERVERS: [&str; 21] = [
    "gunicorn",
    "uvicorn",
    "hypercorn",
    "daphne",
    "granian",
    "waitress",
    "flask",
    "fastapi",
    "uwsgi",
    "puma",
    "rails",
    "rackup",
    "unicorn",
    "php-fpm",
    "apache2",
    "httpd",
    "nginx",
    "caddy",
    "next",
    "nuxt",
    "serve",
];

/// A built service with its code.
pub(super) struct Built<'s, 'p> {
    pub(super) service: &'s Service<'p>,
    repository: &'s Repository,
    folder: String,
    /// The text of its Dockerfile.
    dockerfile: String,
    /// Where the code listens, and where it does on a port that is not said.
    pub(super) listens: Vec<&'s Said>,
    listens_elsewhere: usize,
    variables: Vec<&'s Said>,
    routes: usize,
}

impl<'s, 'p> Built<'s, 'p> {
    pub(super) fn of(
        repository: &'s Repository,
        project: &Project,
        relations: &Relations<'_>,
        service: &'s Service<'p>,
    ) -> Option<Built<'s, 'p>> {
        let folder = declared::build_folder(service.part, project.folder())?;
        let is_shared = relations.services.iter().filter(|other| other.name != service.name).any(|other| {
            let other = declared::build_folder(other.part, project.folder());
            other.is_some_and(|other| is_in(&other, &folder) || is_in(&folder, &other))
        });
        if is_shared || !has_one_program(repository, &folder) {
            return None;
        }
        let dockerfile = dockerfile(repository.source(), project, service)?;
        let copied = copied(&dockerfile);
        let code = repository.code();
        let own = |said: &&Said| {
            below(&said.path, &folder).is_some_and(|path| copied.iter().any(|copied| is_in(path, copied)))
        };
        Some(Built {
            listens: code.listens.iter().filter(own).collect(),
            listens_elsewhere: code.listens_elsewhere.iter().filter(own).count(),
            variables: code.variables.iter().filter(own).collect(),
            routes: code.routes.iter().filter(own).count(),
            service,
            repository,
            folder,
            dockerfile,
        })
    }

    /// Every port that something listens on; `None` when nobody can tell them all.
    pub(super) fn heard(&self) -> Option<BTreeSet<u16>> {
        let says_all = self.listens_elsewhere == 0
            && !self.listens.is_empty()
            && self.listens.iter().all(|said| said.port_variable().is_none())
            && self.service.part.get("network_mode").is_none();
        if !says_all || self.runs_a_server() {
            return None;
        }
        Some(self.listened().into_iter().chain(self.exposed()).collect())
    }

    /// The ports of `EXPOSE`.
    pub(super) fn exposed(&self) -> Vec<u16> {
        let file = self.service.build.as_ref().and_then(|build| build.dockerfile.as_ref());
        file.map(|file| file.ports.clone()).unwrap_or_default()
    }

    /// Whether the code serves paths in a form that is known, and nothing else serves for it.
    pub(super) fn has_routes(&self) -> bool {
        let others = ["php-fpm", "apache2", "httpd", "nginx", "caddy", "next", "nuxt", "serve", "traefik"];
        self.routes > 0
            && !others.iter().any(|other| self.dockerfile.contains(other))
            && !self.service.command.iter().any(|word| others.contains(&word.as_str()))
    }

    /// Whether a word stands in the files of the build other than its Dockerfile, or anything was too
    /// large to tell.
    pub(super) fn says_in_code(&self, word: &str) -> bool {
        let mut read = 0_usize;
        let mut texts =
            self.files().filter(|path| crate::code::is_code(path) || path.ends_with(".properties"));
        texts.any(|path| match self.repository.text(path, FILE) {
            Ok(text) => {
                read = read.saturating_add(text.len());
                read > ALL || text.contains(word)
            }
            Err(_) => true,
        })
    }

    /// The ports that the code listens on.
    pub(super) fn listened(&self) -> Vec<u16> {
        let ports: BTreeSet<u16> = self.listens.iter().filter_map(|said| said.name.parse().ok()).collect();
        ports.into_iter().collect()
    }

    /// Whether the port stands in the Dockerfile, the command or the variables.
    pub(super) fn mentions(&self, port: u16) -> bool {
        let port = port.to_string();
        let says = |text: &str| text.split(|c: char| !c.is_ascii_digit()).any(|number| number == port);
        let says_variable = self.service.environment.iter().any(|variable| {
            variable.value.as_ref().is_none_or(|text| says(&text.value) || text.value.contains("${"))
        });
        says(&self.dockerfile) || self.service.command.iter().any(|word| says(word)) || says_variable
    }

    /// Whether a program of its own listens for the code.
    fn runs_a_server(&self) -> bool {
        let is_server = |word: &str| SERVERS.contains(&word);
        let words =
            |text: &str| text.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_')).any(is_server);
        words(&self.dockerfile) || self.service.command.iter().any(|word| words(word))
    }

    /// Variables that the code cannot go on without and the service does not get.
    pub(super) fn not_given(&self) -> Vec<String> {
        if self.service.environment_is_partial {
            return Vec::new();
        }
        let files = self.files().filter(|path| name_of(path).starts_with(".env"));
        let own: Vec<String> = files.filter_map(|path| self.repository.text(path, FILE).ok()).collect();
        let is_said = |name: &str| {
            let word = |text: &str| {
                text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).any(|word| word == name)
            };
            self.service.has_variable(name)
                || word(&self.dockerfile)
                || self.service.command.iter().any(|text| word(text))
                || own.iter().any(|text| word(text))
        };
        let required = self.variables.iter().filter(|said| said.is_required());
        let mut names: Vec<&str> = required.map(|said| said.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        // A second place may have a default, or only some commands may need it.
        let lenient = |name: &str| self.variables.iter().any(|said| said.name == name && said.has_default());
        names.retain(|name| !is_said(name) && !lenient(name));
        names.into_iter().map(str::to_owned).collect()
    }

    /// Whether the code reads the variable by its name.
    pub(super) fn reads(&self, name: &str) -> bool {
        self.variables.iter().any(|said| said.name == name)
    }

    /// Whether there is code at all.
    pub(super) fn has_code(&self) -> bool {
        self.files().any(crate::code::is_code)
    }

    /// Whether one of the words stands anywhere in what is built, or anything was too large to
    /// tell.
    pub(super) fn says_any(&self, words: &[&str]) -> bool {
        let mut read = 0_usize;
        for path in self.files() {
            let Ok(text) = self.repository.text(path, FILE) else { continue };
            read = read.saturating_add(text.len());
            if read > ALL || words.iter().any(|word| text.contains(word)) {
                return true;
            }
        }
        words.iter().any(|word| {
            self.dockerfile.contains(word) || self.service.command.iter().any(|text| text.contains(word))
        })
    }

    /// The files of the folder, without those that only say how it is run.
    fn files(&self) -> impl Iterator<Item = &'s str> {
        let compose: BTreeSet<&str> = [Kind::Compose, Kind::Document, Kind::Kubernetes]
            .into_iter()
            .flat_map(|kind| self.repository.of_kind(kind))
            .collect();
        let all = self.repository.files().iter().map(|file| file.path.as_str());
        let folder = self.folder.clone();
        all.filter(move |path| below(path, &folder).is_some() && !compose.contains(path))
    }
}

/// The path as seen from a folder above it.
fn below<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    if folder.is_empty() {
        return Some(path);
    }
    path.strip_prefix(folder)?.strip_prefix('/')
}

/// Whether `path` is `folder` or below it.
fn is_in(path: &str, folder: &str) -> bool {
    path == folder || below(path, folder).is_some()
}

/// Whether the folder holds no second program, whose ports and variables would be another's.
fn has_one_program(repository: &Repository, folder: &str) -> bool {
    let (mut starts, mut packages) = (0_usize, 0_usize);
    for file in repository.files() {
        let Some(path) = below(&file.path, folder).filter(|_| !is_for_development(&file.path)) else {
            continue;
        };
        match name_of(path) {
            "main.go" | "main.rs" => starts += 1,
            "package.json" | "pyproject.toml" | "pom.xml" | "build.gradle" | "Gemfile" | "composer.json" => {
                packages += 1;
            }
            name if name.ends_with(".csproj") => packages += 1,
            _ if folder_of(path).ends_with("src/bin") => starts += 1,
            _ => {}
        }
    }
    starts <= 1 && packages <= 1
}

/// The text of the Dockerfile that the service is built with.
fn dockerfile(source: &dyn Source, project: &Project, service: &Service<'_>) -> Option<String> {
    let build = service.part.get("build")?;
    if let Some(text) = build.get("dockerfile_inline") {
        return text.value();
    }
    let folder = declared::build_folder(service.part, project.folder())?;
    let name = match build.get("dockerfile") {
        Some(name) => name.known()?,
        None => "Dockerfile".to_owned(),
    };
    let bytes = source.read(&joined(&folder, &name)?, FILE).ok()?;
    String::from_utf8(bytes).ok()
}

/// What the Dockerfile copies out of the folder: paths as seen from it, empty for all.
fn copied(dockerfile: &str) -> Vec<String> {
    let joined_lines = dockerfile.replace("\\\n", " ").replace("\\\r\n", " ");
    let mut found = Vec::new();
    for line in joined_lines.lines().map(str::trim) {
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        if !matches!(word.to_ascii_uppercase().as_str(), "COPY" | "ADD") || rest.contains("--from=") {
            // `RUN --mount=type=bind,…` builds without a copy.
            if rest.contains("--mount=type=bind") {
                found.push(String::new());
            }
            continue;
        }
        let rest = rest.replace(['[', ']', '"', ','], " ");
        let words: Vec<&str> = rest.split_whitespace().filter(|word| !word.starts_with("--")).collect();
        for source in words.split_last().map(|(_, sources)| sources).unwrap_or_default() {
            let plain = source.trim_start_matches("./").trim_start_matches('/');
            let plain = plain.split(['*', '$', '?']).next().unwrap_or_default();
            let whole = plain.trim_end_matches('/');
            // The part of a name before a wildcard says only the folder.
            let folder =
                if plain.len() < source.trim_start_matches("./").len() { folder_of(plain) } else { whole };
            found.push(if matches!(folder, "." | "..") { String::new() } else { folder.to_owned() });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_copied_is_read() {
        for (text, expected) in [
            ("COPY . .", vec![""]),
            ("COPY --chown=a:b ./src /app/src\nCOPY --from=x /a /b", vec!["src"]),
            ("copy package*.json src/main.js \\\n  /app/", vec!["", "src/main.js"]),
            ("COPY [\"a b\", \"/x\"]", vec!["a", "b"]),
            ("ADD src/*.py /app", vec!["src"]),
            ("RUN --mount=type=bind,source=.,target=. make", vec![""]),
            ("FROM nginx", vec![]),
        ] {
            assert_eq!(copied(text), expected, "{text}");
        }
        assert!(is_in("src/a.py", "src") && is_in("a", "") && !is_in("srcs/a", "src"));
    }
}
