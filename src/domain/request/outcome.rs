//! How a request ended: exit code, roots, what changed, and the body of each command.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{
    ApplyBody, CheckBody, LookBody, PlanBody, RegionBy, RestartResult, StatusBody, SyncBody, TokenBody,
    UndoBody,
};
use crate::domain::{
    check::{Conclusion, Finding},
    exit::Exit,
    region::Region,
};

/// Part of what a run changed, as things stand at its end (design §5, `changed`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Changed {
    /// The env file.
    Settings,
    /// Containers were taken down or up.
    Restart,
    /// The connection on the server.
    Connection,
    /// The license on the server.
    License,
}

/// A root cause with what was seen and what mends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// The conclusion as JSON has it.
    pub conclusion: Conclusion,
    /// Its evidence and advice.
    pub finding: Finding,
}

/// How a request ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The exit code of the command.
    pub exit: Exit,
    /// All independent roots, the most urgent first.
    pub roots: Vec<Root>,
    /// Why it ended so, where no cause says it; text `problem-CODE`.
    pub problem: Option<Problem>,
    /// What changed; what may have changed and could not be seen counts ([`Problem::Unheard`]).
    pub changed: BTreeSet<Changed>,
    /// What was found out, as far as it went.
    pub body: Body,
}

impl Outcome {
    /// What became of the restart, of a request that may have one.
    pub fn restart(&self) -> Option<&RestartResult> {
        match &self.body {
            Body::Apply(apply) => Some(&apply.restart),
            Body::Undo(undo) => Some(&undo.restart),
            _ => None,
        }
    }
}

/// Why a request ended as it did, where it is not a cause of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The region could not be concluded: `--region` must name it (exit 2).
    RegionOpen,
    /// `--region` names another region than was concluded (exit 2).
    RegionContradicted {
        /// What was concluded.
        concluded: Region,
        /// By whom.
        by: RegionBy,
    },
    /// Another run holds the lock (exit 9).
    Locked {
        /// Process id and command of the holder, as far as it can be seen.
        holder: String,
        /// It is a restart that goes on by itself: the command that follows it.
        resume: Option<String>,
    },
    /// The file is not the one that the plan was made for (exit 3).
    ChangedSincePlan,
    /// There is no apply that could be taken back (exit 0).
    NothingToUndo,
    /// No run was interrupted (exit 0).
    NothingToResume,
    /// `--org` matches no organization, or several (exit 2).
    OrganizationOpen {
        /// Those that there are: id, and name where it is known.
        choices: Vec<String>,
    },
    /// It needs an owner's API key and none was given (exit 2).
    ApiKeyMissing,
    /// bwsync cannot restart this server by itself; these are the commands (exit 3).
    CannotRestart {
        /// In the order in which they are to be run.
        commands: Vec<String>,
    },
    /// The risk of running as root on an installation that root owns was not accepted (exit 3).
    RootInstallation,
    /// The cloud could not be asked about the token, and the risk was not accepted (exit 8).
    TokenUnverified,
    /// Not done because it needs what is not reachable in the demo or with `--offline` (exit 8).
    Offline,
    /// A change was sent to the server, and neither its answer nor a later look told whether it was made (exit 8).
    Unheard(Changed),
    /// Our own `--timeout` ran out (exit 124).
    TimedOut,
    /// Something that should not happen (exit 1); the chain of errors, cleaned.
    Unexpected(String),
}

impl Problem {
    /// The commands that its sentence announces.
    pub fn commands(&self) -> &[String] {
        match self {
            Self::CannotRestart { commands } => commands,
            Self::Locked { resume, .. } => resume.as_slice(),
            _ => &[],
        }
    }

    /// The code of its text.
    pub fn code(&self) -> &'static str {
        match self {
            Self::RegionOpen => "region_open",
            Self::RegionContradicted { .. } => "region_contradicted",
            Self::Locked { resume: Some(_), .. } => "locked_restart",
            Self::Locked { resume: None, .. } => "locked",
            Self::ChangedSincePlan => "changed_since_plan",
            Self::NothingToUndo => "nothing_to_undo",
            Self::NothingToResume => "nothing_to_resume",
            Self::OrganizationOpen { .. } => "organization_open",
            Self::ApiKeyMissing => "api_key_missing",
            Self::CannotRestart { .. } => "cannot_restart",
            Self::RootInstallation => "root_installation",
            Self::TokenUnverified => "token_unverified",
            Self::Offline => "offline",
            Self::Unheard(Changed::License) => "unheard_sync",
            Self::Unheard(_) => "unheard_connection",
            Self::TimedOut => "timed_out",
            Self::Unexpected(_) => "unexpected",
        }
    }
}

/// The command's own part of the result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Body {
    /// `Request::Look`
    Look(Box<LookBody>),
    /// `Request::Check`
    Check(Box<CheckBody>),
    /// `Request::Plan`
    Plan(Box<PlanBody>),
    /// `Request::Apply`, `Request::Disable`, `Request::Resume`, `Request::StartWithoutPull`
    Apply(Box<ApplyBody>),
    /// `Request::Undo`
    Undo(Box<UndoBody>),
    /// `Request::VerifyToken`, `Request::SetToken`
    Token(TokenBody),
    /// `Request::Sync`
    Sync(Box<SyncBody>),
    /// `Request::Status`
    Status(Box<StatusBody>),
    /// It ended before there was anything to tell.
    Nothing,
}
