//! The organization license on the server: how it reads a document, and the file that it makes of one (`tests/data/contract/license-file.json`).

use serde_json::{Map, Value, json};

use super::super::jwt::Signer;

/// What a field holds; the token's claims are all texts and have to be turned back into it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    Text,
    Flag,
    Number,
    Date,
}
use Holds::{Date, Flag, Number, Text};

/// The fields of a license file in the order of the server's class.
const FIELDS: [(&str, Holds); 50] = [
    ("LicenseKey", Text),
    ("InstallationId", Text),
    ("Id", Text),
    ("Name", Text),
    ("BillingEmail", Text),
    ("BusinessName", Text),
    ("Enabled", Flag),
    ("Plan", Text),
    ("PlanType", Number),
    ("Seats", Number),
    ("MaxCollections", Number),
    ("UsePolicies", Flag),
    ("UseSso", Flag),
    ("UseKeyConnector", Flag),
    ("UseScim", Flag),
    ("UseGroups", Flag),
    ("UseEvents", Flag),
    ("UseDirectory", Flag),
    ("UseTotp", Flag),
    ("Use2fa", Flag),
    ("UseApi", Flag),
    ("UseResetPassword", Flag),
    ("MaxStorageGb", Number),
    ("SelfHost", Flag),
    ("UsersGetPremium", Flag),
    ("UseCustomPermissions", Flag),
    ("Version", Number),
    ("Issued", Date),
    ("Refresh", Date),
    ("Expires", Date),
    ("ExpirationWithoutGracePeriod", Date),
    ("UsePasswordManager", Flag),
    ("UseSecretsManager", Flag),
    ("SmSeats", Number),
    ("SmServiceAccounts", Number),
    ("UseRiskInsights", Flag),
    ("UsePhishingBlocker", Flag),
    ("LimitCollectionCreationDeletion", Flag),
    ("AllowAdminAccessToAllCollectionItems", Flag),
    ("Trial", Flag),
    ("LicenseType", Number),
    ("UseOrganizationDomains", Flag),
    ("UseAdminSponsoredFamilies", Flag),
    ("UseAutomaticUserConfirmation", Flag),
    ("UseDisableSmAdsForUsers", Flag),
    ("UseMyItems", Flag),
    ("UseInviteLinks", Flag),
    ("UsePam", Flag),
    ("Hash", Text),
    ("Signature", Text),
];
/// Stands behind the others.
const TOKEN: &str = "Token";
/// Fields that are not claims: the version, and what proves the document.
const NOT_CLAIMED: [&str; 4] = ["Version", "LicenseType", "Hash", "Signature"];

/// Sets `Hash` and `Signature` of a PascalCase document; the token is not part of what they cover.
pub fn seal(document: &mut Map<String, Value>, signer: &Signer) {
    let (hash, signature) = proof(document, signer);
    document.insert("Hash".into(), json!(hash));
    document.insert("Signature".into(), json!(signature));
}

/// The proof that fits a PascalCase document.
pub fn proof(document: &Map<String, Value>, signer: &Signer) -> (String, String) {
    let covered: Map<String, Value> = document
        .iter()
        .filter(|(name, _)| !["Hash", "Signature", TOKEN].contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let token = signer.sign(&json!({}), &Value::Object(covered));
    let (text, signature) = token.rsplit_once('.').unwrap_or_default();
    let hash = <sha2::Sha256 as sha2::Digest>::digest(text.as_bytes());
    use base64::{Engine, engine::general_purpose::STANDARD};
    (STANDARD.encode(hash), format!("{}==", signature.replace('-', "+").replace('_', "/")))
}

fn unclaimed(holds: Holds, text: &str) -> Value {
    match holds {
        Text => json!(text),
        Flag => json!(text == "True"),
        Number => text.parse::<i64>().map_or(Value::Null, |number| json!(number)),
        Date => match (text.get(..2), text.get(3..5), text.get(6..10), text.get(11..19)) {
            (Some(month), Some(day), Some(year), Some(time)) => json!(format!("{year}-{month}-{day}T{time}")),
            _ => Value::Null,
        },
    }
}

/// Whether every field that the server knows holds what it should, or null.
pub fn fits(document: &Map<String, Value>) -> bool {
    FIELDS.into_iter().chain([(TOKEN, Text)]).all(|(name, holds)| {
        let found = document.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value);
        match (found, holds) {
            (None | Some(Value::Null), _) => true,
            (Some(value), Flag) => value.is_boolean(),
            (Some(value), Number) => value.is_i64(),
            (Some(value), Text | Date) => value.is_string(),
        }
    })
}

