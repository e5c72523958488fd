//! Files that hold a secret: read once, bounded, and only where nobody else could have read or planted them. The
//! screen and the commands read the same files by the same rules (design §4).

use std::{
    fs::{File, Metadata, OpenOptions},
    io::{self, Read},
    os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt},
    path::Path,
};

use rustix::fs::FileType;
use zeroize::Zeroizing;

use crate::{
    domain::{request::ApiKey, secret::Secret},
    system::files::walk,
};

/// Larger than any secret, smaller than a mistake, in bytes.
const LARGEST: u64 = 64 * 1024;

/// Why a secret file gave nothing. Nothing of its text is in it.
#[derive(Debug)]
pub enum Fault {
    /// The system's word for why it cannot be read.
    Unreadable(io::Error),
    /// Neither a regular file nor a pipe.
    NotAFile,
    /// It belongs to another user than the caller and root.
    Foreign,
    /// Others have rights on it.
    OpenToOthers,
    /// Too long for a secret.
    TooLarge,
    /// No text.
    NotText,
    /// It has lines that no API key file has.
    NoApiKey,
    /// Nothing is in it, or a part is missing: the same as not given.
    Empty,
}

/// A billing sync token from a file.
///
/// # Errors
/// See [`Fault`]. Blocks.
pub fn token(path: &Path) -> Result<Secret, Fault> {
    token_in(open(path)?)
}

/// A billing sync token from what is already open.
///
/// # Errors
/// See [`Fault`].
pub fn token_in(source: impl Read) -> Result<Secret, Fault> {
    let token = Secret::new(bounded(source)?.as_str()).trimmed();
    if token.is_blank() { Err(Fault::Empty) } else { Ok(token) }
}

/// An owner's personal API key from a file: the lines `BW_CLIENTID=` and `BW_CLIENTSECRET=`, as dotenvy reads them.
///
/// # Errors
/// See [`Fault`]. Blocks.
pub fn api_key(path: &Path) -> Result<ApiKey, Fault> {
    api_key_in(open(path)?)
}

/// The same from what is already open.
///
/// # Errors
/// See [`Fault`].
pub fn api_key_in(source: impl Read) -> Result<ApiKey, Fault> {
    let text = bounded(source)?;
    if text.trim().is_empty() {
        return Err(Fault::Empty);
    }
    let (mut id, mut secret) = (String::new(), Secret::default());
    for line in dotenvy::from_read_iter(text.as_bytes()) {
        // The error would quote the line, and the line is the secret.
        let (key, value) = line.map_err(|_| Fault::NoApiKey)?;
        match key.as_str() {
            "BW_CLIENTID" => id = value,
            "BW_CLIENTSECRET" => secret = Secret::new(value),
            _ => {}
        }
    }
    key_of(&id, &secret).ok_or(Fault::Empty)
}

/// A key where both halves are there.
pub fn key_of(client_id: &str, client_secret: &Secret) -> Option<ApiKey> {
    let client_id = client_id.trim();
    (!client_id.is_empty() && !client_secret.is_blank())
        .then(|| ApiKey { client_id: client_id.to_owned(), client_secret: client_secret.trimmed() })
}

/// Opens it and looks at what was opened, not at what stood there a moment ago.
fn open(path: &Path) -> Result<File, Fault> {
    let found = match walk::find(path) {
        Ok(found) => found,
        // What a process has open (`/dev/fd/63`, `/dev/stdin`) may be a pipe, or have no name any more.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return passed_on(path),
        Err(error) => return Err(Fault::Unreadable(error)),
    };
    match found.kind() {
        FileType::RegularFile => {}
        FileType::Fifo => return passed_on(path),
        _ => return Err(Fault::NotAFile),
    }
    let file = found.open().map_err(Fault::Unreadable)?;
    let seen = file.metadata().map_err(Fault::Unreadable)?;
    ours_alone(&seen)?;
    Ok(file)
}

