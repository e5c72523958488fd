//! A registry on loopback, as the engine pulls from one: every name and tag is the one image. It can go away and come
//! back at the same port, and it can refuse, so that pulls fail for the reasons for which they fail on a real server.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{Method, Response, StatusCode},
};
use tokio::{net::TcpSocket, runtime::Runtime};

use super::image::Image;

/// A registry.
pub struct Registry {
    /// Where it is.
    pub address: SocketAddr,
    limits: Arc<AtomicBool>,
    /// What serves, or what keeps the port meanwhile.
    serving: Result<Runtime, TcpSocket>,
}

impl Registry {
    /// One that serves.
    pub fn open() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_reuseaddr(true).unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = socket.local_addr().unwrap();
        let mut registry = Self { address, limits: Arc::default(), serving: Err(socket) };
        registry.comes_back();
        registry
    }

    /// Its port refuses from now on, and connections that are open are closed.
    pub fn goes_away(&mut self) {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_reuseaddr(true).unwrap();
        let served = std::mem::replace(&mut self.serving, Err(socket));
        if let Ok(runtime) = served {
            runtime.shutdown_timeout(std::time::Duration::from_secs(5));
        }
        if let Err(socket) = &self.serving {
            socket.bind(self.address).unwrap();
        }
    }

    /// It serves again.
    pub fn comes_back(&mut self) {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let Err(socket) = std::mem::replace(&mut self.serving, Ok(runtime)) else { return };
        let Ok(runtime) = &self.serving else { return };
        let limits = Arc::clone(&self.limits);
        let router = Router::new().fallback(move |asked: Request| {
            let limits = limits.load(Ordering::Relaxed);
            async move { answer(asked.method(), asked.uri().path(), limits) }
        });
        let listener = {
            let _inside = runtime.enter();
            socket.listen(64).unwrap()
        };
        runtime.spawn(async move { axum::serve(listener, router).await });
    }

    /// Whether it says that too many images were asked for.
    pub fn limits(&self, limits: bool) {
        self.limits.store(limits, Ordering::Relaxed);
    }
}

fn answer(method: &Method, path: &str, limits: bool) -> Response<Body> {
    let image = Image::get();
    let found = if path == "/v2/" {
        Some(("application/json", &b"{}"[..]))
    } else if path.contains("/manifests/") {
        Some((Image::KIND, &image.manifest[..]))
    } else {
        let blob = image.blobs.iter().find(|(digest, _)| path.ends_with(digest));
        blob.map(|(_, bytes)| ("application/octet-stream", &bytes[..]))
    };
    let response = Response::builder();
    let Some((kind, bytes)) = found.filter(|_| !limits || path == "/v2/") else {
        let (status, code, words) = if limits {
            (
                StatusCode::TOO_MANY_REQUESTS,
                "TOOMANYREQUESTS",
                "You have reached your unauthenticated pull rate limit.",
            )
        } else {
            (StatusCode::NOT_FOUND, "NAME_UNKNOWN", "repository name not known to registry")
        };
        let body = serde_json::json!({ "errors": [{ "code": code, "message": words }] });
        return response.status(status).body(Body::from(body.to_string())).unwrap();
    };
    let response = response
        .header("Content-Type", kind)
        .header("Content-Length", bytes.len())
        .header("Docker-Content-Digest", Image::digest(bytes));
    let body = if method == Method::HEAD { Body::empty() } else { Body::from(bytes) };
    response.body(body).unwrap()
}
