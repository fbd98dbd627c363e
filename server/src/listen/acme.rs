//! A certificate by ACME (RFC 8555), proved over TLS itself (TLS-ALPN-01, RFC 8737): no other port has to be open.

use std::io;
use std::path::Path;
use std::sync::Arc;

use futures_util::StreamExt as _;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use rustls_acme::caches::DirCache;
use rustls_acme::{AcmeConfig, AcmeState};

use super::secure::Source;
use super::{TlsError, provider};
use crate::config::Acme;

/// Serves with a certificate for these names as soon as the authority has given one, and renews it in time. Account and
/// certificate are kept in a folder, so that a restart asks for nothing.
pub(super) fn follow(acme: &Acme) -> Result<Source, TlsError> {
    let config = match &acme.trust {
        None => AcmeConfig::new(&acme.domains),
        Some(file) => AcmeConfig::new_with_client_config(&acme.domains, Arc::new(trusting(file)?)),
    };
    let contact = acme.contact.iter().map(|mail| format!("mailto:{mail}"));
    let state = config
        .contact(contact)
        .directory(&acme.directory)
        .cache(DirCache::new(acme.folder.clone()))
        .state();
    let (resolver, challenge) = (state.resolver(), state.challenge_rustls_config());
    Ok(Source::new(resolver, upkeep(state))?.with_challenge(challenge))
}

async fn upkeep(mut state: AcmeState<io::Error>) {
    while let Some(event) = state.next().await {
        match event {
            Ok(event) => tracing::info!(?event, "acme.event"),
            // It tries again by itself, later each time.
            Err(error) => tracing::error!(%error, "acme.failed"),
        }
    }
}

fn trusting(file: &Path) -> Result<ClientConfig, TlsError> {
    let empty = || TlsError::Empty {
        file: file.to_owned(),
        what: "certificate",
    };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(file).map_err(|_| empty())? {
        roots.add(certificate.map_err(|_| empty())?)?;
    }
    let builder = ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions()?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}
