//! What an answer of the cloud or of the server means: status, type and bytes in, meaning or cause out.
//!
//! The words of the API are matched here and nowhere else. An answer is hostile until it went through here:
//! nothing of it reaches a finding uncleaned, and no secret in it reaches a finding at all.

mod cloud;
mod refusal;
mod server;
mod shown;

use std::fmt;

use serde_json::{Map, Value};

pub use cloud::{
    Bearer, LicenseAnswer, cloud_alive, discovery, installation, installation_token, license_question,
};
pub use refusal::{cloud_refusal, license_refusal};
pub use server::{
    Refusal, UserBearer, alive, connection, connections_enabled, holds_token, license_sync, refusal,
    remove_connection, save_connection, server_discovery, subscription, sync_status, user_token,
};
pub use shown::{ServerConfig, config, is_cloud};

use super::{
    check::{AdviceCode, Cause, Finding},
    outside::{bare_address, clean},
};

/// Longest piece of the other side's own words that is kept, in characters.
const LONGEST_WORDS: usize = 500;

/// An answer as far as it matters here.
#[derive(Clone, Copy, Default)]
pub struct Answer<'a> {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`.
    pub content_type: Option<&'a str>,
    /// `Location`.
    pub location: Option<&'a str>,
    /// `Retry-After`, in seconds.
    pub retry_after: Option<u64>,
    /// The body, bounded by whoever read it.
    pub body: &'a [u8],
}

impl fmt::Debug for Answer<'_> {
    /// Without the body: it may hold a token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answer({}, {:?}, {} bytes)", self.status, self.content_type, self.body.len())
    }
}

impl Answer<'_> {
    /// The body without a byte order mark.
    fn bytes(&self) -> &[u8] {
        self.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(self.body).trim_ascii()
    }

    fn is_empty(&self) -> bool {
        self.bytes().is_empty()
    }

    /// The body as JSON, whatever type it claims to have: the server reads it so too (`self-license-sync.json`,
    /// `license-200-json-as-text-html`).
    fn json(&self) -> Option<Value> {
        serde_json::from_slice(self.bytes()).ok()
    }

    fn object(&self) -> Option<Map<String, Value>> {
        match self.json()? {
            Value::Object(object) => Some(object),
            _ => None,
        }
    }

    /// Whether it is a page for people where JSON is due.
    fn is_page(&self) -> bool {
        let typed = self.content_type.is_some_and(|kind| kind.to_ascii_lowercase().contains("html"));
        (typed && self.json().is_none()) || self.bytes().first() == Some(&b'<')
    }

    /// The API's error document (`{"object":"error","message":…}`).
    fn error(&self) -> Option<ErrorWords> {
        let object = self.object()?;
        if object.get("object").and_then(Value::as_str) != Some("error") {
            return None;
        }
        let message = object.get("message").and_then(Value::as_str).unwrap_or_default().to_owned();
        let details = object.get("validationErrors").map(details).unwrap_or_default();
        Some(ErrorWords { message, details })
    }

    /// A finding with the facts that every answer has.
    fn found(&self, cause: Cause) -> Finding {
        let mut finding = Finding::new(cause).with("status", self.status.to_string());
        if let Some(kind) = self.content_type {
            finding = finding.with("content_type", words(kind));
        }
        if let Some(error) = self.error() {
            finding = finding.with("words", error.spoken());
        }
        finding
    }

    /// 429 and redirects mean the same whoever was asked.
    fn common_fault(&self) -> Option<Finding> {
        match self.status {
            429 => {
                let finding = self.found(Cause::HttpRateLimited).advise(AdviceCode::WaitAndRetry);
                Some(match self.retry_after {
                    Some(seconds) => finding.with("retry_after", seconds.to_string()),
                    None => finding,
                })
            }
            300..=399 => {
                let finding = self.found(Cause::HttpRedirected).advise(AdviceCode::CheckProxy);
                Some(match self.location {
                    Some(location) => finding.with("location", words(&bare_address(location))),
                    None => finding,
                })
            }
            _ => None,
        }
    }

    /// What an answer means that is none of those which the question knows.
    fn cloud_fault(&self) -> Finding {
        if let Some(finding) = self.common_fault() {
            return finding;
        }
        match self.status {
            500.. => self.found(Cause::HttpServerError).advise(AdviceCode::WaitAndRetry),
            _ if self.is_page() || self.status < 300 => {
                self.found(Cause::HttpBlockPage).advise(AdviceCode::OpenFirewall)
            }
            _ => self.found(Cause::HttpUnexpectedStatus),
        }
    }
}

/// What an error document says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct ErrorWords {
    message: String,
    details: Vec<(String, String)>,
}

impl ErrorWords {
    /// The message, and the details where there are some.
    fn spoken(&self) -> String {
        let details: Vec<_> = self.details.iter().map(|(_, text)| text.as_str()).collect();
        words(&[&[self.message.as_str()], details.as_slice()].concat().join(" "))
    }
}

/// `validationErrors`: name to list of texts.
fn details(value: &Value) -> Vec<(String, String)> {
    let Value::Object(object) = value else { return Vec::new() };
    let texts = |value: &Value| match value {
        Value::Array(texts) => texts.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "),
        other => other.as_str().unwrap_or_default().to_owned(),
    };
    object.iter().take(20).map(|(name, value)| (name.clone(), texts(value))).collect()
}

/// Somebody else's words, cleaned and cut.
fn words(text: &str) -> String {
    let cleaned = clean(text);
    let cleaned = cleaned.trim();
    match cleaned.char_indices().nth(LONGEST_WORDS) {
        Some((end, _)) => format!("{}…", cleaned.get(..end).unwrap_or_default()),
        None => cleaned.to_owned(),
    }
}

#[cfg(test)]
mod tests;
