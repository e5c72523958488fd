//! The recorded log lines of every sync, read as one file and each on its own.

use serde_json::Value;
use time::macros::datetime;

use super::*;

const LONG_AGO: OffsetDateTime = datetime!(2020-01-01 0:00 UTC);

fn exchanges() -> Vec<Value> {
    of(include_str!("../../../tests/data/contract/self-license-sync.json"))
}

fn of(text: &str) -> Vec<Value> {
    let contract: Value = serde_json::from_str(text).unwrap();
    contract["exchanges"].as_array().unwrap().clone()
}

fn log(exchange: &Value) -> String {
    let lines = exchange["log"].as_array().unwrap();
    lines.iter().map(|line| format!("{}\n", line.as_str().unwrap())).collect()
}

/// Exchange and cause for those whose log holds one.
const CAUSES: &[(&str, &str)] = &[
    ("bad-guid", "sync.refused"),
    ("token-400-invalid-client", "installation.key_rejected"),
    ("token-400-invalid-scope", "installation.key_rejected"),
    ("token-401-empty", "http.block_page"),
    ("token-403-html", "http.block_page"),
    ("token-407-html", "proxy.auth_required"),
    ("token-500-empty", "http.server_error"),
    ("token-503-html", "http.server_error"),
    ("token-reason-empty", "http.server_error"),
    ("token-200-empty", "http.block_page"),
    ("token-200-json-without-access-token", "http.block_page"),
    ("token-200-access-token-null", "http.unexpected_status"),
    ("token-302-to-login-page", "http.block_page"),
    ("token-connection-refused", "tcp.refused"),
    ("token-dns-failure", "dns.not_found"),
    ("token-connection-closed", "tcp.reset"),
    ("token-tls-untrusted", "tls.intercepted"),
    ("token-not-http", "http.unexpected_status"),
    ("api-uri-path-without-slash", "config.bad_url"),
    ("identity-uri-without-scheme", "config.bad_url"),
    ("identity-uri-quoted", "config.bad_url"),
    ("api-uri-without-scheme", "config.bad_url"),
    ("uri-bad-but-no-connection", "config.bad_url"),
    ("installation-key-carriage-return", "installation.key_rejected"),
    ("installation-key-empty", "installation.key_rejected"),
    ("token-timeout", "http.timeout"),
    ("token-tls-handshake-timeout", "http.timeout"),
    ("token-tls-company-ca-trusted-der", "tls.intercepted"),
    ("token-tls-company-ca-not-installed", "tls.intercepted"),
    ("token-tls-intermediate-missing", "tls.intercepted"),
    ("token-tls-only-intermediate-installed", "tls.intercepted"),
    ("token-tls-wrong-name", "tls.name_mismatch"),
    ("token-tls-expired", "tls.expired"),
    ("token-tls-not-yet-valid", "tls.expired"),
    ("proxy-407", "proxy.auth_required"),
    ("proxy-403", "proxy.denied"),
    ("proxy-refused", "proxy.unreachable"),
    ("license-400-invalid-billing-sync-key", "token.rejected"),
    ("license-400-invalid-license-key", "license.stale_key"),
    ("license-400-invalid-installation-id", "installation.disabled"),
    ("license-400-no-active-subscription", "license.no_subscription"),
    ("license-400-model-state", "http.get_with_body_blocked"),
    ("license-404-resource-not-found", "license.organization_not_in_region"),
    ("license-403-json", "http.unexpected_status"),
    ("license-429-json", "http.rate_limited"),
    ("license-500-json", "token.never_generated"),
    ("license-401-empty", "http.unexpected_status"),
    ("license-403-empty", "http.unexpected_status"),
    ("license-403-html", "http.get_with_body_blocked"),
    ("license-400-html", "http.get_with_body_blocked"),
    ("license-404-empty", "http.unexpected_status"),
    ("license-500-empty", "http.server_error"),
    ("license-502-html", "http.server_error"),
    ("license-200-html", "http.block_page"),
    ("license-200-empty", "http.block_page"),
    ("license-204", "http.block_page"),
    ("license-302-to-login-page", "http.redirected"),
    ("license-connection-refused", "tcp.refused"),
    ("license-dns-failure", "dns.not_found"),
    ("license-tls-untrusted", "tls.intercepted"),
    ("license-connection-reset", "tcp.reset"),
    ("license-timeout", "http.timeout"),
];

#[test]
fn every_recorded_sync_has_its_cause_in_the_log() {
    let mut read_ones = 0;
    for exchange in exchanges() {
        let name = exchange["name"].as_str().unwrap();
        let attempt = last_attempt(&read(&log(&exchange)), LONG_AGO);
        let wanted = CAUSES.iter().find(|(known, _)| *known == name).map(|(_, cause)| *cause);
        let finding = attempt.as_ref().and_then(|attempt| attempt.finding.as_ref());
        assert_eq!(finding.map(|f| f.cause.code()), wanted, "{name}: {attempt:?}");
        let silent = exchange["log"].as_array().unwrap().is_empty();
        assert_eq!(attempt.is_none(), silent, "{name}");
        if let Some(attempt) = attempt.filter(|attempt| attempt.finding.is_none()) {
            assert!(attempt.licensed, "{name}");
            assert!(attempt.hosts.iter().any(|host| host.starts_with("api.")), "{name}");
        }
        read_ones += 1;
    }
    let known = exchanges();
    for (name, _) in CAUSES {
        assert!(known.iter().any(|exchange| exchange["name"] == *name), "{name} is not recorded");
    }
    println!("{read_ones} recorded logs read");
}

