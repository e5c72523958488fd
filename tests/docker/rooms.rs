//! The rooms of `system` that ask Docker and Compose, against the real ones, without the binary around them: how a restart
//! is followed, proved and explained, and what is read of a container.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use bwsync::tested::{
    domain::{
        check::Cause,
        restart::{Part, State, blamed, unchanged},
    },
    system::{
        compose,
        containers::{self, Container},
        find::find,
        locate::{Located, Places},
        process::Runner,
        progress,
        standing::{last_lines, live, parts},
    },
};

use tokio::runtime::Runtime;

use super::{
    fixture::Fixture,
    left::{self, said},
    needs::{self, Need},
    who::{Compose, Who, World},
};

const SWITCH: &str = "globalSettings__enableCloudCommunication";

/// An installation in a world with one Compose, whose project is this test's own; taken away again however it ends.
struct Room {
    fixture: Fixture,
    runner: Runner,
    project: String,
    _world: World,
}

impl Room {
    /// None where this machine cannot.
    fn new(compose: Compose, name: &str) -> Option<Self> {
        if !needs::met(&[Need::Docker, Need::Root, compose.need()]) {
            return None;
        }
        left::sweep();
        let fixture = Fixture::new();
        let folder = fixture.path("world");
        fs::create_dir(&folder).unwrap();
        let world = World::make(&folder, &fixture.path("points"), Who::Root, compose);
        let runner = fixture.runner().with_path(world.path());
        let project = left::project(&format!("{name}{}", compose as u8));
        fixture.put("bwdata/core/x", "", 0o644);
        Some(Self { fixture, runner, project, _world: world })
    }

    /// The image of the project, made of this archive.
    fn import(&self, archive: &Path) {
        let label = format!("LABEL {}={}", left::PROCESS, std::process::id());
        let image = format!("{}:2026.8.0", self.project);
        let archive = archive.to_string_lossy();
        said(&["docker", "import", "--change", &label, &archive, &image]);
    }

    /// The image, with this machine's shell and its libraries.
    fn import_shell(&self) {
        let libraries = said(&["ldd", "/bin/sh"]);
        let mut files: BTreeSet<&str> =
            libraries.split_whitespace().filter(|word| word.starts_with('/')).collect();
        files.insert("/bin/sh");
        let tar = self.fixture.path("image.tar");
        let files = files.iter().map(|file| file.trim_start_matches('/'));
        let packed = Command::new("tar").arg("-chf").arg(&tar).args(["-C", "/"]).args(files).status();
        assert!(packed.unwrap().success());
        self.import(&tar);
    }

    async fn ours(&self) -> Vec<Container> {
        containers::containers(&self.runner, &self.fixture.path("bwdata")).await.unwrap()
    }

