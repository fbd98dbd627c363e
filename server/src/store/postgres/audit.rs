//! What those who administer did.

use deadpool_postgres::GenericClient;
use lianxin_shared::id::Moment;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::codec::{self, damaged, int, words};
use crate::store::{Act, Acts, Deed, StoreError};

pub(super) async fn add(client: &impl GenericClient, act: &Act) -> Result<(), StoreError> {
    let sql = "INSERT INTO acts (at, \"user\", deed, about, kind, words) VALUES ($1, $2, $3, $4, $5, $6)";
    let statement = client.prepare_cached(sql).await?;
    let values: [&(dyn ToSql + Sync); 6] = [
        &act.at.0,
        &act.by.as_str(),
        &act.deed.as_str(),
        &act.about,
        &act.kind,
        &words(&act.words),
    ];
    client.execute(&statement, &values).await?;
    Ok(())
}

pub(super) async fn page(
    client: &impl GenericClient,
    before: Option<u64>,
    limit: u32,
) -> Result<Acts, StoreError> {
    let sql = "SELECT * FROM acts WHERE number < $1 ORDER BY number DESC LIMIT $2";
    let statement = client.prepare_cached(sql).await?;
    // One more than asked for tells whether there is a next page.
    let values: [&(dyn ToSql + Sync); 2] = [&before.map_or(i64::MAX, int), &(i64::from(limit) + 1)];
    let (mut page, mut last) = (Acts::default(), None);
    for row in &client.query(&statement, &values).await? {
        if page.acts.len() == limit as usize {
            page.next = last;
            break;
        }
        last = Some(codec::count(row, "number")?);
        page.acts.push(act(row)?);
    }
    Ok(page)
}

pub(super) fn act(row: &Row) -> Result<Act, StoreError> {
    let deed: &str = codec::get(row, "deed")?;
    let deed = Deed::ALL.iter().find(|known| known.as_str() == deed);
    Ok(Act {
        at: Moment(codec::get(row, "at")?),
        by: codec::user(row, "user")?,
        deed: *deed.ok_or_else(|| damaged("deed"))?,
        about: codec::get(row, "about")?,
        kind: codec::get(row, "kind")?,
        words: codec::get(row, "words")?,
    })
}
