//! What the server remembers: its settings since the last start, the connection, the organization. All without
//! a socket, so that a test can put it into any state.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use tokio::sync::watch;

use super::super::{jwt::Signer, user_login::Accounts};
use super::{
    cloud::Cloud,
    layout::Layout,
    log::{self, Log},
    settings::{EnvRefused, Settings, read_env},
};

/// Whether the containers run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Power {
    /// No container: the port refuses.
    Off,
    /// nginx listens; whether api and identity run too depends on their settings.
    On,
}

/// A row of the connections table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// Its id.
    pub id: String,
    /// The organization on this server.
    pub organization_id: String,
    /// Whether it is switched on.
    pub enabled: bool,
    /// The stored JSON text; a row can have none.
    pub config: Option<String>,
}

impl Connection {
    /// A row as the server writes it.
    pub fn new(
        organization_id: &str,
        token: &str,
        cloud_organization_id: &str,
        synced: Option<&str>,
    ) -> Self {
        let config = json!({
            "BillingSyncKey": token,
            "CloudOrganizationId": cloud_organization_id,
            "LastLicenseSync": synced,
        });
        Self {
            id: uuid::Uuid::new_v4().to_string(),
            organization_id: organization_id.to_owned(),
            enabled: true,
            config: Some(config.to_string()),
        }
    }
}

/// The organization as the server's database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// Id on this server.
    pub id: String,
    /// Name.
    pub name: String,
    /// Billing e-mail.
    pub billing_email: String,
    /// License key.
    pub license_key: String,
    /// Seats in use.
    pub occupied_seats: i64,
}

/// What a server is made of.
pub struct Parts {
    /// The folder `bwdata`.
    pub bwdata: PathBuf,
    /// Whom its files belong to, where that is another user than this process's.
    pub owner: Option<(u32, u32)>,
    /// The one organization.
    pub organization: Organization,
    /// The connections in the database.
    pub connections: Vec<Connection>,
    /// Newest sync of a sponsorship, as the API writes it.
    pub sponsorship_sync: Option<String>,
    /// The clouds.
    pub cloud: Arc<dyn Cloud>,
    /// Who may sign in.
    pub accounts: Accounts,
    /// How long an answer waits that the genuine server holds back (there: 2 s).
    pub delay: Duration,
}

/// What the containers of the last start are: all gone after a `down`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Started {
    /// When.
    pub(super) at: OffsetDateTime,
    /// Which start it was: containers made anew have other ids.
    pub(super) number: u64,
    /// The environment that the env files gave them.
    pub(super) environment: BTreeMap<String, String>,
    /// Why api and identity ended, as their log says it; none where they run.
    pub(super) ended: Option<String>,
}

/// The server.
pub struct ServerState {
    layout: Layout,
    pub(super) owner: Option<(u32, u32)>,
    pub(super) cloud: Arc<dyn Cloud>,
    pub(super) accounts: Accounts,
    pub(super) bearers: Signer,
    pub(super) delay: Duration,
    pub(super) log: Log,
    inner: Mutex<Inner>,
    power: watch::Sender<Power>,
    port: watch::Sender<Option<Power>>,
}

/// What requests change.
pub(super) struct Inner {
    pub(super) organization: Organization,
    pub(super) connections: Vec<Connection>,
    pub(super) sponsorship_sync: Option<String>,
    running: Option<Settings>,
    started: Option<Started>,
    starts: u64,
}

impl ServerState {
    /// A standard server that is not started yet.
    pub fn new(parts: Parts) -> Arc<Self> {
        let layout = Layout::standard(&parts.bwdata);
        Self::laid_out(parts, layout)
    }

    /// The same with its files in other places.
    pub fn laid_out(parts: Parts, layout: Layout) -> Arc<Self> {
        Arc::new(Self {
            log: Log::new(&layout.log, parts.owner),
            layout,
            owner: parts.owner,
            cloud: parts.cloud,
            accounts: parts.accounts,
            // The scheme and host of the inner address (`identity-user-api-key.json`).
            bearers: Signer::new("http://identity"),
            delay: parts.delay,
            inner: Mutex::new(Inner {
                organization: parts.organization,
                connections: parts.connections,
                sponsorship_sync: parts.sponsorship_sync,
                running: None,
                started: None,
                starts: 0,
            }),
            power: watch::Sender::new(Power::Off),
            port: watch::Sender::new(None),
        })
    }

    /// Follows whether the containers run: the listener closes its port and its connections at [`Power::Off`]
    /// and opens the same port again at [`Power::On`].
    pub fn power(&self) -> watch::Receiver<Power> {
        self.power.subscribe()
    }

    /// Whoever follows [`Self::power`] tells here what the port does now.
    pub fn port_is(&self, power: Power) {
        self.port.send_replace(Some(power));
    }

    /// Waits until the port does what was last ordered; at once where nobody follows.
    pub async fn settled(&self) {
        let mut port = self.port.subscribe();
        // The sender is in `self`: it cannot go away while this waits.
        let _ = port.wait_for(|port| port.is_none_or(|port| port == *self.power.borrow())).await;
    }

    /// `up -d`: reads the env files and starts. A value that the server cannot read keeps api and identity
    /// down; nginx runs.
    ///
    /// # Errors
    /// Where Compose refuses a file; nothing runs then that did not run before.
    pub fn bring_up(&self) -> Result<(), EnvRefused> {
        self.bring_up_unless(|_| None)
    }

