//! What a keeper writes, in the state folder: its output without secrets and its record; and whether the run that began
//! it is still carried out.

use std::{
    ffi::{OsStr, OsString},
    io,
    path::Path,
};

use rustix::{fs::FlockOperation, io::Errno};

use crate::domain::check::Finding;

use super::{
    super::keeper,
    State, create_first,
    journals::{self, FOLDER, RUNS},
    plain_name,
};

/// Folder of what keepers write.
const RESTART: &str = "restart";

impl State {
    /// The files of a keeper of this run; a run may have several.
    ///
    /// # Errors
    /// They cannot be stored.
    pub fn keeper_files(&self, run_id: &str) -> Result<keeper::Files, Finding> {
        let mut kept = journals::named(&self.chosen);
        let records: Vec<OsString> = kept.iter().map(|name| record_of(name)).collect();
        kept.extend(records);
        let first = format!("{run_id}.log");
        self.store(Some(RESTART), OsStr::new(&first), |folder| {
            let more = (2..100).map(|number| format!("{run_id}.{number}.log"));
            let (name, log) = create_first(folder, std::iter::once(first.clone()).chain(more))?;
            let record = record_of(&name);
            // One whose output is gone belongs to nothing.
            let _ = folder.remove(&record);
            let made = folder.create(&record)?;
            folder.sync();
            kept.insert(record);
            journals::prune_others(folder, &kept, &name, 2 * RUNS - 1);
            Ok(keeper::Files { path: self.chosen.dir.join(RESTART).join(&name), log, record: made })
        })
    }

    /// The files of a keeper that a journal names, for reading.
    ///
    /// # Errors
    /// Those of the system; `InvalidInput` where they are none of this installation's.
    pub fn reopen(&self, path: &Path) -> io::Result<keeper::Files> {
        let dir = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
        let place = self.places().find(|place| place.dir.join(RESTART) == dir);
        let (place, name) = place.zip(plain_name(path)).ok_or(io::ErrorKind::InvalidInput)?;
        place.within(Some(RESTART), |folder| {
            let log = place.own_file(folder.read(name)?)?;
            let record = place.own_file(folder.read(&record_of(name))?)?;
            Ok(keeper::Files { path: path.to_owned(), log, record })
        })
    }

    /// Whether the run is carried out by a bwsync that lives: it holds its journal.
    pub fn is_tended(&self, run_id: &str) -> bool {
        let name = format!("{run_id}.jsonl");
        self.places().any(|place| {
            let opened = place.within(Some(FOLDER), |folder| place.own_file(folder.read(name.as_ref())?));
            let Ok(file) = opened else { return false };
            rustix::fs::flock(&file, FlockOperation::NonBlockingLockShared) == Err(Errno::WOULDBLOCK)
        })
    }
}

/// Where a keeper records how that went whose output is in this file.
fn record_of(log: &OsStr) -> OsString {
    Path::new(log).with_extension("record").into_os_string()
}
