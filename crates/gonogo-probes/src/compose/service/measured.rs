//! Puts the facts of one service together. It knows where each fact comes from, and none of how
//! it is found.

use gonogo_model::fact::Item;
use serde_json::json;

use super::super::declared::Service;
use super::super::dependencies::Relations;
use super::super::healthcheck::{Healthcheck, State, contact, credentials, truth};
use super::super::project::Project;
use super::super::survey::Surveyed;
use super::super::{exposure, hardening, security};
use crate::credential::variable::is_default;
use crate::redact::Redactor;

/// The item with every fact of the service at `place`. Secrets are made known first.
pub(super) fn measured(
    item: Item,
    surveyed: &Surveyed,
    relations: &Relations<'_>,
    place: usize,
    secrets: &Redactor,
) -> Item {
    let (service, check) = (&relations.services[place], &relations.checks[place]);
    for (name, text) in security::values(service) {
        secrets.learn_variable(name, &text.value);
    }
    let literal = credentials::literal(&check.written);
    literal.iter().filter(|value| !is_default(value)).for_each(|value| secrets.learn("HEALTHCHECK", value));
    let item = item
        .fact("service", service.name)
        .fact("project", surveyed.name.as_str())
        .fact("for_development", surveyed.is_for_development)
        .fact("one_shot", relations.is_one_shot(place))
        .fact("profiles", service.profiles());
    let item = image(item, service);
    let item = health(item, service, check, &literal);
    let item = relation(item, relations, place);
    let item = limits(item, service);
    let item = privileges(item, service);
    let item = secrecy(item, service, &surveyed.project);
    reach(item, service, relations, &surveyed.project)
}

fn image(item: Item, service: &Service<'_>) -> Item {
    let image = service.image.as_ref();
    // What is built here is only named by its image.
    let pulled = image.filter(|_| service.build.is_none());
    item.fact_if_known("image", image.map(|image| image.written.clone()))
        .fact_if_known("image_tag", image.and_then(|image| image.tag.clone()))
        .fact("image_pulled", pulled.is_some_and(|image| image.is_known))
        .fact("image_digest", pulled.is_some_and(|image| image.has_digest))
        .fact("image_floating", pulled.is_some_and(super::super::image::Image::is_floating))
        .fact("has_build", service.build.is_some())
        .fact("role", service.role().map_or("unknown".to_owned(), |role| format!("{role:?}").to_lowercase()))
        .fact("database", security::is_database(service))
}

fn health(item: Item, service: &Service<'_>, check: &Healthcheck, literal: &[String]) -> Item {
    let contact = contact::of(&check.commands);
    let is_set = check.state == State::Set;
    let listens = truth::port_listens(service, check);
    let shown = is_set.then(|| credentials::masked(&check.line, literal));
    let item = item
        .fact("healthcheck", check.state.name())
        .fact("healthcheck_in_image_unknown", check.state == State::None && check.may_be_in_image)
        .fact("healthcheck_start_period", check.has_start_period)
        .fact("healthcheck_port_wrong", listens == Some(false))
        .fact("healthcheck_tool_missing", truth::missing_tools(service, check))
        .fact("healthcheck_credentials", !literal.is_empty())
        .fact("healthcheck_credentials_foreign", security::are_foreign(service, literal))
        .fact("healthcheck_lies", truth::lies(service, check))
        .fact("healthcheck_never", truth::never(service, check))
        .fact_if_known("healthcheck_test", shown)
        .fact_if_known("healthcheck_line", check.at.map(|at| at.line))
        .fact_if_known("healthcheck_port_listens", listens);
    let Some(contact) = contact.filter(|_| is_set) else { return item };
    item.fact("healthcheck_tool", contact.tool)
        .fact_if_known("healthcheck_port", contact.port)
        .fact("healthcheck_host", contact.host)
        .fact_if_known("healthcheck_path", contact.path.filter(|path| !path.contains('@')))
}

fn relation(item: Item, relations: &Relations<'_>, place: usize) -> Item {
    item.fact("depends_awaited", relations.awaited(place))
        .fact("depends_unhealthy", relations.never_healthy(place))
        .fact("depends_missing", relations.missing(place))
        .fact("depends_cycle", relations.is_circular(place))
        .fact("depends_not_awaited", relations.not_awaited(place))
}

