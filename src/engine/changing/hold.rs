//! What every change holds while it is carried out: the lock, and the journal under the request's own name. Where
//! there is an installation the lock lies on its env file's folder; where only a server is known (`--server`), on the
//! state folder of that server.

use std::path::PathBuf;

use crate::{
    domain::{
        action::Act,
        check::Finding,
        journal::{Command, Ending, Entry},
        request::{ApiKey, Event, Problem, Shown},
    },
    system::{
        Rights, User,
        lock::{self, Lock, LockError},
        state::{Journal, State},
        user::quote_path,
    },
};

use crate::engine::{
    case::Contact,
    changing::shown,
    conclude::{Stop, Stopped},
    run::Run,
    seeing::survey::{self, Survey},
};

/// What somebody asked for that changes something.
#[derive(Debug)]
pub(crate) struct ChangeRequest {
    pub(crate) command: Command,
    /// The run that is taken back.
    pub(crate) takes_back: Option<String>,
    /// What was shown: looked at once more with the lock held, before anything is begun.
    pub(crate) shown: Option<Shown>,
    /// The lock, where it was taken before the look.
    pub(crate) held: Option<Lock>,
    /// With it the server itself can be asked for the proof.
    pub(crate) login: Option<ApiKey>,
}

impl ChangeRequest {
    /// One that takes nothing back, was not shown before and has no key.
    pub(crate) fn new(command: Command) -> Self {
        Self { command, takes_back: None, shown: None, held: None, login: None }
    }
}

/// Lock and journal of one change.
pub(crate) struct Hold {
    pub(crate) state: State,
    pub(crate) journal: Journal,
    pub(crate) lock: Lock,
    pub(crate) login: Option<ApiKey>,
    command: Command,
}

/// Takes the lock before the look that is carried out, for who says yes to whatever is found: then it is exactly
/// that which is done. None where there is no installation to lock; the look says so.
///
/// # Errors
/// Locked by another run (exit 9).
pub(crate) async fn early(run: &Run<'_>) -> Result<Option<Lock>, Stopped> {
    let Ok(survey) = survey::survey(run.options).await else { return Ok(None) };
    let state = State::of(&survey.installation, run.options.state_dir.as_deref(), &survey.user);
    let user = survey.user.clone();
    let folder = survey.file.path.parent().map(PathBuf::from).unwrap_or_default();
    let taken = tokio::task::spawn_blocking(move || {
        // Where nothing was ever done nothing can be taken back, and nothing is left behind by asking.
        if state.runs().is_empty() { Ok(None) } else { lock::take(&folder, &state, &user).map(Some) }
    });
    match taken.await {
        Ok(taken) => taken.map_err(|error| not_begun(run, Some(&survey), NotBegun::Lock(error))),
        Err(error) => Err(Problem::Unexpected(error.to_string()).into()),
    }
}

/// Takes the lock, unless it is held already, and begins the journal: both are there before anything starts. What was
/// shown is looked at once more in between: nobody changes it any more who heeds the lock.
///
/// # Errors
/// Nothing could be begun: locked by another run (exit 9), no place for the journal.
pub(crate) async fn begin(contact: &Contact<'_>, asked: ChangeRequest) -> Result<Hold, Stopped> {
    let (state, run, survey) = (contact.state(), contact.run, contact.survey);
    let user = survey.map_or_else(User::current, |survey| survey.user.clone());
    let file = survey.map(|survey| survey.file.path.clone());
    let rights = survey.map(|survey| Rights::of(&survey.installation.owner, &survey.user));
    let id = run.id.to_string();
    let ChangeRequest { command, takes_back, shown, held, login } = asked;
    let begun = tokio::task::spawn_blocking(move || {
        let folder = match &file {
            Some(file) => file.parent().map(PathBuf::from).unwrap_or_default(),
            None => state.made().map_err(NotBegun::Found)?.to_owned(),
        };
        let lock = match held {
            Some(lock) => lock,
            None => lock::take(&folder, &state, &user).map_err(NotBegun::Lock)?,
        };
        if let (Some(shown), Some(file), Some(rights)) = (shown, file, rights)
            && !shown::still(&shown, &state, &file, &rights)
        {
            return Err(NotBegun::Changed);
        }
        let mut journal = state.journal(&id).map_err(NotBegun::Found)?;
        journal.write(Entry::Start { command, takes_back }).map_err(NotBegun::Found)?;
        Ok(Hold { state, journal, lock, login, command })
    });
    match begun.await {
        Ok(begun) => begun.map_err(|why| not_begun(run, survey, why)),
        Err(error) => Err(Problem::Unexpected(error.to_string()).into()),
    }
}

fn not_begun(run: &Run<'_>, survey: Option<&Survey>, why: NotBegun) -> Stopped {
    match why {
        NotBegun::Changed => Problem::ChangedSincePlan.into(),
        NotBegun::Lock(LockError::Held(holder)) => {
            let resume = survey
                .filter(|_| holder.alone && !run.options.mapped_only)
                .map(|survey| resume_command(run, survey));
            Problem::Locked { holder: holder.to_string(), resume }.into()
        }
        NotBegun::Lock(LockError::Found(finding)) | NotBegun::Found(finding) => Stop::of_file(finding).into(),
    }
}

/// The command that follows a restart which goes on by itself.
fn resume_command(run: &Run<'_>, survey: &Survey) -> String {
    let dir = quote_path(&survey.installation.dir);
    let state = run.options.state_dir.as_deref().map(quote_path);
    let state = state.map(|path| format!(" --state-dir {path}")).unwrap_or_default();
    format!("bwsync resume --dir {dir}{state}")
}

/// Why nothing was begun.
enum NotBegun {
    Lock(LockError),
    /// What was shown does not hold any more.
    Changed,
    Found(Finding),
}

impl Hold {
    /// Whether this is an `apply`, which `undo` takes back.
    pub(crate) fn applies(&self) -> bool {
        self.command == Command::Apply
    }

    /// Whether this is an `undo`.
    pub(crate) fn takes_back(&self) -> bool {
        self.command == Command::Undo
    }

    /// Keeps whether the server was seen to answer, for whoever asks later; its loss changes nothing of what was done.
    pub(crate) fn saw(&mut self, up: Option<bool>) {
        if let Some(up) = up {
            let _ = self.journal.write(Entry::Seen { up });
        }
    }

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
