//! A simulated server in the state that an exchange was recorded in, with a cloud that says what it is told to.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::http::Method;
use bwsync::tested::{
    domain::region::{CloudHost, Region},
    simulator::{
        jwt::{self, Signer},
        message::{Answer, Asked},
        server::{self, Cloud, Connection, Organization, Parts, ServerState, Settings, Unreached},
        user_login::Accounts,
    },
};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::documents;

pub const ORGANIZATION: &str = "5a1d2c3b-4e5f-4a6b-8c7d-b1e500f3d4e5";
pub const CLOUD_ORGANIZATION: &str = "0f5b7f0e-9d0a-4c55-8a51-b1e500f2c3d4";
pub const INSTALLATION: &str = "7c0b6b1e-52a6-4c6f-9a3c-b1e500f1a2b3";
pub const LICENSE_KEY: &str = "licKeyInvented0123456";
const CONNECTION: &str = "c0ffee00-1111-4222-8333-b1e500f5f6a7";
const KEY: &str = "Zx8vQ2mN4pR6tW1yK3jH";
const TOKEN: &str = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5";
pub const REFUSED: Unreached = Unreached::Refused;
pub const NAME_UNKNOWN: Unreached = Unreached::NameUnknown;

/// What one of the cloud's services is told to answer: status and body.
pub type Told = Option<Result<(u16, String), Unreached>>;

/// A cloud of one region that is strict where it is told nothing.
pub struct Scripted {
    pub token: Told,
    pub license: Told,
    /// The installation key that it knows.
    pub key: String,
    /// Refuses one token request, before the one that is compared.
    pub refuse_next: Mutex<bool>,
    /// Takes whatever bearer comes.
    pub any_bearer: bool,
    /// What stands before its paths.
    pub base: String,
    good: String,
    signer: Arc<Signer>,
}

impl Cloud for Scripted {
    fn ask(&self, region: Region, host: CloudHost, asked: &Asked) -> Result<Answer, Unreached> {
        assert_eq!(region, Region::Us);
        let told = if host == CloudHost::Identity { &self.token } else { &self.license };
        if let Some(told) = told {
            return told.clone().map(|(status, body)| told_answer(status, body));
        }
        Ok(if host == CloudHost::Identity { self.identity(asked) } else { self.api(asked) })
    }

    fn license_signer(&self) -> &Signer {
        &self.signer
    }
}

impl Scripted {
    fn identity(&self, asked: &Asked) -> Answer {
        assert_eq!((asked.method.as_str(), asked.path.as_str()), ("POST", "/connect/token"));
        let form: BTreeMap<_, _> = url::form_urlencoded::parse(&asked.body).into_owned().collect();
        assert_eq!(form["grant_type"], "client_credentials");
        assert_eq!(form["scope"], "api.licensing");
        assert_eq!(form["client_id"], format!("installation.{INSTALLATION}"));
        let refused = std::mem::take(&mut *self.refuse_next.lock().unwrap());
        if form["client_secret"] == self.key && !refused {
            Answer::json(200, &json!({ "access_token": "cloud-token", "expires_in": 86_400 }))
        } else {
            Answer::json(400, &json!({ "error": "invalid_client" }))
        }
    }

    fn api(&self, asked: &Asked) -> Answer {
        if asked.path != format!("{}/licenses/organization/{CLOUD_ORGANIZATION}", self.base) {
            return Answer::empty(404);
        }
        assert_eq!(asked.method, Method::GET);
        if !self.any_bearer {
            assert_eq!(asked.bearer().as_deref(), Some("cloud-token"));
        }
        let body: Value = serde_json::from_slice(&asked.body).unwrap();
        assert_eq!(body, json!({ "licenseKey": LICENSE_KEY, "billingSyncKey": TOKEN }));
        Answer::text(200, "application/json; charset=utf-8", self.good.clone())
    }
}

fn told_answer(status: u16, body: String) -> Answer {
    if body.is_empty() { Answer::empty(status) } else { Answer::text(status, "application/json", body) }
}

/// What cannot be written although the license is good.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    Nothing,
    Folder,
    File,
    Directory,
}

/// Everything that an exchange can be recorded in.
pub struct World {
    pub settings: Settings,
    pub connections: Vec<Connection>,
    pub license_text: Option<String>,
    pub lock: Lock,
    pub sponsorship_sync: Option<String>,
    /// The license in an uploaded form, in place of the recording's words for it.
    pub upload: Option<String>,
    /// The organization that the owner's bearer names.
    pub owned: String,
    pub cloud: Scripted,
    folder: tempfile::TempDir,
}