fn limits(item: Item, service: &Service<'_>) -> Item {
    let memory = hardening::memory_limit(service);
    item.fact("restart", hardening::restart(service))
        .fact("has_memory_limit", memory.is_some())
        .fact_if_known("memory_limit", memory.filter(|bytes| *bytes > 0))
        .fact("has_cpu_limit", hardening::cpu_limit(service).is_some())
        .fact_if_known("cpu_limit", hardening::cpu_limit(service))
        .fact("pids_limit", hardening::has_pids_limit(service))
}

fn privileges(item: Item, service: &Service<'_>) -> Item {
    item.fact("privileged", hardening::is_privileged(service))
        .fact("docker_socket", hardening::mounts_engine_socket(service))
        .fact("capabilities_added", hardening::capabilities(service))
        .fact("host_namespaces", hardening::host_namespaces(service))
        .fact("sensitive_mounts", hardening::sensitive_mounts(service))
        .fact("unconfined", hardening::unconfined(service))
        .fact("read_only", hardening::is_read_only(service))
        .fact("no_new_privileges", hardening::has_no_new_privileges(service))
        .fact("user_root", hardening::is_root(service))
}

fn secrecy(item: Item, service: &Service<'_>, project: &Project) -> Item {
    item.fact("insecure_flags", security::insecure_flags(service))
        .fact("default_passwords", security::default_passwords(service))
        .fact("plain_secrets", security::plain_secrets(service))
        .fact("fallback_secrets", security::fallback_secrets(service))
        .fact("unencrypted_connections", security::unencrypted(service))
        .fact("secret_undeclared", security::undeclared(service, project, "secrets"))
        .fact("secret_not_mounted", security::secrets_not_mounted(service))
        .fact("config_undeclared", security::undeclared(service, project, "configs"))
        .fact("network_undeclared", security::undeclared(service, project, "networks"))
        .fact("volume_undeclared", volumes_undeclared(service, project))
}

fn volumes_undeclared(service: &Service<'_>, project: &Project) -> Vec<String> {
    let declared = project.declared("volumes");
    let named = service.mounts.iter().filter(|mount| mount.from == super::super::mounts::From::Volume);
    let lost = named.filter(|mount| {
        !mount.source.contains("${") && !declared.iter().any(|entry| entry.name == mount.source)
    });
    lost.map(|mount| mount.source.clone()).collect()
}

fn reach(item: Item, service: &Service<'_>, relations: &Relations<'_>, project: &Project) -> Item {
    let public: Vec<_> = service.ports.iter().filter(|port| port.is_public()).collect();
    let public =
        public.iter().map(|port| json!({"port": port.shown, "line": port.at.line})).collect::<Vec<_>>();
    let databases = exposure::public_database(service);
    let admins = exposure::public_admin(service);
    item.fact("ports_public", public)
        .fact("database_public", !databases.is_empty())
        .fact("admin_public", admins)
        .fact("stateful_without_volume", exposure::unkept_data(service))
        .fact("config_writable", exposure::writable_config(service))
        .fact("logs_uncollected", exposure::uncollected_logs(service, relations.collected.as_deref()))
        .fact("scaled_with_fixed_name", is_fixed(service))
        .fact("volumes_external", external(service, project))
}

/// Several copies cannot have one name or one port of the machine.
fn is_fixed(service: &Service<'_>) -> bool {
    let copies = service
        .part
        .get("deploy")
        .and_then(|deploy| deploy.get("replicas"))
        .or_else(|| service.part.get("scale"));
    let copies =
        copies.and_then(super::super::tree::Part::known).and_then(|copies| copies.parse::<u32>().ok());
    let is_single =
        service.ports.iter().any(|port| port.published.is_some_and(|(first, last)| first == last));
    copies.is_some_and(|copies| copies > 1) && (is_single || service.part.get("container_name").is_some())
}

fn external(service: &Service<'_>, project: &Project) -> Vec<String> {
    let outside = project.declared("volumes").iter().filter(|entry| is_external(&entry.part));
    let outside: Vec<&str> = outside.map(|entry| entry.name.as_str()).collect();
    let used = service.mounts.iter().filter(|mount| outside.contains(&mount.source.as_str()));
    used.map(|mount| mount.source.clone()).collect()
}

/// Whether somebody else must make it.
pub(in super::super) fn is_external(resource: &super::super::tree::Part) -> bool {
    resource.get("external").is_some_and(|external| external.is_true() || !external.entries().is_empty())
}
