//! What an installation is told: one file, the environment, and the command's flags, each over the one before.
//!
//! [`raw`] declares every key once, with its words, its flag and its variable; what is read there is only well-formed. Here it
//! becomes a [`Config`], in which what does not go together cannot stand. [`file`](mod@file) reads the file, and
//! [`reference()`] lists the keys for `docs/configuration.md`.

mod address;
mod district;
mod file;
mod installation;
pub mod raw;
mod reference;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

pub use self::address::Address;
pub use self::district::{District, Host, Name, NoHost, NoName, Served};
pub use self::file::{DEFAULT, FileError, read};
pub use self::installation::{Backup, Installation};
pub use self::reference::reference;
use crate::app::FILES;
use crate::auth::second::AskedOf;
use crate::caller::Proxies;
use crate::limits::Bounds;

/// Everything that `serve` is told.
pub struct Config {
    /// Whom it serves, and where their databases are.
    pub served: Served,
    /// Where to listen, and how.
    pub listen: Listen,
    /// Whose word on the caller's address is taken.
    pub proxies: Proxies,
    /// How much at once.
    pub bounds: Bounds,
    /// Who has to prove who they are by a code besides the password.
    pub second_asked_of: AskedOf,
    /// Where Prometheus finds how it is.
    pub metrics: Option<SocketAddr>,
}

/// Where a database is.
#[derive(Clone)]
pub enum Place {
    /// In a folder.
    Folder(PathBuf),
    /// In PostgreSQL.
    Database(Address),
}

/// Where the files are that hang on records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FilesPlace {
    /// In a folder.
    Folder(PathBuf),
    /// In S3, by its address.
    Bucket(String),
}

/// Where to listen, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listen {
    /// The address to listen on.
    pub address: SocketAddr,
    /// What travels there.
    pub security: Security,
}

/// What travels on a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Security {
    /// HTTP: for this machine alone, or behind a proxy that ends HTTPS.
    Plain,
    /// HTTPS.
    Tls {
        /// Where the certificate comes from.
        certificate: Certificate,
        /// An address on which plain HTTP is sent on to HTTPS.
        redirect: Option<SocketAddr>,
    },
}

/// Where a certificate comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Certificate {
    /// From files, in PEM.
    Files {
        /// The chain, the server's own certificate first.
        chain: PathBuf,
        /// Its private key.
        key: PathBuf,
    },
    /// From an authority that speaks ACME (RFC 8555).
    Acme(Acme),
}

/// How to get a certificate by ACME.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acme {
    /// The names that the certificate is for; at least one.
    pub domains: Vec<String>,
    /// Whom the authority writes to.
    pub contact: Option<String>,
    /// The authority's directory.
    pub directory: String,
    /// A certificate to trust instead of the well-known ones when speaking to the authority, in PEM.
    pub trust: Option<PathBuf>,
    /// The folder in which account and certificate are kept.
    pub folder: PathBuf,
}

/// What does not go together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// Two places for one database.
    #[error("store.data and store.database are both given: the database is in a folder or in PostgreSQL")]
    TwoPlaces,
    /// One half of a certificate.
    #[error("tls.certificate and tls.key belong together: give both or neither")]
    HalfCertificate,
    /// Two certificates.
    #[error("tls.certificate and acme.domains are both given: the certificate comes from files or by ACME")]
    TwoCertificates,
    /// An authority, and nothing to ask it for.
    #[error(
        "acme.contact, acme.directory and acme.trust say how a certificate is asked for; acme.domains is missing"
    )]
    NoDomains,
    /// A redirection to nothing.
    #[error("listen.redirect sends plain HTTP on to HTTPS, but there is no certificate: give tls or acme")]
    RedirectToPlain,
    /// Backups without a place.
    #[error("backup.to is missing: where do backups go?")]
    BackupNowhere,
    /// Backups that nobody could open.
    #[error(
        "backup.to is given, but no backup.for: for whom are backups encrypted? `lianxin backup-key` makes a key"
    )]
    BackupForNobody,
    /// One place for the backups of two districts.
    #[error(
        "the backups of the district {0} go where another's go: give each district.backup.to a place of its own"
    )]
    BackupTwice(Name),
    /// Where the database is, said by a command and by the district that is meant.
    #[error(
        "the district {0} says where its database is: leave store.data and store.database out of the command"
    )]
    PlaceOfDistrict(Name),
    /// One name of two districts.
    #[error("two districts are called {0}")]
    DistrictTwice(Name),
    /// A district that nobody can find.
    #[error("the district {0} has no hosts: under which name do browsers find it?")]
    NoHosts(Name),
    /// One host of two districts.
    #[error("{0} is among the hosts twice: which district is it?")]
    HostTwice(Host),
    /// One database for several districts.
    #[error("store.database is one database; each district needs its own: give district.database")]
    DatabaseOfAll,
    /// Something is to be done to one of several.
    #[error("there are several districts: say which with --district ({})", listed(.0))]
    WhichDistrict(Vec<Name>),
}

