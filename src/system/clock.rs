//! The clock, and the names that are made from it.

use time::{OffsetDateTime, format_description::FormatItem, macros::format_description};

/// A time as file names have it: sorts by itself and needs no quoting.
const STAMP: &[FormatItem<'static>] = format_description!("[year][month][day]T[hour][minute][second]Z");

/// The same to the microsecond, for what must sort even within a second.
const FINE: &[FormatItem<'static>] =
    format_description!("[year][month][day]T[hour][minute][second][subsecond digits:6]Z");

/// Now, UTC.
pub fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
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
}
