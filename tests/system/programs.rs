//! The script, Docker and Compose.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, chown},
    path::PathBuf,
    process::Command,
    sync::{Arc, Mutex},
    time::Duration,
};

use bwsync::tested::{
    domain::check::Cause,
    system::{
        Rights,
        compose::{self, Kind},
        containers::{self, Docker, Health},
        keeper::{Following, Record, Told},
        process::Runner,
        redact::Redactor,
        restart,
        standing::last_lines,
        user,
    },
};

use rustix::process::{Pid, Signal};

use super::fixture::{Fixture, skipped_without_root};

const LIMIT: Duration = Duration::from_secs(60);

#[test]
fn preflight_tells_scripts_that_cannot_work() {
    let fixture = Fixture::new();
    let check = || restart::preflight(&fixture.installation()).map_err(|found| found.cause);
    assert_eq!(check(), Ok(()));
    fixture.put("bitwarden.sh", "<!DOCTYPE html><html>blocked</html>", 0o755);
    assert_eq!(check(), Err(Cause::RestartScriptNotAScript));
    fixture.put("bitwarden.sh", "", 0o755);
    assert_eq!(check(), Err(Cause::RestartScriptNotAScript));
    fixture.put("bitwarden.sh", "#!/bin/sh\n", 0o644);
    assert_eq!(check(), Err(Cause::RestartScriptNotExecutable));
    fixture.script("exit 0");
    fixture.put("bwdata/scripts/run.sh", "#!/bin/sh\n", 0o600);
    assert_eq!(check(), Err(Cause::RestartScriptNotExecutable));
    fixture.put("bwdata/scripts/run.sh", "", 0o700);
    assert_eq!(check(), Err(Cause::RestartScriptNotAScript));
    let asks = "#!/bin/bash\nset -e\nrestart() {\n  docker compose down\n  renew\n}\nrenew() {\n  read ANSWER\n}\nrestart\n";
    fixture.put("bwdata/scripts/run.sh", asks, 0o700);
    let found = restart::preflight(&fixture.installation()).unwrap_err();
    assert_eq!((found.cause, found.evidence.get("line")), (Cause::RestartPromptMidRestart, Some("8")));
    assert!(found.advice[0].command.as_deref().unwrap().ends_with("./bitwarden.sh updaterun"));
    // Who restarts with a script of one's own has no second one.
    fs::remove_file(fixture.path("bwdata/scripts/run.sh")).unwrap();
    assert_eq!(check(), Ok(()));
    fs::remove_file(fixture.path("bitwarden.sh")).unwrap();
    let found = restart::preflight(&fixture.installation()).unwrap_err();
    assert!(found.advice[0].command.as_deref().unwrap().starts_with("curl -fLo "));
}

/// Nothing is run, as root or as the owner, that another user could put something into: neither the script nor a
/// folder above it. What root installed leaves bwdata to 65534, and that is the one exception.
#[test]
fn preflight_refuses_what_others_could_change() {
    let fixture = Fixture::new();
    let refused = || {
        let found = restart::preflight(&fixture.installation()).err()?;
        assert_eq!(found.cause, Cause::RestartScriptOfOthers, "{found:?}");
        Some((found.evidence.get("path").unwrap().to_owned(), found.advice[0].command.clone().unwrap()))
    };
    let (script, inner) = (fixture.path("bitwarden.sh"), fixture.path("bwdata/scripts/run.sh"));
    let shown = |path: &PathBuf| path.display().to_string();
    for path in [&script, &inner] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o757)).unwrap();
        let (part, command) = refused().unwrap();
        assert_eq!((part, command), (shown(path), format!("sudo chmod o-w {}", shown(path))));
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    assert_eq!(refused(), None);
    if skipped_without_root() {
        return;
    }
    let give = |path: &PathBuf, id: u32| chown(path, Some(id), Some(id)).unwrap();
    for owner in [54_321, 65_534] {
        for name in ["bwdata", "bwdata/scripts", "bwdata/scripts/run.sh", "bwdata/env/global.override.env"] {
            give(&fixture.path(name), owner);
        }
        let dir: PathBuf = fixture.path("").components().collect();
        fs::set_permissions(&dir, fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(refused(), None, "{owner}");
        for path in [&script, &dir] {
            give(path, 54_322);
            let (part, command) = refused().unwrap();
            let back = if owner == 65_534 { "root:0" } else { "54321:54321" };
            assert_eq!((part, command), (shown(path), format!("sudo chown {back} {}", shown(path))));
            give(path, 0);
        }
        give(&inner, 54_322);
        assert_eq!(refused().map(|(part, _)| part), Some(shown(&inner)), "{owner}");
        give(&inner, owner);
    }
    // Who keeps nothing of bwdata may still own the script itself, where it is run as root.
    give(&script, 65_534);
    assert_eq!(refused().map(|(part, _)| part), Some(shown(&script)));
}

