//! Answers of the self-hosted server.

use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::{
    Answer,
    cloud::{access_token, oauth_error},
    license_refusal, words,
};
use crate::domain::{
    check::{AdviceCode, Cause, Finding},
    guid::is_guid,
    license::{jwt_claims, same_id},
    outside::{clean, moment},
    secret::Secret,
    sync::{Connection, LicenseTerms},
};

/// The organizations of the person who signed in, as the bearer's claims have them: not owner and unknown
/// organization are answered alike, and these tell them apart (design §9).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Roles {
    /// Organizations that this person owns.
    pub owned: Vec<String>,
    /// Organizations that this person is in without owning them.
    pub joined: Vec<String>,
}

/// What the server's identity gave for a personal API key. It lasts an hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserBearer {
    /// The access token.
    pub access_token: Secret,
    /// The person's organizations; none where the token could not be read.
    pub roles: Option<Roles>,
    /// How long it lasts, in seconds.
    pub expires_in: u64,
}

impl UserBearer {
    /// Makes "not owner" exact for this organization: `login.not_owner`, or `login.org_not_found` where the
    /// person is not in it, or `otherwise` where the person owns it. The server takes the roles from the same
    /// claims (`self-connections.json`, notes), so they decide.
    pub fn explain(&self, finding: Finding, organization: &str, otherwise: (Cause, AdviceCode)) -> Finding {
        let Some(roles) = &self.roles else { return finding };
        let among = |ids: &[String]| ids.iter().any(|id| same_id(id, organization));
        let (cause, advice) = if among(&roles.owned) {
            otherwise
        } else if among(&roles.joined) {
            (Cause::LoginNotOwner, AdviceCode::UseOwnersKey)
        } else {
            (Cause::LoginOrgNotFound, AdviceCode::ChooseOrganization)
        };
        finding.renamed(cause).with("organization", organization).advise(advice)
    }
}

/// `GET /api/alive`: a moment as a JSON text.
///
/// # Errors
/// `server.starting`, `server.not_bitwarden`, or a fault of the way.
pub fn alive(answer: &Answer<'_>) -> Result<(), Finding> {
    let moment = answer.json().as_ref().and_then(Value::as_str).and_then(moment);
    match (answer.status, moment) {
        (200, Some(_)) => Ok(()),
        (404, _) => Err(answer.found(Cause::ServerNotBitwarden)),
        _ => Err(answer.server_fault()),
    }
}

/// `GET /identity/.well-known/openid-configuration`: a document with an issuer; it names inner addresses
/// (`bitwarden.md` A6-6), and nothing of it is followed.
///
/// # Errors
/// As [`alive`].
pub fn server_discovery(answer: &Answer<'_>) -> Result<(), Finding> {
    let issuer = answer.object().is_some_and(|object| object.get("issuer").is_some_and(Value::is_string));
    match (answer.status, issuer) {
        (200, true) => Ok(()),
        (404, _) => Err(answer.found(Cause::ServerNotBitwarden)),
        _ => Err(answer.server_fault()),
    }
}

/// `POST /identity/connect/token` with a personal API key (`identity-user-api-key.json`).
///
/// # Errors
/// `login.*`, or as [`alive`].
pub fn user_token(answer: &Answer<'_>) -> Result<UserBearer, Finding> {
    let object = answer.object().unwrap_or_default();
    if answer.status == 200
        && let Some(access_token) = access_token(&object)
    {
        let roles = jwt_claims(access_token.expose()).map(|claims| roles(&claims));
        let expires_in = object.get("expires_in").and_then(Value::as_u64).unwrap_or(0);
        return Ok(UserBearer { access_token, roles, expires_in });
    }
    let Some(error) = oauth_error(&object).filter(|_| answer.status == 400) else {
        return Err(answer.server_fault());
    };
    let message = object.get("ErrorModel").and_then(|model| model.get("Message")).and_then(Value::as_str);
    let (cause, advice) = match error.as_str() {
        "invalid_client_version" | "version_header_missing" => {
            (Cause::LoginClientVersionRefused, AdviceCode::UpdateServer)
        }
        "device_error" => (Cause::LoginDeviceRefused, AdviceCode::LookAtLogs),
        "invalid_grant" if message.is_some_and(|message| message.contains("Legacy encryption")) => {
            (Cause::LoginLegacyAccount, AdviceCode::UseOwnersKey)
        }
        // Another kind of key (an organization's, an installation's) may not ask for the scope of a person.
        "invalid_client" | "invalid_scope" | "unauthorized_client" | "invalid_grant" => {
            (Cause::LoginApiKeyRejected, AdviceCode::GiveApiKey)
        }
        _ => (Cause::HttpUnexpectedStatus, AdviceCode::LookAtLogs),
    };
    let finding = answer.found(cause).with("reason", error).advise(advice);
    Err(match message {
        Some(message) => finding.with("words", words(message)),
        None => finding,
    })
}

