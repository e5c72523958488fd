//! Replaces a file as a whole: whatever happens in between, there stands the old file or the new one, with the
//! owner, group, mode and label that it had (design §7, "Write").

use std::{
    ffi::{OsStr, OsString},
    fs::{File, Metadata},
    io::{self, Write as _},
    os::unix::{ffi::OsStrExt, fs::MetadataExt},
    path::{Path, PathBuf},
};

use rustix::{
    fs::{Access, AtFlags, Gid, Mode, Uid, XattrFlags},
    io::Errno,
};

use crate::domain::{
    check::{AdviceCode, Cause, Finding},
    installation::Owner,
};

use super::{
    super::{rights::Rights, user},
    Folder, Refused, User, not_writable, read_all, sha256,
    walk::{self, Found},
};

/// What a file has beside owner, group and mode: SELinux's label, and an access list, which the mode's group
/// bits only sum up.
const LABELS: [&str; 2] = ["security.selinux", "system.posix_acl_access"];
/// Longest label that is kept, in bytes.
const LABEL_LENGTH: usize = 4_096;
/// Longest file that is replaced, in bytes.
const LONGEST: u64 = 16 << 20;

/// How often what came out is put back, where somebody saves again each time.
const EXCHANGES: usize = 5;
/// Most names in the folder; a temp file that a killed run left is looked for among them.
const NAMES: usize = 100_000;

/// One file to be replaced.
#[derive(Debug, Clone, Copy)]
pub struct Write<'a> {
    /// The file; it must exist.
    pub path: &'a Path,
    /// What it is to hold.
    pub bytes: &'a [u8],
    /// SHA-256 (hex) of what it must still hold.
    pub expected: &'a str,
}

/// Why a file was not replaced. It is then as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriteError {
    /// It is not the file that the plan was made for.
    Changed,
    /// Something stands in the way.
    Found(Finding),
}

impl From<Finding> for WriteError {
    fn from(finding: Finding) -> Self {
        Self::Found(finding)
    }
}

/// The steps of a write, each a moment in which a run can be killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Checked,
    Created,
    Written,
    Dressed,
    Synced,
    /// Looked at once more: the last moment in which somebody else can save.
    Looked,
    /// The new file stands, what came out for it is not looked at yet.
    Exchanged,
    Renamed,
}

/// Replaces the file: temp file in the same folder, fsync, owner, group, mode and label as before, rename,
/// fsync of the folder. Where the file system can exchange two names what came out for the new file is looked at:
/// what an editor saved in the last moment is put back. Call it with the run's lock held: it removes temp files that killed runs left.
///
/// Root does all of it with the rights of the file's owner; a file of root in a folder of another user is
/// refused (`install.wrong_owner`), since that user could swap it underneath root, and could not read it either.
///
/// # Errors
/// [`WriteError::Changed`] where the file is not the expected one; `install.not_writable`,
/// `install.wrong_owner` or `restart.disk_full` with what helps.
pub fn write_atomically(write: &Write<'_>, user: &User) -> Result<(), WriteError> {
    write_watched(write, user, &mut |_| Ok(()))
}

/// Whether [`write_atomically`] could replace this file, without writing anything: for the gate before an apply.
///
/// # Errors
/// The same findings.
pub fn may_replace(path: &Path, user: &User) -> Result<(), Finding> {
    let look = || -> Result<(), WriteError> {
        let spot = spot(path, user)?;
        let access = Access::WRITE_OK | Access::EXEC_OK;
        let allowed = Rights::of(&spot.owner, user)
            .run(|| {
                let folder = walk::find(path)?.folder;
                Ok(rustix::fs::accessat(&folder, ".", access, AtFlags::EACCESS)?)
            })
            .and_then(|access| access);
        allowed.map_err(|error| denied(&spot.path, &error, Some(&spot.owner), user))
    };
    match look() {
        Err(WriteError::Found(finding)) => Err(finding),
        Ok(()) | Err(WriteError::Changed) => Ok(()),
    }
}

