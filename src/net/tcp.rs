//! TCP: all addresses of a name are tried in order, the time shared among them.

use std::{io, net::SocketAddr};

use tokio::{
    net::TcpStream,
    time::{Instant, timeout_at},
};

use super::Origin;
use crate::domain::check::{AdviceCode, Cause, Finding};

/// A connection, and the addresses that did not answer before this one did.
#[derive(Debug)]
pub struct Connected {
    /// The connection.
    pub stream: TcpStream,
    /// The address that answered.
    pub address: SocketAddr,
    /// The addresses tried before it, in vain: a note, never a fault (design §5).
    pub in_vain: Vec<SocketAddr>,
}

/// A fault of TCP. The order is how much a fault of one address says about all of them: the largest is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    Unreachable,
    Timeout,
    Reset,
    Refused,
}

impl Fault {
    fn cause(self) -> Cause {
        match self {
            Self::Unreachable => Cause::TcpUnreachable,
            Self::Timeout => Cause::TcpTimeout,
            Self::Reset => Cause::TcpReset,
            Self::Refused => Cause::TcpRefused,
        }
    }
}

/// What a failed or broken connection met, by the error's kind and number. `None` where the error is no error of the
/// network.
pub(super) fn fault_of(error: &io::Error) -> Option<Fault> {
    use io::ErrorKind as K;
    match error.kind() {
        K::ConnectionRefused => Some(Fault::Refused),
        K::TimedOut => Some(Fault::Timeout),
        K::ConnectionReset | K::ConnectionAborted | K::BrokenPipe | K::NotConnected => Some(Fault::Reset),
        // A firewall on this machine answers a connect with "operation not permitted".
        K::HostUnreachable
        | K::NetworkUnreachable
        | K::NetworkDown
        | K::AddrNotAvailable
        | K::PermissionDenied => Some(Fault::Unreachable),
        _ => error.raw_os_error().map(|_| Fault::Unreachable),
    }
}

/// The finding for a fault of TCP at an address, with what to do about it.
pub(super) fn finding(
    origin: &Origin,
    fault: Fault,
    address: Option<SocketAddr>,
    errno: Option<i32>,
) -> Finding {
    let mut finding = origin.finding(fault.cause());
    if let Some(address) = address {
        finding = finding.with("address", address.ip().to_string());
    }
    if let Some(errno) = errno {
        finding = finding.with("errno", errno.to_string());
    }
    origin.advise(finding, AdviceCode::OpenFirewall, |_| origin.try_command())
}

/// Connects to the first address that answers. Each gets its share of the time that is left, so that one that
/// swallows everything (often IPv6) does not hide one that works.
pub(super) async fn connect(
    origin: &Origin,
    addresses: &[SocketAddr],
    until: Instant,
) -> Result<Connected, Finding> {
    let mut worst: Option<(Fault, SocketAddr, Option<i32>)> = None;
    let mut in_vain = Vec::new();
    for (tried, address) in addresses.iter().enumerate() {
        let left = u32::try_from(addresses.len() - tried).unwrap_or(u32::MAX);
        let now = Instant::now();
        let share = now + until.saturating_duration_since(now) / left;
        let (fault, errno) = match timeout_at(share, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(Connected { stream, address: *address, in_vain }),
            Ok(Err(error)) => (fault_of(&error).unwrap_or(Fault::Unreachable), error.raw_os_error()),
            Err(_) => (Fault::Timeout, None),
        };
        if worst.is_none_or(|(known, ..)| fault > known) {
            worst = Some((fault, *address, errno));
        }
        in_vain.push(*address);
    }
    let (fault, address, errno) = match worst {
        Some((fault, address, errno)) => (fault, Some(address), errno),
        None => (Fault::Unreachable, None, None),
    };
    Err(finding(origin, fault, address, errno))
}
