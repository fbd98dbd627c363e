//! Accepted documents flattened into rows that can be queried, by their register's declaration.

mod renew;

pub use renew::renew;

use lianxin_shared::records::{Columns, Record};
use lianxin_shared::rules::{credits_of, is_general, links_of};
use lianxin_shared::search;
use lianxin_shared::twins::Sketch;

use crate::store::{Care, Row};

/// Counts up when rows come out otherwise for the same records: then all are made anew.
pub const VERSION: u32 = 5;

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
        values: record.values.clone(),
        receipt: register.companion().map(|_| record.envelope.id.receipt_code()),
        care: Care {
            open: record.is_open(),
            due: record.due(),
            moved: status.moved,
            general: status.answer.as_deref().is_some_and(is_general),
            setbacks: status.setbacks,
            waited: status.waited_ms(),
            handler: status.handler,
            assigner: status.assigner,
        },
        number: status.number,
        words: search::normalize(&words),
        links: links_of(record),
        files: record.files().map(|(file, _)| file.hash).collect(),
        credits: credits_of(record),
        sketch: register
            .companion()
            .map(|_| Sketch::of(record.text(register.title)).to_bytes()),
    })
}
