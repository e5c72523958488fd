//! What must hold before the script may run: afterwards it is too late, since it takes the server down first.

use std::{fs, io::Read, os::unix::fs::MetadataExt, path::Path};

use crate::domain::{
    check::{AdviceCode, Cause, Finding},
    installation::{Flavour, Installation, Owner},
};

use super::{
    containers::{self, Docker},
    files, ports,
    process::Runner,
    shell, space, user,
};

/// Where the project publishes the script (`bitwarden.md` F9).
const SCRIPT_URL: &str = "https://func.bitwarden.com/api/dl/?app=self-host&platform=linux";
/// Longest script that is read, in bytes; the genuine ones have some 10 KB.
const SCRIPT: u64 = 1 << 20;

/// Whether the script can be run at all: it exists, and like `bwdata/scripts/run.sh`, where that is, it is a
/// script, may be executed by the owner and asks nothing in the middle. Other flavours have none to be judged.
///
/// # Errors
/// `restart.script_missing`, `restart.script_not_a_script`, `restart.script_not_executable`,
/// `restart.prompt_mid_restart`.
pub fn preflight(installation: &Installation) -> Result<(), Finding> {
    if installation.flavour != Flavour::Standard {
        // There is none, and none belongs there.
        return Ok(());
    }
    let script = installation.dir.join("bitwarden.sh");
    let command = format!("curl -fLo {} '{SCRIPT_URL}'", user::quote_path(&script));
    usable(&script, &installation.owner, &command)?;
    let inner = installation.bwdata.join("scripts/run.sh");
    // A script of one's own may need no second one.
    if !files::exists(&inner) {
        return Ok(());
    }
    let update = format!("cd {} && ./bitwarden.sh updaterun", user::quote_path(&installation.dir));
    usable(&inner, &installation.owner, &update)?;
    asks_nothing(&inner, &update)
}

/// Whether the script that does the work asks nothing on its way: one that was installed between 2025-12-09 and
/// 2026-01-26 asks between down and up whether to purge an image (`bitwarden.md` A8), and without a
/// terminal that leaves the server down. One that this user may not read is taken to ask nothing.
fn asks_nothing(script: &Path, update: &str) -> Result<(), Finding> {
    let Ok(bytes) = files::read_bounded(script, SCRIPT) else { return Ok(()) };
    match shell::question(&String::from_utf8_lossy(&bytes), "restart") {
        None => Ok(()),
        Some(question) => Err(Finding::new(Cause::RestartPromptMidRestart)
            .with("path", script.to_string_lossy())
            .with("line", question.line.to_string())
            .with("words", question.text)
            .command(AdviceCode::RenewRunScript, update)),
    }
}

fn usable(path: &Path, owner: &Owner, restore: &str) -> Result<(), Finding> {
    let found = |cause| Finding::new(cause).with("path", path.to_string_lossy());
    let meta = fs::metadata(path).map_err(|error| {
        let cause = Cause::RestartScriptMissing;
        found(cause).with("errno", files::errno(&error)).command(AdviceCode::RestoreScript, restore)
    })?;
    if let Some(what) = not_a_script(path, &meta) {
        let cause = Cause::RestartScriptNotAScript;
        return Err(found(cause).with("note", what).command(AdviceCode::RestoreScript, restore));
    }
    if user::may_execute(owner, meta.uid(), meta.gid(), meta.mode()) {
        return Ok(());
    }
    let word = user::quote_path(path);
    let command = if meta.uid() == owner.uid {
        format!("chmod u+x {word}")
    } else {
        format!("sudo chown {owner}:{} {word}", owner.gid)
    };
    Err(found(Cause::RestartScriptNotExecutable)
        .with("owner", user::owner(meta.uid(), meta.gid()).to_string())
        .with("expected", owner.to_string())
        .command(AdviceCode::MakeExecutable, command))
}

/// What stands there instead of a script: an update behind a block page installs an HTML page or nothing
/// (`bitwarden.md` A8). A file that this user may not read is taken for a script.
fn not_a_script(path: &Path, meta: &fs::Metadata) -> Option<&'static str> {
    if !meta.is_file() {
        return Some("not a file");
    }
    if meta.len() == 0 {
        return Some("empty");
    }
    let mut head = Vec::new();
    let read = files::walk::open(path).and_then(|file| file.take(512).read_to_end(&mut head));
    if read.is_err() || head.starts_with(b"#!") {
        return None;
    }
    let text = String::from_utf8_lossy(&head).to_ascii_lowercase();
    Some(if text.trim_start().starts_with('<') { "html" } else { "no shebang" })
}

/// Everything that would make a restart go wrong, as far as it can be seen while the server still runs: the
/// script ([`preflight`]), Docker, room on the disks, and the ports that certbot will want. All findings at once,
/// the script's first. What cannot be looked at is no finding.
pub async fn preflight_all(installation: &Installation, runner: &Runner) -> Vec<Finding> {
    let mut findings = Vec::new();
    let (found, rights) = (installation.clone(), runner.rights().clone());
    let script = tokio::task::spawn_blocking(move || rights.run(|| preflight(&found))).await;
    if let Ok(Ok(Err(finding))) = script {
        findings.push(finding);
    }
    let docker = containers::docker(runner).await;
    let answers = matches!(docker, Docker::Answers(_));
    if let Docker::Refuses(finding) = docker {
        findings.push(finding);
    }
    findings
        .extend(space::rooms(installation, runner, answers).await.iter().filter_map(space::Room::finding));
    let certbot =
        installation.flavour == Flavour::Standard && installation.bwdata.join("letsencrypt/live").is_dir();
    if certbot && answers {
        let own = containers::containers(runner, &installation.bwdata).await.unwrap_or_default();
        let own: Vec<String> = own.into_iter().map(|container| container.id).collect();
        findings.extend(ports::taken(runner, &own).await);
    }
    findings
}
