//! Keys by which devices sign what others carry.

use lianxin_shared::handover::DeviceKey;
use rusqlite::{Connection, Row, params};

use crate::store::{Registered, StoreError, TokenHash};

pub(super) fn register(conn: &Connection, device: &Registered) -> Result<bool, StoreError> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO device_keys (key, user, device, session, withdrawn) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (key) DO UPDATE SET session = excluded.session, withdrawn = excluded.withdrawn
             WHERE user = excluded.user AND device = excluded.device",
    )?;
    let registered = statement.execute(params![
        device.key.0,
        device.by.user.as_str(),
        device.by.device.0,
        device.session.0,
        device.withdrawn,
    ])?;
    Ok(registered > 0)
}

pub(super) fn registered(conn: &Connection, keys: &[DeviceKey]) -> Result<Vec<Registered>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT * FROM device_keys WHERE key = ?1")?;
    let mut devices = Vec::new();
    for key in keys {
        let mut rows = statement.query(params![key.0])?;
        if let Some(row) = rows.next()? {
            devices.push(read(row)?);
        }
    }
    Ok(devices)
}

/// A key from its own row.
pub(super) fn read(row: &Row<'_>) -> Result<Registered, StoreError> {
    Ok(Registered {
        key: DeviceKey(row.get("key")?),
        by: super::dump::binding(row)?,
        session: TokenHash(row.get("session")?),
        withdrawn: row.get("withdrawn")?,
    })
}
