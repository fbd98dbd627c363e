//! Every key, declared once: its words are the flag's help and the reference's, its type is how it is read.
//!
//! A struct is a table of the file. To add a key: a field here, and its place in `or` and in [`super::Config`].

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use jiff::SignedDuration;
use serde::Deserialize;

use super::{Address, Host, Name};
use crate::auth::second::AskedOf;
use crate::backup::Keep;
use crate::caller::{Naming, Network};

/// What one source says: the file, or the environment and the flags.
#[derive(Args, Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct Raw {
    /// See [`Store`].
    #[command(flatten)]
    pub store: Store,
    /// See [`Files`].
    #[command(flatten)]
    pub files: Files,
    /// See [`Listen`].
    #[command(flatten)]
    pub listen: Listen,
    /// See [`Proxy`].
    #[command(flatten)]
    pub proxy: Proxy,
    /// See [`Limits`].
    #[command(flatten)]
    pub limits: Limits,
    /// See [`Metrics`].
    #[command(flatten)]
    pub metrics: Metrics,
    /// See [`Tls`].
    #[command(flatten)]
    pub tls: Tls,
    /// See [`Acme`].
    #[command(flatten)]
    pub acme: Acme,
    /// See [`SignIn`].
    #[command(flatten)]
    #[serde(rename = "sign-in")]
    pub sign_in: SignIn,
    /// See [`Backup`].
    #[command(flatten)]
    pub backup: Backup,
    /// See [`District`]. No flag and no variable names them.
    #[arg(skip)]
    #[serde(rename = "district")]
    pub districts: Vec<District>,
}

/// Where the database is.
#[derive(Args, Deserialize, Default, Clone)]
#[command(next_help_heading = "store")]
#[serde(default, deny_unknown_fields)]
pub struct Store {
    /// The folder of the database; made when missing. `data`, in the working folder, unless given.
    #[arg(
        long,
        env = "LIANXIN_DATA",
        value_name = "FOLDER",
        conflicts_with = "database"
    )]
    pub data: Option<PathBuf>,
    /// The address of a PostgreSQL database instead, as `postgres://USER@HOST/NAME`. One with a password is better given by the
    /// file or the variable: others on the machine see flags.
    #[arg(
        long,
        env = "LIANXIN_DATABASE",
        value_name = "ADDRESS",
        hide_env_values = true
    )]
    pub database: Option<Address>,
}

/// Where the files are that hang on records.
#[derive(Args, Deserialize, Default, Clone)]
#[command(next_help_heading = "files")]
#[serde(default, deny_unknown_fields)]
pub struct Files {
    /// Where photos and papers are kept: a folder, or a bucket as `s3://BUCKET/PREFIX`, which is reached by the `AWS_…` variables
    /// that S3's own programs read. `files` in the database's folder unless given; with a database elsewhere, in the working
    /// folder. Several nodes need one place that all of them reach; each of several districts has the place in it that is called as
    /// the district is.
    #[arg(long, env = "LIANXIN_FILES", value_name = "PLACE")]
    pub files: Option<String>,
}

/// Where to listen.
#[derive(Args, Deserialize, Default)]
#[command(next_help_heading = "listen")]
#[serde(default, deny_unknown_fields)]
pub struct Listen {
    /// The address and port to listen on; `127.0.0.1:8080` unless given. All addresses of the machine are `[::]:443`.
    #[arg(long = "listen", env = "LIANXIN_LISTEN", value_name = "ADDRESS:PORT")]
    pub address: Option<SocketAddr>,
    /// A second address and port on which plain HTTP is sent on to HTTPS, as `[::]:80`. Needs a certificate.
    #[arg(long, env = "LIANXIN_REDIRECT", value_name = "ADDRESS:PORT")]
    pub redirect: Option<SocketAddr>,
}

/// Who stands in front.
#[derive(Args, Deserialize, Default)]
#[command(next_help_heading = "proxy")]
#[serde(default, deny_unknown_fields)]
pub struct Proxy {
    /// The addresses or networks of the proxies in front, as `127.0.0.1` or `10.0.0.0/8`; only they are believed when they say
    /// for whom they ask. Without any, all who come through a proxy count as one where it is counted how fast somebody asks.
    #[arg(
        long = "proxy",
        env = "LIANXIN_PROXY",
        value_name = "NETWORK",
        value_delimiter = ','
    )]
    pub networks: Vec<Network>,
    /// In which header they say so: `x-forwarded-for`, unless given, or `forwarded` (RFC 7239). The other one is not read: a
    /// proxy that does not write it passes on whatever a stranger wrote.
    #[arg(long = "proxy-header", env = "LIANXIN_PROXY_HEADER", value_name = "HEADER")]
    pub header: Option<Naming>,
}

