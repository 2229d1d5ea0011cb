//! The instances and pools of a fleet, as far as they are known.

use std::collections::BTreeSet;

use super::params::{Amount, MOST, Service};
use crate::context::Environment;

/// What is known of a fleet. A number that depends on something unknown is `None`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fleet {
    /// Environment variables that are missing or hold no usable number, each once.
    pub(super) unconfigured: Vec<String>,
    /// At least 1.
    pub(super) instances: Option<i64>,
    /// The largest pool of one instance.
    pub(super) pool_size: Option<i64>,
    /// Sum of instances times pool size.
    pub(super) demand: Option<i64>,
}

impl Fleet {
    pub(super) fn configured(services: &[Service], environment: &Environment) -> Fleet {
        let amount = |amount: &Amount| match amount {
            Amount::Given(number) => Ok(i64::from(*number)),
            Amount::Variable(name) => usable(environment.get(name)).ok_or_else(|| name.clone()),
        };
        let instances: Vec<_> = services.iter().map(|service| amount(&service.instances)).collect();
        let pools: Vec<_> = services.iter().map(|service| amount(&service.pool)).collect();
        let unconfigured: BTreeSet<String> =
            instances.iter().chain(&pools).filter_map(|known| known.clone().err()).collect();
        let instances: Option<Vec<i64>> = instances.into_iter().map(Result::ok).collect();
        let pools: Option<Vec<i64>> = pools.into_iter().map(Result::ok).collect();
        let demand = instances.as_ref().zip(pools.as_ref()).map(|(instances, pools)| {
            instances.iter().zip(pools).map(|(instances, pool)| instances * pool).sum()
        });
        Fleet {
            unconfigured: unconfigured.into_iter().collect(),
            instances: instances.map(|known| known.iter().sum()),
            pool_size: pools.and_then(|known| known.into_iter().max()),
            demand,
        }
    }
}

fn usable(value: Option<&str>) -> Option<i64> {
    let number: i64 = value?.trim().parse().ok()?;
    (1..=i64::from(MOST)).contains(&number).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(instances: Amount, pool: Amount) -> Service {
        Service { instances, pool }
    }

    #[test]
    fn every_service_counts_and_the_largest_pool_is_named() {
        let environment = Environment::new([("POOL".to_owned(), " 20 ".to_owned())]);
        let services = [
            service(Amount::Given(4), Amount::Variable("POOL".into())),
            service(Amount::Given(2), Amount::Given(5)),
        ];
        let expected =
            Fleet { unconfigured: vec![], instances: Some(6), pool_size: Some(20), demand: Some(90) };
        assert_eq!(Fleet::configured(&services, &environment), expected);
    }

    #[test]
    fn what_is_not_a_number_is_named_and_nothing_is_guessed() {
        for value in [None, Some(""), Some("0"), Some("-5"), Some("many"), Some("2.5"), Some("9999999")] {
            let variable = value.map(|value| ("POOL".to_owned(), value.to_owned()));
            let services = [service(Amount::Given(4), Amount::Variable("POOL".into()))];
            let fleet = Fleet::configured(&services, &Environment::new(variable));
            let expected = Fleet {
                unconfigured: vec!["POOL".into()],
                instances: Some(4),
                pool_size: None,
                demand: None,
            };
            assert_eq!(fleet, expected, "{value:?}");
        }
    }
}
