//! Saving, reading and removing the connection to the cloud (`self-connections.json`).

use serde_json::{Value, json};
use time::OffsetDateTime;

use super::super::message::{Answer, Asked, Model, guid};
use super::{
    bearer::Caller,
    faults, license, license_check,
    log::{self, RequestLog},
    settings::Settings,
    state::{Connection, ServerState},
};

/// The number and name of the only type that a billing sync needs.
const TYPE: i64 = 1;
const TYPE_NAME: &str = "CloudBillingSync";

/// What a POST or PUT sends.
struct Wanted {
    organization_id: String,
    kind: i64,
    enabled: bool,
    /// `None`: not there at all, which the server takes worse than a null.
    config: Option<Value>,
}

/// `GET organizations/connections/{org}/{type}`
pub fn get(
    state: &ServerState,
    settings: &Settings,
    asked: &Asked,
    organization: &str,
    kind: &str,
) -> Result<Answer, Answer> {
    let caller = Caller::of(state, asked)?;
    let id = guid(organization).ok_or_else(|| not_valid("organizationId", organization))?;
    let kind = type_of(kind)?;
    let id = id.to_string();
    if !caller.owns(&id) || id != state.inner().organization.id {
        return Err(permission("retrieve a connection", kind));
    }
    if !settings.self_hosted {
        return Err(outside_self_hosted("get"));
    }
    let found = state.connections().into_iter().find(|row| kind == TYPE && row.organization_id == id);
    match found {
        None => Ok(Answer::json(
            200,
            &json!({
                "id": null, "type": 0, "organizationId": uuid::Uuid::nil(), "enabled": false, "config": null,
            }),
        )),
        Some(row) => shown(&row, &state.log.request()),
    }
}

/// `POST organizations/connections`
pub fn create(state: &ServerState, settings: &Settings, asked: &Asked) -> Result<Answer, Answer> {
    let caller = Caller::of(state, asked)?;
    let wanted = wanted(asked)?;
    if !caller.owns(&wanted.organization_id) || wanted.organization_id != state.inner().organization.id {
        return Err(permission("create a connection", wanted.kind));
    }
    if wanted.kind == TYPE && !state.connections().is_empty() {
        return Err(only_one());
    }
    if wanted.kind != TYPE {
        return Err(Answer::error(400, &format!("Unknown Organization connection Type: {}", wanted.kind)));
    }
    save(state, settings, uuid::Uuid::new_v4().to_string(), &wanted)
}

/// `PUT organizations/connections/{id}`
pub fn update(state: &ServerState, settings: &Settings, asked: &Asked, id: &str) -> Result<Answer, Answer> {
    let caller = Caller::of(state, asked)?;
    let id = guid(id).ok_or_else(|| not_valid("organizationConnectionId", id))?.to_string();
    let wanted = wanted(asked)?;
    let rows = state.connections();
    let here = |row: &&Connection| row.id == id && row.organization_id == wanted.organization_id;
    let row = rows.iter().find(here).ok_or_else(Answer::not_found)?;
    if !caller.owns(&row.organization_id) {
        return Err(Answer::error(400, "You do not have permission to update this connection."));
    }
    if rows.iter().any(|other| other.id != id) {
        return Err(only_one());
    }
    if wanted.kind != TYPE {
        return Err(Answer::error(400, "The connection type cannot be changed."));
    }
    save(state, settings, id, &wanted)
}

/// `DELETE organizations/connections/{id}`
pub fn remove(state: &ServerState, asked: &Asked, id: &str) -> Result<Answer, Answer> {
    let caller = Caller::of(state, asked)?;
    let id = guid(id).ok_or_else(|| not_valid("organizationConnectionId", id))?.to_string();
    let rows = state.connections();
    let row = rows.iter().find(|row| row.id == id).ok_or_else(Answer::not_found)?;
    if !caller.owns(&row.organization_id) {
        return Err(permission("remove this connection", TYPE));
    }
    state.set_connections(rows.iter().filter(|row| row.id != id).cloned().collect());
    Ok(Answer::empty(200))
}

fn save(state: &ServerState, settings: &Settings, id: String, wanted: &Wanted) -> Result<Answer, Answer> {
    let log = state.log.request();
    let config = match &wanted.config {
        None => return Err(broken(&log, faults::NO_DOCUMENT)),
        Some(Value::Null) => return Err(broken(&log, faults::NULL_REFERENCE)),
        Some(config) => config_of(config)
            .ok_or_else(|| Answer::error(400, "Organization Connection configuration malformed"))?,
    };
    if !settings.self_hosted {
        return Err(outside_self_hosted("create"));
    }
    let cloud_organization = verified(state, &log)?;
    let (token, synced) = config;
    let stored = json!({
        "BillingSyncKey": token, "CloudOrganizationId": cloud_organization, "LastLicenseSync": synced,
    });
    let row = Connection {
        id,
        organization_id: wanted.organization_id.clone(),
        enabled: wanted.enabled,
        config: Some(stored.to_string()),
    };
    let others = state.connections().into_iter().filter(|other| other.id != row.id);
    state.set_connections(others.chain([row.clone()]).collect());
    shown(&row, &log)
}

