//! Stage `http`: does it answer as a Bitwarden host does. HTTP/1.1 by hand over the connection that the stages
//! before made; no redirect is followed, no secret sent.

use http_body_util::{BodyExt, Empty};
use hyper::{
    Request,
    body::{Bytes, Incoming},
    client::conn::http1,
    header::{ACCEPT, HOST, USER_AGENT},
};
use hyper_util::rt::TokioIo;
use time::OffsetDateTime;
use tokio::time::{Instant, sleep, timeout_at};

use super::{ClockReading, ProbeTarget, target::Judged, walk::Held};
use crate::{
    domain::{
        check::{Cause, Finding},
        region::Lookup,
    },
    net::{Body, Link, Net, Origin, Reply, find_fault, http_timeout, reply_head},
};

/// Largest document that is read, in bytes; the genuine ones are a few kilobytes.
const MAX_DOCUMENT: usize = 256 * 1024;
/// Largest head that is read, in bytes.
const MAX_HEAD: usize = 64 * 1024;

/// What a host that passed said.
pub(super) struct Heard {
    pub(super) lookup: Lookup,
    pub(super) clock: Option<ClockReading>,
}

pub(super) async fn run(
    net: &Net,
    link: Link,
    origin: &Origin,
    target: &ProbeTarget,
    until: Instant,
) -> Result<Held<Heard>, Finding> {
    let (reply, ours) = match timeout_at(until, exchange(net, link, origin, target)).await {
        Err(_) => return Err(http_timeout(origin)),
        Ok(exchanged) => exchanged?,
    };
    let judged = target.judge(&reply.answer()).map_err(|finding| {
        // Whatever the answer means, it is said of which host.
        finding.with("host", &origin.host).with("port", origin.port.to_string())
    })?;
    let heard = Heard { lookup: judged.lookup, clock: clock(&reply, judged, ours) };
    Ok(Held::new(heard).with("host", &origin.host).with("status", reply.status.to_string()))
}

fn clock(reply: &Reply, judged: Judged, ours: OffsetDateTime) -> Option<ClockReading> {
    match judged.time {
        Some(theirs) => Some(ClockReading { theirs, ours, exact: true }),
        None => reply.date.map(|theirs| ClockReading { theirs, ours, exact: false }),
    }
}

/// Asks and reads the answer; with it our own time when the host wrote it, half the round trip off.
async fn exchange(
    net: &Net,
    link: Link,
    origin: &Origin,
    target: &ProbeTarget,
) -> Result<(Reply, OffsetDateTime), Finding> {
    let fault = |error: hyper::Error| {
        find_fault(&error, origin)
            .unwrap_or_else(|| origin.finding(Cause::HttpUnexpectedStatus).with("reason", "broken_answer"))
    };
    let (mut sender, connection) =
        http1::Builder::new().max_buf_size(MAX_HEAD).handshake(TokioIo::new(link)).await.map_err(fault)?;
    let _running = Running(tokio::spawn(connection));
    let mut asked_again = false;
    loop {
        let asked = OffsetDateTime::now_utc();
        let response = sender.send_request(request(net, origin, target)?).await.map_err(fault)?;
        let ours = asked + (OffsetDateTime::now_utc() - asked) / 2;
        let head = reply_head(response.status().as_u16(), response.headers());
        let body = read(response.into_body()).await.map_err(fault)?;
        let reply = Reply { body, ..head };
        // A few seconds of patience are given once, over the same connection where it is still there.
        match reply.patience() {
            Some(wait) if !std::mem::replace(&mut asked_again, true) => {
                sleep(wait).await;
                if sender.ready().await.is_err() {
                    return Ok((reply, ours));
                }
            }
            _ => return Ok((reply, ours)),
        }
    }
}

fn request(net: &Net, origin: &Origin, target: &ProbeTarget) -> Result<Request<Empty<Bytes>>, Finding> {
    Request::get(target.path())
        .header(HOST, origin.authority())
        .header(USER_AGENT, net.user_agent())
        .header(ACCEPT, "*/*")
        .body(Empty::new())
        .map_err(|_| origin.finding(Cause::ConfigBadUrl).with("reason", "request"))
}

async fn read(mut incoming: Incoming) -> Result<Body, hyper::Error> {
    let mut bytes = Vec::new();
    while let Some(frame) = incoming.frame().await {
        let Ok(data) = frame?.into_data() else { continue };
        let room = MAX_DOCUMENT - bytes.len();
        bytes.extend_from_slice(&data[..data.len().min(room)]);
        if data.len() > room {
            return Ok(Body::new(bytes, true));
        }
    }
    Ok(Body::new(bytes, false))
}

/// The task that drives the connection; it ends with the stage.
struct Running(tokio::task::JoinHandle<Result<(), hyper::Error>>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.abort();
    }
}
