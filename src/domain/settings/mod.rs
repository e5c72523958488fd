//! The five settings of billing sync: as they are, as they must be, and the edit between the two.
//!
//! Two files decide: `docker/global.env`, which every rebuild writes anew, and `env/global.override.env`, which
//! wins and is the only one that is edited; a compose override wins over both (`layers`). What the server makes of
//! a value: `value`; what it calls its settings: `names`; what is wrong: `lint`, `text`, `effect`; what is only
//! worth knowing: `notes`; what would change: `plan`, and back again: `undo`; what Bitwarden's own rewriting makes
//! of the file later: `rebuild`.

mod diff;
mod disable;
mod effect;
mod layers;
mod lint;
mod names;
mod notes;
mod plan;
mod rebuild;
mod text;
mod undo;
mod value;

use super::{
    check::{AdviceCode, Cause, Finding},
    guid,
    outside::clean,
    region::{CloudHost, Region},
    request::{Origin, SettingView},
    secret::Secret,
};

pub use disable::disable;
use layers::Found;
pub use layers::{Layers, Live};
pub use lint::findings;
pub use notes::{Note, NoteCode, notes};
pub use plan::{Edit, plan, to_be_edited};
pub use rebuild::rebuilt;
pub use undo::{UndoEdit, undo};

/// The installation's id, as `bitwarden.sh` writes it.
pub const INSTALLATION_ID: &str = "globalSettings__installation__id";
/// The installation's key, a secret.
pub const INSTALLATION_KEY: &str = "globalSettings__installation__key";
/// The lite edition's name of the id, which wins over [`INSTALLATION_ID`] there (`bitwarden.md` C, Lite).
pub const LITE_INSTALLATION_ID: &str = "BW_INSTALLATION_ID";
/// The lite edition's name of the key, which wins over [`INSTALLATION_KEY`] there.
pub const LITE_INSTALLATION_KEY: &str = "BW_INSTALLATION_KEY";

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

/// Whether the server takes two names for one: case does not count, `:` equals `__`, and `ASPNETCORE_` or
/// `DOTNET_` may stand before it (`bitwarden.md` F7).
fn same_name(one: &str, other: &str) -> bool {
    if one.len() == other.len() && one.eq_ignore_ascii_case(other) {
        return true;
    }
    let odd = |name: &str| name.contains(':') || unprefixed(name).len() < name.len();
    (odd(one) || odd(other)) && canonical(one) == canonical(other)
}

/// A name as the server compares it.
fn canonical(name: &str) -> String {
    unprefixed(name).replace(':', "__").to_ascii_lowercase()
}

fn unprefixed(name: &str) -> &str {
    let without = |prefix: &str| {
        let (head, rest) = name.split_at_checked(prefix.len())?;
        (head.eq_ignore_ascii_case(prefix) && !rest.is_empty()).then_some(rest)
    };
    ["ASPNETCORE_", "DOTNET_"].into_iter().find_map(without).unwrap_or(name)
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

/// The five settings and the installation's id and key (masked), as the layers have them.
pub fn read(layers: &Layers) -> Vec<SettingView> {
    let mut views: Vec<SettingView> = Setting::ALL
        .into_iter()
        .map(|setting| view(layers, setting.key(), layers.found(setting.key()), &presentable))
        .collect();
    views.push(view(layers, INSTALLATION_ID, id_found(layers), &|id| match guid::parse(id) {
        Some(id) => id,
        None => presentable(id),
    }));
    views.push(view(layers, INSTALLATION_KEY, key_found(layers), &|key| match key {
        "" => String::new(),
        _ => diff::MASK.to_owned(),
    }));
    views
}

/// A value that only the running containers have (an image's own default, or one from before) is shown as theirs.
fn view(layers: &Layers, key: &str, found: Option<Found>, shown: &dyn Fn(&str) -> String) -> SettingView {
    let key = key.to_owned();
    if let Some(found) = found {
        let effective = layers.effective(&found);
        return SettingView { key, value: Some(shown(found.value)), origin: found.origin, effective };
    }
    let running = layers.running(&key);
    let value = running.as_ref().and_then(|all| all.iter().find_map(|(_, value)| *value));
    let origin = if value.is_some() { Origin::Container } else { Origin::Default };
    SettingView { key, value: value.map(shown), origin, effective: running.map(|_| true) }
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
    match guid::parse(found.value) {
        Some(id) if id.chars().all(|c| c == '0' || c == '-') => Err(found.mark(missing())),
        Some(id) => Ok(id),
        None => Err(found.mark(
            Finding::new(Cause::EnvInvalidValue)
                .with("key", found.key)
                .with("reason", "not_an_id")
                .advise(AdviceCode::FixEnvFile),
        )),
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
