//! Every scenario walked over the wire without any client of ours: sign in, switch on, restart, save, sync. What
//! a scenario promises has to come out, or the end-to-end tests of the program would test something else.

use std::{fs, net::SocketAddr, os::unix::process::CommandExt, path::Path, process::Command};

use bwsync::tested::simulator::{
    Running,
    scenario::{Certificate, EnvShape, Flavour, Restart, Role, Script, facts},
    scenarios, start,
};
use serde_json::{Map, Value, json};

use crate::harness::{Asker, Got, Request};

/// A person with a script and a browser.
struct Walker {
    asker: Asker,
    bearer: String,
}

impl Walker {
    async fn sign_in(running: &Running) -> Self {
        let pem = fs::read_to_string(&running.cacert).unwrap();
        let asker = Asker::new(&pem, &[(facts::SERVER_NAME, server_at(running))]);
        let key = fs::read_to_string(&running.api_key_file).unwrap();
        let value = |name: &str| key.lines().find_map(|line| line.strip_prefix(name)).unwrap().to_owned();
        let form = format!(
            "grant_type=client_credentials&scope=api&client_id={}&client_secret={}&deviceType=25&deviceIdentifier=d&\
             deviceName=n",
            value("BW_CLIENTID="),
            value("BW_CLIENTSECRET=")
        );
        let mut walker = Self { asker, bearer: String::new() };
        let headers = json!({
            "content-type": "application/x-www-form-urlencoded", "bitwarden-client-version": "2026.8.0",
        });
        let got = walker.ask("POST", "/identity/connect/token", json!(form), headers).await;
        let answer: Value = serde_json::from_str(&got.body).unwrap();
        walker.bearer = answer["access_token"].as_str().unwrap().to_owned();
        walker
    }

    async fn ask(&self, method: &str, path: &str, body: Value, headers: Value) -> Got {
        let mut headers: Map<String, Value> = headers.as_object().cloned().unwrap_or_default();
        if !self.bearer.is_empty() {
            headers.insert("authorization".into(), json!(format!("Bearer {}", self.bearer)));
        }
        let request = Request { method: method.to_owned(), path: path.to_owned(), headers, body };
        self.asker.ask(facts::SERVER_NAME, &request, str::to_owned).await
    }

    async fn get(&self, path: &str) -> Value {
        let got = self.ask("GET", path, Value::Null, Value::Null).await;
        serde_json::from_str(&got.body).unwrap()
    }

    async fn save(&self, token: &str) -> Got {
        let body = json!({
            "organizationId": facts::ORGANIZATION_ID, "type": 1, "enabled": true,
            "config": { "billingSyncKey": token },
        });
        let headers = json!({ "content-type": "application/json" });
        self.ask("POST", "/api/organizations/connections", body, headers).await
    }

    async fn sync(&self) -> u16 {
        let path = format!("/api/organizations/licenses/self-hosted/{}/sync", facts::ORGANIZATION_ID);
        self.ask("POST", &path, Value::Null, Value::Null).await.status
    }
}

fn server_at(running: &Running) -> SocketAddr {
    let server = format!("{}:443=", facts::SERVER_NAME);
    running.connect_to.split(',').find_map(|mapping| mapping.strip_prefix(&server)).unwrap().parse().unwrap()
}

/// Runs the script as whoever owns it.
fn restart(dir: &Path) -> i32 {
    use std::os::unix::fs::MetadataExt;
    let script = dir.join("bitwarden.sh");
    let owner = fs::metadata(&script).unwrap();
    let mut call = Command::new(script);
    call.arg("restart").stdin(std::process::Stdio::null()).stdout(std::process::Stdio::null());
    if rustix::process::getuid().is_root() && owner.uid() != 0 {
        call.uid(owner.uid()).gid(owner.gid());
    }
    call.status().unwrap().code().unwrap()
}

fn log(running: &Running) -> String {
    let folder = running.dir.join("bwdata/logs/api/Api");
    let files = fs::read_dir(folder).unwrap().map(|file| fs::read_to_string(file.unwrap().path()).unwrap());
    files.collect()
}

fn add(running: &Running, lines: &str) {
    let file = running.dir.join("bwdata/env/global.override.env");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("{text}{lines}")).unwrap();
}

/// What a sync with the token of the token file ends in: status, and what the log has to hold.
fn expected(name: &str) -> (u16, &'static str) {
    match name {
        "wrong-region" | "bad-key" | "happy-eu" | "push-off" => {
            (400, "with status BadRequest-\"Bad Request\" (0e652604)")
        }
        "token-rejected" => (400, "\"Invalid Billing Sync Key\n\" (4e5b0096)"),
        "clouds-unreachable" => (400, "SocketException (111): Connection refused"),
        "not-owner" => (404, ""),
        _ => (200, "/licenses/organization/"),
    }
}

