//! How values lie in columns.

use lianxin_shared::id::{ChangeHash, DeviceId, DocId, Heads, UserId};
use minicbor::{Decode, Encode};
use rusqlite::Row;

use crate::store::StoreError;

/// A count or sequence as SQLite holds it. Nothing here ever comes near the limit.
pub(super) fn int(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// A count or sequence.
pub(super) fn count(row: &Row<'_>, column: &str) -> Result<u64, StoreError> {
    let n: i64 = row.get(column)?;
    u64::try_from(n).map_err(|_| damaged(column))
}

/// A document's id.
pub(super) fn doc(row: &Row<'_>, column: &str) -> Result<DocId, StoreError> {
    Ok(DocId(row.get(column)?))
}

/// A document's id, where there is one.
pub(super) fn doc_or_none(row: &Row<'_>, column: &str) -> Result<Option<DocId>, StoreError> {
    Ok(row.get::<_, Option<[u8; 16]>>(column)?.map(DocId))
}

/// A change's name.
pub(super) fn hash(row: &Row<'_>, column: &str) -> Result<ChangeHash, StoreError> {
    Ok(ChangeHash(row.get(column)?))
}

/// A device.
pub(super) fn device(row: &Row<'_>, column: &str) -> Result<DeviceId, StoreError> {
    Ok(DeviceId(row.get(column)?))
}

/// A user's name.
pub(super) fn user(row: &Row<'_>, column: &str) -> Result<UserId, StoreError> {
    row.get::<_, String>(column)?.parse().map_err(|_| damaged(column))
}

/// A user's name, where there is one.
pub(super) fn user_or_none(row: &Row<'_>, column: &str) -> Result<Option<UserId>, StoreError> {
    let name: Option<String> = row.get(column)?;
    name.map(|name| name.parse().map_err(|_| damaged(column)))
        .transpose()
}

/// A state.
pub(super) fn heads(row: &Row<'_>, column: &str) -> Result<Heads, StoreError> {
    from_cbor(&row.get::<_, Vec<u8>>(column)?, column)
}

/// As CBOR.
pub(super) fn to_cbor<T: Encode<()>>(value: &T) -> Result<Vec<u8>, StoreError> {
    minicbor::to_vec(value).map_err(|e| StoreError::Damaged(e.to_string()))
}

/// From CBOR.
pub(super) fn from_cbor<T: for<'b> Decode<'b, ()>>(bytes: &[u8], column: &str) -> Result<T, StoreError> {
    minicbor::decode(bytes).map_err(|_| damaged(column))
}

/// What lies in a column is not what was put there.
pub(super) fn damaged(column: &str) -> StoreError {
    StoreError::Damaged(column.to_owned())
}
