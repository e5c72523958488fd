//! The binary against a real Docker engine and whichever Compose is there: containers of this machine's own shell
//! stand for the server's, the simulator for what answers. Apply as root and as the owner, the proof, a registry
//! out of reach and the way without a pull, undo and resume. Says so where it skips.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on fails, and says where it skips"
)]

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use bwsync::simulator::{self, Running};
use serde_json::Value;

const SWITCH: &str = "globalSettings__enableCloudCommunication";
const SERVICES: [&str; 4] = ["api", "identity", "admin", "nginx"];

/// Who runs bwsync on whose installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Root,
    Owner,
}

struct Bed {
    running: Running,
    compose: Vec<String>,
    project: String,
    who: Who,
}

fn run(words: &[&str]) -> Output {
    Command::new(words[0]).args(&words[1..]).stdin(Stdio::null()).output().unwrap()
}

fn works(words: &[&str]) -> bool {
    Command::new(words[0])
        .args(&words[1..])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The words that call Compose here, if it is there.
fn compose() -> Option<Vec<String>> {
    if works(&["docker", "compose", "version"]) {
        Some(vec!["docker".into(), "compose".into()])
    } else {
        works(&["docker-compose", "version"]).then(|| vec!["docker-compose".into()])
    }
}

impl Bed {
    fn new(who: Who) -> Option<Self> {
        if !works(&["docker", "version"]) || !rustix::process::getuid().is_root() {
            println!("skipped: needs a Docker engine, and root to make users of it");
            return None;
        }
        let Some(compose) = compose() else {
            println!("skipped: needs Docker Compose");
            return None;
        };
        let running = simulator::start("happy-us").unwrap();
        running.clouds.set(|settings| settings.limited = false);
        let project =
            format!("bwsync-{}-{}", std::process::id(), if who == Who::Root { "root" } else { "owner" });
        let bed = Self { running, compose, project, who };
        bed.image();
        bed.lay();
        Some(bed)
    }

    fn path(&self, path: &str) -> PathBuf {
        self.running.dir.join(path)
    }

    /// A folder from which Compose builds an image of this machine's shell: built ones need no registry.
    fn image(&self) {
        let ldd = run(&["ldd", "/bin/sh"]);
        let libraries = String::from_utf8_lossy(&ldd.stdout).into_owned();
        let mut files: Vec<&str> =
            libraries.split_whitespace().filter_map(|word| word.strip_prefix('/')).collect();
        files.push("bin/sh");
        let folder = self.path("bwdata/docker/shell");
        fs::create_dir_all(&folder).unwrap();
        let tar = folder.join("shell.tar");
        let tar = tar.to_string_lossy();
        assert!(works(&[&["tar", "-chf", &tar, "-C", "/"][..], &files].concat()));
        fs::write(folder.join("Dockerfile"), "FROM scratch\nADD shell.tar /\n").unwrap();
    }

    fn lay(&self) {
        self.compose_file("build: ./shell");
        let name = format!("COMPOSE_PROJECT_NAME={}\n", self.project);
        for folder in ["", "bwdata/docker/"] {
            fs::write(self.path(&format!("{folder}.env")), &name).unwrap();
        }
        let compose = self.compose.join(" ");
        let script = format!(
            "#!/bin/sh\ncd \"$(dirname \"$0\")\" || exit 1\nc() {{ {compose} -f bwdata/docker/docker-compose.yml \"$@\"; }}\n\
             case \"$1\" in restart) c down && c pull && c up -d ;; *) exit 1 ;; esac\n"
        );
        fs::write(self.path("bitwarden.sh"), script).unwrap();
        fs::set_permissions(self.path("bitwarden.sh"), fs::Permissions::from_mode(0o755)).unwrap();
        let owner = if self.who == Who::Root { 0 } else { 1001 };
        own(&self.running.dir, owner);
        own(&self.running.state_dir, owner);
        assert!(self.call(&["up", "-d"]).status.success());
    }

    fn compose_file(&self, image: &str) {
        let service = |service: &str| {
            format!(
                "  {service}:\n    {image}\n    container_name: {0}-{service}\n    stdin_open: true\n    \
                 stop_signal: SIGKILL\n    command: ['/bin/sh', '-c', 'read x']\n    \
                 env_file: [global.env, ../env/global.override.env]\n    volumes: ['../core:/etc/bitwarden/core']\n",
                self.project
            )
        };
        let text = format!("version: '3'\nservices:\n{}", SERVICES.map(service).concat());
        fs::write(self.path("bwdata/docker/docker-compose.yml"), text).unwrap();
    }

    /// Compose on these files.
    fn call(&self, words: &[&str]) -> Output {
        let file = self.path("bwdata/docker/docker-compose.yml");
        Command::new(&self.compose[0])
            .args(&self.compose[1..])
            .arg("-f")
            .arg(file)
            .args(words)
            .current_dir(&self.running.dir)
            .output()
            .unwrap()
    }

    /// bwsync with `--json`: exit code and object.
    fn bwsync(&self, words: &[&str]) -> (Option<i32>, Value) {
        let mut command = match self.who {
            Who::Root => {
                let mut command = Command::new(env!("CARGO_BIN_EXE_bwsync"));
                command.args(["--accept-risk", "root-installation"]);
                command
            }
            Who::Owner => {
                let socket = fs::metadata("/var/run/docker.sock").unwrap().gid().to_string();
                let mut command = Command::new("setpriv");
                command.args(["--reuid", "1001", "--regid", "1001", "--groups", &socket, "--"]);
                // The build folder may lie where only root gets to.
                let copy = self.running.state_dir.parent().unwrap().join("bwsync");
                if !copy.exists() {
                    fs::copy(env!("CARGO_BIN_EXE_bwsync"), &copy).unwrap();
                }
                command.arg(copy);
                command
            }
        };
        let output = command
            .args(words)
            .arg("--json")
            .envs(self.running.environment())
            .env_remove("BWSYNC_API_KEY_FILE")
            .env_remove("BWSYNC_TOKEN_FILE")
            .current_dir("/")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let json = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
            panic!("{words:?}: {error}: {}", String::from_utf8_lossy(&output.stderr))
        });
        (output.status.code(), json)
    }

    /// The switch as the running api has it.
    fn live(&self) -> Option<String> {
        let name = format!("{}-api", self.project);
        let output =
            run(&["docker", "inspect", "--format", "{{range .Config.Env}}{{println .}}{{end}}", &name]);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.lines().find_map(|line| line.strip_prefix(SWITCH)?.strip_prefix('=').map(str::to_owned))
    }
}

