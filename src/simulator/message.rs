//! One request and one answer as every simulated service sees them, so that the same rules serve a socket and a
//! caller in this process.

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::Response,
};
use serde::{Serialize, Serializer};
use serde_json::Value;
use time::{OffsetDateTime, macros::format_description};
use uuid::Uuid;

/// More than any request of this protocol; a longer one is refused.
const MAX_BODY: usize = 1 << 20;
/// What an API says for a body of its own (`cloud-installations.json`).
const JSON: &str = "application/json; charset=utf-8";

/// The peer's address, put into a request by the listener.
#[derive(Debug, Clone)]
pub struct Peer(pub String);

/// A request, read to its end.
#[derive(Clone)]
pub struct Asked {
    /// GET, POST, …
    pub method: Method,
    /// The path as it came, still percent-encoded.
    pub path: String,
    /// The query without its question mark.
    pub query: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body; empty where there was none.
    pub body: Bytes,
    /// The client's address as limits count it: `X-Connecting-IP` of the edge, else the connection's
    /// (`cloud-rate-limits.json`).
    pub address: String,
}

impl Asked {
    /// A request that does not come from a socket.
    pub fn new(method: Method, path: &str, body: impl Into<Bytes>) -> Self {
        Self {
            method,
            path: path.to_owned(),
            query: String::new(),
            headers: HeaderMap::new(),
            body: body.into(),
            address: "127.0.0.1".to_owned(),
        }
    }

    /// The same with one more header; a value that no header can hold is left out.
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
        self
    }

    /// Reads a request from a socket; an over-long or broken body is answered 413.
    pub async fn read(request: Request) -> Result<Self, Answer> {
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, MAX_BODY).await.map_err(|_| Answer::empty(413))?;
        let peer = parts.extensions.get::<Peer>().map(|peer| peer.0.clone());
        let edge = parts.headers.get("x-connecting-ip").and_then(|value| value.to_str().ok());
        let address = edge.map(str::to_owned).or(peer).unwrap_or_else(|| "127.0.0.1".to_owned());
        Ok(Self {
            method: parts.method,
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            headers: parts.headers,
            body,
            address,
        })
    }

    /// A header as text; empty where it is absent or no text.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The media type in lower case, without parameters; empty where it is absent.
    pub fn media_type(&self) -> String {
        let value = self.header("content-type");
        value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// The path's segments, decoded but in the case they came in, as the API's routing reads them: one slash at the
    /// end is dropped; `None` where an empty segment matches no route.
    pub fn segments(&self) -> Option<Vec<String>> {
        let path = self.path.strip_prefix('/')?;
        let path = path.strip_suffix('/').unwrap_or(path);
        if path.is_empty() {
            return Some(Vec::new());
        }
        let parts: Vec<String> = path.split('/').map(decoded).collect();
        (!parts.iter().any(String::is_empty)).then_some(parts)
    }

    /// A parameter of the query, decoded.
    pub fn query_value(&self, name: &str) -> Option<String> {
        url::form_urlencoded::parse(self.query.as_bytes())
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.into_owned())
    }

    /// The bearer, from the header or from `?access_token=` (both are taken: `cloud-license.json`).
    pub fn bearer(&self) -> Option<String> {
        let value = self.header("authorization");
        match value.split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Some(token.trim().to_owned()),
            _ => self.query_value("access_token"),
        }
    }

    /// The body as a JSON object, or the refusal that the API's model binding gives: 415 for another media type,
    /// 400 with `validationErrors` for no body, `null` or what is no JSON (`cloud-license.json`).
    pub fn json_object(&self) -> Result<Model, Answer> {
        let media = self.media_type();
        let is_json = media == "application/json"
            || media == "text/json"
            || (media.starts_with("application/") && media.ends_with("+json"));
        if !is_json {
            return Err(Answer::empty(415));
        }
        let nothing = || Answer::invalid("", "A non-empty request body is required.");
        let text = String::from_utf8_lossy(&self.body);
        if text.is_empty() {
            return Err(nothing());
        }
        match serde_json::from_str::<Value>(&text) {
            Ok(Value::Null) => Err(nothing()),
            Ok(Value::Object(fields)) => Ok(Model { fields, text: text.into_owned() }),
            Ok(_) => Err(Answer::invalid(
                "$",
                "The JSON value could not be converted to the request model. Path: $ | LineNumber: 0 | \
                 BytePositionInLine: 1.",
            )),
            Err(fault) => Err(not_json(&text, &fault)),
        }
    }
}

