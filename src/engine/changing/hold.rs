//! What every change holds while it is carried out: the lock, and the journal under the request's own name. Where
//! there is an installation the lock lies on its env file's folder; where only a server is known (`--server`), on the
//! state folder of that server.

use std::path::PathBuf;

use crate::{
    domain::{
        action::Act,
        check::{Finding, From},
        journal::{Command, Ending, Entry},
        request::{Body, Event, Outcome, Problem, Shown},
    },
    system::{
        Rights, User,
        lock::{self, Lock, LockError},
        state::{Journal, State},
    },
};

use crate::engine::{
    conclude,
    requests::{resume, undo},
    run::Run,
    seeing::survey::{self, Survey},
};

/// Lock and journal of one change.
pub(crate) struct Hold {
    pub(crate) state: State,
    pub(crate) journal: Journal,
    pub(crate) lock: Lock,
}

/// Takes the lock before the look that is carried out, for who says yes to whatever is found: then it is exactly
/// that which is done. None where there is no installation to lock; the look says so.
///
/// # Errors
/// An outcome: locked by another run (exit 9).
pub(crate) async fn early(run: &Run<'_>) -> Result<Option<Lock>, Outcome> {
    let Ok(survey) = survey::survey(run.options).await else { return Ok(None) };
    let (state, user) = (survey.state(run.options), survey.user.clone());
    let folder = survey.file.path.parent().map(PathBuf::from).unwrap_or_default();
    let taken = tokio::task::spawn_blocking(move || {
        // Where nothing was ever done nothing can be taken back, and nothing is left behind by asking.
        if state.runs().is_empty() { Ok(None) } else { lock::take(&folder, &state, &user).map(Some) }
    });
    match taken.await {
        Ok(taken) => taken.map_err(|error| not_begun(run, Some(&survey), NotBegun::Lock(error))),
        Err(error) => Err(conclude::problem(Problem::Unexpected(error.to_string()), Body::Nothing)),
    }
}

/// Takes the lock, unless it is held already, and begins the journal: both are there before anything starts. What was
/// `shown` is looked at once more in between: nobody changes it any more who heeds the lock.
///
/// # Errors
/// An outcome where nothing could be begun: locked by another run (exit 9), no place for the journal.
pub(crate) async fn begin(
    run: &Run<'_>,
    survey: Option<&Survey>,
    command: Command,
    takes_back: Option<String>,
    shown: Option<Shown>,
    held: Option<Lock>,
) -> Result<Hold, Outcome> {
    let still = survey.map(|survey| {
        let rights = Rights::of(&survey.installation.owner, &survey.user);
        (survey.file.path.clone(), rights)
    });
    let (state, user, folder) = match survey {
        Some(survey) => {
            let folder = survey.file.path.parent().map(PathBuf::from).unwrap_or_default();
            (survey.state(run.options), survey.user.clone(), Some(folder))
        }
        None => {
            let (user, options) = (User::current(), run.options);
            let server = options.server.as_ref().map(url::Url::as_str).unwrap_or_default();
            (State::of_server(server, options.state_dir.as_deref(), &user), user, None)
        }
    };
    let id = run.id.to_string();
    let begun = tokio::task::spawn_blocking(move || {
        let folder = match folder {
            Some(folder) => folder,
            None => state.made().map_err(NotBegun::Found)?.to_owned(),
        };
        let lock = match held {
            Some(lock) => lock,
            None => lock::take(&folder, &state, &user).map_err(NotBegun::Lock)?,
        };
        if let Some((shown, (file, rights))) = shown.zip(still)
            && !undo::still(&shown, &state, &file, &rights)
        {
            return Err(NotBegun::Changed);
        }
        let mut journal = state.journal(&id).map_err(NotBegun::Found)?;
        journal.write(Entry::Start { command, takes_back }).map_err(NotBegun::Found)?;
        Ok(Hold { state, journal, lock })
    });
    match begun.await {
        Ok(begun) => begun.map_err(|why| not_begun(run, survey, why)),
        Err(error) => Err(conclude::problem(Problem::Unexpected(error.to_string()), Body::Nothing)),
    }
}

fn not_begun(run: &Run<'_>, survey: Option<&Survey>, why: NotBegun) -> Outcome {
    match why {
        NotBegun::Changed => conclude::problem(Problem::ChangedSincePlan, Body::Nothing),
        NotBegun::Lock(LockError::Held(holder)) => {
            let resume = survey
                .filter(|_| holder.alone && !run.options.mapped_only)
                .map(|survey| resume::command(run, survey));
            conclude::problem(Problem::Locked { holder: holder.to_string(), resume }, Body::Nothing)
        }
        NotBegun::Lock(LockError::Found(finding)) | NotBegun::Found(finding) => {
            conclude::stopped(finding, Some(From::File), Body::Nothing)
        }
    }
}

/// Why nothing was begun.
enum NotBegun {
    Lock(LockError),
    /// What was shown does not hold any more.
    Changed,
    Found(Finding),
}

impl Hold {
    /// Notes what is about to be done.
    ///
    /// # Errors
    /// It cannot be stored: then it must not be done.
    pub(crate) fn intent(&mut self, action: Act) -> Result<(), Finding> {
        self.journal.write(Entry::Intent { action, file: None })
    }

    /// Notes how it went. It is done: a journal that cannot be written now must not hide that, and is said.
    pub(crate) fn done(&mut self, run: &Run<'_>, action: Act, ok: bool, result: Option<String>) {
        self.note(run, Entry::Done { action, ok, result });
    }

    /// The last line; the lock is free after it.
    pub(crate) fn end(mut self, run: &Run<'_>, result: Ending) {
        self.note(run, Entry::End { result });
    }

    fn note(&mut self, run: &Run<'_>, entry: Entry) {
        if self.journal.write(entry).is_err() {
            run.say(Event::Output("the journal's last line could not be written".into()));
        }
    }
}
