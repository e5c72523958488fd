//! How the sync stands: first a sentence, then the two clocks apart, then what they rest on.

use ratatui::style::Style;

use super::{
    found,
    glyphs::Mark,
    page::{LABEL, Page, fit},
    words,
};
use crate::{
    app::What,
    domain::{
        check::Severity,
        request::StatusBody,
        sync::{StepName, SyncState},
    },
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
    let done = state.known.done();
    let (mark, text) = match (done, status.license_sync.state, status.license_sync.last) {
        _ if reading && done == 0 => (Mark::Running, texts.screen_status_reading()),
        (4, _, Some(last)) => (Mark::Good, texts.screen_status_ok(words::ago(texts, last, state.now))),
        (3.., SyncState::Never, _) => (Mark::ToDo, texts.screen_status_never()),
        _ => (Mark::ToDo, texts.screen_status_not_set_up(done)),
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
    let last = |sync: SyncState, last: Option<time::OffsetDateTime>| match (sync, last) {
        (_, Some(last)) => {
            format!("{} UTC  {}", words::minute(last), words::ago(texts, last, state.now))
        }
        (SyncState::Never, None) => texts.screen_sync_never(),
        (SyncState::Done | SyncState::Unknown, None) => texts.screen_not_known(),
    };
    let license = &status.license_sync;
    let seen = words::seen(texts, &license.seen_in);
    row(page, &texts.screen_status_license_sync(), &last(license.state, license.last), &seen);
    row(page, &format!("  {}", texts.screen_status_next()), &texts.screen_status_next_asked(), "");
    let sponsorship = &status.sponsorship_sync;
    let seen = words::seen(texts, &sponsorship.seen_in);
    row(page, &texts.screen_status_sponsorship_sync(), &last(sponsorship.state, sponsorship.last), &seen);
    let next = match (sponsorship.next_after, sponsorship.next_before) {
        (Some(after), Some(before)) if after == before => texts.screen_status_next_at(words::minute(after)),
        (Some(after), Some(before)) => {
            texts.screen_status_next_between(words::minute(after), words::minute(before))
        }
        _ => texts.screen_not_known(),
    };
    row(page, &format!("  {}", texts.screen_status_next()), &next, "");
}

fn connection(page: &mut Page<'_>, status: &StatusBody) {
    let texts = page.context.texts;
    let text = match &status.connection {
        None => texts.screen_status_connection_unseen(),
        Some(connection) if connection.id.is_none() => texts.screen_status_connection_none(),
        Some(connection) if connection.enabled == Some(false) => texts.screen_status_connection_off(),
        Some(connection) if !connection.has_token => texts.screen_status_connection_empty(),
        Some(_) => texts.screen_status_connection_on(),
    };
    page.labelled(&texts.screen_status_connection(), VALUE, &text);
}

fn license(page: &mut Page<'_>, status: &StatusBody) {
    let (state, texts) = (page.context.state, page.context.texts);
    let text = match &status.license {
        None => texts.screen_license_none(),
        Some(terms) => {
            let parts = [
                terms.plan.clone(),
                terms.seats.map(|seats| texts.screen_seats(seats)),
                words::validity(texts, terms, state.now),
            ];
            parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
        }
    };
    page.labelled(&texts.screen_status_license(), VALUE, &text);
}

fn steps_line(page: &mut Page<'_>) {
    let (state, texts) = (page.context.state, page.context.texts);
    let label = texts.screen_status_steps();
    let mut spans = vec![page.span(&format!("   {}", fit(&label, VALUE - LABEL)), Style::new())];
    for name in StepName::ALL {
        let mark = words::mark_of_step(state.known.standing(name));
        spans.push(page.span(page.context.glyphs.mark(mark), page.context.theme.mark(mark)));
        spans.push(page.span(&format!(" {}   ", name.number()), Style::new()));
    }
    page.line(spans);
}

/// What deserves a look: what was found when the status was read, else in the last look around.
fn warnings(page: &mut Page<'_>) {
    let state = page.context.state;
    let read = state.ended(What::Status).map(|ended| &ended.outcome);
    if let Some(problem) = read.and_then(|outcome| outcome.problem.as_ref()) {
        page.gap();
        found::problem(page, problem);
    }
    let roots = read.map_or(&state.known.roots, |outcome| &outcome.roots);
    let mut first = true;
    for root in roots.iter().filter(|root| root.conclusion.severity != Severity::ToDo) {
        if std::mem::take(&mut first) {
            page.gap();
            found::root(page, root);
        } else {
            found::headline(page, root, None, false);
        }
    }
}
