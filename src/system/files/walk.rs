//! The one way to open: a path is walked, not believed. Every part of it is opened on the handle of the folder
//! that holds it, links are followed by hand, and owner and kind are read from the handle, so that nothing can
//! be swapped between a look and what is done after it (design §7; sudo-rs opens what `sudoedit` edits so).

use std::{
    error::Error,
    ffi::{OsStr, OsString},
    fmt,
    fs::{File, Metadata},
    io,
    os::{
        fd::{AsFd, BorrowedFd, OwnedFd},
        unix::{
            ffi::{OsStrExt, OsStringExt},
            fs::MetadataExt,
        },
    },
    path::{Component, Path, PathBuf},
};

use rustix::{
    fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, Stat},
    io::Errno,
};

use super::weak::Passed;

/// Links that are followed on one way, as many as the kernel follows.
const LINKS: u32 = 40;
/// How a part of a path is opened: only to go on from there or to look at it, which needs no right to read.
#[cfg(target_os = "linux")]
const STEP: OFlags = OFlags::PATH;
/// Elsewhere a link cannot be opened by itself, and is not followed.
#[cfg(not(target_os = "linux"))]
const STEP: OFlags = OFlags::NONBLOCK;
/// What every opening here has.
const ALWAYS: OFlags = OFlags::NOFOLLOW.union(OFlags::CLOEXEC).union(OFlags::NONBLOCK);

/// Why a way is not gone, though the system would: somebody could lead us astray on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// It goes over a link, and this user could change where it leads.
    LinkOf(u32),
    /// The file has a second name elsewhere, made where this user may make names.
    SecondName(u32),
    /// It belongs to this user and should not.
    OwnerIs(u32),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LinkOf(uid) => write!(f, "symlink of another user ({uid})"),
            Self::SecondName(uid) => write!(f, "hard link, in a folder of user {uid}"),
            Self::OwnerIs(uid) => write!(f, "belongs to another user ({uid})"),
        }
    }
}

impl Error for Refused {}

impl From<Refused> for io::Error {
    fn from(refused: Refused) -> Self {
        Self::new(io::ErrorKind::PermissionDenied, refused)
    }
}

impl Refused {
    /// The refusal that an error stands for, if it is one.
    pub fn of(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref().copied()
    }
}

/// A folder by its handle.
#[derive(Debug)]
pub struct Folder {
    handle: OwnedFd,
    path: PathBuf,
}

/// Where a path leads: the name in its folder, and who could have changed the way there.
#[derive(Debug)]
pub struct Found {
    /// The folder that holds it.
    pub folder: Folder,
    /// Its name there.
    pub name: OsString,
    stat: Stat,
    /// The folders and links on the way.
    pub(super) passed: Vec<Passed>,
    links: u32,
}

/// Goes the way to what a path means. Links are followed; whether they may be is asked of what was found
/// ([`Found::trusted`]), since that depends on whose it is.
///
/// # Errors
/// Those of the system.
pub fn find(path: &Path) -> io::Result<Found> {
    let mut todo = Vec::new();
    let start = if path.is_absolute() { Path::new("/") } else { Path::new(".") };
    let mut at = Folder::root(start)?;
    let (mut passed, mut links) = (vec![Passed::new(at.path.clone(), at.stat()?)], 0);
    push(&mut todo, path);
    while let Some(name) = todo.pop() {
        if name == "/" {
            at = Folder::root(Path::new("/"))?;
            continue;
        }
        let handle = rustix::fs::openat(&at.handle, &name, STEP | ALWAYS, Mode::empty())?;
        let stat = rustix::fs::fstat(&handle)?;
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::Symlink => {
                links += 1;
                if links > LINKS {
                    return Err(Errno::LOOP.into());
                }
                passed.push(Passed::new(at.joined(&name), stat));
                let target = rustix::fs::readlinkat(&handle, "", Vec::new())?;
                push(&mut todo, Path::new(OsStr::from_bytes(target.to_bytes())));
            }
            FileType::Directory if !todo.is_empty() => {
                let path = at.joined(&name);
                passed.push(Passed::new(path.clone(), stat));
                at = Folder { handle, path };
            }
            _ if todo.is_empty() => return Ok(Found { folder: at, name, stat, passed, links }),
            _ => return Err(io::ErrorKind::NotADirectory.into()),
        }
    }
    // The path was `/` or `.`: a folder that is named by itself.
    let stat = at.stat()?;
    Ok(Found { folder: at, name: ".".into(), stat, passed, links })
}

/// A regular file, for reading. Anything else (a pipe, a device, a folder) is refused and never waited for.
///
/// # Errors
/// Those of the system; `InvalidInput` where it is no regular file; [`Refused`].
pub fn open(path: &Path) -> io::Result<File> {
    find(path)?.open()
}

