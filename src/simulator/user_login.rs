//! Signing in with a personal API key: what `connect/token` asks of people besides the secret
//! (`identity-user-api-key.json`). The self-hosted server and the cloud share it.

use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::{
    jwt::Signer,
    message::{Answer, Asked, Ordered, guid},
    token_request::{self, TokenRequest},
};

/// How long a person's access token lasts, in seconds.
const TOKEN_SECONDS: i64 = 3_600;
/// The only scope.
const SCOPES: [&str; 1] = ["api"];
/// The first release whose clients may read accounts with the newer encryption.
const NEWER_ENCRYPTION_FROM: [u32; 3] = [2025, 11, 0];
/// Names of the kinds of device, by number.
const DEVICES: [&str; 27] = [
    "Android",
    "iOS",
    "ChromeExtension",
    "FirefoxExtension",
    "OperaExtension",
    "EdgeExtension",
    "WindowsDesktop",
    "MacOsDesktop",
    "LinuxDesktop",
    "ChromeBrowser",
    "FirefoxBrowser",
    "OperaBrowser",
    "EdgeBrowser",
    "IEBrowser",
    "UnknownBrowser",
    "AndroidAmazon",
    "UWP",
    "SafariBrowser",
    "VivaldiBrowser",
    "VivaldiExtension",
    "SafariExtension",
    "SDK",
    "Server",
    "WindowsCLI",
    "MacOsCLI",
    "LinuxCLI",
    "DuckDuckGoBrowser",
];

/// What is particular about an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// Nothing.
    #[default]
    Ordinary,
    /// A private key without a user key: refused.
    Legacy,
    /// Without a master password, its key kept by Key Connector.
    KeyConnector,
    /// Keys made with Argon2id.
    Argon2,
    /// The newer encryption, which old clients may not read.
    Newer,
    /// Neither master password nor keys.
    WithoutKeys,
}

/// What a person is in an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Membership {
    /// Owner.
    Owner,
    /// Administrator.
    Admin,
    /// Member.
    User,
    /// With permissions of their own.
    Custom,
}

impl Membership {
    fn claim(self) -> &'static str {
        match self {
            Self::Owner => "orgowner",
            Self::Admin => "orgadmin",
            Self::User => "orguser",
            Self::Custom => "orgcustom",
        }
    }
}

/// A person with a personal API key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// A GUID.
    pub id: String,
    /// The secret of the personal API key.
    pub api_key: String,
    /// Their address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// What is particular about the account.
    pub kind: Kind,
    /// Organizations by id, and what they are there.
    pub organizations: Vec<(String, Membership)>,
}

/// A device that a person signed in from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Whose.
    pub user: String,
    /// Its identifier.
    pub identifier: String,
    /// Its name.
    pub name: String,
    /// Its kind, by name or, where there is none, by number.
    pub kind: String,
}

/// The people that an identity knows, and the devices they came from.
#[derive(Default)]
pub struct Accounts {
    people: Mutex<Vec<Account>>,
    devices: Mutex<Vec<Device>>,
}

impl Accounts {
    /// Adds a person.
    pub fn add(&self, account: Account) {
        self.people.lock().unwrap_or_else(PoisonError::into_inner).push(account);
    }

    /// The person with this id.
    pub fn find(&self, id: &str) -> Option<Account> {
        let wanted = guid(id)?;
        let people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        people.iter().find(|account| guid(&account.id) == Some(wanted)).cloned()
    }