#[test]
fn the_official_images_say_it_in_other_words() {
    let exchange = exchanges().into_iter().find(|e| e["name"] == "token-dns-failure").unwrap();
    let log = log(&exchange).replace("Name or service not known", "Name does not resolve");
    let finding = last_attempt(&read(&log), LONG_AGO).and_then(|attempt| attempt.finding).unwrap();
    assert_eq!(finding.cause.code(), "dns.not_found");
    assert_eq!(finding.evidence.get("host"), Some("identity.bitwarden.com"));
}

#[test]
fn the_newest_attempt_of_a_whole_file_counts_and_only_since() {
    let all: String = exchanges().iter().map(log).collect();
    let entries = read(&format!("tail of an entry (12345678)\nmore of it\n{all}"));
    assert!(entries.windows(2).all(|pair| pair[0].template.is_some() || pair[1].template.is_some()));
    let newest = last_attempt(&entries, LONG_AGO).unwrap();
    assert!(entries.iter().all(|entry| entry.at <= newest.until || entry.request.is_none()));
    assert_eq!(last_attempt(&entries, newest.until + time::Duration::seconds(1)), None);
}

#[test]
fn a_region_that_does_not_fit_together_is_seen() {
    let exchange = exchanges().into_iter().find(|e| e["name"] == "license-401-empty").unwrap();
    let log = log(&exchange).replace("identity.bitwarden.com", "identity.bitwarden.eu");
    let finding = last_attempt(&read(&log), LONG_AGO).and_then(|attempt| attempt.finding).unwrap();
    assert_eq!(finding.cause.code(), "config.half_region");
}

#[test]
fn jobs_and_rubbish_are_no_attempts() {
    let table = [
        "",
        "\n\n\r\n",
        "2026-11-21T23:59:29.8687087+00:00  [INF] No existing sponsorships to sync for organization x (0ab9d7b0)",
        "2026-11-21T23:59:29.8687087+00:00 A:1 [ERR] (0e652604)",
        "2026-11-21T23:59:29.8687087+00:00 A:1 [ERR] Request to \"https://x/licenses/organization/\" (4e5b0096",
        "[ERR] ]] ((((((( )))) \"\"\"",
    ];
    for text in table {
        assert_eq!(last_attempt(&read(text), LONG_AGO), None, "{text}");
    }
    let broken = "2026-11-21T23:59:29.8687087+00:00 A:1 [ERR] licenses/organization/ (4e5b0096)";
    assert!(last_attempt(&read(broken), LONG_AGO).is_some());
}

#[test]
fn the_daily_job_is_seen_where_it_ran_through() {
    let recorded = of(include_str!("../../../tests/data/contract/self-sponsorship.json"));
    let ran = |name: &str| {
        let exchange = recorded.iter().find(|e| e["name"] == name).unwrap();
        let entries = read(&log(exchange));
        assert_eq!(last_attempt(&entries, LONG_AGO), None, "{name}");
        last_sponsorship_sync(&entries).is_some()
    };
    for (name, wanted) in [
        ("job-zero-sponsorships", true),
        ("job-good", true),
        ("job-good-mixed", true),
        ("job-token-400", false),
        ("job-cloud-400", false),
        ("job-cloud-401-empty", false),
        ("job-refused", false),
    ] {
        assert_eq!(ran(name), wanted, "{name}");
    }
}

#[test]
fn the_start_and_the_last_license_are_seen() {
    let start = "2026-11-22T00:07:04.5625232+01:00  [INF] Application started. Press Ctrl+C to shut down. (dcaefe54)\n";
    let good = exchanges().into_iter().find(|e| e["name"] == "good").unwrap();
    let entries = read(&format!("{start}{}", log(&good)));
    assert_eq!(api_started(&entries), Some(datetime!(2026-11-22 00:07:04.562_523_2 +1)));
    assert!(last_licensed(&entries).is_some());
    assert_eq!(last_licensed(&read(start)), None);
}

proptest::proptest! {
    #[test]
    fn no_log_makes_it_stumble(lines in proptest::collection::vec(
        "(2026-11-21T23:59:29\\.8687087\\+00:00 )?(A:1 )?(\\[ERR\\] )?(\"https://x/licenses/organization/)?[ -~é\"\u{202f}]{0,40}( ---> )?( \\((0e652604|4e5b0096|7ffbebc0|f80f533c|066d6197|338f1c77|7656b38e)\\))?", 0..40
    )) {
        let text = lines.join("\n");
        let entries = read(&text);
        let _ = last_attempt(&entries, LONG_AGO);
        let _ = last_sponsorship_sync(&entries);
        let _ = api_started(&entries);
    }
}