/// Whether this process has root's rights, be it that it lends itself the owner's just now
/// ([`super::super::Rights`]): then the way there must be one that nobody else could bend.
fn rights_of_root() -> bool {
    rustix::process::getuid().is_root() || rustix::process::geteuid().is_root()
}

/// The parts of a path, the last one first, after what is still to be gone.
fn push(todo: &mut Vec<OsString>, path: &Path) {
    let parts: Vec<_> = path
        .components()
        .filter(|part| !matches!(part, Component::CurDir | Component::Prefix(_)))
        .map(|part| part.as_os_str().to_owned())
        .collect();
    todo.extend(parts.into_iter().rev());
}

impl Found {
    /// The path without links.
    pub fn path(&self) -> PathBuf {
        self.folder.joined(&self.name)
    }

    /// Whose it is: user and group.
    pub fn owner(&self) -> (u32, u32) {
        (self.stat.st_uid, self.stat.st_gid)
    }

    /// What it is.
    pub fn kind(&self) -> FileType {
        FileType::from_raw_mode(self.stat.st_mode)
    }

    /// What the handle tells of it.
    pub fn stat(&self) -> &Stat {
        &self.stat
    }

    /// A symlink is followed only if it and every folder on the way belong to root or the owner of what it
    /// leads to.
    ///
    /// # Errors
    /// [`Refused::LinkOf`] whoever else it is.
    pub fn trusted(&self) -> Result<(), Refused> {
        self.trusted_for(self.stat.st_uid)
    }

    fn trusted_for(&self, owner: u32) -> Result<(), Refused> {
        let mut owners = self.passed.iter().map(|part| part.stat.st_uid);
        match owners.find(|uid| *uid != 0 && *uid != owner).filter(|_| self.links > 0) {
            Some(uid) => Err(Refused::LinkOf(uid)),
            None => Ok(()),
        }
    }

    /// Opens it for reading, if it is a regular file that root too may read.
    ///
    /// # Errors
    /// As [`open`].
    pub fn open(&self) -> io::Result<File> {
        if self.kind() != FileType::RegularFile {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let (file, meta) = self.folder.regular(&self.name, OFlags::RDONLY)?;
        if rights_of_root() {
            self.trusted_for(meta.uid())?;
        }
        if rustix::process::geteuid().is_root() && meta.nlink() > 1 {
            self.folder.roots_alone()?;
        }
        Ok(file)
    }
}

impl Folder {
    fn root(path: &Path) -> io::Result<Self> {
        let handle = rustix::fs::openat(CWD, path, STEP | ALWAYS | OFlags::DIRECTORY, Mode::empty())?;
        Ok(Self { handle, path: path.to_owned() })
    }

    /// The folder that a path means, over links only as [`Found::trusted`] has it where root does this.
    ///
    /// # Errors
    /// Those of the system; [`Refused`].
    pub fn at(path: &Path) -> io::Result<Self> {
        let found = find(path)?;
        let folder = found.folder.enter(&found.name)?;
        if rights_of_root() {
            found.trusted_for(folder.stat()?.st_uid)?;
        }
        Ok(folder)
    }

    /// The same, made with all its parents where it is missing, each for its owner alone.
    ///
    /// # Errors
    /// Those of the system; [`Refused`].
    pub fn made(path: &Path) -> io::Result<Self> {
        match Self::at(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else { return Err(error) };
                Self::made(parent)?.make(name)
            }
            folder => folder,
        }
    }

    /// The path of a name in it, for showing.
    pub fn joined(&self, name: &OsStr) -> PathBuf {
        if name == ".." {
            self.path.parent().unwrap_or(&self.path).to_owned()
        } else if name == "." {
            self.path.clone()
        } else {
            self.path.join(name)
        }
    }

    /// What the handle tells: owner, mode, which folder it is.
    ///
    /// # Errors
    /// Those of the system.
    pub fn stat(&self) -> io::Result<Stat> {
        Ok(rustix::fs::fstat(&self.handle)?)
    }

    /// Whether nobody but root can make or swap something in it.
    fn roots_alone(&self) -> io::Result<()> {
        let stat = self.stat()?;
        if stat.st_uid == 0 && stat.st_mode & 0o022 == 0 {
            Ok(())
        } else {
            Err(Refused::SecondName(stat.st_uid).into())
        }
    }

