//! The causes: every fault that bwsync can tell from the others, as one table.
//!
//! A cause is one literal in the file of its area, which holds all that is known of it: what it weighs, follows from,
//! blocks and means, what mends it, and where a report says it. Nobody beside the table knows causes by kind.
//! Adding one is that literal with its name in the list below, and its text (`cause-…` in every language); the
//! compiler or a test names what is missing. Codes are unstable until 1.0 (design §5).

mod config;
mod connection;
mod env;
mod facts;
mod install;
mod installation;
mod license;
mod login;
mod network;
mod restart;
mod server;
#[cfg(test)]
mod tests;
mod token;

use serde::{Serialize, Serializer};

use super::{AdviceCode, CheckId, Side};
use crate::domain::{risk::Risk, sync::StepName};

pub use facts::{Area, Credential, Facts, Gate, Means, Mender, Reached, Row, Severity};

macro_rules! causes {
    ($($name:ident = $facts:path,)*) => {
        /// What is wrong, as a code `area.fault` (design §5, table of causes).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Cause {
            $(#[doc = concat!("`", stringify!($facts), "`")] $name,)*
        }

        impl Cause {
            /// Every cause that this release can conclude.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// All that is known of it.
            pub const fn facts(self) -> &'static Facts {
                match self { $(Self::$name => &$facts,)* }
            }
        }

        $(const _: () = assert!($facts.is_well_named(), "the code begins with the word of its area");)*
    };
}

