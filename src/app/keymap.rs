//! The one key table of the program: a letter means one thing everywhere, and what is offered here and now is
//! what the keys line shows.

pub use super::without_pull::{WithoutPull, way_up, without_pull};

use super::{Base, ChoiceOf, Ended, Key, Over, Place, Question, QuestionOf, Stage, State, What};
use crate::{
    domain::{
        request::{Changes, Risk},
        sync::{StepName, StepState},
    },
    steps::{
        self,
        configure::{self, ToDo},
    },
};

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Go on.
    Go,
    /// Go back, keeping what was typed.
    Back,
    /// The next field or list.
    Next,
    /// The field or list before.
    Previous,
    /// The row above.
    Up,
    /// The row below.
    Down,
    /// The step before.
    Left,
    /// The step after.
    Right,
    /// Scroll up.
    PageUp,
    /// Scroll down.
    PageDown,
    /// The row of this number.
    Row(usize),
    /// Write the settings and restart.
    Apply,
    /// Write the settings only.
    Write,
    /// Start the containers from the images that are here.
    StartHere,
    /// Put the old settings back.
    Undo,
    /// Go on although something was found.
    Anyway,
    /// Choose the region.
    Region,
    /// Look again.
    Again,
    /// Print plainly, outside the full screen.
    Plain,
    /// Sign in on the server.
    SignIn,
    /// Trigger the sync.
    Trigger,
    /// What is wrong.
    Diagnose,
    /// How the sync stands.
    Status,
    /// The next language.
    Language,
    /// Every command that was run.
    Commands,
    /// The keys.
    Help,
    /// Leave.
    Quit,
    /// Yes, to a question.
    Yes,
    /// No, to a question.
    No,
    /// Leave, from anywhere.
    Interrupt,
    /// Draw anew.
    Redraw,
}

/// Every key that does something outside text fields, in the order in which the help lists them.
pub const TABLE: &[(Key, Action)] = &[
    (Key::Enter, Action::Go),
    (Key::Esc, Action::Back),
    (Key::Tab, Action::Next),
    (Key::BackTab, Action::Previous),
    (Key::Up, Action::Up),
    (Key::Down, Action::Down),
    (Key::Left, Action::Left),
    (Key::Right, Action::Right),
    (Key::PageUp, Action::PageUp),
    (Key::PageDown, Action::PageDown),
    (Key::Char('1'), Action::Row(0)),
    (Key::Char('2'), Action::Row(1)),
    (Key::Char('3'), Action::Row(2)),
    (Key::Char('4'), Action::Row(3)),
    (Key::Char('a'), Action::Apply),
    (Key::Char('w'), Action::Write),
    (Key::Char('u'), Action::StartHere),
    (Key::Char('z'), Action::Undo),
    (Key::Char('o'), Action::Anyway),
    (Key::Char('g'), Action::Region),
    (Key::Char('r'), Action::Again),
    (Key::Char('v'), Action::Plain),
    (Key::Char('k'), Action::SignIn),
    (Key::Char('t'), Action::Trigger),
    (Key::Char('d'), Action::Diagnose),
    (Key::Char('s'), Action::Status),
    (Key::Char('e'), Action::Commands),
    (Key::Char('l'), Action::Language),
    (Key::Char('?'), Action::Help),
    (Key::Char('q'), Action::Quit),
    (Key::Char('y'), Action::Yes),
    (Key::Char('n'), Action::No),
    (Key::Ctrl('c'), Action::Interrupt),
    (Key::Ctrl('l'), Action::Redraw),
];

/// What can be done on every screen, outside text fields, also where the keys line has no room to say so.
pub const ANYWHERE: &[Action] =
    &[Action::Diagnose, Action::Status, Action::Commands, Action::Language, Action::Help, Action::Quit];

/// What a key does outside text fields.
pub fn action(key: Key) -> Option<Action> {
    TABLE.iter().find(|(known, _)| *known == key).map(|(_, action)| *action)
}

/// The key of an action.
pub fn key(action: Action) -> Option<Key> {
    TABLE.iter().find(|(_, known)| *known == action).map(|(key, _)| *key)
}

/// Something that can be done here and now, with the code of its hint (`key-CODE`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// What.
    pub action: Action,
    /// Code of the hint.
    pub hint: &'static str,
}

const fn offer(action: Action, hint: &'static str) -> Offer {
    Offer { action, hint }
}

/// What can be done here and now, the most likely first; movement is not listed.
pub fn offers(state: &State) -> Vec<Offer> {
    match &state.over {
        Over::Help => read(state, &[offer(Action::Back, "back")]),
        Over::Commands => read(state, &[offer(Action::Back, "back"), offer(Action::Plain, "plain-command")]),
        Over::Question(question) => question_offers(question),
        Over::Choice(choice) => choice_offers(choice.of),
        Over::Login(_) if state.changing().is_some() || state.running(What::Status).is_some() => {
            vec![offer(Action::Back, "back")]
        }
        Over::Login(_) => vec![
            offer(Action::Go, "sign-in"),
            offer(Action::Next, "other-field"),
            offer(Action::Back, "back-kept"),
        ],
        Over::Nothing => {
            let mut offers = match state.place {
                Place::Base(Base::Overview) => overview(state),
                Place::Base(Base::Step(StepName::Configure)) => configure(state),
                Place::Base(Base::Step(StepName::ObtainToken)) => {
                    vec![offer(Action::Go, "have-it"), offer(Action::Plain, "plain")]
                }
                Place::Base(Base::Step(StepName::ApplyToken)) => apply_token(state),
                Place::Base(Base::Step(StepName::TriggerSync)) => trigger_sync(state),
                Place::Diagnose(_) => diagnose(state),
                Place::Status(_) => status(state),
            };
            general(state, &mut offers);
            offers
        }
    }
}

