//! The binary as a shell sees it: help, exit codes, what is refused, and JSON against its schema.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may stop")]

use std::{
    fs,
    io::Read,
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
    for there in ["setup", "check", "doctor", "status", "plan", "apply", "undo", "token", "sync", "demo"] {
        assert!(out.contains(&format!("  {there}")) || out.contains(there), "{there}");
    }
    for later in ["resume", "disable", "bundle", "explain", "completions", "--accessible", "--for-firewall"] {
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

/// Runs bwsync on a terminal of its own and gives what it showed and its exit code.
fn on_a_terminal(arguments: &[&str], term: &str) -> (i32, String) {
    let (mut pty, pts) = pty_process::blocking::open().unwrap();
    pty.resize(pty_process::Size::new(24, 80)).unwrap();
    let mut child = pty_process::blocking::Command::new(assert_cmd::cargo::cargo_bin!("bwsync"))
        .args(arguments)
        .env_clear()
        .env("LANG", "C.UTF-8")
        .env("TERM", term)
        .spawn(pts)
        .unwrap();
    let mut shown = Vec::new();
    let mut buffer = [0_u8; 4096];
    // The terminal ends with an error when the last process on it ends.
    while let Ok(read @ 1..) = pty.read(&mut buffer) {
        shown.extend_from_slice(&buffer[..read]);
    }
    (child.wait().unwrap().code().unwrap(), String::from_utf8_lossy(&shown).into_owned())
}

#[test]
fn a_dumb_terminal_gets_the_list_of_commands() {
    let (code, shown) = on_a_terminal(&[], "dumb");
    assert_eq!(code, 2, "{shown}");
    assert!(shown.contains("bwsync check") && shown.contains("bwsync sync"), "{shown}");
    assert!(!shown.contains('\u{1b}'), "{shown}");
}
