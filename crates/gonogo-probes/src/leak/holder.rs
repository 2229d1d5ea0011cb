//! Files that are there to hold credentials: `.env`, `.npmrc`, the state of Terraform. Their
//! names say so, and what is in them says how many they hold.

use crate::credential::variable::{self, Kind};
use crate::repository::{folder_of, name_of};

/// What a file is there to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder {
    EnvFile,
    Registry,
    Passwords,
    Cluster,
    TerraformState,
    MasterKey,
    Keystore,
}

impl Holder {
    pub(super) fn name(self) -> &'static str {
        match self {
            Holder::EnvFile => "env file",
            Holder::Registry => "registry login",
            Holder::Passwords => "password file",
            Holder::Cluster => "cluster login",
            Holder::TerraformState => "terraform state",
            Holder::MasterKey => "master key",
            Holder::Keystore => "keystore",
        }
    }
}

/// What the name of a file says, when it is one of them.
pub(super) fn of_path(path: &str) -> Option<Holder> {
    let lower = path.to_lowercase();
    let name = name_of(&lower);
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    let is_env = name == ".env" || name.starts_with(".env.") || name.ends_with(".env");
    match name {
        _ if is_env => (!is_template(name)).then_some(Holder::EnvFile),
        ".npmrc" | ".pypirc" | ".dockercfg" | ".yarnrc.yml" | "nuget.config" => Some(Holder::Registry),
        "config.json" if name_of(folder_of(&lower)) == ".docker" => Some(Holder::Registry),
        ".htpasswd" | ".netrc" | "_netrc" | ".pgpass" | ".git-credentials" => Some(Holder::Passwords),
        "kubeconfig" => Some(Holder::Cluster),
        "config" if name_of(folder_of(&lower)) == ".kube" => Some(Holder::Cluster),
        "master.key" => Some(Holder::MasterKey),
        _ if ends(&[".kubeconfig"]) || name.starts_with("kubeconfig.") => Some(Holder::Cluster),
        _ if ends(&[".tfstate", ".tfstate.backup"]) => Some(Holder::TerraformState),
        _ if ends(&[".p12", ".pfx", ".jks", ".jceks", ".keystore", ".kdbx"]) => {
            (!name.contains("trust") && !name.contains("cacert")).then_some(Holder::Keystore)
        }
        _ => None,
    }
}

/// A file to copy and fill in.
fn is_template(name: &str) -> bool {
    const WORDS: [&str; 9] =
        ["example", "sample", "template", "tmpl", "dist", "default", "defaults", "schema", "vault"];
    name.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| WORDS.contains(&part))
}

/// The place of the first credential and how many there are: `(offset, count)`.
pub(super) fn held(holder: Holder, bytes: &[u8]) -> (usize, usize) {
    let starts = |magics: &[&[u8]]| magics.iter().any(|magic| bytes.starts_with(magic));
    if holder == Holder::Keystore {
        let is_one = starts(&[b"\x30\x82", b"\xfe\xed\xfe\xed", b"\xce\xce\xce\xce", b"\x03\xd9\xa2\x9a"]);
        return (0, usize::from(is_one));
    }
    let text = String::from_utf8_lossy(bytes);
    if holder == Holder::TerraformState {
        let squeezed: String = text.chars().take(1 << 20).filter(|c| !c.is_whitespace()).collect();
        return (0, usize::from(squeezed.contains("\"resources\":[{")));
    }
    let (mut first, mut count, mut offset) = (0, 0, 0);
    for line in text.split_inclusive('\n') {
        if is_credential(holder, line.trim()) {
            if count == 0 {
                first = offset;
            }
            count += 1;
        }
        offset += line.len();
    }
    (first, count)
}

