//! A walk through accounts: register, verify, log in, refresh, log out, and tokens that are none.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use crate::world::{PASSWORD, Person, Seen, World};

pub(crate) async fn walk(world: &World, ana: &Person, seen: &mut Seen) {
    registering(world, seen).await;
    sessions(world, ana, seen).await;
    forged(world, ana, seen).await;
    locking(world, seen).await;
}

async fn registering(world: &World, seen: &mut Seen) {
    let account = |email: &str, password: &str| json!({ "email": email, "password": password, "name": "N" });
    let new = world.post("/auth/register", None, account("new@example.test", PASSWORD)).await;
    seen.note("register", new.status);
    let again = world.post("/auth/register", None, account("NEW@example.test", PASSWORD)).await;
    seen.note("register twice", again.status);
    seen.note(
        "register nobody",
        world.post("/auth/register", None, account("nobody", PASSWORD)).await.status,
    );
    let short = world.post("/auth/register", None, account("short@example.test", "a")).await.status;
    seen.note("register with a short password", short);
    seen.note("register without JSON", world.send("POST", "/auth/register", None, None).await.status);
    let login = account("new@example.test", PASSWORD);
    seen.note("log in unverified", world.post("/auth/login", None, login).await.status);
    let token = world.mails.token("new@example.test");
    seen.note("mails", world.mails.all().len());
    let path = format!("/auth/verify?token={}", token.unwrap_or_default());
    seen.note("verify", world.get(&path, None).await.status);
    seen.note("verify twice", world.get(&path, None).await.status);
}

async fn sessions(world: &World, ana: &Person, seen: &mut Seen) {
    let login = world.post("/auth/login", None, json!({ "email": ana.email, "password": PASSWORD })).await;
    let cookie = login.header("set-cookie");
    seen.note("cookie", cookie.split_once("; ").map_or("", |(_, flags)| flags));
    let (token, refresh) = (login.text("access_token"), login.text("refresh_token"));
    let claims = claims(&token);
    let life = claims["exp"].as_i64().unwrap_or(0) - claims["iat"].as_i64().unwrap_or(0);
    seen.note("life of a token", life);
    let me = world.get("/me", Some(&token)).await;
    seen.note("me", format!("{} {}", me.status, me.text("name")));
    seen.note("me without a token", world.get("/me", None).await.status);
    let next = world.post("/auth/refresh", None, json!({ "refresh_token": refresh })).await;
    seen.note("refresh", next.status);
    let (token, refresh_next) = (next.text("access_token"), next.text("refresh_token"));
    seen.note("log out", world.send("POST", "/auth/logout", Some(&token), None).await.status);
    seen.note("me after logout", world.get("/me", Some(&token)).await.status);
    let after = world.post("/auth/refresh", None, json!({ "refresh_token": refresh_next })).await;
    seen.note("refresh after logout", after.status);
    let (_, refresh) = world.log_in(&ana.email).await;
    world.post("/auth/refresh", None, json!({ "refresh_token": refresh })).await;
    let reused = world.post("/auth/refresh", None, json!({ "refresh_token": refresh })).await;
    seen.note("refresh twice", reused.status);
}

fn claims(token: &str) -> Value {
    let part = token.split('.').nth(1).unwrap_or_default();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap_or_default()).unwrap_or_default()
}

async fn forged(world: &World, ana: &Person, seen: &mut Seen) {
    let genuine = claims(&ana.token);
    let secret = world.running.environment()["JWT_SECRET"].clone();
    let now = jiff::Timestamp::now().as_second();
    let sign = |claims: &Value, secret: &str| {
        encode(&Header::new(Algorithm::HS256), claims, &EncodingKey::from_secret(secret.as_bytes())).unwrap()
    };
    let with = |name: &str, value: Value| {
        let mut changed = genuine.clone();
        changed[name] = value;
        sign(&changed, &secret)
    };
    let unsigned = format!(
        "{}.{}.",
        URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#),
        URL_SAFE_NO_PAD.encode(genuine.to_string())
    );
    for (what, token) in [
        ("own signature", sign(&genuine, &secret)),
        ("other audience", with("aud", json!("other"))),
        ("other issuer", with("iss", json!("other"))),
        ("expired", with("exp", json!(now - 60))),
        ("not yet valid", with("nbf", json!(now + 600))),
        ("other key", sign(&genuine, "another secret that nobody was told of")),
        ("no algorithm", unsigned),
    ] {
        seen.note(what, world.get("/me", Some(&token)).await.status);
    }
}

async fn locking(world: &World, seen: &mut Seen) {
    world.person("kim").await;
    let wrong = json!({ "email": "kim@example.test", "password": "wrong" });
    let mut answers = Vec::new();
    for _ in 0..6 {
        answers.push(world.post("/auth/login", None, wrong.clone()).await.status);
    }
    seen.note("six wrong passwords", format!("{answers:?}"));
    let nobody = json!({ "email": "nobody@example.test", "password": PASSWORD });
    seen.note("log in as nobody", world.post("/auth/login", None, nobody).await.status);
}
