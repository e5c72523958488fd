//! The whole road on one installation: nothing, then each step, then back. What a command says it changed is what
//! changed, what only reads leaves nothing behind, and no secret is in anything that the engine says.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use bwsync::tested::{
    domain::{
        exit::Exit,
        request::{
            ApiKey, Body, Changed, Event, Options, Outcome, Problem, Request, Restarting, Shown, Sink,
        },
        secret::Secret,
        sync::{StepName, StepState, SyncState},
    },
    engine::Engine,
    simulator,
};

struct Bed {
    running: simulator::Running,
    engine: Engine,
    token: Secret,
    login: ApiKey,
    said: Arc<Mutex<String>>,
    runtime: tokio::runtime::Runtime,
}

impl Bed {
    fn new(scenario: &str) -> Self {
        let running = simulator::start(scenario).unwrap();
        let token = Secret::new(fs::read_to_string(&running.token_file).unwrap().trim());
        let key = fs::read_to_string(&running.api_key_file).unwrap();
        let value = |name: &str| {
            let line = key.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.trim_start_matches('=').trim().to_owned()
        };
        let client_secret = Secret::new(value("BW_CLIENTSECRET"));
        let login = ApiKey { client_id: value("BW_CLIENTID"), client_secret };
        let engine = Engine::new(bwsync::tested::domain::request::Options {
            keeper: Some(env!("CARGO_BIN_EXE_bwsync").into()),
            ..running.options()
        });
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        Self { running, engine, token, login, said: Arc::default(), runtime }
    }

    fn ask(&self, request: Request) -> Outcome {
        let said = Arc::clone(&self.said);
        let sink: Sink = Arc::new(move |event: Event| {
            said.lock().unwrap().push_str(&format!("{event:?}\n"));
        });
        let outcome = self.runtime.block_on(self.engine.perform(request, &sink));
        let json = serde_json::to_string(&outcome.body).unwrap();
        self.said.lock().unwrap().push_str(&format!("{outcome:?}\n{json}\n"));
        outcome
    }

    fn env_file(&self) -> PathBuf {
        self.running.dir.join("bwdata/env/global.override.env")
    }

    fn state_files(&self) -> usize {
        count(&self.running.state_dir)
    }

    /// Every secret of this installation.
    fn secrets(&self) -> Vec<String> {
        let env = fs::read_to_string(self.env_file()).unwrap();
        let secret = |line: &str| {
            let (name, value) = line.split_once('=')?;
            let lower = name.to_ascii_lowercase();
            let is = lower.ends_with("key") || lower.contains("password");
            (is && value.len() > 8).then(|| value.trim_matches('"').to_owned())
        };
        let mut all: Vec<_> = env.lines().filter_map(secret).collect();
        all.push(self.token.expose().to_owned());
        all.push(self.login.client_secret.expose().to_owned());
        all
    }
}

fn count(dir: &Path) -> usize {
    let Ok(entries) = fs::read_dir(dir) else { return 0 };
    entries.map(|entry| entry.unwrap().path()).map(|path| if path.is_dir() { count(&path) } else { 1 }).sum()
}

fn changed(outcome: &Outcome) -> Vec<Changed> {
    outcome.changed.iter().copied().collect()
}

fn check() -> Request {
    Request::Check { only: Vec::new(), skip: Vec::new(), strict: false, login: None }
}

