//! What records rest on, what they count for, and their numbers in the books.

use std::collections::{BTreeMap, BTreeSet};

use deadpool_postgres::{Object, Transaction};
use lianxin_shared::id::{DocId, FileHash, Moment};
use lianxin_shared::rules::Subject;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;

use super::codec::{self, damaged, int};
use super::plan::Place;
use super::pool::writing;
use super::records::{COLUMNS, Rows, listed, mark};
use super::sql::pipeline;
use crate::store::{Figure, Links, Row, StoreError};

/// How often a number is asked for anew because another node took it.
const TRIES: usize = 16;

pub(super) const FORGET_LINKS: &str = "DELETE FROM links WHERE doc = ANY($1::bytea[])";
pub(super) const FORGET_FILES: &str = "DELETE FROM files WHERE doc = ANY($1::bytea[])";
pub(super) const FORGET_CREDITS: &str = "DELETE FROM credits WHERE doc = ANY($1::bytea[])";
pub(super) const PUT_LINKS: &str = "
    INSERT INTO links (doc, field, target) SELECT * FROM unnest($1::bytea[], $2::text[], $3::bytea[])
    ON CONFLICT DO NOTHING";
pub(super) const PUT_FILES: &str = "
    INSERT INTO files (doc, hash) SELECT * FROM unnest($1::bytea[], $2::bytea[])
    ON CONFLICT DO NOTHING";
pub(super) const PUT_CREDITS: &str = "
    INSERT INTO credits (doc, subject, figure, amount, at)
    SELECT * FROM unnest($1::bytea[], $2::text[], $3::text[], $4::bigint[], $5::bigint[])
    ON CONFLICT DO NOTHING";
pub(super) const PUT_PEOPLE: &str = "
    INSERT INTO people (\"user\", subject) SELECT * FROM unnest($1::text[], $2::text[])
    ON CONFLICT (\"user\") DO UPDATE SET subject = excluded.subject";

/// Forgets whom users are, by the people's records.
pub(super) const FORGET_PEOPLE: &str = "DELETE FROM people WHERE subject = ANY($1::text[])";

pub(super) const PUT_SKETCHES: &str = "
    INSERT INTO sketches (doc, sketch, changed_at) SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bigint[])
    ON CONFLICT (doc) DO UPDATE SET sketch = excluded.sketch, changed_at = excluded.changed_at";

/// Links, credits and sketches of rows as columns.
#[derive(Default)]
pub(super) struct Related<'a> {
    linking: Vec<&'a [u8]>,
    fields: Vec<&'a str>,
    targets: Vec<&'a [u8]>,
    naming: Vec<&'a [u8]>,
    files: Vec<&'a [u8]>,
    credited: Vec<&'a [u8]>,
    subjects: Vec<String>,
    figures: Vec<&'a str>,
    amounts: Vec<i64>,
    at: Vec<i64>,
    users: Vec<&'a str>,
    people: Vec<String>,
    sketched: Vec<&'a [u8]>,
    sketches: Vec<&'a [u8]>,
    changed_at: Vec<i64>,
}

