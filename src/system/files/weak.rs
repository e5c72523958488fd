//! Who else could change what a path leads to: asked of all that was passed on the way there, before something is run.

use std::path::PathBuf;

use rustix::fs::{FileType, Stat};

use super::walk::Found;

/// A folder or link that a way goes through.
#[derive(Debug)]
pub(super) struct Passed {
    path: PathBuf,
    pub(super) stat: Stat,
}

impl Passed {
    pub(super) fn new(path: PathBuf, stat: Stat) -> Self {
        Self { path, stat }
    }
}

/// Who else could change what a path leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Weak {
    /// This part of it belongs to this user.
    OwnerIs(PathBuf, u32),
    /// Others may write to this part of it.
    OpenToOthers(PathBuf),
}

impl Found {
    /// The first part of the way, or what it leads to, that somebody else than root and `users` could change.
    /// In a folder with the sticky bit everybody may make names, but only change their own.
    pub fn weak(&self, users: &[u32]) -> Option<Weak> {
        let here = Passed::new(self.path(), *self.stat());
        let weak = |part: &Passed| {
            let (uid, mode) = (part.stat.st_uid, part.stat.st_mode);
            let link = FileType::from_raw_mode(mode) == FileType::Symlink;
            if uid != 0 && !users.contains(&uid) {
                return Some(Weak::OwnerIs(part.path.clone(), uid));
            }
            let open = mode & 0o002 != 0 && mode & 0o1000 == 0 && !link;
            open.then(|| Weak::OpenToOthers(part.path.clone()))
        };
        self.passed.iter().chain([&here]).find_map(weak)
    }
}
