//! What is known about well-known images: what they are for, where they listen, where they keep
//! data. Only what holds for every release in use; what differs between releases is left out.

use super::image::Image;

/// What an image is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Keeps what must not be lost and speaks to services only.
    Database,
    /// The same, but what it holds may be lost.
    Cache,
    /// Hands messages from service to service.
    Queue,
    /// Keeps objects, also for the outside.
    Storage,
    /// Metrics, logs, alerts.
    Monitoring,
    /// Takes requests from the outside.
    Proxy,
    /// A tool for operators.
    Admin,
    /// Anything else.
    Other,
}

/// What is known about an image.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    pub(super) names: &'static [&'static str],
    pub(super) role: Role,
    /// Every port it listens on when nothing else is said; empty when that is not known.
    pub(super) ports: &'static [u16],
    /// Of those, the ones for operators.
    pub(super) admin: &'static [u16],
    /// Where it keeps data; any of them needs a volume.
    pub(super) data: &'static [&'static str],
    /// Its listeners come from its own configuration file.
    pub(super) is_configured: bool,
}

const fn known(
    role: Role,
    names: &'static [&'static str],
    ports: &'static [u16],
    admin: &'static [u16],
    data: &'static [&'static str],
) -> Known {
    Known { names, role, ports, admin, data, is_configured: false }
}

const fn configured(
    role: Role,
    names: &'static [&'static str],
    ports: &'static [u16],
    admin: &'static [u16],
) -> Known {
    Known { names, role, ports, admin, data: &[], is_configured: true }
}

use Role::{Admin, Cache, Database, Monitoring, Other, Proxy, Queue, Storage};