/// Where a file really stands, and whose it is.
struct Spot {
    found: Found,
    path: PathBuf,
    owner: Owner,
}

fn spot(path: &Path, user: &User) -> Result<Spot, WriteError> {
    let found = walk::find(path).map_err(|error| denied(path, &error, None, user))?;
    let (uid, gid) = found.owner();
    let owner = user::owner(uid, gid);
    found.trusted().map_err(|refused| led_astray(path, refused))?;
    let spot = Spot { path: found.path(), found, owner };
    may_write(&spot, user)?;
    Ok(spot)
}

fn led_astray(path: &Path, refused: Refused) -> WriteError {
    let (Refused::LinkOf(uid) | Refused::SecondName(uid) | Refused::OwnerIs(uid)) = refused;
    let finding = Finding::new(Cause::InstallNotWritable)
        .with("path", path.to_string_lossy())
        .with("owner", user::owner(uid, 0).to_string())
        .with("reason", "symlink of another user");
    finding.into()
}

/// Called between the steps; an error ends the write there as a kill would, with nothing tidied.
type Watch<'a> = &'a mut (dyn FnMut(Step) -> Result<(), Killed> + Send);

/// Stands for a killed process, in tests.
#[derive(Debug)]
struct Killed;

fn write_watched(write: &Write<'_>, user: &User, watch: Watch<'_>) -> Result<(), WriteError> {
    let Spot { path, owner, .. } = spot(write.path, user)?;
    let rights = Rights::of(&owner, user);
    let done = rights.run(|| {
        // Gone once more with these rights: the owner must be able to go there too, and what stands on the way
        // now is what the file is written through.
        let found = walk::find(write.path)?;
        found.trusted()?;
        if found.owner().0 != owner.uid {
            return Err(Refused::OwnerIs(found.owner().0).into());
        }
        if rights == Rights::Own && user.is_root() {
            roots_folder(&found)?;
        }
        replace(&Place { path: write.path, owner: owner.uid, found }, write, watch)
    });
    match done {
        Ok(Ok(done)) => done,
        Ok(Err(error)) | Err(error) => Err(match Refused::of(&error) {
            Some(refused) => led_astray(write.path, refused),
            None => denied(&path, &error, Some(&owner), user),
        }),
    }
}

/// Root writes a file of its own only in a folder of its own: whoever owns the folder could swap the file.
fn roots_folder(found: &Found) -> io::Result<()> {
    match found.folder.stat()?.st_uid {
        0 => Ok(()),
        uid => Err(Refused::OwnerIs(uid).into()),
    }
}

fn denied(path: &Path, error: &io::Error, owner: Option<&Owner>, user: &User) -> WriteError {
    let nobody = Owner { uid: user.uid, gid: user.gid, name: user.name.clone() };
    not_writable(path, error, owner.unwrap_or(&nobody), user).into()
}

/// Only the file's owner, or root in its stead, can keep the file its owner.
fn may_write(spot: &Spot, user: &User) -> Result<(), WriteError> {
    let Spot { found, path, owner } = spot;
    if !user.is_root() {
        return if user.uid == owner.uid {
            Ok(())
        } else {
            Err(denied(path, &io::ErrorKind::PermissionDenied.into(), Some(owner), user))
        };
    }
    let folder = found.folder.stat().map_err(|error| denied(path, &error, Some(owner), user))?;
    if owner.uid == 0 && folder.st_uid != 0 {
        let theirs = user::owner(folder.st_uid, folder.st_gid);
        let command = format!("sudo chown {}:{} {}", theirs, folder.st_gid, user::quote_path(path));
        return Err(Finding::new(Cause::InstallWrongOwner)
            .with("path", path.to_string_lossy())
            .with("owner", owner.to_string())
            .with("expected", theirs.to_string())
            .command(AdviceCode::RunAsOwner, command)
            .into());
    }
    Ok(())
}

