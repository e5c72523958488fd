//! The state that each exchange was recorded in, by the exchange's name; or why it is left out.

use serde_json::Value;

use super::{
    documents,
    world::{self, World},
};

/// What an exchange's name asks for.
pub enum Given {
    /// Put the world into this state and ask.
    Ask(Box<dyn Fn(&mut World)>),
    /// Not asked, and why.
    LeftOut(&'static str),
}

fn ask(arrange: impl Fn(&mut World) + 'static) -> Given {
    Given::Ask(Box::new(arrange))
}

/// The state is a fault of the network, for which the simulator has no words.
const NETWORK: &str = "a fault of the network";
/// The state is other data of the organization than its license.
const OTHER_DATA: &str = "members, groups, policies or a second organization";
/// Not a route that bwsync asks.
const OTHER_ROUTE: &str = "a route that bwsync does not ask";
/// No request at all.
const JOB: &str = "a job, or a start of the process";
/// Belongs to the clouds.
const CLOUD: &str = "the cloud's own service or client";

/// `self-connections`
pub fn connections(name: &str, _: &Value) -> Given {
    match name {
        "get-none" | "post-no-bearer" | "method-not-allowed" | "delete-twice" => ask(World::unconnected),
        "get-present-synced" | "put-good-last-sync-lost" | "put-good-last-sync-kept" => ask(World::synced),
        "get-present-disabled" => ask(|world| world.connection().enabled = false),
        "get-self-hosted-false" => ask(|world| world.settings.self_hosted = false),
        "get-config-null" => ask(|world| world.connection().config = None),
        "get-config-empty" => ask(|world| world.connection().config = Some(String::new())),
        "get-config-garbage" => ask(|world| world.connection().config = Some("{nope".into())),
        "get-two-rows" | "put-two-rows" => ask(World::connected_twice),
        "post-duplicate" => ask(|_| ()),
        "enabled-false" => ask(|world| world.settings.cloud_communication = false),
        "put-no-license-file" => ask(|world| world.license_text = None),
        name if name.starts_with("post-") => post_given(name),
        _ => ask(|_| ()),
    }
}

/// What a new connection is saved on: no other one, and a license file of some kind.
fn post_given(name: &str) -> Given {
    let arrange: fn(&mut World) = match name {
        "post-cloud-communication-off" => |world| world.settings.cloud_communication = false,
        "post-self-hosted-false" => |world| world.settings.self_hosted = false,
        "post-no-license-file" => |world| world.license_text = None,
        "post-license-jwt-expired" => {
            |world| world.license_text = Some(documents::file(&documents::expired(world)))
        }
        "post-license-jwt-not-yet-valid" => {
            |world| world.license_text = Some(documents::file(&documents::future(world)))
        }
        "post-license-token-tampered" => {
            |world| world.license_text = Some(documents::file(&documents::bad_signature(world)))
        }
        "post-license-without-token-tampered" => {
            |world| world.license_text = Some(documents::plain_file(&documents::old_style_tampered(world)))
        }
        "post-license-of-other-installation" => {
            |world| world.license_text = Some(documents::file(&documents::other_installation(world)))
        }
        "post-license-garbage-after-json" => |world| world.license_text.as_mut().unwrap().push('}'),
        "post-license-empty-file" => |world| world.license_text = Some(String::new()),
        "post-license-camelcase-file" => {
            |world| world.license_text = Some(Value::Object(documents::good(world)).to_string())
        }
        _ => |_| (),
    };
    ask(move |world| {
        world.unconnected();
        arrange(world);
    })
}

/// `self-license-sync`
pub fn sync(name: &str, exchange: &Value) -> Given {
    if let Some(given) =
        connection_given(name).or_else(|| setting_given(name)).or_else(|| token_given(name, exchange))
    {
        return given;
    }
    if name.starts_with("token-") || name.starts_with("proxy-") {
        return Given::LeftOut(NETWORK);
    }
    if name.starts_with("new-license-") || name == "good-new-license-key" {
        return document_given(name);
    }
    license_given(name, exchange)
}

fn connection_given(name: &str) -> Option<Given> {
    let config = |text: &'static str| ask(move |world| world.connection().config = Some(text.to_owned()));
    Some(match name {
        "no-connection" => ask(World::unconnected),
        "connection-disabled" => ask(|world| world.connection().enabled = false),
        "empty-key" => config(r#"{"BillingSyncKey":"","CloudOrganizationId":null,"LastLicenseSync":null}"#),
        "config-empty" => config(""),
        "config-garbage" => config("{nope"),
        "config-camelcase" => config(r#"{"billingSyncKey":"a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5"}"#),
        "good"
        | "good-trailing-slash"
        | "not-owner"
        | "not-a-member"
        | "unknown-org"
        | "cloud-org-id-used"
        | "bad-guid"
        | "no-bearer"
        | "expired-bearer"
        | "get-instead-of-post" => ask(|_| ()),
        "token-400-then-again-at-once" => ask(|world| *world.cloud.refuse_next.get_mut().unwrap() = true),
        _ => return None,
    })
}

fn setting_given(name: &str) -> Option<Given> {
    let identity = |uri: &'static str| ask(move |world| world.settings.identity_uri = uri.to_owned());
    let api = |uri: &'static str| ask(move |world| world.settings.api_uri = uri.to_owned());
    let key = |key: &'static str| ask(move |world| world.settings.installation_key = key.to_owned());
    Some(match name {
        "cloud-communication-off" => ask(|world| world.settings.cloud_communication = false),
        "cloud-communication-off-and-no-connection" => ask(|world| {
            world.settings.cloud_communication = false;
            world.unconnected();
        }),
        "self-hosted-false" => ask(|world| world.settings.self_hosted = false),
        "identity-uri-trailing-slash" => identity("https://identity.bitwarden.com/"),
        "identity-uri-without-scheme" => identity("identity.bitwarden.com"),
        "identity-uri-quoted" => identity("\"https://identity.bitwarden.com\""),
        // How blanks are cut is the binding's part.
        "identity-uri-carriage-return" => {
            ask(|world| world.bind("installation__identityUri", "https://identity.bitwarden.com\r"))
        }
        "identity-uri-blanks" => {
            ask(|world| world.bind("installation__identityUri", " https://identity.bitwarden.com "))
        }
        "identity-uri-empty" => ask(|world| {
            world.bind("installation__identityUri", "");
            world.unconnected();
        }),
        "api-uri-path-without-slash" => api("https://api.bitwarden.com/api"),
        "api-uri-path-with-slash" => ask(|world| {
            world.settings.api_uri = "https://api.bitwarden.com/api/".to_owned();
            world.cloud.base = "/api".to_owned();
        }),
        "api-uri-without-scheme" => api("api.bitwarden.com"),
        "uri-bad-but-no-connection" => ask(|world| {
            world.settings.identity_uri = "identity.bitwarden.com".to_owned();
            world.unconnected();
        }),
        "installation-key-carriage-return" => key("Zx8vQ2mN4pR6tW1yK3jH\r"),
        "installation-key-empty" => key(""),
        "installation-key-with-space" => ask(|world| {
            world.settings.installation_key = "Zx8v Q2mN+4pR6&tW1y=".to_owned();
            world.cloud.key = world.settings.installation_key.clone();
        }),
        _ => return None,
    })
}

fn token_given(name: &str, exchange: &Value) -> Option<Given> {
    let answers = |status: u16, body: &'static str| {
        ask(move |world| world.cloud.token = Some(Ok((status, body.into()))))
    };
    Some(match name {
        "token-200-empty" => answers(200, ""),
        "token-200-json-without-access-token" => answers(200, r#"{"ok":true}"#),
        "token-200-access-token-null" => ask(|world| {
            world.cloud.token = Some(Ok((200, r#"{"access_token":null}"#.into())));
            world.cloud.license = Some(Ok((401, String::new())));
        }),
        "token-200-access-token-not-a-jwt" => ask(|world| {
            world.cloud.token = Some(Ok((200, r#"{"access_token":"opaque"}"#.into())));
            world.cloud.any_bearer = true;
        }),
        "token-connection-refused" => ask(|world| world.cloud.token = Some(Err(world::REFUSED))),
        "token-dns-failure" => ask(|world| world.cloud.token = Some(Err(world::NAME_UNKNOWN))),
        _ => {
            let recorded = recorded_answer(exchange, "token")?;
            ask(move |world| world.cloud.token = Some(Ok(recorded.clone())))
        }
    })
}

fn license_given(name: &str, exchange: &Value) -> Given {
    let answers = |status: u16, body: &'static str| {
        ask(move |world| world.cloud.license = Some(Ok((status, body.to_owned()))))
    };
    let good = |change: fn(String) -> String| {
        ask(move |world| {
            let document = Value::Object(documents::good(world)).to_string();
            world.cloud.license = Some(Ok((200, change(document))));
        })
    };
    match name {
        "license-200-html" => answers(200, "<html></html>"),
        "license-200-json-as-text-html" => ask(|_| ()),
        "license-200-empty" => answers(200, ""),
        "license-200-null" => answers(200, "null"),
        "license-200-empty-object" => answers(200, "{}"),
        "license-204" => answers(204, ""),
        "license-200-bom" => good(|text| format!("\u{feff}{text}")),
        "license-200-unknown-fields" => good(|text| text.replacen('{', "{\"unknown\":{\"a\":1},", 1)),
        "license-connection-refused" => ask(|world| world.cloud.license = Some(Err(world::REFUSED))),
        "license-dns-failure" => ask(|world| world.cloud.license = Some(Err(world::NAME_UNKNOWN))),
        "license-folder-not-writable" => ask(|world| world.lock = world::Lock::Folder),
        "license-file-not-writable" => ask(|world| world.lock = world::Lock::File),
        "license-file-is-a-directory" => ask(|world| world.lock = world::Lock::Directory),
        _ => match recorded_answer(exchange, "license") {
            Some(recorded) => ask(move |world| world.cloud.license = Some(Ok(recorded.clone()))),
            None => Given::LeftOut(NETWORK),
        },
    }
}

fn document_given(name: &str) -> Given {
    let document: fn(&World) -> documents::Document = match name {
        "good-new-license-key" => documents::new_key,
        "new-license-wrong-installation" => documents::other_installation,
        "new-license-jwt-expired" => documents::expired,
        "new-license-jwt-not-yet-valid" => documents::future,
        "new-license-organization-disabled" => documents::disabled,
        "new-license-no-self-host" => documents::no_self_host,
        "new-license-expires-in-the-past" => documents::ended,
        "new-license-version-17" => |world| documents::version(world, 17),
        "new-license-version-16" => |world| documents::version(world, 16),
        "new-license-token-of-a-user-license" => documents::of_a_user,
        "new-license-token-garbage" => documents::garbage_token,
        "new-license-token-bad-signature" => documents::bad_signature,
        "new-license-other-cloud-organization" => documents::other_organization,
        "new-license-seats-fewer-than-used" => documents::two_seats,
        "new-license-old-style-good" => documents::old_style,
        "new-license-old-style-wrong-installation" => |world| {
            documents::old_style_with(world, "InstallationId", "99998888-7777-4666-8555-b1e500f6a7b8".into())
        },
        "new-license-old-style-not-issued-yet" => documents::old_style_future,
        "new-license-old-style-version-17" => |world| documents::old_style_with(world, "Version", 17.into()),
        "new-license-old-style-premium-license" => {
            |world| documents::old_style_with(world, "LicenseType", 0.into())
        }
        "new-license-old-style-tampered" => documents::old_style_tampered,
        _ => return Given::LeftOut(OTHER_DATA),
    };
    ask(move |world| {
        let text = Value::Object(document(world)).to_string();
        world.cloud.license = Some(Ok((200, text)));
    })
}

/// The recording's own words for the cloud's answer: `400 {json}`, `401 Unauthorized, empty body`,
/// `403 Forbidden, text/html page`.
fn recorded_answer(exchange: &Value, of: &str) -> Option<(u16, String)> {
    let (status, rest) = exchange["cloud_answer"][of].as_str()?.split_once(' ')?;
    let body = if rest.starts_with('{') {
        rest.to_owned()
    } else if rest.contains("html") {
        "<html><body>Blocked by policy</body></html>".to_owned()
    } else if rest.contains("empty body") {
        String::new()
    } else {
        return None;
    };
    Some((status.parse().ok()?, body))
}

/// `self-subscription`
pub fn subscription(name: &str, _: &Value) -> Given {
    let file = |document: fn(&World) -> documents::Document| {
        ask(move |world| world.license_text = Some(documents::file(&document(world))))
    };
    match name {
        "trial" => file(documents::trial),
        "monthly-or-no-grace" => file(documents::ended),
        "jwt-expired" => file(documents::expired),
        "old-style-license" => {
            ask(|world| world.license_text = Some(documents::plain_file(&documents::old_style(world))))
        }
        "no-license-file" => ask(|world| world.license_text = None),
        "empty-license-file" => ask(|world| world.license_text = Some(String::new())),
        "camelcase-license-file" => {
            ask(|world| world.license_text = Some(Value::Object(documents::good(world)).to_string()))
        }
        "garbage-after-json" => ask(|world| world.license_text.as_mut().unwrap().push('K')),
        "unknown-org-in-claims" => {
            ask(|world| world.owned = "99998888-7777-4666-8555-b1e500f6a7b8".to_owned())
        }
        _ => ask(|_| ()),
    }
}

/// `self-sponsorship`
pub fn sponsorship(name: &str, _: &Value) -> Given {
    match name {
        "sync-status-synced" => {
            ask(|world| world.sponsorship_sync = Some("2026-11-20T03:00:00.1234567Z".into()))
        }
        "sponsored-self-hosted-false" => ask(|world| world.settings.self_hosted = false),
        "sponsored-rows" => Given::LeftOut("the simulator has no sponsorships"),
        name if name.starts_with("sponsored-") || name.starts_with("sync-status-") => ask(|_| ()),
        name if name.starts_with("job-") => Given::LeftOut(JOB),
        _ => Given::LeftOut(OTHER_ROUTE),
    }
}

/// `self-misc`
pub fn misc(name: &str, _: &Value) -> Given {
    let region =
        |region: &'static str| ask(move |world| world.settings.cloud_region = Some(region.to_owned()));
    match name {
        "config-eu" => region("EU"),
        "config-region-lower-case" => region("eu"),
        "config-region-with-flattened-lines" => {
            region("EU globalSettings__installation__identityUri=https://identity.bitwarden.eu")
        }
        "config-registration-disabled" => ask(|world| world.settings.registration_disabled = true),
        "cors-vault-origin" | "cors-other-origin" => Given::LeftOut("headers that only a browser asks for"),
        "identity-service-down" => Given::LeftOut(NETWORK),
        name if name.starts_with("start-") || name.starts_with("license-job-") => Given::LeftOut(JOB),
        _ => ask(|_| ()),
    }
}

/// `identity-misc`
pub fn identity(name: &str, _: &Value) -> Given {
    if name.contains("self-hosted") { ask(|_| ()) } else { Given::LeftOut(CLOUD) }
}

/// `self-license-upload`; its bodies are recorded without the license in them.
pub fn upload(name: &str, _: &Value) -> Given {
    let sends = |text: fn(&World) -> String| ask(move |world| world.upload = Some(text(world)));
    let document = |document: fn(&World) -> documents::Document| {
        ask(move |world| world.upload = Some(Value::Object(document(world)).to_string()))
    };
    match name {
        "good-pascal-case" => sends(|world| documents::file(&documents::good(world))),
        "good-byte-order-mark" => sends(|world| format!("\u{feff}{}", Value::Object(documents::good(world)))),
        "good-cloud-communication-off" => ask(|world| {
            world.settings.cloud_communication = false;
            world.upload = Some(Value::Object(documents::good(world)).to_string());
        }),
        "good-connection-kept" => ask(|world| {
            world.synced();
            world.upload = Some(Value::Object(documents::good(world)).to_string());
        }),
        "not-json" => sends(|_| "hello".to_owned()),
        "html" => sends(|_| "<html><body>no</body></html>".to_owned()),
        "json-array" => sends(|_| "[]".to_owned()),
        "json-null" => sends(|_| "null".to_owned()),
        "empty-object" => sends(|_| "{}".to_owned()),
        "garbage-after-json" => sends(|world| format!("{}KK", Value::Object(documents::good(world)))),
        "wrong-value-type" => sends(|world| {
            let mut document = documents::good(world);
            document.insert("seats".into(), "20".into());
            Value::Object(document).to_string()
        }),
        "too-large" => {
            sends(|world| format!("{}{}", Value::Object(documents::good(world)), " ".repeat(60_000)))
        }
        "wrong-installation" => document(documents::other_installation),
        "jwt-expired" => document(documents::expired),
        "jwt-not-yet-valid" => document(documents::future),
        "premium-user-license" => document(documents::of_a_user),
        "premium-user-license-without-token" => {
            document(|world| documents::old_style_with(world, "LicenseType", 0.into()))
        }
        "version-17-with-token" => document(|world| documents::version(world, 17)),
        "tampered-token" => document(documents::bad_signature),
        "seats-fewer-than-used" => document(documents::two_seats),
        "in-use-by-other-organization" => Given::LeftOut(OTHER_DATA),
        "self-hosted-false" => ask(|world| {
            world.settings.self_hosted = false;
            world.upload = Some(Value::Object(documents::good(world)).to_string());
        }),
        _ => document(documents::good),
    }
}
