//! One JSON object a line, on stderr or in the file of `LOG_DIR`. Callers pass names, numbers and
//! routes, never a body, a header, a query or an address.

use std::fs::OpenOptions;
use std::future::Future;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, OnceLock};

use serde_json::{Value, json};

/// Whose line it is.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    /// The service.
    pub(crate) service: &'static str,
    /// The trace of the request; empty outside of requests.
    pub(crate) trace: String,
}

tokio::task_local! {
    static ORIGIN: Origin;
}

struct Sink {
    out: Box<dyn Write + Send>,
    /// The fault `logs-not-json`.
    plain: bool,
    /// The fault `no-trace-in-logs`.
    traced: bool,
}

static SINK: OnceLock<Mutex<Sink>> = OnceLock::new();

/// Where lines go from now on: into `folder`, or without one to stderr.
pub(crate) fn open(folder: Option<&Path>, name: &str, plain: bool, traced: bool) -> io::Result<()> {
    let out: Box<dyn Write + Send> = match folder {
        Some(folder) => {
            std::fs::create_dir_all(folder)?;
            let path = folder.join(format!("{name}.log"));
            Box::new(OpenOptions::new().create(true).append(true).open(path)?)
        }
        None => Box::new(io::stderr()),
    };
    // A second opening in one process keeps the first.
    let _ = SINK.set(Mutex::new(Sink { out, plain, traced }));
    Ok(())
}

/// Runs a future whose lines are of this origin.
pub(crate) async fn within<F: Future>(origin: Origin, future: F) -> F::Output {
    ORIGIN.scope(origin, future).await
}

/// The trace of the request that is being answered, or an empty text.
pub(crate) fn trace() -> String {
    ORIGIN.try_with(|origin| origin.trace.clone()).unwrap_or_default()
}

/// Writes one line; `fields` must be an object.
pub(crate) fn line(level: &str, message: &str, fields: Value) {
    let origin = ORIGIN.try_with(Clone::clone).unwrap_or(Origin { service: "process", trace: String::new() });
    let Some(sink) = SINK.get() else { return };
    let Ok(mut sink) = sink.lock() else { return };
    let time = jiff::Timestamp::now().to_string();
    let text = if sink.plain {
        let (level, service, trace) = (level.to_uppercase(), origin.service, origin.trace);
        format!("{time} {level} {service} {trace}: {message} {fields}")
    } else {
        let mut line = json!({
            "time": time, "level": level, "service": origin.service, "message": message,
        });
        if let (Some(line), Value::Object(fields)) = (line.as_object_mut(), fields) {
            if sink.traced {
                line.insert("trace_id".to_owned(), origin.trace.into());
            }
            line.extend(fields);
        }
        line.to_string()
    };
    // A closed stderr or a full disk must not stop the service.
    let _ = writeln!(sink.out, "{text}");
}
