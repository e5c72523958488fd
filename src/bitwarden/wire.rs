//! What goes over the wire, and the care that is taken with it: JSON bodies, addresses, and findings that
//! come back without a secret even where the other side echoes what it was sent.

use serde::Serialize;
use time::format_description::well_known::Rfc3339;
use url::Url;

use crate::{
    domain::{
        answers::Answer,
        check::{AdviceCode, Cause, Finding},
        secret::Secret,
        sync::Connection,
    },
    net::Reply,
};

/// The number of the connection type `CloudBillingSync` (`self-connections.json`).
pub(super) const CLOUD_BILLING_SYNC: u8 = 1;
/// Beginnings of a secret shorter than this are not taken for it.
const RECOGNISABLE: usize = 6;

/// The license question: byte for byte what the genuine server sends (`cloud-license.json`,
/// `good-genuine-client`).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LicenseQuestion<'a> {
    license_key: &'a str,
    billing_sync_key: &'a str,
}

/// A connection to be saved (`bitwarden.md` D2).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SavedConnection<'a> {
    organization_id: &'a str,
    r#type: u8,
    enabled: bool,
    config: SavedConfig<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SavedConfig<'a> {
    billing_sync_key: &'a str,
    /// The server replaces the whole config: without this "Last license sync" is lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_license_sync: Option<String>,
}

/// The body of the license question; without a token the key is empty.
pub(super) fn license_question(license_key: &Secret, token: Option<&Secret>) -> Result<Secret, Finding> {
    json(&LicenseQuestion {
        license_key: license_key.expose(),
        billing_sync_key: token.map_or("", Secret::expose),
    })
}

/// The body that saves a token, keeping of the existing connection what would be lost.
pub(super) fn saved_connection(
    organization: &str,
    token: &Secret,
    existing: &Connection,
) -> Result<Secret, Finding> {
    let last_license_sync = existing.last_license_sync.and_then(|moment| moment.format(&Rfc3339).ok());
    json(&SavedConnection {
        organization_id: organization,
        r#type: CLOUD_BILLING_SYNC,
        enabled: true,
        config: SavedConfig { billing_sync_key: token.expose(), last_license_sync },
    })
}

fn json(body: &impl Serialize) -> Result<Secret, Finding> {
    serde_json::to_string(body).map(Secret::new).map_err(|_| bad_address())
}

/// `base` with these path segments behind it, each encoded.
pub(super) fn address(base: &Url, segments: &[&str]) -> Result<Url, Finding> {
    let mut url = base.clone();
    url.set_query(None);
    url.set_fragment(None);
    url.path_segments_mut().map_err(|()| bad_address())?.pop_if_empty().extend(segments);
    Ok(url)
}

/// An address that nothing can be sent to.
pub(super) fn bad_address() -> Finding {
    Finding::new(Cause::ConfigBadUrl).with("reason", "request").advise(AdviceCode::ApplySettings)
}

/// The part of a reply that its meaning rests on.
pub(super) fn answer(reply: &Reply) -> Answer<'_> {
    Answer {
        status: reply.status,
        content_type: reply.content_type.as_deref(),
        location: reply.location.as_deref(),
        retry_after: reply.retry_after,
        body: reply.body.bytes(),
    }
}

/// The finding about this host, without any of these secrets: an error page may echo what it was sent.
pub(super) fn told(mut finding: Finding, url: &Url, secrets: &[&Secret]) -> Finding {
    if let (Some(host), None) = (url.host_str(), finding.evidence.get("host")) {
        finding = finding.with("host", host);
    }
    let facts: Vec<_> = finding.evidence.iter().map(|(name, value)| (name, value.to_owned())).collect();
    for (name, value) in facts {
        let masked = secrets.iter().fold(value.clone(), |value, secret| without(value, secret.expose()));
        if masked != value {
            finding.evidence.insert(name, masked);
        }
    }
    finding
}

/// `value` without `secret`, also where its end was cut off with the text's.
fn without(value: String, secret: &str) -> String {
    if secret.len() < RECOGNISABLE {
        return value;
    }
    let value = value.replace(secret, "••••••••");
    let Some(cut) = value.strip_suffix('…') else { return value };
    let beginnings = secret.char_indices().map(|(at, _)| at).filter(|at| *at >= RECOGNISABLE).rev();
    for at in beginnings {
        if let Some(rest) = secret.get(..at).and_then(|beginning| cut.strip_suffix(beginning)) {
            return format!("{rest}••••••••…");
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn bodies_are_those_of_the_genuine_programs() {
        let key = Secret::new("licKeyInvented0123456");
        let token = Secret::new("a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5");
        assert_eq!(
            license_question(&key, Some(&token)).unwrap().expose(),
            r#"{"licenseKey":"licKeyInvented0123456","billingSyncKey":"a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5"}"#
        );
        let never = Connection::default();
        assert_eq!(
            saved_connection("org", &token, &never).unwrap().expose(),
            r#"{"organizationId":"org","type":1,"enabled":true,"config":{"billingSyncKey":"a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5"}}"#
        );
        let synced = Connection {
            last_license_sync: Some(datetime!(2026-11-21 22:10:03.1234567 UTC)),
            ..Connection::default()
        };
        let body = saved_connection("org", &token, &synced).unwrap();
        assert!(body.expose().contains(r#""lastLicenseSync":"2026-11-21T22:10:03.1234567Z""#));
    }

    #[test]
    fn addresses_keep_the_base_and_encode_the_rest() {
        let base = Url::parse("https://vault.example.com/bw/?x=1").unwrap();
        let url = address(&base, &["api", "a b/../c", "{id}"]).unwrap();
        assert_eq!(url.as_str(), "https://vault.example.com/bw/api/a%20b%2F..%2Fc/%7Bid%7D");
    }

    #[test]
    fn an_echoed_secret_is_masked_also_when_cut() {
        let secret = Secret::new("a1B2c3D4e5F6g7H8i9J0");
        let url = Url::parse("https://api.bitwarden.eu/x").unwrap();
        for words in ["The value 'a1B2c3D4e5F6g7H8i9J0' is not valid", "x a1B2c3D4e5…"] {
            let finding = told(Finding::new(Cause::SyncRefused).with("words", words), &url, &[&secret]);
            assert!(!finding.to_string().contains("a1B2c3"), "{finding}");
            assert_eq!(finding.evidence.get("host"), Some("api.bitwarden.eu"));
        }
    }
}
