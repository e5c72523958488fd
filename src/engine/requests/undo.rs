//! `undo`: takes the newest apply back, our keys only, from the backup; needs neither network nor Docker.

use crate::{
    domain::{
        check::{Cause, Finding},
        env_file::EnvFile,
        exit::{Asking, Exit},
        journal::{self, Undoable},
        request::{Body, Problem, RestartResult, Restarting, Shown, UndoBody, Undoing},
        settings::{self, UndoEdit},
    },
    system::state::{self, State},
};

use crate::engine::{
    case::Case,
    changing::{
        carry,
        hold::{self, ChangeRequest},
        put_back::as_change,
        restart, shown,
    },
    conclude::{self, Stop, Stopped, Told},
    run::Run,
    seeing::{
        live, open, stands,
        survey::{self, Survey},
    },
};

/// `undo`
pub(crate) async fn undo(
    run: &Run<'_>,
    restarting: Restarting,
    confirmed: bool,
    shown_for: Option<Shown>,
) -> Told {
    let held = match confirmed && shown_for.is_none() {
        true => hold::early(run).await?,
        false => None,
    };
    let case = open::with_containers(run).await?;
    stands::say_found(&case);
    // A server that is down is not restarted: it comes up from the images that are here.
    let down = stands::is_down(&stands::look(&case).await);
    let restarting = match (restarting, down) {
        (Restarting::Script, true) => Restarting::WithoutPull,
        (restarting, _) => restarting,
    };
    let Some((undoable, edit, shown)) = find(&case.survey, case.state()).await.map_err(Stop::of_file)? else {
        if shown_for.is_some() && shown_for != shown::now(&case.survey, case.state()).await {
            return Err(Problem::ChangedSincePlan.into());
        }
        return Err(Stopped::from(Problem::NothingToUndo).with(nothing(&case.survey)));
    };
    if shown_for.is_some_and(|wanted| wanted != shown) {
        return Err(Problem::ChangedSincePlan.into());
    }
    let body = |restart: RestartResult| {
        Body::Undo(Box::new(UndoBody {
            changes: edit.changes.clone(),
            left: edit.left.clone(),
            restart,
            shown: Some(shown.clone()),
        }))
    };
    if !confirmed || edit.changes.is_empty() {
        let result = restart::not_run(restart::plan(&case.survey, !edit.changes.is_empty()));
        return Ok(conclude::outcome(Vec::new(), Asking::Acting, body(result)));
    }
    restart::possible(&case, restarting, "undo --yes").await?;
    let write = restart::write(&case.survey, &edit.changes, &edit.bytes);
    let values = live::values_of(&case.survey, &edit.bytes);
    let actions = restart::around(write, restarting, Some(values));
    let asked = ChangeRequest {
        takes_back: Some(undoable.run.clone()),
        shown: Some(shown.clone()),
        held,
        ..ChangeRequest::new(journal::Command::Undo)
    };
    let carried = carry::carry_out(&case, asked, actions).await?;
    let mut result = carried.restart_result(restart::plan(&case.survey, true));
    // What could not be started is as it was.
    let still_down = down && !result.ran && restarting != Restarting::No;
    if still_down {
        result.up = Some(false);
    }
    let mut outcome = carried.outcome(body(result));
    if still_down && !outcome.exit.is_ok() {
        outcome.exit = Exit::FailedDown;
    }
    Ok(outcome)
}

/// What would be taken back, and the file that it gives.
async fn find(survey: &Survey, state: State) -> Result<Option<(Undoable, UndoEdit, Shown)>, Finding> {
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
pub(crate) async fn undoing_now(case: &Case<'_>) -> Option<Undoing> {
    let survey = survey::survey(case.options()).await.ok()?;
    undoing(&survey, case.state()).await
}

/// What somebody sees now who is asked whether to take it back.
pub(crate) async fn undoing(survey: &Survey, state: State) -> Option<Undoing> {
    if let Ok(Some((_, edit, shown))) = find(survey, state.clone()).await {
        return Some(Undoing { changes: edit.changes, left: edit.left, shown });
    }
    let shown = shown::now(survey, state).await?;
    Some(Undoing { changes: Vec::new(), left: Vec::new(), shown })
}

fn nothing(survey: &Survey) -> Body {
    let restart = restart::not_run(restart::plan(survey, false));
    Body::Undo(Box::new(UndoBody { changes: Vec::new(), left: Vec::new(), restart, shown: None }))
}
