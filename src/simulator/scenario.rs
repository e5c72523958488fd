//! A scenario is one file: the state that the simulated clouds and server start in, and what each command is
//! expected to end in. The files are part of the program, so that `demo` needs nothing beside it.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::region::Region;

/// The invented, constant facts that all scenarios share.
pub mod facts {
    /// Name of the self-hosted server.
    pub const SERVER_NAME: &str = "vault.example.org";
    /// Name of the organization.
    pub const ORGANIZATION_NAME: &str = "Acme Example";
    /// Billing e-mail of the organization.
    pub const BILLING_EMAIL: &str = "billing@example.org";
    /// Id of the installation.
    pub const INSTALLATION_ID: &str = "7f3b96e2-4c1d-4f0a-8e75-b2e9016c3d41";
    /// Key of the installation, as the cloud has it.
    pub const INSTALLATION_KEY: &str = "pW3xK9vT5mQ8rZ2nB7cY";
    /// A key that no installation has.
    pub const WRONG_INSTALLATION_KEY: &str = "hD6sL1gF4jA0wE8uO2iV";
    /// Id of the organization on the self-hosted server: the license file's name.
    pub const ORGANIZATION_ID: &str = "2c8f41d7-93ab-4e6c-b0d5-b2e901705a1f";
    /// Id of the organization in the cloud.
    pub const CLOUD_ORGANIZATION_ID: &str = "9d1e5a60-b7f2-4c38-a914-b2e901703e8c";
    /// License key of the organization.
    pub const LICENSE_KEY: &str = "sN4yR8kM1tX6qJ3wV9bG";
    /// The billing sync token of the cloud organization.
    pub const BILLING_SYNC_TOKEN: &str = "gT7nK2vX9mQ4rB8wZ1cY6pL3dH5jS0";
    /// A token that was rotated away.
    pub const OLD_BILLING_SYNC_TOKEN: &str = "fR3hW8bM5yC1tN9kD6xV2qJ7sG4pZ0";
    /// Id of the user on the self-hosted server whose API key lies in the API key file.
    pub const USER_ID: &str = "b64c0e92-15d8-4a7f-9c33-b2e90171f07d";
    /// E-mail of that user.
    pub const USER_EMAIL: &str = "admin@example.org";
    /// Name of that user.
    pub const USER_NAME: &str = "Robin Example";
    /// The personal API key of that user (`client_secret`).
    pub const USER_API_KEY: &str = "mB5vC8xZ2kL7jH4gF9dS1aQ6wE3rT0";
}

/// What a command ends in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// The exit code.
    pub exit: u8,
    /// The first conclusion's cause; null where there is none.
    pub cause: Option<String>,
}

/// Where the installation is known, and as what.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// The region that knows the installation and its organization.
    #[serde(deserialize_with = "region")]
    pub region: Region,
    /// Whether the installation is enabled there.
    pub enabled: bool,
    /// Whether an owner generated a billing sync token there.
    pub token_generated: bool,
}

/// What the env file says when the scenario starts; the server runs with it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnvFile {
    /// Value of `cloudRegion`.
    #[serde(deserialize_with = "region")]
    pub cloud_region: Region,
    /// Region of the URIs for identity, api and push; null where the lines are not there.
    #[serde(default, deserialize_with = "maybe_region")]
    pub uris: Option<Region>,
    /// Whether `enableCloudCommunication=true` stands in it.
    pub cloud_communication: bool,
    /// Whether the installation key in it is the cloud's.
    pub right_key: bool,
    /// What is odd about how it is written.
    #[serde(default)]
    pub shape: EnvShape,
}

/// How the env file is written (`bitwarden.md` A7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EnvShape {
    /// As the installer writes it.
    #[default]
    Plain,
    /// With the line ends of Windows.
    Crlf,
    /// One key stands in it twice.
    DuplicateKeys,
    /// One setting stands in it under two names that the server takes for one.
    TwoSpellings,
    /// Since the server's last start somebody opened a quote in it and did not close it.
    Unparsable,
}

/// What kind of installation it is (`bitwarden.md` C).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flavour {
    /// `bwdata` and `bitwarden.sh`.
    #[default]
    Standard,
    /// One container, with `settings.env`.
    Lite,
    /// `bwdata` and a compose file, without the script.
    HandMade,
}