impl<'a> Related<'a> {
    pub(super) fn of(places: &'a [Place<'a>]) -> Self {
        let mut related = Self::default();
        let mut people = BTreeMap::new();
        for place in places {
            for link in &place.row.links {
                related.linking.push(&place.doc.0);
                related.fields.push(link.field);
                related.targets.push(&link.to.0);
            }
            for file in &place.row.files {
                related.naming.push(&place.doc.0);
                related.files.push(&file.0);
            }
            // One record counts for somebody's figure once, with the most that it says.
            let mut most = BTreeMap::new();
            for share in &place.row.credits {
                let amount = most.entry((&share.subject, share.figure)).or_insert(0);
                *amount = share.amount.max(*amount);
            }
            for ((subject, figure), amount) in most {
                related.credited.push(&place.doc.0);
                related.subjects.push(subject.to_string());
                related.figures.push(figure);
                related.amounts.push(amount);
                related.at.push(place.row.when.0);
            }
            if let Some(sketch) = &place.row.sketch {
                related.sketched.push(&place.doc.0);
                related.sketches.push(sketch);
                related.changed_at.push(place.received_at.0);
            }
            if let Some(user) = place.row.user() {
                people.insert(user, Subject::Person(place.doc).to_string());
            }
        }
        (related.users, related.people) = people.into_iter().unzip();
        related
    }

    pub(super) fn links(&self) -> [&(dyn ToSql + Sync); 3] {
        [&self.linking, &self.fields, &self.targets]
    }

    pub(super) fn files(&self) -> [&(dyn ToSql + Sync); 2] {
        [&self.naming, &self.files]
    }

    pub(super) fn credits(&self) -> [&(dyn ToSql + Sync); 5] {
        [
            &self.credited,
            &self.subjects,
            &self.figures,
            &self.amounts,
            &self.at,
        ]
    }

    pub(super) fn sketches(&self) -> [&(dyn ToSql + Sync); 3] {
        [&self.sketched, &self.sketches, &self.changed_at]
    }

    pub(super) fn people(&self) -> [&(dyn ToSql + Sync); 2] {
        [&self.users, &self.people]
    }
}

pub(super) async fn links(client: &Object, doc: DocId) -> Result<Links, StoreError> {
    let mut links = Links::default();
    for (list, ours, theirs) in [
        (&mut links.to, "doc", "target"),
        (&mut links.from, "target", "doc"),
    ] {
        let sql = format!(
            "SELECT link.field AS field, {COLUMNS}
             FROM (SELECT {theirs} AS other, field FROM links WHERE {ours} = $1) AS link
             JOIN records ON records.doc = link.other ORDER BY received_at, number"
        );
        let statement = client.prepare_cached(&sql).await?;
        for row in client.query(&statement, &[&&doc.0[..]]).await? {
            list.push((codec::get(&row, "field")?, listed(&row)?));
        }
    }
    Ok(links)
}

/// Which of these files some record names.
pub(super) async fn named(client: &Object, files: &[FileHash]) -> Result<BTreeSet<FileHash>, StoreError> {
    let sql = "SELECT DISTINCT hash FROM files WHERE hash = ANY($1::bytea[])";
    let statement = client.prepare_cached(sql).await?;
    let files: Vec<_> = files.iter().map(|file| &file.0[..]).collect();
    let rows = client.query(&statement, &[&files]).await?;
    rows.iter()
        .map(|row| codec::bytes(row, "hash").map(FileHash))
        .collect()
}

/// What a user did and what names the person that the user is count together, each record once.
pub(super) async fn figures(
    client: &Object,
    from: Moment,
    before: Moment,
) -> Result<Vec<Figure>, StoreError> {
    let sql = "
        SELECT subject, figure, sum(amount)::bigint AS amount, count(*) AS records, max(at) AS last
        FROM (SELECT coalesce(people.subject, credits.subject) AS subject, figure, doc, max(amount) AS amount,
                     max(at) AS at
              FROM credits LEFT JOIN people ON credits.subject = 'user:' || people.\"user\"
              WHERE at >= $1 AND at < $2 GROUP BY 1, 2, 3) AS counted
        GROUP BY subject, figure ORDER BY subject COLLATE \"C\", figure COLLATE \"C\"";
    let statement = client.prepare_cached(sql).await?;
    let rows = client.query(&statement, &[&from.0, &before.0]).await?;
    let figure = |row| {
        let subject: &str = codec::get(row, "subject")?;
        Ok(Figure {
            subject: subject.parse().map_err(|_| damaged("subject"))?,
            figure: codec::get(row, "figure")?,
            amount: codec::count(row, "amount")?,
            records: codec::count(row, "records")?,
            last: Moment(codec::get(row, "last")?),
        })
    };
    rows.iter().map(figure).collect()
}

/// The sketches that were put in place at a moment or later.
pub(super) async fn sketches(client: &Object, since: Moment) -> Result<Vec<(DocId, Vec<u8>)>, StoreError> {
    let statement = client
        .prepare_cached("SELECT doc, sketch FROM sketches WHERE changed_at >= $1")
        .await?;
    let rows = client.query(&statement, &[&since.0]).await?;
    rows.iter()
        .map(|row| Ok((codec::doc(row, "doc")?, codec::get(row, "sketch")?)))
        .collect()
}

