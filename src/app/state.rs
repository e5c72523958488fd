//! Where the person is and what is known: one enum for the place, one for what lies over it.

use std::{collections::BTreeMap, path::PathBuf};

use time::OffsetDateTime;

use super::{Ended, Ledger, Run, RunId, SecretField, TextField, What};
use crate::{
    domain::{
        request::{ApiKey, Changes, Options, Risk},
        secret::Secret,
        sync::StepName,
    },
    steps::Known,
    text::Language,
};

/// Where the demo keeps what a person would have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoNotes {
    /// A file with the token.
    pub token_file: PathBuf,
    /// A file with an owner's API key.
    pub api_key_file: PathBuf,
}

/// How the screen looks and speaks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Look {
    /// ASCII only.
    pub ascii: bool,
    /// In 16 colours; else in one.
    pub colour: bool,
    /// The language.
    pub language: Language,
    /// The demo, and where its secrets lie.
    pub demo: Option<DemoNotes>,
}

/// The screens that one goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// Where you stand.
    Overview,
    /// One of the four steps.
    Step(StepName),
}

/// The screen that is shown; the two that can be opened any time know where they lead back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Overview or a step.
    Base(Base),
    /// What is wrong.
    Diagnose(Base),
    /// How the sync stands.
    Status(Base),
}

/// What lies over the screen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Over {
    /// Nothing.
    #[default]
    Nothing,
    /// The keys.
    Help,
    /// Every command that was run.
    Commands,
    /// A question that costs something.
    Question(Question),
    /// A list to choose from.
    Choice(Choice),
    /// Signing in on the server.
    Login(LoginForm),
}

/// A question that costs something. No is preselected; keys count only once it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What is asked.
    pub of: QuestionOf,
    /// Whether Yes is selected.
    pub yes: bool,
    /// Whether it stood on the screen when the key was pressed.
    pub seen: bool,
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuestionOf {
    /// Write and restart.
    Apply,
    /// Write only.
    Write,
    /// Put the old settings back and restart.
    Undo,
    /// Write, and start from the images that are here.
    WithoutPull,
    /// Go on although this was found.
    Anyway(Risk),
    /// Leave while something runs that changes something.
    Leave(Changes),
}

/// A list to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Of what.
    pub of: ChoiceOf,
    /// The selected row.
    pub at: usize,
}

/// What is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChoiceOf {
    /// The installation.
    Installation,
    /// The organization.
    Organization,
    /// The region.
    Region,
}

/// Signing in on the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoginForm {
    /// What for.
    pub purpose: Purpose,
    /// Where the cursor is.
    pub focus: Focus,
}

/// What signing in is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To save the token.
    Save,
    /// To trigger the sync.
    Sync,
    /// To see more.
    Status,
}

/// A field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// `client_id`
    Id,
    /// `client_secret`
    Secret,
}

/// The two fields; kept for the run, so that nobody types them twice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Login {
    /// `client_id`
    pub id: TextField,
    /// `client_secret`, or the path of a file that holds both.
    pub secret: SecretField,
    /// The server took this key in this run.
    pub accepted: Option<ApiKey>,
}

impl Login {
    /// The key, where both fields are filled.
    pub fn key(&self) -> Option<ApiKey> {
        let id = self.id.text().trim();
        (!id.is_empty() && !self.secret.secret().is_blank())
            .then(|| ApiKey { client_id: id.to_owned(), client_secret: self.secret.secret().trimmed() })
    }
}

/// How far step 3 is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stage {
    /// The token is typed.
    #[default]
    Token,
    /// Who saves it; the selected row.
    Ways(usize),
    /// The person saves it in the browser.
    Browser,
}

/// One line that answers the last key; the message `screen-notice-CODE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// A paste outside a field was dropped.
    PasteDropped,
    /// A secret file was not read.
    File(super::FileFault),
    /// The fields are not filled.
    FieldsMissing,
    /// The token is not whole yet.
    TokenNotWhole,
    /// bwsync saves only a token that the cloud accepted.
    VerifyFirst,
    /// The restart ended well while another screen was read.
    RestartDone,
    /// It did not.
    RestartFailed,
}

