//! Asking PostgreSQL, and what it answers when it cannot.

use deadpool_postgres::{PoolError, Transaction};
use futures_util::future::try_join_all;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Error, Row};

use crate::store::StoreError;

/// The values of a statement.
pub(super) type Values<'a> = &'a [&'a (dyn ToSql + Sync)];

/// Sends statements one after the other without waiting, and answers the rows of each: one round trip for all. The server
/// carries them out in this order.
pub(super) async fn pipeline<const N: usize>(
    tx: &Transaction<'_>,
    statements: [(&str, Values<'_>); N],
) -> Result<[Vec<Row>; N], Error> {
    // All are prepared before the first is sent: one that has to be prepared yet would otherwise be overtaken.
    let mut prepared = Vec::with_capacity(N);
    for (sql, values) in statements {
        prepared.push((tx.prepare_cached(sql).await?, values));
    }
    let sent = prepared
        .iter()
        .map(|(statement, values)| tx.query(statement, values));
    let mut answers = try_join_all(sent).await?.into_iter();
    Ok(std::array::from_fn(|_| answers.next().unwrap_or_default()))
}

/// Carries out one statement.
pub(super) async fn query(tx: &Transaction<'_>, sql: &str, values: Values<'_>) -> Result<Vec<Row>, Error> {
    let [rows] = pipeline(tx, [(sql, values)]).await?;
    Ok(rows)
}

impl From<Error> for StoreError {
    /// Says the code and the message alone: details can hold what users wrote.
    fn from(error: Error) -> Self {
        Self::Unavailable(match error.as_db_error() {
            Some(db) => format!("{} ({})", db.message(), db.code().code()),
            None => error.to_string(),
        })
    }
}

impl From<PoolError> for StoreError {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Backend(error) => error.into(),
            PoolError::Timeout(_) => Self::Unavailable("no connection in time".to_owned()),
            _ => Self::Unavailable("no connection".to_owned()),
        }
    }
}
