//! One TLS listener on loopback behind which several hosts live: the name in the handshake chooses the certificate,
//! the `Host` header the service.

use std::{
    collections::HashMap,
    io,
    net::{Ipv4Addr, Shutdown, SocketAddr},
    os::fd::AsFd,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result};
use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{HeaderMap, Response, StatusCode, header},
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use rustls::{
    ServerConfig,
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    task::{AbortHandle, JoinSet},
};
use tokio_rustls::TlsAcceptor;

use super::{ca::Identity, message::Peer};

/// How long a client may take for its handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long a connection may stay without a request, as Kestrel has it.
const IDLE: Duration = Duration::from_secs(130);
/// Connections waiting to be accepted.
const BACKLOG: u32 = 128;

/// A host behind a listener.
#[derive(Clone)]
pub struct Site {
    /// Its genuine name, in lower case.
    pub host: String,
    /// What it shows in the handshake.
    pub identity: Identity,
    /// What answers.
    pub router: Router,
}

/// A port on loopback that is ours but refuses connections: what a server that is down looks like.
pub struct Port {
    socket: TcpSocket,
    address: SocketAddr,
}

impl Port {
    /// Reserves any free port.
    ///
    /// # Errors
    /// As the system says.
    pub fn reserve() -> io::Result<Self> {
        Self::at(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
    }

    fn at(address: SocketAddr) -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        let address = socket.local_addr()?;
        Ok(Self { socket, address })
    }

    /// Where it is.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Starts to serve these hosts on it; must be called on a Tokio runtime.
    ///
    /// # Errors
    /// As the system says, or if TLS cannot be set up.
    pub fn open(self, sites: Vec<Site>) -> Result<Listening> {
        let listener = self.socket.listen(BACKLOG).context("listening on loopback")?;
        let routers = sites.iter().map(|site| (site.host.clone(), site.router.clone())).collect();
        let acceptor = TlsAcceptor::from(Arc::new(tls(&sites)?));
        let socket = listener.as_fd().try_clone_to_owned().context("a second handle of the listener")?;
        let task = tokio::spawn(accept(listener, acceptor, Arc::new(routers))).abort_handle();
        Ok(Listening { address: self.address, socket: socket.into(), task })
    }
}

/// A port that is served; dropped, it is closed with all its connections.
pub struct Listening {
    address: SocketAddr,
    /// The listening socket, for ending that it listens.
    socket: std::net::TcpStream,
    task: AbortHandle,
}

impl Listening {
    /// Where it is.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops to serve, and keeps the port as one that refuses.
    ///
    /// # Errors
    /// If the port was lost to another program in between.
    pub async fn close(self) -> io::Result<Port> {
        self.end();
        while !self.task.is_finished() {
            tokio::task::yield_now().await;
        }
        Port::at(self.address)
    }

    /// A child that was forked and has not come to its program yet has the socket too: closing ours alone would leave
    /// one that listens, and a port that nobody can have.
    fn end(&self) {
        // It may have ended already.
        let _ = self.socket.shutdown(Shutdown::Both);
        self.task.abort();
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.end();
    }
}

fn tls(sites: &[Site]) -> Result<ServerConfig> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let names = sites.iter().map(|site| (site.host.clone(), Arc::clone(&site.identity.certified))).collect();
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(ByName(names)));
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// Certificates by the name in the handshake.
#[derive(Debug)]
struct ByName(HashMap<String, Arc<CertifiedKey>>);

impl ResolvesServerCert for ByName {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.0.get(&hello.server_name()?.to_ascii_lowercase()).cloned()
    }
}

type Routers = Arc<HashMap<String, Router>>;

async fn accept(listener: TcpListener, acceptor: TlsAcceptor, routers: Routers) {
    // The set belongs to this task: aborting it closes every connection as well.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => if let Ok((stream, peer)) = accepted {
                connections.spawn(serve(stream, peer, acceptor.clone(), Arc::clone(&routers)));
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(stream: TcpStream, peer: SocketAddr, acceptor: TlsAcceptor, routers: Routers) {
    let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await else { return };
    let by_host = Router::new().fallback(move |mut request: Request| {
        let routers = Arc::clone(&routers);
        async move {
            request.extensions_mut().insert(Peer(peer.ip().to_string()));
            dispatch(&routers, request).await
        }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(IDLE)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(by_host));
    // A client that goes away is no fault of ours.
    let _ = connection.await;
}

/// Hands a request to the host that it names; none of that name is the edge's own 404.
async fn dispatch(routers: &HashMap<String, Router>, request: Request) -> Response<Body> {
    let host = host_of(request.headers());
    match routers.get(&host) {
        Some(router) => match tower_service(router.clone(), request).await {
            Ok(response) => response,
            Err(never) => match never {},
        },
        None => {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NOT_FOUND;
            response
        }
    }
}

async fn tower_service(router: Router, request: Request) -> Result<Response<Body>, std::convert::Infallible> {
    use hyper::service::Service;
    TowerToHyperService::new(router).call(request).await
}

fn host_of(headers: &HeaderMap) -> String {
    let value = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let name = value.rsplit_once(':').map_or(value, |(name, _)| name);
    name.trim_end_matches('.').to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpStream;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_port_is_closed_and_opened_again_while_another_process_still_has_its_socket() {
        let listening = Port::reserve().unwrap().open(Vec::new()).unwrap();
        let address = listening.address();
        assert!(TcpStream::connect(address).is_ok());
        // As a child has it between fork and exec.
        let forked = listening.socket.try_clone().unwrap();
        let port = listening.close().await.unwrap();
        assert!(TcpStream::connect(address).is_err(), "it still listens");
        let listening = port.open(Vec::new()).unwrap();
        assert!(TcpStream::connect(address).is_ok());
        drop(listening);
        assert!(TcpStream::connect(address).is_err(), "it still listens");
        drop(forked);
    }
}
