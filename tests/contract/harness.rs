//! Reads recorded exchanges, asks them over the wire with a client of its own, and compares what came back.

use std::{collections::BTreeMap, fs, io::Write, net::SocketAddr, path::Path};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::{Map, Value};

/// Texts under these names must be the recorded ones; of other texts only the kind counts.
const WORDS: [&str; 12] = [
    "message",
    "Message",
    "error",
    "error_description",
    "object",
    "Object",
    "token_type",
    "scope",
    "plan",
    "iss",
    "typ",
    "alg",
];
/// Headers that say something about the answer, not about the moment.
const HEADERS: [&str; 11] = [
    "x-rate-limit-limit",
    "x-rate-limit-remaining",
    "content-type",
    "allow",
    "cache-control",
    "pragma",
    "server",
    "transfer-encoding",
    "x-frame-options",
    "x-xss-protection",
    "x-content-type-options",
];

/// One recorded exchange.
#[derive(Debug, Clone, Deserialize)]
pub struct Exchange {
    /// Unique within its file.
    pub name: String,
    /// The state that it was recorded in.
    #[serde(default)]
    pub given: String,
    /// What was asked.
    pub request: Request,
    /// What was answered.
    pub response: Response,
    /// The decoded access token of the answer.
    #[serde(default)]
    pub jwt: Value,
}

/// A recorded request.
#[derive(Debug, Clone, Deserialize)]
pub struct Request {
    /// GET, POST, …
    #[serde(deserialize_with = "or_empty")]
    pub method: String,
    /// With the query.
    #[serde(deserialize_with = "or_empty")]
    pub path: String,
    /// As sent.
    pub headers: Map<String, Value>,
    /// An object is sent as JSON, a text as it is.
    pub body: Value,
}

/// A recorded answer.
#[derive(Debug, Clone, Deserialize)]
pub struct Response {
    /// The status; null where nobody answered.
    pub status: Option<u16>,
    /// Those that were recorded, in lower case.
    pub headers: Map<String, Value>,
    /// Null where it was empty.
    pub body: Value,
}

/// What came back.
#[derive(Debug)]
pub struct Got {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: reqwest::header::HeaderMap,
    /// The body as text.
    pub body: String,
}

/// A few exchanges are of requests that were never sent.
fn or_empty<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.unwrap_or_default())
}

/// All exchanges of a file.
pub fn load(file: &str) -> Vec<Exchange> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/contract").join(file);
    let text = fs::read_to_string(&path).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    serde_json::from_value(document["exchanges"].clone()).unwrap()
}

/// A client that trusts one root and reaches hosts where the table says.
pub struct Asker(reqwest::Client);

impl Asker {
    /// Hosts and where they really listen.
    pub fn new(root_pem: &str, hosts: &[(&str, SocketAddr)]) -> Self {
        let root = reqwest::Certificate::from_pem(root_pem.as_bytes()).unwrap();
        let mut builder = reqwest::Client::builder()
            .tls_certs_only([root])
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none());
        for (host, address) in hosts {
            builder = builder.resolve(host, *address);
        }
        Self(builder.build().unwrap())
    }

    /// Sends a recorded request; `fill` replaces what stands in angle brackets.
    pub async fn ask(&self, host: &str, request: &Request, fill: impl Fn(&str) -> String) -> Got {
        let url = format!("https://{host}{}", fill(&request.path));
        let method = request.method.parse().unwrap();
        let mut call = self.0.request(method, url);
        let mut chunked = false;
        for (name, value) in &request.headers {
            chunked |= name.eq_ignore_ascii_case("transfer-encoding");
            // Also this one is sent as it stands: without it, hyper gives a GET no body of unknown length.
            call = call.header(name, fill(value.as_str().unwrap()));
        }
        let body = match &request.body {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        };
        call = match body {
            Some(text) if chunked => {
                let stream = futures_util::stream::once(async move { Ok::<_, std::io::Error>(text) });
                call.body(reqwest::Body::wrap_stream(stream))
            }
            Some(text) => call.body(text),
            None => call,
        };
        let answer = call.send().await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Got { status, headers, body: answer.text().await.unwrap() }
    }
}

/// Everything in which the answer is not the recorded one.
pub fn differences(exchange: &Exchange, got: &Got) -> Vec<String> {
    let mut found = Vec::new();
    let wanted = &exchange.response;
    if Some(got.status) != wanted.status {
        found.push(format!("status {} in place of {:?}", got.status, wanted.status));
    }
    headers(wanted, got, &mut found);
    let body = match got.body.as_str() {
        "" => Value::Null,
        text => serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned())),
    };
    compare("body", "", &wanted.body, &body, &mut found);
    if let Some(payload) = exchange.jwt.get("payload") {
        token(payload, &exchange.jwt["header"], &body, &mut found);
    }
    found
}

