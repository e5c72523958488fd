//! Keys on the screens themselves, where nothing lies over them and no text is typed.

use super::{Action, Effect, Over, Stage, State, What, ask, keymap, look, look_if_stale, over};
use crate::{
    app::{Base, ChoiceOf, Notice, Place, Purpose, QuestionOf, keymap::WithoutPull},
    domain::{exit::Exit, request::Request, sync::StepName},
};

/// Does what the key means here; nothing where it is not offered.
pub(super) fn act(state: &mut State, action: Action) -> Vec<Effect> {
    match action {
        Action::Up => vertical(state, -1),
        Action::Down => vertical(state, 1),
        Action::PageUp => scroll(state, -10),
        Action::PageDown => scroll(state, 10),
        Action::Left => sideways(state, -1),
        Action::Right => sideways(state, 1),
        Action::Row(row) => choose_row(state, row),
        // Enter does what stands first on the keys line.
        Action::Go => match keymap::primary(state) {
            Some(Action::Go) => go(state),
            Some(first) => act(state, first),
            None => Vec::new(),
        },
        Action::Previous => act(state, Action::Next),
        _ if !keymap::ANYWHERE.contains(&action) && !keymap::offered(state, action) => Vec::new(),
        Action::Back => back(state),
        Action::Next => {
            state.stage = match state.stage {
                Stage::Token => state.ways(),
                Stage::Ways(_) | Stage::Browser => Stage::Token,
            };
            Vec::new()
        }
        Action::Apply => over::question(state, QuestionOf::Apply),
        Action::Write => over::question(state, QuestionOf::Write),
        Action::StartHere => match keymap::without_pull(state) {
            Some(WithoutPull::WayUp) => {
                // Where it is followed, and where the commands stand should it fail.
                to_step(state, StepName::Configure);
                ask(state, What::Up, Request::StartWithoutPull)
            }
            Some(WithoutPull::Apply) => over::question(state, QuestionOf::WithoutPull),
            None => Vec::new(),
        },
        Action::Undo => over::question(state, QuestionOf::Undo),
        Action::Anyway => keymap::risk(state)
            .map(|risk| over::question(state, QuestionOf::Anyway(risk)))
            .unwrap_or_default(),
        Action::Region => over::choice(state, ChoiceOf::Region),
        Action::Again => again(state),
        Action::Plain => vec![Effect::Print],
        Action::SignIn => over::login(state, Purpose::Status),
        Action::Trigger => trigger(state),
        Action::Diagnose => {
            open(state, Place::Diagnose);
            look_if_stale(state)
        }
        Action::Status => {
            open(state, Place::Status);
            Vec::new()
        }
        Action::Language => {
            state.look.language = state.look.language.next();
            Vec::new()
        }
        Action::Commands => {
            state.over = Over::Commands;
            state.scroll = 0;
            Vec::new()
        }
        Action::Help => {
            state.over = Over::Help;
            Vec::new()
        }
        Action::Quit => over::leave(state, Exit::Good),
        Action::Yes | Action::No | Action::Interrupt | Action::Redraw => Vec::new(),
    }
}

fn go(state: &mut State) -> Vec<Effect> {
    match state.place {
        Place::Base(Base::Overview) => {
            if state.known.installation_open() {
                return over::choice(state, ChoiceOf::Installation);
            }
            if state.known.organization_open() {
                return over::choice(state, ChoiceOf::Organization);
            }
            to_step(state, state.chosen)
        }
        Place::Base(Base::Step(StepName::Configure)) => to_step(state, StepName::ObtainToken),
        Place::Base(Base::Step(StepName::ObtainToken)) => to_step(state, StepName::ApplyToken),
        Place::Base(Base::Step(StepName::ApplyToken)) => match state.stage {
            Stage::Ways(0) => {
                state.stage = Stage::Browser;
                state.scroll = 0;
                Vec::new()
            }
            Stage::Ways(_) if state.token_accepted() => over::login(state, Purpose::Save),
            Stage::Ways(_) => {
                state.notice = Some(Notice::VerifyFirst);
                state.stage = Stage::Token;
                Vec::new()
            }
            Stage::Token => Vec::new(),
            Stage::Browser => to_step(state, StepName::TriggerSync),
        },
        Place::Base(Base::Step(StepName::TriggerSync)) if keymap::unsaved(state) => {
            to_step(state, StepName::ApplyToken)
        }
        Place::Base(Base::Step(StepName::TriggerSync)) => to_overview(state),
        Place::Diagnose(_) => match keymap::mends(state) {
            Some(step) => to_step(state, step),
            None => Vec::new(),
        },
        Place::Status(_) => Vec::new(),
    }
}

