//! State that somebody tampered with, or a clock that nobody may trust: what is read, what is kept, what is
//! refused, and that the command that is advised then works.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, chown, lchown, symlink},
    path::Path,
    process::Command,
};

use bwsync::tested::{
    domain::{
        action::Act,
        check::{Cause, Finding},
        journal::{self, Command as Asked, Ending, Entry, FileChange},
    },
    system::{files, installation, state::State},
};
use time::macros::datetime;

use super::fixture::{Fixture, skipped_without_root};

/// An apply that wrote: its backup is kept, its journal says so.
fn applied(state: &State, id: &str, at: time::OffsetDateTime) -> FileChange {
    let path = Path::new("/opt/bitwarden/bwdata/env/global.override.env");
    let mut journal = state.journal(id).unwrap();
    journal.write(Entry::Start { command: Asked::Apply, takes_back: None }).unwrap();
    let backup = state.back_up(path, id.as_bytes(), at).unwrap();
    let change = FileChange {
        path: path.to_owned(),
        before: files::sha256(id.as_bytes()),
        after: format!("after {id}"),
        backup: Some(backup),
        changes: Vec::new(),
    };
    journal.write(Entry::Intent { action: Act::Write, file: Some(change.clone()) }).unwrap();
    journal.write(Entry::Done { action: Act::Write, ok: true, result: None }).unwrap();
    journal.write(Entry::End { result: Ending::Success }).unwrap();
    change
}

fn newest(state: &State) -> Option<String> {
    let runs: Vec<_> = state.runs().into_iter().map(|(_, run)| run).collect();
    journal::undoable(&runs, None).map(|undoable| undoable.run)
}

/// Runs the advised command as it stands, as root.
fn obey(finding: &Finding) {
    let command = finding.advice[0].command.as_deref().unwrap();
    assert!(Command::new("sh").args(["-c", command]).status().unwrap().success(), "{command}");
}

#[test]
fn the_counter_decides_and_not_the_clock() {
    let fixture = Fixture::new();
    let state = fixture.state();
    let future = datetime!(9999-12-31 23:59:59 UTC);
    for n in 0..12 {
        applied(&state, &format!("9999-{n:02}"), future);
    }
    assert_eq!(newest(&state).as_deref(), Some("9999-11"));
    // The clock is set back, before 1970 even: its backup is neither the oldest nor pruned, its run the newest.
    let past = datetime!(-0001-01-01 0:00 UTC);
    let change = applied(&state, "0000", past);
    assert_eq!(newest(&state).as_deref(), Some("0000"));
    assert_eq!(state.read_backup(state.dir(), &change).unwrap().bytes(), b"0000");
    // What a journal that is kept names is kept, however many there are and whatever their names say.
    for (dir, run) in state.runs() {
        state.read_backup(&dir, run.written_file().unwrap()).unwrap();
    }
    // What none names is pruned.
    let env = fixture.path("bwdata/env/global.override.env");
    for _ in 0..30 {
        state.back_up(&env, b"more", future).unwrap();
    }
    assert_eq!(fs::read_dir(state.dir().join("backups")).unwrap().count(), 13 + 10);
}

