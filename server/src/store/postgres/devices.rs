//! Keys by which devices sign what others carry.

use deadpool_postgres::GenericClient;
use lianxin_shared::handover::DeviceKey;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::codec;
use crate::store::{Registered, StoreError, TokenHash};

pub(super) async fn register(client: &impl GenericClient, device: &Registered) -> Result<bool, StoreError> {
    let sql = "INSERT INTO device_keys AS known (key, \"user\", device, session, withdrawn) VALUES ($1, $2, $3, $4, $5)
               ON CONFLICT (key) DO UPDATE SET session = excluded.session, withdrawn = excluded.withdrawn
                   WHERE known.\"user\" = excluded.\"user\" AND known.device = excluded.device";
    let values: [&(dyn ToSql + Sync); 5] = [
        &&device.key.0[..],
        &device.by.user.as_str(),
        &&device.by.device.0[..],
        &&device.session.0[..],
        &device.withdrawn,
    ];
    Ok(client.execute(sql, &values).await? > 0)
}

pub(super) async fn registered(
    client: &impl GenericClient,
    keys: &[DeviceKey],
) -> Result<Vec<Registered>, StoreError> {
    let keys: Vec<_> = keys.iter().map(|key| &key.0[..]).collect();
    let sql = "SELECT * FROM device_keys WHERE key = ANY($1::bytea[]) ORDER BY key";
    let rows = client.query(sql, &[&keys]).await?;
    rows.iter().map(read).collect()
}

/// A key from its own row.
pub(super) fn read(row: &Row) -> Result<Registered, StoreError> {
    Ok(Registered {
        key: DeviceKey(codec::bytes(row, "key")?),
        by: codec::binding(row)?,
        session: TokenHash(codec::bytes(row, "session")?),
        withdrawn: codec::get(row, "withdrawn")?,
    })
}
