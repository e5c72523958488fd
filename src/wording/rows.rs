//! The rows of a check in words: who looked, at what, how far it came.

use super::word;
use crate::{
    domain::check::{Side, Stage, Target},
    text::Texts,
};

/// Where it was looked from.
pub fn side(texts: &Texts, from: Side) -> String {
    word(texts, "from", from.word())
}

/// What was looked at.
pub fn target(texts: &Texts, target: Target) -> String {
    word(texts, "target", target.word())
}

/// The rung of the ladder.
pub fn stage(texts: &Texts, stage: Stage) -> String {
    word(texts, "stage", stage.word())
}
