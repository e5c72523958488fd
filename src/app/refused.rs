//! What was refused, and the risk under which it is asked again: the request itself, exactly as it was.

use super::{Ended, Run, State, What};
use crate::domain::request::{Problem, Risk};

impl State {
    /// The request that was refused last, and the risk that stands between it and going on.
    pub fn refused(&self) -> Option<(&Run, Risk)> {
        let ended = [What::Apply, What::Undo, What::Up, What::Resume];
        let ended = ended.into_iter().filter_map(|what| self.ended(what)).max_by_key(|ended| ended.run.id)?;
        Some((&ended.run, risk_of(ended)?))
    }
}

fn risk_of(ended: &Ended) -> Option<Risk> {
    let outcome = &ended.outcome;
    if !outcome.changed.is_empty() {
        return None;
    }
    if matches!(outcome.problem, Some(Problem::RootInstallation)) {
        return Some(Risk::RootInstallation);
    }
    if ended.run.what != What::Apply {
        return None;
    }
    // What stands in the way of the write itself cannot be waved through.
    outcome.roots.first()?.conclusion.cause.accepted_as()
}
