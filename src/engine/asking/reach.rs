//! How the self-hosted server is reached from this machine: under its name, or, where the name leads nowhere from
//! here (hairpin NAT, split DNS), under the same name at its published port on this machine (design §9). Where its
//! nginx speaks plain HTTP ("no certificate"), that port is asked in plain: on loopback alone that is allowed (§4).

use std::net::{Ipv4Addr, SocketAddr};

use url::Url;

use crate::{
    bitwarden::Server,
    domain::{
        check::{AdviceCode, Cause, Finding},
        request::Mapping,
        restart::{Answers, Heard},
    },
    net::{Net, Origin},
};

use crate::engine::case::{Case, Contact};

/// The ways to a server; at least one.
pub(crate) struct Reach {
    by_name: Option<Server>,
    by_port: Option<Port>,
}

/// The way by the published port.
struct Port {
    server: Server,
    /// The transport under the server's name; none where it is asked in plain.
    net: Option<Net>,
}

/// Which way it answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Name,
    Port,
}

/// The ways to the server; none where it has no address that could be asked.
pub(crate) fn ways(contact: &Contact<'_>) -> Option<Reach> {
    let url = contact.server().filter(|url| Origin::of(url).is_ok());
    let by_name = url.map(|url| Server::new(contact.net.clone(), url));
    let by_port = at_published_port(contact);
    (by_name.is_some() || by_port.is_some()).then_some(Reach { by_name, by_port })
}

/// Whether the server could be asked whether it answers, by any way: known before anything is written, without a
/// request.
///
/// # Errors
/// Why it could not.
pub(crate) fn askable(case: &Case<'_>) -> Result<(), Finding> {
    if ways(&case.contact()).is_some() {
        return Ok(());
    }
    let finding = match case.server() {
        Some(url) => match Origin::of(&url) {
            Ok(_) => return Ok(()),
            Err(finding) => finding.with("value", url.to_string()),
        },
        None => Finding::new(Cause::ConfigBadUrl).with("reason", "no_host"),
    };
    let path = case.survey.installation.bwdata.join("config.yml");
    Err(finding
        .with("path", path.display().to_string())
        .advise(AdviceCode::NameServer)
        .advise(AdviceCode::WriteOnly))
}

/// The way by the port that is published here. Not in the demo, and not where a person said by `--connect-to` or
/// `--server` how it is reached.
fn at_published_port(contact: &Contact<'_>) -> Option<Port> {
    let (options, installation) = (contact.run.options, &contact.survey?.installation);
    if options.mapped_only || options.offline || options.server.is_some() {
        return None;
    }
    let published = installation.published_port?;
    let to = SocketAddr::from((Ipv4Addr::LOCALHOST, published));
    let url = contact.server();
    let named = url
        .as_ref()
        .and_then(|url| Some((url.host_str()?.to_ascii_lowercase(), url.port_or_known_default()?)));
    let mapped = |mapping: &Mapping| {
        named.as_ref().is_some_and(|(host, port)| mapping.host == *host && mapping.port == *port)
    };
    if options.connect_to.iter().any(mapped) {
        return None;
    }
    if installation.published_plain {
        let base = plain(published, url.as_ref())?;
        // Mapped to itself: a proxy of the environment has no part in it.
        let mapping = Mapping { host: Ipv4Addr::LOCALHOST.to_string(), port: published, to };
        return Some(Port { server: Server::new(contact.net.with_mapping(mapping), base), net: None });
    }
    let (host, port) = named?;
    let net = contact.net.with_mapping(Mapping { host, port, to });
    Some(Port { server: Server::new(net.clone(), url?), net: Some(net) })
}

/// The server's address in plain on this machine.
fn plain(port: u16, url: Option<&Url>) -> Option<Url> {
    let mut base = Url::parse(&format!("http://{}:{port}/", Ipv4Addr::LOCALHOST)).ok()?;
    if let Some(url) = url {
        base.set_path(url.path());
    }
    Some(base)
}

/// The transport over which the server answers, as far as there is a choice: else the one that is there.
pub(crate) async fn choose(contact: &Contact<'_>) -> Net {
    let Some(ways) = ways(contact) else { return contact.net.clone() };
    match ways.port_net().cloned() {
        Some(port_net) if ways.answers().await == Ok(Way::Port) => port_net,
        _ => contact.net.clone(),
    }
}

impl Reach {
    /// Whether api and identity answer, and which way.
    ///
    /// # Errors
    /// What the way by name met; without one, what the port said.
    pub(crate) async fn answers(&self) -> Result<Way, Finding> {
        let finding = match &self.by_name {
            Some(server) => match answers(server).await {
                Ok(()) => return Ok(Way::Name),
                Err(finding) => Some(finding),
            },
            None => None,
        };
        let elsewhere = finding.as_ref().is_none_or(|finding| finding.cause.has_detour());
        let Some(port) = self.by_port.as_ref().filter(|_| elsewhere) else {
            return Err(finding.unwrap_or_else(|| Finding::new(Cause::ServerNotSeen)));
        };
        match answers(&port.server).await {
            Ok(()) => Ok(Way::Port),
            Err(by_port) => Err(finding.unwrap_or(by_port)),
        }
    }

    /// What api and identity answer by each way. The port is asked whatever kept the name from an answer: a
    /// certificate that is not trusted, a name that nobody knows and a proxy say nothing about the server.
    pub(crate) async fn hear(&self) -> Answers {
        let mut heard = Answers { by_name: hear(self.by_name.as_ref()).await, by_port: None };
        if !heard.answered() {
            heard.by_port = hear(self.by_port.as_ref().map(|port| &port.server)).await;
        }
        heard
    }

    /// The transport of the second way, where it is one under the server's name.
    pub(crate) fn port_net(&self) -> Option<&Net> {
        self.by_port.as_ref().and_then(|port| port.net.as_ref())
    }
}

async fn hear(server: Option<&Server>) -> Option<Heard> {
    Some(match answers(server?).await {
        Ok(()) => Heard::Answered,
        Err(finding) => Heard::of(&finding),
    })
}

async fn answers(server: &Server) -> Result<(), Finding> {
    server.alive().await?;
    server.identity_alive().await
}
