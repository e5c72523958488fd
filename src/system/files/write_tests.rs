//! What must hold when a write is killed, raced, refused or led astray.

use std::{
    env, fs,
    os::unix::fs::{PermissionsExt, chown, symlink},
    process::Command,
};

use super::*;
use crate::needs::{self, Need};

const STEPS: [Step; 8] = [
    Step::Checked,
    Step::Created,
    Step::Written,
    Step::Dressed,
    Step::Synced,
    Step::Looked,
    Step::Exchanged,
    Step::Renamed,
];

/// Whether the new file stands at this step.
fn stands_at(step: Step) -> bool {
    matches!(step, Step::Exchanged | Step::Renamed)
}

fn folder_with(bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("global.override.env");
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn names(folder: &Path) -> Vec<OsString> {
    let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    names
}

fn write<'a>(path: &'a Path, bytes: &'a [u8], expected: &'a str) -> Write<'a> {
    Write { path, bytes, expected }
}

#[test]
fn the_file_keeps_its_mode_and_nothing_stays_beside_it() {
    let (folder, path) = folder_with(b"old");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    write_atomically(&write(&path, b"new", &sha256(b"old")), &User::current()).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, 0o640);
    assert_eq!(names(folder.path()), ["global.override.env"]);
}

#[test]
fn an_access_list_stays() {
    let (_folder, path) = folder_with(b"old");
    // Version 2, then (tag, permissions, id): owner rw, user 54321 r, group nothing, mask r, others nothing.
    let mut list = 2_u32.to_le_bytes().to_vec();
    let nobody = u32::MAX;
    for (tag, allowed, id) in
        [(1, 6, nobody), (2, 4, 54_321), (4, 0, nobody), (16, 4, nobody), (32, 0, nobody)]
    {
        list.extend(u16::to_le_bytes(tag));
        list.extend(u16::to_le_bytes(allowed));
        list.extend(u32::to_le_bytes(id));
    }
    let kept = rustix::fs::setxattr(&path, LABELS[1], &list, XattrFlags::empty());
    if !needs::has("access-lists", kept.is_ok()) {
        return;
    }
    write_atomically(&write(&path, b"new", &sha256(b"old")), &User::current()).unwrap();
    assert_eq!(label(&File::open(&path).unwrap(), LABELS[1]).unwrap(), Some(list));
}

#[test]
fn a_file_that_changed_since_the_plan_is_left_alone() {
    let (folder, path) = folder_with(b"edited");
    let user = User::current();
    let hash = sha256(b"old");
    assert_eq!(write_atomically(&write(&path, b"new", &hash), &user), Err(WriteError::Changed));
    assert_eq!(fs::read(&path).unwrap(), b"edited");

    let hash = sha256(b"edited");
    let late = write_watched(&write(&path, b"new", &hash), &user, &mut |step| {
        if step == Step::Synced {
            fs::write(&path, b"saved by an editor").unwrap();
        }
        Ok(())
    });
    assert_eq!(late, Err(WriteError::Changed));
    assert_eq!(fs::read(&path).unwrap(), b"saved by an editor");
    assert_eq!(names(folder.path()), ["global.override.env"]);
}

/// The last moment there is: an editor saves between the last look and the exchange, and again right after it, in
/// place or by a file of its own. What was saved last stands, nothing else is left, and nothing is told as written.
#[test]
fn what_is_saved_in_the_last_moment_stands() {
    type Save = fn(&Path, &[u8]);
    let in_place: Save = |path, bytes| fs::write(path, bytes).unwrap();
    let by_rename: Save = |path, bytes| {
        let other = path.with_extension("swp");
        fs::write(&other, bytes).unwrap();
        fs::rename(&other, path).unwrap();
    };
    for save in [in_place, by_rename] {
        for again in [false, true] {
            let (folder, path) = folder_with(b"old");
            let result =
                write_watched(&write(&path, b"new", &sha256(b"old")), &User::current(), &mut |step| {
                    match step {
                        Step::Looked => save(&path, b"saved"),
                        Step::Exchanged if again => save(&path, b"saved again"),
                        _ => {}
                    }
                    Ok(())
                });
            assert_eq!(result, Err(WriteError::Changed));
            let wanted: &[u8] = if again { b"saved again" } else { b"saved" };
            assert_eq!(fs::read(&path).unwrap(), wanted);
            assert_eq!(names(folder.path()), ["global.override.env"]);
        }
    }
}

