//! What stands around the system where it is deployed, started from the files of its repository: the
//! nginx at its edge, and the Alertmanager that wakes people. Nothing is changed in those files but
//! addresses, papers and how long is waited.

use std::path::{Path, PathBuf};

use testbed_servers::{Alertmanager, Authority, Leaf, Nginx};

use super::{LaunchError, failed};

/// The edge and the Alertmanager.
#[derive(Debug)]
pub(super) struct Deployed {
    edge: Nginx,
    alertmanager: Alertmanager,
    authority: PathBuf,
}

impl Deployed {
    /// Starts both. `gateway` is `http://HOST:PORT`, `mail` is `smtp://HOST:PORT`; `folder` gets the papers.
    pub(super) fn start(
        repository: &Path,
        folder: &Path,
        gateway: &str,
        mail: &str,
    ) -> Result<Deployed, LaunchError> {
        let read = |file: &str| {
            let text = std::fs::read_to_string(repository.join("config").join(file));
            text.map_err(failed("read what is deployed"))
        };
        let paper = Authority::new()?.issue(&Leaf::default(), folder)?;
        let (chain, key) = (paper.chain.display().to_string(), paper.key.display().to_string());
        let edge = read("nginx.conf")?
            .replace("listen 80;", "listen unix:{folder}/clear;")
            .replace("listen 443 ssl;", "listen 127.0.0.1:{port} ssl;")
            .replace("/run/secrets/tls_cert", &chain)
            .replace("/run/secrets/tls_key", &key)
            .replace("http://gateway:8080", gateway);
        let alertmanager = mailing(&read("alertmanager.yml")?, mail);
        Ok(Deployed {
            edge: Nginx::of_file(&edge)?,
            alertmanager: Alertmanager::start(&alertmanager)?,
            authority: paper.authority,
        })
    }

    /// Where they are for whoever judges them, by name.
    pub(super) fn whereabouts(&self) -> [(String, String); 3] {
        [
            ("EDGE_URL".to_owned(), format!("https://localhost:{}", self.edge.port())),
            ("EDGE_AUTHORITY".to_owned(), self.authority.display().to_string()),
            ("ALERTMANAGER_URL".to_owned(), format!("http://127.0.0.1:{}", self.alertmanager.port())),
        ]
    }
}

/// The settings of Alertmanager with a mail server that knows neither TLS nor users, and without the
/// wait for more alerts.
fn mailing(settings: &str, mail: &str) -> String {
    let smarthost = format!("  smtp_smarthost: {}", mail.trim_start_matches("smtp://"));
    let lines = settings.lines().filter(|line| !line.trim_start().starts_with("smtp_auth_"));
    let line = |line: &str| match line.trim_start().split(':').next() {
        Some("smtp_smarthost") => smarthost.clone(),
        Some("smtp_require_tls") => "  smtp_require_tls: false".to_owned(),
        Some("group_wait") => "  group_wait: 0s".to_owned(),
        _ => line.to_owned(),
    };
    lines.map(line).map(|line| line + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_mail_server_and_the_wait_are_changed() {
        let settings = "global:\n  smtp_smarthost: relay:587\n  smtp_auth_username: me\n  smtp_require_tls: true\nroute:\n  receiver: team\n  group_wait: 30s\n";
        assert_eq!(
            mailing(settings, "smtp://127.0.0.1:25"),
            "global:\n  smtp_smarthost: 127.0.0.1:25\n  smtp_require_tls: false\nroute:\n  receiver: team\n  group_wait: 0s\n"
        );
    }
}
