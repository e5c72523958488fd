//! Reading a license file as the genuine server does: PascalCase, exact case, one JSON value and nothing after
//! it (`cloud-license.json`, `licenseFileReads`).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::{Kind, LARGEST, License, Tier};
use crate::domain::{
    check::{AdviceCode, Cause, Finding},
    guid::is_guid,
    outside::{clean, moment},
    secret::Secret,
};

/// The license of an organization from its file's name (without `.json`) and bytes.
///
/// # Errors
/// `license.trailing_data` where something follows the JSON; `license.unreadable` for all else that the server
/// cannot read, with a `reason`: `empty` `too_large` `not_json` `camel_case` `key` (and which) `token`.
pub fn parse(self_hosted_id: &str, bytes: &[u8]) -> Result<License, Finding> {
    let unreadable = |reason: &str| {
        Finding::new(Cause::LicenseUnreadable)
            .with("organization", self_hosted_id)
            .with("reason", reason)
            .advise(AdviceCode::UploadLicense)
    };
    if bytes.len() > LARGEST {
        return Err(unreadable("too_large"));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.trim_ascii().is_empty() {
        return Err(unreadable("empty"));
    }
    let mut values = serde_json::Deserializer::from_slice(bytes).into_iter::<Map<String, Value>>();
    let fields = match values.next() {
        Some(Ok(fields)) => fields,
        Some(Err(_)) | None => return Err(unreadable("not_json")),
    };
    let rest = bytes.get(values.byte_offset()..).unwrap_or_default();
    if !rest.trim_ascii().is_empty() {
        return Err(Finding::new(Cause::LicenseTrailingData)
            .with("organization", self_hosted_id)
            .advise(AdviceCode::UploadLicense));
    }
    if !fields.contains_key("LicenseKey") && fields.contains_key("licenseKey") {
        return Err(unreadable("camel_case"));
    }
    let token = Fields(&fields).text("Token").map_err(|key| unreadable("key").with("key", key))?;
    let claims = match &token {
        Some(token) => Some(jwt_claims(token).ok_or_else(|| unreadable("token"))?),
        None => None,
    };
    read(self_hosted_id, &fields, claims.as_ref(), token.map(Secret::new))
        .map_err(|key| unreadable("key").with("key", key))
}

/// The claims of a JSON Web Token, its signature unchecked: for explaining, never for trusting.
pub fn jwt_claims(token: &str) -> Option<Map<String, Value>> {
    let mut parts = token.split('.');
    let (_, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || payload.len() > LARGEST {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// The names of the fields that a value cannot be read from are the errors here.
fn read(
    self_hosted_id: &str,
    fields: &Map<String, Value>,
    claims: Option<&Map<String, Value>>,
    token: Option<Secret>,
) -> Result<License, &'static str> {
    let plain = Fields(fields);
    let claims = claims.map(Claims);
    let text = |key: &'static str| -> Result<Option<String>, &'static str> {
        let plain = plain.text(key)?;
        Ok(claims.and_then(|claims| claims.text(key)).or(plain))
    };
    let real = |id: &String| is_guid(id) && id.chars().any(|c| c.is_ascii_alphanumeric() && c != '0');
    let id = |key: &'static str| text(key)?.filter(real).ok_or(key);
    let flag = |key: &'static str, absent: bool| -> Result<bool, &'static str> {
        let plain = plain.flag(key)?.unwrap_or(absent);
        Ok(claims.and_then(|claims| claims.flag(key)).unwrap_or(plain))
    };
    // A claim without a value is left out of the token, so where there is a token its silence counts.
    let date = |key: &'static str| -> Result<Option<OffsetDateTime>, &'static str> {
        let plain = plain.date(key)?;
        Ok(claims.map_or(plain, |claims| claims.text(key).as_deref().and_then(moment)))
    };
    let number = |key: &'static str| -> Result<Option<i64>, &'static str> {
        let plain = plain.number(key)?;
        Ok(claims.map_or(plain, |claims| claims.text(key).and_then(|text| text.trim().parse().ok())))
    };
    let license_key = text("LicenseKey")?.filter(|key| !key.trim().is_empty()).ok_or("LicenseKey")?;
    let plan = text("Plan")?.map(|plan| clean(&plan));
    Ok(License {
        self_hosted_id: self_hosted_id.to_owned(),
        cloud_id: id("Id")?,
        installation_id: id("InstallationId")?,
        license_key: Secret::new(license_key),
        name: text("Name")?.map(|name| clean(&name)),
        plan_type: number("PlanType")?,
        tier: plan.as_deref().map_or(Tier::Other, Tier::of_plan),
        plan,
        seats: number("Seats")?,
        expires: date("Expires")?,
        expires_without_grace: date("ExpirationWithoutGracePeriod")?,
        issued: date("Issued")?,
        version: plain.number("Version")?.unwrap_or(0),
        enabled: flag("Enabled", false)?,
        self_host: flag("SelfHost", false)?,
        trial: flag("Trial", false)?,
        kind: kind(&plain, claims)?,
        token,
        token_from: claims.and_then(|claims| claims.second("nbf")),
        token_until: claims.and_then(|claims| claims.second("exp")),
    })
}

/// `LicenseType` is 0 for a person and 1 for an organization; a token says it in its audience.
fn kind(plain: &Fields<'_>, claims: Option<Claims<'_>>) -> Result<Kind, &'static str> {
    let audience = claims.and_then(|claims| claims.text("aud"));
    let user = match audience {
        Some(audience) => audience.starts_with("user:"),
        None => plain.number("LicenseType")? == Some(0),
    };
    Ok(if user { Kind::User } else { Kind::Organization })
}

/// The plain fields, typed.
struct Fields<'a>(&'a Map<String, Value>);

impl Fields<'_> {
    fn text(&self, key: &'static str) -> Result<Option<String>, &'static str> {
        match self.0.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(key),
        }
    }

    fn number(&self, key: &'static str) -> Result<Option<i64>, &'static str> {
        match self.0.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Number(number)) => number.as_i64().map(Some).ok_or(key),
            Some(_) => Err(key),
        }
    }

    fn date(&self, key: &'static str) -> Result<Option<OffsetDateTime>, &'static str> {
        match self.text(key)? {
            Some(text) if !text.starts_with("0001-") => moment(&text).map(Some).ok_or(key),
            _ => Ok(None),
        }
    }

    fn flag(&self, key: &'static str) -> Result<Option<bool>, &'static str> {
        match self.0.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => Err(key),
        }
    }
}

/// The token's claims: all but the times are texts (`license-file.json`, notes).
#[derive(Clone, Copy)]
struct Claims<'a>(&'a Map<String, Value>);

impl Claims<'_> {
    fn text(self, key: &str) -> Option<String> {
        match self.0.get(key)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(flag) => Some(flag.to_string()),
            _ => None,
        }
    }

    fn flag(self, key: &str) -> Option<bool> {
        self.text(key)?.to_ascii_lowercase().parse().ok()
    }

    fn second(self, key: &str) -> Option<OffsetDateTime> {
        OffsetDateTime::from_unix_timestamp(self.0.get(key)?.as_i64()?).ok()
    }
}
