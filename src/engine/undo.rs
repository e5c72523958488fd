//! `undo`: takes the newest apply back, our keys only, from the backup; needs neither network nor Docker.

use crate::domain::{
    action::{Action, Contents, Set},
    check::{Cause, Finding, From},
    env_file::EnvFile,
    exit::Asking,
    journal::{self, Undoable},
    request::{Body, Change, Outcome, Problem, RestartResult, Restarting, UndoBody, Why},
    settings::{self, UndoEdit},
};

use super::{carry, conclude, look, machine, proof, restart, run::Run, survey::Survey};

/// `undo`
pub(super) async fn undo(run: &Run<'_>, restarting: Restarting, confirmed: bool) -> Outcome {
    let survey = match machine::surveyed(run).await {
        Ok(survey) => survey,
        Err(finding) => return conclude::stopped(finding, None, Body::Nothing),
    };
    look::say_found(run, &survey);
    let (undoable, edit) = match find(run, &survey).await {
        Ok(Some(found)) => found,
        Ok(None) => return conclude::problem(Problem::NothingToUndo, Body::Undo(Box::new(nothing(&survey)))),
        Err(finding) => return conclude::stopped(finding, Some(From::File), Body::Nothing),
    };
    let body = |restart: RestartResult| {
        Body::Undo(Box::new(UndoBody { changes: edit.changes.clone(), left: edit.left.clone(), restart }))
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
        login: None,
    };
    let carried = match carry::carry_out(run, &survey, errand, actions).await {
        Ok(carried) => carried,
        Err(stopped) => return stopped,
    };
    let result = carried.restart_result(restart::plan(&survey, true));
    carried.outcome(body(result))
}

/// What would be taken back, and the file that it gives.
async fn find(run: &Run<'_>, survey: &Survey) -> Result<Option<(Undoable, UndoEdit)>, Finding> {
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
        Some((undoable, backup))
    });
    let Some((undoable, backup)) = read.await.ok().flatten() else { return Ok(None) };
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
    Ok(Some((undoable, edit)))
}

/// The change that the journal remembers: from the backup's value to the one that was set.
fn as_change(set: &Set, before: &EnvFile) -> Change {
    let from = before.get(&set.key).map(|value| value.expose().to_owned());
    Change { key: set.key.clone(), from, to: set.to.clone(), why: Why::PutBack }
}

fn nothing(survey: &Survey) -> UndoBody {
    let restart = restart::not_run(restart::plan(survey, false));
    UndoBody { changes: Vec::new(), left: Vec::new(), restart }
}
