//! The simulator as a whole, from outside: nine hosts, a server whose script restarts it, and the road to a synced
//! license, walked with plain requests.

#![allow(clippy::unwrap_used)] // A test ends where it cannot go on.

use std::{
    fs,
    process::{Command, Stdio},
};

use bwsync::tested::simulator::{self, Running, scenario::facts};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

const SERVER: &str = "https://vault.example.org";

/// A client that reads the simulator's own flags.
fn client(running: &Running) -> Client {
    let root = fs::read(&running.cacert).unwrap();
    let root = reqwest::Certificate::from_pem(&root).unwrap();
    let mut builder = Client::builder().tls_certs_only([root]).no_proxy();
    for mapping in running.connect_to.split(',') {
        let (from, to) = mapping.split_once('=').unwrap();
        let (host, _) = from.split_once(':').unwrap();
        builder = builder.resolve(host, to.parse().unwrap());
    }
    builder.build().unwrap()
}

async fn bearer(client: &Client) -> String {
    let form = [
        ("grant_type", "client_credentials"),
        ("scope", "api"),
        ("client_id", &format!("user.{}", facts::USER_ID)),
        ("client_secret", facts::USER_API_KEY),
        ("deviceType", "25"),
        ("deviceIdentifier", "0b7a4f0e-9d55-4a55-8011-2233aa55bb66"),
        ("deviceName", "test"),
    ];
    let call = client.post(format!("{SERVER}/identity/connect/token")).form(&form);
    let answer = call.header("Bitwarden-Client-Version", "2026.9.0").send().await.unwrap();
    let body: Value = answer.json().await.unwrap();
    body["access_token"].as_str().unwrap().to_owned()
}

async fn post(client: &Client, path: &str, bearer: &str, body: Value) -> (StatusCode, Value) {
    let call = client.post(format!("{SERVER}{path}")).bearer_auth(bearer).json(&body);
    let answer = call.send().await.unwrap();
    (answer.status(), answer.json().await.unwrap_or_default())
}

fn switch_on(running: &Running) {
    let file = running.dir.join("bwdata/env/global.override.env");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(file, format!("{text}globalSettings__enableCloudCommunication=true\n")).unwrap();
}

