//! Probes against real loopback servers that misbehave: the first broken rung has its exact cause, and what
//! stands on it is not run because of it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::sync::Mutex;

use bwsync::tested::{
    domain::{
        check::{Area, Cause, Check, CheckEvent, Report, Stage, State, Target, Verdict},
        region::{Lookup, Region},
    },
    net::{Net, NetOptions, Pin},
    probe::{self, HttpQuestion, ProbeResult, ProbeTarget},
};
use support::*;

const API: &str = "api.bitwarden.eu";
const IDENTITY: &str = "identity.bitwarden.eu";
const OWN: &str = "vault.example.org";
const ID: &str = "7c0b6b1e-52a6-4c6f-9a3c-b1e500f1a2b3";
const JSON: &str = "application/json; charset=utf-8";
const ENABLED: &str =
    r#"{"id":"7c0b6b1e-52a6-4c6f-9a3c-b1e500f1a2b3","key":null,"enabled":true,"object":"installation"}"#;
const NOT_FOUND: &str = r#"{"object":"error","message":"Resource not found.","validationErrors":null}"#;

fn api() -> ProbeTarget {
    ProbeTarget::api(Region::Eu, ID)
}

fn own() -> ProbeTarget {
    ProbeTarget::server(&format!("https://{OWN}").parse().unwrap()).unwrap()
}

/// Runs the probe and holds it to what must be true of every run.
async fn look(net: &Net, targets: &[ProbeTarget]) -> ProbeResult {
    let events = Mutex::new(Vec::new());
    let result = probe::run(net, targets, &|event| events.lock().unwrap().push(event)).await;
    let events = events.into_inner().unwrap();
    let mut report = Report::default();
    for event in &events {
        report.apply(event.clone());
    }
    assert_eq!(report.rows().count(), result.rows.len(), "every row once");
    for row in &result.rows {
        assert_eq!(report.get(row.id), Some(row), "events and rows say the same");
        let started = events.contains(&CheckEvent::Started(row.id));
        assert_eq!(started, row.state != State::Skipped, "{row:?}");
        assert_eq!(row.duration_ms.is_some(), row.state != State::Skipped, "{row:?}");
    }
    result
}

fn row(result: &ProbeResult, stage: Stage) -> &Check {
    result.rows.iter().find(|row| row.id.stage == stage).expect("a row of this stage")
}

/// Looks at one host: the cause, the stage that has it, and that all behind follow from it.
async fn fault(net: &Net, target: ProbeTarget) -> (Stage, Cause, Check) {
    let result = look(net, &[target]).await;
    let at = result.rows.iter().position(|row| row.cause.is_some()).expect("a fault was wanted");
    let broken = result.rows[at].clone();
    for behind in &result.rows[at + 1..] {
        assert_eq!((behind.state, behind.because), (State::Skipped, Some(broken.id)));
    }
    assert!(!result.hosts[0].reached);
    (broken.id.stage, broken.cause.unwrap(), broken)
}

async fn api_fault(layer: Layer, answer: Answer, roots: &[&Identity]) -> (Stage, Cause, Check) {
    let server = serve(layer, answer).await;
    fault(&net(API, server.address, roots), api()).await
}

#[tokio::test]
async fn a_good_host_passes_every_rung() {
    let identity = signed(API, NOW);
    let date = format!("Content-Type: {JSON}\r\nDate: Sat, 21 Nov 2026 23:56:29 GMT\r\n");
    let server = serve(Layer::Tls(identity.clone()), respond("200 OK", &date, ENABLED)).await;
    let result = look(&net(API, server.address, &[&identity]), &[api()]).await;
    let states: Vec<_> = result.rows.iter().map(|row| (row.id.stage, row.state)).collect();
    let passed = [Stage::Connect, Stage::Tls, Stage::Http].map(|stage| (stage, State::Passed));
    assert_eq!(states[0], (Stage::Name, State::Skipped));
    assert_eq!(states[1..], passed);
    assert_eq!(row(&result, Stage::Name).evidence.get("note"), Some("connect_to"));
    assert!(row(&result, Stage::Name).advice.is_empty());
    assert_eq!(row(&result, Stage::Connect).evidence.get("address"), Some("127.0.0.1"));
    assert_eq!(row(&result, Stage::Tls).evidence.get("issuer"), Some("CN=Example Inspection Root"));
    assert_eq!(row(&result, Stage::Http).evidence.get("status"), Some("200"));
    let host = result.host(Target::Api).unwrap();
    assert_eq!((host.reached, host.lookup), (true, Lookup::Enabled));
    assert!(result.reached("API.bitwarden.eu", 443) && !result.reached(API, 8443) && result.all_passed());
    let clock = host.clock.unwrap();
    assert!(!clock.exact && clock.theirs.unix_timestamp() == 1_795_305_389);
    let request = server.seen().remove(0).to_ascii_lowercase();
    assert!(request.starts_with(&format!("get /installations/{ID} http/1.1\r\n")), "{request}");
    assert!(request.contains("\r\nhost: api.bitwarden.eu\r\n"), "{request}");
    assert!(!request.contains("authorization"), "{request}");
}

