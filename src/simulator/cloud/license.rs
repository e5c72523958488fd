//! The organization license as the cloud issues it: the document and its token (`license-file.json`, `cloud-license.json`).

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};

use super::{
    super::{
        jwt::Signer,
        message::{Ordered, iso, month_first},
    },
    Organization,
};

/// Days that a paid year is followed by before the license ends.
const GRACE_DAYS: i64 = 60;
/// Days until a server should ask again.
const REFRESH_DAYS: i64 = 30;
/// The version of the document.
const VERSION: i64 = 15;

/// Switches of an organization that every plan here has, by their names in the license.
const ON: [&str; 18] = [
    "usePolicies",
    "useSso",
    "useKeyConnector",
    "useScim",
    "useGroups",
    "useEvents",
    "useDirectory",
    "useTotp",
    "use2fa",
    "useApi",
    "useResetPassword",
    "usersGetPremium",
    "useCustomPermissions",
    "usePasswordManager",
    "useRiskInsights",
    "limitCollectionCreationDeletion",
    "allowAdminAccessToAllCollectionItems",
    "useOrganizationDomains",
];
/// Switches that the document always has false and that only the token tells.
const TOKEN_ONLY: [(&str, bool); 6] = [
    ("usePhishingBlocker", false),
    ("useAutomaticUserConfirmation", false),
    ("useDisableSmAdsForUsers", false),
    ("useMyItems", true),
    ("useInviteLinks", false),
    ("usePam", false),
];
/// All members of the document, in their order.
pub const MEMBERS: [&str; 51] = [
    "licenseKey",
    "installationId",
    "id",
    "name",
    "billingEmail",
    "businessName",
    "enabled",
    "plan",
    "planType",
    "seats",
    "maxCollections",
    "usePolicies",
    "useSso",
    "useKeyConnector",
    "useScim",
    "useGroups",
    "useEvents",
    "useDirectory",
    "useTotp",
    "use2fa",
    "useApi",
    "useResetPassword",
    "maxStorageGb",
    "selfHost",
    "usersGetPremium",
    "useCustomPermissions",
    "version",
    "issued",
    "refresh",
    "expires",
    "expirationWithoutGracePeriod",
    "usePasswordManager",
    "useSecretsManager",
    "smSeats",
    "smServiceAccounts",
    "useRiskInsights",
    "usePhishingBlocker",
    "limitCollectionCreationDeletion",
    "allowAdminAccessToAllCollectionItems",
    "trial",
    "licenseType",
    "useOrganizationDomains",
    "useAdminSponsoredFamilies",
    "useAutomaticUserConfirmation",
    "useDisableSmAdsForUsers",
    "useMyItems",
    "useInviteLinks",
    "usePam",
    "hash",
    "signature",
    "token",
];
/// The four dates of a license.
struct Terms {
    issued: OffsetDateTime,
    refresh: OffsetDateTime,
    expires: OffsetDateTime,
    without_grace: Option<OffsetDateTime>,
    trial: bool,
}

fn terms(organization: &Organization, now: OffsetDateTime) -> Terms {
    let fixed = |end: OffsetDateTime, trial: bool| Terms {
        issued: now,
        refresh: end,
        expires: end,
        without_grace: None,
        trial,
    };
    let over = organization.expiration.filter(|end| *end < now || organization.subscription.is_none());
    let Some(subscription) = &organization.subscription else {
        return fixed(over.unwrap_or(now), false);
    };
    match (subscription.trial_end, over) {
        (Some(end), _) if end > now => fixed(end, true),
        (_, Some(end)) => fixed(end, false),
        (trial, None) => Terms {
            issued: now,
            refresh: now + Duration::days(REFRESH_DAYS),
            expires: subscription.period_end + Duration::days(GRACE_DAYS),
            without_grace: trial.map(|_| subscription.period_end),
            trial: false,
        },
    }
}

/// Issues a license to an installation.
pub fn document(
    organization: &Organization,
    installation: &str,
    now: OffsetDateTime,
    signer: &Signer,
) -> Ordered {
    let terms = terms(organization, now);
    let mut plain = properties(organization, installation, &terms);
    let token = token(&plain, &terms, signer);
    let digest = Sha256::digest(plain.values().map(Value::to_string).collect::<String>());
    plain.insert("hash".into(), json!(STANDARD.encode(digest)));
    plain.insert("signature".into(), json!(STANDARD.encode(digest.repeat(8))));
    plain.insert("token".into(), json!(token));
    Ordered(MEMBERS.map(|name| (name, plain.remove(name).unwrap_or(Value::Null))).into())
}

