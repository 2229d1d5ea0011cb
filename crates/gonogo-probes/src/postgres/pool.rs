//! `postgres/pool`: whether the pools of all instances fit into the connections of one server.
//! How much must fit is the spec's opinion; this does the arithmetic and shows it.

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, fact};
use gonogo_model::fact::{Item, Location, Value};
use serde_json::Map;

use self::fleet::Fleet;
use self::params::Params;
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::tools::postgres::{PostgresError, Session};

mod fleet;
mod params;

/// Adds up pools and compares them with what the server takes.
pub(crate) struct Pool;

impl Probe for Pool {
    const ID: &'static str = "postgres/pool";
    const TITLE: &'static str = "Whether the connection pools of all instances fit into one Postgres server";
    const CLASS: Class = Class::Active;
    const TARGET: TargetNeed = TargetNeed::Required(&[TargetKind::Postgres]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let because = |error: PostgresError| Unmeasured::because(error.to_string());
        let mut session = Session::open(context, params.timeout.0).await.map_err(because)?;
        let key = match (&context.target, params.is_fleet) {
            (Some(target), false) => target.name.as_str(),
            _ => "fleet",
        };
        let item = Item::new(key).read_at(Location::of(session.at()));
        let limits = limits(&mut session).await.map_err(because)?;
        let fleet = Fleet::configured(&params.services, &context.environment);
        let item = in_use(&mut session, arithmetic(item, &params, limits, &fleet)).await.map_err(because)?;
        session.close().await;
        Ok(Looked::item(item))
    }
}

const FACTS: &[FactInfo] = &[
    fact("configured", FactType::Bool, "", "Whether every pool size and every number of instances is known."),
    fact(
        "unconfigured",
        FactType::List,
        "",
        "Environment variables that are missing or not a whole number of at least 1.",
    ),
    fact("instances", FactType::Int, "", "Instances of all services; absent when a number is not known."),
    fact(
        "pool_size",
        FactType::Int,
        "connections",
        "The pool of one instance, of several services the largest; absent when one is not known.",
    ),
    fact(
        "demand",
        FactType::Int,
        "connections",
        "Sum of instances x pool size; absent when one is not known.",
    ),
    fact("max_connections", FactType::Int, "connections", "The most the server takes."),
    fact(
        "reserved",
        FactType::Int,
        "connections",
        "Of those, kept for superusers and for `reserved_connections` (since Postgres 16).",
    ),
    fact(
        "available",
        FactType::Int,
        "connections",
        "max_connections - reserved - `other_connections`; may be under 0.",
    ),
    fact("allowed", FactType::Int, "connections", "floor(available x headroom), at least 0."),
    fact("fits", FactType::Bool, "", "Whether demand <= allowed; absent when the demand is not known."),
    fact(
        "recommended_pool_size",
        FactType::Int,
        "connections",
        "floor(allowed / instances): the largest pool with which every instance fits; absent when the instances are not known.",
    ),
    fact("formula", FactType::Text, "", "How `recommended_pool_size` was computed, with its numbers."),
    fact("in_use", FactType::Int, "connections", "Connections of clients now, without the one that asks."),
    fact(
        "active",
        FactType::Int,
        "connections",
        "Of those, running a statement; absent when the user may not see all sessions (`pg_read_all_stats`).",
    ),
    fact("idle", FactType::Int, "connections", "Of those, waiting for a client; absent like `active`."),
    fact(
        "idle_in_transaction",
        FactType::Int,
        "connections",
        "Of those, waiting with a transaction open; absent like `active`.",
    ),
    fact(
        "by_application",
        FactType::Map,
        "",
        "Connections of clients by `application_name`; `(none)` for those without a name.",
    ),
];

/// What the server takes.
#[derive(Debug, Clone, Copy)]
struct Limits {
    max: i64,
    reserved: i64,
}

async fn limits(session: &mut Session) -> Result<Limits, PostgresError> {
    let row = session.row(sqlx::query(include_str!("pool/limits.sql"))).await?;
    Ok(Limits { max: session.value(&row, "max")?, reserved: session.value(&row, "reserved")? })
}

