//! What a message changes: the router. Pure: the same state and message always give the same.

mod act;
mod ended;
mod fields;
mod over;

use time::OffsetDateTime;

use super::{Action, Effect, Key, Msg, Notice, Over, PhaseRow, Run, RunId, Stage, State, What, keymap};
use crate::domain::{
    exit::Exit,
    request::{Event, Options, Phase, PhaseState, Request},
};

/// Lines of output that are kept.
const OUTPUT_LINES: usize = 500;

/// Takes a message in and says what is to be done about it.
pub fn update(state: &mut State, message: Msg) -> Vec<Effect> {
    match message {
        Msg::Key(key) => press(state, key),
        Msg::Paste(text) => fields::paste(state, &text),
        Msg::Tick(now) => {
            state.now = now;
            Vec::new()
        }
        Msg::Drawn { hidden } => {
            state.hidden = hidden;
            state.scroll = state.scroll.min(hidden);
            if let Over::Question(question) = &mut state.over {
                question.seen = true;
            }
            Vec::new()
        }
        Msg::Event(run, event) => hear(state, run, event),
        Msg::Ended(run, outcome) => ended::ended(state, run, *outcome),
        Msg::File(read) => fields::file(state, read),
        Msg::Signal(exit) => vec![quit(state, exit)],
    }
}

/// Looks at everything, in the background: what a run begins with.
pub fn look(state: &mut State) -> Vec<Effect> {
    let login = state.login.accepted.clone();
    let known = std::mem::take(&mut state.known);
    // What is said about the installation stays until it is said anew, so that nothing flickers.
    state.known.installation = known.installation;
    state.known.organization = known.organization;
    state.known.plan = known.plan;
    state.known.status = known.status;
    state.stale = false;
    ask(state, What::Look, Request::Look { login })
}

/// Starts a request; one of the same kind that is under way is stopped, unless it changes something.
fn ask(state: &mut State, what: What, request: Request) -> Vec<Effect> {
    let mut effects = Vec::new();
    if request.changes_something() && state.changing().is_some() {
        return effects;
    }
    if let Some(at) = state.runs.iter().position(|run| run.what == what) {
        effects.push(Effect::Stop(state.runs.remove(at).id));
    }
    state.ended.remove(&what);
    state.last_run = RunId(state.last_run.0 + 1);
    let id = state.last_run;
    state.runs.push(Run {
        id,
        what,
        request: request.clone(),
        began: state.now,
        phases: Vec::new(),
        output: Vec::new(),
        command: None,
        containers: Vec::new(),
    });
    effects.push(Effect::Ask { run: id, request });
    effects
}

/// Looks again where something was changed after the last look.
fn look_if_stale(state: &mut State) -> Vec<Effect> {
    let busy = state.changing().is_some() || state.running(What::Look).is_some();
    if state.stale && !busy { look(state) } else { Vec::new() }
}

/// From now on other options hold: what is under way asked for the old ones.
fn choose(state: &mut State, options: Options) -> Vec<Effect> {
    state.options = options;
    vec![Effect::Choose(Box::new(state.options.clone()))]
}

fn hear(state: &mut State, id: RunId, event: Event) -> Vec<Effect> {
    let now = state.now;
    let Some(run) = state.runs.iter_mut().find(|run| run.id == id) else { return Vec::new() };
    match event {
        Event::Phase(phase, to) => {
            phase_is(run, phase, to, now);
            let what = run.what;
            match (phase, to, what) {
                (Phase::Write, PhaseState::Done, What::Apply) => {
                    if let Some(plan) = state.known.plan.as_ref().filter(|plan| !plan.changes.is_empty()) {
                        state.ledger.written(plan.file.path.clone(), plan.changes.len(), now);
                    }
                }
                (Phase::Write, PhaseState::Done, What::Undo) => state.ledger.put_back(now),
                (Phase::Restart | Phase::Up, PhaseState::Started, _) => state.ledger.restarts(),
                _ => {}
            }
        }
        Event::Stopped(pid) => run.output.push(format!("kill -CONT -{pid}")),
        Event::Output(line) => {
            if run.output.len() >= OUTPUT_LINES {
                run.output.remove(0);
            }
            run.output.push(line);
        }
        Event::Container(progress) => {
            match run.containers.iter_mut().find(|c| c.container == progress.container) {
                Some(known) => known.step = progress.step,
                None => run.containers.push(progress),
            }
        }
        Event::Command(command) => {
            run.command = Some(command.clone());
            // The same question asked again is the same command.
            if !state.commands.contains(&command) {
                state.commands.push(command);
            }
        }
        Event::Down(down) => state.ledger.down(down, now),
        Event::Stands(stands) => state.ledger.stands = *stands,
        ref seen @ (Event::Found(..) | Event::Asking(_) | Event::Check(_)) => state.known.hear(seen),
    }
    Vec::new()
}

fn phase_is(run: &mut Run, phase: Phase, state: PhaseState, now: OffsetDateTime) {
    let ended = (state != PhaseState::Started).then_some(now);
    match run.phases.iter_mut().find(|row| row.phase == phase) {
        Some(row) => {
            row.state = state;
            row.ended = ended;
        }
        None => run.phases.push(PhaseRow { phase, state, began: now, ended }),
    }
}

fn press(state: &mut State, key: Key) -> Vec<Effect> {
    state.notice = None;
    match key {
        Key::Ctrl('c') => return over::leave(state, Exit::Interrupted),
        Key::Ctrl('l') => return vec![Effect::Redraw],
        _ => {}
    }
    if let Over::Question(question) = &state.over
        && !question.seen
    {
        return Vec::new();
    }
    if state.in_field()
        && let Some(effects) = fields::press(state, key)
    {
        return effects;
    }
    let Some(action) = keymap::action(key) else { return Vec::new() };
    match state.over {
        Over::Nothing => act::act(state, action),
        _ => over::act(state, action),
    }
}

/// The token changed: what the cloud said about another one counts no more.
fn token_changed(state: &mut State) -> Vec<Effect> {
    state.ended.remove(&What::Verify);
    match state.runs.iter().position(|run| run.what == What::Verify) {
        Some(at) => vec![Effect::Stop(state.runs.remove(at).id)],
        None => Vec::new(),
    }
}

fn quit(state: &State, exit: Exit) -> Effect {
    Effect::Quit(Box::new(state.summary(exit)))
}
