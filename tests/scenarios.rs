//! Every scenario of the simulator through the binary: each command ends in its listed exit code and its own
//! cause (the lists stand in `assets/scenarios`), and nothing is written where nothing should be.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::Command,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use bwsync::tested::{
    domain::{
        check::Cause,
        exit::Exit,
        request::{Body, Changed, FileAfter, Outcome, Problem, Request, Restarting, Sink},
    },
    engine::Engine,
    simulator::{self, Running},
};
use serde_json::Value;

/// What a scenario says that a command ends in.
#[derive(Debug, PartialEq, Eq)]
struct Expected {
    exit: i32,
    cause: Option<String>,
}

fn scenarios() -> BTreeMap<String, BTreeMap<String, Expected>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/scenarios");
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        let scenario: Value = serde_json::from_str(&text).unwrap();
        let expect = scenario["expect"].as_object().unwrap().iter().map(|(command, expected)| {
            let exit = i32::try_from(expected["exit"].as_i64().unwrap()).unwrap();
            let cause = expected["cause"].as_str().map(str::to_owned);
            (command.clone(), Expected { exit, cause })
        });
        all.insert(scenario["name"].as_str().unwrap().to_owned(), expect.collect());
    }
    all
}

/// This machine's Docker, which no scenario may ever ask: it writes down each call.
struct RealDocker {
    folder: tempfile::TempDir,
}

impl RealDocker {
    /// `PATH` with it first.
    fn path(&self) -> std::ffi::OsString {
        let path = std::env::var_os("PATH").unwrap();
        let all = std::iter::once(self.folder.path().to_owned()).chain(std::env::split_paths(&path));
        std::env::join_paths(all).unwrap()
    }

    fn calls(&self) -> String {
        fs::read_to_string(self.folder.path().join("calls")).unwrap_or_default()
    }
}

fn real_docker() -> &'static RealDocker {
    static REAL: std::sync::OnceLock<RealDocker> = std::sync::OnceLock::new();
    REAL.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let calls = folder.path().join("calls");
        fs::write(&calls, "").unwrap();
        // Programs may run as the installation's owner.
        fs::set_permissions(&calls, fs::Permissions::from_mode(0o666)).unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        for name in ["docker", "docker-compose"] {
            let program = folder.path().join(name);
            fs::write(&program, format!("#!/bin/sh\necho \"$0 $*\" >>'{}'\n", calls.display())).unwrap();
            fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        }
        RealDocker { folder }
    })
}

/// One command on a fresh scenario, with `--json`.
fn run(scenario: &str, command: &str) -> (i32, Value) {
    let mut words: Vec<&str> = command.split(' ').collect();
    if matches!(words.as_slice(), ["apply" | "undo", ..]) {
        words.push("--yes");
    }
    words.push("--json");
    let output = Command::new(env!("CARGO_BIN_EXE_bwsync"))
        .args(["demo", scenario, "--"])
        .args(&words)
        .env_remove("BWSYNC_DIR")
        .env("PATH", real_docker().path())
        .env("DOCKER_HOST", "tcp://127.0.0.1:9")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let json = serde_json::from_str(&text).unwrap_or_else(|error| {
        panic!("{scenario} {command}: {error}\n{text}\n{}", String::from_utf8_lossy(&output.stderr))
    });
    (output.status.code().unwrap_or(-1), json)
}

#[test]
fn every_command_of_every_scenario_ends_as_listed() {
    let all: Vec<_> = scenarios()
        .into_iter()
        .flat_map(|(scenario, commands)| commands.into_iter().map(move |one| (scenario.clone(), one)))
        .collect();
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some((scenario, (command, expected))) =
                    all.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    wrong.lock().unwrap().extend(judged(scenario, command, expected));
                }
            });
        }
    });
    println!("{} commands asked", all.len());
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(real_docker().calls(), "", "a demo asked this machine's Docker");
}

/// What is wrong with how a command ended.
fn judged(scenario: &str, command: &str, expected: &Expected) -> Vec<String> {
    let (exit, json) = run(scenario, command);
    let found = Expected { exit, cause: json["conclusion"]["cause"].as_str().map(str::to_owned) };
    let mut wrong = Vec::new();
    if found != *expected {
        let error = &json["error"];
        wrong.push(format!("{scenario}: {command}: wanted {expected:?}, found {found:?}: {error}"));
    }
    // 8: it was restarted, and nobody saw whether the server answers.
    let unseen = exit == 8 && json["restart"]["ran"] == true && json["restart"]["up"].is_null();
    let may_change = exit == 0 || exit == 5 || exit == 6 || unseen;
    let changed = json["changed"].as_array().map_or(0, Vec::len);
    if changed > 0 && !may_change {
        wrong.push(format!("{scenario}: {command}: changed {} and ended in {exit}", json["changed"]));
    }
    let (ran, up) = (&json["restart"]["ran"], &json["restart"]["up"]);
    if *ran == true && (exit == 0) != (*up == true && json["ok"] == true) && exit != 5 {
        wrong.push(format!("{scenario}: {command}: up is {up} with exit {exit}"));
    }
    if (exit == 6) != (*up == false) {
        wrong.push(format!("{scenario}: {command}: up is {up} with exit {exit}"));
    }
    if json["ok"].as_bool() != Some(matches!(exit, 0 | 10)) {
        wrong.push(format!("{scenario}: {command}: ok is {} with exit {exit}", json["ok"]));
    }
    wrong
}

