//! The folder in which bwsync keeps what belongs to one installation: backups, journals, the device identifier,
//! the output of restarts (design §7, "State belongs to the installation"). It is made when something is
//! stored, never by looking.

use std::{
    env,
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use rustix::fs::{Access, AtFlags, Gid, Mode, OFlags, Uid};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::{
    action::{Act, Contents},
    check::Finding,
    installation::{Installation, Owner},
    journal::{Command, Entry, Line, Run},
    outside,
};

use super::{
    Rights, User, clock,
    files::{self, not_writable, read_bounded, sha256},
    user,
};

/// Name of the folder beside `bwdata`.
pub const NAME: &str = ".bwsync";
/// Backups that are kept.
const BACKUPS: usize = 10;
/// Runs whose journals and restart outputs are kept.
const RUNS: usize = 50;
/// Longest journal, in bytes.
const JOURNAL: u64 = 1 << 20;

/// The state of one installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// Where it is stored.
    chosen: Place,
    /// Where it might have been stored by another user or in another time.
    other: Option<Place>,
    user: User,
}

/// One folder and the rights with which it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    dir: PathBuf,
    rights: Rights,
    /// Root makes it in a folder of its own and gives it to this user.
    give_to: Option<(u32, u32)>,
}

impl State {
    /// Decides where state is kept: `given` (`--state-dir`), else `.bwsync` beside `bwdata`, else below the
    /// user's own state folder. Makes nothing.
    pub fn of(installation: &Installation, given: Option<&Path>, user: &User) -> Self {
        let beside = beside(installation, user);
        let own = own(&installation.dir.to_string_lossy(), user);
        let (chosen, other) = match (given, beside) {
            (Some(given), _) => (settled(given.to_owned(), user), None),
            (None, Some(beside)) => (beside, Some(own)),
            (None, None) => {
                let dir = installation.dir.join(NAME);
                (own, Some(Place { dir, rights: Rights::of(&installation.owner, user), give_to: None }))
            }
        };
        Self { chosen, other, user: user.clone() }
    }

    /// The same where there is a server but no installation (`--server`).
    pub fn of_server(server: &str, given: Option<&Path>, user: &User) -> Self {
        let chosen = given.map_or_else(|| own(server, user), |given| settled(given.to_owned(), user));
        Self { chosen, other: None, user: user.clone() }
    }

    /// The folder in use.
    pub fn dir(&self) -> &Path {
        &self.chosen.dir
    }

    /// The stable device identifier of this installation and user; made and stored at the first sign-in.
    ///
    /// # Errors
    /// It cannot be stored.
    pub fn device(&self) -> Result<Uuid, Finding> {
        for place in [Some(&self.chosen), self.other.as_ref()].into_iter().flatten() {
            let path = place.dir.join("device");
            let text = place.rights.run(|| read_bounded(&path, 100)).ok().and_then(Result::ok);
            let known = text.and_then(|text| Uuid::try_parse(String::from_utf8_lossy(&text).trim()).ok());
            if let Some(device) = known {
                return Ok(device);
            }
        }
        let device = Uuid::new_v4();
        self.store("device", |path| {
            let _ = fs::remove_file(path);
            let mut file = new_file(path)?;
            file.write_all(format!("{device}\n").as_bytes())?;
            file.sync_all()
        })?;
        Ok(device)
    }

    /// Keeps a copy of a file, 0600, and prunes old ones.
    ///
    /// # Errors
    /// It cannot be stored: then the file itself must not be written either.
    pub fn back_up(&self, file: &Path, bytes: &[u8], at: OffsetDateTime) -> Result<PathBuf, Finding> {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let stem = format!("{}-{name}", clock::stamp(at));
        let mut made = None;
        self.store("backups", |dir| {
            make_folder(dir)?;
            let mut attempt = 1;
            let (path, mut file) = loop {
                let path = dir.join(if attempt == 1 { stem.clone() } else { format!("{stem}.{attempt}") });
                match new_file(&path) {
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempt < 100 => {
                        attempt += 1
                    }
                    result => break (path, result?),
                }
            };
            file.write_all(bytes)?;
            file.sync_all()?;
            File::open(dir)?.sync_all()?;
            prune(dir, &format!("-{name}"), BACKUPS);
            made = Some(path);
            Ok(())
        })?;
        Ok(made.unwrap_or_default())
    }

