//! The routes of the api, and the few that anybody may ask.

use serde_json::{Value, json};
use time::OffsetDateTime;

use super::super::message::{Answer, Asked, guid, iso};
use super::{
    bearer::Caller, connections, settings::Settings, sponsorship, state::ServerState, subscription, sync,
    upload,
};

/// Version of the simulated server.
pub const VERSION: &str = "2026.8.0";

/// The answer to a request below `/api`.
pub fn answer(state: &ServerState, settings: &Settings, asked: &Asked) -> Answer {
    let Some(segments) = asked.segments() else { return Answer::empty(404) };
    let lower: Vec<String> = segments.iter().map(|part| part.to_ascii_lowercase()).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    let result = match lower.as_slice() {
        ["alive" | "now"] => verb(asked, "GET").map(|()| Answer::json(200, &iso(OffsetDateTime::now_utc()))),
        ["version"] => verb(asked, "GET").map(|()| Answer::json(200, &VERSION)),
        // Tells an address of the cloud that leads to a self-hosted server (`cloud-installations.json`).
        ["installations", _] => {
            verb(asked, "GET").map(|()| Answer::error(400, "Only allowed when not self hosted."))
        }
        ["config"] => verb(asked, "GET").map(|()| config(settings)),
        ["organizations", "connections", "enabled"] if asked.method == "GET" => {
            enabled(state, settings, asked)
        }
        ["organizations", "connections"] => {
            verb(asked, "POST").and_then(|()| connections::create(state, settings, asked))
        }
        ["organizations", "connections", _] => one_connection(state, settings, asked, &segments[2]),
        ["organizations", "connections", _, _] => verb(asked, "GET")
            .and_then(|()| connections::get(state, settings, asked, &segments[2], &segments[3])),
        ["organizations", "licenses", "self-hosted", _, "sync"] => {
            verb(asked, "POST").and_then(|()| sync::run(state, settings, asked, &segments[3]))
        }
        ["organizations", "licenses", "self-hosted", _] => {
            verb(asked, "POST").and_then(|()| upload::run(state, settings, asked, &segments[3]))
        }
        // The route takes GUIDs only; anything else is no route at all.
        ["organizations", id, "subscription"] if guid(id).is_some() => {
            verb(asked, "GET").and_then(|()| subscription::get(state, asked, id))
        }
        ["organization", "sponsorship", "self-hosted", _, "sponsored"] => {
            verb(asked, "GET").and_then(|()| sponsorship::sponsored(state, settings, asked, &segments[3]))
        }
        ["organization", "sponsorship", _, "sync-status"] => {
            verb(asked, "GET").and_then(|()| sponsorship::sync_status(state, asked, &segments[2]))
        }
        _ => Err(Answer::empty(404)),
    };
    result.unwrap_or_else(|refused| refused)
}

fn verb(asked: &Asked, allow: &str) -> Result<(), Answer> {
    if asked.method == allow { Ok(()) } else { Err(Answer::method_not_allowed(allow)) }
}

fn one_connection(
    state: &ServerState,
    settings: &Settings,
    asked: &Asked,
    id: &str,
) -> Result<Answer, Answer> {
    match asked.method.as_str() {
        "PUT" => connections::update(state, settings, asked, id),
        "DELETE" => connections::remove(state, asked, id),
        _ => Err(Answer::method_not_allowed("DELETE, PUT")),
    }
}

/// Any user may ask whether the server speaks with the cloud.
fn enabled(state: &ServerState, settings: &Settings, asked: &Asked) -> Result<Answer, Answer> {
    Caller::of(state, asked)?;
    Ok(Answer::json(200, &(settings.self_hosted && settings.cloud_communication)))
}

/// What clients read before they sign in (`self-misc.json`).
fn config(settings: &Settings) -> Answer {
    let vault = settings.vault.trim_end_matches('/');
    let document: Value = json!({
        "version": VERSION,
        "gitHash": "00000000",
        "server": null,
        "environment": {
            "cloudRegion": settings.cloud_region,
            "vault": vault,
            "api": format!("{vault}/api"),
            "identity": format!("{vault}/identity"),
            "notifications": format!("{vault}/notifications"),
            "sso": format!("{vault}/sso"),
            "fillAssistRules": "https://github.com/bitwarden/map-the-web/releases/latest/download",
        },
        "featureStates": {},
        "push": { "pushTechnology": 0, "vapidPublicKey": null },
        "communication": null,
        "settings": {
            "disableUserRegistration": settings.registration_disabled,
            "suppressOnboardingInterstitials": false,
        },
        "object": "config",
    });
    Answer::json(200, &document)
}