/// Runs the script without a terminal; root's question is answered.
fn script(running: &Running) -> i32 {
    use std::io::Write;
    let mut child = Command::new("/bin/sh")
        .arg("./bitwarden.sh")
        .arg("restart")
        .current_dir(&running.dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"y\n").unwrap();
    child.wait().unwrap().code().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_road_to_a_synced_license() {
    let running = simulator::start("happy-us").unwrap();
    let client = client(&running);
    let token = bearer(&client).await;
    let enabled = client.get(format!("{SERVER}/api/organizations/connections/enabled")).bearer_auth(&token);
    let answer: bool = enabled.try_clone().unwrap().send().await.unwrap().json().await.unwrap();
    assert!(!answer);

    switch_on(&running);
    assert_eq!(script(&running), 0);
    let answer: bool = enabled.send().await.unwrap().json().await.unwrap();
    assert!(answer, "the restarted server has the new setting");

    let connection = json!({
        "type": 1, "organizationId": facts::ORGANIZATION_ID, "enabled": true,
        "config": {
            "billingSyncKey": facts::BILLING_SYNC_TOKEN, "cloudOrganizationId": facts::CLOUD_ORGANIZATION_ID,
        },
    });
    let (status, body) = post(&client, "/api/organizations/connections", &token, connection).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let license = |running: &Running| {
        let text = fs::read_to_string(running.server.license_file()).unwrap();
        serde_json::from_str::<Value>(&text).unwrap()
    };
    let before = license(&running);
    let path = format!("/api/organizations/licenses/self-hosted/{}/sync", facts::ORGANIZATION_ID);
    let (status, body) = post(&client, &path, &token, json!({})).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let after = license(&running);
    assert_eq!((&before["Seats"], &after["Seats"]), (&json!(20), &json!(25)));
    assert!(before["Expires"].as_str() < after["Expires"].as_str(), "{before} {after}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stays_down_refuses() {
    let running = simulator::start("server-down-after-restart").unwrap();
    let client = client(&running);
    let alive = client.get(format!("{SERVER}/api/alive"));
    assert!(alive.try_clone().unwrap().send().await.unwrap().status().is_success());
    assert_ne!(script(&running), 0);
    assert!(alive.send().await.unwrap_err().is_connect());
}

#[tokio::test(flavor = "multi_thread")]
async fn all_hosts_answer_under_their_names() {
    let running = simulator::start("already-connected").unwrap();
    let client = client(&running);
    for (host, path, status) in [
        ("identity.bitwarden.com", "/.well-known/openid-configuration", 200),
        ("identity.bitwarden.eu", "/.well-known/openid-configuration", 200),
        ("api.bitwarden.com", &format!("/installations/{}", facts::INSTALLATION_ID), 200),
        ("api.bitwarden.eu", &format!("/installations/{}", facts::INSTALLATION_ID), 404),
        ("push.bitwarden.com", "/alive", 200),
        ("vault.bitwarden.eu", "/", 200),
        ("vault.example.org", "/api/alive", 200),
        ("vault.example.org", "/identity/alive", 200),
    ] {
        let answer = client.get(format!("https://{host}{path}")).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{host}{path}");
    }
    let heard = running.clouds.heard(bwsync::tested::domain::region::Region::Us);
    assert_eq!(heard.len(), 3, "{heard:?}");
}

/// Asks the stand-in for `docker` by its name, as it is found in the scenario's `PATH`.
fn docker(running: &Running, words: &[&str]) -> (i32, String) {
    let path = running.environment().into_iter().find(|(name, _)| *name == "PATH").unwrap().1;
    let found = std::env::split_paths(&path).next().unwrap().join("docker");
    let output = Command::new(found).args(words).env("PATH", &path).stdin(Stdio::null()).output().unwrap();
    let text = if output.status.success() { output.stdout } else { output.stderr };
    (output.status.code().unwrap(), String::from_utf8(text).unwrap())
}

/// The environment of the api's container, and whether it runs.
fn api(running: &Running) -> (Vec<String>, bool) {
    let (code, ids) = docker(running, &["ps", "--quiet", "--no-trunc", "--all"]);
    assert_eq!(code, 0, "{ids}");
    for id in ids.lines() {
        let (_, told) = docker(running, &["inspect", "--format", r#"{"id":{{json .Id}}}"#, id]);
        let told: Value = serde_json::from_str(&told).unwrap();
        if told["labels"]["com.docker.compose.service"] == "api" {
            let (_, text) = docker(running, &["inspect", "--format", "{{json .Config.Env}}", id]);
            return (serde_json::from_str(&text).unwrap(), told["state"]["Restarting"] == false);
        }
    }
    (Vec::new(), false)
}

#[test]
fn the_stand_in_for_docker_tells_what_the_server_runs_with() {
    let running = simulator::start("pull-fails").unwrap();
    let switch = "globalSettings__enableCloudCommunication=true";
    let has = |running: &Running| api(running).0.iter().any(|pair| pair == switch);
    assert!(!has(&running) && api(&running).1);
    switch_on(&running);
    assert!(!has(&running), "only a start reads the file");
    let (code, words) = docker(&running, &["compose", "-f", "docker-compose.yml", "pull"]);
    assert_eq!(code, 1);
    assert!(words.contains("https://ghcr.io/"), "{words}");
    assert_eq!(docker(&running, &["compose", "-f", "x.yml", "up", "-d"]).0, 0);
    assert!(has(&running));
    assert_eq!(docker(&running, &["compose", "down"]).0, 0);
    assert!(api(&running).0.is_empty(), "no container after a down");
    assert_ne!(docker(&running, &["run", "--rm", "image"]).0, 0, "what it does not know it refuses");
    let calls = fs::read_to_string(running.dir.join(".simulator/calls")).unwrap();
    assert!(calls.lines().any(|call| call == "docker compose -f x.yml up -d"), "{calls}");
}

#[test]
fn a_container_that_ended_says_why() {
    for (scenario, words) in [
        ("stopped-by-setting", "at 'GlobalSettings:EnableCloudCommunication' to type 'System.Boolean'."),
        ("unhealthy-after-restart", "The database did not answer"),
    ] {
        let running = simulator::start(scenario).unwrap();
        switch_on(&running);
        assert_eq!(script(&running), 0, "{scenario}: the exit code says little");
        assert!(!api(&running).1, "{scenario}");
        let (code, log) = docker(&running, &["logs", "--tail", "200", "bitwarden-api"]);
        assert!(code == 0 && log.contains(words), "{scenario}: {log}");
    }
}

#[test]
fn compose_refuses_a_file_with_its_place_and_its_secrets_stay_in_it() {
    for scenario in ["env-refused", "pull-fails"] {
        let running = simulator::start(scenario).unwrap();
        assert_eq!(docker(&running, &["compose", "-f", "x.yml", "config", "-q"]).0, 0, "{scenario}");
        let text = fs::read_to_string(running.env_file()).unwrap();
        let line = if scenario == "pull-fails" { "globalSettings__x=\"open" } else { "A=1" };
        fs::write(running.env_file(), format!("{text}{line}\n")).unwrap();
        let (code, words) = docker(&running, &["compose", "-f", "x.yml", "config", "-q"]);
        assert!(code == 1 && words.contains("line "), "{scenario}: {words}");
        assert!(!words.contains("open") && !words.contains(facts::INSTALLATION_KEY), "{words}");
    }
}