/// At every step the owner swaps what lies on the way: the folder for a link to root's, the file for a link, a
/// pipe or another's file. What stands elsewhere is never written, and what was not written is not told as written.
#[test]
fn a_swap_at_any_step_leads_nowhere() {
    type Swap = fn(&Path, &Path);
    let link_folder: Swap = |env, other| {
        fs::rename(env, env.with_extension("aside")).unwrap();
        symlink(other, env).unwrap();
    };
    let other_folder: Swap = |env, other| {
        fs::rename(env, env.with_extension("aside")).unwrap();
        fs::create_dir(env).unwrap();
        fs::copy(other.join("f.env"), env.join("f.env")).unwrap();
    };
    let link_file: Swap = |env, other| {
        fs::remove_file(env.join("f.env")).unwrap();
        symlink(other.join("f.env"), env.join("f.env")).unwrap();
    };
    let pipe: Swap = |env, _| {
        fs::remove_file(env.join("f.env")).unwrap();
        let kind = rustix::fs::FileType::Fifo;
        rustix::fs::mknodat(rustix::fs::CWD, env.join("f.env"), kind, 0o600.into(), 0).unwrap();
    };
    let gone: Swap = |env, _| fs::remove_dir_all(env).unwrap();
    for (name, swap) in [
        ("link folder", link_folder),
        ("other folder", other_folder),
        ("link file", link_file),
        ("pipe", pipe),
        ("gone", gone),
    ] {
        for at in STEPS.into_iter().filter(|step| !stands_at(*step)) {
            let base = tempfile::tempdir().unwrap();
            let (env, other) = (base.path().join("env"), base.path().join("other"));
            for folder in [&env, &other] {
                fs::create_dir(folder).unwrap();
                fs::write(folder.join("f.env"), b"old").unwrap();
            }
            let (path, hash) = (env.join("f.env"), sha256(b"old"));
            let result = write_watched(&write(&path, b"new", &hash), &User::current(), &mut |step| {
                if step == at {
                    swap(&env, &other);
                }
                Ok(())
            });
            assert!(result.is_err(), "{name} at {at:?}");
            assert_eq!(fs::read(other.join("f.env")).unwrap(), b"old", "{name} at {at:?}");
            assert_eq!(names(&other), ["f.env"], "{name} at {at:?}");
            let aside = env.with_extension("aside").join("f.env");
            assert!(!aside.exists() || fs::read(aside).unwrap() == b"old", "{name} at {at:?}");
        }
    }
}

/// A disk that is full, and a folder that may only be read: the old file stays, the cause is told.
#[test]
fn what_the_system_refuses_is_told_and_the_old_file_stays() {
    let user = User::current();
    if !user.is_root() {
        println!("skipped: needs root");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mount = |words: &[&str]| Command::new("mount").args(words).arg(folder.path()).status();
    if !mount(&["-t", "tmpfs", "-o", "size=64k,mode=755", "tmpfs"]).is_ok_and(|status| status.success()) {
        println!("skipped: may mount nothing");
        return;
    }
    let path = folder.path().join("f.env");
    fs::write(&path, b"old").unwrap();
    let hash = sha256(b"old");
    let big = vec![b'x'; 256 << 10];
    let full = write_atomically(&write(&path, &big, &hash), &user);
    let left = names(folder.path());
    let read_only = mount(&["-o", "remount,ro"]).is_ok_and(|status| status.success());
    let refused = write_atomically(&write(&path, b"new", &hash), &user);
    let stands = fs::read(&path).unwrap();
    assert!(Command::new("umount").arg(folder.path()).status().unwrap().success());
    assert!(
        matches!(&full, Err(WriteError::Found(found)) if found.cause == Cause::RestartDiskFull),
        "{full:?}"
    );
    assert_eq!(left, ["f.env"]);
    let Err(WriteError::Found(found)) = refused else { panic!("written on a read-only file system") };
    assert!(read_only && found.cause == Cause::InstallNotWritable);
    assert_eq!(found.evidence.get("errno"), Some("read-only file system"));
    assert_eq!(stands, b"old");
}

#[test]
fn killed_at_any_step_it_is_the_old_file_or_the_new_one_and_the_next_run_tidies() {
    for killed_at in STEPS {
        let (folder, path) = folder_with(b"old");
        let hash = sha256(b"old");
        write_watched(&write(&path, b"new", &hash), &User::current(), &mut |step| {
            if step == killed_at { Err(Killed) } else { Ok(()) }
        })
        .unwrap();
        let stands = fs::read(&path).unwrap();
        assert_eq!(stands, if stands_at(killed_at) { b"new" } else { b"old" }, "{killed_at:?}");
        let hash = sha256(&stands);
        write_atomically(&write(&path, b"newer", &hash), &User::current()).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"newer");
        assert_eq!(names(folder.path()), ["global.override.env"], "{killed_at:?}");
    }
}