/// `GET /api/organizations/connections/enabled`: whether cloud communication is on.
///
/// # Errors
/// As [`alive`]; a bearer that is not taken is `server.unhealthy` with `reason` `bearer_refused`.
pub fn connections_enabled(answer: &Answer<'_>) -> Result<bool, Finding> {
    match (answer.status, answer.json()) {
        (200, Some(Value::Bool(enabled))) => Ok(enabled),
        _ => Err(answer.signed_in_fault()),
    }
}

/// `GET /api/organizations/connections/{organization}/1` (`self-connections.json`).
///
/// # Errors
/// `login.not_owner` (also for an unknown organization: see [`UserBearer::explain`]),
/// `server.not_self_hosted`, or as [`connections_enabled`].
pub fn connection(answer: &Answer<'_>) -> Result<Connection, Finding> {
    if answer.status == 200
        && let Some(object) = answer.object().filter(|object| object.contains_key("id"))
    {
        return Ok(read_connection(&object));
    }
    Err(connection_fault(answer))
}

/// `POST /api/organizations/connections`, `PUT /api/organizations/connections/{id}`.
///
/// # Errors
/// As [`connection`]; `license.unreadable` where the server cannot verify its license file (missing, expired,
/// damaged, or its clock is behind: `bitwarden.md` A4-7); `license.version_unsupported`; `sync.refused` with
/// the server's words for what is left.
pub fn save_connection(answer: &Answer<'_>) -> Result<Connection, Finding> {
    match connection(answer) {
        Ok(connection) if connection.id.is_some() => Ok(connection),
        Ok(_) => Err(answer.found(Cause::ServerNotBitwarden)),
        Err(finding)
            if matches!(answer.status, 400 | 404) && finding.cause == Cause::HttpUnexpectedStatus =>
        {
            Err(answer.found(Cause::SyncRefused).advise(AdviceCode::LookAtLogs))
        }
        Err(finding) => Err(finding),
    }
}

/// `DELETE /api/organizations/connections/{id}`: 200 without a body; 404 where it is gone already.
///
/// # Errors
/// As [`connection`].
pub fn remove_connection(answer: &Answer<'_>) -> Result<(), Finding> {
    match answer.status {
        200 | 204 => Ok(()),
        404 if answer.error().is_some() => Ok(()),
        _ => Err(connection_fault(answer)),
    }
}

