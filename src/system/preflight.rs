//! What must hold before the script may run: afterwards it is too late, since it takes the server down first.

use std::{io::Read, path::Path};

use rustix::fs::FileType;

use crate::domain::{
    check::{AdviceCode, Cause, Finding},
    installation::{Flavour, Installation, Owner},
};

use super::{
    containers::{self, Docker},
    files::{
        self, Weak,
        walk::{self, Found},
    },
    ports,
    process::Runner,
    shell, space,
    user::{self, NOBODY},
};

/// Where the project publishes the script (`bitwarden.md` F9).
const SCRIPT_URL: &str = "https://func.bitwarden.com/api/dl/?app=self-host&platform=linux";
/// Longest script that is read, in bytes; the genuine ones have some 10 KB.
const SCRIPT: u64 = 1 << 20;

/// Whether the script can be run at all: it exists, and like `bwdata/scripts/run.sh`, where that is, it is a
/// script, may be executed by the owner, can be changed by nobody else and asks nothing in the middle. Other flavours have none to be judged.
///
/// # Errors
/// `restart.script_missing`, `restart.script_not_a_script`, `restart.script_not_executable`,
/// `restart.script_of_others`, `restart.prompt_mid_restart`.
pub fn preflight(installation: &Installation) -> Result<(), Finding> {
    if installation.flavour != Flavour::Standard {
        // There is none, and none belongs there.
        return Ok(());
    }
    let script = installation.dir.join("bitwarden.sh");
    let command = format!("curl -fLo {} '{SCRIPT_URL}'", user::quote_path(&script));
    let owner = &installation.owner;
    usable(&script, owner, &command, &[owner.uid])?;
    let inner = installation.bwdata.join("scripts/run.sh");
    // A script of one's own may need no second one.
    if !files::exists(&inner) {
        return Ok(());
    }
    let update = format!("cd {} && ./bitwarden.sh updaterun", user::quote_path(&installation.dir));
    // Installed by root, all of bwdata belongs to 65534 (`bitwarden.md` F1); that much comes with accepting an
    // installation of root.
    usable(
        &inner,
        owner,
        &update,
        if owner.uid == 0 { &[NOBODY] } else { std::slice::from_ref(&owner.uid) },
    )?;
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

/// `users` are those who may change it, beside root.
fn usable(path: &Path, owner: &Owner, restore: &str, users: &[u32]) -> Result<(), Finding> {
    let found = |cause| Finding::new(cause).with("path", path.to_string_lossy());
    let script = walk::find(path).map_err(|error| {
        let cause = Cause::RestartScriptMissing;
        found(cause).with("errno", files::errno(&error)).command(AdviceCode::RestoreScript, restore)
    })?;
    if let Some(what) = not_a_script(&script) {
        let cause = Cause::RestartScriptNotAScript;
        return Err(found(cause).with("note", what).command(AdviceCode::RestoreScript, restore));
    }
    let ((uid, gid), mode) = (script.owner(), script.stat().st_mode);
    if !user::may_execute(owner, uid, gid, mode) {
        let word = user::quote_path(path);
        let command = if uid == owner.uid {
            format!("chmod u+x {word}")
        } else {
            format!("sudo chown {owner}:{} {word}", owner.gid)
        };
        return Err(found(Cause::RestartScriptNotExecutable)
            .with("owner", user::owner(uid, gid).to_string())
            .with("expected", owner.to_string())
            .command(AdviceCode::MakeExecutable, command));
    }
    script.weak(users).map_or(Ok(()), |weak| Err(of_others(&weak, owner)))
}

/// Somebody else could put into the script what is then run as its owner, or as root.
fn of_others(weak: &Weak, owner: &Owner) -> Finding {
    let finding = |part: &Path| {
        Finding::new(Cause::RestartScriptOfOthers)
            .with("path", part.to_string_lossy())
            .with("expected", owner.to_string())
    };
    match weak {
        Weak::OwnerIs(part, uid) => {
            let command = format!("sudo chown {owner}:{} {}", owner.gid, user::quote_path(part));
            finding(part)
                .with("owner", user::owner(*uid, 0).to_string())
                .command(AdviceCode::GiveScriptBack, command)
        }
        Weak::OpenToOthers(part) => {
            let command = format!("sudo chmod o-w {}", user::quote_path(part));
            finding(part).with("reason", "open_to_others").command(AdviceCode::GiveScriptBack, command)
        }
    }
}

/// What stands there instead of a script: an update behind a block page installs an HTML page or nothing
/// (`bitwarden.md` A8). A file that this user may not read is taken for a script.
fn not_a_script(script: &Found) -> Option<&'static str> {
    let stat = script.stat();
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return Some("not a file");
    }
    if stat.st_size == 0 {
        return Some("empty");
    }
    let mut head = Vec::new();
    let read = script.open().and_then(|file| file.take(512).read_to_end(&mut head));
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
