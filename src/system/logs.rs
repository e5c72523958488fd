//! The api's own log, read from the end. What cannot be read is said with its reason: it is then unknown what
//! the server saw, never "nothing" (design §10, `bitwarden.md` G).

use std::{
    ffi::OsString,
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::domain::installation::{ApiLog, Installation};

use super::{Rights, clock, files};

/// Most of a log that is read, in bytes: hours of a busy server.
const TAIL: u64 = 1 << 20;
/// Files of a folder that are looked at, and names.
const FILES: usize = 2_000;
const NAMES: usize = 100_000;

/// The end of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tail {
    /// The files that it was read from, oldest first.
    pub paths: Vec<PathBuf>,
    /// Whole lines, from the first entry not older than asked for.
    pub text: String,
    /// Whether it reaches back as far as asked for; else older lines were left out.
    pub whole: bool,
    /// When the newest file was last written.
    pub last_written: OffsetDateTime,
}

/// Why there is no log to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoLog {
    /// No folder: the server never started, logs elsewhere, or its log is switched off.
    NoFolder,
    /// The folder has no file of any of the names that the log may have.
    NoFile,
    /// This user may not read it.
    NotReadable,
}

impl NoLog {
    fn of(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::PermissionDenied => Self::NotReadable,
            io::ErrorKind::NotFound => Self::NoFolder,
            _ => Self::NoFile,
        }
    }
}

/// The log of an installation's api, from `since` on, wherever this machine has it.
///
/// # Errors
/// Why it cannot be read; `NoFolder` where only the container has it.
pub fn of(installation: &Installation, since: OffsetDateTime, rights: &Rights) -> Result<Tail, NoLog> {
    let read = rights.run(|| match &installation.api_log {
        ApiLog::Folder(folder) => tail(folder, since),
        ApiLog::File(path) => single(path, since),
        ApiLog::InContainer => Err(NoLog::NoFolder),
    });
    read.map_err(|error| NoLog::of(&error))?
}

/// A log of one file.
fn single(path: &Path, since: OffsetDateTime) -> Result<Tail, NoLog> {
    let none = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => NoLog::NoFile,
        _ => NoLog::of(&error),
    };
    let file = files::walk::open(path).map_err(none)?;
    let last_written = file.metadata().and_then(|meta| meta.modified()).map(clock::of).map_err(none)?;
    let (text, reaches) = end_of(file).map_err(none)?;
    let whole = reaches || starts_before(&text, since);
    let text = if last_written < since { String::new() } else { recent(&text, since) };
    Ok(Tail { paths: vec![path.to_owned()], text, whole, last_written })
}

/// The lines from `since` on; all of them where none has a time, as a console's log may have none.
fn recent(text: &str, since: OffsetDateTime) -> String {
    if text.lines().any(|line| time_of(line).is_some()) { from(text, since) } else { text.to_owned() }
}

fn tail(folder: &Path, since: OffsetDateTime) -> Result<Tail, NoLog> {
    let mut found = candidates(&folder.join("Api")).or_else(|reason| match reason {
        NoLog::NoFolder => Ok(Vec::new()),
        reason => Err(reason),
    })?;
    found.extend(candidates(folder)?);
    found.sort_by_key(|(written, path)| (*written, path.clone()));
    let Some((last_written, _)) = found.last().cloned() else { return Err(NoLog::NoFile) };
    // The day may have changed since; the container's clock and zone decide when, so two files are looked at.
    let recent = found.iter().rev().take(2).rev().filter(|(written, _)| *written >= since);
    let mut paths = Vec::new();
    let mut text = String::new();
    let mut whole = true;
    for (_, path) in recent {
        let read = files::walk::open(path).and_then(end_of);
        let (part, reaches) = read.map_err(|error| NoLog::of(&error))?;
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        whole &= reaches || starts_before(&part, since);
        text.push_str(&part);
        paths.push(path.clone());
    }
    Ok(Tail { paths, text: from(&text, since), whole, last_written })
}

/// Files of the folder whose names the log may have, with the time of their last line.
fn candidates(folder: &Path) -> Result<Vec<(OffsetDateTime, PathBuf)>, NoLog> {
    let of_error = |error: io::Error| NoLog::of(&error);
    let handle = files::Folder::at(folder).map_err(of_error)?;
    let names = handle.names(NAMES).map_err(of_error)?;
    let logs = names.into_iter().filter(|name| name.to_str().is_some_and(is_log_name)).take(FILES);
    let written = |name: &OsString| handle.read(name).and_then(|file| file.metadata()?.modified());
    Ok(logs.filter_map(|name| Some((clock::of(written(&name).ok()?), folder.join(name)))).collect())
}

