//! What was refused.

use std::collections::BTreeMap;

use deadpool_postgres::{GenericClient, Object, Transaction};
use lianxin_shared::id::Moment;
use lianxin_shared::rules::{Refusal, RefusalCode};
use minicbor::bytes::{ByteSlice, ByteVec};
use sha2::{Digest as _, Sha256};
use tokio_postgres::{Error, Row};

use super::codec::{self, damaged, to_cbor, words};
use super::pool::writing;
use super::sql::{Values, query};
use super::{audit, documents};
use crate::store::{Act, Digest, Quarantined, Refused, StoreError, Waiting};

const PUT: &str = "
    INSERT INTO quarantine (doc, \"user\", digest, device, code, about, changes, at)
    SELECT * FROM unnest($1::bytea[], $2::text[], $3::bytea[], $4::bytea[], $5::text[], $6::text[], $7::bytea[],
                         $8::bigint[]) AS refused (doc)
    WHERE NOT EXISTS (SELECT 1 FROM documents WHERE id = refused.doc AND erased)
    ON CONFLICT (doc, \"user\", digest) DO UPDATE SET code = excluded.code, about = excluded.about";

/// Keeps what was refused. The same changes of the same user are kept once, with the last reason.
pub(super) async fn put<'q>(
    tx: &Transaction<'_>,
    refused: impl IntoIterator<Item = &'q Quarantined>,
) -> Result<(), StoreError> {
    // By its key, so that no two writers wait for each other, and none comes twice in one statement.
    let mut unique: BTreeMap<_, (&Quarantined, &Refusal, Vec<u8>)> = BTreeMap::new();
    for entry in refused {
        let changes: Vec<&ByteSlice> = entry
            .changes
            .iter()
            .map(|change| change.as_slice().into())
            .collect();
        let changes = to_cbor(&changes)?;
        let digest = Sha256::digest(&changes).to_vec();
        unique
            .entry((entry.doc, &entry.by.user, digest))
            .or_insert((entry, &entry.refusal, changes))
            .1 = &entry.refusal;
    }
    let keys = || unique.keys();
    // Whoever erases one of them now comes before or after.
    let docs = Vec::from_iter(keys().map(|(doc, _, _)| &doc.0[..]));
    query(tx, documents::LOCK, &[&docs]).await?;
    let entries = || unique.values();
    query(
        tx,
        PUT,
        &[
            &Vec::from_iter(keys().map(|(doc, _, _)| &doc.0[..])),
            &Vec::from_iter(keys().map(|(_, user, _)| user.as_str())),
            &Vec::from_iter(keys().map(|(_, _, digest)| digest)),
            &Vec::from_iter(entries().map(|(entry, _, _)| &entry.by.device.0[..])),
            &Vec::from_iter(entries().map(|(_, refusal, _)| refusal.code.as_str())),
            &Vec::from_iter(
                entries()
                    .map(|(_, refusal, _)| refusal.about.as_deref().map(|about| words(about).into_owned())),
            ),
            &Vec::from_iter(entries().map(|(_, _, changes)| changes)),
            &Vec::from_iter(entries().map(|(entry, _, _)| entry.at.0)),
        ],
    )
    .await
    .map(drop)
    .map_err(Error::into)
}

/// One that is kept.
pub(super) fn read(row: &Row) -> Result<Quarantined, StoreError> {
    let changes: Vec<ByteVec> = codec::cbor(row, "changes")?;
    Ok(Quarantined {
        doc: codec::doc(row, "doc")?,
        by: codec::binding(row)?,
        refusal: Refusal {
            code: code(row)?,
            about: codec::get(row, "about")?,
        },
        changes: changes.into_iter().map(Into::into).collect(),
        at: Moment(codec::get(row, "at")?),
    })
}

fn code(row: &Row) -> Result<RefusalCode, StoreError> {
    let code: &str = codec::get(row, "code")?;
    let code = RefusalCode::ALL.iter().find(|known| known.as_str() == code);
    code.copied().ok_or_else(|| damaged("code"))
}

/// The latest first.
pub(super) async fn waiting(client: &impl GenericClient, limit: u32) -> Result<Vec<Waiting>, StoreError> {
    let sql = "SELECT doc, \"user\", digest, code, at FROM quarantine ORDER BY at DESC LIMIT $1";
    let rows = client.query(sql, &[&i64::from(limit)]).await?;
    let waiting = |row: &Row| {
        Ok(Waiting {
            which: Refused {
                doc: codec::doc(row, "doc")?,
                user: codec::user(row, "user")?,
                digest: Digest(codec::bytes(row, "digest")?),
            },
            code: code(row)?,
            at: Moment(codec::get(row, "at")?),
        })
    };
    rows.iter().map(waiting).collect()
}

/// One of it.
pub(super) async fn get(
    client: &impl GenericClient,
    which: &Refused,
) -> Result<Option<Quarantined>, StoreError> {
    let sql = "SELECT * FROM quarantine WHERE doc = $1 AND \"user\" = $2 AND digest = $3";
    let key: Values<'_> = &[&&which.doc.0[..], &which.user.as_str(), &&which.digest.0[..]];
    let row = client.query_opt(sql, key).await?;
    row.as_ref().map(read).transpose()
}

/// Takes one of it out.
pub(super) async fn settle(client: &mut Object, which: &Refused, act: &Act) -> Result<bool, StoreError> {
    let tx = writing(client).await?;
    let sql = "DELETE FROM quarantine WHERE doc = $1 AND \"user\" = $2 AND digest = $3";
    let key: Values<'_> = &[&&which.doc.0[..], &which.user.as_str(), &&which.digest.0[..]];
    let gone = tx.execute(sql, key).await? > 0;
    if gone {
        audit::add(&tx, act).await?;
    }
    tx.commit().await?;
    Ok(gone)
}
