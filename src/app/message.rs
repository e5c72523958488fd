//! What enters the screen machine and what leaves it, as comparable data.

use time::OffsetDateTime;

use super::{Key, Ledger};
use crate::{
    domain::{
        check::Finding,
        exit::Exit,
        region::Region,
        request::{ApiKey, Changes, Event, Options, Outcome, Request},
        secret::Secret,
        sync::StepName,
    },
    text::Language,
};

/// Names one run of a request, so that what an old run still says is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct RunId(pub u64);

/// What a secret file is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A billing sync token.
    Token,
    /// A personal API key: `BW_CLIENTID` and `BW_CLIENTSECRET`.
    ApiKey,
}

/// What was read from a secret file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileText {
    /// A token.
    Token(Secret),
    /// An API key.
    ApiKey(ApiKey),
}

/// Why a secret file was not read; text `screen-file-CODE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFault {
    /// It is not there, or may not be read.
    Unreadable,
    /// No regular file and no pipe.
    NotAFile,
    /// Others may read it.
    Open,
    /// It belongs to somebody else.
    Foreign,
    /// Nothing in it.
    Empty,
    /// Too large for a secret, or no text.
    NotASecret,
    /// The two lines of an API key are not in it.
    NoApiKey,
}

impl FileFault {
    /// Code of its text.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::NotAFile => "not-a-file",
            Self::Open => "open",
            Self::Foreign => "foreign",
            Self::Empty => "empty",
            Self::NotASecret => "not-a-secret",
            Self::NoApiKey => "no-api-key",
        }
    }
}

/// What the screen machine is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Msg {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted; a secret until it is known where it goes.
    Paste(Secret),
    /// It is this late.
    Tick(OffsetDateTime),
    /// What was last decided stands on the screen now; the body can be scrolled by this many lines.
    Drawn {
        /// Lines that do not fit.
        hidden: usize,
    },
    /// The engine says what it does.
    Event(RunId, Event),
    /// A request ended.
    Ended(RunId, Box<Outcome>),
    /// A secret file was read, or not.
    File(Result<FileText, FileFault>),
    /// A signal ends the program.
    Signal(Exit),
}

/// What the screen machine wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Ask the engine.
    Ask {
        /// Whose answers these will be.
        run: RunId,
        /// What.
        request: Request,
    },
    /// The answers of this run are of no use any more: stop asking. Never sent for a run that changes something.
    Stop(RunId),
    /// From now on these options hold.
    Choose(Box<Options>),
    /// Read a secret file.
    Read {
        /// What for.
        kind: FileKind,
        /// As it was typed.
        path: String,
    },
    /// Leave the full screen, print what is to be copied here plainly, and come back at a key.
    Print,
    /// Draw everything anew.
    Redraw,
    /// Leave.
    Quit(Box<Summary>),
}

/// What is said in the scrollback after leaving.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The exit code.
    pub exit: Exit,
    /// In which language.
    pub language: Language,
    /// The server's name.
    pub server: Option<String>,
    /// The organization's name.
    pub organization: Option<String>,
    /// The region.
    pub region: Option<Region>,
    /// What led here, for the commands to go on with.
    pub options: Options,
    /// The folder that holds `bwdata`.
    pub dir: Option<String>,
    /// What was changed, and how the server stands.
    pub ledger: Ledger,
    /// What is wrong: why the last change went wrong, else the most urgent that was found.
    pub wrong: Option<Finding>,
    /// The first step that is not done; None where all are.
    pub next: Option<StepName>,
    /// What was still at work, by what it changes.
    pub running: Option<Changes>,
    /// When it was.
    pub at: OffsetDateTime,
    /// Whether it was the demo.
    pub demo: bool,
}
