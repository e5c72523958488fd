//! Which values of a file are secrets. Rather one too many: a value counts by its name, or where nothing says that
//! it is harmless. What the words of the programs are made of (hosts, addresses, paths, plain words) stays readable.

use url::Url;
use zeroize::Zeroizing;

use crate::domain::{
    env_file::{EnvFile, Reader},
    guid::is_guid,
    settings,
};

/// Parts of the names of settings whose values are secrets (`bitwarden.md` F1).
const SECRET: [&str; 11] = [
    "key",
    "password",
    "passwd",
    "pass",
    "pwd",
    "secret",
    "token",
    "connectionstring",
    "credential",
    "signature",
    "salt",
];
/// Values that say nothing.
const PLAIN: [&str; 12] =
    ["replace", "secret", "true", "false", "null", "none", "yes", "no", "on", "off", "y", "n"];
/// Shorter values of settings that nothing is known of are harmless.
const OPAQUE: usize = 8;
/// Longest word of letters that is harmless.
const LONGEST_WORD: usize = 16;

/// The secrets found so far.
#[derive(Default)]
pub(super) struct Gathered {
    pub(super) secrets: Vec<Zeroizing<String>>,
}

impl Gathered {
    /// All of an env file: as each program reads it, and each line as it is written, whether it can be read or not.
    pub(super) fn env_file(&mut self, bytes: &[u8]) {
        if let Ok(file) = EnvFile::parse(bytes) {
            for entry in file.entries() {
                for reader in Reader::ALL {
                    self.setting(&entry.key, file.reading(entry, reader).unwrap_or_default());
                }
                let written = bytes.get(entry.value_span.clone()).unwrap_or_default();
                self.written(&entry.key, &Zeroizing::new(String::from_utf8_lossy(written).into_owned()));
            }
        }
        let text = Zeroizing::new(String::from_utf8_lossy(bytes).into_owned());
        for line in text.lines() {
            match assignment(line) {
                Some((name, value)) => self.written(name, value),
                // The rest of a value that was pasted over several lines, perhaps.
                None if !line.trim_start().starts_with('#') => self.setting("", line.trim()),
                None => {}
            }
        }
    }

    /// The lines of any other file whose names say that they hold a secret.
    pub(super) fn lines(&mut self, bytes: &[u8]) {
        let text = Zeroizing::new(String::from_utf8_lossy(bytes).into_owned());
        for (name, value) in text.lines().filter_map(assignment).filter(|(name, _)| is_secret(name)) {
            self.written(name, value);
        }
    }

    /// A value as it stands in a file, with its quotes or without.
    fn written(&mut self, name: &str, value: &str) {
        let value = value.trim();
        self.setting(name, value);
        let bare = ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
        self.setting(name, bare.unwrap_or_else(|| value.trim_matches(['"', '\''])));
    }

    /// A value as a program reads it.
    pub(super) fn setting(&mut self, name: &str, value: &str) {
        let value = value.trim();
        let known =
            settings::Setting::of_key(name).is_some() || PLAIN.contains(&value.to_ascii_lowercase().as_str());
        if value.is_empty() || known {
            return;
        }
        let within = self.secrets.len();
        self.parts(value);
        self.address(value);
        // An address that holds a secret is not itself one: what is around it may be read.
        let address = self.secrets.len() > within && Url::parse(value).is_ok_and(|url| url.has_host());
        if !address && (is_secret(name) && !is_address(value) || is_opaque(name, value)) {
            self.keep(value);
            value.lines().map(str::trim).filter(|line| line.len() >= OPAQUE).for_each(|line| self.keep(line));
        }
    }

    /// The secrets of a connection string.
    fn parts(&mut self, value: &str) {
        for (name, value) in value.split(';').filter_map(|part| part.split_once('=')) {
            let value = value.trim();
            if is_secret(name) && !PLAIN.contains(&value.to_ascii_lowercase().as_str()) {
                self.keep(value);
                self.keep(value.trim_matches(['"', '\'']));
            }
        }
    }

    /// The secrets of an address: its password, and what its query says.
    fn address(&mut self, value: &str) {
        let Ok(url) = Url::parse(value) else { return };
        let user = Some(url.username()).filter(|user| url.password().is_none() && is_opaque("", user));
        let query = url.query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
        let query =
            query.filter(|(name, value)| is_secret(name) || is_opaque(name, value)).map(|(_, value)| value);
        for part in url.password().into_iter().chain(user).chain(query) {
            self.keep(part);
            self.keep(&decoded(part));
        }
    }

    fn keep(&mut self, value: &str) {
        if !value.is_empty() {
            self.secrets.push(Zeroizing::new(value.to_owned()));
        }
    }
}

/// The name and value of a line, in an env file or a compose file, commented out or not.
fn assignment(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start_matches(['\u{feff}', '#', ' ', '\t']);
    let line = line.strip_prefix("- ").unwrap_or(line).trim_start_matches(['"', '\'']);
    let line = line.strip_prefix("export ").unwrap_or(line);
    let named = |(name, value)| {
        let name: &str = name;
        let name = name.trim_matches(['"', '\'', ' ', '\t']);
        (!name.is_empty() && !name.contains(char::is_whitespace)).then_some((name, value))
    };
    let nested = |separator| line.split_once(separator).and_then(named);
    nested('=').or_else(|| nested(':'))
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET.iter().any(|part| name.contains(part))
}

/// An address without a user, a password or a query.
fn is_address(value: &str) -> bool {
    let plain = |url: Url| {
        url.has_host() && url.username().is_empty() && url.password().is_none() && url.query().is_none()
    };
    value.contains("://") && Url::parse(value).is_ok_and(plain)
}

/// Whether a value could be anything: neither a number, a word, a host, an address, a path nor an e-mail address.
fn is_opaque(name: &str, value: &str) -> bool {
    let number = value.chars().all(|c| c.is_ascii_digit()) && value.len() <= 10;
    let word =
        value.len() <= LONGEST_WORD && value.chars().all(|c| c.is_ascii_alphabetic() || "-_.".contains(c));
    let id = name.to_ascii_lowercase().ends_with("id") && is_guid(value);
    let path = value.starts_with(['/', '.']) && value.contains('/');
    let each = |harmless: &dyn Fn(&str) -> bool| {
        value.split([',', ';', ' ']).all(|part| part.is_empty() || harmless(part))
    };
    let harmless = number || word || id || path || each(&is_host) || each(&is_mail) || each(&is_address);
    value.chars().count() >= OPAQUE && !harmless
}

fn is_host(text: &str) -> bool {
    let (host, port) = text.split_once(':').unwrap_or((text, "0"));
    let lower = host.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_*".contains(c));
    lower
        && (host.contains('.') || !host.contains(|c: char| c.is_ascii_digit()) && host.len() <= LONGEST_WORD)
        && port.chars().all(|c| c.is_ascii_digit())
}

fn is_mail(text: &str) -> bool {
    text.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty()
            && !user.contains(['/', ':'])
            && host.contains('.')
            && is_host(&host.to_ascii_lowercase())
    })
}

/// Percent signs undone.
fn decoded(text: &str) -> Zeroizing<String> {
    let pairs = Zeroizing::new(format!("x={}", text.replace('+', "%2B").replace('&', "%26")));
    let value = url::form_urlencoded::parse(pairs.as_bytes()).next().map(|(_, value)| value.into_owned());
    Zeroizing::new(value.unwrap_or_default())
}