causes! {
    InstallNotFound = install::NOT_FOUND,
    InstallAmbiguous = install::AMBIGUOUS,
    InstallNotReadable = install::NOT_READABLE,
    InstallNotWritable = install::NOT_WRITABLE,
    InstallWrongOwner = install::WRONG_OWNER,
    InstallUnsupportedFlavour = install::UNSUPPORTED_FLAVOUR,
    InstallNotBitwarden = install::NOT_BITWARDEN,
    EnvMissing = env::MISSING,
    EnvUnparsable = env::UNPARSABLE,
    EnvCrlf = env::CRLF,
    EnvBom = env::BOM,
    EnvSeveralSettingsOnOneLine = env::SEVERAL_SETTINGS_ON_ONE_LINE,
    EnvTwoSpellings = env::TWO_SPELLINGS,
    EnvDuplicateKey = env::DUPLICATE_KEY,
    EnvQuotedBoolean = env::QUOTED_BOOLEAN,
    EnvMisspeltKey = env::MISSPELT_KEY,
    EnvInterpolation = env::INTERPOLATION,
    EnvInvalidValue = env::INVALID_VALUE,
    EnvNotEffective = env::NOT_EFFECTIVE,
    ConfigCloudCommunicationOff = config::CLOUD_COMMUNICATION_OFF,
    ConfigHalfRegion = config::HALF_REGION,
    ConfigBadUrl = config::BAD_URL,
    DnsNotFound = network::DNS_NOT_FOUND,
    DnsTimeout = network::DNS_TIMEOUT,
    DnsServerFailure = network::DNS_SERVER_FAILURE,
    TcpRefused = network::TCP_REFUSED,
    TcpTimeout = network::TCP_TIMEOUT,
    TcpUnreachable = network::TCP_UNREACHABLE,
    TcpReset = network::TCP_RESET,
    ProxyUnreachable = network::PROXY_UNREACHABLE,
    ProxyAuthRequired = network::PROXY_AUTH_REQUIRED,
    ProxyDenied = network::PROXY_DENIED,
    TlsIntercepted = network::TLS_INTERCEPTED,
    TlsUntrusted = network::TLS_UNTRUSTED,
    TlsExpired = network::TLS_EXPIRED,
    TlsNotYetValid = network::TLS_NOT_YET_VALID,
    TlsNameMismatch = network::TLS_NAME_MISMATCH,
    TlsHandshake = network::TLS_HANDSHAKE,
    HttpBlockPage = network::HTTP_BLOCK_PAGE,
    HttpRedirected = network::HTTP_REDIRECTED,
    HttpUnexpectedStatus = network::HTTP_UNEXPECTED_STATUS,
    HttpServerError = network::HTTP_SERVER_ERROR,
    HttpRateLimited = network::HTTP_RATE_LIMITED,
    HttpGetWithBodyBlocked = network::HTTP_GET_WITH_BODY_BLOCKED,
    HttpTimeout = network::HTTP_TIMEOUT,
    InstallationIdMissing = installation::ID_MISSING,
    InstallationIdUnknown = installation::ID_UNKNOWN,
    InstallationWrongRegion = installation::WRONG_REGION,
    InstallationDisabled = installation::DISABLED,
    InstallationKeyRejected = installation::KEY_REJECTED,
    LicenseMissing = license::MISSING,
    LicenseUnreadable = license::UNREADABLE,
    LicenseTrailingData = license::TRAILING_DATA,
    LicenseExpired = license::EXPIRED,
    LicenseNotYetValid = license::NOT_YET_VALID,
    LicenseWrongInstallation = license::WRONG_INSTALLATION,
    LicenseVersionUnsupported = license::VERSION_UNSUPPORTED,
    LicenseOrgDisabled = license::ORG_DISABLED,
    LicensePlanWithoutSync = license::PLAN_WITHOUT_SYNC,
    LicensePlanShrank = license::PLAN_SHRANK,
    LicenseDuplicateKey = license::DUPLICATE_KEY,
    LicenseStaleKey = license::STALE_KEY,
    LicenseOrganizationNotInRegion = license::ORGANIZATION_NOT_IN_REGION,
    LicensePaymentIssue = license::PAYMENT_ISSUE,
    LicenseNoSubscription = license::NO_SUBSCRIPTION,
    LicenseWrongKind = license::WRONG_KIND,
    LicenseNotWritable = license::NOT_WRITABLE,
    ServerNotSeen = server::NOT_SEEN,
    ServerDown = server::DOWN,
    ServerStarting = server::STARTING,
    ServerUnhealthy = server::UNHEALTHY,
    ServerTlsUntrusted = server::TLS_UNTRUSTED,
    ServerUnreachableByName = server::UNREACHABLE_BY_NAME,
    ServerNotBitwarden = server::NOT_BITWARDEN,
    ServerNotSelfHosted = server::NOT_SELF_HOSTED,
    LoginApiKeyRejected = login::API_KEY_REJECTED,
    LoginNotOwner = login::NOT_OWNER,
    LoginOrgNotFound = login::ORG_NOT_FOUND,
    LoginClientVersionRefused = login::CLIENT_VERSION_REFUSED,
    LoginDeviceRefused = login::DEVICE_REFUSED,
    LoginLegacyAccount = login::LEGACY_ACCOUNT,
    TokenWrongKind = token::WRONG_KIND,
    TokenMalformed = token::MALFORMED,
    TokenRejected = token::REJECTED,
    TokenNeverGenerated = token::NEVER_GENERATED,
    ConnectionMissing = connection::CONNECTION_MISSING,
    ConnectionDisabled = connection::CONNECTION_DISABLED,
    ConnectionEmptyToken = connection::CONNECTION_EMPTY_TOKEN,
    ConnectionStaleOrganization = connection::CONNECTION_STALE_ORGANIZATION,
    SyncNever = connection::SYNC_NEVER,
    SyncRefused = connection::SYNC_REFUSED,
    RestartScriptMissing = restart::SCRIPT_MISSING,
    RestartScriptNotAScript = restart::SCRIPT_NOT_A_SCRIPT,
    RestartScriptNotExecutable = restart::SCRIPT_NOT_EXECUTABLE,
    RestartScriptOfOthers = restart::SCRIPT_OF_OTHERS,
    RestartPromptMidRestart = restart::PROMPT_MID_RESTART,
    RestartPortInUse = restart::PORT_IN_USE,
    RestartEnvRefused = restart::ENV_REFUSED,
    RestartRegistryUnreachable = restart::REGISTRY_UNREACHABLE,
    RestartRegistryRefused = restart::REGISTRY_REFUSED,
    RestartPullFailed = restart::PULL_FAILED,
    RestartScriptFailed = restart::SCRIPT_FAILED,
    RestartComposeFailed = restart::COMPOSE_FAILED,
    RestartContainerUnhealthy = restart::CONTAINER_UNHEALTHY,
    RestartContainerEnded = restart::CONTAINER_ENDED,
    RestartDiskFull = restart::DISK_FULL,
    RestartDockerUnreachable = restart::DOCKER_UNREACHABLE,
    RestartPending = restart::PENDING,
}

