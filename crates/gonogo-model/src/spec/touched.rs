//! Which targets a look touches: the one it is pointed at, and those its parameters name.

use serde_json::{Value, json};

use super::checks::Checks;
use super::read::Reader;
use crate::catalog::{ProbeInfo, TargetKind, TargetNeed, kind_names};
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::place::Place;
use crate::yaml::{Kind, Node};

impl Checks<'_> {
    /// Takes `target` out of the parameters; it is the same for every probe.
    pub(super) fn target(
        &self,
        reader: &mut Reader<'_>,
        probe: &ProbeInfo,
        with: &mut Node,
        place: Place,
    ) -> Option<String> {
        let given = match &mut with.kind {
            Kind::Map(entries) => {
                entries.iter().position(|(key, _)| key.name == "target").map(|at| entries.remove(at))
            }
            _ => None,
        };
        match (probe.target, given) {
            (TargetNeed::Never, Some((key, _))) => {
                reader.report(
                    Diagnostic::at(key.place, format!("the probe `{}` takes no target", probe.id))
                        .help("remove this key"),
                );
                None
            }
            (TargetNeed::Required(kinds) | TargetNeed::Optional(kinds), Some((_, node))) => {
                self.known(reader, probe, &node, kinds)
            }
            (TargetNeed::Required(kinds), None) => {
                self.missing(reader, probe, kinds, place);
                None
            }
            (TargetNeed::Never | TargetNeed::Optional(_), None) => None,
        }
    }

    /// The further targets that parameters name, by name and once each.
    pub(super) fn also(&self, reader: &mut Reader<'_>, probe: &ProbeInfo, with: &Node) -> Vec<String> {
        let mut names = Vec::new();
        for parameter in probe.also {
            let Some(node) = with.get(parameter.name) else { continue };
            let nodes = match &node.kind {
                Kind::List(nodes) => nodes.as_slice(),
                _ => std::slice::from_ref(node),
            };
            names.extend(nodes.iter().filter_map(|node| self.known(reader, probe, node, parameter.kinds)));
        }
        names.sort();
        names.dedup();
        names
    }

    /// Digest of all that a look depends on.
    pub(super) fn subject(
        &self,
        probe: &ProbeInfo,
        target: Option<&str>,
        also: &[String],
        with: &Value,
    ) -> Digest {
        let address = |name: &str| self.targets.get(name).map(|target| target.address.as_str());
        let mut subject = json!({
            "probe": probe.id,
            "version": probe.version,
            "target": target.and_then(address),
            "with": with,
        });
        if !also.is_empty() {
            subject["also"] = also.iter().map(|name| address(name)).collect();
        }
        Digest::of(&subject)
    }

    fn of_kinds(&self, kinds: &'static [TargetKind]) -> impl Iterator<Item = &str> {
        self.targets.iter().filter(|(_, target)| kinds.contains(&target.kind)).map(|(name, _)| name.as_str())
    }

    fn missing(
        &self,
        reader: &mut Reader<'_>,
        probe: &ProbeInfo,
        kinds: &'static [TargetKind],
        place: Place,
    ) {
        let message = format!("the probe `{}` needs a target of kind {}", probe.id, quoted(kinds));
        reader.report(Diagnostic::at(place, message).help(match self.of_kinds(kinds).next() {
            Some(name) => format!("add `target: {name}` to `with`"),
            None => {
                let kind = kinds.first().map_or("http", |kind| kind.name());
                format!("declare one under `targets:`, such as `name: {{ {kind}: … }}`")
            }
        }));
    }

    /// The name of a target that is there and of a kind that fits.
    fn known(
        &self,
        reader: &mut Reader<'_>,
        probe: &ProbeInfo,
        node: &Node,
        kinds: &'static [TargetKind],
    ) -> Option<String> {
        let name = node.text().unwrap_or_default().to_owned();
        match self.targets.get(&name) {
            Some(target) if kinds.contains(&target.kind) => Some(name),
            Some(target) => {
                let kind = target.kind.name();
                let message = format!(
                    "the target `{name}` is of kind `{kind}`; `{}` needs {}",
                    probe.id,
                    quoted(kinds)
                );
                reader.report(Diagnostic::at(node.place, message));
                None
            }
            None => {
                let message = format!("there is no target `{name}`");
                reader.report(Diagnostic::at(node.place, message).did_you_mean(&name, self.of_kinds(kinds)));
                None
            }
        }
    }
}

/// Kinds as a message names them.
fn quoted(kinds: &[TargetKind]) -> String {
    format!("`{}`", kind_names(kinds).replace(", ", "`, `").replace(" or ", "` or `"))
}
