//! Where state lies: one folder, whose it must be, and with whose rights it is used. All of it goes through the
//! folder's handle: neither the folder nor a file in it is believed before owner and kind were seen there.

use std::{
    env,
    ffi::OsStr,
    fs::{self, File},
    io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use rustix::fs::{Access, AtFlags, CWD, Gid, Mode, Uid};

use crate::domain::{
    check::{AdviceCode, Cause, Finding},
    installation::{Installation, Owner},
};

use super::{
    super::{Rights, User, user},
    NAME,
};
use crate::system::files::{self, Folder, Refused, sha256};

/// One folder and the rights with which it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) dir: PathBuf,
    pub(super) rights: Rights,
    /// Whose the folder and all files in it are: what somebody else put there is not read.
    uid: u32,
    /// Root makes it in a folder of its own and gives it to this user.
    give_to: Option<(u32, u32)>,
}

/// Whether state can be kept beside `bwdata`.
pub(super) enum Beside {
    /// It can.
    Here(Place),
    /// What stands there is not ours to use; this says what to do about it.
    Taken(Box<Finding>),
    /// This user can make no folder there.
    Not,
}

impl Place {
    /// Does the work in a folder of it that is there, with its rights.
    ///
    /// # Errors
    /// Those of the system; [`Refused`] where the folder is not its owner's.
    pub(super) fn within<T: Send>(
        &self,
        name: Option<&str>,
        work: impl FnOnce(&Folder) -> io::Result<T> + Send,
    ) -> io::Result<T> {
        self.rights.run(|| {
            let folder = self.owned(self.parent()?.enter(self.name())?)?;
            work(&self.below(folder, name, Folder::enter)?)
        })?
    }

    /// The same in a folder that is made where it is missing.
    ///
    /// # Errors
    /// As [`Self::within`].
    pub(super) fn making<T: Send>(
        &self,
        name: Option<&str>,
        work: impl FnOnce(&Folder) -> io::Result<T> + Send,
    ) -> io::Result<T> {
        self.give()?;
        self.rights.run(|| {
            let parent = Folder::made(self.dir.parent().unwrap_or(Path::new("/")))?;
            let folder = self.closed(self.owned(parent.make(self.name())?)?)?;
            work(&self.below(folder, name, Folder::make)?)
        })?
    }

    fn parent(&self) -> io::Result<Folder> {
        Folder::at(self.dir.parent().unwrap_or(Path::new("/")))
    }

    fn name(&self) -> &OsStr {
        self.dir.file_name().unwrap_or(OsStr::new("."))
    }

    fn below(
        &self,
        folder: Folder,
        name: Option<&str>,
        open: impl FnOnce(&Folder, &OsStr) -> io::Result<Folder>,
    ) -> io::Result<Folder> {
        match name {
            Some(name) => self.owned(open(&folder, name.as_ref())?),
            None => Ok(folder),
        }
    }

    /// The folder, if it is the place's own.
    fn owned(&self, folder: Folder) -> io::Result<Folder> {
        match folder.stat()?.st_uid {
            uid if uid == self.uid => Ok(folder),
            uid => Err(Refused::OwnerIs(uid).into()),
        }
    }

    /// The folder, closed for everybody else.
    fn closed(&self, folder: Folder) -> io::Result<Folder> {
        if folder.stat()?.st_mode & 0o077 != 0 {
            rustix::fs::fchmod(folder.open()?, Mode::RWXU)?;
        }
        Ok(folder)
    }

    /// The file, if it is the place's own and has no second name elsewhere.
    ///
    /// # Errors
    /// [`Refused`]; those of the system.
    pub(super) fn own_file(&self, file: File) -> io::Result<File> {
        let meta = file.metadata()?;
        if meta.uid() != self.uid {
            Err(Refused::OwnerIs(meta.uid()).into())
        } else if meta.nlink() > 1 {
            Err(Refused::SecondName(self.uid).into())
        } else {
            Ok(file)
        }
    }

    /// Makes the folder as root and gives it away, where only root can make it.
    fn give(&self) -> io::Result<()> {
        let Some((uid, gid)) = self.give_to else { return Ok(()) };
        if files::exists(&self.dir) {
            return Ok(());
        }
        let made = self.parent()?.make(self.name())?;
        // Only root can make something there, and it was just made.
        Ok(rustix::fs::fchown(made.open()?, Some(Uid::from_raw(uid)), Some(Gid::from_raw(gid)))?)
    }

    /// Whether a user may look for an installation's state here: it belongs to one of these.
    pub(super) fn belongs_to(&self, users: &[u32]) -> bool {
        users.contains(&self.uid)
    }
}

