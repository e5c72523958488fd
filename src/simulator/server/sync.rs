//! The license sync: what the server asks the cloud, what it logs, and the one sentence that it tells the
//! caller (`self-license-sync.json`).

use axum::http::{Method, StatusCode};
use serde_json::{Map, Value, json};
use time::{OffsetDateTime, macros::format_description};
use url::{Url, form_urlencoded::Serializer};

use super::super::message::{Answer, Asked, guid};
use super::{
    bearer::Caller,
    cloud::Unreached,
    faults, license, license_store,
    log::{self, RequestLog},
    settings::Settings,
    state::{Connection, ServerState},
};
use crate::domain::region::{CloudHost, Region};

/// What the caller is told of nearly every fault.
const SENTENCE: &str =
    "An error has occurred. Check your internet connection and ensure the billing token is correct.";

/// `POST organizations/licenses/self-hosted/{org}/sync`
pub fn run(
    state: &ServerState,
    settings: &Settings,
    asked: &Asked,
    organization: &str,
) -> Result<Answer, Answer> {
    let caller = Caller::of(state, asked)?;
    let log = state.log.request();
    let ask = Ask::new(state, settings, &log)?;
    if !settings.self_hosted {
        return Err(Answer::error(400, "Only allowed when self hosted."));
    }
    let id = guid(organization).ok_or_else(|| broken(&log, faults::NO_GUID))?.to_string();
    if id != state.inner().organization.id || !caller.owns(&id) {
        return Err(Answer::not_found());
    }
    let rows = state.connections();
    let row = rows.iter().find(|row| row.organization_id == id).ok_or_else(Answer::not_found)?;
    if !settings.cloud_communication {
        return Err(Answer::error(400, "Cloud communication is disabled in global settings"));
    }
    let (key, cloud_organization) = stored(row)?;
    let license_key = state.inner().organization.license_key.clone();
    let document = ask.license(&cloud_organization, &license_key, &key)?;
    license_store::take(state, settings, &document)?;
    note(state, row);
    Ok(Answer::empty(200))
}

/// Token and cloud organization of a stored connection; its names are read in exactly their case.
fn stored(row: &Connection) -> Result<(String, String), Answer> {
    let refused = |text: String| Answer::error(400, &text);
    let id = &row.organization_id;
    if !row.enabled {
        return Err(refused(format!("Connection disabled for organization {id}")));
    }
    let text = row.config.as_deref().unwrap_or_default();
    if text.trim().is_empty() {
        return Err(refused(format!("No saved Connection config for organization {id}")));
    }
    let config: Map<String, Value> = serde_json::from_str(text)
        .map_err(|_| refused(format!("Error parsing Connection config for organization {id}")))?;
    let get = |name: &str| config.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let key = get("BillingSyncKey");
    if key.trim().is_empty() {
        return Err(refused("Failed to get Billing Sync Key".to_owned()));
    }
    Ok((key, get("CloudOrganizationId")))
}

/// Notes the time in the connection.
fn note(state: &ServerState, synced: &Connection) {
    let now = OffsetDateTime::now_utc();
    let form =
        format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:7]+00:00");
    let mut rows = state.connections();
    for row in rows.iter_mut().filter(|row| row.id == synced.id) {
        let text = row.config.as_deref().unwrap_or_default();
        if let Ok(mut config) = serde_json::from_str::<Map<String, Value>>(text) {
            config.insert("LastLicenseSync".into(), json!(now.format(form).unwrap_or_default()));
            row.config = Some(Value::Object(config).to_string());
        }
    }
    state.set_connections(rows);
}

/// Asking the cloud: the two requests, and the log lines of every way in which they end.
struct Ask<'a> {
    state: &'a ServerState,
    settings: &'a Settings,
    log: &'a RequestLog<'a>,
    identity: Url,
    api: Url,
}

impl<'a> Ask<'a> {
    /// The addresses are read when the controller is made: before any other check, whatever is asked.
    fn new(state: &'a ServerState, settings: &'a Settings, log: &'a RequestLog<'a>) -> Result<Self, Answer> {
        let read = |text: &str| Url::parse(text).map_err(|_| broken(log, &faults::address(text)));
        let (api, identity) = (read(&settings.api_uri)?, read(&settings.identity_uri)?);
        Ok(Self { state, settings, log, identity, api })
    }

    fn license(
        &self,
        organization: &str,
        license_key: &str,
        key: &str,
    ) -> Result<Map<String, Value>, Answer> {
        let refused = || Answer::error(400, SENTENCE);
        let url = format!("{}licenses/organization/{organization}", self.api);
        let Some(token) = self.token()? else {
            let text = format!(
                "Unable to send \"GET\" request to \"{url}\" because an access token was unable to be obtained"
            );
            self.log.entry(log::NO_TOKEN, &text);
            return Err(refused());
        };
        let body = json!({ "licenseKey": license_key, "billingSyncKey": key }).to_string();
        let asked = Asked::new(Method::GET, &path(&url), body)
            .with("content-type", "application/json; charset=utf-8")
            .with("authorization", &format!("Bearer {token}"));
        let failed = |exception: &str| {
            self.log.with(log::FAILED_TO_SEND, &format!("Failed to send to \"{url}\"."), exception);
            refused()
        };
        let answer = self
            .exchange(&self.api, CloudHost::Api, "GET", &url, asked)
            .map_err(|exception| failed(&exception))?;
        let text = answer.body.as_deref().unwrap_or_default().trim_start_matches('\u{feff}');
        let document: Value = serde_json::from_str(text).map_err(|_| failed(&faults::json(text, false)))?;
        if !(200..300).contains(&answer.status) {
            let (name, reason) = reason(answer.status);
            let said = said(&document);
            let text = format!(
                "Request to \"{url}\" is unsuccessful with status of {name}-\"{reason}\": \"{said}\n\""
            );
            self.log.entry(log::CLOUD_REFUSED, &text);
            return Err(refused());
        }
        match document {
            Value::Object(document) if license::fits(&document) => Ok(document),
            Value::Object(_) => Err(failed(&faults::json(text, false))),
            // A bare null is no exception for the server: it leaves no line.
            _ => Err(refused()),
        }
    }