    /// The bytes of a backup that a journal names.
    ///
    /// # Errors
    /// Those of the system.
    pub fn read_backup(&self, path: &Path) -> io::Result<Contents> {
        let within = |place: &&Place| path.starts_with(&place.dir);
        let place = [Some(&self.chosen), self.other.as_ref()].into_iter().flatten().find(within);
        let rights = place.map_or(Rights::Own, |place| place.rights.clone());
        rights.run(|| read_bounded(path, files::ENV_FILE))?.map(Contents::new)
    }

    /// Begins the journal of a run.
    ///
    /// # Errors
    /// It cannot be stored.
    pub fn journal(&self, run_id: &str) -> Result<Journal, Finding> {
        let mut made = None;
        let name = format!("{run_id}.jsonl");
        self.store("journal", |dir| {
            make_folder(dir)?;
            let path = dir.join(&name);
            let file = OpenOptions::new().append(true).create_new(true).mode(0o600).open(&path)?;
            File::open(dir)?.sync_all()?;
            prune_journals(dir);
            made = Some(Journal { path, file, seq: 0, user: self.user.clone() });
            Ok(())
        })?;
        made.ok_or_else(|| self.denied(&self.chosen.dir, &io::ErrorKind::Other.into()))
    }

    /// Whether this user may read what earlier runs left: a journal that may not be read is not the same as none.
    ///
    /// # Errors
    /// `install.not_readable` with the command that can.
    pub fn readable(&self, owner: &Owner) -> Result<(), Finding> {
        for place in [Some(&self.chosen), self.other.as_ref()].into_iter().flatten() {
            let dir = place.dir.join("journal");
            let denied = place.rights.run(|| fs::read_dir(&dir).err()).unwrap_or_default();
            if let Some(error) = denied.filter(|error| error.kind() == io::ErrorKind::PermissionDenied) {
                return Err(files::not_readable(&dir, &error, owner, &self.user));
            }
        }
        Ok(())
    }

    /// All runs that left a journal, oldest first, each with the folder that it was found in.
    pub fn runs(&self) -> Vec<(PathBuf, Run)> {
        let mut runs = Vec::new();
        for place in [self.other.as_ref(), Some(&self.chosen)].into_iter().flatten() {
            let dir = place.dir.join("journal");
            let read = place.rights.run(|| read_journals(&dir)).unwrap_or_default();
            runs.extend(read.into_iter().map(|run| (place.dir.clone(), run)));
        }
        runs.sort_by(|(_, a), (_, b)| a.id.cmp(&b.id));
        runs
    }

    /// A file for the output of a restart, opened for appending and reading.
    ///
    /// # Errors
    /// It cannot be stored.
    pub fn restart_log(&self, run_id: &str) -> Result<(PathBuf, File), Finding> {
        let mut made = None;
        let name = format!("{run_id}.log");
        self.store("restart", |dir| {
            make_folder(dir)?;
            let path = dir.join(&name);
            let flags = i32::try_from(OFlags::NOFOLLOW.bits()).unwrap_or_default();
            let mut open = OpenOptions::new();
            open.append(true).read(true).create(true).mode(0o600).custom_flags(flags);
            made = Some((path.clone(), open.open(&path)?));
            prune(dir, ".log", RUNS);
            Ok(())
        })?;
        made.ok_or_else(|| self.denied(&self.chosen.dir, &io::ErrorKind::Other.into()))
    }