/// `20261122.txt`, `20261122_001.txt`, `log-20261122.txt`, `api_20261122.log`, `api-20261122.log`.
fn is_log_name(name: &str) -> bool {
    let Some(stem) = name.strip_suffix(".txt").or_else(|| name.strip_suffix(".log")) else { return false };
    let stem = ["log-", "api_", "api-"].iter().find_map(|head| stem.strip_prefix(head)).unwrap_or(stem);
    let (date, number) = stem.split_once('_').unwrap_or((stem, "1"));
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    date.len() == 8 && digits(date) && digits(number)
}

/// The last megabyte of a file, from a line's beginning, and whether that is all of it.
fn end_of(mut file: File) -> io::Result<(String, bool)> {
    let length = file.metadata()?.len();
    let from = length.saturating_sub(TAIL);
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.take(TAIL).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    if from == 0 {
        return Ok((text.into_owned(), true));
    }
    Ok((text.split_once('\n').map(|(_, rest)| rest.to_owned()).unwrap_or_default(), false))
}

/// The time at a line's beginning; lines without one continue an entry.
fn time_of(line: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(line.split(' ').next()?, &Rfc3339).ok()
}

fn starts_before(text: &str, since: OffsetDateTime) -> bool {
    text.lines().find_map(time_of).is_some_and(|at| at < since)
}

fn from(text: &str, since: OffsetDateTime) -> String {
    let mut wanted = false;
    let mut kept = String::new();
    for line in text.split_inclusive('\n') {
        if let Some(at) = time_of(line) {
            wanted = at >= since;
        }
        if wanted {
            kept.push_str(line);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use time::macros::datetime;

    const ENTRIES: &str = "2026-11-22T01:05:02.0000000+01:00  [INF] Api started. (e76ac4c3)\n\
        2026-11-22T00:05:12.2788728+00:00 0HNQ85GTPTDSJ:00000001 [ERR] Unable (066d6197)\n\
        System.Net.Http.HttpRequestException: Connection refused\n\
        2026-11-22T00:05:13.0000000+00:00 0HNQ85GTPTDSJ:00000001 [ERR] Empty (f1b80293)\n";

    #[test]
    fn every_name_that_the_settings_give_is_known() {
        let good =
            ["20261122.txt", "20261122_001.txt", "log-20261122.txt", "api_20261122.log", "api-20261122.log"];
        assert!(good.iter().all(|name| is_log_name(name)));
        let other = ["readme.txt", "2026112.txt", "20261122.gz", "nginx_20261122.log", "20261122_x.txt"];
        assert!(!other.iter().any(|name| is_log_name(name)));
    }

    #[test]
    fn it_is_read_from_the_time_asked_for_with_what_belongs_to_an_entry() {
        let base = tempfile::tempdir().unwrap();
        let read = |since| tail(&base.path().join("logs/api"), since);
        let start = datetime!(2026-11-22 00:05:12 UTC);
        assert_eq!(read(start), Err(NoLog::NoFolder));
        let folder = base.path().join("logs/api/Api");
        fs::create_dir_all(&folder).unwrap();
        assert_eq!(read(start), Err(NoLog::NoFile));
        fs::write(folder.join("20261122.txt"), ENTRIES).unwrap();
        let tail = read(start).unwrap();
        assert_eq!(tail.text.lines().count(), 3);
        assert!(tail.text.contains("HttpRequestException") && tail.whole);
        assert_eq!(read(datetime!(2026-11-22 00:06 UTC)).unwrap().text, "");
    }

    #[test]
    fn a_log_of_one_file_is_read_too() {
        let base = tempfile::tempdir().unwrap();
        let path = base.path().join("api.log");
        let start = datetime!(2026-11-22 00:05:12 UTC);
        assert_eq!(single(&path, start), Err(NoLog::NoFile));
        fs::write(&path, ENTRIES).unwrap();
        assert_eq!(single(&path, start).unwrap().text.lines().count(), 3);
        fs::write(&path, "fail: Bit[0]\n      Unable\n").unwrap();
        assert_eq!(single(&path, start).unwrap().text.lines().count(), 2);
    }

    #[test]
    fn a_long_log_is_bounded_and_says_so() {
        let base = tempfile::tempdir().unwrap();
        let folder = base.path().join("logs/api");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("api_20261122.log"), ENTRIES.repeat(10_000)).unwrap();
        let tail = tail(&folder, datetime!(2026-11-21 00:00 UTC)).unwrap();
        assert!(tail.text.len() as u64 <= TAIL && !tail.whole);
        assert!(tail.text.starts_with("2026-"));
    }
}
