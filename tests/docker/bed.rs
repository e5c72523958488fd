//! A standard deployment on this machine's Docker engine: own project, networks, port and registry, laid as the installer
//! lays it, with the stand-in for its scripts and one of the two Composes. The cloud and what answers behind nginx are
//! the simulator's. All of it is gone when the bed is dropped, after a panic too; what a killed test left is swept
//! by the next.

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

use bwsync::tested::simulator::{self, Running};
use serde_json::Value;

use super::{
    front::Front,
    left::{self, said},
    needs::{self, Need},
    point::Point,
    registry::Registry,
    signals,
    who::{Compose, Who, World},
};

/// Longest wait for anything; only a failure takes it.
pub const LIMIT: Duration = Duration::from_secs(300);
const SWITCH: &str = "globalSettings__enableCloudCommunication";

/// The deployment.
pub struct Bed {
    pub running: Running,
    pub registry: Registry,
    pub who: Who,
    pub compose: Compose,
    /// Of Compose, and the beginning of the containers' names.
    pub project: String,
    /// Which nginx publishes.
    pub port: u16,
    /// The env file as it was laid.
    pub old: Vec<u8>,
    world: World,
    front: Option<Front>,
    _folder: tempfile::TempDir,
}

/// What a run of bwsync gave.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub json: Value,
    pub err: String,
}

impl Bed {
    /// One that runs; none where this machine cannot.
    pub fn new(compose: Compose, who: Who) -> Option<Self> {
        Self::of("happy-us", compose, who)
    }

    /// The same with the cloud, the files and the accounts of a scenario.
    pub fn of(scenario: &str, compose: Compose, who: Who) -> Option<Self> {
        let mut all = vec![Need::Docker, Need::Root, compose.need()];
        all.extend((who == Who::Sudo).then_some(Need::Namespaces));
        if !needs::met(&all) {
            return None;
        }
        signals::as_on_a_terminal();
        left::sweep();
        static BEDS: AtomicU32 = AtomicU32::new(0);
        let number = BEDS.fetch_add(1, Ordering::Relaxed);
        let folder = tempfile::Builder::new().prefix("bwsync-bed-").tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let running = simulator::start(scenario).unwrap();
        running.clouds.set(|settings| settings.limited = false);
        let mut bed = Self {
            registry: Registry::open(),
            world: World::make(folder.path(), &running.dir.join("points"), who, compose),
            project: left::project(&number.to_string()),
            port: free_port(number),
            old: fs::read(running.env_file()).unwrap(),
            running,
            who,
            compose,
            front: None,
            _folder: folder,
        };
        bed.lay();
        let (_, at) = bed.running.connect_to.rsplit_once('=').unwrap();
        bed.front = Some(Front::open(&bed.path("bwdata"), bed.running.server.clone(), at.parse().unwrap()));
        let up = bed.call(&["up", "-d"]);
        assert!(up.status.success(), "{}", String::from_utf8_lossy(&up.stderr));
        bed.wait_for("the server answers", |bed| bed.running.server.running().is_some());
        Some(bed)
    }

    /// A path in the folder of the installation.
    pub fn path(&self, path: &str) -> PathBuf {
        self.running.dir.join(path)
    }

