//! How long answers were waited for.

use deadpool_postgres::Object;
use lianxin_shared::id::Moment;

use super::codec;
use crate::store::{StoreError, Wait};

const WAITS: &str = "
    SELECT theme, waited FROM records
    WHERE kind = $1 AND happened_at >= $2 AND happened_at < $3 AND waited IS NOT NULL";

pub(super) async fn waits(
    client: &Object,
    kind: &str,
    from: Moment,
    before: Moment,
) -> Result<Vec<Wait>, StoreError> {
    let statement = client.prepare_cached(WAITS).await?;
    let rows = client.query(&statement, &[&kind, &from.0, &before.0]).await?;
    let waits = rows.iter().map(|row| {
        Ok(Wait {
            theme: codec::doc_or_none(row, "theme")?,
            ms: codec::get(row, "waited")?,
        })
    });
    waits.collect()
}