    /// Every device so far; each first one is a mail to its owner.
    pub fn devices(&self) -> Vec<Device> {
        self.devices.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The whole of `connect/token` on a self-hosted server, where installations are not known.
    pub fn connect_token(&self, asked: &Asked, signer: &Signer, now: OffsetDateTime) -> Answer {
        match token_request::read(asked) {
            Ok(request) => self.token(&request, signer, now),
            Err(refusal) => refusal,
        }
    }

    /// Signs a person in; a client of any other kind is not known.
    pub fn token(&self, request: &TokenRequest, signer: &Signer, now: OffsetDateTime) -> Answer {
        let person = request.client_id.strip_prefix("user.").and_then(|id| self.find(id));
        let Some(person) = person.filter(|person| person.api_key == request.client_secret) else {
            return token_request::refuse("invalid_client");
        };
        let admitted = token_request::scopes(&request.form, &SCOPES)
            .and_then(|scopes| self.admit(&person, request).map(|device| (scopes, device)));
        match admitted {
            Ok((scopes, device)) => {
                let token = signer.access_token(claims(&person, &device), TOKEN_SECONDS, now);
                token_request::grant(token, TOKEN_SECONDS, &scopes, members(&person))
            }
            Err(refusal) => refusal,
        }
    }

    /// The checks after the secret, in their order: version, device, kind of account.
    fn admit(&self, person: &Account, request: &TokenRequest) -> Result<Device, Answer> {
        let version = version(&request.client_version).ok_or_else(|| {
            let text = "No client version header found, required to prevent encryption errors. Please confirm \
                        your client is supplying the header: \"Bitwarden-Client-Version\"";
            described("version_header_missing", text, text)
        })?;
        if person.kind == Kind::Newer && version < NEWER_ENCRYPTION_FROM {
            let text = "Please update your app to continue using Bitwarden";
            return Err(described("invalid_client_version", text, text));
        }
        let device = device(person, request).ok_or_else(|| {
            described("device_error", "No device information provided", "no device information provided")
        })?;
        self.remember(&device);
        if person.kind == Kind::Legacy {
            let text = "Legacy encryption without a userkey is no longer supported. To recover your account, \
                        please contact support";
            let body =
                json!({ "error": "invalid_grant", "ErrorModel": { "Object": "error", "Message": text } });
            return Err(token_request::dressed(400, &body).slowly());
        }
        Ok(device)
    }

    fn remember(&self, device: &Device) {
        let mut devices = self.devices.lock().unwrap_or_else(PoisonError::into_inner);
        let known = devices.iter().any(|old| old.user == device.user && old.identifier == device.identifier);
        if !known {
            devices.push(device.clone());
        }
    }
}

fn described(error: &str, description: &str, message: &str) -> Answer {
    let body = Ordered(vec![
        ("error", json!(error)),
        ("error_description", json!(description)),
        ("ErrorModel", json!({ "Object": "error", "Message": message })),
    ]);
    token_request::dressed(400, &body).slowly()
}

/// Two to four numbers with dots between; anything else counts as no header.
fn version(text: &str) -> Option<[u32; 3]> {
    let parts: Option<Vec<u32>> = text.trim().split('.').map(|part| part.parse().ok()).collect();
    let parts = parts.filter(|parts| (2..=4).contains(&parts.len()))?;
    Some([parts[0], parts[1], parts.get(2).copied().unwrap_or(0)])
}

fn device(person: &Account, request: &TokenRequest) -> Option<Device> {
    let field = |name: &str| request.form.get(name).filter(|text| !text.trim().is_empty());
    let kind = field("deviceType")?;
    let kind = match kind.parse::<u8>() {
        Ok(number) => DEVICES.get(usize::from(number)).map_or(number.to_string(), |name| (*name).to_owned()),
        Err(_) => DEVICES.iter().find(|name| name.eq_ignore_ascii_case(&kind))?.to_string(),
    };
    Some(Device {
        user: person.id.clone(),
        identifier: field("deviceIdentifier")?,
        name: field("deviceName")?,
        kind,
    })
}

fn claims(person: &Account, device: &Device) -> Map<String, Value> {
    let mut claims = Map::new();
    let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    put("scope", json!(SCOPES));
    put("amr", json!(["Application"]));
    put("client_id", json!(format!("user.{}", person.id)));
    put("sub", json!(person.id));
    put("type", json!("User"));
    put("premium", json!(false));
    put("email", json!(person.email));
    put("email_verified", json!(true));
    put("sstamp", json!("0c0c0c0c-1111-4222-8333-444455556666"));
    put("name", json!(person.name));
    put("device", json!(device.identifier));
    put("devicetype", json!(device.kind));
    for membership in [Membership::Owner, Membership::Admin, Membership::User, Membership::Custom] {
        let held = person.organizations.iter().filter(|(_, is)| *is == membership).map(|(id, _)| id);
        // One value is a text, several are a list: so the token library writes claims.
        match held.collect::<Vec<_>>()[..] {
            [] => {}
            [one] => {
                put(membership.claim(), json!(one));
            }
            ref many => {
                put(membership.claim(), json!(many));
            }
        }
    }
    claims
}

/// What Bitwarden adds to the four members of a token answer.
fn members(person: &Account) -> Vec<(&'static str, Value)> {
    let has_keys = person.kind != Kind::WithoutKeys;
    let (kdf, iterations, memory, parallelism) = match person.kind {
        Kind::Argon2 => (1, 3, Some(64), Some(4)),
        _ => (0, 600_000, None, None),
    };
    let user_key = "2.c2ltdWxhdGVkLWl2LTE2Yg==|c2ltdWxhdGVkLXVzZXIta2V5|c2ltdWxhdGVkLW1hYw==";
    let mut members = Vec::new();
    if has_keys {
        let (private_key, pair) = key_pair(person.kind);
        members.push(("PrivateKey", json!(private_key)));
        let account_keys = json!({ "publicKeyEncryptionKeyPair": pair, "Object": "privateKeys" });
        members.push(("AccountKeys", account_keys));
        members.push(("Key", json!(user_key)));
    }
    let mut options = json!({ "HasMasterPassword": false, "Object": "userDecryptionOptions" });
    if !matches!(person.kind, Kind::KeyConnector | Kind::WithoutKeys) {
        let mut details = json!({ "KdfType": kdf, "Iterations": iterations });
        if let (Some(memory), Some(parallelism)) = (memory, parallelism) {
            details["Memory"] = json!(memory);
            details["Parallelism"] = json!(parallelism);
        }
        options["HasMasterPassword"] = json!(true);
        options["MasterPasswordUnlock"] =
            json!({ "Kdf": details, "MasterKeyEncryptedUserKey": user_key, "Salt": person.email });
    }
    members.extend([
        ("MasterPasswordPolicy", json!({ "Object": "masterPasswordPolicy" })),
        ("ForcePasswordReset", json!(false)),
        ("Kdf", json!(kdf)),
        ("KdfIterations", json!(iterations)),
        ("KdfMemory", json!(memory)),
        ("KdfParallelism", json!(parallelism)),
        ("UserDecryptionOptions", options),
    ]);
    if person.kind == Kind::KeyConnector {
        members.push(("ApiUseKeyConnector", json!(true)));
    }
    members
}

fn key_pair(kind: Kind) -> (&'static str, Value) {
    let private_key = match kind {
        Kind::Newer => "7.c2ltdWxhdGVk",
        _ => "2.c2ltdWxhdGVkLWl2LTE2Yg==|c2ltdWxhdGVkLXByaXZhdGUta2V5|c2ltdWxhdGVkLW1hYw==",
    };
    let mut pair = json!({
        "wrappedPrivateKey": private_key,
        "publicKey": "c2ltdWxhdGVkLXB1YmxpYy1rZXk=",
        "Object": "publicKeyEncryptionKeyPair",
    });
    if kind == Kind::Newer {
        pair["signedPublicKey"] = json!("c2ltdWxhdGVkLXNpZ25lZA==");
    }
    (private_key, pair)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn client_versions_are_read_as_the_server_reads_them() {
        assert_eq!(version("2026.9.0"), Some([2026, 9, 0]));
        assert_eq!(version("0.1"), Some([0, 1, 0]));
        for text in ["", "abc", "2026", "2026.9.0-beta", "1.2.3.4.5", "1..2"] {
            assert_eq!(version(text), None, "{text}");
        }
    }
}
