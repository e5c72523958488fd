//! A `bitwarden.sh` that stops in the middle until it is told to go on, so that a test can look at a restart from
//! inside. Every wait has an end of its own: a test that failed leaves nothing behind that waits for ever.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::{Path, PathBuf},
    sync::mpsc::channel,
};

use rustix::fs::{CWD, Mode, mkfifoat};

use super::pty::LIMIT;

const SCRIPT: &str = r#"#!/bin/sh
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 1
echo "Held in the middle"
timeout 80 sh -c 'echo begun >"$1"' - "$here/begun"
timeout 80 cat "$here/gate" >/dev/null
"$here/real.sh" "$@"
code=$?
timeout 80 sh -c 'echo "$2" >"$1"' - "$here/ended" "$code"
exit "$code"
"#;

/// The same for `docker`: only what is asked for stops, and only as long as it is to.
const DOCKER: &str = r#"#!/bin/sh
here='@DIR@'
real() { "${0%/docker}/real-docker" "$@"; }
case "$*" in
@WORDS@) [ -e "$here/hold" ] && @AND@ || { real "$@"; exit; } ;;
*) real "$@"; exit ;;
esac
echo "Held in the middle"
timeout 80 sh -c 'echo begun >"$1"' - "$here/begun"
timeout 80 cat "$here/gate" >/dev/null
real "$@"
code=$?
timeout 80 sh -c 'echo "$2" >"$1"' - "$here/ended" "$code"
exit "$code"
"#;

/// The held script, or `docker`, of one installation.
pub struct Held {
    dir: PathBuf,
}

impl Held {
    /// Puts itself before the script of this folder.
    pub fn before(dir: &Path) -> Self {
        let script = dir.join("bitwarden.sh");
        let was = fs::metadata(&script).unwrap();
        fs::rename(&script, dir.join("real.sh")).unwrap();
        fs::write(&script, SCRIPT).unwrap();
        fs::set_permissions(&script, fs::Permissions::from_mode(0o744)).unwrap();
        chown(&script, Some(was.uid()), Some(was.gid())).unwrap();
        Self::with_gates(dir)
    }

    /// Puts itself before this `docker`: it stops before what these words (a pattern of the shell) and this condition
    /// name.
    pub fn before_docker(docker: &Path, dir: &Path, words: &str, and: &str) -> Self {
        fs::rename(docker, docker.with_file_name("real-docker")).unwrap();
        let text =
            DOCKER.replace("@DIR@", &dir.to_string_lossy()).replace("@WORDS@", words).replace("@AND@", and);
        fs::write(docker, text).unwrap();
        fs::set_permissions(docker, fs::Permissions::from_mode(0o755)).unwrap();
        fs::write(dir.join("hold"), "").unwrap();
        Self::with_gates(dir)
    }

    fn with_gates(dir: &Path) -> Self {
        let was = fs::metadata(dir).unwrap();
        for name in ["begun", "gate", "ended"] {
            mkfifoat(CWD, dir.join(name), Mode::from_raw_mode(0o600)).unwrap();
            chown(dir.join(name), Some(was.uid()), Some(was.gid())).unwrap();
        }
        Self { dir: dir.to_owned() }
    }

    /// Waits until the script began.
    pub fn begun(&self) {
        assert_eq!(self.hears("begun"), "begun\n");
    }

    /// What comes from now on is not held.
    pub fn holds_no_more(&self) {
        fs::remove_file(self.dir.join("hold")).unwrap();
    }

    /// Lets it go on.
    pub fn goes_on(&self) {
        let (gate, (tell, told)) = (self.dir.join("gate"), channel());
        std::thread::spawn(move || tell.send(fs::write(gate, "on\n")));
        told.recv_timeout(LIMIT).expect("the script waits no more").unwrap();
    }

    /// Waits for its end; gives the exit code of the script behind it.
    pub fn ended(&self) -> i32 {
        self.hears("ended").trim().parse().unwrap()
    }

    fn hears(&self, name: &str) -> String {
        let (path, (tell, told)) = (self.dir.join(name), channel());
        std::thread::spawn(move || tell.send(fs::read_to_string(path).unwrap()));
        told.recv_timeout(LIMIT).unwrap_or_else(|_| panic!("the script never said {name}"))
    }
}
