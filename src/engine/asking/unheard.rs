//! A change on the server that was sent and that nobody answered: the server is asked what it has now, again and
//! again within a bound, since it may still be at it.

use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::time::{Instant, sleep, timeout_at};

use crate::{bitwarden::Undone, domain::check::Finding};

/// What such a change came to, as far as it could be seen.
pub(crate) enum Seen<T> {
    /// It was done.
    Done(T),
    /// It was not: at the last look it had not come about.
    Not,
    /// Nobody could look to the end.
    Unknown,
}

/// How long the server may still be at it: no longer at all where it said itself that it is over.
pub(crate) fn until(undone: &Undone, bound: Instant) -> Instant {
    match undone {
        Undone::Unheard(_) => bound,
        Undone::Not(_) | Undone::Over(_) => Instant::now(),
    }
}

/// Looks until it is done or the time is over; at least once.
pub(crate) async fn look<'a, T>(
    until: Instant,
    pause: Duration,
    look: impl Fn() -> BoxFuture<'a, Result<Option<T>, Finding>>,
) -> Seen<T> {
    loop {
        // One look may outlast the bound a little, so that there is one.
        let seen = timeout_at(until.max(Instant::now() + crate::net::STAGE_TIMEOUT), look()).await;
        let seen = match seen {
            Ok(Ok(Some(done))) => return Seen::Done(done),
            Ok(Ok(None)) => Seen::Not,
            Ok(Err(_)) | Err(_) => Seen::Unknown,
        };
        if Instant::now() + pause >= until {
            return seen;
        }
        sleep(pause).await;
    }
}
