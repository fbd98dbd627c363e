//! Documents: what is stored of them, read and written many at a time.

use std::collections::HashMap;

use lianxin_shared::id::{DocId, Heads};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::codec::{self, int, to_cbor};
use super::plan::Growth;
use crate::store::{Change, StoreError};

/// Locks documents, in the order of their ids, and answers their versions and states.
pub(super) const LOCK: &str =
    "SELECT id, version, heads FROM documents WHERE id = ANY($1::bytea[]) ORDER BY id FOR UPDATE";

/// Adds new [`Documents`]; answers those that were not there.
pub(super) const INSERT: &str = "
    INSERT INTO documents (id, version, heads, bytes, operations, snapshot_version, received_at, changed_at)
    SELECT id, version, heads, bytes, operations, 0, since, at
    FROM unnest($1::bytea[], $2::bigint[], $3::bytea[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])
         AS new (id, version, heads, bytes, operations, since, at)
    ORDER BY id ON CONFLICT (id) DO NOTHING RETURNING id";

/// Lets [`Documents`] that are there grow.
pub(super) const GROW: &str = "
    UPDATE documents SET
        version = grown.version, heads = grown.heads, bytes = documents.bytes + grown.bytes,
        operations = documents.operations + grown.operations, changed_at = grown.at
    FROM unnest($1::bytea[], $2::bigint[], $3::bytea[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])
         AS grown (id, version, heads, bytes, operations, since, at)
    WHERE documents.id = grown.id";

/// Adds [`Changes`].
pub(super) const ADD_CHANGES: &str = "
    INSERT INTO changes (doc, n, hash, bytes)
    SELECT * FROM unnest($1::bytea[], $2::bigint[], $3::bytea[], $4::bytea[])";

/// Puts [`Snapshots`] in place of the first changes.
pub(super) const COMPACT: &str = "
    UPDATE documents SET snapshot = new.snapshot, snapshot_version = new.version
    FROM unnest($1::bytea[], $2::bigint[], $3::bytea[]) AS new (id, version, snapshot) WHERE documents.id = new.id";

/// Drops the changes that [`Snapshots`] hold.
pub(super) const DROP_CHANGES: &str = "
    DELETE FROM changes USING unnest($1::bytea[], $2::bigint[]) AS kept (doc, version)
    WHERE changes.doc = kept.doc AND changes.n < kept.version";

/// What becomes of documents, as columns.
#[derive(Default)]
pub(super) struct Documents<'a> {
    ids: Vec<&'a [u8]>,
    versions: Vec<i64>,
    heads: Vec<Vec<u8>>,
    bytes: Vec<i64>,
    operations: Vec<i64>,
    since: Vec<i64>,
    at: Vec<i64>,
}

impl<'a> Documents<'a> {
    pub(super) fn push(&mut self, id: &'a DocId, growth: &Growth<'_>) -> Result<(), StoreError> {
        self.ids.push(&id.0);
        self.versions.push(int(growth.version));
        self.heads.push(to_cbor(growth.heads)?);
        self.bytes.push(int(growth.bytes));
        self.operations.push(int(growth.operations));
        self.since.push(growth.since.0);
        self.at.push(growth.at.0);
        Ok(())
    }

    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    pub(super) fn values(&self) -> [&(dyn ToSql + Sync); 7] {
        [
            &self.ids,
            &self.versions,
            &self.heads,
            &self.bytes,
            &self.operations,
            &self.since,
            &self.at,
        ]
    }
}

/// Changes, as columns.
#[derive(Default)]
pub(super) struct Changes<'a> {
    docs: Vec<&'a [u8]>,
    numbers: Vec<i64>,
    hashes: Vec<&'a [u8]>,
    bytes: Vec<&'a [u8]>,
}

impl<'a> Changes<'a> {
    /// Adds changes of a document; the first of them is its change number `from`.
    pub(super) fn push(&mut self, doc: &'a DocId, from: u64, changes: &'a [Change]) {
        for (n, change) in (from..).zip(changes) {
            self.docs.push(&doc.0);
            self.numbers.push(int(n));
            self.hashes.push(&change.hash.0);
            self.bytes.push(&change.bytes);
        }
    }

    pub(super) fn values(&self) -> [&(dyn ToSql + Sync); 4] {
        [&self.docs, &self.numbers, &self.hashes, &self.bytes]
    }
}

/// Snapshots, as columns.
#[derive(Default)]
pub(super) struct Snapshots<'a> {
    docs: Vec<&'a [u8]>,
    versions: Vec<i64>,
    snapshots: Vec<&'a [u8]>,
}

impl<'a> Snapshots<'a> {
    /// Adds the first `version` changes of a document, saved as one.
    pub(super) fn push(&mut self, doc: &'a DocId, version: u64, snapshot: &'a [u8]) {
        self.docs.push(&doc.0);
        self.versions.push(int(version));
        self.snapshots.push(snapshot);
    }

    pub(super) fn values(&self) -> [&(dyn ToSql + Sync); 3] {
        [&self.docs, &self.versions, &self.snapshots]
    }

    pub(super) fn kept(&self) -> [&(dyn ToSql + Sync); 2] {
        [&self.docs, &self.versions]
    }
}

/// The rows of [`LOCK`].
pub(super) fn known(rows: &[Row]) -> Result<HashMap<DocId, (u64, Heads)>, StoreError> {
    let known = |row| {
        let state = (codec::count(row, "version")?, codec::cbor(row, "heads")?);
        Ok((codec::doc(row, "id")?, state))
    };
    rows.iter().map(known).collect()
}
