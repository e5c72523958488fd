//! What stands behind the containers: connections that the nginx container hands on end at the simulated server, and
//! that server's api and identity answer exactly as long as the containers of those names do.

use std::{
    fs, io,
    net::{Shutdown, SocketAddr, TcpStream},
    os::unix::net::{UnixListener, UnixStream},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use bwsync::tested::simulator::server::ServerState;

/// How often the containers are looked at between two connections.
const OFTEN: Duration = Duration::from_millis(30);

/// Hands connections on until it is dropped.
pub struct Front {
    stop: Arc<AtomicBool>,
    socket: PathBuf,
    threads: Vec<JoinHandle<()>>,
}

/// The services behind nginx.
struct Behind {
    core: PathBuf,
    server: Arc<ServerState>,
    one_at_a_time: Mutex<()>,
}

impl Behind {
    /// Lets the simulated services run where the containers do, and nowhere else.
    fn follow(&self) {
        let _held = self.one_at_a_time.lock();
        let runs = |service| UnixStream::connect(self.core.join(format!("{service}.sock"))).is_ok();
        let both = runs("api") && runs("identity");
        match (both, self.server.running().is_some()) {
            // A file that it cannot read keeps it down: then the containers say more than it does.
            (true, false) => drop(self.server.bring_up()),
            (false, true) => self.server.run(None),
            _ => {}
        }
    }
}

impl Front {
    /// Serves the containers of this installation.
    pub fn open(bwdata: &Path, server: Arc<ServerState>, at: SocketAddr) -> Self {
        let socket = bwdata.join("nginx/front.sock");
        let listener = UnixListener::bind(&socket).unwrap();
        let behind = Arc::new(Behind { core: bwdata.join("core"), server, one_at_a_time: Mutex::new(()) });
        let stop = Arc::new(AtomicBool::new(false));
        let (seen, stopped) = (Arc::clone(&behind), Arc::clone(&stop));
        let watching = thread::spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                seen.follow();
                thread::sleep(OFTEN);
            }
        });
        let stopped = Arc::clone(&stop);
        let accepting = thread::spawn(move || {
            for client in listener.incoming() {
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                let Ok(client) = client else { continue };
                behind.follow();
                thread::spawn(move || {
                    // Whoever hangs up, the other side sees it.
                    let _ = pass_on(client, at);
                });
            }
        });
        Self { stop, socket, threads: vec![watching, accepting] }
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        // Wakes who waits for connections.
        let _ = UnixStream::connect(&self.socket);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
        let _ = fs::remove_file(&self.socket);
    }
}

fn pass_on(client: UnixStream, at: SocketAddr) -> io::Result<()> {
    let server = TcpStream::connect(at)?;
    let (mut from_client, mut to_server) = (client.try_clone()?, server.try_clone()?);
    thread::spawn(move || {
        let _ = io::copy(&mut from_client, &mut to_server);
        let _ = to_server.shutdown(Shutdown::Write);
    });
    let (mut from_server, mut to_client) = (server, client);
    let copied = io::copy(&mut from_server, &mut to_client).map(drop);
    let _ = to_client.shutdown(Shutdown::Both);
    copied
}
