//! What needs mount namespaces: a full disk, a read-only file system, a second installation where a machine has one. The
//! mounts are bwsync's alone, and gone with it.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on fails, and says where it skips"
)]

#[path = "support/needs.rs"]
mod needs;
#[path = "support/pty.rs"]
mod pty;
#[path = "support/sample.rs"]
mod sample;

use std::{fs, path::Path, process::Command};

use needs::Need;
use sample::{House, Ran};

const APPLY: &[&str] = &["apply", "--yes", "--no-restart", "--json"];

/// A house, where this machine can mount something for one command alone.
fn house() -> Option<House> {
    needs::met(&[Need::Root, Need::Namespaces]).then(House::new)
}

/// bwsync with these words in a mount namespace of its own: `before` mounts something there, at `$place`, and `after` is
/// done before that is gone.
fn within(house: &House, place: &Path, words: &[&str], (before, after): (&str, &str)) -> Command {
    let script = format!(
        "place=$1 path=$PATH\nshift\nPATH=/usr/sbin:/usr/bin:/sbin:/bin\nset -e\n{before}\nset +e\ncd /\n\
         PATH=$path \"$@\"\ncode=$?\n{after}\nexit $code"
    );
    let mut command = Command::new("unshare");
    command.args(["--mount", "--", "sh", "-c", &script, "-"]).arg(place);
    command.arg(assert_cmd::cargo::cargo_bin!("bwsync")).args(words);
    house.flags(&mut command);
    command
}

/// A small file system in the place of a folder, with everything that lay there.
const SMALL: &str = r#"
kept=$(mktemp -d)
cp -a "$place/." "$kept"
mount -t tmpfs -o size=64k,mode=755 tmpfs "$place"
cp -a "$kept/." "$place"
rm -r "$kept"
"#;

/// Nothing is written, and this is said.
fn refused(house: &House, before: &str, cause: &str) {
    let old = house.env_bytes();
    let (folder, seen) = (house.dir.join("bwdata/env"), tempfile::tempdir().unwrap());
    let kept = seen.path().join("env");
    // What stands there is seen from inside: outside nothing was ever mounted.
    let after = format!("cp \"$place/global.override.env\" '{}'", kept.display());
    let dir = house.dir.to_string_lossy().into_owned();
    let words = [APPLY, &["--dir", &dir]].concat();
    let mut command = within(house, &folder, &words, (&format!("{SMALL}{before}"), &after));
    let json = house.ran(&mut command).ends(3).json("apply");
    assert_eq!(json["conclusion"]["cause"], cause, "{json:#}");
    assert_eq!(fs::read(&kept).unwrap(), old, "what stands there after it");
}

#[test]
fn on_a_full_disk_nothing_is_written_and_that_is_said() {
    let Some(house) = house() else { return };
    refused(&house, r#"cat /dev/zero > "$place/filler" 2>/dev/null || true"#, "restart.disk_full");
    // With room again it goes on.
    house.runs(APPLY).ends(0);
}

#[test]
fn in_a_read_only_file_system_nothing_is_written_and_that_is_said() {
    let Some(house) = house() else { return };
    refused(&house, r#"mount -o remount,ro "$place""#, "install.not_writable");
}

#[test]
fn two_installations_are_said_with_their_places() {
    let Some(house) = house() else { return };
    // A second one in the home folder, and /home/bitwarden where only this command sees it.
    let home = House::new();
    let place = house.dir.parent().unwrap();
    let mount = (r#"mount --bind "$place" /home"#, "");
    let mut command = within(&house, place, &["check", "--json"], mount);
    let ran = Ran::from(command.env("HOME", &home.dir).output().unwrap()).ends(2);
    let check = ran.json("check");
    assert_eq!(check["conclusion"]["cause"], "install.ambiguous");
    let text = check.to_string();
    assert!(text.contains("/home/bitwarden") && text.contains(home.dir.to_str().unwrap()), "{text}");
}