/// What the server answered and left behind.
pub struct Found {
    pub answer: Answer,
    /// The log's text from before the request on.
    pub log: String,
    /// The license file afterwards.
    pub license: Option<String>,
    pub connections: Vec<Connection>,
}

impl World {
    /// Settings, a saved connection, a good license file and a good cloud.
    pub fn new() -> Self {
        let signer = Arc::new(Signer::new("bitwarden"));
        let env = BTreeMap::from([("globalSettings__selfHosted".to_owned(), "true".to_owned())]);
        let mut settings = Settings::bind(&[env]).unwrap();
        settings.cloud_communication = true;
        settings.cloud_region = Some("US".to_owned());
        settings.vault = "https://vault.example.com".to_owned();
        settings.installation_id = INSTALLATION.to_owned();
        settings.installation_key = KEY.to_owned();
        let mut connection = Connection::new(ORGANIZATION, TOKEN, CLOUD_ORGANIZATION, None);
        connection.id = CONNECTION.to_owned();
        let mut world = Self {
            settings,
            connections: vec![connection],
            license_text: None,
            lock: Lock::Nothing,
            sponsorship_sync: None,
            upload: None,
            owned: ORGANIZATION.to_owned(),
            cloud: Scripted {
                token: None,
                license: None,
                key: KEY.to_owned(),
                refuse_next: Mutex::new(false),
                any_bearer: false,
                base: String::new(),
                good: String::new(),
                signer,
            },
            folder: tempfile::tempdir().unwrap(),
        };
        let good = documents::good(&world);
        world.license_text = Some(documents::file(&good));
        world.cloud.good = Value::Object(good).to_string();
        world
    }

    /// What signs the licenses of this world.
    pub fn signer(&self) -> &Signer {
        &self.cloud.signer
    }

    /// No connection saved.
    pub fn unconnected(&mut self) {
        self.connections.clear();
    }

    /// The connection was synced before.
    pub fn synced(&mut self) {
        let synced = Some("2026-11-21T22:10:03.1234567+00:00");
        self.connection().config = Connection::new(ORGANIZATION, TOKEN, CLOUD_ORGANIZATION, synced).config;
    }

    /// Two rows.
    pub fn connected_twice(&mut self) {
        self.connections.push(Connection::new(ORGANIZATION, TOKEN, CLOUD_ORGANIZATION, None));
    }

    /// The connection.
    pub fn connection(&mut self) -> &mut Connection {
        &mut self.connections[0]
    }

    /// One setting as the start of the server binds it.
    pub fn bind(&mut self, key: &str, value: &str) {
        let env = BTreeMap::from([(format!("globalSettings__{key}"), value.to_owned())]);
        self.settings.identity_uri = Settings::bind(&[env]).unwrap().identity_uri;
    }

    /// Asks what the exchange asked.
    pub fn ask(self, exchange: &Value) -> Found {
        let bwdata = self.folder.path().join("bwdata");
        let file = self.lay_license(&bwdata);
        let sent = Sent { owned: self.owned.clone(), upload: self.upload.clone() };
        let refused_before = *self.cloud.refuse_next.lock().unwrap();
        let state = ServerState::new(Parts {
            bwdata: bwdata.clone(),
            owner: None,
            organization: Organization {
                id: ORGANIZATION.to_owned(),
                name: "Acme Example".to_owned(),
                billing_email: "owner@example.com".to_owned(),
                license_key: LICENSE_KEY.to_owned(),
                occupied_seats: 5,
            },
            connections: self.connections,
            sponsorship_sync: self.sponsorship_sync,
            cloud: Arc::new(self.cloud),
            accounts: Accounts::default(),
            delay: Duration::ZERO,
        });
        state.run(Some(self.settings));
        if refused_before {
            assert_eq!(server::answer(&state, request(exchange, &state, &sent)).status, 400);
        }
        let before = log(&bwdata).len();
        let answer = server::answer(&state, request(exchange, &state, &sent));
        let log = log(&bwdata)[before..].to_owned();
        let license = fs::read_to_string(&file).ok();
        unlock(&file);
        Found { answer, log, license, connections: state.connections() }
    }

