//! The drive: files of a user within a quota. The bytes come and go over presigned addresses.

mod file;
mod object;
mod presign;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::node::Node;
use crate::routes::Routes;

pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .post("/files", file::create)
        .get("/files", file::list)
        .get("/files/{id}", file::show)
        .post("/files/{id}/complete", file::complete)
        .delete("/files/{id}", file::delete)
        .get("/quota", file::quota)
        .put("/objects/{key}", object::put)
        .get("/objects/{key}", object::get)
}

/// The fault `undocumented-operation`.
pub(crate) async fn debug(State(node): State<Arc<Node>>) -> Json<Value> {
    Json(json!({ "database_pool": node.config.pool_size, "cache": node.cache.kind() }))
}
