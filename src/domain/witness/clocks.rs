//! What the log tells without any attempt: since when the api runs, and when the two syncs last reached the
//! cloud. Rows of `status` that need no key rest on it.

use time::OffsetDateTime;

use super::{Entry, attempt, template};

/// When the api last started, as far as this piece of the log reaches; the window of the sponsorship sync is
/// counted from there (`bitwarden.md` A5-3).
pub fn api_started(entries: &[Entry]) -> Option<OffsetDateTime> {
    entries
        .iter()
        .rev()
        .find(|entry| {
            matches!(entry.template, Some(template::APPLICATION_STARTED))
                || (entry.template == Some(template::STARTED) && entry.message.contains("Api"))
        })
        .map(|entry| entry.at)
}

/// When the daily job last ran through: the cloud took the sponsorships, or there were none to send
/// (`self-sponsorship.json`, `job-good`, `job-zero-sponsorships`).
pub fn last_sponsorship_sync(entries: &[Entry]) -> Option<OffsetDateTime> {
    let mut sending = false;
    let mut last = None;
    // A job's entries carry no request id; the two calls of one organization follow each other.
    for entry in entries.iter().filter(|entry| entry.request.is_none()) {
        match entry.template {
            Some(template::NO_SPONSORSHIPS) => last = Some(entry.at),
            Some(template::HTTP_START) => {
                sending = entry.message.trim_end_matches('"').ends_with("organization/sponsorship/sync");
            }
            Some(template::HTTP_END) if sending => {
                sending = false;
                if entry.message.ends_with(" 200") {
                    last = Some(entry.at);
                }
            }
            _ => {}
        }
    }
    last
}

/// When the cloud last handed a license out to this server. What the server then thought of it the log does
/// not say: it is the latest moment at which a license sync can have ended well.
pub fn last_licensed(entries: &[Entry]) -> Option<OffsetDateTime> {
    attempt::attempts(entries).filter(|attempt| attempt.licensed).map(|attempt| attempt.until).max()
}
