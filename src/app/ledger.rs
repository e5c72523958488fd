//! What this run changed so far, and whether the server is up: the footer and the summary read it.

use std::path::PathBuf;

use time::OffsetDateTime;

use super::{Run, What};
use crate::domain::{
    exit::Exit,
    request::{Body, Changed, Changes, FileAfter, Outcome, Phase, PhaseState, Problem},
};

/// Whether the server answers, as far as this run took it down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Server {
    /// This run did not touch it.
    #[default]
    Untouched,
    /// Down since then.
    Down(OffsetDateTime),
    /// It was restarted and answers.
    Up,
}

/// What this run changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ledger {
    /// The env file, and how many settings in it.
    pub settings: Option<(PathBuf, usize)>,
    /// Whether the old settings were put back.
    pub put_back: bool,
    /// The server.
    pub server: Server,
    /// The connection; the token's last characters.
    pub connection: Option<String>,
    /// The license.
    pub license: bool,
    /// What was asked of the server and may have come about: nobody heard.
    pub unheard: Option<Changed>,
}

impl Ledger {
    /// Whether nothing was changed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The server went down or came back.
    pub fn down(&mut self, down: bool, now: OffsetDateTime) {
        self.server = match (down, self.server) {
            (true, Server::Down(since)) => Server::Down(since),
            (true, _) => Server::Down(now),
            (false, _) => Server::Up,
        };
    }

    /// The settings were written by a run that goes on; its result has the last word.
    pub fn written(&mut self, path: PathBuf, count: usize) {
        self.settings = Some((path, count));
        self.put_back = false;
    }

    /// Takes the result of an act in; `token` is what was saved, by its last characters.
    pub fn settle(&mut self, outcome: &Outcome, run: &Run, token: &str, now: OffsetDateTime) {
        let what = run.what;
        let written = run.phases.iter().any(|row| row.phase == Phase::Write && row.state == PhaseState::Done);
        let changed = |what| outcome.changed.contains(&what);
        match &outcome.body {
            Body::Apply(apply) if changed(Changed::Settings) => {
                self.settings = Some((apply.file.path.clone(), apply.changes.len()));
                self.put_back = false;
            }
            // Written and put back by the same run.
            Body::Apply(apply) if written => {
                self.settings = None;
                self.put_back = matches!(apply.restart.file, FileAfter::PutBack | FileAfter::OursBack);
            }
            Body::Undo(_) if what == What::Undo && changed(Changed::Settings) => {
                self.settings = None;
                self.put_back = true;
            }
            _ => {}
        }
        if run.changes() == Changes::Server {
            self.unheard = match outcome.problem {
                Some(Problem::Unheard(what)) => Some(what),
                _ => None,
            };
        }
        let known = |what| changed(what) && self.unheard != Some(what);
        if known(Changed::Connection) {
            self.connection = Some(token.to_owned());
        }
        self.license |= known(Changed::License);
        let up = outcome.restart().and_then(|restart| restart.up);
        match (outcome.exit, up) {
            (Exit::FailedDown, _) => self.down(true, now),
            (_, Some(up)) if changed(Changed::Restart) => self.down(!up, now),
            _ => {}
        }
    }
}
