//! Whose rights a piece of file work is done with. Root does not write into another user's folders as root:
//! a thread of its own takes the owner's user and groups on, so that the kernel itself refuses whatever the
//! owner could not do, planted links included (design §7, "Who runs it").

use std::{io, panic, thread};

use crate::domain::installation::Owner;

use super::user::{self, User};

/// Whose rights something is done with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rights {
    /// Those that this process has.
    Own,
    /// Those of this user, taken on by root.
    Of {
        /// The user.
        owner: Owner,
        /// All its groups.
        groups: Vec<u32>,
    },
}

impl Rights {
    /// The rights of `owner` where root runs this for somebody else, else one's own.
    pub fn of(owner: &Owner, user: &User) -> Self {
        if user.is_root() && owner.uid != 0 {
            Self::Of { owner: owner.clone(), groups: user::groups_of(owner) }
        } else {
            Self::Own
        }
    }

    /// The user whose rights are taken on, if any.
    pub fn taken_from(&self) -> Option<&Owner> {
        match self {
            Self::Own => None,
            Self::Of { owner, .. } => Some(owner),
        }
    }

    /// Does the work with these rights.
    ///
    /// # Errors
    /// The rights could not be taken on; then nothing was done.
    pub fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> io::Result<T> {
        let Self::Of { owner, groups } = self else { return Ok(work()) };
        thread::scope(|scope| {
            let worker = scope.spawn(|| take_on(owner, groups).map(|()| work()));
            worker.join().unwrap_or_else(|panic| panic::resume_unwind(panic))
        })
    }
}

/// Makes the calling thread act with the user's rights until it ends. Only the effective ids change: the user
/// can then neither signal nor trace us.
#[cfg(target_os = "linux")]
fn take_on(owner: &Owner, groups: &[u32]) -> io::Result<()> {
    use rustix::{
        process::{Gid, Uid},
        thread::{set_thread_groups, set_thread_res_gid, set_thread_res_uid},
    };
    let groups: Vec<Gid> = groups.iter().map(|group| Gid::from_raw(*group)).collect();
    set_thread_groups(&groups)?;
    set_thread_res_gid(None::<Gid>, Gid::from_raw(owner.gid), None::<Gid>)?;
    set_thread_res_uid(None::<Uid>, Uid::from_raw(owner.uid), None::<Uid>)?;
    Ok(())
}

/// Elsewhere ids belong to the whole process: run it as the owner.
#[cfg(not(target_os = "linux"))]
fn take_on(_: &Owner, _: &[u32]) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::needs::{self, Need};
    use std::{fs, os::unix::fs::MetadataExt, os::unix::fs::PermissionsExt};

    #[test]
    fn work_as_another_user_is_refused_what_that_user_may_not_do() {
        let user = User::current();
        if !needs::met(&[Need::Root]) {
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
        let closed = folder.path().join("closed");
        fs::create_dir(&closed).unwrap();
        let other = Owner { uid: 54_321, gid: 54_322, name: None };
        let rights = Rights::of(&other, &user);
        let made = folder.path().join("made");
        rights.run(|| fs::write(&made, "x")).unwrap().unwrap();
        let meta = fs::metadata(&made).unwrap();
        assert_eq!((meta.uid(), meta.gid()), (54_321, 54_322));
        let refused = rights.run(|| fs::write(closed.join("x"), "x")).unwrap();
        assert_eq!(refused.unwrap_err().kind(), io::ErrorKind::PermissionDenied);
        // The rest of the process is still root.
        fs::write(closed.join("x"), "x").unwrap();
    }
}
