//! What is asked of a self-hosted server, and what is told of it: a personal API key goes to nobody who did not show
//! that he is Bitwarden's, what was sent is never cut short and never untold, and every change goes through lock and
//! journal under one name.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may stop")]

mod played;
mod support;

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use bwsync::tested::{
    domain::{
        exit::Exit,
        request::{ApiKey, Changed, Options, Problem, Request, Risk},
        secret::Secret,
    },
    engine::{Engine, Waits},
    simulator,
};
use played::{API_KEY, CLIENT, CLIENT_SECRET, Genuine, ORG, TOKEN};
use rustix::fs::{FlockOperation, flock};
use serde_json::Value;
use support::{Answer, Layer, NOW, OVER, TO_COME, ok, respond, self_signed, serve, signed};

/// A folder with the key and the token, and where state is kept.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        use std::os::unix::fs::PermissionsExt;
        let desk = Self(tempfile::tempdir().unwrap());
        for (name, text) in [("key", API_KEY), ("token", TOKEN)] {
            fs::write(desk.0.path().join(name), text).unwrap();
            fs::set_permissions(desk.0.path().join(name), fs::Permissions::from_mode(0o600)).unwrap();
        }
        desk
    }

    fn state(&self) -> std::path::PathBuf {
        self.0.path().join("state")
    }

    /// A command on the server at this address, from a machine without an installation.
    fn command(&self, server: &str, words: &[&str]) -> Command {
        let mut command = self.plain(words);
        command.args(["--server", server, "--org", ORG, "--api-key-file", "key", "--state-dir", "state"]);
        command
    }

    /// These words and no more.
    fn plain(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bwsync"));
        command
            .args(words)
            .current_dir(self.0.path())
            .env_clear()
            .env("HOME", self.0.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn set(&self, server: &str, more: &[&str]) -> Command {
        let words = ["token", "set", "--token-file", "token", "--accept-risk", "unverified-token", "--json"];
        self.command(server, &[&words[..], more].concat())
    }

    /// The lines of the only journal, and its name without the ending.
    fn journal(&self) -> (String, Vec<Value>) {
        let mut found = fs::read_dir(self.state().join("journal")).unwrap();
        let path = found.next().unwrap().unwrap().path();
        assert!(found.next().is_none(), "one journal only");
        let text = fs::read_to_string(&path).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        (path.file_stem().unwrap().to_str().unwrap().to_owned(), lines)
    }
}

fn ended(child: Child) -> (Option<i32>, Value) {
    let output = child.wait_with_output().unwrap();
    let json = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code(), json)
}

fn run(mut command: Command) -> (Option<i32>, Value) {
    ended(command.spawn().unwrap())
}

fn changed(json: &Value) -> Vec<&str> {
    json["changed"].as_array().unwrap().iter().map(|what| what.as_str().unwrap()).collect()
}

fn terminate(child: &Child) {
    let pid = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
}

const HTML: &str = "<html><head><title>Guest Wi-Fi login</title></head><body>Please sign in</body></html>";

fn config(server: &str, api: &str) -> String {
    format!(
        r#"{{"version":"2025.1.0","gitHash":"x","server":{server},"environment":{{"api":"{api}"}},"object":"config"}}"#
    )
}

