//! Names to addresses, by what this machine really uses (`getaddrinfo`: hosts file, nsswitch, resolver).

use std::{error::Error, fmt, io, net::IpAddr};

use tokio::time::{Instant, timeout_at};

use super::Origin;
use crate::domain::check::{AdviceCode, Cause, Finding};

/// How many addresses of one name are looked at.
const MOST_ADDRESSES: usize = 8;

/// Why a name gave no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DnsFault {
    /// There is no such name, or no address of a kind that this machine uses.
    NotFound,
    /// Nobody answered in time.
    Timeout,
    /// The resolver said that it failed, or refused.
    ServerFailure,
}

impl DnsFault {
    /// By the error's kind and number where it has one. The standard library hands over the failures of
    /// `getaddrinfo` itself as text only: the words of glibc and musl are the last resort.
    fn of(error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::TimedOut {
            return Self::Timeout;
        }
        let text = error.to_string();
        // EAI_NONAME and EAI_NODATA in glibc, then in musl; the empty list is tokio's.
        let not_found = [
            "Name or service not known",
            "No address associated with hostname",
            "Address family for hostname not supported",
            "Name does not resolve",
            "Name has no usable address",
            "could not resolve to any address",
        ];
        if error.raw_os_error().is_none() && not_found.iter().any(|words| text.contains(words)) {
            Self::NotFound
        } else {
            Self::ServerFailure
        }
    }

    pub(super) fn finding(self, origin: &Origin) -> Finding {
        let cause = match self {
            Self::NotFound => Cause::DnsNotFound,
            Self::Timeout => Cause::DnsTimeout,
            Self::ServerFailure => Cause::DnsServerFailure,
        };
        let look_up = |host: &str| format!("getent ahosts {host}");
        origin.advise(origin.finding(cause), AdviceCode::CheckDns, look_up)
    }
}

impl fmt::Display for DnsFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "name lookup: {self:?}")
    }
}

impl Error for DnsFault {}

/// The addresses of a host in the system's order, each once; an address stands for itself. The lookup runs
/// on a thread that cannot be stopped: a program that ends must not wait for it.
pub(super) async fn resolve(host: &str, until: Instant) -> Result<Vec<IpAddr>, DnsFault> {
    if let Ok(address) = host.parse() {
        return Ok(vec![address]);
    }
    let found = match timeout_at(until, tokio::net::lookup_host((host, 0))).await {
        Err(_) => return Err(DnsFault::Timeout),
        Ok(Err(error)) => return Err(DnsFault::of(&error)),
        Ok(Ok(found)) => found,
    };
    let mut addresses: Vec<IpAddr> = Vec::new();
    for address in found.map(|found| found.ip()) {
        if !addresses.contains(&address) && addresses.len() < MOST_ADDRESSES {
            addresses.push(address);
        }
    }
    if addresses.is_empty() { Err(DnsFault::NotFound) } else { Ok(addresses) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_both_c_libraries_are_told_apart() {
        let table = [
            ("failed to lookup address information: Name or service not known", DnsFault::NotFound),
            ("failed to lookup address information: Name does not resolve", DnsFault::NotFound),
            ("failed to lookup address information: Name has no usable address", DnsFault::NotFound),
            ("failed to lookup address information: No address associated with hostname", DnsFault::NotFound),
            (
                "failed to lookup address information: Temporary failure in name resolution",
                DnsFault::ServerFailure,
            ),
            ("failed to lookup address information: Try again", DnsFault::ServerFailure),
            (
                "failed to lookup address information: Non-recoverable failure in name resolution",
                DnsFault::ServerFailure,
            ),
        ];
        for (words, wanted) in table {
            assert_eq!(DnsFault::of(&io::Error::other(words)), wanted, "{words}");
        }
        assert_eq!(DnsFault::of(&io::ErrorKind::TimedOut.into()), DnsFault::Timeout);
    }
}
