//! Joins clouds, server and folder of one scenario, and keeps them running on a thread of their own until dropped.

use std::{
    ffi::OsString,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, mpsc},
    thread::JoinHandle,
    time::Duration,
};

use anyhow::{Context, Result, anyhow};
use tokio::{sync::oneshot, task::JoinSet};

use super::{
    ca::{self, Ca, Identity},
    cloud::{self, CloudState, Role},
    folder::{self, Folder, Papers},
    furnish,
    listen::{Listening, Port, Site},
    scenario::{Certificate, Clouds, Scenario, facts},
    server::{self, Power, ServerState, control},
};
use crate::domain::{
    region::Region,
    request::{Machine, Mapping, Options},
};

/// The services of a region that have a host.
const ROLES: [Role; 4] = [Role::Identity, Role::Api, Role::Push, Role::Vault];
/// The port under which all hosts are known.
const HTTPS: u16 = 443;
/// How long blocking work may go on after the end was ordered.
const LAST_WORK: Duration = Duration::from_secs(2);

/// A scenario that runs. Dropped, everything is stopped and the temporary folder removed.
pub struct Running {
    /// The scenario.
    pub scenario: Scenario,
    /// For `--dir`: the folder that holds `bwdata` and `bitwarden.sh`.
    pub dir: PathBuf,
    /// For `--cacert`: the simulator's authority.
    pub cacert: PathBuf,
    /// For `--connect-to`, comma-separated: the cloud's hosts of both regions and the server.
    pub connect_to: String,
    /// For `--state-dir`.
    pub state_dir: PathBuf,
    /// For `--token-file`.
    pub token_file: PathBuf,
    /// For `--api-key-file`.
    pub api_key_file: PathBuf,
    /// The clouds, to look into and to change.
    pub clouds: Arc<CloudState>,
    /// The server, to look into and to change.
    pub server: Arc<ServerState>,
    mappings: Vec<Mapping>,
    machine: Machine,
    /// `PATH` with the stand-ins for `docker` and `docker-compose` in front.
    path: OsString,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    /// The flags as environment variables (design §4, `demo --serve`), and where a stand-in has to be found or a
    /// home folder to be looked into, those too.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let path = |path: &PathBuf| path.display().to_string();
        let mut all = vec![
            ("BWSYNC_CACERT", path(&self.cacert)),
            ("BWSYNC_CONNECT_TO", self.connect_to.clone()),
            ("BWSYNC_STATE_DIR", path(&self.state_dir)),
            ("BWSYNC_TOKEN_FILE", path(&self.token_file)),
            ("BWSYNC_API_KEY_FILE", path(&self.api_key_file)),
        ];
        if self.scenario.two_installations {
            all.push(("HOME", path(&self.machine.home)));
        } else {
            all.insert(0, ("BWSYNC_DIR", path(&self.dir)));
        }
        all.push(("PATH", self.path.to_string_lossy().into_owned()));
        all
    }

    /// The env file that a person edits.
    pub fn env_file(&self) -> PathBuf {
        self.dir.join(self.scenario.flavour.env_file())
    }

    /// The machine that bwsync finds itself on in the demo: nothing of the real one is looked at.
    pub fn machine(&self) -> Machine {
        self.machine.clone()
    }

    /// The flags as the engine takes them; what is not mapped is never contacted.
    pub fn options(&self) -> Options {
        Options {
            dir: (!self.scenario.two_installations).then(|| self.dir.clone()),
            cacert: vec![self.cacert.clone()],
            connect_to: self.mappings.clone(),
            state_dir: Some(self.state_dir.clone()),
            mapped_only: true,
            path: Some(self.path.clone()),
            machine: Some(self.machine()),
            ..Options::default()
        }
    }
}

/// The folders where bwsync looks, in the simulated machine.
fn machine(folder: &Folder) -> Machine {
    let root = folder.dir.parent().unwrap_or(&folder.dir).to_owned();
    Machine { cwd: root, home: folder.home.clone(), roots: vec![folder.dir.clone()] }
}

