//! This machine: files, locks, owners, containers, the restart, the server's log, the clock.
//!
//! Everything that only touches files is a plain synchronous function: call it inside
//! `tokio::task::spawn_blocking`. What runs other programs ([`process`], [`compose`], [`restart`]) is async.
//! Started as root, all of it works with the rights of the installation's owner ([`rights`]).

pub mod clock;
pub mod compose;
pub mod compose_file;
pub mod containers;
pub mod files;
pub mod find;
pub mod flavour;
pub mod installation;
pub mod keeper;
mod lite;
pub mod locate;
pub mod lock;
pub mod logs;
pub mod marks;
pub mod memory;
pub mod ports;
pub mod preflight;
pub mod process;
pub mod progress;
pub mod redact;
pub mod restart;
pub mod resume;
pub mod rights;
mod shell;
pub mod space;
pub mod standing;
pub mod state;
pub mod user;

pub use rights::Rights;
pub use user::User;
