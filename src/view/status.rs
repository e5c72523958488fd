//! How the sync stands: first a sentence, then the two clocks apart, then what they rest on.

use ratatui::style::Style;

use super::{
    found,
    glyphs::Mark,
    page::{LABEL, Page, fit},
};
use crate::{
    app::{State, What},
    domain::{
        check::{Cause, Severity},
        request::{Root, StatusBody},
        sync::StepName,
    },
    wording::{self, Medium},
};

/// Where values begin, and where it was seen.
const VALUE: usize = 24;
const SEEN: usize = 59;

pub(super) fn page(page: &mut Page<'_>) {
    let (state, texts) = (page.context.state, page.context.texts);
    let reading = state.running(What::Status).or(state.running(What::Look)).is_some();
    let Some(status) = &state.known.status else {
        let mark = if reading { Mark::Running } else { Mark::Unknown };
        let text = if reading { texts.screen_status_reading() } else { texts.screen_status_unknown() };
        page.marked(mark, &text);
        return;
    };
    sentence(page, status, reading);
    page.gap();
    clocks(page, status);
    page.gap();
    connection(page, status);
    license(page, status);
    steps_line(page);
    warnings(page);
}

fn sentence(page: &mut Page<'_>, status: &StatusBody, reading: bool) {
    let (state, texts) = (page.context.state, page.context.texts);
    let broken = found(state).iter().any(|root| root.conclusion.severity == Severity::Failed);
    let standing = |step| state.known.standing(step);
    let (mark, text) = if reading && state.known.done() == 0 {
        (Mark::Running, texts.screen_status_reading())
    } else {
        wording::stands(texts, standing, &status.license_sync, broken, state.now)
    };
    page.marked_in(mark, &text, page.context.theme.strong());
}

/// A row of three columns.
fn row(page: &mut Page<'_>, label: &str, value: &str, seen: &str) {
    let text = format!("   {}{}{seen}", fit(label, VALUE - LABEL), fit(value, SEEN - VALUE));
    page.line([page.span(text.trim_end(), Style::new())]);
}

fn clocks(page: &mut Page<'_>, status: &StatusBody) {
    let (state, texts) = (page.context.state, page.context.texts);
    row(page, "", &texts.screen_status_last(), &texts.screen_status_seen());
    let next = format!("  {}", texts.label_next());
    let license = &status.license_sync;
    let last = wording::last_sync(texts, license.state, license.last, state.now);
    row(page, &texts.label_license_sync(), &last, &wording::seen_in(texts, &license.seen_in));
    row(page, &next, &texts.sync_next_asked(), "");
    let sponsorship = &status.sponsorship_sync;
    let last = wording::last_sync(texts, sponsorship.state, sponsorship.last, state.now);
    row(page, &texts.label_sponsorship_sync(), &last, &wording::seen_in(texts, &sponsorship.seen_in));
    row(page, &next, &wording::next_sponsorship(texts, sponsorship), "");
}

fn connection(page: &mut Page<'_>, status: &StatusBody) {
    let texts = page.context.texts;
    let text = wording::connection(texts, status.connection.as_ref(), Medium::Screen);
    page.labelled(&texts.label_connection(), VALUE, &text);
}

fn license(page: &mut Page<'_>, status: &StatusBody) {
    let (state, texts) = (page.context.state, page.context.texts);
    let missing = state.known.has(Cause::LicenseMissing);
    let text = wording::license(texts, status.license.as_ref(), missing, state.now);
    page.labelled(&texts.label_license(), VALUE, &text);
}

fn steps_line(page: &mut Page<'_>) {
    let (state, texts) = (page.context.state, page.context.texts);
    let label = texts.screen_status_steps();
    let mut spans = vec![page.span(&format!("   {}", fit(&label, VALUE - LABEL)), Style::new())];
    for name in StepName::ALL {
        let mark = Mark::from(state.known.standing(name));
        spans.push(page.span(page.context.glyphs.mark(mark), page.context.theme.mark(mark)));
        spans.push(page.span(&format!(" {}   ", name.number()), Style::new()));
    }
    page.line(spans);
}

/// What was found when the status was read, else in the last look around.
fn found(state: &State) -> &[Root] {
    state.ended(What::Status).map_or(&state.known.roots, |ended| &ended.outcome.roots)
}

/// What deserves a look.
fn warnings(page: &mut Page<'_>) {
    let state = page.context.state;
    if let Some(ended) = state.ended(What::Status)
        && let Some(problem) = &ended.outcome.problem
    {
        page.gap();
        found::problem(page, problem, ended.outcome.exit);
    }
    let mut first = true;
    for root in found(state).iter().filter(|root| root.conclusion.severity != Severity::ToDo) {
        if std::mem::take(&mut first) {
            page.gap();
            found::root(page, root);
        } else {
            found::headline(page, root, None, false);
        }
    }
}
