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
    /// `bwdata` and a compose file, without `bitwarden.sh`.
    HandMade,
}

/// Where the api writes its log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ApiLog {
    /// A folder of this machine with a file a day (`bitwarden.md` G).
    Folder(PathBuf),
    /// One file of this machine.
    File(PathBuf),
    /// Only in its container: `/var/log/bitwarden/api.log` of the lite edition.
    #[default]
    InContainer,
}

/// Where that log is in the lite edition's container (`bitwarden.md` C).
pub const LITE_API_LOG: &str = "/var/log/bitwarden/api.log";

/// What a container does, as a line of Compose's output tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ContainerStep {
    /// It is being stopped.
    Stopping,
    /// It is stopped.
    Stopped,
    /// It is being removed.
    Removing,
    /// It is gone.
    Removed,
    /// It is being made.
    Creating,
    /// It is made, and does not run yet.
    Created,
    /// It is being started.
    Starting,
    /// It was started.
    Started,
    /// It runs already and is left as it is.
    Running,
    /// It is waited for.
    Waiting,
    /// Its own check says that it works.
    Healthy,
    /// Compose could not do it.
    Failed,
}

/// A line of the restart's progress.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ContainerProgress {
    /// The container's name, as in `bitwarden-api`.
    pub container: String,
    /// What becomes of it.
    pub step: ContainerStep,
}

/// A setting of the server that a compose file gives a value, past the env files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComposeValue {
    /// The name as it stands there.
    pub key: String,
    /// The value; none where it is a secret, or depends on an environment that is not known here.
    pub value: Option<String>,
    /// The file that says so: a compose file, or an env file that it names.
    pub path: PathBuf,
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

/// Whose the env file is and how it is guarded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Marks {
    /// Its owner.
    pub owner: Owner,
    /// Its group, by name where this machine has one.
    pub group: String,
    /// Its permission bits, as in `0o600`.
    pub mode: u32,
    /// Its SELinux label, where it has one.
    pub label: Option<String>,
    /// User and group id of `env/uid.env`, whom every run of the setup container gives all of `bwdata`.
    pub containers_run_as: Option<(u32, u32)>,
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
    /// Whether plain HTTP is spoken there: the certificate, if there is one, is another web server's in front.
    #[serde(skip)]
    pub published_plain: bool,
    /// `push_notifications: false` in `config.yml`: push is off on purpose.
    pub push_off: bool,
    /// The script that restarts it, if it is there.
    pub script: Option<PathBuf>,
    /// The names of the installation's id and key that win here, in this order.
    #[serde(skip)]
    pub id_keys: [&'static str; 2],
    /// The folder of the organizations' licenses, where this machine can see one.
    #[serde(skip)]
    pub licenses: Option<PathBuf>,
    /// Where the api writes its log.
    #[serde(skip)]
    pub api_log: ApiLog,
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