/// A scenario that a test looks into after the engine acted on it.
struct World {
    running: Running,
    before: Vec<u8>,
}

impl World {
    fn new(scenario: &str) -> Self {
        let running = simulator::start(scenario).unwrap();
        let before = fs::read(running.env_file()).unwrap();
        Self { running, before }
    }

    async fn ask(&self, request: Request) -> Outcome {
        let sink: Sink = Arc::new(|_| {});
        Engine::new(bwsync::tested::domain::request::Options {
            keeper: Some(env!("CARGO_BIN_EXE_bwsync").into()),
            ..self.running.options()
        })
        .perform(request, &sink)
        .await
    }

    async fn apply(&self, restart: Restarting) -> Outcome {
        self.ask(Request::Apply { restart, planned_for: None, login: None }).await
    }

    fn file(&self) -> String {
        fs::read_to_string(self.running.env_file()).unwrap()
    }

    fn is_untouched(&self) -> bool {
        fs::read(self.running.env_file()).unwrap() == self.before
    }

    /// The lines of the newest journal.
    fn journal(&self) -> Vec<Value> {
        let folder = self.running.state_dir.join("journal");
        let newest = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).max().unwrap();
        let text = fs::read_to_string(newest).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// What script and `docker` were asked for.
    fn calls(&self) -> Vec<String> {
        let text = fs::read_to_string(self.running.dir.join(".simulator/calls")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    fn was_down(&self) -> bool {
        self.calls().iter().any(|call| call == "down" || call.ends_with(" down"))
    }
}

fn cause(outcome: &Outcome) -> Option<Cause> {
    outcome.roots.first().map(|root| root.conclusion.cause)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_seen_before_the_write_leaves_file_and_server_alone() {
    for (scenario, wanted) in [
        ("pull-fails", Cause::RestartRegistryUnreachable),
        ("env-refused", Cause::RestartEnvRefused),
        ("prompt-mid-restart", Cause::RestartPromptMidRestart),
        ("script-is-html", Cause::RestartScriptNotAScript),
        ("two-spellings", Cause::EnvTwoSpellings),
        ("env-unparsable", Cause::EnvUnparsable),
    ] {
        let world = World::new(scenario);
        let outcome = world.apply(Restarting::Script).await;
        assert_eq!((outcome.exit, cause(&outcome)), (Exit::Wrong, Some(wanted)), "{scenario}");
        assert!(outcome.changed.is_empty() && world.is_untouched(), "{scenario}");
        assert!(!world.was_down(), "{scenario}: {:?}", world.calls());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_read_is_told_with_its_place() {
    let world = World::new("env-unparsable");
    let outcome = world.ask(Request::Plan { check: false }).await;
    let evidence = &outcome.roots.first().unwrap().finding.evidence;
    assert_eq!((evidence.get("line"), evidence.get("column")), (Some("18"), Some("38")));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_pull_the_server_comes_up_with_the_new_settings_and_that_is_proved() {
    for scenario in ["pull-fails", "hand-made"] {
        let world = World::new(scenario);
        let outcome = world.apply(Restarting::WithoutPull).await;
        assert_eq!(outcome.exit, Exit::Good, "{scenario}: {:?}", outcome.roots);
        let Body::Apply(body) = &outcome.body else { panic!("{scenario}: no body") };
        assert_eq!(body.proved, Some(true), "{scenario}");
        assert!(world.running.server.running().unwrap().cloud_communication, "{scenario}");
        let calls = world.calls();
        assert!(calls.iter().any(|call| call.ends_with(" up -d")), "{scenario}: {calls:?}");
        assert!(!calls.iter().any(|call| call.ends_with(" pull")) && !world.was_down(), "{calls:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_setting_that_stops_the_api_is_taken_back_and_the_server_answers() {
    let world = World::new("stopped-by-setting");
    let outcome = world.apply(Restarting::Script).await;
    assert_eq!((outcome.exit, cause(&outcome)), (Exit::FailedUp, Some(Cause::EnvInvalidValue)));
    assert!(world.is_untouched() && world.running.server.running().is_some());
    assert_eq!(outcome.changed.iter().collect::<Vec<_>>(), [&Changed::Restart]);
    let restart = outcome.restart().unwrap();
    assert_eq!((restart.up, restart.file, restart.exit), (Some(true), FileAfter::PutBack, Some(0)));
    let evidence = &outcome.roots[0].finding.evidence;
    assert_eq!(evidence.get("key"), Some("globalSettings__enableCloudCommunication"));
    let journal = world.journal();
    let acts: Vec<_> =
        journal.iter().filter_map(|line| Some((line["mark"].as_str()?, line["action"].as_str()?))).collect();
    let way_back = ["await_answer", "put_back", "up", "await_answer"];
    let begun: Vec<_> = acts.iter().filter(|(mark, _)| *mark == "intent").map(|(_, act)| *act).collect();
    assert!(begun.ends_with(&way_back), "{begun:?}");
    assert_eq!(journal.last().unwrap()["result"], "ROLLED-BACK");
    let gone_well = |line: &&Value| line["mark"] == "done" && line["action"] == "await_answer";
    let answers: Vec<_> =
        journal.iter().filter(gone_well).map(|line| line["ok"].as_bool().unwrap()).collect();
    assert_eq!(answers, [false, true], "it did not answer with the new file, and does with the old one");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stays_unhealthy_for_another_reason_keeps_the_new_file() {
    let world = World::new("unhealthy-after-restart");
    let outcome = world.apply(Restarting::Script).await;
    assert_eq!((outcome.exit, cause(&outcome)), (Exit::FailedDown, Some(Cause::RestartContainerEnded)));
    assert!(!world.is_untouched() && world.running.server.running().is_none());
    assert_eq!(outcome.restart().unwrap().file, FileAfter::StaysUnproven);
    let evidence = &outcome.roots[0].finding.evidence;
    assert_eq!(
        (evidence.get("candidates"), evidence.get("status")),
        (Some("identity (134), api (134)"), Some("134"))
    );
    assert!(evidence.get("words").unwrap().contains("The database did not answer"), "{evidence:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_odd_file_keeps_what_is_odd_about_it() {
    const SWITCH: &str = "globalSettings__enableCloudCommunication=";
    let switches = |text: &str| -> Vec<String> {
        text.lines()
            .filter_map(|line| line.strip_prefix(SWITCH))
            .map(|value| value.trim().to_owned())
            .collect()
    };
    let applied = async |scenario: &str| {
        let world = World::new(scenario);
        let outcome = world.apply(Restarting::No).await;
        assert_eq!(outcome.exit, Exit::Good, "{scenario}: {:?}", outcome.roots);
        let file = world.file();
        let outcome =
            world.ask(Request::Undo { restart: Restarting::No, confirmed: true, shown_for: None }).await;
        assert_eq!(outcome.exit, Exit::Good, "{scenario}: {:?}", outcome.roots);
        assert!(world.is_untouched(), "{scenario}: undo after apply is the file before");
        assert!(!world.was_down(), "{scenario}: {:?}", world.calls());
        file
    };
    let twice = applied("duplicate-keys").await;
    assert_eq!(switches(&twice), ["false", "true"], "the last one counts");
    let crlf = applied("crlf").await;
    assert_eq!(switches(&crlf), ["true"]);
    assert!(crlf.split_inclusive('\n').all(|line| line.ends_with("\r\n")), "{crlf:?}");
    let quiet = applied("push-off").await;
    let push: Vec<_> = quiet.lines().filter(|line| line.contains("pushRelayBaseUri")).collect();
    assert_eq!(push, ["globalSettings__pushRelayBaseUri=REPLACE"]);
    assert!(quiet.contains("globalSettings__installation__apiUri=https://api.bitwarden.eu"), "{quiet}");
    for other_flavour in ["lite", "hand-made"] {
        assert_eq!(switches(&applied(other_flavour).await), ["true"], "{other_flavour}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_script_restarts_the_commands_are_named() {
    for (scenario, wanted) in [("lite", 2), ("hand-made", 3)] {
        let world = World::new(scenario);
        let outcome = world.apply(Restarting::Script).await;
        let Some(Problem::CannotRestart { commands }) = &outcome.problem else {
            panic!("{scenario}: {:?}", outcome.problem)
        };
        assert_eq!((outcome.exit, commands.len()), (Exit::Wrong, wanted), "{scenario}: {commands:?}");
        assert!(commands[0].contains("apply --yes --no-restart"), "{scenario}: {commands:?}");
        assert!(commands[1].ends_with(" up -d") && world.is_untouched(), "{scenario}: {commands:?}");
    }
}
