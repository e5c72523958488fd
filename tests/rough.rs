//! Where the machine does not play along: a folder that vanishes, a link planted in the file's place, two runs at once
//! (a full disk and a read-only folder: tests/namespaces.rs). Nothing is lost, nothing is half, and each is said.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on fails, and says where it skips"
)]

#[path = "support/needs.rs"]
mod needs;

use std::{
    fs,
    os::unix::fs::{chown, symlink},
    path::PathBuf,
    process::{Command, Stdio},
};

use bwsync::tested::simulator::{self, Running};
use needs::Need;
use serde_json::Value;

struct Bed {
    running: Running,
    old: Vec<u8>,
}

impl Bed {
    fn new() -> Self {
        let running = simulator::start("happy-eu").unwrap();
        running.clouds.set(|settings| settings.limited = false);
        let old = fs::read(running.dir.join("bwdata/env/global.override.env")).unwrap();
        Self { running, old }
    }

    fn folder(&self) -> PathBuf {
        self.running.dir.join("bwdata/env")
    }

    fn file(&self) -> PathBuf {
        self.folder().join("global.override.env")
    }

    fn apply(&self) -> (Option<i32>, Value) {
        let output = Command::new(env!("CARGO_BIN_EXE_bwsync"))
            .args(["apply", "--yes", "--no-restart", "--json"])
            .envs(self.running.environment())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let json = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
        (output.status.code(), json)
    }

    fn refused(&self, exit: i32, cause: &str) {
        let (code, json) = self.apply();
        assert_eq!((code, &json["conclusion"]["cause"]), (Some(exit), &cause.into()), "{json}");
        assert_eq!(json["changed"], Value::Array(Vec::new()), "{json}");
    }
}

#[test]
fn a_folder_that_vanished_is_said() {
    let bed = Bed::new();
    fs::remove_dir_all(bed.folder()).unwrap();
    bed.refused(3, "env.missing");
}

#[test]
fn a_link_that_was_planted_is_not_followed() {
    let bed = Bed::new();
    let elsewhere = tempfile::tempdir().unwrap();
    let target = elsewhere.path().join("target");
    fs::write(&target, &bed.old).unwrap();
    if !needs::met(&[Need::Root]) {
        return;
    }
    // Somebody else's file, in somebody else's folder.
    chown(&target, Some(4242), Some(4242)).unwrap();
    chown(elsewhere.path(), Some(4242), Some(4242)).unwrap();
    fs::remove_file(bed.file()).unwrap();
    symlink(&target, bed.file()).unwrap();
    let (code, json) = bed.apply();
    assert_eq!(code, Some(3), "{json}");
    assert_eq!(fs::read(&target).unwrap(), bed.old);
    assert!(bed.file().is_symlink());
}

#[test]
fn two_runs_at_once_do_not_meet() {
    let bed = Bed::new();
    let started: Vec<_> = (0..4)
        .map(|_| {
            Command::new(env!("CARGO_BIN_EXE_bwsync"))
                .args(["apply", "--yes", "--json"])
                .envs(bed.running.environment())
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    let codes: Vec<_> = started
        .into_iter()
        .map(|child| child.wait_with_output().unwrap().status.code().unwrap_or(-1))
        .collect();
    // One does it; the others find it locked, or done, or the file changed under their plan.
    assert!(codes.contains(&0), "{codes:?}");
    assert!(codes.iter().all(|code| matches!(code, 0 | 3 | 9)), "{codes:?}");
    assert_ne!(fs::read(bed.file()).unwrap(), bed.old);
    let (code, json) = bed.apply();
    assert_eq!((code, &json["changed"]), (Some(0), &Value::Array(Vec::new())), "{json}");
}
