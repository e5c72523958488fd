//! Takes secrets out of what other programs say: Compose quotes the line of an env file that it cannot read,
//! and a line of that file may be a key.

use zeroize::Zeroizing;

use crate::domain::action::Contents;

/// Parts of the names of settings whose values are secrets (`bitwarden.md` F1).
const SECRET: [&str; 7] = ["key", "password", "secret", "token", "connectionstring", "username", "apikey"];
/// Values that say nothing.
const PLAIN: [&str; 5] = ["REPLACE", "SECRET", "true", "false", "null"];
/// Shorter values are no secrets, and hiding them would eat words.
const SHORTEST: usize = 4;
/// What stands in place of a secret.
const MASK: &str = "••••••••";

/// Knows the secrets of an installation's env files.
#[derive(Clone, Default)]
pub struct Redactor {
    secrets: Vec<Zeroizing<String>>,
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Redactor({} secrets)", self.secrets.len())
    }
}

impl Redactor {
    /// The secrets in these files, whatever their dialect: nothing is parsed, every line that looks like a
    /// secret's counts.
    pub fn of<'a>(files: impl IntoIterator<Item = &'a Contents>) -> Self {
        let mut secrets: Vec<Zeroizing<String>> = Vec::new();
        for file in files {
            let text = Zeroizing::new(String::from_utf8_lossy(file.bytes()).into_owned());
            for line in text.lines() {
                let pair = line.split_once('=').or_else(|| line.split_once(':'));
                let Some((name, value)) = pair else { continue };
                let name = name.to_ascii_lowercase();
                if SECRET.iter().any(|part| name.contains(part)) {
                    secrets.extend(forms(value));
                }
            }
        }
        // The longest first, so that no part of it stays when a shorter one is in it.
        secrets.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        secrets.dedup();
        Self { secrets }
    }

    /// The line without secrets, and without what Compose quotes of a file (`… near "…`).
    pub fn line(&self, line: &str) -> String {
        let said = match line.split_once(" near ") {
            Some((said, quoted)) if quoted.starts_with(['"', '\'', '`']) => format!("{said} near …"),
            _ => line.to_owned(),
        };
        self.secrets.iter().fold(said, |said, secret| {
            if said.contains(secret.as_str()) { said.replace(secret.as_str(), MASK) } else { said }
        })
    }
}

/// A value as it may be quoted: with its quotes, without them, and the password of a connection string.
fn forms(value: &str) -> Vec<Zeroizing<String>> {
    let value = value.trim();
    let bare = value.trim_matches(['"', '\'']);
    let password = bare.split(';').find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case("password").then_some(value.trim())
    });
    [Some(value), Some(bare), password]
        .into_iter()
        .flatten()
        .filter(|form| form.len() >= SHORTEST && !PLAIN.contains(form))
        .map(|form| Zeroizing::new(form.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_compose_quotes_is_hidden() {
        let env = Contents::new(
            b"globalSettings__baseServiceUri__vault=https://vault.example.org\n\
              globalSettings__installation__key=kT9mQ2xW7vLp4RzB8nYc\n\
              globalSettings__sqlServer__connectionString=\"Data Source=x;Password=nG7dQw2L;Encrypt=True\"\n\
              globalSettings:duo:aKey=Fj6w1Nc8Rt3Y\nglobalSettings__yubico__key=REPLACE\n"
                .to_vec(),
        );
        let redactor = Redactor::of([&env]);
        let cases = [
            (
                "line 5: unexpected character \"\\n\" in variable name near \"abc def=ghi\"",
                "line 5: unexpected character \"\\n\" in variable name near …",
            ),
            (
                "globalSettings__installation__key=kT9mQ2xW7vLp4RzB8nYc",
                "globalSettings__installation__key=••••••••",
            ),
            ("duo says Fj6w1Nc8Rt3Y", "duo says ••••••••"),
            ("login failed: nG7dQw2L", "login failed: ••••••••"),
            ("visit https://vault.example.org", "visit https://vault.example.org"),
            ("you may REPLACE it, near the end", "you may REPLACE it, near the end"),
        ];
        for (said, wanted) in cases {
            assert_eq!(redactor.line(said), wanted);
        }
        assert_eq!(format!("{redactor:?}"), "Redactor(5 secrets)");
    }
}
