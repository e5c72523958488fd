//! Against a real Docker engine and whichever Compose is there: containers of an image that holds nothing but a
//! shell stand for the server. Says so where it skips.

use std::{
    collections::BTreeSet,
    process::{Command, Output},
};

use bwsync::{
    domain::{
        check::Cause,
        restart::{Part, State, blamed, unchanged},
    },
    system::{
        compose,
        containers::{self, Container, Docker},
        find::find,
        locate::{Located, Places},
        process::Runner,
        progress,
        standing::{last_lines, live, parts},
    },
};

use super::fixture::Fixture;

const SWITCH: &str = "globalSettings__enableCloudCommunication";

fn docker(words: &[&str]) -> Output {
    Command::new("docker").args(words).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What a test makes in the engine, taken away again however it ends.
struct Made {
    name: String,
}

impl Made {
    /// An image with this machine's shell and its libraries.
    fn image(fixture: &Fixture, name: &str) -> Option<Self> {
        let libraries = said(&Command::new("ldd").arg("/bin/sh").output().ok()?);
        let mut files: BTreeSet<String> =
            libraries.split_whitespace().filter(|word| word.starts_with('/')).map(str::to_owned).collect();
        files.insert("/bin/sh".to_owned());
        let tar = fixture.path("image.tar");
        let files = files.iter().map(|file| file.trim_start_matches('/'));
        let packed =
            Command::new("tar").args(["-chf"]).arg(&tar).args(["-C", "/"]).args(files).status().ok()?;
        let made = Self { name: name.to_owned() };
        let imported = docker(&["import", &tar.to_string_lossy(), &format!("{name}:2026.8.0")]);
        (packed.success() && imported.status.success()).then_some(made)
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        let label = format!("label=com.docker.compose.project={}", self.name);
        let listed = said(&docker(&["ps", "--all", "--quiet", "--filter", &label]));
        for id in listed.lines() {
            docker(&["rm", "--force", id]);
        }
        docker(&["network", "rm", &format!("{}_default", self.name)]);
        docker(&["rmi", &format!("{}:2026.8.0", self.name)]);
    }
}

/// Services that go on until they are stopped, or end as the genuine ones do with a value that is no boolean.
fn compose_file(name: &str) -> String {
    let words = format!(
        "case \"$${SWITCH}\" in true|false) echo started;; *) echo \"Unhandled exception. Failed to convert configuration value '$${SWITCH}' at 'GlobalSettings:EnableCloudCommunication' to type 'System.Boolean'.\" >&2; exit 134;; esac; read x"
    );
    let command = serde_json::to_string(&["/bin/sh", "-c", &words]).unwrap();
    let service = |service: &str| {
        format!(
            "  {service}:\n    image: {name}:2026.8.0\n    container_name: {name}-{service}\n    stdin_open: true\n    stop_signal: SIGKILL\n    \
             command: {command}\n    env_file: [../env/global.override.env]\n    volumes: ['../core:/etc/bitwarden/core']\n"
        )
    };
    format!("version: '3'\nservices:\n{}{}{}", service("api"), service("identity"), service("nginx"))
}

fn set(fixture: &Fixture, value: &str) {
    fixture.put("bwdata/env/global.override.env", &format!("{SWITCH}={value}\n"), 0o600);
}

fn states(parts: &[Part]) -> Vec<State> {
    parts.iter().map(|part| part.state).collect()
}

async fn ours(fixture: &Fixture, runner: &Runner) -> Vec<Container> {
    containers::containers(runner, &fixture.path("bwdata")).await.unwrap()
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
async fn a_real_restart_is_followed_proved_and_explained() {
    let fixture = Fixture::new();
    let runner = fixture.runner();
    let Docker::Answers(_) = containers::docker(&runner).await else {
        println!("skipped: needs a Docker engine");
        return;
    };
    let installation = fixture.installation();
    let Some(compose) = compose::detect(&runner, &installation).await else {
        println!("skipped: needs Docker Compose");
        return;
    };
    let name =
        format!("bwsync-test-{}", fixture.path("").file_name().unwrap().to_string_lossy().to_lowercase())
            .replace('.', "");
    let Some(made) = Made::image(&fixture, &name) else {
        println!("skipped: no image could be made of this machine's shell");
        return;
    };
    // A project of its own: by its folder's name alone it would be that of a server on this machine.
    for folder in ["", "bwdata/docker/"] {
        fixture.put(&format!("{folder}.env"), &format!("COMPOSE_PROJECT_NAME={name}\n"), 0o644);
    }
    fixture.put("bwdata/docker/docker-compose.yml", &compose_file(&name), 0o644);
    fixture.put("bwdata/core/x", "", 0o644);
    set(&fixture, "false");

    let up = fixture.keeper_of("up", compose.up(), &runner);
    let (end, lines) = fixture.restarted(up, &runner).await;
    assert_eq!(end.code, Some(0), "{lines:?}");
    let before = ours(&fixture, &runner).await;
    assert_eq!(states(&parts(&runner, &before).await), [State::Runs; 3]);
    let steps: BTreeSet<String> =
        lines.iter().filter_map(|line| progress::parse(line)).map(|step| step.container).collect();
    assert!(steps.contains(&format!("{name}-api")), "{lines:?}");
    assert_eq!(
        live(&runner, &before, &[SWITCH]).await[0],
        ("api".into(), vec![(SWITCH.into(), "false".into())])
    );

    // Running containers lead to it from anywhere; others of this machine may be there too.
    let elsewhere = tempfile::tempdir().unwrap();
    let places = Places { cwd: elsewhere.path().to_owned(), home: None, roots: Vec::new() };
    let found = match find(None, &places, &runner).await.unwrap() {
        Located::One(dir) => vec![dir],
        Located::Many(dirs) => dirs,
    };
    assert!(found.contains(&fixture.path("").canonicalize().unwrap()), "{found:?}");

    set(&fixture, "true");
    assert_eq!(live(&runner, &before, &[SWITCH]).await[0].1[0].1, "false", "the file alone changes nothing");
    let program = compose.line(&[]);
    fixture.script(&format!("set -e\n{program} down\n{program} up -d"));
    let (end, _) = fixture.restarted(fixture.keeper("one", false, &runner), &runner).await;
    let after = ours(&fixture, &runner).await;
    let (stood, stands) = (parts(&runner, &before).await, parts(&runner, &after).await);
    assert_eq!((end.code, unchanged(&stood, &stands)), (Some(0), false));
    assert_eq!(live(&runner, &after, &[SWITCH]).await.len(), 2);
    assert_eq!(live(&runner, &after, &[SWITCH]).await[1].1[0].1, "true");
    assert_eq!(states(&stands), [State::Runs; 3]);

    // An image that no registry has: the pull fails while everything runs.
    let away = compose_file("127.0.0.1:9/nowhere")
        .replace("container_name: 127.0.0.1:9/nowhere", &format!("container_name: {name}"));
    fixture.put("bwdata/docker/docker-compose.yml", &away, 0o644);
    let refused = compose.pull(&runner, &mut |_| {}).await.unwrap_err();
    assert_eq!(refused.cause, Cause::RestartRegistryUnreachable, "{refused}");
    assert!(unchanged(&stands, &parts(&runner, &ours(&fixture, &runner).await).await));

    fixture.put("bwdata/docker/docker-compose.yml", &compose_file(&name), 0o644);
    set(&fixture, "yes");
    fixture.restarted(fixture.keeper_of("again", compose.up(), &runner), &runner).await;
    for service in ["api", "identity", "nginx"] {
        docker(&["wait", &format!("{name}-{service}")]);
    }
    let ended = parts(&runner, &ours(&fixture, &runner).await).await;
    assert_eq!(states(&ended), [State::Ended(Some(134)); 3]);
    for part in &ended {
        let said = last_lines(&runner, &part.id, part.started).await;
        let key = said.iter().find_map(|line| blamed(line)).and_then(|blamed| blamed.key);
        assert_eq!(key.as_deref(), Some(SWITCH), "{said:?}");
    }
    drop(made);
    assert!(ours(&fixture, &runner).await.is_empty());
}
