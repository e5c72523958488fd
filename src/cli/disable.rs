//! `bwsync disable`: the set-up taken back: the connection, the switch, a restart.

use clap::Args;

use super::{apply, page::Page, plan};
use crate::domain::{
    check::State,
    request::{ApplyBody, Changed, Outcome, Restarting},
};

/// Flags of `disable`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[command(after_help = "\
Examples:
  bwsync disable --yes --api-key-file FILE
  bwsync disable --yes --no-restart --api-key-file FILE")]
pub struct DisableArgs {
    /// Do not restart; the settings count after the next restart
    #[arg(long)]
    pub no_restart: bool,
    /// Restart with the images that are here: Compose up -d, then nginx, no script
    #[arg(long, conflicts_with = "no_restart")]
    pub no_pull: bool,
}

impl DisableArgs {
    /// Whether and how to restart.
    pub fn restarting(&self) -> Restarting {
        apply::restarting(self.no_restart, self.no_pull)
    }
}

/// The human form. `planned`: it was not done yet.
pub fn print(page: &mut Page<'_>, outcome: &Outcome, body: &ApplyBody, planned: bool) {
    let texts = page.texts();
    let (state, sentence) = match (outcome.exit.is_ok(), planned) {
        (true, true) => (State::ToDo, texts.cli_disable_would()),
        (true, false) if outcome.changed.is_empty() => (State::Passed, texts.cli_disable_nothing()),
        (true, false) => (State::Passed, texts.cli_disable_done()),
        (false, _) if !body.restart.ran && outcome.changed.is_empty() => {
            (State::Failed, texts.cli_apply_refused())
        }
        (false, _) => (State::Failed, apply::standing(page, &body.restart)),
    };
    page.answer(state, &sentence);
    apply::file_after(page, &body.restart);
    page.roots(&outcome.roots);
    plan::diff(page, &body.diff);
    if outcome.changed.contains(&Changed::Connection) {
        page.gap();
        page.line(&texts.cli_disable_rotate());
    }
    if body.restart.plan.needed && !body.restart.ran {
        plan::restart(page, &body.restart.plan);
    }
}
