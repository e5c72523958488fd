//! Whether the server takes a license: the checks of the genuine one in its order and its words
//! (`self-license-sync.json`, `self-connections.json`).

use serde_json::{Map, Value};
use time::{OffsetDateTime, macros::format_description};

use super::super::{
    jwt::{self, Signer},
    message::guid,
};
use super::license;

/// The newest version of a license that the server knows, and one more that it accepts.
const NEWEST_VERSION: i64 = 16;

/// A license document in the server's form, its token checked.
pub struct Checked {
    /// The document in PascalCase.
    pub document: Map<String, Value>,
    /// The claims of its token, where it has one.
    pub claims: Option<Map<String, Value>>,
}

impl Checked {
    /// A value as the server uses it: the token's where there is a token.
    pub fn taken(&self) -> Map<String, Value> {
        license::taken_over(&self.document, self.claims.as_ref())
    }
}

/// Checks the token alone: signature, time, audience.
///
/// # Errors
/// The server's sentence.
pub fn token(document: Map<String, Value>, signer: &Signer, now: OffsetDateTime) -> Result<Checked, String> {
    let token = document.get("Token").and_then(Value::as_str).map(str::to_owned);
    let claims = match token.filter(|token| !token.is_empty()) {
        None => None,
        Some(token) => Some(
            claims(&token, document.get("Id"), signer, now)
                .map_err(|why| format!("Invalid license. {why}"))?,
        ),
    };
    Ok(Checked { document, claims })
}

fn claims(
    token: &str,
    id: Option<&Value>,
    signer: &Signer,
    now: OffsetDateTime,
) -> Result<Map<String, Value>, String> {
    let malformed = || "IDX12741: JWT must have three segments (JWS) or five segments (JWE).".to_owned();
    let parts: Vec<_> = token.split('.').collect();
    if parts.len() != 3 {
        return Err(malformed());
    }
    let claims = jwt::claims(token).ok_or_else(malformed)?;
    let header = jwt::claims(&format!(".{}", parts[0])).ok_or_else(malformed)?;
    if signer.sign(&Value::Object(header), &Value::Object(claims.clone())) != token {
        return Err("IDX10517: Signature validation failed. The token's kid is missing.".to_owned());
    }
    let at = |name: &str| claims.get(name).and_then(Value::as_i64).unwrap_or_default();
    let clock = clock(now);
    let instant = |seconds| OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(now);
    if at("nbf") > now.unix_timestamp() {
        let from = self::clock(instant(at("nbf")));
        return Err(format!(
            "IDX10222: Lifetime validation failed. The token is not yet valid. ValidFrom (UTC): '{from}', \
             Current time (UTC): '{clock}'."
        ));
    }
    if at("exp") < now.unix_timestamp() {
        let until = self::clock(instant(at("exp")));
        return Err(format!(
            "IDX10223: Lifetime validation failed. The token is expired. ValidTo (UTC): '{until}', Current \
             time (UTC): '{clock}'."
        ));
    }
    let audience = format!("organization:{}", id.and_then(Value::as_str).unwrap_or_default());
    if claims.get("aud").and_then(Value::as_str) != Some(&audience) {
        return Err(
            "IDX10214: Audience validation failed. See https://aka.ms/identitymodel/app-context-switches"
                .to_owned(),
        );
    }
    Ok(claims)
}

/// .NET's words for an instant in a validation error; the blank before AM and PM is U+202F.
fn clock(at: OffsetDateTime) -> String {
    let day = at.format(format_description!("[month padding:none]/[day padding:none]/[year]"));
    let time =
        at.format(format_description!("[hour repr:12 padding:none]:[minute]:[second]\u{202f}[period]"));
    format!("{} {}", day.unwrap_or_default(), time.unwrap_or_default())
}

/// Whether a license that arrived may be used by this installation.
///
/// # Errors
/// The server's sentence.
pub fn usable(
    license: &Checked,
    installation_id: &str,
    occupied_seats: i64,
    signer: &Signer,
    now: OffsetDateTime,
) -> Result<(), String> {
    let plain = |name: &str| license.document.get(name).cloned().unwrap_or_default();
    if license.claims.is_none() {
        let version = plain("Version").as_i64().unwrap_or_default();
        if !(1..=NEWEST_VERSION).contains(&version) {
            return Err(format!("Version {version} is not supported."));
        }
    }
    let taken = license.taken();
    let mut faults = Vec::new();
    if taken["Enabled"] != true {
        faults.push("Your cloud-hosted organization is currently disabled.");
    }
    if license.claims.is_none() {
        let date = |name: &str| plain(name).as_str().unwrap_or_default().get(..19).map(str::to_owned);
        let today = super::super::message::iso(now);
        if date("Issued").is_some_and(|issued| issued.as_str() > today.as_str()) {
            faults.push("The license hasn't been issued yet.");
        }
        if date("Expires").is_some_and(|expires| expires.as_str() < today.as_str()) {
            faults.push("The license has expired.");
        }
    }
    let of = taken["InstallationId"].as_str().and_then(guid);
    if of != guid(installation_id) {
        faults.push("The installation ID does not match the current installation.");
    }
    if taken["SelfHost"] != true {
        faults.push("The license does not allow for on-premise hosting of organizations.");
    }
    if license.claims.is_none() {
        if plain("LicenseType") == 0 {
            faults.push(
                "Premium licenses cannot be applied to an organization vault. Upload this license from your \
                 personal account Settings page.",
            );
        } else if !signed(&license.document, signer) {
            faults.push("The license verification failed.");
        }
    }
    if !faults.is_empty() {
        return Err(format!("Invalid license. {}", faults.join("\n")));
    }
    if let Some(seats) = taken["Seats"].as_i64()
        && seats < occupied_seats
    {
        return Err(format!(
            "Your organization currently has {occupied_seats} seats filled. Your new license only has ({seats}) \
             seats. Remove some users."
        ));
    }
    Ok(())
}

/// Whether the signature of a document without a token fits.
pub fn signed(document: &Map<String, Value>, signer: &Signer) -> bool {
    let (hash, signature) = license::proof(document, signer);
    document.get("Hash").and_then(Value::as_str) == Some(&hash)
        && document.get("Signature").and_then(Value::as_str) == Some(&signature)
}

/// Whether the version of a document without a token is one that the server knows.
///
/// # Errors
/// The server's sentence.
pub fn version(document: &Map<String, Value>) -> Result<(), String> {
    let version = document.get("Version").and_then(Value::as_i64).unwrap_or_default();
    if (1..=NEWEST_VERSION).contains(&version) {
        Ok(())
    } else {
        Err(format!("Version {version} is not supported."))
    }
}
