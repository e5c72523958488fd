//! `resume`: where an interrupted run stands. A restart that still runs is followed to its end; one that ended
//! without us is looked at; a file that was written and not restarted is said. And the way up after a failed
//! pull: the containers from the images that are here.

use std::path::PathBuf;

use crate::{
    domain::{
        action::{Act, Action},
        check::{AdviceCode, Cause, Conclusion, Finding, From, Severity},
        journal,
        request::{ApplyBody, Body, Diff, Event, Outcome, Phase, PhaseState, Problem, RestartResult, Root},
    },
    system::resume::{Unfinished, unfinished},
};

use super::{
    carry, conclude, disable, look, machine, proof, restart,
    run::Run,
    survey::{self, Survey},
};

/// `resume`
pub(super) async fn resume(run: &Run<'_>) -> Outcome {
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
    follow(run, &survey, &interrupted).await;
    let stands = Stands::of(&interrupted.run, &survey.file.sha256);
    let actions = match stands {
        // The script was at work: what counts is whether the server answers now.
        Stands::Restarting => {
            let values = survey.layers().map(|layers| proof::values(&layers)).unwrap_or_default();
            vec![Action::AwaitAnswer, Action::Prove { values }]
        }
        Stands::Written | Stands::AsBefore => Vec::new(),
    };
    let errand =
        carry::Errand { command: journal::Command::Resume, takes_back: None, shown: None, login: None };
    let carried = match carry::pick_up(run, &survey, errand, actions).await {
        Ok(carried) => carried,
        Err(stopped) => return Outcome { body: body(run, &survey, None, idle), ..stopped },
    };
    let pending = stands == Stands::Written;
    let result = carried.restart_result(restart::plan(&survey, pending));
    let backup = interrupted.run.written_file().and_then(|file| file.backup.clone());
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
}

impl Stands {
    fn of(run: &journal::Run, file_now: &str) -> Self {
        let begun = |act| run.done(act).is_some() || run.unfinished() == Some(act);
        if begun(Act::Restart) || begun(Act::Up) {
            Self::Restarting
        } else if run.written_file().is_some_and(|file| file.after == file_now) {
            Self::Written
        } else {
            Self::AsBefore
        }
    }
}

/// The newest run that changes something, if it did not end and nobody has picked it up since.
pub(super) async fn interrupted(run: &Run<'_>, survey: &Survey) -> Option<Unfinished> {
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

/// Tells the lines of a script that outlived its run, until it ends.
async fn follow(run: &Run<'_>, survey: &Survey, interrupted: &Unfinished) {
    let Some(script) = &interrupted.script else { return };
    run.phase(Phase::Restart, PhaseState::Started);
    let (runner, state) = (machine::runner(run, survey), survey.state(run.options));
    let mut say = |line: String| run.say(Event::Output(line));
    script.follow(&state, &runner, &mut say).await;
    run.phase(Phase::Restart, PhaseState::Done);
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
pub(super) async fn start(run: &Run<'_>) -> Outcome {
    let survey = match survey::survey(run.options).await {
        Ok(survey) => survey,
        Err(finding) => return conclude::stopped(finding, None, Body::Nothing),
    };
    look::say_found(run, &survey);
    let plan = restart::plan(&survey, true);
    let errand =
        carry::Errand { command: journal::Command::Resume, takes_back: None, shown: None, login: None };
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
    }))
}
