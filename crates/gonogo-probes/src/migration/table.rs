//! `migration/table`: each table as all migrations of its folder leave it.

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, fact};
use gonogo_model::fact::Item;
use schemars::JsonSchema;
use serde::Deserialize;

use super::dialect::Dialect;
use super::history::{History, histories};
use super::schema::{Known, Schema};
use super::sql::Rule;
use super::statement::location;
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::repository::{Place, Repository};

/// Looks at the tables that migrations make.
pub(crate) struct Table;

/// Parameters of `migration/table`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// Columns that say whose a row is.
    #[serde(default = "tenants")]
    tenant_columns: Vec<String>,
}

pub(super) fn tenants() -> Vec<String> {
    ["tenant_id", "org_id", "organization_id", "organisation_id", "workspace_id", "account_id"]
        .map(str::to_owned)
        .to_vec()
}

impl Probe for Table {
    const ID: &'static str = "migration/table";
    const TITLE: &'static str =
        "Tables as their migrations leave them: keys, types and who may see which row";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let look = move |repository: &Repository| {
            let histories = histories(repository);
            let histories = (*histories).as_ref().map_err(Clone::clone)?;
            let items = items(histories, &params.tenant_columns);
            match items.is_empty() {
                true => Err(Unmeasured::because("no migration in SQL makes a table in this folder")),
                false => Ok(Looked { items, artefacts: Vec::new() }),
            }
        };
        Place::of(context).look(look).await
    }
}

const FACTS: &[FactInfo] = &[
    fact(
        "dialect",
        FactType::Text,
        "",
        "The database it is for: `postgres`, `mysql`, `sqlite`, `other` or `unknown`.",
    ),
    fact("for_development", FactType::Bool, "", "Whether names of folders say development, test or example."),
    fact("columns", FactType::Int, "", "Columns that are known."),
    fact(
        "whole",
        FactType::Bool,
        "",
        "Whether all of the table is written in the migrations; a partition and a copy of a query are not.",
    ),
    fact("primary_key", FactType::Bool, "", "Whether it has a primary key or another key that is unique."),
    fact("tenant_column", FactType::Text, "", "The column that says whose a row is; empty without one."),
    fact("row_level_security", FactType::Bool, "", "Whether row-level security is switched on for it."),
    fact("policies", FactType::Int, "", "Policies on it."),
    fact("forced", FactType::Bool, "", "Whether row-level security holds for its owner too."),
    fact("others_secured", FactType::Bool, "", "Whether another table of the folder has row-level security."),
    fact(
        "others_forced",
        FactType::Bool,
        "",
        "Whether row-level security of another table holds for its owner too.",
    ),
    fact("security_unknown", FactType::Bool, "", "Whether a block of code may have switched it on."),
    fact("keys_without_index", FactType::List, "", "Columns of foreign keys that no index starts with."),
    fact(
        "money_as_float",
        FactType::List,
        "",
        "Columns with the name of an amount of money and a type that rounds.",
    ),
    fact("padded_texts", FactType::List, "", "Columns of type `char(n)` that hold more than one character."),
    fact("local_timestamps", FactType::List, "", "Columns of type `timestamp` without a time zone."),
    fact(
        "small_keys",
        FactType::List,
        "",
        "Columns of the primary key that count up to 2,147,483,647 and no further.",
    ),
];

/// The tables after all migrations.
pub(super) fn schema_of(history: &History) -> Schema {
    let mut schema = Schema::default();
    for (file, migration) in history.ups.iter().enumerate() {
        migration.statements.iter().for_each(|statement| schema.apply(statement, file));
    }
    schema
}

/// The column that says whose a row is.
pub(super) fn is_tenant_of<'t>(table: &'t Known, tenants: &[String]) -> Option<&'t str> {
    let mut columns = table.columns.iter().map(|column| column.name.as_str());
    columns.find(|name| tenants.iter().any(|tenant| tenant == name))
}

pub(super) fn items(histories: &[History], tenants: &[String]) -> Vec<Item> {
    histories.iter().flat_map(|history| of_history(history, tenants)).collect()
}

