//! The words of readiness documents in several languages, each with its meaning. Tables only.

pub(crate) mod name;
pub(crate) mod state;
