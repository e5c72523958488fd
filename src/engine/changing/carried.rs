//! How far a change went, and what that comes to: exit code, conclusions and the journal's last line agree.

use std::{collections::BTreeSet, path::PathBuf};

use crate::domain::{
    action::Set,
    check::{Finding, Severity},
    exit::{Asking, after_change},
    journal::Ending,
    request::{Body, Changed, FileAfter, Outcome, RestartPlan, RestartResult, Root},
    restart::Part,
};

use crate::engine::{
    changing::{restart, verdict::Blamed},
    conclude::{self, Stop},
};

#[cfg(test)]
mod tests;

/// How far it went.
#[derive(Debug, Default)]
pub(crate) struct Carried {
    pub(crate) backup: Option<PathBuf>,
    pub(crate) proved: Option<bool>,
    /// Whether the server was restarted, by this run or by the one that it picks up.
    pub(crate) ran: bool,
    /// The containers before that; none where nobody could look.
    pub(crate) before: Option<Vec<Part>>,
    pub(crate) ended: restart::Ended,
    pub(crate) up: Option<bool>,
    pub(crate) changed: BTreeSet<Changed>,
    /// The settings that this run gave a value.
    pub(crate) sets: Vec<Set>,
    /// SHA-256 (hex) of the file that it wrote.
    pub(crate) wrote: String,
    /// Whether what the run wrote stands that it picks up.
    pub(crate) stands: bool,
    /// What became of the file that it wrote.
    pub(crate) file: FileAfter,
    /// The setting of ours that stopped the server: the old file is to go back.
    pub(crate) blamed: Option<Blamed>,
    /// What is to be told beside what stopped it.
    pub(crate) noted: Vec<Root>,
    pub(crate) stopped: Option<Stop>,
    /// The journal could not be written any more: nothing that changes something is begun after that.
    pub(crate) unwritten: Option<Finding>,
}

/// How the run ends, as the journal has it.
pub(crate) fn ending(carried: &Carried) -> Ending {
    match (&carried.stopped, carried.changed.contains(&Changed::Settings), &carried.backup) {
        (None, ..) => Ending::Success,
        (Some(_), false, Some(_)) => Ending::RolledBack,
        (Some(_), ..) => Ending::Failure,
    }
}

impl Carried {
    /// What became of the restart.
    pub(crate) fn restart_result(&self, plan: RestartPlan) -> RestartResult {
        RestartResult { plan, ran: self.ran, exit: self.ended.exit, up: self.up, file: self.file }
    }

    /// The outcome: 5 or 6 once something was changed and did not come out well, else what the root says.
    pub(crate) fn outcome(self, body: Body) -> Outcome {
        let mut outcome = match self.stopped {
            Some(Stop::Problem(problem)) => conclude::problem(problem, body),
            Some(Stop::Root(root)) => conclude::outcome(in_order(*root, self.noted), Asking::Acting, body),
            None => conclude::outcome(self.noted, Asking::Acting, body),
        };
        outcome.exit = after_change(outcome.exit, !self.changed.is_empty(), self.ran, self.up);
        conclude::changed(outcome, self.changed)
    }
}

/// What stopped it, with what else is told: that nobody saw the server after the way back comes first, since it
/// decides how the run ends; a warning last.
fn in_order(root: Root, noted: Vec<Root>) -> Vec<Root> {
    let (first, last): (Vec<_>, Vec<_>) =
        noted.into_iter().partition(|root| root.conclusion.severity == Severity::Unknown);
    first.into_iter().chain([root]).chain(last).collect()
}