/// A file by the handle of the folder that holds it, so that nobody can swap the folder meanwhile.
struct Place<'a> {
    /// The path that was asked for.
    path: &'a Path,
    /// Whose the file is, before and after.
    owner: u32,
    found: Found,
}

impl Place<'_> {
    fn folder(&self) -> &Folder {
        &self.found.folder
    }

    /// The beginning of our temp files' names for this file.
    fn prefix(&self) -> OsString {
        let mut prefix = OsString::from(".");
        prefix.push(&self.found.name);
        prefix.push(".bwsync-");
        prefix
    }

    fn create(&self) -> io::Result<(OsString, File)> {
        let mut name = self.prefix();
        name.push(uuid::Uuid::new_v4().simple().to_string());
        let file = self.folder().create(&name)?;
        Ok((name, file))
    }

    fn remove(&self, name: &OsStr) {
        // A temp file that cannot be removed now is removed by the next run.
        let _ = self.folder().remove(name);
    }

    /// Removes what killed runs left.
    fn tidy(&self) -> io::Result<()> {
        let prefix = self.prefix();
        for name in self.folder().names(NAMES)? {
            if name.as_bytes().starts_with(prefix.as_bytes()) {
                self.remove(&name);
            }
        }
        Ok(())
    }

    /// The file, if it holds what is expected and is still its owner's.
    fn still(&self, expected: &str) -> io::Result<Option<File>> {
        self.holds(&self.found.name, expected)
    }

    /// The same for a file of another name.
    fn holds(&self, name: &OsStr, expected: &str) -> io::Result<Option<File>> {
        let file = self.folder().read(name)?;
        if file.metadata()?.uid() != self.owner {
            return Ok(None);
        }
        Ok((sha256(&read_all(&file, LONGEST)?) == expected).then_some(file))
    }

    /// Whether the path still leads into the folder whose handle we have.
    fn leads_here(&self) -> io::Result<bool> {
        let now = walk::find(self.path)?;
        let (now, then) = (now.folder.stat()?, self.folder().stat()?);
        Ok((now.st_dev, now.st_ino) == (then.st_dev, then.st_ino))
    }

    /// Which file stands under a name, and what it holds where it is one that can be read.
    fn seen(&self, name: &OsStr) -> io::Result<Seen> {
        let stat = rustix::fs::statat(self.folder(), name, AtFlags::SYMLINK_NOFOLLOW)?;
        let read = self.folder().read(name).and_then(|file| read_all(&file, LONGEST));
        Ok(Seen { inode: stat.st_ino, sha256: read.ok().map(|bytes| sha256(&bytes)) })
    }

    /// Puts the new file, which is written as `temp`, in the place of the old one.
    fn put_in(
        &self,
        temp: &OsStr,
        write: &Write<'_>,
        go: &mut dyn FnMut(Step) -> bool,
    ) -> io::Result<Filled> {
        let name = &self.found.name;
        let ours = self.seen(temp)?;
        if !self.folder().exchange(temp, name)? {
            self.folder().rename(temp, name)?;
            return Ok(Filled::Renamed);
        }
        if !go(Step::Exchanged) {
            return Ok(Filled::Killed);
        }
        // Whatever cannot be told to be the file that was read is somebody else's.
        let old = self.holds(temp, write.expected).is_ok_and(|old| old.is_some());
        if old && self.leads_here().unwrap_or(false) {
            self.remove(temp);
            return Ok(Filled::Renamed);
        }
        Ok(match self.take_out(temp, ours) {
            Ok(()) => Filled::Changed,
            Err(error) => Filled::Stuck(error),
        })
    }

    /// Puts back what came out for the new file. Who saved even since then did it over what we had put there: the
    /// newest stays. What is removed was seen before.
    fn take_out(&self, temp: &OsStr, ours: Seen) -> io::Result<()> {
        let mut put = ours;
        for _ in 0..EXCHANGES {
            let next = self.seen(temp)?;
            self.folder().exchange(temp, &self.found.name)?;
            if self.seen(temp)? == put {
                self.remove(temp);
                return Ok(());
            }
            put = next;
        }
        Ok(())
    }
}