/// A document in the server's own form: its fields in PascalCase from names in any case (`strict`: in
/// exactly PascalCase, as files are read), the others dropped, the absent at their defaults.
pub fn read(document: &Map<String, Value>, strict: bool) -> Map<String, Value> {
    let mut read = Map::new();
    for (name, holds) in FIELDS.into_iter().chain([(TOKEN, Text)]) {
        let found = document
            .iter()
            .find(|(key, _)| if strict { *key == name } else { key.eq_ignore_ascii_case(name) })
            .map(|(_, value)| value.clone());
        let default = match holds {
            Flag => json!(false),
            Number if name == "Version" || name == "PlanType" => json!(0),
            _ => Value::Null,
        };
        read.insert(name.to_owned(), found.unwrap_or(default));
    }
    read
}

/// A PascalCase document with the values that its token claims, as the server writes it after a sync.
pub fn taken_over(document: &Map<String, Value>, claims: Option<&Map<String, Value>>) -> Map<String, Value> {
    let mut taken = document.clone();
    let Some(claims) = claims else { return taken };
    for (name, holds) in FIELDS {
        if NOT_CLAIMED.contains(&name) {
            continue;
        }
        if let Some(text) = claims.get(name).and_then(Value::as_str) {
            taken.insert(name.to_owned(), unclaimed(holds, text));
        } else if holds == Date {
            taken.insert(name.to_owned(), Value::Null);
        }
    }
    taken
}

/// The file's text: PascalCase, two blanks of indent, no newline at the end, and the escapes of .NET.
pub fn file_text(document: &Map<String, Value>) -> String {
    let lines: Vec<String> = FIELDS
        .into_iter()
        .map(|(name, _)| name)
        .chain([TOKEN])
        .map(|name| format!("  \"{name}\": {}", escaped(document.get(name).unwrap_or(&Value::Null))))
        .collect();
    format!("{{\n{}\n}}", lines.join(",\n"))
}

/// .NET's default encoder keeps plain ASCII and escapes the rest, and what could matter in HTML.
fn escaped(value: &Value) -> String {
    let mut text = String::new();
    for character in value.to_string().chars() {
        if character.is_ascii() && !"+'<>&`".contains(character) {
            text.push(character);
        } else {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                text.push_str(&format!("\\u{unit:04X}"));
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::super::{
        cloud::{Organization, license as cloud_license},
        jwt,
    };
    use super::*;
    use time::macros::datetime;

    #[test]
    fn a_document_becomes_the_file_that_the_server_writes() {
        let signer = Signer::new("bitwarden");
        let mut organization = Organization::good(
            "0f5b7f0e-9d0a-4c55-8a51-b1e500f2c3d4",
            "Acme + Söhne",
            "key",
            datetime!(2026-11-21 23:43:40.9099444 UTC),
        );
        organization.seats = Some(12);
        let issued = datetime!(2026-11-21 23:43:40.9099444 UTC);
        let document =
            cloud_license::document(&organization, "7c0b6b1e-52a6-4c6f-9a3c-b1e500f1a2b3", issued, &signer);
        let Ok(Value::Object(document)) = serde_json::to_value(&document) else { panic!("no object") };
        let read = read(&document, false);
        let claims = jwt::claims(read["Token"].as_str().unwrap()).unwrap();
        let text = file_text(&taken_over(&read, Some(&claims)));
        for line in [
            "{\n  \"LicenseKey\": \"key\",\n",
            "\"Name\": \"Acme \\u002B S\\u00F6hne\"",
            "\"Issued\": \"2026-11-21T23:43:40\"",
            "\"Seats\": 12",
            "\"UseMyItems\": true",
            "\"MaxCollections\": null",
        ] {
            assert!(text.contains(line), "{line} in {text}");
        }
        assert!(text.ends_with("\"\n}"));
        let again: Map<String, Value> = serde_json::from_str(&text).unwrap();
        assert_eq!(super::read(&again, true), taken_over(&read, Some(&claims)));
    }
}
