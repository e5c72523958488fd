//! Clients of the Bitwarden cloud and of the self-hosted server: they send what the genuine programs send,
//! and hand the answers to [`crate::domain::answers`], which knows what they mean.

mod cloud;
mod server;
mod wire;

pub use cloud::Cloud;
pub use server::{Device, Genuine, SYNC_TIMEOUT, Server, Undone};
