//! What makes a text a credential, for every family that meets one: values that only look like
//! secrets, what the name of a variable says about its value, and how issuers write their tokens.
//! Values go in; no value comes out.

pub(crate) mod issuers;
pub(crate) mod lookalike;
pub(crate) mod strength;
pub(crate) mod variable;
