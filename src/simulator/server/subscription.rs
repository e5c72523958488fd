//! What Billing > Subscription shows: mostly the organization, the dates from the license file
//! (`self-subscription.json`).

use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::super::message::{Answer, Asked};
use super::{bearer::Caller, faults, license, license_check, state::ServerState};

/// The answer with everything that no license changes.
const TEMPLATE: &str = include_str!("../../../assets/simulator/subscription.json");

/// `GET organizations/{id}/subscription`
pub fn get(state: &ServerState, asked: &Asked, id: &str) -> Result<Answer, Answer> {
    let caller = Caller::of(state, asked)?;
    let organization = state.inner().organization.clone();
    if !caller.owns(id) || organization.id != id {
        return Err(Answer::not_found());
    }
    let log = state.log.request();
    let broken = |exception: &str| {
        log.unhandled(exception);
        Answer::broken()
    };
    let bytes = std::fs::read(state.license_file()).map_err(|_| broken(faults::NULL_REFERENCE))?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let document = serde_json::from_str(&text).map_err(|_| broken(&faults::json(&text, false)))?;
    let license = license_check::token(
        license::read(&document, true),
        state.cloud.license_signer(),
        OffsetDateTime::now_utc(),
    )
    .map_err(|why| Answer::error(400, &why))?
    .taken();
    let mut shown: Map<String, Value> = serde_json::from_str(TEMPLATE).unwrap_or_default();
    shown.insert("id".into(), json!(organization.id));
    shown.insert("name".into(), json!(organization.name));
    shown.insert("billingEmail".into(), json!(organization.billing_email));
    for (name, from) in
        [("expiration", "Expires"), ("expirationWithoutGracePeriod", "ExpirationWithoutGracePeriod")]
    {
        shown.insert(name.into(), license.get(from).cloned().unwrap_or_default());
    }
    // The database takes the seats over with the license; a file that reads as empty changes nothing there.
    if let Some(seats) = license.get("Seats").filter(|seats| seats.is_number()) {
        shown.insert("seats".into(), seats.clone());
    }
    Ok(Answer::json(200, &shown))
}
