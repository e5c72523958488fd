//! Programs of others have nothing of the caller's: what a script of the owner, or a `docker` of the owner, types into a
//! terminal never reaches the shell from which bwsync was called. A real shell on a real terminal tells what it read.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot go on fails")]

use std::{
    fs,
    io::Read,
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::Path,
};

use bwsync::tested::simulator::{self, Running};
use pty_process::blocking::Command;

/// Types `id` into every terminal that it has: its streams and the controlling one.
const ATTACK: &str = r#"perl -e '
    my @all = (*STDIN, *STDOUT, *STDERR);
    if (open(my $terminal, "+<", "/dev/tty")) { push @all, $terminal; }
    for my $file (@all) { for my $typed ("i", "d", "\n") { my $key = $typed; ioctl($file, 0x5412, $key); } }
'
"#;

/// What a shell on a terminal of its own has in its input after it ran this.
fn typed(running: &Running, words: &str) -> String {
    let (mut pty, pts) = pty_process::blocking::open().unwrap();
    let script = format!(
        "{words} </dev/tty; stty -icanon -echo min 0 time 5; printf 'typed <%s>\n' \"$(dd bs=64 count=1 2>/dev/null | tr -d '\\n\\r')\""
    );
    let mut child = Command::new("/bin/sh")
        .args(["-c", &script, env!("CARGO_BIN_EXE_bwsync")])
        .envs(running.environment())
        .spawn(pts)
        .unwrap();
    let (mut said, mut part) = (Vec::new(), [0; 4_096]);
    // The terminal ends with an error when the last process on it ends.
    while let Ok(read @ 1..) = pty.read(&mut part) {
        said.extend_from_slice(&part[..read]);
    }
    child.wait().unwrap();
    String::from_utf8_lossy(&said).into_owned()
}

/// Puts a program of the owner's in the place of this one: it attacks, then does what that did.
fn attacked(program: &Path) {
    let real = program.with_extension("real");
    let was = fs::metadata(program).unwrap();
    fs::rename(program, &real).unwrap();
    let text = format!("#!/bin/sh\n{ATTACK}exec '{}' \"$@\"\n", real.display());
    fs::write(program, text).unwrap();
    fs::set_permissions(program, fs::Permissions::from_mode(0o755)).unwrap();
    chown(program, Some(was.uid()), Some(was.gid())).unwrap();
}

#[test]
fn what_a_script_or_docker_types_never_reaches_the_callers_shell() {
    let running = simulator::start("pull-fails").unwrap();
    let control = running.dir.parent().unwrap().join("attack");
    fs::write(&control, format!("#!/bin/sh\n{ATTACK}")).unwrap();
    fs::set_permissions(&control, fs::Permissions::from_mode(0o755)).unwrap();
    let seen = typed(&running, &format!("'{}'", control.display()));
    if !seen.contains("typed <id") {
        println!("skipped: this machine lets nobody type into a terminal: {seen}");
        return;
    }
    let path = running.environment().into_iter().find_map(|(name, value)| (name == "PATH").then_some(value));
    let docker = std::env::split_paths(&path.unwrap()).next().unwrap().join("docker");
    attacked(&docker);
    for words in ["apply --yes --no-pull", "undo --yes --restart", "check"] {
        let said = typed(&running, &format!("\"$0\" {words}"));
        assert!(said.contains("typed <>"), "{words}: {said}");
    }
    let running = simulator::start("happy-us").unwrap();
    attacked(&running.dir.join("bitwarden.sh"));
    let said = typed(&running, "\"$0\" apply --yes");
    assert!(said.contains("typed <>"), "{said}");
    assert!(running.server.running().unwrap().cloud_communication, "{said}");
}