fn not_json(text: &str, fault: &serde_json::Error) -> Answer {
    let (line, column) = (fault.line().saturating_sub(1), fault.column().saturating_sub(1));
    let bad = text.split('\n').nth(line).and_then(|row| row.chars().nth(column)).unwrap_or(' ');
    Answer::invalid(
        "$",
        &format!(
            "'{bad}' is an invalid start of a value. Path: $ | LineNumber: {line} | BytePositionInLine: {column}."
        ),
    )
}

/// A JSON object as the API binds it: names in any case, unknown ones ignored.
pub struct Model {
    fields: serde_json::Map<String, Value>,
    text: String,
}

impl Model {
    /// A field by its camelCase name, whatever its case was.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.fields.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// A text field; absent and null are `None`, another kind is refused as the API refuses it.
    pub fn text(&self, name: &str) -> Result<Option<String>, Answer> {
        match self.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(other) => Err(self.unconvertible(name, other, "System.String")),
        }
    }

    /// The refusal of a value that cannot become the field's type.
    pub fn unconvertible(&self, name: &str, value: &Value, kind: &str) -> Answer {
        // The position is the end of the value, as the server's reader counts it.
        let written = value.to_string();
        let after = self.text.to_ascii_lowercase().find(&format!("\"{}\"", name.to_ascii_lowercase()));
        let at = after.and_then(|start| self.text[start..].find(&written).map(|found| start + found));
        let position = at.map_or(0, |at| at + written.len());
        let path = format!("$.{name}");
        let text = format!(
            "The JSON value could not be converted to {kind}. Path: {path} | LineNumber: 0 | \
             BytePositionInLine: {position}."
        );
        Answer::invalid(&path, &text)
    }
}

/// An answer, complete but for the headers that every answer has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers that this answer has and others have not.
    pub headers: Vec<(&'static str, String)>,
    /// The body; `None` is sent as `Content-Length: 0`.
    pub body: Option<String>,
    /// The genuine service lets this answer wait (2 s, against guessing).
    pub slow: bool,
}

impl Answer {
    /// No body at all.
    pub fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: None, slow: false }
    }

    /// A body of another kind.
    pub fn text(status: u16, content_type: &str, body: impl Into<String>) -> Self {
        Self::empty(status).with("content-type", content_type).body(body.into())
    }

    /// A JSON body of the API.
    pub fn json(status: u16, body: &impl Serialize) -> Self {
        let text = serde_json::to_string(body).unwrap_or_default();
        Self::text(status, JSON, text)
    }

    /// The API's error model with a message.
    pub fn error(status: u16, message: &str) -> Self {
        Self::json(status, &ErrorModel::new(message, None))
    }

    /// 404 as a controller gives it (a missing route has no body).
    pub fn not_found() -> Self {
        Self::error(404, "Resource not found.")
    }

    /// 500 as the API gives it for any exception.
    pub fn broken() -> Self {
        Self::error(500, "An unhandled server error has occurred.")
    }

    /// 400 of the model binding: one field, one message.
    pub fn invalid(field: &str, message: &str) -> Self {
        let errors = serde_json::json!({ field: [message] });
        Self::json(400, &ErrorModel::new("The model state is invalid.", Some(errors)))
    }

    /// 405 with the verbs that are routed.
    pub fn method_not_allowed(allow: &str) -> Self {
        Self::empty(405).with("allow", allow)
    }

    /// One more header.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The genuine service answers this only after 2 s.
    pub fn slowly(mut self) -> Self {
        self.slow = true;
        self
    }

    fn body(mut self, body: String) -> Self {
        self.body = Some(body);
        self
    }

    /// The body read as JSON; null where there is none.
    pub fn value(&self) -> Value {
        self.body.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or(Value::Null)
    }

    /// For the socket: chunked where there is a body, as Kestrel does it, and with the headers that all have.
    pub fn into_response(self, now: OffsetDateTime) -> Response {
        let body = match self.body {
            Some(text) => Body::from_stream(futures_util::stream::once(async move {
                Ok::<_, std::convert::Infallible>(Bytes::from(text))
            })),
            None => Body::empty(),
        };
        let mut response = Response::new(body);
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let headers = response.headers_mut();
        for (name, value) in COMMON {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        for (name, value) in &self.headers {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
        if let Ok(date) = HeaderValue::from_str(&http_date(now)) {
            headers.insert(header::DATE, date);
        }
        response
    }
}

const COMMON: [(&str, &str); 4] = [
    ("server", "Kestrel"),
    ("x-frame-options", "SAMEORIGIN"),
    ("x-xss-protection", "1; mode=block"),
    ("x-content-type-options", "nosniff"),
];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ErrorModel<'a> {
    object: &'a str,
    message: &'a str,
    validation_errors: Option<Value>,
    exception_message: Option<()>,
    exception_stack_trace: Option<()>,
    inner_exception_message: Option<()>,
}

