//! Finding, reading, state, journal, lock.

use std::{
    fs,
    io::Read,
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::Path,
    process::{Command, Stdio},
};

use bwsync::tested::{
    domain::{
        action::{Act, Set},
        check::Cause,
        journal::{self, Command as Asked, Ending, Entry, FileChange},
    },
    system::{
        User, clock,
        files::{self, Write},
        installation,
        locate::{Located, Places, locate},
        lock::{self, LockError},
        state::State,
    },
};

use super::{
    fixture::{Fixture, skipped_without_root},
    needs,
};

#[test]
fn a_standard_installation_is_found_and_read() {
    let fixture = Fixture::new();
    let organization = "5a1d2c3b-4e5f-4a6b-8c7d-b1e500f3d4e5";
    fixture.put(&format!("bwdata/core/licenses/organization/{organization}.json"), "{}", 0o600);
    fixture.put("bwdata/core/licenses/organization/notes.txt", "x", 0o600);
    let key = rcgen::generate_simple_self_signed(vec!["vault.example.org".into()]).unwrap();
    fixture.put("bwdata/ssl/self/vault.example.org/certificate.crt", &key.cert.pem(), 0o644);
    fixture.put("bwdata/ssl/self/vault.example.org/private.key", &key.signing_key.serialize_pem(), 0o600);

    let places = Places { cwd: fixture.path("bwdata/env"), home: None, roots: vec![] };
    assert_eq!(locate(None, &places), Ok(Located::One(fixture.path("").components().collect())));
    let read = fixture.read();
    let found = &read.installation;
    let marks = read.marks.as_ref().unwrap();
    let mode = fs::metadata(&found.env_file).unwrap().mode() & 0o7777;
    assert_eq!(
        (marks.owner.uid, marks.mode, marks.containers_run_as.is_some()),
        (fixture.user.uid, mode, true)
    );
    assert_eq!(found.version.as_deref(), Some("2026.8.0"));
    assert_eq!(found.server.as_ref().map(|url| url.as_str()), Some("https://vault.example.org/"));
    assert_eq!((found.published_port, found.push_off), (Some(443), false));
    assert_eq!(found.script, Some(fixture.path("bitwarden.sh")));
    assert_eq!(found.owner.uid, fixture.user.uid);
    assert_eq!(read.env.sha256, files::sha256(read.env.contents.bytes()));
    assert!(read.env.contents.bytes().starts_with(b"globalSettings__baseServiceUri__vault="));
    assert!(read.global_env.is_some() && !read.compose_override);
    let ids: Vec<_> = read.licenses.iter().map(|license| license.id.as_str()).collect();
    assert_eq!(ids, [organization]);
    assert_eq!(read.certificates, [key.cert.der().to_vec()]);
    assert!(!format!("{read:?}").contains("kT9mQ2xW7vLp4RzB8nYc"));
}

#[test]
fn what_is_missing_or_not_allowed_is_said() {
    let fixture = Fixture::new();
    let env = fixture.path("bwdata/env/global.override.env");
    fs::rename(&env, fixture.path("aside")).unwrap();
    let missing = installation::read(&fixture.path(""), &fixture.user).unwrap_err();
    assert_eq!(missing.cause, Cause::EnvMissing);
    fs::rename(fixture.path("aside"), &env).unwrap();
    if skipped_without_root() {
        return;
    }
    fs::set_permissions(fixture.path(""), fs::Permissions::from_mode(0o755)).unwrap();
    chown(fixture.path("bwdata"), Some(65_534), Some(65_534)).unwrap();
    assert_eq!(fixture.installation().owner.uid, 0, "65534 means installed by root");
    chown(fixture.path("bwdata"), Some(54_321), Some(54_321)).unwrap();
    fs::set_permissions(&env, fs::Permissions::from_mode(0o600)).unwrap();
    let foreign = installation::read(&fixture.path(""), &fixture.user).unwrap_err();
    assert_eq!(foreign.cause, Cause::InstallWrongOwner);
    let command = foreign.advice[0].command.clone().unwrap();
    assert_eq!(command, format!("sudo chown 54321:54321 {}", env.display()));
    let somebody = User { uid: 54_322, ..fixture.user.clone() };
    let finding = files::not_readable(
        &env,
        &std::io::ErrorKind::PermissionDenied.into(),
        &bwsync::tested::system::user::owner(54_321, 54_321),
        &somebody,
    );
    assert!(finding.advice[0].command.as_deref().unwrap().starts_with("sudo -u '#54321' "));
}