    fn lay(&self) {
        let filled = |text: &str| {
            text.replace("@REGISTRY@", &self.registry.address.to_string())
                .replace("@PROJECT@", &self.project)
                .replace("@PORT@", &self.port.to_string())
        };
        let files = [
            ("bitwarden.sh", 0o744, include_str!("bitwarden.sh")),
            ("bwdata/scripts/run.sh", 0o700, include_str!("run.sh")),
            ("bwdata/docker/docker-compose.yml", 0o644, include_str!("docker-compose.yml")),
        ];
        for (path, mode, text) in files {
            fs::write(self.path(path), filled(text)).unwrap();
            fs::set_permissions(self.path(path), fs::Permissions::from_mode(mode)).unwrap();
        }
        // The genuine project is named after its folder: many can run here beside each other.
        for folder in ["", "bwdata/docker/"] {
            fs::write(
                self.path(&format!("{folder}.env")),
                format!("COMPOSE_PROJECT_NAME={}\n", self.project),
            )
            .unwrap();
        }
        let config = fs::read_to_string(self.path("bwdata/config.yml")).unwrap();
        let config = config.replace("https_port: 443", &format!("https_port: {}", self.port));
        fs::write(self.path("bwdata/config.yml"), config).unwrap();
        let uid = self.who.owner();
        fs::write(self.path("bwdata/env/uid.env"), format!("LOCAL_UID={uid}\nLOCAL_GID={uid}\n")).unwrap();
        own(&self.running.dir, uid);
        own(&self.running.state_dir, uid);
    }

    /// Compose on these files, as root.
    pub fn call(&self, words: &[&str]) -> Output {
        let program = self.compose.words();
        self.world
            .command(program[0])
            .args(&program[1..])
            .arg("-f")
            .arg(self.path("bwdata/docker/docker-compose.yml"))
            .args(words)
            .current_dir(&self.running.dir)
            .output()
            .unwrap()
    }

