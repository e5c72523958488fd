//! The bodies of what only looks, and of token and sync.

use std::path::PathBuf;

use serde::Serialize;

use super::{PlanBody, Undoing};
use crate::domain::{
    check::{Check, Verdict},
    installation::{Installation, Organization},
    journal::Standing,
    sync::{Connection, LicenseSync, LicenseTerms, Snapshot, SponsorshipSync, Steps},
};

/// Everything that the overview shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LookBody {
    /// The checks.
    pub check: CheckBody,
    /// What would change; null where it could not be planned.
    pub plan: Option<PlanBody>,
    /// How the sync stands.
    pub status: StatusBody,
    /// The organization that all this is about.
    pub organization: Option<Organization>,
    /// Where a choice of organization is open: all of them.
    pub organizations: Vec<Organization>,
    /// Where a choice of installation is open: their folders.
    pub installations: Vec<PathBuf>,
    /// Key rejected, or not asked: whether the installation's own key was accepted by the cloud.
    pub key_accepted: Option<bool>,
    /// A run that changes something was interrupted and waits to be picked up.
    pub interrupted: bool,
    /// The cloud's answer to the license question without a token: true = known there, only the token is missing.
    pub license_known: Option<bool>,
    /// What `undo` would take back; none where nobody could look.
    #[serde(skip)]
    pub undoing: Option<Undoing>,
}

/// `check`
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckBody {
    /// The report in one word.
    pub verdict: Verdict,
    /// What was found; null where nothing was.
    pub installation: Option<Installation>,
    /// The settings of billing sync as they are.
    pub settings: Vec<SettingView>,
    /// All rows.
    pub checks: Vec<Check>,
}

/// One setting as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SettingView {
    /// Its name.
    pub key: String,
    /// Its value as Compose reads it, masked where it is a secret; null where it is not set.
    pub value: Option<String>,
    /// Which file or layer gives it.
    pub origin: Origin,
    /// Whether the running container has this value; null where that is not known.
    pub effective: Option<bool>,
}

/// Where a setting's value comes from (design §5, Words).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The server's own default.
    Default,
    /// `docker/global.env`
    GlobalEnv,
    /// `env/global.override.env`
    OverrideEnv,
    /// `docker-compose.override.yml`
    ComposeOverride,
    /// The running container.
    Container,
}

/// `token verify`, `token set`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct TokenBody {
    /// Whether the cloud accepts the token; null where it could not be asked.
    pub accepted: Option<bool>,
    /// The connection afterwards; null where nobody looked.
    pub connection: Option<Connection>,
}

/// `sync`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct SyncBody {
    /// Before.
    pub before: Snapshot,
    /// After.
    pub after: Snapshot,
}

/// `status`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct StatusBody {
    /// The four steps.
    pub steps: Steps,
    /// The license sync.
    pub license_sync: LicenseSync,
    /// The sponsorship sync.
    pub sponsorship_sync: SponsorshipSync,
    /// The connection; null = not known.
    pub connection: Option<Connection>,
    /// The license's terms; null = no license.
    pub license: Option<LicenseTerms>,
    /// What runs of bwsync changed, and how the server stands; null where no installation is here.
    pub standing: Option<Standing>,
}
