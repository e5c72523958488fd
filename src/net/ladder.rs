//! The way to a host by hand, stage by stage: what the probes time, and what tells where a call broke off.

use std::net::{IpAddr, SocketAddr};

use rustls::pki_types::ServerName;
use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsConnector;

use super::{Certificate, Connected, Link, Net, Origin, Route, Via, dns, fault, proxy, tcp};
use crate::domain::check::{Cause, Finding};

/// A TLS connection and what it rests on.
pub struct Secured {
    /// The connection.
    pub link: Link,
    /// The server's own certificate.
    pub certificate: Option<Certificate>,
}

impl Net {
    /// The way to a host.
    pub fn route(&self, origin: &Origin) -> Route {
        match self.mapped(&origin.host, origin.port) {
            Some(to) => Route::Mapped(to),
            None => self.via(origin).map_or(Route::Direct, Route::Proxy),
        }
    }

    /// Looks the host's name up.
    pub async fn resolve(&self, origin: &Origin, until: Instant) -> Result<Vec<IpAddr>, Finding> {
        dns::resolve(&origin.host, until).await.map_err(|fault| fault.finding(origin))
    }

    /// Connects to the first of these addresses that answers.
    pub async fn connect(
        &self,
        origin: &Origin,
        addresses: &[SocketAddr],
        until: Instant,
    ) -> Result<Connected, Finding> {
        tcp::connect(origin, addresses, until).await
    }

    /// Asks a proxy, over a connection to it, for a tunnel to `target`; speaks TLS to the proxy first where its
    /// address says so.
    pub async fn tunnel(
        &self,
        link: Link,
        via: &Via,
        target: &Origin,
        until: Instant,
    ) -> Result<Link, Finding> {
        let link = if via.origin.secure {
            self.secure(link, &via.origin, until).await.map_err(|f| proxy_fault(via, target, &f))?.link
        } else {
            link
        };
        proxy::tunnel(link, via, target, &self.user_agent(), until).await
    }

    /// Establishes TLS.
    pub async fn secure(&self, link: Link, origin: &Origin, until: Instant) -> Result<Secured, Finding> {
        let name = ServerName::try_from(origin.host.clone())
            .map_err(|_| origin.finding(Cause::ConfigBadUrl).with("reason", "host"))?;
        let connector = TlsConnector::from(self.tls_config());
        let stream = match timeout_at(until, connector.connect(name, link)).await {
            Err(_) => return Err(fault::handshake(origin, "timeout")),
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => {
                let found = fault::find_before_tls(&error, origin);
                return Err(found.unwrap_or_else(|| fault::handshake(origin, "other")));
            }
        };
        let presented = stream.get_ref().1.peer_certificates().and_then(|chain| chain.first());
        let certificate = presented.and_then(|der| Certificate::read(der.as_ref()));
        Ok(Secured { link: Box::new(stream), certificate })
    }

    /// Walks the whole way up to TLS and says where it breaks off; `Ok` where it does not.
    pub(super) async fn walk(&self, origin: &Origin) -> Result<(), Finding> {
        let link: Link = match self.route(origin) {
            Route::Mapped(to) => Box::new(self.connect(origin, &[to], self.stage()).await?.stream),
            Route::Direct => {
                let addresses = at_port(&self.resolve(origin, self.stage()).await?, origin.port);
                Box::new(self.connect(origin, &addresses, self.stage()).await?.stream)
            }
            Route::Proxy(via) => {
                let told = |finding: Finding| proxy_fault(&via, origin, &finding);
                if !via.spoken {
                    return Err(unspoken(&via, origin));
                }
                let found = self.resolve(&via.origin, self.stage()).await.map_err(told)?;
                let addresses = at_port(&found, via.origin.port);
                let connected = self.connect(&via.origin, &addresses, self.stage()).await.map_err(told)?;
                self.tunnel(Box::new(connected.stream), &via, origin, self.stage()).await?
            }
        };
        if origin.secure {
            self.secure(link, origin, self.stage()).await?;
        }
        Ok(())
    }
}

/// These addresses at this port.
pub fn at_port(addresses: &[IpAddr], port: u16) -> Vec<SocketAddr> {
    addresses.iter().map(|address| SocketAddr::new(*address, port)).collect()
}

/// A fault on the way to a proxy is the proxy's: `proxy.unreachable`, with what it was as reason.
pub fn proxy_fault(via: &Via, target: &Origin, fault: &Finding) -> Finding {
    let mut finding = via.finding(Cause::ProxyUnreachable, target).with("reason", fault.cause.code());
    for name in ["address", "errno", "issuer", "subject"] {
        if let Some(value) = fault.evidence.get(name) {
            finding = finding.with(name, value);
        }
    }
    finding
}

/// The environment names a proxy of a kind that bwsync does not speak.
pub fn unspoken(via: &Via, target: &Origin) -> Finding {
    via.finding(Cause::ProxyUnreachable, target).with("reason", "unsupported_scheme")
}
