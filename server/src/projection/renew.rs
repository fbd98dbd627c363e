//! Making all rows anew, when a newer version of the program makes them otherwise.

use lianxin_shared::records::{Columns, REGISTERS};

use super::{VERSION, row};
use crate::store::{Filter, Store, StoreError};
use crate::sync::open;

/// How many records are made anew in one transaction.
const PAGE: u32 = 200;

/// Brings the rows up to date, if another version made them; answers how many there were. Several nodes may do it at once.
pub async fn renew(store: &dyn Store) -> Result<u64, StoreError> {
    if store.projection().await? == VERSION {
        return Ok(0);
    }
    let listed = REGISTERS
        .iter()
        .filter(|register| register.columns != Columns::Companion);
    let filter = Filter {
        kinds: listed.map(|register| register.kind.to_owned()).collect(),
        ..Filter::default()
    };
    let (mut after, mut renewed) = (None, 0);
    loop {
        let page = store.records(filter.clone(), after, PAGE).await?;
        let mut rows = Vec::new();
        for listed in page.records {
            let Some(content) = store.content(listed.doc).await? else {
                continue;
            };
            let record = open(&content).and_then(|document| document.record());
            match record.map(|record| row(&record)) {
                Ok(Some(row)) => rows.push((listed.doc, row)),
                Ok(None) => {}
                Err(error) => tracing::error!(doc = %listed.doc, %error, "projection.unreadable"),
            }
        }
        renewed += rows.len() as u64;
        store.put_rows(rows).await?;
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    store.set_projection(VERSION).await?;
    Ok(renewed)
}
