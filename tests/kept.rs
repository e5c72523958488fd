//! One restart at a time, to its very end: whoever began it may be killed, hung up on or ended, its keeper too; the
//! restart goes on, nobody begins a second one beside it, and `resume` tells how it ended. The moment is made by a
//! script that stops until it is told to go on.
//!
//! `cargo test --test kept -- --ignored` races two commands a thousand times instead of twelve.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support {
    pub mod bed;
    pub mod held;
    pub mod pty;
}

use std::{fs, os::unix::fs::PermissionsExt, thread, time::Duration};

use rustix::process::{Signal, kill_process};
use serde_json::Value;
use support::bed::{Bed, ENDS, as_the_owner, ends, said};

/// Id and key of the simulated installation stand in its env file; this is what the script shows of it.
const SHOWN: &str = "globalSettings__installation__key";

#[test]
fn however_its_run_is_ended_a_restart_goes_on_alone_and_its_end_is_known() {
    for (signal, code) in ENDS {
        let bed = Bed::new("happy-us");
        let held = bed.held_after(":");
        let child = bed.begin(&["apply", "--yes"]);
        held.begun();
        // While it is carried out, resume has nothing to follow.
        assert_eq!(bed.run(&["resume"]).0, Some(9));
        ends(child, signal, code);
        bed.is_locked();
        let json = bed.is_followed(&held);
        assert_eq!(json["restart"]["exit"], 0, "{json}");
        assert_eq!(bed.run(&["resume"]).0, Some(0), "nothing is left");
    }
}

#[test]
fn without_its_keeper_a_restart_goes_on_and_nothing_secret_lies_on_the_disk() {
    let bed = Bed::new("happy-us");
    let look = "cat \"$here/bwdata/env/global.override.env\"\nenv >\"$here/seen\"\n\
                (: </dev/tty) 2>/dev/null && echo terminal >>\"$here/seen\"\nls -l /proc/$$/fd >\"$here/open\"";
    let held = bed.held_after(look);
    let env = fs::read_to_string(bed.running.env_file()).unwrap();
    let secret = env.lines().find_map(|line| line.strip_prefix(SHOWN)?.strip_prefix('=')).unwrap().to_owned();
    let mut child = bed.begin(&["apply", "--yes"]);
    held.begun();
    let keeper = bed.keeper();
    child.kill().unwrap();
    child.wait().unwrap();
    kill_process(keeper, Signal::KILL).unwrap();
    bed.is_locked();
    let json = bed.is_followed(&held);
    assert_eq!(json["restart"]["exit"], Value::Null, "nobody saw it: {json}");
    for path in bed.restarts() {
        let text = fs::read_to_string(&path).unwrap();
        assert!(!text.contains(&secret), "{} holds a secret", path.display());
    }
    let seen = fs::read_to_string(bed.running.dir.join("seen")).unwrap();
    assert!(seen.contains("TERM=dumb") && seen.contains("PATH="), "{seen}");
    assert!(!seen.contains("BW") && !seen.contains("terminal"), "{seen}");
    // The shell has the script itself open, and what it saves of its streams; nothing of ours.
    let open = fs::read_to_string(bed.running.dir.join("open")).unwrap();
    let ours = ["/restart/", "/journal/", "bwdata/env", "socket:"];
    assert!(!ours.iter().any(|part| open.contains(part)), "{open}");
}

/// Two commands at once, one of them killed at a random moment: the script tells if it ever runs twice.
fn races(count: u32) {
    let bed = Bed::new("happy-us");
    let (dir, script) = (&bed.running.dir, bed.running.dir.join("bitwarden.sh"));
    fs::rename(&script, dir.join("real.sh")).unwrap();
    let alone = "#!/bin/sh\nhere=$(CDPATH='' cd -- \"$(dirname -- \"$0\")\" && pwd)\n\
                 mkdir \"$here/busy\" || echo twice >>\"$here/twice\"\n\"$here/real.sh\" \"$@\"\ncode=$?\n\
                 rmdir \"$here/busy\"\nexit $code\n";
    fs::write(&script, alone).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    let commands: [&[&str]; 4] =
        [&["apply", "--yes"], &["undo", "--yes", "--restart"], &["resume"], &["apply", "--yes", "--no-pull"]];
    for race in 0..count {
        // Spread over a whole run, in an order that does not repeat.
        let part = |step: f64| Duration::from_millis(900).mul_f64(f64::from(race) * step % 1.0);
        let pick = |offset: u32| commands[usize::try_from((race / 4 + race * offset) % 4).unwrap()];
        let mut first = bed.begin(pick(1));
        thread::sleep(part(0.618_033_988_749_895));
        let second = bed.begin(pick(2));
        thread::sleep(part(0.414_213_562_373_095));
        if race % 3 != 0 {
            first.kill().unwrap();
        }
        first.wait_with_output().unwrap();
        let (code, json) = said(&second.wait_with_output().unwrap());
        assert!(matches!(code, Some(0 | 3 | 5 | 9)), "{race}: {json}");
        let (code, json) = bed.run(&["resume"]);
        assert_eq!(code, Some(0), "{race}: {json}");
        assert!(!dir.join("twice").exists(), "{race}: two restarts at once");
        assert!(!dir.join("busy").exists(), "{race}: a restart still runs after resume");
    }
}

#[test]
fn two_commands_never_restart_at_once() {
    races(12);
}

#[test]
#[ignore = "a quarter of an hour"]
fn two_commands_never_restart_at_once_a_thousand_times() {
    races(1_000);
}

#[test]
fn all_of_it_holds_as_the_owner_too() {
    as_the_owner(&["--skip", "as_the_owner"]);
}
