//! A path in a secret field: the file is read as `--token-file` and `--api-key-file` read theirs (design §4).

use std::{
    fs::{File, OpenOptions},
    io::Read,
    os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt},
    path::PathBuf,
};

use zeroize::Zeroizing;

use crate::{
    app::{FileFault, FileKind, FileText},
    domain::{request::ApiKey, secret::Secret},
};

/// Larger than any secret, smaller than a mistake, in bytes.
const LARGEST: u64 = 64 * 1024;

/// Reads a secret file: regular, of the caller or root, without rights for others; or a pipe. Blocks.
pub(super) fn read(kind: FileKind, path: &str) -> Result<FileText, FileFault> {
    let text = bounded(open(&expanded(path))?)?;
    if text.trim().is_empty() {
        return Err(FileFault::Empty);
    }
    match kind {
        FileKind::Token => Ok(FileText::Token(Secret::new(text.as_str()).trimmed())),
        FileKind::ApiKey => api_key(&text),
    }
}

/// The path with `~/` as the caller's home.
fn expanded(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(path),
    }
}

/// Opens it and looks at what was opened, not at what stood there a moment ago.
fn open(path: &std::path::Path) -> Result<File, FileFault> {
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(rustix::fs::OFlags::NOCTTY.bits().cast_signed())
        .open(path)
        .map_err(|_| FileFault::Unreadable)?;
    let seen = file.metadata().map_err(|_| FileFault::Unreadable)?;
    if seen.file_type().is_fifo() {
        return Ok(file);
    }
    if !seen.is_file() {
        return Err(FileFault::NotAFile);
    }
    if seen.uid() != rustix::process::geteuid().as_raw() && seen.uid() != 0 {
        return Err(FileFault::Foreign);
    }
    if seen.mode() & 0o077 != 0 {
        return Err(FileFault::Open);
    }
    Ok(file)
}

fn bounded(file: File) -> Result<Zeroizing<String>, FileFault> {
    let mut bytes = Zeroizing::new(Vec::new());
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|_| FileFault::Unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(FileFault::NotASecret);
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| FileFault::NotASecret)?;
    Ok(Zeroizing::new(text.trim_start_matches('\u{feff}').to_owned()))
}

fn api_key(text: &str) -> Result<FileText, FileFault> {
    let (mut client_id, mut client_secret) = (String::new(), Secret::default());
    for line in dotenvy::from_read_iter(text.as_bytes()) {
        // The error would quote the line, and the line is the secret.
        let (key, value) = line.map_err(|_| FileFault::NoApiKey)?;
        match key.as_str() {
            "BW_CLIENTID" => value.trim().clone_into(&mut client_id),
            "BW_CLIENTSECRET" => client_secret = Secret::new(value).trimmed(),
            _ => {}
        }
    }
    if client_id.is_empty() || client_secret.is_blank() {
        return Err(FileFault::NoApiKey);
    }
    Ok(FileText::ApiKey(ApiKey { client_id, client_secret }))
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt};

    use super::*;

    #[test]
    fn a_secret_file_is_ours_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str, mode| {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            path.display().to_string()
        };
        let token = |path: &str| read(FileKind::Token, path);
        let key = |path: &str| read(FileKind::ApiKey, path);
        let good = file("good", " abc\n", 0o600);
        assert_eq!(token(&good), Ok(FileText::Token(Secret::new("abc"))));
        assert_eq!(token(&file("open", "abc", 0o640)), Err(FileFault::Open));
        assert_eq!(token(&file("empty", " \n", 0o600)), Err(FileFault::Empty));
        assert_eq!(token(&folder.path().display().to_string()), Err(FileFault::NotAFile));
        assert_eq!(token("/nowhere/at/all"), Err(FileFault::Unreadable));
        assert_eq!(key(&good), Err(FileFault::NoApiKey));
        let both = file("key", "BW_CLIENTID=user.x\nexport BW_CLIENTSECRET='s3cret'\n", 0o600);
        let wanted = ApiKey { client_id: "user.x".to_owned(), client_secret: Secret::new("s3cret") };
        assert_eq!(key(&both), Ok(FileText::ApiKey(wanted)));
    }
}
