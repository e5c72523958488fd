//! Looks at hosts from this machine, rung by rung: name, connection, (proxy,) TLS, HTTP; one file a stage.
//!
//! Hosts are looked at side by side, the stages of one host in order and over one connection, so that each
//! stage is timed by itself. The first broken rung is the answer; the rows behind it are not run because of it.
//! Nothing secret is ever sent here.

mod connect;
mod http;
mod name;
mod proxy;
mod target;
mod tls;
mod walk;

use futures_util::future::join_all;
use time::OffsetDateTime;

pub use target::{HttpQuestion, ProbeTarget};

use crate::{
    domain::{
        check::{Check, CheckEvent, State, Target},
        region::Lookup,
    },
    net::Net,
};

/// Where the rows go while they come about.
pub type ProbeSink<'a> = &'a (dyn Fn(CheckEvent) + Send + Sync);

/// A host's time beside ours at the same moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockReading {
    /// What the host said.
    pub theirs: OffsetDateTime,
    /// What this machine had, half the round trip off.
    pub ours: OffsetDateTime,
    /// Whether it is exact (the body of `/alive`); a `Date` header is cut to whole seconds and may be 2 s old
    /// (`bitwarden.md` A3-6).
    pub exact: bool,
}

impl ClockReading {
    /// How far this machine is ahead of the host; negative where it is behind.
    pub fn ahead(&self) -> time::Duration {
        self.ours - self.theirs
    }
}

/// What was found out about one host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostResult {
    /// What it is.
    pub target: Target,
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Whether every rung held. Keys and tokens go to no other host (design §9).
    pub reached: bool,
    /// Whether it knows the installation, where that was the question.
    pub lookup: Lookup,
    /// Its clock, where it answered with one.
    pub clock: Option<ClockReading>,
}

/// What was found out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProbeResult {
    /// All rows: host by host as they were given, in the order of the ladder.
    pub rows: Vec<Check>,
    /// The same hosts in short.
    pub hosts: Vec<HostResult>,
}

impl ProbeResult {
    /// What was found out about a target, the first of its kind.
    pub fn host(&self, target: Target) -> Option<&HostResult> {
        self.hosts.iter().find(|host| host.target == target)
    }

    /// Whether every rung to this host held, in this run and from this side.
    pub fn reached(&self, host: &str, port: u16) -> bool {
        self.hosts.iter().any(|h| h.reached && h.port == port && h.host.eq_ignore_ascii_case(host))
    }

    /// Whether no row has anything to say against the hosts.
    pub fn all_passed(&self) -> bool {
        self.rows.iter().all(|row| matches!(row.state, State::Passed | State::Skipped))
    }
}

/// Looks at all these hosts at once. A stage takes at most the transport's stage timeout, a host 15 s, and the
/// whole no longer than the run's own deadline. Dropping the future ends it.
pub async fn run(net: &Net, targets: &[ProbeTarget], sink: ProbeSink<'_>) -> ProbeResult {
    let walks = targets.iter().map(|target| walk::Walk::new(net, target, sink).run());
    let (rows, hosts): (Vec<_>, Vec<_>) = join_all(walks).await.into_iter().unzip();
    ProbeResult { rows: rows.into_iter().flatten().collect(), hosts }
}
