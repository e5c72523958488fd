//! The way back of the file: the old one where there still stands what this run wrote. What somebody wrote meanwhile
//! stays; then only our settings are taken back, with the editor that `undo` uses, or nothing is written.

use std::path::Path;

use crate::{
    domain::{
        action::Set,
        env_file::EnvFile,
        request::{Change, Why},
        settings,
    },
    system::{
        User,
        files::{self, Write, WriteError, write_atomically},
    },
};

/// How often it is looked again where somebody saves the file at just that moment.
const TRIES: usize = 5;

/// What is to be taken back.
pub(crate) struct Wrote<'a> {
    /// The file.
    pub(crate) path: &'a Path,
    /// What it held before.
    pub(crate) before: &'a [u8],
    /// SHA-256 (hex) of what this run wrote.
    pub(crate) after: &'a str,
    /// Our settings in it.
    pub(crate) sets: &'a [Set],
}

/// How far it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Restored {
    /// The old file is back, byte for byte.
    Whole,
    /// Somebody changed the file meanwhile: that stays, our settings are taken back.
    Ours,
    /// Nothing was written.
    Not,
}

/// Takes back what this run wrote.
pub(crate) fn restore(wrote: &Wrote<'_>, user: &User) -> Restored {
    for _ in 0..TRIES {
        let Ok(now) = files::read_bounded(wrote.path, files::ENV_FILE) else { return Restored::Not };
        let expected = files::sha256(&now);
        let whole = expected == wrote.after || now == wrote.before;
        let (bytes, restored) = match whole {
            true => (wrote.before.to_vec(), Restored::Whole),
            false => match ours_back(&now, wrote) {
                Some(bytes) => (bytes, Restored::Ours),
                None => return Restored::Not,
            },
        };
        if bytes == now {
            return restored;
        }
        match write_atomically(&Write { path: wrote.path, bytes: &bytes, expected: &expected }, user) {
            Ok(()) => return restored,
            Err(WriteError::Changed) => {}
            Err(WriteError::Found(_)) => return Restored::Not,
        }
    }
    Restored::Not
}

/// The file as it is now without our settings; none where it does not parse.
fn ours_back(now: &[u8], wrote: &Wrote<'_>) -> Option<Vec<u8>> {
    let (now, before) = (EnvFile::parse(now).ok()?, EnvFile::parse(wrote.before).ok()?);
    let changes: Vec<_> = wrote.sets.iter().map(|set| as_change(set, &before)).collect();
    Some(settings::undo(&now, &before, &changes).ok()?.bytes)
}

/// The change that a run remembers: from the value before to the one that was set.
pub(crate) fn as_change(set: &Set, before: &EnvFile) -> Change {
    let from = before.get(&set.key).map(|value| value.expose().to_owned());
    Change { key: set.key.clone(), from, to: set.to.clone(), why: Why::PutBack }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const KEY: &str = "globalSettings__enableCloudCommunication";

    fn restored(before: &str, wrote: &str, now: &str) -> (Restored, String) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("global.override.env");
        fs::write(&path, now).unwrap();
        let sets = [Set { key: KEY.into(), to: Some("true".into()) }];
        let after = files::sha256(wrote.as_bytes());
        let wrote = Wrote { path: &path, before: before.as_bytes(), after: &after, sets: &sets };
        let restored = restore(&wrote, &User::current());
        (restored, fs::read_to_string(&path).unwrap())
    }

    #[test]
    fn what_others_wrote_meanwhile_stays() {
        let before = format!("a=1\n{KEY}=false\n");
        let wrote = format!("a=1\n{KEY}=true\n");
        assert_eq!(restored(&before, &wrote, &wrote), (Restored::Whole, before.clone()));
        assert_eq!(restored(&before, &wrote, &before), (Restored::Whole, before.clone()));
        let edited = format!("a=2\n{KEY}=true\nb=3\n");
        let wanted = format!("a=2\n{KEY}=false\nb=3\n");
        assert_eq!(restored(&before, &wrote, &edited), (Restored::Ours, wanted));
        // Our own setting was changed again: that is theirs now.
        let theirs = format!("a=1\n{KEY}=maybe\n");
        assert_eq!(restored(&before, &wrote, &theirs), (Restored::Ours, theirs.clone()));
        let broken = format!("{wrote}'");
        assert_eq!(restored(&before, &wrote, &broken), (Restored::Not, broken.clone()));
    }
}
