//! The keeper: a small process of ours, in a session of its own, that takes containers down or up and stays until
//! that is done, whatever becomes of whoever asked for it (design §11).
//!
//! It is this program, run again with a hidden first argument. It holds the installation's lock as long as it
//! lives, so no second restart can begin beside it. What it runs writes to memory; the keeper takes the secrets
//! out before a line reaches the disk ([`output`], [`log`]), and writes down what was begun and how that ended
//! ([`record`]). Everybody follows it by these two files ([`follow`]): the run that began it, and `resume` in
//! another terminal.
//!
//! Order of the beginning ([`start`]): the keeper is there and waits; that it is goes to the journal; only then is
//! it told what to do. A keeper that is not told everything does nothing ([`keep`]).

mod follow;
mod keep;
mod log;
mod output;
mod record;
mod spec;
mod start;

use std::{fs::File, path::PathBuf};

pub use follow::{End, Following, Told};
pub use keep::keep;
pub use record::{Process, Record};
pub use start::{Order, Waiting, prepare};

/// The first argument of a keeper.
pub const ARGUMENT: &str = "__keep";

/// The two files of what a keeper does.
#[derive(Debug)]
pub struct Files {
    /// Where the output goes, without secrets.
    pub path: PathBuf,
    /// That file.
    pub log: File,
    /// What was begun, and how it ended.
    pub record: File,
}
