//! What `connect/token` reads and refuses before and after it knows the client: the same for installations and for
//! people (`identity-installation-token.json`, `identity-user-api-key.json`).

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::message::{Answer, Asked, Ordered};

/// Longer client ids, secrets and grant types are refused.
const MAX_LENGTH: usize = 100;
/// The grants that the endpoint knows but that these clients may not use.
const OTHER_GRANTS: [&str; 7] = [
    "authorization_code",
    "refresh_token",
    "password",
    "urn:ietf:params:oauth:grant-type:device_code",
    "urn:openid:params:grant-type:ciba",
    "webauthn",
    "send_access",
];

/// A form, its names in any case.
#[derive(Debug, Clone, Default)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Reads an urlencoded body.
    pub fn read(body: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(body).map(|(key, value)| (key.into(), value.into())).collect())
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// A field; one that is given twice reads as both with a comma between.
    pub fn get(&self, name: &str) -> Option<String> {
        let values: Vec<&str> = self.all(name).collect();
        (!values.is_empty()).then(|| values.join(","))
    }

    fn first(&self, name: &str) -> Option<String> {
        self.all(name).next().filter(|value| !value.is_empty()).map(str::to_owned)
    }
}

/// A token request whose client is named but not yet checked.
pub struct TokenRequest {
    /// As it came.
    pub client_id: String,
    /// As it came; empty where none was sent.
    pub client_secret: String,
    /// All fields.
    pub form: Form,
    /// `Bitwarden-Client-Version`, as it came.
    pub client_version: String,
}

/// An OAuth refusal: `{"error":"…"}`.
pub fn refuse(error: &str) -> Answer {
    dressed(400, &json!({ "error": error }))
}

/// An answer of this endpoint with the headers that all of them have.
pub fn dressed(status: u16, body: &impl serde::Serialize) -> Answer {
    let text = serde_json::to_string(body).unwrap_or_default();
    Answer::text(status, "application/json; charset=UTF-8", text)
        .with("cache-control", "no-store, no-cache, max-age=0")
        .with("pragma", "no-cache")
}

/// Reads the request; a header with Basic credentials wins over the form, a broken one is passed over.
///
/// # Errors
/// The refusal of a request that is none, or that names no client.
pub fn read(asked: &Asked) -> Result<TokenRequest, Answer> {
    if asked.method.as_str() != "POST" || asked.media_type() != "application/x-www-form-urlencoded" {
        return Err(refuse("invalid_request"));
    }
    let form = Form::read(&asked.body);
    let (client_id, client_secret) = match basic(asked.header("authorization")) {
        Some(pair) => pair,
        None => (
            form.first("client_id").ok_or_else(|| refuse("invalid_request"))?,
            form.first("client_secret").unwrap_or_default(),
        ),
    };
    if client_id.chars().count() > MAX_LENGTH || client_secret.chars().count() > MAX_LENGTH {
        return Err(refuse("invalid_request"));
    }
    let client_version = asked.header("bitwarden-client-version").to_owned();
    Ok(TokenRequest { client_id, client_secret, form, client_version })
}

fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    (!id.is_empty()).then(|| (id.to_owned(), secret.to_owned()))
}

/// The scopes that are granted, in order of the alphabet; asked for none are all that the client may have.
///
/// # Errors
/// The refusal of another grant type or of a scope that the client may not have.
pub fn scopes(form: &Form, allowed: &[&str]) -> Result<Vec<String>, Answer> {
    let grant = form.get("grant_type").unwrap_or_default();
    match grant.as_str() {
        "client_credentials" => {}
        other if OTHER_GRANTS.contains(&other) => return Err(refuse("unauthorized_client")),
        _ => return Err(refuse("unsupported_grant_type")),
    }
    let asked = form.get("scope").unwrap_or_default();
    let mut wanted: Vec<String> = asked.split(' ').filter(|s| !s.is_empty()).map(str::to_owned).collect();
    if wanted.is_empty() {
        wanted = allowed.iter().map(|scope| (*scope).to_owned()).collect();
    }
    if wanted.iter().any(|scope| !allowed.contains(&scope.as_str())) {
        return Err(refuse("invalid_scope"));
    }
    wanted.sort_unstable();
    wanted.dedup();
    Ok(wanted)
}

/// The good answer: the four members of every token, then what this kind of client gets besides.
pub fn grant(token: String, seconds: i64, scopes: &[String], more: Vec<(&'static str, Value)>) -> Answer {
    let mut members = vec![
        ("access_token", json!(token)),
        ("expires_in", json!(seconds)),
        ("token_type", json!("Bearer")),
        ("scope", json!(scopes.join(" "))),
    ];
    members.extend(more);
    dressed(200, &Ordered(members))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_given_twice_is_none_that_exists() {
        let form = Form::read(b"grant_type=client_credentials&scope=a&Scope=b");
        assert_eq!(form.get("scope").as_deref(), Some("a,b"));
        assert_eq!(scopes(&form, &["a", "b"]).unwrap_err(), refuse("invalid_scope"));
        let form = Form::read(b"grant_type=client_credentials&scope=b+a");
        assert_eq!(scopes(&form, &["a", "b"]).unwrap(), ["a", "b"]);
    }
}
