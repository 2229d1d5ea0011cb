//! The repository against the code: what the deployment sets is read, what the alerts ask for is
//! exposed, and the pages that they name are there.

use std::collections::BTreeSet;

use serde_json::Value;
use testbed_secureconnect::Config;

use crate::world::World;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/repository");

fn yaml(file: &str) -> Value {
    serde_saphyr::from_str(&std::fs::read_to_string(format!("{ROOT}/{file}")).unwrap()).unwrap()
}

/// All alert rules.
fn rules() -> Vec<Value> {
    let alerts = yaml("config/alerts.yml");
    let groups = alerts["groups"].as_array().unwrap().iter();
    groups.flat_map(|group| group["rules"].as_array().unwrap().clone()).collect()
}

/// The metrics that an expression asks for: words with a line below, but functions and labels.
fn metrics_in(expression: &str) -> BTreeSet<String> {
    let plain = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
    let words = expression.split(plain).filter(|word| word.contains('_') || *word == "up");
    words.filter(|word| *word != "histogram_quantile").map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn alerts_ask_for_metrics_that_are_exposed_and_name_pages_that_are_there() {
    let world = World::small(&[], &[]).await;
    world.person("ana").await;
    let exposed = world.get("/metrics", None).await.body;
    let families: BTreeSet<&str> =
        exposed.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
    let is_exposed = |metric: &str| {
        let endings = ["_total", "_bucket", "_count", "_sum"];
        let family = endings.iter().find_map(|ending| metric.strip_suffix(ending)).unwrap_or(metric);
        // `up` is made by Prometheus itself.
        metric == "up" || families.contains(family)
    };
    let rules = rules();
    assert!(rules.len() > 10);
    for rule in &rules {
        let metrics = metrics_in(rule["expr"].as_str().unwrap());
        assert!(!metrics.is_empty() && metrics.iter().all(|metric| is_exposed(metric)), "{rule}");
        let page = rule["annotations"]["runbook_url"].as_str().unwrap();
        assert!(std::path::Path::new(ROOT).join(page).is_file(), "{rule}");
    }
    assert!(!is_exposed("redis_connections"));
}

#[test]
fn the_deployment_sets_only_variables_that_are_read() {
    let known = Config::variables();
    let compose = yaml("docker-compose.yml");
    for name in ["gateway", "auth", "chat", "call", "storage"] {
        let environment = compose["services"][name]["environment"].as_object().unwrap();
        assert!(environment.len() > 3, "{name}");
        for variable in environment.keys() {
            let read = variable.strip_suffix("_FILE").unwrap_or(variable);
            assert!(known.contains(read), "{name} sets {variable}, which nobody reads");
        }
    }
}

#[test]
fn the_gateway_of_the_deployment_finds_the_services_at_their_ports() {
    let compose = yaml("docker-compose.yml");
    let of = |name: &str, variable: &str| compose["services"][name]["environment"][variable].clone();
    for name in ["auth", "chat", "call", "storage"] {
        let port = of(name, "PORT").as_str().unwrap().to_owned();
        let url = format!("http://{name}:{port}");
        assert_eq!(of("gateway", &format!("{}_URL", name.to_uppercase())), url.as_str());
        let check = compose["services"][name]["healthcheck"]["test"].to_string();
        assert!(check.contains(&format!("http://localhost:{port}/health")), "{name}: {check}");
    }
}
