//! One contract and what may become of it: every planted change is found, once, and what does no
//! harm is not.

use std::collections::BTreeSet;

use gonogo_model::fact::Item;

use super::{Against, items};
use crate::repository::Repository;

const SHOP: &str = include_str!("tests/shop.yaml");

fn look(old: &[(&str, &str)], new: &[(&str, &str)]) -> Vec<Item> {
    let (old, new) = (Repository::of(old), Repository::of(new));
    let against = Against { repository: &old, name: "v1", inside: None };
    let now = "2026-11-27T12:00:00Z".parse().unwrap();
    items(&new, &against, now).unwrap()
}

fn said(item: &Item) -> String {
    let text = |name: &str| item.facts[name].as_str().unwrap().to_owned();
    let side = match item.facts["side"].as_str() {
        Some("whole") => String::new(),
        Some(side) => format!(" {side}"),
        None => String::new(),
    };
    format!("{} {}{side}", text("subject"), text("change"))
}

/// What changed, in words.
fn changes(old: &str, new: &str) -> Vec<String> {
    let items = look(&[("openapi.yaml", old)], &[("openapi.yaml", new)]);
    assert_eq!(items[0].facts["compared"], true, "{items:?}");
    items[1..].iter().map(said).collect()
}

/// The contract with some places changed.
fn with(places: &[(&str, &str)]) -> String {
    places.iter().fold(SHOP.to_owned(), |text, (from, to)| {
        assert_eq!(text.matches(from).count(), 1, "`{from}` is not there once");
        text.replace(from, to)
    })
}

/// A place of the contract, what becomes of it, and the changes that are then found.
type Planted = (&'static str, &'static str, &'static [&'static str]);

