//! Files that hold a secret: read once, bounded, and only where nobody else could have read or planted them.

use std::{
    fs::{File, OpenOptions},
    io::{self, IsTerminal, Read},
    os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use super::stop::Stop;
use crate::domain::{exit::Exit, request::ApiKey, secret::Secret};

/// Larger than any secret, smaller than a mistake.
const LARGEST: u64 = 64 * 1024;

/// What a secret file gave.
#[derive(Debug)]
pub enum Given<T> {
    /// The secret.
    Found(T),
    /// Nothing was in it, or a part is missing: the same as not given (design §4).
    Empty,
}

/// Reads a billing sync token; `-` is standard input.
pub fn token(path: &Path) -> Result<Given<Secret>, Stop> {
    let text = read(path)?;
    let token = Secret::new(text.as_str()).trimmed();
    Ok(if token.is_blank() { Given::Empty } else { Given::Found(token) })
}

/// Reads an owner's personal API key: the lines `BW_CLIENTID=` and `BW_CLIENTSECRET=`, as dotenvy reads them.
pub fn api_key(path: &Path) -> Result<Given<ApiKey>, Stop> {
    let text = read(path)?;
    let (mut id, mut secret) = (String::new(), Secret::default());
    for line in dotenvy::from_read_iter(text.as_bytes()) {
        // The error would quote the line, and the line is the secret.
        let (key, value) = line.map_err(|_| said(path, |texts, path| texts.cli_api_key_unreadable(path)))?;
        match key.as_str() {
            "BW_CLIENTID" => id = value,
            "BW_CLIENTSECRET" => secret = Secret::new(value),
            _ => {}
        }
    }
    Ok(key_of(&id, &secret))
}

/// A key where both halves are there.
pub fn key_of(client_id: &str, client_secret: &Secret) -> Given<ApiKey> {
    let client_id = client_id.trim();
    if client_id.is_empty() || client_secret.is_blank() {
        Given::Empty
    } else {
        Given::Found(ApiKey { client_id: client_id.to_owned(), client_secret: client_secret.trimmed() })
    }
}

fn read(path: &Path) -> Result<Zeroizing<String>, Stop> {
    if path == Path::new("-") {
        if io::stdin().is_terminal() {
            return Err(Stop::usage(|texts| texts.cli_stdin_is_terminal()));
        }
        return bounded(io::stdin().lock(), path);
    }
    let file = open(path)?;
    bounded(file, path)
}

/// Opens it and looks at what was opened, not at what stood there a moment ago.
fn open(path: &Path) -> Result<File, Stop> {
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(rustix::fs::OFlags::NOCTTY.bits().cast_signed())
        .open(path)
        .map_err(|error| failed(path, &error))?;
    let seen = file.metadata().map_err(|error| failed(path, &error))?;
    if seen.file_type().is_fifo() {
        return Ok(file);
    }
    if !seen.is_file() {
        return Err(said(path, |texts, path| texts.cli_secret_not_a_file(path)));
    }
    let caller = rustix::process::geteuid().as_raw();
    if seen.uid() != caller && seen.uid() != 0 {
        return Err(said(path, |texts, path| texts.cli_secret_foreign_owner(path)));
    }
    if seen.mode() & 0o077 != 0 {
        return Err(said(path, |texts, path| texts.cli_secret_open_to_others(path)));
    }
    Ok(file)
}

fn bounded(source: impl Read, path: &Path) -> Result<Zeroizing<String>, Stop> {
    let mut bytes = Zeroizing::new(Vec::new());
    source.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| failed(path, &error))?;
    if bytes.len() as u64 > LARGEST {
        return Err(said(path, |texts, path| texts.cli_secret_too_large(path)));
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(Zeroizing::new(text.trim_start_matches('\u{feff}').to_owned())),
        Err(_) => Err(said(path, |texts, path| texts.cli_secret_not_text(path))),
    }
}

fn failed(path: &Path, error: &io::Error) -> Stop {
    let (path, error) = (path.to_path_buf(), error.to_string());
    Stop::new(Exit::Usage, move |texts| {
        texts.cli_secret_unreadable(path.display().to_string(), error.as_str())
    })
}

fn said(path: &Path, say: fn(&crate::text::Texts, String) -> String) -> Stop {
    let path: PathBuf = path.to_path_buf();
    Stop::usage(move |texts| say(texts, path.display().to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, os::unix::fs::PermissionsExt};

    fn file(dir: &Path, name: &str, text: &str, mode: u32) -> PathBuf {
        let path = dir.join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path
    }

    #[test]
    fn a_secret_file_is_ours_alone() {
        let dir = tempfile::tempdir().unwrap();
        let english = crate::text::Texts::new(crate::text::Language::En);
        let good = file(dir.path(), "good", " a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5\n", 0o600);
        assert!(matches!(token(&good), Ok(Given::Found(token)) if token.len() == 30));
        let open = file(dir.path(), "open", "x", 0o640);
        assert!(token(&open).unwrap_err().message(&english).contains("chmod 600"));
        let empty = file(dir.path(), "empty", " \n", 0o600);
        assert!(matches!(token(&empty), Ok(Given::Empty)));
        assert!(token(dir.path()).is_err());
        assert!(token(&dir.path().join("none")).is_err());
    }

    #[test]
    fn an_api_key_has_two_halves_and_errors_do_not_quote_it() {
        let dir = tempfile::tempdir().unwrap();
        let english = crate::text::Texts::new(crate::text::Language::En);
        let good = file(dir.path(), "good", "BW_CLIENTID=user.x\nexport BW_CLIENTSECRET='s3cret'\n", 0o600);
        let Ok(Given::Found(key)) = api_key(&good) else { panic!("not read") };
        assert_eq!((key.client_id.as_str(), key.client_secret.expose()), ("user.x", "s3cret"));
        let half = file(dir.path(), "half", "BW_CLIENTID=user.x\n", 0o600);
        assert!(matches!(api_key(&half), Ok(Given::Empty)));
        let bad = file(dir.path(), "bad", "BW_CLIENTSECRET='s3cret\n", 0o600);
        let message = api_key(&bad).unwrap_err().message(&english);
        assert!(!message.contains("s3cret"), "{message}");
    }
}
