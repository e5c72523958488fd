//! Requests under way and ended: what each is for, its phases with their time, what it said.

use time::OffsetDateTime;

use super::RunId;
use crate::domain::{
    installation::ContainerProgress,
    request::{Changes, Outcome, Phase, PhaseState, Request},
};

/// What a run is for; of each at most one is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// Looking at everything.
    Look,
    /// Settings and restart.
    Apply,
    /// The old settings back.
    Undo,
    /// The containers started from the images that are here.
    Up,
    /// Picking up a run that was interrupted.
    Resume,
    /// Asking the cloud about the token.
    Verify,
    /// Saving the connection.
    Save,
    /// Triggering the sync.
    Sync,
    /// Reading how it stands.
    Status,
}

/// A phase of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhaseRow {
    /// Which one.
    pub phase: Phase,
    /// How it goes.
    pub state: PhaseState,
    /// When it began.
    pub began: OffsetDateTime,
    /// When it ended.
    pub ended: Option<OffsetDateTime>,
}

/// A request under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its answers carry this.
    pub id: RunId,
    /// What it is for.
    pub what: What,
    /// What was asked, as it was asked: going on after a refusal asks for the same again.
    pub request: Request,
    /// When it began.
    pub began: OffsetDateTime,
    /// Its phases so far.
    pub phases: Vec<PhaseRow>,
    /// Output of the commands it runs, the last lines.
    pub output: Vec<String>,
    /// The command that runs.
    pub command: Option<String>,
    /// What became of each container, in the order in which they were named.
    pub containers: Vec<ContainerProgress>,
}

impl Run {
    /// What it changes; what changes something is never stopped for another.
    pub fn changes(&self) -> Changes {
        self.request.changes()
    }

    /// Whether the server was asked to change something: from then on it is neither cut short nor left untold.
    pub fn is_waited_for(&self) -> bool {
        let sent = |row: &PhaseRow| matches!(row.phase, Phase::SaveConnection | Phase::TriggerSync);
        self.changes() == Changes::Server && self.phases.iter().any(sent)
    }
}

/// A request that ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// How it went.
    pub run: Run,
    /// How it ended.
    pub outcome: Outcome,
    /// When.
    pub at: OffsetDateTime,
}
