//! Carries actions out, one after the other, each with its intent in the journal before and its result after;
//! the screen, the commands and (later) `resume` only follow. A failure stops the rest and is told with what
//! stands then: what changed, and whether the server answers.

use std::{collections::BTreeSet, path::PathBuf};

use crate::{
    domain::{
        action::{Act, Action, Contents, Set},
        check::{AdviceCode, Cause, Finding, From, Severity},
        exit::{Asking, after_change},
        journal::{Command, Ending, Entry, FileChange},
        request::{
            ApiKey, Body, Changed, FileAfter, Outcome, PhaseState, Problem, RestartPlan, RestartResult, Root,
            Shown,
        },
        restart::Part,
    },
    system::{
        clock,
        files::{Write, WriteError, write_atomically},
        lock::Lock,
    },
};

use crate::engine::{
    changing::{
        afterwards,
        hold::{self, Hold},
        proof,
        put_back::{self, Restored, Wrote},
        removal::{self, Removed},
        restart,
        verdict::Blamed,
    },
    conclude,
    run::Run,
    seeing::{docker, survey::Survey},
};

#[cfg(test)]
mod tests;

/// What the actions are for.
#[derive(Debug)]
pub(crate) struct Errand {
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

/// How far it went.
#[derive(Debug, Default)]
pub(crate) struct Carried {
    pub(crate) backup: Option<PathBuf>,
    pub(crate) proved: Option<bool>,
    /// Whether the server was restarted, by this run or by the one that it picks up.
    pub(crate) ran: bool,
    /// The containers before that; none where nobody could look.
    pub(crate) before: Option<Vec<Part>>,
    pub(crate) ended: restart::Ended,
    pub(crate) up: Option<bool>,
    pub(crate) changed: BTreeSet<Changed>,
    /// The settings that this run gave a value.
    pub(crate) sets: Vec<Set>,
    /// SHA-256 (hex) of the file that it wrote.
    wrote: String,
    /// Whether what the run wrote stands that it picks up.
    pub(crate) stands: bool,
    /// What became of the file that it wrote.
    pub(crate) file: FileAfter,
    /// The setting of ours that stopped the server: the old file is to go back.
    pub(crate) blamed: Option<Blamed>,
    /// What is to be told beside what stopped it.
    pub(crate) noted: Vec<Root>,
    pub(crate) stopped: Option<Stop>,
    /// The journal could not be written any more: nothing that changes something is begun after that.
    unwritten: Option<Finding>,
}

/// Why it went no further.
#[derive(Debug)]
pub(crate) enum Stop {
    Root(Box<Root>),
    Problem(Problem),
}

/// What is held while actions are carried out.
pub(crate) struct Hands {
    pub(crate) hold: Hold,
    command: Command,
    login: Option<ApiKey>,
}

impl Hands {
    /// Whether this is an `apply`, which `undo` takes back.
    pub(crate) fn applies(&self) -> bool {
        self.command == Command::Apply
    }

