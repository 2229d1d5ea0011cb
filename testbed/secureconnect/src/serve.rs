//! The life of a process: open what it needs, listen, answer, drain, end.

use std::collections::BTreeMap;
use std::future::Future;
use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::serve::ListenerExt;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::config::{Config, Role};
use crate::fault::{Behaviour, Faults};
use crate::log;
use crate::node::{Node, NodeError};
use crate::services::{BEHIND, router};

/// How long requests under way may take after a stop was asked for. With the closing of the pool it
/// stays under the ten seconds after which supervisors kill.
const DRAIN_LIMIT: Duration = Duration::from_secs(6);
const CLOSE_LIMIT: Duration = Duration::from_secs(2);

/// The process could not start, or could not go on.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// What it needs could not be opened.
    #[error(transparent)]
    Node(#[from] NodeError),
    /// A socket, signal, file or pipe failed.
    #[error("failed to serve")]
    Io(#[from] io::Error),
}

/// Runs the services until SIGTERM or Ctrl-C, and answers what is under way before it ends. Writes
/// the one line `listening on http://127.0.0.1:PORT` to stdout when it is ready: the address of the
/// gateway, or of the one service that runs.
pub async fn serve(config: Config, faults: Faults) -> Result<(), ServeError> {
    let stop = stop_signal()?;
    let plain = faults.on(Behaviour::LogsNotJson);
    let traced = !faults.on(Behaviour::NoTraceInLogs);
    log::open(config.log_folder.as_deref(), config.role.name(), plain, traced)?;
    let node = Arc::new(Node::open(config, faults).await?);
    let listeners = listen(&node).await?;
    let mut addresses = BTreeMap::new();
    for (service, listener) in &listeners {
        addresses.insert(*service, format!("http://{}", listener.local_addr()?));
    }
    announce(&node, &addresses)?;
    let watching = tokio::spawn({
        let node = Arc::clone(&node);
        async move {
            loop {
                node.cache.until_return().await;
                node.hub.restore(&node).await;
            }
        }
    });
    let mut served = JoinSet::new();
    for (service, listener) in listeners {
        served.spawn(answer(service, listener, Arc::clone(&node)));
    }
    stop.await;
    log::line("info", "stopping", json!({}));
    if node.has(Behaviour::NoGracefulShutdown) {
        return Ok(());
    }
    node.stopping.send_replace(true);
    if timeout(DRAIN_LIMIT, async { while served.join_next().await.is_some() {} }).await.is_err() {
        log::line("warn", "requests were cut off", json!({ "limit_s": DRAIN_LIMIT.as_secs() }));
    }
    watching.abort();
    // A connection in use by a request that was cut off would hold this up.
    let _ = timeout(CLOSE_LIMIT, node.database.close()).await;
    Ok(())
}

async fn listen(node: &Node) -> io::Result<Vec<(&'static str, TcpListener)>> {
    let config = &node.config;
    if config.role != Role::All {
        // In a container the others reach it by its name; alone on a machine it keeps to itself.
        let host = config.host;
        return Ok(vec![(config.role.name(), TcpListener::bind((host, config.port)).await?)]);
    }
    let mut listeners = vec![("gateway", TcpListener::bind((config.host, config.port)).await?)];
    for service in BEHIND {
        listeners.push((service, TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?));
    }
    Ok(listeners)
}

/// Tells the gateway where the others are, and everybody else where all are.
fn announce(node: &Node, addresses: &BTreeMap<&'static str, String>) -> io::Result<()> {
    let upstreams = match node.config.role {
        Role::All => {
            let behind = addresses.iter().filter(|(service, _)| **service != "gateway");
            behind.map(|(service, url)| (*service, url.clone())).collect()
        }
        _ => node.config.upstreams.clone(),
    };
    // Set once, here.
    let _ = node.upstreams.set(upstreams);
    if let Some(path) = &node.config.services_file {
        std::fs::write(path, json!(addresses).to_string())?;
    }
    for (service, url) in addresses {
        log::line("info", "listening", json!({ "listener": service, "url": url }));
    }
    let first = addresses.get("gateway").or_else(|| addresses.values().next());
    writeln!(io::stdout(), "listening on {}", first.map_or("nothing", String::as_str))
}

async fn answer(service: &'static str, listener: TcpListener, node: Arc<Node>) -> io::Result<()> {
    let app = router(service, &node).into_make_service_with_connect_info::<SocketAddr>();
    let listener = listener.tap_io(|stream| {
        // Small events must not wait for more of them.
        let _ = stream.set_nodelay(true);
    });
    let stopped = async move {
        node.stopped().await;
        // The gateway needs the services until it has passed on what is under way.
        if service != "gateway" {
            sleep(Duration::from_millis(200)).await;
        }
    };
    axum::serve(listener, app).with_graceful_shutdown(stopped).into_future().await
}

/// Listens for both signals from now on; the future ends with the first.
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
