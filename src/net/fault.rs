//! From an error to its cause: by the types and numbers in its chain of sources, never by its words.

use std::{error::Error, io};

use rustls::{AlertDescription, CertificateError, Error as TlsError, InvalidMessage};

use super::{Origin, certificate::CertFault, dns::DnsFault, tcp};
use crate::domain::{
    check::{AdviceCode, Cause, Finding},
    region::Region,
};

/// The finding for an error, if anything in its chain tells the cause.
pub(crate) fn find(error: &(dyn Error + 'static), origin: &Origin) -> Option<Finding> {
    let mut next = Some(error);
    let mut closed = None;
    while let Some(error) = next {
        if let Some(fault) = error.downcast_ref::<DnsFault>() {
            return Some(fault.finding(origin));
        }
        if let Some(error) = error.downcast_ref::<TlsError>() {
            return Some(tls(error, origin));
        }
        if let Some(error) = error.downcast_ref::<hyper::Error>()
            && let Some(finding) = http(error, origin)
        {
            closed = Some(finding);
        }
        if let Some(error) = error.downcast_ref::<io::Error>() {
            // The error inside is no source of its own: the standard library skips to the source of it.
            if let Some(inner) = error.get_ref()
                && let Some(finding) = find(inner, origin)
            {
                return Some(finding);
            }
            if let Some(fault) = tcp::fault_of(error) {
                return Some(tcp::finding(origin, fault, None, error.raw_os_error()));
            }
            if error.kind() == io::ErrorKind::UnexpectedEof {
                closed.get_or_insert_with(|| {
                    tcp::finding(origin, tcp::Fault::Reset, None, None).with("reason", "closed")
                });
            }
        }
        next = error.source();
    }
    closed
}

/// The same for an error before TLS stands: closed without a word is a refusal of the handshake there; a reset
/// is told as such.
pub(super) fn find_before_tls(error: &(dyn Error + 'static), origin: &Origin) -> Option<Finding> {
    match find(error, origin) {
        Some(finding) if origin.secure && finding.evidence.get("reason") == Some("closed") => {
            Some(handshake(origin, "closed"))
        }
        found => found,
    }
}

/// What the TLS crate's error means.
pub(super) fn tls(error: &TlsError, origin: &Origin) -> Finding {
    if let TlsError::InvalidCertificate(CertificateError::Other(inner)) = error
        && let Some(fault) = inner.0.downcast_ref::<CertFault>()
    {
        return fault.finding(origin);
    }
    let reason = match error {
        TlsError::InvalidMessage(InvalidMessage::InvalidContentType) => "not_tls".to_owned(),
        TlsError::InvalidMessage(_) | TlsError::DecryptError => "broken_message".to_owned(),
        TlsError::AlertReceived(AlertDescription::HandshakeFailure | AlertDescription::ProtocolVersion) => {
            "nothing_in_common".to_owned()
        }
        TlsError::AlertReceived(alert) => alert.as_str().unwrap_or("alert").to_owned(),
        TlsError::PeerIncompatible(_) => "nothing_in_common".to_owned(),
        TlsError::InvalidCertificate(_) | TlsError::NoCertificatesPresented => "certificate".to_owned(),
        _ => "other".to_owned(),
    };
    handshake(origin, &reason)
}

/// TLS did not come about, for a reason other than the certificate.
pub(super) fn handshake(origin: &Origin, reason: &str) -> Finding {
    let of_the_cloud = Region::of_host(&origin.host).is_some();
    let advice = if of_the_cloud { AdviceCode::ExemptFromInspection } else { AdviceCode::LookAtLogs };
    origin.finding(Cause::TlsHandshake).with("reason", reason).advise(advice)
}

/// What the HTTP crate's own error means.
pub(super) fn http(error: &hyper::Error, origin: &Origin) -> Option<Finding> {
    if error.is_parse_too_large() {
        return Some(origin.finding(Cause::HttpUnexpectedStatus).with("reason", "head_too_large"));
    }
    if error.is_parse() {
        return Some(origin.finding(Cause::HttpUnexpectedStatus).with("reason", "not_http"));
    }
    if error.is_incomplete_message() || error.is_closed() {
        return Some(tcp::finding(origin, tcp::Fault::Reset, None, None).with("reason", "closed"));
    }
    if error.is_timeout() { Some(timeout(origin)) } else { None }
}

/// No answer, or not all of it, in time.
pub(crate) fn timeout(origin: &Origin) -> Finding {
    origin.finding(Cause::HttpTimeout).advise(AdviceCode::WaitAndRetry)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin() -> Origin {
        Origin::https("api.bitwarden.eu", 443)
    }

    #[test]
    fn a_cause_is_found_at_any_depth() {
        let refused = io::Error::from_raw_os_error(111);
        let table: Vec<(Box<dyn Error>, Cause)> = vec![
            (Box::new(DnsFault::NotFound), Cause::DnsNotFound),
            (Box::new(io::Error::other(io::Error::other(DnsFault::Timeout))), Cause::DnsTimeout),
            (Box::new(io::Error::other(refused)), Cause::TcpRefused),
            (Box::new(io::Error::from_raw_os_error(113)), Cause::TcpUnreachable),
            (Box::new(io::Error::other(TlsError::DecryptError)), Cause::TlsHandshake),
        ];
        for (error, wanted) in table {
            assert_eq!(find(error.as_ref(), &origin()).map(|f| f.cause), Some(wanted), "{error:?}");
        }
        assert_eq!(find(&std::fmt::Error, &origin()), None);
    }

    #[test]
    fn a_number_stands_in_the_evidence() {
        let finding = find(&io::Error::from_raw_os_error(111), &origin()).unwrap();
        assert_eq!(finding.evidence.get("errno"), Some("111"));
        assert_eq!(finding.evidence.get("host"), Some("api.bitwarden.eu"));
    }
}
