//! Why a store could not do what it was asked.

/// Why a store could not do what it was asked. Nothing of it was done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The database is out of reach, busy or full. The same may succeed later.
    #[error("the database does not do it now: {0}")]
    Unavailable(String),
    /// Something that was stored cannot be read.
    #[error("stored data cannot be read: {0}")]
    Damaged(String),
    /// There is one of that name already.
    #[error("there is one of that name already")]
    Exists,
    /// There is something in the database that is to be filled.
    #[error("the database is not empty")]
    NotEmpty,
}

impl StoreError {
    /// Whether trying again is of no use.
    pub const fn is_permanent(&self) -> bool {
        !matches!(self, Self::Unavailable(_))
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error {
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::InvalidColumnType(..) => Self::Damaged(error.to_string()),
            other => Self::Unavailable(other.to_string()),
        }
    }
}
