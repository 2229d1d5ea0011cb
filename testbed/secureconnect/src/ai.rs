//! Questions to a model, at any server that speaks as OpenAI's does. It has a limit of time and a
//! breaker of its own, because nothing else may wait for it.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::answer::{Answer, Body, Caller, Refusal, bad, refuse};
use crate::breaker::Breaker;
use crate::config::{Ai, Config};
use crate::fault::{Behaviour, Faults};
use crate::metrics::Metrics;
use crate::node::Node;
use crate::routes::Routes;

const NO_MODEL: Refusal = refuse(StatusCode::SERVICE_UNAVAILABLE, "no model is configured");
const LEFT_ALONE: Refusal =
    refuse(StatusCode::SERVICE_UNAVAILABLE, "the model has failed again and again; try again later");
const SLOW: Refusal = refuse(StatusCode::GATEWAY_TIMEOUT, "the model did not answer in time");
const FAILED: Refusal = refuse(StatusCode::BAD_GATEWAY, "the model failed");
/// What stands for no limit.
const FOR_EVER: Duration = Duration::from_secs(86_400);
/// The longest answer of a model that is read.
const MOST_BYTES: u64 = 1024 * 1024;

pub(crate) fn routes(routes: Routes) -> Routes {
    routes.post("/ai/answers", answer)
}

/// The server of the model.
pub(crate) struct Model {
    client: reqwest::Client,
    ai: Option<Ai>,
    limit: Duration,
    pub(crate) breaker: Breaker,
    metrics: Arc<Metrics>,
}

impl Model {
    pub(crate) fn new(
        config: &Config,
        faults: &Faults,
        metrics: Arc<Metrics>,
    ) -> Result<Model, reqwest::Error> {
        let limit = if faults.on(Behaviour::NoAiTimeout) { FOR_EVER } else { config.times.ai };
        let limits = (!faults.on(Behaviour::NoAiBreaker)).then_some(config.breaker);
        let client = reqwest::Client::builder().no_proxy().build()?;
        Ok(Model { client, ai: config.ai.clone(), limit, breaker: Breaker::new("ai", limits), metrics })
    }

    async fn ask(&self, prompt: &str) -> Answer<String> {
        let ai = self.ai.as_ref().ok_or(NO_MODEL)?;
        if !self.breaker.allows() {
            return Err(LEFT_ALONE);
        }
        self.metrics.ai_requests.inc();
        let answer = timeout(self.limit, self.talk(ai, prompt)).await;
        let answer = answer.unwrap_or(Err(SLOW));
        self.breaker.learn(answer.is_ok());
        if answer.is_err() {
            self.metrics.ai_failures.inc();
        }
        answer
    }

    async fn talk(&self, ai: &Ai, prompt: &str) -> Answer<String> {
        let body = json!({ "model": ai.model, "messages": [{ "role": "user", "content": prompt }] });
        let mut request = self.client.post(format!("{}/chat/completions", ai.url)).json(&body);
        if let Some(key) = &ai.key {
            request = request.bearer_auth(key);
        }
        let response = request.send().await.map_err(|_| FAILED)?;
        let length = response.content_length().unwrap_or(0);
        if !response.status().is_success() || length > MOST_BYTES {
            return Err(FAILED);
        }
        let said: Value = response.json().await.map_err(|_| FAILED)?;
        let text = said.pointer("/choices/0/message/content").and_then(Value::as_str);
        Ok(text.ok_or(FAILED)?.to_owned())
    }
}

#[derive(Deserialize)]
struct Question {
    prompt: String,
}

async fn answer(
    State(node): State<Arc<Node>>,
    _caller: Caller,
    Body(question): Body<Question>,
) -> Answer<Json<Value>> {
    if !(1..=4_000).contains(&question.prompt.chars().count()) {
        return Err(bad("a prompt has 1 to 4000 characters"));
    }
    Ok(Json(json!({ "text": node.model.ask(&question.prompt).await? })))
}
