//! How things stand, from the journals of all runs and from what was seen just now: what is written, whether the
//! server was restarted with it, and whether it is up or down and since when. The one judge of this question
//! (design §12-4): screens, answers, JSON, footer and farewell read it.

use serde::{Serialize, Serializer, ser::SerializeStruct};
use std::{collections::BTreeSet, path::PathBuf};
use time::OffsetDateTime;

use super::{Act, Command, Ending, Entry, FileChange, Line, Run, undoable};

/// What was seen just now: it outranks the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Seen<'a> {
    /// SHA-256 (hex) of the env file; null where it could not be read.
    pub file: Option<&'a str>,
    /// Whether the server answers; null where nobody looked, or could.
    pub answers: Option<bool>,
    /// Whether the running containers have what the file says; null where nobody could look.
    pub effective: Option<bool>,
    /// Whether what an unfinished run started is still at work.
    pub at_work: bool,
}

/// How things stand.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Standing {
    /// The env file.
    pub settings: Settings,
    /// Since when a connection stands that a run saved; whether somebody else removed it, only the server knows.
    #[serde(with = "time::serde::rfc3339::option")]
    pub connection: Option<OffsetDateTime>,
    /// The server.
    pub server: Server,
    /// Something that takes containers down or up is still at work.
    pub at_work: bool,
    /// Whether a run's settings can be taken back.
    pub undoable: bool,
    /// How to bring a server up that is down; null where it is not.
    pub rescue: Option<Rescue>,
}

/// What runs of bwsync made of the settings.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Settings {
    /// The journals were not read, or may not be.
    #[default]
    Unknown,
    /// No run that still stands changed them.
    Untouched,
    /// A run's settings stand.
    Written(Written),
    /// They are as they were before.
    Back {
        /// Since when; null where somebody else put the file back.
        #[serde(with = "time::serde::rfc3339::option")]
        since: Option<OffsetDateTime>,
        /// As [`Written::restarted`].
        restarted: Option<bool>,
    },
}

/// Settings that a run wrote and that stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Written {
    /// `apply` or `disable`.
    pub by: Command,
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub since: OffsetDateTime,
    /// How many.
    pub count: usize,
    /// The file.
    pub path: PathBuf,
    /// Whether somebody changed the file since.
    pub edited: bool,
    /// Whether the server answered after a restart with them; null where that was not seen.
    pub restarted: Option<bool>,
}

/// How the server stands, as far as runs of bwsync have to do with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Server {
    /// No run took it down.
    #[default]
    Untouched,
    /// It was restarted, and answered.
    Up,
    /// A restart that began then is at work; nobody saw the server down yet.
    Restarting(OffsetDateTime),
    /// Down since then.
    Down(OffsetDateTime),
    /// A restart began then, and nobody saw how it ended.
    NotSeen(OffsetDateTime),
    /// It does not answer now, and no run of bwsync is known to have taken it down.
    Silent,
}

/// The way up of a server that is down: its containers from the images that are here.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Rescue {
    /// Whether bwsync can do it: Docker answers the user that it would be done as.
    pub by_us: bool,
    /// What a person runs, whole, in this order, with the rights that it takes.
    pub commands: Vec<String>,
}

impl Server {
    /// Its word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Untouched => "untouched",
            Self::Up => "up",
            Self::Restarting(_) => "restarting",
            Self::Down(_) => "down",
            Self::NotSeen(_) => "not_seen",
            Self::Silent => "silent",
        }
    }

    /// Since when, where that is known.
    pub fn since(self) -> Option<OffsetDateTime> {
        match self {
            Self::Restarting(since) | Self::Down(since) | Self::NotSeen(since) => Some(since),
            Self::Untouched | Self::Up | Self::Silent => None,
        }
    }
}

impl Serialize for Server {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let since =
            self.since().and_then(|at| at.format(&time::format_description::well_known::Rfc3339).ok());
        let mut server = serializer.serialize_struct("Server", 2)?;
        server.serialize_field("state", self.word())?;
        server.serialize_field("since", &since)?;
        server.end()
    }
}

impl Standing {
    /// Whether a run left the server down, as far as anybody saw, and nothing is at work that brings it up.
    pub fn needs_rescue(&self) -> bool {
        matches!(self.server, Server::Down(_) | Server::NotSeen(_)) && !self.at_work
    }

    /// Whether the server is known not to answer.
    pub fn is_down(&self) -> bool {
        matches!(self.server, Server::Down(_) | Server::Silent)
    }

    /// The flags with which `undo` brings the server up too, where it can: of a server that is down without a pull.
    pub fn restart_flags(&self) -> &'static str {
        match &self.rescue {
            Some(Rescue { by_us: false, .. }) => "",
            _ if self.is_down() => " --restart --no-pull",
            _ => " --restart",
        }
    }

    /// Whether every screen and answer begins with how the server stands.
    pub fn is_urgent(&self) -> bool {
        matches!(self.server, Server::Down(_) | Server::NotSeen(_) | Server::Restarting(_))
    }

    /// Whether an answer of the server would decide something that the journals leave open.
    pub fn asks_for_a_look(&self) -> bool {
        matches!(self.server, Server::Down(_) | Server::NotSeen(_))
    }
}

/// How things stand. `runs` in their order, the oldest first.
pub fn stands(runs: &[Run], seen: &Seen<'_>) -> Standing {
    Standing {
        settings: settings(runs, seen),
        connection: connection(runs),
        server: outranked(server(lines(runs)), seen),
        at_work: seen.at_work,
        undoable: undoable(runs, seen.file).is_some(),
        rescue: None,
    }
}

