//! The server's settings: a small reader of the env files of its own, so that a bug in the reader of the
//! product does not pass here too, and what the server makes of the values (`bitwarden.md` F7).

use std::collections::BTreeMap;

use super::super::message::guid;

/// Compose would not start with this file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvRefused {
    /// Line, from 1.
    pub line: usize,
}

/// The settings that a start of the server bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// `selfHosted`
    pub self_hosted: bool,
    /// `enableCloudCommunication`
    pub cloud_communication: bool,
    /// `disableUserRegistration`
    pub registration_disabled: bool,
    /// `baseServiceUri:cloudRegion`, as written.
    pub cloud_region: Option<String>,
    /// `baseServiceUri:vault`
    pub vault: String,
    /// `installation:id`, lower case with dashes.
    pub installation_id: String,
    /// `installation:key`, byte for byte.
    pub installation_key: String,
    /// `installation:identityUri`; empty or blank is the default.
    pub identity_uri: String,
    /// `installation:apiUri`; empty or blank is the default.
    pub api_uri: String,
}

impl Settings {
    /// Binds what the env files set, the later file over the earlier.
    ///
    /// # Errors
    /// The key whose value stops the server at its start.
    pub fn bind(files: &[BTreeMap<String, String>]) -> Result<Self, String> {
        let mut all = BTreeMap::new();
        for (key, value) in files.iter().flatten() {
            all.insert(normal(key), value.clone());
        }
        let get = |key: &str| all.get(&normal(&format!("globalSettings__{key}"))).cloned();
        let boolean = |key: &str| match get(key) {
            None => Ok(false),
            Some(text) if text.trim().eq_ignore_ascii_case("true") => Ok(true),
            Some(text) if text.trim().eq_ignore_ascii_case("false") => Ok(false),
            Some(_) => Err(key.to_owned()),
        };
        let uri = |key: &str, default: &str| {
            let text = get(key).unwrap_or_default();
            if text.trim().is_empty() { default.to_owned() } else { text.trim().to_owned() }
        };
        for key in ["mail__smtp__ssl", "mail__smtp__startTls", "mail__smtp__trustServer"] {
            boolean(key)?;
        }
        if get("mail__smtp__port").is_some_and(|port| port.trim().parse::<i32>().is_err()) {
            return Err("mail__smtp__port".to_owned());
        }
        let id = get("installation__id").unwrap_or_else(|| uuid::Uuid::nil().to_string());
        let id = guid(&id).ok_or("installation__id")?;
        Ok(Self {
            self_hosted: boolean("selfHosted")?,
            cloud_communication: boolean("enableCloudCommunication")?,
            registration_disabled: boolean("disableUserRegistration")?,
            cloud_region: get("baseServiceUri__cloudRegion"),
            vault: uri("baseServiceUri__vault", "http://localhost"),
            installation_id: id.hyphenated().to_string(),
            installation_key: get("installation__key").unwrap_or_default(),
            identity_uri: uri("installation__identityUri", "https://identity.bitwarden.com"),
            api_uri: uri("installation__apiUri", "https://api.bitwarden.com"),
        })
    }
}

/// A key as .NET compares it: no case, `:` and `__` alike, the host's own prefixes dropped.
fn normal(key: &str) -> String {
    let key = key.to_ascii_lowercase().replace(':', "__");
    let key = key.strip_prefix("aspnetcore_").or_else(|| key.strip_prefix("dotnet_")).unwrap_or(&key);
    key.to_owned()
}

/// Reads an env file as Compose does, as far as this needs it: comments, `export`, both quotes, `$$` and
/// variables set further up.
///
/// # Errors
/// The line that Compose refuses.
pub fn read_env(text: &str) -> Result<BTreeMap<String, String>, EnvRefused> {
    let mut values = BTreeMap::new();
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut line = 1;
    while !rest.is_empty() {
        let (row, after) = rest.split_once('\n').unwrap_or((rest, ""));
        let start = row.trim_start();
        if start.trim().is_empty() || start.starts_with('#') {
            rest = after;
            line += 1;
            continue;
        }
        let start = start.strip_prefix("export ").unwrap_or(start).trim_start();
        let Some((key, value)) = start.split_once('=') else {
            // A bare name takes its value from the environment; a container of the simulator has none.
            rest = after;
            line += 1;
            continue;
        };
        let key = key.trim_end();
        if key.is_empty() || key.contains(|c: char| c.is_whitespace() || "\"'$".contains(c)) {
            return Err(EnvRefused { line });
        }
        let value = value.trim_start_matches([' ', '\t']);
        let (read, next) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                // The text may go on below its line.
                let from = row.len() - value.len();
                quoted(&rest[from + 1..], quote).ok_or(EnvRefused { line })?
            }
            _ => (unquoted(value), after),
        };
        let read = if value.starts_with('\'') { read } else { filled(&read, &values) };
        line += rest[..rest.len() - next.len()].matches('\n').count();
        rest = next;
        values.insert(key.to_owned(), read);
    }
    Ok(values)
}

