//! Step 1: the settings that let the server talk to the cloud, and the restart that makes them count.

use super::{Known, Note, Step};
use crate::domain::{
    check::Cause,
    request::{Phase, RegionBy},
    sync::{StepName, StepState},
};

/// The step.
pub const STEP: Step = Step {
    name: StepName::Configure,
    code: "configure",
    note,
    phases: &[
        Phase::Gate,
        Phase::Pull,
        Phase::Write,
        Phase::ComposeConfig,
        Phase::Restart,
        Phase::Answer,
        Phase::Prove,
    ],
};

/// How long a restart takes, in seconds, on an ordinary server (`bitwarden.md` F9).
pub const RESTART_SECONDS: i64 = 90;

/// What there is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToDo {
    /// It could not be planned: what was found says why.
    NoPlan,
    /// The region is not concluded; a person must say it.
    ChooseRegion,
    /// The file changes, then the restart.
    Write,
    /// The file is right, the running server does not have it yet.
    Restart,
    /// Nothing.
    Nothing,
}

/// What there is to do in this step.
pub fn to_do(known: &Known) -> ToDo {
    match &known.plan {
        None => ToDo::NoPlan,
        Some(plan) if plan.region.concluded.is_none() && plan.region.by == RegionBy::File => {
            ToDo::ChooseRegion
        }
        Some(plan) if !plan.changes.is_empty() => ToDo::Write,
        Some(plan) if plan.restart.needed => ToDo::Restart,
        Some(_) => ToDo::Nothing,
    }
}

fn note(known: &Known) -> Note {
    let Some(plan) = &known.plan else { return Note::new("configure-unknown") };
    if known.standing(StepName::Configure) == StepState::Done {
        return Note::with("configure-on", plan.region.planned.setting());
    }
    match to_do(known) {
        ToDo::Restart => Note::new("configure-restart"),
        ToDo::ChooseRegion => Note::new("configure-region-open"),
        _ if known.has(Cause::InstallationWrongRegion) || known.has(Cause::ConfigHalfRegion) => {
            Note::with("configure-other-region", plan.region.planned.setting())
        }
        _ => Note::with("configure-off", RESTART_SECONDS.to_string()),
    }
}
