//! Which host is talked to, and by which way: mapped, direct, or through a proxy.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
};

use hyper_util::client::proxy::matcher::Matcher;
use url::{Host, Url};

use crate::domain::check::{AdviceCode, Cause, Evidence, Finding};

/// A host and port that speaks HTTP, over TLS or (on loopback only) without.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    /// The name or address, in lower case and without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Whether TLS is spoken.
    pub secure: bool,
}

impl Origin {
    /// An origin that speaks TLS.
    pub fn https(host: &str, port: u16) -> Self {
        let host = host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        Self { host, port, secure: true }
    }

    /// The origin of an address. Plain `http` is accepted on loopback only (design §4, `--server`); anything
    /// else is `config.bad_url`.
    pub fn of(url: &Url) -> Result<Self, Finding> {
        let bad = |reason: &str| {
            let shown = url.host_str().unwrap_or_default();
            Finding::new(Cause::ConfigBadUrl).with("host", shown).with("reason", reason)
        };
        let Some(host) = url.host() else { return Err(bad("no_host")) };
        let loopback = match &host {
            Host::Domain(name) => *name == "localhost",
            Host::Ipv4(address) => address.is_loopback(),
            Host::Ipv6(address) => address.is_loopback(),
        };
        let secure = match url.scheme() {
            "https" => true,
            "http" if loopback => false,
            "http" => return Err(bad("plain_http")),
            _ => return Err(bad("scheme")),
        };
        let port = url.port_or_known_default().ok_or_else(|| bad("no_port"))?;
        Ok(Self { secure, ..Self::https(&host.to_string(), port) })
    }

    /// The address, if the host is one and no name.
    pub fn literal(&self) -> Option<IpAddr> {
        self.host.parse().ok()
    }

    /// Whether the host is this machine by its very name.
    pub fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.literal().is_some_and(|address| address.is_loopback())
    }

    /// `HOST` or `HOST:PORT`, as the `Host` header has it.
    pub fn authority(&self) -> String {
        let usual = if self.secure { 443 } else { 80 };
        if self.port == usual { self.bracketed() } else { self.with_port() }
    }

    /// `HOST:PORT`, as CONNECT has it.
    pub fn with_port(&self) -> String {
        format!("{}:{}", self.bracketed(), self.port)
    }

    fn bracketed(&self) -> String {
        if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() }
    }

    /// A finding about this host, with its name and port as evidence.
    pub fn finding(&self, cause: Cause) -> Finding {
        Finding::new(cause).with("host", &self.host).with("port", self.port.to_string())
    }

    /// Whether the host may stand in a command that is shown to be copied: only letters, digits and the few
    /// signs of a name.
    pub fn fits_a_command(&self) -> bool {
        self.host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':'))
    }

    /// The same finding with advice and, where the host may stand in one, a command made of the host.
    pub fn advise(&self, finding: Finding, code: AdviceCode, command: impl Fn(&str) -> String) -> Finding {
        if self.fits_a_command() { finding.command(code, command(&self.host)) } else { finding.advise(code) }
    }

    /// A command that tries the connection and shows how far it comes.
    pub fn try_command(&self) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        format!("curl -v --max-time 10 {scheme}://{}/", self.with_port())
    }
}

/// The way to a host.
#[derive(Debug, Clone)]
pub enum Route {
    /// `--connect-to`: to this address, without a lookup and without a proxy.
    Mapped(SocketAddr),
    /// Lookup, then connect.
    Direct,
    /// Through this proxy.
    Proxy(Via),
}

/// A proxy, as the environment names it.
#[derive(Clone)]
pub struct Via {
    /// Where it listens; `secure` where TLS is spoken to the proxy itself.
    pub origin: Origin,
    /// `Proxy-Authorization`, where the environment gives a user.
    pub auth: Option<hyper::header::HeaderValue>,
    /// Whether its scheme is one that bwsync speaks (`http`, `https`); SOCKS is not.
    pub spoken: bool,
}

impl Via {
    /// Notes the proxy as evidence: host and port, never the user.
    pub fn note(&self, evidence: &mut Evidence) {
        evidence.insert("proxy", self.origin.with_port());
    }

    /// A finding about the way through this proxy to `target`.
    pub fn finding(&self, cause: Cause, target: &Origin) -> Finding {
        let mut finding = target.finding(cause).advise(AdviceCode::CheckProxy);
        self.note(&mut finding.evidence);
        finding
    }
}

impl fmt::Debug for Via {
    /// Without the user.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Via({})", self.origin.with_port())
    }
}

/// The proxy that the environment names for a host, if any. Loopback never goes through one.
pub(super) fn via(matcher: &Matcher, origin: &Origin) -> Option<Via> {
    if origin.is_loopback() {
        return None;
    }
    let scheme = if origin.secure { "https" } else { "http" };
    let target = format!("{scheme}://{}/", origin.with_port()).parse().ok()?;
    let intercept = matcher.intercept(&target)?;
    let uri = intercept.uri();
    let secure = uri.scheme_str() == Some("https");
    let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
    let auth = intercept.basic_auth().cloned().map(|mut value| {
        value.set_sensitive(true);
        value
    });
    let spoken = matches!(uri.scheme_str(), None | Some("http" | "https"));
    let origin = Origin { secure, ..Origin::https(uri.host()?, port) };
    Some(Via { origin, auth, spoken })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(url: &str) -> Result<Origin, Finding> {
        Origin::of(&url.parse().unwrap())
    }

    #[test]
    fn plain_http_is_for_loopback_only() {
        for good in ["http://localhost:8080/", "http://127.0.0.1/", "http://[::1]:80/", "https://a.example/"]
        {
            assert!(origin(good).is_ok(), "{good}");
        }
        for bad in ["http://a.example/", "http://10.0.0.1/", "ftp://a.example/", "http://localhost.example/"]
        {
            assert_eq!(origin(bad).unwrap_err().cause, Cause::ConfigBadUrl, "{bad}");
        }
    }

    #[test]
    fn the_host_header_names_the_port_where_it_is_unusual() {
        assert_eq!(origin("https://A.example:443/x").unwrap().authority(), "a.example");
        assert_eq!(origin("https://a.example:8443/x").unwrap().authority(), "a.example:8443");
        assert_eq!(origin("https://[2001:db8::1]:8443/x").unwrap().authority(), "[2001:db8::1]:8443");
    }

    #[test]
    fn a_host_that_a_shell_would_read_is_not_put_into_a_command() {
        assert!(origin("https://a-b.example/").unwrap().fits_a_command());
        assert!(!origin("https://a$(reboot).example/").unwrap().fits_a_command());
    }

    #[test]
    fn the_environments_proxy_is_taken_and_its_user_never_shown() {
        let matcher = Matcher::builder().all("http://user:secret@proxy.example:3128").no(".internal").build();
        let via = via(&matcher, &origin("https://api.bitwarden.com/").unwrap()).unwrap();
        assert_eq!(via.origin.with_port(), "proxy.example:3128");
        assert!(via.auth.is_some() && via.spoken);
        assert_eq!(format!("{via:?}"), "Via(proxy.example:3128)");
        assert!(super::via(&matcher, &origin("https://x.internal/").unwrap()).is_none());
        assert!(super::via(&matcher, &origin("https://127.0.0.1/").unwrap()).is_none());
    }
}
