//! What a person or a script asks of the engine, and what the engine says while it works and when it is done.
//! The screen, the commands and (later) the line prompts share these types; results serialize to the JSON of
//! design §5.

use std::{collections::BTreeSet, net::SocketAddr, path::PathBuf};

use serde::{Serialize, Serializer};
use url::Url;

use super::{
    check::{Check, CheckEvent, Conclusion, Finding, Verdict},
    exit::Exit,
    installation::{ContainerProgress, Installation, Organization},
    region::{Lookup, Region},
    secret::Secret,
    sync::{Connection, LicenseSync, LicenseTerms, Snapshot, SponsorshipSync, Steps},
};

/// A risk that a person accepts by name (`--accept-risk`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Risk {
    /// Go on although checks failed.
    FailedChecks,
    /// Go on although checks could not be run.
    Unchecked,
    /// Store a token that the cloud could not be asked about.
    UnverifiedToken,
    /// Run the script as root on an installation that root owns.
    RootInstallation,
}

impl Risk {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::FailedChecks, Self::Unchecked, Self::UnverifiedToken, Self::RootInstallation];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::FailedChecks => "failed-checks",
            Self::Unchecked => "unchecked",
            Self::UnverifiedToken => "unverified-token",
            Self::RootInstallation => "root-installation",
        }
    }
}

/// `--connect-to HOST:PORT=ADDR:PORT`: where a host is really reached from this machine.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Mapping {
    /// The name as TLS and HTTP have it, in lower case.
    pub host: String,
    /// The port that would have been used.
    pub port: u16,
    /// Where to connect instead.
    pub to: SocketAddr,
}

/// An owner's personal API key for the self-hosted server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// `user.<guid>`.
    pub client_id: String,
    /// Its secret.
    pub client_secret: Secret,
}

/// What holds for the whole run, whatever is asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// `--dir`.
    pub dir: Option<PathBuf>,
    /// `--server`.
    pub server: Option<Url>,
    /// `--org`.
    pub org: Option<String>,
    /// `--region`.
    pub region: Option<Region>,
    /// `--cacert`, each a PEM file.
    pub cacert: Vec<PathBuf>,
    /// `--connect-to`.
    pub connect_to: Vec<Mapping>,
    /// `--state-dir`.
    pub state_dir: Option<PathBuf>,
    /// `--timeout`.
    pub timeout: Option<std::time::Duration>,
    /// `--offline`: contact nothing.
    pub offline: bool,
    /// `--accept-risk`.
    pub accepted: BTreeSet<Risk>,
    /// In the demo nothing but what is mapped is ever contacted (design §9).
    pub mapped_only: bool,
    /// Where programs are looked for, in place of `PATH`: the demo's stand-in for Docker. The demo asks no other.
    pub path: Option<std::ffi::OsString>,
    /// In the demo: what stands in for the folders of this machine.
    pub machine: Option<Machine>,
}

/// Where an installation is looked for that nobody named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// The current folder.
    pub cwd: PathBuf,
    /// The home folder.
    pub home: PathBuf,
    /// Where installations usually are.
    pub roots: Vec<PathBuf>,
}

/// How the server comes to have new settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restarting {
    /// Not now (`--no-restart`): somebody restarts it later.
    No,
    /// Pull, then `./bitwarden.sh restart`.
    Script,
    /// No pull and no script: Compose `up -d` with the images that are here, then nginx (`--no-pull`).
    WithoutPull,
}

