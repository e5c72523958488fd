//! Stage `connect`: does TCP connect, over any of the addresses.

use std::net::SocketAddr;

use tokio::time::Instant;

use super::walk::Held;
use crate::{
    domain::check::Finding,
    net::{Connected, Link, Net, Origin},
};

pub(super) async fn run(
    net: &Net,
    origin: &Origin,
    addresses: &[SocketAddr],
    until: Instant,
) -> Result<Held<Link>, Finding> {
    let connected = net.connect(origin, addresses, until).await?;
    Ok(held(connected).with("host", &origin.host).with("port", origin.port.to_string()))
}

/// The connection with the address that answered; those that did not are a note.
pub(super) fn held(connected: Connected) -> Held<Link> {
    let held =
        Held::new(Box::new(connected.stream) as Link).with("address", connected.address.ip().to_string());
    if connected.in_vain.is_empty() {
        return held;
    }
    let in_vain: Vec<_> = connected.in_vain.iter().map(|address| address.ip().to_string()).collect();
    held.with("note", "address_unanswered").with("candidates", in_vain.join(", "))
}
