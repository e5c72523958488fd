//! What would change for a region, as changes, as bytes and as lines (design §7, "Write … Case by case").
//!
//! Only our lines change, only where their meaning must, and none is ever deleted. A line that is commented out
//! stays a comment and a new one is added; a misspelt name is left (the server ignores it) and the right one added; of
//! a key that stands twice the last one, which counts, is edited.

use std::fmt;

use super::{
    Layers, Setting,
    diff::diff,
    lint::{obstacles, own_address},
    presentable,
    rebuild::{self, Later},
    same_name,
    text::{quoted_switch, sent_twice},
    value::{self, Address},
};
use crate::domain::{
    check::{Advice, AdviceCode, Cause, Finding},
    env_file::{EditRefusal, EnvFile, LineEdit, Reader},
    outside::word,
    region::Region,
    request::{Change, Diff, Why},
};

/// What an apply would do to the file.
#[derive(Clone)]
pub struct Edit {
    /// One for each setting that changes.
    pub changes: Vec<Change>,
    /// The whole new file; the old one where nothing changes.
    pub bytes: Vec<u8>,
    /// The changed lines with their neighbours, secrets masked.
    pub diff: Diff,
    /// Addresses that are somebody's own: reported, left as they are.
    pub left: Vec<Finding>,
    /// What a later rebuild or update would make of the new file.
    pub later: Later,
}

impl fmt::Debug for Edit {
    /// Without the bytes: the file holds secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Edit")
            .field("changes", &self.changes)
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}

/// What becomes of one setting.
pub(super) enum Fate {
    /// It is right.
    Keep,
    /// It is somebody's own.
    Leave,
    /// It must change.
    Set(Why),
}

/// Plans the edit of `layers.over` for a region. `file_name` is the path as the advice names it.
///
/// # Errors
/// `env.several_settings_on_one_line`, `env.two_spellings` with the line, and `env.duplicate_key` where `docker run`
/// hands over both: which of them counts is for a person to say. `env.unparsable` for a value without a name, or where no edit leaves all else as it is.
pub fn plan(layers: &Layers, region: Region, file_name: &str) -> Result<Edit, Finding> {
    unobstructed(layers, file_name)?;
    let wanted: Vec<(Setting, String)> = Setting::ALL.into_iter().map(|s| (s, s.wanted(region))).collect();
    let mut changes = Vec::new();
    let mut edits = Vec::new();
    let mut left = Vec::new();
    for (setting, to) in &wanted {
        let why = match fate_in_file(layers, *setting, region) {
            Fate::Keep => continue,
            Fate::Leave => {
                left.push(own_address(layers, *setting, region));
                continue;
            }
            Fate::Set(why) => why,
        };
        changes.push(Change {
            key: setting.key().to_owned(),
            from: value_in(layers.over, setting.key()).map(presentable),
            to: Some(to.clone()),
            why,
        });
        edits.push(set(layers, *setting, to));
    }
    if !changes.is_empty()
        && let Some((change, edit)) = without_quotes(layers)
    {
        changes.insert(0, change);
        edits.push(edit);
    }
    let new = layers.over.edited(&edits).map_err(|refusal| cannot(refusal, file_name))?;
    let later = rebuild::later(&new, layers.push_off);
    Ok(Edit { changes, bytes: new.bytes().to_vec(), diff: diff(layers.over, &new), left, later })
}

/// Whether the file can be edited at all.
pub(super) fn unobstructed(layers: &Layers, file_name: &str) -> Result<(), Finding> {
    match obstacles(layers).into_iter().chain(sent_twice(layers)).next() {
        Some(obstacle) => Err(to_be_edited(obstacle, file_name)),
        None => Ok(()),
    }
}

/// The edit that gives a setting a value: in place where it stands, else a line at the end.
pub(super) fn set<'a>(layers: &Layers<'a>, setting: Setting, to: &'a str) -> LineEdit<'a> {
    match target(layers.over, setting.key()) {
        Some(index) if layers.reader == Reader::ComposeV2 => LineEdit::Value(index, to),
        Some(index) => LineEdit::Plain(index, to),
        None => LineEdit::Append(spelling(layers, setting.key()), to),
    }
}

/// What becomes of a setting in the file. Where a compose override wins with a value that may stay, nothing does;
/// where its value may not stay, the file is set right all the same, and the finding says who wins.
fn fate_in_file(layers: &Layers, setting: Setting, region: Region) -> Fate {
    match layers.composed(setting.key()).map(|_| fate(layers, setting, region)) {
        None | Some(Fate::Set(_)) => fate(&layers.files(), setting, region),
        Some(may_stay) => may_stay,
    }
}