fn listed(names: &[Name]) -> String {
    names.iter().map(Name::as_str).collect::<Vec<_>>().join(", ")
}

/// The folder where none is named.
const FOLDER: &str = "data";

/// Let's Encrypt.
const DIRECTORY: &str = "https://acme-v02.api.letsencrypt.org/directory";

impl Config {
    /// Checks that what was read goes together, and fills in what was left out.
    pub fn of(raw: raw::Raw) -> Result<Self, ConfigError> {
        // Nodes that share a database have a folder each for what is their own.
        let folder = match (&raw.store.data, &raw.store.database) {
            (Some(folder), _) => folder.join("acme"),
            (None, None) => Path::new(FOLDER).join("acme"),
            (None, Some(_)) => PathBuf::from("acme"),
        };
        let served = Served::of(raw.store, raw.files, raw.backup, raw.districts)?;
        let certificate = certificate(raw.tls, raw.acme, folder)?;
        let security = match (certificate, raw.listen.redirect) {
            (Some(certificate), redirect) => Security::Tls {
                certificate,
                redirect,
            },
            (None, None) => Security::Plain,
            (None, Some(_)) => return Err(ConfigError::RedirectToPlain),
        };
        let local = SocketAddr::from(([127, 0, 0, 1], 8080));
        Ok(Self {
            served,
            listen: Listen {
                address: raw.listen.address.unwrap_or(local),
                security,
            },
            proxies: Proxies::new(raw.proxy.networks, raw.proxy.header.unwrap_or_default()),
            bounds: bounds(&raw.limits),
            second_asked_of: raw.sign_in.second.unwrap_or_default(),
            metrics: raw.metrics.listen,
        })
    }
}

impl Place {
    /// The folder unless a database is named; `data` where nothing is said.
    pub fn of(raw: raw::Store) -> Result<Self, ConfigError> {
        match (raw.data, raw.database) {
            (Some(_), Some(_)) => Err(ConfigError::TwoPlaces),
            (_, Some(address)) => Ok(Self::Database(address)),
            (folder, None) => Ok(Self::Folder(folder.unwrap_or_else(|| FOLDER.into()))),
        }
    }
}

impl FilesPlace {
    /// The place that is named, or else a folder beside the database.
    pub fn of(raw: raw::Files, store: &Place) -> Self {
        match (raw.files, store) {
            (Some(address), _) if address.starts_with("s3://") => Self::Bucket(address),
            (Some(folder), _) => Self::Folder(folder.into()),
            (None, Place::Folder(data)) => Self::Folder(data.join(FILES)),
            (None, Place::Database(_)) => Self::Folder(FILES.into()),
        }
    }
}

fn bounds(raw: &raw::Limits) -> Bounds {
    let usual = Bounds::default();
    Bounds {
        exchanges: raw.exchanges.unwrap_or(usual.exchanges),
        connections: raw.connections.unwrap_or(usual.connections),
        ..usual
    }
}

fn certificate(tls: raw::Tls, acme: raw::Acme, folder: PathBuf) -> Result<Option<Certificate>, ConfigError> {
    let has_manner = acme.contact.is_some() || acme.directory.is_some() || acme.trust.is_some();
    match (tls.certificate, tls.key) {
        (Some(_), Some(_)) if !acme.domains.is_empty() => Err(ConfigError::TwoCertificates),
        (Some(chain), Some(key)) => Ok(Some(Certificate::Files { chain, key })),
        (Some(_), None) | (None, Some(_)) => Err(ConfigError::HalfCertificate),
        (None, None) if !acme.domains.is_empty() => Ok(Some(Certificate::Acme(Acme {
            domains: acme.domains,
            contact: acme.contact,
            directory: acme.directory.unwrap_or_else(|| DIRECTORY.to_owned()),
            trust: acme.trust,
            folder,
        }))),
        (None, None) if has_manner => Err(ConfigError::NoDomains),
        (None, None) => Ok(None),
    }
}

#[cfg(test)]
mod tests;
