//! What is there: the installation and what runs of it, and what the outside answers to a look.

pub(crate) mod docker;
pub(crate) mod examine;
pub(crate) mod ground;
pub(crate) mod live;
pub(crate) mod open;
pub(crate) mod opinion;
pub(crate) mod select;
pub(crate) mod stands;
pub(crate) mod survey;
