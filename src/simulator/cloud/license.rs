//! The organization license as the cloud issues it: the document, its token, and the file that a self-hosted server
//! makes of it (`license-file.json`, `cloud-license.json`).

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};

use super::{
    super::{
        jwt::{self, Signer},
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
/// Members whose dates the file takes from the token: whole seconds, no zone.
const DATES: [&str; 4] = ["issued", "refresh", "expires", "expirationWithoutGracePeriod"];

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

/// The file that a self-hosted server writes after a sync: PascalCase, two blanks, dates and switches from the
/// token, `+` escaped, no newline at the end. `answer` is the cloud's good answer; `None` if it is no license.
pub fn file_text(answer: &Value) -> Option<String> {
    let claims = jwt::claims(answer.get("token")?.as_str()?)?;
    let mut lines = Vec::new();
    for name in MEMBERS {
        let key = pascal(name);
        let plain = answer.get(name).cloned().unwrap_or(Value::Null);
        let value = match claims.get(&key).and_then(Value::as_str) {
            Some(text) if plain.is_boolean() => json!(text == "True"),
            _ if DATES.contains(&name) => dateless_zone(&plain),
            _ => plain,
        };
        lines.push(format!("  \"{key}\": {}", value.to_string().replace('+', "\\u002B")));
    }
    Some(format!("{{\n{}\n}}", lines.join(",\n")))
}

fn dateless_zone(value: &Value) -> Value {
    match value.as_str() {
        Some(text) => json!(text.split(['.', 'Z']).next().unwrap_or(text)),
        None => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_license_is_complete_and_becomes_a_file() {
        let now = OffsetDateTime::now_utc();
        let organization =
            Organization::good("0f5b7f0e-9d0a-4c55-8a51-b1e500f2c3d4", "Acme + Co", "key", now);
        let signer = Signer::new("bitwarden");
        let document = document(&organization, "7c0b6b1e-52a6-4c6f-9a3c-b1e500f1a2b3", now, &signer);
        let answer = serde_json::to_value(&document).unwrap();
        assert_eq!(answer["expirationWithoutGracePeriod"].as_str().unwrap().len(), 28);
        let text = file_text(&answer).unwrap();
        let file: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(file["Name"], "Acme + Co");
        assert!(text.contains("Acme \\u002B Co") && !text.ends_with('\n'));
        assert_eq!(file["UseMyItems"], true, "from the token");
        assert_eq!(file["Expires"].as_str().unwrap().len(), "2026-11-21T23:43:40".len());
        assert_eq!(file.as_object().unwrap().len(), MEMBERS.len());
    }
}