/// The same with a real process that dies: this test starts itself again and aborts at the step named.
#[test]
fn a_process_that_dies_leaves_the_old_file_or_the_new_one() {
    const NAME: &str = "system::files::write::tests::a_process_that_dies_leaves_the_old_file_or_the_new_one";
    if let (Ok(step), Ok(path)) = (env::var("WRITE_DIES_AT"), env::var("WRITE_PATH")) {
        let hash = sha256(b"old");
        let _ = write_watched(&write(Path::new(&path), b"new", &hash), &User::current(), &mut |at| {
            if format!("{at:?}") == step { std::process::abort() } else { Ok(()) }
        });
        unreachable!("no such step");
    }
    for step in STEPS {
        let (_folder, path) = folder_with(b"old");
        let status = Command::new(env::current_exe().unwrap())
            .args(["--exact", NAME, "--test-threads=1"])
            .env("WRITE_DIES_AT", format!("{step:?}"))
            .env("WRITE_PATH", &path)
            .output()
            .unwrap()
            .status;
        assert!(!status.success());
        let wanted: &[u8] = if stands_at(step) { b"new" } else { b"old" };
        assert_eq!(fs::read(&path).unwrap(), wanted, "{step:?}");
    }
}

#[test]
fn a_symlink_of_ones_own_is_followed_and_stays() {
    let (folder, path) = folder_with(b"old");
    let link = folder.path().join("link.env");
    symlink(&path, &link).unwrap();
    write_atomically(&write(&link, b"new", &sha256(b"old")), &User::current()).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read(&path).unwrap(), b"new");
}

#[test]
fn root_writes_as_the_owner_and_not_where_that_one_could_not() {
    let user = User::current();
    if !needs::met(&[Need::Root]) {
        return;
    }
    let (folder, path) = folder_with(b"old");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    chown(&path, Some(54_321), Some(54_322)).unwrap();
    let hash = sha256(b"old");
    // The folder is root's: the owner may not write there, so root does not either.
    let refused = write_atomically(&write(&path, b"new", &hash), &user);
    assert!(matches!(&refused, Err(WriteError::Found(found)) if found.cause == Cause::InstallNotWritable));
    assert_eq!(may_replace(&path, &user).map_err(WriteError::Found), refused);
    chown(folder.path(), Some(54_321), Some(54_322)).unwrap();
    assert_eq!(may_replace(&path, &user), Ok(()));
    write_atomically(&write(&path, b"new", &hash), &user).unwrap();
    let meta = fs::metadata(&path).unwrap();
    assert_eq!((meta.uid(), meta.gid(), meta.mode() & 0o7777), (54_321, 54_322, 0o600));
    assert_eq!(fs::read(&path).unwrap(), b"new");

    // A link that the folder's owner planted does not lead root to root's files.
    let (_other, theirs) = folder_with(b"root's");
    let link = folder.path().join("planted.env");
    symlink(&theirs, &link).unwrap();
    chown(&theirs, Some(0), Some(0)).unwrap();
    std::os::unix::fs::lchown(&link, Some(54_321), Some(54_322)).unwrap();
    let refused = write_atomically(&write(&link, b"new", &sha256(b"root's")), &user);
    assert!(matches!(refused, Err(WriteError::Found(_))));
    assert_eq!(fs::read(&theirs).unwrap(), b"root's");

    // A file of root in that folder is refused, with the command that gives it back.
    chown(&path, Some(0), Some(0)).unwrap();
    let refused = write_atomically(&write(&path, b"newer", &sha256(b"new")), &user);
    assert!(matches!(refused, Err(WriteError::Found(found)) if found.cause == Cause::InstallWrongOwner));
}

#[test]
fn somebody_else_is_given_the_command() {
    let (_folder, path) = folder_with(b"old");
    let mut user = User::current();
    let owner = user.uid;
    user.uid = 54_321;
    user.invocation = vec!["bwsync".into(), "apply".into()];
    let Err(WriteError::Found(found)) = write_atomically(&write(&path, b"new", &sha256(b"old")), &user)
    else {
        panic!("it was written");
    };
    assert_eq!(found.cause, Cause::InstallNotWritable);
    assert_eq!(may_replace(&path, &user), Err(found.clone()));
    let command = found.advice[0].command.clone().unwrap();
    assert!(command.starts_with("sudo -u ") && command.ends_with(" bwsync apply"), "{owner} {command}");
}
