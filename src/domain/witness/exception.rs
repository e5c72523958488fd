//! From a .NET exception to the fault of the way behind it. The words depend on the C library of the image, the
//! numbers do not: match on those (`bitwarden.md` G, Words of the system in exceptions).

use crate::domain::{
    check::{AdviceCode, Cause, Finding},
    outside::clean,
    region::Region,
};

/// The fault that kept the server from an answer of `host`.
pub(super) fn of_the_way(exception: &str, host: Option<&str>) -> Finding {
    let first = exception.lines().next().unwrap_or_default();
    let finding = if let Some(finding) = tunnel(first) {
        finding
    } else if exception.contains("AuthenticationException") {
        tls(exception, host)
    } else if exception.contains("HttpClient.Timeout") {
        Finding::new(Cause::HttpTimeout).advise(AdviceCode::OpenFirewall)
    } else {
        socket(exception)
    };
    match peer(first) {
        // With a proxy the host in the brackets is the proxy's (`bitwarden.md` A6-3).
        Some((peer, port)) if host.is_some_and(|host| host != peer) => {
            let advice = finding.advice.clone();
            let mut of_proxy = finding.renamed(Cause::ProxyUnreachable);
            of_proxy.advice = advice;
            of_proxy.with("proxy", format!("{peer}:{port}")).advise(AdviceCode::CheckProxy)
        }
        Some((_, port)) => finding.with("port", port),
        None => finding,
    }
    .with("message", clean(innermost(exception)))
}

/// `The proxy tunnel request to proxy '…' failed with status code '407'.`
fn tunnel(first: &str) -> Option<Finding> {
    let (_, rest) = first.split_once("The proxy tunnel request to proxy '")?;
    let (proxy, rest) = rest.split_once('\'')?;
    let status = rest.split('\'').nth(1).unwrap_or_default();
    let cause = if status == "407" { Cause::ProxyAuthRequired } else { Cause::ProxyDenied };
    let proxy = proxy.rsplit('@').next().unwrap_or_default().trim_end_matches('/');
    let proxy = proxy.split_once("://").map_or(proxy, |(_, proxy)| proxy);
    Some(
        Finding::new(cause)
            .with("proxy", clean(proxy))
            .with("status", clean(status))
            .advise(AdviceCode::CheckProxy),
    )
}

fn tls(exception: &str, host: Option<&str>) -> Finding {
    let has = |part: &str| exception.contains(part);
    let (cause, advice) = if has("RemoteCertificateNameMismatch") {
        (Cause::TlsNameMismatch, AdviceCode::CheckProxy)
    } else if has("NotTimeValid") {
        // Not valid yet reads the same; the clock decides which.
        (Cause::TlsExpired, AdviceCode::CheckClock)
    } else if has("PartialChain") || has("UntrustedRoot") {
        if host.is_some_and(|host| Region::of_host(host).is_some()) {
            (Cause::TlsIntercepted, AdviceCode::TrustRoot)
        } else {
            (Cause::TlsUntrusted, AdviceCode::TrustRoot)
        }
    } else {
        (Cause::TlsHandshake, AdviceCode::CheckProxy)
    };
    Finding::new(cause).advise(advice)
}

fn socket(exception: &str) -> Finding {
    let number = exception
        .rsplit_once("SocketException (")
        .and_then(|(_, rest)| rest.split_once(')'))
        .map(|(number, _)| number);
    let (cause, advice) = match number {
        Some("0xFFFDFFFF") => (Cause::DnsNotFound, AdviceCode::CheckDns),
        Some("11") => (Cause::DnsServerFailure, AdviceCode::CheckDns),
        Some("111") => (Cause::TcpRefused, AdviceCode::OpenFirewall),
        Some("101" | "113") => (Cause::TcpUnreachable, AdviceCode::OpenFirewall),
        Some("110") => (Cause::TcpTimeout, AdviceCode::OpenFirewall),
        Some("104") => (Cause::TcpReset, AdviceCode::OpenFirewall),
        _ if exception.contains("ResponseEnded") => (Cause::TcpReset, AdviceCode::OpenFirewall),
        _ => (Cause::HttpUnexpectedStatus, AdviceCode::LookAtLogs),
    };
    let finding = Finding::new(cause).advise(advice);
    match number {
        Some(number) => finding.with("errno", clean(number)),
        None => finding,
    }
}

/// `… (identity.bitwarden.com:443)` at the end of the first line.
fn peer(first: &str) -> Option<(&str, &str)> {
    let (_, inside) = first.trim_end().strip_suffix(')')?.rsplit_once('(')?;
    let (host, port) = inside.rsplit_once(':')?;
    (!port.is_empty() && port.chars().all(|c| c.is_ascii_digit())).then_some((host, port))
}

/// The text of the innermost exception, which is the one that says something.
fn innermost(exception: &str) -> &str {
    exception
        .lines()
        .filter(|line| !line.trim_start().starts_with("at "))
        .filter_map(|line| line.trim_start().strip_prefix("---> "))
        .next_back()
        .or_else(|| exception.lines().next())
        .unwrap_or_default()
}
