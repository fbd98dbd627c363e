//! Reading documents, many at a time.

use std::collections::{BTreeSet, HashMap};

use deadpool_postgres::Object;
use lianxin_shared::id::{ChangeHash, DocId};
use tokio_postgres::Row;

use super::pool::reading;
use super::sql::{Values, pipeline, query};
use super::{actors, codec};
use crate::store::{Change, Content, Material, StoreError, StoredDocument};

/// Documents with their snapshots.
pub(super) const WHOLE: &str = "SELECT id, version, heads, bytes, operations, snapshot, erased FROM documents WHERE id = ANY($1::bytea[])";

/// The changes of documents that are kept singly.
pub(super) const CHANGES: &str =
    "SELECT doc, hash, bytes FROM changes WHERE doc = ANY($1::bytea[]) ORDER BY doc, n";

/// What is wanted of each document, in order: its state, and how large that is.
const SIZES: &str = "
    SELECT CASE WHEN erased THEN NULL ELSE heads END AS heads,
           CASE WHEN from_n < snapshot_version THEN coalesce(length(snapshot), 0) ELSE 0 END::bigint
           + (SELECT coalesce(sum(length(bytes)), 0) FROM changes WHERE doc = id AND n >= from_n)::bigint AS size
    FROM unnest($1::bytea[], $2::bigint[]) WITH ORDINALITY AS wanted (id, from_n, place)
         LEFT JOIN documents USING (id)
    ORDER BY place";

/// The snapshots of documents.
const SNAPSHOTS: &str = "
    SELECT place, snapshot
    FROM unnest($1::bytea[], $2::bigint[]) WITH ORDINALITY AS wanted (id, from_n, place) JOIN documents USING (id)
    WHERE from_n < snapshot_version";

/// The changes that are wanted of each document.
const WANTED: &str = "
    SELECT place, hash, bytes
    FROM unnest($1::bytea[], $2::bigint[]) WITH ORDINALITY AS wanted (id, from_n, place)
         JOIN changes ON doc = id AND n >= from_n
    ORDER BY place, n";

pub(super) async fn materials(
    client: &mut Object,
    wants: &[(DocId, Vec<Vec<u8>>)],
) -> Result<Vec<Material>, StoreError> {
    let tx = reading(client).await?;
    let docs: Vec<_> = wants.iter().map(|(doc, _)| &doc.0[..]).collect();
    let all: BTreeSet<_> = wants.iter().flat_map(|(_, actors)| actors).collect();
    let all: Vec<_> = all.into_iter().collect();
    let statements: [(&str, Values<'_>); 3] =
        [(WHOLE, &[&docs]), (CHANGES, &[&docs]), (actors::GET, &[&all])];
    let [rows, changes, bindings] = pipeline(&tx, statements).await?;
    let erased = erased(&rows)?;
    let documents = documents(&rows, &changes)?;
    let bindings = actors::bindings(&bindings)?;
    let material = |(doc, actors): &(DocId, Vec<Vec<u8>>)| {
        let bound = actors.iter().filter_map(|actor| bindings.get_key_value(actor));
        Material {
            document: documents.get(doc).cloned(),
            erased: erased.contains(doc),
            bindings: bound.map(|(actor, by)| (actor.clone(), by.clone())).collect(),
        }
    };
    Ok(wants.iter().map(material).collect())
}

/// Whole documents out of the rows of [`WHOLE`] and [`CHANGES`].
pub(super) fn documents(rows: &[Row], changes: &[Row]) -> Result<HashMap<DocId, StoredDocument>, StoreError> {
    let mut documents = HashMap::new();
    for row in rows {
        if codec::get(row, "erased")? {
            continue;
        }
        let document = StoredDocument {
            version: codec::count(row, "version")?,
            bytes: codec::count(row, "bytes")?,
            operations: codec::count(row, "operations")?,
            content: Content {
                heads: codec::cbor(row, "heads")?,
                snapshot: codec::get(row, "snapshot")?,
                changes: Vec::new(),
            },
        };
        documents.insert(codec::doc(row, "id")?, document);
    }
    for row in changes {
        if let Some(document) = documents.get_mut(&codec::doc(row, "doc")?) {
            document.content.changes.push(change(row)?);
        }
    }
    Ok(documents)
}

/// Those of the rows of [`WHOLE`] that are only left of what was erased.
fn erased(rows: &[Row]) -> Result<BTreeSet<DocId>, StoreError> {
    let mut erased = BTreeSet::new();
    for row in rows {
        if codec::get(row, "erased")? {
            erased.insert(codec::doc(row, "id")?);
        }
    }
    Ok(erased)
}

pub(super) async fn contents(
    client: &mut Object,
    wants: &[(DocId, u64)],
    budget: usize,
) -> Result<Vec<Option<Content>>, StoreError> {
    let tx = reading(client).await?;
    let docs: Vec<_> = wants.iter().map(|(doc, _)| &doc.0[..]).collect();
    let froms: Vec<_> = wants.iter().map(|(_, from)| codec::int(*from)).collect();
    let mut contents: Vec<Option<Content>> = Vec::new();
    let mut size = 0;
    for row in query(&tx, SIZES, &[&docs, &froms]).await? {
        let known = codec::get::<Option<&[u8]>>(&row, "heads")?.is_some();
        if known {
            size += codec::count(&row, "size")?;
        }
        if size > budget as u64 && !contents.is_empty() {
            break;
        }
        let content = known.then(|| codec::cbor(&row, "heads")).transpose()?;
        contents.push(content.map(|heads| Content {
            heads,
            snapshot: None,
            changes: Vec::new(),
        }));
    }
    let (docs, froms) = (&docs[..contents.len()], &froms[..contents.len()]);
    let [snapshots, changes] =
        pipeline(&tx, [(SNAPSHOTS, &[&docs, &froms]), (WANTED, &[&docs, &froms])]).await?;
    for row in &snapshots {
        if let Some(content) = at(&mut contents, row)? {
            content.snapshot = codec::get(row, "snapshot")?;
        }
    }
    for row in &changes {
        if let Some(content) = at(&mut contents, row)? {
            content.changes.push(change(row)?);
        }
    }
    Ok(contents)
}

fn at<'c>(contents: &'c mut [Option<Content>], row: &Row) -> Result<Option<&'c mut Content>, StoreError> {
    let place = usize::try_from(codec::count(row, "place")?).unwrap_or(usize::MAX);
    let content = contents.get_mut(place.saturating_sub(1));
    Ok(content.and_then(Option::as_mut))
}

fn change(row: &Row) -> Result<Change, StoreError> {
    Ok(Change {
        hash: ChangeHash(codec::bytes(row, "hash")?),
        bytes: codec::get(row, "bytes")?,
    })
}