/// `.bwsync` beside `bwdata`, where this user may use it: it must be a real folder of the installation's owner,
/// or one that can be made so.
pub(super) fn beside(installation: &Installation, user: &User) -> Beside {
    let owner = &installation.owner;
    if !user.is_root() && user.uid != owner.uid {
        return Beside::Not;
    }
    let place = beside_of(installation, user);
    let Ok(parent) = fs::metadata(&installation.dir) else { return Beside::Not };
    match fs::symlink_metadata(&place.dir) {
        Ok(meta) if meta.is_dir() && meta.uid() == owner.uid => Beside::Here(place),
        Ok(meta) => Beside::Taken(Box::new(taken(&place.dir, &meta, owner, user))),
        Err(_) if place.rights.run(|| may_make_in(&installation.dir)).unwrap_or(false) => {
            // Root itself makes nothing in another user's folder.
            let safe = place.rights != Rights::Own || !user.is_root() || roots_alone(&parent);
            if safe { Beside::Here(place) } else { Beside::Not }
        }
        Err(_) if user.is_root() && roots_alone(&parent) => {
            Beside::Here(Place { give_to: Some((owner.uid, owner.gid)), ..place })
        }
        Err(_) => Beside::Not,
    }
}

/// The same as a place to look at, whoever asks.
pub(super) fn beside_of(installation: &Installation, user: &User) -> Place {
    let owner = &installation.owner;
    let (dir, rights) = (installation.dir.join(NAME), Rights::of(owner, user));
    Place { dir, rights, uid: owner.uid, give_to: None }
}

/// What it means that something else stands where the state belongs. What root left there is given back; what
/// anybody else put there is set aside, and not believed.
fn taken(dir: &Path, meta: &fs::Metadata, owner: &Owner, user: &User) -> Finding {
    let whose = user::owner(meta.uid(), meta.gid());
    let word = user::quote_path(dir);
    let sudo = if user.is_root() { "" } else { "sudo " };
    if meta.is_dir() {
        let command = if meta.uid() == 0 {
            format!("{sudo}chown -hR {}:{} {word}", owner.uid, owner.gid)
        } else {
            format!("{sudo}mv {word} {}", user::quote_path(&free_name(dir)))
        };
        return Finding::new(Cause::InstallWrongOwner)
            .with("path", dir.to_string_lossy())
            .with("owner", whose.to_string())
            .with("expected", owner.to_string())
            .command(AdviceCode::RunAsOwner, command);
    }
    Finding::new(Cause::InstallNotWritable)
        .with("path", dir.to_string_lossy())
        .with("owner", whose.to_string())
        .with("reason", if meta.is_symlink() { "a symlink, not a folder" } else { "not a folder" })
        .command(AdviceCode::RunAsOwner, format!("{sudo}mv {word} {}", user::quote_path(&free_name(dir))))
}

fn free_name(dir: &Path) -> PathBuf {
    let name = |number: u32| dir.with_file_name(format!("{NAME}.old-{number}"));
    (1..1_000).map(name).find(|path| !files::exists(path)).unwrap_or_else(|| name(1_000))
}

/// Whether nobody but root can make or swap something in this folder.
fn roots_alone(meta: &fs::Metadata) -> bool {
    meta.uid() == 0 && meta.mode() & 0o022 == 0
}

/// Whether the calling thread may make something in this folder.
fn may_make_in(dir: &Path) -> bool {
    rustix::fs::accessat(CWD, dir, Access::WRITE_OK | Access::EXEC_OK, AtFlags::EACCESS).is_ok()
}

/// The user's own state folder for an installation, `$XDG_STATE_HOME/bwsync/<hash>`.
pub(super) fn own(what: &str, user: &User) -> Place {
    let home = || user.home.clone().unwrap_or_else(env::temp_dir).join(".local/state");
    let base = env::var_os("XDG_STATE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let place = settled(below(&base.unwrap_or_else(home), what), user);
    // `sudo -E` keeps the caller's home: root does not believe what lies there.
    match user::account(user.uid).filter(|_| place.uid != user.uid) {
        Some(account) => settled(below(&account.home.join(".local/state"), what), user),
        None => place,
    }
}

/// The owner's, as the owner has it where its environment says nothing else; for root in its stead.
pub(super) fn of_owner(what: &str, owner: &Owner, user: &User) -> Option<Place> {
    let home = user::account(owner.uid).filter(|_| user.is_root() && owner.uid != 0)?.home;
    let meta = fs::metadata(&home).ok().filter(|meta| meta.is_dir() && meta.uid() == owner.uid)?;
    let dir = below(&home.join(".local/state"), what);
    Some(Place { dir, rights: Rights::of(owner, user), uid: meta.uid(), give_to: None })
}

fn below(base: &Path, what: &str) -> PathBuf {
    let hash = sha256(what.as_bytes());
    base.join("bwsync").join(hash.get(..16).unwrap_or_default())
}

/// A folder used with the rights of whoever owns it, or what it will be made in.
pub(super) fn settled(dir: PathBuf, user: &User) -> Place {
    let dir = fs::canonicalize(&dir).unwrap_or(dir);
    let there = dir.ancestors().find_map(|part| fs::metadata(part).ok());
    let rights = there.map_or(Rights::Own, |meta| Rights::of(&user::owner(meta.uid(), meta.gid()), user));
    let uid = rights.taken_from().map_or(user.uid, |owner| owner.uid);
    Place { dir, rights, uid, give_to: None }
}
