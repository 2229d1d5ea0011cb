//! YAML as a tree in which every key and value knows its line and column.
//! This room knows nothing of specs: packs and audited files are read with it too.

mod deserialize;
mod documents;
mod node;
mod parse;
mod shape;

pub use deserialize::At;
pub use documents::parse_all;
pub use node::{Key, Kind, Node};
pub use parse::{Limits, parse};
pub use shape::ShapeError;

use serde::de::DeserializeOwned;

/// Reads a typed value from a node; the error points at the node that does not fit.
///
/// # Errors
/// [`ShapeError`] for the first key or value that `T` does not have.
pub fn read<T: DeserializeOwned>(node: &Node) -> Result<T, ShapeError> {
    T::deserialize(node).map_err(|error| error.or_at(node.place))
}