/// `POST /api/organizations/licenses/self-hosted/{organization}/sync` (`self-license-sync.json`).
///
/// # Errors
/// What the server says itself: `license.*`, `connection.*`, `config.cloud_communication_off`,
/// `server.not_self_hosted`. `sync.refused` with its words where it hides the cause; with status 404 that is
/// no connection, not owner, or an unknown organization: see [`UserBearer::explain`].
pub fn license_sync(answer: &Answer<'_>) -> Result<(), Finding> {
    if (200..300).contains(&answer.status) && !answer.is_page() {
        return Ok(());
    }
    let Some(error) = answer.error() else { return Err(answer.signed_in_fault()) };
    let message = error.message.as_str();
    let starts = |part: &str| message.starts_with(part);
    let (cause, advice) = match answer.status {
        400 if starts("Cloud communication is disabled") => {
            (Cause::ConfigCloudCommunicationOff, AdviceCode::ApplySettings)
        }
        400 if starts("Only allowed when self hosted") => {
            (Cause::ServerNotSelfHosted, AdviceCode::ApplySettings)
        }
        400 if starts("Connection disabled for organization") => {
            (Cause::ConnectionDisabled, AdviceCode::SaveToken)
        }
        400 if starts("Failed to get Billing Sync Key")
            || starts("No saved Connection config")
            || starts("Error parsing Connection config") =>
        {
            (Cause::ConnectionEmptyToken, AdviceCode::SaveToken)
        }
        400 => match license_refusal(message) {
            Some(finding) => return Err(finding.with("status", "400")),
            None => (Cause::SyncRefused, AdviceCode::LookAtLogs),
        },
        // The license folder or file does not belong to the server's user (`bitwarden.md` A3-10).
        401 => (Cause::LicenseNotWritable, AdviceCode::RunAsOwner),
        429 => return Err(answer.server_fault()),
        _ => (Cause::SyncRefused, AdviceCode::LookAtLogs),
    };
    Err(answer.found(cause).advise(advice))
}

/// `GET /api/organizations/{organization}/subscription` (`self-subscription.json`).
///
/// # Errors
/// `login.not_owner` (see [`UserBearer::explain`]), `license.*` where the server's license is not valid, or as
/// [`connections_enabled`]; a missing or damaged license file is a 500.
pub fn subscription(answer: &Answer<'_>) -> Result<LicenseTerms, Finding> {
    if answer.status == 200
        && let Some(object) = answer.object().filter(|object| object.contains_key("expiration"))
    {
        let date = |key: &str| object.get(key).and_then(Value::as_str).and_then(moment);
        let plan = object.get("plan").and_then(|plan| plan.get("name")).and_then(Value::as_str);
        return Ok(LicenseTerms {
            expires: date("expiration"),
            expires_without_grace: date("expirationWithoutGracePeriod"),
            seats: object.get("seats").and_then(Value::as_i64),
            plan: plan.map(clean),
        });
    }
    match (answer.status, answer.error()) {
        (404, Some(_)) => Err(answer.found(Cause::LoginNotOwner).advise(AdviceCode::UseOwnersKey)),
        (400, Some(error)) => Err(license_refusal(&error.message)
            .map(|finding| finding.with("status", "400"))
            .unwrap_or_else(|| answer.signed_in_fault())),
        _ => Err(answer.signed_in_fault()),
    }
}

/// `GET /api/organization/sponsorship/{organization}/sync-status`: when sponsorships were last synced. It is
/// not guarded: a bad bearer or an unknown organization answers 500 (`bitwarden.md` A5-9).
///
/// # Errors
/// As [`connections_enabled`].
pub fn sync_status(answer: &Answer<'_>) -> Result<Option<OffsetDateTime>, Finding> {
    let object = answer.object().filter(|_| answer.status == 200);
    match object.as_ref().and_then(|object| object.get("lastSyncDate")) {
        Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if moment(text).is_some() => Ok(moment(text)),
        _ => Err(answer.signed_in_fault()),
    }
}

/// What the api itself says by an answer that is no success about what it was asked to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It did not do it.
    Refused,
    /// It failed while doing it.
    Failed,
}

/// The api's own refusal: its error document, or the bare refusal of a bearer. None where somebody else answers: a
/// proxy's time may have been over while the server went on.
pub fn refusal(answer: &Answer<'_>) -> Option<Refusal> {
    match (answer.status, answer.error().is_some()) {
        (400..=499, true) => Some(Refusal::Refused),
        (401 | 403 | 404, false) if answer.is_empty() => Some(Refusal::Refused),
        (500..=599, true) => Some(Refusal::Failed),
        _ => None,
    }
}

