//! A finding: a cause with its evidence and advice, as codes and values. It is the error type of the rooms
//! that talk to the outside; sentences are made of it at the edge, in the user's language.

use std::{collections::BTreeMap, error::Error, fmt};

use serde::Serialize;

use super::{Cause, Severity};
use crate::domain::{outside, settings::is_ours};

/// Facts seen, by name. Values are stripped of control characters and bounded when they enter.
///
/// Names in use (each has a label `evidence-NAME` in the locale files): `host` `address` `port` `path` `line`
/// `column` `key` `value` `owner` `status` `issuer` `subject` `not_before` `not_after` `location` `content_type`
/// `message` `reason` `errno` `proxy` `region` `organization` `candidates` `expected` `retry_after` `words` `note` `lines`
/// `reader` `also`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct Evidence(BTreeMap<&'static str, String>);

/// The order in which facts are read: where, then what, then what was said of it.
const ORDER: &[&str] = &[
    "host",
    "address",
    "port",
    "proxy",
    "path",
    "line",
    "column",
    "key",
    "value",
    "expected",
    "region",
    "organization",
    "subject",
    "issuer",
    "not_before",
    "not_after",
    "status",
    "location",
    "words",
    "message",
    "reason",
    "errno",
    "owner",
    "candidates",
    "retry_after",
    "note",
];

impl Evidence {
    /// Where a fact of this name stands among others when a person reads them.
    pub fn place(name: &str) -> usize {
        ORDER.iter().position(|known| *known == name).unwrap_or(ORDER.len())
    }

    /// Notes a fact. An empty text says nothing and would stand there as a label without one; only a `value` may be
    /// empty, which then is the fact.
    pub fn insert(&mut self, name: &'static str, value: impl Into<String>) {
        let value = outside::clean(&value.into());
        if !value.trim().is_empty() || name == "value" {
            self.0.insert(name, value);
        }
    }

    /// A fact by name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// All facts, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str()))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

macro_rules! advices {
    ($($variant:ident = $code:literal,)*) => {
        /// What to do next, as a code; its sentence is `advice-CODE` in the locale files.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum AdviceCode { $(#[doc = $code] $variant,)* }

        impl AdviceCode {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code, as JSON has it.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }
        }
    };
}

advices! {
    PointToInstallation = "point_to_installation",
    PointToServer = "point_to_server",
    ChooseInstallation = "choose_installation",
    ChooseOrganization = "choose_organization",
    ChooseRegion = "choose_region",
    RunAsOwner = "run_as_owner",
    FixEnvFile = "fix_env_file",
    RemoveSpelling = "remove_spelling",
    SplitLine = "split_line",
    UnixLineEnds = "unix_line_ends",
    RemoveBom = "remove_bom",
    RenameSetting = "rename_setting",
    QuoteDollar = "quote_dollar",
    FixComposeOverride = "fix_compose_override",
    SetHere = "set_here",
    ApplySettings = "apply_settings",
    CheckDns = "check_dns",
    OpenFirewall = "open_firewall",
    CheckProxy = "check_proxy",
    ExemptFromInspection = "exempt_from_inspection",
    TrustRoot = "trust_root",
    CheckClock = "check_clock",
    WaitAndRetry = "wait_and_retry",
    NewInstallationId = "new_installation_id",
    AskSupport = "ask_support",
    UploadLicense = "upload_license",
    RenewPlan = "renew_plan",
    StartServer = "start_server",
    StartWithoutPull = "start_without_pull",
    LookAtLogs = "look_at_logs",
    Continue = "continue",
    GiveCaCertificate = "give_ca_certificate",
    GiveApiKey = "give_api_key",
    UseOwnersKey = "use_owners_key",
    GenerateToken = "generate_token",
    PasteWholeToken = "paste_whole_token",
    SaveToken = "save_token",
    TriggerSync = "trigger_sync",
    RestartServer = "restart_server",
    RestoreScript = "restore_script",
    RenewRunScript = "renew_run_script",
    FreePort = "free_port",
    RemoveLeftover = "remove_leftover",
    NameServer = "name_server",
    SetElsewhere = "set_elsewhere",
    MakeExecutable = "make_executable",
    FreeDisk = "free_disk",
    UpdateServer = "update_server",
    GiveDockerRights = "give_docker_rights",
    Online = "online",
    Undo = "undo",
    WriteOnly = "write_only",
}

impl Serialize for AdviceCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// One thing to do next, and the command that does it where there is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Advice {
    /// What to do.
    pub code: AdviceCode,
    /// A whole command, to be copied as it stands.
    pub command: Option<String>,
}

impl Advice {
    /// Advice in words only.
    pub fn new(code: AdviceCode) -> Self {
        Self { code, command: None }
    }

    /// Advice with a command.
    pub fn with_command(code: AdviceCode, command: impl Into<String>) -> Self {
        Self { code, command: Some(command.into()) }
    }
}

/// A cause with what was seen and what mends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong.
    pub cause: Cause,
    /// Facts seen.
    pub evidence: Evidence,
    /// What to do next.
    pub advice: Vec<Advice>,
}

impl Finding {
    /// A finding without facts yet.
    pub fn new(cause: Cause) -> Self {
        Self { cause, evidence: Evidence::default(), advice: Vec::new() }
    }

    /// How much it weighs: as its cause does, except where the evidence says more (design §5, Severity). A misspelt
    /// name is a fault where one of our settings was meant and what it says does not count anyway; a quoted switch
    /// is none where only other readers keep the quotes.
    pub fn severity(&self) -> Severity {
        match self.cause {
            Cause::EnvMisspeltKey if self.evidence.get("reason").is_none() => {
                let ours = self.evidence.get("expected").is_some_and(is_ours);
                if ours { Severity::Failed } else { Severity::Warning }
            }
            Cause::EnvQuotedBoolean if self.evidence.get("reader").is_some() => Severity::Warning,
            cause => cause.severity(),
        }
    }

    /// The same with one more fact.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.evidence.insert(name, value);
        self
    }

    /// The same with one more piece of advice.
    pub fn advise(mut self, code: AdviceCode) -> Self {
        self.advice.push(Advice::new(code));
        self
    }

    /// The same with one more piece of advice and its command.
    pub fn command(mut self, code: AdviceCode, command: impl Into<String>) -> Self {
        self.advice.push(Advice::with_command(code, command));
        self
    }
}

impl fmt::Display for Finding {
    /// For logs and tests only; people read the locale files.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.cause.code())?;
        for (name, value) in self.evidence.iter() {
            write!(f, " {name}={value}")?;
        }
        Ok(())
    }
}

impl Error for Finding {}
