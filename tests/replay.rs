//! Every recorded answer of the genuine cloud and server, replayed over loopback to the real clients: each must
//! conclude the cause that `data/replay.tsv` names, from the answer alone; none may panic, none may leak.

#![allow(clippy::unwrap_used, missing_docs)] // a test may stop where it stands

mod replay {
    pub mod host;
    pub mod recording;
}

use std::{collections::BTreeMap, fmt::Debug};

use bwsync::tested::{
    bitwarden::{Cloud, Device, Server, Undone},
    domain::{
        answers::{Bearer, LicenseAnswer, UserBearer},
        check::Finding,
        license::{License, parse},
        request::ApiKey,
        secret::Secret,
        sync::Connection,
    },
    net::{Net, NetOptions},
};
use replay::{
    host::Host,
    recording::{Client, Exchange, exchanges},
};

const ORG: &str = "5a1d2c3b-4e5f-4a6b-8c7d-b1e500f3d4e5";
const INSTALLATION: &str = "7c0b6b1e-52a6-4c6f-9a3c-b1e500f1a2b3";
const KEY: &str = "Zx8vQ2mN4pR6tW1yK3jH";
const TOKEN: &str = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5";
const LICENSE_KEY: &str = "licKeyInvented0123456";
const API_SECRET: &str = "uSeRaPiKeYInVeNtEd0123456789Ab";
const BEARER: &str = "eyJhbGciOiJSUzI1NiJ9.bearerInventedForTheReplay.c2lnbmF0dXJl";

/// What was concluded, and what a log or a debugger would show of it.
struct Concluded {
    cause: Option<String>,
    shown: String,
}

fn concluded<T: Debug>(result: Result<T, Finding>) -> Concluded {
    let said = result.as_ref().err().map(ToString::to_string).unwrap_or_default();
    let cause = result.as_ref().err().map(|finding| finding.cause.code().to_owned());
    Concluded { cause, shown: format!("{result:?} {said}") }
}

fn assert_secret_free(name: &str, shown: &str) {
    for secret in [KEY, TOKEN, LICENSE_KEY, API_SECRET, BEARER] {
        assert!(!shown.contains(secret), "{name} leaks a secret: {shown}");
    }
}

fn license() -> License {
    let text = std::fs::read_to_string("tests/data/contract/license-file.json").unwrap();
    let contract: serde_json::Value = serde_json::from_str(&text).unwrap();
    parse(ORG, contract["file_text_after_sync"].as_str().unwrap().as_bytes()).unwrap()
}

fn net() -> Net {
    Net::new(NetOptions { proxy_env: false, ..NetOptions::default() }).unwrap()
}

fn user() -> UserBearer {
    // Without roles nothing but the answer counts.
    UserBearer { access_token: Secret::new(BEARER), roles: None, expires_in: 3600 }
}

fn existing(put: bool) -> Connection {
    let id = put.then(|| "c0ffee00-1111-4222-8333-b1e500f5f6a7".to_owned());
    let last_license_sync = bwsync::tested::domain::outside::moment("2026-11-21T22:10:03.1234567+00:00");
    Connection { id, last_license_sync, ..Connection::default() }
}

async fn ask(net: &Net, host: &Host, client: Client) -> Concluded {
    let url = host.url();
    let cloud = Cloud::at(net.clone(), url.clone(), url.clone());
    let stranger = Server::new(net.clone(), url);
    host.shows_itself(true);
    let server = stranger.identify().await.unwrap();
    host.shows_itself(false);
    let bearer = Bearer { access_token: Secret::new(BEARER), scopes: Vec::new() };
    let (user, token) = (user(), Secret::new(TOKEN));
    let key = ApiKey { client_id: "user.1".into(), client_secret: Secret::new(API_SECRET) };
    let device = Device { identifier: "6f2d9c1e-0b7a-4f0e-9d55-aa5500112233".into(), name: "bwsync".into() };
    match client {
        Client::Installation => concluded(cloud.installation(INSTALLATION).await),
        Client::SignIn => concluded(cloud.sign_in(INSTALLATION, &Secret::new(KEY)).await),
        Client::License { with_token } => {
            let answer = cloud.license(&bearer, &license(), with_token.then_some(&token)).await;
            let fault = match &answer {
                Ok(LicenseAnswer::Accepted { faults, .. }) => faults.first().map(|fault| fault.cause.code()),
                _ => None,
            };
            let told = concluded(answer);
            Concluded { cause: told.cause.or(fault.map(str::to_owned)), ..told }
        }
        Client::UserSignIn => concluded(server.sign_in(&key, &device).await),
        Client::ConnectionsEnabled => concluded(server.connections_enabled(&user).await),
        Client::Connection => concluded(server.connection(&user, ORG).await),
        Client::SaveConnection { put } => {
            let saved = server.save_connection(&user, ORG, &token, &existing(put)).await;
            concluded(saved.map_err(Undone::finding))
        }
        Client::Sync => concluded(server.sync_license(&user, ORG).await.map_err(Undone::finding)),
        Client::Subscription => concluded(server.subscription(&user, ORG).await),
        Client::SyncStatus => concluded(server.sponsorship_sync_status(&user, ORG).await),
        Client::Config => concluded(stranger.identify().await.map(|genuine| genuine.config().clone())),
        Client::Alive => concluded(stranger.alive().await),
    }
}

