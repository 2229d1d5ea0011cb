//! A schema as it counts: its references followed, its `allOf` put together, a union with null
//! taken for what it is. It does not compare.

use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::yaml::{Kind, Node};

use super::super::library::{Library, Spot};
use super::super::survey::Dialect;

/// Schemas that one schema may be put together from.
const MOST_PARTS: usize = 64;
/// Steps to follow a reference, which takes longer than to read a key.
const FOLLOWED: usize = 40;
/// Keys that say nothing about values; a branch with only a type and these is only a type.
const WORDS: [&str; 9] =
    ["type", "title", "description", "example", "examples", "deprecated", "externalDocs", "$comment", "xml"];

/// One of the two documents, as the comparison reads it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edition<'l> {
    pub(super) library: &'l Library,
    pub(super) dialect: Dialect,
    pub(super) root: Spot<'l>,
}

/// A schema with everything that is said of the same value.
#[derive(Debug, Default)]
pub(super) struct Shape<'l> {
    /// Every mapping that counts; all of them hold.
    pub(super) parts: Vec<Spot<'l>>,
    /// Branches of `oneOf` and `anyOf`, without null.
    pub(super) unions: Vec<Vec<Spot<'l>>>,
    /// Unions whose branches are fixed values, and those whose branches are types.
    constants: Vec<Vec<Spot<'l>>>,
    typed: Vec<Vec<Spot<'l>>>,
    /// One of the branches is null.
    null_branch: bool,
    /// Nothing fits.
    never: bool,
    /// The last part of the reference that the whole schema is.
    pub(super) named: Option<&'l str>,
    /// References that lead to nothing that can be read.
    pub(super) lost: Vec<Spot<'l>>,
    /// Whether everything was put together.
    pub(super) is_whole: bool,
    /// The steps it took.
    cost: usize,
}

/// The types a value may have.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Types<'l> {
    /// Without null; `None` is any.
    pub(super) names: Option<BTreeSet<&'l str>>,
    /// Whether null fits, where that is said.
    pub(super) null: Option<bool>,
}

impl<'l> Edition<'l> {
    /// Puts together what is said of one value.
    pub(super) fn shape(&self, tops: &[Spot<'l>]) -> Shape<'l> {
        let mut shape = Shape { is_whole: true, ..Shape::default() };
        if let [only] = tops {
            let leads = |text: &&str| self.library.resolve(only.file, text).is_ok();
            shape.named = only.reference().filter(leads).map(last_part).filter(|name| !name.is_empty());
        }
        let mut seen: BTreeSet<*const Node> = BTreeSet::new();
        let mut waiting: Vec<Spot<'l>> = tops.iter().rev().copied().collect();
        while let Some(spot) = waiting.pop() {
            if !seen.insert(std::ptr::from_ref(spot.node)) {
                continue;
            }
            if seen.len() > MOST_PARTS {
                shape.is_whole = false;
                break;
            }
            self.take(spot, &mut shape, &mut waiting);
        }
        shape
    }

    fn take(&self, spot: Spot<'l>, shape: &mut Shape<'l>, waiting: &mut Vec<Spot<'l>>) {
        if let Some(text) = spot.reference() {
            shape.cost = shape.cost.saturating_add(FOLLOWED);
            match self.library.resolve(spot.file, text) {
                Ok(target) => waiting.push(target),
                Err(_) => shape.lost.push(spot),
            }
            // Beside `$ref` 3.0 ignores everything; `nullable` is written there all the same.
            if self.dialect == Dialect::V30 && !spot.is_true("nullable") {
                return;
            }
        }
        match &spot.node.kind {
            Kind::Bool(is_any) => {
                shape.never |= !is_any;
                shape.parts.push(spot);
            }
            Kind::Map(_) => shape.parts.push(spot),
            _ => return,
        }
        let all: Vec<Spot<'l>> = spot.get("allOf").into_iter().flat_map(Spot::items).collect();
        waiting.extend(all.into_iter().rev());
        for key in ["oneOf", "anyOf"] {
            let branches: Vec<Spot<'l>> = spot.get(key).into_iter().flat_map(Spot::items).collect();
            self.union(branches, shape, waiting);
        }
    }

    fn union(&self, branches: Vec<Spot<'l>>, shape: &mut Shape<'l>, waiting: &mut Vec<Spot<'l>>) {
        let followed = |branch: Spot<'l>| self.library.follow(branch).unwrap_or(branch);
        let count = branches.len();
        shape.cost = shape.cost.saturating_add(count.saturating_mul(FOLLOWED));
        let rest: Vec<Spot<'l>> = branches.into_iter().filter(|branch| !is_null(followed(*branch))).collect();
        shape.null_branch |= rest.len() < count;
        match &*rest {
            [] => {}
            [only] => waiting.push(*only),
            rest => {
                let all: Vec<Spot<'l>> = rest.iter().map(|branch| followed(*branch)).collect();
                if all.iter().all(|branch| fixed(*branch).is_some()) {
                    shape.constants.push(all);
                } else if all.iter().all(|branch| is_only_type(*branch)) {
                    shape.typed.push(all);
                } else {
                    shape.unions.push(rest.to_vec());
                }
            }
        }
    }
}

impl<'l> Shape<'l> {
    /// What each part says under a key.
    pub(super) fn each(&self, key: &str) -> impl Iterator<Item = Spot<'l>> {
        let found: Vec<Spot<'l>> = self.parts.iter().filter_map(|part| part.get(key)).collect();
        found.into_iter()
    }

    pub(super) fn first(&self, key: &str) -> Option<Spot<'l>> {
        self.parts.iter().find_map(|part| part.get(key))
    }