/// What Enter does here and now: the first thing that is offered. A question answers it with the selected answer,
/// and inside a text field it is the field's own.
pub fn primary(state: &State) -> Option<Action> {
    let enters = matches!(state.over, Over::Nothing) && !state.in_field();
    let first = offers(state).first()?.action;
    (enters && !matches!(first, Action::Back | Action::Plain | Action::Help | Action::Next)).then_some(first)
}

/// Whether this can be done here and now.
pub fn offered(state: &State, action: Action) -> bool {
    offers(state).iter().any(|offer| offer.action == action)
}

/// What can be done over a page that is only read: a server that is down can be brought up from here too.
fn read(state: &State, first: &[Offer]) -> Vec<Offer> {
    let mut offers = first.to_vec();
    if way_up(state) {
        offers.push(offer(Action::StartHere, "up"));
    }
    offers.push(offer(Action::Quit, "quit"));
    offers
}

fn general(state: &State, offers: &mut Vec<Offer>) {
    if way_up(state) {
        // What only a server that answers can do comes after it is up.
        offers.retain(|offer| !matches!(offer.action, Action::SignIn | Action::Trigger));
    }
    if way_up(state) && !state.in_field() && !offers.iter().any(|offer| offer.action == Action::StartHere) {
        offers.insert(offers.len().min(1), offer(Action::StartHere, "up"));
    }
    if state.place != Place::Base(Base::Overview) {
        let kept = state.step() == Some(StepName::ApplyToken) && !state.token.is_empty();
        offers.push(offer(Action::Back, if kept { "back-kept" } else { "back" }));
    }
    if !state.in_field() {
        offers.push(offer(Action::Help, "help"));
        offers.push(offer(Action::Quit, "quit"));
    }
}

fn question_offers(question: &Question) -> Vec<Offer> {
    let yes = match question.of {
        QuestionOf::Apply => "yes-apply",
        QuestionOf::Write => "yes-write",
        QuestionOf::Undo => "yes-undo",
        QuestionOf::WithoutPull => "yes-apply",
        QuestionOf::Anyway(_) => "yes-anyway",
        QuestionOf::Leave(_) => "yes-leave",
    };
    // Enter takes the selected answer, and the line says so.
    if question.yes {
        vec![offer(Action::Go, yes), offer(Action::No, "no")]
    } else {
        vec![offer(Action::Yes, yes), offer(Action::Go, "no")]
    }
}

fn choice_offers(of: ChoiceOf) -> Vec<Offer> {
    let hint = match of {
        ChoiceOf::Installation => "choose-installation",
        ChoiceOf::Organization => "choose-organization",
        ChoiceOf::Region => "choose-region",
    };
    vec![offer(Action::Go, hint), offer(Action::Back, "back"), offer(Action::Quit, "quit")]
}

fn overview(state: &State) -> Vec<Offer> {
    let mut offers = Vec::new();
    let nowhere = state.known.installation.is_none()
        && !state.known.installation_open()
        && state.running(What::Look).is_none();
    if !nowhere {
        offers.push(offer(Action::Go, "enter-step"));
    }
    let unseen = unseen(state);
    if unseen {
        offers.push(offer(Action::SignIn, "see-more"));
    }
    offers.extend([
        offer(Action::Again, "again"),
        offer(Action::Diagnose, "diagnose"),
        offer(Action::Status, "status"),
    ]);
    if !unseen && !way_up(state) {
        offers.push(offer(Action::Language, "language"));
    }
    offers
}

/// Whether a sign-in would show what cannot be seen without one: whether this server has a connection already.
pub fn unseen(state: &State) -> bool {
    state.login.accepted.is_none()
        && state.known.standing(StepName::Configure) == StepState::Done
        && state.known.standing(StepName::ApplyToken) == StepState::Unknown
}

fn diagnose(state: &State) -> Vec<Offer> {
    let mut offers = Vec::new();
    if mends(state).is_some() {
        offers.push(offer(Action::Go, "enter-step"));
    }
    offers.extend([offer(Action::Again, "again"), offer(Action::Plain, "plain-command")]);
    offers
}

/// The step that mends the conclusion which is selected in the diagnosis.
pub fn mends(state: &State) -> Option<StepName> {
    let last = state.known.roots.len().saturating_sub(1);
    let root = state.known.roots.get(state.conclusion.min(last))?;
    steps::mending(&root.finding)
}

