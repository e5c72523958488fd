//! The terminal: the only place that knows crossterm.
//!
//! ```text
//! draw if something changed → wait for a signal, input, an answer, or a tick while something runs
//!   → update → effects to the runner → draw …
//! ```

mod files;
mod input;
mod runner;
mod signals;
mod surface;
mod terminal;

use std::{sync::Arc, time::Duration};

use futures_util::{Stream, StreamExt};
use time::OffsetDateTime;
use tokio::{
    sync::mpsc::UnboundedReceiver,
    time::{Instant, sleep_until, timeout, timeout_at},
};

use crate::{
    app::{self, Effect, Msg, Over, Run, State, Summary},
    domain::exit::Exit,
    engine::Engine,
    text::Texts,
    view,
};

pub use crate::app::{DemoNotes, Look};
pub use input::Input;
pub use runner::{Asked, Runner};
pub use surface::Surface;

/// Between two ticks: what changes by itself is drawn at most twice a second (design §6-5).
const TICK: Duration = Duration::from_millis(500);
/// How long nothing must have come before a question is open to answers.
const TYPED_AHEAD: Duration = Duration::from_millis(50);
/// How long leaving waits for the answer to what the server was asked to change.
const ANSWER: Duration = Duration::from_secs(10);
/// Messages that are taken in before the next drawing.
const BATCH: usize = 64;

/// How the wizard ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// The exit code.
    pub exit: Exit,
    /// What is said in the scrollback.
    pub lines: Vec<String>,
}

/// Runs the wizard on this process's terminal until the person leaves or a signal ends it. The terminal is as
/// before when this returns, also by an error or a panic.
///
/// # Errors
/// Where the terminal cannot be set up, or signals cannot be heard.
pub async fn run(engine: Arc<Engine>, look: Look) -> anyhow::Result<Ended> {
    let signals = signals::listen()?;
    let (runner, inbox) = Runner::new(engine.clone());
    let mut state = State::new(look, engine.options(), OffsetDateTime::now_utc());
    let summary = {
        let mut screen = terminal::Full::enter()?;
        let inputs = input::stream();
        let world = World { inputs, signals, inbox, now: OffsetDateTime::now_utc };
        drive(&mut state, &mut screen, world, runner).await
    };
    let lines = view::summary(&summary, &Texts::new(summary.language));
    Ok(Ended { exit: summary.exit, lines })
}

/// Where messages come from.
#[derive(Debug)]
pub struct World<I, S, N> {
    /// Keys, pastes and resizes.
    pub inputs: I,
    /// Signals that end the program.
    pub signals: S,
    /// What the runner's tasks say.
    pub inbox: UnboundedReceiver<Msg>,
    /// The clock.
    pub now: N,
}

