//! What was refused.

use std::collections::BTreeMap;

use deadpool_postgres::Transaction;
use lianxin_shared::id::Moment;
use lianxin_shared::rules::{Refusal, RefusalCode};
use minicbor::bytes::{ByteSlice, ByteVec};
use sha2::{Digest as _, Sha256};
use tokio_postgres::{Error, Row};

use super::codec::{self, damaged, to_cbor, words};
use super::documents;
use super::sql::query;
use crate::store::{Quarantined, StoreError};

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
    let code: &str = codec::get(row, "code")?;
    let code = RefusalCode::ALL.iter().find(|known| known.as_str() == code);
    let changes: Vec<ByteVec> = codec::cbor(row, "changes")?;
    Ok(Quarantined {
        doc: codec::doc(row, "doc")?,
        by: codec::binding(row)?,
        refusal: Refusal {
            code: *code.ok_or_else(|| damaged("code"))?,
            about: codec::get(row, "about")?,
        },
        changes: changes.into_iter().map(Into::into).collect(),
        at: Moment(codec::get(row, "at")?),
    })
}