const IMAGES: &[Known] = &[
    known(
        Database,
        &["postgres", "postgis/postgis", "timescale/timescaledb", "pgvector/pgvector"],
        &[5432],
        &[],
        &["/var/lib/postgresql", "/var/lib/postgresql/data"],
    ),
    known(Database, &["timescale/timescaledb-ha"], &[5432, 8008, 8081], &[], &["/home/postgres/pgdata"]),
    known(
        Database,
        &["bitnami/postgresql", "bitnamilegacy/postgresql"],
        &[5432],
        &[],
        &["/bitnami/postgresql"],
    ),
    known(Database, &["mysql", "mariadb", "percona"], &[3306, 33060, 33062], &[], &["/var/lib/mysql"]),
    known(
        Database,
        &["bitnami/mysql", "bitnami/mariadb"],
        &[3306],
        &[],
        &["/bitnami/mysql", "/bitnami/mariadb"],
    ),
    known(Database, &["mongo"], &[27017], &[], &["/data/db"]),
    known(Database, &["cockroachdb/cockroach"], &[26257, 8080], &[8080], &["/cockroach/cockroach-data"]),
    known(Database, &["cassandra"], &[9042, 9160, 7000, 7001, 7199], &[7199], &["/var/lib/cassandra"]),
    known(Database, &["scylladb/scylla"], &[9042, 9160, 9180, 7000, 10000], &[10000], &["/var/lib/scylla"]),
    known(Database, &["neo4j"], &[7474, 7473, 7687], &[], &["/data"]),
    known(
        Database,
        &["influxdb"],
        &[8086],
        &[],
        &["/var/lib/influxdb", "/var/lib/influxdb2", "/var/lib/influxdb3"],
    ),
    known(Database, &["clickhouse/clickhouse-server"], &[8123, 9000, 9009], &[], &["/var/lib/clickhouse"]),
    known(
        Database,
        &["elasticsearch", "docker.elastic.co/elasticsearch/elasticsearch"],
        &[9200, 9300],
        &[],
        &["/usr/share/elasticsearch/data"],
    ),
    known(
        Database,
        &["opensearchproject/opensearch"],
        &[9200, 9300, 9600],
        &[],
        &["/usr/share/opensearch/data"],
    ),
    known(Database, &["couchdb"], &[5984, 4369, 9100], &[], &["/opt/couchdb/data"]),
    known(Database, &["mcr.microsoft.com/mssql/server"], &[1433], &[], &["/var/opt/mssql"]),
    known(Database, &["qdrant/qdrant"], &[6333, 6334], &[], &["/qdrant/storage"]),
    known(Database, &["getmeili/meilisearch"], &[7700], &[], &["/meili_data"]),
    known(
        Database,
        &["quay.io/coreos/etcd", "bitnami/etcd", "gcr.io/etcd-development/etcd"],
        &[2379, 2380],
        &[],
        &[],
    ),
    known(
        Cache,
        &["redis", "valkey/valkey", "eqalpha/keydb", "bitnami/redis", "bitnami/valkey"],
        &[6379],
        &[],
        &[],
    ),
    known(Cache, &["docker.dragonflydb.io/dragonflydb/dragonfly"], &[6379], &[], &[]),
    known(Cache, &["redis/redis-stack"], &[6379, 8001], &[8001], &[]),
    known(Cache, &["redis/redis-stack-server"], &[6379], &[], &[]),
    known(Cache, &["memcached"], &[11211], &[], &[]),
    known(
        Queue,
        &["rabbitmq", "bitnami/rabbitmq"],
        &[4369, 5671, 5672, 15671, 15672, 15691, 15692, 25672],
        &[15672],
        &["/var/lib/rabbitmq", "/bitnami/rabbitmq"],
    ),
    known(Queue, &["nats"], &[4222, 6222, 8222], &[8222], &[]),
    known(
        Queue,
        &["apache/kafka", "confluentinc/cp-kafka", "bitnami/kafka"],
        &[],
        &[],
        &["/var/lib/kafka/data", "/bitnami/kafka", "/tmp/kraft-combined-logs", "/var/lib/kafka"],
    ),
    known(Queue, &["zookeeper", "confluentinc/cp-zookeeper", "bitnami/zookeeper"], &[], &[], &[]),
    known(
        Storage,
        &["minio/minio", "quay.io/minio/minio", "bitnami/minio"],
        &[9000, 9001],
        &[9001],
        &["/data", "/bitnami/minio/data", "/export", "/mnt", "/data1"],
    ),
    known(
        Monitoring,
        &["prom/prometheus", "quay.io/prometheus/prometheus"],
        &[9090],
        &[9090],
        &["/prometheus"],
    ),
    known(Monitoring, &["prom/alertmanager", "quay.io/prometheus/alertmanager"], &[9093, 9094], &[9093], &[]),
    known(Monitoring, &["prom/node-exporter", "quay.io/prometheus/node-exporter"], &[9100], &[9100], &[]),
    known(Monitoring, &["prom/pushgateway"], &[9091], &[9091], &[]),
    known(Monitoring, &["prom/blackbox-exporter"], &[9115], &[9115], &[]),
    known(Monitoring, &["oliver006/redis_exporter"], &[9121], &[9121], &[]),
    known(
        Monitoring,
        &["prometheuscommunity/postgres-exporter", "quay.io/prometheuscommunity/postgres-exporter"],
        &[9187],
        &[9187],
        &[],
    ),
    known(
        Monitoring,
        &["gcr.io/cadvisor/cadvisor", "google/cadvisor", "ghcr.io/google/cadvisor"],
        &[8080],
        &[8080],
        &[],
    ),
    known(
        Monitoring,
        &["grafana/grafana", "grafana/grafana-oss", "grafana/grafana-enterprise"],
        &[3000],
        &[],
        &[],
    ),
    configured(
        Monitoring,
        &["grafana/loki", "grafana/tempo", "grafana/promtail", "grafana/alloy", "grafana/mimir"],
        &[3100, 9095, 7946, 3200, 9080, 12345, 9009],
        &[],
    ),
    configured(
        Monitoring,
        &["otel/opentelemetry-collector", "otel/opentelemetry-collector-contrib"],
        &[4317, 4318, 8888, 13133],
        &[],
    ),
    configured(
        Proxy,
        &[
            "nginx",
            "nginxinc/nginx-unprivileged",
            "httpd",
            "haproxy",
            "caddy",
            "envoyproxy/envoy",
            "openresty/openresty",
            "kong",
        ],
        &[80, 443],
        &[],
    ),
    configured(Proxy, &["traefik"], &[80, 443, 8080], &[8080]),
    known(Admin, &["adminer"], &[8080], &[8080], &[]),
    known(Admin, &["phpmyadmin", "phpmyadmin/phpmyadmin"], &[80, 443], &[80, 443], &[]),
    known(Admin, &["dpage/pgadmin4"], &[80, 443], &[80, 443], &[]),
    known(Admin, &["mongo-express"], &[8081], &[8081], &[]),
    known(
        Admin,
        &["rediscommander/redis-commander", "ghcr.io/joeferner/redis-commander"],
        &[8081],
        &[8081],
        &[],
    ),
    known(Admin, &["redis/redisinsight", "redislabs/redisinsight"], &[5540, 8001], &[5540, 8001], &[]),
    known(Admin, &["provectuslabs/kafka-ui", "obsidiandynamics/kafdrop"], &[], &[8080, 9000], &[]),
    known(
        Admin,
        &["portainer/portainer", "portainer/portainer-ce", "portainer/portainer-ee"],
        &[8000, 9000, 9443],
        &[9000, 9443],
        &["/data"],
    ),
    known(Admin, &["amir20/dozzle"], &[8080], &[8080], &[]),
    configured(Other, &["hashicorp/vault", "vault"], &[8200, 8201], &[]),
    configured(Other, &["hashicorp/consul", "consul"], &[8500, 8600, 8300, 8301, 8302], &[8500]),
    configured(Other, &["coturn/coturn", "instrumentisto/coturn"], &[3478, 3479, 5349, 5350], &[5766]),
    configured(Other, &["quay.io/keycloak/keycloak"], &[8080, 8443, 9000], &[9000]),
];