/// How much at once.
#[derive(Args, Deserialize, Default)]
#[command(next_help_heading = "limits")]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// How many exchanges with devices are worked on at once, 128 unless given; more are told to come again in a moment.
    #[arg(long, env = "LIANXIN_EXCHANGES", value_name = "NUMBER")]
    pub exchanges: Option<usize>,
    /// How many connections there may be, 20000 unless given; half of them from one address, unless it is a proxy's.
    #[arg(long, env = "LIANXIN_CONNECTIONS", value_name = "NUMBER")]
    pub connections: Option<usize>,
}

/// How it is, in numbers.
#[derive(Args, Deserialize, Default)]
#[command(next_help_heading = "metrics")]
#[serde(default, deny_unknown_fields)]
pub struct Metrics {
    /// The address and port on which Prometheus finds how the server is, at /metrics; how each of several districts is, at
    /// /metrics/NAME. Nobody else should reach it.
    #[arg(long = "metrics", env = "LIANXIN_METRICS", value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
}

/// A certificate from files.
#[derive(Args, Deserialize, Default)]
#[command(next_help_heading = "tls")]
#[serde(default, deny_unknown_fields)]
pub struct Tls {
    /// The certificate chain in PEM, the server's own first: the server then speaks HTTPS by itself. A renewed one is taken up
    /// within a minute, or at once on SIGHUP.
    #[arg(
        long = "tls-certificate",
        env = "LIANXIN_TLS_CERTIFICATE",
        value_name = "FILE"
    )]
    pub certificate: Option<PathBuf>,
    /// The private key of the certificate, in PEM.
    #[arg(long = "tls-key", env = "LIANXIN_TLS_KEY", value_name = "FILE")]
    pub key: Option<PathBuf>,
}

/// A certificate by ACME.
#[derive(Args, Deserialize, Default)]
#[command(next_help_heading = "acme")]
#[serde(default, deny_unknown_fields)]
pub struct Acme {
    /// The names to get a certificate for, by ACME (TLS-ALPN-01): the server must be reached under them on port 443. To name
    /// any is to accept the authority's terms.
    #[arg(
        long = "acme-domain",
        env = "LIANXIN_ACME_DOMAINS",
        value_name = "NAME",
        value_delimiter = ','
    )]
    pub domains: Vec<String>,
    /// The address of mail that the authority writes to when a certificate is about to end.
    #[arg(long = "acme-contact", env = "LIANXIN_ACME_CONTACT", value_name = "MAIL")]
    pub contact: Option<String>,
    /// The directory of the authority; Let's Encrypt's unless given.
    #[arg(long = "acme-directory", env = "LIANXIN_ACME_DIRECTORY", value_name = "URL")]
    pub directory: Option<String>,
    /// The certificate that an authority of one's own is known by, in PEM; the well-known ones unless given.
    #[arg(long = "acme-trust", env = "LIANXIN_ACME_TRUST", value_name = "FILE")]
    pub trust: Option<PathBuf>,
}

/// Signing in.
#[derive(Args, Deserialize, Default)]
#[command(next_help_heading = "sign-in")]
#[serde(default, deny_unknown_fields)]
pub struct SignIn {
    /// Who has to prove who they are by a code besides the password (TOTP): `nobody`, unless given, `admins`, or `office`, which is
    /// clerks, supervisors and administrators. Who has none sets it up after the next sign-in, before anything else.
    #[arg(long = "second", env = "LIANXIN_SECOND", value_name = "WHO")]
    pub second: Option<AskedOf>,
}

