//! The clouds, and the sign-in that they share with the self-hosted server: every exchange in the state it was
//! recorded in, each on clouds of its own.

use std::{path::Path, sync::Arc};

use axum::Router;
use bwsync::tested::{
    domain::region::{CloudHost, Region},
    simulator::{
        ca::Ca,
        cloud::{self, CloudState, Installation, Organization, Payment, Plan, Standing, Subscription},
        listen::{Listening, Port, Site},
        scenario::Clouds,
        server::{self, Parts, ServerState, Settings, Simulated},
        user_login::{Account, Accounts, Kind, Membership},
    },
};
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use time::{Duration, OffsetDateTime, macros::datetime};

use crate::harness::{Asker, Exchange, Got, Tally, differences, load};

pub const IDENTITY: &str = "identity.bitwarden.com";
pub const API: &str = "api.bitwarden.com";
pub const SELF_HOSTED: &str = "vault.example.com";

const INSTALLATION: &str = "7c0b6b1e-52a6-4c6f-9a3c-b1e500f1a2b3";
const DISABLED: &str = "7c0b6b1e-52a6-4c6f-9a3c-b1e500f1a2b4";
const LOOKUP_FAILS: &str = "7c0b6b1e-52a6-4c6f-9a3c-b1e50000dead";
const KEY: &str = "Zx8vQ2mN4pR6tW1yK3jH";
const NEW_KEY: &str = "nEwKeyInvented012345";
const ORGANIZATION: &str = "0f5b7f0e-9d0a-4c55-8a51-b1e500f2c3d4";
const SELF_HOSTED_ORGANIZATION: &str = "5a1d2c3b-4e5f-4a6b-8c7d-b1e500f3d4e5";
const LICENSE_KEY: &str = "licKeyInvented0123456";
const TOKEN: &str = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5";
const API_KEY: &str = "uSeRaPiKeYInVeNtEd0123456789Ab";

/// Clouds and a self-hosted server, listening.
pub struct World {
    /// The clouds, to put into another state.
    pub state: Arc<CloudState>,
    asker: Asker,
    _listening: Listening,
    _bwdata: TempDir,
}

impl World {
    fn start() -> Self {
        let state = Arc::new(CloudState::default());
        let ca = Ca::new().unwrap();
        let bwdata = tempfile::tempdir().unwrap();
        let identity = ca.certify(&[IDENTITY, API, SELF_HOSTED]).unwrap();
        let site =
            |host: &str, router: Router| Site { host: host.to_owned(), identity: identity.clone(), router };
        let cloud = |role| cloud::router(Arc::clone(&state), Region::Us, role);
        let sites = vec![
            site(IDENTITY, cloud(CloudHost::Identity)),
            site(API, cloud(CloudHost::Api)),
            site(SELF_HOSTED, self_hosted(&state, bwdata.path())),
        ];
        let listening = Port::reserve().unwrap().open(sites).unwrap();
        let at = listening.address();
        let asker = Asker::new(&ca.pem(), &[(IDENTITY, at), (API, at), (SELF_HOSTED, at)]);
        Self { state, asker, _listening: listening, _bwdata: bwdata }
    }

    /// One of each kind that the recordings have in every state.
    pub fn furnished() -> Self {
        let world = Self::start();
        let row = |id: &str, standing| Installation { id: id.to_owned(), key: KEY.to_owned(), standing };
        world.state.tables(Region::Us, |tables| {
            tables.installations.push(row(INSTALLATION, Standing::Enabled));
            tables.installations.push(row(DISABLED, Standing::Disabled));
            tables.installations.push(row(LOOKUP_FAILS, Standing::LookupFails));
            tables.organizations.push(organization(world.state.now()));
        });
        for account in people() {
            world.state.accounts(Region::Us).add(account);
        }
        world
    }

    fn installation(&self, change: impl FnOnce(&mut Installation)) {
        self.state.tables(Region::Us, |tables| change(tables.installation_mut(INSTALLATION).unwrap()));
    }

    fn organization(&self, change: impl FnOnce(&mut Organization)) {
        self.state.tables(Region::Us, |tables| change(tables.organization_mut(ORGANIZATION).unwrap()));
    }

    /// Asks one host a recorded request.
    pub async fn ask(&self, host: &str, exchange: &Exchange) -> Got {
        self.asker.ask(host, &exchange.request, |text| self.fill(text)).await
    }

    /// Puts a token in the place of its description.
    fn fill(&self, text: &str) -> String {
        let Some((before, rest)) = text.split_once('<') else { return text.to_owned() };
        let (description, after) = rest.split_once('>').unwrap();
        format!("{before}{}{after}", self.token(description))
    }

