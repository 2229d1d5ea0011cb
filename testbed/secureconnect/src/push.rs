//! Push tokens of devices, and the notifications to them: handed to a provider over HTTP, in the
//! background. A token that the provider no longer knows is forgotten.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::{Row, query};

use crate::answer::{Answer, Body, Caller, bad};
use crate::breaker::Breaker;
use crate::config::Config;
use crate::fault::{Behaviour, Faults};
use crate::log;
use crate::metrics::Metrics;
use crate::node::Node;
use crate::routes::Routes;

const PROVIDER_LIMIT: Duration = Duration::from_secs(5);

pub(crate) fn routes(routes: Routes) -> Routes {
    routes.post("/push/tokens", register).get("/push/tokens", list).delete("/push/tokens/{token}", delete)
}

/// Hands notifications to the provider.
pub(crate) struct Pusher {
    client: reqwest::Client,
    url: Option<String>,
    pub(crate) breaker: Breaker,
    metrics: Arc<Metrics>,
}

impl Pusher {
    pub(crate) fn new(
        config: &Config,
        faults: &Faults,
        metrics: Arc<Metrics>,
    ) -> Result<Pusher, reqwest::Error> {
        let client = reqwest::Client::builder().timeout(PROVIDER_LIMIT).no_proxy().build()?;
        let url = config.push_url.clone().filter(|_| !faults.on(Behaviour::PushNotSent));
        Ok(Pusher { client, url, breaker: Breaker::new("push", Some(config.breaker)), metrics })
    }

    /// Whether the provider still knows the token.
    async fn send(&self, token: &str, title: &str, about: &str) -> bool {
        let Some(url) = &self.url else { return true };
        if !self.breaker.allows() {
            self.metrics.push_failures.inc();
            return true;
        }
        let body = json!({ "token": token, "title": title, "about": about });
        let answer = self.client.post(url).json(&body).send().await;
        let status = answer.ok().map(|answer| answer.status());
        let worked = status.is_some_and(|status| !status.is_server_error());
        self.breaker.learn(worked);
        if status.is_some_and(|status| status.is_success()) {
            self.metrics.pushes.inc();
        } else {
            self.metrics.push_failures.inc();
        }
        !matches!(status, Some(StatusCode::GONE | StatusCode::NOT_FOUND))
    }
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Platform {
    Android,
    Ios,
    Web,
}

impl Platform {
    fn name(self) -> &'static str {
        match self {
            Platform::Android => "android",
            Platform::Ios => "ios",
            Platform::Web => "web",
        }
    }
}

#[derive(Deserialize)]
struct NewToken {
    token: String,
    platform: Platform,
}

async fn register(
    State(node): State<Arc<Node>>,
    caller: Caller,
    Body(new): Body<NewToken>,
) -> Answer<(StatusCode, Json<Value>)> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_:.".contains(c);
    if !(8..=400).contains(&new.token.len()) || !new.token.chars().all(plain) {
        return Err(bad("a token has 8 to 400 letters, digits and signs of -_:."));
    }
    // A device that changes hands is notified for its new user only.
    let statement = query(
        "INSERT INTO push_tokens (token, user_id, platform) VALUES ($1, $2, $3)
         ON CONFLICT (token) DO UPDATE SET user_id = excluded.user_id, platform = excluded.platform",
    );
    let values = statement.bind(new.token.clone()).bind(caller.id().to_owned());
    node.database.change(values.bind(new.platform.name())).await?;
    Ok((StatusCode::CREATED, Json(json!({ "token": new.token, "platform": new.platform }))))
}

async fn list(State(node): State<Arc<Node>>, caller: Caller) -> Answer<Json<Vec<Value>>> {
    let statement = query("SELECT token, platform FROM push_tokens WHERE user_id = $1 ORDER BY token");
    let rows = node.database.rows(statement.bind(caller.id().to_owned())).await?;
    let token = |row: &sqlx::any::AnyRow| {
        let (token, platform): (String, String) = (row.try_get("token")?, row.try_get("platform")?);
        Ok(json!({ "token": token, "platform": platform }))
    };
    Ok(Json(rows.iter().map(token).collect::<Result<_, sqlx::Error>>()?))
}

async fn delete(
    State(node): State<Arc<Node>>,
    caller: Caller,
    Path(token): Path<String>,
) -> Answer<StatusCode> {
    if !node.has(Behaviour::PushDeleteIgnored) {
        let statement = query("DELETE FROM push_tokens WHERE token = $1 AND user_id = $2");
        node.database.change(statement.bind(token).bind(caller.id().to_owned())).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Notifies users in the background. It never holds a request up and never fails one.
pub(crate) fn notify(node: &Arc<Node>, users: Vec<String>, title: &'static str, about: &str) {
    let (node, about) = (Arc::clone(node), about.to_owned());
    tokio::spawn(async move {
        for user in users {
            if notify_one(&node, &user, title, &about).await.is_err() {
                log::line("warn", "a notification was not sent", json!({}));
            }
        }
    });
}

async fn notify_one(node: &Node, user: &str, title: &str, about: &str) -> Answer<()> {
    let statement = query("SELECT token FROM push_tokens WHERE user_id = $1").bind(user.to_owned());
    for row in node.database.rows(statement).await? {
        let token: String = row.try_get("token")?;
        if !node.pusher.send(&token, title, about).await && !node.has(Behaviour::PushTokensKept) {
            node.database.change(query("DELETE FROM push_tokens WHERE token = $1").bind(token)).await?;
        }
    }
    Ok(())
}
