//! An embedded Bitwarden on loopback, with scenarios of faults: two clouds, a self-hosted server and its folder.
//!
//! It knows the facts of `domain` but none of our clients, so that one mistake cannot pass on both sides. Everything
//! stands behind TLS of its own authority and is reached under the genuine host names through `--connect-to`.

pub mod ca;
pub mod cloud;
pub mod folder;
mod furnish;
pub mod jwt;
pub mod limits;
pub mod listen;
pub mod message;
mod papers;
mod root;
mod running;
pub mod scenario;
pub mod server;
pub mod token_request;
pub mod user_login;

pub use running::{Running, scenarios, start};
