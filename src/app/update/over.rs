//! What lies over a screen: help, a question that costs something, a list to choose from, the sign-in.

use super::{Action, Effect, Over, Run, State, What, ask, choose, look, quit};
use crate::{
    app::{Choice, ChoiceOf, Focus, LoginForm, Purpose, Question, QuestionOf},
    domain::{
        exit::Exit,
        journal::Server,
        region::Region,
        request::{Request, Restarting},
    },
};

/// Opens a question: No is preselected, and keys typed before it is seen are thrown away.
pub(super) fn question(state: &mut State, of: QuestionOf) -> Vec<Effect> {
    state.over = Over::Question(Question { of, yes: false, seen: false });
    Vec::new()
}

/// Opens a list.
pub(super) fn choice(state: &mut State, of: ChoiceOf) -> Vec<Effect> {
    state.over = Over::Choice(Choice { of, at: 0 });
    Vec::new()
}

/// Opens the sign-in, with what was typed before.
pub(super) fn login(state: &mut State, purpose: Purpose) -> Vec<Effect> {
    state.over = Over::Login(LoginForm { purpose, focus: Focus::Id });
    state.scroll = 0;
    Vec::new()
}

/// Leaves at once, or asks where something runs that changes something. A second Ctrl-C leaves.
pub(super) fn leave(state: &mut State, exit: Exit) -> Vec<Effect> {
    let asked = matches!(&state.over, Over::Question(q) if matches!(q.of, QuestionOf::Leave(_)));
    match state.changing().map(Run::changes) {
        Some(changes) if !asked => question(state, QuestionOf::Leave(changes)),
        _ => vec![quit(state, exit)],
    }
}

/// Does what the key means over a screen.
pub(super) fn act(state: &mut State, action: Action) -> Vec<Effect> {
    match state.over.clone() {
        Over::Nothing => Vec::new(),
        Over::Help => match action {
            Action::Back | Action::Help | Action::Go => close(state),
            Action::Quit => leave(state, Exit::Good),
            Action::Language => super::act::act(state, Action::Language),
            Action::StartHere => from_below(state, Action::StartHere),
            _ => Vec::new(),
        },
        Over::Commands => match action {
            Action::Back | Action::Commands | Action::Go => close(state),
            Action::Plain => vec![Effect::Print],
            Action::StartHere => from_below(state, Action::StartHere),
            Action::Quit => leave(state, Exit::Good),
            Action::Up | Action::PageUp => super::act::act(state, Action::PageUp),
            Action::Down | Action::PageDown => super::act::act(state, Action::PageDown),
            _ => Vec::new(),
        },
        Over::Question(question) => answer(state, question, action),
        Over::Choice(choice) => pick(state, choice, action),
        Over::Login(_) => Vec::new(),
    }
}

/// Does it on the screen that lies below.
fn from_below(state: &mut State, action: Action) -> Vec<Effect> {
    state.over = Over::Nothing;
    super::act::act(state, action)
}

fn close(state: &mut State) -> Vec<Effect> {
    state.over = Over::Nothing;
    Vec::new()
}

fn answer(state: &mut State, question: Question, action: Action) -> Vec<Effect> {
    match action {
        Action::Left | Action::Right | Action::Up | Action::Down | Action::Next | Action::Previous => {
            state.over = Over::Question(Question { yes: !question.yes, ..question });
            Vec::new()
        }
        Action::Yes => yes(state, question.of),
        Action::Go if question.yes => yes(state, question.of),
        Action::Go | Action::No | Action::Back => close(state),
        _ => Vec::new(),
    }
}

fn yes(state: &mut State, of: QuestionOf) -> Vec<Effect> {
    state.over = Over::Nothing;
    state.scroll = 0;
    let planned_for = state.known.plan.as_ref().map(|plan| plan.file.sha256.clone());
    let login = state.login.accepted.clone();
    match of {
        QuestionOf::Apply => {
            ask(state, What::Apply, Request::Apply { restart: Restarting::Script, planned_for, login })
        }
        QuestionOf::Write => {
            ask(state, What::Apply, Request::Apply { restart: Restarting::No, planned_for, login })
        }
        QuestionOf::WithoutPull => {
            ask(state, What::Apply, Request::Apply { restart: Restarting::WithoutPull, planned_for, login })
        }
        QuestionOf::Undo => {
            state.ended.remove(&What::Apply);
            // As the question said: a server that is down comes up from the images that are here.
            let down = matches!(state.ledger.stands.server, Server::Down(_));
            let restart = if down { Restarting::WithoutPull } else { Restarting::Script };
            let shown_for = state.known.undoing.as_ref().map(|undoing| undoing.shown.clone());
            ask(state, What::Undo, Request::Undo { restart, confirmed: true, shown_for })
        }
        QuestionOf::Anyway(risk) => {
            let mut options = state.options.clone();
            options.accepted.insert(risk);
            // What was refused, as it was asked: who wanted to write only must not get a restart.
            let refused = state.refused().map(|(run, _)| (run.what, run.request.clone()));
            let mut effects = choose(state, options);
            effects.extend(refused.map(|(what, request)| ask(state, what, request)).unwrap_or_default());
            effects
        }
        QuestionOf::Leave(_) => vec![quit(state, Exit::Good)],
    }
}

fn pick(state: &mut State, choice: Choice, action: Action) -> Vec<Effect> {
    let count = match choice.of {
        ChoiceOf::Installation => state.known.installations.len(),
        ChoiceOf::Organization => state.known.organizations.len(),
        ChoiceOf::Region => Region::ALL.len(),
    };
    let moved = |by: isize| choice.at.saturating_add_signed(by).min(count.saturating_sub(1));
    match action {
        Action::Up | Action::Previous => state.over = Over::Choice(Choice { at: moved(-1), ..choice }),
        Action::Down | Action::Next => state.over = Over::Choice(Choice { at: moved(1), ..choice }),
        Action::Row(at) if at < count => return picked(state, Choice { at, ..choice }),
        Action::Go => return picked(state, choice),
        Action::Back => return close(state),
        Action::Quit => return leave(state, Exit::Good),
        _ => {}
    }
    Vec::new()
}

fn picked(state: &mut State, choice: Choice) -> Vec<Effect> {
    let mut options = state.options.clone();
    match choice.of {
        ChoiceOf::Installation => options.dir = state.known.installations.get(choice.at).cloned(),
        ChoiceOf::Organization => {
            options.org = state.known.organizations.get(choice.at).map(|found| found.id.clone());
        }
        ChoiceOf::Region => options.region = Region::ALL.get(choice.at).copied(),
    }
    state.over = Over::Nothing;
    let mut effects = choose(state, options);
    effects.extend(look(state));
    effects
}
