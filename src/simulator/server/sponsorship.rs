//! Sponsorships: the simulator has none, but says when they were last synced (`self-sponsorship.json`).

use serde_json::json;

use super::super::message::{Answer, Asked, guid};
use super::{bearer::Caller, faults, settings::Settings, state::ServerState};

/// `GET organization/sponsorship/self-hosted/{org}/sponsored`
pub fn sponsored(
    state: &ServerState,
    settings: &Settings,
    asked: &Asked,
    organization: &str,
) -> Result<Answer, Answer> {
    let caller = Caller::of(state, asked)?;
    if !settings.self_hosted {
        return Err(Answer::error(400, "Only allowed when self hosted."));
    }
    let not_valid = || Answer::invalid("orgId", &format!("The value '{organization}' is not valid."));
    let id = guid(organization).ok_or_else(not_valid)?.to_string();
    if id != state.inner().organization.id {
        return Err(Answer::not_found());
    }
    if !caller.administers(&id) {
        return Err(Answer::error(401, "Unauthorized."));
    }
    Ok(Answer::json(200, &json!({ "data": [], "continuationToken": null, "object": "list" })))
}

/// `GET organization/sponsorship/{org}/sync-status`: a route without a check of its own, so a caller without a
/// bearer gets as far as the first null.
pub fn sync_status(state: &ServerState, asked: &Asked, organization: &str) -> Result<Answer, Answer> {
    let broken = |exception: &str| {
        state.log.request().unhandled(exception);
        Answer::broken()
    };
    let id = guid(organization).map(|id| id.to_string());
    if id.as_deref() != Some(&state.inner().organization.id) {
        return Err(broken(faults::NULL_REFERENCE));
    }
    let caller = Caller::of(state, asked).map_err(|_| broken(faults::NO_SOURCE))?;
    if !caller.owns(&id.unwrap_or_default()) {
        return Err(Answer::not_found());
    }
    let last = state.inner().sponsorship_sync.clone();
    Ok(Answer::json(200, &json!({ "lastSyncDate": last, "object": "syncStatus" })))
}
