//! Recorded answers and hostile ones; the whole recordings are replayed in `tests/replay.rs`.

use super::*;
use crate::domain::{region::Lookup, secret::Secret};

fn json(status: u16, body: &str) -> Answer<'_> {
    Answer {
        status,
        content_type: Some("application/json; charset=utf-8"),
        body: body.as_bytes(),
        ..Answer::default()
    }
}

fn page(status: u16) -> Answer<'static> {
    Answer { status, content_type: Some("text/html"), body: b"<html>Blocked", ..Answer::default() }
}

fn empty(status: u16) -> Answer<'static> {
    Answer { status, ..Answer::default() }
}

fn error(message: &str) -> String {
    format!("{{\"object\":\"error\",\"message\":\"{message}\",\"validationErrors\":null}}")
}

fn cause<T>(result: Result<T, Finding>) -> &'static str {
    result.err().map_or("", |finding| finding.cause.code())
}

#[test]
fn an_installation_is_known_or_not_and_a_page_is_neither() {
    let known =
        r#"{"id":"7c0b6b1e-52a6-4c6f-9a3c-b1e500f1a2b3","key":null,"enabled":true,"object":"installation"}"#;
    assert_eq!(installation(&json(200, known)), Ok(Lookup::Enabled));
    assert_eq!(installation(&json(200, &known.replace("true", "false"))), Ok(Lookup::Disabled));
    assert_eq!(installation(&json(404, &error("Resource not found."))), Ok(Lookup::NotFound));
    assert_eq!(cause(installation(&empty(404))), "http.unexpected_status");
    assert_eq!(cause(installation(&json(200, "{}"))), "http.block_page");
    assert_eq!(cause(installation(&page(200))), "http.block_page");
    assert_eq!(cause(installation(&page(403))), "http.block_page");
    assert_eq!(cause(installation(&page(503))), "http.server_error");
    let portal = Answer { location: Some("https://u:p@login.example.com/x?token=secret#y"), ..empty(302) };
    let finding = installation(&portal).unwrap_err();
    assert_eq!(finding.cause, Cause::HttpRedirected);
    assert_eq!(finding.evidence.get("location"), Some("https://login.example.com/x"));
}

#[test]
fn rejected_and_could_not_ask_differ() {
    assert_eq!(
        cause(installation_token(&json(400, r#"{"error":"invalid_client"}"#))),
        "installation.key_rejected"
    );
    assert_eq!(
        cause(installation_token(&json(400, r#"{"error":"invalid_scope"}"#))),
        "http.unexpected_status"
    );
    let limited = Answer { retry_after: Some(56), ..empty(429) };
    let finding = installation_token(&limited).unwrap_err();
    assert_eq!((finding.cause, finding.evidence.get("retry_after")), (Cause::HttpRateLimited, Some("56")));
    let good =
        r#"{"access_token":"aaa.bbb.ccc","expires_in":86400,"scope":"api.installation api.licensing"}"#;
    let bearer = installation_token(&json(200, good)).unwrap();
    assert_eq!(bearer.scopes, ["api.installation", "api.licensing"]);
    assert!(!format!("{bearer:?}").contains("bbb"));
    assert_eq!(cause(installation_token(&json(200, r#"{"access_token":"a\r\nX: y"}"#))), "http.block_page");
}

#[test]
fn the_license_question_without_and_with_a_token() {
    let rejected = error("Invalid Billing Sync Key");
    assert_eq!(license_question(&json(400, &rejected), true), Ok(LicenseAnswer::AllButToken));
    let unhandled = error("An unhandled server error has occurred.");
    let table = [
        (400, rejected.as_str(), false, "token.rejected"),
        (400, &error("Invalid license key."), true, "license.stale_key"),
        (404, &error("Resource not found."), true, "license.organization_not_in_region"),
        (400, &error("Invalid installation id"), true, "installation.disabled"),
        (400, &error("No active subscription found."), false, "license.no_subscription"),
        (400, &error("Something new"), false, "http.unexpected_status"),
        (500, &unhandled, false, "token.never_generated"),
        (500, &unhandled, true, "http.server_error"),
        (200, "{}", false, "http.block_page"),
    ];
    for (status, body, empty_key, wanted) in table {
        assert_eq!(cause(license_question(&json(status, body), empty_key)), wanted, "{status} {body}");
    }
    assert_eq!(cause(license_question(&empty(415), true)), "http.get_with_body_blocked");
    assert_eq!(cause(license_question(&page(403), true)), "http.get_with_body_blocked");
    assert_eq!(cause(license_question(&page(502), true)), "http.server_error");
}

#[test]
fn claims_tell_not_owner_from_unknown_organization() {
    // {"orgowner":"aaaa…","orguser":["bbbb…"]}
    let payload = "eyJvcmdvd25lciI6ImFhYWFhYWFhLTAwMDAtNDAwMC04MDAwLTAwMDAwMDAwMDAwMSIsIm9yZ3VzZXIiOlsiYmJiYmJiYmItMDAwMC00MDAwLTgwMDAtMDAwMDAwMDAwMDAyIl19";
    let body = format!("{{\"access_token\":\"e30.{payload}.c2ln\",\"expires_in\":3600}}");
    let bearer = user_token(&json(200, &body)).unwrap();
    const MISSING: (Cause, AdviceCode) = (Cause::ConnectionMissing, AdviceCode::SaveToken);
    let refused = || license_sync(&json(404, &error("Resource not found."))).unwrap_err();
    let explained = |org: &str| bearer.explain(refused(), org, MISSING).cause.code();
    assert_eq!(refused().cause, Cause::SyncRefused);
    assert_eq!(explained("AAAAAAAA-0000-4000-8000-000000000001"), "connection.missing");
    assert_eq!(explained("bbbbbbbb-0000-4000-8000-000000000002"), "login.not_owner");
    assert_eq!(explained("cccccccc-0000-4000-8000-000000000003"), "login.org_not_found");
    let blind = UserBearer { access_token: Secret::new("x"), roles: None, expires_in: 0 };
    assert_eq!(blind.explain(refused(), "x", MISSING).cause, Cause::SyncRefused);
}

#[test]
fn hostile_bodies_do_no_harm() {
    let deep = "[".repeat(50_000);
    let long = error(&"\u{202e}x\\u001b[31m".repeat(5_000));
    for body in [deep.as_str(), &long, "\u{feff}", "null", "1e999", "{\"object\":\"error\"}", "\"\\ud800\""] {
        for status in [0, 100, 200, 204, 301, 400, 401, 403, 404, 418, 429, 500, 503, 999] {
            let answer = json(status, body);
            let findings = [
                installation(&answer).err(),
                installation_token(&answer).err(),
                license_question(&answer, false).err(),
                user_token(&answer).err(),
                connection(&answer).err(),
                save_connection(&answer).err(),
                license_sync(&answer).err(),
                subscription(&answer).err(),
                sync_status(&answer).err(),
                config(&answer).err(),
                alive(&answer).err(),
            ];
            for finding in findings.into_iter().flatten() {
                let shown = finding.to_string();
                assert!(shown.chars().count() < 1_500, "{shown}");
                assert!(!shown.contains('\u{1b}') && !shown.contains('\u{202e}'), "{shown}");
            }
        }
    }
}
