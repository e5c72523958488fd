//! What is worth knowing and is no fault: evidence for a row, never a conclusion (design §5).

use super::{
    INSTALLATION_ID, INSTALLATION_KEY, Layers, Setting,
    layers::at_value,
    lint::our_keys,
    presentable,
    text::{quoted_switch, read_otherwise},
    value,
};
use crate::domain::{
    check::{Cause, Evidence, Finding},
    env_file::Reader,
    region::Region,
};

/// What a note says; its sentence is `note-CODE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoteCode {
    /// Push is off, and somebody meant it so (design §7): billing sync does not need it.
    PushDisabledOnPurpose,
    /// One of our lines has another value for another reader (`bitwarden.md` F6).
    ReadOtherwise,
    /// The region is not written as the clients compare it (A7-12).
    RegionSpelling,
}

impl NoteCode {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::PushDisabledOnPurpose, Self::ReadOtherwise, Self::RegionSpelling];

    /// The code, as evidence has it.
    pub fn code(self) -> &'static str {
        match self {
            Self::PushDisabledOnPurpose => "config.push_disabled_on_purpose",
            Self::ReadOtherwise => "env.read_otherwise",
            Self::RegionSpelling => "config.region_spelling",
        }
    }
}

/// One thing worth knowing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What.
    pub code: NoteCode,
    /// Where it was seen.
    pub evidence: Evidence,
}

/// All notes about the files.
pub fn notes(layers: &Layers) -> Vec<Note> {
    let mut all = Vec::new();
    if layers.push_is_off() {
        all.push(note(NoteCode::PushDisabledOnPurpose, push_off(layers)));
    }
    if let Some(found) = layers.found(Setting::CloudRegion.key()) {
        let word = found.value.trim();
        if Region::parse(word).is_some_and(|region| region.setting() != found.value) {
            let marked = found.mark(blank().with("key", found.key).with("value", presentable(word)));
            all.push(note(NoteCode::RegionSpelling, marked));
        }
    }
    let quoted = quoted_switch(layers).is_some();
    for key in our_keys() {
        if quoted && key == Setting::EnableCloudCommunication.key() {
            continue;
        }
        all.extend(otherwise(layers, key).map(|finding| note(NoteCode::ReadOtherwise, finding)));
    }
    all
}

fn push_off(layers: &Layers) -> Finding {
    let found = layers.found(Setting::PushRelayBaseUri.key()).filter(|found| value::is_no_push(found.value));
    match found {
        Some(found) => found.mark(blank().with("key", found.key).with("value", presentable(found.value))),
        None => blank().with("path", "config.yml").with("key", "push_notifications"),
    }
}

/// The line of a key that another reader takes otherwise, with the place from which it does.
fn otherwise(layers: &Layers, key: &str) -> Option<Finding> {
    let found = layers.found(key)?;
    let (file, entry) = found.entry?;
    let lenient = [INSTALLATION_ID, Setting::EnableCloudCommunication.key()].contains(&key);
    let differs = |reader: &Reader| {
        let there = file.reading(entry, *reader);
        match lenient {
            true => there.map(str::trim) != Some(found.value.trim()),
            false => there != Some(found.value),
        }
    };
    let readers: Vec<Reader> = Reader::ALL.into_iter().filter(differs).collect();
    if readers.is_empty() {
        return None;
    }
    let finding = blank().with("key", found.key);
    // The installation key is a secret; so may be what was pasted in the place of a value.
    let finding =
        if key == INSTALLATION_KEY { finding } else { finding.with("value", presentable(found.value)) };
    let finding = read_otherwise(finding, readers.into_iter());
    Some(match file.comment(entry) {
        Some(place) => finding.with("line", place.line.to_string()).with("column", place.column.to_string()),
        None => at_value(finding, file, entry),
    })
}

/// A finding as the mould for evidence; its cause is dropped.
fn blank() -> Finding {
    Finding::new(Cause::EnvInterpolation)
}

fn note(code: NoteCode, finding: Finding) -> Note {
    Note { code, evidence: finding.evidence }
}
