//! `bwsync resume`: where an interrupted run stands; a restart that still runs is followed to its end.

use super::{apply, page::Page, plan};
use crate::domain::{
    check::State,
    request::{ApplyBody, Outcome},
};

/// The human form.
pub fn print(page: &mut Page<'_>, outcome: &Outcome, body: &ApplyBody) {
    let texts = page.texts();
    let (state, sentence) = match (outcome.exit.is_ok(), body.restart.ran) {
        // The problem has said that there is nothing to resume.
        (true, false) if outcome.problem.is_some() => return,
        (true, true) => (State::Passed, texts.cli_resume_up()),
        (true, false) if body.restart.plan.needed => (State::ToDo, texts.cli_resume_written()),
        (true, false) => (State::Passed, texts.cli_resume_before()),
        (false, _) => (State::Failed, apply::standing(page, &body.restart)),
    };
    page.answer(state, &sentence);
    apply::file_after(page, &body.restart);
    page.roots(&outcome.roots);
    if let Some(backup) = &body.backup {
        page.gap();
        page.fact(&texts.cli_fact_backup(), &backup.display().to_string());
    }
    if body.restart.plan.needed && !body.restart.ran {
        plan::restart(page, &body.restart.plan);
    }
}
