//! What the engine says while it works.

use crate::domain::{
    check::CheckEvent,
    installation::{ContainerProgress, Installation, Organization},
    journal::Standing,
};

/// A part of an act that takes time, in the order in which they come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Checking what must hold before anything is written.
    Gate,
    /// Pulling images while the server runs.
    Pull,
    /// Writing the file, keeping the old one.
    Write,
    /// Compose reads the new file.
    ComposeConfig,
    /// `./bitwarden.sh restart`.
    Restart,
    /// Starting the containers from the images that are here.
    Up,
    /// Waiting until the server answers.
    Answer,
    /// Proving that the running server has the new settings.
    Prove,
    /// Asking the cloud about the token.
    AskCloud,
    /// Signing in on the server.
    SignIn,
    /// Saving the connection.
    SaveConnection,
    /// Removing the connection.
    RemoveConnection,
    /// Triggering the sync.
    TriggerSync,
    /// Reading how it stands.
    ReadStatus,
}

impl Phase {
    /// The code of its text.
    pub fn code(self) -> &'static str {
        match self {
            Self::Gate => "gate",
            Self::Pull => "pull",
            Self::Write => "write",
            Self::ComposeConfig => "compose_config",
            Self::Restart => "restart",
            Self::Up => "up",
            Self::Answer => "answer",
            Self::Prove => "prove",
            Self::AskCloud => "ask_cloud",
            Self::SignIn => "sign_in",
            Self::SaveConnection => "save_connection",
            Self::RemoveConnection => "remove_connection",
            Self::TriggerSync => "trigger_sync",
            Self::ReadStatus => "read_status",
        }
    }
}

/// How a phase goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhaseState {
    /// It runs.
    Started,
    /// It went well.
    Done,
    /// It did not.
    Failed,
    /// There was no need, or no way, and that is no fault.
    Skipped,
}

/// What the engine says while it works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The installation was found; nobody was contacted yet.
    Found(Box<Installation>, Option<Organization>),
    /// How things stand, by the journals of all runs and what was seen just now.
    Stands(Box<Standing>),
    /// These hosts are about to be asked (design §6-11).
    Asking(Vec<String>),
    /// A check started or is done.
    Check(CheckEvent),
    /// A phase of an act.
    Phase(Phase, PhaseState),
    /// A line of a command's output, cleaned.
    Output(String),
    /// What becomes of a container, as such a line tells it.
    Container(ContainerProgress),
    /// A command that is being run, for `-v` and the list of commands.
    Command(String),
    /// What is followed was stopped; `kill -CONT -PID` lets this process and its group go on.
    Stopped(u32),
    /// The server was taken down (true) or answers again (false).
    Down(bool),
}

/// Where the engine says what it does while it works.
pub type Sink = std::sync::Arc<dyn Fn(Event) + Send + Sync>;