fn is_credential(holder: Holder, line: &str) -> bool {
    if line.starts_with(['#', ';']) {
        return false;
    }
    let value_of = |names: &[&str]| {
        let split = |(at, sign): (usize, &str)| Some((line.get(..at)?, line.get(at + sign.len()..)?));
        let mut entries = line.match_indices(['=', ':']).filter_map(split);
        let is_named = |name: &str| {
            let name = name.trim().trim_matches('"').to_lowercase();
            names.iter().any(|ending| name.ends_with(ending))
        };
        let (_, value) = entries.find(|(name, _)| is_named(name))?;
        Some(value.split([',', '}']).next()?.trim().trim_matches(['"', '\'']))
    };
    let is_literal = |value: &str| {
        value.len() >= 6 && !value.starts_with(['$', '%', '<', '{']) && !variable::is_default(value)
    };
    match holder {
        Holder::EnvFile => {
            let (name, value) =
                line.strip_prefix("export ").unwrap_or(line).split_once('=').unwrap_or_default();
            let value = value.trim().trim_matches(['"', '\'']);
            variable::kind(name.trim(), value) == Kind::Secret && is_literal(value) && value.len() >= 8
        }
        Holder::Registry => {
            value_of(&["_authtoken", "_auth", "_password", "password", "npmauthtoken", "auth"])
                .is_some_and(is_literal)
        }
        Holder::Cluster => value_of(&["client-key-data", "token", "password"]).is_some_and(is_literal),
        Holder::Passwords => is_password_line(line),
        Holder::MasterKey => line.len() == 32 && line.bytes().all(|byte| byte.is_ascii_hexdigit()),
        Holder::TerraformState | Holder::Keystore => false,
    }
}

/// `user:$apr1$…`, `machine host login user password word`, `host:port:database:user:password`.
fn is_password_line(line: &str) -> bool {
    let word_after = line.split_whitespace().skip_while(|word| *word != "password").nth(1);
    let hash = line.split_once(':').map_or("", |(_, hash)| hash);
    let is_hash = ["$apr1$", "$2y$", "$2a$", "$2b$", "$5$", "$6$", "{SHA}", "{SSHA}"]
        .iter()
        .any(|start| hash.starts_with(start));
    let fields: Vec<&str> = line.split(':').collect();
    let pgpass = fields.last().filter(|_| fields.len() == 5 && !line.contains("://"));
    is_hash
        || [word_after, pgpass.copied()]
            .into_iter()
            .flatten()
            .any(|word| word.len() >= 6 && !variable::is_default(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_a_file_holds() {
        for (path, holder) in [
            (".env", Some(Holder::EnvFile)),
            ("api/.env.production", Some(Holder::EnvFile)),
            ("prod.env", Some(Holder::EnvFile)),
            (".env.example", None),
            ("sample.env", None),
            (".env.vault", None),
            ("a/.npmrc", Some(Holder::Registry)),
            (".docker/config.json", Some(Holder::Registry)),
            ("config.json", None),
            ("infra/terraform.tfstate", Some(Holder::TerraformState)),
            ("app.JKS", Some(Holder::Keystore)),
            ("truststore.jks", None),
            ("config/master.key", Some(Holder::MasterKey)),
            ("src/env.rs", None),
        ] {
            assert_eq!(of_path(path), holder, "{path}");
        }
    }

    #[test]
    fn what_is_in_a_file_says_how_many_it_holds() {
        for (holder, text, expected) in [
            (Holder::EnvFile, "A=1\nJWT_SECRET=q3J9xZ0mKf7L\nAPI_KEY=changeme\nB_TOKEN=${T}\n", (4, 1)),
            (
                Holder::EnvFile,
                "DB_PASSWORD=postgres\nSECRET_FILE=/run/secrets/x\n# OLD_TOKEN=q3J9xZ0mKf7L\n",
                (0, 0),
            ),
            (Holder::Registry, "//registry.npmjs.org/:_authToken=q3J9-xZ0m-Kf7L\n", (0, 1)),
            (Holder::Registry, "//registry.npmjs.org/:_authToken=${NPM_TOKEN}\nregistry=https://x\n", (0, 0)),
            (Holder::Registry, "{ \"auths\": { \"x\": {\n \"auth\": \"dXNlcjpxM0o5eFow\" } } }", (20, 1)),
            (Holder::Passwords, "anna:$apr1$x$y\n", (0, 1)),
            (Holder::Passwords, "machine x login y password q3J9xZ0m\n", (0, 1)),
            (Holder::Passwords, "db:5432:app:app:q3J9xZ0m\n", (0, 1)),
            (Holder::Cluster, "kind: Config\n    client-key-data: LS0tLS1CRUdJTg\n", (13, 1)),
            (Holder::TerraformState, "{ \"version\": 4, \"resources\": [\n { } ] }", (0, 1)),
            (Holder::TerraformState, "{ \"version\": 4, \"resources\": [] }", (0, 0)),
            (Holder::MasterKey, "0f8fad5bd9cb469fa16570867728950e\n", (0, 1)),
            (Holder::Keystore, "text", (0, 0)),
        ] {
            assert_eq!(held(holder, text.as_bytes()), expected, "{text}");
        }
    }
}
