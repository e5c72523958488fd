//! One restart at a time, to its very end: whoever began it may be killed, hung up on or ended, its keeper too; the
//! restart goes on, nobody begins a second one beside it, and `resume` tells how it ended. The moment is made by a
//! script that stops until it is told to go on.
//!
//! `cargo test --test kept -- --ignored` races two commands a thousand times instead of twelve.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support {
    pub mod held;
    pub mod pty;
}

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    thread,
    time::Duration,
};

use bwsync::simulator::{self, Running};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use support::held::Held;

/// Id and key of the simulated installation stand in its env file; this is what the script shows of it.
const SHOWN: &str = "globalSettings__installation__key";

struct Bed {
    running: Running,
}

impl Bed {
    fn new() -> Self {
        let running = simulator::start("happy-us").unwrap();
        running.clouds.set(|settings| settings.limited = false);
        Self { running }
    }

    /// Before the script stops in the middle it does this.
    fn held_after(&self, does: &str) -> Held {
        let held = Held::before(&self.running.dir);
        let path = self.running.dir.join("bitwarden.sh");
        let script = fs::read_to_string(&path).unwrap();
        fs::write(&path, script.replace("echo \"Held", &format!("{does}\necho \"Held"))).unwrap();
        held
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bwsync"));
        command.args(words).arg("--json").envs(self.running.environment()).stdin(Stdio::null());
        command.env("BW_CLIENTSECRET", "aSecretOfTheCallers0123456789a");
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn begin(&self, words: &[&str]) -> Child {
        self.command(words).spawn().unwrap()
    }

    fn run(&self, words: &[&str]) -> (Option<i32>, Value) {
        said(&self.command(words).output().unwrap())
    }

    /// Outputs of restarts so far: one for each that was begun.
    fn restarts(&self) -> Vec<PathBuf> {
        let listed = fs::read_dir(self.running.state_dir.join("restart")).unwrap();
        let mut paths: Vec<_> = listed.map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| path.extension().is_some_and(|ending| ending == "log"));
        paths
    }

    /// The keeper that the newest journal names.
    fn keeper(&self) -> Pid {
        let listed = fs::read_dir(self.running.state_dir.join("journal")).unwrap();
        let newest = listed.map(|entry| entry.unwrap().path()).max().unwrap();
        let text = fs::read_to_string(newest).unwrap();
        let line = text.lines().find(|line| line.contains(r#""mark":"running""#)).unwrap();
        let line: Value = serde_json::from_str(line).unwrap();
        Pid::from_raw(i32::try_from(line["pid"].as_i64().unwrap()).unwrap()).unwrap()
    }

    /// Nobody may begin anything now, and each is told what follows it.
    fn is_locked(&self) {
        for words in
            [&["apply", "--yes"][..], &["apply", "--yes", "--no-pull"], &["undo", "--yes", "--restart"]]
        {
            let (code, json) = self.run(words);
            assert_eq!(code, Some(9), "{words:?}: {json}");
            let message = json["error"]["message"].as_str().unwrap();
            assert!(message.contains("bwsync resume --dir /"), "{words:?}: {message}");
        }
        assert_eq!(self.restarts().len(), 1, "a second restart was begun");
    }

    /// Another terminal follows it from the middle to its end.
    fn is_followed(&self, held: &Held) -> Value {
        let follower = self.begin(&["resume"]);
        held.goes_on();
        assert_eq!(held.ended(), 0, "the script was cut off");
        let (code, json) = said(&follower.wait_with_output().unwrap());
        assert_eq!(code, Some(0), "{json}");
        assert_eq!(json["restart"]["up"], true, "{json}");
        assert_eq!(self.restarts().len(), 1);
        json
    }
}

fn said(output: &Output) -> (Option<i32>, Value) {
    let object = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code(), object)
}

/// A child inherits that HUP and INT are ignored (`nohup`, a job in the background), but never a handler.
fn signals_as_on_a_terminal() -> tokio::runtime::Runtime {
    use tokio::signal::unix::{SignalKind, signal};
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(async {
        for kind in [SignalKind::hangup(), SignalKind::interrupt()] {
            std::mem::forget(signal(kind).unwrap());
        }
    });
    runtime
}

#[test]
fn however_its_run_is_ended_a_restart_goes_on_alone_and_its_end_is_known() {
    let _handlers = signals_as_on_a_terminal();
    let signals =
        [(Signal::KILL, None), (Signal::HUP, Some(129)), (Signal::INT, Some(130)), (Signal::TERM, Some(143))];
    for (signal, code) in signals {
        let bed = Bed::new();
        let held = bed.held_after(":");
        let child = bed.begin(&["apply", "--yes"]);
        held.begun();
        // While it is carried out, resume has nothing to follow.
        assert_eq!(bed.run(&["resume"]).0, Some(9));
        kill_process(Pid::from_child(&child), signal).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), code, "{signal:?}");
        if code.is_some() {
            let message = said(&output).1["error"]["message"].as_str().unwrap().to_owned();
            assert!(message.contains("bwsync resume"), "{message}");
        }
        bed.is_locked();
        let json = bed.is_followed(&held);
        assert_eq!(json["restart"]["exit"], 0, "{json}");
        assert_eq!(bed.run(&["resume"]).0, Some(0), "nothing is left");
    }
}

#[test]
fn without_its_keeper_a_restart_goes_on_and_nothing_secret_lies_on_the_disk() {
    let bed = Bed::new();
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
    let bed = Bed::new();
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
