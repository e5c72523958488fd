//! An installation to try things on.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};

use bwsync::tested::{
    domain::installation::Installation,
    system::{
        Rights, User,
        installation::{self, Read as Found},
        keeper::{self, End, Order, Told, Waiting},
        process::{Call, Runner},
        redact::Redactor,
        restart::{self, RestartJob},
        state::State,
    },
};

use super::needs::{self, Need};

/// A copy of the sample installation with a license, a certificate and a script.
pub struct Fixture {
    base: tempfile::TempDir,
    pub user: User,
}

impl Fixture {
    pub fn new() -> Self {
        let base = tempfile::tempdir().unwrap();
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/samples/standard-us/bwdata");
        copy(&sample, &base.path().join("bwdata"));
        let fixture = Self { base, user: User::current() };
        fixture.script("exit 0");
        fixture.put("bwdata/scripts/run.sh", "#!/bin/bash\n", 0o700);
        fixture
    }

    pub fn path(&self, name: &str) -> PathBuf {
        fs::canonicalize(self.base.path()).unwrap().join(name)
    }

    pub fn put(&self, name: &str, text: &str, mode: u32) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        // Written by another process: a file that this one has open cannot be executed, and a test that forks
        // at that moment keeps it open for a while.
        let mut install = Command::new("install")
            .args(["-m", &format!("{mode:o}"), "/dev/stdin"])
            .arg(path)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        install.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        assert!(install.wait().unwrap().success());
    }

    pub fn script(&self, body: &str) {
        self.put("bitwarden.sh", &format!("#!/bin/sh\n{body}\n"), 0o755);
    }

    /// A stand-in `docker`; its `PATH` holds it and the system's programs.
    pub fn docker(&self, body: &str) -> Runner {
        self.put(
            "bin/docker",
            &format!("#!/bin/sh\necho \"$*\" >>\"${{0%/bin/docker}}/calls\"\n{body}\n"),
            0o755,
        );
        self.runner().with_path(format!("{}:/usr/bin:/bin", self.path("bin").display()))
    }

    pub fn runner(&self) -> Runner {
        Runner::new(Rights::Own, Redactor::default(), Arc::new(|_| {}))
    }

    /// A keeper for the script, as the engine begins one; the program itself keeps it.
    pub fn keeper(&self, name: &str, answer_root_prompt: bool, runner: &Runner) -> Waiting {
        let job = RestartJob {
            dir: &self.path(""),
            answer_root_prompt,
            keeper: Some(Path::new(env!("CARGO_BIN_EXE_bwsync"))),
            lock: None,
            files: self.state().keeper_files(name).unwrap(),
        };
        restart::prepare(job, runner).unwrap()
    }

    /// A keeper for these calls.
    pub fn keeper_of(&self, name: &str, calls: Vec<Call>, runner: &Runner) -> Waiting {
        let program = Some(Path::new(env!("CARGO_BIN_EXE_bwsync")));
        let files = self.state().keeper_files(name).unwrap();
        keeper::prepare(Order { program, calls, input: None, lock: None, files }, runner).unwrap()
    }

    /// Lets it begin and follows it to its end.
    pub async fn restarted(&self, keeper: Waiting, runner: &Runner) -> (End, Vec<String>) {
        let mut lines = Vec::new();
        let mut tell = |told| match told {
            Told::Line(line) => lines.push(line),
            Told::Stopped(pid) => panic!("{pid} was stopped"),
        };
        let following = keeper.go().await.unwrap();
        let end = following.to_the_end(runner, Duration::from_secs(60), &mut tell).await;
        (end, lines)
    }

    pub fn read(&self) -> Found {
        installation::read(&self.path(""), &self.user).unwrap()
    }

    pub fn installation(&self) -> Installation {
        self.read().installation
    }

    pub fn state(&self) -> State {
        State::of(&self.installation(), None, &self.user)
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

pub fn skipped_without_root() -> bool {
    !needs::met(&[Need::Root])
}