fn arithmetic(item: Item, params: &Params, limits: Limits, fleet: &Fleet) -> Item {
    let other = i64::from(params.other_connections);
    let available = limits.max - limits.reserved - other;
    let headroom = i64::from(params.headroom.hundredths());
    let allowed = available.max(0) * headroom / 10_000;
    let item = item
        .fact("configured", fleet.unconfigured.is_empty())
        .fact("unconfigured", fleet.unconfigured.clone())
        .fact_if_known("instances", fleet.instances)
        .fact_if_known("pool_size", fleet.pool_size)
        .fact_if_known("demand", fleet.demand)
        .fact("max_connections", limits.max)
        .fact("reserved", limits.reserved)
        .fact("available", available)
        .fact("allowed", allowed)
        .fact_if_known("fits", fleet.demand.map(|demand| demand <= allowed));
    let Some(instances) = fleet.instances else { return item };
    let size = allowed / instances;
    let minus_other = if other > 0 { format!(" - {other}") } else { String::new() };
    let plural = if instances == 1 { "" } else { "s" };
    let formula = format!(
        "floor(({} - {}{minus_other}) x {} / {instances} instance{plural}) = {size}",
        limits.max, limits.reserved, params.headroom
    );
    item.fact("recommended_pool_size", size).fact("formula", formula)
}

async fn in_use(session: &mut Session, item: Item) -> Result<Item, PostgresError> {
    let row = session.row(sqlx::query(include_str!("pool/in_use.sql"))).await?;
    let mut item = item.fact("in_use", session.value::<i64>(&row, "in_use")?);
    if session.value::<i64>(&row, "hidden")? == 0 {
        for name in ["active", "idle", "idle_in_transaction"] {
            item = item.fact(name, session.value::<i64>(&row, name)?);
        }
    }
    let rows = session.rows(sqlx::query(include_str!("pool/by_application.sql"))).await?;
    let mut by_application = Map::new();
    for row in &rows {
        let connections: Value = session.value::<i64>(row, "connections")?.into();
        by_application.insert(session.value(row, "application")?, connections);
    }
    Ok(item.fact("by_application", by_application))
}

#[cfg(test)]
mod tests {
    use gonogo_model::expression::Expression;
    use serde_json::json;

    use super::*;
    use crate::context::Environment;

    fn measured(params: Value, limits: Limits) -> Item {
        let params: Params = serde_json::from_value(params).unwrap();
        let environment = Environment::new([("POOL".to_owned(), "20".to_owned())]);
        let fleet = Fleet::configured(&params.services, &environment);
        arithmetic(Item::new("db"), &params, limits, &fleet)
    }

    const SEED: Limits = Limits { max: 450, reserved: 3 };

    #[test]
    fn the_recommendation_comes_with_its_formula() {
        let item = measured(json!({"instances": 4, "pool_env": "POOL"}), SEED);
        assert_eq!(item.facts["formula"], "floor((450 - 3) x 80% / 4 instances) = 89");
        assert_eq!((&item.facts["recommended_pool_size"], &item.facts["allowed"]), (&json!(89), &json!(357)));
        assert_eq!((&item.facts["demand"], &item.facts["fits"]), (&json!(80), &json!(true)));
        let less = json!({"instances": 1, "pool_size": 9, "headroom": "12.5%", "other_connections": 10});
        assert_eq!(measured(less, SEED).facts["formula"], "floor((450 - 3 - 10) x 12.5% / 1 instance) = 54");
    }

    #[test]
    fn the_limit_itself_fits_and_one_more_does_not() {
        for (pool, fits) in [(357, true), (358, false)] {
            let item = measured(json!({"instances": 1, "pool_size": pool}), SEED);
            assert_eq!(item.facts["fits"], json!(fits), "{pool}");
        }
    }

    #[test]
    fn a_server_without_connections_to_give_recommends_none() {
        let item = measured(json!({"instances": 2, "pool_size": 1, "other_connections": 500}), SEED);
        assert_eq!((&item.facts["available"], &item.facts["allowed"]), (&json!(-53), &json!(0)));
        assert_eq!((&item.facts["recommended_pool_size"], &item.facts["fits"]), (&json!(0), &json!(false)));
    }

    #[test]
    fn the_assertion_of_the_design_works_over_these_facts() {
        let text = "configured && instances * pool_size <= (max_connections - reserved) * 0.8";
        let expression = Expression::parse(text).unwrap();
        for (params, holds) in [
            (json!({"instances": 4, "pool_env": "POOL"}), true),
            (json!({"instances": 18, "pool_env": "POOL"}), false),
            (json!({"instances": 4, "pool_env": "NOT_SET"}), false),
        ] {
            assert_eq!(expression.holds(&measured(params.clone(), SEED)), Ok(holds), "{params}");
        }
    }
}
