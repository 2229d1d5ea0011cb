//! What is deployed together: a folder with its `.env` files, the code below it, and the compose
//! services for production and the containers of manifests that are built from it.

use std::collections::BTreeSet;

use super::dotenv::{self, Environment};
use crate::code::Said;
use crate::repository::purpose::is_for_production;
use crate::repository::{Kind, Repository, folder_of, name_of};
use crate::{compose, kubernetes};

/// Bytes of one `.env` file.
const LARGEST: u64 = 1 << 20;
/// Variables of one scope.
const MOST: usize = 5_000;

/// A variable that a file sets. The value may be a secret, so it has no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Declared {
    pub(super) name: String,
    /// `None` when only who deploys knows.
    pub(super) value: Option<String>,
    pub(super) path: String,
    pub(super) line: u32,
    pub(super) environment: Environment,
    /// Whether the line is switched off.
    pub(super) is_comment: bool,
}

/// What is deployed together.
pub(super) struct Scope<'r> {
    pub(super) folder: String,
    /// What its items are called after: a file, and for a service its name.
    pub(super) anchor: String,
    pub(super) declared: Vec<Declared>,
    /// Where its code reads a variable.
    pub(super) read: Vec<&'r Said>,
    /// The environments that there is a file for.
    pub(super) environments: BTreeSet<Environment>,
    /// Whether variables come to production from somewhere that cannot be read.
    pub(super) is_partial: bool,
}

impl Scope<'_> {
    /// Whether something says which variables production gets.
    pub(super) fn knows_production(&self) -> bool {
        let sets = |one: &Declared| one.environment == Environment::Production && !one.is_comment;
        !self.is_partial && self.declared.iter().any(sets)
    }

    /// Every name, sorted.
    pub(super) fn names(&self) -> BTreeSet<&str> {
        let declared = self.declared.iter().map(|one| one.name.as_str());
        declared.chain(self.read.iter().map(|said| said.name.as_str())).take(MOST).collect()
    }
}

/// Every scope of the repository, and the files that could not be read.
pub(super) fn scopes(repository: &Repository) -> (Vec<Scope<'_>>, Vec<(String, String)>) {
    let mut scopes: Vec<Scope<'_>> = Vec::new();
    let mut unread = Vec::new();
    for path in repository.of_kind(Kind::Dotenv) {
        let Some(environment) = dotenv::environment(path) else { continue };
        match repository.text(path, LARGEST) {
            Ok(text) => add_file(path, environment, &text, &mut scopes),
            Err(why) => unread.push((path.to_owned(), why)),
        }
    }
    add_services(repository, &mut scopes);
    add_containers(repository, &mut scopes);
    add_code(repository, &mut scopes);
    (scopes, unread)
}

fn scope_of<'s, 'r>(scopes: &'s mut Vec<Scope<'r>>, folder: &str, anchor: &str) -> Option<&'s mut Scope<'r>> {
    let place = match scopes.iter().position(|scope| scope.folder == folder) {
        Some(place) => place,
        None => {
            scopes.push(Scope {
                folder: folder.to_owned(),
                anchor: anchor.to_owned(),
                declared: Vec::new(),
                read: Vec::new(),
                environments: BTreeSet::new(),
                is_partial: false,
            });
            scopes.len().saturating_sub(1)
        }
    };
    scopes.get_mut(place)
}

fn add_file(path: &str, environment: Environment, text: &str, scopes: &mut Vec<Scope<'_>>) {
    let Some(scope) = scope_of(scopes, folder_of(path), path) else { return };
    scope.environments.insert(environment);
    scope.declared.extend(dotenv::lines(text).into_iter().take(MOST).map(|line| Declared {
        name: line.name,
        value: Some(line.value),
        path: path.to_owned(),
        line: line.line,
        environment,
        is_comment: line.is_comment,
    }));
}

/// Services of compose files whose name says production, where they are built.
fn add_services(repository: &Repository, scopes: &mut Vec<Scope<'_>>) {
    let services = compose::services(repository);
    let deployed = services.iter().filter(|one| is_for_production(&one.path) && !one.is_for_development);
    for service in deployed {
        let Some(folder) = &service.build else { continue };
        let near = scopes.iter().map(|scope| scope.folder.clone()).filter(|scope| is_below(folder, scope));
        let folder = near.max_by_key(String::len).unwrap_or_else(|| folder.clone());
        let anchor = format!("{}:{}", service.path, service.name);
        let Some(scope) = scope_of(scopes, &folder, &anchor) else { continue };
        scope.environments.insert(Environment::Production);
        scope.is_partial |= service.environment_is_partial;
        scope.declared.extend(service.environment.iter().map(|(name, _)| Declared {
            name: name.clone(),
            // The rules of compose judge its values.
            value: None,
            path: service.path.clone(),
            line: service.line,
            environment: Environment::Production,
            is_comment: false,
        }));
    }
}

