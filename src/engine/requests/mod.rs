//! What is asked of the engine: one file a request.

pub(crate) mod apply;
pub(crate) mod check;
pub(crate) mod disable;
pub(crate) mod look;
pub(crate) mod plan;
pub(crate) mod resume;
pub(crate) mod set_token;
pub(crate) mod start;
pub(crate) mod status;
pub(crate) mod sync;
pub(crate) mod undo;
pub(crate) mod verify_token;
