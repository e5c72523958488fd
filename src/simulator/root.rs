//! The temporary folder of one demo. A demo that is killed cannot remove its own: the next one does. Which is whose is
//! told by a lock that lives as long as the demo's process, never by a name, an age or a process id.

use std::{fs, fs::File, io, os::unix::fs::MetadataExt, path::Path};

use rustix::{
    fs::{FlockOperation, Mode, OFlags},
    io::Errno,
};
use tempfile::TempDir;

/// How the folders are named.
const PREFIX: &str = "bwsync-demo-";
/// Folders that are looked at, and tries for one of our own.
const MOST: usize = 1_000;

/// A folder of our own, locked; removed with everything in it when dropped, and only then unlocked.
pub(super) struct Root {
    /// Removed first.
    folder: TempDir,
    _lock: File,
}

impl Root {
    /// Removes what killed demos left in the folder for temporary files, and makes one of our own there.
    pub(super) fn make() -> io::Result<Self> {
        Self::make_in(&std::env::temp_dir())
    }

    fn make_in(temporary: &Path) -> io::Result<Self> {
        sweep(temporary);
        for _ in 0..MOST {
            let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(temporary)?;
            // A demo beside this one may sweep it away before it is locked; then it is made anew.
            if let Some(lock) = locked(folder.path())? {
                return Ok(Self { folder, _lock: lock });
            }
        }
        Err(io::ErrorKind::WouldBlock.into())
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// The lock of a folder of this user's; none where another process has it, or it is not there any more.
fn locked(path: &Path) -> io::Result<Option<File>> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let folder = match rustix::fs::open(path, flags, Mode::empty()) {
        Err(Errno::NOENT) => return Ok(None),
        opened => File::from(opened?),
    };
    let own = rustix::process::geteuid().as_raw();
    if folder.metadata()?.uid() != own {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    match rustix::fs::flock(&folder, FlockOperation::NonBlockingLockExclusive) {
        Err(Errno::WOULDBLOCK) => return Ok(None),
        taken => taken?,
    }
    let identity = |meta: &fs::Metadata| (meta.dev(), meta.ino());
    let there = fs::symlink_metadata(path).ok();
    let same =
        there.is_some_and(|there| folder.metadata().is_ok_and(|held| identity(&held) == identity(&there)));
    Ok(same.then_some(folder))
}

/// Removes the folders of demos whose process is gone; what cannot be removed is left.
fn sweep(temporary: &Path) {
    let names = fs::read_dir(temporary).into_iter().flatten().flatten();
    let ours = names.filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX));
    for entry in ours.take(MOST) {
        // The lock is held while it is removed, so that nobody can take the folder for his own meanwhile. Links are
        // neither opened nor followed.
        if let Ok(Some(_lock)) = locked(&entry.path()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn what_killed_demos_left_is_removed_and_nothing_else_is() {
        let temporary = tempfile::tempdir().unwrap();
        let beside = Root::make_in(temporary.path()).unwrap();
        fs::write(beside.path().join("file"), "").unwrap();
        let left = temporary.path().join(format!("{PREFIX}left"));
        fs::create_dir_all(left.join("bwdata/env")).unwrap();
        let elsewhere = temporary.path().join("elsewhere");
        fs::create_dir(&elsewhere).unwrap();
        fs::write(elsewhere.join("precious"), "").unwrap();
        symlink(&elsewhere, left.join("bwdata/link")).unwrap();
        symlink(&elsewhere, temporary.path().join(format!("{PREFIX}link"))).unwrap();
        fs::write(temporary.path().join(format!("{PREFIX}file")), "").unwrap();
        let own = Root::make_in(temporary.path()).unwrap();
        assert!(!left.exists(), "nobody holds it");
        assert!(beside.path().join("file").exists(), "somebody holds it");
        assert!(elsewhere.join("precious").exists());
        assert!(temporary.path().join(format!("{PREFIX}file")).exists());
        let (one, other) = (beside.path().to_owned(), own.path().to_owned());
        drop((beside, own));
        assert!(!one.exists() && !other.exists());
    }
}
