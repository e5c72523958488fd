//! The four steps in words: their titles, how they stand, and the note beside them.

use super::{Mark, word};
use crate::{
    domain::sync::{StepName, StepState},
    steps,
    text::Texts,
};

/// The title, as the help page has it.
pub fn step_title(texts: &Texts, step: StepName) -> String {
    word(texts, "step", &format!("title-{}", steps::step(step).code))
}

/// The short name on its tab.
pub fn step_tab(texts: &Texts, step: StepName) -> String {
    word(texts, "step", &format!("tab-{}", steps::step(step).code))
}

/// How it stands, in a word.
pub fn step_state(texts: &Texts, state: StepState) -> String {
    match state {
        StepState::Done => word(texts, "step", "done"),
        StepState::ToDo | StepState::Unknown => Mark::from(state).word(texts),
    }
}

/// The note beside a step, by its code.
pub fn step_note(texts: &Texts, code: &str, value: &str) -> String {
    texts.fill("step", &format!("note-{code}"), [("value", value)]).unwrap_or_default()
}
