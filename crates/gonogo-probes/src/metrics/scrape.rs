//! `metrics/scrape`: asks a service for its metrics as Prometheus does, reads all of the text, and
//! where a stimulus is given asks again, to see what moved. Which families there must be is the
//! spec's opinion.

use std::collections::BTreeSet;

use gonogo_model::catalog::{Class, FactInfo, TargetKind, TargetNeed, TargetParameter};
use gonogo_model::fact::{Item, Location};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use tokio::time::Instant;
use url::Url;

use self::measured::Asked;
use self::params::Params;
use super::exposition::{self, Exposition};
use crate::context::Context;
use crate::flow::errand::Stirred;
use crate::http::address::{base, joined, unmeasured};
use crate::probe::{Looked, Probe, Unmeasured};
use crate::redact::says_secret;
use crate::tools::http::{HttpClient, Question, shown};

mod facts;
mod measured;
mod params;

/// Between two tries to see what a stimulus moved.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(50);
/// More families are not listed when none is asked for by name.
const MOST_LISTED: usize = 1_000;

/// Asks for metrics.
pub(crate) struct Scrape;

impl Probe for Scrape {
    const ID: &'static str = "metrics/scrape";
    const TITLE: &'static str = "What metrics a service exposes, and whether they move";
    const CLASS: Class = Class::Active;
    const TARGET: TargetNeed = TargetNeed::Required(&[TargetKind::Http]);
    const ALSO: &'static [TargetParameter] =
        &[TargetParameter { name: "others", kinds: &[TargetKind::Http, TargetKind::Sink] }];
    const FACTS: &'static [FactInfo] = facts::FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let service = Service::of(context, &params)?;
        let before = service.scrape().await?;
        let Some(stimulus) = params.stimulus.as_ref().filter(|_| before.status == 200) else {
            return Ok(looked(&service, &params, None, &before));
        };
        let stirred = stimulus.at_target(context).await?;
        let until = Instant::now() + params.within.0;
        loop {
            let after = service.scrape().await?;
            let still =
                params.moves.iter().any(|asked| asked.moved(Some(&before.found), &after.found) != Some(true));
            if !still || Instant::now() >= until {
                return Ok(looked(&service, &params, Some((&before, &stirred)), &after));
            }
            // A count may be made after the answer that it counts.
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// Where the metrics are.
struct Service {
    client: HttpClient,
    question: Question,
}

/// What was read at once.
struct Scraped {
    status: u16,
    content_type: String,
    bytes: usize,
    truncated: bool,
    took_ms: u64,
    found: Exposition,
}

impl Service {
    fn of(context: &Context, params: &Params) -> Result<Service, Unmeasured> {
        let url: Url = joined(&base(context)?, &params.path)?;
        let mut headers = params.headers.clone();
        for (name, value) in &headers {
            if let (Ok(value), true) = (value.to_str(), says_secret(name.as_str()) || name == "authorization")
            {
                context.secrets.learn(name.as_str(), value.rsplit(' ').next().unwrap_or(value));
                context.secrets.learn(name.as_str(), value);
            }
        }
        let both =
            "application/openmetrics-text;version=1.0.0;q=0.9,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
        headers.entry(ACCEPT).or_insert(HeaderValue::from_static(both));
        Ok(Service {
            client: HttpClient::new(&context.reach, params.timeout.0).map_err(unmeasured)?,
            question: Question { method: reqwest::Method::GET, url, headers, body: None, follow: false },
        })
    }

    async fn scrape(&self) -> Result<Scraped, Unmeasured> {
        let (answer, took) = self.client.ask(&self.question).await;
        let answer = answer.map_err(unmeasured)?;
        let kind = answer.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let status = answer.status.as_u16();
        let mut text = String::from_utf8_lossy(&answer.body).into_owned();
        if answer.truncated {
            text.truncate(text.rfind('\n').unwrap_or_default());
        }
        let open_metrics = kind.starts_with("application/openmetrics-text") && !answer.truncated;
        // An error page holds no metrics, whatever it says.
        let found = if status == 200 { exposition::read(&text, open_metrics) } else { Exposition::default() };
        Ok(Scraped {
            status,
            content_type: kind.to_owned(),
            bytes: answer.body.len(),
            truncated: answer.truncated,
            took_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            found,
        })
    }
}

fn looked(service: &Service, params: &Params, before: Option<(&Scraped, &Stirred)>, now: &Scraped) -> Looked {
    let place = Location::of(shown(&service.question.url));
    let mut scrape = measured::scrape(Item::new("scrape").fact("role", "scrape").read_at(place.clone()), now);
    if let Some((_, stirred)) = before {
        scrape = scrape
            .fact("stimulus_done", stirred.stumble.is_none())
            .fact("stimulus_rounds", stirred.rounds)
            .fact_if_known("stimulus_status", stirred.status())
            .fact_if_known("stimulus_error", stirred.trouble());
    }
    let first = before.map(|(before, _)| &before.found);
    let mut items = vec![scrape];
    for asked in asked(params, &now.found) {
        let item = Item::new(asked.key()).fact("role", "family").read_at(place.clone());
        items.push(asked.item(item, first, now));
    }
    Looked { items, artefacts: Vec::new() }
}

/// What is asked for by name; without names, every family.
fn asked(params: &Params, found: &Exposition) -> Vec<Asked> {
    let named: Vec<&Asked> = params.families.iter().chain(&params.moves).collect();
    if named.is_empty() {
        return found.families.keys().take(MOST_LISTED).map(|name| Asked::family(name)).collect();
    }
    let mut seen = BTreeSet::new();
    named.into_iter().filter(|asked| seen.insert(asked.key().to_owned())).cloned().collect()
}
