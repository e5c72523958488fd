//! The five settings of billing sync: as they are, as they must be, and the edit between the two.
//!
//! Two files decide: `docker/global.env`, which every rebuild writes anew, and `env/global.override.env`, which
//! wins and is the only one that is edited. What the server makes of a value: `value`; what is wrong: `lint`;
//! what would change: `plan`, and back again: `undo`.

mod diff;
mod lint;
mod plan;
mod undo;
mod value;

use super::{
    check::{AdviceCode, Cause, Finding},
    env_file::{Entry, EnvFile},
    outside::clean,
    region::{CloudHost, Region},
    request::{Origin, SettingView},
    secret::Secret,
};

pub use lint::findings;
pub use plan::{Edit, plan};
pub use undo::{UndoEdit, undo};
use value::{Address, address};

/// The installation's id, as `bitwarden.sh` writes it.
pub const INSTALLATION_ID: &str = "globalSettings__installation__id";
/// The installation's key, a secret.
pub const INSTALLATION_KEY: &str = "globalSettings__installation__key";
/// The lite edition's names of the two; there they win over the others (`bitwarden.md` C, Lite).
const LITE_INSTALLATION_ID: &str = "BW_INSTALLATION_ID";
const LITE_INSTALLATION_KEY: &str = "BW_INSTALLATION_KEY";

/// One of the five settings of billing sync.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Setting {
    /// The switch that lets the server talk to the cloud.
    EnableCloudCommunication,
    /// The region that the server names to its clients.
    CloudRegion,
    /// Where the installation signs in.
    IdentityUri,
    /// Where the license comes from.
    ApiUri,
    /// Where push messages go; billing sync does not need it.
    PushRelayBaseUri,
}

impl Setting {
    /// All five, in the order in which missing ones are added.
    pub const ALL: [Self; 5] = [
        Self::EnableCloudCommunication,
        Self::CloudRegion,
        Self::IdentityUri,
        Self::ApiUri,
        Self::PushRelayBaseUri,
    ];

    /// The name in the env file.
    pub fn key(self) -> &'static str {
        match self {
            Self::EnableCloudCommunication => "globalSettings__enableCloudCommunication",
            Self::CloudRegion => "globalSettings__baseServiceUri__cloudRegion",
            Self::IdentityUri => "globalSettings__installation__identityUri",
            Self::ApiUri => "globalSettings__installation__apiUri",
            Self::PushRelayBaseUri => "globalSettings__pushRelayBaseUri",
        }
    }

    /// The value that a region needs.
    pub fn wanted(self, region: Region) -> String {
        match self.host() {
            Some(host) => region.url(host),
            None if self == Self::CloudRegion => region.setting().to_owned(),
            None => "true".to_owned(),
        }
    }

    /// The setting of a name, in any spelling that the server takes.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|setting| same_name(setting.key(), key))
    }

    /// The host of the cloud that it names, where it names one.
    fn host(self) -> Option<CloudHost> {
        match self {
            Self::IdentityUri => Some(CloudHost::Identity),
            Self::ApiUri => Some(CloudHost::Api),
            Self::PushRelayBaseUri => Some(CloudHost::Push),
            Self::EnableCloudCommunication | Self::CloudRegion => None,
        }
    }
}

/// The files that decide, later ones winning, and what `config.yml` says about push.
#[derive(Debug, Clone, Copy)]
pub struct Layers<'a> {
    /// `docker/global.env`, where it could be read.
    pub global: Option<&'a EnvFile>,
    /// `env/global.override.env`, the one that is edited.
    pub over: &'a EnvFile,
    /// `push_notifications: false` in `config.yml`.
    pub push_off: bool,
}

/// A setting's value and where it stands.
#[derive(Debug, Clone, Copy)]
struct Found<'a> {
    origin: Origin,
    entry: &'a Entry,
    value: &'a str,
}

impl<'a> Layers<'a> {
    /// The value that counts. Of two spellings the server takes a random one; this takes the last.
    fn found(&self, key: &str) -> Option<Found<'a>> {
        let of = |file: &'a EnvFile, origin| {
            file.entries().iter().rev().filter(|e| same_name(&e.key, key)).find_map(|entry| {
                entry.value.as_ref().map(|value| Found { origin, entry, value: value.expose() })
            })
        };
        of(self.over, Origin::OverrideEnv)
            .or_else(|| self.global.and_then(|global| of(global, Origin::GlobalEnv)))
    }

    fn value(&self, key: &str) -> Option<&'a str> {
        self.found(key).map(|found| found.value)
    }

    /// What a setting that holds an address says.
    fn address(&self, setting: Setting) -> Address {
        match (setting.host(), self.value(setting.key())) {
            (Some(host), Some(text)) => address(host, text),
            _ => Address::Default,
        }
    }

    /// Push is off, and somebody meant it so (design §7).
    fn push_is_off(&self) -> bool {
        self.push_off || self.value(Setting::PushRelayBaseUri.key()).is_some_and(value::is_no_push)
    }
}

