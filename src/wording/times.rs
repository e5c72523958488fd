//! Times, ages and spans, always in UTC and everywhere in the same form.

use time::{Duration, OffsetDateTime, UtcOffset};

use crate::text::Texts;

/// How long something takes: `40 s`, `1 min 12 s`, `3 h`, `5 days`.
pub fn span(texts: &Texts, duration: Duration) -> String {
    let seconds = duration.whole_seconds().max(0);
    match seconds {
        0..60 => texts.span_s(seconds),
        60..3_600 => texts.span_min(seconds / 60, seconds % 60),
        3_600..172_800 => texts.span_h(seconds / 3_600),
        _ => texts.span_d(seconds / 86_400),
    }
}

/// How long ago, in the largest unit that says enough, and none so small that it would have to tick; the future has
/// words of its own, since a clock may be wrong.
pub fn age(texts: &Texts, then: OffsetDateTime, now: OffsetDateTime) -> String {
    let passed = now - then;
    let minutes = passed.abs().whole_minutes();
    match (passed.is_negative(), minutes) {
        (_, 0) => texts.age_now(),
        (false, 1..60) => texts.age_minutes(minutes),
        (false, 60..2_880) => texts.age_hours(minutes / 60),
        (false, _) => texts.age_days(minutes / 1_440),
        (true, 1..60) => texts.age_in_minutes(minutes),
        (true, 60..2_880) => texts.age_in_hours(minutes / 60),
        (true, _) => texts.age_in_days(minutes / 1_440),
    }
}

/// `2026-11-21`
pub fn day(at: OffsetDateTime) -> String {
    at.to_offset(UtcOffset::UTC).date().to_string()
}

/// `14:02:31`
pub fn clock(at: OffsetDateTime) -> String {
    let (hour, minute, second) = at.to_offset(UtcOffset::UTC).to_hms();
    format!("{hour:02}:{minute:02}:{second:02}")
}

/// `2026-11-21 14:02`, for where "UTC" stands already.
pub(super) fn minute(at: OffsetDateTime) -> String {
    let (hour, minute, _) = at.to_offset(UtcOffset::UTC).to_hms();
    format!("{} {hour:02}:{minute:02}", day(at))
}

/// `2026-11-21 14:02 UTC`
pub(super) fn exact(at: OffsetDateTime) -> String {
    format!("{} UTC", minute(at))
}

/// `2026-11-21 14:02 UTC (2 h ago)`
pub(super) fn moment(texts: &Texts, at: OffsetDateTime, now: OffsetDateTime) -> String {
    format!("{} ({})", exact(at), age(texts, at, now))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;
    use crate::text::Language;

    #[test]
    fn ages_and_moments_are_in_the_largest_unit_and_in_utc() {
        let texts = Texts::new(Language::En);
        let now = datetime!(2026-11-21 14:10:30 UTC);
        let age = |then| age(&texts, then, now);
        assert_eq!(age(datetime!(2026-11-21 14:10:00 UTC)), "just now");
        assert_eq!(age(datetime!(2026-11-21 14:08:00 UTC)), "2 min ago");
        assert_eq!(age(datetime!(2026-11-20 12:00:00 UTC)), "26 h ago");
        assert_eq!(age(datetime!(2026-11-18 12:00:00 UTC)), "3 days ago");
        assert_eq!(age(datetime!(2026-11-21 17:20:00 UTC)), "in 3 h");
        let elsewhere = datetime!(2026-11-21 00:30:05 +02:00);
        assert_eq!(
            (exact(elsewhere).as_str(), clock(elsewhere).as_str()),
            ("2026-11-20 22:30 UTC", "22:30:05")
        );
        assert_eq!(span(&texts, Duration::seconds(72)), "1 min 12 s");
    }
}
