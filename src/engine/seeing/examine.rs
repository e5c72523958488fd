//! Asks the outside in the order of the ladder and takes each row into the report: the region's hosts, the
//! region itself, the sign-in, the license question without a token, and the server.

mod cloud;
mod files;
mod server;

use crate::domain::{
    answers::Bearer,
    check::{Advice, AdviceCode, Check, CheckId, Side, Stage, Target},
    region::{self, Lookups, Region},
    request::{ApiKey, Event},
};

use crate::engine::{case::Case, run::Run};

pub(crate) use cloud::{lookups as region_lookups, own_region};
pub(crate) use server::{ServerSeen, connection_finding};

/// How much is asked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope {
    /// Which region knows the installation, and the ladder of its hosts.
    pub(crate) cloud: bool,
    /// The sign-in of the installation, and what stands on it.
    pub(crate) sign_in: bool,
    /// The license question without a token.
    pub(crate) license: bool,
    /// The self-hosted server.
    pub(crate) server: bool,
}

impl Scope {
    /// Everything that `check` and the overview ask.
    pub(crate) const ALL: Self = Self { cloud: true, sign_in: true, license: true, server: true };
    /// What must hold before a key or token is sent to the cloud, and before anything is written (design §11).
    pub(crate) const GATE: Self = Self { cloud: true, sign_in: true, license: false, server: false };
}

/// What was found out beside the rows.
#[derive(Debug, Default)]
pub(crate) struct Examined {
    pub(crate) lookups: Lookups,
    /// The region whose hosts were asked last: the concluded one, else the file's own.
    pub(crate) region: Option<Region>,
    pub(crate) bearer: Option<Bearer>,
    pub(crate) key_accepted: Option<bool>,
    pub(crate) license_known: Option<bool>,
    pub(crate) server: Option<ServerSeen>,
}

impl Examined {
    /// What the regions' answers mean.
    pub(crate) fn conclusion(&self) -> region::Conclusion {
        region::conclude(self.lookups)
    }
}

/// Examines the installation: its files at once, the cloud and the server side by side.
pub(crate) async fn examine(case: &Case<'_>, scope: Scope, login: Option<&ApiKey>) -> Examined {
    files::rows(case).await;
    say_hosts(case, scope);
    let (cloud, seen) = tokio::join!(
        async { if scope.cloud { cloud::rows(case, scope).await } else { Examined::default() } },
        async { if scope.server { Some(server::rows(case, login).await) } else { None } }
    );
    container_rows(case.run);
    Examined { server: seen, ..cloud }
}

/// Which hosts are about to be asked is said before they are (design §6-11).
fn say_hosts(case: &Case<'_>, scope: Scope) {
    if case.run.options.offline {
        return;
    }
    let mut hosts = Vec::new();
    if scope.cloud {
        hosts.extend(cloud::hosts(cloud::own_region(case)).map(str::to_owned));
    }
    if scope.server
        && let Some(host) = case.server().and_then(|url| url.host_str().map(str::to_owned))
    {
        hosts.push(host);
    }
    case.run.say(Event::Asking(hosts));
}

/// Rows that look from inside the containers' network: not run yet, and said so.
fn container_rows(run: &Run<'_>) {
    for target in [Target::Identity, Target::Api] {
        let id = CheckId::new(Side::Container, target, Stage::Http);
        run.done(Check::skipped(id, Advice::new(AdviceCode::GiveDockerRights)));
    }
}
