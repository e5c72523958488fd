//! `bwsync status`: one sentence, the four steps, and the two clocks apart.

use clap::Args;

use super::page::Page;
use crate::{
    domain::{
        check::{Cause, Severity},
        request::{Outcome, StatusBody},
        sync::{Connection, SeenIn, StepName, StepState},
    },
    wording::{self, Medium},
};

/// Flags of `status`: none of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[command(after_help = "\
Examples:
  bwsync status
  bwsync status --api-key-file owner.env     an owner's key shows the connection too
  bwsync status --json")]
pub struct StatusArgs {}

/// The human form.
pub fn print(page: &mut Page<'_>, outcome: &Outcome, body: &StatusBody) {
    let texts = page.texts();
    let broken = outcome.roots.iter().any(|root| root.conclusion.severity == Severity::Failed);
    let standing = |step| body.steps.of(step);
    let (mark, sentence) = wording::stands(texts, standing, &body.license_sync, broken, page.now);
    page.answer(mark, &sentence);
    page.roots(&outcome.roots);
    page.gap();
    for step in StepName::ALL {
        self::step(page, step, body.steps.of(step));
    }
    page.gap();
    clocks(page, body);
    page.gap();
    connection(page, body.connection.as_ref());
    let missing = outcome.roots.iter().any(|root| root.conclusion.cause == Cause::LicenseMissing);
    let license = wording::license(texts, body.license.as_ref(), missing, page.now);
    page.fact(&texts.label_license(), &license);
}

fn step(page: &mut Page<'_>, step: StepName, state: StepState) {
    let texts = page.texts();
    let (title, word) = (wording::step_title(texts, step), wording::step_state(texts, state));
    let glyph = page.look.glyph(state);
    page.line(&format!("  {glyph} {}  {title:<42}{word}", step.number()));
}

fn clocks(page: &mut Page<'_>, body: &StatusBody) {
    let texts = page.texts();
    let next = format!("  {}", texts.label_next());
    let license = &body.license_sync;
    let last = wording::last_sync(texts, license.state, license.last, page.now);
    page.fact(&texts.label_license_sync(), &format!("{last}{}", seen(page, &license.seen_in)));
    page.fact(&next, &texts.sync_next_asked());
    let sponsorship = &body.sponsorship_sync;
    let last = wording::last_sync(texts, sponsorship.state, sponsorship.last, page.now);
    page.fact(&texts.label_sponsorship_sync(), &format!("{last}{}", seen(page, &sponsorship.seen_in)));
    page.fact(&next, &wording::next_sponsorship(texts, sponsorship));
}

fn seen(page: &Page<'_>, places: &[SeenIn]) -> String {
    let texts = page.texts();
    if places.is_empty() {
        return String::new();
    }
    format!(", {}", texts.seen_in(wording::seen_in(texts, places)))
}

/// The connection, in words.
pub fn connection(page: &mut Page<'_>, connection: Option<&Connection>) {
    let texts = page.texts();
    page.fact(&texts.label_connection(), &wording::connection(texts, connection, Medium::Command));
}
