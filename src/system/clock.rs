//! The clock, and the names that are made from it.

use std::time::SystemTime;

use time::{OffsetDateTime, format_description::FormatItem, macros::format_description};
use uuid::Uuid;

use crate::domain::request::RunId;

/// A time as file names have it: sorts by itself and needs no quoting.
const STAMP: &[FormatItem<'static>] = format_description!("[year][month][day]T[hour][minute][second]Z");

/// Now, UTC.
pub fn now() -> OffsetDateTime {
    of(SystemTime::now())
}

/// `20261124T232150Z`, UTC.
pub fn stamp(at: OffsetDateTime) -> String {
    // The description is fixed and a UTC time has all its parts: formatting cannot fail.
    at.to_offset(time::UtcOffset::UTC).format(STAMP).unwrap_or_default()
}

/// The name of a run: no two are alike, of one moment neither. It is only a name: the journal counts its runs.
pub fn run_id() -> RunId {
    RunId::new(Uuid::new_v4())
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
    fn a_stamp_is_utc() {
        assert_eq!(stamp(datetime!(2026-11-25 01:21:50 +2)), "20261124T232150Z");
    }

    #[test]
    fn run_ids_of_one_moment_differ() {
        let minted: std::collections::BTreeSet<_> = (0..1_000).map(|_| run_id().to_string()).collect();
        assert_eq!(minted.len(), 1_000);
    }
}
