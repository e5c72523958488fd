//! How the sync stands: the connection, the license's dates, and the two clocks.

use serde::Serialize;
use time::{OffsetDateTime, serde::rfc3339};

/// The connection to the cloud as saved on the self-hosted server (`self-connections.json`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct Connection {
    /// Its id; null where none is saved.
    pub id: Option<String>,
    /// Whether it is switched on.
    pub enabled: Option<bool>,
    /// The organization on this server.
    pub organization_id: Option<String>,
    /// The organization in the cloud, copied from the license when the connection was saved.
    pub cloud_organization_id: Option<String>,
    /// Whether it holds a token.
    #[serde(skip)]
    pub has_token: bool,
    /// When the license was last synced, as the connection has it.
    #[serde(skip)]
    pub last_license_sync: Option<OffsetDateTime>,
}

/// What the license says about the subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct LicenseTerms {
    /// End of the subscription with its grace period.
    #[serde(with = "rfc3339::option")]
    pub expires: Option<OffsetDateTime>,
    /// End of the subscription without it.
    #[serde(with = "rfc3339::option")]
    pub expires_without_grace: Option<OffsetDateTime>,
    /// Seats.
    pub seats: Option<i64>,
    /// Name of the plan.
    pub plan: Option<String>,
}

/// Whether a sync has happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum SyncState {
    /// At least once.
    Done,
    /// Never.
    Never,
    /// Could not be found out.
    #[default]
    Unknown,
}

/// Where a fact of a sync was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SeenIn {
    /// The server's own log.
    Log,
    /// The license file.
    LicenseFile,
    /// The server's API.
    Api,
}

/// The license sync: it runs only when somebody asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct LicenseSync {
    /// Whether it ever ran.
    pub state: SyncState,
    /// When it last did.
    #[serde(with = "rfc3339::option")]
    pub last: Option<OffsetDateTime>,
    /// Where that was seen.
    pub seen_in: Vec<SeenIn>,
}

/// The sponsorship sync: once a day, at an hour drawn when the api starts (`bitwarden.md` A5-3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct SponsorshipSync {
    /// Whether it ever ran.
    pub state: SyncState,
    /// When it last did.
    #[serde(with = "rfc3339::option")]
    pub last: Option<OffsetDateTime>,
    /// The next run is not before this.
    #[serde(with = "rfc3339::option")]
    pub next_after: Option<OffsetDateTime>,
    /// The next run is before this.
    #[serde(with = "rfc3339::option")]
    pub next_before: Option<OffsetDateTime>,
    /// Where that was seen.
    pub seen_in: Vec<SeenIn>,
}

/// One side of the comparison that `sync` shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct Snapshot {
    /// Whether the license was ever synced.
    pub state: SyncState,
    /// When it last was.
    #[serde(with = "rfc3339::option")]
    pub last: Option<OffsetDateTime>,
    /// The license's terms at that time.
    #[serde(flatten)]
    pub terms: LicenseTerms,
}

/// Where one of the four steps stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Done.
    Done,
    /// Still to do.
    ToDo,
    /// Cannot be known with what was given.
    #[default]
    Unknown,
}

/// The four steps (design §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepName {
    /// 1: the settings and the restart.
    Configure,
    /// 2: the token, in the cloud.
    ObtainToken,
    /// 3: the token, on this server.
    ApplyToken,
    /// 4: the first sync.
    TriggerSync,
}

impl StepName {
    /// All four, in order.
    pub const ALL: [Self; 4] = [Self::Configure, Self::ObtainToken, Self::ApplyToken, Self::TriggerSync];

    /// Its number, from 1.
    pub fn number(self) -> usize {
        self as usize + 1
    }
}

/// Where the four steps stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Default)]
pub struct Steps {
    /// Step 1.
    pub configure: StepState,
    /// Step 2; done when a connection holds a token, unknown without a sign-in.
    pub obtain_token: StepState,
    /// Step 3.
    pub apply_token: StepState,
    /// Step 4.
    pub trigger_sync: StepState,
}

impl Steps {
    /// Where one of them stands.
    pub fn of(&self, step: StepName) -> StepState {
        match step {
            StepName::Configure => self.configure,
            StepName::ObtainToken => self.obtain_token,
            StepName::ApplyToken => self.apply_token,
            StepName::TriggerSync => self.trigger_sync,
        }
    }
}

/// The window in which the next sponsorship sync falls: the first run is at a whole hour 0–23 h after the
/// api's start, then every 24 h (`bitwarden.md` A5-3). With a last run it is 24 h after that one.
pub fn sponsorship_window(
    api_started: Option<OffsetDateTime>,
    last: Option<OffsetDateTime>,
    now: OffsetDateTime,
) -> Option<(OffsetDateTime, OffsetDateTime)> {
    let day = time::Duration::hours(24);
    let started = api_started?;
    if let Some(last) = last.filter(|last| *last >= started) {
        let next = last + day;
        return Some((next, next));
    }
    let latest = started + time::Duration::hours(23);
    if now <= latest {
        Some((now.max(started), latest))
    } else {
        // Every hour of the draw has passed: it ran, or runs every 24 h at an hour that we did not see.
        Some((now, now + day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn the_window_follows_from_the_start_or_the_last_run() {
        let start = datetime!(2026-11-21 14:00 UTC);
        let now = datetime!(2026-11-21 15:00 UTC);
        assert_eq!(sponsorship_window(Some(start), None, now), Some((now, datetime!(2026-11-22 13:00 UTC))));
        let last = datetime!(2026-11-21 14:30 UTC);
        let next = datetime!(2026-11-22 14:30 UTC);
        assert_eq!(sponsorship_window(Some(start), Some(last), now), Some((next, next)));
        assert_eq!(sponsorship_window(None, Some(last), now), None);
    }
}
