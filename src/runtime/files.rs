//! A path in a secret field: the file is read as `--token-file` and `--api-key-file` read theirs (design §4).

use std::path::PathBuf;

use crate::{
    app::{FileFault, FileKind, FileText},
    engine::secret_file::{self, Fault},
};

/// Reads a secret file. Blocks.
pub(super) fn read(kind: FileKind, path: &str) -> Result<FileText, FileFault> {
    let path = expanded(path);
    match kind {
        FileKind::Token => secret_file::token(&path).map(FileText::Token).map_err(fault),
        FileKind::ApiKey => secret_file::api_key(&path).map(FileText::ApiKey).map_err(|found| match found {
            // What is there and is no key is told as that.
            Fault::Empty => FileFault::NoApiKey,
            other => fault(other),
        }),
    }
}

fn fault(found: Fault) -> FileFault {
    match found {
        Fault::Unreadable(_) => FileFault::Unreadable,
        Fault::NotAFile => FileFault::NotAFile,
        Fault::Foreign => FileFault::Foreign,
        Fault::OpenToOthers => FileFault::Open,
        Fault::TooLarge | Fault::NotText => FileFault::NotASecret,
        Fault::NoApiKey => FileFault::NoApiKey,
        Fault::Empty => FileFault::Empty,
    }
}

/// The path with `~/` as the caller's home.
fn expanded(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::secret::Secret;

    #[test]
    fn a_fault_has_its_word_on_the_screen() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("token");
        std::fs::write(&path, " abc\n").unwrap();
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        let path = path.display().to_string();
        assert_eq!(read(FileKind::Token, &path), Ok(FileText::Token(Secret::new("abc"))));
        assert_eq!(read(FileKind::ApiKey, &path), Err(FileFault::NoApiKey));
        assert_eq!(read(FileKind::Token, "/nowhere/at/all"), Err(FileFault::Unreadable));
    }
}
