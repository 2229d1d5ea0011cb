//! What of the API breaks on the wrong input: each is how a real handler breaks, in few lines.

use serde_json::json;

use super::{Api, Asked, Kept, Said, json_of, refused};

/// `GET /search`: the notes of the caller that hold the text. With `sql-*` the text is a part of
/// the condition, as far as this API understands SQL.
pub(super) fn search(api: &Api, kept: &Kept, asked: &Asked, id: &str) -> Said {
    let Some(text) = asked.query.get("q").filter(|text| (1..=200).contains(&text.chars().count())) else {
        return refused(400);
    };
    if let Some(said) = broken(api, text) {
        return said;
    }
    // `…' AND '1'='1` is true and `…' AND '1'='2` is false for every row.
    let (word, never) = match text.split_once("' AND '").filter(|_| api.has("sql-boolean")) {
        Some((word, condition)) => (word, condition.split_once("'='").is_some_and(|(a, b)| a != b)),
        None => (text.as_str(), false),
    };
    let word = word.trim_end_matches('%');
    let found = kept.notes.iter().filter(|(_, owner, text)| owner == id && text.contains(word) && !never);
    let notes: Vec<_> = found.map(|(id, _, text)| json!({ "id": id, "text": text })).collect();
    json_of(200, json!({ "notes": notes }))
}

/// `GET /page?name=`: a page that greets, and a redirect when `next` is given.
pub(super) fn page(api: &Api, asked: &Asked) -> Said {
    let name = asked.query.get("name").cloned().unwrap_or_default();
    let mut shown = match api.has("xss") {
        true => name.clone(),
        false => name.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;"),
    };
    if api.has("template") {
        shown = evaluated(&shown);
    }
    if name.contains("etc/passwd") && api.has("path-read") {
        shown = "root:x:0:0:root:/root:/bin/bash".to_owned();
    }
    let header = api.has("header-split").then(|| format!("X-Name: {name}"));
    Said { status: 200, media: "text/html", body: format!("<p>Hello {shown}</p>"), header, ms: 0 }
}

/// `{{a*b}}` as a template engine computes it.
fn evaluated(text: &str) -> String {
    let Some((before, rest)) = text.split_once("{{") else { return text.to_owned() };
    let Some((inside, after)) = rest.split_once("}}") else { return text.to_owned() };
    let product = inside
        .split_once('*')
        .and_then(|(a, b)| Some(a.trim().parse::<u64>().ok()? * b.trim().parse::<u64>().ok()?));
    product.map_or_else(|| text.to_owned(), |product| format!("{before}{product}{after}"))
}

/// What a quote, or a sleep behind it, does to a handler that builds SQL of texts.
pub(super) fn broken(api: &Api, text: &str) -> Option<Said> {
    if api.has("sql-time")
        && let Some((_, rest)) = text.split_once("pg_sleep(")
    {
        let seconds: f64 = rest.split(')').next()?.parse().ok()?;
        let ms = std::time::Duration::try_from_secs_f64(seconds).ok()?.as_millis();
        return Some(Said { ms: u64::try_from(ms).ok()?, ..refused(400) });
    }
    (api.has("sql-error") && text.matches('\'').count() % 2 == 1).then(|| {
        json_of(
            500,
            json!({ "error": "error returned from database: unterminated quoted string at or near \"'\"" }),
        )
    })
}
