//! A database looked at without changing anything.

use std::path::Path;

use lianxin_shared::id::{Epoch, Moment};
use rusqlite::{Connection, OpenFlags, OptionalExtension as _};

use super::{FILE, SqliteStore, backups, migrations};
use crate::store::{Examined, StoreError};

impl SqliteStore {
    /// Looks at the database in a folder, also while it is served. Every page is read.
    pub fn examine(folder: &Path) -> Result<Examined, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(folder.join(FILE), flags)?;
        conn.busy_timeout(std::time::Duration::from_secs(10))?;
        let version: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let mut faults: Vec<String> = conn
            .prepare("PRAGMA quick_check(10)")?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        faults.retain(|fault| fault != "ok");
        let (mut epoch, mut last_accepted, mut last_backup) = (None, None, None);
        if version > 0 {
            let sql = "SELECT value FROM meta WHERE key = 'epoch'";
            epoch = conn.query_row(sql, [], |row| row.get(0)).optional()?;
            let sql = "SELECT max(changed_at) FROM documents";
            last_accepted = conn.query_row(sql, [], |row| row.get::<_, Option<i64>>(0))?;
            last_backup = backups::last(&conn)?;
        }
        Ok(Examined {
            version: usize::try_from(version).unwrap_or_default(),
            newest: migrations::newest(),
            epoch: epoch.map(Epoch),
            last_accepted: last_accepted.map(Moment),
            last_backup,
            faults,
        })
    }
}
