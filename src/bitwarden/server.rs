//! The self-hosted server, asked as its web vault and Bitwarden's command line client ask it.
//!
//! [`Server`] is an address that anybody may stand behind: it is asked only what needs no secret. What shows itself
//! there as Bitwarden's own server becomes a [`Genuine`], and only that can be given a personal API key or a bearer.

use std::time::Duration;

use time::OffsetDateTime;
use url::Url;

use super::wire::{self, CLOUD_BILLING_SYNC};
use crate::{
    domain::{
        answers::{self, Answer, Refusal, ServerConfig, UserBearer},
        check::{AdviceCode, Cause, Finding},
        request::ApiKey,
        secret::Secret,
        sync::{Connection, LicenseTerms},
    },
    net::{Call, Method, Net, Reply},
};

/// The server generation that this release was made for; at least 2025.11.0, or people with the newer account
/// encryption are turned away (`bitwarden.md` §0-11).
pub const CLIENT_VERSION: &str = "2026.8.0";
/// How long a sync may take: the server gives each of its two calls 100 s (`bitwarden.md` A6-2).
pub const SYNC_TIMEOUT: Duration = Duration::from_secs(210);
/// `LinuxCLI`, as the official command line client has it on Linux.
const DEVICE_TYPE: &str = "25";
/// Longest device name that the server stores, in characters.
const DEVICE_NAME: usize = 50;

/// What the server knows this program by. A new identifier stores a device and mails the person: keep one for
/// an installation and user (design §9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// A GUID, the same at every sign-in.
    pub identifier: String,
    /// `bwsync on HOST`
    pub name: String,
}

/// The server at one address; `/api` and `/identity` lie below it.
#[derive(Clone)]
pub struct Server {
    net: Net,
    base: Url,
}

impl Server {
    /// The server at this address.
    pub fn new(net: Net, base: Url) -> Self {
        Self { net, base }
    }

    /// Whether the api answers.
    ///
    /// # Errors
    /// As [`answers::alive`], or what kept it from an answer: `server.down`, `server.tls_untrusted`, …
    pub async fn alive(&self) -> Result<(), Finding> {
        self.get(&["api", "alive"], None, answers::alive).await
    }

    /// Whether identity answers too: its discovery document comes; what it names is never followed.
    ///
    /// # Errors
    /// As [`Self::alive`].
    pub async fn identity_alive(&self) -> Result<(), Finding> {
        let path = ["identity", ".well-known", "openid-configuration"];
        self.get(&path, None, answers::server_discovery).await
    }

    /// Has whatever answers here show that it is Bitwarden's own self-hosted server: TLS (or loopback), HTTP, and what
    /// it says of itself. Nothing secret is sent for this, and all that is sent afterwards goes the same way.
    ///
    /// # Errors
    /// As [`answers::config`], or what kept it from an answer.
    pub async fn identify(&self) -> Result<Genuine, Finding> {
        if answers::is_cloud(&self.base) {
            let finding = Finding::new(Cause::ServerNotSelfHosted).advise(AdviceCode::PointToServer);
            return Err(wire::told(finding, &self.base, &[]));
        }
        let url = self.address(&["api", "config"])?;
        let reply =
            self.net.send(client_call(Call::get(url.clone()))).await.map_err(Finding::of_own_server)?;
        let config =
            answers::config(&wire::answer(&reply)).map_err(|finding| wire::told(finding, &url, &[]))?;
        let server = Self { net: self.net.bound_to(&url, &reply), base: self.base.clone() };
        Ok(Genuine { server, config })
    }

