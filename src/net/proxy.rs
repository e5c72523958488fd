//! Asks a proxy for a tunnel (CONNECT, RFC 9110 §9.3.6).

use std::io;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::{Instant, timeout_at},
};
use zeroize::Zeroizing;

use super::{Link, Origin, Via};
use crate::domain::check::{Cause, Finding};

/// Longest head of a proxy's answer.
const LONGEST_HEAD: usize = 16 * 1024;

/// Opens a tunnel to `target` over a connection to the proxy.
pub(super) async fn tunnel(
    mut link: Link,
    via: &Via,
    target: &Origin,
    agent: &str,
    until: Instant,
) -> Result<Link, Finding> {
    let unreachable = |reason: &str| via.finding(Cause::ProxyUnreachable, target).with("reason", reason);
    let asked = async {
        link.write_all(request(via, target, agent).as_bytes()).await?;
        link.flush().await?;
        read_head(&mut link).await
    };
    let head = match timeout_at(until, asked).await {
        Err(_) => return Err(unreachable("timeout")),
        Ok(Err(error)) if error.kind() == io::ErrorKind::InvalidData => return Err(unreachable("not_http")),
        Ok(Err(_)) => return Err(unreachable("closed")),
        Ok(Ok(head)) => head,
    };
    match status(&head) {
        Some(200..=299) => Ok(link),
        // Some proxies say 401 where 407 is meant.
        Some(status @ (401 | 407)) => {
            Err(via.finding(Cause::ProxyAuthRequired, target).with("status", status.to_string()))
        }
        Some(status) => {
            let denied = via.finding(Cause::ProxyDenied, target).with("status", status.to_string());
            Err(if status >= 500 { denied.with("reason", "target_unreachable") } else { denied })
        }
        None => Err(unreachable("not_http")),
    }
}

fn request(via: &Via, target: &Origin, agent: &str) -> Zeroizing<String> {
    let to = target.with_port();
    let auth = via.auth.as_ref().and_then(|auth| auth.to_str().ok());
    let auth = Zeroizing::new(auth.map(|a| format!("Proxy-Authorization: {a}\r\n")).unwrap_or_default());
    Zeroizing::new(format!(
        "CONNECT {to} HTTP/1.1\r\nHost: {to}\r\nUser-Agent: {agent}\r\n{}\r\n",
        auth.as_str()
    ))
}

/// Reads up to the empty line. Behind it the other side stays silent until TLS begins, so nothing is lost.
async fn read_head(link: &mut Link) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(1024);
    loop {
        let mut part = [0; 1024];
        let read = link.read(&mut part).await?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        head.extend_from_slice(&part[..read]);
        // What does not even begin as HTTP need not be waited for.
        let foreign = head.len() >= 5 && !head.starts_with(b"HTTP/");
        if foreign || head.len() > LONGEST_HEAD {
            return Err(io::ErrorKind::InvalidData.into());
        }
        if head.windows(4).any(|end| end == b"\r\n\r\n") {
            return Ok(head);
        }
    }
}

fn status(head: &[u8]) -> Option<u16> {
    let line = head.split(|byte| *byte == b'\r' || *byte == b'\n').next()?;
    let line = std::str::from_utf8(line).ok()?;
    let mut words = line.split(' ');
    words.next().filter(|version| version.starts_with("HTTP/1."))?;
    words.next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_is_read_from_the_first_line_only() {
        assert_eq!(status(b"HTTP/1.1 200 Connection established\r\n\r\n"), Some(200));
        assert_eq!(status(b"HTTP/1.0 407\r\nX: HTTP/1.1 200\r\n\r\n"), Some(407));
        assert_eq!(status(b"SSH-2.0-OpenSSH_9.6\r\n"), None);
        assert_eq!(status(b""), None);
    }
}
