//! The organization license file: what it says, and what is wrong with it before anybody is asked.

mod document;

use time::{OffsetDateTime, format_description::well_known::Rfc3339};

pub use document::{jwt_claims, parse};

use super::{
    check::{AdviceCode, Cause, Finding},
    installation::Organization,
    secret::Secret,
    sync::LicenseTerms,
};

/// Largest license file that is read; a genuine one has about 4 KB.
pub const LARGEST: usize = 1 << 20;
/// Versions that a server accepts of a license without a token (`bitwarden.md` A3-8).
const VERSIONS_WITHOUT_TOKEN: std::ops::RangeInclusive<i64> = 1..=16;

/// The kind of plan, as far as billing sync cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tier {
    /// No paid plan.
    Free,
    /// A families plan.
    Families,
    /// A teams plan.
    Teams,
    /// An enterprise plan.
    Enterprise,
    /// A plan that this release does not know.
    Other,
}

impl Tier {
    /// From the plan's name, as in `Enterprise (Annually)`: the names outlive the numbers of `PlanType`.
    pub fn of_plan(name: &str) -> Self {
        let name = name.trim().to_ascii_lowercase();
        let starts = |word: &str| name.starts_with(word);
        if starts("enterprise") {
            Self::Enterprise
        } else if starts("teams") {
            Self::Teams
        } else if starts("famil") {
            Self::Families
        } else if starts("free") {
            Self::Free
        } else {
            Self::Other
        }
    }
}

/// Whom a license is for (`license-file.json`: `LicenseType`, audience of the token).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An organization.
    Organization,
    /// One person's premium.
    User,
}

/// An organization license as the server reads it: where there is a token, its claims win over the plain
/// fields (`cloud-license.json`, notes). No signature is checked here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct License {
    /// The organization on this server: the file's name.
    pub self_hosted_id: String,
    /// The organization in the cloud.
    pub cloud_id: String,
    /// The installation that it was made for.
    pub installation_id: String,
    /// The key that tells the cloud which license this is.
    pub license_key: Secret,
    /// The organization's name.
    pub name: Option<String>,
    /// The plan's name.
    pub plan: Option<String>,
    /// The plan's number.
    pub plan_type: Option<i64>,
    /// The kind of plan.
    pub tier: Tier,
    /// Seats; none where it has no limit.
    pub seats: Option<i64>,
    /// End of the subscription with its grace period.
    pub expires: Option<OffsetDateTime>,
    /// End of the subscription without it; only annual subscriptions have it.
    pub expires_without_grace: Option<OffsetDateTime>,
    /// When the cloud made it.
    pub issued: Option<OffsetDateTime>,
    /// Version of the document.
    pub version: i64,
    /// Whether the cloud organization was enabled when it was made.
    pub enabled: bool,
    /// Whether the plan may be self-hosted.
    pub self_host: bool,
    /// Whether it is a trial.
    pub trial: bool,
    /// Whom it is for.
    pub kind: Kind,
    /// The token, where it has one.
    pub token: Option<Secret>,
    /// The token is not valid before this.
    pub token_from: Option<OffsetDateTime>,
    /// The token is not valid after this: a year after its issue, whatever the subscription.
    pub token_until: Option<OffsetDateTime>,
}

impl License {
    /// The part that may be shown.
    pub fn organization(&self) -> Organization {
        Organization {
            id: self.self_hosted_id.clone(),
            cloud_id: Some(self.cloud_id.clone()),
            name: self.name.clone(),
            plan: self.plan.clone(),
            seats: self.seats,
        }
    }

    /// What it says about the subscription.
    pub fn terms(&self) -> LicenseTerms {
        LicenseTerms {
            expires: self.expires,
            expires_without_grace: self.expires_without_grace,
            seats: self.seats,
            plan: self.plan.clone(),
        }
    }

    fn found(&self, cause: Cause) -> Finding {
        Finding::new(cause).with("organization", self.self_hosted_id.clone())
    }
}