fn has_script(running: &Running) -> bool {
    running.scenario.flavour == Flavour::Standard && running.scenario.script != Script::Html
}

/// How the script leaves the server.
enum After {
    Up,
    Down,
    WithoutApi,
}

fn after_restart(running: &Running) -> After {
    let scenario = &running.scenario;
    let refused = scenario.script == Script::AsksInTheMiddle || scenario.env.shape == EnvShape::Unparsable;
    match scenario.restart {
        _ if refused => After::Down,
        Restart::Works | Restart::FalseAlarm | Restart::HelperInTheWay => After::Up,
        Restart::PullFails | Restart::FileRefused | Restart::PortTaken => After::Down,
        Restart::ApiStaysDown | Restart::SettingStopsApi | Restart::DatabaseLoops => After::WithoutApi,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_scenario_keeps_its_promise() {
    for name in scenarios() {
        let running = start(&name).unwrap();
        if running.scenario.certificate == Certificate::SelfSigned {
            // A strict client does not speak to it: that is what the scenario is for.
            continue;
        }
        if !has_script(&running) || running.scenario.env.shape == EnvShape::TwoSpellings {
            // No script to run, or nobody can say which of the two spellings wins.
            continue;
        }
        let walker = Walker::sign_in(&running).await;
        let enabled = "/api/organizations/connections/enabled";
        let was = running.scenario.env.cloud_communication;
        assert_eq!(walker.get(enabled).await, json!(was), "{name}");
        if !was {
            // Only the switch: where the region is wrong too, that is the first thing to find out.
            add(&running, "globalSettings__enableCloudCommunication=true\n");
            assert_eq!(walker.get(enabled).await, json!(false), "{name}: not before a restart");
            let code = restart(&running.dir);
            let down = std::net::TcpStream::connect(server_at(&running)).is_err();
            match after_restart(&running) {
                After::Up => {}
                After::Down => {
                    assert_eq!((code, down), (1, true), "{name}");
                    continue;
                }
                After::WithoutApi => {
                    assert_eq!((code, down), (0, false), "{name}");
                    assert!(running.server.running().is_none(), "{name}");
                    continue;
                }
            }
            let wanted = if running.scenario.restart == Restart::HelperInTheWay { 125 } else { 0 };
            assert_eq!(code, wanted, "{name}");
            assert_eq!(walker.get(enabled).await, json!(true), "{name}");
        }
        let saved = walker.save(running.scenario.token()).await;
        let owner = running.scenario.role == Role::Owner;
        assert_eq!(saved.status == 200, owner && name != "already-connected", "{name}: {}", saved.body);
        let (status, word) = expected(&name);
        let before = log(&running).len();
        assert_eq!(walker.sync().await, status, "{name}");
        let log = log(&running)[before..].to_owned();
        assert!(log.contains(word), "{name}: {log}");
        assert_eq!(log.contains("[ERR]"), status == 400, "{name}: {log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_road_of_an_installation_in_the_eu() {
    let running = start("happy-eu").unwrap();
    let walker = Walker::sign_in(&running).await;
    let subscription = format!("/api/organizations/{}/subscription", facts::ORGANIZATION_ID);
    let before = walker.get(&subscription).await;
    add(
        &running,
        "globalSettings__enableCloudCommunication=true\n\
         globalSettings__baseServiceUri__cloudRegion=EU\n\
         globalSettings__installation__identityUri=https://identity.bitwarden.eu\n\
         globalSettings__installation__apiUri=https://api.bitwarden.eu\n\
         globalSettings__pushRelayBaseUri=https://push.bitwarden.eu\n",
    );
    assert_eq!(restart(&running.dir), 0);
    assert_eq!(walker.get("/api/config").await["environment"]["cloudRegion"], "EU");
    let file = running.server.license_file();
    let owner = |file: &Path| std::os::unix::fs::MetadataExt::uid(&fs::metadata(file).unwrap());
    let (mode, uid) = (fs::metadata(&file).unwrap().permissions(), owner(&file));
    assert_eq!(walker.save(running.scenario.token()).await.status, 200);
    assert_eq!(walker.sync().await, 200);
    let after = walker.get(&subscription).await;
    assert_ne!(before["expiration"], after["expiration"]);
    assert_eq!((fs::metadata(&file).unwrap().permissions(), owner(&file)), (mode, uid));
    let connection = format!("/api/organizations/connections/{}/1", facts::ORGANIZATION_ID);
    let connection = walker.get(&connection).await;
    assert_eq!(connection["config"]["CloudOrganizationId"], facts::CLOUD_ORGANIZATION_ID);
    assert!(connection["config"]["LastLicenseSync"].is_string());
    // Half a region: the token is of the one, the license is asked of the other.
    add(&running, "globalSettings__installation__identityUri=\n");
    assert_eq!(restart(&running.dir), 0);
    assert_eq!(walker.sync().await, 400);
}
