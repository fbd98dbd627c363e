//! How values lie in columns.

use std::borrow::Cow;

use lianxin_shared::id::{DeviceId, DocId, UserId};
use minicbor::{Decode, Encode};
use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

use crate::store::{Binding, StoreError};

/// A count or sequence as PostgreSQL holds it. Nothing here ever comes near the limit.
pub(super) fn int(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// A value.
pub(super) fn get<'r, T: FromSql<'r>>(row: &'r Row, column: &str) -> Result<T, StoreError> {
    row.try_get(column).map_err(|_| damaged(column))
}

/// A count or sequence.
pub(super) fn count(row: &Row, column: &str) -> Result<u64, StoreError> {
    u64::try_from(get::<i64>(row, column)?).map_err(|_| damaged(column))
}

/// Bytes of a known number.
pub(super) fn bytes<const N: usize>(row: &Row, column: &str) -> Result<[u8; N], StoreError> {
    get::<&[u8]>(row, column)?.try_into().map_err(|_| damaged(column))
}

/// A document's id.
pub(super) fn doc(row: &Row, column: &str) -> Result<DocId, StoreError> {
    bytes(row, column).map(DocId)
}

/// A document's id, where there is one.
pub(super) fn doc_or_none(row: &Row, column: &str) -> Result<Option<DocId>, StoreError> {
    let id = get::<Option<&[u8]>>(row, column)?
        .map(TryInto::try_into)
        .transpose();
    Ok(id.map_err(|_| damaged(column))?.map(DocId))
}

/// A user's name.
pub(super) fn user(row: &Row, column: &str) -> Result<UserId, StoreError> {
    get::<&str>(row, column)?.parse().map_err(|_| damaged(column))
}

/// A user's name, where there is one.
pub(super) fn user_or_none(row: &Row, column: &str) -> Result<Option<UserId>, StoreError> {
    let name = get::<Option<&str>>(row, column)?;
    name.map(|name| name.parse().map_err(|_| damaged(column)))
        .transpose()
}

/// Somebody at a device.
pub(super) fn binding(row: &Row) -> Result<Binding, StoreError> {
    Ok(Binding {
        user: user(row, "user")?,
        device: DeviceId(bytes(row, "device")?),
    })
}

/// From CBOR.
pub(super) fn cbor<T: for<'b> Decode<'b, ()>>(row: &Row, column: &str) -> Result<T, StoreError> {
    minicbor::decode(get(row, column)?).map_err(|_| damaged(column))
}

/// As CBOR.
pub(super) fn to_cbor<T: Encode<()>>(value: &T) -> Result<Vec<u8>, StoreError> {
    minicbor::to_vec(value).map_err(|e| StoreError::Damaged(e.to_string()))
}

/// Words as PostgreSQL takes them: it knows no U+0000, which nobody means to write.
pub(super) fn words(text: &str) -> Cow<'_, str> {
    if text.contains('\0') {
        text.replace('\0', "\u{fffd}").into()
    } else {
        text.into()
    }
}

/// What lies in a column is not what was put there.
pub(super) fn damaged(column: &str) -> StoreError {
    StoreError::Damaged(column.to_owned())
}
