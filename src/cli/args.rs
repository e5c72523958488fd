//! The command line as clap reads it: the commands, and the flags that all of them share.
//!
//! Every value is optional here; what the environment gives is filled in afterwards (`environment.rs`), so
//! that the demo can stand in for the environment without changing that of the process.

use std::{path::PathBuf, time::Duration};

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use url::Url;

use super::{apply, check, demo, disable, plan, status, sync, token, undo, values};
use crate::domain::{
    region::Region,
    request::{Mapping, Risk},
};

/// Heading of the flags that every command takes.
const COMMON: &str = "Common options";

const ABOUT: &str = "Sets up, diagnoses and shows automatic billing sync between a self-hosted Bitwarden server \
                     and the Bitwarden cloud.\nNot made by Bitwarden.";

const AFTER: &str = "\
Examples:
  bwsync                                     the wizard, on a terminal
  bwsync check --dir /opt/bitwarden          find out what is wrong; changes nothing
  bwsync plan                                show what apply would change
  bwsync apply --yes                         write the settings and restart
  bwsync token set --token-file token.txt --api-key-file owner.env
  bwsync sync --api-key-file owner.env       sync the license now
  bwsync status                              how it stands
  bwsync demo                                all of it, on a simulated Bitwarden

Exit codes: 0 good, 1 unexpected, 2 usage or missing input, 3 something is wrong and nothing changed,
4 warnings (with --strict), 5 a change failed and the server answers, 6 a change failed and it does not,
7 a credential or token was rejected, 8 could not ask, 9 locked by another run, 10 --check: would change,
124 --timeout, 129/130/143 ended by HUP/INT/TERM.";

const AFTER_LONG: &str = "\
Environment:
  Each common option has a variable: BWSYNC_DIR, BWSYNC_CONNECT_TO and so on, and BWSYNC_TOKEN_FILE for
  --token-file. An option on the command line wins. Options that may be repeated are separated by commas,
  switches are 1. --yes and --accept-risk have no variable. BW_CLIENTID and BW_CLIENTSECRET give an owner's
  personal API key where --api-key-file does not. NO_COLOR is honoured.

Secrets are never taken as arguments: they would stand in the shell's history and in the list of processes.";

/// bwsync's command line.
#[derive(Debug, Parser)]
#[command(name = "bwsync", version, about = ABOUT, after_help = AFTER,
    after_long_help = format!("{AFTER}\n\n{AFTER_LONG}"),
    disable_help_subcommand = true, max_term_width = 100)]
pub struct Cli {
    /// What to do; without it, the wizard.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The flags of all commands.
    #[command(flatten)]
    pub common: Common,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Walk through the four steps in the wizard (also: bwsync without a command)
    Setup,
    /// Find out what works and what does not; changes nothing
    #[command(visible_alias = "doctor")]
    Check(check::CheckArgs),
    /// Show how billing sync stands
    Status(status::StatusArgs),
    /// Show what apply would change; changes nothing
    Plan(plan::PlanArgs),
    /// Write the settings, restart the server, prove that it has them
    Apply(apply::ApplyArgs),
    /// Put the settings back as they were before the last apply
    Undo(undo::UndoArgs),
    /// Show where an interrupted apply, undo or disable stands; follow a restart that still runs
    Resume,
    /// Take the set-up back: remove the connection, switch the communication off, restart
    Disable(disable::DisableArgs),
    /// Ask the cloud about a billing sync token, or save it on this server
    #[command(subcommand, arg_required_else_help = true)]
    Token(token::TokenCommand),
    /// Sync the license now, and show it before and after
    Sync(sync::SyncArgs),
    /// Try everything on a simulated Bitwarden that runs on this machine
    Demo(demo::DemoArgs),
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ColorWhen {
    /// On a terminal that is not dumb, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The flags that every command takes (design §4).
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = COMMON)]
pub struct Common {
    /// Folder that holds bwdata, or bwdata itself
    #[arg(long, global = true, value_name = "PATH")]
    pub dir: Option<PathBuf>,
    /// Address of the self-hosted server, instead of that in config.yml
    #[arg(long, global = true, hide_short_help = true, value_name = "URL", value_parser = values::server)]
    pub server: Option<Url>,
    /// The organization: its id on this server, or in the cloud
    #[arg(long, global = true, value_name = "ID", value_parser = values::organization)]
    pub org: Option<String>,
    /// us or eu, only where the region cannot be concluded
    #[arg(long, global = true, value_name = "REGION", value_parser = values::region)]
    pub region: Option<Region>,
    /// File with an owner's personal API key for this server; - is standard input
    ///
    /// It holds the lines BW_CLIENTID= and BW_CLIENTSECRET=, and nobody else can read it.
    #[arg(long, global = true, value_name = "FILE|-")]
    pub api_key_file: Option<PathBuf>,
    /// More root certificates to trust, PEM; may be repeated
    #[arg(long, global = true, hide_short_help = true, value_name = "FILE", action = ArgAction::Append)]
    pub cacert: Vec<PathBuf>,
    /// Reach a host elsewhere, from this machine only; TLS still checks HOST; may be repeated
    #[arg(long, global = true, hide_short_help = true, value_name = "HOST:PORT=ADDR:PORT", value_parser = values::mapping)]
    pub connect_to: Vec<Mapping>,
    /// Folder for backups and the journal, instead of .bwsync beside bwdata
    #[arg(long, global = true, hide_short_help = true, value_name = "PATH")]
    pub state_dir: Option<PathBuf>,
    /// Give up asking after so long (exit 124); a write or a restart is never cut short
    #[arg(long, global = true, hide_short_help = true, value_name = "SECONDS", value_parser = values::timeout)]
    pub timeout: Option<Duration>,
    /// Contact nothing
    #[arg(long, global = true, hide_short_help = true)]
    pub offline: bool,
    /// Print one JSON object
    #[arg(long, global = true)]
    pub json: bool,
    /// Never ask; name all that is missing instead
    #[arg(long, global = true)]
    pub no_input: bool,
    /// Consent to what the command changes
    #[arg(short, long, global = true)]
    pub yes: bool,
    /// Accept a risk by its name: failed-checks, unchecked, unverified-token, root-installation; may be repeated
    #[arg(long, global = true, hide_short_help = true, value_name = "NAME", value_parser = values::risk)]
    pub accept_risk: Vec<Risk>,
    /// Language: en or nl; else that of the environment
    #[arg(long, global = true, hide_short_help = true, value_name = "LANGUAGE", value_parser = values::language)]
    pub lang: Option<String>,
    /// Only ASCII characters
    #[arg(long, global = true, hide_short_help = true)]
    pub ascii: bool,
    /// Colour: auto, always or never
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        value_name = "WHEN",
        value_enum,
        conflicts_with = "no_color"
    )]
    pub color: Option<ColorWhen>,
    /// The same as --color never
    #[arg(long, global = true, hide_short_help = true)]
    pub no_color: bool,
    /// Say more: every row, every command, the output of the restart
    #[arg(short, long, global = true, action = ArgAction::Count, conflicts_with = "quiet")]
    pub verbose: u8,
    /// Say only the result
    #[arg(short, long, global = true)]
    pub quiet: bool,
}
