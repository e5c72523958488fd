//! Licenses as the genuine server and cloud made them.

use serde_json::Value;
use time::macros::datetime;

use super::*;

const ID: &str = "5a1d2c3b-4e5f-4a6b-8c7d-b1e500f3d4e5";
const INSTALLATION: &str = "7c0b6b1e-52a6-4c6f-9a3c-b1e500f1a2b3";
const NOW: OffsetDateTime = datetime!(2026-11-22 00:10 UTC);

fn contract() -> Value {
    serde_json::from_str(include_str!("../../../tests/data/contract/license-file.json")).unwrap()
}

fn file(name: &str) -> String {
    let contract = contract();
    let license = contract["licenses"].as_array().unwrap().iter().find(|l| l["name"] == name).unwrap();
    license["file_text_as_serialised"].as_str().unwrap().to_owned()
}

fn causes(license: &License) -> Vec<&'static str> {
    findings(license, Some(INSTALLATION), NOW).iter().map(|f| f.cause.code()).collect()
}

#[test]
fn a_good_license_reads_the_same_before_and_after_a_sync() {
    let contract = contract();
    let synced = contract["file_text_after_sync"].as_str().unwrap().to_owned();
    for text in [file("good"), synced, format!("\u{feff}{}\r\n\n", file("good"))] {
        let license = parse(ID, text.as_bytes()).unwrap();
        assert_eq!(license.cloud_id, "0f5b7f0e-9d0a-4c55-8a51-b1e500f2c3d4");
        assert_eq!(license.license_key.expose(), "licKeyInvented0123456");
        assert_eq!(license.terms().expires, Some(datetime!(2028-01-14 00:00 UTC)));
        assert_eq!(license.terms().expires_without_grace, Some(datetime!(2027-11-15 00:00 UTC)));
        assert_eq!(license.organization().seats, Some(20));
        assert_eq!((license.tier, license.kind, license.version), (Tier::Enterprise, Kind::Organization, 15));
        assert_eq!(license.plan_type, Some(20));
        assert!(causes(&license).is_empty());
        assert!(!format!("{license:?}").contains("licKeyInvented"));
    }
}

#[test]
fn recorded_licenses_have_their_faults() {
    let table = [
        ("good", vec![]),
        ("jwt-expired", vec!["license.expired"]),
        ("wrong-installation", vec!["license.wrong_installation"]),
        ("jwt-future", vec!["license.not_yet_valid"]),
        ("notoken", vec![]),
    ];
    for (name, wanted) in table {
        assert_eq!(causes(&parse(ID, file(name).as_bytes()).unwrap()), wanted, "{name}");
    }
}

#[test]
fn what_the_server_cannot_read_is_told_apart() {
    let contract = contract();
    let camel = contract["licenses"][0]["cloud_answer_text"].as_str().unwrap();
    let good = file("good");
    let table = [
        (String::new(), "license.unreadable", Some("empty")),
        (format!("{good}xx"), "license.trailing_data", None),
        (format!("{good}{{}}"), "license.trailing_data", None),
        (camel.to_owned(), "license.unreadable", Some("camel_case")),
        ("<html>".into(), "license.unreadable", Some("not_json")),
        ("[]".into(), "license.unreadable", Some("not_json")),
        (good[..good.len() / 2].to_owned(), "license.unreadable", Some("not_json")),
        ("{}".into(), "license.unreadable", Some("key")),
        (good.replace("\"Seats\": 20", "\"Seats\": \"20\""), "license.unreadable", Some("key")),
        (good.replace("\"Version\": 15", "\"Version\": \"15\""), "license.unreadable", Some("key")),
        (good.replace("\"Token\": \"eyJ", "\"Token\": \"..eyJ"), "license.unreadable", Some("token")),
        ("[".repeat(100_000), "license.unreadable", Some("not_json")),
        (" ".repeat(LARGEST + 1), "license.unreadable", Some("too_large")),
    ];
    for (text, cause, reason) in table {
        let shown = &text[..text.len().min(40)];
        let finding = parse(ID, text.as_bytes()).unwrap_err();
        assert_eq!(finding.cause.code(), cause, "{shown}");
        assert_eq!(finding.evidence.get("reason"), reason, "{shown}");
        assert!(!format!("{finding:?}").contains("licKeyInvented"));
    }
}

#[test]
fn without_a_token_the_plain_fields_count() {
    let old = file("notoken");
    let changed = |from: &str, to: &str| {
        assert!(old.contains(from), "{from}");
        causes(&parse(ID, old.replace(from, to).as_bytes()).unwrap())
    };
    assert_eq!(changed("\"Version\": 15", "\"Version\": 17"), ["license.version_unsupported"]);
    assert_eq!(changed("\"LicenseType\": 1", "\"LicenseType\": 0"), ["license.wrong_kind"]);
    assert_eq!(changed("\"Enabled\": true", "\"Enabled\": false"), ["license.org_disabled"]);
    assert_eq!(changed("\"SelfHost\": true", "\"SelfHost\": false"), ["license.plan_without_sync"]);
    assert_eq!(changed("Enterprise (Annually)", "Families"), ["license.plan_without_sync"]);
    assert_eq!(changed("\"Expires\": \"2028", "\"Expires\": \"2025"), ["license.expired"]);
    assert_eq!(changed("\"Issued\": \"2026", "\"Issued\": \"2027"), ["license.not_yet_valid"]);
}

#[test]
fn the_same_key_twice_is_found() {
    let one = parse(ID, file("good").as_bytes()).unwrap();
    let two = License { self_hosted_id: "other".into(), ..one.clone() };
    let three = License { license_key: Secret::new("anotherKeyInvented"), ..one.clone() };
    assert!(duplicate_key(&[one.clone(), three.clone()]).is_none());
    let finding = duplicate_key(&[three, one, two]).unwrap();
    assert_eq!(finding.evidence.get("candidates"), Some(&*format!("{ID}, other")));
}

proptest::proptest! {
    #[test]
    fn no_file_makes_it_stumble(at in 0usize..4_000, byte in 0u8..=255, length in 0usize..4_100) {
        let mut bytes = file("good").into_bytes();
        bytes.truncate(length);
        if let Some(place) = bytes.get_mut(at) {
            *place = byte;
        }
        if let Err(finding) = parse(ID, &bytes) {
            let shown = format!("{finding:?} {finding}");
            proptest::prop_assert!(!shown.contains("licKeyInvented"), "{}", shown);
        }
    }
}