fn lines(runs: &[Run]) -> impl Iterator<Item = &Line> {
    runs.iter().flat_map(|run| &run.lines)
}

/// How the lines leave the server.
fn server<'a>(lines: impl Iterator<Item = &'a Line>) -> Server {
    lines.fold(Server::Untouched, |server, line| match (&line.entry, server) {
        // What brings a server up that is down leaves it down until it is seen up.
        (Entry::Intent { action: Act::Restart | Act::Up, .. }, Server::Down(since)) => Server::Down(since),
        (Entry::Intent { action: Act::Restart | Act::Up, .. }, _) => Server::Restarting(line.at),
        (Entry::Seen { up: true }, _) => Server::Up,
        (Entry::Seen { up: false }, Server::Down(since)) => Server::Down(since),
        (Entry::Seen { up: false }, _) => Server::Down(line.at),
        (Entry::End { result: Ending::Success }, Server::Restarting(_)) => Server::Up,
        (Entry::End { .. }, Server::Restarting(since)) => Server::NotSeen(since),
        (_, server) => server,
    })
}

/// The same after what was seen just now.
fn outranked(server: Server, seen: &Seen<'_>) -> Server {
    match (server, seen.answers) {
        // It may still answer while the images are pulled, or because it was not taken down yet.
        (Server::Restarting(since), _) if seen.at_work => Server::Restarting(since),
        (Server::Untouched, Some(true)) => Server::Untouched,
        (_, Some(true)) => Server::Up,
        (Server::Restarting(since) | Server::NotSeen(since), Some(false)) => Server::Down(since),
        (Server::Restarting(since), None) => Server::NotSeen(since),
        (Server::Untouched | Server::Up, Some(false)) => Server::Silent,
        (server, _) => server,
    }
}

fn connection(runs: &[Run]) -> Option<OffsetDateTime> {
    lines(runs).fold(None, |since, line| match line.entry {
        Entry::Done { action: Act::SaveConnection, ok: true, .. } => Some(line.at),
        Entry::Done { action: Act::RemoveConnection, ok: true, .. } => None,
        _ => since,
    })
}

/// The newest write that stands; else whether one was taken back.
fn settings(runs: &[Run], seen: &Seen<'_>) -> Settings {
    let taken_back: BTreeSet<&str> = runs
        .iter()
        .filter(|run| run.written(seen.file).is_some())
        .filter(|run| run.command() == Some(Command::Undo))
        .filter_map(|run| run.start()?.1)
        .collect();
    let mut back = None;
    for (at, run) in runs.iter().enumerate().rev() {
        let Some((file, line)) = run.wrote(seen.file).filter(|_| !taken_back.contains(run.id.as_str()))
        else {
            continue;
        };
        let later = || run.lines.iter().skip(line + 1).chain(lines(runs.get(at + 1..).unwrap_or_default()));
        let since = run.lines.get(line).map(|line| line.at);
        let stood = |since| Settings::Back { since, restarted: restarted(later(), seen) };
        if let Some(since) = run.put_back_at() {
            back.get_or_insert_with(|| stood(Some(since)));
        } else if run.command() == Some(Command::Undo) {
            back.get_or_insert_with(|| stood(since));
        } else if seen.file == Some(file.before.as_str()) && file.before != file.after {
            back.get_or_insert_with(|| stood(None));
        } else if let (Some(by), Some(since)) = (run.command(), since) {
            return Settings::Written(Written {
                by,
                since,
                count: file.changes.len(),
                path: file.path.clone(),
                edited: seen.file.is_some_and(|now| now != file.after),
                restarted: restarted(later(), seen),
            });
        }
    }
    back.unwrap_or(Settings::Untouched)
}

/// Whether the server answered after a restart that these lines began. That the containers have the file's
/// settings, or have not, outranks it.
fn restarted<'a>(later: impl Iterator<Item = &'a Line>, seen: &Seen<'_>) -> Option<bool> {
    seen.effective.or_else(|| match server(later) {
        Server::Untouched => Some(false),
        Server::Up => Some(true),
        Server::Restarting(_) | Server::Down(_) | Server::NotSeen(_) | Server::Silent => None,
    })
}

impl Run {
    /// What it wrote and the line that says so, whether or not it put that back: finished, or killed in between
    /// and the file `stands` as it meant to leave it.
    fn wrote(&self, stands: Option<&str>) -> Option<(&FileChange, usize)> {
        let (intent, file) =
            self.lines.iter().enumerate().rev().find_map(|(at, line)| match &line.entry {
                Entry::Intent { action: Act::Write, file: Some(file) } => Some((at, file)),
                _ => None,
            })?;
        let done = self.lines.iter().enumerate().rev().find_map(|(at, line)| match line.entry {
            Entry::Done { action: Act::Write, ok, .. } => Some((at, ok)),
            _ => None,
        });
        match done {
            Some((at, true)) => Some((file, at)),
            None if stands == Some(file.after.as_str()) => Some((file, intent)),
            Some((_, false)) | None => None,
        }
    }

    /// When it put the old file back itself.
    fn put_back_at(&self) -> Option<OffsetDateTime> {
        let rolled_back = self.ending() == Some(Ending::RolledBack);
        self.lines.iter().rev().find_map(|line| match line.entry {
            Entry::Done { action: Act::PutBack, ok: true, .. } => Some(line.at),
            Entry::End { .. } if rolled_back => Some(line.at),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests;