/// The loop: one state, one screen, one runner. A screen that cannot be drawn any more is a lost terminal.
pub async fn drive<E, I, S, N>(
    state: &mut State,
    screen: &mut impl Surface,
    mut world: World<I, S, N>,
    mut runner: Runner<E>,
) -> Summary
where
    E: Asked,
    I: Stream<Item = Input> + Unpin,
    S: Stream<Item = Exit> + Unpin,
    N: Fn() -> OffsetDateTime,
{
    let mut texts = Texts::new(state.look.language);
    let mut effects = app::look(state);
    let mut dirty = true;
    let mut away = false;
    let mut tick = Instant::now() + TICK;
    loop {
        if texts.language() != state.look.language {
            texts = Texts::new(state.look.language);
        }
        if std::mem::take(&mut dirty) && !away {
            if unseen(state) {
                // What was typed before the question could be read must not answer it; what is typed when it is
                // drawn does. A resize among it needs nothing: this drawing asks for the size.
                swallow(&mut world.inputs).await;
            }
            let Ok(hidden) = screen.draw(state, &texts) else { return state.summary(Exit::Hangup) };
            app::update(state, Msg::Drawn { hidden });
        }
        for effect in effects.drain(..) {
            match effect {
                Effect::Print => {
                    away = screen.print(&view::plain(state, &texts)).is_ok();
                    dirty = true;
                }
                Effect::Redraw => {
                    dirty = true;
                    if screen.clear().is_err() {
                        return state.summary(Exit::Hangup);
                    }
                }
                other => runner.start(other),
            }
        }
        if dirty && !away {
            continue;
        }
        let message = tokio::select! {
            biased;
            Some(exit) = world.signals.next() => Some(Msg::Signal(exit)),
            input = world.inputs.next() => match input {
                // The key that comes back from the plain print does nothing else.
                Some(Input::Key(_)) if away => {
                    away = false;
                    dirty = true;
                    if screen.resume().is_err() {
                        return state.summary(Exit::Hangup);
                    }
                    None
                }
                Some(input) => message_of(input, &mut dirty),
                None => Some(Msg::Signal(Exit::Hangup)),
            },
            Some(message) = world.inbox.recv() => Some(message),
            () = sleep_until(tick), if state.ticks() && !away => {
                tick = Instant::now() + TICK;
                dirty = true;
                None
            }
        };
        app::update(state, Msg::Tick((world.now)()));
        let mut next = message;
        for _ in 0..BATCH {
            let Some(message) = next.or_else(|| world.inbox.try_recv().ok()) else { break };
            dirty |= shows(state, &message);
            effects.extend(app::update(state, message));
            next = None;
        }
        if let Some(summary) = leaving(&mut effects) {
            return answered(state, summary, &mut world).await;
        }
    }
}

/// Throws away what was typed before a question could be read, until nothing has come for a moment: the terminal's
/// reader hands on what it has one key at a time.
async fn swallow(inputs: &mut (impl Stream<Item = Input> + Unpin)) {
    while let Ok(Some(Input::Resize | Input::Key(_) | Input::Paste(_))) =
        timeout(TYPED_AHEAD, inputs.next()).await
    {}
}

/// What is said after leaving, if the person leaves: nothing is drawn for that.
fn leaving(effects: &mut Vec<Effect>) -> Option<Summary> {
    let at = effects.iter().position(|effect| matches!(effect, Effect::Quit(_)))?;
    match effects.swap_remove(at) {
        Effect::Quit(summary) => Some(*summary),
        _ => None,
    }
}

/// Leaving waits for the answer to what the server was asked to change, within a bound, so that it can be told; a
/// second signal does not wait. Nothing new is begun.
async fn answered<I, S, N>(state: &mut State, summary: Summary, world: &mut World<I, S, N>) -> Summary
where
    S: Stream<Item = Exit> + Unpin,
{
    let until = Instant::now() + ANSWER;
    let mut heard = false;
    while state.runs.iter().any(Run::is_waited_for) {
        tokio::select! {
            biased;
            Some(_) = world.signals.next() => break,
            message = timeout_at(until, world.inbox.recv()) => match message {
                Ok(Some(message)) => {
                    app::update(state, message);
                    heard = true;
                }
                Ok(None) | Err(_) => break,
            },
        }
    }
    if heard { state.summary(summary.exit) } else { summary }
}

/// Whether a question is about to be seen for the first time.
fn unseen(state: &State) -> bool {
    matches!(&state.over, Over::Question(question) if !question.seen)
}

/// Whether the message can change what is shown: that of an old run cannot.
fn shows(state: &State, message: &Msg) -> bool {
    match message {
        Msg::Event(run, _) | Msg::Ended(run, _) => state.runs.iter().any(|known| known.id == *run),
        _ => true,
    }
}

fn message_of(input: Input, dirty: &mut bool) -> Option<Msg> {
    match input {
        Input::Key(key) => Some(Msg::Key(key)),
        Input::Paste(text) => Some(Msg::Paste(text)),
        Input::Resize => {
            *dirty = true;
            None
        }
        Input::Lost => Some(Msg::Signal(Exit::Hangup)),
    }
}
