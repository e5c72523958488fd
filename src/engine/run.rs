//! One request in progress: where it says what it does, and the rows seen so far.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::time::{Instant, timeout_at};

use crate::domain::{
    check::{Advice, AdviceCode, Check, CheckEvent, CheckId, Finding, Report},
    request::{Event, Options, Phase, PhaseState, RunId, Sink},
};

use super::{
    Waits,
    asking::session::Session,
    seeing::{
        ground::Ground,
        select::{Selection, Wanted},
    },
};

/// What the parts of the engine share while one request runs.
pub(super) struct Run<'a> {
    /// Its name.
    pub(super) id: RunId,
    pub(super) options: &'a Options,
    pub(super) session: &'a Session,
    pub(super) waits: Waits,
    pub(super) sink: &'a Sink,
    /// The moment at which the person's own `--timeout` ends.
    asks_until: Option<Instant>,
    selection: Mutex<Selection>,
    report: Mutex<Report>,
    ground: Mutex<Option<Ground>>,
    answers: Mutex<Option<bool>>,
}

/// The time that `--timeout` gives was over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TimedOut;

impl<'a> Run<'a> {
    pub(super) fn new(
        id: RunId,
        options: &'a Options,
        session: &'a Session,
        waits: Waits,
        sink: &'a Sink,
    ) -> Self {
        Self {
            id,
            options,
            session,
            waits,
            sink,
            asks_until: options.timeout.map(|limit| Instant::now() + limit),
            selection: Mutex::default(),
            report: Mutex::default(),
            ground: Mutex::default(),
            answers: Mutex::default(),
        }
    }

    /// Work that only asks: it ends when the time is over that `--timeout` gives to the whole request. What changes
    /// something never runs in here (design §4).
    ///
    /// # Errors
    /// [`TimedOut`]; the work is dropped then.
    pub(super) async fn asking<T>(&self, work: impl Future<Output = T>) -> Result<T, TimedOut> {
        match self.asks_until {
            None => Ok(work.await),
            Some(until) => timeout_at(until, work).await.map_err(|_| TimedOut),
        }
    }

    /// Only these rows from now on.
    pub(super) fn select(&self, selection: Selection) {
        *lock(&self.selection) = selection;
    }

    /// Whether any of these rows is to be run.
    pub(super) fn wants(&self, ids: impl IntoIterator<Item = CheckId>) -> bool {
        lock(&self.selection).any(ids)
    }

    /// Says something.
    pub(super) fn say(&self, event: Event) {
        (self.sink)(event);
    }

    /// Says how a phase of an act goes.
    pub(super) fn phase(&self, phase: Phase, state: PhaseState) {
        self.say(Event::Phase(phase, state));
    }

    /// Takes a check event in, as far as its row was asked for.
    pub(super) fn take(&self, event: CheckEvent) {
        let id = match &event {
            CheckEvent::Started(id) => *id,
            CheckEvent::Done(check) => check.id,
        };
        let wanted = lock(&self.selection).of(id);
        let event = match (wanted, event) {
            (Wanted::No, _) | (Wanted::Skipped, CheckEvent::Started(_)) => return,
            (Wanted::Skipped, CheckEvent::Done(_)) => {
                let advice = Advice::with_command(AdviceCode::Online, format!("bwsync check --only {id}"));
                CheckEvent::Done(Check::skipped(id, advice))
            }
            (Wanted::Yes, event) => event,
        };
        debug_assert!(belongs(&event), "the table has no such row: {event:?}");
        lock(&self.report).apply(event.clone());
        self.say(Event::Check(event));
    }

    /// Takes a finished row in.
    pub(super) fn done(&self, check: Check) {
        self.take(CheckEvent::Done(check));
    }

    /// Says that a row is being looked at.
    pub(super) fn started(&self, id: CheckId) {
        self.take(CheckEvent::Started(id));
    }

    /// Takes the row in as passed, or with its finding.
    pub(super) fn judge(&self, id: CheckId, finding: Option<Finding>) {
        self.done(match finding {
            Some(finding) => Check::found(id, finding),
            None => Check::passed(id),
        });
    }

    /// It is about this installation.
    pub(super) fn stand_on(&self, ground: Ground) {
        *lock(&self.ground) = Some(ground);
    }

    /// What it is about, once that is known.
    pub(super) fn ground(&self) -> Option<Ground> {
        lock(&self.ground).clone()
    }

    /// Whether the server was seen to answer.
    pub(super) fn saw(&self, answers: Option<bool>) {
        *lock(&self.answers) = answers;
    }

    /// Whether the server was seen to answer, where somebody looked.
    pub(super) fn answers(&self) -> Option<bool> {
        *lock(&self.answers)
    }

    /// Something is about to be changed: what was seen before counts no more.
    pub(super) fn forget_what_was_seen(&self) {
        *lock(&self.answers) = None;
        if let Some(ground) = lock(&self.ground).as_mut() {
            ground.changed();
        }
        *lock(&self.report) = Report::default();
    }

    /// The rows so far.
    pub(super) fn report(&self) -> Report {
        lock(&self.report).clone()
    }
}

/// Whether the table lets this row say this cause, and weigh that much.
fn belongs(event: &CheckEvent) -> bool {
    match event {
        CheckEvent::Started(_) => true,
        CheckEvent::Done(check) => check.cause.is_none_or(|cause| {
            cause.is_told_in(check.id) && check.state.severity().is_none_or(|weight| cause.may_weigh(weight))
        }),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