#[test]
fn state_is_made_only_when_something_is_stored() {
    let fixture = Fixture::new();
    let state = fixture.state();
    assert_eq!(state.dir(), fixture.path(".bwsync"));
    assert!(state.runs().is_empty() && !state.dir().exists());
    let device = state.device().unwrap();
    assert_eq!(fixture.state().device().unwrap(), device);
    let mode = |path: &Path| fs::metadata(path).unwrap().mode() & 0o777;
    assert_eq!((mode(state.dir()), mode(&state.dir().join("device"))), (0o700, 0o600));

    let env = fixture.path("bwdata/env/global.override.env");
    let first = state.back_up(&env, b"one", clock::now()).unwrap();
    assert_eq!(fs::read(&first).unwrap(), b"one");
    assert_eq!(mode(&first), 0o600);
    for n in 0..14 {
        state.back_up(&env, b"more", clock::now() + time::Duration::seconds(n + 1)).unwrap();
    }
    assert_eq!(fs::read_dir(state.dir().join("backups")).unwrap().count(), 10);

    let given = fixture.path("elsewhere");
    let elsewhere = State::of(&fixture.installation(), Some(&given), &fixture.user);
    assert_ne!(elsewhere.device().unwrap(), device);
    assert!(given.join("device").exists());
}

#[test]
fn root_stores_state_as_the_owner() {
    if skipped_without_root() {
        return;
    }
    let fixture = Fixture::new();
    for path in ["bwdata", "bwdata/env", "bwdata/env/global.override.env"] {
        chown(fixture.path(path), Some(54_321), Some(54_322)).unwrap();
    }
    // The folder is root's, and nobody else can make anything in it: root makes the folder and gives it away.
    fs::set_permissions(fixture.path(""), fs::Permissions::from_mode(0o755)).unwrap();
    let state = fixture.state();
    assert_eq!(state.dir(), fixture.path(".bwsync"));
    state.device().unwrap();
    let mut journal = state.journal("run").unwrap();
    journal.write(Entry::Start { command: Asked::Apply, takes_back: None }).unwrap();
    for path in [".bwsync", ".bwsync/device", ".bwsync/journal/run.jsonl"] {
        let meta = fs::metadata(fixture.path(path)).unwrap();
        assert_eq!((meta.uid(), meta.mode() & 0o077), (54_321, 0), "{path}");
    }
    let file = fixture.read().env;
    let write = Write { path: &file.path, bytes: b"new", expected: &file.sha256 };
    files::write_atomically(&write, &fixture.user).unwrap();
    let meta = fs::metadata(&file.path).unwrap();
    assert_eq!((meta.uid(), meta.gid()), (54_321, 54_322));
}

#[test]
fn a_journal_tells_what_can_be_taken_back() {
    let fixture = Fixture::new();
    let state = fixture.state();
    let run_id = clock::run_id().to_string();
    let mut journal = state.journal(&run_id).unwrap();
    let changes =
        vec![Set { key: "globalSettings__enableCloudCommunication".into(), to: Some("true".into()) }];
    let file = FileChange {
        path: fixture.path("bwdata/env/global.override.env"),
        before: "a".into(),
        after: "b".into(),
        backup: Some(state.dir().join("backups/x")),
        changes,
    };
    journal.write(Entry::Start { command: Asked::Apply, takes_back: None }).unwrap();
    journal.write(Entry::Intent { action: Act::Write, file: Some(file.clone()) }).unwrap();
    let runs = || state.runs().into_iter().map(|(_, run)| run).collect::<Vec<_>>();
    assert_eq!(runs()[0].unfinished(), Some(Act::Write));
    assert_eq!(journal::undoable(&runs(), Some("a")), None, "killed before it was written");
    assert_eq!(journal::undoable(&runs(), Some("b")).unwrap().file, file);
    journal.write(Entry::Done { action: Act::Write, ok: true, result: None }).unwrap();
    journal.write(Entry::End { result: Ending::Success }).unwrap();
    let undoable = journal::undoable(&runs(), Some("edited since")).unwrap();
    assert_eq!((undoable.run, undoable.file), (run_id, file));
    assert!(fs::read_to_string(journal.path()).unwrap().trim_end().ends_with(r#""result":"SUCCESS"}"#));
}

#[test]
fn one_run_at_a_time_and_a_killed_one_lets_go() {
    let fixture = Fixture::new();
    let (state, folder) = (fixture.state(), fixture.path("bwdata/env"));
    let held = lock::take(&folder, &state, &fixture.user).unwrap();
    let Err(LockError::Held(holder)) = lock::take(&folder, &state, &fixture.user) else {
        panic!("two locks")
    };
    assert_eq!(holder.pid, i32::try_from(std::process::id()).ok());
    drop(held);
    assert!(!state.dir().join("lock").exists());

    let mut other = Command::new("flock")
        .arg(&folder)
        .args(["sh", "-c", "echo locked; exec cat"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    if !needs::has("flock", other.is_ok()) {
        return;
    }
    let other = other.as_mut().unwrap();
    other.stdout.as_mut().unwrap().read_exact(&mut [0; 7]).unwrap();
    let Err(LockError::Held(holder)) = lock::take(&folder, &state, &fixture.user) else {
        panic!("two locks")
    };
    // The kernel's table names the holder, unless another namespace hides it.
    assert!(holder.pid.is_none_or(|pid| pid != 0), "{holder}");
    drop(other.stdin.take());
    other.wait().unwrap();
    lock::take(&folder, &state, &fixture.user).unwrap();
}
