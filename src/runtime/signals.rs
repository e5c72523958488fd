//! Signals that end the program, as a stream for the loop.

use std::io;

use futures_util::{Stream, StreamExt, stream};

use crate::{domain::exit::Exit, engine::signals::Signals};

/// HUP (unless it was ignored when we began), INT and TERM, as they come.
///
/// # Errors
/// Where they cannot be heard.
pub(super) fn listen() -> io::Result<impl Stream<Item = Exit> + Unpin> {
    let next = |mut signals: Signals| async move { Some((signals.next().await, signals)) };
    Ok(stream::unfold(Signals::listen()?, next).boxed())
}