/// Up to a blank and `#`, without blanks around it.
fn unquoted(value: &str) -> String {
    let end = if value.starts_with('#') { Some(0) } else { value.find(" #").or_else(|| value.find("\t#")) };
    value[..end.unwrap_or(value.len())].trim().to_owned()
}

/// The text up to the closing quote and what follows its line; `None` where it is not closed, or where
/// something else than a comment stands behind it.
fn quoted(text: &str, quote: char) -> Option<(String, &str)> {
    let mut read = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        if character == quote {
            let (behind, next) = text[at + 1..].split_once('\n').unwrap_or((&text[at + 1..], ""));
            let behind = behind.trim();
            return (behind.is_empty() || behind.starts_with('#')).then_some((read, next));
        }
        if character == '\\' && quote == '"' {
            match characters.next()?.1 {
                'n' => read.push('\n'),
                'r' => read.push('\r'),
                't' => read.push('\t'),
                '$' => read.push_str("$$"),
                other => read.push(other),
            }
        } else {
            read.push(character);
        }
    }
    None
}

/// `$$` becomes `$`, `$NAME` and `${NAME}` what this file set before, or nothing.
fn filled(text: &str, values: &BTreeMap<String, String>) -> String {
    let mut read = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        read.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            read.push('$');
            rest = after;
            continue;
        }
        let braced = rest.strip_prefix('{').and_then(|inner| inner.split_once('}'));
        let (name, after) = braced.unwrap_or_else(|| {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
            rest.split_at(end)
        });
        if name.is_empty() {
            read.push('$');
        } else if let Some(value) = values.get(name) {
            read.push_str(value);
        }
        rest = after;
    }
    read.push_str(rest);
    read
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dialect_as_far_as_the_simulator_needs_it() {
        let table = [
            ("A=1\n", Some("1")),
            (" export A = x # note\r\n", Some("x")),
            ("A=x#y", Some("x#y")),
            ("\u{feff}A=\"a b\" # c\n", Some("a b")),
            ("A='$B'\nC=1", Some("$B")),
            ("B=2\nA=pa$$w$B${B}\n", Some("pa$w22")),
            ("A=\"one\ntwo\"\nB=1", Some("one\ntwo")),
            ("#A=1\nA=2\nA=3\n", Some("3")),
            ("A=\"x\nB=1", None),
            ("K K=1\nA=1", None),
        ];
        for (text, wanted) in table {
            let read = read_env(text).ok().and_then(|values| values.get("A").cloned());
            assert_eq!(read.as_deref(), wanted, "{text:?}");
        }
        assert_eq!(read_env("A=\"1\n2\"\nB B=2"), Err(EnvRefused { line: 3 }));
    }

    #[test]
    fn a_value_that_is_no_boolean_stops_the_start() {
        let bind = |key: &str, value: &str| {
            Settings::bind(&[BTreeMap::from([(format!("globalSettings__{key}"), value.to_owned())])])
        };
        assert!(bind("enableCloudCommunication", " TRUE\r").unwrap().cloud_communication);
        assert!(bind("ENABLECLOUDCOMMUNICATION", "true").unwrap().cloud_communication);
        for value in ["", "1", "yes", "'true'", "\"true\"", "true;"] {
            assert_eq!(bind("enableCloudCommunication", value), Err("enableCloudCommunication".to_owned()));
        }
        assert!(bind("installation__id", "{7C0B6B1E-52A6-4C6F-9A3C-B1E500F1A2B3}").is_ok());
        assert!(bind("installation__id", "\"7c0b6b1e-52a6-4c6f-9a3c-b1e500f1a2b3\"").is_err());
        let empty = bind("installation__identityUri", " ").unwrap();
        assert_eq!(empty.identity_uri, "https://identity.bitwarden.com");
    }
}
