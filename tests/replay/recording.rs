//! The recordings: which of our clients asks what an exchange asks, and what it gets.

use serde_json::Value;

use super::host::Canned;

/// What our clients can ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Client {
    Installation,
    SignIn,
    License { with_token: bool },
    UserSignIn,
    ConnectionsEnabled,
    Connection,
    SaveConnection { put: bool },
    Sync,
    Subscription,
    SyncStatus,
    Config,
    Alive,
}

impl Client {
    pub const ALL: [Self; 14] = [
        Self::Installation,
        Self::SignIn,
        Self::License { with_token: true },
        Self::License { with_token: false },
        Self::UserSignIn,
        Self::ConnectionsEnabled,
        Self::Connection,
        Self::SaveConnection { put: true },
        Self::SaveConnection { put: false },
        Self::Sync,
        Self::Subscription,
        Self::SyncStatus,
        Self::Config,
        Self::Alive,
    ];
}

/// One recorded exchange.
pub struct Exchange {
    pub file: String,
    pub name: String,
    /// Who asks this; none where our clients do not.
    pub client: Option<Client>,
    pub answers: Vec<Canned>,
}

const FILES: [&str; 11] = [
    "cloud-installations",
    "cloud-license",
    "cloud-rate-limits",
    "identity-installation-token",
    "identity-misc",
    "identity-user-api-key",
    "self-connections",
    "self-license-sync",
    "self-misc",
    "self-sponsorship",
    "self-subscription",
];
/// Bodies that stand for another recording's.
const PLACEHOLDERS: [&str; 4] = ["…", "as ", "<as ", "token answer of"];
/// What a placeholder of an access token stands for.
const BEARER: &str = super::super::BEARER;

pub fn exchanges() -> Vec<Exchange> {
    FILES.iter().flat_map(|file| of_file(file)).collect()
}

fn of_file(file: &str) -> Vec<Exchange> {
    let text = std::fs::read_to_string(format!("tests/data/contract/{file}.json")).unwrap();
    let contract: Value = serde_json::from_str(&text).unwrap();
    let all = contract["exchanges"].as_array().unwrap();
    let named = |name: &str| all.iter().find(|exchange| exchange["name"] == name).unwrap();
    all.iter()
        .map(|exchange| {
            let name = exchange["name"].as_str().unwrap().to_owned();
            let mut answers: Vec<_> = canned(&exchange["response"]).into_iter().collect();
            if name == "token-never-generated" {
                // The client asks again with an empty key before it concludes this.
                answers.extend(canned(&named("token-never-generated-blank-key")["response"]));
            }
            let client = client(file, exchange).filter(|_| !answers.is_empty());
            Exchange { file: file.to_owned(), name, client, answers }
        })
        .collect()
}

fn client(file: &str, exchange: &Value) -> Option<Client> {
    let request = &exchange["request"];
    let (method, path) = (request["method"].as_str()?, request["path"].as_str()?);
    let user = file.starts_with("self-") || file == "identity-user-api-key";
    let ends = |end: &str| path.trim_end_matches('/').ends_with(end);
    match method {
        "GET" if path.to_ascii_lowercase().starts_with("/installation") => Some(Client::Installation),
        "GET" if path.contains("licenses/organization/") => {
            let key = match &request["body"] {
                Value::Object(body) => body.get("billingSyncKey").and_then(Value::as_str).unwrap_or_default(),
                Value::String(body) if body.contains("billingSyncKey") => "some",
                _ => "",
            };
            Some(Client::License { with_token: !key.trim().is_empty() })
        }
        "POST" if path.to_ascii_lowercase().split('?').next()?.ends_with("/connect/token") => {
            Some(if user { Client::UserSignIn } else { Client::SignIn })
        }
        "GET" if ends("/connections/enabled") => Some(Client::ConnectionsEnabled),
        "GET" if path.starts_with("/organizations/connections/") => Some(Client::Connection),
        "POST" if ends("/organizations/connections") => Some(Client::SaveConnection { put: false }),
        "PUT" if path.starts_with("/organizations/connections/") => {
            Some(Client::SaveConnection { put: true })
        }
        "POST" if ends("/sync") && file == "self-license-sync" => Some(Client::Sync),
        "GET" if ends("/subscription") => Some(Client::Subscription),
        "GET" if ends("/sync-status") => Some(Client::SyncStatus),
        "GET" if ends("/config") && user => Some(Client::Config),
        "GET" if ends("/alive") && user => Some(Client::Alive),
        _ => None,
    }
}

/// The answer as it goes over the wire; none where none was recorded.
fn canned(response: &Value) -> Option<Canned> {
    let status = u16::try_from(response["status"].as_u64()?).unwrap();
    let headers: Vec<(String, String)> = response["headers"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.to_ascii_lowercase(), value.as_str().unwrap_or_default().to_owned()))
        .filter(|(name, _)| {
            !matches!(name.as_str(), "content-length" | "transfer-encoding" | "date" | "connection")
        })
        .collect();
    let page = headers.iter().any(|(name, value)| name == "content-type" && value.contains("html"));
    let body = match &response["body"] {
        Value::Null => String::new(),
        Value::String(text) if PLACEHOLDERS.iter().any(|beginning| text.starts_with(beginning)) => {
            return None;
        }
        Value::String(text) if page => text.clone(),
        json => json.to_string().replace("<jwt>", BEARER),
    };
    Some(Canned { status, headers, body: body.into_bytes() })
}
