//! The lower rungs where a proxy stands in the way: its name, the connection to it, its CONNECT (design §9).

use std::{net::SocketAddr, time::Duration};

use tokio::time::Instant;

use super::{connect, name, walk::Held};
use crate::{
    domain::check::Finding,
    net::{Link, Net, Origin, Via, proxy_fault, unspoken},
};

/// How long the note about the target's own name is waited for.
const OWN_NAME: Duration = Duration::from_secs(1);

/// Stage `name`: the proxy's name. The target's own name is the proxy's business, and here a note only.
pub(super) async fn name(
    net: &Net,
    via: &Via,
    target: &Origin,
    until: Instant,
) -> Result<Held<Vec<SocketAddr>>, Finding> {
    if !via.spoken {
        return Err(unspoken(via, target));
    }
    let soon = until.min(Instant::now() + OWN_NAME);
    let (proxys, own) = tokio::join!(name::run(net, &via.origin, until), net.resolve(target, soon));
    let mut held = proxys.map_err(|fault| proxy_fault(via, target, &fault))?.with("host", &target.host);
    via.note(&mut held.evidence);
    Ok(held.with("note", if own.is_ok() { "own_name_resolves" } else { "own_name_left_to_proxy" }))
}

/// Stage `connect`: the connection to the proxy.
pub(super) async fn connect(
    net: &Net,
    via: &Via,
    target: &Origin,
    addresses: &[SocketAddr],
    until: Instant,
) -> Result<Held<Link>, Finding> {
    let connected = net.connect(&via.origin, addresses, until).await;
    let mut held = connect::held(connected.map_err(|fault| proxy_fault(via, target, &fault))?);
    via.note(&mut held.evidence);
    Ok(held)
}

/// Stage `proxy`: the proxy lets through to the target.
pub(super) async fn tunnel(
    net: &Net,
    link: Link,
    via: &Via,
    target: &Origin,
    until: Instant,
) -> Result<Held<Link>, Finding> {
    let mut held = Held::new(net.tunnel(link, via, target, until).await?);
    via.note(&mut held.evidence);
    Ok(held.with("host", &target.host).with("port", target.port.to_string()))
}
