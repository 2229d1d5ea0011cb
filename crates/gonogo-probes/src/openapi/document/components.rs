//! Components that nothing refers to.

use std::collections::BTreeSet;

use super::super::library::{Library, Spot};
use super::super::reference;

/// `section/name` of every component that no file refers to. A document without operations is
/// one of components for others.
pub(super) fn unused(library: &Library, root: Spot<'_>, operations: usize) -> Vec<String> {
    let Some(components) = root.get("components").filter(|_| operations > 0) else { return Vec::new() };
    let mut used: BTreeSet<*const gonogo_model::yaml::Node> = BTreeSet::new();
    for file in library.roots() {
        let mut use_of = |text: &str| {
            if let Ok(target) = library.resolve(file.file, text) {
                used.insert(std::ptr::from_ref(target.node));
            }
        };
        reference::each(file.node, &mut |found| use_of(found.text));
        mappings(file, &mut |text| {
            use_of(text);
            use_of(&format!("#/components/schemas/{text}"));
        });
    }
    let mut unused = Vec::new();
    for (section, parts) in components.own_entries().filter(|(section, _)| section.name != "securitySchemes")
    {
        for (name, part) in
            parts.own_entries().filter(|(_, part)| !used.contains(&std::ptr::from_ref(part.node)))
        {
            // Something inside it may be what others refer to.
            if !holds_used(part, &used) {
                unused.push(format!("{}/{}", section.name, name.name));
            }
        }
    }
    unused
}

fn holds_used(part: Spot<'_>, used: &BTreeSet<*const gonogo_model::yaml::Node>) -> bool {
    let below = part.entries().map(|(_, below)| below).chain(part.items());
    below.into_iter().any(|below| used.contains(&std::ptr::from_ref(below.node)) || holds_used(below, used))
}

/// What the mappings of discriminators name: schemas by reference or by name.
fn mappings(spot: Spot<'_>, visit: &mut impl FnMut(&str)) {
    let mapping = spot.get("discriminator").and_then(|discriminator| discriminator.get("mapping"));
    mapping
        .into_iter()
        .flat_map(Spot::entries)
        .filter_map(|(_, target)| target.node.text())
        .for_each(&mut *visit);
    spot.items().for_each(|item| mappings(item, visit));
    spot.entries().for_each(|(_, below)| mappings(below, visit));
}
