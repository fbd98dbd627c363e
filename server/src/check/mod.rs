//! `lianxin check`: what is wrong with an installation, in words that whoever administers it can act on.
//!
//! Each file looks at one thing and answers [`Finding`]s; the words are the messages `check-KEY`. Nothing here changes
//! anything, and all of it can be done while the server runs.

mod backup;
mod certificate;
mod clock;
mod database;
mod disk;

use std::fmt::Display;
use std::path::Path;

use lianxin_shared::id::Moment;
use lianxin_shared::texts::{FluentValue, Texts};

use crate::backup::in_folder;
use crate::clock::{now, wall};
use crate::config::{Config, ConfigError, District, FileError, Host, Installation, Place, Security, Served};

/// How it is with one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grade {
    /// As it should be.
    Good,
    /// Worth a look; the server works.
    Notice,
    /// To be mended.
    Wrong,
}

/// What was found of one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How it is.
    pub grade: Grade,
    /// Which: the message is `check-KEY`.
    pub key: &'static str,
    args: Vec<(&'static str, String)>,
}

impl Finding {
    fn new(grade: Grade, key: &'static str) -> Self {
        Self {
            grade,
            key,
            args: Vec::new(),
        }
    }

    fn good(key: &'static str) -> Self {
        Self::new(Grade::Good, key)
    }

    fn notice(key: &'static str) -> Self {
        Self::new(Grade::Notice, key)
    }

    fn wrong(key: &'static str) -> Self {
        Self::new(Grade::Wrong, key)
    }

    fn with(mut self, name: &'static str, value: &impl Display) -> Self {
        self.args.push((name, value.to_string()));
        self
    }

    fn at(self, file: &Path) -> Self {
        self.with("file", &file.display())
    }

    /// The finding in words, with a word for how it is before it.
    pub fn words(&self, texts: &Texts) -> String {
        let grade = match self.grade {
            Grade::Good => "check-good",
            Grade::Notice => "check-notice",
            Grade::Wrong => "check-wrong",
        };
        let args: Vec<(&str, FluentValue<'_>)> = self
            .args
            .iter()
            .map(|(name, value)| (*name, value.as_str().into()))
            .collect();
        let words = texts.with(&format!("check-{}", self.key), &args);
        format!("{} {words}", texts.get(grade))
    }
}

impl From<FileError> for Finding {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Io { file, error } => Self::wrong("file-unreadable").at(&file).with("reason", &error),
            FileError::Line { file, line, reason } => Self::wrong("file-line")
                .at(&file)
                .with("line", &line)
                .with("reason", &reason),
            FileError::NoDistrict(name) => Self::wrong("district-unknown").with("name", &name),
        }
    }
}

impl From<ConfigError> for Finding {
    fn from(error: ConfigError) -> Self {
        match error {
            ConfigError::TwoPlaces => Self::wrong("two-places"),
            ConfigError::HalfCertificate => Self::wrong("half-certificate"),
            ConfigError::TwoCertificates => Self::wrong("two-certificates"),
            ConfigError::NoDomains => Self::wrong("no-domains"),
            ConfigError::RedirectToPlain => Self::wrong("redirect-to-plain"),
            ConfigError::BackupNowhere => Self::wrong("backup-nowhere"),
            ConfigError::BackupForNobody => Self::wrong("backup-for-nobody"),
            ConfigError::BackupTwice(name) => Self::wrong("backup-twice").with("name", &name),
            ConfigError::PlaceOfDistrict(name) => Self::wrong("place-of-district").with("name", &name),
            ConfigError::DistrictTwice(name) => Self::wrong("district-twice").with("name", &name),
            ConfigError::NoHosts(name) => Self::wrong("district-hostless").with("name", &name),
            ConfigError::HostTwice(host) => Self::wrong("host-twice").with("host", &host),
            ConfigError::DatabaseOfAll => Self::wrong("database-of-all"),
            ConfigError::WhichDistrict(_) => Self::wrong("district-unsaid"),
        }
    }
}

/// Looks at everything.
pub async fn check(config: &Config) -> Vec<Finding> {
    let mut findings = vec![Finding::good("configuration")];
    let is_installed = match &config.served {
        Served::Alone(installation) => {
            findings.extend(of_district(installation).await);
            installation.store.data().is_none_or(Path::is_dir)
        }
        Served::ByHost(districts) => {
            for district in districts {
                let District {
                    name,
                    hosts,
                    installation,
                } = district;
                let hosts: Vec<_> = hosts.iter().map(Host::as_str).collect();
                let about = Finding::good("district").with("name", name);
                findings.push(about.with("hosts", &hosts.join(", ")));
                findings.extend(of_district(installation).await);
            }
            true
        }
    };
    // There is no more to be said of an installation that never ran.
    if is_installed {
        match &config.listen.security {
            Security::Plain => findings.push(certificate::none(config.listen.address)),
            Security::Tls { certificate, .. } => findings.extend(certificate::check(certificate, now())),
        }
    }
    findings
}

/// Looks at what is a district's own.
async fn of_district(installation: &Installation) -> Vec<Finding> {
    let place = &installation.store;
    let (mut findings, mut files) = (Vec::new(), Vec::new());
    if let Place::Folder(folder) = place {
        (findings, files) = disk::check(folder);
        if !folder.is_dir() {
            return findings;
        }
    }
    let (database, examined) = database::check(place).await;
    findings.extend(database);
    let last_accepted = examined.as_ref().and_then(|examined| examined.last_accepted);
    findings.push(clock::check(now(), last_accepted, &files));
    let in_database = examined.and_then(|examined| examined.last_backup);
    let in_folder = place.data().map_or(Ok(None), in_folder);
    findings.push(backup::check(in_database, in_folder, now()));
    findings.extend(installation.backup.as_ref().and_then(backup::recipients));
    findings
}

/// A moment as the district's clocks show it, to the minute.
fn written(at: Moment) -> String {
    wall(at).map_or_else(String::new, |at| at.strftime("%Y-%m-%d %H:%M").to_string())
}

/// A file's last change.
fn changed(file: &Path) -> Option<Moment> {
    let changed = file.metadata().and_then(|known| known.modified()).ok()?;
    let since = changed.duration_since(std::time::UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok().map(Moment)
}

#[cfg(test)]
mod tests;
