//! Stage `name`: does the name resolve, as this machine resolves names.

use std::net::SocketAddr;

use tokio::time::Instant;

use super::walk::Held;
use crate::{
    domain::check::Finding,
    net::{Net, Origin, at_port},
};

pub(super) async fn run(
    net: &Net,
    origin: &Origin,
    until: Instant,
) -> Result<Held<Vec<SocketAddr>>, Finding> {
    let found = net.resolve(origin, until).await?;
    let shown: Vec<_> = found.iter().map(ToString::to_string).collect();
    let held = Held::new(at_port(&found, origin.port));
    Ok(held.with("host", &origin.host).with("address", shown.join(", ")))
}
