//! The server's identity service: signing in, and a discovery document that names inner addresses
//! (`identity-misc.json`).

use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::super::message::{Answer, Asked, iso};
use super::{api::VERSION, settings::Settings, state::ServerState};

/// The document, with the addresses of an installation whose only own setting is the vault.
const DISCOVERY: &str = include_str!("../../../assets/simulator/discovery.json");
const JSON: &str = "application/json; charset=UTF-8";

/// The answer to a request below `/identity`.
pub fn answer(state: &ServerState, settings: &Settings, asked: &Asked) -> Answer {
    let Some(segments) = asked.segments() else { return Answer::empty(404) };
    let lower: Vec<String> = segments.iter().map(|part| part.to_ascii_lowercase()).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    let reads = asked.method == "GET";
    match lower.as_slice() {
        ["connect", "token"] => {
            state.accounts.connect_token(asked, &state.bearers, OffsetDateTime::now_utc())
        }
        [".well-known", "openid-configuration", rest @ ..] if rest.len() < 2 => {
            if !reads {
                return Answer::empty(405);
            }
            match rest {
                [] => discovery(settings),
                ["jwks"] => keys(state),
                _ => Answer::empty(404),
            }
        }
        ["alive" | "now" | "version"] if !reads => Answer::method_not_allowed("GET"),
        ["alive" | "now"] => Answer::json(200, &iso(OffsetDateTime::now_utc())),
        ["version"] => Answer::json(200, &VERSION),
        _ => Answer::empty(404),
    }
}

fn discovery(settings: &Settings) -> Answer {
    let mut document: Map<String, Value> = serde_json::from_str(DISCOVERY).unwrap_or_default();
    let vault = settings.vault.trim_end_matches('/');
    // The genuine service joins its path base twice here.
    let authorize = format!("{vault}/identity/identity/connect/authorize");
    document.insert("authorization_endpoint".into(), json!(authorize));
    Answer::text(200, JSON, Value::Object(document).to_string())
}

fn keys(state: &ServerState) -> Answer {
    let kid = state.bearers.kid();
    let key = json!({
        "kty": "RSA", "use": "sig", "kid": kid, "x5t": state.bearers.thumbprint(), "e": "AQAB", "n": "",
        "x5c": [], "alg": "RS256",
    });
    Answer::text(200, JSON, json!({ "keys": [key] }).to_string())
}
