//! What was changed and how the server stands: the judgement over all runs that the engine tells, kept up to date
//! by what is heard between two of them. Footer, banner and farewell read it, and nothing else.

use std::path::PathBuf;

use time::OffsetDateTime;

use super::Run;
use crate::domain::{
    journal::{Command, Server, Settings, Standing, Written},
    request::{Changed, Changes, Outcome, Problem},
};

/// What was changed, by which of the runs, and how the server stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    /// By the journals of all runs, and by what was heard since they were read.
    pub stands: Standing,
    /// When this run of the program began.
    pub began: OffsetDateTime,
    /// Whether this run took the server down or up.
    pub restarted: bool,
    /// The connection that this run saved: the token's last characters.
    pub connection: Option<String>,
    /// Whether this run renewed the license.
    pub license: bool,
    /// What was asked of the server and may have come about: nobody heard.
    pub unheard: Option<Changed>,
}

impl Ledger {
    /// Of a run that begins now.
    pub fn new(began: OffsetDateTime) -> Self {
        Self {
            stands: Standing::default(),
            began,
            restarted: false,
            connection: None,
            license: false,
            unheard: None,
        }
    }

    /// Whether this run changed nothing.
    pub fn is_empty(&self) -> bool {
        !self.settings_are_mine()
            && !self.restarted
            && self.connection.is_none()
            && !self.license
            && self.unheard.is_none()
    }

    /// Whether this run wrote the settings that stand, or put them back.
    pub fn settings_are_mine(&self) -> bool {
        let since = match &self.stands.settings {
            Settings::Written(written) => Some(written.since),
            Settings::Back { since, .. } => *since,
            Settings::Unknown | Settings::Untouched => None,
        };
        since.is_some_and(|since| since >= self.began)
    }

    /// The server went down or came back.
    pub fn down(&mut self, down: bool, now: OffsetDateTime) {
        self.restarted = true;
        self.stands.server = match (down, self.stands.server) {
            (true, Server::Down(since)) => Server::Down(since),
            (true, _) => Server::Down(now),
            (false, _) => Server::Up,
        };
        if let (false, Settings::Written(Written { restarted, .. }) | Settings::Back { restarted, .. }) =
            (down, &mut self.stands.settings)
        {
            *restarted = Some(true);
        }
    }

    /// The settings were written by a run that goes on.
    pub fn written(&mut self, path: PathBuf, count: usize, now: OffsetDateTime) {
        let restarted = Some(false);
        let written = Written { by: Command::Apply, since: now, count, path, edited: false, restarted };
        self.stands.settings = Settings::Written(written);
        self.stands.undoable = true;
    }

    /// The old settings were put back by a run that goes on.
    pub fn put_back(&mut self, now: OffsetDateTime) {
        self.stands.settings = Settings::Back { since: Some(now), restarted: Some(false) };
        self.stands.undoable = false;
    }

    /// What takes containers down or up begins.
    pub fn restarts(&mut self) {
        if let Settings::Written(Written { restarted, .. }) | Settings::Back { restarted, .. } =
            &mut self.stands.settings
        {
            *restarted = None;
        }
    }

    /// Takes in what a request changed on the server; `token` is what was saved, by its last characters.
    pub fn settle(&mut self, outcome: &Outcome, run: &Run, token: &str) {
        if run.changes() == Changes::Server {
            self.unheard = match outcome.problem {
                Some(Problem::Unheard(what)) => Some(what),
                _ => None,
            };
        }
        let changed = |what| outcome.changed.contains(&what);
        let known = |what| changed(what) && self.unheard != Some(what);
        if known(Changed::Connection) {
            self.connection = Some(token.to_owned());
        }
        self.license |= known(Changed::License);
        self.restarted |= changed(Changed::Restart);
    }
}
