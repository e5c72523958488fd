//! The names that the server reads in its environment, and which misspelling is meant for which of them
//! (`bitwarden.md` A7-12, `bitwarden.md` F7: what it does not know it ignores silently).

use super::{INSTALLATION_ID, INSTALLATION_KEY, Setting, canonical};

/// What a value must be so that the server starts (A1-6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Any text.
    Text,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Number,
    /// The same; empty counts as not set.
    NumberOrEmpty,
    /// With decimals.
    Decimal,
}

use Kind::{Boolean, Decimal, Number, NumberOrEmpty, Text};

/// Names below `globalSettings__` that an administrator may set on a self-hosted server, and what they hold
/// (the server's `GlobalSettings`, and what its log and its database set-up read beside it).
const GLOBAL: &[(&str, Kind)] = &[
    ("selfHosted", Boolean),
    ("liteDeployment", Boolean),
    ("knownProxies", Text),
    ("knownNetworks", Text),
    ("siteName", Text),
    ("projectName", Text),
    ("licenseDirectory", Text),
    ("mailTemplateDirectory", Text),
    ("licenseCertificatePassword", Text),
    ("licenseCertificatePath", Text),
    ("pushRelayBaseUri", Text),
    ("internalIdentityKey", Text),
    ("oidcIdentityClientKey", Text),
    ("hibpApiKey", Text),
    ("disableUserRegistration", Boolean),
    ("suppressOnboardingInterstitials", Boolean),
    ("disableEmailNewDevice", Boolean),
    ("enableNewDeviceVerification", Boolean),
    ("enableCloudCommunication", Boolean),
    ("enableEmailVerification", Boolean),
    ("organizationInviteExpirationHours", Number),
    ("deviceLastActivityCacheTtlHours", Number),
    ("sendAccessTokenLifetimeInMinutes", Number),
    ("kdfDefaultHashKey", Text),
    ("sendDefaultHashKey", Text),
    ("databaseProvider", Text),
    ("logDirectory", Text),
    ("logDirectoryByProject", Text),
    ("logRollBySizeLimit", Text),
    ("syslog__destination", Text),
    ("installation__id", Text),
    ("installation__key", Text),
    ("installation__identityUri", Text),
    ("installation__apiUri", Text),
    ("baseServiceUri__cloudRegion", Text),
    ("baseServiceUri__vault", Text),
    ("baseServiceUri__api", Text),
    ("baseServiceUri__identity", Text),
    ("baseServiceUri__admin", Text),
    ("baseServiceUri__notifications", Text),
    ("baseServiceUri__sso", Text),
    ("baseServiceUri__scim", Text),
    ("baseServiceUri__fillAssistRules", Text),
    ("baseServiceUri__internalApi", Text),
    ("baseServiceUri__internalIdentity", Text),
    ("baseServiceUri__internalAdmin", Text),
    ("baseServiceUri__internalNotifications", Text),
    ("baseServiceUri__internalSso", Text),
    ("baseServiceUri__internalVault", Text),
    ("baseServiceUri__internalScim", Text),
    ("baseServiceUri__internalBilling", Text),
    ("sqlServer__connectionString", Text),
    ("sqlServer__readOnlyConnectionString", Text),
    ("sqlServer__jobSchedulerConnectionString", Text),
    ("sqlServer__skipDatabasePreparation", Boolean),
    ("sqlServer__disableDatabaseMaintenanceJobs", Boolean),
    ("sqlServer__migrationExecutionTimeoutSeconds", NumberOrEmpty),
    ("postgreSql__connectionString", Text),
    ("mySql__connectionString", Text),
    ("sqlite__connectionString", Text),
    ("mail__replyToEmail", Text),
    ("mail__connectionString", Text),
    ("mail__amazonConfigSetName", Text),
    ("mail__sendGridApiKey", Text),
    ("mail__sendGridPercentage", NumberOrEmpty),
    ("mail__sendGridApiHost", Text),
    ("mail__smtp__host", Text),
    ("mail__smtp__port", Number),
    ("mail__smtp__startTls", Boolean),
    ("mail__smtp__ssl", Boolean),
    ("mail__smtp__sslOverride", Boolean),
    ("mail__smtp__username", Text),
    ("mail__smtp__password", Text),
    ("mail__smtp__trustServer", Boolean),
    ("amazon__accessKeyId", Text),
    ("amazon__accessKeySecret", Text),
    ("amazon__region", Text),
    ("storage__connectionString", Text),
    ("events__connectionString", Text),
    ("events__queueName", Text),
    ("notifications__connectionString", Text),
    ("notifications__redisConnectionString", Text),
    ("attachment__connectionString", Text),
    ("attachment__baseDirectory", Text),
    ("attachment__baseUrl", Text),
    ("send__connectionString", Text),
    ("send__baseDirectory", Text),
    ("send__baseUrl", Text),
    ("organizationReport__connectionString", Text),
    ("organizationReport__baseDirectory", Text),
    ("organizationReport__baseUrl", Text),
    ("identityServer__certificateLocation", Text),
    ("identityServer__certificateThumbprint", Text),
    ("identityServer__certificatePassword", Text),
    ("identityServer__redisConnectionString", Text),
    ("identityServer__cosmosConnectionString", Text),
    ("identityServer__licenseKey", Text),
    ("identityServer__slidingRefreshTokenLifetimeSeconds", NumberOrEmpty),
    ("identityServer__absoluteRefreshTokenLifetimeSeconds", NumberOrEmpty),
    ("identityServer__applyAbsoluteExpirationOnRefreshToken", Boolean),
    ("dataProtection__certificateThumbprint", Text),
    ("dataProtection__certificatePassword", Text),
    ("dataProtection__blobName", Text),
    ("dataProtection__directory", Text),
    ("yubico__clientId", Text),
    ("yubico__key", Text),
    ("duo__aKey", Text),
    ("webAuthn__premiumMaximumAllowedCredentials", Number),
    ("webAuthn__nonPremiumMaximumAllowedCredentials", Number),
    ("importCiphersLimitation__ciphersLimit", Number),
    ("importCiphersLimitation__collectionRelationshipsLimit", Number),
    ("importCiphersLimitation__collectionsLimit", Number),
    ("importCiphersLimitation__foldersLimit", Number),
    ("importCiphersLimitation__folderRelationshipsLimit", Number),
    ("sso__cacheLifetimeInSeconds", Number),
    ("sso__ssoTokenLifetimeInSeconds", Decimal),
    ("sso__enforceSsoPolicyForAllUsers", Boolean),
    ("distributedIpRateLimiting__redisConnectionString", Text),
    ("distributedIpRateLimiting__enabled", Boolean),
    ("distributedIpRateLimiting__maxRedisTimeoutsThreshold", Number),
    ("distributedIpRateLimiting__slidingWindowSeconds", Number),
    ("distributedCache__redis__connectionString", Text),
    ("distributedCache__cosmos__connectionString", Text),
    ("passwordlessAuth__knownDevicesOnly", Boolean),
    ("domainVerification__verificationInterval", Number),
    ("domainVerification__expirationPeriod", Number),
    ("launchDarkly__sdkKey", Text),
    ("launchDarkly__flagDataFilePath", Text),
    ("webPush__vapidPublicKey", Text),
    ("eventLogging__integrationCacheRefreshIntervalMinutes", Number),
    ("eventLogging__maxRetries", Number),
    ("eventLogging__rabbitMq__hostName", Text),
    ("eventLogging__rabbitMq__username", Text),
    ("eventLogging__rabbitMq__password", Text),
];

