//! What an operation says of its answers.

use gonogo_model::fact::{Item, Value};
use serde_json::json;

use super::super::library::{Library, Spot};
use super::super::operations::{Operation, is_json, media};

pub(super) fn facts(library: &Library, operation: &Operation<'_>, item: Item) -> Item {
    let responses = operation.responses(library);
    let codes: Vec<&str> = responses.iter().map(|(code, _)| *code).collect();
    let has = |first: char| codes.iter().any(|code| code.starts_with(first) || *code == "default");
    let refuses = codes.iter().any(|code| matches!(*code, "401" | "403" | "4XX" | "4xx" | "default"));
    let item = item
        .fact("client_errors", has('4'))
        .fact("server_errors", has('5'))
        .fact("refusals", refuses)
        .fact("successes", ['1', '2', '3'].into_iter().any(has))
        .fact("success_without_schema", without_schema(operation, &responses))
        .fact("get_without_content", without_content(operation, &responses));
    item.fact("responses", codes)
}

fn is_success(code: &str) -> bool {
    code.starts_with('2') && !matches!(code, "204" | "205")
}

fn without_schema(operation: &Operation<'_>, responses: &[(&str, Spot<'_>)]) -> Vec<Value> {
    let mut found = Vec::new();
    for (code, response) in
        responses.iter().filter(|(code, _)| is_success(code) && operation.method != "HEAD")
    {
        for (kind, part) in media(*response).into_iter().filter(|(kind, _)| is_json(kind)) {
            // From 3.2 a stream has the schema of its parts.
            if part.get("schema").is_none() && part.get("itemSchema").is_none() && part.reference().is_none()
            {
                found.push(json!({"code": code, "media": kind, "line": part.line()}));
            }
        }
    }
    found
}

fn without_content(operation: &Operation<'_>, responses: &[(&str, Spot<'_>)]) -> bool {
    let is_200 = |(code, response): &(&str, Spot<'_>)| *code == "200" && media(*response).is_empty();
    operation.method == "GET" && responses.iter().any(is_200)
}
