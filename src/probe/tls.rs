//! Stage `tls`: is TLS established, and by whose certificate.

use tokio::time::Instant;

use super::walk::Held;
use crate::{
    domain::check::Finding,
    net::{Link, Net, Origin},
};

pub(super) async fn run(
    net: &Net,
    link: Link,
    origin: &Origin,
    until: Instant,
) -> Result<Held<Link>, Finding> {
    let secured = net.secure(link, origin, until).await?;
    let mut held = Held::new(secured.link).with("host", &origin.host);
    if let Some(certificate) = secured.certificate {
        certificate.note(&mut held.evidence);
    }
    Ok(held)
}
