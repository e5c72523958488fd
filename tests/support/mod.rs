//! Loopback servers that misbehave on purpose, and certificates for them.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use bwsync::tested::{
    domain::request::Mapping,
    net::{Net, NetOptions},
};
use rcgen::{BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
};
use time::OffsetDateTime;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpSocket, TcpStream},
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

/// A server's certificate chain and key.
#[derive(Clone)]
pub struct Identity {
    pub chain: Vec<CertificateDer<'static>>,
    pub key: Vec<u8>,
    /// The anchor that a client needs to trust it, or the certificate itself where it is self-signed.
    pub root_pem: String,
}

/// From when until when a certificate holds, in days from now.
#[derive(Clone, Copy)]
pub struct Days(pub i64, pub i64);

pub const NOW: Days = Days(-10, 300);
pub const OVER: Days = Days(-300, -10);
pub const TO_COME: Days = Days(10, 300);

fn params(name: &str, days: Days) -> CertificateParams {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.not_before = OffsetDateTime::now_utc() + time::Duration::days(days.0);
    params.not_after = OffsetDateTime::now_utc() + time::Duration::days(days.1);
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

/// A certificate that signs itself; `ca` as the Bitwarden installer makes it (`bitwarden.md` F1).
pub fn self_signed(name: &str, ca: bool, days: Days) -> Identity {
    let mut params = params(name, days);
    if ca {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    }
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    Identity { root_pem: certificate.pem(), chain: vec![certificate.der().clone()], key: key.serialize_der() }
}

/// A certificate signed by a root of its own.
pub fn signed(name: &str, days: Days) -> Identity {
    let mut root = params("Example Inspection Root", NOW);
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root_key = KeyPair::generate().unwrap();
    let root_certificate = root.self_signed(&root_key).unwrap();
    let issuer = Issuer::new(root, root_key);
    let key = KeyPair::generate().unwrap();
    let certificate = params(name, days).signed_by(&key, &issuer).unwrap();
    Identity {
        root_pem: root_certificate.pem(),
        chain: vec![certificate.der().clone()],
        key: key.serialize_der(),
    }
}

/// What lies below HTTP.
#[derive(Clone)]
pub enum Layer {
    /// Accepts, then never says a word.
    Silent,
    /// Accepts, reads a little, resets.
    Reset,
    /// Accepts, reads a little, closes.
    Close,
    /// No TLS.
    Plain,
    /// TLS.
    Tls(Identity),
}

/// What is answered over HTTP.
#[derive(Clone)]
pub enum Answer {
    /// These bytes; the connection stays open.
    Whole(String),
    /// These bytes, then the connection is closed.
    Cut(String),
    /// These bytes, then silence.
    Stalls(String),
    /// These bytes, then this again and again.
    Endless(String, String),
}

/// `200` with a type and a body.
pub fn ok(kind: &str, body: &str) -> Answer {
    respond("200 OK", &format!("Content-Type: {kind}\r\n"), body)
}

/// A whole answer; `headers` are lines with their ends.
pub fn respond(status: &str, headers: &str, body: &str) -> Answer {
    let length = body.len();
    Answer::Whole(format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{headers}\r\n{body}"))
}

/// A running server; gone when dropped.
pub struct Server {
    pub address: SocketAddr,
    /// The requests as they came, head and body.
    pub requests: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    /// The requests so far.
    pub fn seen(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// A port on loopback at which nothing listens, and at which nothing else will: it stays bound.
pub async fn refused() -> SocketAddr {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = socket.local_addr().unwrap();
    std::mem::forget(socket);
    address
}

/// A server that answers every connection alike.
pub async fn serve(layer: Layer, answer: Answer) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let requests = Arc::new(Mutex::new(Vec::new()));
    let seen = requests.clone();
    let task = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(connection(stream, layer.clone(), answer.clone(), seen.clone()));
        }
    });
    Server { address, requests, task }
}

async fn connection(mut stream: TcpStream, layer: Layer, answer: Answer, seen: Arc<Mutex<Vec<String>>>) {
    match layer {
        Layer::Silent => std::future::pending().await,
        Layer::Reset => {
            let _ = stream.read(&mut [0; 16]).await;
            let _ = stream.set_zero_linger();
        }
        Layer::Close => {
            let _ = stream.read(&mut [0; 4096]).await;
        }
        Layer::Plain => talk(stream, answer, seen).await,
        Layer::Tls(identity) => {
            if let Ok(stream) = acceptor(&identity).accept(stream).await {
                talk(stream, answer, seen).await;
            }
        }
    }
}