#[tokio::test]
async fn genuine_answers_pass_whatever_they_say() {
    let discovery =
        r#"{"issuer":"https://identity.bitwarden.eu","token_endpoint":"https://x/connect/token"}"#;
    let alive = "\"2026-11-21T23:56:33.5971404Z\"";
    let any = HttpQuestion::Any { path: "/v2/".into() };
    let table = [
        (api(), ok(JSON, ENABLED), Lookup::Enabled),
        (api(), ok(JSON, &ENABLED.replace("true", "false")), Lookup::Disabled),
        (api(), respond("404 Not Found", &format!("Content-Type: {JSON}\r\n"), NOT_FOUND), Lookup::NotFound),
        (ProbeTarget::identity(Region::Eu), ok(JSON, discovery), Lookup::NotAsked),
        (ProbeTarget::new(Target::Api, API, 443, HttpQuestion::Alive), ok(JSON, alive), Lookup::NotAsked),
        (own(), ok(JSON, alive), Lookup::NotAsked),
        (ProbeTarget::registry("ghcr.io"), respond("401 Unauthorized", "", ""), Lookup::NotAsked),
        (ProbeTarget::new(Target::Push, OWN, 443, any), respond("404 Not Found", "", ""), Lookup::NotAsked),
    ];
    for (target, answer, lookup) in table {
        let identity = signed(&target.host, NOW);
        let server = serve(Layer::Tls(identity.clone()), answer).await;
        let result =
            look(&net(&target.host, server.address, &[&identity]), std::slice::from_ref(&target)).await;
        assert!(result.hosts[0].reached, "{target:?} {:?}", result.rows);
        assert_eq!(result.hosts[0].lookup, lookup, "{target:?}");
        if target.http == HttpQuestion::Alive && target.target == Target::Api {
            assert!(result.hosts[0].clock.unwrap().exact);
        }
    }
}

#[tokio::test]
async fn answers_that_are_not_genuine_have_their_cause() {
    let html = "<!DOCTYPE html><html>Access denied</html>";
    let json = format!("Content-Type: {JSON}\r\n");
    let page = "Content-Type: text/html\r\n";
    let table = [
        (respond("200 OK", page, html), Cause::HttpBlockPage),
        (ok(JSON, "{}"), Cause::HttpBlockPage),
        (ok(JSON, ""), Cause::HttpBlockPage),
        (
            respond("302 Found", "Location: https://u:p@login.example/x?session=1\r\n", ""),
            Cause::HttpRedirected,
        ),
        (respond("404 Not Found", page, html), Cause::HttpBlockPage),
        (respond("404 Not Found", "", ""), Cause::HttpUnexpectedStatus),
        (respond("403 Forbidden", "", ""), Cause::HttpUnexpectedStatus),
        (respond("429 Too Many", &format!("{json}Retry-After: 37\r\n"), NOT_FOUND), Cause::HttpRateLimited),
        (respond("503 Service Unavailable", "", ""), Cause::HttpServerError),
    ];
    let identity = signed(API, NOW);
    for (answer, wanted) in table {
        let (stage, cause, check) = api_fault(Layer::Tls(identity.clone()), answer, &[&identity]).await;
        assert_eq!((stage, cause), (Stage::Http, wanted), "{check:?}");
        assert_eq!(check.evidence.get("host"), Some(API));
        match cause {
            Cause::HttpRateLimited => {
                assert_eq!((check.state, check.evidence.get("retry_after")), (State::Unknown, Some("37")));
            }
            Cause::HttpRedirected => {
                assert_eq!(check.evidence.get("location"), Some("https://login.example/x"));
            }
            _ => {}
        }
    }
}

#[tokio::test]
async fn a_connection_that_fails_has_its_cause() {
    let net = net(API, refused().await, &[]);
    let (stage, cause, check) = fault(&net, api()).await;
    assert_eq!((stage, cause), (Stage::Connect, Cause::TcpRefused));
    assert_eq!(check.evidence.get("errno"), Some("111"));
    assert!(check.advice.iter().any(|advice| advice.command.is_some()));
    let bad = respond("400 Bad Request", "", "");
    let table = [
        (Layer::Reset, Cause::TcpReset, None),
        (Layer::Close, Cause::TlsHandshake, Some("closed")),
        (Layer::Silent, Cause::TlsHandshake, Some("timeout")),
        (Layer::Plain, Cause::TlsHandshake, Some("not_tls")),
    ];
    for (layer, wanted, reason) in table {
        let (stage, cause, check) = api_fault(layer, bad.clone(), &[]).await;
        assert_eq!((stage, cause, check.evidence.get("reason")), (Stage::Tls, wanted, reason), "{check:?}");
    }
}

