//! What setup, check, apply and status do: joins domain, probe, bitwarden and system.
//!
//! Four rooms by what they do: [`requests`] (check, look, plan, apply, undo …: one file each) joins [`seeing`] (what
//! is on this machine and what the outside answers), [`asking`] (the way to the server, who signs in) and
//! [`changing`] (gate, lock and journal, each act, restart, proof). Nothing here prints or draws: a [`run::Run`]
//! says what happens through the sink, and [`conclude`] turns what was found into an [`Outcome`].

mod asking;
mod case;
mod changing;
mod conclude;
mod requests;
mod run;
mod seeing;
pub mod signals;

use std::{path::PathBuf, sync::Mutex, time::Duration};

use futures_util::FutureExt;

use crate::domain::request::{Body, Options, Outcome, Request, RunId, Sink, TokenBody};

pub use crate::system::clock::run_id;
pub use asking::secret_file;

use asking::session::Session;
use conclude::Stopped;
use requests::{
    apply, check, disable, look, plan, resume, set_token, start, status, sync, undo, verify_token,
};
use run::Run;
use seeing::{select::Selection, stands};

/// bwsync's engine: keeps the options of this run and the bearers of this process between requests.
#[derive(Debug)]
pub struct Engine {
    options: Mutex<Options>,
    session: Session,
    waits: Waits,
}

/// How long the engine waits for a server to come back, and how often it looks.
#[derive(Debug, Clone, Copy)]
pub struct Waits {
    /// After a restart whose script ended well (design §11: 5 min).
    pub answer: Duration,
    /// After a script that failed, while the port refuses (design §11: 15 s).
    pub after_failure: Duration,
    /// Between two looks.
    pub pause: Duration,
    /// How long it asks what became of a change on the server that nobody answered.
    pub unheard: Duration,
    /// How long a sync may take on the server, from the moment at which it was triggered.
    pub synced: Duration,
}

impl Waits {
    const DEMO: Self = Self {
        answer: Duration::from_secs(20),
        after_failure: Duration::from_secs(3),
        pause: Duration::from_millis(200),
        unheard: Duration::from_secs(5),
        synced: Duration::from_secs(10),
    };
}

impl Default for Waits {
    fn default() -> Self {
        Self {
            answer: Duration::from_secs(300),
            after_failure: Duration::from_secs(15),
            pause: Duration::from_millis(500),
            unheard: Duration::from_secs(30),
            synced: crate::bitwarden::SYNC_TIMEOUT,
        }
    }
}

impl Engine {
    /// An engine for this run's options.
    pub fn new(options: Options) -> Self {
        // The simulated server is there in a moment or never.
        let waits = if options.mapped_only { Waits::DEMO } else { Waits::default() };
        Self { options: Mutex::new(options), session: Session::default(), waits }
    }

    /// The same with other waiting times, for tests.
    pub fn with_waits(mut self, waits: Waits) -> Self {
        self.waits = waits;
        self
    }

    /// What holds for the whole run.
    pub fn options(&self) -> Options {
        self.options.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// The installation that a person chose among several.
    pub fn choose_installation(&self, dir: PathBuf) {
        self.change(|options| options.dir = Some(dir));
    }

    /// The organization that a person chose among several, by its id on this server.
    pub fn choose_organization(&self, id: String) {
        self.change(|options| options.org = Some(id));
    }

    /// What a person chose on the screen: installation, organization, region, accepted risks.
    pub fn choose(&self, options: Options) {
        self.change(|now| *now = options);
    }

    fn change(&self, change: impl FnOnce(&mut Options)) {
        change(&mut self.options.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    }

    /// Does what is asked, says what it does through `sink`, and tells how it ended.
    pub async fn perform(&self, request: Request, sink: &Sink) -> Outcome {
        self.perform_as(run_id(), request, sink).await
    }

    /// The same under a name that was minted before.
    ///
    /// The own `--timeout` bounds asking only, never a write or a restart (design §4): what changes something bounds
    /// its asking itself ([`Run::asking`]).
    pub async fn perform_as(&self, id: RunId, request: Request, sink: &Sink) -> Outcome {
        let options = self.options();
        let run = Run::new(id, &options, &self.session, self.waits, sink);
        let changes = request.changes_something();
        // On the heap: what all requests hold is not built into whoever asks.
        let work = dispatch(&run, request).boxed();
        let mut outcome = if changes {
            work.await
        } else {
            let asked = run.asking(work).await;
            asked.unwrap_or_else(|timed_out| Stopped::from(timed_out).outcome(Body::Nothing))
        };
        let standing = stands::tell(&run).await;
        match &mut outcome.body {
            Body::Status(body) => body.standing = standing,
            Body::Look(body) => body.status.standing = standing,
            _ => {}
        }
        outcome
    }
}

/// Does it, and makes an outcome of what stopped it.
async fn dispatch(run: &Run<'_>, request: Request) -> Outcome {
    let (told, empty) = match request {
        Request::Look { login } => (look::look(run, login).await, Body::Nothing),
        Request::Check { only, skip, strict, login } => {
            (check::check(run, Selection::new(only, skip), strict, login).await, Body::Nothing)
        }
        Request::Plan { check } => (plan::plan(run, check).await, Body::Nothing),
        Request::Apply { restart, planned_for, login } => {
            (apply::apply(run, restart, planned_for, login).await, Body::Nothing)
        }
        Request::Undo { restart, confirmed, shown_for } => {
            (undo::undo(run, restart, confirmed, shown_for).await, Body::Nothing)
        }
        Request::Disable { restart, confirmed, shown_for, login } => {
            (disable::disable(run, restart, confirmed, shown_for, login).await, Body::Nothing)
        }
        Request::Resume => (resume::resume(run).await, Body::Nothing),
        Request::StartWithoutPull => (start::start(run).await, Body::Nothing),
        Request::VerifyToken { token } => {
            (verify_token::verify(run, token).await, Body::Token(TokenBody::default()))
        }
        Request::SetToken { token, login } => {
            (set_token::set(run, token, login).await, Body::Token(TokenBody::default()))
        }
        Request::Sync { login } => (sync::sync(run, login).await, Body::Sync(Box::default())),
        Request::Status { login } => (status::status(run, login).await, Body::Status(Box::default())),
    };
    told.unwrap_or_else(|stopped| stopped.outcome(empty))
}