    fn lay_license(&self, bwdata: &std::path::Path) -> PathBuf {
        let folder = bwdata.join("core/licenses/organization");
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join(format!("{ORGANIZATION}.json"));
        if self.lock == Lock::Directory {
            fs::create_dir(&file).unwrap();
        } else if let Some(text) = &self.license_text {
            fs::write(&file, text).unwrap();
        }
        let mode = fs::Permissions::from_mode;
        match self.lock {
            Lock::File => fs::set_permissions(&file, mode(0o444)).unwrap(),
            Lock::Folder => {
                fs::set_permissions(&file, mode(0o444)).unwrap();
                fs::set_permissions(&folder, mode(0o555)).unwrap();
            }
            Lock::Nothing | Lock::Directory => {}
        }
        file
    }
}

/// The folder has to be removable afterwards.
fn unlock(file: &std::path::Path) {
    let folder = file.parent().unwrap();
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
}

fn log(bwdata: &std::path::Path) -> String {
    let Ok(files) = fs::read_dir(bwdata.join("logs/api/Api")) else { return String::new() };
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| fs::read_to_string(file).unwrap()).collect()
}

/// What a request gets in place of the recording's words for it.
struct Sent {
    owned: String,
    upload: Option<String>,
}

/// The recorded request, with a bearer of the kind that it names.
fn request(exchange: &Value, state: &ServerState, sent: &Sent) -> Asked {
    let recorded = &exchange["request"];
    let path = recorded["path"].as_str().unwrap();
    let path = if path.starts_with("/identity/") { path.to_owned() } else { format!("/api{path}") };
    let body = match &recorded["body"] {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        body => body.to_string(),
    };
    let body = match &sent.upload {
        Some(license) => uploaded(&body, license),
        None => body,
    };
    let length = body.len().to_string();
    let method = Method::from_bytes(recorded["method"].as_str().unwrap().as_bytes()).unwrap();
    let mut asked = Asked::new(method, &path, body);
    for (name, value) in recorded["headers"].as_object().into_iter().flatten() {
        let value = value.as_str().unwrap();
        match name.to_ascii_lowercase().as_str() {
            "authorization" => asked = asked.with("authorization", &bearer(value, state, &sent.owned)),
            "content-type" => asked = asked.with("content-type", value),
            _ => {}
        }
    }
    let chunked = recorded["headers"].get("transfer-encoding").is_some();
    if chunked { asked } else { asked.with("content-length", &length) }
}

/// The recorded form with a license in the place that was kept for it.
fn uploaded(form: &str, license: &str) -> String {
    const BOUNDARY: &str = "------InventedBoundary7MA4YWxkTrZu0gW";
    if form.starts_with("multipart") {
        let head = "Content-Disposition: form-data; name=\"license\"; filename=\"x.json\"";
        return format!("{BOUNDARY}\r\n{head}\r\n\r\n{license}\r\n{BOUNDARY}--\r\n");
    }
    match (form.find('<'), form.rfind('>')) {
        (Some(from), Some(to)) => format!("{}{license}{}", &form[..from], &form[to + 1..]),
        _ => form.to_owned(),
    }
}

fn bearer(recorded: &str, state: &ServerState, owned: &str) -> String {
    let now = OffsetDateTime::now_utc();
    let claims = |scope: &str, role: &str| -> Map<String, Value> {
        let mut claims = Map::from_iter([("scope".to_owned(), json!([scope]))]);
        if !role.is_empty() {
            claims.insert(role.to_owned(), json!(owned));
        }
        claims
    };
    let token = match recorded {
        "Bearer <user access token>" => state.bearer(claims("api", "orgowner"), now),
        "Bearer <access token of an admin>" => state.bearer(claims("api", "orgadmin"), now),
        "Bearer <access token of a member>" => state.bearer(claims("api", "orguser"), now),
        "Bearer <access token of a user without organizations>" => state.bearer(claims("api", ""), now),
        "Bearer <organization API key token>" => state.bearer(claims("api.organization", ""), now),
        "Bearer <token of another server>" => {
            Signer::new("http://identity").access_token(claims("api", "orgowner"), 3_600, now)
        }
        "Bearer <expired user access token>" => {
            state.bearer(claims("api", "orgowner"), now - time::Duration::hours(2))
        }
        "Bearer garbage" => "garbage".to_owned(),
        other => panic!("no bearer for {other}"),
    };
    assert!(token == "garbage" || jwt::claims(&token).is_some());
    format!("Bearer {token}")
}
