//! What is wrong with the file as a text: line ends, byte order mark, names that nobody reads, references that
//! Compose fills in, keys that stand there twice (`bitwarden.md` A7).

use std::collections::HashMap;

use super::{
    Layers, Setting,
    layers::{at_key, at_value},
    lint::{colon_spelling, our_keys},
    names::Speller,
    same_name, value,
};
use crate::domain::{
    check::{AdviceCode, Cause, Finding, Severity},
    env_file::{EnvFile, Place, Quote, Reader},
};

/// How many lines of one kind are told: more would only hide the rest.
const MOST: usize = 20;

/// All of it. Only the file that an administrator edits counts; `docker/global.env` is written by the server's own
/// set-up.
pub(super) fn findings(layers: &Layers) -> Vec<Finding> {
    let file = layers.over;
    let mut all = Vec::new();
    let placed = |finding: Finding, place: Place| {
        finding.with("line", place.line.to_string()).with("column", place.column.to_string())
    };
    if let Some(place) = file.first_crlf() {
        all.push(placed(Finding::new(Cause::EnvCrlf), place).advise(AdviceCode::UnixLineEnds));
    }
    if file.has_bom() {
        let first = Place { line: 1, column: 1 };
        all.push(placed(Finding::new(Cause::EnvBom), first).advise(AdviceCode::RemoveBom));
    }
    all.extend(misspelt(layers).take(MOST));
    all.extend(interpolated(layers.over, layers.reader).take(MOST));
    all.extend(duplicates(file));
    all
}

/// Names that the server does not know, near to one that it knows (A7-12). `reason` `same_value`: what it says
/// counts anyway. It is a fault where one of ours was meant and what it says does not count (design §5, Severity).
fn misspelt<'a>(layers: &'a Layers<'a>) -> impl Iterator<Item = Finding> + 'a {
    let mut speller = Speller::new();
    layers.over.entries().iter().filter_map(move |entry| {
        let name = colon_spelling(layers.over, entry).unwrap_or_else(|| entry.key.clone());
        let meant = speller.meant(&name)?;
        let finding = Finding::new(Cause::EnvMisspeltKey)
            .with("key", name)
            .with("expected", meant.name.as_str())
            .advise(AdviceCode::RenameSetting);
        let finding = at_key(finding, layers.over, entry);
        let says = layers.over.reading(entry, layers.reader).map(str::trim);
        let counts = layers.value(&meant.name).map(str::trim);
        let same = meant.ours && says.is_some() && says == counts;
        Some(match (meant.ours, same) {
            (true, false) => finding.weighing(Severity::Failed),
            (true, true) => finding.with("reason", "same_value"),
            (false, _) => finding,
        })
    })
}

/// Values in which the reader fills in a reference, or loses one (A7-5).
fn interpolated(file: &EnvFile, reader: Reader) -> impl Iterator<Item = Finding> {
    file.entries().iter().filter_map(move |entry| {
        let place = file.reference(entry, reader)?;
        let others = Reader::ALL.into_iter().filter(|other| file.reference(entry, *other).is_none());
        let finding = Finding::new(Cause::EnvInterpolation)
            .with("key", entry.key.as_str())
            .with("line", place.line.to_string())
            .with("column", place.column.to_string())
            .advise(AdviceCode::QuoteDollar);
        Some(read_otherwise(finding, others))
    })
}

/// The finding with the readers that take the line otherwise than the one that matters here.
pub(super) fn read_otherwise(finding: Finding, readers: impl Iterator<Item = Reader>) -> Finding {
    let names: Vec<_> = readers.map(Reader::name).collect();
    if names.is_empty() { finding } else { finding.with("reader", names.join(", ")) }
}

/// Keys that stand in the file more than once, in one spelling: the last one counts (A7-8). `docker run` hands
/// over both.
fn duplicates(file: &EnvFile) -> Vec<Finding> {
    let mut lines: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, entry) in file.entries().iter().enumerate() {
        if !entry.bare && !entry.key.is_empty() {
            lines.entry(entry.key.as_str()).or_default().push(index);
        }
    }
    let mut twice: Vec<Vec<usize>> = lines.into_values().filter(|places| places.len() > 1).collect();
    twice.sort_by_key(|places| places.last().copied());
    let finding = |places: &Vec<usize>| {
        let entry = file.entries().get(*places.last()?)?;
        let told = places.iter().take(MOST).filter_map(|index| file.entries().get(*index));
        let lines: Vec<String> = told.map(|entry| entry.line.to_string()).collect();
        let finding = Finding::new(Cause::EnvDuplicateKey)
            .with("key", entry.key.as_str())
            .with("lines", lines.join(", "))
            .advise(AdviceCode::FixEnvFile);
        Some(read_otherwise(at_key(finding, file, entry), [Reader::DockerRun].into_iter()))
    };
    twice.iter().take(MOST).filter_map(finding).collect()
}

/// A key of ours that `docker run` hands over twice: which value the server takes is not known, and an edit of one
/// line would leave the other.
pub(super) fn sent_twice(layers: &Layers) -> Option<Finding> {
    if layers.reader != Reader::DockerRun {
        return None;
    }
    our_keys().find_map(|key| {
        let entries = layers.over.entries().iter().filter(|entry| same_name(&entry.key, key));
        let places: Vec<_> = entries.take(MOST).collect();
        let lines: Vec<String> = places.iter().map(|entry| entry.line.to_string()).collect();
        let last = places.last().filter(|_| places.len() > 1)?;
        let finding = Finding::new(Cause::EnvDuplicateKey)
            .weighing(Severity::Failed)
            .with("key", last.key.as_str())
            .with("lines", lines.join(", "))
            .advise(AdviceCode::FixEnvFile);
        Some(at_key(finding, layers.over, last))
    })
}

/// The switch in quotes that the reader here takes off: `docker run` keeps them, and then the server does not start
/// (A7-2). Here it starts, so that it only deserves a look.
pub(super) fn quoted_switch(layers: &Layers) -> Option<Finding> {
    let found = layers.found(Setting::EnableCloudCommunication.key())?;
    let (file, entry) = found.entry.filter(|(_, entry)| entry.quote != Quote::None)?;
    if layers.reader == Reader::DockerRun || value::boolean(found.value).is_none() {
        return None;
    }
    let finding = Finding::new(Cause::EnvQuotedBoolean)
        .weighing(Severity::Warning)
        .with("key", found.key)
        .with("value", found.value)
        .advise(AdviceCode::FixEnvFile);
    Some(at_value(read_otherwise(finding, [Reader::DockerRun].into_iter()), file, entry))
}