    fn token(&self, description: &str) -> String {
        let (state, now) = (&self.state, self.state.now());
        let licensing = ["api.licensing"];
        let claims = |issuer: &str| {
            json!({
                "scope": licensing, "client_id": format!("installation.{INSTALLATION}"),
                "client_sub": INSTALLATION, "iss": issuer, "nbf": now.unix_timestamp() - 60,
                "exp": now.unix_timestamp() + 3600,
            })
        };
        let ours = state.signer(Region::Us);
        let header = |kind: &str| json!({ "alg": "RS256", "kid": ours.kid(), "typ": kind });
        match description {
            "access token: installation, scope api.licensing" => {
                state.installation_token(Region::Us, INSTALLATION, &licensing)
            }
            "access token: installation, scope api.installation" => {
                state.installation_token(Region::Us, INSTALLATION, &["api.installation"])
            }
            "expired access token" => {
                let Value::Object(map) = claims("") else { unreachable!() };
                ours.access_token(map, 3600, now - Duration::hours(2))
            }
            "access token of the other region" => {
                state.installation_token(Region::Eu, INSTALLATION, &licensing)
            }
            "access token with another issuer" => {
                ours.sign(&header("at+jwt"), &claims("https://identity.bitwarden.eu"))
            }
            "access token with typ JWT" => ours.sign(&header("JWT"), &claims(ours.issuer())),
            "access token, scope api.licensing, no client_sub claim" => {
                let mut map = Map::new();
                map.insert("scope".into(), json!(licensing));
                ours.access_token(map, 3600, now)
            }
            "access token: owner of the cloud organization, client web, scope api" => {
                ours.access_token(Map::new(), 3600, now)
            }
            other => panic!("no token for {other:?}"),
        }
    }
}

/// A self-hosted server that runs in a folder of its own.
fn self_hosted(state: &Arc<CloudState>, bwdata: &Path) -> Router {
    let accounts = Accounts::default();
    people().into_iter().for_each(|account| accounts.add(account));
    let server = ServerState::new(Parts {
        bwdata: bwdata.to_owned(),
        owner: None,
        organization: server::Organization {
            id: SELF_HOSTED_ORGANIZATION.to_owned(),
            name: "Acme Example".to_owned(),
            billing_email: "owner@example.com".to_owned(),
            license_key: LICENSE_KEY.to_owned(),
            occupied_seats: 1,
        },
        connections: Vec::new(),
        sponsorship_sync: None,
        cloud: Arc::new(Simulated { state: Arc::clone(state), clouds: Clouds::Up }),
        accounts,
        delay: std::time::Duration::ZERO,
    });
    let env = [("globalSettings__selfHosted", "true")].map(|(key, value)| (key.into(), value.into()));
    server.run(Some(Settings::bind(&[env.into()]).unwrap()));
    server::router(server)
}

fn organization(now: OffsetDateTime) -> Organization {
    Organization {
        billing_sync_key: Some(TOKEN.to_owned()),
        ..Organization::good(ORGANIZATION, "Acme Example", LICENSE_KEY, now)
    }
}

/// The invented users: `identity-user-api-key.json`, conventions, user-clients.
fn people() -> Vec<Account> {
    let kinds = [
        ("f6", "owner", Kind::Ordinary),
        ("01", "twostep", Kind::Ordinary),
        ("02", "legacy", Kind::Legacy),
        ("03", "keyconnector", Kind::KeyConnector),
        ("04", "sso", Kind::Ordinary),
        ("05", "argon", Kind::Argon2),
        ("06", "v2", Kind::Newer),
        ("07", "nokeys", Kind::WithoutKeys),
    ];
    let account = |(end, name, kind): (&str, &str, Kind)| Account {
        id: format!("11112222-3333-4444-8555-b1e500f4e5{end}"),
        api_key: API_KEY.to_owned(),
        email: format!("{name}@example.com"),
        name: "Acme Owner".to_owned(),
        kind,
        organizations: vec![(SELF_HOSTED_ORGANIZATION.to_owned(), Membership::Owner)],
    };
    kinds.into_iter().map(account).collect()
}

#[tokio::test]
async fn installations_answer_as_recorded() {
    let mut tally = Tally::new("cloud-installations");
    for exchange in load("cloud-installations.json") {
        let world = World::furnished();
        if exchange.name == "get-disabled" {
            world.installation(|row| row.standing = Standing::Disabled);
        }
        let got = match exchange.name.as_str() {
            "get-installation-on-self-hosted" => world.ask(SELF_HOSTED, &below("/api", &exchange)).await,
            _ => world.ask(API, &exchange).await,
        };
        tally.asked(&exchange, &got);
    }
    tally.close();
}