    async fn get<T>(
        &self,
        path: &[&str],
        bearer: Option<&UserBearer>,
        meaning: impl FnOnce(&Answer<'_>) -> Result<T, Finding>,
    ) -> Result<T, Finding> {
        let mut call = client_call(Call::get(self.address(path)?));
        let mut secrets = Vec::new();
        if let Some(bearer) = bearer {
            call = call.bearer(bearer.access_token.clone());
            secrets.push(&bearer.access_token);
        }
        self.send(call, &secrets, meaning).await
    }

    async fn send<T>(
        &self,
        call: Call,
        secrets: &[&Secret],
        meaning: impl FnOnce(&Answer<'_>) -> Result<T, Finding>,
    ) -> Result<T, Finding> {
        let url = call.url.clone();
        let reply = self.net.send(call).await.map_err(Finding::of_own_server)?;
        meaning(&wire::answer(&reply)).map_err(|finding| wire::told(finding, &url, secrets))
    }

    /// Sends what changes something, and tells what did not come about from what nobody knows.
    async fn change<T>(
        &self,
        call: Call,
        secrets: &[&Secret],
        meaning: impl FnOnce(&Answer<'_>) -> Result<T, Finding>,
    ) -> Result<T, Undone> {
        let url = call.url.clone();
        let reply: Reply = match self.net.try_send(call).await {
            Ok(reply) => reply,
            Err(unanswered) if unanswered.left => {
                return Err(Undone::Unheard(unanswered.finding.of_own_server()));
            }
            Err(unanswered) => return Err(Undone::Not(unanswered.finding.of_own_server())),
        };
        let answer = wire::answer(&reply);
        meaning(&answer).map_err(|finding| {
            let finding = wire::told(finding, &url, secrets);
            match answers::refusal(&answer) {
                Some(Refusal::Refused) => Undone::Not(finding),
                Some(Refusal::Failed) => Undone::Over(finding),
                None => Undone::Unheard(finding),
            }
        })
    }

    fn address(&self, path: &[&str]) -> Result<Url, Finding> {
        wire::address(&self.base, path)
    }
}

/// Why a change did not come about, as far as that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undone {
    /// It did not: nothing was sent, or the api itself refused it.
    Not(Finding),
    /// The api itself says that it failed on the way. It is over; what it left must be looked at.
    Over(Finding),
    /// It was sent, and what came back, if anything, does not tell whether it was done.
    Unheard(Finding),
}

impl Undone {
    /// What was met.
    pub fn finding(self) -> Finding {
        match self {
            Self::Not(finding) | Self::Over(finding) | Self::Unheard(finding) => finding,
        }
    }

    fn map(self, exact: impl FnOnce(Finding) -> Finding) -> Self {
        match self {
            Self::Not(finding) => Self::Not(exact(finding)),
            Self::Over(finding) => Self::Over(exact(finding)),
            Self::Unheard(finding) => Self::Unheard(exact(finding)),
        }
    }
}

impl From<Finding> for Undone {
    /// Met before anything was sent.
    fn from(finding: Finding) -> Self {
        Self::Not(finding)
    }
}

/// A server that has shown that it is Bitwarden's ([`Server::identify`] makes it and nothing else does), over the
/// way on which it did.
#[derive(Clone)]
pub struct Genuine {
    server: Server,
    config: ServerConfig,
}

impl Genuine {
    /// What it says about itself.
    pub fn config(&self) -> &ServerConfig {
        &self.config
    }

    /// Signs a person in with a personal API key. A device that the server has not seen yet makes it send a
    /// mail.
    ///
    /// # Errors
    /// As [`answers::user_token`], or what kept it from an answer.
    pub async fn sign_in(&self, key: &ApiKey, device: &Device) -> Result<UserBearer, Finding> {
        let url = self.server.address(&["identity", "connect", "token"])?;
        let form = vec![
            ("scope", Secret::new("api")),
            ("client_id", Secret::new(key.client_id.trim())),
            ("deviceType", Secret::new(DEVICE_TYPE)),
            ("deviceIdentifier", Secret::new(device.identifier.as_str())),
            ("deviceName", Secret::new(device.name.chars().take(DEVICE_NAME).collect::<String>())),
            ("grant_type", Secret::new("client_credentials")),
            ("client_secret", key.client_secret.trimmed()),
        ];
        let call = client_call(Call::post(url)).form(form);
        self.server.send(call, &[&key.client_secret.trimmed()], answers::user_token).await
    }

    /// Whether cloud communication is on in the running server.
    ///
    /// # Errors
    /// As [`answers::connections_enabled`], or what kept it from an answer.
    pub async fn connections_enabled(&self, bearer: &UserBearer) -> Result<bool, Finding> {
        let path = ["api", "organizations", "connections", "enabled"];
        self.server.get(&path, Some(bearer), answers::connections_enabled).await
    }

    /// The saved connection of an organization.
    ///
    /// # Errors
    /// As [`answers::connection`], made exact by the bearer's claims, or what kept it from an answer.
    pub async fn connection(&self, bearer: &UserBearer, org: &str) -> Result<Connection, Finding> {
        let kind = CLOUD_BILLING_SYNC.to_string();
        let path = ["api", "organizations", "connections", org, &kind];
        let connection = self.server.get(&path, Some(bearer), answers::connection).await;
        connection.map_err(|finding| not_owner(finding, bearer, org))
    }

    /// The saved connection, and whether it holds this very token: what is asked where nobody heard how saving went.
    ///
    /// # Errors
    /// As [`Self::connection`].
    pub async fn connection_with(
        &self,
        bearer: &UserBearer,
        org: &str,
        token: &Secret,
    ) -> Result<(Connection, bool), Finding> {
        let kind = CLOUD_BILLING_SYNC.to_string();
        let path = ["api", "organizations", "connections", org, &kind];
        let meaning = |answer: &Answer<'_>| {
            let connection = answers::connection(answer)?;
            Ok((connection, answers::holds_token(answer, token) == Some(true)))
        };
        let seen = self.server.get(&path, Some(bearer), meaning).await;
        seen.map_err(|finding| not_owner(finding, bearer, org))
    }

    /// Saves the token: a new connection, or a new token in the existing one, whose last sync is kept. The
    /// server asks nobody about the token (`bitwarden.md` §0-13).
    ///
    /// # Errors
    /// As [`answers::save_connection`], made exact by the bearer's claims, or what kept it from an answer.
    pub async fn save_connection(
        &self,
        bearer: &UserBearer,
        org: &str,
        token: &Secret,
        existing: &Connection,
    ) -> Result<Connection, Undone> {
        let token = token.trimmed();
        let mut path = vec!["api", "organizations", "connections"];
        path.extend(existing.id.as_deref());
        let url = self.server.address(&path)?;
        let call = match existing.id {
            Some(_) => Call::new(Method::Put, url),
            None => Call::post(url),
        };
        let call = client_call(call)
            .bearer(bearer.access_token.clone())
            .json(wire::saved_connection(org, &token, existing)?, false);
        let saved = self.server.change(call, &[&bearer.access_token, &token], answers::save_connection).await;
        saved.map_err(|undone| undone.map(|finding| not_owner(finding, bearer, org)))
    }

    /// Removes a saved connection; one that is gone already is as good.
    ///
    /// # Errors
    /// As [`answers::remove_connection`], made exact by the bearer's claims, or what kept it from an answer.
    pub async fn remove_connection(&self, bearer: &UserBearer, org: &str, id: &str) -> Result<(), Undone> {
        let url = self.server.address(&["api", "organizations", "connections", id])?;
        let call = client_call(Call::new(Method::Delete, url)).bearer(bearer.access_token.clone());
        let removed = self.server.change(call, &[&bearer.access_token], answers::remove_connection).await;
        removed.map_err(|undone| undone.map(|finding| not_owner(finding, bearer, org)))
    }

    /// Triggers the license sync and waits for its end, up to [`SYNC_TIMEOUT`].
    ///
    /// # Errors
    /// As [`answers::license_sync`], a 404 made exact by the bearer's claims, or what kept it from an answer.
    pub async fn sync_license(&self, bearer: &UserBearer, org: &str) -> Result<(), Undone> {
        let url = self.server.address(&["api", "organizations", "licenses", "self-hosted", org, "sync"])?;
        let call = client_call(Call::post(url)).bearer(bearer.access_token.clone()).within(SYNC_TIMEOUT);
        let synced = self.server.change(call, &[&bearer.access_token], answers::license_sync).await;
        let exact = |finding: Finding| match (finding.cause, finding.evidence.get("status")) {
            // No connection, not owner and no such organization are one answer (`bitwarden.md` A3-2).
            (Cause::SyncRefused, Some("404")) => {
                bearer.explain(finding, org, (Cause::ConnectionMissing, AdviceCode::SaveToken))
            }
            _ => finding,
        };
        synced.map_err(|undone| undone.map(exact))
    }

    /// What the server's license says about the subscription.
    ///
    /// # Errors
    /// As [`answers::subscription`], made exact by the bearer's claims, or what kept it from an answer.
    pub async fn subscription(&self, bearer: &UserBearer, org: &str) -> Result<LicenseTerms, Finding> {
        let path = ["api", "organizations", org, "subscription"];
        let terms = self.server.get(&path, Some(bearer), answers::subscription).await;
        terms.map_err(|finding| not_owner(finding, bearer, org))
    }

    /// When sponsorships were last synced; none where they never were.
    ///
    /// # Errors
    /// As [`answers::sync_status`], or what kept it from an answer.
    pub async fn sponsorship_sync_status(
        &self,
        bearer: &UserBearer,
        org: &str,
    ) -> Result<Option<OffsetDateTime>, Finding> {
        let path = ["api", "organization", "sponsorship", org, "sync-status"];
        self.server.get(&path, Some(bearer), answers::sync_status).await
    }
}

fn client_call(call: Call) -> Call {
    call.header("accept", "application/json").header("bitwarden-client-version", CLIENT_VERSION)
}

/// The bearer's claims name the organization as owned and the server still does not have it: it was deleted.
fn not_owner(finding: Finding, bearer: &UserBearer, org: &str) -> Finding {
    if finding.cause == Cause::LoginNotOwner {
        bearer.explain(finding, org, (Cause::LoginOrgNotFound, AdviceCode::ChooseOrganization))
    } else {
        finding
    }
}
