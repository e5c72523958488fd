//! What can be asked of the engine, and what each of it changes: the one answer that the engine, the commands and the
//! screen go by.

use super::ApiKey;
use crate::domain::secret::Secret;

/// How the server comes to have new settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restarting {
    /// Not now (`--no-restart`): somebody restarts it later.
    No,
    /// Pull, then `./bitwarden.sh restart`.
    Script,
    /// No pull and no script: Compose `up -d` with the images that are here, then nginx (`--no-pull`).
    WithoutPull,
}

/// What somebody was shown before the question: the yes is for this and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The env file (SHA-256, hex).
    pub file: String,
    /// The newest run that meant to write it, by its journal; none where what was shown does not depend on it.
    pub journal: Option<String>,
}

/// One thing that the engine can be asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Everything that the overview shows: find, read, check, plan, and how the sync stands.
    Look {
        /// With it more can be seen.
        login: Option<ApiKey>,
    },
    /// The checks only.
    Check {
        /// `--only`: ids or their beginnings.
        only: Vec<String>,
        /// `--skip`.
        skip: Vec<String>,
        /// `--strict`.
        strict: bool,
        /// With it the connection and the sync can be seen too.
        login: Option<ApiKey>,
    },
    /// What would change.
    Plan {
        /// `--check`: exit 10 if something would.
        check: bool,
    },
    /// Write, restart, prove.
    Apply {
        /// Whether and how to restart.
        restart: Restarting,
        /// Only do it if the file is still the one that was planned for (SHA-256, hex).
        planned_for: Option<String>,
        /// With it the proof can be asked of the server itself, where Docker cannot be asked.
        login: Option<ApiKey>,
    },
    /// Take the last apply back.
    Undo {
        /// Whether and how to restart afterwards.
        restart: Restarting,
        /// The person said yes; without it only the plan is made.
        confirmed: bool,
        /// Only do it if all is still as it was shown.
        shown_for: Option<Shown>,
    },
    /// Take the set-up back: remove the connection, switch the communication off, restart.
    Disable {
        /// Whether and how to restart afterwards.
        restart: Restarting,
        /// The person said yes; without it only the plan is made.
        confirmed: bool,
        /// Only do it if all is still as it was shown.
        shown_for: Option<Shown>,
        /// An owner's key, to remove the connection.
        login: Option<ApiKey>,
    },
    /// Where an interrupted run stands; follows a restart that still runs.
    Resume,
    /// Start the containers from the images that are here: the way up after a failed pull.
    StartWithoutPull,
    /// Ask the cloud about a token; stores nothing.
    VerifyToken {
        /// The token.
        token: Secret,
    },
    /// Ask the cloud, then save the connection on the server.
    SetToken {
        /// The token.
        token: Secret,
        /// An owner's key.
        login: ApiKey,
    },
    /// Trigger the license sync.
    Sync {
        /// An owner's key.
        login: ApiKey,
    },
    /// How the sync stands.
    Status {
        /// With it more can be seen.
        login: Option<ApiKey>,
    },
}

/// What a request changes, and so what may become of it in the middle: a limit of time, a signal, a second request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Changes {
    /// Nothing: it may be cut off at any moment and asked again.
    #[default]
    Nothing,
    /// What is saved on the server, by a request over the network. Once that was sent it is waited for to its own
    /// limit, and how it went is told.
    Server,
    /// The env file and what runs (`disable`: the connection too). Whatever was begun goes on without us and is
    /// picked up by `resume`.
    Installation,
}

impl Request {
    /// What it changes. Without `_`: whoever adds a request must answer.
    pub fn changes(&self) -> Changes {
        match self {
            Self::Look { .. }
            | Self::Check { .. }
            | Self::Plan { .. }
            | Self::Undo { confirmed: false, .. }
            | Self::Disable { confirmed: false, .. }
            | Self::VerifyToken { .. }
            | Self::Status { .. } => Changes::Nothing,
            Self::SetToken { .. } | Self::Sync { .. } => Changes::Server,
            Self::Apply { .. }
            | Self::Undo { confirmed: true, .. }
            | Self::Disable { confirmed: true, .. }
            | Self::Resume
            | Self::StartWithoutPull => Changes::Installation,
        }
    }

    /// Whether it changes something.
    pub fn changes_something(&self) -> bool {
        self.changes() != Changes::Nothing
    }
}
