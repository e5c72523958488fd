//! Our settings back, nothing else: what was changed in place gets its old text, what was added goes.

use std::fmt;

use super::{
    Setting,
    plan::{cannot, target, value_in},
    presentable, same_name,
};
use crate::domain::{
    check::Finding,
    env_file::{EnvFile, LineEdit},
    request::{Change, Left, LeftWhy, Why},
};

/// What an undo would do to the file.
#[derive(Clone)]
pub struct UndoEdit {
    /// What is put back.
    pub changes: Vec<Change>,
    /// What was changed since and stays.
    pub left: Vec<Left>,
    /// The whole new file; the old one where nothing changes.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for UndoEdit {
    /// Without the bytes: the file holds secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UndoEdit")
            .field("changes", &self.changes)
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}

/// Takes back `changes`, which an apply made of `before`, in the file as it is now. Undo right after apply gives
/// the file before, byte for byte; a key that was changed since is left and named, one that is back already is
/// passed over.
///
/// # Errors
/// `env.unparsable` where no edit leaves all else as it is.
pub fn undo(now: &EnvFile, before: &EnvFile, changes: &[Change]) -> Result<UndoEdit, Finding> {
    let mut done = Vec::new();
    let mut left = Vec::new();
    let mut edits = Vec::new();
    for change in changes.iter().filter(|change| Setting::of_key(&change.key).is_some()) {
        let key = change.key.as_str();
        let (current, old) = (value_in(now, key), value_in(before, key));
        // Quotes that were taken off change no value: there the text tells.
        if current == old && (change.to.as_deref() != current || rest(now, key) == rest(before, key)) {
            continue;
        }
        let lines = |file: &EnvFile| file.entries().iter().filter(|entry| same_name(&entry.key, key)).count();
        let added = usize::from(target(before, key).is_none());
        let ours =
            change.to.is_some() && current == change.to.as_deref() && lines(now) == lines(before) + added;
        let Some(place) = target(now, key).filter(|_| ours) else {
            left.push(Left { key: key.to_owned(), why: LeftWhy::ChangedSince });
            continue;
        };
        edits.push(match target(before, key) {
            Some(there) => put_back(now, place, before, there),
            None => LineEdit::Remove(place),
        });
        done.push(Change {
            key: key.to_owned(),
            from: change.to.clone(),
            to: old.map(presentable),
            why: Why::PutBack,
        });
    }
    let new = now.edited(&edits).map_err(|refusal| cannot(refusal, "global.override.env"))?;
    Ok(UndoEdit { changes: done, left, bytes: new.bytes().to_vec() })
}

/// The text behind a key, to the end of its line, of the line that counts.
fn rest<'a>(file: &'a EnvFile, key: &str) -> Option<&'a [u8]> {
    let entry = file.entries().get(target(file, key)?)?;
    file.bytes().get(file.rest_span(entry))
}

/// The old text of a line. What stood behind the value comes back too where the edit took it along: a comment that
/// was added since stays.
fn put_back<'a>(now: &EnvFile, place: usize, before: &'a EnvFile, there: usize) -> LineEdit<'a> {
    let behind = |file: &EnvFile, index: usize| {
        let entry = &file.entries()[index];
        file.rest_span(entry).end - entry.value_span.end
    };
    let entry = &before.entries()[there];
    if behind(now, place) == 0 && behind(before, there) > 0 {
        return LineEdit::Rest(place, &before.bytes()[before.rest_span(entry)]);
    }
    LineEdit::Tail(place, &before.bytes()[entry.tail_span()])
}
