//! Times, spans and other small words, the same everywhere.

use time::{Duration, OffsetDateTime};

use crate::{
    domain::{
        check::State as CheckState,
        sync::{LicenseTerms, SeenIn, StepState},
    },
    text::Texts,
};

use super::glyphs::Mark;

/// What is younger than this is not counted in seconds.
const JUST_NOW: Duration = Duration::seconds(10);

/// How long: `40 s`, `1 min 12 s`, `3 h`, `5 days`.
pub(super) fn span(texts: &Texts, duration: Duration) -> String {
    let seconds = duration.whole_seconds().max(0);
    match seconds {
        0..60 => texts.screen_span_s(seconds),
        60..3_600 => texts.screen_span_min(seconds / 60, seconds % 60),
        3_600..172_800 => texts.screen_span_h(seconds / 3_600),
        _ => texts.screen_span_d(seconds / 86_400),
    }
}

/// How long ago.
pub(super) fn ago(texts: &Texts, then: OffsetDateTime, now: OffsetDateTime) -> String {
    let passed = now - then;
    if passed < JUST_NOW { texts.screen_now() } else { texts.screen_ago(span(texts, passed)) }
}

/// `14:02:31`
pub(super) fn clock(at: OffsetDateTime) -> String {
    let (hour, minute, second) = at.to_hms();
    format!("{hour:02}:{minute:02}:{second:02}")
}

/// `2026-11-21 14:02`
pub(super) fn minute(at: OffsetDateTime) -> String {
    format!("{} {:02}:{:02}", at.date(), at.hour(), at.minute())
}

/// `valid to 2027-03-01 (+60 days)`; None where the license has no end.
pub(super) fn validity(texts: &Texts, terms: &LicenseTerms, now: OffsetDateTime) -> Option<String> {
    let expires = terms.expires?;
    let Some(without) = terms.expires_without_grace.filter(|without| *without < expires) else {
        return Some(texts.screen_valid_to_plain(expires.date().to_string()));
    };
    let days = (expires - without).whole_days();
    let date = without.date().to_string();
    Some(if without < now { texts.screen_ended_on(date, days) } else { texts.screen_valid_to(date, days) })
}

/// Where a fact was seen, in words.
pub(super) fn seen(texts: &Texts, places: &[SeenIn]) -> String {
    let words: Vec<_> = places
        .iter()
        .map(|place| match place {
            SeenIn::Log => texts.screen_seen_log(),
            SeenIn::LicenseFile => texts.screen_seen_license_file(),
            SeenIn::Api => texts.screen_seen_api(),
        })
        .collect();
    words.join(", ")
}

/// The mark of a check.
pub(super) fn mark_of(state: CheckState) -> Mark {
    match state {
        CheckState::Passed => Mark::Good,
        CheckState::Warning => Mark::Look,
        CheckState::Failed => Mark::Bad,
        CheckState::ToDo => Mark::ToDo,
        CheckState::Skipped => Mark::Skipped,
        CheckState::Unknown => Mark::Unknown,
    }
}

/// The mark of a step.
pub(super) fn mark_of_step(state: StepState) -> Mark {
    match state {
        StepState::Done => Mark::Good,
        StepState::ToDo => Mark::ToDo,
        StepState::Unknown => Mark::Unknown,
    }
}
