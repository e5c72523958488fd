//! License documents of every kind that the recordings know, signed by the world's own licensing key.

use bwsync::tested::simulator::{
    cloud::{Organization, Plan, license},
    jwt, server,
};
use serde_json::{Map, Value, json};
use time::{Duration, OffsetDateTime};

use super::world::{CLOUD_ORGANIZATION, INSTALLATION, LICENSE_KEY, World};

/// A license as the cloud sends it, in camelCase.
pub type Document = Map<String, Value>;

const OTHER: &str = "99998888-7777-4666-8555-b1e500f6a7b8";

fn organization() -> Organization {
    let now = OffsetDateTime::now_utc();
    let mut organization = Organization::good(CLOUD_ORGANIZATION, "Acme Example", LICENSE_KEY, now);
    organization.seats = Some(20);
    organization
}

fn issued(world: &World, organization: &Organization, installation: &str, at: OffsetDateTime) -> Document {
    let document = license::document(organization, installation, at, world.signer());
    match serde_json::to_value(&document).unwrap() {
        Value::Object(document) => document,
        _ => panic!("a license is an object"),
    }
}

fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

pub fn good(world: &World) -> Document {
    issued(world, &organization(), INSTALLATION, now())
}

pub fn other_installation(world: &World) -> Document {
    issued(world, &organization(), OTHER, now())
}

pub fn expired(world: &World) -> Document {
    issued(world, &organization(), INSTALLATION, now() - Duration::days(400))
}

pub fn future(world: &World) -> Document {
    issued(world, &organization(), INSTALLATION, now() + Duration::hours(1))
}

pub fn disabled(world: &World) -> Document {
    issued(world, &Organization { enabled: false, ..organization() }, INSTALLATION, now())
}

pub fn no_self_host(world: &World) -> Document {
    issued(world, &Organization { plan: Plan::Teams, ..organization() }, INSTALLATION, now())
}

pub fn new_key(world: &World) -> Document {
    let key = "anotherKeyInvented012".to_owned();
    issued(world, &Organization { license_key: key, ..organization() }, INSTALLATION, now())
}

pub fn other_organization(world: &World) -> Document {
    issued(world, &Organization { id: OTHER.to_owned(), ..organization() }, INSTALLATION, now())
}

pub fn two_seats(world: &World) -> Document {
    issued(world, &Organization { seats: Some(2), ..organization() }, INSTALLATION, now())
}

/// The subscription has ended; the token has not.
pub fn ended(world: &World) -> Document {
    let end = now() - Duration::days(50);
    issued(world, &Organization { expiration: Some(end), ..organization() }, INSTALLATION, now())
}

pub fn trial(world: &World) -> Document {
    let mut organization = organization();
    organization.subscription.as_mut().unwrap().trial_end = Some(now() + Duration::days(7));
    issued(world, &organization, INSTALLATION, now())
}

pub fn version(world: &World, version: i64) -> Document {
    let mut document = good(world);
    document.insert("version".into(), json!(version));
    document
}

pub fn of_a_user(world: &World) -> Document {
    let mut document = good(world);
    let mut claims = jwt::claims(document["token"].as_str().unwrap()).unwrap();
    claims.insert("aud".into(), json!("user:11112222-3333-4444-8555-b1e500f4e5f6"));
    let token = world.signer().sign(&json!({ "alg": "RS256", "typ": "JWT" }), &Value::Object(claims));
    document.insert("token".into(), json!(token));
    document
}

pub fn garbage_token(world: &World) -> Document {
    let mut document = good(world);
    document.insert("token".into(), json!("garbage"));
    document
}

pub fn bad_signature(world: &World) -> Document {
    let mut document = good(world);
    let token = document["token"].as_str().unwrap();
    let (text, _) = token.rsplit_once('.').unwrap();
    let token = format!("{text}.AAAA");
    document.insert("token".into(), json!(token));
    document
}

/// In the server's spelling, without a token, signed as a whole.
pub fn old_style(world: &World) -> Document {
    old_style_with(world, "Name", json!("Acme Example"))
}

pub fn old_style_with(world: &World, name: &str, value: Value) -> Document {
    let mut document = server::read(&good(world), false);
    document.insert("Token".into(), Value::Null);
    document.insert(name.to_owned(), value);
    server::seal(&mut document, world.signer());
    document
}

pub fn old_style_future(world: &World) -> Document {
    let mut document = old_style(world);
    let issued = (now() + Duration::days(2)).date();
    document.insert("Issued".into(), json!(format!("{issued}T00:00:00Z")));
    document
}

pub fn old_style_tampered(world: &World) -> Document {
    let mut document = old_style(world);
    document.insert("Seats".into(), json!(19));
    document
}

/// The file that the server makes of a document.
pub fn file(document: &Document) -> String {
    let document = server::read(document, false);
    let claims = document["Token"].as_str().and_then(jwt::claims);
    server::file_text(&server::taken_over(&document, claims.as_ref()))
}

/// The file of a document without a token.
pub fn plain_file(document: &Document) -> String {
    server::file_text(document)
}
