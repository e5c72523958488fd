//! Who runs bwsync, on whose installation, and with which Compose: chosen by what its environment says, never by
//! changing the system.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::needs::{self, Need};

/// The user that the standard deployment makes.
const BITWARDEN: u32 = 1001;

/// Who runs bwsync on whose installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Root, on an installation of root's own.
    Root,
    /// The owner, who may ask Docker by his group.
    Owner,
    /// Root, on an installation of an owner who may ask Docker: as with `sudo`.
    Sudo,
}

/// Which Compose there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compose {
    /// docker-compose 1.29.
    One,
    /// Compose 2.26, the plugin.
    Two,
}

impl Compose {
    /// What a machine must have for it.
    pub fn need(self) -> Need {
        match self {
            Self::One => Need::Compose1,
            Self::Two => Need::Compose2,
        }
    }

    /// The words that call it.
    pub fn words(self) -> &'static [&'static str] {
        match self {
            Self::One => &["docker-compose"],
            Self::Two => &["docker", "compose"],
        }
    }
}

impl Who {
    /// Whom the installation belongs to.
    pub fn owner(self) -> u32 {
        match self {
            Self::Root => 0,
            Self::Owner | Self::Sudo => BITWARDEN,
        }
    }
}

/// A world in which commands find exactly one Compose.
pub struct World {
    who: Who,
    /// A folder for what the world is made of, that every user gets through.
    folder: PathBuf,
    path: String,
}

impl World {
    /// Made in this folder, which it fills; Compose stops at the points that are laid in `points`.
    pub fn make(folder: &Path, points: &Path, who: Who, compose: Compose) -> Self {
        let plugins = folder.join(".docker/cli-plugins");
        fs::create_dir_all(&plugins).unwrap();
        if let (Compose::Two, Some(program)) = (compose, needs::plugin()) {
            let there = plugins.join("docker-compose");
            // Linked where it can be: it is large, and the folder that it lies in may be root's alone.
            fs::hard_link(&program, &there).or_else(|_| fs::copy(&program, &there).map(drop)).unwrap();
        }
        let path = std::env::var("PATH").unwrap_or_else(|_| "/usr/bin:/bin".to_owned());
        let bin = folder.join("bin");
        fs::create_dir_all(&bin).unwrap();
        for program in ["docker", "docker-compose"] {
            let Some(real) = which(program) else { continue };
            let text = include_str!("in_front.sh")
                .replace("@REAL@", &real.to_string_lossy())
                .replace("@CONFIG@", &folder.join(".docker").to_string_lossy())
                .replace("@POINTS@", &points.to_string_lossy())
                .replace("@PLUGIN@", if compose == Compose::Two { "yes" } else { "no" });
            fs::write(bin.join(program), text).unwrap();
            fs::set_permissions(bin.join(program), fs::Permissions::from_mode(0o755)).unwrap();
        }
        let path = format!("{}:{path}", bin.display());
        // The build folder may lie where only root gets to.
        fs::copy(env!("CARGO_BIN_EXE_bwsync"), folder.join("bwsync")).unwrap();
        if who == Who::Sudo {
            accounts(folder);
        }
        Self { who, folder: folder.to_owned(), path }
    }

    /// Where its programs are found.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// A command of root's.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        self.furnished(Command::new(program))
    }

    /// bwsync, as whoever runs it.
    pub fn bwsync(&self) -> Command {
        let program = self.folder.join("bwsync");
        let mut command = match self.who {
            Who::Root => Command::new(program),
            Who::Owner => {
                let docker = fs::metadata("/var/run/docker.sock").unwrap().gid().to_string();
                let id = BITWARDEN.to_string();
                let mut command = Command::new("setpriv");
                command.args(["--reuid", &id, "--regid", &id, "--groups", &docker, "--"]).arg(program);
                command
            }
            Who::Sudo => {
                // The accounts are this command's alone: nobody else on this machine sees them.
                let mut command = Command::new("unshare");
                let script = "mount --bind \"$1/passwd\" /etc/passwd && mount --bind \"$1/group\" /etc/group && \
                              shift && exec \"$@\"";
                command.args(["--mount", "--", "sh", "-c", script, "-"]).arg(&self.folder).arg(program);
                command
            }
        };
        if self.who == Who::Root {
            command.args(["--accept-risk", "root-installation"]);
        }
        self.furnished(command)
    }

    fn furnished(&self, mut command: Command) -> Command {
        command.env("HOME", &self.folder).env("PATH", &self.path).stdin(Stdio::null());
        command
    }
}

/// This machine's accounts and one more, who is in the group of Docker.
fn accounts(folder: &Path) {
    let docker = fs::metadata("/var/run/docker.sock").unwrap().gid();
    let passwd = fs::read_to_string("/etc/passwd").unwrap();
    let others = passwd.lines().filter(|line| line.split(':').nth(2) != Some("1001"));
    let home = folder.display();
    let mine = format!("bitwarden:x:{BITWARDEN}:{BITWARDEN}::{home}:/bin/sh");
    let text: String = others.chain([mine.as_str()]).map(|line| format!("{line}\n")).collect();
    fs::write(folder.join("passwd"), text).unwrap();
    let group = fs::read_to_string("/etc/group").unwrap();
    let others = group.lines().filter(|line| line.split(':').nth(2) != Some(&docker.to_string()));
    let mine = [format!("docker:x:{docker}:bitwarden"), format!("bitwarden:x:{BITWARDEN}:")];
    let text: String =
        others.chain(mine.iter().map(String::as_str)).map(|line| format!("{line}\n")).collect();
    fs::write(folder.join("group"), text).unwrap();
}

fn which(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}
