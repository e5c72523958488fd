//! `bwsync apply`: write, restart, prove; and what it came to, with the way back.

use clap::Args;

use super::{page::Page, plan};
use crate::{
    domain::{
        check::{AdviceCode, State},
        exit::Exit,
        request::{ApplyBody, Body, Changed, FileAfter, Outcome, PlanBody, RestartResult, Restarting},
    },
    wording,
};

/// Flags of `apply`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[command(after_help = "\
Examples:
  bwsync apply --yes
  bwsync apply --yes --no-restart
  bwsync apply --check --json       exit 10 if something would change")]
pub struct ApplyArgs {
    /// Only write; the settings count after the next restart
    #[arg(long)]
    pub no_restart: bool,
    /// Restart with the images that are here: Compose up -d, then nginx, no script
    #[arg(long, conflicts_with = "no_restart")]
    pub no_pull: bool,
    /// Change nothing: exit 10 if something would change
    #[arg(long)]
    pub check: bool,
}

impl ApplyArgs {
    /// Whether and how to restart.
    pub fn restarting(&self) -> Restarting {
        restarting(self.no_restart, self.no_pull)
    }
}

/// Whether and how to restart, by the two flags of which only one can be given.
pub fn restarting(no_restart: bool, no_pull: bool) -> Restarting {
    match (no_restart, no_pull) {
        (true, _) => Restarting::No,
        (false, true) => Restarting::WithoutPull,
        (false, false) => Restarting::Script,
    }
}

/// The human form. `undo` is the command that takes it back.
pub fn print(page: &mut Page<'_>, outcome: &Outcome, body: &ApplyBody, undo: Option<&str>) {
    let (state, sentence) = answer(page, outcome, body);
    page.answer(state, &sentence);
    file_after(page, &body.restart);
    page.roots(&outcome.roots);
    plan::diff(page, &body.diff);
    plan::whys(page, &body.changes);
    page.gap();
    let texts = page.texts();
    page.fact(&texts.cli_fact_file(), &body.file.path.display().to_string());
    if let Some(backup) = &body.backup {
        page.fact(&texts.cli_fact_backup(), &backup.display().to_string());
    }
    if body.restart.plan.needed && !body.restart.ran {
        plan::restart(page, &body.restart.plan);
    }
    let told = outcome
        .roots
        .iter()
        .flat_map(|root| &root.finding.advice)
        .any(|advice| advice.code == AdviceCode::Undo);
    if let Some(undo) = undo.filter(|_| outcome.changed.contains(&Changed::Settings) && !told) {
        page.gap();
        page.line(&texts.cli_undo_with());
        page.command(undo);
    }
}

fn answer(page: &Page<'_>, outcome: &Outcome, body: &ApplyBody) -> (State, String) {
    let texts = page.texts();
    let wrote = outcome.changed.contains(&Changed::Settings);
    let changed = !outcome.changed.is_empty();
    match (outcome.exit.is_ok(), body.restart.ran, body.proved) {
        (true, false, _) if !wrote => (State::Passed, texts.cli_apply_nothing()),
        (true, false, _) => (State::ToDo, texts.cli_apply_written()),
        (true, true, Some(true)) if wrote => (passed(outcome), texts.cli_apply_proved()),
        (true, true, Some(true)) => (passed(outcome), texts.cli_apply_restarted()),
        (true, true, _) => (State::Warning, texts.cli_apply_unproved()),
        (false, false, _) if !changed => (State::Failed, texts.cli_apply_refused()),
        (false, ..) => (State::Failed, standing(page, &body.restart)),
    }
}

/// It came out well; a warning deserves a look all the same.
fn passed(outcome: &Outcome) -> State {
    if outcome.roots.is_empty() { State::Passed } else { State::Warning }
}

/// What stands after a change that did not go well: that the server answers is said only where it was heard.
pub fn standing(page: &Page<'_>, restart: &RestartResult) -> String {
    let texts = page.texts();
    match (restart.ran, restart.up) {
        (false, _) => texts.cli_failed_untouched(),
        (true, Some(false)) => texts.cli_failed_down(),
        (true, Some(true)) => texts.cli_failed_up(),
        (true, None) => texts.cli_failed_unknown(),
    }
}

/// What became of the file that was written before a restart that did not come out well, and why.
pub fn file_after(page: &mut Page<'_>, restart: &RestartResult) {
    if let Some(line) = wording::file_after(page.texts(), restart) {
        page.line(&line);
    }
}

/// A plan in the form of an apply that was not carried out (`apply --check`); anything else as it is. With `--no-restart` a pending
/// restart is nothing that this apply would do.
pub fn as_not_applied(mut outcome: Outcome, restart: bool) -> Outcome {
    let Body::Plan(plan) = outcome.body else { return outcome };
    if !restart && plan.changes.is_empty() && outcome.exit == Exit::WouldChange {
        outcome.exit = Exit::Good;
    }
    let PlanBody { dir, region, file, changes, diff, restart, later: _ } = *plan;
    outcome.body = Body::Apply(Box::new(ApplyBody {
        dir,
        region,
        file,
        changes,
        diff,
        backup: None,
        restart: RestartResult { plan: restart, ran: false, exit: None, up: None, file: FileAfter::AsTold },
        proved: None,
        undoing: None,
    }));
    outcome
}
