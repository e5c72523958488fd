//! `bwsync sync`: the license sync now, with what it changed.

use clap::Args;

use super::page::{Page, day};
use crate::domain::{
    check::State,
    request::{Outcome, Problem, SyncBody},
    sync::{Snapshot, SyncState},
};

/// Flags of `sync`: none of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[command(after_help = "\
Examples:
  bwsync sync --api-key-file owner.env
  bwsync sync --server https://vault.example.org --org ID --api-key-file owner.env")]
pub struct SyncArgs {}

/// The human form.
pub fn print(page: &mut Page<'_>, outcome: &Outcome, body: &SyncBody) {
    let texts = page.texts();
    let (state, sentence) = if outcome.exit.is_ok() {
        (State::Passed, texts.cli_sync_done())
    } else {
        (State::Failed, texts.cli_sync_not_done())
    };
    // "Not done" is not known where nobody heard, which is said above.
    if !matches!(outcome.problem, Some(Problem::Unheard(_))) {
        page.answer(state, &sentence);
    }
    page.roots(&outcome.roots);
    // Where nothing was seen, a table of "unknown" says nothing more.
    if body != &SyncBody::default() {
        page.gap();
        table(page, &body.before, &body.after);
    }
    if outcome.exit.is_ok() {
        page.gap();
        page.line(&texts.cli_sync_only_on_demand());
    }
}

/// Before and after, side by side.
fn table(page: &mut Page<'_>, before: &Snapshot, after: &Snapshot) {
    let texts = page.texts();
    let rows = [
        (texts.cli_license_last(), last(page, before), last(page, after)),
        (texts.cli_license_until(), until(page, before), until(page, after)),
        (texts.cli_license_seats(), seats(page, before), seats(page, after)),
        (texts.cli_license_plan(), plan(page, before), plan(page, after)),
    ];
    row(page, "", &texts.cli_before(), &texts.cli_after());
    for (label, before, after) in &rows {
        row(page, label, before, after);
    }
}

fn row(page: &mut Page<'_>, label: &str, before: &str, after: &str) {
    page.line(&format!("  {label:<28}{before:<24}{after}"));
}

fn last(page: &Page<'_>, snapshot: &Snapshot) -> String {
    match (snapshot.state, snapshot.last) {
        (_, Some(last)) => super::page::exact(last),
        (SyncState::Never, None) => page.texts().cli_never(),
        (_, None) => page.texts().cli_unknown(),
    }
}

/// The end without grace, and how much grace there is, as `status` has it.
fn until(page: &Page<'_>, snapshot: &Snapshot) -> String {
    match (snapshot.terms.expires_without_grace, snapshot.terms.expires) {
        (Some(end), Some(grace)) if grace > end => {
            page.texts().screen_days_of_grace((grace - end).whole_days(), day(end))
        }
        (Some(end), _) | (None, Some(end)) => day(end),
        (None, None) => page.texts().cli_unknown(),
    }
}

fn seats(page: &Page<'_>, snapshot: &Snapshot) -> String {
    snapshot.terms.seats.map_or_else(|| page.texts().cli_unknown(), |seats| seats.to_string())
}

fn plan(page: &Page<'_>, snapshot: &Snapshot) -> String {
    snapshot.terms.plan.clone().unwrap_or_else(|| page.texts().cli_unknown())
}
