//! The restart: what must hold before the script may run, and running it so that it outlives us. A lost line in
//! the middle is what leaves a server down, so the script gets a session of its own, no terminal, nothing to
//! read, and a file to write to (design §11).

use std::{
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::fs::{FileExt, MetadataExt},
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{process::Child, task::spawn_blocking, time::sleep};

use crate::domain::{
    check::{AdviceCode, Cause, Finding},
    installation::{Installation, Owner},
};

use super::{
    files,
    process::{Call, Lines, Runner, code},
    user,
};

/// How often the output is looked at.
const GLANCE: Duration = Duration::from_millis(150);
/// Most of the output that is taken in at one glance, in bytes.
const PART: usize = 64 << 10;
/// Most of the output that is cleaned of secrets afterwards, in bytes.
const OUTPUT: u64 = 8 << 20;
/// Where the project publishes the script (`setup-and-scripts.md` §9).
const SCRIPT_URL: &str = "https://func.bitwarden.com/api/dl/?app=self-host&platform=linux";

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
    output: Arc<File>,
    read: u64,
    since: Instant,
}

/// How the script ended. It says little: containers and answers decide (design §11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RestartExit {
    /// Its exit code; 128 + n where signal n ended it.
    pub code: i32,
    /// How long it took.
    pub took: Duration,
}

/// Whether the script can be run at all: it and `bwdata/scripts/run.sh` exist, are scripts, and may be executed
/// by the owner.
///
/// # Errors
/// `restart.script_missing`, `restart.script_not_a_script`, `restart.script_not_executable`.
pub fn preflight(installation: &Installation) -> Result<(), Finding> {
    let script = installation.dir.join("bitwarden.sh");
    let command = format!("curl -fLo {} '{SCRIPT_URL}'", user::quote_path(&script));
    usable(&script, &installation.owner, &command)?;
    let inner = installation.bwdata.join("scripts/run.sh");
    let update = format!("{} updaterun", user::quote_path(&script));
    usable(&inner, &installation.owner, &update)
}

fn usable(path: &Path, owner: &Owner, restore: &str) -> Result<(), Finding> {
    let found = |cause| Finding::new(cause).with("path", path.to_string_lossy());
    let meta = fs::metadata(path).map_err(|error| {
        let cause = Cause::RestartScriptMissing;
        found(cause).with("errno", files::errno(&error)).command(AdviceCode::RestoreScript, restore)
    })?;
    if let Some(what) = not_a_script(path, &meta) {
        let cause = Cause::RestartScriptNotAScript;
        return Err(found(cause).with("note", what).command(AdviceCode::RestoreScript, restore));
    }
    if user::may_execute(owner, meta.uid(), meta.gid(), meta.mode()) {
        return Ok(());
    }
    let word = user::quote_path(path);
    let command = if meta.uid() == owner.uid {
        format!("chmod u+x {word}")
    } else {
        format!("sudo chown {owner}:{} {word}", owner.gid)
    };
    Err(found(Cause::RestartScriptNotExecutable)
        .with("owner", user::owner(meta.uid(), meta.gid()).to_string())
        .with("expected", owner.to_string())
        .command(AdviceCode::MakeExecutable, command))
}

/// What stands there instead of a script: an update behind a block page installs an HTML page or nothing
/// (`bitwarden.md` A8). A file that this user may not read is taken for a script.
fn not_a_script(path: &Path, meta: &fs::Metadata) -> Option<&'static str> {
    if !meta.is_file() {
        return Some("not a file");
    }
    if meta.len() == 0 {
        return Some("empty");
    }
    let mut head = Vec::new();
    let read = files::open_regular(path).and_then(|file| file.take(512).read_to_end(&mut head));
    if read.is_err() || head.starts_with(b"#!") {
        return None;
    }
    let text = String::from_utf8_lossy(&head).to_ascii_lowercase();
    Some(if text.trim_start().starts_with('<') { "html" } else { "no shebang" })
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
    Ok(Running { child, output: Arc::new(job.output), read: 0, since: Instant::now() })
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
    // Without its line end the answer would count as none (`setup-and-scripts.md` §9).
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
        let mut lines = Lines::default();
        let code = loop {
            let ended = tokio::select! {
                status = self.child.wait() => Some(status.map_or(-1, code)),
                () = sleep(GLANCE) => None,
            };
            // After the end everything that is left is read, else one part a glance.
            while let Some(bytes) = self.part().await {
                let full = bytes.len() == PART;
                for line in lines.push(&bytes) {
                    on_line(runner.redactor().line(&line));
                }
                if !full {
                    break;
                }
            }
            if let Some(code) = ended {
                break code;
            }
        };
        if let Some(line) = lines.rest() {
            on_line(runner.redactor().line(&line));
        }
        let (output, redactor) = (Arc::clone(&self.output), runner.redactor().clone());
        // The output is only for looking it up later: what was followed was clean already.
        let _ = spawn_blocking(move || redact_file(&output, &redactor)).await;
        RestartExit { code, took: self.since.elapsed() }
    }

    async fn part(&mut self) -> Option<Vec<u8>> {
        let (output, from) = (Arc::clone(&self.output), self.read);
        let read = spawn_blocking(move || {
            let mut bytes = vec![0; PART];
            let length = output.read_at(&mut bytes, from)?;
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
