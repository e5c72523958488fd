//! `resume`: where an interrupted run stands. A restart that still runs is followed to its end; one that ended
//! without us is looked at; a file that was written and not restarted is said.

use std::path::PathBuf;

use crate::{
    domain::{
        action::{Act, Action},
        check::{AdviceCode, Cause, Conclusion, Finding, Severity, Side},
        journal,
        request::{ApplyBody, Body, Diff, FileAfter, Phase, PhaseState, Problem, RestartResult, Root},
    },
    system::{
        keeper::Following,
        resume::{Unfinished, unfinished},
    },
};

use crate::engine::{
    case::Case,
    changing::{
        carried::Carried,
        carry::{self, Begun},
        hold::ChangeRequest,
        restart::{self, Ended},
        verdict,
    },
    conclude::{Stop, Stopped, Told},
    requests::plan,
    run::Run,
    seeing::{docker, live, open, stands, survey::Survey},
};

/// `resume`
pub(crate) async fn resume(run: &Run<'_>) -> Told {
    let case = open::files(run).await?;
    stands::say_found(&case);
    let idle = || body(&case, None, restart::not_run(restart::plan(&case.survey, false)));
    let (state, owner) = (case.state(), case.survey.installation.owner.clone());
    if let Ok(Err(finding)) = tokio::task::spawn_blocking(move || state.readable(&owner)).await {
        return Err(Stopped::from(Stop::of_file(finding)).with(idle()));
    }
    let Some(interrupted) = interrupted(&case).await else {
        return Err(Stopped::from(Problem::NothingToResume).with(idle()));
    };
    let ended = follow(&case, &interrupted).await;
    let backup = interrupted.run.written_file().and_then(|file| file.backup.clone());
    if let Some(pid) = ended.stopped {
        let idle = restart::not_run(restart::plan(&case.survey, false));
        return Err(still_stopped(pid).with(body(&case, backup, RestartResult { ran: true, ..idle })));
    }
    let stands = Stands::of(&interrupted, &ended, &case.survey.file.sha256);
    // After a restart nothing is put back unless a setting of ours stopped the server.
    let way_back = ended.began && is_back(&interrupted.run, &case.survey.file.sha256);
    let whole = interrupted.run.written_file().is_some_and(|file| file.before == case.survey.file.sha256);
    let actions = stands.actions(&case.survey);
    let written = interrupted.run.written_file().is_some_and(|file| file.after == case.survey.file.sha256);
    let applied = interrupted.run.command() == Some(journal::Command::Apply);
    let begun = Begun { before: interrupted.before, ended, stands: applied && written };
    let asked = ChangeRequest::new(journal::Command::Resume);
    let carried =
        carry::pick_up(&case, asked, actions, begun).await.map_err(|stopped| stopped.with(idle()))?;
    let carried = if way_back { taken_back(carried, whole) } else { carried };
    let pending = stands == Stands::Written;
    let result = carried.restart_result(restart::plan(&case.survey, pending));
    let proved = carried.proved;
    let mut body = body(&case, backup, result);
    if let Body::Apply(apply) = &mut body {
        apply.proved = proved;
    }
    let mut outcome = carried.outcome(body);
    if pending {
        outcome.roots.push(still_to_restart());
    }
    Ok(outcome)
}

/// Where a run that did not end left things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    /// Nothing was written, or it was put back.
    AsBefore,
    /// The new file stands; the server was not restarted.
    Written,
    /// The restart was begun.
    Restarting,
    /// The containers were being started and their keeper was cut off: what it was still to start nobody did.
    HalfUp,
    /// The restart failed and the old file was put back; the server was not started with it.
    PutBack,
}

impl Stands {
    fn of(interrupted: &Unfinished, ended: &Ended, file_now: &str) -> Self {
        let run = &interrupted.run;
        let last = interrupted.work.as_ref().map(|work| work.act);
        if ended.began && is_back(run, file_now) && last == Some(Act::Restart) {
            Self::PutBack
        } else if ended.began && last == Some(Act::Up) && ended.exit.is_none() {
            Self::HalfUp
        } else if ended.began {
            Self::Restarting
        } else if run.written_file().is_some_and(|file| file.after == file_now) {
            Self::Written
        } else {
            Self::AsBefore
        }
    }