fn status(state: &State) -> Vec<Offer> {
    let mut offers = Vec::new();
    if state.login.accepted.is_none() {
        offers.push(offer(Action::SignIn, "see-more"));
    }
    offers.push(offer(Action::Again, "refresh"));
    offers.push(offer(Action::Trigger, "trigger"));
    offers.push(offer(Action::Diagnose, "diagnose"));
    offers
}

fn configure(state: &State) -> Vec<Offer> {
    if state.changing().is_some_and(|run| run.changes() == Changes::Installation) {
        return vec![offer(Action::Go, "read-meanwhile"), offer(Action::Plain, "plain-output")];
    }
    let mut offers = Vec::new();
    let ended = state.ended(What::Apply);
    let went_well = ended.map(|ended| ended.outcome.exit.is_ok());
    let to_do = configure::to_do(&state.known);
    match without_pull(state) {
        Some(WithoutPull::WayUp) => offers.push(offer(Action::StartHere, "up")),
        Some(WithoutPull::Apply) => offers.push(offer(Action::StartHere, "without-pull")),
        None => {}
    }
    match (went_well, to_do) {
        (Some(true), ToDo::Restart) => {
            offers.push(offer(Action::Go, "next-step"));
            offers.push(offer(Action::Apply, "restart"));
        }
        (Some(true), _) => offers.push(offer(Action::Go, "next-step")),
        // Not a fault of the file: it can still be written, by this plan or for a restart by hand.
        (Some(false), ToDo::Write) if ended.is_some_and(|ended| ended.outcome.problem.is_some()) => {
            offers.push(offer(Action::Apply, "apply"));
            offers.push(offer(Action::Write, "write"));
        }
        (Some(false), _) => offers.push(offer(Action::Apply, "apply-again")),
        (None, ToDo::Write) => {
            offers.push(offer(Action::Apply, "apply"));
            // A server that is down is brought up first.
            if !way_up(state) {
                offers.push(offer(Action::Write, "write"));
            }
        }
        (None, ToDo::Restart) => offers.push(offer(Action::Apply, "restart")),
        (None, ToDo::ChooseRegion) => offers.push(offer(Action::Region, "region")),
        (None, ToDo::Nothing) => offers.push(offer(Action::Go, "next-step")),
        (None, ToDo::NoPlan) => {}
    }
    if risk(state).is_some() {
        offers.push(offer(Action::Anyway, "anyway"));
    }
    if state.ledger.stands.undoable {
        offers.push(offer(Action::Undo, "undo"));
    }
    if ended.is_some_and(|ended| !ended.run.output.is_empty()) {
        offers.push(offer(Action::Plain, "plain-output"));
    }
    // Where an earlier run can be taken back too the line is full: looking again is one Esc away.
    let full = went_well.is_none() && to_do == ToDo::Write && state.ledger.stands.undoable;
    if went_well != Some(true) && without_pull(state).is_none() && !full {
        offers.push(offer(Action::Again, "again"));
    }
    offers
}

/// The risk that stands between what was refused and going on; None where nothing was refused.
pub fn risk(state: &State) -> Option<Risk> {
    state.refused().map(|(_, risk)| risk)
}

fn apply_token(state: &State) -> Vec<Offer> {
    match state.stage {
        Stage::Token if state.running(What::Verify).is_some() => vec![offer(Action::Next, "ways")],
        Stage::Token => vec![offer(Action::Go, "verify"), offer(Action::Next, "ways")],
        Stage::Ways(_) => vec![offer(Action::Go, "choose-way"), offer(Action::Next, "token-field")],
        Stage::Browser => vec![offer(Action::Go, "saved-it"), offer(Action::Plain, "plain-steps")],
    }
}

fn trigger_sync(state: &State) -> Vec<Offer> {
    if state.running(What::Sync).is_some() {
        return Vec::new();
    }
    let mut offers = Vec::new();
    let synced = state.ended(What::Sync).is_some_and(|ended| ended.outcome.exit.is_ok());
    if synced {
        offers.push(offer(Action::Go, "done"));
    } else if unsaved(state) {
        offers.push(offer(Action::Go, "to-step-3"));
    }
    offers.push(offer(Action::Trigger, if synced { "trigger-again" } else { "trigger" }));
    offers.push(offer(Action::Again, "look-again"));
    offers.push(offer(Action::Status, "status"));
    offers
}

/// Whether the sync failed because no token that counts is saved on this server.
pub fn unsaved(state: &State) -> bool {
    let unsaved = |ended: &Ended| {
        let first = ended.outcome.roots.first();
        first.is_some_and(|root| root.conclusion.cause.undone() == Some(StepName::ApplyToken))
    };
    state.ended(What::Sync).is_some_and(unsaved)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_key_one_action_and_none_that_terminals_take() {
        for (at, (key, action)) in TABLE.iter().enumerate() {
            for (other_key, other_action) in &TABLE[at + 1..] {
                assert_ne!(key, other_key);
                assert_ne!(action, other_action);
            }
            if let Key::Ctrl(c) = key {
                assert!(!"sqzabhijm".contains(*c), "Ctrl-{c} belongs to the terminal");
            }
        }
    }
}
