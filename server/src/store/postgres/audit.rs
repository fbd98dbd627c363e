//! What those who administer did.

use deadpool_postgres::GenericClient;
use lianxin_shared::id::Moment;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::codec::{self, damaged, int, words};
use crate::store::{Act, Acts, Chain, Chained, Deed, Last, Link, StoreError};

/// Adds an act to the end of the chain, in a transaction. One act at a time: the next one waits until it is over.
pub(super) async fn add(client: &impl GenericClient, act: &Act) -> Result<(), StoreError> {
    let act = Act {
        words: words(&act.words).into_owned(),
        ..act.clone()
    };
    let former = client.query_one("SELECT * FROM last_act FOR UPDATE", &[]).await?;
    let former = last(&former)?;
    let number = former.number + 1;
    let link = former.link.after(&act);
    let sql = "INSERT INTO acts (number, at, \"user\", deed, about, kind, words, link)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let statement = client.prepare_cached(sql).await?;
    let values: [&(dyn ToSql + Sync); 8] = [
        &int(number),
        &act.at.0,
        &act.by.as_str(),
        &act.deed.as_str(),
        &act.about,
        &act.kind,
        &act.words,
        &&link.0[..],
    ];
    client.execute(&statement, &values).await?;
    set_last(client, Last { number, link }).await
}

/// Makes a chain of acts that are none yet.
pub(super) async fn link(client: &impl GenericClient) -> Result<(), StoreError> {
    let (mut link, mut number) = (Link::FIRST, 0);
    for row in client.query("SELECT * FROM acts ORDER BY number", &[]).await? {
        number = codec::count(&row, "number")?;
        link = link.after(&act(&row)?);
        let sql = "UPDATE acts SET link = $2 WHERE number = $1";
        client.execute(sql, &[&int(number), &&link.0[..]]).await?;
    }
    set_last(client, Last { number, link }).await
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

/// In a transaction that sees one moment.
pub(super) async fn chain(client: &impl GenericClient, above: u64, limit: u32) -> Result<Chain, StoreError> {
    let sql = "SELECT * FROM acts WHERE number > $1 ORDER BY number LIMIT $2";
    let statement = client.prepare_cached(sql).await?;
    let mut acts = Vec::new();
    for row in &client
        .query(&statement, &[&int(above), &i64::from(limit)])
        .await?
    {
        acts.push(Chained {
            number: codec::count(row, "number")?,
            act: act(row).ok(),
            link: Link(codec::bytes(row, "link").unwrap_or_default()),
        });
    }
    let last = last(&client.query_one("SELECT * FROM last_act", &[]).await?)?;
    Ok(Chain {
        acts,
        last: (last.number > 0).then_some(last),
    })
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

fn last(row: &Row) -> Result<Last, StoreError> {
    Ok(Last {
        number: codec::count(row, "number")?,
        link: Link(codec::bytes(row, "link")?),
    })
}

async fn set_last(client: &impl GenericClient, last: Last) -> Result<(), StoreError> {
    let sql = "UPDATE last_act SET number = $1, link = $2";
    client
        .execute(sql, &[&int(last.number), &&last.link.0[..]])
        .await?;
    Ok(())
}
