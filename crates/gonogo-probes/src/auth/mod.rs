//! Who may do what on a running service: its tokens, its operations, its logins and how it keeps
//! passwords. Everything is tried with synthetic users that a flow makes.

mod hash;
mod jwt;
mod lockout;
mod matrix;
mod password_hash;

use crate::probe::{Registered, register};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[
    register::<jwt::Jwt>(),
    register::<lockout::Lockout>(),
    register::<matrix::Matrix>(),
    register::<password_hash::PasswordHash>(),
];
