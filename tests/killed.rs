//! Killed (SIGKILL) at every step and at random moments: the env file is the old one or the new one, nothing else
//! stays beside it, the lock is free again, `resume` says where it stands and `undo` brings the old file back.
//!
//! `BWSYNC_KILLS=200 cargo test --test killed -- --nocapture` kills two hundred times instead of twenty-five.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    env, fs,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    thread,
    time::Instant,
};

use bwsync::tested::simulator::{self, Running};
use serde_json::Value;

struct Bed {
    running: Running,
    old: Vec<u8>,
    new: Vec<u8>,
}

impl Bed {
    fn new() -> Self {
        let running = simulator::start("happy-eu").unwrap();
        // Killing asks more often than a person does.
        running.clouds.set(|settings| settings.limited = false);
        let mut bed = Self { running, old: Vec::new(), new: Vec::new() };
        bed.old = fs::read(bed.env_file()).unwrap();
        assert!(bed.run(&["apply", "--yes", "--no-restart"]).status.success());
        bed.new = fs::read(bed.env_file()).unwrap();
        assert_ne!(bed.old, bed.new);
        bed.back();
        bed
    }

    fn env_file(&self) -> PathBuf {
        self.running.dir.join("bwdata/env/global.override.env")
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bwsync"));
        command.args(words).envs(self.running.environment()).stdin(Stdio::null());
        command
    }

    fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    fn json(&self, words: &[&str]) -> (Option<i32>, Value) {
        let output = self.run(&[words, &["--json"]].concat());
        let json = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
            panic!("{words:?}: {error}: {}", String::from_utf8_lossy(&output.stderr))
        });
        (output.status.code(), json)
    }

    /// Undone: the file is the old one, byte for byte.
    fn back(&self) {
        let (code, json) = self.json(&["undo", "--yes"]);
        assert_eq!(code, Some(0), "{json}");
        assert_eq!(fs::read(self.env_file()).unwrap(), self.old, "undo after a kill: {json}");
    }

    /// What must hold after a kill; true where the new file stands.
    fn stands(&self) -> bool {
        let now = fs::read(self.env_file()).unwrap();
        assert!(now == self.old || now == self.new, "half a file: {} bytes", now.len());
        let (code, json) = self.json(&["resume"]);
        assert!(matches!(code, Some(0)), "resume: {json}");
        let again = self.json(&["resume"]);
        assert_eq!(again.0, Some(0), "a second resume: {}", again.1);
        let written = now == self.new;
        self.back();
        // A run that goes through removes what a killed one left, and leaves nothing itself.
        assert!(self.run(&["apply", "--yes", "--no-restart"]).status.success());
        self.back();
        let folder = self.env_file().parent().unwrap().to_owned();
        let mut beside: Vec<_> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        beside.sort();
        assert_eq!(beside, ["global.override.env", "mssql.override.env", "uid.env"]);
        written
    }
}

fn kill(mut child: Child) {
    // It may have ended by itself a moment before.
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn killed_at_random_moments_the_file_is_old_or_new() {
    let bed = Bed::new();
    let began = Instant::now();
    assert!(bed.run(&["apply", "--yes", "--no-restart"]).status.success());
    let whole = began.elapsed();
    bed.back();
    let kills = env::var("BWSYNC_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(25);
    let mut new = 0;
    for kill_number in 0..kills {
        let child = bed
            .command(&["apply", "--yes", "--no-restart"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Spread over the whole run, a little beyond its end, in an order that does not repeat.
        let part = f64::from(kill_number) * 0.618_033_988_749_895 % 1.0;
        thread::sleep(whole.mul_f64(part * 1.1));
        kill(child);
        new += i32::from(bed.stands());
    }
    println!("{kills} kills: {new} times the new file stood, {} times the old one", kills - new);
}

#[test]
fn killed_at_each_step_of_a_restart_the_script_goes_on_and_is_picked_up() {
    let bed = Bed::new();
    for at in 1.. {
        let mut child =
            bed.command(&["apply", "--yes"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let reached = lines.map_while(Result::ok).take(at).count();
        kill(child);
        if reached < at {
            println!("{} steps", at - 1);
            bed.back();
            break;
        }
        let (code, json) = bed.json(&["resume"]);
        assert_eq!(code, Some(0), "{json}");
        let up = json["restart"]["up"].as_bool();
        let restarting = json["restart"]["ran"].as_bool() == Some(true);
        assert!(!restarting || up == Some(true), "{json}");
        bed.back();
    }
    // The server runs after all that.
    let (code, json) = bed.json(&["check", "--only", "machine.server"]);
    assert_eq!(code, Some(0), "{json}");
}
