//! A request ended: what that changes, and what follows by itself.

use super::{Effect, Over, RunId, Stage, State, What, act, ask, look};
use crate::{
    app::{Base, ChoiceOf, Ended, Notice, Place, Purpose},
    domain::{
        check::Credential,
        exit::Exit,
        request::{Body, Changes, Outcome, Problem, Request},
        sync::StepName,
    },
};

/// Takes the result in; that of an old run is dropped.
pub(super) fn ended(state: &mut State, id: RunId, outcome: Outcome) -> Vec<Effect> {
    let Some(at) = state.runs.iter().position(|run| run.id == id) else { return Vec::new() };
    let run = state.runs.remove(at);
    let (what, changes) = (run.what, run.changes() != Changes::Nothing);
    let good = match what {
        // A step that is left is no fault of the asking (design §4: status ends with 3 then).
        What::Status => {
            matches!(outcome.body, Body::Status(_))
                && !matches!(outcome.exit, Exit::Rejected | Exit::CouldNotAsk)
        }
        _ => outcome.exit.is_ok(),
    };
    let rejected =
        outcome.roots.iter().any(|root| root.conclusion.cause.rejects() == Some(Credential::ApiKey));
    let outdated = outcome.problem == Some(Problem::ChangedSincePlan);
    state.known.settle(&outcome);
    if what == What::Look {
        state.known.roots.clone_from(&outcome.roots);
        if !matches!(outcome.body, Body::Look(_)) {
            // It did not get that far: what was planned before may not hold any more.
            (state.known.plan, state.known.status) = (None, None);
        }
    }
    state.ledger.settle(&outcome, &run, &state.token.secret().tail());
    state.stale |= changes && !outcome.changed.is_empty();
    let ended = Ended { run, outcome, at: state.now };
    state.ended.insert(what, ended);
    if what != What::Sync && changes && good {
        // Why an earlier sync failed may be mended now.
        state.ended.remove(&What::Sync);
    }
    match what {
        What::Look => looked(state),
        What::Apply => {
            tell_elsewhere(state, good);
            if good {
                refresh(state)
            } else if state.step().is_none() {
                // What the overview and the diagnosis show was seen before.
                super::look_if_stale(state)
            } else {
                Vec::new()
            }
        }
        What::Undo if good || outdated => look(state),
        What::Up | What::Resume if good => {
            // Why the apply failed is mended now.
            state.ended.remove(&What::Apply);
            let effects = look(state);
            state.notice = Some(Notice::RestartDone);
            effects
        }
        What::Up | What::Resume => {
            tell_elsewhere(state, good);
            Vec::new()
        }
        What::Verify => {
            if state.token_accepted() && state.stage == Stage::Token {
                state.stage = state.ways();
            }
            Vec::new()
        }
        What::Save if good => {
            // Who went elsewhere meanwhile stays there.
            let waited = waits_for(state, Purpose::Save);
            signed_in(state);
            if waited { act::to_step(state, StepName::TriggerSync) } else { Vec::new() }
        }
        What::Sync if !good && !rejected => {
            // Not the key's fault: the step's own screen says why.
            if waits_for(state, Purpose::Sync) {
                signed_in(state);
            }
            Vec::new()
        }
        What::Sync if good => {
            signed_in(state);
            refresh(state)
        }
        What::Status if good => {
            if waits_for(state, Purpose::Status) {
                signed_in(state);
            }
            follow(state);
            Vec::new()
        }
        What::Undo | What::Save | What::Sync | What::Status => Vec::new(),
    }
}

/// Whether the form stands there for this purpose.
fn waits_for(state: &State, purpose: Purpose) -> bool {
    matches!(&state.over, Over::Login(form) if form.purpose == purpose)
}

/// Says that the restart ended, to somebody who reads another screen meanwhile.
fn tell_elsewhere(state: &mut State, good: bool) {
    if state.place != Place::Base(Base::Step(StepName::Configure)) {
        state.notice = Some(if good { Notice::RestartDone } else { Notice::RestartFailed });
    }
}

/// The key was taken: nobody types it again in this run.
fn signed_in(state: &mut State) {
    if state.login.accepted.is_none() {
        state.login.accepted = state.login.key();
    }
    if matches!(state.over, Over::Login(_)) {
        state.over = Over::Nothing;
    }
}

fn looked(state: &mut State) -> Vec<Effect> {
    follow(state);
    let Some(Ended { outcome, .. }) = state.ended.get(&What::Look) else { return Vec::new() };
    let free = state.over == Over::Nothing && state.place == Place::Base(Base::Overview);
    if let Body::Look(body) = &outcome.body
        && body.interrupted
        && !state.ended.contains_key(&What::Resume)
    {
        // A run that was cut off is picked up by itself (design §1-4).
        act::to_step(state, StepName::Configure);
        return ask(state, What::Resume, Request::Resume);
    }
    if free && matches!(&outcome.body, Body::Look(_)) {
        if state.known.installation_open() {
            return super::over::choice(state, ChoiceOf::Installation);
        }
        if state.known.organization_open() {
            return super::over::choice(state, ChoiceOf::Organization);
        }
    }
    Vec::new()
}

/// The selection on the overview stands on the step to go on with, until an arrow moved it.
fn follow(state: &mut State) {
    if state.follows {
        state.chosen = state.known.next_step();
    }
}

/// How it stands now, without asking the cloud again (design §9).
fn refresh(state: &mut State) -> Vec<Effect> {
    follow(state);
    let login = state.login.accepted.clone();
    ask(state, What::Status, Request::Status { login })
}
