//! What can be done without the image registry: bring up a server that a run left down, or write and start from the
//! images that are here.

use super::{State, What};
use crate::domain::check::Cause;

/// What can be done without the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithoutPull {
    /// The server is down: its containers from the images that are here.
    WayUp,
    /// Nothing was written since the pull failed: write, and start from those images.
    Apply,
}

/// Whether a server that a run left down can be brought up here: nothing is at work that does it, and Docker
/// answers, as far as that is known.
pub fn way_up(state: &State) -> bool {
    let stands = &state.ledger.stands;
    let can = stands.rescue.as_ref().is_none_or(|rescue| rescue.by_us);
    stands.needs_rescue() && can && state.changing().is_none()
}

/// What can be done without the registry: now, or after what the last apply left.
pub fn without_pull(state: &State) -> Option<WithoutPull> {
    if way_up(state) {
        return Some(WithoutPull::WayUp);
    }
    let outcome = &state.ended(What::Apply)?.outcome;
    let no_images = [Cause::RestartRegistryUnreachable, Cause::RestartRegistryRefused];
    let not_pulled = || outcome.roots.iter().any(|root| no_images.contains(&root.conclusion.cause));
    if outcome.changed.is_empty() && not_pulled() { Some(WithoutPull::Apply) } else { None }
}
