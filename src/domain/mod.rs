//! The facts and rules of billing sync: no input or output, terminal, clock, randomness, network or language.
//!
//! Everything here speaks codes and arguments; sentences are made at the edge.

pub mod action;
pub mod answers;
pub mod check;
pub mod env_file;
pub mod exit;
pub mod guid;
pub mod installation;
pub mod journal;
pub mod license;
pub mod outside;
pub mod region;
pub mod request;
pub mod restart;
pub mod risk;
pub mod secret;
pub mod settings;
pub mod sync;
pub mod witness;
