//! The nouns of gonogo, and how each is made from text or from an earlier noun.
//! This crate does no I/O and holds no opinion: no clock, file, socket, environment or randomness.

pub mod amount;
pub mod catalog;
mod counts;
pub mod diagnostic;
pub mod digest;
pub mod evidence;
pub mod exit;
pub mod expression;
pub mod fact;
pub mod flow;
pub mod lineage;
pub mod load;
pub mod offset;
pub mod place;
pub mod plan;
pub mod register;
pub mod sampling;
pub mod schedule;
pub mod spec;
pub mod status;
pub mod verdict;
pub mod yaml;