    /// The bearer; `None` where the cloud gave none.
    fn token(&self) -> Result<Option<String>, Answer> {
        let url = format!("{}connect/token", self.identity);
        let client = format!("installation.{}", self.settings.installation_id);
        let body = Serializer::new(String::new())
            .append_pair("grant_type", "client_credentials")
            .append_pair("scope", "api.licensing")
            .append_pair("client_id", &client)
            .append_pair("client_secret", &self.settings.installation_key)
            .finish();
        let asked = Asked::new(Method::POST, &path(&url), body)
            .with("content-type", "application/x-www-form-urlencoded");
        let identity = &self.identity;
        let answer = match self.exchange(identity, CloudHost::Identity, "POST", &url, asked) {
            Ok(answer) => answer,
            Err(exception) => {
                self.log.with(log::NO_IDENTITY, "Unable to authenticate with identity server.", &exception);
                let text = format!("Empty token response from {identity} for client \"{client}\"");
                self.log.entry(log::EMPTY_TOKEN, &text);
                return Ok(None);
            }
        };
        if !(200..300).contains(&answer.status) {
            let (name, reason) = reason(answer.status);
            let text = format!(
                "Unsuccessful token response from {identity} for client \"{client}\" with status \
                 {name}-\"{reason}\""
            );
            self.log.entry(log::TOKEN_REFUSED, &text);
            return Ok(None);
        }
        let text = answer.body.as_deref().unwrap_or_default();
        let document: Value =
            serde_json::from_str(text).map_err(|_| broken(self.log, &faults::json(text, true)))?;
        match document.get("access_token") {
            None => Err(broken(self.log, faults::NO_KEY)),
            // A null is taken for a token: the request leaves without one.
            Some(token) => Ok(Some(token.as_str().unwrap_or_default().to_owned())),
        }
    }

    /// One request: the lines of the HTTP client around it; the exception where no answer came.
    fn exchange(
        &self,
        base: &Url,
        which: CloudHost,
        method: &str,
        url: &str,
        asked: Asked,
    ) -> Result<Answer, String> {
        let started = std::time::Instant::now();
        self.log.entry(log::HTTP_START, &format!("Start processing HTTP request \"{method}\" \"{url}\""));
        self.log.entry(log::HTTP_SEND, &format!("Sending HTTP request \"{method}\" \"{url}\""));
        let host = base.host_str().unwrap_or_default();
        let answer = match host_of(host) {
            Some((region, found)) if found == which => self.state.cloud.ask(region, which, &asked),
            // Another service's host answers, but not on this path.
            Some(_) => Ok(Answer::empty(404)),
            None => Err(Unreached::NameUnknown),
        };
        let took = || format!("{:.4}ms", started.elapsed().as_secs_f64() * 1_000.0);
        match answer {
            Ok(answer) => {
                let status = answer.status;
                self.log.entry(
                    log::HTTP_RECEIVED,
                    &format!("Received HTTP response headers after {} - {status}", took()),
                );
                self.log.entry(
                    log::HTTP_END,
                    &format!("End processing HTTP request after {} - {status}", took()),
                );
                Ok(answer)
            }
            Err(why) => {
                // The words of the official images' C library.
                let exception = match why {
                    Unreached::Refused => faults::connection(host, "111", "Connection refused"),
                    Unreached::NameUnknown => faults::connection(host, "0xFFFDFFFF", "Name does not resolve"),
                };
                for _ in 0..2 {
                    self.log.with(
                        log::HTTP_FAILED,
                        &format!("HTTP request failed after {}", took()),
                        &exception,
                    );
                }
                Err(exception)
            }
        }
    }
}

fn host_of(name: &str) -> Option<(Region, CloudHost)> {
    let region = Region::of_host(name)?;
    [CloudHost::Identity, CloudHost::Api, CloudHost::Push, CloudHost::Vault]
        .into_iter()
        .find(|host| region.host(*host) == name)
        .map(|host| (region, host))
}

fn path(url: &str) -> String {
    Url::parse(url).map_or_else(|_| "/".to_owned(), |url| url.path().to_owned())
}

/// The cloud's message and, below it, its validation errors.
fn said(document: &Value) -> String {
    let mut said = document.get("message").and_then(Value::as_str).unwrap_or_default().to_owned();
    if let Some(errors) = document.get("validationErrors").and_then(Value::as_object) {
        said.push_str("\nValidation Errors:");
        for (field, messages) in errors {
            let messages: Vec<_> =
                messages.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            said.push_str(&format!("\n{field}: {}", messages.join(", ")));
        }
    }
    said
}

/// `BadRequest` and `Bad Request`.
fn reason(status: u16) -> (String, &'static str) {
    let reason =
        StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or_default();
    (reason.replace([' ', '-'], ""), reason)
}

fn broken(log: &RequestLog<'_>, exception: &str) -> Answer {
    log.unhandled(exception);
    Answer::broken()
}
