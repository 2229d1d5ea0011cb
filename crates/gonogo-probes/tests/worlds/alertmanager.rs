//! `alertmanager:` a real private Alertmanager as `${ALERTMANAGER}`, with `${ALERTMANAGER_PORT}`;
//! what is posted to it first may suppress later alerts.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use gonogo_model::yaml::{self, Node};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use testbed_servers::Alertmanager;

use super::World;

const LIMIT: Duration = Duration::from_secs(10);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// Its settings, in YAML.
    settings: String,
    /// Labels of alerts that fire already.
    #[serde(default)]
    alerts: Vec<Node>,
    /// Matchers of a silence, as the API takes them.
    #[serde(default)]
    silence: Vec<Node>,
}

/// `alertmanager: { settings: "route: { receiver: none }\nreceivers: [{ name: none }]" }`
pub(crate) fn start(world: &mut World, node: &Node) -> Result<(), String> {
    let wanted: Wanted = yaml::read(node).map_err(|error| error.to_string())?;
    if Alertmanager::find().is_none() {
        world.missing =
            Some("no Alertmanager on this machine (apt-get install prometheus-alertmanager)".to_owned());
        return Ok(());
    }
    let settings = world.fill(&wanted.settings)?;
    let alertmanager = Alertmanager::start(&settings).map_err(|error| error.to_string())?;
    let port = alertmanager.port();
    world.places.insert("ALERTMANAGER".to_owned(), format!("http://127.0.0.1:{port}"));
    world.places.insert("ALERTMANAGER_PORT".to_owned(), port.to_string());
    world.keep(alertmanager);
    if !wanted.alerts.is_empty() {
        let alerts: Vec<Value> =
            wanted.alerts.iter().map(|labels| json!({ "labels": labels.to_json() })).collect();
        post(port, "/api/v2/alerts", &json!(alerts))?;
    }
    if !wanted.silence.is_empty() {
        let matchers: Vec<Value> = wanted.silence.iter().map(Node::to_json).collect();
        let (now, hour) = (Timestamp::now(), SignedDuration::from_hours(1));
        let until = now.checked_add(hour).map_err(|error| error.to_string())?;
        let silence = json!({
            "matchers": matchers, "startsAt": now.to_string(), "endsAt": until.to_string(),
            "createdBy": "case", "comment": "case",
        });
        post(port, "/api/v2/silences", &silence)?;
    }
    Ok(())
}

fn post(port: u16, path: &str, body: &Value) -> Result<(), String> {
    let body = body.to_string();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n\
         Connection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let talk = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(LIMIT))?;
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    let answer = talk().map_err(|error| error.to_string())?;
    if answer.starts_with("HTTP/1.1 200 ") { Ok(()) } else { Err(format!("{path}: {answer}")) }
}