/// A pipe, or a file without a name that somebody opened for us.
fn passed_on(path: &Path) -> Result<File, Fault> {
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(rustix::fs::OFlags::NOCTTY.bits().cast_signed())
        .open(path)
        .map_err(Fault::Unreadable)?;
    let seen = file.metadata().map_err(Fault::Unreadable)?;
    if seen.file_type().is_fifo() {
        return Ok(file);
    }
    if !seen.is_file() || seen.nlink() > 0 {
        return Err(Fault::NotAFile);
    }
    ours_alone(&seen)?;
    Ok(file)
}

fn ours_alone(seen: &Metadata) -> Result<(), Fault> {
    if seen.uid() != rustix::process::geteuid().as_raw() && seen.uid() != 0 {
        return Err(Fault::Foreign);
    }
    if seen.mode() & 0o077 != 0 {
        return Err(Fault::OpenToOthers);
    }
    Ok(())
}

fn bounded(source: impl Read) -> Result<Zeroizing<String>, Fault> {
    let mut bytes = Zeroizing::new(Vec::new());
    source.take(LARGEST + 1).read_to_end(&mut bytes).map_err(Fault::Unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(Fault::TooLarge);
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| Fault::NotText)?;
    Ok(Zeroizing::new(text.trim_start_matches('\u{feff}').to_owned()))
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf};

    use super::*;

    fn file(dir: &Path, name: &str, text: &str, mode: u32) -> PathBuf {
        let path = dir.join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path
    }

    #[test]
    fn a_secret_file_is_ours_alone() {
        let dir = tempfile::tempdir().unwrap();
        let good = file(dir.path(), "good", " a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5\n", 0o600);
        assert_eq!(token(&good).unwrap().len(), 30);
        assert!(matches!(token(&file(dir.path(), "open", "x", 0o640)), Err(Fault::OpenToOthers)));
        assert!(matches!(token(&file(dir.path(), "empty", " \n", 0o600)), Err(Fault::Empty)));
        assert!(matches!(token(dir.path()), Err(Fault::NotAFile)));
        assert!(matches!(token(&dir.path().join("none")), Err(Fault::Unreadable(_))));
        assert!(matches!(token_in(&[b'x'; 70_000][..]), Err(Fault::TooLarge)));
        assert!(matches!(token_in(&[0xff][..]), Err(Fault::NotText)));
    }

    #[test]
    fn a_pipe_and_a_file_without_a_name_are_taken_as_they_were_opened() {
        let dir = tempfile::tempdir().unwrap();
        let pipe = dir.path().join("pipe");
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, FileType::Fifo, 0o600.into(), 0).unwrap();
        let writer = {
            let pipe = pipe.clone();
            std::thread::spawn(move || fs::write(pipe, "a1B2c3").unwrap())
        };
        assert_eq!(token(&pipe).unwrap().len(), 6);
        writer.join().unwrap();
        let named = file(dir.path(), "gone", "a1B2c3", 0o600);
        let open = File::open(&named).unwrap();
        fs::remove_file(&named).unwrap();
        let number = std::os::fd::AsRawFd::as_raw_fd(&open);
        assert_eq!(token(&PathBuf::from(format!("/proc/self/fd/{number}"))).unwrap().len(), 6);
        assert!(matches!(token(Path::new("/dev/null")), Err(Fault::NotAFile)));
    }

    #[test]
    fn an_api_key_has_two_halves_and_errors_do_not_quote_it() {
        let key = api_key_in(&b"BW_CLIENTID=user.x\nexport BW_CLIENTSECRET='s3cret'\n"[..]).unwrap();
        assert_eq!((key.client_id.as_str(), key.client_secret.expose()), ("user.x", "s3cret"));
        assert!(matches!(api_key_in(&b"BW_CLIENTID=user.x\n"[..]), Err(Fault::Empty)));
        let bad = api_key_in(&b"BW_CLIENTSECRET='s3cret\n"[..]).unwrap_err();
        assert!(matches!(bad, Fault::NoApiKey) && !format!("{bad:?}").contains("s3cret"));
    }
}
