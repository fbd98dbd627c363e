//! A certificate in files, and what stands in it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use lianxin_shared::id::Moment;
use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::{TlsError, provider};

/// Where a certificate and its key lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFile {
    chain: PathBuf,
    key: PathBuf,
}

/// What stands in a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// From when it holds.
    pub from: Moment,
    /// Until when it holds.
    pub until: Moment,
    /// The names and addresses it holds for.
    pub names: Vec<String>,
}

impl CertificateFile {
    /// A certificate in these files.
    pub fn new(chain: &Path, key: &Path) -> Self {
        Self {
            chain: chain.to_owned(),
            key: key.to_owned(),
        }
    }

    /// When the files were last changed; nothing while one is missing.
    pub(super) fn changed(&self) -> Option<[SystemTime; 2]> {
        let changed = |file: &Path| file.metadata().and_then(|known| known.modified()).ok();
        Some([changed(&self.chain)?, changed(&self.key)?])
    }

    /// Reads both, and holds them against each other.
    pub fn load(&self) -> Result<Arc<CertifiedKey>, TlsError> {
        let chain = self.chain()?;
        let key = PrivateKeyDer::from_pem_file(&self.key).map_err(|error| self.failed(&self.key, error))?;
        match CertifiedKey::from_der(chain, key, &provider()) {
            Ok(certified) => Ok(Arc::new(certified)),
            Err(rustls::Error::InconsistentKeys(_)) => Err(TlsError::Mismatch {
                chain: self.chain.clone(),
                key: self.key.clone(),
            }),
            Err(error) => Err(error.into()),
        }
    }

    /// What stands in the server's own certificate.
    pub fn facts(&self) -> Result<Facts, TlsError> {
        let chain = self.chain()?;
        facts(&chain).ok_or_else(|| TlsError::Unreadable(self.chain.clone()))
    }

    fn chain(&self) -> Result<Vec<CertificateDer<'static>>, TlsError> {
        let read = CertificateDer::pem_file_iter(&self.chain).and_then(Iterator::collect);
        let chain: Vec<_> = read.map_err(|error| self.failed(&self.chain, error))?;
        if chain.is_empty() {
            return Err(self.failed(&self.chain, pem::Error::NoItemsFound));
        }
        Ok(chain)
    }

    fn failed(&self, file: &Path, error: pem::Error) -> TlsError {
        let file = file.to_owned();
        match error {
            pem::Error::Io(error) => TlsError::Io { file, error },
            _ if file == self.key => TlsError::Empty {
                file,
                what: "private key",
            },
            _ => TlsError::Empty {
                file,
                what: "certificate",
            },
        }
    }
}

fn facts(chain: &[CertificateDer<'_>]) -> Option<Facts> {
    let (_, certificate) = X509Certificate::from_der(chain.first()?).ok()?;
    let moment = |seconds: i64| Moment(seconds.saturating_mul(1_000));
    let validity = certificate.validity();
    let names = certificate.subject_alternative_name().ok()?;
    let names = names.into_iter().flat_map(|names| &names.value.general_names);
    Some(Facts {
        from: moment(validity.not_before.timestamp()),
        until: moment(validity.not_after.timestamp()),
        names: names.filter_map(written).collect(),
    })
}

fn written(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => <[u8; 4]>::try_from(*bytes)
            .map(|v4| std::net::Ipv4Addr::from(v4).to_string())
            .or_else(|_| <[u8; 16]>::try_from(*bytes).map(|v6| std::net::Ipv6Addr::from(v6).to_string()))
            .ok(),
        _ => None,
    }
}
