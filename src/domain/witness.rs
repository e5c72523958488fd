//! The server's own log as a witness (design §10, `bitwarden.md` G): after an attempt it tells what the API hid.
//!
//! Entries are known by the hash of their template, which is the same in every installation and language; an
//! attempt is the entries of one request id. What the log says is read here, and nothing is asked.

mod attempt;
mod clocks;
mod exception;

pub use attempt::last_attempt;
pub use clocks::{api_started, last_licensed, last_sponsorship_sync};

use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// Longest exception that is kept of one entry, in bytes; the frames beyond it tell nothing.
const LONGEST_EXCEPTION: usize = 16 * 1024;
/// Most entries that are kept: the newest ones.
const MOST_ENTRIES: usize = 20_000;

/// Templates by their hash (`bitwarden.md` G, Template hashes).
pub mod template {
    /// `Unable to authenticate with identity server.`; an exception follows.
    pub const TOKEN_NO_ANSWER: u32 = 0x066d_6197;
    /// `Unsuccessful token response from {identity} for client {clientId} with status {code}-{reason}`
    pub const TOKEN_REFUSED: u32 = 0x0e65_2604;
    /// `Unable to send {Method} request to {RequestUri} because an access token was unable to be obtained`
    pub const NO_TOKEN: u32 = 0x3a47_9dc6;
    /// `Request to {Url} is unsuccessful with status of {Code}-{Reason}: {Message}`
    pub const CLOUD_REFUSED: u32 = 0x4e5b_0096;
    /// `Failed to send to {0}.`; an exception follows.
    pub const SEND_FAILED: u32 = 0x7ffb_ebc0;
    /// `Unhandled exception`; an exception follows.
    pub const UNHANDLED: u32 = 0xf80f_533c;
    /// `No existing sponsorships to sync for organization {organizationId}`
    pub const NO_SPONSORSHIPS: u32 = 0x0ab9_d7b0;
    /// `{Project} started.`
    pub const STARTED: u32 = 0xe76a_c4c3;
    /// `Application started. Press Ctrl+C to shut down.`
    pub const APPLICATION_STARTED: u32 = 0xdcae_fe54;
    /// `Start processing HTTP request {HttpMethod} {Uri}`
    pub const HTTP_START: u32 = 0x338f_1c77;
    /// `End processing HTTP request after {ElapsedMilliseconds}ms - {StatusCode}`
    pub const HTTP_END: u32 = 0x7656_b38e;
}

/// One entry of a log file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: OffsetDateTime,
    /// The request that it belongs to; none at start-up and in jobs.
    pub request: Option<String>,
    /// `INF`, `WRN`, `ERR`, …
    pub level: String,
    /// The message, line breaks and all, without its hash.
    pub message: String,
    /// Hash of the message's template.
    pub template: Option<u32>,
    /// The exception that follows, as .NET prints it; empty where there is none.
    pub exception: String,
}

/// The entries of a piece of a log file, in its order. What stands before the first whole entry (the piece may
/// begin anywhere) is left out.
pub fn read(log_text: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for line in log_text.split('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line);
        match head(line) {
            Some(entry) => entries.push(entry),
            None => {
                if let Some(entry) = entries.last_mut() {
                    go_on(entry, line);
                }
            }
        }
    }
    let surplus = entries.len().saturating_sub(MOST_ENTRIES);
    entries.split_off(surplus)
}

/// The first line of an entry: moment, blank, request id or nothing, blank, level in brackets, message.
fn head(line: &str) -> Option<Entry> {
    let (moment, rest) = line.split_once(' ')?;
    if moment.len() < 25 {
        return None;
    }
    let at = OffsetDateTime::parse(moment, &Rfc3339).ok()?;
    let (request, rest) = rest.split_once('[')?;
    let (level, message) = rest.split_once(']')?;
    if level.len() != 3 || request.trim_end().contains(' ') {
        return None;
    }
    let request = request.trim();
    let mut entry = Entry {
        at,
        request: (!request.is_empty()).then(|| request.to_owned()),
        level: level.to_owned(),
        message: message.trim_start().to_owned(),
        template: None,
        exception: String::new(),
    };
    close(&mut entry);
    Some(entry)
}

/// A further line: of the message while that is open (a text with line breaks), else of the exception.
fn go_on(entry: &mut Entry, line: &str) {
    let into = if entry.template.is_none() { &mut entry.message } else { &mut entry.exception };
    if into.len() + line.len() > LONGEST_EXCEPTION {
        return;
    }
    if !into.is_empty() {
        into.push('\n');
    }
    into.push_str(line);
    if entry.template.is_none() {
        close(entry);
    }
}

/// Takes `(xxxxxxxx)` off the message's end, where it stands there.
fn close(entry: &mut Entry) {
    let Some((message, hash)) = entry.message.strip_suffix(')').and_then(|text| text.rsplit_once('(')) else {
        return;
    };
    if hash.len() == 8
        && let Ok(template) = u32::from_str_radix(hash, 16)
    {
        entry.template = Some(template);
        entry.message = message.trim_end_matches(' ').to_owned();
    }
}

#[cfg(test)]
mod tests;
