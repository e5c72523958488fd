//! What a person or a script asks of the engine, and what the engine says while it works and when it is done.
//! The screen, the commands and (later) the line prompts share these types; results serialize to the JSON of
//! design §5.

mod asked;
mod event;
mod options;
mod outcome;
mod plan;
mod state;

pub use super::risk::Risk;
pub use asked::{Changes, Request, Restarting, Shown};
pub use event::{Event, Phase, PhaseState, Sink};
pub use options::{ApiKey, Machine, Mapping, Options, RunId};
pub use outcome::{Body, Changed, Outcome, Problem, Root};
pub use plan::{
    ApplyBody, Change, Diff, DiffLine, DiffSign, FileAfter, FileView, Later, Left, LeftWhy, PlanBody,
    RegionBy, RegionView, RestartPlan, RestartResult, UndoBody, Undoing, Why,
};
pub use state::{CheckBody, LookBody, Origin, SettingView, StatusBody, SyncBody, TokenBody};
