//! Rate limits, the documents of identity and its clock (`cloud-rate-limits.json`, `identity-misc.json`).

use axum::http::Method;
use bwsync::tested::{
    domain::region::{CloudHost, Region},
    simulator::{cloud::Clock, message::Asked},
};
use serde_json::json;
use time::Duration;

use crate::{
    clouds::{API, IDENTITY, SELF_HOSTED, World},
    harness::{Exchange, Got, Tally, load},
};

/// The address that the requests of these tests come from: the edge's header tells the cloud.
const ADDRESS: &str = "198.51.100.9";
/// What an exchange's `given` says about its host.
const OF_IDENTITY: [&str; 2] = ["token-11th-in-a-minute", "discovery-6th-in-a-second"];
/// Sent before the recorded request: name → how often, verb, path.
const BEFORE: [(&str, usize, &str, &str); 13] = [
    ("get-installation-201st", 200, "GET", INSTALLATION),
    ("get-other-installation-same-address", 200, "GET", INSTALLATION),
    ("get-installation-upper-case-same-address", 200, "GET", INSTALLATION),
    ("get-installation-query-same-address", 200, "GET", INSTALLATION),
    ("head-is-not-limited", 200, "GET", INSTALLATION),
    ("alive-6th", 5, "GET", "/alive"),
    ("license-201st", 200, "GET", LICENSE),
    ("license-201st-anonymous", 200, "GET", LICENSE),
    ("sponsorship-sync-6th-in-a-second", 5, "POST", "/organization/sponsorship/sync"),
    ("create-installation-3rd", 2, "POST", "/installations"),
    ("api-key-6th-in-a-second", 5, "POST", "/organizations/0f5b7f0e-9d0a-4c55-8a51-b1e500f2c3d4/api-key"),
    ("token-11th-in-a-minute", 10, "POST", "/connect/token"),
    ("discovery-6th-in-a-second", 5, "GET", "/.well-known/openid-configuration"),
];
const INSTALLATION: &str = "/installations/7c0b6b1e-52a6-4c6f-9a3c-b1e500f1a2b3";
const LICENSE: &str = "/licenses/organization/0f5b7f0e-9d0a-4c55-8a51-b1e500f2c3d4";

impl World {
    /// Sets the cloud's clock forward; from then on it stands, so that no window depends on how fast a test runs.
    fn forward(&self, seconds: i64) {
        let at = self.state.now() + Duration::seconds(seconds);
        self.state.set(|settings| settings.clock = Clock::Stands(at));
    }

    /// Sends requests that only count, no more than five in a second.
    fn spend(&self, role: CloudHost, times: usize, verb: &str, path: &str) {
        let mut asked = Asked::new(verb.parse::<Method>().unwrap(), path, "");
        asked.address = ADDRESS.to_owned();
        for spent in 0..times {
            if spent > 0 && spent % 5 == 0 {
                self.forward(1);
            }
            self.state.answer(Region::Us, role, &asked);
        }
        if times > 5 {
            self.forward(1);
        }
    }

    async fn ask_from(&self, host: &str, exchange: &Exchange, address: &str) -> Got {
        let mut exchange = exchange.clone();
        exchange.request.headers.insert("X-Connecting-IP".into(), json!(address));
        self.ask(host, &exchange).await
    }
}

#[tokio::test]
async fn what_is_asked_too_often_is_refused_as_recorded() {
    let mut tally = Tally::new("cloud-rate-limits");
    for exchange in load("cloud-rate-limits.json") {
        let world = World::furnished();
        world.forward(0);
        let identity = OF_IDENTITY.contains(&exchange.name.as_str());
        let (host, role) = if identity { (IDENTITY, CloudHost::Identity) } else { (API, CloudHost::Api) };
        if let Some((_, times, verb, path)) = BEFORE.iter().find(|(name, ..)| *name == exchange.name) {
            world.spend(role, *times, verb, path);
        }
        let other = exchange.name.ends_with("-other-address");
        let got = world.ask_from(host, &exchange, if other { "198.51.100.10" } else { ADDRESS }).await;
        tally.asked(&exchange, &got);
    }
    tally.close();
}

#[tokio::test]
async fn identity_describes_itself_as_recorded() {
    let mut tally = Tally::new("identity-misc");
    for exchange in load("identity-misc.json") {
        if exchange.name.starts_with("server-client-") {
            tally.left_out(&exchange, "what the genuine server's own client asks and concludes");
            continue;
        }
        let world = World::furnished();
        world.forward(0);
        let (times, verb, path) = match exchange.name.as_str() {
            "rate-limit-token-429" | "rate-limit-query-does-not-matter" => (10, "POST", "/connect/token"),
            "rate-limit-1s-429" => (5, "GET", "/alive"),
            "rate-limit-1m-429" => (60, "GET", "/alive"),
            _ => (0, "GET", "/alive"),
        };
        world.spend(CloudHost::Identity, times, verb, path);
        let of_server = exchange.name.starts_with("self-hosted-") || exchange.name == "discovery-self-hosted";
        let got = match exchange.request.headers.contains_key("X-Connecting-IP") {
            true => world.ask_from(IDENTITY, &exchange, ADDRESS).await,
            false => world.ask(if of_server { SELF_HOSTED } else { IDENTITY }, &exchange).await,
        };
        tally.asked(&exchange, &got);
    }
    tally.close();
}