fn properties(organization: &Organization, installation: &str, terms: &Terms) -> Map<String, Value> {
    let secrets = organization.secrets_manager;
    let head = json!({
        "licenseKey": organization.license_key,
        "installationId": installation,
        "id": organization.id,
        "name": organization.name,
        "billingEmail": organization.billing_email,
        "enabled": organization.enabled,
        "plan": organization.plan.name(),
        "planType": organization.plan.number(),
        "seats": organization.seats,
        "maxStorageGb": 1,
        "selfHost": organization.plan.self_host(),
        "version": VERSION,
        "issued": iso(terms.issued),
        "refresh": iso(terms.refresh),
        "expires": iso(terms.expires),
        "expirationWithoutGracePeriod": terms.without_grace.map(iso),
        "useSecretsManager": secrets.is_some(),
        "smSeats": secrets.map(|(seats, _)| seats),
        "smServiceAccounts": secrets.map(|(_, accounts)| accounts),
        "trial": terms.trial,
        "licenseType": 1,
        "useAdminSponsoredFamilies": true,
    });
    let mut all = match head {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    all.extend(ON.map(|name| (name.to_owned(), json!(true))));
    all.extend(TOKEN_ONLY.map(|(name, _)| (name.to_owned(), json!(false))));
    all
}

/// The signed token: every claim a text but for its own dates, and none for what has no value.
fn token(plain: &Map<String, Value>, terms: &Terms, signer: &Signer) -> String {
    let mut claims = Map::new();
    for (name, value) in plain.iter().filter(|(name, _)| !matches!(name.as_str(), "version" | "licenseType"))
    {
        if let Some(text) = claim(value) {
            claims.insert(pascal(name), json!(text));
        }
    }
    claims.extend(TOKEN_ONLY.map(|(name, on)| (pascal(name), json!(truth(on)))));
    claims.insert("LicenseType".into(), json!("Organization"));
    let dates = [
        ("Issued", Some(terms.issued)),
        ("Refresh", Some(terms.refresh)),
        ("Expires", Some(terms.expires)),
        ("ExpirationWithoutGracePeriod", terms.without_grace),
    ];
    claims
        .extend(dates.into_iter().filter_map(|(name, at)| Some((name.to_owned(), json!(month_first(at?))))));
    let at = terms.issued.unix_timestamp();
    claims.insert("jti".into(), json!(uuid::Uuid::new_v4().to_string()));
    claims.insert("nbf".into(), json!(at));
    claims.insert("iat".into(), json!(at));
    claims.insert("exp".into(), json!(at + Duration::days(365).whole_seconds()));
    claims.insert("iss".into(), json!(signer.issuer()));
    let id = plain.get("id").and_then(Value::as_str).unwrap_or_default();
    claims.insert("aud".into(), json!(format!("organization:{id}")));
    signer.sign(&json!({ "alg": "RS256", "typ": "JWT" }), &Value::Object(claims))
}

fn claim(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Bool(on) => Some(truth(*on).to_owned()),
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

fn truth(on: bool) -> &'static str {
    if on { "True" } else { "False" }
}

fn pascal(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::jwt;

    #[test]
    fn a_license_is_complete_and_its_token_tells_what_the_document_does_not() {
        let now = OffsetDateTime::now_utc();
        let organization = Organization::good("0f5b7f0e-9d0a-4c55-8a51-b1e500f2c3d4", "Acme", "key", now);
        let signer = Signer::new("bitwarden");
        let document = document(&organization, "7c0b6b1e-52a6-4c6f-9a3c-b1e500f1a2b3", now, &signer);
        let answer = serde_json::to_value(&document).unwrap();
        assert_eq!(answer.as_object().unwrap().len(), MEMBERS.len());
        assert_eq!(answer["useMyItems"], false);
        let claims = jwt::claims(answer["token"].as_str().unwrap()).unwrap();
        assert_eq!(claims["UseMyItems"], "True");
        assert_eq!(
            claims["ExpirationWithoutGracePeriod"].as_str().unwrap().len(),
            "11/15/2027 00:00:00".len()
        );
        assert!(!claims.contains_key("BusinessName"), "what has no value is no claim");
    }
}
