//! The one seam through which everything passes that is written to the device or read from it.

use js_sys::Uint8Array;

use super::key::{Key, KeyError};
use super::pen::Pen;
use super::store::Store;

/// How the bytes of a database are sealed.
#[derive(Debug, Clone)]
pub enum Seal {
    /// Not at all: what belongs to the tablet, and what has to be read before anybody has unlocked.
    Open,
    /// By a user's data key.
    Key(Key),
    /// The same, but for what is half written, which the pen seals without waiting.
    Both(Key, Pen),
}

impl Seal {
    /// What seals and opens without waiting, if there is such a thing.
    pub(super) fn pen(&self) -> Option<&Pen> {
        match self {
            Self::Both(_, pen) => Some(pen),
            Self::Open | Self::Key(_) => None,
        }
    }

    /// Makes bytes fit to be written at `place`: their store and key. Moved elsewhere they do not open.
    pub async fn seal(&self, store: Store, place: &str, plain: &[u8]) -> Result<Uint8Array, KeyError> {
        match self {
            _ if store.is_for_others() => Ok(Uint8Array::from(plain)),
            Self::Open => Ok(Uint8Array::from(plain)),
            Self::Both(_, pen) if store.is_half_written() => pen.seal(place, plain),
            Self::Key(key) | Self::Both(key, _) => key.seal(place, plain).await,
        }
    }

    /// Reads what [`Seal::seal`] made for these places: each by itself, in the same order.
    pub async fn open_all<'a>(
        &self,
        store: Store,
        sealed: impl Iterator<Item = (&'a str, Uint8Array)>,
    ) -> Result<Vec<Result<Vec<u8>, KeyError>>, KeyError> {
        match self {
            _ if store.is_for_others() => Ok(sealed.map(|(_, bytes)| Ok(bytes.to_vec())).collect()),
            Self::Open => Ok(sealed.map(|(_, bytes)| Ok(bytes.to_vec())).collect()),
            Self::Both(_, pen) if store.is_half_written() => Ok(sealed
                .map(|(place, bytes)| pen.open(place, &bytes.to_vec()))
                .collect()),
            Self::Key(key) | Self::Both(key, _) => key.open_all(sealed).await,
        }
    }
}
