//! What there is to watch over, by who handles it.

use deadpool_postgres::Object;
use lianxin_shared::id::Moment;

use super::codec::{count, user_or_none};
use crate::store::{StoreError, Watched};

const WATCH: &str = "
    SELECT handler, count(*) FILTER (WHERE open) AS open, count(*) FILTER (WHERE open AND due < $2) AS overdue,
           count(*) FILTER (WHERE open AND moved < $3) AS stalled, count(*) FILTER (WHERE general) AS general,
           count(*) FILTER (WHERE setbacks > 0) AS wanting
    FROM records WHERE kind = ANY($1) GROUP BY handler ORDER BY handler COLLATE \"C\" NULLS LAST";

pub(super) async fn watch(
    client: &Object,
    kinds: &[String],
    overdue: Moment,
    stalled: Moment,
) -> Result<Vec<Watched>, StoreError> {
    let statement = client.prepare_cached(WATCH).await?;
    let rows = client
        .query(&statement, &[&kinds, &overdue.0, &stalled.0])
        .await?;
    let watched = rows.iter().map(|row| {
        Ok(Watched {
            handler: user_or_none(row, "handler")?,
            open: count(row, "open")?,
            overdue: count(row, "overdue")?,
            stalled: count(row, "stalled")?,
            general: count(row, "general")?,
            wanting: count(row, "wanting")?,
        })
    });
    watched.collect()
}
