//! Step 4: the first sync, and what it changed.

use super::{Known, Note, Step};
use crate::domain::{
    request::Phase,
    sync::{StepName, StepState},
};

/// The step.
pub const STEP: Step = Step {
    name: StepName::TriggerSync,
    code: "trigger-sync",
    note,
    phases: &[Phase::SignIn, Phase::TriggerSync, Phase::ReadStatus],
};

fn note(known: &Known) -> Note {
    let last = known.status.as_ref().and_then(|status| status.license_sync.last);
    match (known.standing(StepName::TriggerSync), last) {
        (StepState::Done, Some(last)) => Note::with("trigger-sync-done-at", last.date().to_string()),
        (StepState::Done, None) => Note::new("trigger-sync-done"),
        (StepState::ToDo, _) => Note::new("trigger-sync-never"),
        (StepState::Unknown, _) => Note::new("trigger-sync-unknown"),
    }
}
