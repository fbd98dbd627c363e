//! The certificate.

use std::net::SocketAddr;
use std::path::PathBuf;

use lianxin_shared::id::Moment;

use super::{Finding, written};
use crate::config::{Acme, Certificate};
use crate::listen::{CertificateFile, Facts, TlsError};

/// How long before its end somebody has to see to a certificate; ACME renews a month before.
const SOON: i64 = 14 * 24 * 60 * 60 * 1000;

/// HTTP alone: right on this machine, where a proxy ends HTTPS; elsewhere browsers keep no offline app.
pub(super) fn none(listen: SocketAddr) -> Finding {
    let finding = if listen.ip().is_loopback() {
        Finding::good("plain-local")
    } else {
        Finding::notice("plain-open")
    };
    finding.with("address", &listen)
}

/// Looks at the certificate that is served.
pub(super) fn check(certificate: &Certificate, now: Moment) -> Vec<Finding> {
    match certificate {
        Certificate::Files { chain, key } => of_files(&CertificateFile::new(chain, key), now),
        Certificate::Acme(acme) => of_acme(acme, now),
    }
}

fn of_files(file: &CertificateFile, now: Moment) -> Vec<Finding> {
    match file.load().and_then(|_| file.facts()) {
        Ok(facts) => vec![dates(&facts, now)],
        Err(error) => vec![unusable(error)],
    }
}

fn unusable(error: TlsError) -> Finding {
    match error {
        TlsError::Io { file, error } => Finding::wrong("file-unreadable").at(&file).with("reason", &error),
        TlsError::Empty { file, .. } => Finding::wrong("certificate-empty").at(&file),
        TlsError::Mismatch { chain, key } => {
            let finding = Finding::wrong("certificate-mismatch").at(&key);
            finding.with("chain", &chain.display())
        }
        other => Finding::wrong("certificate-unusable").with("reason", &other),
    }
}

/// The certificate that was last given, which lies in the folder with its key.
fn of_acme(acme: &Acme, now: Moment) -> Vec<Finding> {
    let kept = std::fs::read_dir(&acme.folder).into_iter().flatten().flatten();
    let kept = kept
        .map(|entry| entry.path())
        .filter(|path: &PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("cached_cert_")
        })
        .filter_map(|path| CertificateFile::new(&path, &path).facts().ok())
        .filter(|facts| acme.domains.iter().all(|domain| facts.names.contains(domain)));
    match kept.max_by_key(|facts| facts.until) {
        Some(facts) => vec![dates(&facts, now)],
        None => vec![Finding::notice("certificate-not-given").with("names", &acme.domains.join(", "))],
    }
}

fn dates(facts: &Facts, now: Moment) -> Finding {
    let finding = if facts.names.is_empty() {
        Finding::wrong("certificate-nameless")
    } else if now < facts.from {
        Finding::wrong("certificate-early")
    } else if now >= facts.until {
        Finding::wrong("certificate-ended")
    } else if facts.until.0 - now.0 < SOON {
        Finding::notice("certificate-ends")
    } else {
        Finding::good("certificate")
    };
    finding
        .with("from", &written(facts.from))
        .with("until", &written(facts.until))
        .with("names", &facts.names.join(", "))
}