    /// The same, but api and identity end with the line that `ended` gives for their environment.
    ///
    /// # Errors
    /// As [`Self::bring_up`].
    pub(super) fn bring_up_unless(
        &self,
        ended: impl FnOnce(&BTreeMap<String, String>) -> Option<String>,
    ) -> Result<(), EnvRefused> {
        let environment = self.read_files()?;
        let bound = Settings::bind(std::slice::from_ref(&environment));
        let ended =
            ended(&environment).or_else(|| bound.as_ref().err().map(|key| not_converted(key, &environment)));
        self.start(bound.ok().filter(|_| ended.is_none()), environment, ended);
        Ok(())
    }

    /// Whether Compose would read the env files as they stand.
    ///
    /// # Errors
    /// Where it would not.
    pub(super) fn read_files(&self) -> Result<BTreeMap<String, String>, EnvRefused> {
        let mut environment = BTreeMap::new();
        for path in &self.layout.env_files {
            let bytes = fs::read(path).map_err(|_| EnvRefused { line: 0 })?;
            environment.extend(read_env(&String::from_utf8_lossy(&bytes))?);
        }
        self.layout.enter(&mut environment);
        Ok(environment)
    }

    /// Starts all but nginx, whose port somebody else has taken meanwhile: nobody reaches the server.
    ///
    /// # Errors
    /// As [`Self::bring_up`].
    pub(super) fn bring_up_without_port(&self) -> Result<(), EnvRefused> {
        self.bring_up()?;
        self.power.send_replace(Power::Off);
        Ok(())
    }

    /// Starts with exactly these settings, or without api and identity.
    pub fn run(&self, settings: Option<Settings>) {
        let ended = settings.is_none().then(|| "Unhandled exception.".to_owned());
        self.start(settings, BTreeMap::new(), ended);
    }

    fn start(
        &self,
        settings: Option<Settings>,
        environment: BTreeMap<String, String>,
        ended: Option<String>,
    ) {
        let starts = settings.is_some();
        {
            let mut inner = self.inner();
            inner.running = settings;
            // Compose makes no container anew whose environment is the same.
            let same = inner
                .started
                .as_ref()
                .is_some_and(|old| old.environment == environment && old.ended == ended);
            if !same {
                inner.starts += 1;
                let (number, at) = (inner.starts, OffsetDateTime::now_utc());
                inner.started = Some(Started { at, number, environment, ended });
            }
        }
        if starts {
            self.log.outside(log::STARTED, "\"Api\" started.");
            self.log.outside(log::LISTENING, "Now listening on: \"http://[::]:5000\"");
            self.log.outside(log::APPLICATION_STARTED, "Application started. Press Ctrl+C to shut down.");
        }
        self.power.send_replace(Power::On);
    }

    /// `down`: the settings are forgotten, the port closes; what the database and the files hold stays.
    pub fn take_down(&self) {
        let was_running = {
            let mut inner = self.inner();
            inner.started = None;
            inner.running.take().is_some()
        };
        if was_running {
            self.log.outside(log::SHUTTING_DOWN, "Application is shutting down...");
        }
        self.power.send_replace(Power::Off);
    }

    /// The containers; none after a `down`.
    pub(super) fn started(&self) -> Option<Started> {
        self.inner().started.clone()
    }

    /// The settings of the last start; `None` where api and identity do not run.
    pub fn running(&self) -> Option<Settings> {
        self.inner().running.clone()
    }

    /// Puts these connections into the database in place of those that are there.
    pub fn set_connections(&self, connections: Vec<Connection>) {
        self.inner().connections = connections;
    }

    /// The connections in the database.
    pub fn connections(&self) -> Vec<Connection> {
        self.inner().connections.clone()
    }

    /// Notes when a sponsorship was last synced.
    pub fn set_sponsorship_sync(&self, at: Option<String>) {
        self.inner().sponsorship_sync = at;
    }

    /// A bearer of this server with these claims, valid for an hour from `from`.
    pub fn bearer(&self, claims: Map<String, Value>, from: OffsetDateTime) -> String {
        self.bearers.access_token(claims, 3_600, from)
    }

    /// What signs and checks this server's bearers.
    pub fn bearers(&self) -> &Signer {
        &self.bearers
    }

    /// Where the license of the organization lies.
    pub fn license_file(&self) -> PathBuf {
        let name = format!("{}.json", self.inner().organization.id);
        self.layout.licenses.join(name)
    }

    pub(super) fn inner(&self) -> MutexGuard<'_, Inner> {
        // A request that panicked left no half-made change worth refusing all others for.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the containers' user may write there; judged by mode and owner, because the simulator itself may
    /// run as root.
    pub(super) fn may_write(&self, path: &Path) -> bool {
        use std::os::unix::fs::MetadataExt;
        let Ok(found) = fs::metadata(path) else { return false };
        let (uid, gid) = self
            .owner
            .unwrap_or_else(|| (rustix::process::getuid().as_raw(), rustix::process::getgid().as_raw()));
        let bit = if found.uid() == uid {
            0o200
        } else if found.gid() == gid {
            0o020
        } else {
            0o002
        };
        found.mode() & bit != 0
    }
}

/// How .NET says that a value cannot be what its setting is (`bitwarden.md` F7).
pub(super) fn not_converted(key: &str, environment: &BTreeMap<String, String>) -> String {
    let value = environment.iter().find(|(name, _)| name.ends_with(key)).map_or("", |(_, value)| value);
    let path: Vec<String> = key.split("__").map(|part| part[..1].to_ascii_uppercase() + &part[1..]).collect();
    let kind = match key {
        "installation__id" => "System.Guid",
        "mail__smtp__port" => "System.Int32",
        _ => "System.Boolean",
    };
    format!(
        "Unhandled exception. System.InvalidOperationException: Failed to convert configuration value '{value}' \
         at 'GlobalSettings:{}' to type '{kind}'.",
        path.join(":")
    )
}
