//! The rows of files: announced, complete, deleted. The quota counts what was announced too, so that
//! uploads side by side cannot pass it.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::any::AnyRow;
use sqlx::{Row, query};

use super::presign::{self, Right};
use crate::answer::{Answer, Body, Caller, NOT_FOUND, Refusal, bad, refuse};
use crate::fault::Behaviour;
use crate::node::{Node, now_ms};
use crate::random;

/// The largest file.
pub(super) const MOST_BYTES: i64 = 16 * 1024 * 1024;
/// What browsers never run as a page of ours.
const TYPES: [&str; 9] = [
    "application/octet-stream",
    "application/pdf",
    "application/zip",
    "audio/mpeg",
    "image/jpeg",
    "image/png",
    "image/webp",
    "text/plain",
    "video/mp4",
];
const OVER_QUOTA: Refusal =
    refuse(StatusCode::INSUFFICIENT_STORAGE, "the file is larger than what is left of the quota");
const NOT_THERE: Refusal = refuse(StatusCode::CONFLICT, "the file was not uploaded, or has another size");

/// A file of a user.
#[derive(Debug)]
pub(super) struct File {
    id: String,
    pub(super) key: String,
    name: String,
    pub(super) media_type: String,
    pub(super) size: i64,
    complete: bool,
    pub(super) deleted: bool,
}

impl File {
    fn shown(&self) -> Value {
        json!({
            "id": self.id, "name": self.name, "type": self.media_type, "size": self.size,
            "complete": self.complete,
        })
    }
}

#[derive(Deserialize, Serialize)]
pub(super) struct NewFile {
    name: String,
    #[serde(rename = "type")]
    media_type: String,
    size: i64,
}

/// `POST /files`: announces a file, and gives the address to put it to.
pub(super) async fn create(
    State(node): State<Arc<Node>>,
    caller: Caller,
    Body(new): Body<NewFile>,
) -> Answer<(StatusCode, Json<Value>)> {
    check(&node, &new)?;
    let (id, key) = (random::id()?, random::id()?);
    insert(&node, caller.id(), &id, &key, &new).await?;
    let (address, end) = presign::address(&node, Right::Put, &key)?;
    let body = json!({ "id": id, "upload_url": address, "expires_at": end });
    Ok((StatusCode::CREATED, Json(body)))
}

fn check(node: &Node, new: &NewFile) -> Answer<()> {
    let harmless = !new.name.contains(['/', '\\', '\0']) && !new.name.chars().any(char::is_control);
    let fits = (1..=255).contains(&new.name.chars().count()) && ![".", ".."].contains(&new.name.as_str());
    let taken = (harmless && fits) || node.has(Behaviour::FileNamesUnchecked);
    if !taken {
        return Err(bad("a name has 1 to 255 characters and leads nowhere"));
    }
    if !TYPES.contains(&new.media_type.as_str()) && !node.has(Behaviour::TypeUnchecked) {
        return Err(bad("files of this type are not taken"));
    }
    if !(0..=MOST_BYTES).contains(&new.size) {
        return Err(bad("a file has at most 16 MiB"));
    }
    // It goes into a header of the download.
    match new.media_type.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ') {
        true => Ok(()),
        false => Err(bad("the type is none")),
    }
}

/// The check of the quota is a part of the insertion.
async fn insert(node: &Node, owner: &str, id: &str, key: &str, new: &NewFile) -> Answer<()> {
    let quota = match node.has(Behaviour::QuotaIgnored) {
        true => i64::MAX / 2,
        false => node.config.limits.quota_bytes.into(),
    };
    let counted = counts_deleted(node);
    let statement = query(
        "INSERT INTO files (id, owner_id, object_key, name, media_type, size, created_at_ms)
         SELECT u.id_, u.owner_, $3, $4, $5, u.size_, $7
         FROM (SELECT CAST($1 AS TEXT) AS id_, CAST($2 AS TEXT) AS owner_, CAST($6 AS BIGINT) AS size_) u
         WHERE u.size_ + (SELECT CAST(COALESCE(SUM(f.size), 0) AS BIGINT) FROM files f
                          WHERE f.owner_id = u.owner_ AND f.deleted <= $8) <= $9",
    );
    let values = statement.bind(id.to_owned()).bind(owner.to_owned()).bind(key.to_owned());
    let values = values.bind(new.name.clone()).bind(new.media_type.clone()).bind(new.size);
    match node.database.change(values.bind(now_ms()).bind(counted).bind(quota)).await? {
        0 => Err(OVER_QUOTA),
        _ => Ok(()),
    }
}

/// 0, or with the fault `quota-not-returned` 1: deleted files count on.
fn counts_deleted(node: &Node) -> i64 {
    i64::from(node.has(Behaviour::QuotaNotReturned))
}