fn walk(scenario: &str, lines: usize) {
    let bed = Bed::new(scenario);
    let before = fs::read(bed.env_file()).unwrap();

    // What only reads leaves nothing behind.
    assert_eq!(bed.ask(check()).exit, Exit::Good);
    let plan = bed.ask(Request::Plan { check: true });
    assert_eq!(plan.exit, Exit::WouldChange);
    let Body::Plan(plan) = plan.body else { panic!("no plan") };
    assert_eq!(plan.changes.len(), lines);
    assert_eq!(bed.ask(Request::VerifyToken { token: bed.token.clone() }).exit, Exit::Good);
    assert_eq!(bed.ask(Request::Status { login: None }).exit, Exit::Wrong);
    assert_eq!(bed.state_files(), 0, "a command that only reads left something behind");
    assert_eq!(fs::read(bed.env_file()).unwrap(), before);

    // A plan made for another file is refused.
    let stale = bed.ask(Request::Apply {
        restart: Restarting::Script,
        planned_for: Some("0".repeat(64)),
        login: None,
    });
    assert_eq!((stale.exit, changed(&stale)), (Exit::Wrong, vec![]));
    assert_eq!(fs::read(bed.env_file()).unwrap(), before);

    let applied = bed.ask(Request::Apply {
        restart: Restarting::Script,
        planned_for: Some(plan.file.sha256),
        login: None,
    });
    assert_eq!(applied.exit, Exit::Good);
    assert_eq!(changed(&applied), [Changed::Settings, Changed::Restart]);
    let Body::Apply(body) = applied.body else { panic!("no apply") };
    assert_eq!((body.restart.ran, body.restart.exit, body.restart.up), (true, Some(0), Some(true)));
    assert_eq!(fs::read(body.backup.unwrap()).unwrap(), before);
    let after = fs::read(bed.env_file()).unwrap();

    // Apply twice is apply once.
    let again = bed.ask(Request::Apply { restart: Restarting::Script, planned_for: None, login: None });
    assert_eq!((again.exit, changed(&again)), (Exit::Good, vec![]));
    assert_eq!(fs::read(bed.env_file()).unwrap(), after);

    let set = bed.ask(Request::SetToken { token: bed.token.clone(), login: bed.login.clone() });
    assert_eq!((set.exit, changed(&set)), (Exit::Good, vec![Changed::Connection]));
    let synced = bed.ask(Request::Sync { login: bed.login.clone() });
    assert_eq!((synced.exit, changed(&synced)), (Exit::Good, vec![Changed::License]));
    let Body::Sync(sync) = synced.body else { panic!("no sync") };
    assert_eq!((sync.before.state, sync.after.state), (SyncState::Never, SyncState::Done));
    assert!(sync.after.terms.seats > sync.before.terms.seats);

    let status = bed.ask(Request::Status { login: Some(bed.login.clone()) });
    assert_eq!(status.exit, Exit::Good);
    let Body::Status(status) = status.body else { panic!("no status") };
    assert!(StepName::ALL.iter().all(|step| status.steps.of(*step) == StepState::Done), "{:?}", status.steps);
    assert_eq!(bed.ask(check()).exit, Exit::Good);

    let undone = bed.ask(Request::Undo { restart: Restarting::Script, confirmed: true, shown_for: None });
    assert_eq!((undone.exit, changed(&undone)), (Exit::Good, vec![Changed::Settings, Changed::Restart]));
    assert_eq!(fs::read(bed.env_file()).unwrap(), before, "undo after apply is the file before");
    let nothing = bed.ask(Request::Undo { restart: Restarting::No, confirmed: true, shown_for: None });
    assert_eq!((nothing.exit, changed(&nothing)), (Exit::Good, vec![]));

    let said = bed.said.lock().unwrap();
    for secret in bed.secrets() {
        assert!(!said.contains(&secret), "a secret was said");
    }
}

/// What was shown is done and nothing else: a file or a journal that is another one since is a new question.
#[test]
fn undo_and_disable_do_what_was_shown() {
    let bed = Bed::new("happy-eu");
    let restart = Restarting::No;
    let apply = || bed.ask(Request::Apply { restart, planned_for: None, login: None });
    let shown = || {
        let asked = bed.ask(Request::Undo { restart, confirmed: false, shown_for: None });
        let Body::Undo(body) = asked.body else { panic!("no undo") };
        body.shown.unwrap()
    };
    let undo =
        |shown: &Shown| bed.ask(Request::Undo { restart, confirmed: true, shown_for: Some(shown.clone()) });
    let refused = |outcome: &Outcome, name: &str| {
        assert_eq!(outcome.problem, Some(Problem::ChangedSincePlan), "{name}");
        assert!(outcome.changed.is_empty() && outcome.exit == Exit::Wrong, "{name}");
    };
    let before = fs::read(bed.env_file()).unwrap();
    assert_eq!(apply().exit, Exit::Good);
    let first = shown();
    // Somebody saves the file between the question and the yes.
    let written = fs::read_to_string(bed.env_file()).unwrap();
    fs::write(bed.env_file(), format!("{written}# edited\n")).unwrap();
    refused(&undo(&first), "file");
    let login = Some(bed.login.clone());
    let stale = Some(Shown { journal: None, ..first.clone() });
    let disabled = bed.ask(Request::Disable { restart, confirmed: true, shown_for: stale, login });
    refused(&disabled, "disable");
    assert_eq!(fs::read_to_string(bed.env_file()).unwrap(), format!("{written}# edited\n"));
    assert_eq!(undo(&shown()).exit, Exit::Good);
    let edited = [&before[..], b"# edited\n"].concat();
    assert_eq!(fs::read(bed.env_file()).unwrap(), edited, "the edit stays");
    // The same file, but by another run: what it would take back is another thing.
    fs::write(bed.env_file(), &before).unwrap();
    assert_eq!(apply().exit, Exit::Good);
    let second = shown();
    assert_eq!((&second.file, second.journal != first.journal), (&first.file, true));
    refused(&undo(&first), "journal");
    assert_eq!(undo(&second).exit, Exit::Good);
    assert_eq!(fs::read(bed.env_file()).unwrap(), before);
    refused(&undo(&second), "taken back meanwhile");
}