/// What is known about `image`; the second value says whether it is surely that image and not a
/// copy of the same name in another registry.
pub(super) fn find(image: &Image) -> Option<(&'static Known, bool)> {
    let exact = IMAGES.iter().find(|known| known.names.contains(&image.repository.as_str()));
    if let Some(known) = exact {
        return Some((known, true));
    }
    let has_registry = image.repository.split('/').next().is_some_and(|host| host.contains(['.', ':']));
    let alike = IMAGES.iter().find(|known| {
        has_registry && known.names.iter().any(|name| !name.contains('/') && *name == image.name())
    });
    alike.map(|known| (known, false))
}

/// Container ports that only databases and caches use.
pub(super) const DATABASE_PORTS: [u16; 12] =
    [5432, 3306, 6379, 27017, 9042, 26257, 1433, 1521, 11211, 9200, 5984, 7687];

/// Container ports of debuggers and engines that give the machine away.
pub(super) const ADMIN_PORTS: [u16; 7] = [2375, 5005, 9229, 15672, 6060, 10250, 2379];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::interpolate::{Variables, replace};
    use super::*;

    fn of(raw: &str) -> Option<(&'static Known, bool)> {
        find(&Image::of(&replace(raw, &Variables::new()).text))
    }

    #[test]
    fn images_are_known_by_their_whole_name() {
        assert!(of("postgres:16").is_some_and(|(known, sure)| known.role == Database && sure));
        assert!(
            of("registry.example.com/mirror/redis:7")
                .is_some_and(|(known, sure)| known.role == Cache && !sure)
        );
        assert!(of("acme/postgres:16").is_none());
        assert!(of("${IMAGE}").is_none());
    }

    #[test]
    fn no_image_is_listed_twice() {
        let mut seen = BTreeSet::new();
        for name in IMAGES.iter().flat_map(|known| known.names) {
            assert!(seen.insert(name), "{name}");
        }
        for known in IMAGES.iter().filter(|known| {
            !known.ports.is_empty() && known.role != Admin && known.names[0] != "coturn/coturn"
        }) {
            assert!(known.admin.iter().all(|port| known.ports.contains(port)), "{:?}", known.names);
        }
    }
}