/// The cloud organization's id from the license file, if the server trusts the file.
fn verified(state: &ServerState, log: &RequestLog<'_>) -> Result<Value, Answer> {
    let refused = || Answer::error(400, "Cannot verify license file.");
    let Ok(bytes) = std::fs::read(state.license_file()) else { return Err(refused()) };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let Ok(document) = serde_json::from_str(&text) else {
        return Err(broken(log, &faults::json(&text, false)));
    };
    let document = license::read(&document, true);
    match license_check::token(document, state.cloud.license_signer(), OffsetDateTime::now_utc()) {
        Err(why) => {
            let exception = format!("Bit.Core.Exceptions.BadRequestException: {why}");
            log.with(log::INVALID_LICENSE, "Invalid token.", &exception);
            Err(refused())
        }
        Ok(license) => {
            if license.claims.is_none() {
                license_check::version(&license.document).map_err(|why| Answer::error(400, &why))?;
                if !license_check::signed(&license.document, state.cloud.license_signer()) {
                    return Err(refused());
                }
            }
            Ok(license.taken().get("Id").cloned().unwrap_or_default())
        }
    }
}

/// The answer that shows a row: the token in clear, as the server does it.
fn shown(row: &Connection, log: &RequestLog<'_>) -> Result<Answer, Answer> {
    let Some(text) = &row.config else { return Err(broken(log, faults::NO_JSON)) };
    let config: Value = serde_json::from_str(text).map_err(|_| broken(log, &faults::json(text, true)))?;
    Ok(Answer::json(
        200,
        &json!({
            "id": row.id, "type": TYPE, "organizationId": row.organization_id, "enabled": row.enabled,
            "config": config,
        }),
    ))
}

/// Token and last sync of a config; `None` where the kinds are wrong. Names in any case; the id of the cloud
/// organization is never taken from here.
fn config_of(config: &Value) -> Option<(Value, Value)> {
    let fields = config.as_object()?;
    let get = |name: &str| {
        fields.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map_or(Value::Null, |(_, v)| v.clone())
    };
    let texts = [get("billingSyncKey"), get("lastLicenseSync"), get("cloudOrganizationId")];
    let [token, synced, _] = &texts;
    texts.iter().all(|value| value.is_null() || value.is_string()).then(|| (token.clone(), synced.clone()))
}

fn wanted(asked: &Asked) -> Result<Wanted, Answer> {
    let model = asked.json_object().map_err(|refused| model_required(asked, refused))?;
    bound(&model).map_err(|refused| model_required(asked, refused))
}

fn bound(model: &Model) -> Result<Wanted, Answer> {
    let organization_id = match model.get("organizationId") {
        None => uuid::Uuid::nil().to_string(),
        Some(value) => value
            .as_str()
            .and_then(guid)
            .map(|id| id.to_string())
            .ok_or_else(|| model.unconvertible("organizationId", value, "System.Guid"))?,
    };
    let kind = match model.get("type") {
        None => 0,
        Some(value) => value
            .as_i64()
            .ok_or_else(|| model.unconvertible("type", value, "Bit.Core.Enums.OrganizationConnectionType"))?,
    };
    let enabled = match model.get("enabled") {
        None => false,
        Some(value) => {
            value.as_bool().ok_or_else(|| model.unconvertible("enabled", value, "System.Boolean"))?
        }
    };
    Ok(Wanted { organization_id, kind, enabled, config: model.get("config").cloned() })
}

/// A body that could not be bound leaves the parameter `model` empty, and the refusal says that too.
fn model_required(asked: &Asked, refused: Answer) -> Answer {
    let mut document = refused.value();
    let Some(errors) = document.get_mut("validationErrors").and_then(Value::as_object_mut) else {
        return refused;
    };
    if let Some(words) = errors.get_mut("$") {
        let text = String::from_utf8_lossy(&asked.body);
        let place = faults::json(&text, false);
        let said = place.lines().next().unwrap_or_default();
        *words = json!([said.trim_start_matches("System.Text.Json.JsonException: ")]);
    }
    errors.insert("model".to_owned(), json!(["The model field is required."]));
    Answer::json(refused.status, &document)
}

fn type_of(text: &str) -> Result<i64, Answer> {
    let known = [("CloudBillingSync", 1), ("Scim", 2)];
    match text.parse::<i64>() {
        Ok(number) if known.iter().any(|(_, known)| *known == number) => Ok(number),
        Ok(_) => Err(Answer::invalid("type", &format!("The value '{text}' is invalid."))),
        Err(_) => known
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(text))
            .map(|(_, number)| *number)
            .ok_or_else(|| not_valid("type", text)),
    }
}

fn not_valid(field: &str, text: &str) -> Answer {
    Answer::invalid(field, &format!("The value '{text}' is not valid."))
}

fn permission(what: &str, kind: i64) -> Answer {
    let name = match kind {
        TYPE => TYPE_NAME.to_owned(),
        2 => "Scim".to_owned(),
        other => other.to_string(),
    };
    Answer::error(400, &format!("You do not have permission to {what} of type {name}."))
}

fn only_one() -> Answer {
    Answer::error(
        400,
        "The requested organization already has a connection of type CloudBillingSync. Only one of each \
         connection type may exist per organization.",
    )
}

fn outside_self_hosted(what: &str) -> Answer {
    let text = format!("Cannot {what} a CloudBillingSync connection outside of a self-hosted instance.");
    Answer::error(400, &text)
}

fn broken(log: &RequestLog<'_>, exception: &str) -> Answer {
    log.unhandled(exception);
    Answer::broken()
}
