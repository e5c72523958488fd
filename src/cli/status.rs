//! `bwsync status`: one sentence, the four steps, and the two clocks apart.

use clap::Args;

use super::page::{Page, age, day, exact};
use crate::domain::{
    check::State,
    request::{Outcome, StatusBody},
    sync::{Connection, LicenseTerms, SeenIn, SponsorshipSync, StepName, StepState, Steps, SyncState},
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
    let (state, sentence) = sentence(page, outcome, body);
    page.answer(state, &sentence);
    page.roots(&outcome.roots);
    page.gap();
    for step in StepName::ALL {
        self::step(page, step, body.steps.of(step));
    }
    page.gap();
    clocks(page, body);
    page.gap();
    connection(page, body.connection.as_ref());
    license(page, body.license.as_ref());
}

fn count(steps: &Steps, wanted: StepState) -> usize {
    StepName::ALL.into_iter().filter(|step| steps.of(*step) == wanted).count()
}

/// The first line. A license that was synced is told with its age; "not known" is never told as "no".
fn sentence(page: &Page<'_>, outcome: &Outcome, body: &StatusBody) -> (State, String) {
    let texts = page.texts();
    let (done, open) = (count(&body.steps, StepState::Done), count(&body.steps, StepState::ToDo));
    let broken =
        outcome.roots.iter().any(|r| r.conclusion.severity == crate::domain::check::Severity::Failed);
    let last = body.license_sync.last;
    match (broken, done, open) {
        (true, ..) => (State::Failed, texts.cli_status_broken()),
        (false, 4, _) => match last {
            Some(last) => (State::Passed, texts.cli_status_works(age(texts, page.now - last))),
            None => (State::Passed, texts.cli_status_set_up()),
        },
        (false, _, 0) => match last {
            Some(last) => (State::Unknown, texts.cli_status_synced_rest_unknown(age(texts, page.now - last))),
            None => (State::Unknown, texts.cli_status_unknown(done)),
        },
        (false, ..) => (State::ToDo, texts.cli_status_not_set_up(done)),
    }
}

fn step(page: &mut Page<'_>, step: StepName, state: StepState) {
    let texts = page.texts();
    let (state, word) = match state {
        StepState::Done => (State::Passed, texts.cli_step_done()),
        StepState::ToDo => (State::ToDo, texts.cli_step_to_do()),
        StepState::Unknown => (State::Unknown, texts.cli_unknown()),
    };
    let title = page.word("step-title", code(step));
    let glyph = page.look.glyph(state).to_owned();
    page.line(&format!("  {glyph} {}  {title:<42}{word}", step.number()));
}

/// The step's code, as JSON and texts have it.
fn code(step: StepName) -> &'static str {
    match step {
        StepName::Configure => "configure",
        StepName::ObtainToken => "obtain_token",
        StepName::ApplyToken => "apply_token",
        StepName::TriggerSync => "trigger_sync",
    }
}

fn clocks(page: &mut Page<'_>, body: &StatusBody) {
    let texts = page.texts();
    let otherwise = |state| match state {
        SyncState::Never => texts.cli_never(),
        SyncState::Done | SyncState::Unknown => texts.cli_unknown(),
    };
    let license = &body.license_sync;
    let last = page.moment(license.last, &otherwise(license.state));
    page.fact(&texts.cli_clock_license(), &format!("{last}{}", seen(page, &license.seen_in)));
    page.fact(&texts.cli_clock_next(), &texts.cli_clock_on_demand());
    let sponsorship = &body.sponsorship_sync;
    let last = page.moment(sponsorship.last, &otherwise(sponsorship.state));
    page.fact(&texts.cli_clock_sponsorship(), &format!("{last}{}", seen(page, &sponsorship.seen_in)));
    let next = next(page, sponsorship);
    page.fact(&texts.cli_clock_next(), &next);
}

fn next(page: &Page<'_>, sync: &SponsorshipSync) -> String {
    let texts = page.texts();
    match (sync.next_after, sync.next_before) {
        (Some(after), Some(before)) if after == before => texts.cli_clock_about(exact(after)),
        (Some(after), Some(before)) => texts.cli_clock_between(exact(after), exact(before)),
        (Some(after), None) => texts.cli_clock_after(exact(after)),
        (None, Some(before)) => texts.cli_clock_before(exact(before)),
        (None, None) => texts.cli_unknown(),
    }
}

fn seen(page: &Page<'_>, places: &[SeenIn]) -> String {
    let texts = page.texts();
    let words: Vec<_> = places
        .iter()
        .map(|place| match place {
            SeenIn::Log => texts.cli_seen_log(),
            SeenIn::LicenseFile => texts.cli_seen_license_file(),
            SeenIn::Api => texts.cli_seen_api(),
        })
        .collect();
    if words.is_empty() { String::new() } else { format!(", {}", texts.cli_seen_in(words.join(", "))) }
}

/// The connection, in words; not known is not "none".
pub fn connection(page: &mut Page<'_>, connection: Option<&Connection>) {
    let texts = page.texts();
    let words = match connection {
        None => texts.cli_connection_unknown(),
        Some(Connection { id: None, .. }) => texts.cli_connection_none(),
        Some(Connection { enabled: Some(true), .. }) => texts.cli_connection_on(),
        Some(Connection { enabled: Some(false), .. }) => texts.cli_connection_off(),
        Some(Connection { enabled: None, .. }) => texts.cli_connection_saved(),
    };
    page.fact(&texts.cli_fact_connection(), &words);
}

fn license(page: &mut Page<'_>, terms: Option<&LicenseTerms>) {
    let texts = page.texts();
    let Some(terms) = terms else {
        page.fact(&texts.cli_license_plan(), &texts.cli_unknown());
        return;
    };
    let plan = terms.plan.clone().unwrap_or_else(|| texts.cli_unknown());
    let plan = match terms.seats {
        Some(seats) => format!("{plan}, {}", texts.cli_seats(seats)),
        None => plan,
    };
    page.fact(&texts.cli_license_plan(), &plan);
    let until = match (terms.expires_without_grace, terms.expires) {
        (Some(end), Some(grace)) if grace > end => {
            texts.cli_valid_until_with_grace((grace - end).whole_days(), day(end))
        }
        (Some(end), _) | (None, Some(end)) => day(end),
        (None, None) => texts.cli_unknown(),
    };
    page.fact(&texts.cli_license_until(), &until);
}
