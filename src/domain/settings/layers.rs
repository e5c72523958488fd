//! Where a setting's value comes from: the layers in their order, and which value counts.

use std::fmt;

use super::{Setting, same_name, value};
use crate::domain::{
    check::Finding,
    env_file::{Entry, EnvFile, Reader},
    request::Origin,
};

/// The generated file of defaults, as evidence names it.
pub(super) const GLOBAL_ENV: &str = "docker/global.env";
/// The file in which an administrator changes services, as evidence names it.
pub(super) const COMPOSE_OVERRIDE: &str = "docker/docker-compose.override.yml";

/// What decides, later ones winning: `docker/global.env`, `env/global.override.env`, the `environment` of the
/// api in `docker-compose.override.yml`; and what the running containers have.
#[derive(Clone, Copy)]
pub struct Layers<'a> {
    /// `docker/global.env`, where it could be read.
    pub global: Option<&'a EnvFile>,
    /// `env/global.override.env`, the one that is edited.
    pub over: &'a EnvFile,
    /// `push_notifications: false` in `config.yml`.
    pub push_off: bool,
    /// `environment` of the api in `docker-compose.override.yml`; a name without a value takes it from where
    /// Compose runs, which nobody knows here.
    pub compose: &'a [(String, Option<String>)],
    /// What runs, where that could be asked.
    pub live: Option<Live<'a>>,
    /// Who reads the files here.
    pub reader: Reader,
}

/// The environments of the running containers that get the env file.
#[derive(Clone, Copy)]
pub struct Live<'a> {
    /// Service and its environment; names other than ours may be left out.
    pub services: &'a [(String, Vec<(String, String)>)],
    /// The file was written after they were started: a difference waits for a restart and is no fault.
    pub file_is_newer: bool,
}

impl fmt::Debug for Layers<'_> {
    /// Without the values, which may be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Layers")
            .field("global", &self.global)
            .field("over", &self.over)
            .field("push_off", &self.push_off)
            .field("compose", &self.compose.len())
            .field("live", &self.live.map(|live| live.services.len()))
            .field("reader", &self.reader)
            .finish()
    }
}

impl fmt::Debug for Live<'_> {
    /// Without the values, which may be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live").field("services", &self.services.len()).finish_non_exhaustive()
    }
}

/// A setting's value and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Found<'a> {
    pub(super) origin: Origin,
    /// Its name as it is spelled there.
    pub(super) key: &'a str,
    pub(super) value: &'a str,
    /// The line of the file, where it stands in one.
    pub(super) entry: Option<(&'a EnvFile, &'a Entry)>,
}

impl Found<'_> {
    /// The finding with the file and the place in it.
    pub(super) fn mark(&self, finding: Finding) -> Finding {
        let finding = match self.origin {
            Origin::GlobalEnv => finding.with("path", GLOBAL_ENV),
            Origin::ComposeOverride => finding.with("path", COMPOSE_OVERRIDE),
            _ => finding,
        };
        match self.entry {
            Some((file, entry)) => at_value(finding, file, entry),
            None => finding,
        }
    }
}

/// The finding with the place of an entry's key.
pub(super) fn at_key(finding: Finding, file: &EnvFile, entry: &Entry) -> Finding {
    at(finding, file, entry.key_span.start)
}

/// The finding with the place of an entry's value, where it begins on the key's line.
pub(super) fn at_value(finding: Finding, file: &EnvFile, entry: &Entry) -> Finding {
    at(finding, file, entry.value_span.start)
}

/// The finding with a place.
pub(super) fn at(finding: Finding, file: &EnvFile, byte: usize) -> Finding {
    let place = file.place(byte);
    finding.with("line", place.line.to_string()).with("column", place.column.to_string())
}

impl<'a> Layers<'a> {
    /// The two files; nothing else is known.
    pub fn new(global: Option<&'a EnvFile>, over: &'a EnvFile, push_off: bool) -> Self {
        Self { global, over, push_off, compose: &[], live: None, reader: Reader::default() }
    }

    /// The same with the `environment` of the api in `docker-compose.override.yml`.
    pub fn with_compose(self, compose: &'a [(String, Option<String>)]) -> Self {
        Self { compose, ..self }
    }

    /// The same with what runs.
    pub fn with_live(self, live: Live<'a>) -> Self {
        Self { live: Some(live), ..self }
    }

    /// The same, read by somebody else than Compose v2.
    pub fn read_by(self, reader: Reader) -> Self {
        Self { reader, ..self }
    }

    /// The two files alone: what an edit can change.
    pub(super) fn files(&self) -> Self {
        Self { compose: &[], live: None, ..*self }
    }

    /// The value that counts. Of two spellings the server takes a random one; this takes the last.
    pub(super) fn found(&self, key: &str) -> Option<Found<'a>> {
        self.composed(key)
            .or_else(|| self.in_file(self.over, Origin::OverrideEnv, key))
            .or_else(|| self.in_file(self.global?, Origin::GlobalEnv, key))
    }

    /// What the compose override says about a key.
    pub(super) fn composed(&self, key: &str) -> Option<Found<'a>> {
        let (name, value) = self.compose.iter().rev().find(|(name, _)| same_name(name, key))?;
        let value = value.as_deref()?;
        Some(Found { origin: Origin::ComposeOverride, key: name, value, entry: None })
    }

    fn in_file(&self, file: &'a EnvFile, origin: Origin, key: &str) -> Option<Found<'a>> {
        let entries = file.entries().iter().rev().filter(|entry| same_name(&entry.key, key));
        let reads = |entry: &'a Entry| Some((entry, file.reading(entry, self.reader)?));
        let (entry, value) = entries.filter_map(reads).next()?;
        Some(Found { origin, key: &entry.key, value, entry: Some((file, entry)) })
    }

    pub(super) fn value(&self, key: &str) -> Option<&'a str> {
        self.found(key).map(|found| found.value)
    }

    /// What a setting that holds an address says.
    pub(super) fn address(&self, setting: Setting) -> value::Address {
        match (setting.host(), self.value(setting.key())) {
            (Some(host), Some(text)) => value::address(host, text),
            _ => value::Address::Default,
        }
    }

    /// Push is off, and somebody meant it so (design §7).
    pub(super) fn push_is_off(&self) -> bool {
        self.push_off || self.value(Setting::PushRelayBaseUri.key()).is_some_and(value::is_no_push)
    }

    /// What each running container has for a key, where it was asked: the service and its value.
    pub(super) fn running(&self, key: &str) -> Option<Vec<(&'a str, Option<&'a str>)>> {
        let services = self.live?.services;
        let value = |pairs: &'a [(String, String)]| {
            pairs.iter().rev().find(|(name, _)| same_name(name, key)).map(|(_, value)| value.as_str())
        };
        let all: Vec<_> = services.iter().map(|(name, pairs)| (name.as_str(), value(pairs))).collect();
        (!all.is_empty()).then_some(all)
    }

    /// Whether the running containers have the value that the files give; none where that is not known, or the
    /// files give none.
    pub(super) fn effective(&self, found: &Found) -> Option<bool> {
        let wanted = found.value.trim();
        Some(self.running(found.key)?.iter().all(|(_, value)| value.map(str::trim) == Some(wanted)))
    }
}
