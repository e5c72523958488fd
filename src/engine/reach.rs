//! How the self-hosted server is reached from this machine: under its name, or, where the name leads nowhere from
//! here (hairpin NAT, split DNS), under the same name at its published port on this machine (design §9).

use std::net::{Ipv4Addr, SocketAddr};

use crate::{
    bitwarden::Server,
    domain::{
        check::{Cause, Finding},
        request::Mapping,
    },
    net::Net,
};

use super::{run::Run, survey::Survey};

/// The two ways to a server.
pub(super) struct Reach {
    by_name: Server,
    by_port: Option<(Server, Net)>,
}

/// Which way it answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Name,
    Port,
}

/// The ways to this installation's server; none where it has no address.
pub(super) async fn reach(run: &Run<'_>, survey: &Survey) -> Option<Reach> {
    let net = survey.net(run.options).await.ok()?;
    ways(run, survey, &net)
}

/// The same over a transport that is there.
pub(super) fn ways(run: &Run<'_>, survey: &Survey, net: &Net) -> Option<Reach> {
    let url = survey.server(run.options)?;
    let by_name = Server::new(net.clone(), url.clone());
    Some(Reach {
        by_name,
        by_port: at_published_port(run, survey, net).map(|net| (Server::new(net.clone(), url), net)),
    })
}

/// The transport that reaches the server's name at its published port here. Not in the demo, and not where a
/// person said by `--connect-to` or `--server` how it is reached.
fn at_published_port(run: &Run<'_>, survey: &Survey, net: &Net) -> Option<Net> {
    let options = run.options;
    if options.mapped_only || options.offline || options.server.is_some() {
        return None;
    }
    let url = survey.server(options)?;
    let (host, port) = (url.host_str()?.to_ascii_lowercase(), url.port_or_known_default()?);
    if options.connect_to.iter().any(|mapping| mapping.host == host && mapping.port == port) {
        return None;
    }
    let published = survey.installation.published_port?;
    let to = SocketAddr::from((Ipv4Addr::LOCALHOST, published));
    Some(net.with_mapping(Mapping { host, port, to }))
}

/// The transport over which the server answers, as far as there is a choice: else the one that is there.
pub(super) async fn choose(run: &Run<'_>, survey: Option<&Survey>, net: &Net) -> Net {
    let Some(ways) = survey.and_then(|survey| ways(run, survey, net)) else { return net.clone() };
    match ways.port_net().cloned() {
        Some(port_net) if ways.answers().await == Ok(Way::Port) => port_net,
        _ => net.clone(),
    }
}

impl Reach {
    /// Whether api and identity answer, and which way.
    ///
    /// # Errors
    /// What the way by name met.
    pub(super) async fn answers(&self) -> Result<Way, Finding> {
        let finding = match answers(&self.by_name).await {
            Ok(()) => return Ok(Way::Name),
            Err(finding) => finding,
        };
        if leads_nowhere(finding.cause)
            && let Some((server, _)) = &self.by_port
            && answers(server).await.is_ok()
        {
            return Ok(Way::Port);
        }
        Err(finding)
    }

    /// The transport of the second way.
    pub(super) fn port_net(&self) -> Option<&Net> {
        self.by_port.as_ref().map(|(_, net)| net)
    }
}

async fn answers(server: &Server) -> Result<(), Finding> {
    server.alive().await?;
    server.identity_alive().await
}

/// Whether a fault is one of name or connection, so that another way may lead there.
pub(super) fn leads_nowhere(cause: Cause) -> bool {
    matches!(cause.area(), "dns" | "tcp" | "proxy") || cause == Cause::ServerDown
}
