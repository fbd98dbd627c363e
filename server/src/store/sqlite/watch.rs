//! What there is to watch over, by who handles it.

use lianxin_shared::id::Moment;
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, params_from_iter};

use super::codec::{count, user_or_none};
use crate::store::{StoreError, Watched};

pub(super) fn watch(
    conn: &Connection,
    kinds: &[String],
    overdue: Moment,
    stalled: Moment,
) -> Result<Vec<Watched>, StoreError> {
    let marks = vec!["?"; kinds.len()].join(", ");
    let mut statement = conn.prepare_cached(&format!(
        "SELECT handler, count(*) FILTER (WHERE open) AS open, count(*) FILTER (WHERE open AND due < ?) AS overdue,
                count(*) FILTER (WHERE open AND moved < ?) AS stalled, count(*) FILTER (WHERE general) AS general,
                count(*) FILTER (WHERE setbacks > 0) AS wanting
         FROM records WHERE kind IN ({marks}) GROUP BY handler ORDER BY handler IS NULL, handler"
    ))?;
    let moments = [overdue, stalled].map(|moment| Sql::from(moment.0));
    let values = moments.into_iter().chain(kinds.iter().cloned().map(Sql::from));
    let mut rows = statement.query(params_from_iter(values))?;
    let mut watched = Vec::new();
    while let Some(row) = rows.next()? {
        watched.push(Watched {
            handler: user_or_none(row, "handler")?,
            open: count(row, "open")?,
            overdue: count(row, "overdue")?,
            stalled: count(row, "stalled")?,
            general: count(row, "general")?,
            wanting: count(row, "wanting")?,
        });
    }
    Ok(watched)
}
