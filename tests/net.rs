//! The transport against real loopback servers that misbehave: every fault of a call has its exact cause.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use bwsync::tested::{
    domain::{
        check::{Cause, Finding},
        request::Mapping,
        secret::Secret,
    },
    net::{Call, CallBody, Net, NetOptions, Origin, Pin, Reply},
};
use support::*;

const HOST: &str = "api.bitwarden.eu";
const OWN: &str = "vault.example.org";

fn call(host: &str) -> Call {
    Call::get(format!("https://{host}/installations/x").parse().unwrap()).within(Duration::from_secs(3))
}

async fn ask(host: &str, layer: Layer, answer: Answer, roots: &[&Identity]) -> Result<Reply, Finding> {
    let server = serve(layer, answer).await;
    net(host, server.address, roots).send(call(host)).await
}

async fn cause(host: &str, layer: Layer, answer: Answer, roots: &[&Identity]) -> Finding {
    ask(host, layer, answer, roots).await.expect_err("a fault was wanted")
}

#[tokio::test]
async fn an_answer_arrives_with_its_headers() {
    let identity = signed(HOST, NOW);
    let headers = "Content-Type: application/json; charset=utf-8\r\nRetry-After: 7\r\n\
                   Date: Sat, 21 Nov 2026 23:56:29 GMT\r\nLocation: https://login.example/\r\n";
    let server =
        serve(Layer::Tls(identity.clone()), respond("302 Found", headers, "{\"enabled\":true}")).await;
    let reply = net(HOST, server.address, &[&identity]).send(call(HOST)).await.unwrap();
    assert_eq!((reply.status, reply.retry_after), (302, Some(7)));
    assert_eq!(reply.location.as_deref(), Some("https://login.example/"));
    assert!(reply.is_json() && reply.date.is_some());
    assert_eq!(reply.body.bytes(), b"{\"enabled\":true}");
    assert_eq!(server.seen().len(), 1, "a redirect is not followed");
    let request = server.seen().remove(0).to_ascii_lowercase();
    assert!(request.contains("\r\nhost: api.bitwarden.eu\r\n"), "{request}");
    assert!(request.contains("\r\nuser-agent: bwsync/"), "{request}");
}

#[tokio::test]
async fn an_unusual_port_that_is_mapped_keeps_its_name() {
    let identity = signed(OWN, NOW);
    let server = serve(Layer::Tls(identity.clone()), ok("text/plain", "x")).await;
    let mut options = options(OWN, server.address, &[&identity]);
    options.connect_to[0].port = 8443;
    let net = Net::new(options).unwrap();
    net.send(Call::get(format!("https://{OWN}:8443/alive").parse().unwrap())).await.unwrap();
    assert!(server.seen()[0].to_ascii_lowercase().contains("\r\nhost: vault.example.org:8443\r\n"));
}

#[tokio::test]
async fn a_mapped_address_is_still_checked_for_itself() {
    let identity = signed("10.9.8.7", NOW);
    let server = serve(Layer::Tls(identity.clone()), ok("text/plain", "x")).await;
    let url = "https://10.9.8.7/alive";
    let good = net("10.9.8.7", server.address, &[&identity]).send(Call::get(url.parse().unwrap())).await;
    assert_eq!(good.unwrap().status, 200);
    let other = signed("10.9.8.6", NOW);
    let server = serve(Layer::Tls(other.clone()), ok("text/plain", "x")).await;
    let bad = net("10.9.8.7", server.address, &[&other]).send(Call::get(url.parse().unwrap())).await;
    assert_eq!(bad.unwrap_err().cause, Cause::TlsNameMismatch);
}

