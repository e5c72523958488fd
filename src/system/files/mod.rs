//! Files: read with a bound, hashed, and what an error of the system means for the person.

pub mod walk;
mod weak;
pub mod write;

use std::{
    fmt::Write as _,
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

use sha2::{Digest, Sha256};

use crate::domain::{
    check::{AdviceCode, Cause, Finding},
    installation::Owner,
};

use super::User;

pub use walk::{Folder, Refused};
pub use weak::Weak;
pub use write::{Write, WriteError, may_replace, write_atomically};

/// Longest env file that is read, in bytes; the genuine one has some 2 KB.
pub const ENV_FILE: u64 = 1 << 20;

/// The bytes of a regular file of at most `limit` bytes, on the way that [`walk::open`] goes.
///
/// # Errors
/// Those of the system; `FileTooLarge` beyond the limit, `InvalidInput` where it is no regular file; [`Refused`].
pub fn read_bounded(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    read_all(&walk::open(path)?, limit)
}

/// The bytes of an open file of at most `limit` bytes.
///
/// # Errors
/// Those of the system; `FileTooLarge` beyond the limit.
pub fn read_all(file: &File, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(bytes) }
}

/// SHA-256 of these bytes, in lower-case hex.
pub fn sha256(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// The word for an error of the system, as evidence `errno` has it: its name where it has one of those that an
/// administrator knows, else its number.
pub fn errno(error: &io::Error) -> String {
    if let Some(refused) = Refused::of(error) {
        return refused.to_string();
    }
    match error.kind() {
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        io::ErrorKind::NotFound => "not found".into(),
        io::ErrorKind::ReadOnlyFilesystem => "read-only file system".into(),
        io::ErrorKind::StorageFull => "no space left".into(),
        io::ErrorKind::QuotaExceeded => "quota exceeded".into(),
        io::ErrorKind::FileTooLarge => "too large".into(),
        io::ErrorKind::InvalidInput => "not a regular file".into(),
        kind => error.raw_os_error().map_or_else(|| kind.to_string(), |number| format!("errno {number}")),
    }
}

/// What it means that a file could not be read: `install.not_readable` with the command that can.
pub fn not_readable(path: &Path, error: &io::Error, owner: &Owner, user: &User) -> Finding {
    let finding = Finding::new(Cause::InstallNotReadable)
        .with("path", path.to_string_lossy())
        .with("owner", owner.to_string())
        .with("errno", errno(error));
    if error.kind() == io::ErrorKind::PermissionDenied && user.uid != owner.uid {
        finding.command(AdviceCode::RunAsOwner, user.rerun_as(owner))
    } else {
        finding
    }
}

/// What it means that a file could not be written: `restart.disk_full`, or `install.not_writable` with the
/// command that can.
pub fn not_writable(path: &Path, error: &io::Error, owner: &Owner, user: &User) -> Finding {
    if matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
        return Finding::new(Cause::RestartDiskFull)
            .with("path", path.to_string_lossy())
            .with("errno", errno(error))
            .advise(AdviceCode::FreeDisk);
    }
    let finding = Finding::new(Cause::InstallNotWritable)
        .with("path", path.to_string_lossy())
        .with("owner", owner.to_string())
        .with("errno", errno(error));
    if user.uid != owner.uid && !user.is_root() {
        finding.command(AdviceCode::RunAsOwner, user.rerun_as(owner))
    } else {
        finding
    }
}

/// A file of `/proc` as text, at most 1 MB; empty where it cannot be read.
pub(super) fn read_proc(path: &str) -> String {
    let mut bytes = Vec::new();
    if let Ok(file) = File::open(path) {
        let _ = file.take(1 << 20).read_to_end(&mut bytes);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Whether something stands at this path, link or not.
pub fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_is_bounded_and_takes_files_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        fs::write(&path, b"12345").unwrap();
        assert_eq!(read_bounded(&path, 5).unwrap(), b"12345");
        assert_eq!(read_bounded(&path, 4).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        assert_eq!(read_bounded(folder.path(), 9).unwrap_err().kind(), io::ErrorKind::InvalidInput);
        let pipe = folder.path().join("p");
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, 0o600.into(), 0).unwrap();
        assert_eq!(read_bounded(&pipe, 9).unwrap_err().kind(), io::ErrorKind::InvalidInput);
    }

    #[test]
    fn the_hash_is_sha256() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(b"abc"), abc);
    }
}
