//! Answers of the cloud: does it know the installation, does its key sign in, what about the license.

use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::{Answer, cloud_refusal, words};
use crate::domain::{
    check::{AdviceCode, Cause, Finding},
    guid::is_guid,
    outside::{clean, moment},
    region::Lookup,
    secret::Secret,
    sync::LicenseTerms,
};

/// What the cloud's identity gave for an installation's id and key. It lasts a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearer {
    /// The access token.
    pub access_token: Secret,
    /// What it is good for, as in `api.licensing`.
    pub scopes: Vec<String>,
}

/// What the cloud said to the license question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LicenseAnswer {
    /// The token is right: the cloud signed a license. The document itself is not kept.
    Accepted {
        /// What the new license says about the subscription.
        terms: LicenseTerms,
        /// What the server will refuse it for all the same.
        faults: Vec<Finding>,
    },
    /// Asked without a token: organization, license key and installation are right.
    AllButToken,
}

/// `GET /installations/{id}` (`cloud-installations.json`).
///
/// # Errors
/// `installation.id_unknown` where the id is no id at all, else a fault of the way: a 200 that is no
/// installation document is a block page, a 404 without the error document is not the api.
pub fn installation(answer: &Answer<'_>) -> Result<Lookup, Finding> {
    match (answer.status, answer.object()) {
        (200, Some(object)) => {
            let known = object.get("id").and_then(Value::as_str).is_some_and(is_guid);
            match object.get("enabled") {
                Some(Value::Bool(true)) if known => Ok(Lookup::Enabled),
                Some(Value::Bool(false)) if known => Ok(Lookup::Disabled),
                _ => Err(answer.cloud_fault()),
            }
        }
        (404, Some(_)) if answer.error().is_some() => Ok(Lookup::NotFound),
        (400, Some(_)) if answer.error().is_some_and(|e| e.details.iter().any(|(name, _)| name == "id")) => {
            Err(answer.found(Cause::InstallationIdUnknown).advise(AdviceCode::NewInstallationId))
        }
        _ => Err(answer.cloud_fault()),
    }
}

/// Identity's discovery document (`identity-misc.json`). Its addresses are not looked at: it is never followed.
///
/// # Errors
/// A fault of the way: a 200 that is no discovery document is a block page.
pub fn discovery(answer: &Answer<'_>) -> Result<(), Finding> {
    let object = answer.object().filter(|_| answer.status == 200).unwrap_or_default();
    let genuine =
        ["issuer", "token_endpoint"].iter().all(|key| object.get(*key).is_some_and(Value::is_string));
    if genuine { Ok(()) } else { Err(answer.cloud_fault()) }
}

/// `GET /alive` of the cloud's api or identity: its own time, with fractions of a second.
///
/// # Errors
/// A fault of the way.
pub fn cloud_alive(answer: &Answer<'_>) -> Result<OffsetDateTime, Finding> {
    let text = answer.json().filter(|_| answer.status == 200);
    text.as_ref().and_then(Value::as_str).and_then(moment).ok_or_else(|| answer.cloud_fault())
}

/// `POST connect/token` of an installation (`identity-installation-token.json`).
///
/// # Errors
/// `installation.key_rejected`: wrong id, key or region, or disabled; the caller knows which of these it can
/// rule out (`bitwarden.md` A2-1). Else a fault of the way.
pub fn installation_token(answer: &Answer<'_>) -> Result<Bearer, Finding> {
    let object = answer.object().unwrap_or_default();
    if answer.status == 200
        && let Some(access_token) = access_token(&object)
    {
        let scopes = object.get("scope").and_then(Value::as_str).unwrap_or_default();
        let scopes = scopes.split_ascii_whitespace().map(clean).collect();
        return Ok(Bearer { access_token, scopes });
    }
    match oauth_error(&object) {
        Some(error) if answer.status == 400 && error == "invalid_client" => Err(answer
            .found(Cause::InstallationKeyRejected)
            .with("reason", error)
            .advise(AdviceCode::NewInstallationId)),
        Some(error) if answer.status == 400 => {
            Err(answer.found(Cause::HttpUnexpectedStatus).with("reason", error))
        }
        _ => Err(answer.cloud_fault()),
    }
}