    /// bwsync with `--json`, ready to be started.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = self.world.bwsync();
        let (clouds, _) = self.running.connect_to.rsplit_once('=').unwrap();
        command
            .args(words)
            .arg("--json")
            .envs(self.running.environment().into_iter().filter(|(name, _)| *name != "PATH"))
            .env("BWSYNC_CONNECT_TO", format!("{clouds}=127.0.0.1:{}", self.port))
            .env_remove("BWSYNC_API_KEY_FILE")
            .env_remove("BWSYNC_TOKEN_FILE")
            .current_dir("/");
        command
    }

    /// bwsync with `--json`: exit code and object.
    pub fn bwsync(&self, words: &[&str]) -> Ran {
        Ran::of(words, self.command(words).output().unwrap())
    }

    /// bwsync with `--json`, begun: it goes on while the test does something else.
    pub fn begin(&self, words: &[&str]) -> Begun {
        let child = self.command(words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        Begun { words: words.iter().map(ToString::to_string).collect(), child }
    }

    /// Stops the script when it gets to this point, from now on.
    pub fn stop_at(&self, name: &'static str) -> Point {
        Point::lay(&self.path("points"), name, self.who.owner())
    }

    /// The env file as it is.
    pub fn env(&self) -> Vec<u8> {
        fs::read(self.running.env_file()).unwrap()
    }

    /// The switch as the running api has it.
    pub fn live(&self) -> Option<String> {
        let text = self.inspect("api", "{{range .Config.Env}}{{println .}}{{end}}");
        text.lines().find_map(|line| line.strip_prefix(SWITCH)?.strip_prefix('=').map(str::to_owned))
    }

    /// What Docker says of the container of a service; empty where there is none.
    pub fn inspect(&self, service: &str, format: &str) -> String {
        let name = format!("{}-{service}", self.project);
        said(&["docker", "inspect", "--format", format, &name])
    }

    /// When the container of a service was started last; empty where there is none.
    pub fn started(&self, service: &str) -> String {
        self.inspect(service, "{{.State.StartedAt}}")
    }

    /// Whether a service's container runs.
    pub fn runs(&self, service: &str) -> bool {
        self.inspect(service, "{{.State.Running}} {{.State.Restarting}}").trim() == "true false"
    }

    /// Whether api and identity answer through nginx.
    pub fn answers(&self) -> bool {
        let port = std::net::TcpStream::connect(("127.0.0.1", self.port)).is_ok();
        port && self.runs("nginx") && self.running.server.running().is_some()
    }

    /// A file that tells the containers how to behave; `text` none takes it away.
    pub fn behave(&self, path: &str, text: Option<&str>) {
        let path = self.path("bwdata").join(path);
        match text {
            Some(text) => fs::write(path, text).unwrap(),
            None => fs::remove_file(path).unwrap(),
        }
    }

    /// Waits until something is so.
    pub fn wait_for(&self, what: &str, so: impl Fn(&Self) -> bool) {
        let began = Instant::now();
        while !so(self) {
            assert!(began.elapsed() < LIMIT, "never: {what}");
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Ran {
    fn of(words: &[impl std::fmt::Debug], output: Output) -> Self {
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        let json = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{words:?}: {error}, {:?}: {err}", output.status));
        Self { code: output.status.code(), json, err }
    }

    /// Holds it to its exit code, and to the cause of its conclusion.
    #[track_caller]
    pub fn ends(self, code: i32, cause: Option<&str>) -> Self {
        assert_eq!(
            (self.code, self.json["conclusion"]["cause"].as_str()),
            (Some(code), cause),
            "{:#}\n{}",
            self.json,
            self.err
        );
        assert_eq!(self.json["ok"], code == 0 || code == 10, "{:#}", self.json);
        self
    }

    /// Holds it to whether the server answers after it.
    #[track_caller]
    pub fn up(self, up: bool) -> Self {
        assert_eq!(self.json["restart"]["up"], up, "{:#}\n{}", self.json, self.err);
        self
    }
}

/// A bwsync that was begun; killed where a test fails before its end.
pub struct Begun {
    words: Vec<String>,
    child: Child,
}

impl Begun {
    /// Sends it a signal.
    pub fn signal(&self, signal: rustix::process::Signal) {
        let pid = i32::try_from(self.child.id()).unwrap();
        rustix::process::kill_process(rustix::process::Pid::from_raw(pid).unwrap(), signal).unwrap();
    }

    /// Waits for its end, whatever it is: its exit code, none where a signal ended it.
    pub fn over(mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }

    /// Waits for its end.
    pub fn ended(mut self) -> Ran {
        let (out, err) = (self.child.stdout.take(), self.child.stderr.take());
        let read = |pipe: Option<Box<dyn std::io::Read + Send>>| {
            let mut bytes = Vec::new();
            pipe.unwrap().read_to_end(&mut bytes).unwrap();
            bytes
        };
        let err = thread::spawn(move || read(err.map(|pipe| Box::new(pipe) as _)));
        let stdout = read(out.map(|pipe| Box::new(pipe) as _));
        let status = self.child.wait().unwrap();
        Ran::of(&self.words, Output { status, stdout, stderr: err.join().unwrap() })
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        // As a rule it has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Bed {
    fn drop(&mut self) {
        if thread::panicking() {
            println!("{}", said(&["docker", "ps", "--all", "--filter", &left::label(&self.project)]));
            for service in ["api", "nginx"] {
                println!(
                    "{}",
                    said(&["docker", "logs", "--tail", "5", &format!("{}-{service}", self.project)])
                );
            }
        }
        left::remove(&self.project);
        // Before the folder that its socket lies in.
        drop(self.front.take());
        left::remove_images(&format!("reference={}/*/*", self.registry.address));
    }
}

/// A port that nobody has, and that nobody gets by chance between two starts: below those that the system gives.
fn free_port(number: u32) -> u16 {
    let first = (std::process::id() * 40 + number) % 10_000;
    let mut ports = (0..10_000).map(|step| 20_000 + u16::try_from((first + step) % 10_000).unwrap());
    ports.find(|port| TcpListener::bind(("0.0.0.0", *port)).is_ok()).unwrap()
}

/// Gives everything in a folder to a user.
fn own(path: &Path, uid: u32) {
    let found = fs::symlink_metadata(path).unwrap();
    if found.is_symlink() || (found.is_file() && found.nlink() > 1) {
        return;
    }
    chown(path, Some(uid), Some(uid)).unwrap();
    if found.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            own(&entry.unwrap().path(), uid);
        }
    }
}