/// Whether the server takes two names for one: case does not count, and `:` equals `__`
/// (`setup-and-scripts.md` §7).
fn same_name(one: &str, other: &str) -> bool {
    if one.len() == other.len() && one.eq_ignore_ascii_case(other) {
        return true;
    }
    (one.contains(':') || other.contains(':'))
        && one.replace(':', "__").eq_ignore_ascii_case(&other.replace(':', "__"))
}

/// The region that a file speaks of, before anybody was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileRegion {
    /// bitwarden.com
    Us,
    /// bitwarden.eu
    Eu,
    /// Another cloud, or addresses of one's own: reported, never changed.
    Other,
}

impl FileRegion {
    /// The region, where it is one that bwsync sets up.
    pub fn region(self) -> Option<Region> {
        match self {
            Self::Us => Some(Region::Us),
            Self::Eu => Some(Region::Eu),
            Self::Other => None,
        }
    }
}

impl From<Region> for FileRegion {
    fn from(region: Region) -> Self {
        match region {
            Region::Us => Self::Us,
            Region::Eu => Self::Eu,
        }
    }
}

/// The region that the effective addresses say, or where there are none, `cloudRegion`: the installer writes
/// nothing but that line for the EU (`bitwarden.md` §0-5). Nothing at all means bitwarden.com (A2-6).
pub fn region_of_file(layers: &Layers) -> FileRegion {
    let (identity, api) = (layers.address(Setting::IdentityUri), layers.address(Setting::ApiUri));
    if identity.is_own() || api.is_own() {
        return FileRegion::Other;
    }
    let word = layers.value(Setting::CloudRegion.key()).unwrap_or_default().trim();
    let of_word = Region::parse(word);
    match (identity.region(), api.region()) {
        (Some(one), Some(other)) if one == other => one.into(),
        (Some(one), Some(_)) => of_word.unwrap_or(one).into(),
        (Some(one), None) | (None, Some(one)) => one.into(),
        (None, None) if value::is_gov(word) => FileRegion::Other,
        (None, None) => of_word.unwrap_or(Region::Us).into(),
    }
}

/// The five settings and the installation's id and key (masked), as the files have them.
pub fn read(layers: &Layers) -> Vec<SettingView> {
    let view = |key: &str, found: Option<Found>, shown: &dyn Fn(&str) -> String| SettingView {
        key: key.to_owned(),
        value: found.map(|f| shown(f.value)),
        origin: found.map_or(Origin::Default, |f| f.origin),
        effective: None,
    };
    let mut views: Vec<SettingView> = Setting::ALL
        .into_iter()
        .map(|setting| view(setting.key(), layers.found(setting.key()), &presentable))
        .collect();
    views.push(view(INSTALLATION_ID, id_found(layers), &|id| match value::guid(id) {
        Some(id) => id,
        None => presentable(id),
    }));
    views.push(view(INSTALLATION_KEY, key_found(layers), &|key| match key {
        "" => String::new(),
        _ => diff::MASK.to_owned(),
    }));
    views
}

fn id_found<'a>(layers: &Layers<'a>) -> Option<Found<'a>> {
    layers.found(LITE_INSTALLATION_ID).or_else(|| layers.found(INSTALLATION_ID))
}

fn key_found<'a>(layers: &Layers<'a>) -> Option<Found<'a>> {
    layers.found(LITE_INSTALLATION_KEY).or_else(|| layers.found(INSTALLATION_KEY))
}

/// The installation id, lower-case with dashes, in whatever form the server takes it.
///
/// # Errors
/// `installation.id_missing` where there is none or it is all zero (A2-2), `env.invalid_value` where the server
/// would not start with it (A1-6).
pub fn installation_id(layers: &Layers) -> Result<String, Finding> {
    let missing = || {
        Finding::new(Cause::InstallationIdMissing)
            .with("key", INSTALLATION_ID)
            .advise(AdviceCode::NewInstallationId)
    };
    let Some(found) = id_found(layers) else { return Err(missing()) };
    match value::guid(found.value) {
        Some(id) if id.chars().all(|c| c == '0' || c == '-') => {
            Err(missing().with("line", found.entry.line.to_string()))
        }
        Some(id) => Ok(id),
        None => Err(Finding::new(Cause::EnvInvalidValue)
            .with("key", found.entry.key.as_str())
            .with("line", found.entry.line.to_string())
            .with("reason", "not_an_id")
            .advise(AdviceCode::FixEnvFile)),
    }
}

/// The installation key, where there is one.
pub fn installation_key(layers: &Layers) -> Option<Secret> {
    key_found(layers).map(|found| Secret::new(found.value)).filter(|key| !key.is_blank())
}

/// A value of one of the five as it may be shown: what does not look like one of theirs could be a secret that
/// was pasted into the wrong line.
fn presentable(text: &str) -> String {
    let harmless = text.len() <= 200 && !text.contains(['@', '?']) && !value::holds_a_setting(text) && {
        let address = text.contains("://") && !text.contains(char::is_whitespace);
        address || text.trim().len() <= 16
    };
    if harmless { clean(text) } else { diff::MASK.to_owned() }
}
