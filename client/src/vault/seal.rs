//! The one seam through which everything passes that is written to the device or read from it.

use js_sys::Uint8Array;

use super::key::{Key, KeyError};

/// How the bytes of a database are sealed.
#[derive(Debug, Clone)]
pub enum Seal {
    /// Not at all: what belongs to the tablet, and what has to be read before anybody has unlocked.
    Open,
    /// By a user's data key.
    Key(Key),
}

impl Seal {
    /// Makes bytes fit to be written at `place`: its store and key. Moved elsewhere they do not open.
    pub async fn seal(&self, place: &str, plain: &[u8]) -> Result<Uint8Array, KeyError> {
        match self {
            Self::Open => Ok(Uint8Array::from(plain)),
            Self::Key(key) => key.seal(place, plain).await,
        }
    }

    /// Reads what [`Seal::seal`] made for these places: each by itself, in the same order.
    pub async fn open_all<'a>(
        &self,
        sealed: impl Iterator<Item = (&'a str, Uint8Array)>,
    ) -> Result<Vec<Result<Vec<u8>, KeyError>>, KeyError> {
        match self {
            Self::Open => Ok(sealed.map(|(_, bytes)| Ok(bytes.to_vec())).collect()),
            Self::Key(key) => key.open_all(sealed).await,
        }
    }
}
