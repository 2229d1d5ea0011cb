//! The probes of a container: whether the cluster can tell a live one from a dead one.

use gonogo_model::fact::{Item, Value};
use gonogo_model::yaml::{Kind as Shape, Node};
use serde_json::json;

use super::object::{at, list, number, text};
use super::workload::Container;

const PROBES: [&str; 3] = ["readinessProbe", "livenessProbe", "startupProbe"];
/// Where a probe says its port.
const ASKS: [&str; 3] = ["httpGet", "tcpSocket", "grpc"];

/// The probes of one container.
#[derive(Debug)]
pub(super) struct Health<'c> {
    node: &'c Node,
    names: Vec<String>,
    numbers: Vec<i64>,
}

impl<'c> Health<'c> {
    pub(super) fn of(container: &Container<'c>) -> Health<'c> {
        let ports = list(container.node.get("ports"));
        Health {
            node: container.node,
            names: ports.iter().filter_map(|port| text(port.get("name"))).collect(),
            numbers: ports.iter().filter_map(|port| number(port.get("containerPort"))).collect(),
        }
    }

    pub(super) fn measured(&self, item: Item) -> Item {
        item.fact("readiness", self.node.get("readinessProbe").is_some())
            .fact("liveness", self.node.get("livenessProbe").is_some())
            .fact("healthcheck_start_period", self.waits_for_start())
            .fact("healthcheck_same", self.asks_the_same())
            .fact("healthcheck_port_wrong", self.ports(|this, port| this.is_unknown_name(port)))
            .fact("healthcheck_port_undeclared", self.ports(|this, port| this.is_undeclared_number(port)))
    }

    fn waits_for_start(&self) -> bool {
        let Some(liveness) = self.node.get("livenessProbe") else { return true };
        let delay = number(liveness.get("initialDelaySeconds")).unwrap_or(0);
        delay > 0 || self.node.get("startupProbe").is_some()
    }

    /// A liveness probe that asks what readiness asks, and gives up no later, restarts a
    /// container that only waits for something else.
    fn asks_the_same(&self) -> bool {
        let (Some(ready), Some(live)) = (self.node.get("readinessProbe"), self.node.get("livenessProbe"))
        else {
            return false;
        };
        let asked = |probe: &Node| {
            let asks = ["httpGet", "tcpSocket", "grpc", "exec"];
            asks.iter().filter_map(|ask| probe.get(ask)).map(Node::to_json).collect::<Vec<_>>()
        };
        let patience = |probe: &Node| {
            let of = |key: &str, default| number(probe.get(key)).unwrap_or(default);
            of("initialDelaySeconds", 0)
                .saturating_add(of("periodSeconds", 10).saturating_mul(of("failureThreshold", 3)))
        };
        !asked(ready).is_empty() && asked(ready) == asked(live) && patience(live) <= patience(ready)
    }

    fn ports(&self, is_wrong: impl Fn(&Self, &Node) -> bool) -> Vec<Value> {
        let mut found = Vec::new();
        for probe in PROBES {
            for ask in ASKS {
                let port = at(self.node, &[probe, ask, "port"]).filter(|port| is_wrong(self, port));
                found.extend(
                    port.map(
                        |port| json!({"probe": probe, "port": text(Some(port)), "line": port.place.line}),
                    ),
                );
            }
        }
        found
    }

    fn is_unknown_name(&self, port: &Node) -> bool {
        matches!(&port.kind, Shape::Text(name)
            if name.parse::<u16>().is_err() && !name.contains(['$', '{']) && !self.names.contains(name))
    }

    fn is_undeclared_number(&self, port: &Node) -> bool {
        !self.numbers.is_empty() && number(Some(port)).is_some_and(|port| !self.numbers.contains(&port))
    }
}