/// The same request through the web address, where the recording asked the container itself.
fn below(base: &str, exchange: &Exchange) -> Exchange {
    let mut moved = exchange.clone();
    moved.request.path = format!("{base}{}", exchange.request.path);
    moved
}

#[tokio::test]
async fn installations_sign_in_as_recorded() {
    let mut tally = Tally::new("identity-installation-token");
    for exchange in load("identity-installation-token.json") {
        let world = World::furnished();
        match exchange.name.as_str() {
            "token-disabled-right-after-a-token" => {
                world.installation(|row| row.standing = Standing::Disabled);
            }
            "token-old-key-after-rotation" | "token-new-key-after-rotation" => {
                world.installation(|row| row.key = NEW_KEY.to_owned());
            }
            _ => {}
        }
        let host = if exchange.name == "token-installation-on-selfhosted" { SELF_HOSTED } else { IDENTITY };
        let got = world.ask(host, &exchange).await;
        tally.asked(&exchange, &got);
    }
    tally.close();
}

#[tokio::test]
async fn people_sign_in_as_recorded() {
    let mut tally = Tally::new("identity-user-api-key");
    for exchange in load("identity-user-api-key.json") {
        let world = World::furnished();
        let got = match exchange.name.as_str() {
            "user-token-ok-cloud" => world.ask(IDENTITY, &exchange).await,
            "user-token-path-without-identity" => {
                world.ask(SELF_HOSTED, &below("/identity", &exchange)).await
            }
            _ => world.ask(SELF_HOSTED, &exchange).await,
        };
        tally.asked(&exchange, &got);
    }
    tally.close();
}

#[tokio::test]
async fn licenses_are_issued_and_refused_as_recorded() {
    let mut tally = Tally::new("cloud-license");
    for exchange in load("cloud-license.json") {
        let world = World::furnished();
        license_state(&world, &exchange.name);
        let got = world.ask(API, &exchange).await;
        tally.asked(&exchange, &got);
    }
    tally.close();
}

/// Name of the exchange → the state that its `given` describes; all others are the state in which all is right.
fn license_state(world: &World, name: &str) {
    let now = world.state.now();
    let payment = |payment| {
        world.organization(|row| row.subscription.as_mut().unwrap().payment = payment);
    };
    match name {
        "token-never-generated" | "token-never-generated-blank-key" => {
            world.organization(|row| row.billing_sync_key = None);
        }
        "org-disabled" => world.organization(|row| {
            row.enabled = false;
            row.expiration = Some(now - Duration::days(10));
        }),
        "families-plan" => world.organization(|row| {
            row.plan = Plan::Families;
            row.seats = Some(6);
        }),
        "free-plan-no-subscription" => world.organization(|row| {
            row.plan = Plan::Free;
            row.subscription = None;
        }),
        "no-subscription-no-expiration" => world.organization(|row| row.subscription = None),
        "no-subscription-expired" => world.organization(|row| {
            row.subscription = None;
            row.expiration = Some(now - Duration::days(1));
        }),
        "no-subscription-future-expiration" => world.organization(|row| {
            row.subscription = None;
            row.expiration = Some(datetime!(2100-06-01 0:00 UTC));
        }),
        "subscription-incomplete" => payment(Payment::Incomplete),
        "subscription-past-due" => payment(Payment::PastDue),
        "subscription-unpaid" => payment(Payment::Unpaid),
        "subscription-paused" => payment(Payment::Paused),
        "subscription-trialing" => world.organization(|row| {
            let end = now + Duration::days(5);
            row.subscription =
                Some(Subscription { payment: Payment::Trialing, period_end: end, trial_end: Some(end) });
        }),
        "subscription-never-trialed" => {
            world.organization(|row| row.subscription.as_mut().unwrap().trial_end = None);
        }
        "secrets-manager" => world.organization(|row| row.secrets_manager = Some((10, 50))),
        "installation-disabled-after-token" => world.installation(|row| row.standing = Standing::Disabled),
        "installation-deleted-after-token" => {
            world.state.tables(Region::Us, |tables| tables.installations.clear());
        }
        _ => {}
    }
}

#[tokio::test]
async fn another_state_is_seen() {
    let recorded = load("cloud-installations.json");
    let exchange = recorded.iter().find(|exchange| exchange.name == "get-disabled").unwrap();
    let got = World::furnished().ask(API, exchange).await;
    assert_eq!(differences(exchange, &got), ["body.enabled: true in place of false"]);
    let exchange = recorded.iter().find(|exchange| exchange.name == "get-404-route").unwrap();
    let unknown = recorded.iter().find(|exchange| exchange.name == "get-unknown-guid").unwrap();
    let got = World::furnished().ask(API, unknown).await;
    assert!(differences(exchange, &got).len() > 2, "an empty 404 is not the one of a controller");
}
