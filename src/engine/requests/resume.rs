//! `resume`: where an interrupted run stands. A restart that still runs is followed to its end; one that ended
//! without us is looked at; a file that was written and not restarted is said. And the way up after a failed
//! pull: the containers from the images that are here.

use std::path::PathBuf;

use crate::{
    domain::{
        action::{Act, Action},
        check::{AdviceCode, Cause, Conclusion, Finding, From, Severity},
        journal,
        request::{ApplyBody, Body, Diff, Outcome, Phase, PhaseState, Problem, RestartResult, Root},
    },
    system::{
        keeper::Following,
        resume::{Unfinished, unfinished},
        user,
    },
};

use crate::engine::{
    changing::{
        carry, proof,
        restart::{self, Ended},
        verdict,
    },
    conclude,
    requests::{disable, look},
    run::Run,
    seeing::{
        docker,
        survey::{self, Survey},
    },
};

/// `resume`
pub(crate) async fn resume(run: &Run<'_>) -> Outcome {
    let survey = match survey::survey(run.options).await {
        Ok(survey) => survey,
        Err(finding) => return conclude::stopped(finding, None, Body::Nothing),
    };
    look::say_found(run, &survey);
    let idle = restart::not_run(restart::plan(&survey, false));
    let (state, owner) = (survey.state(run.options), survey.installation.owner.clone());
    if let Ok(Err(finding)) = tokio::task::spawn_blocking(move || state.readable(&owner)).await {
        return conclude::stopped(finding, Some(From::File), body(run, &survey, None, idle));
    }
    let Some(interrupted) = interrupted(run, &survey).await else {
        return conclude::problem(Problem::NothingToResume, body(run, &survey, None, idle));
    };
    let ended = follow(run, &survey, &interrupted).await;
    let backup = interrupted.run.written_file().and_then(|file| file.backup.clone());
    if let Some(pid) = ended.stopped {
        let result = RestartResult { ran: true, ..idle };
        return still_stopped(pid, body(run, &survey, backup, result));
    }
    let stands = Stands::of(&interrupted, &ended, &survey.file.sha256);
    let actions = stands.actions(&survey);
    let errand = carry::Errand {
        command: journal::Command::Resume,
        takes_back: None,
        shown: None,
        held: None,
        login: None,
    };
    let written = interrupted.run.written_file().is_some_and(|file| file.after == survey.file.sha256);
    let applied = interrupted.run.command() == Some(journal::Command::Apply);
    let begun = carry::Begun { before: interrupted.before, ended, stands: applied && written };
    let carried = match carry::pick_up(run, &survey, errand, actions, begun).await {
        Ok(carried) => carried,
        Err(stopped) => return Outcome { body: body(run, &survey, None, idle), ..stopped },
    };
    let pending = stands == Stands::Written;
    let result = carried.restart_result(restart::plan(&survey, pending));
    let proved = carried.proved;
    let mut body = body(run, &survey, backup, result);
    if let Body::Apply(apply) = &mut body {
        apply.proved = proved;
    }
    let mut outcome = carried.outcome(body);
    if pending {
        outcome.roots.push(still_to_restart());
    }
    outcome
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
        // Byte for byte; or our settings alone, where somebody else changed the file meanwhile.
        let is_back = run.done(Act::PutBack) == Some(true)
            || run.written_file().is_some_and(|file| file.before == file_now);
        let last = interrupted.work.as_ref().map(|work| work.act);
        if ended.began && is_back && run.began(Act::PutBack) && last == Some(Act::Restart) {
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
            let values = survey.layers().map(|layers| proof::values(&layers)).unwrap_or_default();
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
fn still_stopped(pid: u32, body: Body) -> Outcome {
    let finding = verdict::of_stopped(Finding::new(Cause::ServerNotSeen), pid);
    conclude::stopped(finding, Some(From::Machine), body)
}

/// The newest run that changes something, if it did not end and nobody has picked it up since.
pub(crate) async fn interrupted(run: &Run<'_>, survey: &Survey) -> Option<Unfinished> {
    let state = survey.state(run.options);
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
async fn follow(run: &Run<'_>, survey: &Survey, interrupted: &Unfinished) -> Ended {
    let (state, id) = (survey.state(run.options), interrupted.run.id.clone());
    let Some(work) = interrupted.work.clone() else { return Ended::default() };
    let opened = tokio::task::spawn_blocking(move || {
        (!state.is_tended(&id)).then(|| state.reopen(&work.output).ok()).flatten()
    });
    let Ok(Some(files)) = opened.await else { return Ended::default() };
    let phase = interrupted.work.as_ref().map_or(Phase::Restart, |work| work.act.phase());
    run.phase(phase, PhaseState::Started);
    let runner = docker::runner(run, survey);
    let ended = restart::follow(run, survey, &runner, Following::of(files), None).await;
    run.phase(phase, PhaseState::Done);
    Ended { by_script: phase == Phase::Restart, ..ended }
}

/// The command that follows a restart which goes on by itself.
pub(crate) fn command(run: &Run<'_>, survey: &Survey) -> String {
    let dir = user::quote_path(&survey.installation.dir);
    let state = run.options.state_dir.as_deref().map(user::quote_path);
    let state = state.map(|path| format!(" --state-dir {path}")).unwrap_or_default();
    format!("bwsync resume --dir {dir}{state}")
}

fn still_to_restart() -> Root {
    let finding =
        Finding::new(Cause::RestartPending).command(AdviceCode::RestartServer, "bwsync apply --yes");
    let conclusion = Conclusion {
        cause: Cause::RestartPending,
        check: None,
        from: Some(From::File),
        severity: Severity::ToDo,
    };
    Root { conclusion, finding }
}

/// The way up: the containers from the images that are here, then nginx.
pub(crate) async fn start(run: &Run<'_>) -> Outcome {
    let survey = match survey::survey(run.options).await {
        Ok(survey) => survey,
        Err(finding) => return conclude::stopped(finding, None, Body::Nothing),
    };
    look::say_found(run, &survey);
    let plan = restart::plan(&survey, true);
    let errand = carry::Errand {
        command: journal::Command::Resume,
        takes_back: None,
        shown: None,
        held: None,
        login: None,
    };
    let carried = carry::carry_out(run, &survey, errand, vec![Action::Up, Action::AwaitAnswer]).await;
    match carried {
        Ok(carried) => {
            let result = carried.restart_result(plan);
            carried.outcome(body(run, &survey, None, result))
        }
        Err(stopped) => Outcome { body: body(run, &survey, None, restart::not_run(plan)), ..stopped },
    }
}

fn body(run: &Run<'_>, survey: &Survey, backup: Option<PathBuf>, restart: RestartResult) -> Body {
    Body::Apply(Box::new(ApplyBody {
        dir: survey.installation.dir.clone(),
        region: disable::region_as_it_is(run, survey),
        file: survey.file.clone(),
        changes: Vec::new(),
        diff: Diff::default(),
        backup,
        restart,
        proved: None,
        undoing: None,
    }))
}