/// Containers of manifests, where the folder they are built from is certain: the one that has their
/// name and a Dockerfile, or the only one that has a Dockerfile.
fn add_containers(repository: &Repository, scopes: &mut Vec<Scope<'_>>) {
    let dockerfiles = repository.of_kind(Kind::Dockerfile);
    let folders: BTreeSet<&str> = dockerfiles.into_iter().map(folder_of).collect();
    let given = kubernetes::given(repository);
    let deployed = given.iter().filter(|one| !one.is_for_development && !says_other(&one.path));
    let own = |names: &BTreeSet<String>| {
        let mut named = folders.iter().filter(|folder| names.contains(name_of(folder)));
        match (named.next(), named.next()) {
            (Some(folder), None) => Some(*folder),
            _ => None,
        }
    };
    let images = deployed.clone().filter(|one| !one.variables.is_empty()).count();
    let only = folders.first().copied().filter(|_| folders.len() == 1 && images == 1);
    for container in deployed {
        let Some(folder) = own(&container.names).or(only) else { continue };
        let near = scopes.iter().map(|scope| scope.folder.clone()).filter(|scope| is_below(folder, scope));
        let folder = near.max_by_key(String::len).unwrap_or_else(|| folder.to_owned());
        let anchor = format!("{}:{}", container.path, container.label);
        let Some(scope) = scope_of(scopes, &folder, &anchor) else { continue };
        scope.environments.insert(Environment::Production);
        scope.is_partial |= container.is_partial;
        scope.declared.extend(container.variables.iter().take(MOST).map(|(name, line)| Declared {
            name: name.clone(),
            // The rules of manifests judge its values.
            value: None,
            path: container.path.clone(),
            line: *line,
            environment: Environment::Production,
            is_comment: false,
        }));
    }
}

/// Whether a folder or file of manifests is for another environment than production.
fn says_other(path: &str) -> bool {
    dotenv::environment(path) == Some(Environment::Staging)
        || path.split('/').any(|part| dotenv::environment(part) == Some(Environment::Staging))
}

/// Gives each place of the code to the deepest scope above it; with one scope, everything to it.
fn add_code<'r>(repository: &'r Repository, scopes: &mut [Scope<'r>]) {
    let folders: Vec<String> = scopes.iter().map(|scope| scope.folder.clone()).collect();
    for said in &repository.code().variables {
        let above = folders.iter().enumerate().filter(|(_, folder)| is_below(&said.path, folder));
        let deepest = above.max_by_key(|(_, folder)| folder.len()).map(|(place, _)| place);
        let only = (folders.len() == 1).then_some(0);
        if let Some(scope) = deepest.or(only).and_then(|place| scopes.get_mut(place)) {
            scope.read.push(said);
        }
    }
}

fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path == folder || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containers_of_manifests_join_the_code_they_are_built_from() {
        let pod = |name: &str, image: &str, rest: &str| {
            format!(
                "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec: {{containers: [{{name: main, image: {image}, {rest}}}]}}\n"
            )
        };
        let (api, web) = (
            pod("api", "ghcr.io/shop/api:1", "env: [{name: A, value: x}]"),
            pod("front", "ghcr.io/shop/web:1", "envFrom: [{secretRef: {name: elsewhere}}]"),
        );
        let repository = Repository::of(&[
            ("api/Dockerfile", "FROM scratch"),
            ("api/.env.example", "A=\n"),
            ("api/src/main.rs", "env::var(\"A\")?;"),
            ("web/Dockerfile", "FROM scratch"),
            ("k8s/api.yaml", &api),
            ("k8s/web.yaml", &web),
            ("k8s/staging/api.yaml", &api),
            ("k8s/other.yaml", &pod("cache", "redis:7", "env: [{name: B, value: x}]")),
        ]);
        let (scopes, _) = scopes(&repository);
        let shown: Vec<(&str, Vec<&str>, bool)> = scopes
            .iter()
            .map(|scope| {
                (scope.folder.as_str(), scope.names().into_iter().collect(), scope.knows_production())
            })
            .collect();
        assert_eq!(shown, [("api", vec!["A"], true), ("web", vec![], false)]);
        let paths: Vec<&str> = scopes[0].declared.iter().map(|one| one.path.as_str()).collect();
        assert_eq!(paths, ["api/.env.example", "k8s/api.yaml"]);
    }

    #[test]
    fn files_services_and_code_come_together() {
        let repository = Repository::of(&[
            ("api/.env.example", "A=1\n"),
            ("api/src/main.rs", "env::var(\"A\")?;"),
            ("web/.env.production", "B=1\n"),
            ("web/a.ts", "process.env.B"),
            ("other.py", "os.environ['C']"),
            ("compose.prod.yml", "services: { a: { build: ./api, environment: { D: x } }, b: { image: x } }"),
            ("compose.yml", "services: { c: { build: ./web, environment: { E: x } } }"),
        ]);
        let (scopes, unread) = scopes(&repository);
        assert!(unread.is_empty());
        let shown: Vec<(String, Vec<&str>, bool)> = scopes
            .iter()
            .map(|scope| {
                (scope.folder.clone(), scope.names().into_iter().collect(), scope.knows_production())
            })
            .collect();
        assert_eq!(shown, [("api".to_owned(), vec!["A", "D"], true), ("web".to_owned(), vec!["B"], true)]);
    }
}