impl<'a> ErrorModel<'a> {
    fn new(message: &'a str, validation_errors: Option<Value>) -> Self {
        Self {
            object: "error",
            message,
            validation_errors,
            exception_message: None,
            exception_stack_trace: None,
            inner_exception_message: None,
        }
    }
}

/// A JSON object whose members stay in the order in which the genuine answer has them.
#[derive(Debug, Clone, Default)]
pub struct Ordered(pub Vec<(&'static str, Value)>);

impl Serialize for Ordered {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// A GUID as the server reads one: blanks around it, no dashes, braces or parentheses, any case.
pub fn guid(text: &str) -> Option<Uuid> {
    let text = text.trim();
    let text = text.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(text);
    if text.starts_with("urn:") { None } else { Uuid::try_parse(text).ok() }
}

/// A path segment without its percent signs; a plus stays a plus.
fn decoded(segment: &str) -> String {
    let escaped = segment.replace('+', "%2B").replace('&', "%26").replace('=', "%3D");
    url::form_urlencoded::parse(escaped.as_bytes())
        .next()
        .map(|(key, _)| key.into_owned())
        .unwrap_or_default()
}

/// `2026-11-21T23:57:29.6107512Z`: UTC with the server's seven fraction digits.
pub fn iso(at: OffsetDateTime) -> String {
    let form = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:7]Z");
    at.format(form).unwrap_or_default()
}

/// `11/21/2026 23:57:44`: UTC as claims and bearer errors have it.
pub fn month_first(at: OffsetDateTime) -> String {
    let form = format_description!("[month]/[day]/[year] [hour]:[minute]:[second]");
    at.format(form).unwrap_or_default()
}

fn http_date(at: OffsetDateTime) -> String {
    let form = format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    at.format(form).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_as_the_api_routes_them() {
        let segments = |path: &str| Asked::new(Method::GET, path, "").segments();
        assert_eq!(segments("/a/b%20/"), Some(vec!["a".to_owned(), "b ".to_owned()]));
        assert_eq!(segments("/a+b%7B"), Some(vec!["a+b{".to_owned()]));
        assert_eq!(segments("/"), Some(vec![]));
        assert_eq!(segments("//a"), None);
    }

    #[test]
    fn guids_are_read_as_the_server_reads_them() {
        let id = "7c0b6b1e-52a6-4c6f-9a3c-b1e500f1a2b3";
        for text in [id, "7C0B6B1E52A64C6F9A3CB1E500F1A2B3", &format!("{{{id}}} "), &format!("({id})")] {
            assert_eq!(guid(text).map(|g| g.to_string()).as_deref(), Some(id), "{text}");
        }
        assert_eq!(guid(&format!("urn:uuid:{id}")), None);
        assert_eq!(guid("7c0b6b1e-52a6-4c6f-9a3c-b1e500f1a2b"), None);
    }
}
