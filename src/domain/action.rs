//! What a step does, as data; the engine carries it out, and the journal names it.

use std::{fmt, path::PathBuf};

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::request::Phase;

/// Bytes of a file that holds secrets: wiped when dropped, never printed.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Contents(Zeroizing<Vec<u8>>);

impl Contents {
    /// Takes the bytes over.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes themselves.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for Contents {
    fn from(bytes: Vec<u8>) -> Self {
        Self::new(bytes)
    }
}

impl fmt::Debug for Contents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Contents({} bytes)", self.0.len())
    }
}

/// One of our five settings with the value that a run gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Set {
    /// Its name as the file has it.
    pub key: String,
    /// The value after; null where the line is taken out. Ours are public, so it may be kept.
    pub to: Option<String>,
}

/// One thing to be done that changes something or proves that it changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Pull images while the server runs.
    Pull,
    /// Keep the old file, then replace it.
    Write {
        /// The file.
        file: PathBuf,
        /// SHA-256 (hex) of what it must still hold.
        expected: String,
        /// What it is to hold.
        contents: Contents,
        /// Which of our settings that gives which value.
        changes: Vec<Set>,
    },
    /// Compose reads the new file.
    ComposeConfig,
    /// `./bitwarden.sh restart`.
    Restart,
    /// Start the containers from the images that are here, then nginx.
    Up,
    /// Wait until the server answers.
    AwaitAnswer,
    /// Prove that the running server has these values.
    Prove {
        /// The values.
        values: Vec<Set>,
    },
    /// Remove the connection on the server.
    RemoveConnection,
}

/// The name of an action, as the journal has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// [`Action::Pull`]
    Pull,
    /// [`Action::Write`]
    Write,
    /// The old file is put back within the run that replaced it.
    PutBack,
    /// [`Action::ComposeConfig`]
    ComposeConfig,
    /// [`Action::Restart`]
    Restart,
    /// [`Action::Up`]
    Up,
    /// [`Action::AwaitAnswer`]
    AwaitAnswer,
    /// [`Action::Prove`]
    Prove,
    /// The cloud is asked about the token.
    VerifyToken,
    /// The connection is saved on the server.
    SaveConnection,
    /// [`Action::RemoveConnection`]
    RemoveConnection,
    /// The license sync is triggered.
    TriggerSync,
}

impl Action {
    /// Its name.
    pub fn act(&self) -> Act {
        match self {
            Self::Pull => Act::Pull,
            Self::Write { .. } => Act::Write,
            Self::ComposeConfig => Act::ComposeConfig,
            Self::Restart => Act::Restart,
            Self::Up => Act::Up,
            Self::AwaitAnswer => Act::AwaitAnswer,
            Self::Prove { .. } => Act::Prove,
            Self::RemoveConnection => Act::RemoveConnection,
        }
    }
}

impl Act {
    /// Whether it changes something, on this machine or elsewhere; the others only look.
    pub fn changes(self) -> bool {
        match self {
            Self::Pull
            | Self::Write
            | Self::PutBack
            | Self::Restart
            | Self::Up
            | Self::SaveConnection
            | Self::RemoveConnection
            | Self::TriggerSync => true,
            Self::ComposeConfig | Self::AwaitAnswer | Self::Prove | Self::VerifyToken => false,
        }
    }

    /// The part of the work that it is shown as.
    pub fn phase(self) -> Phase {
        match self {
            Self::Pull => Phase::Pull,
            Self::Write | Self::PutBack => Phase::Write,
            Self::ComposeConfig => Phase::ComposeConfig,
            Self::Restart => Phase::Restart,
            Self::Up => Phase::Up,
            Self::AwaitAnswer => Phase::Answer,
            Self::Prove => Phase::Prove,
            Self::VerifyToken => Phase::AskCloud,
            Self::SaveConnection => Phase::SaveConnection,
            Self::RemoveConnection => Phase::RemoveConnection,
            Self::TriggerSync => Phase::TriggerSync,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_do_not_print_themselves() {
        let write = Action::Write {
            file: "f".into(),
            expected: String::new(),
            contents: b"globalSettings__installation__key=kT9mQ2xW7vLp4RzB8nYc".to_vec().into(),
            changes: Vec::new(),
        };
        let printed = format!("{write:?}");
        assert!(printed.contains("Contents(54 bytes)") && !printed.contains("kT9"), "{printed}");
    }
}