#[test]
fn planted_names_hide_nothing() {
    let fixture = Fixture::new();
    let state = fixture.state();
    applied(&state, "mine", datetime!(2026-11-30 0:00 UTC));
    let folder = state.dir().join("journal");
    for n in 0..300 {
        fs::write(folder.join(format!("zzz-{n}.jsonl")), b"{\"seq\":1").unwrap();
    }
    fs::write(folder.join("zzz-bytes.jsonl"), [0xff, 0xfe, b'\n']).unwrap();
    fs::write(folder.join("zzz-huge.jsonl"), vec![b'['; 8 << 20]).unwrap();
    symlink("/etc/passwd", folder.join("zzz-link.jsonl")).unwrap();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        folder.join("zzz-pipe.jsonl"),
        rustix::fs::FileType::Fifo,
        0o600.into(),
        0,
    )
    .unwrap();
    assert_eq!(newest(&state).as_deref(), Some("mine"));
    assert_eq!(state.readable(&fixture.installation().owner), Ok(()));
    // A journal that was cut is read as far as it is whole; one that grew beyond all measure too.
    let path = folder.join("mine.jsonl");
    let mut text = fs::read(&path).unwrap();
    text.extend(vec![b'x'; 4 << 20]);
    fs::write(&path, text).unwrap();
    assert_eq!(newest(&state).as_deref(), Some("mine"));
    applied(&state, "next", datetime!(1969-01-01 0:00 UTC));
    assert_eq!(newest(&state).as_deref(), Some("next"));
    assert!(path.exists(), "a run that wrote is not pruned by names that are none");
}

#[test]
fn a_backup_is_read_by_name_where_its_journal_lies() {
    let fixture = Fixture::new();
    let state = fixture.state();
    let change = applied(&state, "one", datetime!(2026-11-30 0:00 UTC));
    let read = |change: &FileChange| state.read_backup(state.dir(), change).map_err(|error| error.kind());
    assert_eq!(read(&change).unwrap().bytes(), b"one");
    let outside = fixture.path("secret");
    fs::write(&outside, "secret").unwrap();
    let naming = |path: &Path| FileChange {
        backup: Some(path.to_owned()),
        before: files::sha256(b"secret"),
        ..change.clone()
    };
    let backups = state.dir().join("backups");
    assert_eq!(read(&naming(&outside)).unwrap_err(), std::io::ErrorKind::NotFound);
    assert_eq!(read(&naming(&backups.join(".."))).unwrap_err(), std::io::ErrorKind::InvalidInput);
    assert_eq!(read(&naming(Path::new("/"))).unwrap_err(), std::io::ErrorKind::InvalidInput);
    symlink(&outside, backups.join("link")).unwrap();
    assert_eq!(read(&naming(&backups.join("link"))).unwrap_err(), std::io::ErrorKind::InvalidInput);
    fs::hard_link(&outside, backups.join("hard")).unwrap();
    assert_eq!(read(&naming(&backups.join("hard"))).unwrap_err(), std::io::ErrorKind::PermissionDenied);
    assert_eq!(
        state.read_backup(&fixture.path(""), &change).unwrap_err().kind(),
        std::io::ErrorKind::NotFound
    );
    // One that holds something else than was written over is not the one.
    fs::write(change.backup.as_ref().unwrap(), "edited").unwrap();
    assert_eq!(read(&change).unwrap_err(), std::io::ErrorKind::InvalidData);
    // An installation that was moved keeps its state.
    fs::write(change.backup.as_ref().unwrap(), "one").unwrap();
    let name = change.backup.as_ref().unwrap().file_name().unwrap();
    assert_eq!(
        read(&FileChange { backup: Some(Path::new("/old/place").join(name)), ..change.clone() })
            .unwrap()
            .bytes(),
        b"one"
    );
}

