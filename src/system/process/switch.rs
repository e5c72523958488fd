//! How a program is made to run as another user.

use std::{env, ffi::OsStr, fs, os::unix::fs::PermissionsExt, path::PathBuf};

use tokio::process::Command;

use crate::domain::installation::Owner;

use super::super::user;

/// The words that make a program run as this user. `runuser` gives it its groups, of which `docker` may be one;
/// without a name there is none, and the number alone is set (see [`become_owner`]).
pub(super) fn switch(owner: &Owner) -> Vec<String> {
    let words = |words: &[&str]| words.iter().map(ToString::to_string).collect();
    match &owner.name {
        Some(name) if find("runuser").is_some() => words(&["runuser", "-u", name, "--"]),
        Some(_) if find("setpriv").is_some() => {
            let (uid, gid) = (owner.uid.to_string(), owner.gid.to_string());
            words(&["setpriv", "--reuid", &uid, "--regid", &gid, "--init-groups", "--"])
        }
        _ => Vec::new(),
    }
}

/// Sets what no switching program sets: the environment of the user, and its number where there is no program.
pub(super) fn become_owner(command: &mut Command, owner: &Owner) {
    if switch(owner).is_empty() {
        // The standard library drops root's groups together with the user id.
        command.uid(owner.uid).gid(owner.gid);
    }
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("XDG_") || text.starts_with("SUDO_") || text == "MAIL" {
            command.env_remove(&name);
        }
    }
    match user::account(owner.uid) {
        Some(account) => {
            command.env("HOME", account.home).env("USER", &account.name).env("LOGNAME", &account.name);
        }
        None => {
            command.env_remove("HOME").env_remove("USER").env_remove("LOGNAME");
        }
    }
}

pub(super) fn find(program: &str) -> Option<PathBuf> {
    find_in(&env::var_os("PATH")?, program)
}

pub(super) fn find_in(path: &OsStr, program: &str) -> Option<PathBuf> {
    env::split_paths(path).map(|dir| dir.join(program)).find(|path| {
        fs::metadata(path).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
    })
}
