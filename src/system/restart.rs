//! The restart: running the script so that it outlives us. A lost line in
//! the middle is what leaves a server down, so the script gets a session of its own, no terminal, nothing to
//! read, and a file to write to (design §11).

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::fs::FileExt,
    path::PathBuf,
    process::Stdio,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{process::Child, task::spawn_blocking, time::sleep};

use crate::domain::{
    check::{Cause, Finding},
    installation::Installation,
};

use super::{
    files,
    process::{Call, Lines, Runner, code},
    user,
};

pub use super::preflight::{preflight, preflight_all};

/// How often the output is looked at.
const GLANCE: Duration = Duration::from_millis(150);
/// Most of the output that is taken in at one glance, in bytes.
const PART: usize = 64 << 10;
/// Most of the output that is cleaned of secrets afterwards, in bytes.
const OUTPUT: u64 = 8 << 20;

/// One run of the script.
#[derive(Debug)]
pub struct RestartJob {
    /// The folder that holds the script.
    pub dir: PathBuf,
    /// Answer the script's question whether to go on as root with yes. Only where that was accepted.
    pub answer_root_prompt: bool,
    /// Where its output goes; opened for appending and reading.
    pub output: File,
}

/// A script that runs.
#[derive(Debug)]
pub struct Running {
    child: Child,
    output: Output,
    since: Instant,
}

/// The output of a script, read as it grows.
#[derive(Debug)]
pub(super) struct Output {
    file: Arc<File>,
    read: u64,
    lines: Lines,
}

/// How the script ended. It says little: containers and answers decide (design §11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RestartExit {
    /// Its exit code; 128 + n where signal n ended it.
    pub code: i32,
    /// How long it took.
    pub took: Duration,
}

/// The command as a person would type it.
pub fn command(installation: &Installation) -> String {
    format!("cd {} && ./bitwarden.sh restart", user::quote_path(&installation.dir))
}

/// Starts the script. It goes on whatever happens to us: `setsid` gives it a session of its own; where there is
/// none, a process group of its own, which no terminal's hang-up reaches either as long as the script does not
/// ask the terminal.
///
/// # Errors
/// `restart.script_missing`, `restart.script_not_executable` or `restart.script_not_a_script`, as the system
/// says it.
pub fn start(job: RestartJob, runner: &Runner) -> Result<Running, Finding> {
    let script = job.dir.join("bitwarden.sh");
    let call = Call::new("./bitwarden.sh", ["restart"]).within(&job.dir);
    runner.tell(&call);
    let session = runner.find("setsid").is_some();
    let mut words: Vec<String> = session.then(|| "setsid".to_owned()).into_iter().collect();
    words.extend(runner.words(&call));
    let mut command = runner.command(&words, &call);
    if !session {
        command.process_group(0);
    }
    let spawned = outputs(&job.output).and_then(|(out, err)| {
        let input = if job.answer_root_prompt { yes()? } else { Stdio::null() };
        command.stdin(input).stdout(out).stderr(err).kill_on_drop(false);
        command.spawn()
    });
    let child = spawned.map_err(|error| {
        let cause = match error.kind() {
            io::ErrorKind::NotFound => Cause::RestartScriptMissing,
            io::ErrorKind::PermissionDenied => Cause::RestartScriptNotExecutable,
            _ => Cause::RestartScriptNotAScript,
        };
        Finding::new(cause).with("path", script.to_string_lossy()).with("errno", files::errno(&error))
    })?;
    Ok(Running { child, output: Output::new(job.output), since: Instant::now() })
}

/// Starts the script and follows it to its end. Dropping this leaves the script running.
///
/// # Errors
/// As [`start`].
pub async fn run(
    job: RestartJob,
    runner: &Runner,
    on_line: &mut (dyn FnMut(String) + Send),
) -> Result<RestartExit, Finding> {
    Ok(start(job, runner)?.follow(runner, on_line).await)
}

fn outputs(file: &File) -> io::Result<(Stdio, Stdio)> {
    Ok((file.try_clone()?.into(), file.try_clone()?.into()))
}

/// Standard input that answers the one question: a file without a name, so that it is there even if we are not.
fn yes() -> io::Result<Stdio> {
    let mut file = tempfile::tempfile()?;
    // Without its line end the answer would count as none (`bitwarden.md` F9).
    file.write_all(b"y\n")?;
    file.seek(SeekFrom::Start(0))?;
    Ok(file.into())
}

impl Running {
    /// Its process id, which leads its session.
    pub fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// Tells each line as it comes, until the script ends; then takes secrets out of the file of its output.
    pub async fn follow(mut self, runner: &Runner, on_line: &mut (dyn FnMut(String) + Send)) -> RestartExit {
        let code = loop {
            let ended = tokio::select! {
                status = self.child.wait() => Some(status.map_or(-1, code)),
                () = sleep(GLANCE) => None,
            };
            self.output.glance(runner, on_line).await;
            if let Some(code) = ended {
                break code;
            }
        };
        self.output.finish(runner, on_line).await;
        RestartExit { code, took: self.since.elapsed() }
    }
}

impl Output {
    /// That of a file, opened for appending and reading, from its beginning.
    pub(super) fn new(file: File) -> Self {
        Self { file: Arc::new(file), read: 0, lines: Lines::default() }
    }

    /// Tells the lines that came since the last glance.
    pub(super) async fn glance(&mut self, runner: &Runner, on_line: &mut (dyn FnMut(String) + Send)) {
        while let Some(bytes) = self.part().await {
            let full = bytes.len() == PART;
            for line in self.lines.push(&bytes) {
                on_line(runner.redactor().line(&line));
            }
            if !full {
                break;
            }
        }
    }

    /// Tells what is left, and takes secrets out of the file.
    pub(super) async fn finish(mut self, runner: &Runner, on_line: &mut (dyn FnMut(String) + Send)) {
        if let Some(line) = self.lines.rest() {
            on_line(runner.redactor().line(&line));
        }
        let (file, redactor) = (Arc::clone(&self.file), runner.redactor().clone());
        // The output is only for looking it up later: what was followed was clean already.
        let _ = spawn_blocking(move || redact_file(&file, &redactor)).await;
    }

    async fn part(&mut self) -> Option<Vec<u8>> {
        let (file, from) = (Arc::clone(&self.file), self.read);
        let read = spawn_blocking(move || {
            let mut bytes = vec![0; PART];
            let length = file.read_at(&mut bytes, from)?;
            bytes.truncate(length);
            io::Result::Ok(bytes)
        });
        let bytes = read.await.ok()?.ok().filter(|bytes| !bytes.is_empty())?;
        self.read += bytes.len() as u64;
        Some(bytes)
    }
}

/// Takes secrets out of the output, where there are any.
fn redact_file(mut file: &File, redactor: &super::redact::Redactor) -> io::Result<()> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.take(OUTPUT).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let clean: String = text.lines().flat_map(|line| [redactor.line(line), "\n".to_owned()]).collect();
    if clean.trim_end() != text.trim_end() {
        file.set_len(0)?;
        file.write_all(clean.as_bytes())?;
    }
    Ok(())
}
