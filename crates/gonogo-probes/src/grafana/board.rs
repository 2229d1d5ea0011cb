//! Dashboards as Grafana stores them: panels, what they ask, and whom. It does not know what is
//! provisioned.

use serde_json::Value;

use crate::repository::purpose::is_for_development;
use crate::repository::{Kind, Repository};

/// Bytes of one dashboard.
const LARGEST: u64 = 4 << 20;
/// Panels of one dashboard, and rows in rows.
const MOST: usize = 1_000;
const DEEPEST: usize = 4;

/// One dashboard.
#[derive(Debug, Clone, Default)]
pub(super) struct Board {
    pub(super) path: String,
    pub(super) is_for_development: bool,
    pub(super) problem: Option<(u32, String)>,
    pub(super) title: Option<String>,
    pub(super) uid: Option<String>,
    pub(super) panels: usize,
    /// Whom a panel asks, by the panel.
    pub(super) asked: Vec<(String, Source)>,
    pub(super) queries: Vec<Query>,
}

/// How a dashboard names a data source: by name or by uid.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Source(pub(super) String);

/// A query in the language of Prometheus.
#[derive(Debug, Clone)]
pub(super) struct Query {
    pub(super) panel: String,
    pub(super) text: String,
    pub(super) line: u32,
}

/// Every dashboard of a repository.
pub(super) fn boards(repository: &Repository) -> Vec<Board> {
    repository.of_kind(Kind::GrafanaDashboard).into_iter().map(|path| board(repository, path)).collect()
}

fn board(repository: &Repository, path: &str) -> Board {
    let mut found =
        Board { path: path.to_owned(), is_for_development: is_for_development(path), ..Board::default() };
    let text = match repository.text(path, LARGEST) {
        Ok(text) => text,
        Err(why) => {
            found.problem = Some((1, format!("the file {why}")));
            return found;
        }
    };
    match serde_json::from_str::<Value>(&text) {
        Ok(value) => {
            Reading { text: &text, board: &mut found }.read(value.get("dashboard").unwrap_or(&value))
        }
        // What a template fills in is no JSON yet.
        Err(_) if text.contains("{{ ") || text.contains("{%") => {}
        Err(error) => {
            let line = u32::try_from(error.line()).unwrap_or(1).max(1);
            found.problem = Some((line, "this is no JSON".to_owned()));
        }
    }
    found
}

struct Reading<'r> {
    text: &'r str,
    board: &'r mut Board,
}

fn said(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(Value::as_str).filter(|text| !text.trim().is_empty()).map(str::to_owned)
}

fn each<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

impl Reading<'_> {
    fn read(&mut self, value: &Value) {
        self.board.title = said(value, "title");
        self.board.uid = said(value, "uid");
        self.panels(value, 0);
        for row in each(value, "rows") {
            self.panels(row, 1);
        }
    }

    fn panels(&mut self, value: &Value, depth: usize) {
        for panel in each(value, "panels") {
            if depth > DEEPEST || self.board.panels >= MOST {
                return;
            }
            self.panel(panel);
            self.panels(panel, depth.saturating_add(1));
        }
    }

    fn panel(&mut self, panel: &Value) {
        if panel.get("type").and_then(Value::as_str) != Some("row") {
            self.board.panels = self.board.panels.saturating_add(1);
        }
        let name = said(panel, "title").unwrap_or_else(|| "untitled".to_owned());
        let own = panel.get("datasource");
        // A panel that shows rows or text asks nobody.
        if each(panel, "targets").next().is_some() {
            self.ask(&name, own);
        }
        for target in each(panel, "targets") {
            let asked = target.get("datasource").filter(|one| !one.is_null());
            self.ask(&name, asked);
            if let (Some(text), true) = (said(target, "expr"), is_prometheus(asked.or(own))) {
                let line = self.line(&text);
                self.board.queries.push(Query { panel: name.clone(), text, line });
            }
        }
    }

    fn ask(&mut self, panel: &str, asked: Option<&Value>) {
        let Some(asked) = asked else { return };
        let source = asked.as_str().map(str::to_owned).or_else(|| said(asked, "uid"));
        let source = source.filter(|source| !is_built_in(source));
        let asked = source.map(|source| (panel.to_owned(), Source(source)));
        if let Some(asked) = asked.filter(|asked| !self.board.asked.contains(asked)) {
            self.board.asked.push(asked);
        }
    }

    /// The line of a text, from 1; the first line when it is written another way.
    fn line(&self, text: &str) -> u32 {
        let at = serde_json::to_string(text).ok().and_then(|quoted| self.text.find(&quoted));
        let before = at.and_then(|at| self.text.get(..at)).unwrap_or_default();
        u32::try_from(before.matches('\n').count()).unwrap_or(u32::MAX).saturating_add(1)
    }
}

/// What Grafana has itself, and what a variable names.
fn is_built_in(source: &str) -> bool {
    source.contains(['$', '['])
        || source.starts_with("-- ")
        || matches!(source, "grafana" | "default" | "__expr__" | "-100")
}

/// Whether the language is that of Prometheus, as far as the data source says.
fn is_prometheus(asked: Option<&Value>) -> bool {
    let kind = asked.and_then(|asked| asked.get("type")).and_then(Value::as_str);
    let name = asked.and_then(Value::as_str).unwrap_or_default().to_lowercase();
    kind.is_none_or(|kind| kind == "prometheus") && !name.contains("loki")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_are_read_in_rows_and_in_panels() {
        let text = r#"{ "schemaVersion": 39, "title": "A", "panels": [
 { "type": "row", "title": "R", "panels": [{ "type": "stat", "title": "B", "datasource": "Prom", "targets": [{ "expr": "up" }] }] },
 { "type": "text", "datasource": "Nobody" },
 { "type": "logs", "datasource": { "type": "loki", "uid": "l" }, "targets": [{ "expr": "x" }, { "datasource": { "uid": "${DS}" }, "expr": "y" }] }
], "rows": [{ "panels": [{ "targets": [{ "datasource": { "type": "prometheus", "uid": "p" }, "expr": "a > \"é\"" }] }] }] }"#;
        let found = boards(&Repository::of(&[("a.json", text)])).pop().unwrap();
        let asked: Vec<&str> = found.asked.iter().map(|(_, source)| source.0.as_str()).collect();
        assert_eq!(asked, ["Prom", "l", "p"]);
        let queries: Vec<(&str, u32)> =
            found.queries.iter().map(|one| (one.text.as_str(), one.line)).collect();
        assert_eq!(queries, [("up", 2), ("y", 4), ("a > \"é\"", 5)]);
        assert_eq!((found.panels, found.uid), (4, None));
    }
}
