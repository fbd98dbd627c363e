//! Channels: their sequences, and which documents are in them since when.

use std::collections::{BTreeMap, HashMap};

use deadpool_postgres::{Object, Transaction};
use futures_util::TryStreamExt as _;
use lianxin_shared::id::{DocId, Heads};
use lianxin_shared::sync::Fingerprint;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::codec::{self, int, to_cbor};
use crate::store::channel::{halves, joined};
use crate::store::{Entry, Moved, Sequences, StoreError, Tip, Tips};

/// The entries of documents.
pub(super) const OF_DOCUMENTS: &str =
    "SELECT channel, doc, seq, present, floor, steps FROM entries WHERE doc = ANY($1::bytea[])";

/// Takes so many sequences of each channel, turning what is in it: see [`Taken`]; answers the last of each. The rows are
/// locked in the order of their names.
pub(super) const TAKE: &str = "
    INSERT INTO channels (name, seq, high, low)
    SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[]) AS taken (name, n, high, low) ORDER BY name
    ON CONFLICT (name) DO UPDATE SET
        seq = channels.seq + excluded.seq,
        high = (channels.high | excluded.high) & ~(channels.high & excluded.high),
        low = (channels.low | excluded.low) & ~(channels.low & excluded.low)
    RETURNING name, seq";

/// Puts [`Entries`] in place.
pub(super) const PUT: &str = "
    INSERT INTO entries (channel, doc, seq, present, floor, steps)
    SELECT * FROM unnest($1::text[], $2::bytea[], $3::bigint[], $4::boolean[], $5::bigint[], $6::bytea[])
    ON CONFLICT (channel, doc) DO UPDATE SET
        seq = excluded.seq, present = excluded.present, floor = excluded.floor, steps = excluded.steps";

/// Channels with how many sequences are taken of them and what is turned in them, as columns.
#[derive(Default)]
pub(super) struct Taken<'a> {
    names: Vec<&'a str>,
    numbers: Vec<i64>,
    highs: Vec<i64>,
    lows: Vec<i64>,
}

impl<'a> Taken<'a> {
    pub(super) fn of(taken: impl IntoIterator<Item = (&'a str, (u64, Fingerprint))>) -> Self {
        let mut columns = Self::default();
        for (name, (number, turned)) in taken {
            let (high, low) = halves(turned);
            columns.names.push(name);
            columns.numbers.push(int(number));
            columns.highs.push(high);
            columns.lows.push(low);
        }
        columns
    }

    pub(super) fn values(&self) -> [&(dyn ToSql + Sync); 4] {
        [&self.names, &self.numbers, &self.highs, &self.lows]
    }
}

/// Entries as columns.
#[derive(Default)]
pub(super) struct Entries<'a> {
    channels: Vec<&'a str>,
    docs: Vec<&'a [u8]>,
    seqs: Vec<i64>,
    present: Vec<bool>,
    floors: Vec<i64>,
    steps: Vec<Vec<u8>>,
}

impl<'a> Entries<'a> {
    pub(super) fn of(entries: impl IntoIterator<Item = &'a Entry>) -> Result<Self, StoreError> {
        let mut columns = Self::default();
        for entry in entries {
            columns.channels.push(&entry.channel);
            columns.docs.push(&entry.doc.0);
            columns.seqs.push(int(entry.seq));
            columns.present.push(entry.present);
            columns.floors.push(int(entry.floor));
            columns.steps.push(to_cbor(&entry.steps)?);
        }
        Ok(columns)
    }

    pub(super) fn values(&self) -> [&(dyn ToSql + Sync); 6] {
        [
            &self.channels,
            &self.docs,
            &self.seqs,
            &self.present,
            &self.floors,
            &self.steps,
        ]
    }
}

/// The rows of [`OF_DOCUMENTS`].
pub(super) fn by_document(rows: &[Row]) -> Result<HashMap<DocId, BTreeMap<String, Entry>>, StoreError> {
    let mut entries: HashMap<_, BTreeMap<_, _>> = HashMap::new();
    for row in rows {
        let entry = entry(row)?;
        let of_document = entries.entry(entry.doc).or_default();
        of_document.insert(entry.channel.clone(), entry);
    }
    Ok(entries)
}

/// Rows of channels.
pub(super) fn sequences_of(rows: &[Row]) -> Result<Sequences, StoreError> {
    rows.iter()
        .map(|row| Ok((codec::get(row, "name")?, codec::count(row, "seq")?)))
        .collect()
}