impl Flavour {
    /// Where the env file that a person edits lies below the installation's folder.
    pub fn env_file(self) -> &'static str {
        match self {
            Self::Standard | Self::HandMade => "bwdata/env/global.override.env",
            Self::Lite => "settings.env",
        }
    }
}

/// What lies where `bitwarden.sh` and its helper should be (`bitwarden.md` A8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Script {
    /// Scripts that work.
    #[default]
    Good,
    /// `bitwarden.sh` is the page that a proxy sent in place of an update.
    Html,
    /// `bwdata/scripts/run.sh` asks something between down and up.
    AsksInTheMiddle,
}

/// How far the four steps were taken before the scenario starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Connected {
    /// No connection saved.
    No,
    /// Saved with the right token, never synced.
    Saved,
    /// Saved and synced.
    Synced,
}

/// Which billing sync token lies in the token file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenFile {
    /// The cloud organization's.
    Right,
    /// One that was rotated away.
    Old,
}

/// Whose personal API key lies in the API key file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// An owner of the organization.
    Owner,
    /// An administrator of it, who is no owner.
    Admin,
}

/// What `bitwarden.sh restart` ends in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Restart {
    /// The server comes up with the new settings.
    Works,
    /// The registry does not answer. A pull after the down fails: exit code 1, and the server stays down.
    PullFails,
    /// Api and identity end after each start, for a reason that has nothing to do with the env file.
    ApiStaysDown,
    /// Api and identity end because of the switch of step 1, whatever its value is.
    SettingStopsApi,
    /// Compose reads the env file only as it was when the scenario began.
    FileRefused,
    /// Another process takes the server's port between down and up: nginx is made and cannot start, exit code 1.
    PortTaken,
    /// The database ends after each start; nginx answers that nobody is behind it.
    DatabaseLoops,
    /// Health checks fail before and after, and all works.
    FalseAlarm,
    /// All is up again; the script's last act fails on a container that an earlier one left behind, exit code 125.
    HelperInTheWay,
}

/// The self-hosted server's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certificate {
    /// Issued by the simulator's CA.
    Issued,
    /// As Bitwarden's installer makes it: a CA certificate that is its own issuer.
    SelfSigned,
}

/// Whether the clouds can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Clouds {
    /// Both regions answer.
    Up,
    /// Their host names lead to ports where nothing listens; from the server too.
    Unreachable,
}

/// One scenario.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Its name, also the file's.
    pub name: String,
    /// One sentence for the list.
    pub description: String,
    /// The installation in the cloud.
    pub account: Account,
    /// The env file.
    pub env: EnvFile,
    /// The connection.
    pub connected: Connected,
    /// The token file.
    pub token_file: TokenFile,
    /// The API key file.
    pub role: Role,
    /// What kind of installation it is.
    #[serde(default)]
    pub flavour: Flavour,
    /// What lies where the scripts should be.
    #[serde(default)]
    pub script: Script,
    /// What a restart ends in.
    pub restart: Restart,
    /// Whether there is a `docker` command, which answers for the simulated server. Where there is none its stand-in
    /// says so: this machine's own is never asked.
    #[serde(default)]
    pub docker: bool,
    /// Whether push relay is switched off on purpose.
    #[serde(default)]
    pub push_off: bool,
    /// Whether a second installation lies on the machine, and nothing says which one is meant.
    #[serde(default)]
    pub two_installations: bool,
    /// The server's certificate.
    pub certificate: Certificate,
    /// The clouds.
    pub clouds: Clouds,
    /// Command line without files and `--yes` → exit code, each run on the fresh scenario (design §4).
    pub expect: BTreeMap<String, Expected>,
}

