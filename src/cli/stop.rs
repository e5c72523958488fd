//! Why a command line is not carried out: the exit code, and the sentence in whichever language it is needed
//! (JSON always has it in English).

use std::fmt;

use crate::{domain::exit::Exit, text::Texts};

/// Makes the sentence.
type Say = Box<dyn Fn(&Texts) -> String + Send + Sync>;

/// An end before anything was asked or done.
pub struct Stop {
    /// The exit code.
    pub exit: Exit,
    say: Say,
}

impl Stop {
    /// An end with this exit code and sentence.
    pub fn new(exit: Exit, say: impl Fn(&Texts) -> String + Send + Sync + 'static) -> Self {
        Self { exit, say: Box::new(say) }
    }

    /// A usage error.
    pub fn usage(say: impl Fn(&Texts) -> String + Send + Sync + 'static) -> Self {
        Self::new(Exit::Usage, say)
    }

    /// A variable whose value cannot be used.
    pub fn bad_variable(name: &str, why: &str) -> Self {
        let (name, why) = (name.to_owned(), why.to_owned());
        Self::usage(move |texts| texts.cli_bad_variable(name.as_str(), why.as_str()))
    }

    /// The sentence.
    pub fn message(&self, texts: &Texts) -> String {
        (self.say)(texts)
    }
}

impl fmt::Debug for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Stop({:?})", self.exit)
    }
}
