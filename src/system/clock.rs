//! The clock, and the names that are made from it.

use std::time::SystemTime;

use time::{OffsetDateTime, format_description::FormatItem, macros::format_description};

/// A time as file names have it: sorts by itself and needs no quoting.
const STAMP: &[FormatItem<'static>] = format_description!("[year][month][day]T[hour][minute][second]Z");

/// The same to the microsecond, for what must sort even within a second.
const FINE: &[FormatItem<'static>] =
    format_description!("[year][month][day]T[hour][minute][second][subsecond digits:6]Z");

/// Now, UTC.
pub fn now() -> OffsetDateTime {
    of(SystemTime::now())
}

/// `20261124T232150Z`, UTC.
pub fn stamp(at: OffsetDateTime) -> String {
    // The description is fixed and a UTC time has all its parts: formatting cannot fail.
    at.to_offset(time::UtcOffset::UTC).format(STAMP).unwrap_or_default()
}

/// The name of a run: its start to the microsecond, and some characters that tell two of the same moment apart.
/// Sorts by time: which run is the newest must not be left to chance.
pub fn run_id(started: OffsetDateTime) -> String {
    let random = uuid::Uuid::new_v4().simple().to_string();
    let started = started.to_offset(time::UtcOffset::UTC).format(FINE).unwrap_or_default();
    format!("{started}-{}", random.get(..6).unwrap_or_default())
}

/// A time of the system, as far as there are names for it: a file's time may lie before the year 0 or after 9999.
pub fn of(time: SystemTime) -> OffsetDateTime {
    let far =
        |distance: std::time::Duration| time::Duration::try_from(distance).unwrap_or(time::Duration::MAX);
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => OffsetDateTime::UNIX_EPOCH.saturating_add(far(after)),
        Err(before) => OffsetDateTime::UNIX_EPOCH.saturating_sub(far(before.duration())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn run_ids_sort_by_time_and_differ() {
        let early = datetime!(2026-11-24 23:21:50 UTC);
        assert_eq!(stamp(early), "20261124T232150Z");
        assert!(run_id(early) < run_id(early + time::Duration::MICROSECOND));
        assert_ne!(run_id(early), run_id(early));
    }

    #[test]
    fn times_beyond_the_calendar_are_the_last_of_it() {
        let day = std::time::Duration::from_secs(86_400);
        assert_eq!(of(SystemTime::UNIX_EPOCH + day), datetime!(1970-01-02 00:00 UTC));
        assert_eq!(of(SystemTime::UNIX_EPOCH - day), datetime!(1969-12-31 00:00 UTC));
        for days in [10_000_000, 2_000_000_000] {
            let year = |time| of(time).year();
            assert_eq!(SystemTime::UNIX_EPOCH.checked_add(day * days).map(year), Some(9_999));
            assert_eq!(SystemTime::UNIX_EPOCH.checked_sub(day * days).map(year), Some(-9_999));
        }
        assert!(!stamp(datetime!(-9999-01-01 00:00 UTC)).is_empty());
    }
}
