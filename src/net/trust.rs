//! Whom TLS trusts: the system's roots, the given ones, and single server certificates byte for byte
//! (design §9, Trust). Verification is never switched off.

use std::{fmt, sync::Arc, time::Duration};

use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error as TlsError, OtherError, RootCertStore,
    SignatureScheme,
    client::{
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        verify_server_name,
    },
    crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
    server::ParsedCertificate,
};
use rustls_platform_verifier::Verifier;
use time::OffsetDateTime;

use super::{
    NetOptions,
    certificate::{CertFault, CertFaultKind, Certificate},
};
use crate::domain::check::{AdviceCode, Cause, Finding};

/// How many certificates a server may present beyond its own.
const MOST_INTERMEDIATES: usize = 10;
/// How many certificates `--cacert` files may hold together.
const MOST_ROOTS: usize = 2_000;

/// Decides about presented certificates, and says exactly why one is refused.
pub(super) struct Trust {
    provider: Arc<CryptoProvider>,
    /// System store and given roots; none where there is not a single one.
    roots: Option<Arc<Verifier>>,
    /// Accepted byte for byte: (for this host only, certificate).
    pins: Vec<(Option<String>, CertificateDer<'static>)>,
    /// The name to check in place of the one that was connected to.
    checked_name: Option<ServerName<'static>>,
}

impl Trust {
    /// Reads the system store and the given files' texts. Works with an empty system store: then only what is
    /// given is trusted. A file without a certificate is `tls.untrusted` with its path.
    pub(super) fn new(options: &NetOptions) -> Result<Self, Finding> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let mut roots = Vec::new();
        let mut pins = Vec::new();
        for (path, text) in &options.cacert {
            let unreadable = |reason: &str| {
                Finding::new(Cause::TlsUntrusted)
                    .with("path", path.display().to_string())
                    .with("reason", reason)
                    .advise(AdviceCode::GiveCaCertificate)
            };
            let found = CertificateDer::pem_slice_iter(text)
                .take(MOST_ROOTS)
                .collect::<Result<Vec<_>, _>>()
                .map_err(|_| unreadable("not_pem"))?;
            if found.is_empty() {
                return Err(unreadable("no_certificate"));
            }
            for certificate in found {
                // What cannot be an anchor (X.509 v1, say) can still be the server's own certificate.
                if RootCertStore::empty().add(certificate.clone()).is_ok() {
                    roots.push(certificate.clone());
                }
                pins.push((None, certificate));
            }
        }
        for pin in &options.pins {
            pins.push((Some(pin.host.to_ascii_lowercase()), CertificateDer::from(pin.der.clone())));
        }
        let roots = Verifier::new_with_extra_roots(roots, provider.clone()).ok().map(Arc::new);
        Ok(Self { provider, roots, pins, checked_name: None })
    }

    /// A TLS client with this trust: HTTP/1.1, as the genuine server speaks it.
    pub(super) fn config(self: &Arc<Self>) -> Result<ClientConfig, Finding> {
        let broken = |_| Finding::new(Cause::TlsHandshake).with("reason", "no_protocol_version");
        let mut config = ClientConfig::builder_with_provider(self.provider.clone())
            .with_safe_default_protocol_versions()
            .map_err(broken)?
            .dangerous()
            .with_custom_certificate_verifier(self.clone())
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }

    /// A TLS client for a connection whose address stands where the name should: `name` is checked instead.
    pub(super) fn config_for(&self, name: ServerName<'static>) -> Result<ClientConfig, Finding> {
        let same = Self {
            provider: self.provider.clone(),
            roots: self.roots.clone(),
            pins: self.pins.clone(),
            checked_name: Some(name),
        };
        Arc::new(same).config()
    }

    fn is_pinned(&self, presented: &CertificateDer<'_>, name: &ServerName<'_>) -> bool {
        self.pins.iter().any(|(host, pin)| {
            pin.as_ref() == presented.as_ref()
                && host.as_ref().is_none_or(|host| *host == name.to_str().to_ascii_lowercase())
        })
    }

