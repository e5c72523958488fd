//! Checks: one row each, its state and cause, and what the rows mean together.

mod cause;
mod finding;
mod report;
pub mod row;

use std::fmt;

use serde::{Serialize, Serializer};

pub use cause::{Area, Cause, Credential, Gate, Means, Reached, Severity};
pub use finding::{Advice, AdviceCode, Evidence, Finding};
pub use report::{CheckEvent, Conclusion, Report, Verdict, conclusions};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// All of them, in the order of the ladder.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word, as JSON has it.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.word())
            }
        }
    };
}
use words;

words! {
    /// Which side looked (design §5, Words).
    Side {
        /// A file of the installation.
        File = "file",
        /// This machine, from bwsync's own process.
        Machine = "machine",
        /// The api container's network.
        Container = "container",
        /// The self-hosted server, asked over HTTP.
        Server = "server",
        /// The server's own log.
        Log = "log",
    }
}

words! {
    /// What was looked at.
    Target {
        /// The installation's folder.
        Install = "install",
        /// The env file.
        Env = "env",
        /// The license file, or the license as the cloud knows it.
        License = "license",
        /// The cloud's identity host.
        Identity = "identity",
        /// The cloud's api host.
        Api = "api",
        /// The cloud's push relay.
        Push = "push",
        /// The image registry.
        Registry = "registry",
        /// The self-hosted server.
        Server = "server",
        /// What a restart needs.
        Restart = "restart",
        /// The connection to the cloud, saved on the server.
        Connection = "connection",
        /// The sync.
        Sync = "sync",
    }
}

words! {
    /// How far up the ladder: each stands on the one before.
    Stage {
        /// The name resolves.
        Name = "name",
        /// TCP connects (through a proxy: the proxy's CONNECT is answered).
        Connect = "connect",
        /// The proxy lets through.
        Proxy = "proxy",
        /// TLS is established and trusted.
        Tls = "tls",
        /// HTTP answers as a Bitwarden host does.
        Http = "http",
        /// The installation, or the person, signs in.
        SignIn = "sign_in",
        /// The cloud's answer about the license.
        License = "license",
        /// The clock.
        Clock = "clock",
        /// The file reads as Compose reads it.
        Syntax = "syntax",
        /// The values are such as the server can use.
        Values = "values",
        /// The region's settings belong together.
        Region = "region",
        /// How it stands.
        State = "state",
    }
}

words! {
    /// How a check ended (design §5, States of a check).
    State {
        /// Good.
        Passed = "passed",
        /// It works, and deserves a look.
        Warning = "warning",
        /// Something is wrong.
        Failed = "failed",
        /// A step not taken yet: never a fault.
        ToDo = "to_do",
        /// Not given what it takes, or not run because an earlier row failed.
        Skipped = "skipped",
        /// Asked, no answer.
        Unknown = "unknown",
    }
}

impl State {
    /// How much a row in this state weighs; none where it says nothing against anything.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Failed => Some(Severity::Failed),
            Self::Unknown => Some(Severity::Unknown),
            Self::Warning => Some(Severity::Warning),
            Self::ToDo => Some(Severity::ToDo),
            Self::Passed | Self::Skipped => None,
        }
    }
}

/// Names one check: unique within a report, written `from.target.stage`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CheckId {
    /// Which side looked.
    pub from: Side,
    /// At what.
    pub target: Target,
    /// How far.
    pub stage: Stage,
}

impl CheckId {
    /// A check's name from its three words.
    pub const fn new(from: Side, target: Target, stage: Stage) -> Self {
        Self { from, target, stage }
    }

    /// Whether `pattern` is this id or its beginning up to a dot (`--only`, `--skip`).
    pub fn matches(&self, pattern: &str) -> bool {
        let id = self.to_string();
        id == pattern || id.strip_prefix(pattern).is_some_and(|rest| rest.starts_with('.'))
    }
}

impl fmt::Display for CheckId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.from.word(), self.target.word(), self.stage.word())
    }
}

impl Serialize for CheckId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// One row of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// `from.target.stage`, unique within the report.
    pub id: CheckId,
    /// How it ended.
    pub state: State,
    /// What is wrong, where something is.
    pub cause: Option<Cause>,
    /// The row that this one follows from, where it was not run because of it.
    pub because: Option<CheckId>,
    /// How long it took, in milliseconds; null where nothing was run.
    pub duration_ms: Option<u64>,
    /// Facts seen, as names and values; never a secret.
    pub evidence: Evidence,
    /// What mends it, or what would make it known.
    pub advice: Vec<Advice>,
}

impl Check {
    /// A row that is good.
    pub fn passed(id: CheckId) -> Self {
        Self {
            id,
            state: State::Passed,
            cause: None,
            because: None,
            duration_ms: None,
            evidence: Evidence::default(),
            advice: Vec::new(),
        }
    }

    /// A row with a finding; its state is the finding's severity.
    pub fn found(id: CheckId, finding: Finding) -> Self {
        let state = match finding.severity() {
            Severity::Failed => State::Failed,
            Severity::Unknown => State::Unknown,
            Severity::Warning => State::Warning,
            Severity::ToDo => State::ToDo,
        };
        Self {
            state,
            cause: Some(finding.cause),
            evidence: finding.evidence,
            advice: finding.advice,
            ..Self::passed(id)
        }
    }

    /// What the row found, as heavy as the row has it; none where it found nothing.
    pub fn finding(&self) -> Option<Finding> {
        let mut finding = Finding::new(self.cause?).weighing(self.state.severity()?);
        finding.evidence.clone_from(&self.evidence);
        finding.advice.clone_from(&self.advice);
        Some(finding)
    }

    /// A row that was not run because `because` did not pass.
    pub fn not_run(id: CheckId, because: CheckId) -> Self {
        Self { state: State::Skipped, because: Some(because), ..Self::passed(id) }
    }

    /// A row that was not run because something it takes was not given.
    pub fn skipped(id: CheckId, advice: Advice) -> Self {
        Self { state: State::Skipped, advice: vec![advice], ..Self::passed(id) }
    }

    /// The same row with how long it took.
    pub fn took(mut self, duration: std::time::Duration) -> Self {
        self.duration_ms = Some(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX));
        self
    }

    /// The same row with one more fact.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.evidence.insert(name, value);
        self
    }
}
