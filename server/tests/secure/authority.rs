//! An authority of our own, and certificates that it gives.

use std::path::Path;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

/// An authority.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// Its own certificate, in PEM.
    pub(crate) root: String,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let root = params.self_signed(&key).unwrap().pem();
        Self {
            issuer: Issuer::new(params, key),
            root,
        }
    }

    /// Writes a certificate for these names and its key.
    pub(crate) fn give(&self, names: &[&str], chain: &Path, key: &Path) {
        let names: Vec<_> = names.iter().map(ToString::to_string).collect();
        let own = KeyPair::generate().unwrap();
        let params = CertificateParams::new(names).unwrap();
        let given = params.signed_by(&own, &self.issuer).unwrap();
        std::fs::write(chain, given.pem()).unwrap();
        std::fs::write(key, own.serialize_pem()).unwrap();
    }
}
