//! Stages in an order in which each comes after what it needs.

use std::collections::BTreeSet;

use super::Stage;
use super::raw::RawStage;
use super::read::Reader;
use crate::diagnostic::Diagnostic;
use crate::yaml::Node;

/// Reads the stages; `None` when their order cannot be found. A spec without stages has one.
pub(super) fn read(reader: &mut Reader<'_>, nodes: &[Node]) -> Option<Vec<Stage>> {
    if nodes.is_empty() {
        return Some(vec![Stage {
            id: "checks".into(),
            title: "Checks".into(),
            gate: false,
            required: true,
            needs: vec![],
            takes: None,
        }]);
    }
    let raw: Vec<RawStage> = reader.list(nodes).into_iter().map(|(_, stage)| stage).collect();
    reader.unique("stage", raw.iter().map(|stage| &stage.id));
    raw.iter().for_each(|stage| reader.check_id(&stage.id));
    let known: Vec<&str> = raw.iter().map(|stage| stage.id.value.as_str()).collect();
    let mut complete = raw.len() == nodes.len();
    for need in raw.iter().flat_map(|stage| &stage.needs) {
        if !known.contains(&need.value.as_str()) {
            reader.report(
                Diagnostic::at(need.place, format!("there is no stage `{}`", need.value))
                    .did_you_mean(&need.value, known.iter().copied()),
            );
            complete = false;
        }
    }
    complete.then(|| in_order(reader, raw)).flatten()
}

/// Kahn's algorithm, keeping the written order among stages that are ready together.
fn in_order(reader: &mut Reader<'_>, mut rest: Vec<RawStage>) -> Option<Vec<Stage>> {
    let mut done: BTreeSet<String> = BTreeSet::new();
    let mut ordered = Vec::new();
    while !rest.is_empty() {
        let Some(ready) =
            rest.iter().position(|stage| stage.needs.iter().all(|need| done.contains(&need.value)))
        else {
            let circle =
                rest.iter().map(|stage| format!("`{}`", stage.id.value)).collect::<Vec<_>>().join(", ");
            let place = rest[0].needs.first().map_or(rest[0].id.place, |need| need.place);
            reader.report(
                Diagnostic::at(place, format!("the stages {circle} need each other in a circle"))
                    .help("remove one of the `needs`"),
            );
            return None;
        };
        let stage = rest.remove(ready);
        done.insert(stage.id.value.clone());
        ordered.push(valid(stage));
    }
    Some(ordered)
}

fn valid(raw: RawStage) -> Stage {
    let title = raw.title.unwrap_or_else(|| raw.id.value.replace('-', " "));
    let needs = raw.needs.into_iter().map(|need| need.value).collect();
    Stage { id: raw.id.value, title, gate: raw.gate, required: raw.required, needs, takes: raw.takes }
}
