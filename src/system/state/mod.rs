//! The folder in which bwsync keeps what belongs to one installation: backups, journals, the device identifier,
//! the output of restarts (design §7, "State belongs to the installation"). It is made when something is
//! stored, never by looking.

mod journals;
mod kept;
mod place;

use std::{
    ffi::{OsStr, OsString},
    fs::File,
    io::{self, Write as _},
    path::{Component, Path, PathBuf},
};

use rustix::fs::FlockOperation;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::{
    action::Contents,
    check::{AdviceCode, Cause, Finding},
    installation::{Installation, Owner},
    journal::{FileChange, Run},
};

use super::{
    User, clock,
    files::{self, Folder, not_writable, read_all, sha256},
    user,
};

use journals::FOLDER;
pub use journals::{Journal, mark};
use place::{Beside, Place};

/// Name of the folder beside `bwdata`.
pub const NAME: &str = ".bwsync";
/// Backups that are kept beside those that a journal names.
const BACKUPS: usize = 10;
/// Folder of the backups.
const BACKUP: &str = "backups";
/// Longest small file, in bytes.
const NOTE: u64 = 4_096;

/// The state of one installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// Where it is stored.
    chosen: Place,
    /// Where it might have been stored by another user or in another time.
    others: Vec<Place>,
    /// Why nothing can be stored, though this user may change the installation: what stands in the way.
    taken: Option<Box<Finding>>,
    user: User,
}

impl State {
    /// Decides where state is kept: `given` (`--state-dir`), else `.bwsync` beside `bwdata`, else below the
    /// owner's state folder where root acts in its stead, else below the user's own. Makes nothing.
    pub fn of(installation: &Installation, given: Option<&Path>, user: &User) -> Self {
        if let Some(given) = given {
            let chosen = place::settled(given.to_owned(), user);
            let trusted = chosen.belongs_to(&[0, user.uid, installation.owner.uid]);
            let taken = (!trusted).then(|| Box::new(not_theirs(&chosen, &installation.owner)));
            return Self { chosen, others: Vec::new(), taken, user: user.clone() };
        }
        let what = installation.dir.to_string_lossy();
        let own = place::own(&what, user);
        let owners = place::of_owner(&what, &installation.owner, user);
        let (chosen, others, taken) = match place::beside(installation, user) {
            Beside::Here(beside) => (beside, [owners, Some(own)], None),
            Beside::Taken(finding) => (own, [owners, None], Some(finding)),
            Beside::Not => match owners {
                Some(owners) => (owners, [Some(own), None], None),
                None => (own, [Some(place::beside_of(installation, user)), None], None),
            },
        };
        // What another user than these put there is not believed.
        let believed =
            |place: &Place| *place != chosen && place.belongs_to(&[user.uid, installation.owner.uid]);
        let others = others.into_iter().flatten().filter(believed).collect();
        Self { chosen, others, taken, user: user.clone() }
    }

    /// The same where there is a server but no installation (`--server`).
    pub fn of_server(server: &str, given: Option<&Path>, user: &User) -> Self {
        let own = || place::own(server, user);
        let chosen = given.map_or_else(own, |given| place::settled(given.to_owned(), user));
        Self { chosen, others: Vec::new(), taken: None, user: user.clone() }
    }

    /// The folder in use.
    pub fn dir(&self) -> &Path {
        &self.chosen.dir
    }