/// Names outside that section.
const OTHERS: &[&str] = &["adminSettings__admins", "adminSettings__deleteTrashDaysAgo"];

/// How many odd names of a file are looked at: a genuine file has a handful.
const MOST: usize = 200;
/// Longest name that is compared letter by letter.
const LONGEST: usize = 120;

/// Every name that is no text, with what it must be.
pub(super) fn typed() -> impl Iterator<Item = (String, Kind)> {
    GLOBAL.iter().filter(|(_, kind)| *kind != Text).map(|(name, kind)| (format!("{PREFIX}{name}"), *kind))
}

const PREFIX: &str = "globalSettings__";

/// A name that the server does not know, and the one that was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Meant {
    /// As it should be.
    pub(super) name: String,
    /// Whether it is one of the seven that billing sync rests on.
    pub(super) ours: bool,
}

/// Tells what misspelt names are meant for; one for a whole file, since the bound is the file's.
pub(super) struct Speller {
    /// Canonical and proper form.
    known: Vec<(String, String)>,
    left: usize,
}

impl Speller {
    pub(super) fn new() -> Self {
        let global = GLOBAL.iter().map(|(name, _)| format!("{PREFIX}{name}"));
        let known = global.chain(OTHERS.iter().map(|name| (*name).to_owned()));
        Self { known: known.map(|name| (canonical(&name), name)).collect(), left: MOST }
    }

    /// What a name was meant for, where the server does not know it and it is near to one that it knows.
    pub(super) fn meant(&mut self, key: &str) -> Option<Meant> {
        let key = canonical(key);
        if key.len() > LONGEST || !key.is_ascii() || !looks_like_a_setting(&key) || self.left == 0 {
            return None;
        }
        if self.known.iter().any(|(known, _)| *known == key) {
            return None;
        }
        self.left -= 1;
        let name = self.same_letters(&key).or_else(|| wrong_path(&key)).or_else(|| self.near(&key))?;
        let ours = Setting::of_key(&name).is_some() || [INSTALLATION_ID, INSTALLATION_KEY].contains(&&*name);
        Some(Meant { name, ours })
    }

    /// The same letters, with other signs between them: one underscore, a dot, or without `globalSettings__`.
    fn same_letters(&self, key: &str) -> Option<String> {
        let letters = letters(key);
        let whole = |known: &str| {
            let known = self::letters(known);
            known == letters || known.strip_prefix("globalsettings") == Some(letters.as_str())
        };
        // What stands for itself elsewhere (`key`, `region`) says nothing.
        (letters.len() >= 6).then(|| self.known.iter().find(|(known, _)| whole(known)))?.map(|k| k.1.clone())
    }