    /// What is still to be done.
    fn actions(self, survey: &Survey) -> Vec<Action> {
        let prove = || {
            let values = survey.layers().map(|layers| live::values(&layers)).unwrap_or_default();
            Action::Prove { values }
        };
        match self {
            // The file is back and the server was still to come up with it.
            Self::PutBack => vec![Action::Up, Action::AwaitAnswer],
            // What runs already stays as it is.
            Self::HalfUp => vec![Action::Up, Action::AwaitAnswer, prove()],
            // The script was at work: what counts is whether the server answers now.
            Self::Restarting => vec![Action::AwaitAnswer, prove()],
            Self::Written | Self::AsBefore => Vec::new(),
        }
    }
}

/// It was stopped from outside and is not waited for any longer: nobody can say how it ends, and nothing may be begun
/// beside it.
fn still_stopped(pid: u32) -> Stopped {
    Stop::seen(Side::Machine, verdict::of_stopped(Finding::new(Cause::ServerNotSeen), pid)).into()
}

/// Whether what a run wrote was put back: byte for byte; or our settings alone, where somebody else changed the file
/// meanwhile.
fn is_back(run: &journal::Run, file_now: &str) -> bool {
    let as_before = || run.written_file().is_some_and(|file| file.before == file_now);
    run.began(Act::PutBack) && (run.done(Act::PutBack) == Some(true) || as_before())
}

/// The end of a way back, told as the run that began it would have told it: what it was to change is not there.
fn taken_back(mut carried: Carried, whole: bool) -> Carried {
    carried.file = if whole { FileAfter::PutBack } else { FileAfter::OursBack };
    let told = || Stop::seen(Side::Container, Finding::new(Cause::EnvInvalidValue));
    carried.stopped.get_or_insert_with(told);
    carried
}

/// The newest run that changes something, if it did not end and nobody has picked it up since.
pub(crate) async fn interrupted(case: &Case<'_>) -> Option<Unfinished> {
    let state = case.state();
    let found = tokio::task::spawn_blocking(move || {
        let found = unfinished(&state)?;
        let since =
            state.runs().into_iter().map(|(_, run)| run).filter(|run| run.place() > found.run.place());
        let picked_up =
            |run: journal::Run| run.command() == Some(journal::Command::Resume) && run.ending().is_some();
        (!since.into_iter().any(picked_up)).then_some(found)
    });
    found.await.ok().flatten()
}

/// Follows a keeper whose run was cut off, to the end; nothing where none was begun, or where another bwsync
/// still carries the run out.
async fn follow(case: &Case<'_>, interrupted: &Unfinished) -> Ended {
    let (state, id) = (case.state(), interrupted.run.id.clone());
    let Some(work) = interrupted.work.clone() else { return Ended::default() };
    let opened = tokio::task::spawn_blocking(move || {
        (!state.is_tended(&id)).then(|| state.reopen(&work.output).ok()).flatten()
    });
    let Ok(Some(files)) = opened.await else { return Ended::default() };
    let phase = interrupted.work.as_ref().map_or(Phase::Restart, |work| work.act.phase());
    case.run.phase(phase, PhaseState::Started);
    let runner = docker::runner(case);
    let ended = restart::follow(case, &runner, Following::of(files), None).await;
    case.run.phase(phase, PhaseState::Done);
    Ended { by_script: phase == Phase::Restart, ..ended }
}

fn still_to_restart() -> Root {
    let finding =
        Finding::new(Cause::RestartPending).command(AdviceCode::RestartServer, "bwsync apply --yes");
    let conclusion = Conclusion {
        cause: Cause::RestartPending,
        check: None,
        from: Some(Side::File),
        severity: Severity::ToDo,
    };
    Root { conclusion, finding }
}

/// The body of what was followed or started: nothing is planned.
pub(crate) fn body(case: &Case<'_>, backup: Option<PathBuf>, restart: RestartResult) -> Body {
    Body::Apply(Box::new(ApplyBody {
        dir: case.survey.installation.dir.clone(),
        region: plan::region_as_it_is(case),
        file: case.survey.file.clone(),
        changes: Vec::new(),
        diff: Diff::default(),
        backup,
        restart,
        proved: None,
        undoing: None,
    }))
}
