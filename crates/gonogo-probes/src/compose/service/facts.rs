//! The facts of `compose/service`, as they are documented.

use gonogo_model::catalog::{FactInfo, FactType};

use FactType::{Bool, Int, List, Text};

/// Every fact of a service.
pub(super) const FACTS: &[FactInfo] = &[
    fact("service", Text, "The name of the service."),
    fact(
        "project",
        Text,
        "The file that tells its project from others: the last of those laid over one another.",
    ),
    fact(
        "for_development",
        Bool,
        "Whether names of files or folders say development, test or example, or a production file stands beside this one.",
    ),
    fact(
        "one_shot",
        Bool,
        "Whether it does its work and ends: another service waits for it to complete, or its name says migration, init, seed or setup and it is not restarted.",
    ),
    fact("profiles", List, "The profiles it belongs to."),
    fact(
        "image",
        Text,
        "The image, variables of `.env` and defaults replaced; absent when it is only built.",
    ),
    fact("image_tag", Text, "The tag; absent when none is written or a variable is not known."),
    fact("image_pulled", Bool, "Whether the image is pulled, not built, and its reference is known."),
    fact("image_digest", Bool, "Whether a pulled image is pinned by a digest."),
    fact(
        "image_floating",
        Bool,
        "Whether a pulled image has no tag, or one that moves: `latest`, `stable`, a word without a number. False when a variable says it.",
    ),
    fact("has_build", Bool, "Whether it is built."),
    fact(
        "role",
        Text,
        "What a well-known image is for: `database`, `cache`, `queue`, `storage`, `monitoring`, `proxy`, `admin`, `other`; `unknown` for every other image.",
    ),
    fact("database", Bool, "Whether the image is a well-known database."),
    fact(
        "healthcheck",
        Text,
        "`set` in compose, `image` when its Dockerfile has one, `disabled`, or `none`.",
    ),
    fact(
        "healthcheck_in_image_unknown",
        Bool,
        "Whether none is declared and the image, which cannot be seen, may have one.",
    ),
    fact("healthcheck_start_period", Bool, "Whether `start_period` is set and not zero."),
    fact(
        "healthcheck_test",
        Text,
        "The test in one line as written, credentials as `***`; absent without one.",
    ),
    fact("healthcheck_line", Int, "The line of `healthcheck`; absent without one."),
    fact("healthcheck_tool", Text, "The tool that contacts the service; absent when none is recognised."),
    fact("healthcheck_host", Text, "The host it contacts; absent when none is recognised."),
    fact("healthcheck_port", Int, "The port it contacts; absent when it is not known."),
    fact("healthcheck_path", Text, "The path it asks for; absent when it asks for none."),
    fact(
        "healthcheck_port_listens",
        Bool,
        "Whether the service listens on that port, by its image, Dockerfile, `ports`, `expose` and variables; absent when they do not say.",
    ),
    fact("healthcheck_port_wrong", Bool, "Whether it is certain that nothing listens on that port."),
    fact(
        "healthcheck_tool_missing",
        List,
        "Tools of the test that the image surely does not carry, with the reason.",
    ),
    fact("healthcheck_credentials", Bool, "Whether credentials stand literally in the test."),
    fact(
        "healthcheck_credentials_foreign",
        Bool,
        "Whether these are a well-known default such as `test`, while the service gets its own from secrets.",
    ),
    fact(
        "healthcheck_lies",
        List,
        "Why the test passes although the service refuses: curl without -f, `|| true`, ping without password, http on a TLS port.",
    ),
    fact(
        "healthcheck_never",
        List,
        "Why the test can never pass: a shell operator after `CMD`, a list without `CMD`, a password that is not sent.",
    ),
    fact("depends_awaited", List, "Services whose health it waits for before it starts."),
    fact(
        "depends_unhealthy",
        List,
        "Services it waits for to be healthy that have no health check, or one that can never pass.",
    ),
    fact("depends_missing", List, "Required services of `depends_on` that the project does not have."),
    fact("depends_cycle", Bool, "Whether it waits for itself through `depends_on`."),
    fact(
        "depends_not_awaited",
        List,
        "Services of `depends_on` that have a health check for which it does not wait.",
    ),
    fact(
        "restart",
        Text,
        "`no`, `always`, `unless-stopped` or `on-failure`, also from `deploy.restart_policy`.",
    ),
    fact("has_memory_limit", Bool, "Whether `mem_limit` or `deploy.resources.limits.memory` is set."),
    fact("memory_limit", Int, "That limit in bytes; absent without one or when a variable says it."),
    fact("has_cpu_limit", Bool, "Whether `cpus` or `deploy.resources.limits.cpus` is set."),
    fact("cpu_limit", Text, "That limit as written; absent without one."),
    fact("pids_limit", Bool, "Whether `pids_limit` or `deploy.resources.limits.pids` is set."),
    fact("privileged", Bool, "Whether it is privileged."),
    fact("docker_socket", Bool, "Whether the socket of Docker, Podman or containerd is mounted."),
    fact("capabilities_added", List, "Capabilities of `cap_add`, without `CAP_`."),
    fact(
        "host_namespaces",
        List,
        "Namespaces it shares with the machine: `network`, `pid`, `ipc`, `user`, `uts`.",
    ),
    fact(
        "sensitive_mounts",
        List,
        "Folders of the machine such as `/`, `/etc` or `/var` that it may change.",
    ),
    fact("unconfined", List, "Options of `security_opt` that switch seccomp, AppArmor or SELinux off."),
    fact("read_only", Bool, "Whether its root file system is read-only."),
    fact("no_new_privileges", Bool, "Whether `no-new-privileges` is set."),
    fact(
        "user_root",
        Bool,
        "Whether `user`, or else the Dockerfile's last stage, says root in so many words.",
    ),
    fact(
        "insecure_flags",
        List,
        "Words of the command and variables that turn protection off: `--insecure`, `ssl=off`, `POSTGRES_HOST_AUTH_METHOD=trust`.",
    ),
    fact(
        "default_passwords",
        List,
        "Variables whose password stands in the file, or in a file of variables that belongs to the repository, and is a default that everybody knows or the name of its user, or that the image falls back on.",
    ),
    fact("plain_secrets", List, "Variables whose secret stands in the file. Names, never values."),
    fact(
        "fallback_secrets",
        List,
        "Variables whose secret falls back on a value of the file when nobody sets it: `${SECRET:-value}`.",
    ),
    fact(
        "unencrypted_connections",
        List,
        "Variables with a URL in the file that asks for no encryption, such as `sslmode=disable`.",
    ),
    fact("secret_undeclared", List, "Secrets it uses that the project does not declare."),
    fact(
        "secret_not_mounted",
        List,
        "Variables that name a file in `/run/secrets` that it is not given, as `NAME: file`.",
    ),
    fact("config_undeclared", List, "Configs it uses that the project does not declare."),
    fact("network_undeclared", List, "Networks it uses that the project does not declare."),
    fact("volume_undeclared", List, "Named volumes it mounts that the project does not declare."),
    fact("ports_public", List, "Ports published on all interfaces, as `{port, line}`."),
    fact(
        "database_public",
        Bool,
        "Whether a port of a database, cache or queue is published on all interfaces.",
    ),
    fact("admin_public", List, "Ports for operators or debuggers that are published on all interfaces."),
    fact(
        "stateful_without_volume",
        List,
        "Where a well-known image keeps data, when no volume is mounted there.",
    ),
    fact("config_writable", List, "Configuration files of the repository that the container may change."),
    fact(
        "logs_uncollected",
        List,
        "Mounted log folders that no log collector of the project mounts; empty without a collector.",
    ),
    fact(
        "scaled_with_fixed_name",
        Bool,
        "Whether it runs several times with one container name or one port of the machine.",
    ),
    fact("volumes_external", List, "External volumes it mounts."),
    fact(
        "ports_unheard",
        List,
        "Ports that `ports`, `expose` or the health check lead to and neither the code nor the Dockerfile of its build opens, as `{port, by, listens}`; empty unless the code says every port it listens on.",
    ),
    fact(
        "exposed_unheard",
        List,
        "Ports of the Dockerfile's `EXPOSE` that its code does not open, as `{port, listens}`; empty unless the code says every port it listens on.",
    ),
    fact(
        "healthcheck_path_unserved",
        List,
        "The path that the health check asks for, when the code it is built from has routes and this one stands nowhere in it, as `{path, line}`.",
    ),
    fact(
        "listens_on_loopback",
        List,
        "Ports that others need and its code opens on 127.0.0.1 alone, as `{port, path, line}`.",
    ),
    fact(
        "variables_not_given",
        List,
        "Variables that the code of its build cannot go on without and that neither compose nor the Dockerfile sets; empty when variables come from a file that is not here, or the folder holds several programs.",
    ),
    fact(
        "secrets_unread",
        List,
        "Secrets it is given whose file neither the code of its build nor a variable names.",
    ),
    fact(
        "file_variables_unread",
        List,
        "Variables `X_FILE` that the code of its build does not know, while it reads `X`.",
    ),
    fact(
        "edges_wrong_port",
        List,
        "Variables that name a service of the project with a port it does not listen on, as `{variable, service, port}`.",
    ),
    fact(
        "edges_unknown_host",
        List,
        "Variables with a URL whose host, one word, is called by nobody in the repository's projects, as `{variable, host}`.",
    ),
];

const fn fact(name: &'static str, kind: FactType, about: &'static str) -> FactInfo {
    FactInfo { name, kind, unit: "", about }
}
