//! `bwsync undo`: our settings as they were before the last apply, and nothing else.

use clap::Args;

use super::{apply, page::Page, plan};
use crate::domain::{
    check::State,
    request::{Changed, Outcome, Restarting, UndoBody},
};

/// Flags of `undo`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[command(after_help = "\
Examples:
  bwsync undo --yes
  bwsync undo --yes --restart")]
pub struct UndoArgs {
    /// Restart the server afterwards
    #[arg(long)]
    pub restart: bool,
    /// Restart with the images that are here: Compose up -d, then nginx, no script
    #[arg(long, requires = "restart")]
    pub no_pull: bool,
}

impl UndoArgs {
    /// Whether and how to restart.
    pub fn restarting(&self) -> Restarting {
        apply::restarting(!self.restart, self.no_pull)
    }
}

/// The human form. `planned`: it was not done yet.
pub fn print(page: &mut Page<'_>, outcome: &Outcome, body: &UndoBody, planned: bool) {
    let texts = page.texts();
    let wrote = outcome.changed.contains(&Changed::Settings);
    let (state, sentence) = match (outcome.exit.is_ok(), body.changes.len()) {
        (true, 0) => (State::Passed, texts.cli_undo_nothing()),
        (true, count) if planned => (State::ToDo, texts.cli_undo_would(count)),
        (true, _) if !body.left.is_empty() => (State::Warning, texts.cli_undo_done_except()),
        (true, _) if body.restart.ran => (State::Passed, texts.cli_undo_done_restarted()),
        (true, _) => (State::Passed, texts.cli_undo_done()),
        (false, _) if !body.restart.ran && outcome.changed.is_empty() => {
            (State::Failed, texts.cli_apply_refused())
        }
        // Both outcomes: the settings, and the server.
        (false, _) => {
            let settings = if wrote { texts.screen_undo_back() } else { texts.screen_undo_not_back() };
            let server = match body.restart.up {
                Some(true) => texts.screen_undo_up(),
                Some(false) => texts.screen_undo_down(),
                None => texts.screen_undo_not_seen(),
            };
            (State::Failed, format!("{settings} {server}"))
        }
    };
    page.answer(state, &sentence);
    apply::file_after(page, &body.restart);
    page.roots(&outcome.roots);
    if !body.changes.is_empty() {
        page.gap();
        for change in &body.changes {
            let none = texts.cli_not_set();
            let (from, to) = (change.from.as_deref().unwrap_or(&none), change.to.as_deref().unwrap_or(&none));
            page.command(&format!("  {}: {from} -> {to}", change.key));
        }
    }
    for left in &body.left {
        page.line(&format!("  {}", texts.cli_undo_left(left.key.as_str())));
    }
    if body.restart.plan.needed && !body.restart.ran {
        plan::restart(page, &body.restart.plan);
    }
    if wrote {
        page.gap();
        page.line(&texts.cli_undo_connection_stays());
    }
}
