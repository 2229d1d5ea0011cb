//! Secrets that arrive as files and that the code of the service never opens.

use super::super::tree::Part;
use super::built::Built;

/// Words of code that takes whatever lies there, or a file for any variable.
const GENERAL: [&str; 5] = ["/run/secrets", "_FILE", "read_secret", "readSecret", "SecretsDir"];

/// Secrets whose file is named nowhere in what is built, nor by a variable that is read.
pub(super) fn unread(built: &Built<'_, '_>) -> Vec<String> {
    let service = built.service;
    if service.environment_is_partial || !built.has_code() {
        return Vec::new();
    }
    let granted = service.part.get("secrets").map(Part::each).unwrap_or_default();
    let unknown = file_variables(built);
    let mut found = Vec::new();
    for one in granted {
        let Some(source) = one.get("source").unwrap_or(one).known() else { continue };
        let target = one.get("target").and_then(Part::known).unwrap_or_else(|| source.clone());
        let file = target.rsplit('/').next().unwrap_or_default();
        let named = service.environment.iter().filter(|variable| {
            variable.value.as_ref().is_none_or(|text| text.value.contains(file) || text.value.contains("${"))
        });
        let mut words: Vec<&str> = named.map(|variable| variable.name.as_str()).collect();
        words.push(file);
        words.extend(GENERAL);
        // That the variable is not known says it all.
        if words.iter().any(|word| unknown.iter().any(|name| name == word)) {
            continue;
        }
        if !file.is_empty()
            && !built.says_any(&words)
            && !service.command.iter().any(|word| word.contains(file))
        {
            found.push(source);
        }
    }
    found
}

/// Variables `X_FILE` that the code does not know, while it reads `X`.
pub(super) fn file_variables(built: &Built<'_, '_>) -> Vec<String> {
    let service = built.service;
    let stems = service.environment.iter().filter_map(|variable| {
        let stem = variable.name.strip_suffix("_FILE")?;
        let is_plain = built.reads(stem) && !service.has_variable(stem);
        is_plain.then(|| variable.name.clone())
    });
    let found: Vec<String> = stems.collect();
    match found.is_empty() || built.says_any(&["_FILE", "_file\"", "file_env"]) {
        true => Vec::new(),
        false => found,
    }
}
