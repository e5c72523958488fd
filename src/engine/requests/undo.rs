//! `undo`: takes the newest apply back, our keys only, from the backup; needs neither network nor Docker.

use std::path::Path;

use crate::domain::{
    action::{Action, Contents, Set},
    check::{Cause, Finding, From},
    env_file::EnvFile,
    exit::{Asking, Exit},
    journal::{self, Undoable},
    request::{Body, Outcome, Problem, RestartResult, Restarting, Shown, UndoBody, Undoing},
    settings::{self, UndoEdit},
};

use crate::system::{
    Rights,
    files::{self, read_bounded},
    state::{self, State},
};

use crate::engine::{
    changing::{carry, hold, proof, put_back::as_change, restart},
    conclude,
    requests::look,
    run::Run,
    seeing::{
        docker, stands,
        survey::{self, Survey},
    },
};

/// `undo`
pub(crate) async fn undo(
    run: &Run<'_>,
    restarting: Restarting,
    confirmed: bool,
    shown_for: Option<Shown>,
) -> Outcome {
    let held = match confirmed && shown_for.is_none() {
        true => hold::early(run).await,
        false => Ok(None),
    };
    let held = match held {
        Ok(held) => held,
        Err(stopped) => return stopped,
    };
    let survey = match docker::surveyed(run).await {
        Ok(survey) => survey,
        Err(finding) => return conclude::stopped(finding, None, Body::Nothing),
    };
    look::say_found(run, &survey);
    // A server that is down is not restarted: it comes up from the images that are here.
    let down = stands::is_down(&stands::look(run, &survey).await);
    let restarting = match (restarting, down) {
        (Restarting::Script, true) => Restarting::WithoutPull,
        (restarting, _) => restarting,
    };
    let (undoable, edit, shown) = match find(run, &survey).await {
        Ok(Some((.., shown))) if shown_for.as_ref().is_some_and(|wanted| *wanted != shown) => {
            return conclude::problem(Problem::ChangedSincePlan, Body::Nothing);
        }
        Ok(Some(found)) => found,
        Ok(None) if shown_for.is_some() && shown_for != shown(run, &survey).await => {
            return conclude::problem(Problem::ChangedSincePlan, Body::Nothing);
        }
        Ok(None) => return conclude::problem(Problem::NothingToUndo, Body::Undo(Box::new(nothing(&survey)))),
        Err(finding) => return conclude::stopped(finding, Some(From::File), Body::Nothing),
    };
    let body = |restart: RestartResult| {
        Body::Undo(Box::new(UndoBody {
            changes: edit.changes.clone(),
            left: edit.left.clone(),
            restart,
            shown: Some(shown.clone()),
        }))
    };
    if !confirmed || edit.changes.is_empty() {
        let result = restart::not_run(restart::plan(&survey, !edit.changes.is_empty()));
        return conclude::outcome(Vec::new(), Asking::Acting, body(result));
    }
    if let Err(stopped) = restart::possible(run, &survey, restarting, "undo --yes").await {
        return *stopped;
    }
    let write = Action::Write {
        file: survey.file.path.clone(),
        expected: survey.file.sha256.clone(),
        contents: Contents::new(edit.bytes.clone()),
        changes: edit.changes.iter().map(|c| Set { key: c.key.clone(), to: c.to.clone() }).collect(),
    };
    let values = proof::values_of(&survey, &edit.bytes);
    let actions = restart::around(Some(write), restarting, Some(values));
    let errand = carry::Errand {
        command: journal::Command::Undo,
        takes_back: Some(undoable.run.clone()),
        shown: Some(shown.clone()),
        held,
        login: None,
    };
    let carried = match carry::carry_out(run, &survey, errand, actions).await {
        Ok(carried) => carried,
        Err(stopped) => return stopped,
    };
    let mut result = carried.restart_result(restart::plan(&survey, true));
    // What could not be started is as it was.
    let still_down = down && !result.ran && restarting != Restarting::No;
    if still_down {
        result.up = Some(false);
    }
    let mut outcome = carried.outcome(body(result));
    if still_down && !outcome.exit.is_ok() {
        outcome.exit = Exit::FailedDown;
    }
    outcome
}