/// Whoever answers in its place gets no secret, and is told for what it is.
#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_gets_no_key() {
    let redirect = |status: &str| respond(status, "Location: https://elsewhere.example/login\r\n", "");
    let json = |body: &str| ok("application/json", body);
    let vaultwarden = r#"{"name":"Vaultwarden","url":"https://github.com/dani-garcia/vaultwarden"}"#;
    let cases: Vec<(&str, Answer, &str, i32, &str)> = vec![
        ("portal", ok("text/html", HTML), "server.not_bitwarden", 8, "Guest Wi-Fi login"),
        ("block page", respond("403 Forbidden", "Content-Type: text/html\r\n", HTML), "http.block_page", 8, "Guest"),
        ("302", redirect("302 Found"), "http.redirected", 8, "elsewhere.example"),
        ("307", redirect("307 Temporary Redirect"), "http.redirected", 8, "elsewhere.example"),
        ("308", redirect("308 Permanent Redirect"), "http.redirected", 8, "elsewhere.example"),
        ("Vaultwarden", json(&config(vaultwarden, "https://x.example/api")), "server.not_bitwarden", 8, "Vaultwarden"),
        ("nameless", json(&config("{}", "https://x.example/api")), "server.not_bitwarden", 8, ""),
        ("the cloud", json(&config("null", "https://api.bitwarden.eu")), "server.not_self_hosted", 3, ""),
        ("other JSON", json(r#"{"object":"config","server":null}"#), "server.not_bitwarden", 8, ""),
        ("a list", json("[]"), "server.not_bitwarden", 8, ""),
        (
            "endless",
            Answer::Endless(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"object\":\"config\",\"server\":null,\"x\":\"".into(),
                "x".repeat(64 * 1024),
            ),
            "server.not_bitwarden",
            8,
            "",
        ),
    ];
    for (name, answer, cause, exit, words) in cases {
        let server = serve(Layer::Plain, answer).await;
        let url = format!("http://{}", server.address);
        for command in [&["sync"][..], &["status"][..]] {
            let desk = Desk::new();
            let command = desk.command(&url, &[command, &["--json"]].concat());
            let (code, json) = tokio::task::spawn_blocking(|| run(command)).await.unwrap();
            assert_eq!(json["conclusion"]["cause"], cause, "{name}: {json}");
            assert_ne!(code, Some(0), "{name}");
        }
        let desk = Desk::new();
        let output = tokio::task::spawn_blocking(move || {
            desk.command(
                &url,
                &["token", "set", "--token-file", "token", "--accept-risk", "unverified-token"],
            )
            .output()
            .unwrap()
        });
        let output = output.await.unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(exit), "{name}: {said}");
        assert!(said.contains(words) && said.contains(cause), "{name}: {said}");
        assert!(!said.lines().any(|line| line.trim() == "Reason"), "{name}: an empty reason: {said}");
        let heard = server.seen().concat();
        assert!(heard.contains("/api/config"), "{name}: {heard}");
        for secret in [CLIENT, CLIENT_SECRET, TOKEN.trim(), "connect/token", "uthorization"] {
            assert!(!heard.contains(secret), "{name} got {secret}: {heard}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_untrusted_certificate_gets_no_request_at_all() {
    let server = serve(Layer::Tls(signed("127.0.0.1", NOW)), ok("application/json", "{}")).await;
    let (desk, url) = (Desk::new(), format!("https://{}", server.address));
    let command = desk.command(&url, &["sync", "--json"]);
    let (code, json) = tokio::task::spawn_blocking(|| run(command)).await.unwrap();
    assert_eq!((code, &json["conclusion"]["cause"]), (Some(8), &"server.tls_untrusted".into()), "{json}");
    assert_eq!(server.seen(), Vec::<String>::new());
}

/// One fault of the way to one's own server has one name, whoever asks: a certificate may be the server's own, and
/// what is wrong with its dates and its name is wrong on any host.
#[tokio::test(flavor = "multi_thread")]
async fn check_and_sync_say_the_same_of_tls_with_the_own_server() {
    const HOST: &str = "vault.example.org";
    let sample = simulator::start("happy-us").unwrap();
    let trusted = signed(HOST, NOW);
    let (over, to_come) = (signed(HOST, OVER), signed(HOST, TO_COME));
    let elsewhere = signed("else.example.org", NOW);
    let table = [
        (Layer::Tls(self_signed(HOST, true, NOW)), &trusted, "server.tls_untrusted"),
        (Layer::Tls(signed(HOST, NOW)), &trusted, "server.tls_untrusted"),
        (Layer::Tls(over.clone()), &over, "tls.expired"),
        (Layer::Tls(to_come.clone()), &to_come, "tls.not_yet_valid"),
        (Layer::Tls(elsewhere.clone()), &elsewhere, "tls.name_mismatch"),
        (Layer::Plain, &trusted, "tls.handshake"),
    ];
    for (layer, root, wanted) in table {
        let server = serve(layer, ok("application/json", "{}")).await;
        let desk = Desk::new();
        fs::write(desk.0.path().join("root.pem"), &root.root_pem).unwrap();
        let (url, to) = (format!("https://{HOST}"), format!("{HOST}:443={}", server.address));
        let there = ["--connect-to", &to, "--cacert", "root.pem", "--json"];
        let dir = sample.dir.to_str().unwrap();
        let check = ["check", "--dir", dir, "--server", &url, "--only", "machine.server"];
        let looks = [
            (desk.plain(&[&check[..], &there].concat()), 3),
            (desk.command(&url, &[&["sync"][..], &there].concat()), 8),
        ];
        for (command, exit) in looks {
            let asked = format!("{command:?}");
            let (code, json) = tokio::task::spawn_blocking(|| run(command)).await.unwrap();
            let told = &json["conclusion"]["cause"];
            assert_eq!((code, told), (Some(exit), &wanted.into()), "{asked}: {json}");
        }
    }
}

/// The identity of the same address signs in, whatever the server names.
#[test]
fn a_change_has_one_name_in_json_journal_and_user_agent() {
    let (desk, server) = (Desk::new(), Genuine::begin());
    let (code, json) = run(desk.set(&server.url(), &[]));
    assert_eq!((code, changed(&json)), (Some(0), vec!["connection"]), "{json}");
    let run_id = json["run_id"].as_str().unwrap();
    let (name, lines) = desk.journal();
    assert_eq!(name, run_id);
    let marks: Vec<_> = lines.iter().map(|line| line["mark"].as_str().unwrap()).collect();
    assert_eq!(marks, ["start", "intent", "done", "end"], "{lines:?}");
    assert_eq!(lines[0]["command"], "set_token");
    assert_eq!((&lines[1]["action"], &lines[2]["ok"]), (&"save_connection".into(), &true.into()));
    assert_eq!(lines[3]["result"], "SUCCESS");
    assert!(!format!("{lines:?}").contains(TOKEN.trim()));
    let asked = server.asked();
    assert!(asked.iter().any(|request| request.starts_with("POST /identity/connect/token ")));
    for request in asked {
        assert!(request.to_ascii_lowercase().contains("user-agent: bwsync/"), "{request}");
        assert!(request.contains(run_id), "{request}");
    }
}

#[test]
fn a_sync_goes_through_lock_and_journal() {
    let (desk, server) = (Desk::new(), Genuine::begin());
    server.has_token();
    fs::create_dir(desk.state()).unwrap();
    let held = File::open(desk.state()).unwrap();
    flock(&held, FlockOperation::NonBlockingLockExclusive).unwrap();
    for command in [desk.command(&server.url(), &["sync", "--json"]), desk.set(&server.url(), &[])] {
        let (code, json) = run(command);
        assert_eq!((code, changed(&json)), (Some(9), vec![]), "{json}");
        assert!(json["error"]["message"].as_str().unwrap().contains("at work"), "{json}");
    }
    assert_eq!(server.asked(), Vec::<String>::new(), "nobody is asked while another is at work");
    drop(held);
    let (code, json) = run(desk.command(&server.url(), &["sync", "--json"]));
    assert_eq!((code, changed(&json)), (Some(0), vec!["license"]), "{json}");
    let (name, lines) = desk.journal();
    assert_eq!(name, json["run_id"].as_str().unwrap());
    assert_eq!((&lines[0]["command"], &lines[1]["action"]), (&"sync".into(), &"trigger_sync".into()));
    assert_eq!(lines.last().unwrap()["result"], "SUCCESS");
}

/// `--timeout` bounds asking only: the server saves in its own time, and is waited for.
#[test]
fn what_was_sent_is_waited_for_past_the_timeout() {
    const LIMIT: Duration = Duration::from_secs(6);
    let (desk, server) = (Desk::new(), Genuine::begin());
    server.holds_saving();
    let child = desk.set(&server.url(), &["--timeout", "6"]).spawn().unwrap();
    let began = Instant::now();
    server.saving();
    // The limit must be over before the server goes on; that is what is tried here.
    std::thread::sleep((LIMIT + Duration::from_millis(200)).saturating_sub(began.elapsed()));
    server.goes_on();
    let (code, json) = ended(child);
    assert_eq!((code, changed(&json)), (Some(0), vec!["connection"]), "{json}");
    assert_eq!(desk.journal().1.last().unwrap()["result"], "SUCCESS");
}

/// Before anything was sent the limit ends it, and nothing is said to be changed.
#[test]
fn the_timeout_ends_what_only_asks() {
    let (desk, server) = (Desk::new(), Genuine::begin());
    server.holds_signing_in();
    let (code, json) = run(desk.set(&server.url(), &["--timeout", "3"]));
    assert_eq!((code, changed(&json)), (Some(124), vec![]), "{json}");
    assert!(!server.has_saved());
    assert_eq!(desk.journal().1.last().unwrap()["result"], "FAILURE");
}

/// Reads what the command says until it says that it waits for the answer.
fn heard_that_it_waits(child: &mut Child) {
    let said = BufReader::new(child.stderr.take().unwrap());
    assert!(said.lines().any(|line| line.unwrap().contains("once more ends it at once")));
}

#[test]
fn a_signal_waits_for_the_answer_and_tells_it() {
    let (desk, server) = (Desk::new(), Genuine::begin());
    server.holds_saving();
    let mut child = desk.set(&server.url(), &[]).spawn().unwrap();
    server.saving();
    terminate(&child);
    // Signal and answer would race: the answer comes when it says that it waits.
    heard_that_it_waits(&mut child);
    server.goes_on();
    let (code, json) = ended(child);
    assert_eq!((code, changed(&json)), (Some(143), vec!["connection"]), "{json}");
    assert!(json["error"]["message"].as_str().unwrap().contains("is saved"), "{json}");
}

#[test]
fn a_second_signal_leaves_and_says_that_it_is_not_known() {
    let (desk, server) = (Desk::new(), Genuine::begin());
    server.holds_saving();
    let mut child = desk.set(&server.url(), &[]).spawn().unwrap();
    server.saving();
    terminate(&child);
    // Only then the second signal is the second.
    heard_that_it_waits(&mut child);
    terminate(&child);
    let (code, json) = ended(child);
    assert_eq!((code, changed(&json)), (Some(143), vec!["connection"]), "{json}");
    assert!(json["error"]["message"].as_str().unwrap().contains("may have been"), "{json}");
}

fn engine(server: &Genuine, state: &Path) -> Engine {
    let options = Options {
        server: Some(server.url().parse().unwrap()),
        org: Some(ORG.to_owned()),
        state_dir: Some(state.to_owned()),
        accepted: BTreeSet::from([Risk::UnverifiedToken]),
        path: Some("".into()),
        machine: Some(bwsync::tested::domain::request::Machine {
            cwd: state.to_owned(),
            home: state.to_owned(),
            roots: Vec::new(),
        }),
        ..Options::default()
    };
    let moment = Duration::from_millis(200);
    Engine::new(options).with_waits(Waits {
        unheard: moment,
        synced: moment,
        pause: moment / 10,
        ..Waits::default()
    })
}

fn login() -> ApiKey {
    ApiKey { client_id: CLIENT.to_owned(), client_secret: Secret::new(CLIENT_SECRET) }
}

/// No answer: the server is asked what it has, and what nobody knows is told as that.
#[tokio::test(flavor = "multi_thread")]
async fn where_no_answer_comes_the_server_is_asked_what_it_has() {
    let silent: bwsync::tested::domain::request::Sink = Arc::new(|_| {});
    for (saves, stays, exit, problem, said) in [
        (true, true, Exit::Good, None, vec![Changed::Connection]),
        (false, true, Exit::CouldNotAsk, None, vec![]),
        (
            true,
            false,
            Exit::CouldNotAsk,
            Some(Problem::Unheard(Changed::Connection)),
            vec![Changed::Connection],
        ),
    ] {
        let (desk, server) = (Desk::new(), Genuine::begin());
        server.hangs_up_when_saving(saves, stays);
        let request = Request::SetToken { token: Secret::new(TOKEN.trim()), login: login() };
        let outcome = engine(&server, &desk.state()).perform(request, &silent).await;
        assert_eq!((outcome.exit, &outcome.problem), (exit, &problem), "{outcome:?}");
        assert_eq!(outcome.changed.iter().copied().collect::<Vec<_>>(), said, "{outcome:?}");
        assert_eq!(server.has_saved(), saves);
    }
}

/// A restart's output lies under the same name too.
#[test]
fn a_restart_has_the_name_of_its_run() {
    let running = simulator::start("happy-eu").unwrap();
    running.clouds.set(|settings| settings.limited = false);
    let output = Command::new(env!("CARGO_BIN_EXE_bwsync"))
        .args(["apply", "--yes", "--json"])
        .envs(running.environment())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    let run_id = json["run_id"].as_str().unwrap();
    let variables = running.environment();
    let (_, state) = variables.iter().find(|(name, _)| *name == "BWSYNC_STATE_DIR").unwrap();
    for path in [format!("journal/{run_id}.jsonl"), format!("restart/{run_id}.log")] {
        assert!(Path::new(state).join(&path).exists(), "{path}: {json}");
    }
}
