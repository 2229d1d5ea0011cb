//! Labels that the templates of an alert ask for. It does not know which the alert has.

/// The labels named in a template as `$labels.x`, `.Labels.x` or `index $labels "x"`.
pub(super) fn labels(template: &str) -> Vec<String> {
    let mut found = named_after(template, "$labels.");
    // Inside `range` and `with` the dot is something else.
    if !template.contains("range ") && !template.contains("with ") {
        found.extend(named_after(template, ".Labels."));
    }
    let indexed = template.split("index $labels \"").skip(1);
    found.extend(indexed.filter_map(|rest| rest.split_once('"')).map(|(name, _)| name.to_owned()));
    found.sort();
    found.dedup();
    found
}

fn named_after(template: &str, mark: &str) -> Vec<String> {
    let name = |rest: &str| -> String {
        rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
    };
    template.split(mark).skip(1).map(name).filter(|name| !name.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_found_in_templates() {
        assert_eq!(labels("{{ $labels.job }} on {{$labels.instance}}: {{ $value }}"), ["instance", "job"]);
        assert_eq!(labels("{{ .Labels.pod }} {{ index $labels \"a-b\" }}"), ["a-b", "pod"]);
        assert_eq!(labels("{{ range query \"up\" }}{{ .Labels.x }}{{ end }}"), [""; 0]);
        assert_eq!(labels("plain"), [""; 0]);
    }
}
