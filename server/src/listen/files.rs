//! A certificate from files, taken up anew when they change.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio::signal::unix::{SignalKind, signal};

use super::TlsError;
use super::certificate::CertificateFile;
use super::secure::Source;

/// How often the files are looked at.
const EVERY: Duration = Duration::from_secs(60);

/// The certificate that is served now.
#[derive(Debug)]
struct Current(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Current {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.read().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

/// Serves with the certificate in these files, and with what is put in their place. New files that cannot be used are named in
/// the log, and the old certificate serves on.
pub(super) fn follow(file: CertificateFile) -> Result<Source, TlsError> {
    let seen = file.changed();
    let current = Arc::new(Current(RwLock::new(file.load()?)));
    let upkeep = upkeep(file, seen, current.clone());
    Source::new(current, upkeep)
}

async fn upkeep(file: CertificateFile, mut seen: Option<[std::time::SystemTime; 2]>, current: Arc<Current>) {
    let Ok(mut asked) = signal(SignalKind::hangup()) else {
        return;
    };
    loop {
        let is_asked = tokio::select! {
            _ = asked.recv() => true,
            () = tokio::time::sleep(EVERY) => false,
        };
        let changed = file.changed();
        if !is_asked && changed == seen {
            continue;
        }
        match file.load() {
            Ok(certified) => {
                *current.0.write().unwrap_or_else(PoisonError::into_inner) = certified;
                tracing::info!("tls.certificate_renewed");
            }
            Err(error) => tracing::error!(%error, "tls.certificate_unusable"),
        }
        seen = changed;
    }
}
