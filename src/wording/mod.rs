//! Findings in words: what the codes of `domain` mean to a person, said in one place. The screen, the commands and the
//! line prompts lay out what is said here (columns, wrapping, colour) and choose no words of their own, so that they
//! cannot say two things of one. Strings and marks only, never spans or terminal codes.
//!
//! One file a subject: what was found and why a request ended (`findings`), what to do next (`advice`), the marks
//! beside the words (`marks`), times and spans (`times`), how connection, license and syncs stand (`status`), the
//! plan and what became of a restart (`changes`), how things stand across runs (`standing`), the rows of a check
//! (`rows`), the steps (`steps`), commands of ours to be copied (`command`).

mod advice;
mod changes;
mod command;
mod findings;
mod marks;
mod rows;
mod standing;
mod status;
mod steps;
mod times;

pub use advice::{advice, own_command};
pub use changes::{file_after, phase, region, why};
pub use command::{completed, whole};
pub use findings::{facts, of_exit, problem, title};
pub use marks::{Mark, letter, ornament};
pub use rows::{side, stage, target};
pub use standing::{changed, moment, server, way_up};
pub use status::{comparison, connection, last_sync, license, next_sponsorship, seen_in, stands, synced};
pub use steps::{step_note, step_state, step_tab, step_title};
pub use times::{age, clock, day, span};

use crate::text::Texts;

/// Where the words are read: what to do next is a key on the screen and an option or a command elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Medium {
    /// The full screen, whose steps do what commands do elsewhere.
    Screen,
    /// What a command prints.
    Command,
}

/// A word of a family; the code itself where no language has a word for it.
fn word(texts: &Texts, family: &str, code: &str) -> String {
    texts.by_code(family, code).unwrap_or_else(|| code.replace(['_', '-'], " "))
}
