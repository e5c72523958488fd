//! What a test needs of the machine that it runs on. Where it is not there the test says so and is skipped; where `CI`
//! is set it fails instead, unless `BWSYNC_CANNOT` names it: a list, comma-separated, of what whoever started the tests
//! has looked for and knows that this machine does not have (`.ci/run`).
#![allow(dead_code, clippy::unwrap_used, clippy::print_stdout)]

use std::{
    env,
    path::PathBuf,
    process::{Command, Stdio},
};

/// Something that not every machine has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// A Docker engine that answers.
    Docker,
    /// docker-compose 1.29, the program of its own.
    Compose1,
    /// Compose v2 as a plugin: in the folder that `BWSYNC_COMPOSE2` names, or of the system.
    Compose2,
    /// Root: to make users, and files of other users.
    Root,
    /// The right to make mount and network namespaces.
    Namespaces,
}

impl Need {
    /// As `BWSYNC_CANNOT` has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Docker => "docker",
            Self::Compose1 => "compose1",
            Self::Compose2 => "compose2",
            Self::Root => "root",
            Self::Namespaces => "namespaces",
        }
    }

    fn is_there(self) -> bool {
        match self {
            Self::Docker => works(&["docker", "version"]),
            Self::Compose1 => works(&["docker-compose", "version"]),
            Self::Compose2 => plugin().is_some() || works(&["docker", "compose", "version"]),
            Self::Root => rustix::process::getuid().is_root(),
            Self::Namespaces => works(&["unshare", "--mount", "--net", "true"]),
        }
    }
}

/// Compose v2, where it is not of the system.
pub fn plugin() -> Option<PathBuf> {
    let program = PathBuf::from(env::var_os("BWSYNC_COMPOSE2")?).join("docker-compose");
    program.is_file().then_some(program)
}

/// Whether all of it is there.
pub fn met(needs: &[Need]) -> bool {
    needs.iter().all(|need| has(need.name(), need.is_there()))
}

/// Whether something of this name, that the test has looked for itself, is there.
pub fn has(name: &str, there: bool) -> bool {
    if !there {
        let cannot = env::var("BWSYNC_CANNOT").unwrap_or_default();
        let known = cannot.split(',').any(|word| word.trim() == name);
        assert!(
            env::var_os("CI").is_none() || known,
            "this test needs {name}: where CI is set it is not skipped unless BWSYNC_CANNOT names that"
        );
        println!("skipped: needs {name}");
    }
    there
}

/// Whether this command ends well.
pub fn works(words: &[&str]) -> bool {
    Command::new(words[0])
        .args(&words[1..])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
