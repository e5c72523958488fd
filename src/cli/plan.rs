//! `bwsync plan`: what apply would change, as a diff, and whose word the region rests on.

use clap::Args;

use super::page::Page;
use crate::{
    domain::{
        check::State,
        request::{Change, Diff, DiffSign, Outcome, PlanBody, RestartPlan},
    },
    steps::configure::RESTART_SECONDS,
    wording,
};

/// Flags of `plan`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[command(after_help = "\
Examples:
  bwsync plan
  bwsync plan --check --json        exit 10 if something would change")]
pub struct PlanArgs {
    /// Exit 10 if something would change
    #[arg(long)]
    pub check: bool,
}

/// The human form. `next` is the command that applies it; `asks` where a question follows that says how it stands.
pub fn print(page: &mut Page<'_>, outcome: &Outcome, body: &PlanBody, next: Option<&str>, asks: bool) {
    let texts = page.texts();
    let file = body.file.path.display().to_string();
    let (state, sentence) = match (body.changes.len(), body.restart.needed) {
        (0, false) => (State::Passed, texts.cli_plan_nothing()),
        (0, true) => (State::ToDo, texts.cli_plan_restart_only()),
        (count, _) => (State::ToDo, texts.cli_plan_changes(count, file.as_str())),
    };
    page.answer(state, &sentence);
    page.line(&format!("  {}", wording::region(texts, &body.region)));
    page.roots(&outcome.roots);
    diff(page, &body.diff);
    whys(page, &body.changes);
    if !body.changes.is_empty() && !body.later.dropped.is_empty() {
        page.gap();
        page.line(&texts.plan_later(body.later.dropped.len()));
    }
    if body.restart.needed {
        restart(page, &body.restart);
    }
    if asks {
        return;
    }
    page.gap();
    page.line(&texts.cli_nothing_changed());
    if let Some(next) = next.filter(|_| state == State::ToDo) {
        page.line(&texts.cli_plan_next());
        page.command(next);
    }
}

/// The lines that change, with their neighbours.
pub fn diff(page: &mut Page<'_>, diff: &Diff) {
    if diff.lines.is_empty() {
        return;
    }
    page.gap();
    for line in &diff.lines {
        let sign = match line.sign {
            DiffSign::Same => ' ',
            DiffSign::Removed => '-',
            DiffSign::Added => '+',
        };
        // Written as it stands: the file's own characters are not ours to replace.
        page.command(&format!("  {sign}{:>4}  {}", line.number, page.look.masks(&line.text)));
    }
}

/// Why each setting changes.
pub fn whys(page: &mut Page<'_>, changes: &[Change]) {
    if changes.is_empty() {
        return;
    }
    page.gap();
    for change in changes {
        let why = wording::why(page.texts(), change.why);
        page.line(&format!("  {}: {why}", change.key));
    }
}

/// The restart that is to follow.
pub fn restart(page: &mut Page<'_>, restart: &RestartPlan) {
    let texts = page.texts();
    page.gap();
    page.line(&match &restart.run_as {
        Some(user) => texts.cli_restart_as(user.as_str()),
        None => texts.cli_restart_after(),
    });
    if let Some(command) = &restart.command {
        page.command(command);
    }
    page.line(&texts.cli_restart_cost(RESTART_SECONDS));
}
