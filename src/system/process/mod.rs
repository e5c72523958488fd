//! Runs other programs: with the owner's rights, a session of their own ([`child`]), a clean environment, no terminal
//! and no input, bounded in time and output, and each one listed. Secrets never stand in arguments or environment.

pub(super) mod child;
mod environment;
mod output;
mod switch;

use std::{
    env,
    ffi::{OsStr, OsString},
    fmt, io,
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    sync::Arc,
    time::Duration,
};

use rustix::process::{Pid, Signal};
use tokio::{process::Child, time::timeout};

use child::Given;
use output::Heard;
use switch::{become_owner, find_in, switch};

use super::{Rights, redact::Redactor, user};

pub(super) use output::Lines;

/// Told each command line before it runs, as it can be copied.
pub type CommandLog = Arc<dyn Fn(String) + Send + Sync>;

/// Runs programs for one installation.
#[derive(Clone)]
pub struct Runner {
    rights: Rights,
    log: CommandLog,
    redactor: Redactor,
    path: Option<OsString>,
}

/// A program with its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Name (looked up in `PATH`) or path.
    pub program: String,
    /// Arguments; never a secret.
    pub args: Vec<String>,
    /// Folder to run it in.
    pub dir: Option<PathBuf>,
    /// More environment; never a secret.
    pub envs: Vec<(String, String)>,
    /// Longest time that it may take.
    pub limit: Duration,
}

/// What a program answered.
#[derive(Clone, PartialEq, Eq)]
pub struct Captured {
    /// Its exit code; 128 + n where signal n ended it.
    pub code: i32,
    /// Its standard output, cut at the limit.
    pub stdout: Vec<u8>,
    /// The last of its lines, cleaned and without secrets.
    pub said: Vec<String>,
    /// Whether standard output was longer than the limit.
    pub cut: bool,
}

impl fmt::Debug for Captured {
    /// Without the output: it may be a container's environment.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Captured").field("code", &self.code).field("said", &self.said).finish_non_exhaustive()
    }
}

/// Why a program gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// There is no such program.
    #[error("no such program")]
    Missing,
    /// It did not end in time and was stopped.
    #[error("it did not end in time")]
    TimedOut,
    /// It could not be run.
    #[error("{0}")]
    System(#[from] io::Error),
}

impl Call {
    /// A call without folder and environment that may take ten seconds.
    pub fn new<S: Into<String>>(program: impl Into<String>, args: impl IntoIterator<Item = S>) -> Self {
        Self {
            program: program.into(),
            args: args.into_iter().map(Into::into).collect(),
            dir: None,
            envs: Vec::new(),
            limit: Duration::from_secs(10),
        }
    }

    /// The same with a folder.
    pub fn within(mut self, dir: &Path) -> Self {
        self.dir = Some(dir.to_owned());
        self
    }

    /// The same with more environment.
    pub fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.envs.push((name.into(), value.into()));
        self
    }

    /// The same with another limit.
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Its words.
    pub fn words(&self) -> Vec<String> {
        std::iter::once(self.program.clone()).chain(self.args.iter().cloned()).collect()
    }
}

impl Runner {
    /// Runs with these rights and tells `log`; `redactor` cleans what is shown.
    pub fn new(rights: Rights, redactor: Redactor, log: CommandLog) -> Self {
        Self { rights, log, redactor, path: env::var_os("PATH") }
    }

    /// The same with another `PATH`, for itself and for what it runs.
    pub fn with_path(mut self, path: impl Into<OsString>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// A program of its `PATH`.
    pub fn find(&self, program: &str) -> Option<PathBuf> {
        find_in(self.path.as_deref()?, program)
    }

    /// Where it looks for programs.
    pub(super) fn path(&self) -> Option<&OsStr> {
        self.path.as_deref()
    }

    /// What cleans the output.
    pub fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// Whose rights it runs with.
    pub fn rights(&self) -> &Rights {
        &self.rights
    }

    /// The words of a call as it is really run, with the change of user before it.
    pub fn words(&self, call: &Call) -> Vec<String> {
        let mut words = self.rights.taken_from().map(switch).unwrap_or_default();
        words.extend(call.words());
        words
    }

    /// Says which command runs now.
    pub(super) fn tell(&self, call: &Call) {
        let words = user::command_line(&self.words(call));
        (self.log)(match &call.dir {
            Some(dir) => format!("cd {} && {words}", user::quote_path(dir)),
            None => words,
        });
    }

    /// The command of a call as it is really run, without input.
    pub(super) fn command(&self, call: &Call, given: &Given<'_>) -> Command {
        let words = self.words(call);
        let mut words = words.iter();
        let mut command = Command::new(words.next().map(String::as_str).unwrap_or_default());
        command.args(words).stdin(Stdio::null()).env_clear();
        let owner = self.rights.taken_from();
        command.envs(environment::clean(env::vars_os(), owner));
        if let Some(owner) = owner {
            become_owner(&mut command, owner);
        }
        if let Some(path) = &self.path {
            command.env("PATH", path);
        }
        command.envs(call.envs.iter().map(|(name, value)| (name, value)));
        if let Some(dir) = &call.dir {
            command.current_dir(dir);
        }
        child::apart(&mut command, given);
        command
    }

    /// Runs it to its end, keeping at most `limit` bytes of its standard output.
    ///
    /// # Errors
    /// See [`CallError`]. A program that ends with another code than 0 is an answer, no error.
    pub async fn capture(&self, call: &Call, limit: usize) -> Result<Captured, CallError> {
        self.run(call, limit, &mut |_| {}).await
    }

    /// Runs it to its end and tells each line of its output as it comes.
    ///
    /// # Errors
    /// As [`Self::capture`].
    pub async fn follow(
        &self,
        call: &Call,
        on_line: &mut (dyn FnMut(String) + Send),
    ) -> Result<Captured, CallError> {
        self.run(call, 0, on_line).await
    }

    async fn run(
        &self,
        call: &Call,
        keep: usize,
        on_line: &mut (dyn FnMut(String) + Send),
    ) -> Result<Captured, CallError> {
        if !call.program.contains('/') && self.find(&call.program).is_none() {
            return Err(CallError::Missing);
        }
        self.tell(call);
        let mut command = tokio::process::Command::from(self.command(call, &Given::default()));
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => CallError::Missing,
            _ => CallError::System(error),
        })?;
        let group = Group::of(&child);
        let mut heard = Heard { keep, ..Heard::default() };
        let work = async {
            let (out, err) = (child.stdout.take(), child.stderr.take());
            heard.listen(out, err, &self.redactor, on_line).await?;
            child.wait().await
        };
        let Ok(status) = timeout(call.limit, work).await else { return Err(CallError::TimedOut) };
        let code = code(status?);
        group.leave();
        Ok(Captured { code, stdout: heard.stdout, said: heard.said, cut: heard.cut })
    }
}