/// `PATH` with this folder in front. The folder for temporary files that it lies in may have a name that `PATH` cannot
/// hold: then there is no demo, rather than one with this machine's Docker.
fn in_front(bin: &Path) -> Result<OsString> {
    let path = std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into());
    std::env::join_paths(std::iter::once(bin.to_owned()).chain(std::env::split_paths(&path)))
        .context("a PATH with the stand-in for Docker")
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic over there was reported there; here only the end counts.
            let _ = thread.join();
        }
    }
}

/// Names of the scenarios, in the order in which a person reads them.
pub fn scenarios() -> Vec<String> {
    Scenario::all().into_iter().map(|scenario| scenario.name).collect()
}

/// Starts a scenario. Returns when everything listens, which takes a few milliseconds; may be called in and outside
/// of a runtime.
///
/// # Errors
/// If there is no such scenario, or the system gives no folder, port or thread.
pub fn start(scenario_name: &str) -> Result<Running> {
    let scenario = Scenario::named(scenario_name)
        .ok_or_else(|| anyhow!("no scenario {scenario_name:?}; there are: {}", scenarios().join(", ")))?;
    let (tell, told) = mpsc::channel();
    let (stop, stopped) = oneshot::channel();
    let thread = std::thread::Builder::new()
        .name("simulator".to_owned())
        .spawn(move || run(scenario, &tell, stopped))
        .context("a thread for the simulator")?;
    let mut running = told.recv().map_err(|_| anyhow!("the simulator ended while it started"))??;
    running.stop = Some(stop);
    running.thread = Some(thread);
    Ok(running)
}

/// The whole life of a scenario, on its own thread.
fn run(scenario: Scenario, tell: &mpsc::Sender<Result<Running>>, stopped: oneshot::Receiver<()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = match runtime.context("a runtime for the simulator") {
        Ok(runtime) => runtime,
        Err(fault) => {
            let _ = tell.send(Err(fault));
            return;
        }
    };
    let world = runtime.block_on(async {
        match World::build(scenario) {
            Ok((world, running)) => {
                if tell.send(Ok(running)).is_ok() {
                    let _ = stopped.await;
                }
                Some(world)
            }
            Err(fault) => {
                let _ = tell.send(Err(fault));
                None
            }
        }
    });
    // Tasks first, then the folder that they write into.
    if let Some(World { tasks, folder, .. }) = world {
        drop(tasks);
        runtime.shutdown_timeout(LAST_WORK);
        drop(folder);
    }
}

/// What lives as long as the scenario.
struct World {
    tasks: JoinSet<()>,
    folder: Folder,
    _clouds: CloudPort,
}