/// One thing that the engine can be asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Everything that the overview shows: find, read, check, plan, and how the sync stands.
    Look {
        /// With it more can be seen.
        login: Option<ApiKey>,
    },
    /// The checks only.
    Check {
        /// `--only`: ids or their beginnings.
        only: Vec<String>,
        /// `--skip`.
        skip: Vec<String>,
        /// `--strict`.
        strict: bool,
        /// With it the connection and the sync can be seen too.
        login: Option<ApiKey>,
    },
    /// What would change.
    Plan {
        /// `--check`: exit 10 if something would.
        check: bool,
    },
    /// Write, restart, prove.
    Apply {
        /// Whether and how to restart.
        restart: Restarting,
        /// Only do it if the file is still the one that was planned for (SHA-256, hex).
        planned_for: Option<String>,
        /// With it the proof can be asked of the server itself, where Docker cannot be asked.
        login: Option<ApiKey>,
    },
    /// Take the last apply back.
    Undo {
        /// Whether and how to restart afterwards.
        restart: Restarting,
        /// The person said yes; without it only the plan is made.
        confirmed: bool,
    },
    /// Take the set-up back: remove the connection, switch the communication off, restart.
    Disable {
        /// Whether and how to restart afterwards.
        restart: Restarting,
        /// The person said yes; without it only the plan is made.
        confirmed: bool,
        /// An owner's key, to remove the connection.
        login: Option<ApiKey>,
    },
    /// Where an interrupted run stands; follows a restart that still runs.
    Resume,
    /// Start the containers from the images that are here: the way up after a failed pull.
    StartWithoutPull,
    /// Ask the cloud about a token; stores nothing.
    VerifyToken {
        /// The token.
        token: Secret,
    },
    /// Ask the cloud, then save the connection on the server.
    SetToken {
        /// The token.
        token: Secret,
        /// An owner's key.
        login: ApiKey,
    },
    /// Trigger the license sync.
    Sync {
        /// An owner's key.
        login: ApiKey,
    },
    /// How the sync stands.
    Status {
        /// With it more can be seen.
        login: Option<ApiKey>,
    },
}

/// A part of an act that takes time, in the order in which they come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Checking what must hold before anything is written.
    Gate,
    /// Pulling images while the server runs.
    Pull,
    /// Writing the file, keeping the old one.
    Write,
    /// Compose reads the new file.
    ComposeConfig,
    /// `./bitwarden.sh restart`.
    Restart,
    /// Starting the containers from the images that are here.
    Up,
    /// Waiting until the server answers.
    Answer,
    /// Proving that the running server has the new settings.
    Prove,
    /// Asking the cloud about the token.
    AskCloud,
    /// Signing in on the server.
    SignIn,
    /// Saving the connection.
    SaveConnection,
    /// Removing the connection.
    RemoveConnection,
    /// Triggering the sync.
    TriggerSync,
    /// Reading how it stands.
    ReadStatus,
}

impl Phase {
    /// The code of its text.
    pub fn code(self) -> &'static str {
        match self {
            Self::Gate => "gate",
            Self::Pull => "pull",
            Self::Write => "write",
            Self::ComposeConfig => "compose_config",
            Self::Restart => "restart",
            Self::Up => "up",
            Self::Answer => "answer",
            Self::Prove => "prove",
            Self::AskCloud => "ask_cloud",
            Self::SignIn => "sign_in",
            Self::SaveConnection => "save_connection",
            Self::RemoveConnection => "remove_connection",
            Self::TriggerSync => "trigger_sync",
            Self::ReadStatus => "read_status",
        }
    }
}

/// How a phase goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhaseState {
    /// It runs.
    Started,
    /// It went well.
    Done,
    /// It did not.
    Failed,
    /// There was no need, or no way, and that is no fault.
    Skipped,
}

/// What the engine says while it works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The installation was found; nobody was contacted yet.
    Found(Box<Installation>, Option<Organization>),
    /// These hosts are about to be asked (design §6-11).
    Asking(Vec<String>),
    /// A check started or is done.
    Check(CheckEvent),
    /// A phase of an act.
    Phase(Phase, PhaseState),
    /// A line of a command's output, cleaned.
    Output(String),
    /// What becomes of a container, as such a line tells it.
    Container(ContainerProgress),
    /// A command that is being run, for `-v` and the list of commands.
    Command(String),
    /// The server was taken down (true) or answers again (false).
    Down(bool),
}

