//! A small parcel as a row of texts, each for one QR code.
//!
//! ```text
//! LX/3/25/0F1E2D3C4B5A6978/DATA
//! ```
//!
//! The third of 25; the first 8 bytes of SHA-256 over the whole parcel in hexadecimal; the bytes in base45 (RFC 9285), of
//! which two take three characters. All of it is in the set of letters that a QR code packs most densely.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

/// The most bytes of a parcel that is shown so: about fifty codes, half a minute.
pub const MAX_SHOWN: usize = 20 * 1024;

/// How many bytes a piece holds: a code that a poor camera reads from a screen.
const PIECE: usize = 400;

const MARK: &str = "LX";

/// Why a text is no piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PieceError {
    /// A code of something else.
    #[error("no piece of a parcel")]
    Strange,
    /// All pieces are here, and make something else than they say.
    #[error("the pieces do not fit together")]
    Damaged,
}

/// The pieces of a parcel, in order; nothing if it is larger than [`MAX_SHOWN`].
pub fn cut(parcel: &[u8]) -> Option<Vec<String>> {
    if parcel.is_empty() || parcel.len() > MAX_SHOWN {
        return None;
    }
    let name = name(parcel);
    let of = parcel.len().div_ceil(PIECE);
    let pieces = parcel.chunks(PIECE).enumerate();
    Some(
        pieces
            .map(|(n, bytes)| format!("{MARK}/{}/{of}/{name}/{}", n + 1, base45::encode(bytes)))
            .collect(),
    )
}

/// Pieces of one parcel as they come in, in any order and as often as they like.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pieces {
    name: String,
    of: usize,
    here: BTreeMap<usize, Vec<u8>>,
}

impl Pieces {
    /// Takes what a camera read; answers the parcel once it is whole. A piece of another parcel begins anew with that one.
    pub fn add(&mut self, text: &str) -> Result<Option<Vec<u8>>, PieceError> {
        let (n, of, name, bytes) = read(text).ok_or(PieceError::Strange)?;
        if self.name != name || self.of != of {
            *self = Self {
                name: name.to_owned(),
                of,
                here: BTreeMap::new(),
            };
        }
        self.here.insert(n, bytes);
        if self.here.len() < self.of {
            return Ok(None);
        }
        let parcel: Vec<u8> = std::mem::take(&mut self.here).into_values().flatten().collect();
        if self::name(&parcel) == self.name {
            Ok(Some(parcel))
        } else {
            Err(PieceError::Damaged)
        }
    }

    /// How many are here.
    pub fn here(&self) -> usize {
        self.here.len()
    }

    /// Of how many; 0 before the first.
    pub fn of(&self) -> usize {
        self.of
    }
}

fn read(text: &str) -> Option<(usize, usize, &str, Vec<u8>)> {
    // The data may hold the stroke as well: it comes last.
    let mut parts = text.splitn(5, '/');
    let is_ours = parts.next()? == MARK;
    let n: usize = parts.next()?.parse().ok()?;
    let of: usize = parts.next()?.parse().ok()?;
    let name = parts.next().filter(|name| name.len() == 16)?;
    let bytes = base45::decode(parts.next()?).ok()?;
    let fits = is_ours && (1..=MAX_SHOWN.div_ceil(PIECE)).contains(&of) && (1..=of).contains(&n);
    (fits && (1..=PIECE).contains(&bytes.len())).then_some((n, of, name, bytes))
}

fn name(parcel: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut name = String::with_capacity(16);
    for byte in &Sha256::digest(parcel)[..8] {
        // Writing to a String cannot fail.
        let _ = write!(name, "{byte:02X}");
    }
    name
}
