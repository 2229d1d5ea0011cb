//! For GitHub Actions: annotations in the log of a step, and the summary of a step.

mod annotations;
mod summary;

pub(crate) use annotations::annotations;
pub(crate) use summary::summary;