/// Part of what a run changed, as things stand at its end (design §5, `changed`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Changed {
    /// The env file.
    Settings,
    /// Containers were taken down or up.
    Restart,
    /// The connection on the server.
    Connection,
    /// The license on the server.
    License,
}

/// A root cause with what was seen and what mends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// The conclusion as JSON has it.
    pub conclusion: Conclusion,
    /// Its evidence and advice.
    pub finding: Finding,
}

/// How a request ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The exit code of the command.
    pub exit: Exit,
    /// All independent roots, the most urgent first.
    pub roots: Vec<Root>,
    /// Why it ended so, where no cause says it; text `problem-CODE`.
    pub problem: Option<Problem>,
    /// What changed.
    pub changed: BTreeSet<Changed>,
    /// What was found out, as far as it went.
    pub body: Body,
}

/// Why a request ended as it did, where it is not a cause of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The region could not be concluded: `--region` must name it (exit 2).
    RegionOpen,
    /// `--region` names another region than was concluded (exit 2).
    RegionContradicted {
        /// What was concluded.
        concluded: Region,
        /// By whom.
        by: RegionBy,
    },
    /// Another run holds the lock (exit 9).
    Locked {
        /// Process id and command of the holder, as far as it can be seen.
        holder: String,
    },
    /// The file is not the one that the plan was made for (exit 3).
    ChangedSincePlan,
    /// There is no apply that could be taken back (exit 0).
    NothingToUndo,
    /// No run was interrupted (exit 0).
    NothingToResume,
    /// `--org` matches no organization, or several (exit 2).
    OrganizationOpen,
    /// It needs an owner's API key and none was given (exit 2).
    ApiKeyMissing,
    /// bwsync cannot restart this server by itself; these are the commands (exit 3).
    CannotRestart {
        /// In the order in which they are to be run.
        commands: Vec<String>,
    },
    /// The risk of running as root on an installation that root owns was not accepted (exit 3).
    RootInstallation,
    /// The cloud could not be asked about the token, and the risk was not accepted (exit 8).
    TokenUnverified,
    /// Not done because it needs what is not reachable in the demo or with `--offline` (exit 8).
    Offline,
    /// Our own `--timeout` ran out (exit 124).
    TimedOut,
    /// Something that should not happen (exit 1); the chain of errors, cleaned.
    Unexpected(String),
}

impl Problem {
    /// The code of its text.
    pub fn code(&self) -> &'static str {
        match self {
            Self::RegionOpen => "region_open",
            Self::RegionContradicted { .. } => "region_contradicted",
            Self::Locked { .. } => "locked",
            Self::ChangedSincePlan => "changed_since_plan",
            Self::NothingToUndo => "nothing_to_undo",
            Self::NothingToResume => "nothing_to_resume",
            Self::OrganizationOpen => "organization_open",
            Self::ApiKeyMissing => "api_key_missing",
            Self::CannotRestart { .. } => "cannot_restart",
            Self::RootInstallation => "root_installation",
            Self::TokenUnverified => "token_unverified",
            Self::Offline => "offline",
            Self::TimedOut => "timed_out",
            Self::Unexpected(_) => "unexpected",
        }
    }
}

/// The command's own part of the result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Body {
    /// `Request::Look`
    Look(Box<LookBody>),
    /// `Request::Check`
    Check(Box<CheckBody>),
    /// `Request::Plan`
    Plan(Box<PlanBody>),
    /// `Request::Apply`, `Request::Disable`, `Request::Resume`, `Request::StartWithoutPull`
    Apply(Box<ApplyBody>),
    /// `Request::Undo`
    Undo(Box<UndoBody>),
    /// `Request::VerifyToken`, `Request::SetToken`
    Token(TokenBody),
    /// `Request::Sync`
    Sync(Box<SyncBody>),
    /// `Request::Status`
    Status(Box<StatusBody>),
    /// It ended before there was anything to tell.
    Nothing,
}

