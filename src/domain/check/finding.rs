//! A finding: a cause with its evidence and advice, as codes and values. It is the error type of the rooms
//! that talk to the outside; sentences are made of it at the edge, in the user's language.

use std::{collections::BTreeMap, error::Error, fmt};

use serde::Serialize;

use super::{Cause, Severity};
use crate::domain::{outside, sync::StepName};

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
    GiveScriptBack = "give_script_back",
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
    /// How much it weighs: one of what the table allows.
    severity: Severity,
    /// Facts seen.
    pub evidence: Evidence,
    /// What to do next.
    pub advice: Vec<Advice>,
}

impl Finding {
    /// A finding without facts yet, as heavy as its cause is.
    pub fn new(cause: Cause) -> Self {
        Self { cause, severity: cause.severity(), evidence: Evidence::default(), advice: Vec::new() }
    }

    /// The same, weighing what its finder says: one of what the table allows.
    pub fn weighing(mut self, severity: Severity) -> Self {
        debug_assert!(self.cause.may_weigh(severity), "{} cannot weigh {severity:?}", self.cause.code());
        self.severity = severity;
        self
    }

    /// The same facts under the name of another cause, with what mends that one still to be said.
    pub fn renamed(self, cause: Cause) -> Self {
        Self { evidence: self.evidence, ..Self::new(cause) }
    }

    /// The same as a fault of the person's own server, where it has another name there: its certificate may be one of
    /// its own (design §9, Trust), and a port at which nobody listens means that it does not run. A certificate that
    /// has expired, or is for another name, is what it is on any host.
    pub fn of_own_server(self) -> Self {
        let cause = self.cause.at_server();
        if cause == self.cause {
            return self;
        }
        let finding = self.renamed(cause);
        match cause.mended_by_person() {
            Some(advice) => finding.advise(advice),
            None => finding,
        }
    }

    /// How much it weighs (design §5, Severity).
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// The step that is not done while it stands: what only deserves a look leaves none undone.
    pub fn undone(&self) -> Option<StepName> {
        match self.severity {
            Severity::Failed | Severity::ToDo | Severity::Unknown => self.cause.undone(),
            Severity::Warning => None,
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