    /// Keeps whether the server was seen to answer, for whoever asks later; its loss changes nothing of what was done.
    fn saw(&mut self, up: Option<bool>) {
        if let Some(up) = up {
            let _ = self.hold.journal.write(Entry::Seen { up });
        }
    }
}

/// Does all of them, in order.
///
/// # Errors
/// An outcome where nothing could be begun: locked by another run, no place for the journal.
pub(crate) async fn carry_out(
    run: &Run<'_>,
    survey: &Survey,
    errand: Errand,
    actions: Vec<Action>,
) -> Result<Carried, Outcome> {
    go_through(run, survey, errand, actions, Carried::default()).await
}

/// What is known of a run that another process began.
#[derive(Debug, Default)]
pub(crate) struct Begun {
    /// The containers before its first restart; none where nobody could look.
    pub(crate) before: Option<Vec<Part>>,
    /// How what it began ended, as far as that was seen.
    pub(crate) ended: restart::Ended,
    /// Whether what it wrote stands.
    pub(crate) stands: bool,
}

/// The same for a run that another process began.
///
/// # Errors
/// As [`carry_out`].
pub(crate) async fn pick_up(
    run: &Run<'_>,
    survey: &Survey,
    errand: Errand,
    actions: Vec<Action>,
    begun: Begun,
) -> Result<Carried, Outcome> {
    let Begun { before, ended, stands } = begun;
    let ran = ended.began || !actions.is_empty();
    let begun = Carried { ran, before, ended, stands, ..Carried::default() };
    go_through(run, survey, errand, actions, begun).await
}

async fn go_through(
    run: &Run<'_>,
    survey: &Survey,
    errand: Errand,
    actions: Vec<Action>,
    mut carried: Carried,
) -> Result<Carried, Outcome> {
    let Errand { command, takes_back, shown, held, login } = errand;
    let hold = hold::begin(run, Some(survey), command, takes_back, shown, held).await?;
    run.forget_what_was_seen();
    let mut hands = Hands { hold, command, login };
    for action in actions {
        if let Err(stop) = step(run, survey, &mut hands, action, &mut carried).await {
            carried.stopped = Some(stop);
            break;
        }
    }
    if let Some(blamed) = carried.blamed.take() {
        afterwards::go_back(run, survey, &mut hands, &mut carried, blamed).await;
    }
    if let Some(finding) = carried.unwritten.take() {
        run.say(crate::domain::request::Event::Output(format!(
            "the journal could not be written: {finding}"
        )));
    }
    hands.hold.end(run, ending(&carried));
    Ok(carried)
}

/// Does one of them, with its result in the journal.
pub(crate) async fn step(
    run: &Run<'_>,
    survey: &Survey,
    hands: &mut Hands,
    action: Action,
    carried: &mut Carried,
) -> Result<(), Stop> {
    let act = action.act();
    if let Some(finding) = carried.unwritten.clone().filter(|_| act.changes()) {
        return Err(of_file(finding));
    }
    run.phase(act.phase(), PhaseState::Started);
    let done = perform(run, survey, hands, action, carried).await;
    let (state, ok, result) = match &done {
        Ok(Done::Yes) => (PhaseState::Done, true, None),
        Ok(Done::NoNeed) => (PhaseState::Skipped, true, None),
        Err(Stop::Root(root)) => (PhaseState::Failed, false, Some(root.conclusion.cause.code().to_owned())),
        Err(Stop::Problem(problem)) => (PhaseState::Failed, false, Some(problem.code().to_owned())),
    };
    run.phase(act.phase(), state);
    // The act is done: a journal that cannot be written now must not hide how it went.
    let noted = hands.hold.journal.write(Entry::Done { action: act, ok, result });
    if let Err(finding) = noted {
        carried.unwritten.get_or_insert(finding);
    }
    done.map(|_| ())
}

/// How the run ends, as the journal has it.
fn ending(carried: &Carried) -> Ending {
    match (&carried.stopped, carried.changed.contains(&Changed::Settings), &carried.backup) {
        (None, ..) => Ending::Success,
        (Some(_), false, Some(_)) => Ending::RolledBack,
        (Some(_), ..) => Ending::Failure,
    }
}

/// How an action ended that did not fail.
pub(crate) enum Done {
    Yes,
    /// There was no need, or no way, and that is no fault.
    NoNeed,
}

async fn perform(
    run: &Run<'_>,
    survey: &Survey,
    hands: &mut Hands,
    action: Action,
    carried: &mut Carried,
) -> Result<Done, Stop> {
    let act = action.act();
    match action {
        Action::Write { file, expected, contents, changes } => {
            let new = NewFile { file, expected, contents, changes };
            return write(survey, hands, new, carried).await;
        }
        _ => match hands.hold.journal.write(Entry::Intent { action: act, file: None }) {
            Err(finding) if act.changes() => return Err(of_file(finding)),
            // What was begun is followed to its end all the same.
            Err(finding) => carried.unwritten = Some(finding),
            Ok(()) => {}
        },
    }
    match action {
        Action::Pull => pulled(restart::pull(run, survey).await),
        Action::ComposeConfig => match restart::compose_reads(run, survey).await {
            Err(mut finding) => {
                match put_back(survey, hands, carried).await? {
                    Restored::Whole => {}
                    Restored::Ours => carried.file = FileAfter::OursBack,
                    Restored::Not => {
                        carried.file = FileAfter::CouldNotPutBack;
                        finding = finding.command(AdviceCode::Undo, "bwsync undo --yes");
                    }
                }
                Err(of_file(finding))
            }
            Ok(done) => Ok(if done { Done::Yes } else { Done::NoNeed }),
        },
        Action::Restart => {
            look_before(run, survey, carried).await;
            let before = carried.before.as_deref();
            carried.ended = restart::restart(run, survey, &mut hands.hold, before).await?;
            carried.ran = true;
            // What came of it is decided by the containers and by whether the server answers (design §11).
            Ok(Done::Yes)
        }
        Action::Up => {
            look_before(run, survey, carried).await;
            let before = carried.before.as_deref();
            carried.ended = restart::up(run, survey, &mut hands.hold, before).await?;
            carried.ran = true;
            Ok(Done::Yes)
        }
        Action::RemoveConnection => {
            let removed = removal::remove_connection(run, survey, hands.login.as_ref()).await;
            if matches!(removed, Removed::Yes | Removed::Perhaps(_)) {
                carried.changed.insert(Changed::Connection);
            }
            match removed {
                Removed::Yes => Ok(Done::Yes),
                Removed::NoNeed => Ok(Done::NoNeed),
                Removed::Not(finding) | Removed::Perhaps(finding) => {
                    Err(Stop::Root(Box::new(conclude::of_server(finding))))
                }
            }
        }
        Action::AwaitAnswer => {
            let done = afterwards::settle(run, survey, hands, carried).await;
            hands.saw(carried.up);
            done
        }
        Action::Prove { values } => {
            let before = carried.before.as_deref().filter(|_| carried.ended.by_script);
            carried.proved = proof::prove(run, survey, &values, before, hands.login.as_ref()).await;
            match carried.proved {
                Some(true) => Ok(Done::Yes),
                None => Ok(Done::NoNeed),
                Some(false) => Err(Stop::Root(Box::new(conclude::blocking(
                    Finding::new(Cause::EnvNotEffective)
                        .command(AdviceCode::RestartServer, "bwsync apply --yes"),
                    Some(From::Machine),
                )))),
            }
        }
        Action::Write { .. } | Action::VerifyToken | Action::SaveConnection | Action::TriggerSync => {
            Ok(Done::NoNeed)
        }
    }
}

pub(crate) fn of_file(finding: Finding) -> Stop {
    Stop::Root(Box::new(conclude::blocking(finding, Some(From::File))))
}

fn pulled(result: Result<bool, Finding>) -> Result<Done, Stop> {
    match result {
        Ok(true) => Ok(Done::Yes),
        Ok(false) => Ok(Done::NoNeed),
        Err(finding) => Err(Stop::Root(Box::new(conclude::blocking(finding, Some(From::Machine))))),
    }
}

struct NewFile {
    file: PathBuf,
    expected: String,
    contents: Contents,
    changes: Vec<Set>,
}

async fn write(
    survey: &Survey,
    hands: &mut Hands,
    new: NewFile,
    carried: &mut Carried,
) -> Result<Done, Stop> {
    let Ok(old) = &survey.env else { return Err(Stop::Problem(Problem::ChangedSincePlan)) };
    let old = Contents::new(old.bytes().to_vec());
    let (state, path) = (hands.hold.state.clone(), new.file.clone());
    let backup = blocking(move || state.back_up(&path, old.bytes(), clock::now())).await?.map_err(of_file)?;
    let after = crate::system::files::sha256(new.contents.bytes());
    hands
        .hold
        .journal
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
        .map_err(of_file)?;
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
        Err(WriteError::Found(finding)) => Err(of_file(finding)),
    }
}

