//! Who answers at the server's address: Bitwarden's own self-hosted server, as it shows itself by `/api/config`, or a
//! stranger. A personal API key goes to nobody else.

use serde_json::Value;
use url::Url;

use super::{Answer, words};
use crate::domain::{
    check::{AdviceCode, Cause, Finding},
    outside::clean,
    region::Region,
};

/// Where a page's title stands, in bytes from its beginning.
const TITLE_WITHIN: usize = 16 * 1024;

/// What Bitwarden's own self-hosted server says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerConfig {
    /// Its version, as in `2026.8.0`.
    pub version: String,
    /// Its `cloudRegion` as it stands there.
    pub region: Option<String>,
}

/// `GET /api/config` (`self-misc.json`), read strictly: a personal API key goes to whoever answers so. `server` is
/// there and null on an official server; others that speak its API name themselves in it. The addresses in it tell
/// the cloud from a self-hosted server; none of them is followed.
///
/// # Errors
/// `server.not_bitwarden` with what it says of itself (`message`: its name or its page's title);
/// `server.not_self_hosted` for the cloud; `http.block_page`, `http.redirected`, or as [`alive`].
pub fn config(answer: &Answer<'_>) -> Result<ServerConfig, Finding> {
    let object = match answer.object() {
        Some(object) if answer.status == 200 => object,
        _ => return Err(answer.stranger()),
    };
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(clean);
    let foreign = |name: &str| {
        Err(answer
            .found(Cause::ServerNotBitwarden)
            .with("message", words(name))
            .advise(AdviceCode::PointToServer))
    };
    match object.get("server") {
        Some(Value::Null) => {}
        Some(Value::Object(server)) => {
            return foreign(server.get("name").and_then(Value::as_str).unwrap_or_default());
        }
        _ => return foreign(object.get("name").and_then(Value::as_str).unwrap_or_default()),
    }
    let environment = object.get("environment").and_then(Value::as_object);
    let version = text(object.get("version")).filter(|version| is_version(version));
    let (Some("config"), Some(environment), Some(version)) =
        (object.get("object").and_then(Value::as_str), environment, version)
    else {
        return foreign("");
    };
    let named = ["vault", "api", "identity"].iter().filter_map(|name| environment.get(*name)?.as_str());
    if named.filter_map(|address| Url::parse(address).ok()).any(|address| is_cloud(&address)) {
        return Err(answer.found(Cause::ServerNotSelfHosted).advise(AdviceCode::PointToServer));
    }
    Ok(ServerConfig { version, region: text(environment.get("cloudRegion")) })
}

/// Whether an address is the cloud's own, where no self-hosted server can be.
pub fn is_cloud(address: &Url) -> bool {
    address.host_str().is_some_and(|host| Region::of_host(host).is_some())
}

/// Numbers with dots between them.
fn is_version(text: &str) -> bool {
    text.contains('.') && text.split('.').all(|part| part.parse::<u32>().is_ok())
}

impl Answer<'_> {
    /// Who answers where the server's own words about itself are due, if it is not the server.
    fn stranger(&self) -> Finding {
        if let Some(finding) = self.common_fault() {
            return finding;
        }
        let titled = |finding: Finding| match self.title() {
            Some(title) => finding.with("message", title),
            None => finding,
        };
        match self.status {
            502..=504 => self.server_fault(),
            // A page that forbids, in place of an api that never answers so: a box on the way.
            403 | 407 | 451 | 511 if self.is_page() => {
                titled(self.found(Cause::HttpBlockPage).advise(AdviceCode::CheckProxy))
            }
            500.. if !self.is_page() => self.server_fault(),
            _ => titled(self.found(Cause::ServerNotBitwarden).advise(AdviceCode::PointToServer)),
        }
    }

    /// The title of a page, cleaned and cut.
    fn title(&self) -> Option<String> {
        let page = String::from_utf8_lossy(self.bytes().get(..TITLE_WITHIN).unwrap_or(self.bytes()));
        let lower = page.to_ascii_lowercase();
        let open = lower.find("<title")?;
        let start = open + lower.get(open..)?.find('>')? + 1;
        let end = start + lower.get(start..)?.find("</title")?;
        let title = words(page.get(start..end)?);
        (!title.is_empty()).then_some(title)
    }
}
