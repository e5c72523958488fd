//! The transport under everything that leaves this process.
//!
//! [`Net`] holds what is decided once for a run (mapped hosts, roots and pins, proxy, limits) and offers two
//! ways to a host: [`Net::send`] asks over HTTP and turns every fault into a finding with its exact cause; the
//! stages by hand ([`Net::resolve`], [`Net::connect`], [`Net::tunnel`], [`Net::secure`]) are what the probes
//! time one by one. TLS is always verified; redirects are never followed; sizes and times are bounded.

mod call;
mod certificate;
mod dns;
mod fault;
mod ladder;
mod origin;
mod proxy;
mod send;
mod tcp;
mod trust;

use std::{
    collections::HashMap,
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use hyper_util::client::proxy::matcher::Matcher;
use rustls::ClientConfig;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::Instant,
};

pub use call::{Body, Call, CallBody, Method, Reply, Unanswered};
pub use certificate::Certificate;
pub(crate) use fault::{find as find_fault, timeout as http_timeout};
pub use ladder::{at_port, proxy_fault, unspoken};
pub use origin::{Origin, Route, Via};
pub(crate) use send::head as reply_head;
pub use tcp::Connected;

use crate::domain::{
    check::Finding,
    request::{Mapping, RunId},
};
use trust::Trust;

/// How bwsync names itself to hosts and proxies.
pub const USER_AGENT: &str = concat!("bwsync/", env!("CARGO_PKG_VERSION"));
/// How long one stage may take (design §4, `--timeout`).
pub const STAGE_TIMEOUT: Duration = Duration::from_secs(5);
/// Largest body that is read where nothing else is said, in bytes.
pub const MAX_BODY: usize = 4 * 1024 * 1024;

/// A byte stream to a host, over whatever layers lie below.
pub type Link = Box<dyn Stream>;

/// What a [`Link`] can do.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A server certificate that is accepted byte for byte, for one host only, if its name and dates fit
/// (design §9, Trust).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// The host's name.
    pub host: String,
    /// The certificate in DER.
    pub der: Vec<u8>,
}

impl Pin {
    /// One pin for each certificate in a PEM text; none where it holds none.
    pub fn from_pem(host: &str, pem: &[u8]) -> Vec<Self> {
        use rustls::pki_types::{CertificateDer, pem::PemObject};
        CertificateDer::pem_slice_iter(pem)
            .filter_map(Result::ok)
            .map(|der| Self { host: host.to_owned(), der: der.to_vec() })
            .collect()
    }
}

/// What is decided once for a run.
#[derive(Debug, Clone)]
pub struct NetOptions {
    /// `--connect-to`
    pub connect_to: Vec<Mapping>,
    /// `--cacert`: each file's path and PEM text.
    pub cacert: Vec<(PathBuf, Vec<u8>)>,
    /// Server certificates accepted byte for byte.
    pub pins: Vec<Pin>,
    /// Contact nothing but what is mapped (the demo, design §9).
    pub mapped_only: bool,
    /// `--offline`: contact nothing.
    pub offline: bool,
    /// How long one stage (name, connection, proxy, TLS, HTTP) may take.
    pub stage_timeout: Duration,
    /// The moment at which the run's own `--timeout` ends.
    pub deadline: Option<std::time::Instant>,
    /// Whether the environment's proxy is used.
    pub proxy_env: bool,
    /// A proxy's address to use in place of the environment's.
    pub proxy: Option<String>,
    /// Largest body that is read, in bytes; the rest is left unread.
    pub max_body: usize,
    /// The request that all this is for: its name stands in the `User-Agent`, so that a proxy's or server's log can
    /// be read beside ours.
    pub run: Option<RunId>,
}

impl Default for NetOptions {
    fn default() -> Self {
        Self {
            connect_to: Vec::new(),
            cacert: Vec::new(),
            pins: Vec::new(),
            mapped_only: false,
            offline: false,
            stage_timeout: STAGE_TIMEOUT,
            deadline: None,
            proxy_env: true,
            proxy: None,
            max_body: MAX_BODY,
            run: None,
        }
    }
}

