//! Who runs bwsync, who owns a file, and the command that does the same as the owner.

use std::{
    env,
    io::{BufRead, BufReader, Read},
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use crate::domain::{installation::Owner, outside};

/// Longest part of an account file that is read, in bytes.
const ACCOUNTS: u64 = 4 << 20;
/// Owner of files that an installation run as root leaves behind (`bitwarden.md` F1).
pub const NOBODY: u32 = 65_534;

/// The person or program that started bwsync.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Effective user id.
    pub uid: u32,
    /// Effective group id.
    pub gid: u32,
    /// Supplementary groups.
    pub groups: Vec<u32>,
    /// User name, where this machine has one.
    pub name: Option<String>,
    /// Home folder.
    pub home: Option<PathBuf>,
    /// `SUDO_USER`: who used sudo, which drops proxy variables.
    pub sudo_user: Option<String>,
    /// The command line that started bwsync, to be shown again with `sudo -u` before it.
    pub invocation: Vec<String>,
}

/// A line of the account database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// User name.
    pub name: String,
    /// User id.
    pub uid: u32,
    /// Primary group.
    pub gid: u32,
    /// Home folder.
    pub home: PathBuf,
}

impl User {
    /// The one that this process runs as.
    pub fn current() -> Self {
        let uid = rustix::process::geteuid().as_raw();
        let account = account(uid);
        let groups = rustix::process::getgroups().unwrap_or_default();
        Self {
            uid,
            gid: rustix::process::getegid().as_raw(),
            groups: groups.into_iter().map(|group| group.as_raw()).collect(),
            home: env::var_os("HOME")
                .filter(|home| !home.is_empty())
                .map(PathBuf::from)
                .or_else(|| account.as_ref().map(|account| account.home.clone())),
            name: account.map(|account| account.name),
            sudo_user: env::var("SUDO_USER").ok().filter(|name| !name.is_empty()),
            invocation: env::args_os().map(|arg| arg.to_string_lossy().into_owned()).collect(),
        }
    }

    /// Whether it is root.
    pub fn is_root(&self) -> bool {
        self.uid == 0
    }

    /// The same command as the owner: `sudo -u OWNER bwsync …`.
    pub fn rerun_as(&self, owner: &Owner) -> String {
        let mut words = vec!["sudo".to_owned(), "-u".to_owned(), sudo_name(owner)];
        if self.invocation.is_empty() {
            words.push("bwsync".to_owned());
        }
        words.extend(self.invocation.iter().cloned());
        command_line(&words)
    }
}

/// The owner as `sudo -u` takes it: a name, or `#` and a number.
fn sudo_name(owner: &Owner) -> String {
    owner.name.clone().unwrap_or_else(|| format!("#{}", owner.uid))
}

/// The owner of these ids, with its name.
pub fn owner(uid: u32, gid: u32) -> Owner {
    Owner { uid, gid, name: account(uid).map(|account| account.name) }
}

/// The account of a user id, from `/etc/passwd`. Accounts that only a directory service knows have no name
/// here and go by number.
pub fn account(uid: u32) -> Option<Account> {
    lines("/etc/passwd").find_map(|line| parse_account(&line).filter(|account| account.uid == uid))
}

/// All groups of an account: the primary one and those of `/etc/group` that name it.
pub fn groups_of(owner: &Owner) -> Vec<u32> {
    let mut groups = vec![owner.gid];
    if let Some(account) = account(owner.uid) {
        groups.push(account.gid);
        groups.extend(lines("/etc/group").filter_map(|line| parse_group(&line, &account.name)));
    }
    groups.sort_unstable();
    groups.dedup();
    groups
}

/// The name of a group, from `/etc/group`.
pub fn group(gid: u32) -> Option<String> {
    lines("/etc/group").find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?.to_owned();
        (fields.nth(1)?.parse() == Ok(gid)).then_some(name)
    })
}

