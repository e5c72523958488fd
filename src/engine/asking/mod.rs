//! How somebody is asked: the way to the server, who signs in, and what is kept of that.

pub(crate) mod choice;
pub(crate) mod reach;
pub mod secret_file;
pub(crate) mod session;
pub(crate) mod sign_in;
pub(crate) mod unheard;
