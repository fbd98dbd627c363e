//! What an installation, or one of several districts, keeps: where its database is, and how its backups are made.

use jiff::SignedDuration;

use super::{ConfigError, FilesPlace, Name, Place, Served, raw};
use crate::app::FILES;
use crate::backup::Keep;

/// One installation: a district that is alone, or one of several.
#[derive(Clone)]
pub struct Installation {
    /// Where its database is.
    pub store: Place,
    /// Where the files are that hang on records.
    pub files: FilesPlace,
    /// How its backups are made; nothing where nobody said.
    pub backup: Option<Backup>,
}

/// How backups are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// Where they go: a folder, or `s3://BUCKET/PATH`.
    pub to: String,
    /// For whom they are encrypted, as `age1…`; at least one.
    pub recipients: Vec<String>,
    /// How many stay.
    pub keep: Keep,
    /// How often `serve` makes one.
    pub every: SignedDuration,
}

impl Installation {
    /// What a command works on: what its flags name, else what the file does, of the one district that is meant. Nothing is said of
    /// backups: what makes none works where they are described by half.
    pub fn named(flags: raw::Store, mut file: raw::Raw) -> Result<Self, ConfigError> {
        file.backup = raw::Backup::default();
        for district in &mut file.districts {
            district.backup = raw::Backup::default();
        }
        Self::with_backups(flags, file)
    }

    /// The same, with how its backups are made.
    pub fn with_backups(flags: raw::Store, file: raw::Raw) -> Result<Self, ConfigError> {
        let says_where = flags.data.is_some() || flags.database.is_some();
        if says_where
            && let [one] = &file.districts[..]
            && (one.data.is_some() || one.database.is_some())
        {
            // The flags are for all districts, and this one's own word is stronger: the command would work on something else than
            // it says.
            return Err(ConfigError::PlaceOfDistrict(one.name.clone()));
        }
        Served::of(flags.or(file.store), file.files, file.backup, file.districts)?.one()
    }

    pub(super) fn of(store: raw::Store, files: raw::Files, backup: raw::Backup) -> Result<Self, ConfigError> {
        let store = Place::of(store)?;
        Ok(Self {
            files: FilesPlace::of(files, &store),
            store,
            backup: Backup::of(backup)?,
        })
    }
}

impl Backup {
    fn of(raw: raw::Backup) -> Result<Option<Self>, ConfigError> {
        if raw == raw::Backup::default() {
            return Ok(None);
        }
        let to = raw.to.ok_or(ConfigError::BackupNowhere)?;
        if raw.recipients.is_empty() {
            return Err(ConfigError::BackupForNobody);
        }
        Ok(Some(Self {
            to,
            recipients: raw.recipients,
            keep: raw.keep.unwrap_or_default(),
            every: raw.every.unwrap_or(SignedDuration::from_hours(1)),
        }))
    }
}

/// Where one of several districts keeps its files: beside its database where that is a folder, else in a place of its own. Files are
/// found by what is in them, so one place for two would answer each with the other's.
pub(super) fn files_of(name: &Name, of_all: &raw::Files, is_elsewhere: bool) -> raw::Files {
    let files = match &of_all.files {
        Some(place) => Some(below(place, name)),
        None => is_elsewhere.then(|| below(FILES, name)),
    };
    raw::Files { files }
}

fn below(place: &str, name: &Name) -> String {
    format!("{}/{name}", place.trim_end_matches('/'))
}

/// What one of several districts is told by itself, and where it is told nothing, what all are; in a place of its own.
pub(super) fn backup_of(name: &Name, own: raw::Backup, of_all: raw::Backup) -> raw::Backup {
    let to = of_all.to.map(|place| below(&place, name));
    own.or(raw::Backup { to, ..of_all })
}
