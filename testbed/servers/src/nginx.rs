//! A private nginx: one server block on 127.0.0.1. It does not know what it is asked for.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::authority::Paper;
use crate::error::ServerError;
use crate::launch::{self, Ready, started};
use crate::process::{Child, StopSignal, command};

const PROGRAM: &str = "nginx";

/// How a private nginx is started.
#[derive(Debug, Clone, Default)]
pub struct NginxOptions {
    /// Over TLS only, with this certificate.
    pub tls: Option<Paper>,
    /// Lines of its server block, such as `ssl_protocols TLSv1.2;`.
    pub lines: Vec<String>,
    /// Workers, each a process with so many connections at most. Without, it is its own worker.
    pub workers: Option<NginxWorkers>,
}

/// The workers of a private nginx.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NginxWorkers {
    /// How many.
    pub count: u32,
    /// Connections of each, at most.
    pub connections: u32,
}

/// A running private nginx. Dropping it stops the server and removes its folder.
#[derive(Debug)]
pub struct Nginx {
    // The order matters: the server stops before its folder goes.
    child: Child,
    _folder: TempDir,
    port: u16,
}

impl Nginx {
    /// The program on this machine.
    pub fn find() -> Option<PathBuf> {
        launch::find(PROGRAM)
    }

    /// Starts a server and waits until it takes connections.
    pub fn start(options: &NginxOptions) -> Result<Nginx, ServerError> {
        Nginx::with(|folder, port| settings(folder, port, options))
    }

    /// Starts a server with somebody's own `nginx.conf`, in which `{port}` stands for its port and
    /// `{folder}` for a folder of its own, and waits until it takes connections. What it writes goes into
    /// that folder.
    pub fn of_file(text: &str) -> Result<Nginx, ServerError> {
        Nginx::with(|folder, port| {
            let at = folder.display().to_string();
            let (port, http) = (port.to_string(), format!("http {{\n{}", temporary(folder)));
            let text = text.replace("{port}", &port).replace("{folder}", &at).replacen("http {", &http, 1);
            format!("daemon off; master_process off; pid {at}/pid; error_log stderr notice;\n{text}")
        })
    }

    fn with(settings: impl Fn(&Path, u16) -> String) -> Result<Nginx, ServerError> {
        let program = launch::found(PROGRAM, "nginx", "apt-get install nginx")?;
        let folder = launch::folder("nginx")?;
        let (child, port) = launch::on_a_free_port(PROGRAM, |port| {
            let file = launch::write(folder.path(), "nginx.conf", &settings(folder.path(), port))?;
            let mut server = command(&program, StopSignal::Terminate);
            server.arg("-p").arg(folder.path()).arg("-c").arg(file).args(["-e", "stderr"]);
            // It listens before it says this.
            started(PROGRAM, server, folder.path(), Ready::Says("getrlimit(RLIMIT_NOFILE)"))
        })?;
        Ok(Nginx { child, _folder: folder, port })
    }

    /// The process; its own worker, unless it has some.
    pub fn pid(&self) -> u32 {
        self.child.pid()
    }

    /// The TCP port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }
}

/// Where it puts what does not fit into memory.
fn temporary(folder: &Path) -> String {
    let at = folder.display();
    let kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    kinds.iter().map(|kind| format!("  {kind}_temp_path {at}/{kind};\n")).collect()
}

fn settings(folder: &Path, port: u16, options: &NginxOptions) -> String {
    let (at, temporary) = (folder.display(), temporary(folder));
    let mut lines = Vec::new();
    match &options.tls {
        // The kernel deals connections out; else whichever worker is awake takes more than its share.
        None if options.workers.is_some() => {
            lines.push(format!("listen 127.0.0.1:{port} reuseport backlog=4096;"));
        }
        None => lines.push(format!("listen 127.0.0.1:{port};")),
        Some(paper) => lines.extend([
            format!("listen 127.0.0.1:{port} ssl http2;"),
            format!("ssl_certificate {};", paper.chain.display()),
            format!("ssl_certificate_key {};", paper.key.display()),
        ]),
    }
    lines.push("location / { return 200 \"fine\\n\"; }".to_owned());
    lines.extend(options.lines.iter().cloned());
    let block: String = lines.iter().map(|line| format!("    {line}\n")).collect();
    let (process, events) = match options.workers {
        None => ("master_process off;".to_owned(), String::new()),
        // Whoever starts it as root gets workers that can use its folder.
        Some(NginxWorkers { count, connections }) => (
            format!("user root; worker_processes {count}; worker_rlimit_nofile {};", connections + 64),
            format!("worker_connections {connections};"),
        ),
    };
    format!(
        "daemon off; {process} pid {at}/pid; error_log stderr notice;\n\
         events {{ {events} }}\nhttp {{\n  access_log off;\n{temporary}  server {{\n{block}  }}\n}}\n"
    )
}