pub(super) async fn tips(client: &Object, channels: &[String]) -> Result<Tips, StoreError> {
    let statement = client
        .prepare_cached("SELECT name, seq, high, low FROM channels WHERE name = ANY($1)")
        .await?;
    let tip = |row: &Row| {
        let seq = codec::count(row, "seq")?;
        let fingerprint = joined(codec::get(row, "high")?, codec::get(row, "low")?);
        Ok((codec::get(row, "name")?, Tip { seq, fingerprint }))
    };
    client
        .query(&statement, &[&channels])
        .await?
        .iter()
        .map(tip)
        .collect()
}

/// Every document that is in a channel, with its state.
const PRESENT: &str =
    "SELECT channel, doc, heads FROM entries JOIN documents ON documents.id = entries.doc WHERE present";

/// Turns every document that is in a channel into the channel's fingerprint, which has nothing yet.
pub(super) async fn fill_fingerprints(tx: &Transaction<'_>) -> Result<(), StoreError> {
    let mut fingerprints: BTreeMap<String, Fingerprint> = BTreeMap::new();
    let none: [&(dyn ToSql + Sync); 0] = [];
    let mut rows = std::pin::pin!(tx.query_raw(PRESENT, none).await?);
    while let Some(row) = rows.try_next().await? {
        let fingerprint = Fingerprint::of(codec::doc(&row, "doc")?, &codec::cbor(&row, "heads")?);
        fingerprints
            .entry(codec::get(&row, "channel")?)
            .or_default()
            .turn(fingerprint);
    }
    let turned = fingerprints
        .iter()
        .map(|(name, turned)| (name.as_str(), (0, *turned)));
    tx.query(TAKE, &Taken::of(turned).values()).await?;
    Ok(())
}

pub(super) async fn moved(
    client: &Object,
    channel: &str,
    above: u64,
    limit: u32,
    channels: &[String],
) -> Result<Vec<Moved>, StoreError> {
    let statement = client
        .prepare_cached(
            "SELECT moved.doc AS moved_doc, moved.seq AS moved_to, entries.*
             FROM (SELECT doc, seq FROM entries WHERE channel = $1 AND seq > $2 ORDER BY seq LIMIT $3) AS moved
                  LEFT JOIN entries ON entries.doc = moved.doc AND entries.channel = ANY($4)
             ORDER BY moved.seq",
        )
        .await?;
    let rows = client
        .query(&statement, &[&channel, &int(above), &i64::from(limit), &channels])
        .await?;
    let mut moved: Vec<Moved> = Vec::new();
    for row in &rows {
        let (doc, seq) = (codec::doc(row, "moved_doc")?, codec::count(row, "moved_to")?);
        let entry = match codec::get::<Option<&str>>(row, "channel")? {
            Some(_) => Some(entry(row)?),
            None => None,
        };
        match moved.last_mut() {
            Some(last) if last.seq == seq => last.entries.extend(entry),
            _ => moved.push(Moved {
                doc,
                seq,
                entries: entry.into_iter().collect(),
            }),
        }
    }
    Ok(moved)
}

pub(super) async fn states(client: &Object, channels: &[String]) -> Result<Vec<(DocId, Heads)>, StoreError> {
    let statement = client
        .prepare_cached(
            "SELECT id, heads FROM documents
             WHERE id IN (SELECT doc FROM entries WHERE present AND channel = ANY($1)) ORDER BY id",
        )
        .await?;
    let rows = client.query(&statement, &[&channels]).await?;
    rows.iter()
        .map(|row| Ok((codec::doc(row, "id")?, codec::cbor(row, "heads")?)))
        .collect()
}

/// A number that each step of any channel raises.
pub(super) async fn moves(client: &Object) -> Result<u64, StoreError> {
    let sql = "SELECT coalesce(sum(seq), 0)::bigint AS moves FROM channels";
    let statement = client.prepare_cached(sql).await?;
    codec::count(&client.query_one(&statement, &[]).await?, "moves")
}

/// The names of all channels.
pub(super) async fn names(client: &Object) -> Result<Vec<String>, StoreError> {
    let rows = client.query("SELECT name FROM channels", &[]).await?;
    rows.iter().map(|row| codec::get(row, "name")).collect()
}

fn entry(row: &Row) -> Result<Entry, StoreError> {
    Ok(Entry {
        channel: codec::get(row, "channel")?,
        doc: codec::doc(row, "doc")?,
        seq: codec::count(row, "seq")?,
        present: codec::get(row, "present")?,
        floor: codec::count(row, "floor")?,
        steps: codec::cbor(row, "steps")?,
    })
}