    /// A pinned certificate is its own anchor: only its name and dates are looked at.
    fn check_pinned(
        &self,
        presented: &CertificateDer<'_>,
        name: &ServerName<'_>,
        now: UnixTime,
    ) -> Result<(), TlsError> {
        let certificate = Certificate::read(presented.as_ref()).unwrap_or_default();
        let now = instant(now);
        if certificate.not_after.is_none_or(|end| now > end) {
            return Err(refusal(CertFaultKind::Expired, "expired", certificate));
        }
        if certificate.not_before.is_none_or(|start| now < start) {
            return Err(refusal(CertFaultKind::NotYetValid, "not_yet_valid", certificate));
        }
        let named =
            ParsedCertificate::try_from(presented).and_then(|parsed| verify_server_name(&parsed, name));
        named.map_err(|_| refusal(CertFaultKind::NameMismatch, "name", certificate))
    }

    fn check_chain(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        now: UnixTime,
    ) -> Result<(), TlsError> {
        let certificate = Certificate::read(end_entity.as_ref()).unwrap_or_default();
        let untrusted = |reason, certificate| refusal(CertFaultKind::Untrusted, reason, certificate);
        let Some(roots) = &self.roots else { return Err(untrusted("no_roots", certificate)) };
        if intermediates.len() > MOST_INTERMEDIATES {
            return Err(untrusted("too_many_certificates", certificate));
        }
        let ask = |at| roots.verify_server_cert(end_entity, intermediates, name, &[], at);
        let Err(error) = ask(now) else { return Ok(()) };
        let (kind, reason) = kind_of(&error);
        if !matches!(kind, CertFaultKind::Expired | CertFaultKind::NotYetValid) {
            return Err(refusal(kind, reason, certificate));
        }
        // Dates are looked at first: a chain that would not be trusted on its best day is untrusted, not old.
        if let Some(Err(other)) = best_day(&certificate).map(ask)
            && let (CertFaultKind::Untrusted, reason) = kind_of(&other)
        {
            return Err(untrusted(reason, certificate));
        }
        Err(refusal(kind, reason, at_fault(end_entity, intermediates, now).unwrap_or(certificate)))
    }
}

/// The first certificate of the chain whose dates do not fit.
fn at_fault(
    end_entity: &CertificateDer<'_>,
    intermediates: &[CertificateDer<'_>],
    now: UnixTime,
) -> Option<Certificate> {
    let now = instant(now);
    std::iter::once(end_entity)
        .chain(intermediates)
        .filter_map(|der| Certificate::read(der.as_ref()))
        .find(|c| c.not_after.is_some_and(|end| now > end) || c.not_before.is_some_and(|start| now < start))
}

fn refusal(kind: CertFaultKind, reason: &'static str, certificate: Certificate) -> TlsError {
    let fault = CertFault { kind, reason, certificate };
    TlsError::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(fault))))
}

/// What the verifier's error means, and its reason as a code.
fn kind_of(error: &TlsError) -> (CertFaultKind, &'static str) {
    use CertFaultKind::{Expired, NameMismatch, NotYetValid, Untrusted};
    let TlsError::InvalidCertificate(error) = error else { return (Untrusted, "not_readable") };
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => (Expired, "expired"),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            (NotYetValid, "not_yet_valid")
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            (NameMismatch, "name")
        }
        CertificateError::UnknownIssuer => (Untrusted, "unknown_issuer"),
        CertificateError::BadSignature => (Untrusted, "bad_signature"),
        CertificateError::Revoked => (Untrusted, "revoked"),
        CertificateError::BadEncoding => (Untrusted, "not_readable"),
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            (Untrusted, "wrong_purpose")
        }
        // Among these: a CA certificate used as the server's own, an X.509 v1 certificate.
        CertificateError::Other(_) => (Untrusted, "not_a_server_certificate"),
        _ => (Untrusted, "not_accepted"),
    }
}

/// A moment in the middle of the certificate's own time.
fn best_day(certificate: &Certificate) -> Option<UnixTime> {
    let (start, end) = (certificate.not_before?, certificate.not_after?);
    let middle = start.unix_timestamp() + (end.unix_timestamp() - start.unix_timestamp()) / 2;
    Some(UnixTime::since_unix_epoch(Duration::from_secs(u64::try_from(middle).ok()?)))
}

fn instant(at: UnixTime) -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + Duration::from_secs(at.as_secs())
}

impl fmt::Debug for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Trust({} pins)", self.pins.len())
    }
}

impl ServerCertVerifier for Trust {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        let name = self.checked_name.as_ref().unwrap_or(server_name);
        if self.is_pinned(end_entity, name) {
            self.check_pinned(end_entity, name, now)?;
        } else {
            self.check_chain(end_entity, intermediates, name, now)?;
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