/// The containers before the first restart of this run: what comes after is compared with them.
async fn look_before(run: &Run<'_>, survey: &Survey, carried: &mut Carried) {
    if carried.before.is_none() {
        carried.before = docker::parts(run, survey).await;
    }
}

/// What this run wrote is taken back; what somebody else wrote meanwhile stays.
///
/// # Errors
/// The journal cannot be written.
pub(crate) async fn put_back(
    survey: &Survey,
    hands: &mut Hands,
    carried: &mut Carried,
) -> Result<Restored, Stop> {
    let (Ok(old), Some(_)) = (&survey.env, &carried.backup) else { return Ok(Restored::Whole) };
    let old = Contents::new(old.bytes().to_vec());
    let (path, user) = (survey.file.path.clone(), survey.user.clone());
    let (after, sets) = (carried.wrote.clone(), carried.sets.clone());
    hands.hold.journal.write(Entry::Intent { action: Act::PutBack, file: None }).map_err(of_file)?;
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
    hands.hold.journal.write(Entry::Done { action: Act::PutBack, ok, result }).map_err(of_file)?;
    Ok(restored)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Stop> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Stop::Problem(Problem::Unexpected(error.to_string())))
}

impl Carried {
    /// What became of the restart.
    pub(crate) fn restart_result(&self, plan: RestartPlan) -> RestartResult {
        RestartResult { plan, ran: self.ran, exit: self.ended.exit, up: self.up, file: self.file }
    }

    /// The outcome: 5 or 6 once something was changed and did not come out well, else what the root says.
    pub(crate) fn outcome(self, body: Body) -> Outcome {
        let mut outcome = match self.stopped {
            Some(Stop::Problem(problem)) => conclude::problem(problem, body),
            Some(Stop::Root(root)) => conclude::outcome(in_order(*root, self.noted), Asking::Acting, body),
            None => conclude::outcome(self.noted, Asking::Acting, body),
        };
        outcome.exit = after_change(outcome.exit, !self.changed.is_empty(), self.ran, self.up);
        conclude::changed(outcome, self.changed)
    }
}

/// What stopped it, with what else is told: that nobody saw the server after the way back comes first, since it
/// decides how the run ends; a warning last.
fn in_order(root: Root, noted: Vec<Root>) -> Vec<Root> {
    let (first, last): (Vec<_>, Vec<_>) =
        noted.into_iter().partition(|root| root.conclusion.severity == Severity::Unknown);
    first.into_iter().chain([root]).chain(last).collect()
}
