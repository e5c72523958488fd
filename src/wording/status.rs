//! How the sync stands, in words: the first sentence, the two clocks, the connection and the license. What is not
//! known is never told as "no" (design §12-3).

use time::OffsetDateTime;

use super::{
    Mark, Medium,
    times::{day, exact, minute, moment},
};
use crate::{
    domain::{
        request::{Outcome, Problem},
        sync::{
            Connection, LicenseSync, LicenseTerms, SeenIn, Snapshot, SponsorshipSync, StepName, StepState,
            SyncState,
        },
    },
    text::Texts,
};

/// The sentence that answers how billing sync stands; `standing` tells of each step, `broken` whether a fault was
/// concluded.
pub fn stands(
    texts: &Texts,
    standing: impl Fn(StepName) -> StepState,
    license: &LicenseSync,
    broken: bool,
    now: OffsetDateTime,
) -> (Mark, String) {
    let count = |wanted| StepName::ALL.into_iter().filter(|step| standing(*step) == wanted).count();
    let (done, open) = (count(StepState::Done), count(StepState::ToDo));
    let age = license.last.map(|last| super::age(texts, last, now));
    match (broken, done, open, age) {
        (true, ..) => (Mark::Bad, texts.status_broken()),
        (_, 4, _, Some(age)) => (Mark::Good, texts.status_works(age)),
        (_, 4, _, None) => (Mark::Good, texts.status_set_up()),
        (_, _, 0, Some(age)) => (Mark::Unknown, texts.status_synced_rest_unknown(age)),
        (_, _, 0, None) => (Mark::Unknown, texts.status_unknown(done)),
        (_, 3, ..) if license.state == SyncState::Never => (Mark::ToDo, texts.status_never()),
        _ => (Mark::ToDo, texts.status_not_set_up(done)),
    }
}

/// What a sync came to; none where nobody heard, which is a problem of its own and neither "done" nor "not done".
pub fn synced(texts: &Texts, outcome: &Outcome) -> Option<(Mark, String)> {
    match outcome.problem {
        Some(Problem::Unheard(_)) => None,
        _ if outcome.exit.is_ok() => Some((Mark::Good, texts.sync_done())),
        _ => Some((Mark::Bad, texts.sync_not_done())),
    }
}

/// One line of what a sync changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// Of what.
    pub label: String,
    /// Before the sync.
    pub before: String,
    /// After it.
    pub after: String,
}

/// What a sync changed, line by line.
pub fn comparison(texts: &Texts, before: &Snapshot, after: &Snapshot) -> [Compared; 4] {
    let line = |label: String, value: &dyn Fn(&Snapshot) -> String| Compared {
        label,
        before: value(before),
        after: value(after),
    };
    let last = |snapshot: &Snapshot| match (snapshot.state, snapshot.last) {
        (_, Some(last)) => exact(last),
        (SyncState::Never, None) => texts.never(),
        (SyncState::Done | SyncState::Unknown, None) => texts.unknown(),
    };
    [
        line(texts.label_last_sync(), &last),
        line(texts.label_valid_to(), &|snapshot| license_end(texts, &snapshot.terms)),
        line(texts.label_seats(), &|snapshot| seats(texts, &snapshot.terms)),
        line(texts.label_plan(), &|snapshot| plan(texts, &snapshot.terms)),
    ]
}

/// When it was last synced, with its age.
pub fn last_sync(
    texts: &Texts,
    state: SyncState,
    last: Option<OffsetDateTime>,
    now: OffsetDateTime,
) -> String {
    match (state, last) {
        (_, Some(last)) => moment(texts, last, now),
        (SyncState::Never, None) => texts.never(),
        (SyncState::Done | SyncState::Unknown, None) => texts.unknown(),
    }
}

/// When the next sponsorship sync is due.
pub fn next_sponsorship(texts: &Texts, sync: &SponsorshipSync) -> String {
    match (sync.next_after, sync.next_before) {
        (Some(after), Some(before)) if after == before => texts.sync_next_about(minute(after)),
        (Some(after), Some(before)) => texts.sync_next_between(minute(after), minute(before)),
        (Some(after), None) => texts.sync_next_after(minute(after)),
        (None, Some(before)) => texts.sync_next_before(minute(before)),
        (None, None) => texts.unknown(),
    }
}

/// Where a fact was seen; empty where nowhere.
pub fn seen_in(texts: &Texts, places: &[SeenIn]) -> String {
    let word = |place: &SeenIn| match place {
        SeenIn::Log => texts.seen_log(),
        SeenIn::LicenseFile => texts.seen_license_file(),
        SeenIn::Api => texts.seen_api(),
    };
    places.iter().map(word).collect::<Vec<_>>().join(", ")
}

