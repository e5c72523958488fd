//! What the server makes of a value: .NET's own rules (`bitwarden.md` F7, `bitwarden.md` A1, A2).

use url::Url;

use crate::domain::{
    guid::trimmed,
    region::{CloudHost, Region},
};

/// What an address setting says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Address {
    /// Not set, or blank: bitwarden.com, silently (A2-6).
    Default,
    /// The right host of this region.
    Cloud(Region),
    /// A host of neither region: another cloud or somebody's own. Never changed.
    Own {
        /// The server can use it as it stands: https, and a path that ends in `/` (A2-6, A2-7).
        usable: bool,
    },
    /// Nothing that the server can use, and no sign of a host of somebody's own.
    Bad,
}

impl Address {
    /// The region that it names.
    pub(super) fn region(self) -> Option<Region> {
        match self {
            Self::Cloud(region) => Some(region),
            _ => None,
        }
    }

    /// The region that it leads to.
    pub(super) fn effective(self) -> Option<Region> {
        match self {
            Self::Default => Some(Region::Us),
            other => other.region(),
        }
    }

    /// A host of neither region.
    pub(super) fn is_own(self) -> bool {
        matches!(self, Self::Own { .. })
    }

    /// Whether the server fails on it.
    pub(super) fn is_unusable(self) -> bool {
        matches!(self, Self::Bad | Self::Own { usable: false })
    }
}

/// Reads an address as the server does; `host` is the role that it should have.
pub(super) fn address(host: CloudHost, text: &str) -> Address {
    let text = trimmed(text);
    if text.is_empty() {
        return Address::Default;
    }
    if let Some(url) = Url::parse(text).ok().filter(Url::has_host) {
        let name = url.host_str().unwrap_or_default();
        return match Region::of_host(name) {
            Some(region) if is_plain(&url) && name.trim_end_matches('.') == region.host(host) => {
                Address::Cloud(region)
            }
            Some(_) => Address::Bad,
            None if has_name(&url) => {
                Address::Own { usable: url.scheme() == "https" && url.path().ends_with('/') }
            }
            None => Address::Bad,
        };
    }
    // Without a scheme, or in quotes of its own: still to be told whose host it is.
    let bare = text.trim_matches(['"', '\'', '`', ' ']);
    let bare = if bare.contains("://") { bare.to_owned() } else { format!("https://{bare}") };
    match Url::parse(&bare) {
        Ok(url) if has_name(&url) && Region::of_host(url.host_str().unwrap_or_default()).is_none() => {
            Address::Own { usable: false }
        }
        _ => Address::Bad,
    }
}

/// https on its own port, with nothing behind the host.
fn is_plain(url: &Url) -> bool {
    url.scheme() == "https"
        && url.port().is_none()
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none()
}

/// A host that somebody may have: `relay.example.org`, `localhost`, `relay:8443`; not `https://REPLACE`.
fn has_name(url: &Url) -> bool {
    let name = url.host_str().unwrap_or_default();
    name == "localhost" || url.port().is_some() || name.contains(['.', ':'])
}

/// A push relay that is none, as the server sees it: blank, `REPLACE` or `SECRET`.
pub(super) fn is_no_push(text: &str) -> bool {
    matches!(trimmed(text), "" | "REPLACE" | "SECRET")
}

/// The third region of the cloud, which the installer takes too (`bitwarden.md` F2).
pub(super) fn is_gov(text: &str) -> bool {
    trimmed(text).eq_ignore_ascii_case("gov")
}

/// `true` or `false`, in any case, blanks around it; all else stops the server at its start (A1-6).
pub(super) fn boolean(text: &str) -> Option<bool> {
    let text = trimmed(text);
    [("true", true), ("false", false)]
        .into_iter()
        .find(|(word, _)| text.eq_ignore_ascii_case(word))
        .map(|(_, value)| value)
}

/// `true` or `false` in quotes that reached the server: it does not start with them (A1-6).
pub(super) fn quoted_boolean(text: &str) -> Option<bool> {
    let text = trimmed(text);
    let inner = ['"', '\''].into_iter().find_map(|q| text.strip_prefix(q)?.strip_suffix(q))?;
    boolean(inner).or_else(|| quoted_boolean(inner))
}

/// A whole number as the server reads one; it takes hexadecimal ones too.
pub(super) fn is_number(text: &str) -> bool {
    let text = trimmed(text);
    let hexadecimal = ["0x", "0X", "&h", "&H", "#"].into_iter().find_map(|sign| text.strip_prefix(sign));
    match hexadecimal {
        Some(digits) => u32::from_str_radix(digits, 16).is_ok() && !digits.starts_with('+'),
        None => text.parse::<i32>().is_ok(),
    }
}

/// A number with decimals as the server reads one.
pub(super) fn is_decimal(text: &str) -> bool {
    trimmed(text).parse::<f64>().is_ok()
}

/// Whether another setting's name stands in a value: lines that ran together.
pub(super) fn holds_a_setting(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["globalsettings__", "globalsettings:", "adminsettings__"].iter().any(|name| text.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switches_and_numbers_are_read_as_the_server_reads_them() {
        for text in ["true", "True", " TRUE\t", "true\r", "\u{a0}true"] {
            assert_eq!(boolean(text), Some(true), "{text:?}");
        }
        for text in ["", "1", "yes", "on", "\"true\"", "'true'", "true;", "true # x"] {
            assert_eq!(boolean(text), None, "{text:?}");
        }
        for (text, value) in
            [("\"true\"", Some(true)), (" 'False' ", Some(false)), ("'\"true\"'", Some(true))]
        {
            assert_eq!(quoted_boolean(text), value, "{text:?}");
        }
        for text in ["true", "\"yes\"", "\"true", "\""] {
            assert_eq!(quoted_boolean(text), None, "{text:?}");
        }
        for (text, good) in [("587", true), (" +5\r", true), ("0x1F", true), ("#", false), ("587 # x", false)]
        {
            assert_eq!(is_number(text), good, "{text:?}");
        }
    }

    #[test]
    fn an_address_is_the_clouds_somebodys_own_or_none() {
        let table = [
            ("", Address::Default),
            (" ", Address::Default),
            ("https://identity.bitwarden.com", Address::Cloud(Region::Us)),
            ("https://identity.bitwarden.eu/", Address::Cloud(Region::Eu)),
            (" HTTPS://Identity.Bitwarden.EU ", Address::Cloud(Region::Eu)),
            ("https://identity.bitwarden-gov.com", Address::Own { usable: true }),
            ("https://relay.example.org/bw", Address::Own { usable: false }),
            ("https://relay.example.org/bw/", Address::Own { usable: true }),
            ("http://relay.example.org", Address::Own { usable: false }),
            ("relay.example.org", Address::Own { usable: false }),
            ("relay:8443", Address::Own { usable: false }),
            ("https://api.bitwarden.eu", Address::Bad),
            ("http://identity.bitwarden.eu", Address::Bad),
            ("https://identity.bitwarden.eu/connect", Address::Bad),
            ("identity.bitwarden.eu", Address::Bad),
            ("\"https://identity.bitwarden.eu\"", Address::Bad),
            ("REPLACE", Address::Bad),
            ("https://", Address::Bad),
        ];
        for (text, wanted) in table {
            assert_eq!(address(CloudHost::Identity, text), wanted, "{text:?}");
        }
    }
}