    /// The folder in use, made where it was missing.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn made(&self) -> Result<&Path, Finding> {
        self.store(None, OsStr::new(""), |_| Ok(()))?;
        Ok(self.dir())
    }

    fn places(&self) -> impl Iterator<Item = &Place> {
        std::iter::once(&self.chosen).chain(&self.others)
    }

    /// Whether state can be kept where `undo` will find it.
    ///
    /// # Errors
    /// What stands in the way, with the command that removes it.
    pub fn usable(&self) -> Result<(), Finding> {
        self.taken.as_deref().map_or(Ok(()), |finding| Err(finding.clone()))
    }

    /// The stable device identifier of this installation and user; made and stored at the first sign-in.
    ///
    /// # Errors
    /// It cannot be stored.
    pub fn device(&self) -> Result<Uuid, Finding> {
        let text = self.noted("device");
        let known = text.and_then(|text| Uuid::try_parse(String::from_utf8_lossy(&text).trim()).ok());
        if let Some(device) = known {
            return Ok(device);
        }
        let device = Uuid::new_v4();
        self.note("device", format!("{device}\n").as_bytes())?;
        Ok(device)
    }

    /// Keeps a copy of a file, 0600, and prunes old ones.
    ///
    /// # Errors
    /// It cannot be stored: then the file itself must not be written either.
    pub fn back_up(&self, file: &Path, bytes: &[u8], at: OffsetDateTime) -> Result<PathBuf, Finding> {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let stem = format!("{}-{name}", clock::stamp(at));
        let kept = journals::named(&self.chosen);
        self.store(Some(BACKUP), OsStr::new(&stem), |folder| {
            let names = std::iter::once(stem.clone()).chain((2..100).map(|n| format!("{stem}.{n}")));
            let (name, mut file) = create_first(folder, names)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            folder.sync();
            journals::prune_others(folder, &kept, &name, BACKUPS);
            Ok(self.chosen.dir.join(BACKUP).join(name))
        })
    }

    /// The bytes of the backup that a journal of the state folder `dir` names. It is looked for by its name, in
    /// the folder that the journal itself lies in and nowhere else, and must hold what the journal says.
    ///
    /// # Errors
    /// Those of the system; `InvalidInput` where the journal names none; `InvalidData` where it holds something
    /// else.
    pub fn read_backup(&self, dir: &Path, change: &FileChange) -> io::Result<Contents> {
        let place = self.places().find(|place| place.dir == dir).ok_or(io::ErrorKind::NotFound)?;
        let name = change.backup.as_deref().and_then(plain_name).ok_or(io::ErrorKind::InvalidInput)?;
        let bytes = place
            .within(Some(BACKUP), |folder| read_all(&place.own_file(folder.read(name)?)?, files::ENV_FILE))?;
        if sha256(&bytes) == change.before {
            Ok(Contents::new(bytes))
        } else {
            Err(io::ErrorKind::InvalidData.into())
        }
    }

    /// Begins the journal of a run, the newest of all from now on whatever the clock says.
    ///
    /// # Errors
    /// It cannot be stored.
    pub fn journal(&self, run_id: &str) -> Result<Journal, Finding> {
        let name = format!("{run_id}.jsonl");
        let order = journals::next_order(self.places());
        self.store(Some(FOLDER), OsStr::new(&name), |folder| {
            let file = folder.create(name.as_ref())?;
            // As long as it is held its run is carried out; where there are no locks, the installation's tells
            // nothing either.
            let _ = rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive);
            folder.sync();
            journals::prune(folder, &self.chosen, &name);
            let path = self.chosen.dir.join(FOLDER).join(&name);
            Ok(Journal { path, file, order, seq: 0, user: self.user.clone() })
        })
    }

    /// Whether this user may read what earlier runs left: a journal that may not be read is not the same as none.
    ///
    /// # Errors
    /// `install.not_readable` with the command that can; what stands where the state belongs.
    pub fn readable(&self, owner: &Owner) -> Result<(), Finding> {
        self.usable()?;
        for place in self.places() {
            if let Err((path, error)) = journals::read(place) {
                return Err(files::not_readable(&path, &error, owner, &self.user));
            }
        }
        Ok(())
    }

    /// All runs that left a journal, oldest first, each with the folder that it was found in.
    pub fn runs(&self) -> Vec<(PathBuf, Run)> {
        let mut runs = Vec::new();
        for place in self.places() {
            let read = journals::read(place).unwrap_or_default();
            runs.extend(read.into_iter().map(|run| (place.dir.clone(), run)));
        }
        runs.sort_by(|(_, a), (_, b)| a.place().cmp(&b.place()));
        runs
    }

    /// Replaces a small file of the state folder.
    pub(super) fn note(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, Finding> {
        let name = OsStr::new(name);
        let mut temp = OsString::from(".");
        temp.push(name);
        self.store(None, name, |folder| {
            // One that a killed run left.
            let _ = folder.remove(&temp);
            let mut file = folder.create(&temp)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            folder.rename(&temp, name)?;
            folder.sync();
            Ok(self.chosen.dir.join(name))
        })
    }

    /// A small file of the state folder, from whichever place has it.
    pub(super) fn noted(&self, name: &str) -> Option<Vec<u8>> {
        self.places().find_map(|place| {
            let read = |folder: &Folder| read_all(&place.own_file(folder.read(name.as_ref())?)?, NOTE);
            place.within(None, read).ok()
        })
    }

    /// Removes a small file of the state folder.
    pub(super) fn forget(&self, name: &str) {
        let _ = self.chosen.within(None, |folder| folder.remove(name.as_ref()));
    }

    /// Runs file work in a folder of the state, which is made where it is missing; `name` is what it is about.
    fn store<T: Send>(
        &self,
        below: Option<&str>,
        name: &OsStr,
        work: impl FnOnce(&Folder) -> io::Result<T> + Send,
    ) -> Result<T, Finding> {
        self.usable()?;
        let path = below.map_or_else(|| self.chosen.dir.clone(), |below| self.chosen.dir.join(below));
        self.chosen.making(below, work).map_err(|error| self.denied(&path.join(name), &error))
    }

    fn denied(&self, path: &Path, error: &io::Error) -> Finding {
        let owner = self.chosen.rights.taken_from().cloned();
        let owner = owner.unwrap_or_else(|| user::owner(self.user.uid, self.user.gid));
        not_writable(path, error, &owner, &self.user)
    }
}

/// A `--state-dir` of somebody who has nothing to do with the installation.
fn not_theirs(place: &Place, owner: &Owner) -> Finding {
    let whose = place.rights.taken_from().map(ToString::to_string).unwrap_or_default();
    Finding::new(Cause::InstallWrongOwner)
        .with("path", place.dir.to_string_lossy())
        .with("owner", whose)
        .with("expected", owner.to_string())
        .advise(AdviceCode::RunAsOwner)
}

/// The name of a file in a folder of the state, of a path that somebody wrote down.
fn plain_name(path: &Path) -> Option<&OsStr> {
    match path.components().next_back() {
        Some(Component::Normal(name)) => Some(name),
        _ => None,
    }
}

/// Makes a file of the first of these names that is free.
fn create_first(folder: &Folder, names: impl Iterator<Item = String>) -> io::Result<(OsString, File)> {
    for name in names {
        match folder.create(name.as_ref()) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            file => return Ok((name.into(), file?)),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}
