//! What `bitwarden.sh rebuild`, `updateconf` and `update` will make of the file: they write it anew
//! (`bitwarden.md` F4). Told beforehand, since an administrator will run them one day.

use std::{collections::HashMap, fmt};

use zeroize::Zeroizing;

use super::{Setting, plan::value_in, same_name};
use crate::domain::env_file::EnvFile;

/// The fixed keys in the order in which they are written, with what a missing one gets. Where that is random, it is
/// empty here.
const FIXED: [(&str, &str); 21] = [
    (VAULT, ""),
    ("globalSettings__baseServiceUri__cloudRegion", "US"),
    ("globalSettings__sqlServer__connectionString", ""),
    ("globalSettings__sqlServer__migrationExecutionTimeoutSeconds", ""),
    ("globalSettings__identityServer__certificatePassword", ""),
    ("globalSettings__internalIdentityKey", ""),
    ("globalSettings__oidcIdentityClientKey", ""),
    ("globalSettings__duo__aKey", ""),
    ("globalSettings__installation__id", "00000000-0000-0000-0000-000000000000"),
    ("globalSettings__installation__key", ""),
    ("globalSettings__yubico__clientId", "REPLACE"),
    ("globalSettings__yubico__key", "REPLACE"),
    ("globalSettings__mail__replyToEmail", ""),
    ("globalSettings__mail__smtp__host", "REPLACE"),
    ("globalSettings__mail__smtp__port", "587"),
    ("globalSettings__mail__smtp__ssl", "false"),
    ("globalSettings__mail__smtp__username", "REPLACE"),
    ("globalSettings__mail__smtp__password", "REPLACE"),
    ("globalSettings__disableUserRegistration", "false"),
    ("globalSettings__hibpApiKey", "REPLACE"),
    ("adminSettings__admins", ""),
];
const VAULT: &str = "globalSettings__baseServiceUri__vault";
const PUSH: &str = "globalSettings__pushRelayBaseUri";

/// The file after the rewriting. Lines are numbered from 1, as in the file before.
#[derive(Clone, PartialEq, Eq)]
pub struct Rebuilt {
    /// Lines that are gone: blank ones, comments without `=`, bare keys, what stood there once more, the later
    /// lines of a value over several lines.
    pub dropped: Vec<usize>,
    /// Lines that stand at another place among those that stay.
    pub moved: Vec<usize>,
    /// Fixed keys that were not there, or not spelled to the letter, and come back with a default or random value.
    pub comes_back: Vec<&'static str>,
    /// The vault's address is set to `config.yml`'s.
    pub vault_reset: bool,
    /// The whole file; random values are empty in it.
    pub bytes: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for Rebuilt {
    /// Without the bytes: the file holds secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rebuilt")
            .field("dropped", &self.dropped)
            .field("moved", &self.moved)
            .field("comes_back", &self.comes_back)
            .field("vault_reset", &self.vault_reset)
            .finish_non_exhaustive()
    }
}

/// What a later rebuild or update means for a file, in short.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Later {
    /// Lines that would be gone, blank ones aside.
    pub dropped: Vec<usize>,
    /// Fixed keys that would come back with a default or random value.
    pub comes_back: Vec<&'static str>,
    /// Those of the five that stand in the file, and whether they would say the same afterwards.
    pub ours: Vec<(&'static str, bool)>,
}

/// One line on its way: everything before the first `=`, what stands behind, and where it stood.
struct Line {
    key: String,
    value: Zeroizing<String>,
    from: Option<usize>,
}