/// Everything that the screen shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// How it looks and speaks.
    pub look: Look,
    /// How late it was at the last message.
    pub now: OffsetDateTime,
    /// What holds for the run.
    pub options: Options,
    /// What was found out.
    pub known: Known,
    /// The screen.
    pub place: Place,
    /// What lies over it.
    pub over: Over,
    /// The selected step on the overview.
    pub chosen: StepName,
    /// Whether the selection follows what is found out, until an arrow moves it.
    pub follows: bool,
    /// The selected conclusion of the diagnosis.
    pub conclusion: usize,
    /// Lines that are scrolled away above.
    pub scroll: usize,
    /// Lines that did not fit at the last drawing.
    pub hidden: usize,
    /// How far step 3 is.
    pub stage: Stage,
    /// The token.
    pub token: SecretField,
    /// Signing in.
    pub login: Login,
    /// What is under way.
    pub runs: Vec<Run>,
    /// Every command that was run, in order, to be shown and copied.
    pub commands: Vec<String>,
    /// How the last request of each kind ended.
    pub ended: BTreeMap<What, Ended>,
    /// What was changed, and how the server stands.
    pub ledger: Ledger,
    /// Something was changed after the last look: its conclusions may be mended.
    pub stale: bool,
    /// Answers the last key.
    pub notice: Option<Notice>,
    /// The last run that was started.
    pub last_run: RunId,
}

impl State {
    /// Before anything is known.
    pub fn new(look: Look, options: Options, now: OffsetDateTime) -> Self {
        Self {
            look,
            now,
            options,
            known: Known::default(),
            place: Place::Base(Base::Overview),
            over: Over::Nothing,
            chosen: StepName::Configure,
            follows: true,
            conclusion: 0,
            scroll: 0,
            hidden: 0,
            stage: Stage::Token,
            token: SecretField::default(),
            login: Login::default(),
            runs: Vec::new(),
            commands: Vec::new(),
            ended: BTreeMap::new(),
            ledger: Ledger::new(now),
            stale: false,
            notice: None,
            last_run: RunId::default(),
        }
    }

    /// The run of a kind, if one is under way.
    pub fn running(&self, what: What) -> Option<&Run> {
        self.runs.iter().find(|run| run.what == what)
    }

    /// The run that changes something, if one is under way.
    pub fn changing(&self) -> Option<&Run> {
        self.runs.iter().find(|run| run.changes() != Changes::Nothing)
    }

    /// How the last request of a kind ended, unless another is under way.
    pub fn ended(&self, what: What) -> Option<&Ended> {
        self.ended.get(&what).filter(|_| self.running(what).is_none())
    }

    /// Overview or step, where one is shown or lies behind.
    pub fn base(&self) -> Base {
        match self.place {
            Place::Base(base) | Place::Diagnose(base) | Place::Status(base) => base,
        }
    }

    /// The step whose screen is shown.
    pub fn step(&self) -> Option<StepName> {
        match self.place {
            Place::Base(Base::Step(step)) => Some(step),
            _ => None,
        }
    }

    /// Whether the cloud said yes to the token that stands in the field.
    pub fn token_accepted(&self) -> bool {
        use crate::domain::request::Body;
        self.ended(What::Verify).is_some_and(
            |ended| matches!(&ended.outcome.body, Body::Token(token) if token.accepted == Some(true)),
        )
    }

    /// The choice who saves the token. In the demo there is no browser to do it in, so the other way is preselected.
    pub fn ways(&self) -> Stage {
        Stage::Ways(usize::from(self.look.demo.is_some()))
    }

    /// The token as it is sent.
    pub fn token(&self) -> Secret {
        self.token.secret().trimmed()
    }

    /// Whether the cursor stands in a text field, so that letters are text.
    pub fn in_field(&self) -> bool {
        match &self.over {
            Over::Login(_) => true,
            Over::Nothing => self.step() == Some(StepName::ApplyToken) && self.stage == Stage::Token,
            Over::Help | Over::Commands | Over::Question(_) | Over::Choice(_) => false,
        }
    }

    /// Whether the screen shows something that changes by itself with time.
    pub fn ticks(&self) -> bool {
        !self.runs.is_empty()
    }
}
