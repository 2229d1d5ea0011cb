//! Conversations: who is in them, what is said, who is there and who types.

pub(crate) mod conversation;
pub(crate) mod hub;
mod message;
mod presence;
mod reaction;
mod search;
mod socket;
mod typing;
mod updates;

use axum::http::StatusCode;

use crate::answer::{Refusal, refuse};
use crate::fault::{Behaviour, Faults};
use crate::routes::Routes;

/// Somebody is no member. It does not tell whether there is such a conversation.
pub(crate) const NO_MEMBER: Refusal =
    refuse(StatusCode::FORBIDDEN, "there is no such conversation that you are in");

pub(crate) fn routes(routes: Routes, faults: &Faults) -> Routes {
    let here = |missing| !faults.on(missing);
    routes
        .post("/conversations", conversation::create)
        .get("/conversations", conversation::list)
        .get("/conversations/{id}", conversation::show)
        .patch("/conversations/{id}", conversation::rename)
        .post("/conversations/{id}/members", conversation::add_member)
        .delete("/conversations/{id}/members/{user}", conversation::remove_member)
        .post("/conversations/{id}/messages", message::post)
        .get("/conversations/{id}/messages", message::page)
        .get("/presence/{user}", presence::show)
        .get("/chat/socket", socket::open)
        .and_if(here(Behaviour::NoLongPoll), |routes| {
            routes.get("/conversations/{id}/updates", updates::wait)
        })
        .and_if(here(Behaviour::NoTyping), |routes| routes.post("/conversations/{id}/typing", typing::post))
        .and_if(here(Behaviour::NoReactions), |routes| {
            routes
                .post("/messages/{id}/reactions", reaction::add)
                .delete("/messages/{id}/reactions/{emoji}", reaction::remove)
        })
        .and_if(here(Behaviour::NoSearch), |routes| routes.get("/search", search::find))
}