/// The connection; where it was not seen, what would show it.
pub fn connection(texts: &Texts, connection: Option<&Connection>, medium: Medium) -> String {
    let Some(connection) = connection else {
        return match medium {
            Medium::Screen => texts.connection_unseen_key(),
            Medium::Command => texts.connection_unseen(),
        };
    };
    match connection {
        Connection { id: None, .. } => texts.connection_none(),
        Connection { enabled: Some(false), .. } => texts.connection_off(),
        Connection { has_token: false, .. } => texts.connection_empty(),
        Connection { enabled: Some(true), .. } => texts.connection_on(),
        Connection { enabled: None, .. } => texts.connection_saved(),
    }
}

/// The license in one line: plan, seats, end; `missing` where it is known that there is none.
pub fn license(texts: &Texts, terms: Option<&LicenseTerms>, missing: bool, now: OffsetDateTime) -> String {
    let Some(terms) = terms else {
        return if missing { texts.license_none() } else { texts.unknown() };
    };
    let seats = terms.seats.map(|seats| texts.license_seats(seats));
    let parts: Vec<_> =
        [terms.plan.clone(), seats, validity(texts, terms, now)].into_iter().flatten().collect();
    if parts.is_empty() { texts.unknown() } else { parts.join(", ") }
}

/// `valid to 2027-03-01 (+60 days)`; none where the license has no end.
fn validity(texts: &Texts, terms: &LicenseTerms, now: OffsetDateTime) -> Option<String> {
    let (end, grace) = end(terms)?;
    Some(match grace {
        0 => texts.license_valid_to_plain(day(end)),
        days if end < now => texts.license_ended_on(day(end), days),
        days => texts.license_valid_to(day(end), days),
    })
}

/// The license's end in a table: `2027-03-01 (+60 days)`.
fn license_end(texts: &Texts, terms: &LicenseTerms) -> String {
    match end(terms) {
        None => texts.unknown(),
        Some((end, 0)) => day(end),
        Some((end, days)) => texts.license_until(days, day(end)),
    }
}

/// The end without grace, and the days of grace after it.
fn end(terms: &LicenseTerms) -> Option<(OffsetDateTime, i64)> {
    let end = terms.expires_without_grace.or(terms.expires)?;
    let grace = terms.expires.map_or(0, |expires| (expires - end).whole_days().max(0));
    Some((end, grace))
}

/// The seats in a table. A license that was read and names none has no limit; where nothing was read, that is not
/// known.
fn seats(texts: &Texts, terms: &LicenseTerms) -> String {
    match terms.seats {
        Some(seats) => seats.to_string(),
        None if *terms == LicenseTerms::default() => texts.unknown(),
        None => texts.license_no_limit(),
    }
}

/// The plan in a table.
fn plan(texts: &Texts, terms: &LicenseTerms) -> String {
    terms.plan.clone().unwrap_or_else(|| texts.unknown())
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;
    use crate::text::Language;

    const NOW: OffsetDateTime = datetime!(2026-11-21 14:10 UTC);

    fn texts() -> Texts {
        Texts::new(Language::En)
    }

    #[test]
    fn what_is_not_known_is_neither_no_nor_yes() {
        let unknown = |_| StepState::Unknown;
        let (mark, text) = stands(&texts(), unknown, &LicenseSync::default(), false, NOW);
        assert_eq!(mark, Mark::Unknown, "{text}");
        let one_open =
            |step| if step == StepName::TriggerSync { StepState::ToDo } else { StepState::Unknown };
        assert_eq!(stands(&texts(), one_open, &LicenseSync::default(), false, NOW).0, Mark::ToDo);
        let connection = |enabled| {
            let saved =
                Connection { id: Some("1".into()), enabled, has_token: true, ..Connection::default() };
            super::connection(&texts(), Some(&saved), Medium::Screen)
        };
        assert_eq!(connection(None), "saved; whether it is switched on is unknown");
        assert_eq!(connection(Some(true)), "saved and switched on");
        assert_eq!(license(&texts(), None, false, NOW), "unknown");
        assert_eq!(license(&texts(), None, true, NOW), "none on this server yet");
        assert_eq!(seats(&texts(), &LicenseTerms::default()), "unknown");
        let read = LicenseTerms { plan: Some("Enterprise".into()), ..LicenseTerms::default() };
        assert_eq!(seats(&texts(), &read), "no limit");
    }

    #[test]
    fn a_license_tells_its_end_and_the_grace_after_it() {
        let terms = LicenseTerms {
            expires: Some(datetime!(2027-04-30 00:00 UTC)),
            expires_without_grace: Some(datetime!(2027-03-01 00:00 UTC)),
            seats: Some(1),
            plan: Some("Enterprise".into()),
        };
        let said = license(&texts(), Some(&terms), false, NOW);
        assert_eq!(said, "Enterprise, 1 seat, valid to 2027-03-01 (+60 days)");
        let later = datetime!(2027-03-02 00:00 UTC);
        assert_eq!(validity(&texts(), &terms, later).as_deref(), Some("ended on 2027-03-01 (+60 days)"));
        let plain = LicenseTerms { expires: None, ..terms };
        assert_eq!(license_end(&texts(), &plain), "2027-03-01");
    }
}
