//! Room on the disks that a restart writes to. A pull or a database that runs out of it in the middle is a server
//! that stays down.

use std::path::{Path, PathBuf};

use crate::domain::{
    check::{AdviceCode, Cause, Finding},
    installation::Installation,
};

use super::{
    files,
    process::{Call, Runner},
};

/// Least room where Docker keeps images and containers, in bytes. The images of the installed version are there
/// already, so a restart as such needs only the containers' own layers; one release's images are some GB, and
/// that pull happens while the server runs, where a full disk changes nothing. Less than this is a disk on which
/// the containers themselves (their logs, the database's temporary files) fail within minutes.
pub const DOCKER_MINIMUM: u64 = 256 << 20;
/// Least room where `bwdata` lies, in bytes: logs and the database grow there.
pub const BWDATA_MINIMUM: u64 = 64 << 20;

/// The room of one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// The place.
    pub path: PathBuf,
    /// Bytes that an ordinary user may still write there.
    pub free: u64,
    /// Bytes without which it is `restart.disk_full`.
    pub needed: u64,
    /// Whether no file can be made any more, however many bytes there are.
    pub no_files: bool,
}

impl Room {
    /// `restart.disk_full`, if it is.
    pub fn finding(&self) -> Option<Finding> {
        let full = self.no_files || self.free < self.needed;
        full.then(|| {
            let finding = Finding::new(Cause::RestartDiskFull)
                .with("path", self.path.to_string_lossy())
                .with("value", mebibytes(self.free))
                .with("expected", mebibytes(self.needed));
            let finding = if self.no_files { finding.with("note", "inodes") } else { finding };
            finding.command(AdviceCode::FreeDisk, "docker system df")
        })
    }
}

fn mebibytes(bytes: u64) -> String {
    format!("{} MiB", bytes >> 20)
}

/// The room of `bwdata` and, where Docker `answers`, of its data folder; places that are not on this machine
/// (a remote engine) are left out.
pub async fn rooms(installation: &Installation, runner: &Runner, answers: bool) -> Vec<Room> {
    let mut places = vec![(installation.bwdata.clone(), BWDATA_MINIMUM)];
    if answers {
        let call = Call::new("docker", ["info", "--format", "{{.DockerRootDir}}"]);
        let answer = runner.capture(&call, 4_096).await.ok().filter(|answer| answer.code == 0);
        let root = answer.map(|answer| String::from_utf8_lossy(&answer.stdout).trim().to_owned());
        places.extend(root.filter(|root| root.starts_with('/')).map(|root| (root.into(), DOCKER_MINIMUM)));
    }
    let look = move || places.iter().filter_map(|(path, needed)| room(path, *needed)).collect();
    tokio::task::spawn_blocking(look).await.unwrap_or_default()
}

fn room(path: &Path, needed: u64) -> Option<Room> {
    if !files::exists(path) {
        return None;
    }
    let disk = rustix::fs::statvfs(path).ok()?;
    // Some file systems count no files and say 0 of 0.
    let no_files = disk.f_files > 0 && disk.f_favail == 0;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    // One that says nothing about its size (some network and virtual ones) is not a full one.
    (disk.f_blocks > 0).then(|| Room { path: path.to_owned(), free, needed, no_files })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_disk_with_truly_too_little_is_full() {
        let room = |free, no_files| Room { path: "/x".into(), free, needed: BWDATA_MINIMUM, no_files };
        assert_eq!(room(BWDATA_MINIMUM, false).finding(), None);
        let full = room(3 << 20, false).finding().unwrap();
        assert_eq!((full.cause, full.evidence.get("value")), (Cause::RestartDiskFull, Some("3 MiB")));
        assert_eq!(room(u64::MAX, true).finding().unwrap().evidence.get("note"), Some("inodes"));
        assert!(super::room(Path::new("/"), 0).is_some());
        assert_eq!(super::room(Path::new("/no/such/place"), 0), None);
    }
}
