//! The restart: the script, run by a keeper so that it outlives us. A lost line in the middle is what leaves a
//! server down (design §11).

use std::{io, path::Path};

use crate::domain::{
    check::{Cause, Finding},
    installation::Installation,
};

use super::{
    files,
    keeper::{self, Order, Waiting},
    lock::Lock,
    process::{Call, Runner},
    user,
};

pub use super::preflight::{preflight, preflight_all};

/// What the script's question whether to go on as root is answered with. Without its line end the answer would
/// count as none (`bitwarden.md` F9).
const YES: &str = "y\n";

/// One run of the script.
#[derive(Debug)]
pub struct RestartJob<'a> {
    /// The folder that holds the script.
    pub dir: &'a Path,
    /// Answer the script's question whether to go on as root with yes. Only where that was accepted.
    pub answer_root_prompt: bool,
    /// The keeper's program, where it is not the one that runs.
    pub keeper: Option<&'a Path>,
    /// Held as long as it runs.
    pub lock: Option<&'a Lock>,
    /// Where the keeper writes.
    pub files: keeper::Files,
}

/// The command as a person would type it.
pub fn command(installation: &Installation) -> String {
    format!("cd {} && ./bitwarden.sh restart", user::quote_path(&installation.dir))
}

/// Begins a keeper for the script. It waits for [`Waiting::go`].
///
/// # Errors
/// The keeper cannot be started; nothing was begun.
pub fn prepare(job: RestartJob<'_>, runner: &Runner) -> io::Result<Waiting> {
    let RestartJob { dir, answer_root_prompt, keeper, lock, files } = job;
    let calls = vec![Call::new("./bitwarden.sh", ["restart"]).within(dir)];
    let input = answer_root_prompt.then_some(YES);
    keeper::prepare(Order { program: keeper, calls, input, lock, files }, runner)
}

/// Why the script could not be run, by the system's number: `restart.script_missing`,
/// `restart.script_not_executable` or `restart.script_not_a_script`.
pub fn not_begun(dir: &Path, errno: Option<i32>) -> Finding {
    let error = errno.map_or_else(|| io::ErrorKind::Other.into(), io::Error::from_raw_os_error);
    let cause = match error.kind() {
        io::ErrorKind::NotFound => Cause::RestartScriptMissing,
        io::ErrorKind::PermissionDenied => Cause::RestartScriptNotExecutable,
        _ => Cause::RestartScriptNotAScript,
    };
    let script = dir.join("bitwarden.sh");
    Finding::new(cause).with("path", script.to_string_lossy()).with("errno", files::errno(&error))
}