/// The clouds' port, served or refusing.
enum CloudPort {
    Up(#[allow(dead_code)] Listening),
    Unreachable(#[allow(dead_code)] Port),
}

impl World {
    fn build(scenario: Scenario) -> Result<(Self, Running)> {
        let ca = Ca::new()?;
        let state = Arc::new(furnish::clouds(&scenario));
        let (clouds_at, clouds_port) = open_clouds(&scenario, &ca, &state)?;
        let identity = match scenario.certificate {
            Certificate::Issued => ca.certify(&[facts::SERVER_NAME])?,
            Certificate::SelfSigned => ca::self_signed(facts::SERVER_NAME)?,
        };
        let license = furnish::license_file(&scenario, &state)?;
        let papers = Papers { ca_pem: &ca.pem(), server_pem: &identity.pem, license: &license };
        let folder = folder::lay(&scenario, &papers).context("the folder of the simulated installation")?;
        let parts = furnish::parts(&scenario, &folder, &state);
        let server = ServerState::laid_out(parts, folder.layout(&scenario));
        server.bring_up().map_err(|refused| anyhow!("the scenario's env file, line {}", refused.line))?;
        folder.age(&scenario).context("the folder of the simulated installation")?;
        let port = Port::reserve().context("a port for the simulated server")?;
        let mappings = mappings(clouds_at, port.address());
        let site = site(&server, identity);
        let listening = port.open(vec![site.clone()])?;
        let mut tasks = JoinSet::new();
        server.port_is(Power::On);
        tasks.spawn(follow(listening, Arc::clone(&server), site));
        let (shared, way, stage) = (Arc::clone(&server), folder.control.clone(), folder.stage(&scenario));
        tasks.spawn(async move {
            // Without its FIFO the script says itself that nothing answers.
            let _ = control::serve(shared, way, stage).await;
        });
        let running = running(scenario, &folder, state, server, mappings, in_front(&folder.bin)?);
        Ok((Self { tasks, folder, _clouds: clouds_port }, running))
    }
}

fn running(
    scenario: Scenario,
    folder: &Folder,
    clouds: Arc<CloudState>,
    server: Arc<ServerState>,
    mappings: Vec<Mapping>,
    path: OsString,
) -> Running {
    let written = |to: &Mapping| format!("{}:{}={}", to.host, to.port, to.to);
    Running {
        scenario,
        dir: folder.dir.clone(),
        cacert: folder.cacert.clone(),
        connect_to: mappings.iter().map(written).collect::<Vec<_>>().join(","),
        state_dir: folder.state_dir.clone(),
        token_file: folder.token_file.clone(),
        api_key_file: folder.api_key_file.clone(),
        clouds,
        server,
        mappings,
        machine: machine(folder),
        path,
        stop: None,
        thread: None,
    }
}

fn mappings(clouds: SocketAddr, server: SocketAddr) -> Vec<Mapping> {
    let to = |host: &str, to| Mapping { host: host.to_owned(), port: HTTPS, to };
    let hosts = Region::ALL.into_iter().flat_map(|region| ROLES.map(|role| to(region.host(role), clouds)));
    hosts.chain([to(facts::SERVER_NAME, server)]).collect()
}

fn open_clouds(scenario: &Scenario, ca: &Ca, state: &Arc<CloudState>) -> Result<(SocketAddr, CloudPort)> {
    let port = Port::reserve().context("a port for the simulated clouds")?;
    let address = port.address();
    if scenario.clouds == Clouds::Unreachable {
        return Ok((address, CloudPort::Unreachable(port)));
    }
    let mut sites = Vec::new();
    for region in Region::ALL {
        let identity = ca.certify(&ROLES.map(|role| region.host(role)))?;
        for role in ROLES {
            let router = cloud::router(Arc::clone(state), region, role);
            let host = region.host(role).to_owned();
            sites.push(Site { host, identity: identity.clone(), router });
        }
    }
    Ok((address, CloudPort::Up(port.open(sites)?)))
}

fn site(server: &Arc<ServerState>, identity: Identity) -> Site {
    let router = server::router(Arc::clone(server));
    Site { host: facts::SERVER_NAME.to_owned(), identity, router }
}

/// Lets the server's port refuse while its containers do not run, and opens it again when they do.
async fn follow(listening: Listening, server: Arc<ServerState>, site: Site) {
    let mut power = server.power();
    let mut open = Some(listening);
    let mut closed: Option<Port> = None;
    loop {
        let wanted = *power.borrow_and_update();
        match wanted {
            Power::On => {
                if let Some(port) = closed.take() {
                    open = port.open(vec![site.clone()]).ok();
                }
            }
            Power::Off => {
                if let Some(listening) = open.take() {
                    closed = listening.close().await.ok();
                }
            }
        }
        server.port_is(wanted);
        if power.changed().await.is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;

    use super::*;

    #[test]
    fn every_scenario_starts_and_leaves_nothing() {
        for name in scenarios() {
            let running = start(&name).unwrap();
            assert_eq!(running.connect_to.split(',').count(), 9);
            let server = running.mappings.last().unwrap().to;
            assert!(TcpStream::connect(server).is_ok(), "{name}");
            let clouds = running.mappings[0].to;
            let up = running.scenario.clouds == Clouds::Up;
            assert_eq!(TcpStream::connect(clouds).is_ok(), up, "{name}");
            let dir = running.dir.clone();
            assert!(running.server.license_file().is_file());
            drop(running);
            assert!(!dir.exists());
            assert!(TcpStream::connect(server).is_err(), "{name}");
        }
        assert!(start("no-such").is_err());
    }

    #[tokio::test]
    async fn it_can_be_dropped_inside_of_a_runtime() {
        let running = start(Scenario::DEFAULT).unwrap();
        running.server.take_down();
        drop(running);
    }
}
