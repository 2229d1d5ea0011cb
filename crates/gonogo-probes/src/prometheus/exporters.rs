//! Who exposes which metrics: images of exporters and servers, and the beginnings of the names of
//! their metrics. A table of knowledge, without any look at a repository.

/// Something that exposes metrics.
#[derive(Debug)]
pub(super) struct Exporter {
    /// What a person calls it.
    pub(super) name: &'static str,
    /// Parts of the last word of an image, or of the name of a job, that tell it.
    pub(super) images: &'static [&'static str],
    /// How its metrics begin.
    pub(super) prefixes: &'static [&'static str],
    /// The port it answers scrapes on; 0 when it is the server itself or is not fixed.
    pub(super) port: u16,
    /// Whether it has nothing else to do, so that nobody runs it without a scrape.
    pub(super) is_only_exporter: bool,
}

const fn exporter(
    name: &'static str,
    images: &'static [&'static str],
    prefixes: &'static [&'static str],
    port: u16,
) -> Exporter {
    Exporter { name, images, prefixes, port, is_only_exporter: true }
}

const fn server(
    name: &'static str,
    images: &'static [&'static str],
    prefixes: &'static [&'static str],
) -> Exporter {
    Exporter { name, images, prefixes, port: 0, is_only_exporter: false }
}

/// Everything that is known.
pub(super) const EXPORTERS: &[Exporter] = &[
    exporter("node_exporter", &["node-exporter", "node_exporter"], &["node_"], 9100),
    exporter("windows_exporter", &["windows-exporter", "windows_exporter"], &["windows_"], 9182),
    exporter("postgres_exporter", &["postgres-exporter", "postgres_exporter"], &["pg_"], 9187),
    exporter("pgbouncer_exporter", &["pgbouncer-exporter", "pgbouncer_exporter"], &["pgbouncer_"], 9127),
    exporter("redis_exporter", &["redis-exporter", "redis_exporter"], &["redis_"], 9121),
    exporter("blackbox_exporter", &["blackbox-exporter", "blackbox_exporter"], &["probe_"], 9115),
    exporter("cAdvisor", &["cadvisor"], &["container_", "machine_", "cadvisor_"], 8080),
    exporter("kube-state-metrics", &["kube-state-metrics"], &["kube_"], 8080),
    exporter(
        "nginx exporter",
        &["nginx-prometheus-exporter", "nginx-exporter"],
        &["nginx_", "nginxexporter_"],
        9113,
    ),
    exporter("kafka_exporter", &["kafka-exporter", "kafka_exporter"], &["kafka_"], 9308),
    exporter("mysqld_exporter", &["mysqld-exporter", "mysqld_exporter", "mysql-exporter"], &["mysql_"], 9104),
    exporter("mongodb_exporter", &["mongodb-exporter", "mongodb_exporter"], &["mongodb_"], 9216),
    exporter(
        "elasticsearch_exporter",
        &["elasticsearch-exporter", "elasticsearch_exporter"],
        &["elasticsearch_"],
        9114,
    ),
    exporter("memcached_exporter", &["memcached-exporter", "memcached_exporter"], &["memcached_"], 9150),
    exporter("rabbitmq_exporter", &["rabbitmq-exporter", "rabbitmq_exporter"], &["rabbitmq_"], 9419),
    exporter("haproxy_exporter", &["haproxy-exporter", "haproxy_exporter"], &["haproxy_"], 9101),
    exporter("consul_exporter", &["consul-exporter", "consul_exporter"], &["consul_"], 9107),
    exporter("snmp_exporter", &["snmp-exporter", "snmp_exporter"], &["snmp_"], 9116),
    exporter("nats exporter", &["prometheus-nats-exporter"], &["gnatsd_", "nats_", "jetstream_"], 7777),
    server("RabbitMQ", &["rabbitmq"], &["rabbitmq_", "erlang_"]),
    server("HAProxy", &["haproxy"], &["haproxy_"]),
    server("Consul", &["consul"], &["consul_"]),
    server("Traefik", &["traefik"], &["traefik_"]),
    server("Caddy", &["caddy"], &["caddy_"]),
    server("Envoy", &["envoy"], &["envoy_"]),
    server("Alertmanager", &["alertmanager"], &["alertmanager_"]),
    server("Grafana", &["grafana"], &["grafana_"]),
    server("Loki", &["loki"], &["loki_", "cortex_"]),
    server("Promtail", &["promtail"], &["promtail_"]),
    server("Tempo", &["tempo"], &["tempo_", "tempodb_", "traces_"]),
    server("Jaeger", &["jaeger", "all-in-one"], &["jaeger_"]),
    server("MinIO", &["minio"], &["minio_"]),
    server(
        "CockroachDB",
        &["cockroach"],
        &["sys_", "sql_", "ranges_", "liveness_", "capacity", "cockroach", "crdb_", "replicas", "rocksdb_"],
    ),
    server("ClickHouse", &["clickhouse-server", "clickhouse"], &["ClickHouse"]),
    server("etcd", &["etcd"], &["etcd_"]),
    server("Vault", &["vault"], &["vault_"]),
    server("Keycloak", &["keycloak"], &["keycloak_", "vendor_"]),
    server("Temporal", &["temporal", "auto-setup"], &["temporal_"]),
];