    fn set(&self, value: &str) {
        self.fixture.put("bwdata/env/global.override.env", &format!("{SWITCH}={value}\n"), 0o600);
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        left::remove(&self.project);
        left::remove_images(&format!("reference={}", self.project));
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

fn states(parts: &[Part]) -> Vec<State> {
    parts.iter().map(|part| part.state).collect()
}

async fn followed_proved_and_explained(room: &Room) {
    let name = room.project.clone();
    room.import_shell();
    let compose = compose::detect(&room.runner, &room.fixture.installation()).await.unwrap();
    // A project of its own: by its folder's name alone it would be that of a server on this machine.
    for folder in ["", "bwdata/docker/"] {
        room.fixture.put(&format!("{folder}.env"), &format!("COMPOSE_PROJECT_NAME={name}\n"), 0o644);
    }
    room.fixture.put("bwdata/docker/docker-compose.yml", &compose_file(&name), 0o644);
    room.set("false");

    let up = room.fixture.keeper_of("up", compose.up(), &room.runner);
    let (end, lines) = room.fixture.restarted(up, &room.runner).await;
    assert_eq!(end.code, Some(0), "{lines:?}");
    let before = room.ours().await;
    assert_eq!(states(&parts(&room.runner, &before).await), [State::Runs; 3]);
    let steps: BTreeSet<String> =
        lines.iter().filter_map(|line| progress::parse(line)).map(|step| step.container).collect();
    assert!(steps.contains(&format!("{name}-api")), "{lines:?}");
    assert_eq!(
        live(&room.runner, &before, &[SWITCH]).await[0],
        ("api".into(), vec![(SWITCH.into(), "false".into())])
    );

    // Running containers lead to it from anywhere; others of this machine may be there too.
    let elsewhere = tempfile::tempdir().unwrap();
    let places = Places { cwd: elsewhere.path().to_owned(), home: None, roots: Vec::new() };
    let found = match find(None, &places, &room.runner).await.unwrap() {
        Located::One(dir) => vec![dir],
        Located::Many(dirs) => dirs,
    };
    assert!(found.contains(&room.fixture.path("").canonicalize().unwrap()), "{found:?}");

    room.set("true");
    assert_eq!(
        live(&room.runner, &before, &[SWITCH]).await[0].1[0].1,
        "false",
        "the file alone changes nothing"
    );
    let program = compose.line(&[]);
    room.fixture.script(&format!("set -e\n{program} down\n{program} up -d"));
    let (end, _) =
        room.fixture.restarted(room.fixture.keeper("one", false, &room.runner), &room.runner).await;
    let after = room.ours().await;
    let (stood, stands) = (parts(&room.runner, &before).await, parts(&room.runner, &after).await);
    assert_eq!((end.code, unchanged(&stood, &stands)), (Some(0), false));
    assert_eq!(live(&room.runner, &after, &[SWITCH]).await.len(), 2);
    assert_eq!(live(&room.runner, &after, &[SWITCH]).await[1].1[0].1, "true");
    assert_eq!(states(&stands), [State::Runs; 3]);

    // An image that no registry has: the pull fails while everything runs.
    let away = compose_file("127.0.0.1:9/nowhere")
        .replace("container_name: 127.0.0.1:9/nowhere", &format!("container_name: {name}"));
    room.fixture.put("bwdata/docker/docker-compose.yml", &away, 0o644);
    let refused = compose.pull(&room.runner, &mut |_| {}).await.unwrap_err();
    assert_eq!(refused.cause, Cause::RestartRegistryUnreachable, "{refused}");
    assert!(unchanged(&stands, &parts(&room.runner, &room.ours().await).await));

    room.fixture.put("bwdata/docker/docker-compose.yml", &compose_file(&name), 0o644);
    room.set("yes");
    room.fixture.restarted(room.fixture.keeper_of("again", compose.up(), &room.runner), &room.runner).await;
    for service in ["api", "identity", "nginx"] {
        said(&["docker", "wait", &format!("{name}-{service}")]);
    }
    let ended = parts(&room.runner, &room.ours().await).await;
    assert_eq!(states(&ended), [State::Ended(Some(134)); 3]);
    for part in &ended {
        let said = last_lines(&room.runner, &part.id, part.started).await;
        let key = said.iter().find_map(|line| blamed(line)).and_then(|blamed| blamed.key);
        assert_eq!(key.as_deref(), Some(SWITCH), "{said:?}");
    }
}

/// A container that is made and never started, from an empty image.
async fn understood(room: &Room) {
    let empty = room.fixture.path("empty.tar");
    fs::write(&empty, [0; 1024]).unwrap();
    room.import(&empty);
    let mount = format!("{}:/etc/bitwarden/core", room.fixture.path("bwdata/core").display());
    let of = left::label(&room.project);
    let (label, name) = ("com.docker.compose.service=api", "globalSettings__baseServiceUri__cloudRegion");
    let (region, image) = (format!("{name}=EU"), format!("{}:2026.8.0", room.project));
    let made =
        ["docker", "create", "--label", label, "--label", of.trim_start_matches("label="), "-v", &mount];
    let id = said(&[&made[..], &["-e", &region, "-e", "SECRET=x", &image, "/none"]].concat());
    let [api] = &room.ours().await[..] else { panic!("not found, or more than that") };
    assert_eq!((api.id.as_str(), api.service.as_str(), api.running), (id.trim(), "api", false));
    assert_eq!((api.version.as_deref(), api.started), (Some("2026.8.0"), None));
    let kept = containers::environment(&room.runner, api, &[name]).await.unwrap();
    assert_eq!(kept, [(name.to_owned(), "EU".to_owned())]);
    let elsewhere = containers::containers(&room.runner, &room.fixture.path("other")).await;
    assert_eq!(elsewhere.unwrap(), []);
}

with_both_composes! {
    fn a_real_restart_is_followed_proved_and_explained(compose) {
        let Some(room) = Room::new(compose, "restart") else { return };
        Runtime::new().unwrap().block_on(followed_proved_and_explained(&room));
    }

    fn a_real_container_is_understood(compose) {
        let Some(room) = Room::new(compose, "container") else { return };
        Runtime::new().unwrap().block_on(understood(&room));
    }
}
