//! Accepted documents flattened into rows that can be queried, by their register's declaration.

use lianxin_shared::records::{Columns, Record};
use lianxin_shared::search;

use crate::store::Row;

/// How much of a record's words a list shows, in characters.
const EXCERPT: usize = 120;

/// The row of a record; none for companions, which are never listed.
pub fn row(record: &Record) -> Option<Row> {
    let register = record.register()?;
    if register.columns == Columns::Companion {
        return None;
    }
    let status = record.status()?;
    let words = record.searchable();
    Some(Row {
        kind: record.envelope.kind.clone(),
        station: record.envelope.station,
        owner: record.envelope.owner.clone(),
        created_at: record.envelope.created_at,
        when: record.when(),
        state: status.state.to_owned(),
        state_since: status.since,
        theme: record.theme(),
        title: record.title().to_owned(),
        excerpt: words
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .chars()
            .take(EXCERPT)
            .collect(),
        tokens: search::tokens(&words),
        values: record.values.clone(),
    })
}