/// Opens a step's screen. A token that was accepted needs no second field, and who comes back to step 3 is asked
/// again who saves it.
pub(super) fn to_step(state: &mut State, step: StepName) -> Vec<Effect> {
    state.place = Place::Base(Base::Step(step));
    state.chosen = step;
    state.scroll = 0;
    if step == StepName::ApplyToken {
        state.stage = match state.stage {
            Stage::Token | Stage::Browser if state.token_accepted() => state.ways(),
            Stage::Browser => Stage::Token,
            stage => stage,
        };
    }
    Vec::new()
}

fn to_overview(state: &mut State) -> Vec<Effect> {
    state.place = Place::Base(Base::Overview);
    state.scroll = 0;
    state.chosen = state.known.next_step();
    look_if_stale(state)
}

/// One level back: out of the browser's clicks to the choice, out of a step to the overview.
pub(super) fn back(state: &mut State) -> Vec<Effect> {
    match state.place {
        Place::Diagnose(base) | Place::Status(base) => state.place = Place::Base(base),
        Place::Base(Base::Step(StepName::ApplyToken)) if state.stage == Stage::Browser => {
            state.stage = Stage::Ways(0);
        }
        Place::Base(Base::Step(step)) => {
            state.place = Place::Base(Base::Overview);
            state.chosen = step;
        }
        Place::Base(Base::Overview) => {}
    }
    state.scroll = 0;
    if state.place == Place::Base(Base::Overview) { look_if_stale(state) } else { Vec::new() }
}

fn open(state: &mut State, place: fn(Base) -> Place) {
    state.place = place(state.base());
    state.scroll = 0;
    state.conclusion = 0;
}

fn again(state: &mut State) -> Vec<Effect> {
    let status = matches!(state.place, Place::Status(_)) || state.step() == Some(StepName::TriggerSync);
    if status {
        let login = state.login.accepted.clone();
        return ask(state, What::Status, Request::Status { login });
    }
    if state.step() == Some(StepName::Configure) {
        state.ended.remove(&What::Apply);
        state.ended.remove(&What::Undo);
    }
    look(state)
}

fn trigger(state: &mut State) -> Vec<Effect> {
    match state.login.accepted.clone() {
        Some(login) => {
            state.place = Place::Base(Base::Step(StepName::TriggerSync));
            state.scroll = 0;
            ask(state, What::Sync, Request::Sync { login })
        }
        None => over::login(state, Purpose::Sync),
    }
}

fn vertical(state: &mut State, by: isize) -> Vec<Effect> {
    let moved = |at: usize, of: usize| at.saturating_add_signed(by).min(of.saturating_sub(1));
    match state.place {
        Place::Base(Base::Overview) => {
            let at = moved(state.chosen.number() - 1, StepName::ALL.len());
            state.chosen = StepName::ALL[at];
            state.follows = false;
        }
        Place::Diagnose(_) => state.conclusion = moved(state.conclusion, state.known.roots.len()),
        Place::Base(Base::Step(StepName::ApplyToken)) if matches!(state.stage, Stage::Ways(_)) => {
            if let Stage::Ways(at) = state.stage {
                state.stage = Stage::Ways(moved(at, 2));
            }
        }
        _ => return scroll(state, by),
    }
    Vec::new()
}

fn scroll(state: &mut State, by: isize) -> Vec<Effect> {
    state.scroll = state.scroll.saturating_add_signed(by).min(state.hidden);
    Vec::new()
}

fn sideways(state: &mut State, by: isize) -> Vec<Effect> {
    let Some(step) = state.step() else { return Vec::new() };
    match (step.number() - 1).checked_add_signed(by).and_then(|at| StepName::ALL.get(at)) {
        Some(step) => to_step(state, *step),
        None => Vec::new(),
    }
}

fn choose_row(state: &mut State, row: usize) -> Vec<Effect> {
    match state.place {
        Place::Base(Base::Overview) => match StepName::ALL.get(row) {
            Some(step) => {
                state.chosen = *step;
                state.follows = false;
                go(state)
            }
            None => Vec::new(),
        },
        Place::Base(Base::Step(StepName::ApplyToken)) if matches!(state.stage, Stage::Ways(_)) && row < 2 => {
            state.stage = Stage::Ways(row);
            go(state)
        }
        Place::Diagnose(_) if row < state.known.roots.len() => {
            state.conclusion = row;
            Vec::new()
        }
        _ => Vec::new(),
    }
}
