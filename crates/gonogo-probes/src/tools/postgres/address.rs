//! The address of a Postgres target: what it says decides, never the variables of the
//! environment that the driver would fill gaps with.

use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use url::{Url, form_urlencoded};

use super::error::PostgresError;
use crate::context::Target;
use crate::redact::Redactor;

const USUAL_PORT: u16 = 5432;

/// Reads the address of a target. Its passwords are made known before anything else.
pub(super) fn read(target: &Target, secrets: &Redactor) -> Result<PgConnectOptions, PostgresError> {
    let wrong = |why: &str| {
        PostgresError::Address(format!(
            "the address of the target `{}` {why}; write such as \
             postgres://user@127.0.0.1:5432/database, with the password from the environment",
            target.name
        ))
    };
    let url = Url::parse(&target.address).map_err(|error| wrong(&format!("is not a URL ({error})")))?;
    learn_passwords(target, &url, secrets);
    if !matches!(url.scheme(), "postgres" | "postgresql") {
        return Err(wrong("does not start with postgres://"));
    }
    let says = |keys: &[&str]| url.query_pairs().any(|(key, _)| keys.contains(&&*key));
    if url.host_str().unwrap_or_default().is_empty() && !says(&["host", "hostaddr"]) {
        return Err(wrong("names no host"));
    }
    let mut options = PgConnectOptions::from_url(&url)
        .map_err(|_| wrong("has a parameter that Postgres does not know"))?
        .application_name("gonogo")
        .extra_float_digits(None)
        .disable_statement_logging();
    if url.password().is_none() && !says(&["password"]) {
        options = options.password("");
    }
    if url.port().is_none() && !says(&["port"]) {
        options = options.port(USUAL_PORT);
    }
    if !says(&["sslmode", "ssl-mode"]) {
        options = options.ssl_mode(PgSslMode::Prefer);
    }
    if url.path().trim_start_matches('/').is_empty() && !says(&["dbname"]) {
        let user = options.get_username().to_owned();
        options = options.database(&user);
    }
    Ok(options)
}

/// Host and port for people.
pub(super) fn shown(options: &PgConnectOptions) -> String {
    match options.get_socket() {
        Some(folder) => format!("postgres socket in {}", folder.display()),
        None => format!("postgres://{}:{}", options.get_host(), options.get_port()),
    }
}

/// Whether it leads to a socket file, which is always on this machine.
pub(super) fn is_local_socket(options: &PgConnectOptions) -> bool {
    options.get_socket().is_some() || options.get_host().starts_with('/')
}

fn learn_passwords(target: &Target, url: &Url, secrets: &Redactor) {
    let name = format!("password of target {}", target.name);
    let learn = |password: &str| {
        if !password.is_empty() {
            secrets.learn(&name, password);
        }
    };
    if let Some(encoded) = url.password() {
        learn(encoded);
        // A form differs from a URL in two characters.
        let form = format!("p={}", encoded.replace('+', "%2B").replace('&', "%26"));
        form_urlencoded::parse(form.as_bytes()).for_each(|(_, decoded)| learn(&decoded));
    }
    url.query_pairs().filter(|(key, _)| key.contains("password")).for_each(|(_, value)| learn(&value));
}

#[cfg(test)]
mod tests {
    use gonogo_model::catalog::TargetKind;

    use super::*;

    fn target(address: &str) -> Target {
        Target { name: "db".into(), kind: TargetKind::Postgres, address: address.into() }
    }

    #[test]
    fn gaps_are_filled_with_fixed_values() {
        let options = read(&target("postgres://app@127.0.0.1"), &Redactor::default()).unwrap();
        assert_eq!((options.get_port(), options.get_database()), (5432, Some("app")));
        assert_eq!(options.get_application_name(), Some("gonogo"));
        assert_eq!(shown(&options), "postgres://127.0.0.1:5432");
        let given = "postgres://app@h:1/shop?sslmode=verify-full&application_name=x";
        let options = read(&target(given), &Redactor::default()).unwrap();
        assert!(matches!(options.get_ssl_mode(), PgSslMode::VerifyFull));
        assert_eq!((options.get_host(), options.get_port()), ("h", 1));
        assert_eq!(options.get_application_name(), Some("gonogo"));
        let socket = read(&target("postgres:///shop?host=/run/pg&user=app"), &Redactor::default()).unwrap();
        assert!(is_local_socket(&socket), "{}", shown(&socket));
    }

    #[test]
    fn what_is_wrong_is_said_without_the_password() {
        for (wrong, said) in [
            ("", "not a URL"),
            ("postgres://app:canary@h:port/shop", "not a URL"),
            ("mysql://app:canary@h/shop", "postgres://"),
            ("postgres://app:canary@/shop", "no"),
            ("postgres:///shop", "names no host"),
            ("postgres://app:canary@h/shop?sslmode=maybe", "parameter"),
        ] {
            let error = read(&target(wrong), &Redactor::default()).unwrap_err().to_string();
            assert!(error.contains(said) && !error.contains("canary"), "{wrong}: {error}");
        }
    }

    #[test]
    fn every_spelling_of_a_password_is_made_known() {
        let secrets = Redactor::default();
        let address = "postgres://app:can%26ary%2B1@h/shop?sslpassword=canary-key-2";
        read(&target(address), &secrets).unwrap();
        for secret in ["can%26ary%2B1", "can&ary+1", "canary-key-2"] {
            assert!(!secrets.redact(&format!("it is {secret}")).contains(secret), "{secret}");
        }
    }
}