/// Whether the owner may execute a file of these ids and mode bits.
pub fn may_execute(owner: &Owner, uid: u32, gid: u32, mode: u32) -> bool {
    if owner.uid == 0 {
        mode & 0o111 != 0
    } else if owner.uid == uid {
        mode & 0o100 != 0
    } else if groups_of(owner).contains(&gid) {
        mode & 0o010 != 0
    } else {
        mode & 0o001 != 0
    }
}

/// The words as one line that a shell reads back as the same words.
pub fn command_line<S: AsRef<str>>(words: &[S]) -> String {
    words.iter().map(|word| outside::word(word.as_ref().as_bytes())).collect::<Vec<_>>().join(" ")
}

/// A path as a word of a shell command.
pub fn quote_path(path: &Path) -> String {
    outside::word(path.as_os_str().as_bytes())
}

fn lines(path: &str) -> impl Iterator<Item = String> {
    let file = std::fs::File::open(path).ok();
    file.into_iter().flat_map(|file| BufReader::new(file.take(ACCOUNTS)).lines().map_while(Result::ok))
}

fn parse_account(line: &str) -> Option<Account> {
    let mut fields = line.split(':');
    let name = fields.next()?.to_owned();
    let uid = fields.nth(1)?.parse().ok()?;
    let gid = fields.next()?.parse().ok()?;
    let home = PathBuf::from(fields.nth(1)?);
    Some(Account { name, uid, gid, home })
}

fn parse_group(line: &str, member: &str) -> Option<u32> {
    let mut fields = line.split(':');
    let gid = fields.nth(2)?.parse().ok()?;
    fields.next()?.split(',').any(|name| name.trim() == member).then_some(gid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_read_back_by_the_shell() {
        for bytes in ["tab\there\u{1b}[2J'\\".as_bytes(), "x\u{202e}y it's".as_bytes(), b"\xff\xfe1"] {
            let word = quote_path(Path::new(std::ffi::OsStr::from_bytes(bytes)));
            match std::process::Command::new("bash").args(["-c", &format!("printf %s {word}")]).output() {
                Ok(told) => assert_eq!(told.stdout, bytes, "{word}"),
                Err(error) => println!("skipped: no bash ({error})"),
            }
        }
    }

    #[test]
    fn account_lines_are_read() {
        let account = parse_account("bitwarden:x:1001:1002:Bitwarden:/home/bitwarden:/bin/bash").unwrap();
        assert_eq!((account.uid, account.gid, account.name.as_str()), (1001, 1002, "bitwarden"));
        assert_eq!(account.home, Path::new("/home/bitwarden"));
        assert!(parse_account("# comment").is_none());
        assert_eq!(parse_group("docker:x:105:alice,bitwarden", "bitwarden"), Some(105));
        assert_eq!(parse_group("docker:x:105:bitwarden2", "bitwarden"), None);
    }

    #[test]
    fn the_command_for_the_owner_can_be_pasted() {
        let mut user = User::current();
        user.invocation = ["bwsync", "apply", "--dir", "/opt/my server"].map(String::from).to_vec();
        let named = Owner { uid: 1001, gid: 1001, name: Some("bitwarden".into()) };
        assert_eq!(user.rerun_as(&named), "sudo -u bitwarden bwsync apply --dir '/opt/my server'");
        let number = Owner { name: None, ..named };
        assert_eq!(user.rerun_as(&number), "sudo -u '#1001' bwsync apply --dir '/opt/my server'");
        assert_eq!(command_line(&["a'b", ""]), r"'a'\''b' ''");
    }

    #[test]
    fn execution_follows_the_class_that_applies() {
        let owner = Owner { uid: 4_000_001, gid: 4_000_002, name: None };
        assert!(may_execute(&owner, 4_000_001, 0, 0o700));
        assert!(!may_execute(&owner, 4_000_001, 0, 0o077));
        assert!(may_execute(&owner, 0, 4_000_002, 0o750));
        assert!(!may_execute(&owner, 0, 0, 0o744));
        assert!(may_execute(&Owner { uid: 0, gid: 0, name: None }, 5, 5, 0o001));
    }
}
