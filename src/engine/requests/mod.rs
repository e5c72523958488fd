//! What is asked of the engine: one file a request.

pub(crate) mod apply;
pub(crate) mod disable;
pub(crate) mod look;
pub(crate) mod plan;
pub(crate) mod resume;
pub(crate) mod status;
pub(crate) mod sync;
pub(crate) mod token;
pub(crate) mod undo;
