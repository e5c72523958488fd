//! How a program is made to run as another user.

use std::{
    env,
    ffi::OsStr,
    fs,
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::PathBuf,
    process::Command,
};

use crate::domain::installation::Owner;

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

/// Sets the user's number where there is no switching program.
pub(super) fn become_owner(command: &mut Command, owner: &Owner) {
    if switch(owner).is_empty() {
        // The standard library drops root's groups together with the user id.
        command.uid(owner.uid).gid(owner.gid);
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