/// The switch without quotes, which not every reader takes off (A7-2): only where the file changes anyway, since
/// here it works as it stands.
fn without_quotes(layers: &Layers) -> Option<(Change, LineEdit<'static>)> {
    quoted_switch(layers)?;
    let setting = Setting::EnableCloudCommunication;
    if value::boolean(layers.value(setting.key())?) != Some(true) || layers.composed(setting.key()).is_some()
    {
        return None;
    }
    let index = target(layers.over, setting.key())?;
    let entry = layers.over.entries().get(index)?;
    if !layers.over.ends_line(entry) {
        return None;
    }
    let raw = layers.over.reading(entry, Reader::DockerRun)?;
    let change = Change {
        key: setting.key().to_owned(),
        from: Some(presentable(raw)),
        to: Some("true".to_owned()),
        why: Why::Quoted,
    };
    Some((change, LineEdit::Value(index, "true")))
}

/// What becomes of one setting, by the value that counts.
pub(super) fn fate(layers: &Layers, setting: Setting, region: Region) -> Fate {
    let found = layers.value(setting.key());
    match setting {
        Setting::EnableCloudCommunication => match found.map(value::boolean) {
            Some(Some(true)) => Fate::Keep,
            Some(None) => Fate::Set(Why::Invalid),
            Some(Some(false)) | None => Fate::Set(Why::Enable),
        },
        Setting::CloudRegion => fate_of_word(found.unwrap_or_default().trim(), region),
        Setting::PushRelayBaseUri if layers.push_is_off() => Fate::Keep,
        _ => match layers.address(setting) {
            Address::Default => missing(region),
            Address::Cloud(there) if there == region => Fate::Keep,
            Address::Cloud(_) if target(layers.over, setting.key()).is_none() => match missing(region) {
                Fate::Keep => Fate::Set(Why::OtherRegion),
                added => added,
            },
            Address::Cloud(_) => Fate::Set(Why::OtherRegion),
            Address::Own { .. } => Fate::Leave,
            Address::Bad => Fate::Set(Why::Invalid),
        },
    }
}

fn fate_of_word(word: &str, region: Region) -> Fate {
    match Region::parse(word) {
        _ if word.is_empty() => missing(region),
        _ if word == region.setting() => Fate::Keep,
        // `us` means what US means: the fallback. `eu` does not: clients compare it letter by letter.
        Some(there) if there == region => match region {
            Region::Us => Fate::Keep,
            Region::Eu => Fate::Set(Why::Invalid),
        },
        Some(_) => Fate::Set(Why::OtherRegion),
        None if value::is_gov(word) => Fate::Leave,
        None => Fate::Set(Why::Invalid),
    }
}

/// The server's own defaults are bitwarden.com's: the US needs no line.
fn missing(region: Region) -> Fate {
    match region {
        Region::Us => Fate::Keep,
        Region::Eu => Fate::Set(Why::MissingForRegion),
    }
}

/// The entry that counts, to be edited in place: the last one, in any spelling, a bare one too.
pub(super) fn target(file: &EnvFile, key: &str) -> Option<usize> {
    file.entries().iter().rposition(|entry| same_name(&entry.key, key))
}

/// The value that a file by itself gives.
pub(super) fn value_in<'a>(file: &'a EnvFile, key: &str) -> Option<&'a str> {
    let ours = |entry: &&crate::domain::env_file::Entry| same_name(&entry.key, key);
    file.entries().iter().rev().filter(ours).find_map(|e| e.value.as_ref().map(|v| v.expose()))
}

/// A new line takes the spelling that `docker/global.env` has, lest there be two.
fn spelling<'a>(layers: &Layers<'a>, key: &'static str) -> &'a str {
    layers.found(key).map_or(key, |found| found.key)
}

/// The same finding with the file's name and the command that opens it at the line; a finding that is about
/// another file stays as it is.
pub fn to_be_edited(finding: Finding, file_name: &str) -> Finding {
    if finding.evidence.get("path").is_some() {
        return finding;
    }
    let mut finding = finding.with("path", file_name);
    let line = finding.evidence.get("line").map(str::to_owned);
    let by_hand = |advice: &&mut Advice| {
        use AdviceCode::{
            FixEnvFile, QuoteDollar, RemoveBom, RemoveSpelling, RenameSetting, SplitLine, UnixLineEnds,
        };
        let codes =
            [FixEnvFile, QuoteDollar, RemoveBom, RemoveSpelling, RenameSetting, SplitLine, UnixLineEnds];
        codes.contains(&advice.code) && advice.command.is_none()
    };
    if let (Some(line), Some(advice)) = (line, finding.advice.iter_mut().find(by_hand)) {
        advice.command = Some(format!("${{EDITOR:-vi}} +{line} {}", word(file_name.as_bytes())));
    }
    finding
}

/// No edit leaves all else as it is.
pub(super) fn cannot(refusal: EditRefusal, file_name: &str) -> Finding {
    let finding = match refusal {
        EditRefusal::Refused(refusal) => refusal.finding(),
        _ => Finding::new(Cause::EnvUnparsable)
            .with("reason", "edit_would_change_other_settings")
            .advise(AdviceCode::FixEnvFile),
    };
    let finding = match refusal.line() {
        Some(line) => finding.with("line", line.to_string()),
        None => finding,
    };
    to_be_edited(finding, file_name)
}