fn headers(wanted: &Response, got: &Got, found: &mut Vec<String>) {
    let is = |name: &str| got.headers.get(name).and_then(|value| value.to_str().ok());
    for (name, value) in &wanted.headers {
        let value = value.as_str().unwrap();
        match (name.as_str(), is(name)) {
            ("www-authenticate", Some(is)) if undated(is) == undated(value) => {}
            (name, Some(is)) if HEADERS.contains(&name) && is == value => {}
            (name, Some(_)) if name != "www-authenticate" && !HEADERS.contains(&name) => {}
            (name, is) => found.push(format!("header {name}: {is:?} in place of {value:?}")),
        }
    }
    if wanted.body.is_null() && !got.body.is_empty() {
        found.push(format!("a body where none was: {:?}", got.body));
    }
    if !wanted.headers.contains_key("content-type") && is("content-type").is_some() {
        found.push("a content type where none was".to_owned());
    }
}

fn undated(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect()
}

fn token(payload: &Value, header: &Value, body: &Value, found: &mut Vec<String>) {
    let token = body["access_token"].as_str().unwrap_or_default();
    let parts: Vec<Value> = token
        .split('.')
        .take(2)
        .filter_map(|part| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok())
        .collect();
    let [is_header, is_payload] = &parts[..] else {
        found.push("no decodable access token".to_owned());
        return;
    };
    compare("jwt header", "", header, is_header, found);
    compare("jwt", "", payload, is_payload, found);
}

/// Compares names and kinds all the way down; numbers, truth values and [`WORDS`] by value.
fn compare(at: &str, name: &str, wanted: &Value, is: &Value, found: &mut Vec<String>) {
    match (wanted, is) {
        (Value::String(text), _) if text.starts_with('<') => {
            if is.is_null() {
                found.push(format!("{at}: {is} in place of {text}"));
            }
        }
        (Value::Object(wanted), Value::Object(is)) => {
            for key in is.keys().filter(|key| !wanted.contains_key(*key)) {
                found.push(format!("{at}.{key}: not recorded"));
            }
            for (key, value) in wanted {
                // Below validationErrors every text is one that a person reads.
                let name = if name == "validationErrors" { "message" } else { key };
                match is.get(key) {
                    Some(is) => compare(&format!("{at}.{key}"), name, value, is, found),
                    None => found.push(format!("{at}.{key}: missing")),
                }
            }
        }
        (Value::Array(wanted), Value::Array(is)) if wanted.len() == is.len() => {
            for (wanted, is) in wanted.iter().zip(is) {
                compare(&format!("{at}[]"), name, wanted, is, found);
            }
        }
        (Value::String(text), Value::String(other)) if !WORDS.contains(&name) || text == other => {}
        // The position depends on the order of the members, which a recorded object does not keep.
        (Value::String(text), Value::String(other))
            if text.contains("BytePositionInLine") && undated(text) == undated(other) => {}
        (wanted, is) if wanted == is => {}
        (wanted, is) => found.push(format!("{at}: {is} in place of {wanted}")),
    }
}

/// What a file's exchanges came to.
#[derive(Default)]
pub struct Tally {
    file: String,
    asked: usize,
    left_out: BTreeMap<String, Vec<String>>,
    faults: Vec<String>,
}

impl Tally {
    /// For one file.
    pub fn new(file: &str) -> Self {
        Self { file: file.to_owned(), ..Self::default() }
    }

    /// Notes an exchange that was asked.
    pub fn asked(&mut self, exchange: &Exchange, got: &Got) {
        self.asked += 1;
        for fault in differences(exchange, got) {
            self.faults.push(format!("{} ({}): {fault}", exchange.name, exchange.given));
        }
    }

    /// Notes one that is no state of the simulator.
    pub fn left_out(&mut self, exchange: &Exchange, why: &str) {
        self.left_out.entry(why.to_owned()).or_default().push(exchange.name.clone());
    }

    /// Prints the count and fails if anything differed.
    pub fn close(self) {
        // Written past the test runner, which would keep it for itself.
        let mut out = std::io::stdout().lock();
        let left_out: usize = self.left_out.values().map(Vec::len).sum();
        writeln!(out, "{}: asked {}, left out {}", self.file, self.asked, left_out).unwrap();
        for (why, names) in &self.left_out {
            writeln!(out, "  left out, {why}: {}", names.join(", ")).unwrap();
        }
        assert!(self.faults.is_empty(), "{}:\n  {}", self.file, self.faults.join("\n  "));
    }
}