/// `GET /licenses/organization/{id}` with the license key and a token or none (design §9, Asking without a
/// token; `cloud-license.json`). The api's HTTP stage has passed before this is asked.
///
/// # Errors
/// `token.rejected`; `token.never_generated` for a 500, which the caller must confirm by asking with an empty
/// key; `license.*`, `installation.disabled`, `http.get_with_body_blocked`, or a fault of the way.
pub fn license_question(answer: &Answer<'_>, key_was_empty: bool) -> Result<LicenseAnswer, Finding> {
    if answer.status == 200
        && let Some(accepted) = answer.object().and_then(|object| accepted(&object))
    {
        return Ok(accepted);
    }
    if let Some(finding) = answer.common_fault() {
        return Err(finding);
    }
    let blocked = || answer.found(Cause::HttpGetWithBodyBlocked).advise(AdviceCode::ExemptFromInspection);
    match (answer.status, answer.error()) {
        (400 | 404, Some(error)) => {
            let details: Vec<_> = error.details.iter().map(|(_, text)| text.as_str()).collect();
            match cloud_refusal(&error.message, &details.join(" ")) {
                Some(finding) if key_was_empty && finding.cause == Cause::TokenRejected => {
                    Ok(LicenseAnswer::AllButToken)
                }
                Some(finding) => Err(finding.with("status", answer.status.to_string())),
                None => Err(answer.found(Cause::HttpUnexpectedStatus)),
            }
        }
        (500, Some(_)) if !key_was_empty => {
            Err(answer.found(Cause::TokenNeverGenerated).advise(AdviceCode::GenerateToken))
        }
        // 415: content type and body were taken; the others are what a filter says to a GET with a body.
        (405 | 411 | 413 | 415 | 501, _) => Err(blocked()),
        (400..=499, None) if answer.is_page() => Err(blocked()),
        _ => Err(answer.cloud_fault()),
    }
}

/// The few fields of a license document that are read before it is dropped.
fn accepted(license: &Map<String, Value>) -> Option<LicenseAnswer> {
    let text = |key: &str| license.get(key).and_then(Value::as_str);
    let date = |key: &str| text(key).and_then(moment);
    let flag = |key: &str| license.get(key).and_then(Value::as_bool);
    text("licenseKey").filter(|key| !key.is_empty())?;
    text("id").filter(|id| is_guid(id))?;
    let mut faults = Vec::new();
    if flag("enabled") == Some(false) {
        faults.push(Finding::new(Cause::LicenseOrgDisabled).advise(AdviceCode::RenewPlan));
    }
    if flag("selfHost") == Some(false) {
        faults.push(Finding::new(Cause::LicensePlanWithoutSync).advise(AdviceCode::RenewPlan));
    }
    let terms = LicenseTerms {
        expires: date("expires"),
        expires_without_grace: date("expirationWithoutGracePeriod"),
        seats: license.get("seats").and_then(Value::as_i64),
        plan: text("plan").map(clean),
    };
    Some(LicenseAnswer::Accepted { terms, faults })
}

/// The access token of a token answer, where there is one.
pub(super) fn access_token(object: &Map<String, Value>) -> Option<Secret> {
    let token = object.get("access_token")?.as_str()?;
    // It goes into a header: a line end in it would be somebody else's header.
    let sound = !token.is_empty() && token.chars().all(|c| c.is_ascii_graphic());
    sound.then(|| Secret::new(token))
}

/// The `error` code of a token answer (RFC 6749 §5.2).
pub(super) fn oauth_error(object: &Map<String, Value>) -> Option<String> {
    object.get("error")?.as_str().map(words)
}
