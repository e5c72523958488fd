//! An installation whose restart can be held in the middle, and bwsync on it as a shell runs it.
#![allow(dead_code, clippy::unwrap_used, clippy::print_stdout)]

use std::{
    fs,
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
};

use bwsync::tested::simulator::{self, Running};
use rustix::process::{Pid, Signal};
use serde_json::Value;

use super::{held::Held, pty::signals};

/// What ends a program, and the exit code of bwsync then; none where it ends at once.
pub const ENDS: [(Signal, Option<i32>); 4] =
    [(Signal::KILL, None), (Signal::HUP, Some(129)), (Signal::INT, Some(130)), (Signal::TERM, Some(143))];

pub struct Bed {
    pub running: Running,
}

impl Bed {
    pub fn new(scenario: &str) -> Self {
        signals::as_on_a_terminal();
        let running = simulator::start(scenario).unwrap();
        running.clouds.set(|settings| settings.limited = false);
        Self { running }
    }

    /// Before the script stops in the middle it does this.
    pub fn held_after(&self, does: &str) -> Held {
        let held = Held::before(&self.running.dir);
        let path = self.running.dir.join("bitwarden.sh");
        let script = fs::read_to_string(&path).unwrap();
        fs::write(&path, script.replace("echo \"Held", &format!("{does}\necho \"Held"))).unwrap();
        held
    }

    /// Docker stops before it does what these words (a pattern of the shell) and this condition name.
    pub fn held_in_docker(&self, words: &str, and: &str) -> Held {
        let environment = self.running.environment();
        let path = environment.iter().find_map(|(name, value)| (*name == "PATH").then_some(value)).unwrap();
        let docker = std::env::split_paths(path).next().unwrap().join("docker");
        Held::before_docker(&docker, &self.running.dir, words, and)
    }

    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bwsync"));
        command.args(words).args(["--json", "--accept-risk", "root-installation"]);
        command.envs(self.running.environment()).stdin(Stdio::null());
        command.env("BW_CLIENTSECRET", "aSecretOfTheCallers0123456789a");
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn begin(&self, words: &[&str]) -> Child {
        self.command(words).spawn().unwrap()
    }

    pub fn run(&self, words: &[&str]) -> (Option<i32>, Value) {
        said(&self.command(words).output().unwrap())
    }

    /// The same, and it ends well.
    pub fn does(&self, words: &[&str]) -> Value {
        let (code, json) = self.run(words);
        assert_eq!(code, Some(0), "{words:?}: {json}");
        json
    }

    pub fn env_bytes(&self) -> Vec<u8> {
        fs::read(self.running.env_file()).unwrap()
    }

    /// Outputs of keepers so far: one for each that was begun.
    pub fn restarts(&self) -> Vec<PathBuf> {
        let Ok(listed) = fs::read_dir(self.running.state_dir.join("restart")) else { return Vec::new() };
        let mut paths: Vec<_> = listed.map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| path.extension().is_some_and(|ending| ending == "log"));
        paths
    }

    /// The newest journal.
    pub fn journal(&self) -> PathBuf {
        let listed = fs::read_dir(self.running.state_dir.join("journal")).unwrap();
        let order = |path: &PathBuf| -> Option<u64> {
            let text = fs::read_to_string(path).ok()?;
            serde_json::from_str::<Value>(text.lines().next()?).ok()?["order"].as_u64()
        };
        listed.map(|entry| entry.unwrap().path()).max_by_key(order).unwrap()
    }

    /// The keeper that it names last.
    pub fn keeper(&self) -> Pid {
        let text = fs::read_to_string(self.journal()).unwrap();
        let line = text.lines().rfind(|line| line.contains(r#""mark":"running""#)).unwrap();
        let line: Value = serde_json::from_str(line).unwrap();
        Pid::from_raw(i32::try_from(line["pid"].as_i64().unwrap()).unwrap()).unwrap()
    }

    /// What script and `docker` were asked to do, in order.
    pub fn calls(&self) -> String {
        fs::read_to_string(self.running.dir.join(".simulator/calls")).unwrap()
    }

    /// Nobody may begin anything now, and each is told what follows it.
    pub fn is_locked(&self) {
        let before = self.restarts().len();
        for words in
            [&["apply", "--yes"][..], &["apply", "--yes", "--no-pull"], &["undo", "--yes", "--restart"]]
        {
            let (code, json) = self.run(words);
            // What was put back already cannot be taken back.
            if words[0] == "undo" && json["changes"] == Value::Array(Vec::new()) {
                continue;
            }
            assert_eq!(code, Some(9), "{words:?}: {json}");
            let message = json["error"]["message"].as_str().unwrap();
            assert!(message.contains("bwsync resume --dir /"), "{words:?}: {message}");
        }
        assert_eq!(self.restarts().len(), before, "a second restart was begun");
    }

    /// Another terminal follows it from the middle to its end, which is good.
    pub fn is_followed(&self, held: &Held) -> Value {
        self.is_followed_to(held, 0)
    }

    /// The same, where it ends with this exit code.
    pub fn is_followed_to(&self, held: &Held, exit: i32) -> Value {
        let before = self.restarts().len();
        let follower = self.begin(&["resume"]);
        held.goes_on();
        assert_eq!(held.ended(), 0, "it was cut off");
        let (code, json) = said(&follower.wait_with_output().unwrap());
        assert_eq!(code, Some(exit), "{json}");
        assert_eq!(json["restart"]["up"], true, "{json}");
        assert_eq!(self.restarts().len(), before, "a second restart was begun");
        json
    }
}

/// Ends it so and looks at what it says then.
pub fn ends(child: Child, signal: Signal, code: Option<i32>) {
    rustix::process::kill_process(Pid::from_child(&child), signal).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), code, "{signal:?}: {}", String::from_utf8_lossy(&output.stderr));
    if code.is_some() {
        let message = said(&output).1["error"]["message"].as_str().unwrap().to_owned();
        assert!(message.contains("bwsync resume"), "{message}");
    }
}

pub fn said(output: &Output) -> (Option<i32>, Value) {
    let object = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code(), object)
}

/// Runs the tests of this program that are named so once more as an ordinary user, to whom everything belongs.
pub fn as_the_owner(names: &[&str]) {
    use std::os::unix::{fs::chown, process::CommandExt};
    const USER: u32 = 54_321;
    if !rustix::process::getuid().is_root() {
        return;
    }
    let temporary = tempfile::tempdir().unwrap();
    chown(temporary.path(), Some(USER), Some(USER)).unwrap();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(names).arg("--nocapture").uid(USER).gid(USER);
    command.env("TMPDIR", temporary.path()).env("HOME", temporary.path());
    let output = match command.output() {
        // A checkout below a folder of root's: an ordinary user cannot run what was built there.
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            println!("skipped: nobody but root reaches {}", std::env::current_exe().unwrap().display());
            return;
        }
        output => output.unwrap(),
    };
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    assert!(!text(&output.stdout).contains(" 0 passed"), "{}", text(&output.stdout));
}