#[test]
fn state_is_never_put_where_undo_will_not_find_it() {
    let fixture = Fixture::new();
    let trap = fixture.path(".bwsync");
    fs::create_dir(fixture.path("trap")).unwrap();
    symlink(fixture.path("trap"), &trap).unwrap();
    let refused = fixture.state().journal("one").unwrap_err();
    assert_eq!(refused.cause, Cause::InstallNotWritable);
    assert_eq!(fixture.state().readable(&fixture.installation().owner), Err(refused.clone()));
    if skipped_without_root() {
        return;
    }
    obey(&refused);
    assert_eq!(fixture.state().usable(), Ok(()));
    fs::write(&trap, "a file").unwrap();
    obey(&fixture.state().journal("one").unwrap_err());

    // Of root in an owner's installation: given back. Of anybody else: set aside, and not believed.
    for path in ["", "bwdata", "bwdata/env", "bwdata/env/global.override.env"] {
        chown(fixture.path(path), Some(54_321), Some(54_322)).unwrap();
    }
    applied(&fixture.state(), "kept", datetime!(2026-11-30 0:00 UTC));
    let chown_all = |uid: u32| {
        for path in ["", "journal", "backups", "journal/kept.jsonl"] {
            lchown(trap.join(path), Some(uid), Some(uid)).unwrap();
        }
    };
    chown_all(0);
    let refused = fixture.state().journal("two").unwrap_err();
    assert_eq!(refused.cause, Cause::InstallWrongOwner);
    obey(&refused);
    assert_eq!(newest(&fixture.state()).as_deref(), Some("kept"));
    // A single journal of root is not "none".
    chown(trap.join("journal/kept.jsonl"), Some(0), Some(0)).unwrap();
    let finding = fixture.state().readable(&fixture.installation().owner).unwrap_err();
    assert_eq!(finding.cause, Cause::InstallNotReadable);
    assert!(finding.evidence.get("path").unwrap().ends_with("journal/kept.jsonl"));
    chown_all(54_323);
    obey(&fixture.state().journal("two").unwrap_err());
    applied(&fixture.state(), "two", datetime!(2026-11-30 0:00 UTC));
    assert_eq!(newest(&fixture.state()).as_deref(), Some("two"));
    assert!(fixture.path(".bwsync.old-3").exists());
}

#[test]
fn root_is_not_led_to_its_own_files_by_an_owner() {
    if skipped_without_root() {
        return;
    }
    let fixture = Fixture::new();
    fs::set_permissions(fixture.path(""), fs::Permissions::from_mode(0o755)).unwrap();
    let roots = tempfile::tempdir().unwrap();
    let target = roots.path().join("global.override.env");
    fs::write(&target, "globalSettings__baseServiceUri__vault=https://x.example.org\n").unwrap();
    fs::set_permissions(roots.path(), fs::Permissions::from_mode(0o755)).unwrap();
    for path in ["", "bwdata"] {
        chown(fixture.path(path), Some(54_321), Some(54_322)).unwrap();
    }
    // The folder of the env file is a link to a folder of root's.
    fs::rename(fixture.path("bwdata/env"), fixture.path("bwdata/aside")).unwrap();
    symlink(roots.path(), fixture.path("bwdata/env")).unwrap();
    lchown(fixture.path("bwdata/env"), Some(54_321), Some(54_322)).unwrap();
    let refused = installation::read(&fixture.path(""), &fixture.user).unwrap_err();
    assert_eq!(refused.cause, Cause::InstallNotReadable);
    assert!(refused.evidence.get("errno").unwrap().starts_with("symlink of another user"));
    let path = fixture.path("bwdata/env/global.override.env");
    let before = fs::read(&target).unwrap();
    let write = files::Write { path: &path, bytes: b"new", expected: &files::sha256(&before) };
    assert!(matches!(files::write_atomically(&write, &fixture.user), Err(files::WriteError::Found(_))));
    assert!(files::may_replace(&path, &fixture.user).is_err());
    assert_eq!(fs::read(&target).unwrap(), before);

    // All of `bwdata` is one: the installation would become root's, and its owner's script would run as root.
    fs::remove_file(fixture.path("bwdata/env")).unwrap();
    fs::rename(fixture.path("bwdata/aside"), fixture.path("bwdata/env")).unwrap();
    fs::rename(fixture.path("bwdata"), roots.path().join("bwdata")).unwrap();
    chown(roots.path().join("bwdata"), Some(0), Some(0)).unwrap();
    symlink(roots.path().join("bwdata"), fixture.path("bwdata")).unwrap();
    lchown(fixture.path("bwdata"), Some(54_321), Some(54_322)).unwrap();
    let refused = installation::read(&fixture.path(""), &fixture.user).unwrap_err();
    assert_eq!(refused.cause, Cause::InstallNotReadable);
}