/// All that is wrong with a license that could be read, for this installation and at this time.
pub fn findings(license: &License, installation_id: Option<&str>, now: OffsetDateTime) -> Vec<Finding> {
    [
        wrong_kind(license),
        wrong_installation(license, installation_id),
        version(license),
        not_yet_valid(license, now),
        expired(license, now),
        organization_disabled(license),
        plan_without_sync(license),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The same license key in two license files: the server refuses the second (`bitwarden.md` A3-4).
pub fn duplicate_key(licenses: &[License]) -> Option<Finding> {
    licenses.iter().enumerate().find_map(|(at, first)| {
        let second = licenses.get(at + 1..)?.iter().find(|other| other.license_key == first.license_key)?;
        Some(
            Finding::new(Cause::LicenseDuplicateKey)
                .with("candidates", format!("{}, {}", first.self_hosted_id, second.self_hosted_id))
                .advise(AdviceCode::UploadLicense),
        )
    })
}

fn wrong_kind(license: &License) -> Option<Finding> {
    (license.kind == Kind::User)
        .then(|| license.found(Cause::LicenseWrongKind).advise(AdviceCode::UploadLicense))
}

/// `bitwarden.md` A3-7: the license names the installation that it was made for.
fn wrong_installation(license: &License, installation_id: Option<&str>) -> Option<Finding> {
    let ours = installation_id?;
    (!same_id(ours, &license.installation_id)).then(|| {
        license
            .found(Cause::LicenseWrongInstallation)
            .with("expected", ours)
            .with("value", license.installation_id.clone())
            .advise(AdviceCode::UploadLicense)
    })
}

fn version(license: &License) -> Option<Finding> {
    (license.token.is_none() && !VERSIONS_WITHOUT_TOKEN.contains(&license.version)).then(|| {
        license
            .found(Cause::LicenseVersionUnsupported)
            .with("value", license.version.to_string())
            .advise(AdviceCode::UpdateServer)
    })
}

/// The server compares without any tolerance (`bitwarden.md` A3-6).
fn not_yet_valid(license: &License, now: OffsetDateTime) -> Option<Finding> {
    let from = if license.token.is_some() { license.token_from } else { license.issued }?;
    (from > now).then(|| {
        license
            .found(Cause::LicenseNotYetValid)
            .with("not_before", rfc3339(from))
            .advise(AdviceCode::CheckClock)
            .advise(AdviceCode::UploadLicense)
    })
}

/// Either the subscription is over, which no sync tells (`bitwarden.md` §0-15), or only the token's year is,
/// and then a fresh license of the same subscription mends it.
fn expired(license: &License, now: OffsetDateTime) -> Option<Finding> {
    let over = |moment: Option<OffsetDateTime>| moment.filter(|moment| *moment <= now);
    let (until, reason, advice) = match (over(license.expires), over(license.token_until)) {
        (Some(until), _) => (until, "subscription", AdviceCode::RenewPlan),
        (None, Some(until)) => (until, "token", AdviceCode::UploadLicense),
        (None, None) => return None,
    };
    Some(
        license
            .found(Cause::LicenseExpired)
            .with("not_after", rfc3339(until))
            .with("reason", reason)
            .advise(advice),
    )
}

fn organization_disabled(license: &License) -> Option<Finding> {
    (!license.enabled).then(|| license.found(Cause::LicenseOrgDisabled).advise(AdviceCode::RenewPlan))
}

/// A token can be generated for Enterprise, and through the API for Teams (`bitwarden.md` A4-1, A4-2); the
/// server refuses a license whose plan may not be self-hosted (A3-7), which is what Teams plans carry.
fn plan_without_sync(license: &License) -> Option<Finding> {
    let never = matches!(license.tier, Tier::Free | Tier::Families);
    (never || !license.self_host).then(|| {
        let plan = license.plan.clone().unwrap_or_default();
        license.found(Cause::LicensePlanWithoutSync).with("value", plan).advise(AdviceCode::RenewPlan)
    })
}

/// Whether two texts name the same GUID, whatever their case, dashes and braces.
pub fn same_id(one: &str, other: &str) -> bool {
    let bare = |text: &str| {
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect::<String>()
    };
    bare(one) == bare(other)
}

fn rfc3339(moment: OffsetDateTime) -> String {
    moment.format(&Rfc3339).unwrap_or_default()
}

#[cfg(test)]
mod tests;
