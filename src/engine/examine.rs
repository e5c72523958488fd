//! Asks the outside in the order of the ladder and takes each row into the report: the region's hosts, the
//! region itself, the sign-in, the license question without a token, and the server.

mod cloud;
mod files;
mod server;

use crate::{
    domain::{
        answers::Bearer,
        check::{Advice, AdviceCode, Check, CheckId, From, Stage, Target},
        region::{self, Lookups, Region},
        request::{ApiKey, Event},
    },
    net::Net,
};

use super::{run::Run, survey::Survey};

pub(super) use cloud::{lookups as region_lookups, own_region};
pub(super) use server::{ServerSeen, connection_finding};

/// How much is asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope {
    /// Which region knows the installation, and the ladder of its hosts.
    pub(super) cloud: bool,
    /// The sign-in of the installation, and what stands on it.
    pub(super) sign_in: bool,
    /// The license question without a token.
    pub(super) license: bool,
    /// The self-hosted server.
    pub(super) server: bool,
}

impl Scope {
    /// Everything that `check` and the overview ask.
    pub(super) const ALL: Self = Self { cloud: true, sign_in: true, license: true, server: true };
    /// What must hold before a key or token is sent to the cloud, and before anything is written (design §11).
    pub(super) const GATE: Self = Self { cloud: true, sign_in: true, license: false, server: false };
}

/// What was found out beside the rows.
#[derive(Debug, Default)]
pub(super) struct Examined {
    pub(super) lookups: Lookups,
    /// The region whose hosts were asked last: the concluded one, else the file's own.
    pub(super) region: Option<Region>,
    pub(super) bearer: Option<Bearer>,
    pub(super) key_accepted: Option<bool>,
    pub(super) license_known: Option<bool>,
    pub(super) server: Option<ServerSeen>,
}

impl Examined {
    /// What the regions' answers mean.
    pub(super) fn conclusion(&self) -> region::Conclusion {
        region::conclude(self.lookups)
    }
}

/// Examines the installation: its files at once, the cloud and the server side by side.
pub(super) async fn examine(
    run: &Run<'_>,
    survey: &Survey,
    net: &Net,
    scope: Scope,
    login: Option<&ApiKey>,
) -> Examined {
    files::rows(run, survey).await;
    say_hosts(run, survey, scope);
    let (cloud, seen) = tokio::join!(
        async { if scope.cloud { cloud::rows(run, survey, net, scope).await } else { Examined::default() } },
        async { if scope.server { Some(server::rows(run, survey, net, login).await) } else { None } }
    );
    container_rows(run);
    Examined { server: seen, ..cloud }
}

/// Which hosts are about to be asked is said before they are (design §6-11).
fn say_hosts(run: &Run<'_>, survey: &Survey, scope: Scope) {
    if run.options.offline {
        return;
    }
    let mut hosts = Vec::new();
    if scope.cloud {
        hosts.extend(cloud::hosts(cloud::own_region(run, survey)).map(str::to_owned));
    }
    if scope.server
        && let Some(host) = survey.server(run.options).and_then(|url| url.host_str().map(str::to_owned))
    {
        hosts.push(host);
    }
    run.say(Event::Asking(hosts));
}

/// Rows that look from inside the containers' network: not run yet, and said so.
fn container_rows(run: &Run<'_>) {
    for target in [Target::Identity, Target::Api] {
        let id = CheckId::new(From::Container, target, Stage::Http);
        run.done(Check::skipped(id, Advice::new(AdviceCode::GiveDockerRights)));
    }
}