pub(super) async fn by_receipt(client: &Object, code: &str) -> Result<Option<DocId>, StoreError> {
    let statement = client
        .prepare_cached("SELECT doc FROM records WHERE receipt = $1 LIMIT 1")
        .await?;
    let row = client.query_opt(&statement, &[&code]).await?;
    row.map(|row| codec::doc(&row, "doc")).transpose()
}

/// A record's number in a series: the next one, or the one it has. Two nodes that ask at once may want the same one: one of
/// them asks again.
pub(super) async fn number(client: &Object, series: &str, doc: DocId) -> Result<u64, StoreError> {
    let insert = client
        .prepare_cached(
            "INSERT INTO numbers (series, number, doc)
             SELECT $1, coalesce(max(number), 0) + 1, $2 FROM numbers WHERE series = $1
             ON CONFLICT (series, doc) DO NOTHING",
        )
        .await?;
    let select = client
        .prepare_cached("SELECT number FROM numbers WHERE series = $1 AND doc = $2")
        .await?;
    for _ in 0..TRIES {
        match client.execute(&insert, &[&series, &&doc.0[..]]).await {
            Err(error) if error.code() == Some(&SqlState::UNIQUE_VIOLATION) => continue,
            done => done?,
        };
        if let Some(row) = client.query_opt(&select, &[&series, &&doc.0[..]]).await? {
            return codec::count(&row, "number");
        }
    }
    Err(StoreError::Unavailable(
        "others were quicker each time".to_owned(),
    ))
}

pub(super) async fn put_number(
    tx: &Transaction<'_>,
    series: &str,
    number: u64,
    doc: DocId,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO numbers (series, number, doc) VALUES ($1, $2, $3)";
    tx.execute(sql, &[&series, &int(number), &&doc.0[..]]).await?;
    Ok(())
}

pub(super) async fn projection(client: &Object) -> Result<u32, StoreError> {
    let sql = "SELECT value FROM meta WHERE key = 'projection'";
    let row = client.query_opt(sql, &[]).await?;
    row.map_or(Ok(0), |row| codec::bytes(&row, "value").map(u32::from_be_bytes))
}

pub(super) async fn set_projection(client: &Object, version: u32) -> Result<(), StoreError> {
    let sql = "INSERT INTO meta (key, value) VALUES ('projection', $1)
               ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    client.execute(sql, &[&&version.to_be_bytes()[..]]).await?;
    Ok(())
}

/// Puts other rows in the place of those of records.
pub(super) async fn renew(client: &mut Object, rows: &[(DocId, Row)]) -> Result<(), StoreError> {
    let tx = writing(client).await?;
    let docs: Vec<_> = rows.iter().map(|(doc, _)| &doc.0[..]).collect();
    let statement = tx
        .prepare_cached(
            "SELECT doc, received_at, number FROM records WHERE doc = ANY($1) ORDER BY doc FOR UPDATE",
        )
        .await?;
    let mut marks = BTreeMap::new();
    for row in tx.query(&statement, &[&docs]).await? {
        marks.insert(codec::doc(&row, "doc")?, mark(&row)?);
    }
    let places: Vec<_> = rows
        .iter()
        .filter_map(|(doc, row)| Some(Place::at(*doc, *marks.get(doc)?, row)))
        .collect();
    let (columns, related) = (Rows::of(&places)?, Related::of(&places));
    pipeline(
        &tx,
        [
            (super::records::PUT, &columns.values()[..]),
            (FORGET_LINKS, &[columns.docs()]),
            (FORGET_FILES, &[columns.docs()]),
            (FORGET_CREDITS, &[columns.docs()]),
            (PUT_LINKS, &related.links()),
            (PUT_FILES, &related.files()),
            (PUT_CREDITS, &related.credits()),
            (PUT_PEOPLE, &related.people()),
            (PUT_SKETCHES, &related.sketches()),
        ],
    )
    .await?;
    Ok(tx.commit().await?)
}