/// The transport; cheap to clone.
#[derive(Clone)]
pub struct Net(Arc<Inner>);

struct Inner {
    options: NetOptions,
    trust: Arc<Trust>,
    config: Arc<ClientConfig>,
    proxies: Option<Arc<Matcher>>,
    clients: Mutex<HashMap<Origin, reqwest::Client>>,
}

impl Net {
    /// Reads the system's roots (files: a few milliseconds of blocking), the given ones and the environment's
    /// proxy. Works with an empty system store.
    ///
    /// # Errors
    /// `tls.untrusted` with the `path` of a `--cacert` file that holds no certificate.
    pub fn new(options: NetOptions) -> Result<Self, Finding> {
        let trust = Arc::new(Trust::new(&options)?);
        let config = Arc::new(trust.config()?);
        let proxies = match &options.proxy {
            Some(proxy) => Some(Matcher::builder().all(proxy.as_str()).build()),
            None => options.proxy_env.then(Matcher::from_env),
        };
        let proxies = proxies.map(Arc::new);
        Ok(Self(Arc::new(Inner { options, trust, config, proxies, clients: Mutex::default() })))
    }

    /// The same transport with one more mapped host, which wins over what was mapped before: the server's
    /// published port is tried under the server's name (design §9). Roots are not read again.
    pub fn with_mapping(&self, mapping: Mapping) -> Self {
        let mut options = self.0.options.clone();
        options.connect_to.insert(0, mapping);
        Self(Arc::new(Inner {
            options,
            trust: self.0.trust.clone(),
            config: self.0.config.clone(),
            proxies: self.0.proxies.clone(),
            clients: Mutex::default(),
        }))
    }

    /// Whether a host may be contacted as far as the demo is concerned: false where only mapped hosts are and
    /// this one is not, and then the caller skips.
    pub fn reachable_in_demo(&self, host: &str, port: u16) -> bool {
        !self.0.options.mapped_only || self.mapped(host, port).is_some()
    }

    /// Whether nothing at all is to be contacted (`--offline`).
    pub fn is_offline(&self) -> bool {
        self.0.options.offline
    }

    /// How bwsync names itself and the request that this is for: `bwsync/0.1.0 (RUN)`.
    pub fn user_agent(&self) -> String {
        match &self.0.options.run {
            Some(run) => format!("{USER_AGENT} ({run})"),
            None => USER_AGENT.to_owned(),
        }
    }

    /// How long one stage may take.
    pub fn stage_timeout(&self) -> Duration {
        self.0.options.stage_timeout
    }

    /// The moment at which a stage that begins now ends.
    pub fn stage(&self) -> Instant {
        self.no_later_than(Instant::now() + self.stage_timeout())
    }

    /// The earlier of this moment and the run's own deadline.
    pub fn no_later_than(&self, until: Instant) -> Instant {
        self.0.options.deadline.map_or(until, |deadline| until.min(deadline.into()))
    }

    /// Largest body that is read, in bytes.
    pub fn max_body(&self) -> usize {
        self.0.options.max_body
    }

    fn mapped(&self, host: &str, port: u16) -> Option<SocketAddr> {
        let fits = |mapping: &&Mapping| mapping.port == port && mapping.host.eq_ignore_ascii_case(host);
        self.0.options.connect_to.iter().find(fits).map(|mapping| mapping.to)
    }

    fn via(&self, origin: &Origin) -> Option<Via> {
        origin::via(self.0.proxies.as_deref()?, origin)
    }

    fn tls_config(&self) -> Arc<ClientConfig> {
        self.0.config.clone()
    }

    fn trust(&self) -> &Arc<Trust> {
        &self.0.trust
    }

    fn known_client(&self, origin: &Origin) -> Option<reqwest::Client> {
        self.0.clients.lock().unwrap_or_else(PoisonError::into_inner).get(origin).cloned()
    }

    fn keep_client(&self, origin: Origin, client: reqwest::Client) {
        self.0.clients.lock().unwrap_or_else(PoisonError::into_inner).insert(origin, client);
    }
}