#[tokio::test]
async fn the_script_runs_without_a_terminal_and_its_output_is_followed() {
    let fixture = Fixture::new();
    fixture.script(
        "[ \"$1\" = restart ] || exit 90\nread -r _ _ _ _ _ sid _ </proc/$$/stat; [ \"$sid\" = $$ ] && echo leads its session\n\
         if read answer; then echo \"answer $answer\"; else echo no input; fi\n\
         if (: </dev/tty) 2>/dev/null; then echo terminal; fi\n\
         printf '\\033[32mgreen\\033[0m\\n'; echo key kT9mQ2xW7vLp4RzB8nYc >&2; echo \"$BWSYNC_X\"; exit 7",
    );
    let env = fixture.read().env.contents;
    let told = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&told);
    let log = Arc::new(move |line| log.lock().unwrap().push(line));
    let runner = Runner::new(Rights::Own, Redactor::of([&env]), log);
    let first = fixture.keeper("one", false, &runner);
    let path = first.output().to_owned();
    let (end, lines) = fixture.restarted(first, &runner).await;
    assert_eq!((end.code, end.began), (Some(7), true));
    let wanted = ["leads its session", "no input", "green", "key ••••••••"];
    assert!(wanted.iter().all(|wanted| lines.iter().any(|line| line == wanted)), "{lines:?}");
    assert!(!lines.iter().any(|line| line == "terminal"));
    assert!(!fs::read_to_string(path).unwrap().contains("kT9mQ2xW7vLp4RzB8nYc"));
    let dir = fixture.path("").display().to_string();
    assert_eq!(told.lock().unwrap().as_slice(), [format!("cd {dir} && ./bitwarden.sh restart")]);

    let (_, lines) = fixture.restarted(fixture.keeper("two", true, &runner), &runner).await;
    assert!(lines.iter().any(|line| line == "answer y"), "{lines:?}");
}

