//! A host on loopback that answers what it is told to, and remembers what it was asked.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode},
    response::Response,
};
use url::Url;

/// One answer to give.
#[derive(Debug, Clone, Default)]
pub struct Canned {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// What was asked last.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    pub line: String,
    pub headers: HeaderMap,
    pub body: String,
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

#[derive(Default)]
struct Script {
    /// In order; the last one is given again and again.
    answers: Vec<Canned>,
    echo: Option<u16>,
    /// It shows itself as Bitwarden's own server, whatever else it is to answer; that counts as no question.
    shows_itself: bool,
    asked: Asked,
}

type Shared = Arc<Mutex<Script>>;

pub struct Host {
    url: Url,
    script: Shared,
}

impl Host {
    pub async fn start() -> Self {
        let script = Shared::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        let app = Router::new().fallback(answer).with_state(script.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, script }
    }

    pub fn url(&self) -> Url {
        self.url.clone()
    }

    pub fn will_answer(&self, answers: Vec<Canned>) {
        let mut script = self.script.lock().unwrap();
        (script.answers, script.echo) = (answers, None);
    }

    pub fn will_echo(&self, status: u16) {
        self.script.lock().unwrap().echo = Some(status);
    }

    pub fn shows_itself(&self, does: bool) {
        self.script.lock().unwrap().shows_itself = does;
    }

    pub fn asked(&self) -> Asked {
        self.script.lock().unwrap().asked.clone()
    }
}

async fn answer(State(script): State<Shared>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let asked = Asked {
        line: format!("{} {}", parts.method, parts.uri),
        headers: parts.headers,
        body: String::from_utf8_lossy(&body).into_owned(),
    };
    let mut script = script.lock().unwrap();
    if script.shows_itself && asked.line == "GET /api/config" {
        return response(genuine());
    }
    let canned = match script.echo {
        Some(status) => echo(status, &asked),
        None if script.answers.len() > 1 => script.answers.remove(0),
        None => script.answers.first().cloned().unwrap_or_default(),
    };
    script.asked = asked;
    response(canned)
}

/// What a genuine server says about itself, as recorded.
fn genuine() -> Canned {
    let text = std::fs::read_to_string("tests/data/contract/self-misc.json").unwrap();
    let recorded: serde_json::Value = serde_json::from_str(&text).unwrap();
    let exchanges = recorded["exchanges"].as_array().unwrap();
    let shown = exchanges.iter().find(|exchange| exchange["name"] == "config-us").unwrap();
    let headers = vec![("content-type".to_owned(), "application/json; charset=utf-8".to_owned())];
    Canned { status: 200, headers, body: shown["response"]["body"].to_string().into_bytes() }
}

/// Everything that came, in every place of an answer that our clients read.
fn echo(status: u16, asked: &Asked) -> Canned {
    let all = format!("{} {:?} {}", asked.line, asked.headers, asked.body);
    let sent = asked.body.replace('&', " ");
    let bearer = asked.header("authorization").unwrap_or_default().to_owned();
    let said = format!("{sent} {bearer} {all}");
    let body = serde_json::json!({
        "object": "error", "message": said, "validationErrors": {"": [said]}, "error": said,
        "ErrorModel": {"Message": said}, "id": said, "enabled": said, "config": {"BillingSyncKey": said},
        "server": {"name": said}, "version": said, "expiration": said, "lastSyncDate": said,
    });
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    Canned { status, headers, body: body.to_string().into_bytes() }
}

fn response(canned: Canned) -> Response {
    let mut response = Response::new(Body::from(canned.body));
    *response.status_mut() = StatusCode::from_u16(canned.status).unwrap();
    for (name, value) in canned.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        response.headers_mut().insert(name, HeaderValue::from_str(&value).unwrap());
    }
    response
}
