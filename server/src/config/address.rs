//! The address of a database.

use std::convert::Infallible;
use std::str::FromStr;

use serde::Deserialize;

/// The address of a PostgreSQL database. It can hold a password, so nothing prints it: it has neither `Debug` nor `Display`.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Address(String);

impl Address {
    /// The address itself, for whoever opens the database.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl FromStr for Address {
    type Err = Infallible;

    /// Takes any text: what is wrong with it is said by the store, without it.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}