    /// A folder in it. A link is none.
    ///
    /// # Errors
    /// Those of the system; `NotADirectory`.
    pub fn enter(&self, name: &OsStr) -> io::Result<Self> {
        let flags = STEP | ALWAYS | OFlags::DIRECTORY;
        let handle = rustix::fs::openat(&self.handle, name, flags, Mode::empty()).map_err(|error| {
            if error == Errno::LOOP { io::ErrorKind::NotADirectory.into() } else { io::Error::from(error) }
        })?;
        Ok(Self { handle, path: self.joined(name) })
    }

    /// The same, made (0700) where it is missing.
    ///
    /// # Errors
    /// Those of the system; `NotADirectory`.
    pub fn make(&self, name: &OsStr) -> io::Result<Self> {
        match rustix::fs::mkdirat(&self.handle, name, Mode::RWXU) {
            Ok(()) => self.sync(),
            Err(Errno::EXIST) => {}
            Err(error) => return Err(error.into()),
        }
        self.enter(name)
    }

    /// The folder opened for listing, locking and bringing its entries to the disk.
    ///
    /// # Errors
    /// Those of the system.
    pub fn open(&self) -> io::Result<File> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | ALWAYS;
        Ok(rustix::fs::openat(&self.handle, ".", flags, Mode::empty())?.into())
    }

    /// The names in it, in no order.
    ///
    /// # Errors
    /// Those of the system; `FileTooLarge` where there are more than `most`.
    pub fn names(&self, most: usize) -> io::Result<Vec<OsString>> {
        let mut names = Vec::new();
        for entry in Dir::read_from(self.open()?)? {
            let name = entry?.file_name().to_bytes().to_vec();
            if name == b"." || name == b".." {
                continue;
            }
            if names.len() == most {
                return Err(io::ErrorKind::FileTooLarge.into());
            }
            names.push(OsString::from_vec(name));
        }
        Ok(names)
    }

    fn regular(&self, name: &OsStr, flags: OFlags) -> io::Result<(File, Metadata)> {
        let opened = rustix::fs::openat(&self.handle, name, flags | ALWAYS, Mode::empty());
        let file: File = match opened {
            Ok(file) => file.into(),
            Err(Errno::LOOP | Errno::NXIO | Errno::ISDIR) => return Err(io::ErrorKind::InvalidInput.into()),
            Err(error) => return Err(error.into()),
        };
        let meta = file.metadata()?;
        if meta.is_file() { Ok((file, meta)) } else { Err(io::ErrorKind::InvalidInput.into()) }
    }

    /// Opens a regular file in it for reading; a link is none.
    ///
    /// # Errors
    /// Those of the system; `InvalidInput` where it is no regular file.
    pub fn read(&self, name: &OsStr) -> io::Result<File> {
        Ok(self.regular(name, OFlags::RDONLY)?.0)
    }

    /// Makes a file in it (0600), opened for reading and for writing at its end.
    ///
    /// # Errors
    /// Those of the system; `AlreadyExists` where the name is taken, by a link too.
    pub fn create(&self, name: &OsStr) -> io::Result<File> {
        let flags = OFlags::RDWR | OFlags::APPEND | OFlags::CREATE | OFlags::EXCL | ALWAYS;
        Ok(rustix::fs::openat(&self.handle, name, flags, Mode::RUSR | Mode::WUSR)?.into())
    }

    /// Gives a file in it another name in it, in the place of what has that name.
    ///
    /// # Errors
    /// Those of the system.
    pub fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        Ok(rustix::fs::renameat(&self.handle, from, &self.handle, to)?)
    }

    /// Exchanges the names of two files in it at once; false where the file system has no such thing.
    ///
    /// # Errors
    /// Those of the system.
    #[cfg(target_os = "linux")]
    pub fn exchange(&self, one: &OsStr, other: &OsStr) -> io::Result<bool> {
        let flags = rustix::fs::RenameFlags::EXCHANGE;
        match rustix::fs::renameat_with(&self.handle, one, &self.handle, other, flags) {
            Ok(()) => Ok(true),
            Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Exchanges the names of two files in it at once: not here.
    ///
    /// # Errors
    /// None.
    #[cfg(not(target_os = "linux"))]
    pub fn exchange(&self, _: &OsStr, _: &OsStr) -> io::Result<bool> {
        Ok(false)
    }

    /// Removes a file in it.
    ///
    /// # Errors
    /// Those of the system.
    pub fn remove(&self, name: &OsStr) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(&self.handle, name, AtFlags::empty())?)
    }

    /// Brings its entries to the disk, as far as the file system can be asked for that.
    pub fn sync(&self) {
        // What was done stands; not every file system knows how to bring an entry to the disk.
        let _ = self.open().and_then(|folder| folder.sync_all());
    }
}

impl AsFd for Folder {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.handle.as_fd()
    }
}

#[cfg(test)]
#[path = "walk_tests.rs"]
mod tests;
