//! What a person reads about a code, the same on the screen and in the answer of a command: strings only, never
//! spans or terminal codes.

mod command;
mod standing;

pub use command::whole;
pub use standing::{changed, moment, server, settings_count};
