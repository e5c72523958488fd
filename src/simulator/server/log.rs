//! The api's file log, line by line as the genuine server writes it (`bitwarden.md` G): a witness can
//! only be tried on a log that has the right template hashes.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use time::{OffsetDateTime, macros::format_description};

/// Kinds of entries: level and template hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind(&'static str, &'static str);

/// `Unable to authenticate with identity server.`
pub const NO_IDENTITY: Kind = Kind("ERR", "066d6197");
/// `Empty token response from … for client …`
pub const EMPTY_TOKEN: Kind = Kind("ERR", "f1b80293");
/// `Unsuccessful token response from … for client … with status …`
pub const TOKEN_REFUSED: Kind = Kind("ERR", "0e652604");
/// `Unable to send … request to … because an access token was unable to be obtained`
pub const NO_TOKEN: Kind = Kind("ERR", "3a479dc6");
/// `Request to … is unsuccessful with status of …: …`
pub const CLOUD_REFUSED: Kind = Kind("ERR", "4e5b0096");
/// `Failed to send to ….`
pub const FAILED_TO_SEND: Kind = Kind("ERR", "7ffbebc0");
/// `Invalid token.`
pub const INVALID_LICENSE: Kind = Kind("WRN", "a58ac2f7");
/// `Unhandled exception`
pub const UNHANDLED: Kind = Kind("ERR", "f80f533c");
/// `… started.`
pub const STARTED: Kind = Kind("INF", "e76ac4c3");
/// `Start processing HTTP request … …`
pub const HTTP_START: Kind = Kind("INF", "338f1c77");
/// `Sending HTTP request … …`
pub const HTTP_SEND: Kind = Kind("INF", "2e7ac211");
/// `Received HTTP response headers after …ms - …`
pub const HTTP_RECEIVED: Kind = Kind("INF", "f0742c1f");
/// `End processing HTTP request after …ms - …`
pub const HTTP_END: Kind = Kind("INF", "7656b38e");
/// `HTTP request failed after …ms`
pub const HTTP_FAILED: Kind = Kind("INF", "53a6c61c");
/// `Now listening on: …`
pub const LISTENING: Kind = Kind("INF", "d826f4b8");
/// `Application started. Press Ctrl+C to shut down.`
pub const APPLICATION_STARTED: Kind = Kind("INF", "dcaefe54");
/// `Application is shutting down...`
pub const SHUTTING_DOWN: Kind = Kind("INF", "90f52c38");

/// The file log of one service.
pub struct Log {
    place: PathBuf,
    owner: Option<(u32, u32)>,
    requests: AtomicU32,
    writing: Mutex<()>,
}

impl Log {
    /// Writes below the folder `place` (`bwdata/logs/api/Api`), or into that one file (`*.log`, as the lite
    /// edition has it); the files are given to `owner` where that is another user.
    pub fn new(place: &Path, owner: Option<(u32, u32)>) -> Self {
        Self { place: place.to_owned(), owner, requests: AtomicU32::new(0), writing: Mutex::new(()) }
    }

    /// The entries of one request carry one id.
    pub fn request(&self) -> RequestLog<'_> {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        let id = format!("0HNQ85GTP{}:00000001", base32(0x1_0000 + number));
        RequestLog { log: self, id }
    }

    /// An entry outside a request: its request id is empty, not padded.
    pub fn outside(&self, kind: Kind, message: &str) {
        self.write("", kind, message, "");
    }

    fn write(&self, request: &str, Kind(level, hash): Kind, message: &str, exception: &str) {
        let now = OffsetDateTime::now_utc();
        let stamp = now
            .format(format_description!(
                "[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:7]+00:00"
            ))
            .unwrap_or_default();
        let day = now.format(format_description!("[year][month][day]")).unwrap_or_default();
        let mut entry = format!("{stamp} {request} [{level}] {message} ({hash})\n");
        if !exception.is_empty() {
            entry.push_str(exception);
            entry.push('\n');
        }
        let _one = self.writing.lock();
        // A log that cannot be written does not stop the genuine server either.
        let _ = if self.place.extension().is_some_and(|ext| ext == "log") {
            self.append(&self.place, &entry)
        } else {
            fs::create_dir_all(&self.place)
                .and_then(|()| self.append(&self.place.join(format!("{day}.txt")), &entry))
        };
    }

    fn append(&self, file: &Path, entry: &str) -> std::io::Result<()> {
        let new = !file.exists();
        fs::OpenOptions::new().create(true).append(true).open(file)?.write_all(entry.as_bytes())?;
        if let (true, Some((uid, gid))) = (new, self.owner) {
            std::os::unix::fs::chown(file, Some(uid), Some(gid))?;
        }
        Ok(())
    }
}

