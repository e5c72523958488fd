//! bwsync sets up automatic billing sync between a self-hosted Bitwarden server and the Bitwarden cloud,
//! finds out why it does not work, and shows how it stands.
//!
//! Read the house from the bottom: [`domain`] holds facts and rules and does nothing. [`net`], [`probe`],
//! [`bitwarden`] and [`system`] each know one part of the outside world. [`engine`] joins them into what the
//! program does. [`steps`] are the four steps as data; [`app`] and [`view`] make a screen of them, [`runtime`]
//! drives it on a terminal; [`cli`] is the same without a screen. [`text`] is all that a person reads, and
//! [`wording`] says in it, for both, what codes mean. [`simulator`] is a whole Bitwarden to try it on. [`front`] is
//! the only place that composes these.

mod app;
mod bitwarden;
mod cli;
mod domain;
mod engine;
pub mod front;
mod net;
mod probe;
mod runtime;
mod simulator;
mod steps;
mod system;
#[doc(hidden)]
pub mod tested;
mod text;
mod view;
mod wording;

#[cfg(test)]
#[path = "../tests/support/needs.rs"]
mod needs;