#[tokio::test]
async fn a_name_that_does_not_resolve_breaks_the_first_rung() {
    // No label may have more than 63 characters: nobody needs to be asked.
    let host = format!("{}.invalid", "a".repeat(70));
    let net = Net::new(NetOptions { proxy_env: false, ..NetOptions::default() }).unwrap();
    let (stage, cause, check) =
        fault(&net, ProbeTarget::new(Target::Api, host, 443, HttpQuestion::Alive)).await;
    assert_eq!((stage, cause.area()), (Stage::Name, Area::Dns), "{check:?}");
}

#[tokio::test]
async fn certificates_have_their_cause() {
    let (old, young, other) = (signed(API, OVER), signed(API, TO_COME), signed("x.example", NOW));
    let table = [
        (signed(API, NOW), vec![], Cause::TlsIntercepted),
        (self_signed(API, true, NOW), vec![], Cause::TlsIntercepted),
        (self_signed(API, false, NOW), vec![], Cause::TlsIntercepted),
        (old.clone(), vec![&old], Cause::TlsExpired),
        (young.clone(), vec![&young], Cause::TlsNotYetValid),
        (other.clone(), vec![&other], Cause::TlsNameMismatch),
    ];
    for (identity, roots, wanted) in table {
        let (stage, cause, check) = api_fault(Layer::Tls(identity), ok(JSON, ENABLED), &roots).await;
        assert_eq!((stage, cause), (Stage::Tls, wanted), "{check:?}");
        assert!(check.evidence.get("issuer").is_some() && check.evidence.get("not_after").is_some());
    }
}

#[tokio::test]
async fn the_servers_own_certificate_is_accepted_for_the_server_only() {
    for ca in [true, false] {
        let identity = self_signed(OWN, ca, NOW);
        let server = serve(Layer::Tls(identity.clone()), ok(JSON, "\"2026-11-21T23:56:33Z\"")).await;
        let untrusted = fault(&net(OWN, server.address, &[]), own()).await;
        assert_eq!((untrusted.0, untrusted.1), (Stage::Tls, Cause::TlsUntrusted));
        let pins = Pin::from_pem(OWN, identity.root_pem.as_bytes());
        let pinned = Net::new(NetOptions { pins, ..options(OWN, server.address, &[]) }).unwrap();
        assert!(look(&pinned, &[own()]).await.hosts[0].reached, "ca {ca}");
        let trusted = net(OWN, server.address, &[&identity]);
        assert!(look(&trusted, &[own()]).await.hosts[0].reached, "ca {ca}");
    }
}

#[tokio::test]
async fn sizes_and_times_are_bounded() {
    let identity = signed(API, NOW);
    let endless = |head: &str, again: String| Answer::Endless(head.to_owned(), again);
    let table = [
        (Answer::Stalls(String::new()), Cause::HttpTimeout, None),
        (Answer::Stalls("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{".into()), Cause::HttpTimeout, None),
        (endless("HTTP/1.1 200 OK\r\n\r\n", "{".repeat(4096)), Cause::HttpBlockPage, None),
        (
            endless("HTTP/1.1 200 OK\r\n", format!("X: {}\r\n", "y".repeat(900))),
            Cause::HttpUnexpectedStatus,
            Some("head_too_large"),
        ),
        (Answer::Whole("SSH-2.0-OpenSSH_9.6\r\n\r\n".into()), Cause::HttpUnexpectedStatus, Some("not_http")),
    ];
    for (answer, wanted, reason) in table {
        let (stage, cause, check) = api_fault(Layer::Tls(identity.clone()), answer, &[&identity]).await;
        assert_eq!((stage, cause, check.evidence.get("reason")), (Stage::Http, wanted, reason), "{check:?}");
    }
}