/// The entries of one request.
pub struct RequestLog<'a> {
    log: &'a Log,
    id: String,
}

impl RequestLog<'_> {
    /// One entry without an exception.
    pub fn entry(&self, kind: Kind, message: &str) {
        self.log.write(&self.id, kind, message, "");
    }

    /// One entry with the exception below it.
    pub fn with(&self, kind: Kind, message: &str, exception: &str) {
        self.log.write(&self.id, kind, message, exception);
    }

    /// The entry that every answer 500 leaves.
    pub fn unhandled(&self, exception: &str) {
        self.with(UNHANDLED, "Unhandled exception", exception);
    }
}

/// Connection ids are numbers in base 32.
fn base32(mut number: u32) -> String {
    const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHIJKLMNOPQRSTUV";
    let mut text = Vec::new();
    while number > 0 {
        text.push(DIGITS[(number % 32) as usize]);
        number /= 32;
    }
    text.reverse();
    String::from_utf8(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The hash function of the file log: Jenkins' one-at-a-time over the template's UTF-16 code units.
    fn hash(template: &str) -> String {
        let mut hash = 0u32;
        for unit in template.encode_utf16() {
            hash = hash.wrapping_add(u32::from(unit));
            hash = hash.wrapping_add(hash << 10);
            hash ^= hash >> 6;
        }
        hash = hash.wrapping_add(hash << 3);
        hash ^= hash >> 11;
        format!("{:08x}", hash.wrapping_add(hash << 15))
    }

    #[test]
    fn the_hashes_are_those_of_the_templates() {
        let table = [
            (NO_IDENTITY, "Unable to authenticate with identity server."),
            (EMPTY_TOKEN, "Empty token response from {identity} for client {clientId}"),
            (INVALID_LICENSE, "Invalid token."),
            (UNHANDLED, "Unhandled exception"),
            (FAILED_TO_SEND, "Failed to send to {0}."),
            (STARTED, "{Project} started."),
            (LISTENING, "Now listening on: {address}"),
            (APPLICATION_STARTED, "Application started. Press Ctrl+C to shut down."),
            (SHUTTING_DOWN, "Application is shutting down..."),
        ];
        for (Kind(_, recorded), template) in table {
            assert_eq!(hash(template), recorded, "{template}");
        }
    }

    #[test]
    fn entries_stand_as_the_server_writes_them() {
        let folder = tempfile::tempdir().unwrap();
        let log = Log::new(&folder.path().join("Api"), None);
        log.outside(APPLICATION_STARTED, "Application started. Press Ctrl+C to shut down.");
        log.request().unhandled("System.FormatException: Unrecognized Guid format.");
        let file = fs::read_dir(folder.path().join("Api")).unwrap().next().unwrap().unwrap();
        let text = fs::read_to_string(file.path()).unwrap();
        let lines: Vec<_> = text.lines().collect();
        assert!(lines[0].contains("+00:00  [INF] Application started."), "{}", lines[0]);
        assert!(lines[1].ends_with(":00000001 [ERR] Unhandled exception (f80f533c)"), "{}", lines[1]);
        assert_eq!(lines[2], "System.FormatException: Unrecognized Guid format.");
    }
}