/// Whether this answer to the question for the connection holds this very token; none where it is no such answer.
pub fn holds_token(answer: &Answer<'_>, token: &Secret) -> Option<bool> {
    let object = answer.object().filter(|object| answer.status == 200 && object.contains_key("id"))?;
    let saved = object.get("config").and_then(|config| config.get("BillingSyncKey")).and_then(Value::as_str);
    Some(saved.is_some_and(|saved| saved.trim() == token.trimmed().expose()))
}

impl Answer<'_> {
    /// What an answer of the server means that is none of those which the question knows.
    pub(super) fn server_fault(&self) -> Finding {
        if let Some(finding) = self.common_fault() {
            return finding;
        }
        match self.status {
            // nginx answers these while the api or identity is not there yet (`bitwarden.md` A8).
            502..=504 => self.found(Cause::ServerStarting).advise(AdviceCode::WaitAndRetry),
            500.. => self.found(Cause::HttpServerError).advise(AdviceCode::LookAtLogs),
            _ if self.is_page() || self.status < 300 => self.found(Cause::ServerNotBitwarden),
            _ => self.found(Cause::HttpUnexpectedStatus),
        }
    }

    /// The same for a question that a bearer came with.
    fn signed_in_fault(&self) -> Finding {
        match self.status {
            401 if self.is_empty() => {
                let finding = self.found(Cause::ServerUnhealthy).with("reason", "bearer_refused");
                finding.advise(AdviceCode::LookAtLogs)
            }
            403 if self.is_empty() => self.found(Cause::LoginApiKeyRejected).advise(AdviceCode::GiveApiKey),
            _ => self.server_fault(),
        }
    }
}

fn connection_fault(answer: &Answer<'_>) -> Finding {
    let Some(error) = answer.error() else { return answer.signed_in_fault() };
    let message = error.message.as_str();
    match answer.status {
        400 if message.starts_with("You do not have permission") => {
            answer.found(Cause::LoginNotOwner).advise(AdviceCode::UseOwnersKey)
        }
        400 if message.contains("outside of a self-hosted instance") => {
            answer.found(Cause::ServerNotSelfHosted).advise(AdviceCode::ApplySettings)
        }
        400 if message.starts_with("Cannot verify license file") => answer
            .found(Cause::LicenseUnreadable)
            .advise(AdviceCode::UploadLicense)
            .advise(AdviceCode::CheckClock),
        400 => license_refusal(message)
            .map(|finding| finding.with("status", "400"))
            .unwrap_or_else(|| answer.signed_in_fault()),
        _ => answer.signed_in_fault(),
    }
}

/// The connection without its token. Inside `config` the stored JSON is passed on as it is, and the server
/// itself reads only the PascalCase names (`self-license-sync.json`, `config-camelcase`).
fn read_connection(object: &Map<String, Value>) -> Connection {
    let id = object.get("id").and_then(Value::as_str).filter(|id| is_guid(id));
    let Some(id) = id else { return Connection::default() };
    let config = object.get("config").and_then(Value::as_object);
    let text = |key: &str| config.and_then(|config| config.get(key)).and_then(Value::as_str);
    Connection {
        id: Some(id.to_owned()),
        enabled: object.get("enabled").and_then(Value::as_bool),
        organization_id: object.get("organizationId").and_then(Value::as_str).map(clean),
        cloud_organization_id: text("CloudOrganizationId").map(clean),
        has_token: text("BillingSyncKey").is_some_and(|token| !token.trim().is_empty()),
        last_license_sync: text("LastLicenseSync").and_then(moment),
    }
}

/// A role's claim is one id, or a list of them.
fn roles(claims: &Map<String, Value>) -> Roles {
    let ids = |name: &str| -> Vec<String> {
        match claims.get(name) {
            Some(Value::String(id)) => vec![clean(id)],
            Some(Value::Array(ids)) => ids.iter().filter_map(Value::as_str).take(1_000).map(clean).collect(),
            _ => Vec::new(),
        }
    };
    Roles { owned: ids("orgowner"), joined: ["orgadmin", "orguser", "orgcustom"].map(ids).concat() }
}
