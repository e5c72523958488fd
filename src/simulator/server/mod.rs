//! The simulated self-hosted server: `/api` and `/identity` behind one address, stateful and strict, with the
//! settings that its env files had when it was last started (`tests/data/contract/self-*.json`).
//!
//! [`ServerState`] is the whole server without a socket; [`router`] puts it behind one, [`control`] lets
//! `bitwarden.sh` take it down and bring it up, and answers the stand-in for `docker`.

mod api;
mod bearer;
pub mod cloud;
mod connections;
pub mod control;
mod docker;
mod faults;
mod identity;
mod layout;
mod license;
mod license_check;
mod license_store;
mod log;
mod settings;
mod sponsorship;
mod state;
mod subscription;
mod sync;
mod upload;

use std::sync::Arc;

use axum::{Router, extract::Request, extract::State, response::Response};
use time::OffsetDateTime;

pub use cloud::{Cloud, Simulated, Unreached};
pub use layout::Layout;
pub use license::{file_text, read, seal, taken_over};
pub use settings::Settings;
pub use state::{Connection, Organization, Parts, Power, ServerState};

use super::message::{Answer, Asked};

/// The server as an axum router: what nginx passes on.
pub fn router(state: Arc<ServerState>) -> Router {
    Router::new().fallback(serve).with_state(state)
}

async fn serve(State(state): State<Arc<ServerState>>, request: Request) -> Response {
    let answer = match Asked::read(request).await {
        // The server reads and writes files: not on a thread that other requests need.
        Ok(asked) => {
            let delay = state.delay;
            let answered = tokio::task::spawn_blocking(move || answer(&state, asked)).await;
            let answer = answered.unwrap_or_else(|_| Answer::broken());
            if answer.slow {
                tokio::time::sleep(delay).await;
            }
            answer
        }
        Err(refused) => refused,
    };
    answer.into_response(OffsetDateTime::now_utc())
}

/// The server's answer to a request below its address.
pub fn answer(state: &ServerState, mut asked: Asked) -> Answer {
    let Some((service, rest)) = routed(&asked.path) else {
        return web_vault(&asked.path);
    };
    let Some(settings) = state.running() else {
        return bad_gateway();
    };
    match service {
        Service::Api => {
            asked.path = rest;
            api::answer(state, &settings, &asked)
        }
        // nginx passes identity's path on as it is; the service has its own path base.
        Service::Identity => {
            asked.path = rest;
            identity::answer(state, &settings, &asked)
        }
    }
}

enum Service {
    Api,
    Identity,
}

fn routed(path: &str) -> Option<(Service, String)> {
    for (prefix, service) in [("/api", Service::Api), ("/identity", Service::Identity)] {
        if let Some(rest) = path.strip_prefix(prefix)
            && rest.starts_with('/')
        {
            return Some((service, rest.to_owned()));
        }
    }
    None
}

/// What nginx says when the service behind it is not there.
fn bad_gateway() -> Answer {
    Answer::text(
        502,
        "text/html",
        "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1>\
         </center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
    )
}

/// Everything else is the web vault's; the simulator has a page in its place.
fn web_vault(path: &str) -> Answer {
    if path == "/" {
        let page = "<!doctype html><title>Simulated web vault</title><p>This server is a simulation.</p>";
        Answer::text(200, "text/html", page)
    } else {
        Answer::empty(404)
    }
}