/// Everything that the overview shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LookBody {
    /// The checks.
    pub check: CheckBody,
    /// What would change; null where it could not be planned.
    pub plan: Option<PlanBody>,
    /// How the sync stands.
    pub status: StatusBody,
    /// The organization that all this is about.
    pub organization: Option<Organization>,
    /// Where a choice of organization is open: all of them.
    pub organizations: Vec<Organization>,
    /// Where a choice of installation is open: their folders.
    pub installations: Vec<PathBuf>,
    /// Key rejected, or not asked: whether the installation's own key was accepted by the cloud.
    pub key_accepted: Option<bool>,
    /// A run that changes something was interrupted and waits to be picked up.
    pub interrupted: bool,
    /// The cloud's answer to the license question without a token: true = known there, only the token is missing.
    pub license_known: Option<bool>,
}

/// `check`
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckBody {
    /// The report in one word.
    pub verdict: Verdict,
    /// What was found; null where nothing was.
    pub installation: Option<Installation>,
    /// The settings of billing sync as they are.
    pub settings: Vec<SettingView>,
    /// All rows.
    pub checks: Vec<Check>,
}

/// One setting as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SettingView {
    /// Its name.
    pub key: String,
    /// Its value as Compose reads it, masked where it is a secret; null where it is not set.
    pub value: Option<String>,
    /// Which file or layer gives it.
    pub origin: Origin,
    /// Whether the running container has this value; null where that is not known.
    pub effective: Option<bool>,
}

/// Where a setting's value comes from (design §5, Words).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The server's own default.
    Default,
    /// `docker/global.env`
    GlobalEnv,
    /// `env/global.override.env`
    OverrideEnv,
    /// `docker-compose.override.yml`
    ComposeOverride,
    /// The running container.
    Container,
}

/// Who concluded the region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RegionBy {
    /// The cloud knows the installation id there.
    Cloud,
    /// `--region`
    Option,
    /// The file's own settings.
    File,
}

/// `plan.region`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RegionView {
    /// The region that the cloud's answers decided; null where they did not.
    pub concluded: Option<Region>,
    /// bitwarden.com's answer.
    pub us: Lookup,
    /// bitwarden.eu's answer.
    pub eu: Lookup,
    /// What the plan is made for rests on this.
    pub by: RegionBy,
    /// The region that the plan is made for.
    #[serde(skip)]
    pub planned: Region,
}

/// A file as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileView {
    /// Its path.
    pub path: PathBuf,
    /// SHA-256 of its bytes, hex.
    pub sha256: String,
}

/// One setting that would change or did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Its name.
    pub key: String,
    /// Its value before; null where it was not set.
    pub from: Option<String>,
    /// Its value after; null where it is taken out.
    pub to: Option<String>,
    /// Why, as a code with a text `why-CODE`.
    pub why: Why,
}

/// Why a setting changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The switch that lets the server talk to the cloud.
    Enable,
    /// It is missing for this region.
    MissingForRegion,
    /// It has another region's value.
    OtherRegion,
    /// Its value is none that the server can use.
    Invalid,
    /// It is right, in quotes that not every reader takes off.
    Quoted,
    /// It is put back as it was before bwsync.
    PutBack,
    /// The set-up is taken back.
    Disable,
}

/// A line of a diff, secrets masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffLine {
    /// What becomes of it.
    pub sign: DiffSign,
    /// Its number in the file that it stands in (old for removed, else new), from 1.
    pub number: usize,
    /// Its text.
    pub text: String,
}

/// What becomes of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiffSign {
    /// It stays.
    Same,
    /// It goes.
    Removed,
    /// It comes.
    Added,
}

/// A diff; JSON has it as one text in the unified form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diff {
    /// Changed lines with their neighbours, in order.
    pub lines: Vec<DiffLine>,
}

