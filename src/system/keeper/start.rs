//! How a keeper is begun, so that it is on record before it does anything.

use std::{
    env, io,
    os::fd::{AsFd, AsRawFd},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
};

use tokio::{io::AsyncWriteExt, process::Child};
use zeroize::Zeroizing;

use super::{
    super::{
        Rights,
        lock::Lock,
        process::{
            Call, Runner,
            child::{ENDING, Given},
        },
        redact::Redactor,
    },
    ARGUMENT, Files, Following, record,
    spec::Spec,
};

/// What a keeper is to do.
#[derive(Debug)]
pub struct Order<'a> {
    /// This program, where it is not the one that runs (tests).
    pub program: Option<&'a Path>,
    /// What to run, one after the other, as long as each ends with 0.
    pub calls: Vec<Call>,
    /// What stands on the standard input of each.
    pub input: Option<&'a str>,
    /// Held as long as the keeper lives.
    pub lock: Option<&'a Lock>,
    /// Where it writes.
    pub files: Files,
}

/// A keeper that waits to be told. Dropped, it ends and has done nothing.
pub struct Waiting {
    child: Child,
    files: Files,
    text: Zeroizing<Vec<u8>>,
}

/// Begins a keeper for what `runner` would run.
///
/// # Errors
/// It cannot be started, or its files cannot be written.
pub fn prepare(order: Order<'_>, runner: &Runner) -> io::Result<Waiting> {
    let Order { program, calls, input, lock, files } = order;
    record::begin(&files.record)?;
    let spec = Spec {
        log: files.log.as_raw_fd(),
        record: files.record.as_raw_fd(),
        steps: calls.iter().map(Into::into).collect(),
        input: input.map(ToOwned::to_owned),
        owner: runner.rights().taken_from().map(|owner| (owner.uid, owner.gid)),
        path: runner.path().map(ToOwned::to_owned),
        redactor: runner.redactor().clone(),
    };
    let text = Zeroizing::new(serde_json::to_vec(&spec)?);
    calls.iter().for_each(|call| runner.tell(call));
    let program = program.map_or_else(ourselves, Path::to_owned);
    let call = Call::new(program.to_string_lossy(), [ARGUMENT]).within(Path::new("/"));
    let mut keeps = vec![files.log.as_fd(), files.record.as_fd()];
    keeps.extend(lock.map(Lock::descriptor));
    let given = Given { keeps, ignores: ENDING, notes_in: Some(files.record.as_fd()) };
    let own = Runner::new(Rights::Own, Redactor::default(), Arc::new(|_| {}));
    let mut command = own.command(&call, &given);
    command.arg0("bwsync").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let child = tokio::process::Command::from(command).spawn()?;
    Ok(Waiting { child, files, text })
}

/// The program that runs now, even if its file was replaced meanwhile.
fn ourselves() -> PathBuf {
    let linux = PathBuf::from("/proc/self/exe");
    if linux.exists() { linux } else { env::current_exe().unwrap_or_default() }
}

impl Waiting {
    /// Its process id, which leads its session.
    pub fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// Where its output will be.
    pub fn output(&self) -> &Path {
        &self.files.path
    }

    /// Tells it to begin. From here on it goes on whatever becomes of us.
    ///
    /// # Errors
    /// It is gone already; then nothing was begun.
    pub async fn go(mut self) -> io::Result<Following> {
        let mut pipe = self.child.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
        pipe.write_all(&self.text).await?;
        pipe.shutdown().await?;
        drop(pipe);
        Ok(Following::of_child(self.files, self.child))
    }
}