    /// The output of a restart that a journal names, opened as [`Self::restart_log`] does.
    ///
    /// # Errors
    /// Those of the system; `InvalidInput` where it is none of this installation's.
    pub fn open_restart_log(&self, path: &Path) -> io::Result<File> {
        let within = |place: &&Place| super::resume::lies_in(path, &place.dir.join("restart"));
        let place = [Some(&self.chosen), self.other.as_ref()].into_iter().flatten().find(within);
        let place = place.ok_or(io::ErrorKind::InvalidInput)?;
        let flags = i32::try_from((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits()).unwrap_or_default();
        place.rights.run(|| OpenOptions::new().append(true).read(true).custom_flags(flags).open(path))?
    }

    /// Replaces a small file of the state folder; for the lock's holder.
    pub(super) fn note(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, Finding> {
        self.store(name, |path| {
            let _ = fs::remove_file(path);
            new_file(path)?.write_all(bytes)
        })?;
        Ok(self.chosen.dir.join(name))
    }

    /// A small file of the state folder, from either place.
    pub(super) fn noted(&self, name: &str) -> Option<Vec<u8>> {
        [Some(&self.chosen), self.other.as_ref()]
            .into_iter()
            .flatten()
            .find_map(|place| place.rights.run(|| read_bounded(&place.dir.join(name), 4_096)).ok()?.ok())
    }

    /// Removes a small file of the state folder.
    pub(super) fn forget(&self, name: &str) {
        let _ = self.chosen.rights.run(|| fs::remove_file(self.chosen.dir.join(name)));
    }

    /// Runs file work below the folder, which is made where it is missing.
    fn store(&self, name: &str, work: impl FnOnce(&Path) -> io::Result<()> + Send) -> Result<(), Finding> {
        let path = self.chosen.dir.join(name);
        let done = self.chosen.ensure().and_then(|()| self.chosen.rights.run(|| work(&path))?);
        done.map_err(|error| self.denied(&path, &error))
    }

    fn denied(&self, path: &Path, error: &io::Error) -> Finding {
        let owner = self.chosen.rights.taken_from().cloned();
        let owner = owner.unwrap_or_else(|| user::owner(self.user.uid, self.user.gid));
        not_writable(path, error, &owner, &self.user)
    }
}

impl Place {
    /// Makes the folder, 0700.
    fn ensure(&self) -> io::Result<()> {
        if let Some((uid, gid)) = self.give_to
            && !files::exists(&self.dir)
        {
            DirBuilder::new().mode(0o700).create(&self.dir)?;
            let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
            let made = rustix::fs::open(&self.dir, flags, Mode::empty())?;
            rustix::fs::fchown(&made, Some(Uid::from_raw(uid)), Some(Gid::from_raw(gid)))?;
        }
        self.rights.run(|| make_folder(&self.dir))?
    }
}

/// `.bwsync` beside `bwdata`, where this user may use it: it must be a real folder of the installation's owner,
/// or one that can be made so.
fn beside(installation: &Installation, user: &User) -> Option<Place> {
    let owner = &installation.owner;
    if !user.is_root() && user.uid != owner.uid {
        return None;
    }
    let dir = installation.dir.join(NAME);
    let rights = Rights::of(owner, user);
    let parent = fs::metadata(&installation.dir).ok()?;
    match fs::symlink_metadata(&dir) {
        Ok(meta) => {
            (meta.is_dir() && meta.uid() == owner.uid).then_some(Place { dir, rights, give_to: None })
        }
        Err(_) if rights.run(|| may_make_in(&installation.dir)).ok()? => {
            // Root itself makes nothing in another user's folder.
            let safe = rights != Rights::Own || !user.is_root() || roots_alone(&parent);
            safe.then_some(Place { dir, rights, give_to: None })
        }
        Err(_) if user.is_root() && roots_alone(&parent) => {
            Some(Place { dir, rights, give_to: Some((owner.uid, owner.gid)) })
        }
        Err(_) => None,
    }
}

/// Whether nobody but root can make or swap something in this folder.
fn roots_alone(meta: &fs::Metadata) -> bool {
    meta.uid() == 0 && meta.mode() & 0o022 == 0
}

/// Whether the calling thread may make something in this folder.
fn may_make_in(dir: &Path) -> bool {
    rustix::fs::accessat(rustix::fs::CWD, dir, Access::WRITE_OK | Access::EXEC_OK, AtFlags::EACCESS).is_ok()
}

/// The user's own state folder for an installation, `$XDG_STATE_HOME/bwsync/<hash>`.
fn own(what: &str, user: &User) -> Place {
    let home = || user.home.clone().unwrap_or_else(env::temp_dir).join(".local/state");
    let base = env::var_os("XDG_STATE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let hash = sha256(what.as_bytes());
    let dir = base.unwrap_or_else(home).join("bwsync").join(hash.get(..16).unwrap_or_default());
    settled(dir, user)
}

/// A folder used with the rights of whoever owns it, or what it will be made in.
fn settled(dir: PathBuf, user: &User) -> Place {
    let there = dir.ancestors().find_map(|part| fs::metadata(part).ok());
    let rights = there.map_or(Rights::Own, |meta| Rights::of(&user::owner(meta.uid(), meta.gid()), user));
    Place { dir, rights, give_to: None }
}

fn make_folder(dir: &Path) -> io::Result<()> {
    match fs::symlink_metadata(dir) {
        Ok(meta) if !meta.is_dir() => return Err(io::ErrorKind::NotADirectory.into()),
        Ok(meta) if meta.mode() & 0o077 != 0 => {
            return fs::set_permissions(dir, fs::Permissions::from_mode(0o700));
        }
        Ok(_) => return Ok(()),
        Err(_) => {}
    }
    DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

fn new_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// Names of the folder's files with this ending (or a number after it), newest first.
fn newest_first(dir: &Path, ending: &str) -> Vec<String> {
    let names = fs::read_dir(dir).into_iter().flatten().filter_map(|entry| {
        let name = entry.ok()?.file_name().into_string().ok()?;
        name.contains(ending).then_some(name)
    });
    let mut names: Vec<String> = names.collect();
    names.sort_unstable_by(|a, b| b.cmp(a));
    names
}

fn prune(dir: &Path, ending: &str, keep: usize) {
    for name in newest_first(dir, ending).into_iter().skip(keep) {
        // One that cannot be removed now is pruned by the next run.
        let _ = fs::remove_file(dir.join(name));
    }
}

/// Prunes journals, but never the newest one that wrote settings: undo takes that back, however old it is.
fn prune_journals(dir: &Path) {
    let names = newest_first(dir, ".jsonl");
    if names.len() <= RUNS {
        return;
    }
    let wrote = |name: &&String| {
        let text = read_bounded(&dir.join(name), JOURNAL).unwrap_or_default();
        let run = Run::parse(name.as_str(), &String::from_utf8_lossy(&text));
        run.command() == Some(Command::Apply) && run.done(Act::Write) == Some(true)
    };
    let undoable = names.iter().find(wrote);
    for name in names.iter().skip(RUNS).filter(|name| Some(*name) != undoable) {
        let _ = fs::remove_file(dir.join(name));
    }
}

fn read_journals(dir: &Path) -> Vec<Run> {
    newest_first(dir, ".jsonl")
        .into_iter()
        // As many as there may be, the one kept for undo and one that could not be removed.
        .take(2 * RUNS)
        .filter_map(|name| {
            let text = read_bounded(&dir.join(&name), JOURNAL).ok()?;
            Some(Run::parse(name.trim_end_matches(".jsonl"), &String::from_utf8_lossy(&text)))
        })
        .collect()
}

/// The journal of this run: each line is on disk before the next act.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    seq: u32,
    user: User,
}

impl Journal {
    /// Where it stands.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Adds a line and brings it to the disk.
    ///
    /// # Errors
    /// It cannot be stored: then the act must not be done.
    pub fn write(&mut self, entry: Entry) -> Result<(), Finding> {
        self.seq += 1;
        let line = Line { seq: self.seq, at: clock::now(), entry };
        let stored = serde_json::to_string(&line).map_err(io::Error::other).and_then(|text| {
            // Somebody reads it with `cat`.
            self.file.write_all(outside::json(format!("{text}\n")).as_bytes())?;
            self.file.sync_data()
        });
        let user = &self.user;
        stored.map_err(|error| not_writable(&self.path, &error, &user::owner(user.uid, user.gid), user))
    }
}
