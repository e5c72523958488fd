//! Makes the starting state of clouds, license and server out of a scenario.

use std::{sync::Arc, time::Duration};

use anyhow::{Result, anyhow};
use serde_json::Value;
use time::OffsetDateTime;

use super::{
    cloud::{CloudState, Installation, Organization, Standing, license},
    folder::Folder,
    jwt,
    message::iso,
    scenario::{Connected, Role, Scenario, facts},
    server::{self, Connection, Parts, Simulated},
    user_login::{Account, Accounts, Kind, Membership},
};

/// Seats that members of the server take.
const OCCUPIED_SEATS: i64 = 12;

/// What the clouds know when the scenario starts.
pub(super) fn clouds(scenario: &Scenario) -> CloudState {
    let state = CloudState::default();
    let account = &scenario.account;
    let standing = if account.enabled { Standing::Enabled } else { Standing::Disabled };
    let token = account.token_generated.then(|| facts::BILLING_SYNC_TOKEN.to_owned());
    let organization = organization(state.now());
    state.tables(account.region, |tables| {
        let (id, key) = (facts::INSTALLATION_ID.to_owned(), facts::INSTALLATION_KEY.to_owned());
        tables.installations.push(Installation { id, key, standing });
        tables.organizations.push(Organization { billing_sync_key: token, ..organization });
    });
    state
}

fn organization(now: OffsetDateTime) -> Organization {
    let (id, name) = (facts::CLOUD_ORGANIZATION_ID, facts::ORGANIZATION_NAME);
    let mut organization = Organization::good(id, name, facts::LICENSE_KEY, now);
    organization.billing_email = facts::BILLING_EMAIL.to_owned();
    // Renewed already: the license on the server, if it was never synced, still ends with the year before.
    if let Some(subscription) = &mut organization.subscription {
        subscription.period_end += time::Duration::days(200);
    }
    organization
}

/// The license on the server: of yesterday's sync, or of the year before and with fewer seats.
pub(super) fn license_file(scenario: &Scenario, state: &CloudState) -> Result<String> {
    let now = state.now();
    let mut organization = organization(now);
    let mut issued = now - time::Duration::days(1);
    if scenario.connected != Connected::Synced {
        issued = now - time::Duration::days(200);
        organization.seats = Some(20);
        if let Some(subscription) = &mut organization.subscription {
            subscription.period_end -= time::Duration::days(365);
            // The trial was over by then too: otherwise the license would end with it.
            subscription.trial_end = subscription.trial_end.map(|end| end - time::Duration::days(365));
        }
    }
    let signer = state.license_signer();
    let document = license::document(&organization, facts::INSTALLATION_ID, issued, signer);
    let Value::Object(document) = serde_json::to_value(&document)? else {
        return Err(anyhow!("the license is no object"));
    };
    let document = server::read(&document, false);
    let claims = document.get("Token").and_then(Value::as_str).and_then(jwt::claims);
    Ok(server::file_text(&server::taken_over(&document, claims.as_ref())))
}

/// What the server is made of.
pub(super) fn parts(scenario: &Scenario, folder: &Folder, state: &Arc<CloudState>) -> Parts {
    let accounts = Accounts::default();
    let membership = match scenario.role {
        Role::Owner => Membership::Owner,
        Role::Admin => Membership::Admin,
    };
    accounts.add(Account {
        id: facts::USER_ID.to_owned(),
        api_key: facts::USER_API_KEY.to_owned(),
        email: facts::USER_EMAIL.to_owned(),
        name: facts::USER_NAME.to_owned(),
        kind: Kind::Ordinary,
        organizations: vec![(facts::ORGANIZATION_ID.to_owned(), membership)],
    });
    let yesterday = iso(state.now() - time::Duration::days(1));
    let saved = |synced: Option<&str>| {
        let (organization, cloud) = (facts::ORGANIZATION_ID, facts::CLOUD_ORGANIZATION_ID);
        vec![Connection::new(organization, facts::BILLING_SYNC_TOKEN, cloud, synced)]
    };
    let (connections, sponsorship_sync) = match scenario.connected {
        Connected::No => (Vec::new(), None),
        Connected::Saved => (saved(None), None),
        Connected::Synced => (saved(Some(&yesterday)), Some(yesterday.clone())),
    };
    Parts {
        bwdata: folder.bwdata(),
        owner: folder.owner,
        organization: server::Organization {
            id: facts::ORGANIZATION_ID.to_owned(),
            name: facts::ORGANIZATION_NAME.to_owned(),
            billing_email: facts::BILLING_EMAIL.to_owned(),
            license_key: facts::LICENSE_KEY.to_owned(),
            occupied_seats: OCCUPIED_SEATS,
        },
        connections,
        sponsorship_sync,
        cloud: Arc::new(Simulated { state: Arc::clone(state), clouds: scenario.clouds }),
        accounts,
        delay: Duration::ZERO,
    }
}