/// The scenario files, in the order in which a person reads them.
const FILES: [&str; 28] = [
    include_str!("../../assets/scenarios/happy-us.json"),
    include_str!("../../assets/scenarios/happy-eu.json"),
    include_str!("../../assets/scenarios/already-connected.json"),
    include_str!("../../assets/scenarios/wrong-region.json"),
    include_str!("../../assets/scenarios/bad-key.json"),
    include_str!("../../assets/scenarios/token-rejected.json"),
    include_str!("../../assets/scenarios/not-owner.json"),
    include_str!("../../assets/scenarios/self-signed.json"),
    include_str!("../../assets/scenarios/server-down-after-restart.json"),
    include_str!("../../assets/scenarios/clouds-unreachable.json"),
    include_str!("../../assets/scenarios/pull-fails.json"),
    include_str!("../../assets/scenarios/unhealthy-after-restart.json"),
    include_str!("../../assets/scenarios/stopped-by-setting.json"),
    include_str!("../../assets/scenarios/port-taken.json"),
    include_str!("../../assets/scenarios/database-loops.json"),
    include_str!("../../assets/scenarios/false-alarm.json"),
    include_str!("../../assets/scenarios/helper-in-the-way.json"),
    include_str!("../../assets/scenarios/env-refused.json"),
    include_str!("../../assets/scenarios/prompt-mid-restart.json"),
    include_str!("../../assets/scenarios/script-is-html.json"),
    include_str!("../../assets/scenarios/lite.json"),
    include_str!("../../assets/scenarios/hand-made.json"),
    include_str!("../../assets/scenarios/two-installations.json"),
    include_str!("../../assets/scenarios/env-unparsable.json"),
    include_str!("../../assets/scenarios/duplicate-keys.json"),
    include_str!("../../assets/scenarios/two-spellings.json"),
    include_str!("../../assets/scenarios/crlf.json"),
    include_str!("../../assets/scenarios/push-off.json"),
];

impl Scenario {
    /// The scenario that `demo` without a name starts.
    pub const DEFAULT: &str = "happy-us";

    /// All of them. A file that cannot be read is left out; a test holds that none is.
    pub fn all() -> Vec<Self> {
        FILES.iter().filter_map(|text| Self::parse(text).ok()).collect()
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().into_iter().find(|scenario| scenario.name == name)
    }

    /// Reads a scenario file.
    ///
    /// # Errors
    /// What does not fit, with line and column.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The token in the token file.
    pub fn token(&self) -> &'static str {
        match self.token_file {
            TokenFile::Right => facts::BILLING_SYNC_TOKEN,
            TokenFile::Old => facts::OLD_BILLING_SYNC_TOKEN,
        }
    }

    /// The installation key in the env file.
    pub fn installation_key(&self) -> &'static str {
        if self.env.right_key { facts::INSTALLATION_KEY } else { facts::WRONG_INSTALLATION_KEY }
    }
}

fn region<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Region, D::Error> {
    let code = String::deserialize(deserializer)?;
    Region::parse(&code).ok_or_else(|| serde::de::Error::custom("a region is us or eu"))
}

fn maybe_region<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Region>, D::Error> {
    match Option::<String>::deserialize(deserializer)? {
        Some(code) => {
            Region::parse(&code).map(Some).ok_or_else(|| serde::de::Error::custom("a region is us or eu"))
        }
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_read_and_named_once() {
        for text in FILES {
            Scenario::parse(text).unwrap();
        }
        let mut names: Vec<_> = Scenario::all().into_iter().map(|scenario| scenario.name).collect();
        assert!(names.contains(&Scenario::DEFAULT.to_owned()));
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn each_says_what_every_command_ends_in() {
        let commands =
            ["apply", "check", "plan", "plan --check", "status", "sync", "token set", "token verify"];
        let more = ["apply --no-pull", "apply --no-restart", "undo"];
        for scenario in Scenario::all() {
            for command in commands {
                assert!(scenario.expect.contains_key(command), "{}: {command}", scenario.name);
            }
            for named in scenario.expect.keys() {
                let known = commands.contains(&named.as_str()) || more.contains(&named.as_str());
                assert!(known, "{}: {named}", scenario.name);
            }
        }
    }

    #[test]
    fn the_facts_have_the_shapes_of_the_field() {
        use crate::domain::secret::{Secret, TokenShape, token_shape};
        for token in [facts::BILLING_SYNC_TOKEN, facts::OLD_BILLING_SYNC_TOKEN] {
            assert_eq!(token_shape(&Secret::new(token), true), TokenShape::Good);
        }
        assert_eq!(facts::USER_API_KEY.len(), 30);
        for key in [facts::INSTALLATION_KEY, facts::WRONG_INSTALLATION_KEY, facts::LICENSE_KEY] {
            assert_eq!(key.len(), 20);
        }
    }
}
