//! What is asked of a host over HTTP and what comes back: plain types, so that the clients above never see
//! the HTTP crate.

use std::{borrow::Cow, fmt, net::SocketAddr, time::Duration};

use serde::de::DeserializeOwned;
use time::OffsetDateTime;
use url::Url;
use zeroize::Zeroizing;

use crate::domain::{answers::Answer, check::Finding, secret::Secret};

/// How long one call may take altogether where nothing else is said (design §4: a check takes at most 15 s).
pub const CALL_TIMEOUT: Duration = Duration::from_secs(15);
/// Longest `Retry-After` that is waited for, in seconds; a longer one is told.
const PATIENCE: u64 = 3;

/// The verbs that are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads; may carry a body, as the genuine server's license question does.
    Get,
    /// Creates, or triggers.
    Post,
    /// Replaces.
    Put,
    /// Removes.
    Delete,
}

/// What is sent along.
#[derive(Debug, Clone, Default)]
pub enum CallBody {
    /// Nothing.
    #[default]
    None,
    /// `application/x-www-form-urlencoded`, in this order.
    Form(Vec<(&'static str, Secret)>),
    /// A JSON text.
    Json {
        /// The text.
        text: Secret,
        /// `Transfer-Encoding: chunked` in place of a length, as the genuine server sends it (design §9).
        chunked: bool,
    },
}

/// One question to one host.
#[derive(Debug, Clone)]
pub struct Call {
    /// The verb.
    pub method: Method,
    /// Where to; `https`, or `http` on loopback.
    pub url: Url,
    /// Headers beyond the transport's own.
    pub headers: Vec<(&'static str, String)>,
    /// `Authorization: Bearer …`
    pub bearer: Option<Secret>,
    /// What is sent along.
    pub body: CallBody,
    /// How long it may take, from the name to the last byte; the run's own deadline may be earlier.
    pub timeout: Duration,
}

impl Call {
    /// A call without headers, bearer or body, that may take [`CALL_TIMEOUT`].
    pub fn new(method: Method, url: Url) -> Self {
        Self { method, url, headers: Vec::new(), bearer: None, body: CallBody::None, timeout: CALL_TIMEOUT }
    }

    /// `GET`
    pub fn get(url: Url) -> Self {
        Self::new(Method::Get, url)
    }

    /// `POST`
    pub fn post(url: Url) -> Self {
        Self::new(Method::Post, url)
    }

    /// The same with a bearer.
    pub fn bearer(mut self, bearer: Secret) -> Self {
        self.bearer = Some(bearer);
        self
    }

    /// The same with one more header.
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same with a form.
    pub fn form(mut self, fields: Vec<(&'static str, Secret)>) -> Self {
        self.body = CallBody::Form(fields);
        self
    }

    /// The same with a JSON text.
    pub fn json(mut self, text: Secret, chunked: bool) -> Self {
        self.body = CallBody::Json { text, chunked };
        self
    }

    /// The same with another limit of time.
    pub fn within(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }
}

/// Why there is no answer, and whether the other side may have heard the question all the same: what it was asked to
/// change may then be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unanswered {
    /// The exact cause.
    pub finding: Finding,
    /// Whether anything of the question may have left. False only where that is certain: no connection was made.
    pub left: bool,
}

impl Unanswered {
    pub(super) fn unasked(finding: Finding) -> Self {
        Self { finding, left: false }
    }

    pub(super) fn unheard(finding: Finding) -> Self {
        Self { finding, left: true }
    }
}

/// What a host answered, whatever the status.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The address that answered; that of a proxy where one was used. None where it is not known.
    pub address: Option<SocketAddr>,
    /// The status.
    pub status: u16,
    /// `Content-Type`
    pub content_type: Option<String>,
    /// `Location`, as it was sent; never followed.
    pub location: Option<String>,
    /// `Retry-After` in seconds; a date there is turned into seconds from now.
    pub retry_after: Option<u64>,
    /// `Date`; whole seconds, up to 2 s old (`bitwarden.md` A3-6).
    pub date: Option<OffsetDateTime>,
    /// The body.
    pub body: Body,
    /// From the call to the last byte.
    pub took: Duration,
}

impl Reply {
    /// How long a host that was asked too often wants to be left alone, where that is short enough to wait for:
    /// the cloud counts five requests a second (`bitwarden.md` §0-12).
    pub fn patience(&self) -> Option<Duration> {
        let seconds = self.retry_after.filter(|seconds| self.status == 429 && *seconds <= PATIENCE)?;
        Some(Duration::from_secs(seconds.max(1)))
    }

    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The part of it that [`crate::domain::answers`] reads. What of a cut body arrived is no JSON, so a cut
    /// answer is never taken for a genuine one.
    pub fn answer(&self) -> Answer<'_> {
        Answer {
            status: self.status,
            content_type: self.content_type.as_deref(),
            location: self.location.as_deref(),
            retry_after: self.retry_after,
            body: self.body.bytes(),
        }
    }

    /// Whether the answer says that it is JSON.
    pub fn is_json(&self) -> bool {
        self.content_type.as_deref().is_some_and(is_json)
    }
}

/// Whether a `Content-Type` names JSON.
pub fn is_json(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || kind.ends_with("+json")
}

/// A bounded body. It may hold a bearer or a license: `Debug` shows its length only, `Drop` wipes it.
#[derive(Clone, Default)]
pub struct Body {
    bytes: Zeroizing<Vec<u8>>,
    cut: bool,
}

impl Body {
    /// The bytes as they came; `cut` says that there was more than the limit.
    pub fn new(bytes: Vec<u8>, cut: bool) -> Self {
        Self { bytes: Zeroizing::new(bytes), cut }
    }

    /// The bytes as they came.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The body as text; bytes that are not UTF-8 are replaced. Hostile until cleaned.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.bytes)
    }

    /// Whether there was more than the limit.
    pub fn is_cut(&self) -> bool {
        self.cut
    }

    /// The body read as JSON; `None` where it is none, or was cut. A byte order mark before it is accepted.
    pub fn json<T: DeserializeOwned>(&self) -> Option<T> {
        let bytes = self.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.bytes);
        if self.cut { None } else { serde_json::from_slice(bytes).ok() }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({} bytes{})", self.bytes.len(), if self.cut { ", cut" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_does_not_show_itself() {
        assert_eq!(format!("{:?}", Body::new(b"{\"access_token\":1}".to_vec(), false)), "Body(18 bytes)");
    }

    #[test]
    fn a_cut_body_is_no_json() {
        assert!(Body::new(b"{}".to_vec(), false).json::<serde_json::Value>().is_some());
        assert!(Body::new(b"{}".to_vec(), true).json::<serde_json::Value>().is_none());
    }

    #[test]
    fn json_is_told_by_its_type() {
        for (text, wanted) in [
            ("application/json; charset=utf-8", true),
            ("APPLICATION/JSON", true),
            ("application/problem+json", true),
            ("text/html", false),
            ("", false),
        ] {
            assert_eq!(is_json(text), wanted, "{text}");
        }
    }
}
