//! `bwsync sync`: the license sync now, with what it changed.

use clap::Args;

use super::page::Page;
use crate::{
    domain::{
        request::{Outcome, SyncBody},
        sync::Snapshot,
    },
    wording,
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
    if let Some((mark, sentence)) = wording::synced(texts, outcome) {
        page.answer(mark, &sentence);
    }
    page.roots(&outcome.roots);
    // Where nothing was seen, a table of "unknown" says nothing more.
    if body != &SyncBody::default() {
        page.gap();
        table(page, &body.before, &body.after);
    }
    if outcome.exit.is_ok() {
        page.gap();
        page.line(&texts.sync_only_asked());
    }
}

/// Before and after, side by side.
fn table(page: &mut Page<'_>, before: &Snapshot, after: &Snapshot) {
    let texts = page.texts();
    row(page, "", &texts.sync_before(), &texts.sync_after());
    for line in wording::comparison(texts, before, after) {
        row(page, &line.label, &line.before, &line.after);
    }
}

fn row(page: &mut Page<'_>, label: &str, before: &str, after: &str) {
    page.line(&format!("  {label:<28}{before:<24}{after}"));
}