impl Cause {
    /// The cause of a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|cause| cause.code() == code)
    }

    /// The code, as JSON and the screen have it.
    pub fn code(self) -> &'static str {
        self.facts().code
    }

    /// What it is about.
    pub fn area(self) -> Area {
        self.facts().area
    }

    /// How much it weighs where its finder says nothing else.
    pub fn severity(self) -> Severity {
        self.facts().severity
    }

    /// Whether it may weigh that much.
    pub fn may_weigh(self, severity: Severity) -> bool {
        self.severity() == severity || self.facts().or.contains(&severity)
    }

    /// How much it weighs where it stands in the way of what was asked: as a fault, also where `check` has it as a step
    /// to do or a warning (no license to ask about, no connection to sync). The table says of which that may be.
    pub fn in_the_way(self, found: Severity) -> Severity {
        match found {
            Severity::Failed | Severity::Unknown => found,
            Severity::ToDo | Severity::Warning => {
                debug_assert!(self.may_weigh(Severity::Failed), "{} cannot weigh as a fault", self.code());
                if self.may_weigh(Severity::Failed) { Severity::Failed } else { found }
            }
        }
    }

    /// Whether it is not told beside `other`, which explains it.
    pub fn follows(self, other: Self) -> bool {
        self.facts().follows.contains(&other)
    }

    /// Whether it stands in this gate.
    pub fn blocks(self, gate: Gate) -> bool {
        self.facts().blocks.contains(&gate)
    }

    /// The risk by whose name a person goes on all the same.
    pub fn accepted_as(self) -> Option<Risk> {
        self.facts().accepted_as
    }

    /// Whether it is a fault of the way to a host rather than of what was asked.
    pub fn is_of_the_way(self) -> bool {
        match self.facts().means {
            Means::NoWay { .. } => true,
            Means::NoServer { .. } | Means::NoAddress | Means::Wrong | Means::Rejected(_) | Means::Usage => {
                false
            }
        }
    }

    /// Whether the host that was meant is half of what it says.
    pub fn is_of_a_host(self) -> bool {
        match self.facts().means {
            Means::NoWay { .. } | Means::NoAddress => true,
            Means::NoServer { .. } | Means::Wrong | Means::Rejected(_) | Means::Usage => false,
        }
    }

    /// How far the asking came; what is wrong with an answer is an answer.
    pub fn reached(self) -> Reached {
        match self.facts().means {
            Means::NoWay { reached, .. } | Means::NoServer { reached, .. } => reached,
            Means::NoAddress => Reached::Nothing,
            Means::Wrong | Means::Rejected(_) | Means::Usage => Reached::Answer,
        }
    }

    /// What it is called where the host is the person's own server.
    pub fn at_server(self) -> Self {
        match self.facts().means {
            Means::NoWay { at_server, .. } => at_server.unwrap_or(self),
            Means::NoServer { .. } | Means::NoAddress | Means::Wrong | Means::Rejected(_) | Means::Usage => {
                self
            }
        }
    }

    /// Whether another name, address or port may lead where this one did not.
    pub fn has_detour(self) -> bool {
        match self.facts().means {
            Means::NoWay { detour, .. } | Means::NoServer { detour, .. } => detour,
            Means::NoAddress | Means::Wrong | Means::Rejected(_) | Means::Usage => false,
        }
    }

    /// What was rejected, if anything was.
    pub fn rejects(self) -> Option<Credential> {
        match self.facts().means {
            Means::Rejected(credential) => Some(credential),
            Means::NoWay { .. } | Means::NoServer { .. } | Means::NoAddress => None,
            Means::Wrong | Means::Usage => None,
        }
    }

    /// The step of ours that mends it, where one does.
    pub fn mended_by_step(self) -> Option<StepName> {
        match self.facts().mended_by {
            Mender::Step(step) => Some(step),
            Mender::Advice(_) => None,
        }
    }

    /// What a person does to mend it, where no step of ours does.
    pub fn mended_by_person(self) -> Option<AdviceCode> {
        match self.facts().mended_by {
            Mender::Step(_) => None,
            Mender::Advice(advice) => Some(advice),
        }
    }

    /// The step that is not done while it stands, but for where it only deserves a look.
    pub fn undone(self) -> Option<StepName> {
        self.facts().undone
    }

    /// Whether this row may say it.
    pub fn is_told_in(self, id: CheckId) -> bool {
        self.facts().rows.iter().any(|row| match row {
            Row::Is(own) => *own == id,
            Row::Rung(stage) => id.from != Side::File && id.stage >= *stage,
        })
    }

    /// The first row of its own that says it.
    pub fn row(self) -> Option<CheckId> {
        self.facts().rows.iter().find_map(|row| match row {
            Row::Is(id) => Some(*id),
            Row::Rung(_) => None,
        })
    }
}

impl Serialize for Cause {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}
