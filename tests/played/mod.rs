//! A genuine server's few answers, played by a thread that stops where a test wants it to, and remembers every byte
//! that it was sent.
#![allow(dead_code, clippy::unwrap_used)]

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex},
    thread,
    time::Duration,
};

use serde_json::json;

pub const ORG: &str = "0f5b7f0e-9d0a-4c55-8a51-b1e500f2c3d4";
pub const CLIENT: &str = "user.6f2d9c1e-0b7a-4f0e-9d55-aa5500112233";
pub const CLIENT_SECRET: &str = "Zz9Yy8Xx7Ww6Vv5Uu4Tt3Ss2Rr1Qq0";
pub const API_KEY: &str = "BW_CLIENTID=user.6f2d9c1e-0b7a-4f0e-9d55-aa5500112233\n\
                           BW_CLIENTSECRET=Zz9Yy8Xx7Ww6Vv5Uu4Tt3Ss2Rr1Qq0\n";
pub const TOKEN: &str = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5\n";
const CONNECTION: &str = "c0ffee00-1111-4222-8333-b1e500f5f6a7";
/// No test waits longer than this for anything.
const LIMIT: Duration = Duration::from_secs(60);

/// How saving goes.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Saving {
    #[default]
    Answered,
    /// The gate is shut.
    Held,
    /// The line is cut without an answer; whether it is saved, and whether the server is there afterwards.
    Cut { saves: bool, stays: bool },
}

#[derive(Default)]
struct Stage {
    saving: Saving,
    signing_in_held: bool,
    /// Somebody saves.
    arrived: bool,
    token: Option<String>,
    syncs: u32,
    gone: bool,
    asked: Vec<String>,
}

type Shared = Arc<(Mutex<Stage>, Condvar)>;

pub struct Genuine {
    address: SocketAddr,
    stage: Shared,
}

impl Genuine {
    pub fn begin() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let stage = Shared::default();
        let played = Arc::clone(&stage);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let stage = Arc::clone(&played);
                thread::spawn(move || play(stream, &stage));
            }
        });
        Self { address, stage }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Every request so far, head and body.
    pub fn asked(&self) -> Vec<String> {
        self.stage.0.lock().unwrap().asked.clone()
    }

    pub fn has_token(&self) {
        self.stage.0.lock().unwrap().token = Some(TOKEN.trim().to_owned());
    }

    pub fn has_saved(&self) -> bool {
        self.stage.0.lock().unwrap().token.is_some()
    }

    /// Saving stops at a gate.
    pub fn holds_saving(&self) {
        self.stage.0.lock().unwrap().saving = Saving::Held;
    }

    /// Signing in is never answered.
    pub fn holds_signing_in(&self) {
        self.stage.0.lock().unwrap().signing_in_held = true;
    }

    pub fn hangs_up_when_saving(&self, saves: bool, stays: bool) {
        self.stage.0.lock().unwrap().saving = Saving::Cut { saves, stays };
    }

    /// Waits until somebody stands at the gate.
    pub fn saving(&self) {
        let (stage, changed) = &*self.stage;
        let arrived = changed.wait_timeout_while(stage.lock().unwrap(), LIMIT, |stage| !stage.arrived);
        assert!(arrived.unwrap().0.arrived, "nobody saved");
    }

    /// Opens the gate.
    pub fn goes_on(&self) {
        self.stage.0.lock().unwrap().saving = Saving::Answered;
        self.stage.1.notify_all();
    }
}

fn play(mut stream: TcpStream, shared: &Shared) {
    let Some(request) = read(&mut stream) else { return };
    let (stage, changed) = &**shared;
    let line = request.lines().next().unwrap_or_default().to_owned();
    let mut played = stage.lock().unwrap();
    if played.gone {
        return;
    }
    played.asked.push(request.clone());
    let path = line.split(' ').nth(1).unwrap_or_default();
    let answer = match (line.split(' ').next().unwrap_or_default(), path) {
        (_, "/api/config") => json!({
            "version": "2026.8.0", "gitHash": "x", "server": null, "object": "config",
            // Another address for identity: nothing is sent there.
            "environment": {
                "cloudRegion": "US", "vault": "https://vault.example.com", "api": "https://vault.example.com/api",
                "identity": "https://identity.elsewhere.example",
            },
        }),
        (_, "/identity/connect/token") => {
            if played.signing_in_held {
                drop(played);
                let _ = stream.read(&mut [0]);
                return;
            }
            json!({"access_token": "abc.def.ghi", "expires_in": 3600, "token_type": "Bearer", "scope": "api"})
        }
        ("POST" | "PUT", path) if path.starts_with("/api/organizations/connections") => {
            played.arrived = true;
            changed.notify_all();
            if let Saving::Cut { saves, stays } = played.saving {
                played.gone = !stays;
                played.token = saves.then(|| TOKEN.trim().to_owned());
                return;
            }
            let held = changed.wait_timeout_while(played, LIMIT, |stage| stage.saving == Saving::Held);
            played = held.unwrap().0;
            if played.saving == Saving::Held {
                return;
            }
            played.token = Some(TOKEN.trim().to_owned());
            connection(&played)
        }
        (_, path) if path.starts_with("/api/organizations/connections") => connection(&played),
        ("POST", path) if path.ends_with("/sync") => {
            played.syncs += 1;
            json!({})
        }
        (_, path) if path.ends_with("/subscription") => json!({"expiration": "2027-11-21T00:00:00Z"}),
        _ => json!("2026-11-22T00:03:04.4660602Z"),
    };
    drop(played);
    let body = answer.to_string();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(format!("{head}{body}").as_bytes());
}

fn connection(stage: &Stage) -> serde_json::Value {
    match &stage.token {
        None => json!({"id": null, "type": 0, "organizationId": ORG, "enabled": false, "config": null}),
        Some(token) => json!({
            "id": CONNECTION, "type": 1, "organizationId": ORG, "enabled": true,
            "config": {
                "BillingSyncKey": token, "CloudOrganizationId": ORG,
                "LastLicenseSync": (stage.syncs > 0).then_some("2026-11-22T00:03:04Z"),
            },
        }),
    }
}

/// One request with its body.
fn read(stream: &mut TcpStream) -> Option<String> {
    stream.set_read_timeout(Some(LIMIT)).ok()?;
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.to_ascii_lowercase().lines().find_map(|line| {
                line.strip_prefix("content-length: ").and_then(|length| length.parse::<usize>().ok())
            });
            if body.len() >= length.unwrap_or(0) {
                return Some(text);
            }
        }
        let mut part = [0; 4096];
        match stream.read(&mut part) {
            Ok(0) | Err(_) => return None,
            Ok(read) => bytes.extend_from_slice(&part[..read]),
        }
    }
}
