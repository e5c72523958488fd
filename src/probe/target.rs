//! What is looked at, and how a genuine answer looks.

use url::Url;

use crate::{
    domain::{
        answers::{self, Answer},
        check::{Cause, Finding, Stage, Target},
        region::{CloudHost, Lookup, Region},
    },
    net::{Origin, Route},
};

/// The question of the HTTP stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HttpQuestion {
    /// Identity's discovery document; never followed.
    Discovery,
    /// Whether the cloud's api knows this installation (`bitwarden.md` §0-2).
    Installation {
        /// The installation id, as the file has it.
        id: String,
    },
    /// The host's time. The cloud's api answers it five times a minute only (`bitwarden.md` §0-12).
    Alive,
    /// Any HTTP answer will do, 401 too: the image registry, the push relay (design §2).
    Any {
        /// The path, with a slash first.
        path: String,
    },
}

/// One host to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbeTarget {
    /// What it is: the middle of the rows' ids.
    pub target: Target,
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Whether TLS is spoken; plain HTTP is for the server's own address on loopback.
    pub secure: bool,
    /// What stands before the question's path, as in `/api`; empty for the cloud.
    pub base: String,
    /// The question.
    pub http: HttpQuestion,
}

impl ProbeTarget {
    /// A host that speaks TLS, asked at its root.
    pub fn new(target: Target, host: impl Into<String>, port: u16, http: HttpQuestion) -> Self {
        Self { target, host: host.into(), port, secure: true, base: String::new(), http }
    }

    /// A region's identity host.
    pub fn identity(region: Region) -> Self {
        Self::new(Target::Identity, region.host(CloudHost::Identity), 443, HttpQuestion::Discovery)
    }

    /// A region's api host, asked whether it knows this installation.
    pub fn api(region: Region, id: impl Into<String>) -> Self {
        Self::new(Target::Api, region.host(CloudHost::Api), 443, HttpQuestion::Installation { id: id.into() })
    }

    /// A region's push relay.
    pub fn push(region: Region) -> Self {
        Self::new(Target::Push, region.host(CloudHost::Push), 443, HttpQuestion::Any { path: "/".to_owned() })
    }

    /// An image registry (the path is the registry API's own root).
    pub fn registry(host: impl Into<String>) -> Self {
        Self::new(Target::Registry, host, 443, HttpQuestion::Any { path: "/v2/".to_owned() })
    }

    /// A host at this address: name, port, whether TLS is spoken and what stands before the path are taken from
    /// it; `suffix` follows, as in `/api`.
    ///
    /// # Errors
    /// `config.bad_url`: no host, another scheme, or plain HTTP elsewhere than on loopback.
    pub fn at(target: Target, url: &Url, suffix: &str, http: HttpQuestion) -> Result<Self, Finding> {
        let origin = Origin::of(url)?;
        let base = format!("{}{suffix}", url.path().trim_end_matches('/'));
        Ok(Self { target, host: origin.host, port: origin.port, secure: origin.secure, base, http })
    }

    /// The self-hosted server's api at its address.
    ///
    /// # Errors
    /// As [`Self::at`].
    pub fn server(url: &Url) -> Result<Self, Finding> {
        Self::at(Target::Server, url, "/api", HttpQuestion::Alive)
    }

    pub(super) fn origin(&self) -> Origin {
        Origin { secure: self.secure, ..Origin::https(&self.host, self.port) }
    }

    /// The rungs to this host, in order.
    pub(super) fn stages(&self, route: &Route) -> Vec<Stage> {
        let mut stages = vec![Stage::Name, Stage::Connect];
        if matches!(route, Route::Proxy(_)) {
            stages.push(Stage::Proxy);
        }
        if self.secure {
            stages.push(Stage::Tls);
        }
        stages.push(Stage::Http);
        stages
    }

    /// The path to ask. An installation id comes from a file: it is one segment, whatever is in it.
    pub(super) fn path(&self) -> String {
        match &self.http {
            HttpQuestion::Discovery => format!("{}/.well-known/openid-configuration", self.base),
            HttpQuestion::Installation { id } => {
                let id: String = url::form_urlencoded::byte_serialize(id.trim().as_bytes()).collect();
                format!("{}/installations/{}", self.base, id.replace('+', "%20"))
            }
            HttpQuestion::Alive => format!("{}/alive", self.base),
            HttpQuestion::Any { path } => format!("{}{path}", self.base),
        }
    }

    /// What the answer means.
    pub(super) fn judge(&self, answer: &Answer<'_>) -> Result<Judged, Finding> {
        let mut judged = Judged::default();
        match &self.http {
            HttpQuestion::Discovery => answers::discovery(answer)?,
            HttpQuestion::Installation { .. } => judged.lookup = answers::installation(answer)?,
            HttpQuestion::Alive if self.target == Target::Server => answers::alive(answer)?,
            HttpQuestion::Alive => judged.time = Some(answers::cloud_alive(answer)?),
            // "Network authentication required" is never the host's own answer (RFC 6585 §6).
            HttpQuestion::Any { .. } if answer.status == 511 => {
                return Err(Finding::new(Cause::HttpBlockPage).with("status", "511"));
            }
            HttpQuestion::Any { .. } => {}
        }
        Ok(judged)
    }
}

/// What a genuine answer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Judged {
    pub(super) lookup: Lookup,
    pub(super) time: Option<time::OffsetDateTime>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_from_a_file_stays_one_segment() {
        let path = |id: &str| ProbeTarget::api(Region::Eu, id).path();
        assert_eq!(path(" 7c0b6b1e \r"), "/installations/7c0b6b1e");
        assert_eq!(path("../x?y#z w"), "/installations/..%2Fx%3Fy%23z%20w");
        assert_eq!(path("{7c}\r\nHost: x"), "/installations/%7B7c%7D%0D%0AHost%3A%20x");
    }

    #[test]
    fn the_server_is_asked_below_its_own_path() {
        let target = ProbeTarget::server(&"https://vault.example:8443/bw/".parse().unwrap()).unwrap();
        assert_eq!((target.port, target.path().as_str()), (8443, "/bw/api/alive"));
        assert!(ProbeTarget::server(&"http://vault.example/".parse().unwrap()).is_err());
        let plain = ProbeTarget::server(&"http://localhost:8080".parse().unwrap()).unwrap();
        assert_eq!(plain.stages(&Route::Direct), [Stage::Name, Stage::Connect, Stage::Http]);
    }
}