fn each_is_found(planted: &[Planted]) {
    let mut wrong = Vec::new();
    for (from, to, expected) in planted {
        let found = changes(SHOP, &with(&[(from, to)]));
        let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
        if found != expected.iter().copied().collect() {
            wrong.push(format!("{from} -> {to}:\n  {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn planted_changes_of_operations_are_found() {
    each_is_found(&[
        ("  /orders/{id}:\n", "  /purchases/{id}:\n", &["/orders/{id} path-removed"]),
        ("    delete:\n", "    x-delete:\n", &["DELETE /orders/{id} operation-removed"]),
        (
            "    get: # one\n",
            "    get:\n      deprecated: true\n",
            &["GET /orders/{id} operation-deprecated"],
        ),
        ("operationId: getOrder", "operationId: readOrder", &["GET /orders/{id} operation-id-changed"]),
        ("x-sunset: \"2027-06-30\"", "x-sunset: \"2027-01-31\"", &["DELETE /orders/{id} sunset-earlier"]),
        (
            "https://api.shop.dev/v1",
            "https://api.shop.dev/v2",
            &["server https://api.shop.dev/v1 server-removed"],
        ),
        (
            "security: [{ bearer: [] }, { key: [] }]",
            "security: [{ bearer: [] }]",
            &["GET /orders security security-removed request"],
        ),
        ("security: [] # open", "# closed", &["GET /health security security-added request"]),
        ("oauth: [read]", "oauth: [read, write]", &["POST /orders security scope-added request"]),
        ("name: X-Key", "name: X-Api-Key", &["security scheme key scheme-changed request"]),
        ("  shipped:\n", "  delivered:\n", &["webhook shipped POST webhook-removed"]),
        (
            "parcel: { type: string }",
            "parcel: { type: integer }",
            &["webhook shipped POST request /parcel type-changed response"],
        ),
    ]);
}

#[test]
fn planted_changes_of_parameters_are_found() {
    each_is_found(&[
        (
            "        - { name: limit,",
            "        - { name: most,",
            &["GET /orders query parameter limit parameter-removed request"],
        ),
        (
            "{ name: limit, in: query",
            "{ name: limit, in: header",
            &["GET /orders header parameter limit parameter-moved request"],
        ),
        (
            "{ name: limit, in: query",
            "{ name: limit, in: query, required: true",
            &["GET /orders query parameter limit parameter-became-required request"],
        ),
        (
            "        - { name: limit,",
            "        - { name: tenant, in: header, required: true, schema: { type: string } }\n        - { name: limit,",
            &["GET /orders header parameter tenant required-parameter-added request"],
        ),
        ("maximum: 100", "maximum: 50", &["GET /orders query parameter limit limit-changed request"]),
        (
            "minimum: 1,",
            "exclusiveMinimum: true, minimum: 1,",
            &["GET /orders query parameter limit limit-changed request"],
        ),
        ("default: 20", "default: 10", &["GET /orders query parameter limit default-changed request"]),
        (
            "enum: [open, sent, lost] } } # state",
            "enum: [open, sent] } }",
            &["GET /orders query parameter state enum-changed request"],
        ),
        (
            "schema: { type: array, items: { type: string } } } # tags",
            "explode: false, schema: { type: array, items: { type: string } } }",
            &["GET /orders query parameter tag parameter-style-changed request"],
        ),
        (
            "schema: { type: array, items: { type: string } } } # tags",
            "schema: { type: array, items: { type: string, format: uuid } } }",
            &["GET /orders query parameter tag /* format-changed request"],
        ),
        (
            "schema: { type: string } } # id",
            "schema: { type: integer } }",
            &["DELETE /orders/{id} path parameter id type-changed request"],
        ),
    ]);
}

#[test]
fn planted_changes_of_what_is_sent_are_found() {
    each_is_found(&[
        ("required: false # body", "required: true", &["POST /orders request body-became-required request"]),
        ("text/csv: {}", "text/tab: {}", &["POST /orders request media-removed request"]),
        (
            "required: [name, lines]",
            "required: [name, lines, note]",
            &["schema NewOrder /note property-became-required request"],
        ),
        (
            "required: [name, lines]",
            "required: [name, lines, payer]",
            &["schema NewOrder /payer required-property-added request"],
        ),
        (
            "        note: { type: string, maxLength: 80 }\n",
            "",
            &["schema NewOrder /note property-removed request"],
        ),
        ("maxLength: 80", "maxLength: 40", &["schema NewOrder /note limit-changed request"]),
        (
            "note: { type: string, maxLength: 80 }",
            "note: { type: string, maxLength: 80, pattern: '^a' }",
            &["schema NewOrder /note limit-changed request"],
        ),
        (
            "note: { type: string, maxLength: 80 }",
            "note: { type: integer }",
            &["schema NewOrder /note type-changed request"],
        ),
        (
            "note: { type: string, maxLength: 80 }",
            "note: { type: string, maxLength: 80, readOnly: true }",
            &["schema NewOrder /note property-became-read-only request"],
        ),
        (
            "gift: { type: boolean, nullable: true }",
            "gift: { type: boolean }",
            &["schema NewOrder /gift null-changed request"],
        ),
        (
            "additionalProperties: true # open",
            "additionalProperties: false",
            &["schema NewOrder object-closed request"],
        ),
        (
            "        - $ref: \"#/components/schemas/Transfer\"\n",
            "",
            &["schema Payment union-changed request"],
        ),
        ("propertyName: kind", "propertyName: way", &["schema Payment discriminator-changed request"]),
        (
            "iban: { type: string }",
            "iban: { type: string, minLength: 15 }",
            &["schema Transfer /iban limit-changed request"],
        ),
        (
            "required: [sku] } # base",
            "required: [sku, count] }",
            &["schema Line /count property-became-required request"],
        ),
    ]);
}

#[test]
fn planted_changes_of_what_is_answered_are_found() {
    each_is_found(&[
        (
            "        \"201\": # made",
            "        \"202\":",
            &["POST /orders response 201 response-removed response"],
        ),
        (
            "        \"404\": { description: none }\n",
            "",
            &["GET /orders/{id} response 404 response-removed response"],
        ),
        (
            "        \"201\": # made",
            "        \"202\": { description: later }\n        \"201\":",
            &["POST /orders response 202 response-added response"],
        ),
        ("application/xml:", "application/yaml:", &["GET /orders/{id} response 200 media-removed response"]),
        (
            "content: { application/json: { schema: { $ref: \"#/components/schemas/Order\" } } } # made",
            "",
            &["POST /orders response 201 body-removed response"],
        ),
        (
            "            ETag:",
            "            X-Tag:",
            &["GET /orders/{id} response 200 header ETag header-removed response"],
        ),
        (
            "{ required: true, schema: { type: string } } # tag",
            "{ schema: { type: string } }",
            &["GET /orders/{id} response 200 header ETag header-became-optional response"],
        ),
        ("        total: { type: integer }\n", "", &["schema Order /total property-removed response"]),
        (
            "total: { type: integer }",
            "total: { type: number }",
            &["schema Order /total type-changed response"],
        ),
        (
            "total: { type: integer }",
            "total: { type: integer, nullable: true }",
            &["schema Order /total null-changed response"],
        ),
        (
            "total: { type: integer }",
            "total: { type: integer, writeOnly: true }",
            &["schema Order /total property-became-write-only response"],
        ),
        (
            "required: [id, total]",
            "required: [id]",
            &["schema Order /total property-became-optional response"],
        ),
        (
            "enum: [open, sent] # status",
            "enum: [open, sent, lost]",
            &["schema Order /status enum-changed response"],
        ),
        ("maxLength: 12", "maxLength: 24", &["schema Order /code limit-changed response"]),
        ("format: date-time", "format: date", &["schema Order /made format-changed response"]),
        (
            "additionalProperties: false # closed",
            "additionalProperties: true",
            &["schema Money object-opened response"],
        ),
        (
            "currency: { type: string }",
            "currency: { type: string }\n        cents: { type: integer }",
            &["schema Money /cents closed-object-grew response"],
        ),
        (
            "oneOf: [{ $ref: \"#/components/schemas/Money\" }, { $ref: \"#/components/schemas/Points\" }]",
            "oneOf: [{ $ref: \"#/components/schemas/Money\" }, { $ref: \"#/components/schemas/Points\" }, { $ref: \"#/components/schemas/Card\" }]",
            &["schema Order /price union-changed response"],
        ),
    ]);
}

#[test]
fn what_does_no_harm_is_no_change() {
    for (from, to) in [
        // What clients may send grows, what they are answered shrinks.
        ("maximum: 100", "maximum: 500"),
        ("maxLength: 12", "maxLength: 6"),
        ("total: { type: integer }", "total: { type: integer, minimum: 0 }"),
        ("note: { type: string, maxLength: 80 }", "note: { type: [string, integer], maxLength: 80 }"),
        ("enum: [open, sent] # status", "enum: [open]"),
        ("enum: [open, sent, lost] } } # state", "enum: [open, sent, lost, found] } }"),
        ("required: [name, lines]", "required: [lines]"),
        ("required: [id, total]", "required: [id, total, code]"),
        ("text/csv: {}", "text/csv: {}\n          text/tab: {}"),
        (
            "security: [{ bearer: [] }, { key: [] }]",
            "security: [{ bearer: [] }, { key: [] }, { oauth: [read] }]",
        ),
        ("oauth: [read]", "oauth: []"),
        // What is new and may be left out.
        (
            "note: { type: string, maxLength: 80 }",
            "note: { type: string, maxLength: 80 }\n        memo: { type: string }",
        ),
        (
            "        - { name: limit,",
            "        - { name: page, in: query, schema: { type: integer } }\n        - { name: limit,",
        ),
        (
            "  /health:\n",
            "  /version: { get: { responses: { \"200\": { description: it } } } }\n  /health:\n",
        ),
        (
            "        total: { type: integer }\n",
            "        total: { type: integer }\n        weight: { type: integer }\n",
        ),
        // The same in other words.
        ("total: { type: integer }", "total: { type: integer, description: in cents, example: 3 }"),
        ("total: { type: integer }", "total: { allOf: [{ type: integer }] }"),
        ("minimum: 1,", "exclusiveMinimum: true, minimum: 0,"),
        ("name: X-Key", "name: X-Key, description: ask for one"),
        (
            "        - $ref: \"#/components/schemas/Transfer\"\n",
            "        - { type: object, title: Transfer, required: [kind, iban], properties: { iban: { type: string }, kind: { type: string } } }\n",
        ),
        (
            "lines: { type: array, items: { $ref: \"#/components/schemas/Line\" } }",
            "lines: { type: array, items: { type: object, required: [sku], properties: { count: { type: integer }, sku: { type: string }, parts: { type: array, items: { $ref: \"#/components/schemas/Line\" } } } } }",
        ),
    ] {
        let found = changes(SHOP, &with(&[(from, to)]));
        assert!(found.is_empty(), "{from} -> {to}: {found:?}");
    }
}

#[test]
fn a_document_that_is_written_anew_says_the_same() {
    let renamed = SHOP
        .replace("NewOrder", "OrderDraft")
        .replace("schemas/Line\"", "schemas/Position\"")
        .replace("    Line:", "    Position:")
        .replace("Money", "Amount")
        .replace("{id}", "{order}")
        .replace("name: id, in: path", "name: order, in: path")
        .replace("bearer", "token")
        .replace("scheme: token", "scheme: bearer");
    assert_eq!(changes(SHOP, &renamed), [""; 0]);
    let newer = SHOP
        .replace("openapi: 3.0.3", "openapi: 3.1.0")
        .replace("{ type: boolean, nullable: true }", "{ type: [boolean, \"null\"] }");
    assert_eq!(changes(SHOP, &newer), [""; 0]);
    assert_eq!(changes(&newer, SHOP), [""; 0]);
    assert_eq!(changes(SHOP, SHOP), [""; 0]);
}

#[test]
fn changes_together_are_found_together_each_once() {
    let new = with(&[
        ("    delete:\n", "    x-delete:\n"),
        ("maximum: 100", "maximum: 50"),
        ("required: [name, lines]", "required: [name, lines, note]"),
        ("total: { type: integer }", "total: { type: string }"),
        ("enum: [open, sent] # status", "enum: [open, sent, lost]"),
        ("oauth: [read]", "oauth: [write]"),
        ("  shipped:\n", "  delivered:\n"),
    ]);
    assert_eq!(changes(SHOP, &new).len(), 7, "{:?}", changes(SHOP, &new));
    let items = look(&[("openapi.yaml", SHOP)], &[("openapi.yaml", &new)]);
    let total = items.iter().find(|item| item.key.contains("/total")).unwrap();
    // One component, two operations that answer with it.
    assert_eq!(total.facts["uses"], 3, "{total:?}");
    assert_eq!(total.facts["old"], "integer");
    assert_eq!(total.location.as_ref().unwrap().source, "openapi.yaml");
    let gone = items.iter().find(|item| item.facts["change"] == "operation-removed").unwrap();
    assert_eq!(gone.location.as_ref().unwrap().source, "v1/openapi.yaml");
    assert_eq!((&gone.facts["was_deprecated"], &gone.facts["sunset_passed"]), (&true.into(), &false.into()));
    assert_eq!(items[0].facts["changes"], 7);
}

#[test]
fn schemas_in_circles_are_compared_once() {
    let tree = |kind: &str| {
        format!(
            "openapi: 3.1.0\npaths: {{ /a: {{ get: {{ responses: {{ '200': {{ content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/T' }} }} }} }} }} }} }} }}\n\
             components: {{ schemas: {{ T: {{ allOf: [{{ $ref: '#/components/schemas/B' }}], properties: {{ next: {{ $ref: '#/components/schemas/T' }} }} }}, B: {{ allOf: [{{ $ref: '#/components/schemas/T' }}], properties: {{ v: {{ type: {kind} }} }} }} }} }}\n"
        )
    };
    assert_eq!(changes(&tree("string"), &tree("integer")), ["schema T /v type-changed response"]);
    assert_eq!(changes(&tree("string"), &tree("string")), [""; 0]);
}

#[test]
fn what_cannot_be_compared_is_said() {
    let of = |schema: &str| {
        format!(
            "openapi: 3.1.0\npaths: {{ /a: {{ post: {{ requestBody: {{ content: {{ application/json: {{ schema: {schema} }} }} }} }} }} }}\n"
        )
    };
    let (one, two) = (of("{ not: { type: string } }"), of("{ not: { type: integer } }"));
    assert_eq!(changes(&one, &two), ["POST /a request not-compared"]);
    assert_eq!(changes(&one, &one), [""; 0]);
    let (one, two) = (of("{ $ref: 'https://a.example/x' }"), of("{ $ref: 'https://a.example/y' }"));
    assert_eq!(changes(&one, &two), ["POST /a request not-compared"]);
    let items = look(&[("openapi.yaml", &one)], &[("openapi.yaml", &one)]);
    assert_eq!(items[0].facts["refs_not_followed"], serde_json::json!(["https://a.example/x"]));
}

#[test]
fn documents_are_paired_by_path_and_by_name() {
    let small = "openapi: 3.0.3\npaths: { /a: { get: {} } }\n";
    let other = "openapi: 3.0.3\npaths: { /b: { get: {} } }\n";
    let old = [("a/openapi.yaml", small), ("b/openapi.yaml", other), ("gone.yaml", small)];
    let new = [("a/openapi.yaml", small), ("b/openapi.yaml", small)];
    let said: Vec<String> = look(&old, &new).iter().map(said).collect();
    assert_eq!(
        said,
        [
            "a/openapi.yaml none",
            "b/openapi.yaml none",
            "GET /b operation-removed",
            "the document gone.yaml document-removed"
        ]
    );
    let moved = look(&[("api.yaml", small)], &[("docs/openapi.yaml", small)]);
    assert_eq!(moved[0].facts["old_document"], "v1/api.yaml");
    let added = look(&[("a.yaml", small)], &[("a.yaml", small), ("b.yaml", other)]);
    assert_eq!(added[1].facts["added"], true);
}
