//! The causes: every fault that bwsync can tell from the others, as one table of codes and severities.
//!
//! Adding a cause is one line here and its texts (`cause-…`, `explain-…` in every language): a test names
//! what is missing. Codes are unstable until 1.0 (design §5).

use serde::{Serialize, Serializer};

/// How much a cause weighs (design §5, Severity). The order is the order of urgency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Something is wrong.
    Failed,
    /// Asked, and nothing was heard that says anything.
    Unknown,
    /// It works, and deserves a look.
    Warning,
    /// A step not taken yet: never a fault.
    ToDo,
}

macro_rules! causes {
    ($($variant:ident = $code:literal $severity:ident,)*) => {
        /// What is wrong, as a code `area.fault` (design §5, table of causes).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Cause {
            $(#[doc = $code] $variant,)*
        }

        impl Cause {
            /// Every cause that this release can conclude.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code, as JSON and the screen have it.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The severity that this cause has by itself.
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }
        }
    };
}

causes! {
    InstallNotFound = "install.not_found" Failed,
    InstallAmbiguous = "install.ambiguous" Failed,
    InstallNotReadable = "install.not_readable" Failed,
    InstallNotWritable = "install.not_writable" Failed,
    InstallWrongOwner = "install.wrong_owner" Failed,
    InstallUnsupportedFlavour = "install.unsupported_flavour" Failed,
    InstallNotBitwarden = "install.not_bitwarden" Failed,
    EnvMissing = "env.missing" Failed,
    EnvUnparsable = "env.unparsable" Failed,
    EnvCrlf = "env.crlf" Warning,
    EnvBom = "env.bom" Warning,
    EnvSeveralSettingsOnOneLine = "env.several_settings_on_one_line" Failed,
    EnvTwoSpellings = "env.two_spellings" Failed,
    EnvDuplicateKey = "env.duplicate_key" Warning,
    EnvQuotedBoolean = "env.quoted_boolean" Failed,
    EnvMisspeltKey = "env.misspelt_key" Warning,
    EnvInterpolation = "env.interpolation" Warning,
    EnvInvalidValue = "env.invalid_value" Failed,
    EnvNotEffective = "env.not_effective" Failed,
    ConfigCloudCommunicationOff = "config.cloud_communication_off" ToDo,
    ConfigHalfRegion = "config.half_region" Failed,
    ConfigBadUrl = "config.bad_url" Failed,
    DnsNotFound = "dns.not_found" Failed,
    DnsTimeout = "dns.timeout" Failed,
    DnsServerFailure = "dns.server_failure" Failed,
    TcpRefused = "tcp.refused" Failed,
    TcpTimeout = "tcp.timeout" Failed,
    TcpUnreachable = "tcp.unreachable" Failed,
    TcpReset = "tcp.reset" Failed,
    ProxyUnreachable = "proxy.unreachable" Failed,
    ProxyAuthRequired = "proxy.auth_required" Failed,
    ProxyDenied = "proxy.denied" Failed,
    TlsIntercepted = "tls.intercepted" Failed,
    TlsUntrusted = "tls.untrusted" Failed,
    TlsExpired = "tls.expired" Failed,
    TlsNotYetValid = "tls.not_yet_valid" Failed,
    TlsNameMismatch = "tls.name_mismatch" Failed,
    TlsHandshake = "tls.handshake" Failed,
    HttpBlockPage = "http.block_page" Failed,
    HttpRedirected = "http.redirected" Failed,
    HttpUnexpectedStatus = "http.unexpected_status" Failed,
    HttpServerError = "http.server_error" Failed,
    HttpRateLimited = "http.rate_limited" Unknown,
    HttpGetWithBodyBlocked = "http.get_with_body_blocked" Failed,
    HttpTimeout = "http.timeout" Failed,
    InstallationIdMissing = "installation.id_missing" Failed,
    InstallationIdUnknown = "installation.id_unknown" Failed,
    InstallationWrongRegion = "installation.wrong_region" Failed,
    InstallationDisabled = "installation.disabled" Failed,
    InstallationKeyRejected = "installation.key_rejected" Failed,
    LicenseMissing = "license.missing" ToDo,
    LicenseUnreadable = "license.unreadable" Failed,
    LicenseTrailingData = "license.trailing_data" Failed,
    LicenseExpired = "license.expired" Failed,
    LicenseNotYetValid = "license.not_yet_valid" Failed,
    LicenseWrongInstallation = "license.wrong_installation" Failed,
    LicenseWrongOrganization = "license.wrong_organization" Failed,
    LicenseVersionUnsupported = "license.version_unsupported" Failed,
    LicenseOrgDisabled = "license.org_disabled" Failed,
    LicensePlanWithoutSync = "license.plan_without_sync" Failed,
    LicensePlanShrank = "license.plan_shrank" Failed,
    LicenseDuplicateKey = "license.duplicate_key" Failed,
    LicenseStaleKey = "license.stale_key" Failed,
    LicenseOrganizationNotInRegion = "license.organization_not_in_region" Failed,
    LicensePaymentIssue = "license.payment_issue" Failed,
    LicenseNoSubscription = "license.no_subscription" Failed,
    LicenseWrongKind = "license.wrong_kind" Failed,
    LicenseNotWritable = "license.not_writable" Failed,
    ServerNotSeen = "server.not_seen" Unknown,
    ServerDown = "server.down" Failed,
    ServerStarting = "server.starting" Failed,
    ServerUnhealthy = "server.unhealthy" Failed,
    ServerTlsUntrusted = "server.tls_untrusted" Failed,
    ServerUnreachableByName = "server.unreachable_by_name" Warning,
    ServerNotBitwarden = "server.not_bitwarden" Failed,
    ServerNotSelfHosted = "server.not_self_hosted" Failed,
    LoginApiKeyRejected = "login.api_key_rejected" Failed,
    LoginNotOwner = "login.not_owner" Failed,
    LoginOrgNotFound = "login.org_not_found" Failed,
    LoginClientVersionRefused = "login.client_version_refused" Failed,
    LoginDeviceRefused = "login.device_refused" Failed,
    LoginLegacyAccount = "login.legacy_account" Failed,
    TokenWrongKind = "token.wrong_kind" Failed,
    TokenMalformed = "token.malformed" Failed,
    TokenRejected = "token.rejected" Failed,
    TokenNeverGenerated = "token.never_generated" Failed,
    ConnectionMissing = "connection.missing" ToDo,
    ConnectionDisabled = "connection.disabled" Failed,
    ConnectionEmptyToken = "connection.empty_token" Failed,
    ConnectionStaleOrganization = "connection.stale_organization" Failed,
    SyncNever = "sync.never" ToDo,
    SyncNotAsked = "sync.not_asked" Failed,
    SyncRefused = "sync.refused" Failed,
    RestartScriptMissing = "restart.script_missing" Failed,
    RestartScriptNotAScript = "restart.script_not_a_script" Failed,
    RestartScriptNotExecutable = "restart.script_not_executable" Failed,
    RestartPromptMidRestart = "restart.prompt_mid_restart" Failed,
    RestartPortInUse = "restart.port_in_use" Failed,
    RestartEnvRefused = "restart.env_refused" Failed,
    RestartRegistryUnreachable = "restart.registry_unreachable" Warning,
    RestartPullFailed = "restart.pull_failed" Failed,
    RestartScriptFailed = "restart.script_failed" Warning,
    RestartComposeFailed = "restart.compose_failed" Failed,
    RestartContainerUnhealthy = "restart.container_unhealthy" Failed,
    RestartContainerEnded = "restart.container_ended" Failed,
    RestartDiskFull = "restart.disk_full" Failed,
    RestartDockerUnreachable = "restart.docker_unreachable" Failed,
    RestartPending = "restart.pending" ToDo,
}

impl Cause {
    /// The cause of a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|cause| cause.code() == code)
    }

    /// The part before the dot.
    pub fn area(self) -> &'static str {
        self.code().split('.').next().unwrap_or_default()
    }

    /// Whether it is a fault of the way to a host rather than of what was asked (design §4, last paragraph):
    /// outside `check` such a fault means "could not ask".
    pub fn is_of_the_way(self) -> bool {
        matches!(self.area(), "dns" | "tcp" | "proxy" | "tls" | "http")
    }

    /// Whether a credential or token was rejected (exit code 7, design §4).
    pub fn is_rejection(self) -> bool {
        self == Self::InstallationKeyRejected || matches!(self.area(), "token" | "login")
    }
}

impl Serialize for Cause {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_read_back() {
        for cause in Cause::ALL {
            assert_eq!(Cause::parse(cause.code()), Some(*cause));
        }
        let mut codes: Vec<_> = Cause::ALL.iter().map(|c| c.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Cause::ALL.len());
    }
}