/// The exit code; 128 + n where signal n ended it, as shells have it.
pub(super) fn code(status: ExitStatus) -> i32 {
    status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or_default())
}

/// The process group of a child, killed as a whole unless it was left.
struct Group(Option<Pid>);

impl Group {
    fn of(child: &Child) -> Self {
        Self(child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw))
    }

    fn leave(mut self) {
        self.0 = None;
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(group) = self.0 {
            // It may have ended meanwhile.
            let _ = rustix::process::kill_process_group(group, Signal::KILL);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{switch::find, *};
    use crate::{
        domain::installation::Owner,
        needs::{self, Need},
    };
    use std::sync::Mutex;

    fn runner() -> (Runner, Arc<Mutex<Vec<String>>>) {
        let told = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&told);
        let log: CommandLog = Arc::new(move |line| log.lock().unwrap().push(line));
        (Runner::new(Rights::Own, Redactor::default(), log), told)
    }

    #[tokio::test]
    async fn output_code_and_command_are_told() {
        let (runner, told) = runner();
        let call = Call::new("sh", ["-c", "echo out; echo err >&2; exit 3"]);
        let answer = runner.capture(&call, 100).await.unwrap();
        assert_eq!((answer.code, answer.stdout.as_slice(), answer.said.len()), (3, b"out\n".as_slice(), 1));
        assert_eq!(told.lock().unwrap().as_slice(), ["sh -c 'echo out; echo err >&2; exit 3'"]);
        let cut = runner.capture(&call, 2).await.unwrap();
        assert_eq!((cut.stdout.as_slice(), cut.cut), (b"ou".as_slice(), true));
        let mut lines = Vec::new();
        runner.follow(&call, &mut |line| lines.push(line)).await.unwrap();
        lines.sort();
        assert_eq!(lines, ["err", "out"]);
    }

    #[tokio::test]
    async fn what_takes_too_long_is_stopped_and_what_is_missing_is_said() {
        let (runner, _) = runner();
        let call = Call::new("sh", ["-c", "sleep 600 & wait"]).limit(Duration::from_millis(50));
        assert!(matches!(runner.capture(&call, 9).await, Err(CallError::TimedOut)));
        let call = Call::new("no-such-program-here", [""; 0]);
        assert!(matches!(runner.capture(&call, 9).await, Err(CallError::Missing)));
        let killed = Call::new("sh", ["-c", "kill -TERM $$"]);
        assert_eq!(runner.capture(&killed, 9).await.unwrap().code, 143);
    }

    #[tokio::test]
    async fn root_runs_programs_as_the_owner() {
        if !needs::met(&[Need::Root]) {
            return;
        }
        let owner = Owner { uid: 54_321, gid: 54_322, name: None };
        let rights = Rights::Of { owner, groups: vec![54_322] };
        let runner = Runner::new(rights, Redactor::default(), Arc::new(|_| {}));
        let call = Call::new("sh", ["-c", "id -u; id -G; echo \"${HOME-none}\""]);
        let answer = runner.capture(&call, 100).await.unwrap();
        assert_eq!(String::from_utf8_lossy(&answer.stdout), "54321\n54322\nnone\n");
        if let (Some(nobody), Some(_)) = (user::account(1), find("runuser")) {
            let owner = Owner { uid: 1, gid: nobody.gid, name: Some(nobody.name.clone()) };
            let rights = Rights::Of { groups: user::groups_of(&owner), owner };
            let runner = Runner::new(rights, Redactor::default(), Arc::new(|_| {}));
            let answer = runner.capture(&call, 1_000).await.unwrap();
            let said = String::from_utf8_lossy(&answer.stdout).into_owned();
            assert!(
                said.starts_with("1\n") && said.ends_with(&format!("{}\n", nobody.home.display())),
                "{said}"
            );
        }
    }
}
