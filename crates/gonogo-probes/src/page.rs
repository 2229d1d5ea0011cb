//! The generated part of a probe's page: its parameters and facts as Markdown tables, from the
//! same sources the spec is checked with. It knows no files.

use gonogo_model::catalog::{FactType, ProbeInfo, TargetKind, TargetNeed, kind_names};
use gonogo_model::fact::Value;

/// Starts the generated part of a page.
pub const START: &str = "<!-- generated -->";
/// Ends it.
pub const END: &str = "<!-- /generated -->";

/// The text between [`START`] and [`END`]: the sections Parameters and Facts. It starts and ends
/// without an empty line.
pub fn generated(probe: &ProbeInfo) -> String {
    let (parameters, facts) = (parameters(probe), facts(probe));
    format!("## Parameters\n\n{}\n\n{parameters}\n\n## Facts\n\n{facts}", touches(probe))
}

/// The page with its generated part made anew; `None` when it does not have exactly one.
pub fn refreshed(page: &str, probe: &ProbeInfo) -> Option<String> {
    let (before, rest) = page.split_once(START)?;
    let (_, after) = rest.split_once(END)?;
    let once = !after.contains(START) && !after.contains(END);
    once.then(|| format!("{before}{START}\n{}\n{END}{after}", generated(probe)))
}

fn touches(probe: &ProbeInfo) -> String {
    let target = match probe.target {
        TargetNeed::Never => "It takes no target.".to_owned(),
        TargetNeed::Optional(kinds) => {
            format!("It may be given a `target` of kind {}.", quoted(kinds))
        }
        TargetNeed::Required(kinds) => format!("It needs a `target` of kind {}.", quoted(kinds)),
    };
    let also = probe.also.iter().map(|parameter| {
        format!(" `{}` names further targets, of kind {}.", parameter.name, quoted(parameter.kinds))
    });
    format!("This probe is {}. {target}{}", probe.class, also.collect::<String>())
}

fn quoted(kinds: &[TargetKind]) -> String {
    format!("`{}`", kind_names(kinds).replace(", ", "`, `").replace(" or ", "` or `"))
}

fn parameters(probe: &ProbeInfo) -> String {
    let schema = (probe.parameters)().to_value();
    let Some(properties) = schema.get("properties").and_then(Value::as_object).filter(|all| !all.is_empty())
    else {
        return "It has no parameters.".to_owned();
    };
    let required = |name: &str| {
        let all = schema.get("required").and_then(Value::as_array);
        all.is_some_and(|all| all.iter().any(|required| required == name))
    };
    let rows = properties.iter().map(|(name, property)| {
        let about = property.get("description").and_then(Value::as_str).unwrap_or_default();
        let default = if required(name) { "required".to_owned() } else { default(property) };
        row(&[&format!("`{name}`"), &shape(property), &default, about])
    });
    table(&["Parameter", "Type", "Default", "About"], rows.collect())
}

fn facts(probe: &ProbeInfo) -> String {
    let rows = probe
        .facts
        .iter()
        .map(|fact| row(&[&format!("`{}`", fact.name), kind(fact.kind), fact.unit, fact.about]));
    table(&["Fact", "Type", "Unit", "About"], rows.collect())
}

fn kind(kind: FactType) -> &'static str {
    match kind {
        FactType::Bool => "true or false",
        FactType::Int => "whole number",
        FactType::Number => "number",
        FactType::Text => "text",
        FactType::List => "list",
        FactType::Map => "map",
        FactType::Any => "any",
    }
}

fn default(property: &Value) -> String {
    match property.get("default") {
        None | Some(Value::Null) => "–".to_owned(),
        Some(Value::Array(values)) if values.is_empty() => "none".to_owned(),
        Some(Value::Object(values)) if values.is_empty() => "none".to_owned(),
        Some(Value::String(text)) => format!("`{text}`"),
        Some(value) => format!("`{value}`"),
    }
}

/// What a person would call the values a schema allows.
fn shape(schema: &Value) -> String {
    let words = words(schema);
    if !words.is_empty() {
        return words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    }
    let Some(name) = type_name(schema) else { return "any".to_owned() };
    match (name, schema.get("items"), schema.get("additionalProperties")) {
        ("array", Some(items), _) => format!("list of {}", shape(items)),
        ("object", _, Some(values)) => format!("{} by name", shape(values)),
        ("array", _, _) => "list".to_owned(),
        ("object", _, _) => "map".to_owned(),
        ("string", _, _) => "text".to_owned(),
        ("integer", _, _) => "whole number".to_owned(),
        ("boolean", _, _) => "true or false".to_owned(),
        (other, _, _) => other.to_owned(),
    }
}

/// The words of an enumeration, with or without descriptions.
fn words(schema: &Value) -> Vec<&str> {
    let plain = schema.get("enum").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let choices = ["oneOf", "anyOf"].iter().filter_map(|key| schema.get(key)?.as_array()).flatten();
    plain
        .chain(
            choices.flat_map(|choice| {
                choice.get("const").and_then(Value::as_str).into_iter().chain(words(choice))
            }),
        )
        .collect()
}

fn type_name(schema: &Value) -> Option<&str> {
    match schema.get("type")? {
        Value::String(name) => Some(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).find(|name| *name != "null"),
        _ => None,
    }
}

fn table(heads: &[&str], rows: Vec<String>) -> String {
    let rule: Vec<&str> = heads.iter().map(|_| "---").collect();
    [row(heads), row(&rule)].into_iter().chain(rows).collect::<Vec<_>>().join("\n")
}

fn row(cells: &[&str]) -> String {
    let cells = cells.iter().map(|cell| cell.replace('\n', " ").replace('|', "\\|"));
    format!("| {} |", cells.collect::<Vec<_>>().join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_refreshed_between_its_markers() {
        let probe = &crate::find("secret/file").unwrap().info;
        let page = format!("# x\n\n{START}\nold\n{END}\n\nafter\n");
        let fresh = refreshed(&page, probe).unwrap();
        assert!(
            fresh.starts_with("# x\n\n<!-- generated -->\n## Parameters\n") && fresh.ends_with("\n\nafter\n")
        );
        assert_eq!(refreshed(&fresh, probe), Some(fresh.clone()));
        assert!(
            fresh.contains("| `form` | `value`, `dotenv`, `directory` | `value` | What the file holds. |"),
            "{fresh}"
        );
        assert!(fresh.contains("| `keys` | list of text | none |"), "{fresh}");
        assert!(fresh.contains("| `present` | true or false |  |"), "{fresh}");
        assert_eq!(refreshed("no markers", probe), None);
        assert_eq!(refreshed(&format!("{page}{page}"), probe), None);
    }
}