/// Metrics that Prometheus or a client library makes by itself.
pub(super) const ALWAYS: [&str; 20] = [
    "up",
    "scrape_",
    "ALERTS",
    "prometheus_",
    "promhttp_",
    "process_",
    "go_",
    "jvm_",
    "nodejs_",
    "python_",
    "ruby_",
    "dotnet_",
    "system_",
    "target_info",
    "otel_",
    "net_conntrack_",
    "tomcat_",
    "hikaricp_",
    "logback_",
    "puma_",
];

/// Images that pass on metrics of anything.
const FORWARDERS: [&str; 13] = [
    "telegraf",
    "otel-collector",
    "opentelemetry-collector",
    "collector-contrib",
    "agent",
    "alloy",
    "netdata",
    "vmagent",
    "pushgateway",
    "statsd-exporter",
    "statsd_exporter",
    "jmx-exporter",
    "graphite-exporter",
];

/// The last part of an image's name.
fn last(image: &str) -> &str {
    image.rsplit('/').next().unwrap_or(image)
}

/// What is known of an image.
pub(super) fn of_image(image: &str) -> Option<&'static Exporter> {
    let name = last(image).to_lowercase();
    let is = |exporter: &&Exporter| exporter.images.iter().any(|part| name.contains(part));
    let not_other = |exporter: &&Exporter| exporter.is_only_exporter || !name.contains("exporter");
    EXPORTERS.iter().filter(not_other).find(is)
}

/// Whether an image may expose metrics of any name.
pub(super) fn forwards(image: &str) -> bool {
    let name = last(image).to_lowercase();
    FORWARDERS.iter().any(|part| name.contains(part))
}

/// Everything that exposes metrics that begin like this one.
pub(super) fn of_metric(metric: &str) -> Vec<&'static Exporter> {
    let is = |exporter: &&Exporter| exporter.prefixes.iter().any(|prefix| metric.starts_with(prefix));
    EXPORTERS.iter().filter(is).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_and_metrics_lead_to_each_other() {
        for (image, name) in [
            ("quay.io/prometheus/node-exporter", Some("node_exporter")),
            ("oliver006/redis_exporter", Some("redis_exporter")),
            ("rabbitmq", Some("RabbitMQ")),
            ("kbudde/rabbitmq-exporter", Some("rabbitmq_exporter")),
            ("redis", None),
            ("ghcr.io/acme/api", None),
        ] {
            assert_eq!(of_image(image).map(|one| one.name), name, "{image}");
        }
        assert_eq!(of_metric("rabbitmq_queue_messages").len(), 2);
        assert!(of_metric("http_requests_total").is_empty());
        assert!(forwards("otel/opentelemetry-collector-contrib") && !forwards("nginx"));
    }
}