#[tokio::test]
async fn a_proxy_is_a_rung_of_its_own() {
    let identity = signed(API, NOW);
    let server = serve(Layer::Tls(identity.clone()), ok(JSON, ENABLED)).await;
    let through = |proxy: String| {
        let mut options = options(API, server.address, &[&identity]);
        options.connect_to.clear();
        options.proxy = Some(proxy);
        Net::new(options).unwrap()
    };
    let good = proxy("200 Connection established", server.address).await;
    let result = look(&through(format!("http://user:pass@{}", good.address)), &[api()]).await;
    let stages: Vec<_> = result.rows.iter().map(|row| (row.id.stage, row.state)).collect();
    let ladder = [Stage::Name, Stage::Connect, Stage::Proxy, Stage::Tls, Stage::Http];
    assert_eq!(stages, ladder.map(|stage| (stage, State::Passed)));
    let shown = good.address.to_string();
    assert_eq!(row(&result, Stage::Connect).evidence.get("proxy"), Some(shown.as_str()));
    let asked = good.seen().remove(0);
    assert!(asked.starts_with("CONNECT api.bitwarden.eu:443 HTTP/1.1\r\n"), "{asked}");
    assert!(asked.contains("Proxy-Authorization: Basic dXNlcjpwYXNz\r\n"), "{asked}");
    for (status, wanted) in [
        ("407 Proxy Authentication Required", Cause::ProxyAuthRequired),
        ("403 Forbidden", Cause::ProxyDenied),
        ("502 Bad Gateway", Cause::ProxyDenied),
    ] {
        let bad = proxy(status, server.address).await;
        let (stage, cause, _) = fault(&through(format!("http://{}", bad.address)), api()).await;
        assert_eq!((stage, cause), (Stage::Proxy, wanted), "{status}");
    }
    let (stage, cause, _) = fault(&through(format!("http://{}", refused().await)), api()).await;
    assert_eq!((stage, cause), (Stage::Connect, Cause::ProxyUnreachable));
    let silent = serve(Layer::Silent, ok(JSON, "")).await;
    let (stage, cause, _) = fault(&through(format!("http://{}", silent.address)), api()).await;
    assert_eq!((stage, cause), (Stage::Proxy, Cause::ProxyUnreachable));
    let (stage, cause, check) = fault(&through("socks5://127.0.0.1:9".into()), api()).await;
    assert_eq!((stage, cause), (Stage::Name, Cause::ProxyUnreachable));
    assert_eq!(check.evidence.get("reason"), Some("unsupported_scheme"));
}

#[tokio::test]
async fn hosts_are_looked_at_side_by_side_and_one_fault_is_one_conclusion() {
    let identity = signed(IDENTITY, NOW);
    let discovery =
        r#"{"issuer":"https://identity.bitwarden.eu","token_endpoint":"https://x/connect/token"}"#;
    let good = serve(Layer::Tls(identity.clone()), ok(JSON, discovery)).await;
    let mut options = options(IDENTITY, good.address, &[&identity]);
    options.connect_to.extend(support::options(API, refused().await, &[]).connect_to);
    let result = look(&Net::new(options).unwrap(), &[ProbeTarget::identity(Region::Eu), api()]).await;
    assert_eq!(result.rows.len(), 8);
    assert!(result.host(Target::Identity).unwrap().reached && !result.host(Target::Api).unwrap().reached);
    assert_eq!(result.host(Target::Api).unwrap().lookup, Lookup::NoAnswer);
    let conclusions = bwsync::tested::domain::check::conclusions(&result.rows);
    assert_eq!((conclusions.len(), Verdict::of(&conclusions)), (1, Verdict::Failed));
}

#[tokio::test]
async fn what_must_not_be_contacted_is_skipped() {
    let server = serve(Layer::Silent, ok(JSON, "")).await;
    let base = options(API, server.address, &[]);
    let offline = Net::new(NetOptions { offline: true, ..base.clone() }).unwrap();
    let demo = Net::new(NetOptions { mapped_only: true, connect_to: Vec::new(), ..base }).unwrap();
    for (net, advised) in [(offline, true), (demo, false)] {
        let result = look(&net, &[api(), ProbeTarget::identity(Region::Eu)]).await;
        assert_eq!(result.rows.len(), 8);
        assert!(result.rows.iter().all(|row| row.state == State::Skipped && row.because.is_none()));
        assert!(result.rows.iter().all(|row| row.advice.is_empty() != advised));
        assert!(result.hosts.iter().all(|host| !host.reached && host.lookup == Lookup::NotAsked));
    }
}

#[tokio::test]
async fn a_plain_server_on_loopback_has_no_tls_rung() {
    let server = serve(Layer::Plain, ok(JSON, "\"2026-11-21T23:56:33Z\"")).await;
    let url = format!("http://127.0.0.1:{}/", server.address.port()).parse().unwrap();
    let net = Net::new(NetOptions { proxy_env: false, ..NetOptions::default() }).unwrap();
    let result = look(&net, &[ProbeTarget::server(&url).unwrap()]).await;
    let stages: Vec<_> = result.rows.iter().map(|row| (row.id.stage, row.state)).collect();
    assert_eq!(stages, [Stage::Name, Stage::Connect, Stage::Http].map(|stage| (stage, State::Passed)));
}