/// `POST /files/{id}/complete`: the upload is over. Saying it twice is saying it once.
pub(super) async fn complete(
    State(node): State<Arc<Node>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<Json<Value>> {
    let mut file = of(&node, &id, caller.id()).await?;
    let size = node.objects.size(&file.key).await.map_err(|error| match error {
        crate::store::objects::ObjectError::None => NOT_THERE,
        other => other.into(),
    })?;
    if size.cast_signed() != file.size && !node.has(Behaviour::SizeUnchecked) {
        return Err(NOT_THERE);
    }
    node.database.change(query("UPDATE files SET complete = 1 WHERE id = $1").bind(id)).await?;
    file.complete = true;
    Ok(Json(file.shown()))
}

/// `GET /files`.
pub(super) async fn list(State(node): State<Arc<Node>>, caller: Caller) -> Answer<Json<Vec<Value>>> {
    let statement = query(
        "SELECT id, object_key, name, media_type, size, complete, deleted FROM files
         WHERE owner_id = $1 AND deleted = 0 ORDER BY created_at_ms DESC, id LIMIT 1000",
    );
    let rows = node.database.rows(statement.bind(caller.id().to_owned())).await?;
    Ok(Json(rows.iter().map(|row| Ok(file(row)?.shown())).collect::<Result<_, sqlx::Error>>()?))
}

/// `GET /files/{id}`: with an address to get it from.
pub(super) async fn show(
    State(node): State<Arc<Node>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<Json<Value>> {
    let file = match node.has(Behaviour::OtherFileReadable) {
        true => any(&node, &id).await?.ok_or(NOT_FOUND)?,
        false => of(&node, &id, caller.id()).await?,
    };
    let mut shown = file.shown();
    if file.complete {
        let (address, end) = presign::address(&node, Right::Get, &file.key)?;
        shown["download_url"] = address.into();
        shown["expires_at"] = end.into();
    }
    Ok(Json(shown))
}

/// `DELETE /files/{id}`: the bytes go, and their place in the quota is free.
pub(super) async fn delete(
    State(node): State<Arc<Node>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<StatusCode> {
    let file = match node.has(Behaviour::OtherFileDeletable) {
        true => any(&node, &id).await?.ok_or(NOT_FOUND)?,
        false => of(&node, &id, caller.id()).await?,
    };
    if !node.has(Behaviour::DeletedFileReadable) {
        node.objects.delete(&file.key).await?;
    }
    node.database.change(query("UPDATE files SET deleted = 1 WHERE id = $1").bind(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /quota`, in bytes.
pub(super) async fn quota(State(node): State<Arc<Node>>, caller: Caller) -> Answer<Json<Value>> {
    let statement = query(
        "SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) AS used FROM files
         WHERE owner_id = $1 AND deleted <= $2",
    );
    let values = statement.bind(caller.id().to_owned()).bind(counts_deleted(&node));
    let row = node.database.row(values).await?;
    let used = row.map(|row| row.try_get::<i64, _>("used")).transpose()?.unwrap_or(0);
    let shown = match node.has(Behaviour::AnswerBreaksDocument) {
        true => used.to_string().into(),
        false => Value::from(used),
    };
    Ok(Json(json!({ "used": shown, "limit": node.config.limits.quota_bytes })))
}

const BY_ID: &str = "SELECT id, object_key, name, media_type, size, complete, deleted FROM files WHERE id = $1 AND deleted = 0";

/// A file that is not deleted, for its owner. Nobody else learns that it is there.
async fn of(node: &Node, id: &str, owner: &str) -> Answer<File> {
    let statement = query("SELECT id FROM files WHERE id = $1 AND owner_id = $2");
    let owned = node.database.row(statement.bind(id.to_owned()).bind(owner.to_owned())).await?;
    owned.ok_or(NOT_FOUND)?;
    any(node, id).await?.ok_or(NOT_FOUND)
}

async fn any(node: &Node, id: &str) -> Answer<Option<File>> {
    let row = node.database.row(query(BY_ID).bind(id.to_owned())).await?;
    Ok(row.map(|row| file(&row)).transpose()?)
}

/// The file whose bytes have this key, deleted or not.
pub(super) async fn by_key(node: &Node, key: &str) -> Answer<Option<File>> {
    let statement = query(
        "SELECT id, object_key, name, media_type, size, complete, deleted FROM files WHERE object_key = $1",
    );
    let row = node.database.row(statement.bind(key.to_owned())).await?;
    Ok(row.map(|row| file(&row)).transpose()?)
}

fn file(row: &AnyRow) -> Result<File, sqlx::Error> {
    Ok(File {
        id: row.try_get("id")?,
        key: row.try_get("object_key")?,
        name: row.try_get("name")?,
        media_type: row.try_get("media_type")?,
        size: row.try_get("size")?,
        complete: row.try_get::<i64, _>("complete")? == 1,
        deleted: row.try_get::<i64, _>("deleted")? == 1,
    })
}