#[tokio::test]
async fn a_get_carries_a_chunked_body_as_the_genuine_server_sends_it() {
    let identity = signed(HOST, NOW);
    let server = serve(Layer::Tls(identity.clone()), ok("application/json", "{}")).await;
    let net = net(HOST, server.address, &[&identity]);
    let body = CallBody::Json { text: Secret::new("{\"BillingSyncKey\":\"\"}"), chunked: true };
    net.send(Call { body, ..call(HOST) }.bearer(Secret::new("aaa.bbb.ccc"))).await.unwrap();
    let request = server.seen().remove(0);
    assert!(request.starts_with("GET "), "{request}");
    let head = request.to_ascii_lowercase();
    assert!(
        head.contains("\r\ntransfer-encoding: chunked\r\n") && !head.contains("content-length"),
        "{request}"
    );
    assert!(head.contains("\r\nauthorization: bearer aaa.bbb.ccc\r\n"), "{request}");
    assert!(request.contains("\r\n\r\n15\r\n{\"BillingSyncKey\":\"\"}\r\n0\r\n\r\n"), "{request}");
    let form = vec![("grant_type", Secret::new("client_credentials")), ("scope", Secret::new("a b&c"))];
    net.send(Call::post("https://api.bitwarden.eu/connect/token".parse().unwrap()).form(form)).await.unwrap();
    assert!(server.seen()[1].ends_with("\r\n\r\ngrant_type=client_credentials&scope=a+b%26c"));
}

#[tokio::test]
async fn faults_of_tcp_have_their_cause() {
    let answer = ok("text/plain", "x");
    let refused = net(HOST, refused().await, &[]).send(call(HOST)).await.unwrap_err();
    assert_eq!(refused.cause, Cause::TcpRefused);
    assert_eq!(refused.evidence.get("errno"), Some("111"));
    assert_eq!(refused.evidence.get("address"), Some("127.0.0.1"));
    assert_eq!(cause(HOST, Layer::Reset, answer.clone(), &[]).await.cause, Cause::TcpReset);
    for (layer, reason) in [(Layer::Silent, "timeout"), (Layer::Close, "closed"), (Layer::Plain, "not_tls")] {
        let finding = cause(HOST, layer, Answer::Whole("HTTP/1.1 400 Bad\r\n\r\n".into()), &[]).await;
        assert_eq!((finding.cause, finding.evidence.get("reason")), (Cause::TlsHandshake, Some(reason)));
    }
}

#[tokio::test]
async fn faults_of_certificates_have_their_cause() {
    let (old, young, other) = (signed(HOST, OVER), signed(HOST, TO_COME), signed("other.example", NOW));
    let table = [
        (HOST, signed(HOST, NOW), vec![], Cause::TlsIntercepted),
        (OWN, signed(OWN, NOW), vec![], Cause::TlsUntrusted),
        (HOST, self_signed(HOST, true, NOW), vec![], Cause::TlsIntercepted),
        (HOST, old.clone(), vec![&old], Cause::TlsExpired),
        (HOST, young.clone(), vec![&young], Cause::TlsNotYetValid),
        (HOST, other.clone(), vec![&other], Cause::TlsNameMismatch),
        // Old as well as untrusted: what must be mended first is the trust.
        (HOST, old.clone(), vec![], Cause::TlsIntercepted),
    ];
    for (host, identity, roots, wanted) in table {
        let finding = cause(host, Layer::Tls(identity), ok("text/plain", "x"), &roots).await;
        assert_eq!(finding.cause, wanted, "{finding}");
        assert!(finding.evidence.get("issuer").is_some_and(|issuer| !issuer.is_empty()), "{finding}");
        assert!(finding.evidence.get("not_after").is_some(), "{finding}");
    }
}

#[tokio::test]
async fn a_self_signed_certificate_is_accepted_byte_for_byte_if_name_and_dates_fit() {
    for ca in [true, false] {
        let identity = self_signed(OWN, ca, NOW);
        let given = ask(OWN, Layer::Tls(identity.clone()), ok("text/plain", "x"), &[&identity]).await;
        assert_eq!(given.unwrap().status, 200, "ca {ca}");
        let table = [
            (OWN, OWN, self_signed(OWN, ca, NOW), None),
            (OWN, OWN, self_signed(OWN, ca, OVER), Some(Cause::TlsExpired)),
            (OWN, OWN, self_signed(OWN, ca, TO_COME), Some(Cause::TlsNotYetValid)),
            (OWN, OWN, self_signed("else.example.org", ca, NOW), Some(Cause::TlsNameMismatch)),
            ("else.example.org", OWN, self_signed(OWN, ca, NOW), Some(Cause::TlsUntrusted)),
        ];
        for (pinned_for, host, identity, wanted) in table {
            let server = serve(Layer::Tls(identity.clone()), ok("text/plain", "x")).await;
            let pins = Pin::from_pem(pinned_for, identity.root_pem.as_bytes());
            let options = NetOptions { pins, ..options(host, server.address, &[]) };
            let sent = Net::new(options).unwrap().send(call(host)).await;
            assert_eq!(sent.err().map(|f| f.cause), wanted, "pinned for {pinned_for}, ca {ca}");
        }
        let twin = self_signed(OWN, ca, NOW);
        let other = ask(OWN, Layer::Tls(identity), ok("text/plain", "x"), &[&twin]).await;
        assert_eq!(other.unwrap_err().cause, Cause::TlsUntrusted, "another certificate of the same name");
    }
}

