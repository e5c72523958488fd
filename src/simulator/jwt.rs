//! The access tokens of the simulated identities: shaped as the genuine ones, bound to a key that only lives in this
//! process, and checked as strictly as the API checks them.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use uuid::Uuid;

use super::message::month_first;

/// What the API tolerates between its clock and the token's, in seconds (`cloud-license.json`).
const SKEW: i64 = 300;
/// HMAC's block size for SHA-256 (RFC 2104).
const BLOCK: usize = 64;

/// Signs and checks tokens of one issuer.
pub struct Signer {
    issuer: String,
    key: [u8; BLOCK],
    kid: String,
}

/// Why a bearer was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Invalid {
    /// No token, or not of the kind that is an access token.
    Malformed,
    /// Over since then.
    Expired(OffsetDateTime),
    /// Valid only from then.
    NotYet(OffsetDateTime),
    /// Signed with a key that this issuer does not have.
    UnknownKey,
    /// The right key id, but the signature does not fit.
    Signature,
    /// Of another issuer.
    Issuer(String),
}

impl Invalid {
    /// The value of `WWW-Authenticate` (`cloud-license.json`).
    pub fn www_authenticate(&self) -> String {
        let why = match self {
            Self::Malformed => return "Bearer error=\"invalid_token\"".to_owned(),
            Self::Expired(at) => format!("The token expired at '{}'", month_first(*at)),
            Self::NotYet(at) => format!("The token is not valid before '{}'", month_first(*at)),
            Self::UnknownKey => "The signature key was not found".to_owned(),
            Self::Signature => "The signature is invalid".to_owned(),
            Self::Issuer(issuer) => format!("The issuer '{issuer}' is invalid"),
        };
        format!("Bearer error=\"invalid_token\", error_description=\"{why}\"")
    }
}

impl Signer {
    /// A signer with a fresh random key.
    pub fn new(issuer: &str) -> Self {
        let mut key = [0; BLOCK];
        for part in key.chunks_exact_mut(16) {
            part.copy_from_slice(Uuid::new_v4().as_bytes());
        }
        let kid = format!("{}RS256", Uuid::new_v4().simple().to_string().to_uppercase());
        Self { issuer: issuer.to_owned(), key, kid }
    }

    /// The issuer's address, as tokens name it.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The id of its key, as the key document names it.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// An access token with these claims, valid from now for so many seconds.
    pub fn access_token(&self, claims: Map<String, Value>, seconds: i64, now: OffsetDateTime) -> String {
        let at = now.unix_timestamp();
        let mut all = claims;
        all.insert("iss".into(), json!(self.issuer));
        all.insert("nbf".into(), json!(at));
        all.insert("iat".into(), json!(at));
        all.insert("exp".into(), json!(at + seconds));
        all.insert("jti".into(), json!(Uuid::new_v4().simple().to_string().to_uppercase()));
        let header = json!({ "alg": "RS256", "kid": self.kid, "x5t": self.thumbprint(), "typ": "at+jwt" });
        self.sign(&header, &Value::Object(all))
    }

    /// A token with exactly this header and these claims.
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let text = format!("{}.{}", part(header), part(claims));
        let signature = self.seal(&text);
        format!("{text}.{signature}")
    }

    /// The claims of an access token of this issuer.
    ///
    /// # Errors
    /// Why the API would refuse it.
    pub fn check(&self, token: &str, now: OffsetDateTime) -> Result<Map<String, Value>, Invalid> {
        let (text, signature) = token.rsplit_once('.').ok_or(Invalid::Malformed)?;
        let (header, claims) = text.split_once('.').ok_or(Invalid::Malformed)?;
        let header = object(header).ok_or(Invalid::Malformed)?;
        let claims = object(claims).ok_or(Invalid::Malformed)?;
        if header.get("kid").and_then(Value::as_str) != Some(&self.kid) {
            return Err(Invalid::UnknownKey);
        }
        if signature != self.seal(text) {
            return Err(Invalid::Signature);
        }
        if header.get("typ").and_then(Value::as_str) != Some("at+jwt") {
            return Err(Invalid::Malformed);
        }
        self.check_claims(&claims, now)?;
        Ok(claims)
    }

    fn check_claims(&self, claims: &Map<String, Value>, now: OffsetDateTime) -> Result<(), Invalid> {
        let at = |name: &str| {
            let seconds = claims.get(name).and_then(Value::as_i64).ok_or(Invalid::Malformed)?;
            OffsetDateTime::from_unix_timestamp(seconds).map_err(|_| Invalid::Malformed)
        };
        let (from, until) = (at("nbf")?, at("exp")?);
        if until.unix_timestamp() + SKEW < now.unix_timestamp() {
            return Err(Invalid::Expired(until));
        }
        if from.unix_timestamp() - SKEW > now.unix_timestamp() {
            return Err(Invalid::NotYet(from));
        }
        let issuer = claims.get("iss").and_then(Value::as_str).unwrap_or_default();
        if issuer != self.issuer {
            return Err(Invalid::Issuer(issuer.to_owned()));
        }
        Ok(())
    }

    /// The certificate's thumbprint, as `x5t` has it.
    pub fn thumbprint(&self) -> String {
        URL_SAFE_NO_PAD.encode(&Sha256::digest(self.kid.as_bytes())[..20])
    }

    /// 256 bytes, as long as an RSA signature, out of HMAC-SHA256 with a counter.
    fn seal(&self, text: &str) -> String {
        let blocks = (0u8..8).flat_map(|counter| self.hmac(counter, text.as_bytes()));
        URL_SAFE_NO_PAD.encode(blocks.collect::<Vec<u8>>())
    }

    fn hmac(&self, counter: u8, message: &[u8]) -> [u8; 32] {
        let inner = Sha256::new()
            .chain_update(self.key.map(|byte| byte ^ 0x36))
            .chain_update([counter])
            .chain_update(message)
            .finalize();
        Sha256::new().chain_update(self.key.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize().into()
    }
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn object(part: &str) -> Option<Map<String, Value>> {
    let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// The claims of a token, whoever signed it: for what only shows them.
pub fn claims(token: &str) -> Option<Map<String, Value>> {
    object(token.split('.').nth(1)?)
}

#[cfg(test)]
mod tests {
    use time::Duration;

    use super::*;

    #[test]
    fn a_token_holds_for_its_issuer_and_its_time_only() {
        let now = OffsetDateTime::now_utc();
        let (ours, theirs) = (Signer::new("https://a"), Signer::new("https://b"));
        let token = ours.access_token(Map::new(), 60, now);
        assert!(ours.check(&token, now).is_ok());
        assert!(ours.check(&token, now + Duration::seconds(360)).is_ok(), "five minutes are tolerated");
        assert!(matches!(ours.check(&token, now + Duration::seconds(362)), Err(Invalid::Expired(_))));
        assert!(matches!(ours.check(&token, now - Duration::seconds(302)), Err(Invalid::NotYet(_))));
        assert_eq!(theirs.check(&token, now), Err(Invalid::UnknownKey));
        assert_eq!(ours.check("garbage", now), Err(Invalid::Malformed));
        let (text, _) = token.rsplit_once('.').unwrap();
        assert_eq!(ours.check(&format!("{text}.AAAA"), now), Err(Invalid::Signature));
    }
}
