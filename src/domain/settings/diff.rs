//! The changed lines with their neighbours, as they may be shown: an env file is full of secrets.

use similar::{Algorithm, DiffOp, capture_diff_slices, group_diff_ops};

use super::{INSTALLATION_ID, Setting, lint::our_keys, presentable, same_name, value};
use crate::domain::{
    env_file::{Entry, EnvFile},
    guid,
    outside::clean,
    request::{Diff, DiffLine, DiffSign},
};

/// What stands in place of a secret; it does not tell the length.
pub(super) const MASK: &str = "••••••••";

/// How many unchanged lines stand around a change.
const NEIGHBOURS: usize = 2;

/// Settings whose values are no secrets.
const OPEN: [&str; 10] = [
    "globalSettings__baseServiceUri__vault",
    "globalSettings__sqlServer__migrationExecutionTimeoutSeconds",
    "globalSettings__yubico__clientId",
    "globalSettings__mail__replyToEmail",
    "globalSettings__mail__smtp__host",
    "globalSettings__mail__smtp__port",
    "globalSettings__mail__smtp__ssl",
    "globalSettings__disableUserRegistration",
    "globalSettings__selfHosted",
    "adminSettings__admins",
];

/// The difference between two states of a file.
pub(super) fn diff(old: &EnvFile, new: &EnvFile) -> Diff {
    let (old_lines, new_lines) = (lines(old.bytes()), lines(new.bytes()));
    let ops = capture_diff_slices(Algorithm::Myers, &old_lines, &new_lines);
    if ops.iter().all(|op| matches!(op, DiffOp::Equal { .. })) {
        return Diff::default();
    }
    let (old_shown, new_shown) = (shown(old), shown(new));
    let mut out = Vec::new();
    for op in group_diff_ops(ops, NEIGHBOURS).into_iter().flatten() {
        let same = matches!(op, DiffOp::Equal { .. });
        if !same {
            out.extend(op.old_range().map(|at| line(DiffSign::Removed, at, &old_shown)));
        }
        let sign = if same { DiffSign::Same } else { DiffSign::Added };
        out.extend(op.new_range().map(|at| line(sign, at, &new_shown)));
    }
    Diff { lines: out }
}

fn line(sign: DiffSign, at: usize, shown: &[String]) -> DiffLine {
    DiffLine { sign, number: at + 1, text: shown.get(at).cloned().unwrap_or_default() }
}

/// The lines without their ends; what follows the last line end is a line only if there is something.
fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    let mut lines: Vec<&[u8]> =
        bytes.split(|b| *b == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line)).collect();
    if lines.last().is_some_and(|line| line.is_empty()) {
        lines.pop();
    }
    lines
}

/// All lines as they may be shown.
fn shown(file: &EnvFile) -> Vec<String> {
    let raw = lines(file.bytes());
    let mut shown: Vec<String> =
        raw.iter().map(|line| without_entry(&String::from_utf8_lossy(line))).collect();
    let mut told = 0;
    for entry in file.entries() {
        for at in entry.line..=entry.last_line {
            let Some(text) = shown.get_mut(at - 1) else { continue };
            if at == entry.line && at > told {
                *text = first_line(file, entry, &String::from_utf8_lossy(raw[at - 1]));
            } else if at > entry.line {
                *text = MASK.to_owned();
            } else {
                text.push_str(MASK);
            }
        }
        told = told.max(entry.last_line);
    }
    shown
}

fn first_line(file: &EnvFile, entry: &Entry, raw: &str) -> String {
    let text = entry.value.as_ref().map(|v| v.expose()).unwrap_or_default();
    if entry.bare {
        return without_entry(raw);
    }
    if entry.line == entry.last_line && is_open(&entry.key, text) {
        return clean(raw);
    }
    let head = &file.bytes()[entry.key_span.start..entry.value_span.start];
    let mask = if text.is_empty() { "" } else { MASK };
    clean(&format!("{}{mask}", String::from_utf8_lossy(head)))
}

/// A comment or an empty line. A setting in a comment is masked as one in use; so is a comment that holds
/// something like a key.
fn without_entry(raw: &str) -> String {
    if let Some((head, tail)) = raw.split_once('=') {
        let key = head.trim_start_matches('\u{feff}').trim_start().trim_start_matches('#').trim();
        let open = is_open(key, tail.trim());
        return clean(&if open || tail.trim().is_empty() {
            raw.to_owned()
        } else {
            format!("{head}={MASK}")
        });
    }
    let like_a_key = |word: &str| {
        word.len() >= 12 && word.contains(|c: char| c.is_ascii_digit()) && word.contains(char::is_alphabetic)
    };
    if raw.split(|c: char| !c.is_alphanumeric()).any(like_a_key) { format!("# {MASK}") } else { clean(raw) }
}

fn is_open(key: &str, text: &str) -> bool {
    let named = |name: &str| same_name(name, key);
    if named(INSTALLATION_ID) {
        return guid::parse(text).is_some();
    }
    if Setting::of_key(key).is_some() {
        return presentable(text) != MASK;
    }
    our_keys().all(|ours| !named(ours)) && OPEN.into_iter().any(named) && !value::holds_a_setting(text)
}
