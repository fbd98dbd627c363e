//! When the last backup was made: the database knows, and a file in the data folder, which other programs that make backups may
//! write too.

use std::path::Path;

use lianxin_shared::id::Moment;

use crate::store::{Store, StoreError};

/// The file, with a moment in RFC 3339.
const FILE: &str = "last-backup";

/// The file says no moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{FILE} says no moment")]
pub struct Unreadable;

/// When the last backup of a store was made, by this program or, where it has a folder, by another; nothing where none is known of.
pub async fn last(store: &dyn Store, data: Option<&Path>) -> Result<Option<Moment>, StoreError> {
    let said = data.and_then(|data| in_folder(data).ok().flatten());
    Ok(store.last_backup().await?.max(said))
}

/// When the file in a data folder says that it was made; nothing where there is no file.
pub fn in_folder(data: &Path) -> Result<Option<Moment>, Unreadable> {
    let Ok(said) = std::fs::read_to_string(data.join(FILE)) else {
        return Ok(None);
    };
    let at: jiff::Timestamp = said.trim().parse().map_err(|_| Unreadable)?;
    Ok(Some(Moment(at.as_millisecond())))
}

/// Notes that one was made, wherever that can be done.
pub(super) async fn note(store: &dyn Store, data: Option<&Path>, at: Moment) {
    if let Err(error) = store.note_backup(at).await {
        tracing::warn!(%error, "backup.not_noted");
    }
    if let Some(data) = data {
        let at = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
        if let Err(error) = std::fs::write(data.join(FILE), format!("{at}\n")) {
            tracing::warn!(%error, "backup.not_noted");
        }
    }
}