impl Serialize for Diff {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text: String = self
            .lines
            .iter()
            .map(|line| {
                let sign = match line.sign {
                    DiffSign::Same => ' ',
                    DiffSign::Removed => '-',
                    DiffSign::Added => '+',
                };
                format!("{sign}{}\n", line.text)
            })
            .collect();
        serializer.serialize_str(&text)
    }
}

/// What a restart would be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RestartPlan {
    /// Whether the running server does not have the settings yet.
    pub needed: bool,
    /// The command.
    pub command: Option<String>,
    /// As whom it runs: a name, or a uid.
    #[serde(rename = "as")]
    pub run_as: Option<String>,
    /// How long the server did not answer at the last restart by bwsync, in seconds; null where it never was.
    pub last_took: Option<u64>,
}

/// What became of a restart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RestartResult {
    /// What was planned.
    #[serde(flatten)]
    pub plan: RestartPlan,
    /// Whether it was run.
    pub ran: bool,
    /// The command's exit code.
    pub exit: Option<i32>,
    /// Whether the server answers; null where nobody looked.
    pub up: Option<bool>,
}

/// `plan`
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlanBody {
    /// The folder that holds `bwdata`, resolved.
    pub dir: PathBuf,
    /// The region and who said so.
    pub region: RegionView,
    /// The file as it was read.
    pub file: FileView,
    /// What changes.
    pub changes: Vec<Change>,
    /// The same as lines.
    pub diff: Diff,
    /// The restart.
    pub restart: RestartPlan,
    /// What a later `bitwarden.sh rebuild` or `update` would make of the new file.
    pub later: Later,
}

/// What a later rebuild or update would make of the file (`setup-and-scripts.md` §4).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Later {
    /// Numbers of lines that would be gone, blank ones aside.
    pub dropped: Vec<usize>,
    /// Keys that would come back with a default or random value.
    pub comes_back: Vec<String>,
}

/// `apply`
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ApplyBody {
    /// The folder that holds `bwdata`, resolved.
    pub dir: PathBuf,
    /// The region and who said so.
    pub region: RegionView,
    /// The file as it was read.
    pub file: FileView,
    /// What changed.
    pub changes: Vec<Change>,
    /// The same as lines.
    pub diff: Diff,
    /// Where the old file is kept; null where nothing was written.
    pub backup: Option<PathBuf>,
    /// The restart.
    pub restart: RestartResult,
    /// Whether the running server has the new settings; null where nobody could look.
    pub proved: Option<bool>,
}

/// `undo`
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UndoBody {
    /// What is put back.
    pub changes: Vec<Change>,
    /// What was left because it was changed since.
    pub left: Vec<Left>,
    /// The restart.
    pub restart: RestartResult,
}

/// A setting that undo left as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Left {
    /// Its name.
    pub key: String,
    /// Why, as a code.
    pub why: LeftWhy,
}

/// Why undo left a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftWhy {
    /// Somebody changed it after bwsync did.
    ChangedSince,
}

/// `token verify`, `token set`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct TokenBody {
    /// Whether the cloud accepts the token; null where it could not be asked.
    pub accepted: Option<bool>,
    /// The connection afterwards; null where nobody looked.
    pub connection: Option<Connection>,
}

/// `sync`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct SyncBody {
    /// Before.
    pub before: Snapshot,
    /// After.
    pub after: Snapshot,
}

/// `status`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct StatusBody {
    /// The four steps.
    pub steps: Steps,
    /// The license sync.
    pub license_sync: LicenseSync,
    /// The sponsorship sync.
    pub sponsorship_sync: SponsorshipSync,
    /// The connection; null = not known.
    pub connection: Option<Connection>,
    /// The license's terms; null = no license.
    pub license: Option<LicenseTerms>,
}

/// Where the engine says what it does while it works.
pub type Sink = std::sync::Arc<dyn Fn(Event) + Send + Sync>;