/// How backups are made: by `serve` while it serves, and by `lianxin backup`.
#[derive(Args, Deserialize, Default, Debug, Clone, PartialEq, Eq)]
#[command(next_help_heading = "backup")]
#[serde(default, deny_unknown_fields)]
pub struct Backup {
    /// Where backups go: a folder, or `s3://BUCKET/PATH` with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and
    /// AWS_ENDPOINT in the environment. Where it is given, `serve` makes them; of several nodes on one database, give it to one. Each
    /// of several districts has the place in it that is called as the district is. All of these keys can be given for one district
    /// too, as `[district.backup]`.
    #[arg(long = "backup-to", env = "LIANXIN_BACKUP_TO", value_name = "PLACE")]
    pub to: Option<String>,
    /// For whom they are encrypted, as `age1…`; several may be given. `lianxin backup-key` makes one.
    #[arg(
        id = "for",
        long = "backup-for",
        env = "LIANXIN_BACKUP_FOR",
        value_name = "RECIPIENT",
        value_delimiter = ','
    )]
    #[serde(rename = "for")]
    pub recipients: Vec<String>,
    /// How many stay: the last of each of the latest so many hours, days and months, `hourly 24, daily 30, monthly 12` unless
    /// given. Within a day, all of them.
    #[arg(long = "backup-keep", env = "LIANXIN_BACKUP_KEEP", value_name = "RULES")]
    pub keep: Option<Keep>,
    /// How often `serve` makes one; `1h` unless given.
    #[arg(long = "backup-every", env = "LIANXIN_BACKUP_EVERY", value_name = "TIME")]
    pub every: Option<SignedDuration>,
}

/// One of several districts. In the file alone: flags are derived so that the reference can be made from these words.
#[derive(Args, Deserialize, Clone)]
#[command(next_help_heading = "[district]")]
#[serde(deny_unknown_fields)]
pub struct District {
    /// What it is called on this installation: 1 to 32 of a-z, 0-9 and `-`. Commands take it as `--district`.
    #[arg(value_name = "NAME")]
    pub name: Name,
    /// The names under which browsers find it, without a port, as `["east.example"]`. Whoever asks for another name than those of
    /// all districts is told that there is nothing.
    #[arg(value_name = "[NAME, …]")]
    pub hosts: Vec<Host>,
    /// The folder of its database; the one called as it is in `store.data`, unless given.
    #[arg(value_name = "FOLDER")]
    #[serde(default)]
    pub data: Option<PathBuf>,
    /// The address of a PostgreSQL database instead, of its own.
    #[arg(value_name = "ADDRESS")]
    #[serde(default)]
    pub database: Option<Address>,
    /// The keys of `[backup]` for it alone; what is not given there is as for all.
    #[arg(skip)]
    #[serde(default)]
    pub backup: Backup,
}

impl Raw {
    /// What is said here, and where nothing is said, what stands in another source.
    pub fn or(self, other: Self) -> Self {
        Self {
            store: self.store.or(other.store),
            files: self.files.or(other.files),
            listen: Listen {
                address: self.listen.address.or(other.listen.address),
                redirect: self.listen.redirect.or(other.listen.redirect),
            },
            proxy: Proxy {
                networks: first(self.proxy.networks, other.proxy.networks),
                header: self.proxy.header.or(other.proxy.header),
            },
            limits: Limits {
                exchanges: self.limits.exchanges.or(other.limits.exchanges),
                connections: self.limits.connections.or(other.limits.connections),
            },
            metrics: Metrics {
                listen: self.metrics.listen.or(other.metrics.listen),
            },
            tls: Tls {
                certificate: self.tls.certificate.or(other.tls.certificate),
                key: self.tls.key.or(other.tls.key),
            },
            acme: Acme {
                domains: first(self.acme.domains, other.acme.domains),
                contact: self.acme.contact.or(other.acme.contact),
                directory: self.acme.directory.or(other.acme.directory),
                trust: self.acme.trust.or(other.acme.trust),
            },
            sign_in: SignIn {
                second: self.sign_in.second.or(other.sign_in.second),
            },
            backup: self.backup.or(other.backup),
            districts: first(self.districts, other.districts),
        }
    }
}

impl Store {
    /// The place that is named here; only where none is, that of another source. Both say where the one database is, so a
    /// folder here puts aside a database there.
    pub fn or(self, other: Self) -> Self {
        if self.data.is_some() || self.database.is_some() {
            self
        } else {
            other
        }
    }
}

impl Backup {
    /// What is said here, and where nothing is said, what stands in another source.
    pub fn or(self, other: Self) -> Self {
        Self {
            to: self.to.or(other.to),
            recipients: first(self.recipients, other.recipients),
            keep: self.keep.or(other.keep),
            every: self.every.or(other.every),
        }
    }
}

impl Files {
    /// What is said here, or else in another source.
    pub fn or(self, other: Self) -> Self {
        Self {
            files: self.files.or(other.files),
        }
    }
}

fn first<T>(here: Vec<T>, there: Vec<T>) -> Vec<T> {
    if here.is_empty() { there } else { here }
}
