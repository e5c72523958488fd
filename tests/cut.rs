//! Cut off at every step: whatever takes containers down or up, and however its run is ended in the middle, it goes on
//! alone, nothing is begun beside it, and `resume` follows it to its end, or completes what nobody did. Each moment is
//! made by a script or a `docker` that stops until it is told to go on.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on fails, and says where it skips"
)]

mod support {
    pub mod bed;
    pub mod held;
    pub mod pty;
}

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    process::Child,
};

use rustix::process::{Signal, kill_process};
use serde_json::Value;
use support::bed::{Bed, ENDS, as_the_owner, ends};

const SWITCH: &str = "globalSettings__enableCloudCommunication";

/// Waits until this stands in what it says.
fn says(child: &mut Child, text: &str) {
    let mut lines = BufReader::new(child.stderr.as_mut().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains(text)), "it never said {text}");
}

/// Journal after journal, since the run that was cut off: how each ended.
fn is_over(bed: &Bed) {
    let text = fs::read_to_string(bed.journal()).unwrap();
    assert!(text.contains(r#""mark":"end","result":"SUCCESS""#), "{text}");
    bed.does(&["resume"]);
}

#[test]
fn undo_and_disable_go_on_alone_and_their_end_is_known() {
    for words in [&["undo", "--yes", "--restart"][..], &["disable", "--yes"]] {
        for (signal, code) in ENDS {
            let bed = Bed::new("happy-us");
            bed.does(&["apply", "--yes", "--no-restart"]);
            let written = bed.env_bytes();
            let held = bed.held_after(":");
            let child = bed.begin(words);
            held.begun();
            ends(child, signal, code);
            assert_ne!(bed.env_bytes(), written, "{words:?}");
            bed.is_locked();
            let json = bed.is_followed(&held);
            assert_eq!(json["restart"]["exit"], 0, "{json}");
            is_over(&bed);
            assert_eq!(bed.restarts().len(), 1);
        }
    }
}

#[test]
fn who_follows_may_be_ended_too() {
    let bed = Bed::new("happy-us");
    let held = bed.held_after(":");
    let child = bed.begin(&["apply", "--yes"]);
    held.begun();
    ends(child, Signal::KILL, None);
    for (signal, _) in ENDS {
        let mut follower = bed.begin(&["resume", "-v"]);
        says(&mut follower, "Held in the middle");
        kill_process(rustix::process::Pid::from_child(&follower), signal).unwrap();
        follower.wait().unwrap();
        bed.is_locked();
    }
    let json = bed.is_followed(&held);
    assert_eq!(json["restart"]["exit"], 0, "{json}");
    is_over(&bed);
    assert_eq!(bed.restarts().len(), 1);
}

#[test]
fn a_start_without_a_pull_goes_on_alone_and_its_end_is_known() {
    for (signal, code) in ENDS {
        let bed = Bed::new("pull-fails");
        let held = bed.held_in_docker("*' up -d'", ":");
        let child = bed.begin(&["apply", "--yes", "--no-pull"]);
        held.begun();
        ends(child, signal, code);
        bed.is_locked();
        let json = bed.is_followed(&held);
        assert_eq!(
            (&json["restart"]["exit"], &json["proved"]),
            (&Value::from(0), &Value::from(true)),
            "{json}"
        );
        is_over(&bed);
        assert_eq!(bed.restarts().len(), 1);
        assert_eq!(bed.calls().matches(" up -d").count(), 1);
    }
}

#[test]
fn a_start_whose_keeper_is_killed_too_is_done_to_its_end_by_resume() {
    let bed = Bed::new("pull-fails");
    let held = bed.held_in_docker("*' up -d'", ":");
    let mut child = bed.begin(&["apply", "--yes", "--no-pull"]);
    held.begun();
    let keeper = bed.keeper();
    child.kill().unwrap();
    child.wait().unwrap();
    kill_process(keeper, Signal::KILL).unwrap();
    bed.is_locked();
    let follower = bed.begin(&["resume"]);
    held.holds_no_more();
    held.goes_on();
    assert_eq!(held.ended(), 0, "it was cut off");
    let (code, json) = support::bed::said(&follower.wait_with_output().unwrap());
    assert_eq!((code, &json["restart"]["up"]), (Some(0), &Value::from(true)), "{json}");
    // The keeper was to restart nginx after it: nobody else did.
    let calls = bed.calls();
    let after = calls.rsplit_once(" up -d").unwrap().1;
    assert!(after.contains(" restart nginx"), "{calls}");
    is_over(&bed);
}

#[test]
fn the_way_back_goes_on_alone_and_its_end_is_known() {
    for (signal, code) in ENDS {
        let bed = Bed::new("stopped-by-setting");
        let old = bed.env_bytes();
        let held = bed.held_in_docker("*' up -d'", ":");
        let child = bed.begin(&["apply", "--yes"]);
        held.begun();
        assert_eq!(bed.env_bytes(), old, "the file goes back first");
        ends(child, signal, code);
        bed.is_locked();
        // What was asked for failed, and the server answers with the old file.
        bed.is_followed_to(&held, 5);
        is_over(&bed);
        assert_eq!((bed.env_bytes(), bed.restarts().len()), (old, 2), "the script, then the way back");
    }
}

#[test]
fn a_way_back_that_was_cut_between_file_and_start_is_completed() {
    for (signal, code) in ENDS {
        let bed = Bed::new("stopped-by-setting");
        let (old, kept) = (bed.env_bytes(), bed.running.dir.join("old.env"));
        fs::copy(bed.running.env_file(), &kept).unwrap();
        let owner = fs::metadata(bed.running.env_file()).unwrap();
        use std::os::unix::fs::MetadataExt;
        std::os::unix::fs::chown(&kept, Some(owner.uid()), Some(owner.gid())).unwrap();
        // The script has run, and the old file is back: it looks for Compose to start the server with it.
        let back = format!(
            "grep -q ^setup '{}/.simulator/calls' && cmp -s '{}' '{}'",
            bed.running.dir.display(),
            kept.display(),
            bed.running.env_file().display()
        );
        let held = bed.held_in_docker("'compose version'*", &back);
        let child = bed.begin(&["apply", "--yes"]);
        held.begun();
        assert_eq!((bed.env_bytes(), bed.restarts().len()), (old.clone(), 1));
        ends(child, signal, code);
        held.holds_no_more();
        if signal == Signal::KILL {
            // Nobody told it to end.
            held.goes_on();
            held.ended();
        }
        let (code, json) = bed.run(&["resume"]);
        assert_eq!((code, &json["restart"]["up"]), (Some(5), &Value::Bool(true)), "{json}");
        assert!(bed.running.server.running().is_some(), "the server was left down");
        is_over(&bed);
        assert_eq!((bed.env_bytes(), bed.restarts().len()), (old, 2));
    }
}

#[test]
fn what_cannot_be_noted_is_not_begun_and_what_was_begun_is_followed_all_the_same() {
    // No journal at all.
    let bed = Bed::new("happy-us");
    bed.does(&["apply", "--yes", "--no-restart"]);
    bed.does(&["undo", "--yes"]);
    let old = bed.env_bytes();
    let Some(sealed) = Sealed::new(bed.journal().parent().unwrap().to_owned()) else { return };
    for words in [&["apply", "--yes"][..], &["apply", "--yes", "--no-restart"]] {
        let (code, json) = bed.run(words);
        assert_eq!((code, json["ok"].as_bool()), (Some(3), Some(false)), "{json}");
        assert_eq!(
            (bed.env_bytes(), bed.restarts().len(), &json["changed"]),
            (old.clone(), 0, &Value::Array(vec![]))
        );
    }
    drop(sealed);
    if !rustix::process::getuid().is_root() {
        return;
    }
    // It cannot be written any more when the restart is about to begin: the new file stands, and this is said.
    let bed = Bed::new("helper-in-the-way");
    let held = bed.held_in_docker("*' config'*", ":");
    let child = bed.begin(&["apply", "--yes"]);
    held.begun();
    let sealed = Sealed::new(bed.journal()).unwrap();
    held.goes_on();
    held.ended();
    let (code, json) = support::bed::said(&child.wait_with_output().unwrap());
    assert_eq!((code, bed.restarts().len()), (Some(5), 0), "{json}");
    assert_eq!(
        (&json["restart"]["ran"], &json["changed"]),
        (&Value::from(false), &serde_json::json!(["settings"])),
        "{json}"
    );
    drop(sealed);
    // It fails later: the script is followed to its end, and the answer awaited.
    let bed = Bed::new("happy-us");
    let held = bed.held_after(":");
    let child = bed.begin(&["apply", "--yes"]);
    held.begun();
    let _sealed = Sealed::new(bed.journal()).unwrap();
    held.goes_on();
    assert_eq!(held.ended(), 0);
    let (code, json) = support::bed::said(&child.wait_with_output().unwrap());
    assert_eq!(
        (code, &json["restart"]["up"], &json["proved"]),
        (Some(0), &Value::from(true), &Value::from(true)),
        "{json}"
    );
    let told = json["conclusions"].to_string();
    assert!(told.contains("install.not_writable") && told.contains("warning"), "{told}");
}

/// Something that nobody can write, root neither; the owner cannot make new files in it.
struct Sealed(std::path::PathBuf);

impl Sealed {
    /// None where the file system knows no such thing.
    fn new(path: std::path::PathBuf) -> Option<Self> {
        if !seal(&path, "+i", "a-w") {
            println!("skipped: this file system seals nothing against root");
            return None;
        }
        Some(Self(path))
    }
}

impl Drop for Sealed {
    fn drop(&mut self) {
        seal(&self.0, "-i", "u+w");
    }
}

fn seal(path: &std::path::Path, root: &str, owner: &str) -> bool {
    let (program, how) =
        if rustix::process::getuid().is_root() { ("chattr", root) } else { ("chmod", owner) };
    std::process::Command::new(program).arg(how).arg(path).status().is_ok_and(|status| status.success())
}

#[test]
fn what_was_stopped_is_said_and_goes_on_when_it_is_told_to() {
    let bed = Bed::new("happy-us");
    let held = bed.held_after(":");
    let mut child = bed.begin(&["apply", "--yes"]);
    held.begun();
    let text = fs::read_to_string(bed.restarts()[0].with_extension("record")).unwrap();
    let began = text.lines().rfind(|line| line.contains(r#""mark":"began""#)).unwrap();
    let began: Value = serde_json::from_str(began).unwrap();
    let group =
        rustix::process::Pid::from_raw(i32::try_from(began["pid"].as_i64().unwrap()).unwrap()).unwrap();
    rustix::process::kill_process_group(group, Signal::STOP).unwrap();
    says(&mut child, &format!("kill -CONT -{}", group.as_raw_nonzero()));
    rustix::process::kill_process_group(group, Signal::CONT).unwrap();
    held.goes_on();
    assert_eq!(held.ended(), 0);
    let mut out = String::new();
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{out}");
    assert!(String::from_utf8_lossy(&bed.env_bytes()).contains(&format!("{SWITCH}=true")));
}

#[test]
fn all_of_it_holds_as_the_owner_too() {
    as_the_owner(&["--skip", "as_the_owner"]);
}

/// Where a part of the state cannot be kept, nothing that depends on it is done: no write without backup and journal,
/// no restart without a place for its output.
#[test]
fn what_cannot_be_kept_is_not_done() {
    for (part, code, changed) in
        [("backups", 3, vec![]), ("journal", 3, vec![]), ("restart", 5, vec!["settings"])]
    {
        let bed = Bed::new("happy-us");
        let old = bed.env_bytes();
        let environment = bed.running.environment();
        let state =
            environment.iter().find_map(|(name, value)| (*name == "BWSYNC_STATE_DIR").then_some(value));
        let state = std::path::PathBuf::from(state.unwrap());
        fs::create_dir_all(&state).unwrap();
        fs::write(state.join(part), "in the way").unwrap();
        let (ended, json) = bed.run(&["apply", "--yes"]);
        assert_eq!((ended, &json["changed"]), (Some(code), &serde_json::json!(changed)), "{part}: {json}");
        assert_eq!(json["conclusion"]["cause"], "install.not_writable", "{part}: {json}");
        let written = bed.env_bytes() != old;
        assert_eq!((written, bed.restarts().len()), (!changed.is_empty(), 0), "{part}: {json}");
    }
}
