//! Writes the env file, with a backup and the journal's intent before it; and takes that back.

use std::path::PathBuf;

use crate::{
    domain::{
        action::{Act, Contents, Set},
        journal::{Entry, FileChange},
        request::{Changed, Problem},
    },
    system::{
        clock,
        files::{Write, WriteError, sha256, write_atomically},
    },
};

use crate::engine::{
    changing::{
        carried::Carried,
        hold::Hold,
        put_back::{self, Restored, Wrote},
    },
    conclude::{Done, Stop},
    seeing::survey::Survey,
};

/// The file as it is to be.
pub(crate) struct NewFile {
    pub(crate) file: PathBuf,
    /// SHA-256 (hex) of the file that it replaces.
    pub(crate) expected: String,
    pub(crate) contents: Contents,
    pub(crate) changes: Vec<Set>,
}

/// Backs the file up, notes the intent, and replaces it.
///
/// # Errors
/// It was changed meanwhile, or cannot be written.
pub(crate) async fn write(
    survey: &Survey,
    hold: &mut Hold,
    new: NewFile,
    carried: &mut Carried,
) -> Result<Done, Stop> {
    let Ok(old) = &survey.env else { return Err(Stop::Problem(Problem::ChangedSincePlan)) };
    let old = Contents::new(old.bytes().to_vec());
    let (state, path) = (hold.state.clone(), new.file.clone());
    let backup =
        blocking(move || state.back_up(&path, old.bytes(), clock::now())).await?.map_err(Stop::of_file)?;
    let after = sha256(new.contents.bytes());
    hold.journal
        .write(Entry::Intent {
            action: Act::Write,
            file: Some(FileChange {
                path: new.file.clone(),
                before: new.expected.clone(),
                after: after.clone(),
                backup: Some(backup.clone()),
                changes: new.changes.clone(),
            }),
        })
        .map_err(Stop::of_file)?;
    let (user, sets) = (survey.user.clone(), new.changes);
    let written = blocking(move || {
        let write = Write { path: &new.file, bytes: new.contents.bytes(), expected: &new.expected };
        write_atomically(&write, &user)
    });
    match written.await? {
        Ok(()) => {
            carried.backup = Some(backup);
            carried.changed.insert(Changed::Settings);
            (carried.sets, carried.wrote) = (sets, after);
            Ok(Done::Yes)
        }
        Err(WriteError::Changed) => Err(Stop::Problem(Problem::ChangedSincePlan)),
        Err(WriteError::Found(finding)) => Err(Stop::of_file(finding)),
    }
}

/// What this run wrote is taken back; what somebody else wrote meanwhile stays.
///
/// # Errors
/// The journal cannot be written.
pub(crate) async fn put_back(
    survey: &Survey,
    hold: &mut Hold,
    carried: &mut Carried,
) -> Result<Restored, Stop> {
    let (Ok(old), Some(_)) = (&survey.env, &carried.backup) else { return Ok(Restored::Whole) };
    let old = Contents::new(old.bytes().to_vec());
    let (path, user) = (survey.file.path.clone(), survey.user.clone());
    let (after, sets) = (carried.wrote.clone(), carried.sets.clone());
    hold.journal.write(Entry::Intent { action: Act::PutBack, file: None }).map_err(Stop::of_file)?;
    let restored = blocking(move || {
        let wrote = Wrote { path: &path, before: old.bytes(), after: &after, sets: &sets };
        put_back::restore(&wrote, &user)
    })
    .await?;
    let ok = restored != Restored::Not;
    let result = (restored == Restored::Ours).then(|| "changed_since".to_owned());
    if ok {
        carried.changed.remove(&Changed::Settings);
    }
    hold.journal.write(Entry::Done { action: Act::PutBack, ok, result }).map_err(Stop::of_file)?;
    Ok(restored)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Stop> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Stop::Problem(Problem::Unexpected(error.to_string())))
}
