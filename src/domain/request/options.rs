//! What holds for a whole run, whatever is asked; and the name of one request.

use std::{collections::BTreeSet, fmt, net::SocketAddr, path::PathBuf};

use url::Url;
use uuid::Uuid;

use crate::domain::{region::Region, risk::Risk, secret::Secret};

/// The name of one request, minted once: the same in JSON, in the names of its journal and of the output of its
/// restart, and in the user agent. Only a name: nothing is sorted by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RunId(Uuid);

impl RunId {
    /// The name made of this.
    pub fn new(id: Uuid) -> Self {
        Self(id)
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// `--connect-to HOST:PORT=ADDR:PORT`: where a host is really reached from this machine.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Mapping {
    /// The name as TLS and HTTP have it, in lower case.
    pub host: String,
    /// The port that would have been used.
    pub port: u16,
    /// Where to connect instead.
    pub to: SocketAddr,
}

/// An owner's personal API key for the self-hosted server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// `user.<guid>`.
    pub client_id: String,
    /// Its secret.
    pub client_secret: Secret,
}

/// What holds for the whole run, whatever is asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// `--dir`.
    pub dir: Option<PathBuf>,
    /// `--server`.
    pub server: Option<Url>,
    /// `--org`.
    pub org: Option<String>,
    /// `--region`.
    pub region: Option<Region>,
    /// `--cacert`, each a PEM file.
    pub cacert: Vec<PathBuf>,
    /// `--connect-to`.
    pub connect_to: Vec<Mapping>,
    /// `--state-dir`.
    pub state_dir: Option<PathBuf>,
    /// `--timeout`.
    pub timeout: Option<std::time::Duration>,
    /// `--offline`: contact nothing.
    pub offline: bool,
    /// `--accept-risk`.
    pub accepted: BTreeSet<Risk>,
    /// In the demo nothing but what is mapped is ever contacted (design §9).
    pub mapped_only: bool,
    /// Where programs are looked for, in place of `PATH`: the demo's stand-in for Docker. The demo asks no other.
    pub path: Option<std::ffi::OsString>,
    /// This program, where another one runs the engine (tests): it is run again to keep a restart.
    pub keeper: Option<PathBuf>,
    /// In the demo: what stands in for the folders of this machine.
    pub machine: Option<Machine>,
}

/// Where an installation is looked for that nobody named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// The current folder.
    pub cwd: PathBuf,
    /// The home folder.
    pub home: PathBuf,
    /// Where installations usually are.
    pub roots: Vec<PathBuf>,
}
