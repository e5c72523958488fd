//! The system's room against real folders, locks and programs: stand-ins written here play `docker` and
//! `bitwarden.sh`. What needs root says so when it skips.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs)]

mod afterwards;
mod files;
mod fixture;
mod flavours;
#[path = "../support/needs.rs"]
mod needs;
mod programs;
mod pulls;
mod recorded;
mod state;
