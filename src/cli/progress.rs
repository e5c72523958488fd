//! What is said while a command works, on standard error; and what stands, should it be ended in the middle.

use std::{collections::BTreeSet, sync::Arc};

use tokio::sync::watch;

use super::{
    look::{Look, Volume},
    out,
};
use crate::{
    domain::{
        check::CheckEvent,
        request::{Changed, Changes, Event, Phase, PhaseState, Sink},
    },
    wording,
};

/// What happened so far, as far as an end in the middle must tell it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// What the request under way changes.
    pub changes: Changes,
    /// What changed.
    pub changed: BTreeSet<Changed>,
    /// Whether the server is down, where it was taken down.
    pub down: Option<bool>,
    /// Whether the restart is running.
    pub restarting: bool,
    /// What was sent to the server to be changed and was not answered yet.
    pub sending: Option<Changed>,
    /// How it stands, by the journals of all runs, as it was told last.
    pub stands: crate::domain::journal::Standing,
}

impl Standing {
    fn sent(&mut self, what: Changed, state: PhaseState) {
        self.sending = (state == PhaseState::Started).then_some(what);
        if state == PhaseState::Done {
            self.changed.insert(what);
        }
    }

    /// What changed; what was sent and not answered counts, since nobody may rely on the old state any more.
    pub fn changed(&self) -> BTreeSet<Changed> {
        self.changed.iter().copied().chain(self.sending).collect()
    }
}

/// Follows the events of one request.
#[derive(Debug)]
pub struct Progress {
    look: Look,
    standing: watch::Sender<Standing>,
}

impl Progress {
    /// For this way of speaking.
    pub fn new(look: Look) -> Arc<Self> {
        Arc::new(Self { look, standing: watch::Sender::new(Standing::default()) })
    }

    /// Where the engine sends its events.
    pub fn sink(self: &Arc<Self>) -> Sink {
        let this = Arc::clone(self);
        Arc::new(move |event| this.take(&event))
    }

    /// A request begins.
    pub fn begins(&self, changes: Changes) {
        self.standing.send_modify(|standing| standing.changes = changes);
    }

    /// What stands now.
    pub fn standing(&self) -> Standing {
        self.standing.borrow().clone()
    }

    /// Waits until nothing is under way that the server was asked to change.
    pub async fn settled(&self) {
        let mut standing = self.standing.subscribe();
        // The sender lives as long as this does.
        let _ = standing.wait_for(|standing| standing.sending.is_none()).await;
    }

    fn take(&self, event: &Event) {
        self.note(event);
        if let Some(line) = self.line(event) {
            out::line(&self.look.ornaments(&line));
        }
    }

    fn note(&self, event: &Event) {
        self.standing.send_modify(|standing| match event {
            Event::Phase(Phase::Write, PhaseState::Done) => {
                standing.changed.insert(Changed::Settings);
            }
            Event::Phase(Phase::SaveConnection | Phase::RemoveConnection, state) => {
                standing.sent(Changed::Connection, *state);
            }
            Event::Phase(Phase::TriggerSync, state) => standing.sent(Changed::License, *state),
            Event::Phase(Phase::Restart | Phase::Up, state) => {
                standing.restarting = *state == PhaseState::Started
            }
            Event::Down(down) => {
                standing.changed.insert(Changed::Restart);
                standing.down = Some(*down);
            }
            Event::Stands(stands) => standing.stands = (**stands).clone(),
            _ => {}
        });
    }

    /// The line for an event; none where it is not worth one at this volume.
    fn line(&self, event: &Event) -> Option<String> {
        let texts = &self.look.texts;
        let verbose = self.look.volume == Volume::Verbose;
        if self.look.volume == Volume::Quiet {
            return None;
        }
        match event {
            Event::Asking(hosts) if !hosts.is_empty() => Some(texts.cli_asking(hosts.join(", "))),
            Event::Phase(phase, PhaseState::Started) => Some(format!("… {}", wording::phase(texts, *phase))),
            Event::Phase(phase, PhaseState::Failed) => {
                Some(texts.cli_phase_failed(wording::phase(texts, *phase)))
            }
            Event::Phase(phase, PhaseState::Skipped) if verbose => {
                Some(texts.cli_phase_skipped(wording::phase(texts, *phase)))
            }
            Event::Stopped(pid) => Some(texts.cli_restart_stopped(pid.to_string())),
            Event::Down(true) => Some(texts.cli_server_down()),
            Event::Down(false) => Some(texts.cli_server_up()),
            Event::Command(command) if verbose => Some(format!("$ {command}")),
            Event::Output(line) if verbose => Some(format!("| {line}")),
            Event::Check(CheckEvent::Done(check)) if verbose => {
                let took = check.duration_ms.map(|ms| format!(" {ms} ms")).unwrap_or_default();
                Some(format!("{} {} {}{took}", self.look.glyph(check.state), check.id, check.state.word()))
            }
            _ => None,
        }
    }
}
