//! Reads a presented certificate for what a person wants to see of it. Nothing here decides about trust.

use std::{error::Error, fmt};

use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use x509_parser::{extensions::GeneralName, parse_x509_certificate};

use crate::domain::{
    check::{AdviceCode, Cause, Evidence, Finding},
    outside::clean,
    region::Region,
};

use super::Origin;

/// How many names of a certificate are shown.
const MOST_NAMES: usize = 8;

/// The part of a certificate that is shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Certificate {
    /// Whom it is for.
    pub subject: String,
    /// Who signed it.
    pub issuer: String,
    /// From when it holds.
    pub not_before: Option<OffsetDateTime>,
    /// Until when it holds.
    pub not_after: Option<OffsetDateTime>,
    /// The names and addresses that it is made for.
    pub names: Vec<String>,
}

impl Certificate {
    /// Reads DER; `None` where it is no certificate.
    pub fn read(der: &[u8]) -> Option<Self> {
        let (_, certificate) = parse_x509_certificate(der).ok()?;
        let names = match certificate.subject_alternative_name() {
            Ok(Some(extension)) => {
                extension.value.general_names.iter().filter_map(name).take(MOST_NAMES).collect()
            }
            _ => Vec::new(),
        };
        Some(Self {
            subject: clean(&certificate.subject().to_string()),
            issuer: clean(&certificate.issuer().to_string()),
            not_before: Some(certificate.validity().not_before.to_datetime()),
            not_after: Some(certificate.validity().not_after.to_datetime()),
            names,
        })
    }

    /// Whether subject and issuer are the same.
    pub fn is_self_issued(&self) -> bool {
        self.subject == self.issuer
    }

    /// Notes issuer, subject and dates.
    pub fn note(&self, evidence: &mut Evidence) {
        for (key, name) in [("issuer", &self.issuer), ("subject", &self.subject)] {
            if !name.is_empty() {
                evidence.insert(key, name.as_str());
            }
        }
        for (key, date) in [("not_before", self.not_before), ("not_after", self.not_after)] {
            if let Some(text) = date.and_then(|date| date.format(&Rfc3339).ok()) {
                evidence.insert(key, text);
            }
        }
    }
}

fn name(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some(clean(name)),
        GeneralName::IPAddress(bytes) => match bytes.len() {
            4 => <[u8; 4]>::try_from(*bytes).ok().map(|b| std::net::Ipv4Addr::from(b).to_string()),
            16 => <[u8; 16]>::try_from(*bytes).ok().map(|b| std::net::Ipv6Addr::from(b).to_string()),
            _ => None,
        },
        _ => None,
    }
}

/// Why a presented certificate was refused. It travels inside the TLS crate's error, so that whoever asked
/// gets the certificate with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CertFault {
    pub(super) kind: CertFaultKind,
    /// The verifier's own reason, as a code.
    pub(super) reason: &'static str,
    /// The server's certificate, or the one in the chain that is at fault.
    pub(super) certificate: Certificate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CertFaultKind {
    Untrusted,
    Expired,
    NotYetValid,
    NameMismatch,
}

impl CertFault {
    /// `tls.intercepted` for a host of the Bitwarden cloud whose chain ends at no trusted root, `tls.untrusted`
    /// for any other; dates and names speak for themselves (design §5, table of causes).
    pub(super) fn finding(&self, origin: &Origin) -> Finding {
        let of_the_cloud = Region::of_host(&origin.host).is_some();
        let cause = match self.kind {
            CertFaultKind::Untrusted if of_the_cloud => Cause::TlsIntercepted,
            CertFaultKind::Untrusted => Cause::TlsUntrusted,
            CertFaultKind::Expired => Cause::TlsExpired,
            CertFaultKind::NotYetValid => Cause::TlsNotYetValid,
            CertFaultKind::NameMismatch => Cause::TlsNameMismatch,
        };
        let mut finding = origin.finding(cause).with("reason", self.reason);
        self.certificate.note(&mut finding.evidence);
        if self.kind == CertFaultKind::NameMismatch {
            finding =
                finding.with("expected", &origin.host).with("candidates", self.certificate.names.join(", "));
        }
        let show = |host: &str| {
            let name = match origin.literal() {
                Some(_) => String::new(),
                None => format!(" -servername {host}"),
            };
            format!("openssl s_client -connect {}{name} -showcerts </dev/null", origin.with_port())
        };
        match (self.kind, of_the_cloud) {
            (CertFaultKind::Untrusted, true) => {
                origin.advise(finding, AdviceCode::ExemptFromInspection, show).advise(AdviceCode::TrustRoot)
            }
            (CertFaultKind::Untrusted, false) => origin.advise(finding, AdviceCode::GiveCaCertificate, show),
            (CertFaultKind::Expired | CertFaultKind::NotYetValid, _) => {
                finding.command(AdviceCode::CheckClock, "timedatectl")
            }
            (CertFaultKind::NameMismatch, true) => {
                origin.advise(finding, AdviceCode::CheckDns, |h| format!("getent ahosts {h}"))
            }
            (CertFaultKind::NameMismatch, false) => finding,
        }
    }
}

impl fmt::Display for CertFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "certificate refused: {:?} ({})", self.kind, self.reason)
    }
}

impl Error for CertFault {}