/// `file`, `exchange`, `cause` or `-`, separated by tabs.
fn table() -> BTreeMap<(String, String), Option<String>> {
    let text = std::fs::read_to_string("tests/data/replay.tsv").unwrap();
    text.lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| {
            let mut columns = line.split('\t').map(str::to_owned);
            let mut next = || columns.next().unwrap();
            ((next(), next()), Some(next()).filter(|cause| cause != "-"))
        })
        .collect()
}

#[tokio::test]
async fn every_recorded_answer_has_its_cause() {
    let recorded = exchanges();
    let mut wanted = table();
    let (net, host) = (net(), Host::start().await);
    let (mut replayed, mut wrong, mut left) = (0, Vec::new(), 0);
    for Exchange { file, name, client, answers } in recorded {
        let Some(client) = client else {
            left += 1;
            continue;
        };
        host.will_answer(answers);
        let got = ask(&net, &host, client).await;
        assert_secret_free(&name, &got.shown);
        match wanted.remove(&(file.clone(), name.clone())) {
            Some(cause) if cause == got.cause => {}
            _ => wrong.push(format!("{file}\t{name}\t{}", got.cause.as_deref().unwrap_or("-"))),
        }
        replayed += 1;
    }
    println!("{replayed} recorded answers replayed, {left} not asked by our clients");
    assert!(wrong.is_empty(), "not as in the table:\n{}", wrong.join("\n"));
    assert!(wanted.is_empty(), "in the table, not in the recordings: {wanted:?}");
    assert!(replayed > 300, "{replayed}");
}

#[tokio::test]
async fn an_echo_of_what_was_sent_leaks_nothing() {
    let (net, host) = (net(), Host::start().await);
    for client in Client::ALL {
        for status in [200, 400, 401, 404, 500] {
            host.will_echo(status);
            let got = ask(&net, &host, client).await;
            assert_secret_free(&format!("{client:?} {status}"), &got.shown);
        }
    }
}

#[tokio::test]
async fn questions_are_those_of_the_genuine_programs() {
    let (net, host) = (net(), Host::start().await);
    host.will_echo(400);
    ask(&net, &host, Client::License { with_token: true }).await;
    let asked = host.asked();
    assert_eq!(asked.line, "GET /licenses/organization/0f5b7f0e-9d0a-4c55-8a51-b1e500f2c3d4");
    assert_eq!(asked.body, format!("{{\"licenseKey\":\"{LICENSE_KEY}\",\"billingSyncKey\":\"{TOKEN}\"}}"));
    assert_eq!(asked.header("transfer-encoding"), Some("chunked"));
    assert_eq!(asked.header("content-length"), None);
    assert_eq!(asked.header("content-type"), Some("application/json; charset=utf-8"));
    assert_eq!(asked.header("authorization"), Some(&*format!("Bearer {BEARER}")));

    ask(&net, &host, Client::SignIn).await;
    let asked = host.asked();
    assert_eq!(asked.line, "POST /connect/token");
    assert_eq!(
        asked.body,
        format!(
            "grant_type=client_credentials&scope=api.push+api.licensing+api.installation\
             &client_id=installation.{INSTALLATION}&client_secret={KEY}"
        )
    );

    ask(&net, &host, Client::UserSignIn).await;
    let asked = host.asked();
    assert_eq!(asked.line, "POST /identity/connect/token");
    assert_eq!(asked.header("bitwarden-client-version"), Some("2026.8.0"));
    assert!(asked.body.contains("deviceType=25"), "{}", asked.body);

    ask(&net, &host, Client::SaveConnection { put: true }).await;
    let asked = host.asked();
    assert_eq!(asked.line, "PUT /api/organizations/connections/c0ffee00-1111-4222-8333-b1e500f5f6a7");
    let body: serde_json::Value = serde_json::from_str(&asked.body).unwrap();
    assert_eq!(body["config"]["lastLicenseSync"], "2026-11-21T22:10:03.1234567Z");
    assert_eq!(body["type"], 1);
    assert!(asked.header("content-length").is_some());

    ask(&net, &host, Client::Sync).await;
    assert_eq!(host.asked().line, format!("POST /api/organizations/licenses/self-hosted/{ORG}/sync"));
}
