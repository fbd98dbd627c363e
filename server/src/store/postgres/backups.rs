//! When the last backup was made.

use deadpool_postgres::GenericClient;
use lianxin_shared::id::Moment;

use super::codec;
use crate::store::StoreError;

pub(super) async fn note(client: &impl GenericClient, at: Moment) -> Result<(), StoreError> {
    let sql =
        "INSERT INTO meta (key, value) VALUES ('last-backup', $1) ON CONFLICT (key) DO UPDATE SET value = $1";
    client.execute(sql, &[&at.0.to_be_bytes().as_slice()]).await?;
    Ok(())
}

pub(super) async fn last(client: &impl GenericClient) -> Result<Option<Moment>, StoreError> {
    let sql = "SELECT value FROM meta WHERE key = 'last-backup'";
    let at = client.query_opt(sql, &[]).await?;
    let at = at.map(|row| codec::bytes(&row, "value")).transpose()?;
    Ok(at.map(|at| Moment(i64::from_be_bytes(at))))
}
