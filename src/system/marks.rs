//! Whose the env file is and how it is guarded, as `ls -lZ` would tell, and whom `uid.env` names: every run of
//! the setup container gives all of `bwdata` to that one (`bitwarden.md` F4).

use std::{fs::File, os::unix::fs::MetadataExt, path::Path};

use crate::domain::{
    env_file::EnvFile,
    installation::{Installation, Marks},
    outside,
};

use super::{
    files::{self, read_bounded},
    user,
};

/// Longest label that is read, in bytes.
const LABEL: usize = 256;
/// Longest `uid.env` that is read, in bytes.
const UID_ENV: u64 = 64 << 10;

/// Those of an installation's env file; none where it cannot be seen.
pub fn of(installation: &Installation) -> Option<Marks> {
    let path = &installation.env_file;
    let file = files::walk::open(path).ok()?;
    let meta = file.metadata().ok()?;
    Some(Marks {
        owner: user::owner(meta.uid(), meta.gid()),
        group: user::group(meta.gid()).unwrap_or_else(|| meta.gid().to_string()),
        mode: meta.mode() & 0o7777,
        label: label(&file),
        containers_run_as: uid_env(&installation.bwdata.join("env/uid.env")),
    })
}

/// The SELinux label, where the file system has one.
fn label(file: &File) -> Option<String> {
    let mut bytes = vec![0; LABEL];
    let length = rustix::fs::fgetxattr(file, "security.selinux", &mut bytes).ok()?;
    bytes.truncate(length);
    let text = String::from_utf8(bytes).ok()?;
    let text = outside::clean(text.trim_end_matches('\0'));
    (!text.is_empty()).then_some(text)
}

fn uid_env(path: &Path) -> Option<(u32, u32)> {
    let file = EnvFile::parse(&read_bounded(path, UID_ENV).ok()?).ok()?;
    let number = |key: &str| file.get(key)?.expose().trim().parse().ok();
    Some((number("LOCAL_UID")?, number("LOCAL_GID")?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn uid_env_names_both_or_counts_as_none() {
        let base = tempfile::tempdir().unwrap();
        let path = base.path().join("uid.env");
        assert_eq!(uid_env(&path), None);
        fs::write(&path, "LOCAL_UID=1001\nLOCAL_GID=1002\nOTHER=1\n").unwrap();
        assert_eq!(uid_env(&path), Some((1001, 1002)));
        fs::write(&path, "LOCAL_UID=1001\n").unwrap();
        assert_eq!(uid_env(&path), None);
    }
}
