//! Migrations that are programs: they are not run, so what they do is not known. They are named,
//! so that nobody takes silence for soundness.

use std::collections::BTreeMap;

use crate::repository::{Kind, Repository, folder_of};

/// Each folder of such migrations, with why it was not looked at.
pub(super) fn folders(repository: &Repository) -> Vec<(String, String)> {
    let mut folders: BTreeMap<&str, (&'static str, usize)> = BTreeMap::new();
    for path in repository.of_kind(Kind::Migration).into_iter().filter(|path| !path.ends_with(".sql")) {
        let how = how(path);
        let (_, count) = folders.entry(folder_of(path)).or_insert((how, 0));
        *count = count.saturating_add(1);
    }
    let said = folders.into_iter().map(|(folder, (how, count))| {
        let name = if folder.is_empty() { "." } else { folder };
        (
            name.to_owned(),
            format!(
                "holds {count} migrations written as programs, which are not run; {how} and look at that SQL"
            ),
        )
    });
    said.collect()
}

/// How the tool writes its migrations as SQL.
fn how(path: &str) -> &'static str {
    match path {
        path if path.ends_with(".rb") => {
            "let `config.active_record.schema_format = :sql` and `rails db:migrate` log it"
        }
        path if path.contains("versions/") => "write it with `alembic upgrade head --sql`",
        _ => "write it with `manage.py sqlmigrate`",
    }
}
