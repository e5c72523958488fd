//! Signals that end the program, with their exit codes.

use std::io;

use futures_util::{Stream, StreamExt, stream};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::domain::exit::Exit;

/// HUP, INT and TERM, as they come.
///
/// # Errors
/// Where they cannot be heard.
pub(super) fn listen() -> io::Result<impl Stream<Item = Exit> + Unpin> {
    let kinds = [
        (SignalKind::hangup(), Exit::Hangup),
        (SignalKind::interrupt(), Exit::Interrupted),
        (SignalKind::terminate(), Exit::Terminated),
    ];
    let mut heard = Vec::new();
    for (kind, exit) in kinds {
        heard.push(each(signal(kind)?, exit).boxed());
    }
    Ok(stream::select_all(heard))
}

fn each(signal: Signal, exit: Exit) -> impl Stream<Item = Exit> + Send {
    stream::unfold(signal, move |mut signal| async move { signal.recv().await.map(|()| (exit, signal)) })
}
