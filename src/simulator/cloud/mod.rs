//! The simulated Bitwarden cloud: two regions, each with an identity and an api that share their tables.
//!
//! Sockets and the simulated self-hosted server ask through the same [`CloudState::answer`], so both meet the same
//! rules, limits and refusals.

mod api;
mod identity;
pub mod license;
pub mod tables;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{Router, extract::Request, response::Response};
use serde_json::{Map, json};
use time::OffsetDateTime;

pub use self::tables::{Installation, Organization, Payment, Plan, Standing, Subscription, Tables};
use super::{
    jwt::Signer,
    limits::{self, Limiter},
    message::{Answer, Asked},
    user_login::Accounts,
};
use crate::domain::region::{CloudHost, Region};

/// Which service of a region a request is for.
pub type Role = CloudHost;

/// How many requests are remembered for whoever asks what was heard.
const HEARD: usize = 10_000;
/// How long an installation's access token lasts, in seconds (`identity-installation-token.json`).
const TOKEN_SECONDS: i64 = 86_400;

/// What time it is in the cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// As far ahead of this machine's clock, or behind it.
    Ahead(time::Duration),
    /// Always this.
    Stands(OffsetDateTime),
}

/// What can be set for both regions together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// How long an answer that the genuine service holds back waits here (there: 2 s).
    pub delay: Duration,
    /// Whether requests are counted.
    pub limited: bool,
    /// The cloud's clock.
    pub clock: Clock,
}

impl Default for Settings {
    fn default() -> Self {
        Self { delay: Duration::ZERO, limited: true, clock: Clock::Ahead(time::Duration::ZERO) }
    }
}

/// One request that a region heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// Which service.
    pub role: Role,
    /// GET, POST, …
    pub method: String,
    /// Its path, without the query.
    pub path: String,
    /// What was answered.
    pub status: u16,
}

struct RegionState {
    tables: Mutex<Tables>,
    heard: Mutex<Vec<Heard>>,
    signer: Signer,
    accounts: Accounts,
    identity_limits: Limiter,
    api_limits: Limiter,
}

impl RegionState {
    fn new(region: Region) -> Self {
        Self {
            tables: Mutex::default(),
            heard: Mutex::default(),
            signer: Signer::new(&region.url(CloudHost::Identity)),
            accounts: Accounts::default(),
            identity_limits: Limiter::new(limits::IDENTITY),
            api_limits: Limiter::new(limits::API),
        }
    }
}

/// Both regions.
pub struct CloudState {
    us: RegionState,
    eu: RegionState,
    license_signer: Signer,
    settings: Mutex<Settings>,
}

impl Default for CloudState {
    fn default() -> Self {
        Self {
            us: RegionState::new(Region::Us),
            eu: RegionState::new(Region::Eu),
            license_signer: Signer::new("bitwarden"),
            settings: Mutex::default(),
        }
    }
}

impl CloudState {
    fn region(&self, region: Region) -> &RegionState {
        match region {
            Region::Us => &self.us,
            Region::Eu => &self.eu,
        }
    }

    /// Reads or changes one region's tables.
    pub fn tables<T>(&self, region: Region, with: impl FnOnce(&mut Tables) -> T) -> T {
        with(&mut self.region(region).tables.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The settings as they are.
    pub fn settings(&self) -> Settings {
        *self.settings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the settings.
    pub fn set(&self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.settings.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// The cloud's clock.
    pub fn now(&self) -> OffsetDateTime {
        match self.settings().clock {
            Clock::Ahead(by) => OffsetDateTime::now_utc() + by,
            Clock::Stands(at) => at,
        }
    }

    /// What signs the access tokens of a region.
    pub fn signer(&self, region: Region) -> &Signer {
        &self.region(region).signer
    }

    /// What signs the licenses of both.
    pub fn license_signer(&self) -> &Signer {
        &self.license_signer
    }

    /// The people who have an account in a region.
    pub fn accounts(&self, region: Region) -> &Accounts {
        &self.region(region).accounts
    }

    /// What a region heard so far, oldest first, from sockets and from the simulated server alike.
    pub fn heard(&self, region: Region) -> Vec<Heard> {
        self.region(region).heard.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// An access token for an installation as identity issues it, whether or not it knows the installation.
    pub fn installation_token(&self, region: Region, id: &str, scopes: &[&str]) -> String {
        let mut claims = Map::new();
        claims.insert("scope".into(), json!(scopes));
        claims.insert("client_id".into(), json!(format!("installation.{id}")));
        claims.insert("client_sub".into(), json!(id));
        self.signer(region).access_token(claims, TOKEN_SECONDS, self.now())
    }

    /// Answers one request to a service of a region.
    pub fn answer(&self, region: Region, role: Role, asked: &Asked) -> Answer {
        let answer = self.limited(region, role, asked);
        let heard =
            Heard { role, method: asked.method.to_string(), path: asked.path.clone(), status: answer.status };
        let mut list = self.region(region).heard.lock().unwrap_or_else(PoisonError::into_inner);
        if list.len() < HEARD {
            list.push(heard);
        }
        answer
    }

    fn limited(&self, region: Region, role: Role, asked: &Asked) -> Answer {
        let state = self.region(region);
        let limiter = match role {
            Role::Identity => &state.identity_limits,
            Role::Api => &state.api_limits,
            Role::Push => return push(asked, self.now()),
            Role::Vault => return vault(asked),
        };
        if !self.settings().limited {
            return self.serve(region, role, asked);
        }
        let pass = limiter.count(&asked.address, asked.method.as_str(), &asked.path, self.now());
        pass.refusal().unwrap_or_else(|| pass.mark(self.serve(region, role, asked)))
    }

    fn serve(&self, region: Region, role: Role, asked: &Asked) -> Answer {
        match role {
            Role::Identity => identity::answer(self, region, asked),
            _ => api::answer(self, region, asked),
        }
    }

    async fn respond(self: Arc<Self>, region: Region, role: Role, request: Request) -> Response {
        let answer = match Asked::read(request).await {
            Ok(asked) => self.answer(region, role, &asked),
            Err(refusal) => refusal,
        };
        if answer.slow {
            tokio::time::sleep(self.settings().delay).await;
        }
        answer.into_response(self.now())
    }
}

/// One service of a region as something that a listener can serve.
pub fn router(state: Arc<CloudState>, region: Region, role: Role) -> Router {
    Router::new().fallback(move |request: Request| Arc::clone(&state).respond(region, role, request))
}

/// The push relay, as far as a person who only asks whether it answers can tell.
fn push(asked: &Asked, now: OffsetDateTime) -> Answer {
    api::alive(asked, now).unwrap_or_else(|| Answer::empty(404))
}

/// The web vault's first page.
fn vault(asked: &Asked) -> Answer {
    match (asked.method.as_str(), asked.path.as_str()) {
        ("GET" | "HEAD", "/") => {
            Answer::text(200, "text/html", "<!doctype html><title>Bitwarden Web vault</title>")
        }
        _ => Answer::empty(404),
    }
}