    /// One letter too many, too few, another or two swapped; in a long name two of them.
    fn near(&self, key: &str) -> Option<String> {
        let most = if key.len() > 24 { 2 } else { 1 };
        let mut best: Option<(usize, &str)> = None;
        for (known, name) in &self.known {
            let Some(distance) = distance(key, known, most) else { continue };
            if best.is_none_or(|(least, _)| distance < least) {
                best = Some((distance, name));
            }
        }
        best.map(|(_, name)| name.to_owned())
    }
}

/// The name's last part is one of ours, and the path before it is another.
fn wrong_path(key: &str) -> Option<String> {
    let last = |name: &str| name.rsplit(['_', '.', '-']).next().unwrap_or_default().to_ascii_lowercase();
    let mine = last(key);
    Setting::ALL.into_iter().map(Setting::key).find(|ours| near_word(&mine, &last(ours))).map(str::to_owned)
}

fn near_word(one: &str, other: &str) -> bool {
    one == other || (other.len() > 8 && distance(one, other, 2).is_some())
}

/// Whether it can be meant for the server at all: others' names are nobody's business here.
fn looks_like_a_setting(key: &str) -> bool {
    let letters = letters(key);
    let head = letters.get(..14.min(letters.len())).unwrap_or_default();
    let section = ["globalsettings", "adminsettings"].iter().any(|section| {
        letters.starts_with(section) || distance(head, &section[..section.len().min(head.len())], 2).is_some()
    });
    let tail = |ours: &str| {
        let tail = self::letters(ours.rsplit("__").next().unwrap_or_default());
        tail.len() > 5 && letters.ends_with(&tail)
    };
    (section && letters.len() > 14) || Setting::ALL.into_iter().any(|setting| tail(setting.key()))
}

fn letters(key: &str) -> String {
    key.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// How many letters are too many, too few, others or swapped with their neighbour; none where more than `most`.
fn distance(one: &str, other: &str, most: usize) -> Option<usize> {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len().abs_diff(other.len()) > most {
        return None;
    }
    let mut before = vec![0; other.len() + 1];
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let mut least = (last[j] + usize::from(a != b)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        if row.iter().all(|n| *n > most) {
            return None;
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|n| *n <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_leads_to_the_one_that_was_meant() {
        let table = [
            ("globalSettings__cloudRegion", Some("globalSettings__baseServiceUri__cloudRegion")),
            (
                "globalSettings__installation__cloudRegion",
                Some("globalSettings__baseServiceUri__cloudRegion"),
            ),
            ("globalSettings__identityUri", Some("globalSettings__installation__identityUri")),
            ("globalSettings_cloudRegion", Some("globalSettings__baseServiceUri__cloudRegion")),
            ("globalSettings__apiUri", Some("globalSettings__installation__apiUri")),
            ("globalSettings_enableCloudCommunication", Some("globalSettings__enableCloudCommunication")),
            ("globalSettings__enableCloudComunication", Some("globalSettings__enableCloudCommunication")),
            ("globalSettings__enableCloudComunnication", Some("globalSettings__enableCloudCommunication")),
            ("globalSetting__enableCloudCommunication", Some("globalSettings__enableCloudCommunication")),
            ("gloablSettings__enableCloudCommunication", Some("globalSettings__enableCloudCommunication")),
            ("globalSettings.enableCloudCommunication", Some("globalSettings__enableCloudCommunication")),
            ("enableCloudCommunication", Some("globalSettings__enableCloudCommunication")),
            ("globalSettings__installation_id", Some(INSTALLATION_ID)),
            ("globalSettings__instalation__key", Some(INSTALLATION_KEY)),
            ("globalSettings__pushRelayUri", None),
            ("globalSettings__pushRelayBaseUrl", Some("globalSettings__pushRelayBaseUri")),
            ("globalSettings__mail_smtp__host", Some("globalSettings__mail__smtp__host")),
            ("globalSettings__mail__smpt__host", Some("globalSettings__mail__smtp__host")),
            ("adminSettings_admins", Some("adminSettings__admins")),
            ("GLOBALSETTINGS__ENABLECLOUDCOMMUNICATION", None),
            ("ASPNETCORE_globalSettings__enableCloudCommunication", None),
            ("globalSettings__yubico__validationUrls__0", None),
            ("globalSettings__launchDarkly__flagValues__x", None),
            ("BW_INSTALLATION_ID", None),
            ("TZ", None),
            ("SMTP_HOST", None),
            ("globalSettings", None),
        ];
        for (key, wanted) in table {
            assert_eq!(Speller::new().meant(key).map(|m| m.name).as_deref(), wanted, "{key}");
        }
    }

    #[test]
    fn no_known_name_is_taken_for_another() {
        let mut speller = Speller { left: usize::MAX, ..Speller::new() };
        for (_, name) in Speller::new().known {
            assert_eq!(speller.meant(&name), None, "{name}");
        }
    }
}