    /// Whether a part says it.
    pub(super) fn says(&self, key: &str) -> bool {
        self.parts.iter().any(|part| part.is_true(key))
    }

    /// The steps it takes to read it.
    pub(super) fn size(&self) -> usize {
        let of = |part: &Spot<'_>| {
            let below = ["properties", "required", "enum"].iter().filter_map(|key| part.get(key));
            let below = below.map(|spot| spot.node.entries().len().saturating_add(spot.items().count()));
            below.sum::<usize>().saturating_add(part.node.entries().len())
        };
        self.parts.iter().map(of).sum::<usize>().saturating_add(self.cost).saturating_add(1)
    }

    pub(super) fn is_plain(&self) -> bool {
        self.unions.is_empty()
    }

    /// The types that fit all parts.
    pub(super) fn types(&self) -> Types<'l> {
        let mut names: Option<BTreeSet<&'l str>> = None;
        let mut null: Option<bool> = None;
        let mut is_nullable = false;
        for part in &self.parts {
            is_nullable |= part.is_true("nullable");
            let (types, has_null, is_said) = types_of(*part);
            if let Some(types) = types {
                names = Some(match names {
                    Some(names) => both(&names, &types),
                    None => types,
                });
            }
            if is_said {
                null = Some(null.unwrap_or(true) && has_null);
            }
        }
        for branches in &self.typed {
            let types: BTreeSet<&str> =
                branches.iter().filter_map(|branch| types_of(*branch).0).flatten().collect();
            names = Some(names.map_or(types.clone(), |names| both(&names, &types)));
            null = null.or(Some(false));
        }
        if is_nullable || self.null_branch {
            null = Some(true);
        }
        if self.never {
            names = Some(BTreeSet::new());
        }
        Types { names, null }
    }

    /// The values that it may have, where they are listed, without null.
    pub(super) fn values(&self) -> Option<BTreeMap<String, Spot<'l>>> {
        let listed = self.parts.iter().filter_map(|part| fixed(*part));
        let united = self.constants.iter().map(|branches| {
            branches.iter().filter_map(|branch| fixed(*branch)).flatten().collect::<BTreeMap<_, _>>()
        });
        let mut values: Option<BTreeMap<String, Spot<'l>>> = None;
        for one in listed.chain(united) {
            values = Some(match values {
                Some(values) => values.into_iter().filter(|(value, _)| one.contains_key(value)).collect(),
                None => one,
            });
        }
        values
    }

    /// Its properties, each with all that is said of it, and where its name stands.
    pub(super) fn properties(&self) -> BTreeMap<&'l str, Property<'l>> {
        let mut found: BTreeMap<&'l str, Property<'l>> = BTreeMap::new();
        for properties in self.each("properties") {
            for (key, spot) in properties.entries() {
                let new = || Property { file: spot.file, place: key.place, said: Vec::new() };
                found.entry(&key.name).or_insert_with(new).said.push(spot);
            }
        }
        found
    }

    /// The names of what must be there.
    pub(super) fn required(&self) -> BTreeMap<&'l str, Spot<'l>> {
        let names = self.each("required").flat_map(Spot::items);
        names.filter_map(|name| Some((name.node.text()?, name))).collect()
    }

    /// What refuses properties without a name here.
    pub(super) fn closed_by(&self) -> Option<Spot<'l>> {
        let is_false = |spot: &Spot<'l>| spot.node.kind == Kind::Bool(false);
        let all = self.each("additionalProperties").chain(self.each("unevaluatedProperties"));
        all.into_iter().find(is_false)
    }
}