#[test]
fn disable_takes_the_set_up_back() {
    let bed = Bed::new("already-connected");
    let login = Some(bed.login.clone());
    let restart = Restarting::Script;
    let asked =
        bed.ask(Request::Disable { restart, confirmed: false, shown_for: None, login: login.clone() });
    assert_eq!((asked.exit, changed(&asked)), (Exit::WouldChange, vec![]));
    let keyless = bed.ask(Request::Disable { restart, confirmed: true, shown_for: None, login: None });
    assert_eq!((keyless.exit, changed(&keyless)), (Exit::Usage, vec![]));

    let done = bed.ask(Request::Disable { restart, confirmed: true, shown_for: None, login: login.clone() });
    assert_eq!(done.exit, Exit::Good);
    assert_eq!(changed(&done), [Changed::Settings, Changed::Restart, Changed::Connection]);
    let file = fs::read_to_string(bed.env_file()).unwrap();
    assert!(file.contains("globalSettings__enableCloudCommunication=false"), "{file}");
    let status = bed.ask(Request::Status { login: login.clone() });
    let Body::Status(status) = status.body else { panic!("no status") };
    assert_eq!(status.connection.unwrap().id, None);
    assert_eq!(status.steps.configure, StepState::ToDo);

    let again = bed.ask(Request::Disable { restart, confirmed: true, shown_for: None, login });
    assert_eq!((again.exit, changed(&again)), (Exit::Good, vec![]));
    let resumed = bed.ask(Request::Resume);
    assert_eq!((resumed.exit, changed(&resumed)), (Exit::Good, vec![]));
}

#[test]
fn from_nothing_to_synced_and_back_in_the_us() {
    walk("happy-us", 1);
}

#[test]
fn from_nothing_to_synced_and_back_in_the_eu() {
    walk("happy-eu", 4);
}

#[test]
fn a_connection_that_is_there_keeps_its_last_sync() {
    let bed = Bed::new("already-connected");
    let before = bed.ask(Request::Status { login: Some(bed.login.clone()) });
    let set = bed.ask(Request::SetToken { token: bed.token.clone(), login: bed.login.clone() });
    assert_eq!(set.exit, Exit::Good);
    let after = bed.ask(Request::Status { login: Some(bed.login.clone()) });
    let (Body::Status(before), Body::Status(after)) = (before.body, after.body) else { panic!("no status") };
    assert_eq!(before.license_sync, after.license_sync);
    assert_eq!(before.license_sync.state, SyncState::Done);
}

#[test]
fn what_the_clouds_do_not_answer_is_never_a_no() {
    let bed = Bed::new("clouds-unreachable");
    let before = fs::read(bed.env_file()).unwrap();
    let verified = bed.ask(Request::VerifyToken { token: bed.token.clone() });
    assert_eq!(verified.exit, Exit::CouldNotAsk);
    let Body::Token(body) = verified.body else { panic!("no token") };
    assert_eq!(body.accepted, None);
    let set = bed.ask(Request::SetToken { token: bed.token.clone(), login: bed.login.clone() });
    assert_eq!((set.exit, changed(&set)), (Exit::CouldNotAsk, vec![]));
    let applied = bed.ask(Request::Apply { restart: Restarting::Script, planned_for: None, login: None });
    assert_eq!((applied.exit, changed(&applied)), (Exit::CouldNotAsk, vec![]));
    assert_eq!(fs::read(bed.env_file()).unwrap(), before);
}

/// What stands where the state belongs and is not ours to use is told by the plan already, and before the pull by apply.
#[test]
fn state_that_cannot_be_kept_is_told_before_anything_is_done() {
    let mut bed = Bed::new("happy-us");
    bed.engine = Engine::new(Options { state_dir: None, ..bed.running.options() });
    let before = fs::read(bed.env_file()).unwrap();
    let trap = bed.running.dir.join(".bwsync");
    fs::write(&trap, "").unwrap();
    let plan = || bed.ask(Request::Plan { check: true });
    let apply = bed.ask(Request::Apply { restart: Restarting::Script, planned_for: None, login: None });
    let told = |outcome: &Outcome| {
        assert_eq!(outcome.exit, Exit::Wrong, "{:?}", outcome.roots);
        let finding = &outcome.roots[0].finding;
        (finding.cause, finding.evidence.get("reason").map(str::to_owned), finding.advice[0].command.clone())
    };
    assert_eq!(told(&apply), told(&plan()));
    assert_eq!(told(&apply).1.as_deref(), Some("not a folder"));
    assert_eq!(fs::read(bed.env_file()).unwrap(), before);
    assert!(!bed.said.lock().unwrap().contains(" pull"));
    fs::remove_file(&trap).unwrap();
    assert_eq!(plan().exit, Exit::WouldChange);
}
