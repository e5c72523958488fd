//! The binary as a shell sees it: help, exit codes, what is refused, and JSON against its schema.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may stop")]

#[path = "support/signals.rs"]
mod signals;

use std::{
    fs,
    io::{Read, Write},
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Stdio,
};

use assert_cmd::{Command, cargo::cargo_bin_cmd};
use serde_json::Value;

/// A token as the cloud makes them; never a real one.
const TOKEN: &str = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5";

/// bwsync in an empty environment, so that the machine's own does not reach into the test.
fn bwsync() -> Command {
    let mut command = cargo_bin_cmd!("bwsync");
    command.env_clear().env("LANG", "C.UTF-8").env("HOME", "/nonexistent");
    command
}

fn output(command: &mut Command) -> (i32, String, String) {
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

fn ran(arguments: &[&str]) -> (i32, String, String) {
    output(bwsync().args(arguments))
}

fn secret_file(folder: &Path, name: &str, text: &str, mode: u32) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    path
}

fn schema(command: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("assets/schema/{command}.v1.json"));
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn help_and_version_are_results() {
    for arguments in
        [&["--help"][..], &["-h"], &["check", "--help"], &["token", "set", "-h"], &["demo", "-h"]]
    {
        let (code, out, err) = ran(arguments);
        assert_eq!((code, err.as_str()), (0, ""), "{arguments:?}");
        assert!(out.contains("Usage:"), "{out}");
        assert!(!out.contains('\u{1b}'), "{out}");
    }
    let (code, out, _) = ran(&["--version"]);
    assert_eq!((code, out.trim()), (0, concat!("bwsync ", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn help_lists_what_is_there_and_nothing_that_is_not() {
    let (_, out, _) = ran(&["--help"]);
    for there in [
        "setup", "check", "doctor", "status", "plan", "apply", "undo", "resume", "disable", "token", "sync",
        "demo",
    ] {
        assert!(out.contains(&format!("  {there}")) || out.contains(there), "{there}");
    }
    for later in ["bundle", "explain", "completions", "--accessible", "--for-firewall"] {
        assert!(!out.contains(later), "{later}");
    }
}

#[test]
fn usage_errors_end_with_two() {
    for arguments in [
        &["nonsense"][..],
        &["check", "--nonsense"],
        &["check", "--region", "mars"],
        &["check", "--timeout", "soon"],
        &["check", "--connect-to", "api.bitwarden.com=127.0.0.1:1"],
        &["apply", "--accept-risk", "all"],
        &["check", "--server", "http://vault.example.org"],
        &["check", "--color", "never", "--no-color"],
        &["check", "--lang", "tlh"],
        &["check", "--only", "mashine"],
        &["token"],
        &["demo", "happy-us", "--serve", "--", "check"],
    ] {
        let (code, out, err) = ran(arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {err}");
        assert!(!err.is_empty(), "{arguments:?}");
    }
}

#[test]
fn off_a_terminal_there_is_short_help() {
    let (code, out, err) = ran(&[]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("Usage:"), "{err}");
}

#[test]
fn everything_that_is_missing_is_named_at_once() {
    for no_input in [&["token", "set", "--no-input"][..], &["token", "set"]] {
        let (code, _, err) = ran(no_input);
        assert_eq!(code, 2, "{err}");
        let command = err.lines().last().unwrap();
        assert_eq!(command, format!("bwsync {} --token-file FILE --api-key-file FILE", no_input.join(" ")));
    }
    let (code, _, err) = ran(&["apply", "--no-restart", "--dir", "/some where"]);
    assert_eq!(code, 2);
    assert_eq!(err.lines().last(), Some("bwsync apply --no-restart --dir '/some where' --yes"));
}

#[test]
fn an_empty_secret_file_is_missing_input() {
    let folder = tempfile::tempdir().unwrap();
    let empty = secret_file(folder.path(), "token", "\n", 0o600);
    let half = secret_file(folder.path(), "key", "BW_CLIENTID=user.x\n", 0o600);
    let (code, _, err) =
        output(bwsync().args(["token", "set", "--token-file"]).arg(&empty).arg("--api-key-file").arg(&half));
    assert_eq!(code, 2);
    assert!(err.contains("--token-file FILE") && err.contains("--api-key-file FILE"), "{err}");
}

#[test]
fn a_secret_as_an_argument_is_refused_and_not_repeated() {
    for arguments in [
        &["token", "verify", TOKEN][..],
        &["token", "verify", "--token-file", TOKEN],
        &["token", "verify", "--token", TOKEN],
        &["check", "--region", TOKEN],
        &["sync", &format!("--client-secret={TOKEN}")],
    ] {
        let (code, out, err) = ran(arguments);
        assert_eq!(code, 2, "{arguments:?}");
        assert!(err.contains("list of processes"), "{arguments:?}: {err}");
        assert!(!err.contains(TOKEN) && !out.contains(TOKEN), "{arguments:?}: {err}");
    }
}

#[test]
fn a_secret_file_that_others_can_read_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let open = secret_file(folder.path(), "token", TOKEN, 0o644);
    let (code, _, err) = output(bwsync().args(["token", "verify", "--token-file"]).arg(&open));
    assert_eq!(code, 2);
    assert!(err.contains("chmod 600") && !err.contains(TOKEN), "{err}");
}

#[test]
fn standard_input_is_read_once() {
    let (code, _, err) = output(
        bwsync().args(["token", "set", "--token-file", "-", "--api-key-file", "-"]).write_stdin(TOKEN),
    );
    assert_eq!(code, 2);
    assert!(err.contains("once"), "{err}");
}

#[test]
fn a_bad_variable_is_named() {
    let (code, _, err) = output(bwsync().arg("check").env("BWSYNC_OFFLINE", "yes"));
    assert_eq!(code, 2);
    assert!(err.contains("BWSYNC_OFFLINE"), "{err}");
}

#[test]
fn the_language_is_that_of_flag_variable_or_locale() {
    let english = output(bwsync().args(["token", "set"])).2;
    let dutch = output(bwsync().args(["token", "set", "--lang", "nl"])).2;
    assert_ne!(english, dutch);
    assert_eq!(
        dutch.lines().next(),
        output(bwsync().args(["token", "set"]).env("BWSYNC_LANG", "nl")).2.lines().next()
    );
    assert_eq!(
        dutch.lines().next(),
        output(bwsync().args(["token", "set"]).env("LANG", "nl_NL.UTF-8")).2.lines().next()
    );
}

#[test]
fn a_failure_is_json_too_where_json_was_asked_for() {
    let schema = schema("token");
    for (arguments, code_wanted) in [
        (&["token", "set", "--json", "--lang", "nl"][..], 2),
        (&["token", "verify", "--json", TOKEN], 2),
        (&["token", "--json", "--nonsense"], 2),
        (&["--json"], 2),
    ] {
        let (code, out, err) = ran(arguments);
        assert_eq!((code, err.as_str()), (code_wanted, ""), "{arguments:?}");
        let object: Value = serde_json::from_str(&out).unwrap();
        jsonschema::validate(&schema, &object).unwrap();
        assert_eq!(object["ok"], false);
        assert!(object["error"]["message"].is_string(), "{object}");
        assert!(!out.contains(TOKEN), "{out}");
    }
    let (_, out, _) = output(bwsync().args(["token", "set"]).env("BWSYNC_JSON", "1"));
    assert!(out.starts_with('{'), "{out}");
}

#[test]
fn a_reader_that_went_away_is_no_error() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let status = std::process::Command::new(assert_cmd::cargo::cargo_bin!("bwsync"))
        .arg("--help")
        .stdout(Stdio::from(writer))
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(0));
}

/// Runs bwsync on a terminal of its own and gives its exit code and what it showed. Each of `typed` is typed when
/// its first part was shown.
fn on_a_terminal(
    arguments: &[&str],
    variables: &[(&str, String)],
    typed: &[(&str, String)],
) -> (i32, String) {
    let (mut pty, pts) = pty_process::blocking::open().unwrap();
    pty.resize(pty_process::Size::new(24, 80)).unwrap();
    let mut child = pty_process::blocking::Command::new(assert_cmd::cargo::cargo_bin!("bwsync"))
        .args(arguments)
        .env_clear()
        .env("LANG", "C.UTF-8")
        .env("TERM", "xterm")
        .envs(variables.iter().map(|(name, value)| (name, value)))
        .spawn(pts)
        .unwrap();
    let mut shown = String::new();
    let mut typed = typed.iter();
    let mut next = typed.next();
    let mut buffer = [0_u8; 4096];
    // The terminal ends with an error when the last process on it ends.
    while let Ok(read @ 1..) = pty.read(&mut buffer) {
        shown.push_str(&String::from_utf8_lossy(&buffer[..read]));
        if let Some((_, keys)) = next.filter(|(awaited, _)| shown.contains(awaited)) {
            pty.write_all(keys.as_bytes()).unwrap();
            next = typed.next();
        }
    }
    (child.wait().unwrap().code().unwrap(), shown)
}

#[test]
fn colour_is_for_terminals_that_want_it() {
    let folder = tempfile::tempdir().unwrap();
    let check = ["check", "--offline", "--dir", folder.path().to_str().unwrap()];
    let shown = |variables: &[(&str, String)]| on_a_terminal(&check, variables, &[]).1;
    assert!(shown(&[]).contains("\u{1b}["));
    for plain in [("NO_COLOR", "1"), ("TERM", "dumb"), ("BWSYNC_NO_COLOR", "1"), ("BWSYNC_COLOR", "never")] {
        assert!(!shown(&[(plain.0, plain.1.into())]).contains('\u{1b}'), "{plain:?}");
    }
    assert!(shown(&[("NO_COLOR", String::new())]).contains("\u{1b}["), "an empty NO_COLOR is none");
    let (_, out, _) = output(bwsync().args(check).args(["--color", "always"]));
    assert!(out.contains("\u{1b}["));
}

#[test]
fn a_dumb_terminal_gets_the_list_of_commands() {
    let (code, shown) = on_a_terminal(&[], &[("TERM", "dumb".into())], &[]);
    assert_eq!(code, 2, "{shown}");
    assert!(shown.contains("bwsync check") && shown.contains("bwsync sync"), "{shown}");
    assert!(!shown.contains('\u{1b}'), "{shown}");
}

/// The simulated world's variables.
fn world(running: &bwsync::tested::simulator::Running) -> Vec<(&'static str, String)> {
    running.environment()
}

/// Runs the command lines one after the other in one world, and holds each to its schema and exit codes.
fn real_results(lines: &[(&[&str], &[i32])]) {
    let running = bwsync::tested::simulator::start("happy-us").unwrap();
    let secrets = [&running.token_file, &running.api_key_file].map(|path| fs::read_to_string(path).unwrap());
    for (arguments, exits) in lines {
        let (code, out, err) = output(bwsync().args(*arguments).arg("--json").envs(world(&running)));
        assert!(exits.contains(&code), "{arguments:?}: {code}\n{out}\n{err}");
        let object: Value = serde_json::from_str(&out).unwrap();
        if let Err(error) = jsonschema::validate(&schema(arguments[0]), &object) {
            panic!("{arguments:?}: {error} at {}\n{out}", error.instance_path());
        }
        assert_eq!(object["ok"], code == 0 || code == 10, "{arguments:?}");
        for secret in secrets.iter().map(|text| text.trim().rsplit('=').next().unwrap_or_default()) {
            assert!(!out.contains(secret) && !err.contains(secret), "{arguments:?} shows a secret");
        }
    }
}

#[test]
fn what_asking_results_in_is_what_the_schemas_say() {
    real_results(&[
        (&["check"], &[0, 3]),
        (&["plan", "--check"], &[10]),
        (&["apply", "--check"], &[10]),
        (&["token", "verify"], &[0]),
        (&["check", "--offline"], &[0, 3, 8]),
        (&["undo", "--yes"], &[0]),
    ]);
}

#[test]
fn what_changing_results_in_is_what_the_schemas_say() {
    // The cloud counts what is asked of it: a world of its own, and no step more than needed.
    real_results(&[
        (&["apply", "--yes"], &[0]),
        (&["token", "set"], &[0]),
        (&["sync"], &[0]),
        (&["status"], &[0]),
        (&["undo", "--yes"], &[0]),
    ]);
}

#[test]
fn a_folder_that_is_no_installation_is_said_so() {
    let folder = tempfile::tempdir().unwrap();
    for command in ["check", "plan", "status"] {
        let (code, out, _) = output(bwsync().arg(command).arg("--dir").arg(folder.path()));
        assert_eq!(code, 3, "{command}: {out}");
        assert!(out.contains("(install.not_found)"), "{command}: {out}");
    }
}

#[test]
fn a_signal_ends_a_command_with_its_code_and_says_what_stands() {
    use rustix::process::{Pid, Signal, kill_process};
    signals::as_on_a_terminal();
    let running = bwsync::tested::simulator::start("happy-us").unwrap();
    for (signal, exit) in [(Signal::HUP, 129), (Signal::INT, 130), (Signal::TERM, 143)] {
        // A cloud that takes the connection and never speaks.
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let to = silent.local_addr().unwrap();
        let hosts = ["identity.bitwarden.com", "api.bitwarden.com"].map(|host| format!("{host}:443={to}"));
        let child = std::process::Command::new(assert_cmd::cargo::cargo_bin!("bwsync"))
            .args(["check", "--json"])
            .env_clear()
            .envs(world(&running))
            .env("BWSYNC_CONNECT_TO", hosts.join(","))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let connected = silent.accept().unwrap();
        kill_process(Pid::from_child(&child), signal).unwrap();
        let output = child.wait_with_output().unwrap();
        drop(connected);
        assert_eq!(output.status.code(), Some(exit));
        let object: Value = serde_json::from_slice(&output.stdout).unwrap();
        jsonschema::validate(&schema("check"), &object).unwrap();
        let message = object["error"]["message"].as_str().unwrap();
        assert!(message.contains("Nothing was changed."), "{message}");
    }
}

#[test]
fn the_own_time_limit_has_its_own_exit_code() {
    let running = bwsync::tested::simulator::start("happy-us").unwrap();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let to = silent.local_addr().unwrap();
    let hosts = ["identity.bitwarden.com", "api.bitwarden.com"].map(|host| format!("{host}:443={to}"));
    let (code, out, _) = output(
        bwsync()
            .args(["check", "--timeout", "1", "--json"])
            .envs(world(&running))
            .env("BWSYNC_CONNECT_TO", hosts.join(",")),
    );
    assert_eq!(code, 124, "{out}");
    jsonschema::validate(&schema("check"), &serde_json::from_str(&out).unwrap()).unwrap();
}

#[test]
fn a_secret_is_asked_for_without_echo() {
    let running = bwsync::tested::simulator::start("happy-us").unwrap();
    let token = fs::read_to_string(&running.token_file).unwrap().trim().to_owned();
    let mut variables = world(&running);
    variables.retain(|(name, _)| *name != "BWSYNC_TOKEN_FILE");
    let typed = [("not shown", format!("{token}\r"))];
    let (code, shown) = on_a_terminal(&["token", "verify"], &variables, &typed);
    assert_eq!(code, 0, "{shown}");
    assert!(!shown.contains(&token), "{shown}");
    let (code, shown) = on_a_terminal(&["token", "verify"], &variables, &[("not shown", "\u{3}".into())]);
    assert_eq!(code, 130, "{shown}");
}

#[test]
fn a_change_is_asked_about_and_no_is_the_default() {
    let running = bwsync::tested::simulator::start("happy-us").unwrap();
    let env_file = running.dir.join("bwdata/env/global.override.env");
    let before = fs::read(&env_file).unwrap();
    let variables = world(&running);
    for no in ["\r", "n", "\u{3}"] {
        let (code, shown) = on_a_terminal(&["apply", "--no-restart"], &variables, &[("[y/N]", no.into())]);
        assert_eq!(code, 2, "{shown}");
        assert_eq!(fs::read(&env_file).unwrap(), before);
    }
    let (code, shown) = on_a_terminal(&["apply", "--no-restart"], &variables, &[("[y/N]", "y".into())]);
    assert_eq!(code, 0, "{shown}");
    assert_ne!(fs::read(&env_file).unwrap(), before);
}

#[test]
fn the_demo_runs_one_command_and_lists_its_scenarios() {
    let (code, out, err) = ran(&["demo", "happy-eu", "--", "plan", "--check", "--json"]);
    assert_eq!(code, 10, "{err}");
    jsonschema::validate(&schema("plan"), &serde_json::from_str(&out).unwrap()).unwrap();
    let (code, _, err) = ran(&["demo", "no-such-thing", "--serve"]);
    assert_eq!(code, 2);
    assert!(err.contains("happy-us") && err.contains("clouds-unreachable"), "{err}");
    assert_eq!(ran(&["demo", "happy-us", "--", "demo"]).0, 2);
    assert_eq!(ran(&["demo"]).0, 2);
}

#[test]
fn the_served_demo_says_how_to_reach_it_and_ends_when_told() {
    use rustix::process::{Pid, Signal, kill_process};
    use std::io::{BufRead, BufReader};
    let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin!("bwsync"))
        .args(["demo", "--serve"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let said: Vec<String> = lines.take_while(|line| line != "# ready").collect();
    for name in ["DIR", "CACERT", "CONNECT_TO", "STATE_DIR", "TOKEN_FILE", "API_KEY_FILE"] {
        assert!(said.iter().any(|line| line.starts_with(&format!("export BWSYNC_{name}='"))), "{said:?}");
    }
    let folder = said[0].trim_start_matches("export BWSYNC_DIR='").trim_end_matches('\'').to_owned();
    assert!(Path::new(&folder).is_dir());
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(!Path::new(&folder).exists(), "the simulated world stays behind");
}
