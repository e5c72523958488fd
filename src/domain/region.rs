//! The two regions of the Bitwarden cloud, their hosts, and how the region of an installation is concluded.

use serde::Serialize;

/// A region of the Bitwarden cloud that bwsync sets up (`bitwarden.md` A2, Hosts).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Region {
    /// bitwarden.com
    Us,
    /// bitwarden.eu
    Eu,
}

/// A host of the cloud by what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CloudHost {
    /// Signs installations in.
    Identity,
    /// Knows installations and licenses.
    Api,
    /// Relays push messages to phones and desktops; billing sync does not need it.
    Push,
    /// The web vault, where a person generates the token.
    Vault,
}

impl Region {
    /// Both, in the order in which a person reads them.
    pub const ALL: [Self; 2] = [Self::Us, Self::Eu];

    /// `us` or `eu`, as flags and JSON have it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Us => "us",
            Self::Eu => "eu",
        }
    }

    /// `US` or `EU`, the value of `cloudRegion`.
    pub fn setting(self) -> &'static str {
        match self {
            Self::Us => "US",
            Self::Eu => "EU",
        }
    }

    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::Us => Self::Eu,
            Self::Eu => Self::Us,
        }
    }

    /// From `us`, `EU`, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.code().eq_ignore_ascii_case(text.trim()))
    }

    /// The host's name, as in `identity.bitwarden.eu`.
    pub fn host(self, host: CloudHost) -> &'static str {
        match (self, host) {
            (Self::Us, CloudHost::Identity) => "identity.bitwarden.com",
            (Self::Us, CloudHost::Api) => "api.bitwarden.com",
            (Self::Us, CloudHost::Push) => "push.bitwarden.com",
            (Self::Us, CloudHost::Vault) => "vault.bitwarden.com",
            (Self::Eu, CloudHost::Identity) => "identity.bitwarden.eu",
            (Self::Eu, CloudHost::Api) => "api.bitwarden.eu",
            (Self::Eu, CloudHost::Push) => "push.bitwarden.eu",
            (Self::Eu, CloudHost::Vault) => "vault.bitwarden.eu",
        }
    }

    /// `https://` and the host, without a slash at the end, as the settings have it.
    pub fn url(self, host: CloudHost) -> String {
        format!("https://{}", self.host(host))
    }

    /// The region that a host of the cloud belongs to.
    pub fn of_host(name: &str) -> Option<Self> {
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        Self::ALL.into_iter().find(|region| {
            [CloudHost::Identity, CloudHost::Api, CloudHost::Push, CloudHost::Vault]
                .into_iter()
                .any(|host| region.host(host) == name)
        })
    }
}

/// What one region answered to the question whether it knows the installation id (design §5, `plan`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Lookup {
    /// 200, `enabled: true`.
    Enabled,
    /// 200, `enabled: false`.
    Disabled,
    /// 404.
    NotFound,
    /// Asked, and no answer that says anything.
    NoAnswer,
    /// Not asked: there was no need, or no permission.
    #[default]
    NotAsked,
}

/// Both regions' answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lookups {
    /// bitwarden.com
    pub us: Lookup,
    /// bitwarden.eu
    pub eu: Lookup,
}

impl Lookups {
    /// The answer of one region.
    pub fn of(&self, region: Region) -> Lookup {
        match region {
            Region::Us => self.us,
            Region::Eu => self.eu,
        }
    }

    /// Notes the answer of one region.
    pub fn set(&mut self, region: Region, lookup: Lookup) {
        match region {
            Region::Us => self.us = lookup,
            Region::Eu => self.eu = lookup,
        }
    }
}

/// What the answers together mean (design §9, Region).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conclusion {
    /// This region knows the installation and it is enabled.
    Known(Region),
    /// This region knows it and has it disabled.
    Disabled(Region),
    /// Both said 404: the id is wrong.
    UnknownEverywhere,
    /// Too little was heard; not the same as "no".
    Open,
}

/// One `200 enabled` decides; a disabled one is next; 404 twice is an unknown id; the rest is open.
pub fn conclude(lookups: Lookups) -> Conclusion {
    for wanted in [Lookup::Enabled, Lookup::Disabled] {
        if let Some(region) = Region::ALL.into_iter().find(|r| lookups.of(*r) == wanted) {
            return if wanted == Lookup::Enabled {
                Conclusion::Known(region)
            } else {
                Conclusion::Disabled(region)
            };
        }
    }
    if Region::ALL.into_iter().all(|r| lookups.of(r) == Lookup::NotFound) {
        Conclusion::UnknownEverywhere
    } else {
        Conclusion::Open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_enabled_answer_decides_and_silence_does_not() {
        use Lookup::*;
        let table = [
            (Enabled, NotAsked, Conclusion::Known(Region::Us)),
            (NotFound, Enabled, Conclusion::Known(Region::Eu)),
            (Disabled, NotFound, Conclusion::Disabled(Region::Us)),
            (Disabled, Enabled, Conclusion::Known(Region::Eu)),
            (NotFound, NotFound, Conclusion::UnknownEverywhere),
            (NotFound, NoAnswer, Conclusion::Open),
            (NoAnswer, NoAnswer, Conclusion::Open),
        ];
        for (us, eu, wanted) in table {
            assert_eq!(conclude(Lookups { us, eu }), wanted, "{us:?} {eu:?}");
        }
    }

    #[test]
    fn hosts_belong_to_regions() {
        assert_eq!(Region::of_host("API.bitwarden.eu."), Some(Region::Eu));
        assert_eq!(Region::of_host("api.example.org"), None);
    }
}
