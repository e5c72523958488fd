//! The simulator's own certificate authority, fresh at every start: nothing outside can ever come to trust it.

use std::sync::Arc;

use anyhow::{Context, Result};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};
use rustls::{
    crypto::aws_lc_rs::sign::any_supported_type,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
    sign::CertifiedKey,
};
use time::{Duration, OffsetDateTime};

/// Days that certificates last: long enough never to be reported as expiring.
const DAYS: i64 = 300;

/// An authority that certifies the simulated hosts.
pub struct Ca {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Ca {
    /// A new authority with a name that tells where it comes from.
    ///
    /// # Errors
    /// If no key can be made.
    pub fn new() -> Result<Self> {
        let mut params = dated(&[])?;
        params.distinguished_name.push(DnType::CommonName, "bwsync simulator root");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate().context("a key for the simulator's authority")?;
        Ok(Self { issuer: CertifiedIssuer::self_signed(params, key)? })
    }

    /// Its certificate as PEM, for `--cacert`.
    pub fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// A server certificate for these names.
    ///
    /// # Errors
    /// If a name is none, or no key can be made.
    pub fn certify(&self, names: &[&str]) -> Result<Identity> {
        let mut params = dated(names)?;
        if let Some(name) = names.first() {
            params.distinguished_name.push(DnType::CommonName, *name);
        }
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.issuer)?;
        Identity::new(certificate.pem(), certificate.der().clone(), &key)
    }
}

/// A server certificate as Bitwarden's installer makes it: its own issuer, and a CA certificate at that
/// (design §9, Trust).
///
/// # Errors
/// If the name is none, or no key can be made.
pub fn self_signed(name: &str) -> Result<Identity> {
    let mut params = dated(&[name])?;
    params.distinguished_name.push(DnType::CountryName, "US");
    params.distinguished_name.push(DnType::OrganizationName, "Bitwarden Inc.");
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate()?;
    let certificate = params.self_signed(&key)?;
    Identity::new(certificate.pem(), certificate.der().clone(), &key)
}

fn dated(names: &[&str]) -> Result<CertificateParams> {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names)?;
    let now = OffsetDateTime::now_utc();
    params.not_before = now - Duration::days(1);
    params.not_after = now + Duration::days(DAYS);
    Ok(params)
}

/// A certificate with its key: what a server shows.
#[derive(Clone)]
pub struct Identity {
    /// The certificate as PEM.
    pub pem: String,
    /// The private key as PEM.
    pub key_pem: String,
    /// The same for the TLS server.
    pub certified: Arc<CertifiedKey>,
}

impl Identity {
    fn new(pem: String, der: CertificateDer<'static>, key: &KeyPair) -> Result<Self> {
        let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let signing = any_supported_type(&private)?;
        let certified = Arc::new(CertifiedKey::new(vec![der], signing));
        Ok(Self { pem, key_pem: key.serialize_pem(), certified })
    }
}
