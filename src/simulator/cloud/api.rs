//! A region's api: installations, licenses and its clock (`cloud-installations.json`, `cloud-license.json`).

use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::{
    super::message::{Answer, Asked, Model, Ordered, guid, iso},
    CloudState, Organization, Payment, Standing, license,
};
use crate::domain::region::Region;

/// The release that the recordings are of.
const VERSION: &str = "2026.8.0";

/// Answers one request.
pub(super) fn answer(state: &CloudState, region: Region, asked: &Asked) -> Answer {
    if let Some(answer) = alive(asked, state.now()).or_else(|| version(asked)) {
        return answer;
    }
    let Some(segments) = asked.segments() else { return Answer::empty(404) };
    let words: Vec<&str> = segments.iter().map(String::as_str).collect();
    let is = |word: &str, name: &str| word.eq_ignore_ascii_case(name);
    match words[..] {
        [first] if is(first, "installations") => only("POST", asked, || create(state, region, asked)),
        [first, id] if is(first, "installations") => only("GET", asked, || installation(state, region, id)),
        [first, second, id] if is(first, "licenses") && is(second, "organization") => {
            only("GET", asked, || license_of(state, region, id, asked))
        }
        _ => Answer::empty(404),
    }
}

fn only(verb: &str, asked: &Asked, then: impl FnOnce() -> Answer) -> Answer {
    if asked.method.as_str() == verb { then() } else { Answer::method_not_allowed(verb) }
}

/// `/alive` and its old name `/now`: the clock.
pub(crate) fn alive(asked: &Asked, now: OffsetDateTime) -> Option<Answer> {
    let named = ["/alive", "/now"].iter().any(|path| asked.path.eq_ignore_ascii_case(path));
    named.then(|| only("GET", asked, || Answer::json(200, &iso(now))))
}

/// `/version`.
pub(crate) fn version(asked: &Asked) -> Option<Answer> {
    let named = asked.path.eq_ignore_ascii_case("/version");
    named.then(|| only("GET", asked, || Answer::json(200, &VERSION)))
}

fn installation(state: &CloudState, region: Region, id: &str) -> Answer {
    if guid(id).is_none() {
        return Answer::invalid("id", &format!("The value '{id}' is not valid."));
    }
    match state.tables(region, |tables| tables.installation(id).cloned()) {
        Some(row) => shown(&row.id, None, row.standing != Standing::Disabled),
        None => Answer::not_found(),
    }
}

fn shown(id: &str, key: Option<&str>, enabled: bool) -> Answer {
    let members = vec![
        ("id", json!(id)),
        ("key", json!(key)),
        ("enabled", json!(enabled)),
        ("object", json!("installation")),
    ];
    Answer::json(200, &Ordered(members))
}

fn create(state: &CloudState, region: Region, asked: &Asked) -> Answer {
    let mail = match asked.json_object().and_then(|model| model.text("email")) {
        Ok(mail) => mail.unwrap_or_default(),
        Err(refusal) => return refusal,
    };
    if mail.is_empty() {
        return Answer::invalid("Email", "The Email field is required.");
    }
    let whole = mail.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    if !whole {
        return Answer::invalid("Email", "The Email field is not a valid e-mail address.");
    }
    let id = uuid::Uuid::new_v4().to_string();
    let key: String = uuid::Uuid::new_v4().simple().to_string().chars().take(20).collect();
    state.tables(region, |tables| {
        tables.installations.push(super::Installation {
            id: id.clone(),
            key: key.clone(),
            standing: Standing::Enabled,
        });
    });
    shown(&id, Some(&key), true)
}

fn license_of(state: &CloudState, region: Region, id: &str, asked: &Asked) -> Answer {
    let checked = signed_in(state, region, asked, "api.licensing")
        .and_then(|claims| asked.json_object().map(|model| (claims, model)))
        .and_then(|(claims, model)| issue(state, region, id, &claims, &model));
    checked.unwrap_or_else(|refusal| refusal)
}

/// The claims of the bearer: 401 without a valid one, 403 without the scope, both without a body.
fn signed_in(
    state: &CloudState,
    region: Region,
    asked: &Asked,
    scope: &str,
) -> Result<Map<String, Value>, Answer> {
    let Some(token) = asked.bearer() else {
        return Err(Answer::empty(401).with("www-authenticate", "Bearer"));
    };
    let claims = state
        .signer(region)
        .check(&token, state.now())
        .map_err(|why| Answer::empty(401).with("www-authenticate", why.www_authenticate()))?;
    let held = claims.get("scope").and_then(Value::as_array);
    if held.is_some_and(|scopes| scopes.iter().any(|held| held == scope)) {
        Ok(claims)
    } else {
        Err(Answer::empty(403))
    }
}

/// The order of these questions is the genuine one: it decides what a fault is called.
fn issue(
    state: &CloudState,
    region: Region,
    id: &str,
    claims: &Map<String, Value>,
    model: &Model,
) -> Result<Answer, Answer> {
    let license_key = model.text("licenseKey")?;
    let billing_sync_key = model.text("billingSyncKey")?.unwrap_or_default();
    if guid(id).is_none() {
        return Err(Answer::broken());
    }
    let found = state.tables(region, |tables| tables.organization(id).cloned());
    let organization = found.ok_or_else(Answer::not_found)?;
    if license_key.as_deref() != Some(&organization.license_key) {
        return Err(Answer::error(400, "Invalid license key.").slowly());
    }
    billing_sync(&organization, &billing_sync_key)?;
    let installation = claims.get("client_sub").and_then(Value::as_str).ok_or_else(Answer::broken)?;
    let known = state.tables(region, |tables| tables.installation(installation).cloned());
    if known.is_none_or(|row| row.standing == Standing::Disabled) {
        return Err(Answer::error(400, "Invalid installation id"));
    }
    subscribed(&organization, state.now())?;
    let document = license::document(&organization, installation, state.now(), state.license_signer());
    Ok(Answer::json(200, &document))
}

/// A blank key is refused without a look; where no key was ever generated the look-up throws.
fn billing_sync(organization: &Organization, key: &str) -> Result<(), Answer> {
    let refused = || Answer::error(400, "Invalid Billing Sync Key");
    if key.trim().is_empty() {
        return Err(refused());
    }
    match organization.billing_sync_key.as_deref() {
        None => Err(Answer::broken()),
        Some(right) if right == key => Ok(()),
        Some(_) => Err(refused()),
    }
}

fn subscribed(organization: &Organization, now: OffsetDateTime) -> Result<(), Answer> {
    match &organization.subscription {
        Some(subscription) if subscription.payment == Payment::Incomplete => Err(Answer::error(
            400,
            "Unable to generate license due to a payment issue. Please update your billing information or \
             contact support for assistance.",
        )),
        Some(_) => Ok(()),
        None if organization.expiration.is_some_and(|end| end > now) => Ok(()),
        None => Err(Answer::error(400, "No active subscription found.")),
    }
}