/// A property with all that is said of it.
#[derive(Debug, Clone)]
pub(super) struct Property<'l> {
    pub(super) file: &'l str,
    pub(super) place: gonogo_model::place::Place,
    pub(super) said: Vec<Spot<'l>>,
}

/// The last part of a reference: `Order` of `#/components/schemas/Order`.
pub(super) fn last_part(reference: &str) -> &str {
    reference.rsplit(['/', '#']).next().unwrap_or_default()
}

fn is_null(branch: Spot<'_>) -> bool {
    branch.text("type") == Some("null")
        || branch.get("type").is_some_and(|kind| kind.node.kind == Kind::Null)
        || branch.get("const").is_some_and(|value| value.node.kind == Kind::Null)
        || branch.get("enum").is_some_and(|list| {
            let mut values = list.items().peekable();
            values.peek().is_some() && values.all(|value| value.node.kind == Kind::Null)
        })
}

fn is_only_type(branch: Spot<'_>) -> bool {
    branch.text("type").is_some_and(|kind| kind != "object" && kind != "array")
        && branch.own_entries().all(|(key, _)| WORDS.contains(&key.name.as_str()))
}

/// The values of `const` or `enum`.
fn fixed(part: Spot<'_>) -> Option<BTreeMap<String, Spot<'_>>> {
    let values: Vec<Spot<'_>> = match (part.get("const"), part.get("enum")) {
        (Some(value), _) => vec![value],
        (None, Some(list)) => list.items().collect(),
        (None, None) => return None,
    };
    let values = values.into_iter().filter(|value| value.node.kind != Kind::Null);
    Some(values.map(|value| (written(value.node), value)).collect())
}

/// A value as one line; `1.0` and `1` are the same number.
pub(super) fn written(node: &Node) -> String {
    match &node.kind {
        Kind::Text(text) => text.clone(),
        Kind::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        _ => node.to_json().to_string(),
    }
}

/// Types without null, whether null is one of them, and whether `type` says so.
fn types_of(part: Spot<'_>) -> (Option<BTreeSet<&str>>, bool, bool) {
    let declared: Vec<&str> = match part.get("type").map(|kind| &kind.node.kind) {
        Some(Kind::Text(name)) => vec![name],
        Some(Kind::List(names)) => names.iter().map(|name| name.text().unwrap_or("null")).collect(),
        _ => return (inferred(part), false, false),
    };
    let has_null = declared.contains(&"null") || part.is_true("nullable");
    let mut names: BTreeSet<&str> = declared.into_iter().filter(|name| *name != "null").collect();
    if names.contains("number") {
        names.remove("integer");
    }
    (Some(names), has_null, true)
}

/// The type of a schema that does not say it, from what it says of its values.
fn inferred(part: Spot<'_>) -> Option<BTreeSet<&'static str>> {
    let has = |keys: &[&str]| keys.iter().any(|key| part.get(key).is_some());
    if has(&["properties", "required"]) {
        return Some(["object"].into());
    }
    if has(&["items"]) {
        return Some(["array"].into());
    }
    let values = fixed(part)?;
    let kind = |value: &Spot<'_>| match value.node.kind {
        Kind::Bool(_) => "boolean",
        Kind::Int(_) => "integer",
        Kind::Float(_) => "number",
        Kind::List(_) => "array",
        Kind::Map(_) => "object",
        Kind::Text(_) | Kind::Null => "string",
    };
    Some(values.values().map(kind).collect())
}

/// The types in both; a whole number is a number.
fn both<'l>(left: &BTreeSet<&'l str>, right: &BTreeSet<&'l str>) -> BTreeSet<&'l str> {
    let has =
        |set: &BTreeSet<&str>, name: &str| set.contains(name) || name == "integer" && set.contains("number");
    let from_left = left.iter().copied().filter(|name| has(right, name));
    let from_right = right.iter().copied().filter(|name| has(left, name));
    from_left.chain(from_right).collect()
}
