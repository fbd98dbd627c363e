//! The lines that browsers come on.
//!
//! [`Secure`] makes the TLS handshake on a line, so that what is above it serves HTTPS as it does HTTP.
//! Its certificate comes from [`files`] or by [`acme`]; [`redirect`](redirect()) sends plain HTTP on to HTTPS.

mod acme;
mod certificate;
mod files;
mod redirect;
mod secure;

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use rustls::crypto::CryptoProvider;

pub use self::certificate::{CertificateFile, Facts};
pub use self::redirect::redirect;
pub use self::secure::Secure;
use crate::config::Certificate;

/// Why a line cannot be secured.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file that cannot be read.
    #[error("{}: {error}", file.display())]
    Io {
        /// The file.
        file: PathBuf,
        /// Why not.
        error: io::Error,
    },
    /// A file without what it is to hold.
    #[error("{}: no {what} in PEM is in it", file.display())]
    Empty {
        /// The file.
        file: PathBuf,
        /// What is missing.
        what: &'static str,
    },
    /// A certificate that cannot be read.
    #[error("{}: the certificate cannot be read", .0.display())]
    Unreadable(PathBuf),
    /// A key of another certificate.
    #[error("{}: the key is not that of the certificate in {}", key.display(), chain.display())]
    Mismatch {
        /// The file of the certificate.
        chain: PathBuf,
        /// The file of the key.
        key: PathBuf,
    },
    /// What rustls does not take.
    #[error("TLS: {0}")]
    Rustls(#[from] rustls::Error),
    /// An address that cannot be listened on.
    #[error("{address}: {error}")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// Why not.
        error: io::Error,
    },
}

/// What all of TLS here is made with.
pub(crate) fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// Listens on an address.
pub async fn bind(address: SocketAddr) -> Result<tokio::net::TcpListener, TlsError> {
    let bound = tokio::net::TcpListener::bind(address).await;
    bound.map_err(|error| TlsError::Bind { address, error })
}

/// Secures lines with a certificate, which is kept up to date as long as what is answered lives.
pub fn secure(certificate: &Certificate) -> Result<Secure, TlsError> {
    let source = match certificate {
        Certificate::Files { chain, key } => files::follow(CertificateFile::new(chain, key))?,
        Certificate::Acme(acme) => acme::follow(acme)?,
    };
    Ok(Secure::new(source))
}
