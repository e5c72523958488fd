//! Which variables a program gets: those that it needs to find its way, and nothing of ours. Whoever started
//! bwsync may have secrets in the environment (`BW_CLIENTSECRET`), and what runs with another user's rights has no
//! business with the caller's.

use std::ffi::{OsStr, OsString};

use crate::domain::installation::Owner;

use super::super::user;

/// What leads to the outside and says how to speak: good for whoever runs.
const SHARED: &[&str] = &[
    "PATH",
    "LANG",
    "LANGUAGE",
    "TZ",
    "DOCKER_HOST",
    "DOCKER_CONTEXT",
    "DOCKER_TLS",
    "DOCKER_TLS_VERIFY",
    "DOCKER_CERT_PATH",
    "DOCKER_API_VERSION",
    "DOCKER_DEFAULT_PLATFORM",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
];
/// The same in upper and lower case.
const PROXY: &[&str] = &["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "FTP_PROXY"];
/// Folders that are the caller's: only for a program that runs as the caller.
const OWN: &[&str] = &["HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "XDG_RUNTIME_DIR", "DOCKER_CONFIG"];

/// The environment of a program that runs as `owner`, or as the caller whose variables these are. There is no
/// terminal, so none is described.
pub(super) fn clean(
    ours: impl IntoIterator<Item = (OsString, OsString)>,
    owner: Option<&Owner>,
) -> Vec<(OsString, OsString)> {
    let passes = |name: &OsStr| {
        let Some(name) = name.to_str() else { return false };
        SHARED.contains(&name)
            || PROXY.iter().any(|proxy| proxy.eq_ignore_ascii_case(name))
            || name.starts_with("LC_")
            || name.starts_with("COMPOSE_")
            || owner.is_none() && OWN.contains(&name)
    };
    let mut kept: Vec<_> = ours.into_iter().filter(|(name, _)| passes(name)).collect();
    if let Some(account) = owner.and_then(|owner| user::account(owner.uid)) {
        kept.push(("HOME".into(), account.home.into()));
        kept.extend(["USER", "LOGNAME"].map(|name| (name.into(), account.name.clone().into())));
    }
    kept.push(("TERM".into(), "dumb".into()));
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_needed_is_passed_on() {
        let given = [
            ("PATH", "/bin"),
            ("HOME", "/home/me"),
            ("LC_ALL", "C"),
            ("TERM", "xterm"),
            ("https_proxy", "http://p:3128"),
            ("DOCKER_HOST", "unix:///x"),
            ("DOCKER_CONFIG", "/home/me/.docker"),
            ("COMPOSE_HTTP_TIMEOUT", "9"),
            ("BW_CLIENTSECRET", "s3cret"),
            ("BWSYNC_TOKEN_FILE", "t"),
            ("SUDO_USER", "me"),
            ("LD_PRELOAD", "x"),
            ("SSH_AUTH_SOCK", "/s"),
        ];
        let names = |owner| {
            let ours = given.map(|(name, value)| (name.into(), value.into()));
            let kept = clean(ours, owner);
            kept.iter().map(|(name, _)| name.to_string_lossy().into_owned()).collect::<Vec<_>>()
        };
        let shared = ["LC_ALL", "https_proxy", "DOCKER_HOST"];
        let mine = names(None);
        assert!(shared.iter().all(|name| mine.iter().any(|kept| kept == name)), "{mine:?}");
        assert_eq!(
            mine,
            [
                "PATH",
                "HOME",
                "LC_ALL",
                "https_proxy",
                "DOCKER_HOST",
                "DOCKER_CONFIG",
                "COMPOSE_HTTP_TIMEOUT",
                "TERM"
            ]
        );
        let unnamed = Owner { uid: 54_321, gid: 54_321, name: None };
        assert_eq!(
            names(Some(&unnamed)),
            ["PATH", "LC_ALL", "https_proxy", "DOCKER_HOST", "COMPOSE_HTTP_TIMEOUT", "TERM"]
        );
    }
}