/// Writes the file anew as Bitwarden's own set-up does. `push_off`: `push_notifications: false` in `config.yml`;
/// `vault_url`: its `url`, where known.
pub fn rebuilt(file: &EnvFile, push_off: bool, vault_url: Option<&str>) -> Rebuilt {
    let push = push_off.then_some((PUSH, "REPLACE"));
    let fixed: Vec<(&'static str, &'static str)> = FIXED.into_iter().chain(push).collect();
    let mut lines: Vec<Line> = Vec::new();
    for (key, default) in &fixed {
        lines.push(Line { key: (*key).into(), value: Zeroizing::new((*default).into()), from: None });
    }
    let mut places: HashMap<String, usize> =
        lines.iter().enumerate().map(|(at, line)| (line.key.clone(), at)).collect();
    let mut dropped = Vec::new();
    for (number, text) in read_lines(file.bytes()) {
        let Some((key, value)) = text.split_once('=') else {
            dropped.push(number);
            continue;
        };
        match places.get(key).and_then(|at| lines.get_mut(*at)) {
            Some(line) => {
                dropped.extend(line.from.replace(number));
                line.value = Zeroizing::new(value.to_owned());
            }
            None => {
                places.insert(key.to_owned(), lines.len());
                let value = Zeroizing::new(value.replace("\\\"", "\""));
                lines.push(Line { key: key.to_owned(), value, from: Some(number) });
            }
        }
    }
    if !push_off {
        let goes = |line: &Line| line.key == PUSH && line.value.as_str() == "REPLACE";
        dropped.extend(lines.iter().filter(|line| goes(line)).filter_map(|line| line.from));
        lines.retain(|line| !goes(line));
    }
    let mut vault_reset = false;
    if let (Some(url), Some(line)) = (vault_url, lines.iter_mut().find(|line| line.key == VAULT)) {
        vault_reset = line.value.as_str() != url;
        line.value = Zeroizing::new(url.to_owned());
    }
    dropped.sort_unstable();
    let gone = |key: &str| lines.iter().any(|line| line.key == key && line.from.is_none());
    let comes_back = fixed.iter().map(|(key, _)| *key).filter(|key| gone(key)).collect();
    let mut bytes = Zeroizing::new(Vec::with_capacity(file.bytes().len() + 1024));
    for line in &lines {
        for part in [line.key.as_str(), "=", line.value.as_str(), "\n"] {
            bytes.extend_from_slice(part.as_bytes());
        }
    }
    let order: Vec<usize> = lines.iter().filter_map(|line| line.from).collect();
    Rebuilt { dropped, moved: out_of_order(&order), comes_back, vault_reset, bytes }
}

/// What a later rewriting means for a file.
pub(super) fn later(file: &EnvFile, push_off: bool) -> Later {
    let after = rebuilt(file, push_off, None);
    let read = EnvFile::parse(&after.bytes).ok();
    let blank: Vec<usize> = read_lines(file.bytes())
        .filter(|(_, text)| text.trim().is_empty())
        .map(|(number, _)| number)
        .collect();
    let ours = |setting: Setting| {
        let key = setting.key();
        let before = value_in(file, key)?;
        let spellings = |file: &EnvFile| {
            let mut names: Vec<String> = file.entries().iter().map(|entry| entry.key.clone()).collect();
            names.retain(|name| same_name(name, key));
            names.sort_unstable();
            names.dedup();
            names.len()
        };
        let same =
            |after: &EnvFile| value_in(after, key) == Some(before) && spellings(after) <= spellings(file);
        Some((key, read.as_ref().is_some_and(same)))
    };
    Later {
        dropped: after.dropped.iter().copied().filter(|line| blank.binary_search(line).is_err()).collect(),
        comes_back: after.comes_back,
        ours: Setting::ALL.into_iter().filter_map(ours).collect(),
    }
}

/// The lines as .NET reads them: a lone CR ends one too, what is not UTF-8 becomes U+FFFD. Each with the number that
/// an editor gives it.
fn read_lines(bytes: &[u8]) -> impl Iterator<Item = (usize, Zeroizing<String>)> + '_ {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let rows = text.split(|b| *b == b'\n').enumerate();
    let count = text.iter().filter(|b| **b == b'\n').count();
    rows.flat_map(move |(row, bytes)| {
        let whole = row < count;
        let bytes = if whole { bytes.strip_suffix(b"\r").unwrap_or(bytes) } else { bytes };
        let mut pieces: Vec<&[u8]> = bytes.split(|b| *b == b'\r').collect();
        // Behind the last line end there is no line.
        if !whole && pieces.last().is_some_and(|piece| piece.is_empty()) {
            pieces.pop();
        }
        let text = |piece: &[u8]| Zeroizing::new(String::from_utf8_lossy(piece).into_owned());
        pieces.into_iter().map(move |piece| (row + 1, text(piece))).collect::<Vec<_>>()
    })
}

/// The fewest numbers that have to move so that the rest stands in order.
fn out_of_order(numbers: &[usize]) -> Vec<usize> {
    // The ends of the best rising rows by length, and the predecessor of each number in its row.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(numbers.len());
    for (at, number) in numbers.iter().enumerate() {
        let length = ends.partition_point(|end| numbers[*end] < *number);
        before.push(length.checked_sub(1).map(|last| ends[last]));
        if length == ends.len() { ends.push(at) } else { ends[length] = at }
    }
    let mut stays = vec![false; numbers.len()];
    let mut next = ends.last().copied();
    while let Some(at) = next {
        stays[at] = true;
        next = before[at];
    }
    let mut moved: Vec<usize> =
        numbers.iter().zip(stays).filter(|(_, stays)| !stays).map(|(number, _)| *number).collect();
    moved.sort_unstable();
    moved
}