#[tokio::test]
async fn sizes_and_times_are_bounded() {
    let identity = signed(HOST, NOW);
    let layer = || Layer::Tls(identity.clone());
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".to_owned();
    let stalls = cause(HOST, layer(), Answer::Stalls(head.clone()), &[&identity]).await;
    assert_eq!(stalls.cause, Cause::HttpTimeout);
    let silent = cause(HOST, layer(), Answer::Stalls(String::new()), &[&identity]).await;
    assert_eq!(silent.cause, Cause::HttpTimeout);
    let head = "HTTP/1.1 200 OK\r\n".to_owned();
    let answer = Answer::Endless(head, format!("X: {}\r\n", "y".repeat(900)));
    let heads = cause(HOST, layer(), answer, &[&identity]).await;
    assert_eq!(
        (heads.cause, heads.evidence.get("reason")),
        (Cause::HttpUnexpectedStatus, Some("head_too_large"))
    );
    let head = "HTTP/1.1 200 OK\r\n\r\n".to_owned();
    let server = serve(layer(), Answer::Endless(head, "x".repeat(4096))).await;
    let options = NetOptions { max_body: 10_000, ..options(HOST, server.address, &[&identity]) };
    let reply = Net::new(options).unwrap().send(call(HOST)).await.unwrap();
    assert!(reply.body.is_cut() && reply.body.bytes().len() == 10_000);
}

#[tokio::test]
async fn a_proxys_answer_has_its_cause() {
    let identity = signed(HOST, NOW);
    let server = serve(Layer::Tls(identity.clone()), ok("text/plain", "x")).await;
    let through = async |status, address| {
        let proxy = proxy(status, address).await;
        let mut options = options(HOST, address, &[&identity]);
        options.connect_to.clear();
        options.proxy = Some(format!("http://user:secret@{}", proxy.address));
        let sent = Net::new(options).unwrap().send(call(HOST)).await;
        (sent, proxy.seen())
    };
    let (sent, asked) = through("200 Connection established", server.address).await;
    assert_eq!(sent.unwrap().status, 200);
    assert!(asked[0].starts_with("CONNECT api.bitwarden.eu:443 "), "{asked:?}");
    let table = [
        ("407 Proxy Authentication Required", Cause::ProxyAuthRequired),
        ("403 Forbidden", Cause::ProxyDenied),
        ("503 Service Unavailable", Cause::ProxyDenied),
    ];
    for (status, wanted) in table {
        let finding = through(status, server.address).await.0.unwrap_err();
        assert_eq!(finding.cause, wanted, "{status}: {finding}");
        assert!(!finding.to_string().contains("secret"), "{finding}");
        assert!(finding.evidence.get("proxy").is_some_and(|proxy| proxy.starts_with("127.0.0.1:")));
    }
    let mut options = options(HOST, server.address, &[]);
    options.connect_to.clear();
    options.proxy = Some(format!("http://{}", refused().await));
    let finding = Net::new(options).unwrap().send(call(HOST)).await.unwrap_err();
    assert_eq!(
        (finding.cause, finding.evidence.get("reason")),
        (Cause::ProxyUnreachable, Some("tcp.refused"))
    );
}