#[tokio::test]
async fn the_script_goes_on_when_nobody_follows_it_any_more() {
    let fixture = Fixture::new();
    let pipe = |name: &str| {
        let path = fixture.path(name);
        let made = Command::new("mkfifo").arg(&path).status().unwrap();
        assert!(made.success());
        path
    };
    let (go, done) = (pipe("go"), pipe("done"));
    fixture.script("echo started; read x <go; echo finished; echo finished >done");
    let state = fixture.state();
    let runner = fixture.runner();
    let keeper = fixture.keeper("one", false, &runner);
    let path = keeper.output().to_owned();
    let (tell, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let following = tokio::spawn(async move {
        let mut tell = |told| tell.send(told).unwrap();
        keeper.go().await.unwrap().to_the_end(&runner, LIMIT, &mut tell).await
    });
    assert_eq!(heard.recv().await, Some(Told::Line("started".into())));
    following.abort();
    assert!(following.await.unwrap_err().is_cancelled());
    let end = tokio::task::spawn_blocking(move || {
        fs::write(go, "x\n").unwrap();
        fs::read_to_string(done).unwrap()
    });
    assert_eq!(end.await.unwrap(), "finished\n");
    // Whoever comes back hears all of it, and how it ended.
    let (runner, mut lines) = (fixture.runner(), Vec::new());
    let following = Following::of(state.reopen(&path).unwrap());
    let end = following.to_the_end(&runner, LIMIT, &mut |told| lines.push(told)).await;
    assert_eq!((end.code, end.stopped), (Some(0), None));
    assert_eq!(lines, ["started", "finished"].map(|line| Told::Line(line.into())));
    assert_eq!(fs::read_to_string(path).unwrap(), "started\nfinished\n");
}

#[tokio::test]
async fn containers_are_known_by_their_mounts() {
    let fixture = Fixture::new();
    let bwdata = fixture.path("bwdata");
    let line = |id: &str, name: &str, source: &str, state: &str| {
        format!(
            r#"{{"id":"{id}","name":"/{name}","image":"ghcr.io/bitwarden/api:2026.8.0","labels":{{"com.docker.compose.service":"api"}},"mounts":[{{"Type":"bind","Source":"{source}"}}],"state":{state}}}"#
        )
    };
    let ours = line(
        "aa11",
        "bitwarden-api",
        &bwdata.join("core").to_string_lossy(),
        r#"{"Running":true,"ExitCode":0,"StartedAt":"2026-11-24T20:00:00.5Z","Health":{"Status":"healthy"}}"#,
    );
    let theirs = line("bb22", "other-api", "/srv/other/bwdata/core", r#"{"Running":true}"#);
    fixture.put("answers", &format!("{ours}\nnot json\n{theirs}\n"), 0o644);
    let env = r#"["PATH=/bin","globalSettings:EnableCloudCommunication=true","globalSettings__installation__key=kT9mQ2xW7vLp4RzB8nYc"]"#;
    fixture.put("env", env, 0o644);
    let runner = fixture.docker(
        "cd \"${0%/bin/docker}\"; case \"$*\" in version*) echo 28.2.2;; ps*) printf 'aa11\\nbb22\\n--rm\\n';; \
         *Config.Env*) cat env;; inspect*) cat answers;; *) exit 9;; esac",
    );
    assert_eq!(containers::docker(&runner).await, Docker::Answers("28.2.2".into()));
    let found = containers::containers(&runner, &bwdata).await.unwrap();
    assert_eq!(found.len(), 1);
    let api = &found[0];
    assert_eq!((api.service.as_str(), api.running, api.health), ("api", true, Some(Health::Healthy)));
    assert_eq!(api.version.as_deref(), Some("2026.8.0"));
    assert_eq!(api.started.unwrap().year(), 2026);
    let wanted = ["globalSettings__enableCloudCommunication"];
    let kept = containers::environment(&runner, api, &wanted).await.unwrap();
    assert_eq!(kept, [("globalSettings:EnableCloudCommunication".into(), "true".into())]);
    let calls = fs::read_to_string(fixture.path("calls")).unwrap();
    assert!(!calls.contains("--rm"), "an id that is none must not become an argument");
}

#[tokio::test]
async fn a_docker_that_is_missing_is_told_from_one_that_refuses() {
    let fixture = Fixture::new();
    let nowhere = fixture.runner().with_path(fixture.path("nowhere"));
    assert_eq!(containers::docker(&nowhere).await, Docker::Missing);
    assert_eq!(compose::detect(&nowhere, &fixture.installation()).await, None);
    let runner = fixture
        .docker("echo 'permission denied while trying to connect to the Docker daemon socket' >&2; exit 1");
    let Docker::Refuses(found) = containers::docker(&runner).await else { panic!("it answered") };
    assert_eq!((found.cause, found.advice.len()), (Cause::RestartDockerUnreachable, 1));
}

#[tokio::test]
async fn compose_is_asked_as_the_script_asks_it() {
    let fixture = Fixture::new();
    let installation = fixture.installation();
    let compose_file = installation.bwdata.join("docker/docker-compose.yml");
    let good = fixture.docker("case \"$*\" in *version*) echo v2.39.3;; *pull) echo Pulled;; esac");
    let compose = compose::detect(&good, &installation).await.unwrap();
    assert_eq!(compose.kind, Kind::V2 { version: "2.39.3".into() });
    assert_eq!(compose.line(&["up", "-d"]), format!("docker compose -f {} up -d", compose_file.display()));
    // What a person is told to run is called as what answered, not as what lies in the folders of this machine.
    let up = compose.line(&["up", "-d"]);
    assert_eq!(compose::commands_up(&installation, Some(&compose.kind))[0], up);
    let older = Kind::V1 { version: "1.29.2".into() };
    assert!(compose::commands_up(&installation, Some(&older))[0].starts_with("docker-compose -f "));
    let mut lines = Vec::new();
    compose.pull(&good, &mut |line| lines.push(line)).await.unwrap();
    assert_eq!(lines, ["Pulled"]);
    compose.config_quiet(&good).await.unwrap();
    let up = compose.up();
    let (end, _) = fixture.restarted(fixture.keeper_of("up", up, &good), &good).await;
    assert_eq!(end.code, Some(0));

    let words = "Get \\\"https://ghcr.io/v2/\\\": dial tcp: lookup ghcr.io: no such host";
    let away = fixture.docker(&format!("case \"$*\" in *pull) echo \"{words}\" >&2; exit 1;; esac"));
    let found = compose.pull(&away, &mut |_| {}).await.unwrap_err();
    assert_eq!(found.cause, Cause::RestartRegistryUnreachable);
    assert_eq!(found.evidence.get("host"), Some("ghcr.io"));

    let words = "failed to read global.override.env: line 3: unexpected character in variable name near \\\"my key=kT9mQ\\\"";
    let refuses = fixture.docker(&format!("echo \"{words}\" >&2; exit 15"));
    let found = compose.pull(&refuses, &mut |_| {}).await.unwrap_err();
    assert_eq!((found.cause, found.evidence.get("line")), (Cause::RestartEnvRefused, Some("3")));
    assert!(!found.to_string().contains("kT9mQ"), "{found}");

    fs::write(installation.bwdata.join("docker/docker-compose.override.yml"), "services: {}\n").unwrap();
    assert_eq!(compose::files(&installation).len(), 2);
}

#[tokio::test]
async fn what_a_container_said_before_docker_had_noted_its_start_is_not_lost() {
    let fixture = Fixture::new();
    // As Docker compares: words of 3 ms before the start that it notes, and some of an hour before.
    let words = r#"since=$(echo "$*" | sed -n 's/.*--since \([^ ]*\).*/\1/p')
for at in 2026-11-30T20:15:04.148845804Z 2026-11-30T21:15:04.148845804Z; do
    [ "$(printf '%s\n%s\n' "$since" "$at" | sort | head -n 1)" = "$since" ] && echo "said at $at"
done
exit 0"#;
    let runner = fixture.docker(words);
    let noted = time::macros::datetime!(2026-11-30 21:15:04.152467755 UTC);
    assert_eq!(last_lines(&runner, "f3", Some(noted)).await, ["said at 2026-11-30T21:15:04.148845804Z"]);
    assert_eq!(last_lines(&runner, "f3", None).await.len(), 2);
}

#[tokio::test]
async fn root_runs_the_script_as_the_owner() {
    if skipped_without_root() {
        return;
    }
    let owner = user::owner(1, user::account(1).map_or(1, |account| account.gid));
    let fixture = Fixture::new();
    fs::set_permissions(fixture.path(""), fs::Permissions::from_mode(0o755)).unwrap();
    chown(fixture.path("bwdata"), Some(owner.uid), Some(owner.gid)).unwrap();
    for path in ["bwdata/env/global.override.env", "bwdata/scripts/run.sh"] {
        chown(fixture.path(path), Some(owner.uid), Some(owner.gid)).unwrap();
    }
    fixture.script("id -u; id -g; echo \"$HOME\"; exit 3");
    let runner = Runner::new(fixture.read().rights, Redactor::default(), Arc::new(|_| {}));
    let (end, lines) = fixture.restarted(fixture.keeper("one", false, &runner), &runner).await;
    let home = user::account(1).map(|account| account.home.display().to_string());
    assert_eq!((end.code, lines[0].as_str(), lines[1].clone()), (Some(3), "1", owner.gid.to_string()));
    assert_eq!(lines.get(2), home.as_ref());
}

#[tokio::test]
async fn a_keeper_that_is_not_told_everything_does_nothing() {
    let fixture = Fixture::new();
    fixture.script("echo done >done");
    let keeper = fixture.keeper("one", false, &fixture.runner());
    let record = fixture.state().reopen(keeper.output()).unwrap().record;
    let process = Record::read(&record).at_work().unwrap();
    assert_eq!(Some(process.pid), keeper.pid());
    drop(keeper);
    while Record::read(&record).at_work().is_some() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(!Record::read(&record).began() && !fixture.path("done").exists());
}

#[tokio::test]
async fn a_script_that_is_stopped_is_said_and_not_waited_for_for_ever() {
    let fixture = Fixture::new();
    fixture.script("echo before; kill -STOP $$; echo after; exit 4");
    let runner = fixture.runner();
    let keeper = fixture.keeper("one", false, &runner);
    let path = keeper.output().to_owned();
    let mut told = Vec::new();
    let following = keeper.go().await.unwrap();
    let end = following.to_the_end(&runner, Duration::from_millis(1), &mut |one| told.push(one)).await;
    let pid = end.stopped.unwrap();
    assert_eq!(end.code, None);
    assert!(told.contains(&Told::Stopped(pid)), "{told:?}");
    let files = fixture.state().reopen(&path).unwrap();
    assert_eq!(Record::read(&files.record).at_work().unwrap().pid, pid);
    let pid = Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    rustix::process::kill_process(pid, Signal::CONT).unwrap();
    let end = Following::of(files).to_the_end(&runner, LIMIT, &mut |_| {}).await;
    assert_eq!((end.code, end.stopped), (Some(4), None));
    assert_eq!(fs::read_to_string(path).unwrap(), "before\nafter\n");
}
