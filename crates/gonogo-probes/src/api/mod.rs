//! The operations of a document, asked for real: which document counts, what is sent, who asks, and
//! whether an answer is what was promised. The families that look at whole interfaces share it; it
//! is no probe and has no opinion.

pub(crate) mod ask;
pub(crate) mod cast;
pub(crate) mod compare;
pub(crate) mod document;
pub(crate) mod fill;
pub(crate) mod make;
pub(crate) mod order;
pub(crate) mod schema;
pub(crate) mod wrong;
