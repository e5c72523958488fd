//! The journals in a state folder: written line by line, found again in the order of their counter, pruned by it.
//! The clock decides nothing here: names may come from the future, and be as many as anybody likes.

use std::{
    collections::BTreeSet,
    ffi::{OsStr, OsString},
    fs::File,
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use crate::{
    domain::{
        action::Act,
        check::Finding,
        journal::{Command, Entry, Line, Run},
        outside,
    },
    system::{
        User, clock,
        files::{Folder, not_writable, sha256},
        user,
    },
};

use super::place::Place;

/// Folder of the journals.
pub(super) const FOLDER: &str = "journal";
/// Runs whose journals and restart outputs are kept.
pub(super) const RUNS: usize = 50;
/// Most of a journal that is read, in bytes.
const JOURNAL: u64 = 1 << 20;
/// Most of its first line that is read, in bytes.
const HEAD: u64 = 4 << 10;
/// Names that are looked at.
pub(super) const NAMES: usize = 10_000;

/// The journal of this run: each line is on disk before the next act.
#[derive(Debug)]
pub struct Journal {
    pub(super) path: PathBuf,
    pub(super) file: File,
    /// Where this run stands among all: stands in its first line.
    pub(super) order: u64,
    pub(super) seq: u32,
    pub(super) user: User,
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
        let order = (self.seq == 1).then_some(self.order);
        let line = Line { seq: self.seq, at: clock::now(), order, entry };
        let stored = serde_json::to_string(&line).map_err(io::Error::other).and_then(|text| {
            // Somebody reads it with `cat`.
            self.file.write_all(outside::json(format!("{text}\n")).as_bytes())?;
            self.file.sync_data()
        });
        let user = &self.user;
        stored.map_err(|error| not_writable(&self.path, &error, &user::owner(user.uid, user.gid), user))
    }
}

/// A journal by its name, with its place in the order.
type Head = (u64, String);

/// The journals of a place, oldest first; none where there is no folder yet.
///
/// # Errors
/// What stands there and may not be read: the path and why. That is not the same as none.
pub(super) fn read(place: &Place) -> Result<Vec<Run>, (PathBuf, io::Error)> {
    let dir = place.dir.join(FOLDER);
    let mut at = dir.clone();
    let read = place.within(Some(FOLDER), |folder| {
        let heads = heads(folder, place, &mut at)?;
        // As many as there may be, the one kept for undo and some that could not be removed.
        let newest = heads.into_iter().rev().take(2 * RUNS).rev();
        newest.filter_map(|(_, name)| whole(folder, place, &name, &mut at).transpose()).collect()
    });
    match read {
        Err(error) if error.kind() == io::ErrorKind::NotFound && at == dir => Ok(Vec::new()),
        read => read.map_err(|error| (at, error)),
    }
}

/// The order that a new run gets: one more than the largest that was seen in any of these places.
pub(super) fn next_order<'a>(places: impl Iterator<Item = &'a Place>) -> u64 {
    let largest = places.filter_map(|place| {
        let mut at = PathBuf::new();
        let heads = place.within(Some(FOLDER), |folder| heads(folder, place, &mut at)).ok()?;
        heads.last().map(|(order, _)| *order)
    });
    largest.max().unwrap_or(0) + 1
}

/// All journals of a folder in their order, oldest first.
fn heads(folder: &Folder, place: &Place, at: &mut PathBuf) -> io::Result<Vec<Head>> {
    let mut heads = Vec::new();
    for name in folder.names(NAMES)?.into_iter().filter_map(|name| name.into_string().ok()) {
        let Some(id) = name.strip_suffix(".jsonl") else { continue };
        let Some(text) = beginning(folder, place, &name, HEAD, at)? else { continue };
        heads.push((Run::parse(id, &text).order(), name));
    }
    heads.sort_unstable();
    Ok(heads)
}

fn whole(folder: &Folder, place: &Place, name: &str, at: &mut PathBuf) -> io::Result<Option<Run>> {
    let text = beginning(folder, place, name, JOURNAL, at)?;
    Ok(text.map(|text| Run::parse(name.trim_end_matches(".jsonl"), &text)))
}

/// The beginning of a file; none where it is gone meanwhile, or no file at all.
fn beginning(
    folder: &Folder,
    place: &Place,
    name: &str,
    limit: u64,
    at: &mut PathBuf,
) -> io::Result<Option<Vec<u8>>> {
    let file = match folder.read(name.as_ref()).and_then(|file| place.own_file(file)) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::InvalidInput) => {
            return Ok(None);
        }
        Err(error) => {
            at.push(name);
            return Err(error);
        }
        Ok(file) => file,
    };
    let mut text = Vec::new();
    file.take(limit).read_to_end(&mut text)?;
    Ok(Some(text))
}

/// Removes the oldest journals, but never the newest one that wrote settings: undo takes that back, however old
/// it is; nor `begun`, which was just made.
pub(super) fn prune(folder: &Folder, place: &Place, begun: &str) {
    let mut at = PathBuf::new();
    let Ok(mut heads) = heads(folder, place, &mut at) else { return };
    heads.retain(|(_, name)| name != begun);
    heads.reverse();
    if heads.len() < RUNS {
        return;
    }
    let wrote = |head: &&Head| {
        let run = whole(folder, place, &head.1, &mut at).ok().flatten();
        run.is_some_and(|run| run.command() == Some(Command::Apply) && run.done(Act::Write) == Some(true))
    };
    let undoable = heads.iter().find(wrote).cloned();
    for head in heads.iter().skip(RUNS - 1).filter(|head| Some(*head) != undoable.as_ref()) {
        // One that cannot be removed now is pruned by the next run.
        let _ = folder.remove(head.1.as_ref());
    }
}

/// The names of the backups and of the outputs (up to their first dot) that the journals of a place still name.
pub(super) fn named(place: &Place) -> BTreeSet<OsString> {
    let runs = read(place).unwrap_or_default();
    let lines = runs.iter().flat_map(|run| &run.lines);
    let paths = lines.filter_map(|line| match &line.entry {
        Entry::Intent { file: Some(file), .. } => file.backup.as_deref(),
        Entry::Running { output, .. } => Some(output.as_path()),
        _ => None,
    });
    paths.filter_map(|path| Some(path.file_name()?.to_owned())).collect()
}

/// Removes all but the newest `keep` of these files and those that are `named` or were just `made`.
pub(super) fn prune_others(folder: &Folder, kept: &BTreeSet<OsString>, made: &OsStr, keep: usize) {
    let Ok(mut names) = folder.names(NAMES) else { return };
    names.retain(|name| name != made && !kept.contains(name));
    names.sort_unstable_by(|a, b| b.cmp(a));
    for name in names.into_iter().skip(keep.saturating_sub(1)) {
        let _ = folder.remove(&name);
    }
}

/// The mark of the newest of these runs that meant to write the file: what was shown of them holds as long as it
/// is the same. Empty where there is none.
pub fn mark(runs: &[Run]) -> String {
    let wrote = runs.iter().filter(|run| run.written_file().is_some());
    let Some(newest) = wrote.max_by(|a, b| a.place().cmp(&b.place())) else { return String::new() };
    let lines = serde_json::to_vec(&newest.lines).unwrap_or_default();
    format!("{} {} {}", newest.order(), newest.id, sha256(&lines))
}