fn acceptor(identity: &Identity) -> TlsAcceptor {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(identity.key.clone()));
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(identity.chain.clone(), key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

async fn talk(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    answer: Answer,
    seen: Arc<Mutex<Vec<String>>>,
) {
    loop {
        let Some(request) = read_request(&mut stream).await else { return };
        seen.lock().unwrap().push(request);
        let written = match &answer {
            Answer::Whole(text) => stream.write_all(text.as_bytes()).await,
            Answer::Cut(text) => {
                let _ = stream.write_all(text.as_bytes()).await;
                let _ = stream.shutdown().await;
                return;
            }
            Answer::Stalls(text) => {
                let _ = stream.write_all(text.as_bytes()).await;
                let _ = stream.flush().await;
                std::future::pending().await
            }
            Answer::Endless(head, again) => endless(&mut stream, head, again).await,
        };
        if written.is_err() || stream.flush().await.is_err() {
            return;
        }
    }
}

async fn endless(stream: &mut (impl AsyncWrite + Unpin), head: &str, again: &str) -> std::io::Result<()> {
    stream.write_all(head.as_bytes()).await?;
    loop {
        stream.write_all(again.as_bytes()).await?;
    }
}

/// Reads one request with its body; `None` at the end of the connection, or where it is no HTTP.
async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut bytes: Vec<u8> = Vec::new();
    loop {
        // The beginning of TLS where HTTP is spoken: answered like any request, as web servers do.
        if bytes.first() == Some(&0x16) {
            return Some(String::new());
        }
        if let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
            let body = bytes.len() - end - 4;
            let length = head.lines().find_map(|l| l.strip_prefix("content-length: ")?.parse::<usize>().ok());
            let chunked = head.contains("transfer-encoding: chunked");
            if (chunked && bytes.ends_with(b"0\r\n\r\n")) || (!chunked && body >= length.unwrap_or(0)) {
                return Some(String::from_utf8_lossy(&bytes).into_owned());
            }
        }
        let mut part = [0; 4096];
        match stream.read(&mut part).await {
            Ok(0) | Err(_) => return None,
            Ok(read) => bytes.extend_from_slice(&part[..read]),
        }
    }
}

/// A proxy that answers CONNECT with this status line, and for a 200 passes everything on to `to`.
pub async fn proxy(status: &'static str, to: SocketAddr) -> Server {
    proxy_over(None, status, to).await
}

/// The same, spoken to over TLS where it has an identity.
pub async fn proxy_over(identity: Option<Identity>, status: &'static str, to: SocketAddr) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let requests = Arc::new(Mutex::new(Vec::new()));
    let seen = requests.clone();
    let task = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (seen, identity) = (seen.clone(), identity.clone());
            tokio::spawn(async move {
                match identity {
                    None => pass_on(stream, status, to, seen).await,
                    Some(identity) => {
                        if let Ok(stream) = acceptor(&identity).accept(stream).await {
                            pass_on(stream, status, to, seen).await;
                        }
                    }
                }
            });
        }
    });
    Server { address, requests, task }
}

async fn pass_on(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    status: &'static str,
    to: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
) {
    let Some(request) = read_request(&mut stream).await else { return };
    seen.lock().unwrap().push(request);
    let answer = format!("HTTP/1.1 {status}\r\nProxy-Agent: example\r\n\r\n");
    if stream.write_all(answer.as_bytes()).await.is_err() || stream.flush().await.is_err() {
        return;
    }
    if status.starts_with("200")
        && let Ok(mut target) = TcpStream::connect(to).await
    {
        let _ = copy_bidirectional(&mut stream, &mut target).await;
    }
}

/// Options that reach `host:443` at this address and trust what `roots` holds.
pub fn options(host: &str, to: SocketAddr, roots: &[&Identity]) -> NetOptions {
    NetOptions {
        connect_to: vec![Mapping { host: host.to_owned(), port: 443, to }],
        proxy_env: false,
        stage_timeout: Duration::from_millis(1_500),
        cacert: roots
            .iter()
            .map(|identity| (PathBuf::from("root.pem"), identity.root_pem.clone().into_bytes()))
            .collect(),
        ..NetOptions::default()
    }
}

/// A transport with [`options`].
pub fn net(host: &str, to: SocketAddr, roots: &[&Identity]) -> Net {
    Net::new(options(host, to, roots)).unwrap()
}
