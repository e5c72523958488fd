//! Hostile text in everything that comes from outside (the installation's path, a license's file name and organization,
//! values of the env file, `config.yml`, a journal, the lock's note, the api's log): whatever a command prints, no
//! terminal obeys it and nothing in it is hidden.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

use std::{
    fs,
    os::unix::{
        fs::{PermissionsExt, symlink},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Command, Output},
};

use bwsync::tested::{domain::outside::is_hidden, simulator};

/// An escape sequence, a bidirectional override, a zero-width space, a tag, a line separator, next line.
const HOSTILE: &str = "\u{1b}[31mX\u{202e}\u{200b}\u{e0041}\u{2028}\u{85}\u{9b}2J";

const COMMANDS: [&[&str]; 9] = [
    &["check", "-v"],
    &["check", "--offline"],
    &["status"],
    &["plan"],
    &["apply", "--check"],
    &["undo", "--yes"],
    &["resume"],
    &["token", "verify"],
    &["disable", "--no-input"],
];

fn copy(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap();
    assert!(copied.success());
}

fn edit(path: &Path, change: impl FnOnce(String) -> String) {
    let text = change(fs::read_to_string(path).unwrap());
    fs::write(path, text).unwrap();
}

/// The simulated installation once more, below a hostile path and with hostile words in all of its files.
fn planted(running: &simulator::Running, below: &Path) -> PathBuf {
    let dir = below.join(format!("bit{HOSTILE}warden"));
    copy(&running.dir, &dir);
    let licenses = dir.join("bwdata/core/licenses/organization");
    let license = fs::read_dir(&licenses).unwrap().next().unwrap().unwrap().path();
    fs::write(licenses.join(format!("a{HOSTILE}b.json")), "{\"Name\": 1").unwrap();
    edit(&license, |text| text.replace("Acme Example", &format!("Acme {}", json_escaped(HOSTILE))));
    edit(&dir.join("bwdata/config.yml"), |text| {
        text.replace("vault.example.org", "vault.example.org/\u{202e}x")
    });
    edit(&running_env(&dir), |text| {
        format!(
            "{text}globalSettings__pushRelayBaseUri=https://push.{HOSTILE}.example\nglobalSettings__enableCloudComunication=x{HOSTILE}\n"
        )
    });
    let log = dir.join("bwdata/logs/api/Api");
    fs::create_dir_all(&log).unwrap();
    fs::write(log.join("20261121.txt"), format!("2026-11-21 10:00:00.000 +00:00 [ERR] {HOSTILE}\n")).unwrap();
    dir
}

fn json_escaped(text: &str) -> String {
    let quoted = serde_json::to_string(text).unwrap();
    quoted.trim_matches('"').to_owned()
}

fn running_env(dir: &Path) -> PathBuf {
    dir.join("bwdata/env/global.override.env")
}

fn is_clean(what: &str, output: &Output) {
    for (stream, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
        let text = String::from_utf8(bytes.clone()).unwrap_or_else(|_| panic!("{what}: {stream} is no text"));
        let hidden = text.chars().find(|c| is_hidden(*c) && *c != '\n');
        assert_eq!(hidden, None, "{what}: {stream}: {text:?}");
        assert!(!text.contains("panicked"), "{what}: {text}");
    }
}

#[test]
fn whatever_is_planted_no_output_acts_on_a_terminal() {
    let running = simulator::start("happy-us").unwrap();
    let below = tempfile::tempdir().unwrap();
    fs::set_permissions(below.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let dir = planted(&running, below.path());
    symlink(&dir, below.path().join(format!("link{HOSTILE}"))).unwrap();
    let mut seen = String::new();
    for words in COMMANDS {
        for more in [&[][..], &["--json"], &["--lang", "nl"]] {
            for place in
                [dir.clone(), below.path().join(format!("link{HOSTILE}")), below.path().join(HOSTILE)]
            {
                let environment = running.environment();
                let environment = environment.iter().filter(|(name, _)| *name != "BWSYNC_STATE_DIR");
                let output = Command::new(env!("CARGO_BIN_EXE_bwsync"))
                    .args(words)
                    .args(more)
                    .envs(environment.map(|(name, value)| (*name, value)))
                    .env("BWSYNC_DIR", &place)
                    .output()
                    .unwrap();
                let what = format!("{words:?} {more:?}");
                is_clean(&what, &output);
                if more.contains(&"--json") {
                    serde_json::from_slice::<serde_json::Value>(&output.stdout).expect(&what);
                }
                seen.push_str(&String::from_utf8_lossy(&output.stdout));
            }
        }
    }
    // It was there: what was planted is told, by its numbers.
    assert!(seen.contains("<U+001B>") || seen.contains("\\x1b"), "nothing of it was ever shown");
}

#[test]
fn what_a_person_types_is_no_better() {
    let option = format!("--{HOSTILE}");
    for words in [vec![option.as_str()], vec!["explain", HOSTILE], vec!["check", "--org", HOSTILE, "--json"]]
    {
        let output = Command::new(env!("CARGO_BIN_EXE_bwsync")).args(&words).output().unwrap();
        is_clean(&format!("{words:?}"), &output);
    }
}

#[test]
fn a_result_that_cannot_be_written_is_no_good_end() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_bwsync")).arg("--version").stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("No space left"), "{output:?}");
}

#[test]
fn the_process_keeps_its_memory_to_itself() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bwsync"));
    command.args(["demo", "--serve"]).stdout(std::process::Stdio::piped()).current_dir("/");
    if rustix::process::geteuid().is_root() {
        // Of root's own process nothing could be told from its owner.
        command.uid(54_321).gid(54_321);
    }
    let mut demo = match command.spawn() {
        Ok(demo) => demo,
        Err(error) => return println!("skipped: another user cannot run this binary ({error})"),
    };
    // It says that it is ready: by then it has long begun.
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(demo.stdout.take().unwrap()));
    assert!(lines.any(|line| line.unwrap() == "# ready"));
    let limits = fs::read_to_string(format!("/proc/{}/limits", demo.id())).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().nth(4), Some("0"), "{core}");
    // What is not dumpable belongs to root in /proc, whoever runs it.
    let memory = fs::metadata(format!("/proc/{}/mem", demo.id())).unwrap();
    assert_eq!(std::os::unix::fs::MetadataExt::uid(&memory), 0);
    demo.kill().unwrap();
    demo.wait().unwrap();
}
