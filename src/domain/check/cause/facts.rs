//! The columns of the table: what is known of every cause, and the words that it is said with.

use super::Cause;
use crate::domain::{
    check::{AdviceCode, CheckId, Stage, words},
    risk::Risk,
    sync::StepName,
};
use serde::{Serialize, Serializer};

/// All that is known of a cause. There is no default: whoever adds a cause answers every question.
#[derive(Debug, PartialEq, Eq)]
pub struct Facts {
    /// What it is about.
    pub area: Area,
    /// `area.fault`, as JSON and the screen have it.
    pub code: &'static str,
    /// How much it weighs where its finder says nothing else.
    pub severity: Severity,
    /// What else it may weigh, where its finder says so, or as a fault where it stands in the way of what was asked.
    pub or: &'static [Severity],
    /// The causes that explain it: where one of them was concluded, this one is not told.
    pub follows: &'static [Cause],
    /// What it stands in the way of, where it weighs as a fault or is unknown.
    pub blocks: &'static [Gate],
    /// The risk by whose name a person goes on all the same; none where nobody can.
    pub accepted_as: Option<Risk>,
    /// What it means for whoever asked.
    pub means: Means,
    /// What mends it; a step is offered where the finder advises what that step does.
    pub mended_by: Mender,
    /// The step that is not done while it stands, but for where it only deserves a look.
    pub undone: Option<StepName>,
    /// The rows of a report that say it; none where only doing something brings it to light.
    pub rows: &'static [Row],
}

impl Facts {
    /// Whether the code is the area's word, a dot, and the fault; asked by the compiler, of every cause.
    pub(super) const fn is_well_named(&self) -> bool {
        let (code, area) = (self.code.as_bytes(), self.area.word().as_bytes());
        if code.len() < area.len() + 2 || code[area.len()] != b'.' {
            return false;
        }
        let mut at = 0;
        while at < area.len() {
            if code[at] != area[at] {
                return false;
            }
            at += 1;
        }
        true
    }
}

words! {
    /// What a cause is about: the part of its code before the dot.
    Area {
        /// The installation on this machine.
        Install = "install",
        /// The env file.
        Env = "env",
        /// The settings.
        Config = "config",
        /// A host's name.
        Dns = "dns",
        /// The connection to a host.
        Tcp = "tcp",
        /// The proxy on the way to a host.
        Proxy = "proxy",
        /// TLS with a host.
        Tls = "tls",
        /// What a host answers.
        Http = "http",
        /// The installation as the cloud knows it.
        Installation = "installation",
        /// The organization's license.
        License = "license",
        /// The self-hosted server.
        Server = "server",
        /// Signing in with a person's API key.
        Login = "login",
        /// The billing sync token.
        Token = "token",
        /// The connection that the server keeps.
        Connection = "connection",
        /// The sync.
        Sync = "sync",
        /// The restart.
        Restart = "restart",
    }
}

/// How much a cause weighs (design §5, Severity). The order is the order of urgency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Something is wrong.
    Failed,
    /// Asked, and nothing was heard that says anything.
    Unknown,
    /// It works, and deserves a look.
    Warning,
    /// A step not taken yet: never a fault.
    ToDo,
}

/// What must hold before something is done (design §9, §11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// Applying: what may be wrong and accepted all the same.
    Apply,
    /// Writing the env file: what no consent gets around.
    Write,
    /// Restarting by the script.
    Restart,
    /// Asking the cloud about a token: that takes the installation, its key, and the way to the region's hosts.
    Token,
}

/// What a cause means for whoever asked: its exit code where it weighs as a fault (design §4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    /// Something is wrong: 3.
    Wrong,
    /// No way to a host: a finding in `check` (3), "could not ask" elsewhere (8).
    NoWay {
        /// Whether another name, address or port may lead there.
        detour: bool,
        /// How far the asking came.
        reached: Reached,
        /// What the same is called where the host is the person's own server; none where it keeps its name.
        at_server: Option<Cause>,
    },
    /// The same on the way to the self-hosted server, which the cause names itself.
    NoServer {
        /// Whether another name, address or port may lead there.
        detour: bool,
        /// How far the asking came.
        reached: Reached,
    },
    /// No address that anybody could be asked at: 3.
    NoAddress,
    /// Rejected: 7.
    Rejected(Credential),
    /// Which one is meant must be said: 2.
    Usage,
}

/// How far the asking came: what a fault of the way says of a server that may be up or down (design §11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// Nowhere: a name, a proxy or a certificate stood before the server.
    Nothing,
    /// A port at which nobody listens.
    ClosedPort,
    /// A host that says nothing, or not to the end.
    Silence,
    /// A gateway with nobody behind it.
    Gateway,
    /// Somebody who answered, and not what was asked for.
    Answer,
}

/// What was shown and rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// The installation's id and key, by the cloud.
    InstallationKey,
    /// What was taken for a billing sync token, by its form: nobody was asked.
    TokenForm,
    /// The billing sync token, by the cloud.
    Token,
    /// A person's API key, by the server.
    ApiKey,
}

/// What mends a cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mender {
    /// A step of ours does it.
    Step(StepName),
    /// A person does; the advice says how.
    Advice(AdviceCode),
}

/// Where a report says a cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// In this row.
    Is(CheckId),
    /// On this rung of the ladder to any host, or on one that stands upon it.
    Rung(Stage),
}