fn of_history(history: &History, tenants: &[String]) -> Vec<Item> {
    let schema = schema_of(history);
    let secured = schema.tables.values().filter(|table| table.row_security).count();
    let forced = schema.tables.values().filter(|table| table.forced).count();
    let kept = schema.tables.iter().filter(|(_, table)| !table.temporary);
    let made = kept.filter_map(|(name, table)| {
        let path = history.ups.get(table.made.file)?.path.as_str();
        let item = Item::new(format!("{path}:{name}"))
            .read_at(location(path, table.made.at))
            .fact("dialect", history.dialect.name())
            .fact("for_development", history.for_development)
            .fact("tenant_column", is_tenant_of(table, tenants).unwrap_or_default())
            .fact("others_secured", secured > usize::from(table.row_security))
            .fact("others_forced", forced > usize::from(table.forced))
            .fact("security_unknown", !table.row_security && schema.may_be_secured(name));
        Some(measured(item, history.dialect, table))
    });
    made.collect()
}

/// What a table says of itself.
fn measured(item: Item, dialect: Dialect, table: &Known) -> Item {
    let unique = table.indexes.iter().any(|index| index.unique)
        || table.rules.iter().any(|one| matches!(one.rule, Rule::Unique { .. }));
    let is_local = |kind: &str| kind == "timestamp" || kind.starts_with("timestamp(");
    item.fact("columns", table.columns.len())
        .fact("whole", !table.is_partial)
        .fact("primary_key", table.has_primary_key() || unique)
        .fact("row_level_security", table.row_security)
        .fact("policies", table.policies.len())
        .fact("forced", table.forced)
        .fact("keys_without_index", keys_without_index(table))
        .fact(
            "money_as_float",
            named(table, |column| is_money(&column.name) && column.kind.starts_with("float")),
        )
        .fact("padded_texts", named(table, |column| is_padded(&column.kind)))
        .fact(
            "local_timestamps",
            named(table, |column| dialect == Dialect::Postgres && is_local(&column.kind)),
        )
        .fact("small_keys", small_keys(table))
}

fn named(table: &Known, belongs: impl Fn(&super::sql::Column) -> bool) -> Vec<&str> {
    table.columns.iter().filter(|column| belongs(column)).map(|column| column.name.as_str()).collect()
}

/// Columns of foreign keys that are looked for row by row when the other table loses one.
fn keys_without_index(table: &Known) -> Vec<String> {
    let leads: Vec<&str> = table.leads().collect();
    let keys = table.rules.iter().filter_map(|one| match &one.rule {
        Rule::ForeignKey { columns, .. } if !columns.is_empty() => Some(columns),
        _ => None,
    });
    let bare = keys.filter(|columns| !columns.iter().any(|column| leads.contains(&column.as_str())));
    let mut found: Vec<String> = bare.map(|columns| columns.join(", ")).collect();
    found.sort();
    found.dedup();
    found
}

fn is_money(name: &str) -> bool {
    const WORDS: [&str; 12] = [
        "price", "amount", "balance", "salary", "fee", "fees", "cost", "revenue", "payment", "subtotal",
        "tax", "vat",
    ];
    // `price_change_percent` and `cost_ratio` are no money.
    const NOT: [&str; 8] =
        ["percent", "percentage", "rate", "ratio", "factor", "weight", "score", "multiplier"];
    let mut is_money = false;
    for word in name.to_lowercase().split('_') {
        if NOT.contains(&word) {
            return false;
        }
        is_money |= WORDS.contains(&word);
    }
    is_money
}

/// `char(2)` is padded, `char(1)` and `char` need no padding.
fn is_padded(kind: &str) -> bool {
    kind.starts_with("char(") && kind != "char(1)"
}

fn small_keys(table: &Known) -> Vec<&str> {
    let keys = table.rules.iter().filter_map(|one| match &one.rule {
        Rule::PrimaryKey { columns } => Some(columns),
        _ => None,
    });
    let single: Vec<&String> = keys.filter(|columns| columns.len() == 1).flatten().collect();
    // A number that counts up by itself; one that is given may be of a short list.
    named(table, |column| {
        single.contains(&&column.name)
            && matches!(column.kind.as_str(), "serial4" | "serial2" | "int4")
            && column.default.is_some()
    })
}