/// A file as it was seen under a name.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    inode: u64,
    sha256: Option<String>,
}

/// The steps themselves, with the right rights already taken on. The outer error is the system's.
fn replace(place: &Place<'_>, write: &Write<'_>, watch: Watch<'_>) -> io::Result<Result<(), WriteError>> {
    let Some(old) = place.still(write.expected)? else { return Ok(Err(WriteError::Changed)) };
    place.tidy()?;
    if watch(Step::Checked).is_err() {
        return Ok(Ok(()));
    }
    let (name, mut new) = place.create()?;
    let mut filled = || -> io::Result<Filled> {
        let mut go = |step| watch(step).is_ok();
        if !go(Step::Created) {
            return Ok(Filled::Killed);
        }
        new.write_all(write.bytes)?;
        if !go(Step::Written) {
            return Ok(Filled::Killed);
        }
        dress(&new, &old)?;
        if !go(Step::Dressed) {
            return Ok(Filled::Killed);
        }
        new.sync_all()?;
        if !go(Step::Synced) {
            return Ok(Filled::Killed);
        }
        // Looked at once more: an editor may have saved while we wrote beside it.
        if !place.leads_here()? || place.still(write.expected)?.is_none() {
            return Ok(Filled::Changed);
        }
        if !go(Step::Looked) {
            return Ok(Filled::Killed);
        }
        place.put_in(&name, write, &mut go)
    };
    match filled() {
        Ok(Filled::Renamed) => {
            let _ = watch(Step::Renamed);
            place.folder().sync();
            Ok(Ok(()))
        }
        Ok(Filled::Killed) => Ok(Ok(())),
        Ok(Filled::Changed) => {
            place.remove(&name);
            Ok(Err(WriteError::Changed))
        }
        Ok(Filled::Stuck(error)) => Err(error),
        Err(error) => {
            place.remove(&name);
            Err(error)
        }
    }
}

enum Filled {
    Renamed,
    Changed,
    Killed,
    /// What came out for the new file could not be put back; it still stands beside it.
    Stuck(io::Error),
}

/// Gives the new file owner, group, mode and labels of the old one. Mode after owner, which may drop bits;
/// labels last, because setting the mode rewrites an access list.
fn dress(new: &File, old: &File) -> io::Result<()> {
    let (was, is): (Metadata, Metadata) = (old.metadata()?, new.metadata()?);
    if (was.uid(), was.gid()) != (is.uid(), is.gid()) {
        let uid = (was.uid() != is.uid()).then(|| Uid::from_raw(was.uid()));
        rustix::fs::fchown(new, uid, Some(Gid::from_raw(was.gid())))?;
    }
    rustix::fs::fchmod(new, Mode::from_raw_mode(was.mode() & 0o7777))?;
    for name in LABELS {
        if let Some(label) = label(old, name)?.filter(|label| !label.is_empty())
            && label != self::label(new, name)?.unwrap_or_default()
        {
            rustix::fs::fsetxattr(new, name, &label, XattrFlags::empty())?;
        }
    }
    Ok(())
}

/// A label, where the file system knows one of this name.
fn label(file: &File, name: &str) -> io::Result<Option<Vec<u8>>> {
    let mut value = vec![0; LABEL_LENGTH];
    match rustix::fs::fgetxattr(file, name, &mut value) {
        Ok(length) => {
            value.truncate(length);
            Ok(Some(value))
        }
        Err(Errno::NODATA | Errno::OPNOTSUPP | Errno::NOSYS | Errno::PERM | Errno::ACCESS) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
#[path = "write_tests.rs"]
mod tests;
