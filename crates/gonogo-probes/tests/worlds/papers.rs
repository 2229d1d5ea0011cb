//! Certificates for the servers of a world, signed by one authority, whose certificate is
//! `${AUTHORITY}`. It does not know which server shows them.

use std::sync::OnceLock;

use serde::Deserialize;
use testbed_servers::{Authority, Leaf, Paper};

use super::World;

/// `tls: { names: [localhost], from_days: -1, until_days: 90 }`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    names: Option<Vec<String>>,
    from_days: Option<i32>,
    until_days: Option<i32>,
}

/// A certificate for the server called `name`.
pub(super) fn issue(world: &mut World, name: &str, wanted: &Wanted) -> Result<Paper, String> {
    static AUTHORITY: OnceLock<Result<Authority, String>> = OnceLock::new();
    let authority = AUTHORITY.get_or_init(|| Authority::new().map_err(|error| error.to_string()));
    let authority = authority.as_ref().map_err(String::clone)?;
    let usual = Leaf::default();
    let leaf = Leaf {
        names: wanted.names.clone().unwrap_or(usual.names),
        from_days: wanted.from_days.unwrap_or(usual.from_days),
        until_days: wanted.until_days.unwrap_or(usual.until_days),
    };
    let folder = world.folder.path().join(format!("papers-{name}"));
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let paper = authority.issue(&leaf, &folder).map_err(|error| error.to_string())?;
    world.places.insert("AUTHORITY".to_owned(), paper.authority.display().to_string());
    Ok(paper)
}
