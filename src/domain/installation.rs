//! What was found on this machine: the installation, its paths and owner, and its organizations.

use std::{fmt, path::PathBuf};

use serde::{Serialize, Serializer};
use url::Url;

/// How the server was installed (`bitwarden.md` C).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Flavour {
    /// `bitwarden.sh` and `bwdata`.
    Standard,
    /// One container and a `settings.env`.
    Lite,
}

/// Who owns a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// User id.
    pub uid: u32,
    /// Group id.
    pub gid: u32,
    /// User name, where this machine has one for the uid.
    pub name: Option<String>,
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => f.write_str(name),
            None => write!(f, "{}", self.uid),
        }
    }
}

impl Serialize for Owner {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The installation as found, without what its files say about the cloud.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Installation {
    /// The folder that holds `bwdata`, resolved.
    pub dir: PathBuf,
    /// `bwdata` itself.
    pub bwdata: PathBuf,
    /// How it was installed.
    pub flavour: Flavour,
    /// The file that bwsync edits.
    pub env_file: PathBuf,
    /// The owner of `bwdata`; 65534 there means installed by root, so root (design §7).
    pub owner: Owner,
    /// Version of the api image in `docker-compose.yml`, as in `2026.8.0`.
    pub version: Option<String>,
    /// The server's address, from `config.yml` or `--server`.
    pub server: Option<Url>,
    /// The port on this machine that nginx publishes for the address's scheme.
    pub published_port: Option<u16>,
    /// `push_notifications: false` in `config.yml`: push is off on purpose.
    pub push_off: bool,
    /// The script that restarts it, if it is there.
    pub script: Option<PathBuf>,
}

/// An organization on this server: the part of its license that may be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Organization {
    /// Id on this server: the license file's name.
    pub id: String,
    /// Id in the cloud: `Id` in the license file.
    pub cloud_id: Option<String>,
    /// Its name, as the license has it.
    pub name: Option<String>,
    /// Name of the plan, as in `Enterprise (Annually)`.
    pub plan: Option<String>,
    /// Seats of the license; null where it has no limit.
    pub seats: Option<i64>,
}
