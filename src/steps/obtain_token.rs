//! Step 2: an owner generates the token in the cloud's web app. It needs only the cloud.

use super::{Known, Note, Step};
use crate::domain::{
    region::{CloudHost, Region},
    sync::{StepName, StepState},
};

/// The step.
pub const STEP: Step = Step { name: StepName::ObtainToken, code: "obtain-token", note, phases: &[] };

/// The page of the cloud's web app where the token is (`bitwarden.md` D3); None while the region or the
/// organization's id in the cloud is not known.
pub fn address(known: &Known) -> Option<String> {
    let id = known.organization.as_ref()?.cloud_id.as_deref()?;
    Some(format!("{}/#/organizations/{id}/billing/subscription", region(known)?.url(CloudHost::Vault)))
}

/// The start page of the cloud's web app, where the page of the token is not known.
pub fn start(known: &Known) -> String {
    region(known).unwrap_or(Region::Us).url(CloudHost::Vault)
}

fn region(known: &Known) -> Option<Region> {
    Some(known.plan.as_ref()?.region.planned)
}

fn note(known: &Known) -> Note {
    match known.standing(StepName::ObtainToken) {
        StepState::Done => Note::new("obtain-token-done"),
        StepState::ToDo | StepState::Unknown => Note::new("obtain-token-owner"),
    }
}
