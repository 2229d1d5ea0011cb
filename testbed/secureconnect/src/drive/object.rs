//! The bytes of a file: put once, got often, each with a presigned address.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::file::{self, MOST_BYTES};
use super::presign::{self, Right, Signed};
use crate::answer::{Answer, Asked, NOT_FOUND, Refusal, refuse};
use crate::fault::Behaviour;
use crate::node::Node;

const TOO_LARGE: Refusal =
    refuse(StatusCode::PAYLOAD_TOO_LARGE, "the body has another size than was announced");

/// `PUT /objects/{key}`.
pub(super) async fn put(
    State(node): State<Arc<Node>>,
    Path(key): Path<String>,
    Asked(signed): Asked<Signed>,
    body: Body,
) -> Answer<StatusCode> {
    presign::check(&node, Right::Put, &key, &signed)?;
    let file = file::by_key(&node, &key).await?.filter(|file| !file.deleted).ok_or(NOT_FOUND)?;
    let unchecked = node.has(Behaviour::SizeUnchecked);
    let most = if unchecked { MOST_BYTES } else { file.size };
    let bytes = to_bytes(body, usize::try_from(most).unwrap_or(0)).await.map_err(|_| TOO_LARGE)?;
    if !unchecked && i64::try_from(bytes.len()) != Ok(file.size) {
        return Err(TOO_LARGE);
    }
    node.objects.put(&key, &bytes).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /objects/{key}`: as a download, never as a page.
pub(super) async fn get(
    State(node): State<Arc<Node>>,
    Path(key): Path<String>,
    Asked(signed): Asked<Signed>,
) -> Answer<Response> {
    presign::check(&node, Right::Get, &key, &signed)?;
    let file = file::by_key(&node, &key).await?.ok_or(NOT_FOUND)?;
    if file.deleted && !node.has(Behaviour::DeletedFileReadable) {
        return Err(NOT_FOUND);
    }
    let bytes = node.objects.get(&key).await?;
    let headers = [(CONTENT_TYPE, file.media_type), (CONTENT_DISPOSITION, "attachment".to_owned())];
    Ok((headers, bytes).into_response())
}
