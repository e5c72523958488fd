//! One run at a time: a lock on the env file's folder, which the kernel releases however the run ends.

use std::{
    fmt,
    fs::File,
    os::fd::{AsFd, BorrowedFd},
    os::unix::fs::MetadataExt,
    path::Path,
};

use rustix::{fs::FlockOperation, io::Errno};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::domain::{check::Finding, outside};

use super::{User, clock, files, files::not_readable, resume, state::State, user};

/// File of the state folder that says who holds the lock; the lock itself is the kernel's.
const NOTE: &str = "lock";

/// The lock, held until it is dropped and every process that was given its descriptor has ended.
#[derive(Debug)]
pub struct Lock {
    folder: File,
    state: State,
}

/// Who holds the lock, as far as it can be seen.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Holder {
    /// Process id.
    pub pid: Option<i32>,
    /// Its command line.
    pub command: Option<String>,
    /// Whether it is a restart that goes on without the bwsync that began it: `resume` follows it.
    #[serde(skip)]
    pub alone: bool,
    /// Since when.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub since: Option<OffsetDateTime>,
}

/// Why there is no lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LockError {
    /// Another run holds it (exit 9).
    Held(Holder),
    /// The folder cannot be opened.
    Found(Finding),
}

impl fmt::Display for Holder {
    /// `1234 bwsync apply --yes`, what is known of it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.pid, &self.command) {
            (Some(pid), Some(command)) => write!(f, "{pid} {}", outside::clean(command)),
            (Some(pid), None) => write!(f, "{pid}"),
            (None, Some(command)) => f.write_str(&outside::clean(command)),
            (None, None) => f.write_str("?"),
        }
    }
}

/// Takes the lock of the installation whose env file lies in `folder`, without waiting.
///
/// # Errors
/// [`LockError::Held`] with the holder; `install.not_readable` where the folder cannot be opened.
pub fn take(folder: &Path, state: &State, user: &User) -> Result<Lock, LockError> {
    let opened = files::Folder::at(folder).and_then(|folder| {
        let file = folder.open()?;
        let meta = file.metadata()?;
        Ok((file, meta))
    });
    let (file, meta) = opened.map_err(|error| {
        let owner = std::fs::metadata(folder).map_or((user.uid, user.gid), |meta| (meta.uid(), meta.gid()));
        LockError::Found(not_readable(folder, &error, &user::owner(owner.0, owner.1), user))
    })?;
    match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => {}
        Err(Errno::WOULDBLOCK) => {
            let found = resume::unfinished(state);
            let alone = found.is_some_and(|found| found.work.is_some() && !state.is_tended(&found.run.id));
            return Err(LockError::Held(holder(&meta, state, alone)));
        }
        // A file system without locks (some network ones): the plan's hash still guards the file.
        Err(_) => {}
    }
    // A keeper that was killed holds nothing any more; what it ran goes on.
    if let Some(process) = resume::at_work(state) {
        let (pid, command) = (i32::try_from(process.pid).ok(), Some(process.command()));
        return Err(LockError::Held(Holder { pid, command, alone: true, since: None }));
    }
    let holder = Holder {
        alone: false,
        pid: i32::try_from(std::process::id()).ok(),
        command: Some(user::command_line(&user.invocation)),
        since: Some(clock::now()),
    };
    // Only for showing: a lock without a note is still a lock.
    let _ = serde_json::to_vec(&holder).map(|note| state.note(NOTE, &note));
    Ok(Lock { folder: file, state: state.clone() })
}

impl Lock {
    /// The descriptor that holds it: who keeps it open holds the lock too.
    pub fn descriptor(&self) -> BorrowedFd<'_> {
        self.folder.as_fd()
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.state.forget(NOTE);
    }
}

/// Who holds it: by the note, if that process lives, else by the kernel's table.
fn holder(meta: &std::fs::Metadata, state: &State, alone: bool) -> Holder {
    let noted: Option<Holder> = state.noted(NOTE).and_then(|note| serde_json::from_slice(&note).ok());
    let lives = |pid: i32| Path::new("/proc").join(pid.to_string()).exists();
    if let Some(noted) = noted.filter(|noted| !alone && noted.pid.is_some_and(lives)) {
        return noted;
    }
    if let Some(process) = resume::at_work(state).filter(|_| alone) {
        let (pid, command) = (i32::try_from(process.pid).ok(), Some(process.command()));
        return Holder { pid, command, alone, since: None };
    }
    let table = files::read_proc("/proc/locks");
    let pid = table.lines().find_map(|line| holder_pid(line, meta.ino()));
    let command = pid.map(|pid| files::read_proc(&format!("/proc/{pid}/cmdline")).replace('\0', " "));
    Holder { pid, command: command.map(|command| command.trim().to_owned()), ..Holder::default() }
}

/// `1: FLOCK  ADVISORY  WRITE 1418 fe:00:753923 0 EOF` → 1418, if it is this inode.
fn holder_pid(line: &str, inode: u64) -> Option<i32> {
    let mut words = line.split_whitespace();
    if words.nth(1)? != "FLOCK" {
        return None;
    }
    let pid = words.nth(2)?.parse().ok()?;
    let device = words.next()?;
    (device.rsplit(':').next()?.parse() == Ok(inode)).then_some(pid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_table_names_the_holder() {
        let line = "1: FLOCK  ADVISORY  WRITE 1418 fe:00:753923 0 EOF";
        assert_eq!(holder_pid(line, 753_923), Some(1418));
        assert_eq!(holder_pid(line, 1), None);
        assert_eq!(holder_pid("2: OFDLCK ADVISORY  READ -1 00:06:3 0 EOF", 3), None);
        assert_eq!(holder_pid("", 3), None);
    }

    #[test]
    fn a_holder_is_shown_as_far_as_it_is_known() {
        let holder =
            Holder { pid: Some(7), command: Some("bwsync apply\u{1b}[2J".into()), ..Holder::default() };
        assert_eq!(holder.to_string(), "7 bwsync apply<U+001B>[2J");
        assert_eq!(Holder::default().to_string(), "?");
    }
}
