//! Where the machine does not play along: a full disk, a read-only folder, a folder that vanishes, a link planted in
//! the file's place, two runs at once. Nothing is lost, nothing is half, and each is said. What needs root and mounts
//! says so where it skips.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on fails, and says where it skips"
)]

#[path = "support/needs.rs"]
mod needs;

use std::{
    fs,
    io::Write,
    os::unix::fs::{PermissionsExt, chown, symlink},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use bwsync::simulator::{self, Running};
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

/// A small file system mounted over a folder, its content copied; taken away again however the test ends.
struct Mounted(PathBuf);

impl Mounted {
    fn over(folder: &Path, options: &str) -> Option<Self> {
        let kept: Vec<(PathBuf, Vec<u8>)> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| (path.clone(), fs::read(&path).unwrap()))
            .collect();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(folder)
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
        if !needs::has(Need::Namespaces.name(), mounted) {
            return None;
        }
        let made = Self(folder.to_owned());
        chown(folder, Some(1001), Some(1001)).unwrap();
        for (path, bytes) in kept {
            fs::write(&path, bytes).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
            chown(&path, Some(1001), Some(1001)).unwrap();
        }
        Some(made)
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg("-l").arg(&self.0).status();
        assert!(unmounted.is_ok(), "the test's own file system stays mounted");
    }
}

#[test]
fn on_a_full_disk_nothing_is_written_and_that_is_said() {
    let bed = Bed::new();
    let Some(_mounted) = Mounted::over(&bed.folder(), "size=64k,mode=755") else { return };
    let mut filler = fs::File::create(bed.folder().join("filler")).unwrap();
    while filler.write_all(&[0; 512]).is_ok() {}
    bed.refused(3, "restart.disk_full");
    assert_eq!(fs::read(bed.file()).unwrap(), bed.old);
    drop(filler);
    fs::remove_file(bed.folder().join("filler")).unwrap();
    let (code, json) = bed.apply();
    assert_eq!(code, Some(0), "with room again: {json}");
}

#[test]
fn in_a_read_only_file_system_nothing_is_written_and_that_is_said() {
    let bed = Bed::new();
    let Some(mounted) = Mounted::over(&bed.folder(), "size=256k,mode=755") else { return };
    let read_only = Command::new("mount").args(["-o", "remount,ro"]).arg(&mounted.0).status().unwrap();
    assert!(read_only.success());
    bed.refused(3, "install.not_writable");
    assert_eq!(fs::read(bed.file()).unwrap(), bed.old);
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