/// What would be taken back, and the file that it gives.
async fn find(run: &Run<'_>, survey: &Survey) -> Result<Option<(Undoable, UndoEdit, Shown)>, Finding> {
    let state = survey.state(run.options);
    let now = survey.env.as_ref().map_err(Clone::clone)?;
    let stands = survey.file.sha256.clone();
    let (kept, owner) = (state.clone(), survey.installation.owner.clone());
    if let Ok(Err(finding)) = tokio::task::spawn_blocking(move || kept.readable(&owner)).await {
        return Err(finding);
    }
    let read = tokio::task::spawn_blocking(move || {
        let (dirs, runs): (Vec<_>, Vec<_>) = state.runs().into_iter().unzip();
        let undoable = journal::undoable(&runs, Some(&stands))?;
        let dir = runs.iter().position(|run| run.id == undoable.run).and_then(|at| dirs.get(at).cloned());
        let backup = undoable.file.backup.clone().zip(dir);
        let backup = backup.map(|(path, dir)| (path, state.read_backup(&dir, &undoable.file)));
        Some((undoable, backup, state::mark(&runs)))
    });
    let Some((undoable, backup, mark)) = read.await.ok().flatten() else { return Ok(None) };
    let lost = |path: String, errno: String| {
        Finding::new(Cause::InstallNotReadable).with("path", path).with("errno", errno)
    };
    let before = match backup {
        Some((_, Ok(contents))) => contents,
        Some((path, Err(error))) => {
            return Err(lost(path.display().to_string(), crate::system::files::errno(&error)));
        }
        None => return Err(lost(undoable.run.clone(), "ENOENT".into())),
    };
    let before = EnvFile::parse(before.bytes())
        .map_err(|refusal| Finding::new(Cause::EnvUnparsable).with("line", refusal.line.to_string()))?;
    let changes: Vec<_> = undoable.file.changes.iter().map(|set| as_change(set, &before)).collect();
    let edit = settings::undo(now, &before, &changes)?;
    Ok(Some((undoable, edit, Shown { file: survey.file.sha256.clone(), journal: Some(mark) })))
}

/// What would be taken back as it all stands now, read once more.
pub(crate) async fn undoing_now(run: &Run<'_>) -> Option<Undoing> {
    let survey = survey::survey(run.options).await.ok()?;
    undoing(run, &survey).await
}

/// What somebody sees now who is asked whether to take it back.
pub(crate) async fn undoing(run: &Run<'_>, survey: &Survey) -> Option<Undoing> {
    if let Ok(Some((_, edit, shown))) = find(run, survey).await {
        return Some(Undoing { changes: edit.changes, left: edit.left, shown });
    }
    let shown = shown(run, survey).await?;
    Some(Undoing { changes: Vec::new(), left: Vec::new(), shown })
}

/// What a look at what could be taken back saw: the file, and the newest run that meant to write it.
async fn shown(run: &Run<'_>, survey: &Survey) -> Option<Shown> {
    let state = survey.state(run.options);
    let runs = tokio::task::spawn_blocking(move || state.runs()).await.ok()?;
    let runs: Vec<_> = runs.into_iter().map(|(_, run)| run).collect();
    Some(Shown { file: survey.file.sha256.clone(), journal: Some(state::mark(&runs)) })
}

/// Whether what was shown still holds; asked with the lock held.
pub(crate) fn still(shown: &Shown, state: &State, file: &Path, rights: &Rights) -> bool {
    let read = rights.run(|| read_bounded(file, files::ENV_FILE));
    let same = read.is_ok_and(|read| read.is_ok_and(|bytes| files::sha256(&bytes) == shown.file));
    let runs = || state.runs().into_iter().map(|(_, run)| run).collect::<Vec<_>>();
    same && shown.journal.as_ref().is_none_or(|mark| state::mark(&runs()) == *mark)
}

fn nothing(survey: &Survey) -> UndoBody {
    let restart = restart::not_run(restart::plan(survey, false));
    UndoBody { changes: Vec::new(), left: Vec::new(), restart, shown: None }
}
