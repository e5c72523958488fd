//! What is opened and what is not, as oneself and as root.

use std::{
    fs,
    os::unix::fs::{chown, lchown, symlink},
};

use rustix::fs::FileType as Kind;

use super::{
    super::super::{Rights, User, user},
    *,
};

fn kind(result: io::Result<File>) -> io::ErrorKind {
    result.unwrap_err().kind()
}

#[test]
fn only_a_regular_file_is_opened_and_nothing_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::create_dir_all(path("a/b")).unwrap();
    fs::write(path("a/b/file"), "x").unwrap();
    rustix::fs::mknodat(CWD, path("pipe"), Kind::Fifo, 0o600.into(), 0).unwrap();
    symlink("a/b/../b/./file", path("link")).unwrap();
    symlink(path("link"), path("second")).unwrap();
    symlink("loop", path("loop")).unwrap();
    symlink("pipe", path("to-pipe")).unwrap();
    for name in ["a/b/file", "a/./b/../b/file", "link", "second"] {
        open(&path(name)).unwrap();
        assert_eq!(find(&path(name)).unwrap().path().file_name().unwrap(), "file");
    }
    for name in ["pipe", "to-pipe", "a"] {
        assert_eq!(kind(open(&path(name))), io::ErrorKind::InvalidInput, "{name}");
    }
    assert_eq!(kind(open(Path::new("/dev/zero"))), io::ErrorKind::InvalidInput);
    assert_eq!(kind(open(Path::new("/"))), io::ErrorKind::InvalidInput);
    assert_eq!(kind(open(&path("a/b/file/x"))), io::ErrorKind::NotADirectory);
    assert_eq!(kind(open(&path("none"))), io::ErrorKind::NotFound);
    assert_eq!(open(&path("loop")).unwrap_err().raw_os_error(), Some(Errno::LOOP.raw_os_error()));

    let inner = Folder::at(&path("a")).unwrap();
    assert_eq!(inner.enter("b".as_ref()).unwrap().names(9).unwrap(), ["file"]);
    assert_eq!(inner.names(0).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
    let outer = Folder::at(folder.path()).unwrap();
    for name in ["link", "pipe", "a", "to-pipe"] {
        assert_eq!(kind(outer.read(name.as_ref())), io::ErrorKind::InvalidInput, "{name}");
        assert_eq!(kind(outer.create(name.as_ref())), io::ErrorKind::AlreadyExists, "{name}");
    }
    symlink("a", path("to-a")).unwrap();
    assert_eq!(outer.enter("to-a".as_ref()).unwrap_err().kind(), io::ErrorKind::NotADirectory);
    Folder::made(&path("new/deep")).unwrap();
    assert_eq!(fs::metadata(path("new/deep")).unwrap().mode() & 0o777, 0o700);
}

#[test]
fn root_is_led_nowhere_by_another_user() {
    if !User::current().is_root() {
        println!("skipped: needs root");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let path = |name: &str| folder.path().join(name);
    for name in ["root", "theirs"] {
        fs::create_dir(path(name)).unwrap();
    }
    fs::write(path("root/secret"), "x").unwrap();
    fs::write(path("theirs/own"), "x").unwrap();
    let give = |name: &str| lchown(path(name), Some(54_321), Some(54_321)).unwrap();
    symlink(path("root"), path("theirs/folder")).unwrap();
    symlink(path("root/secret"), path("theirs/link")).unwrap();
    symlink("own", path("theirs/self")).unwrap();
    symlink(path("root/secret"), path("theirs/roots-link")).unwrap();
    for name in ["theirs", "theirs/own", "theirs/folder", "theirs/link", "theirs/self"] {
        give(name);
    }
    let refused = |name: &str| Refused::of(&open(&path(name)).unwrap_err());
    let theirs = Some(Refused::LinkOf(54_321));
    for name in ["theirs/folder/secret", "theirs/link", "theirs/roots-link"] {
        assert_eq!(refused(name), theirs, "{name}");
    }
    assert_eq!(Refused::of(&Folder::at(&path("theirs/folder")).unwrap_err()), theirs);
    open(&path("theirs/self")).unwrap();
    open(&path("theirs/own")).unwrap();
    // The same while root lends itself that user's rights: the kernel would follow.
    let rights = Rights::of(&user::owner(54_321, 54_321), &User::current());
    let lent = rights.run(|| open(&path("theirs/link"))).unwrap();
    assert_eq!(Refused::of(&lent.unwrap_err()), theirs);
    rights.run(|| open(&path("theirs/self"))).unwrap().unwrap();

    // A second name of root's file in their folder is that file too.
    fs::hard_link(path("root/secret"), path("theirs/hard")).unwrap();
    assert_eq!(refused("theirs/hard"), Some(Refused::SecondName(54_321)));
    chown(path("theirs"), Some(0), Some(0)).unwrap();
    open(&path("theirs/hard")).unwrap();
}
