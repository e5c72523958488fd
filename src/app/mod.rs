//! The screen machine: state, messages and effects as data; `update` is pure.
//!
//! Data flows one way: a key or a result → [`Msg`] → [`update`] → [`Effect`] → the one runner → [`Msg`]. Time and
//! results enter by messages only, so that a test is a script of keys.

mod field;
mod key;
pub mod keymap;
mod ledger;
mod message;
mod refused;
mod runs;
mod standing;
mod state;
mod update;
mod without_pull;

pub use field::{SecretField, TextField};
pub use key::{Key, script};
pub use keymap::Action;
pub use ledger::Ledger;
pub use message::{Effect, FileFault, FileKind, FileText, Msg, RunId, Summary};
pub use runs::{Ended, PhaseRow, Run, What};
pub use state::{
    Base, Choice, ChoiceOf, DemoNotes, Focus, LoginForm, Look, Notice, Over, Place, Purpose, Question,
    QuestionOf, Stage, State,
};
pub use update::{look, update};
