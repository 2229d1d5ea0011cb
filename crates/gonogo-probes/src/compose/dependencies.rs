//! What the services of a project need of one another: dependencies that are missing, that can
//! never be healthy, that run in circles, and services that end by themselves.

use std::collections::{BTreeMap, BTreeSet};

use super::declared::Service;
use super::exposure;
use super::healthcheck::{self, Healthcheck, State, truth};
use super::mounts::Mount;
use super::tree::Part;

/// Services that may stand on circles; nobody has more.
const MOST_CIRCULAR: usize = 300;

/// One `depends_on`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dependency {
    pub(super) on: String,
    pub(super) condition: String,
    pub(super) is_required: bool,
}

/// The dependencies of a service.
pub(super) fn of(service: &Service<'_>) -> Vec<Dependency> {
    let entries = service.part.get("depends_on").map(Part::entries).unwrap_or_default();
    let one = |entry: &super::tree::Entry| Dependency {
        on: entry.name.clone(),
        condition: entry
            .part
            .get("condition")
            .and_then(Part::value)
            .unwrap_or_else(|| "service_started".to_owned()),
        is_required: entry.part.get("required").is_none_or(|part| part.known().as_deref() != Some("false")),
    };
    entries.iter().map(one).collect()
}

/// The services of a project with their health checks, and what they need of one another.
#[derive(Debug)]
pub(super) struct Relations<'p> {
    pub(super) services: Vec<Service<'p>>,
    pub(super) checks: Vec<Healthcheck>,
    /// What log collectors mount; `None` without a collector.
    pub(super) collected: Option<Vec<Mount>>,
    places: BTreeMap<&'p str, usize>,
    needs: Vec<Vec<Dependency>>,
    awaited: BTreeSet<String>,
    circular: BTreeSet<usize>,
}

impl<'p> Relations<'p> {
    pub(super) fn new(services: Vec<Service<'p>>) -> Relations<'p> {
        let checks = services.iter().map(healthcheck::of).collect();
        let places: BTreeMap<&str, usize> =
            services.iter().enumerate().map(|(place, one)| (one.name, place)).collect();
        let needs: Vec<Vec<Dependency>> = services.iter().map(of).collect();
        let awaited = needs
            .iter()
            .flatten()
            .filter(|need| need.condition == "service_completed_successfully")
            .map(|need| need.on.clone())
            .collect();
        let circular = circular(&places, &needs);
        Relations {
            collected: exposure::collected(&services),
            services,
            checks,
            places,
            needs,
            awaited,
            circular,
        }
    }

    /// Services it waits for to be healthy that have no health check or one that cannot pass.
    pub(super) fn never_healthy(&self, place: usize) -> Vec<String> {
        let waits = self.needs[place].iter().filter(|need| need.condition == "service_healthy");
        let hopeless =
            waits.filter(|need| self.places.get(need.on.as_str()).is_some_and(|at| self.is_hopeless(*at)));
        hopeless.map(|need| need.on.clone()).collect()
    }

    fn is_hopeless(&self, place: usize) -> bool {
        let (service, check) = (&self.services[place], &self.checks[place]);
        match check.state {
            State::Disabled => true,
            State::None => !check.may_be_in_image,
            State::Image => false,
            State::Set => {
                !truth::never(service, check).is_empty()
                    || !truth::missing_tools(service, check).is_empty()
                    || truth::port_listens(service, check) == Some(false)
            }
        }
    }

    /// Whether another service waits for it.
    pub(super) fn is_needed(&self, place: usize) -> bool {
        let name = self.services.get(place).map(|service| service.name);
        self.needs.iter().flatten().any(|need| Some(need.on.as_str()) == name)
    }

    /// Required dependencies that the project does not have.
    pub(super) fn missing(&self, place: usize) -> Vec<String> {
        let lost = self.needs[place]
            .iter()
            .filter(|need| need.is_required && !self.places.contains_key(need.on.as_str()));
        lost.map(|need| need.on.clone()).collect()
    }

    /// Whether it waits for itself in the end.
    pub(super) fn is_circular(&self, place: usize) -> bool {
        self.circular.contains(&place)
    }

    /// Dependencies with a health check that are only waited for to be started.
    pub(super) fn not_awaited(&self, place: usize) -> Vec<String> {
        let started = self.needs[place].iter().filter(|need| need.condition == "service_started");
        let healthy = started.filter(|need| {
            self.places.get(need.on.as_str()).is_some_and(|at| self.checks[*at].state == State::Set)
        });
        healthy.map(|need| need.on.clone()).collect()
    }

    /// Services whose health it waits for before it starts.
    pub(super) fn awaited(&self, place: usize) -> Vec<String> {
        let healthy = self.needs[place].iter().filter(|need| need.condition == "service_healthy");
        healthy.map(|need| need.on.clone()).collect()
    }

    /// Whether it stays up and nobody would notice when it hangs.
    pub(super) fn is_unwatched(&self, place: usize) -> bool {
        let check = &self.checks[place];
        !self.is_one_shot(place) && check.state == State::None && !check.may_be_in_image
    }

    /// Whether it does its work and ends, so that it needs neither restarts nor a health check.
    pub(super) fn is_one_shot(&self, place: usize) -> bool {
        let service = &self.services[place];
        let restart = service.part.get("restart").and_then(Part::value);
        let ends = matches!(restart.as_deref(), Some("no" | "false" | "on-failure")) || restart.is_none();
        let words = [
            "migrate",
            "migration",
            "migrations",
            "migrator",
            "init",
            "seed",
            "setup",
            "bootstrap",
            "createbuckets",
            "createbucket",
            "mc",
            "certs",
            "job",
            "once",
        ];
        let says = |text: &str| {
            text.to_lowercase().split(|c: char| !c.is_ascii_alphanumeric()).any(|part| words.contains(&part))
        };
        self.awaited.contains(service.name)
            || (ends
                && (says(service.name)
                    || service
                        .command
                        .iter()
                        .take(3)
                        .any(|word| matches!(word.as_str(), "migrate" | "certonly"))))
    }
}

/// The services from which a way leads back to themselves. Walks without recursion.
fn circular(places: &BTreeMap<&str, usize>, needs: &[Vec<Dependency>]) -> BTreeSet<usize> {
    let next = |at: usize| needs[at].iter().filter_map(|need| places.get(need.on.as_str()).copied());
    // First those go that wait for nobody who is left: what stays waits for a circle or is on one.
    let mut waits: Vec<usize> = (0..needs.len()).map(|at| next(at).count()).collect();
    let mut waiting: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in 0..needs.len() {
        next(at).for_each(|to| waiting.entry(to).or_default().push(at));
    }
    let mut free: Vec<usize> = (0..needs.len()).filter(|at| waits[*at] == 0).collect();
    while let Some(done) = free.pop() {
        for at in waiting.get(&done).into_iter().flatten() {
            waits[*at] -= 1;
            if waits[*at] == 0 {
                free.push(*at);
            }
        }
    }
    let left: Vec<usize> = (0..needs.len()).filter(|at| waits[*at] > 0).take(MOST_CIRCULAR).collect();
    left.iter().copied().filter(|start| comes_back(*start, &next)).collect()
}

fn comes_back<I: Iterator<Item = usize>>(start: usize, next: &impl Fn(usize) -> I) -> bool {
    let mut seen = BTreeSet::new();
    let mut open: Vec<usize> = next(start).collect();
    while let Some(at) = open.pop() {
        if at == start {
            return true;
        }
        if seen.insert(at) && seen.len() < MOST_CIRCULAR {
            open.extend(next(at));
        }
    }
    false
}
