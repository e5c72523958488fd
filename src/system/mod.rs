//! This machine: files, locks, owners, containers, the restart, the server's log, the clock.
//!
//! Everything that only touches files is a plain synchronous function: call it inside
//! `tokio::task::spawn_blocking`. What runs other programs ([`process`], [`compose`], [`restart`]) is async.
//! Started as root, all of it works with the rights of the installation's owner ([`rights`]).

pub mod clock;
pub mod compose;
pub mod containers;
pub mod files;
pub mod installation;
pub mod locate;
pub mod lock;
pub mod logs;
pub mod process;
pub mod redact;
pub mod restart;
pub mod rights;
pub mod state;
pub mod user;

pub use rights::Rights;
pub use user::User;