impl Drop for Bed {
    fn drop(&mut self) {
        self.call(&["down"]);
        // What was built goes with the file that says that it was built.
        self.compose_file("build: ./shell");
        self.call(&["down", "--rmi", "local"]);
    }
}

fn own(path: &Path, uid: u32) {
    chown(path, Some(uid), Some(uid)).unwrap();
    if path.is_dir() && !path.is_symlink() {
        for entry in fs::read_dir(path).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() || path.is_file() {
                own(&path, uid);
            }
        }
    }
}

fn walk(who: Who) {
    let Some(bed) = Bed::new(who) else { return };
    let before = fs::read(bed.path("bwdata/env/global.override.env")).unwrap();
    assert_eq!(bed.live(), None);

    let (code, json) = bed.bwsync(&["apply", "--yes"]);
    assert_eq!(code, Some(0), "{who:?}: {json}");
    let restart = &json["restart"];
    assert_eq!((&restart["ran"], &restart["exit"], &restart["up"]), (&true.into(), &0.into(), &true.into()));
    assert_eq!(json["proved"], true, "{json}");
    assert_eq!(bed.live().as_deref(), Some("true"));
    let (code, json) = bed.bwsync(&["check", "--only", "container.env"]);
    assert_eq!((code, &json["checks"][0]["state"]), (Some(0), &"passed".into()), "{json}");
    let (code, json) = bed.bwsync(&["plan", "--check"]);
    assert_eq!(code, Some(0), "{json}");

    // A file that is newer than what runs waits for a restart.
    let (code, json) = bed.bwsync(&["undo", "--yes"]);
    assert_eq!(code, Some(0), "{json}");
    assert_eq!(fs::read(bed.path("bwdata/env/global.override.env")).unwrap(), before);
    let (code, json) = bed.bwsync(&["apply", "--yes", "--no-restart"]);
    assert_eq!(code, Some(0), "{json}");
    let (code, json) = bed.bwsync(&["undo", "--yes", "--restart"]);
    assert_eq!((code, &json["restart"]["up"]), (Some(0), &true.into()), "{json}");
    assert_eq!(bed.live(), None);

    // The registry out of reach: nothing is written; without a pull it goes on.
    let image = format!("127.0.0.1:9/{}:1", bed.project);
    let built = format!("{}_api", bed.project);
    let built =
        if works(&["docker", "image", "inspect", &built]) { built } else { format!("{}-api", bed.project) };
    assert!(works(&["docker", "tag", &built, &image]));
    bed.compose_file(&format!("image: {image}"));
    assert!(bed.call(&["up", "-d"]).status.success());
    let (code, json) = bed.bwsync(&["apply", "--yes"]);
    assert_eq!(
        (code, &json["conclusion"]["cause"]),
        (Some(3), &"restart.registry_unreachable".into()),
        "{json}"
    );
    assert_eq!(json["changed"], Value::Array(Vec::new()));
    assert_eq!(fs::read(bed.path("bwdata/env/global.override.env")).unwrap(), before);
    let (code, json) = bed.bwsync(&["apply", "--yes", "--no-pull"]);
    assert_eq!((code, &json["proved"]), (Some(0), &true.into()), "{json}");
    assert_eq!(bed.live().as_deref(), Some("true"));
    let (code, json) = bed.bwsync(&["resume"]);
    assert_eq!(code, Some(0), "{json}");
    let (code, json) = bed.bwsync(&["undo", "--yes", "--restart", "--no-pull"]);
    assert_eq!(code, Some(0), "{json}");
    assert_eq!(bed.live(), None);
    run(&["docker", "rmi", "--force", &image]);
}

#[test]
fn root_applies_proves_and_takes_back_on_a_real_engine() {
    walk(Who::Root);
}

#[test]
fn the_owner_applies_proves_and_takes_back_on_a_real_engine() {
    walk(Who::Owner);
}
