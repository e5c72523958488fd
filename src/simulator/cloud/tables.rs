//! What one region of the simulated cloud knows: installations, organizations and their subscriptions.

use time::{Duration, OffsetDateTime};

use super::super::message::guid;

/// What a region says when it looks an installation up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Standing {
    /// In use.
    #[default]
    Enabled,
    /// Switched off by Bitwarden.
    Disabled,
    /// The look-up itself fails: identity answers 500 without a body.
    LookupFails,
}

/// An installation id and its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    /// A GUID.
    pub id: String,
    /// 20 letters and digits.
    pub key: String,
    /// Whether it may be used.
    pub standing: Standing,
}

/// A plan, by what its license says (`license-file.json`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// Enterprise, paid by the year.
    Enterprise,
    /// Teams, paid by the year: its license does not allow a server of one's own.
    Teams,
    /// Families.
    Families,
    /// Free.
    Free,
}

impl Plan {
    /// As the license names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Enterprise => "Enterprise (Annually)",
            Self::Teams => "Teams (Annually)",
            Self::Families => "Families",
            Self::Free => "Free",
        }
    }

    /// The number that the license has for it.
    pub fn number(self) -> i64 {
        match self {
            Self::Free => 0,
            Self::Teams => 18,
            Self::Enterprise => 20,
            Self::Families => 22,
        }
    }

    /// Whether its license allows a server of one's own.
    pub fn self_host(self) -> bool {
        matches!(self, Self::Enterprise | Self::Families)
    }
}

/// How a subscription stands; only `Incomplete` is refused (`cloud-license.json`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Payment {
    /// Paid.
    #[default]
    Active,
    /// Late, and still served.
    PastDue,
    /// Not paid, and still served.
    Unpaid,
    /// In its trial.
    Trialing,
    /// Paused, and still served.
    Paused,
    /// Never paid: "Unable to generate license due to a payment issue. …"
    Incomplete,
}

/// A subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// How it stands.
    pub payment: Payment,
    /// When the paid period ends.
    pub period_end: OffsetDateTime,
    /// When the trial ends or ended; without one the license has no end without grace.
    pub trial_end: Option<OffsetDateTime>,
}

/// A cloud organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// A GUID.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where invoices go.
    pub billing_email: String,
    /// 20 or so letters and digits, compared exactly.
    pub license_key: String,
    /// The billing sync token; `None` = nobody ever generated one.
    pub billing_sync_key: Option<String>,
    /// Its plan.
    pub plan: Plan,
    /// Paid seats; `None` = no limit.
    pub seats: Option<i64>,
    /// Switched off, as when it has expired.
    pub enabled: bool,
    /// When it expires or expired, where the cloud has a date for it.
    pub expiration: Option<OffsetDateTime>,
    /// `None` = no subscription.
    pub subscription: Option<Subscription>,
    /// Seats and service accounts of Secrets Manager, where it has that.
    pub secrets_manager: Option<(i64, i64)>,
}

impl Organization {
    /// An Enterprise organization in good standing whose paid year has about half a year left.
    pub fn good(id: &str, name: &str, license_key: &str, now: OffsetDateTime) -> Self {
        let midnight = now.replace_time(time::Time::MIDNIGHT);
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            billing_email: "owner@example.com".to_owned(),
            license_key: license_key.to_owned(),
            billing_sync_key: None,
            plan: Plan::Enterprise,
            seats: Some(25),
            enabled: true,
            expiration: None,
            subscription: Some(Subscription {
                payment: Payment::Active,
                period_end: midnight + Duration::days(190),
                trial_end: Some(midnight - Duration::days(175)),
            }),
            secrets_manager: None,
        }
    }
}

/// The tables of one region.
#[derive(Debug, Clone, Default)]
pub struct Tables {
    /// Installations.
    pub installations: Vec<Installation>,
    /// Organizations.
    pub organizations: Vec<Organization>,
}

impl Tables {
    /// The installation with this id, in whatever form it is written.
    pub fn installation(&self, id: &str) -> Option<&Installation> {
        let wanted = guid(id)?;
        self.installations.iter().find(|row| guid(&row.id) == Some(wanted))
    }

    /// The organization with this id, in whatever form it is written.
    pub fn organization(&self, id: &str) -> Option<&Organization> {
        let wanted = guid(id)?;
        self.organizations.iter().find(|row| guid(&row.id) == Some(wanted))
    }

    /// The same, to change it.
    pub fn organization_mut(&mut self, id: &str) -> Option<&mut Organization> {
        let wanted = guid(id)?;
        self.organizations.iter_mut().find(|row| guid(&row.id) == Some(wanted))
    }

    /// The installation, to change it.
    pub fn installation_mut(&mut self, id: &str) -> Option<&mut Installation> {
        let wanted = guid(id)?;
        self.installations.iter_mut().find(|row| guid(&row.id) == Some(wanted))
    }
}