#[tokio::test]
async fn what_must_not_be_contacted_is_not() {
    let identity = signed(HOST, NOW);
    let server = serve(Layer::Tls(identity.clone()), ok("text/plain", "x")).await;
    let options = options(HOST, server.address, &[&identity]);
    let demo = Net::new(NetOptions { mapped_only: true, ..options.clone() }).unwrap();
    assert!(demo.reachable_in_demo(HOST, 443) && !demo.reachable_in_demo(OWN, 443));
    assert!(demo.send(call(OWN)).await.is_err());
    assert!(demo.send(call(HOST)).await.is_ok());
    let offline = Net::new(NetOptions { offline: true, ..options }).unwrap();
    assert!(offline.send(call(HOST)).await.is_err());
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn a_cacert_file_without_a_certificate_is_named() {
    for text in ["", "hello", "-----BEGIN CERTIFICATE-----\n%%%\n-----END CERTIFICATE-----\n"] {
        let cacert = vec![("/etc/x.pem".into(), text.as_bytes().to_vec())];
        let finding = Net::new(NetOptions { cacert, ..NetOptions::default() }).err().unwrap();
        assert_eq!((finding.cause, finding.evidence.get("path")), (Cause::TlsUntrusted, Some("/etc/x.pem")));
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_no_answer() {
    let identity = signed(HOST, NOW);
    for text in ["", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"] {
        let answer = Answer::Cut(text.to_owned());
        let finding = cause(HOST, Layer::Tls(identity.clone()), answer, &[&identity]).await;
        assert_eq!(
            (finding.cause, finding.evidence.get("reason")),
            (Cause::TcpReset, Some("closed")),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_proxy_that_is_spoken_to_over_tls_is_verified_too() {
    let (identity, proxys) = (signed(HOST, NOW), signed("127.0.0.1", NOW));
    let server = serve(Layer::Tls(identity.clone()), ok("text/plain", "x")).await;
    let proxy = proxy_over(Some(proxys.clone()), "200 OK", server.address).await;
    let through = |roots: &[&Identity]| {
        let mut options = options(HOST, server.address, roots);
        options.connect_to.clear();
        options.proxy = Some(format!("https://{}", proxy.address));
        Net::new(options).unwrap()
    };
    assert_eq!(through(&[&identity, &proxys]).send(call(HOST)).await.unwrap().status, 200);
    let finding = through(&[&identity]).send(call(HOST)).await.unwrap_err();
    assert_eq!(
        (finding.cause, finding.evidence.get("reason")),
        (Cause::ProxyUnreachable, Some("tls.untrusted"))
    );
}

#[tokio::test]
async fn a_proxy_that_never_ends_its_answer_is_none() {
    let endless = Answer::Endless("HTTP/1.1 200 OK\r\n".into(), "X: y\r\n".into());
    let proxy = serve(Layer::Plain, endless).await;
    let mut options = options(HOST, proxy.address, &[]);
    options.connect_to.clear();
    options.proxy = Some(format!("http://{}", proxy.address));
    let finding = Net::new(options).unwrap().send(call(HOST)).await.unwrap_err();
    assert_eq!((finding.cause, finding.evidence.get("reason")), (Cause::ProxyUnreachable, Some("not_http")));
}

#[tokio::test]
async fn an_address_that_answers_is_found_behind_ones_that_do_not() {
    let net = Net::new(NetOptions { proxy_env: false, ..NetOptions::default() }).unwrap();
    let origin = Origin::https(HOST, 443);
    let server = serve(Layer::Silent, ok("", "")).await;
    // The whole of 127.0.0.0/8 is this machine; the server listens at its first address only.
    let nobody = SocketAddr::from(([127, 0, 0, 2], server.address.port()));
    let found = net.connect(&origin, &[nobody, server.address], net.stage()).await.unwrap();
    assert_eq!((found.address, found.in_vain), (server.address, vec![nobody]));
    let none = net.connect(&origin, &[nobody], net.stage()).await.unwrap_err();
    assert_eq!((none.cause, none.evidence.get("address")), (Cause::TcpRefused, Some("127.0.0.2")));
    assert_eq!(net.connect(&origin, &[], net.stage()).await.unwrap_err().cause, Cause::TcpUnreachable);
}

#[tokio::test]
async fn a_host_can_be_mapped_later() {
    let identity = signed(OWN, NOW);
    let server = serve(Layer::Tls(identity.clone()), ok("text/plain", "x")).await;
    let before = net(OWN, refused().await, &[&identity]);
    let after = before.with_mapping(Mapping { host: OWN.into(), port: 443, to: server.address });
    assert_eq!(before.send(call(OWN)).await.unwrap_err().cause, Cause::TcpRefused);
    assert_eq!(after.send(call(OWN)).await.unwrap().status, 200);
}

#[tokio::test]
async fn the_runs_own_deadline_ends_a_call() {
    let server = serve(Layer::Silent, ok("text/plain", "x")).await;
    let options = NetOptions { deadline: Some(Instant::now()), ..options(HOST, server.address, &[]) };
    let finding = Net::new(options).unwrap().send(call(HOST)).await.unwrap_err();
    assert_eq!(finding.cause, Cause::HttpTimeout);
}

#[tokio::test]
async fn plain_http_leaves_this_machine_for_no_other() {
    let server = serve(Layer::Plain, ok("text/plain", "x")).await;
    let net = Net::new(NetOptions { proxy_env: false, ..NetOptions::default() }).unwrap();
    let url = format!("http://{}/alive", server.address);
    assert_eq!(net.send(Call::get(url.parse().unwrap())).await.unwrap().status, 200);
    let other = net.send(Call::get("http://vault.example.org/".parse().unwrap())).await.unwrap_err();
    assert_eq!((other.cause, other.evidence.get("reason")), (Cause::ConfigBadUrl, Some("plain_http")));
}

/// Runs one of the tests below in a process with these variables: an environment belongs to a whole process.
fn with_environment(test: &str, variables: &[(&str, &str)]) {
    let run = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--ignored"])
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(run.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
fn an_empty_system_store_is_no_obstacle() {
    let empty = [("SSL_CERT_FILE", "/dev/null"), ("SSL_CERT_DIR", "/dev/null")];
    with_environment("inner_empty_system_store", &empty);
}

#[tokio::test]
#[ignore = "run by an_empty_system_store_is_no_obstacle"]
async fn inner_empty_system_store() {
    let identity = signed(HOST, NOW);
    let server = serve(Layer::Tls(identity.clone()), ok("text/plain", "x")).await;
    let finding = net(HOST, server.address, &[]).send(call(HOST)).await.unwrap_err();
    assert_eq!((finding.cause, finding.evidence.get("reason")), (Cause::TlsIntercepted, Some("no_roots")));
    assert_eq!(net(HOST, server.address, &[&identity]).send(call(HOST)).await.unwrap().status, 200);
}

#[test]
fn the_system_store_is_trusted() {
    let identity = signed(HOST, NOW);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &identity.root_pem).unwrap();
    let key = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(key.path(), &identity.key).unwrap();
    let chain = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(chain.path(), &identity.chain[0]).unwrap();
    let path = |file: &tempfile::NamedTempFile| file.path().to_str().unwrap().to_owned();
    let (root, key, chain) = (path(&file), path(&key), path(&chain));
    with_environment(
        "inner_system_store",
        &[("SSL_CERT_FILE", &root), ("BWSYNC_TEST_KEY", &key), ("BWSYNC_TEST_CHAIN", &chain)],
    );
}

#[tokio::test]
#[ignore = "run by the_system_store_is_trusted"]
async fn inner_system_store() {
    let read = |name: &str| std::fs::read(std::env::var(name).unwrap()).unwrap();
    let identity = Identity {
        chain: vec![read("BWSYNC_TEST_CHAIN").into()],
        key: read("BWSYNC_TEST_KEY"),
        root_pem: String::new(),
    };
    let server = serve(Layer::Tls(identity), ok("text/plain", "x")).await;
    assert_eq!(net(HOST, server.address, &[]).send(call(HOST)).await.unwrap().status, 200);
}

#[tokio::test]
async fn the_environments_proxy_is_used_but_not_for_mapped_hosts() {
    let proxy = format!("http://user:secret@{}", refused().await);
    let run =
        move || with_environment("inner_environments_proxy", &[("HTTPS_PROXY", &proxy), ("NO_PROXY", "")]);
    tokio::task::spawn_blocking(run).await.unwrap();
}

#[tokio::test]
#[ignore = "run by the_environments_proxy_is_used_but_not_for_mapped_hosts"]
async fn inner_environments_proxy() {
    let identity = signed(HOST, NOW);
    let server = serve(Layer::Tls(identity.clone()), ok("text/plain", "x")).await;
    let options = options(HOST, server.address, &[&identity]);
    let net = Net::new(NetOptions { proxy_env: true, ..options.clone() }).unwrap();
    assert_eq!(net.send(call(HOST)).await.unwrap().status, 200);
    let finding = net.send(call(OWN)).await.unwrap_err();
    assert_eq!(
        (finding.cause, finding.evidence.get("reason")),
        (Cause::ProxyUnreachable, Some("tcp.refused"))
    );
    assert!(!finding.to_string().contains("secret"), "{finding}");
}
