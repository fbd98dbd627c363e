//! The outside of automerge's binary format, read just so far that untrusted bytes can be bounded before automerge reads
//! them: a few bytes of run-length encoding can stand for more rows than any memory holds, and automerge inflates what is
//! compressed without bound. So what is compressed is refused (frames are compressed as a whole), and rows are counted
//! without unfolding them.
//!
//! The format: <https://automerge.org/automerge-binary-format-spec/>.

use sha2::{Digest, Sha256};

use super::DocumentError;
use crate::id::ChangeHash;

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];

/// The most rows of a column, and so about the most operations of a document or a change.
pub(super) const MAX_ROWS: u64 = 500_000;

/// What a chunk holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A whole document.
    Document = 0,
    /// One change, as it is.
    Change = 1,
}

/// The content of bytes that are one chunk of this kind and nothing else, with bounded columns.
pub(super) fn content(bytes: &[u8], kind: Kind) -> Result<&[u8], DocumentError> {
    let mut reader = Reader(bytes);
    let container = (|| {
        let magic = reader.take(4)?;
        reader.take(4)?;
        let is = reader.take(1)?;
        let length = reader.unsigned()?;
        (magic == MAGIC && is == [kind as u8] && length == reader.0.len() as u64).then_some(reader.0)
    })();
    let content = container.ok_or_else(|| corrupt("not one chunk of the kind"))?;
    bounded(content, kind).ok_or_else(|| corrupt("compressed, or too many rows"))?;
    Ok(content)
}

/// The chunk of a change with this content, and its hash.
pub(super) fn change(content: &[u8]) -> (ChangeHash, Vec<u8>) {
    let mut tail = vec![Kind::Change as u8];
    put_unsigned(&mut tail, content.len() as u64);
    tail.extend_from_slice(content);
    let hash: [u8; 32] = Sha256::digest(&tail).into();
    let mut chunk = Vec::with_capacity(tail.len() + 8);
    chunk.extend_from_slice(&MAGIC);
    chunk.extend_from_slice(&hash[..4]);
    chunk.extend_from_slice(&tail);
    (ChangeHash(hash), chunk)
}

/// An unsigned LEB128 number.
pub(super) fn put_unsigned(into: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        into.push(value as u8 | 0x80);
        value >>= 7;
    }
    into.push(value as u8);
}

pub(super) fn corrupt(why: &str) -> DocumentError {
    DocumentError::Corrupt(why.to_owned())
}

/// Whether all columns of a chunk are uncompressed and have few enough rows.
fn bounded(content: &[u8], kind: Kind) -> Option<()> {
    let mut reader = Reader(content);
    match kind {
        Kind::Change => {
            let dependencies = reader.unsigned()?;
            reader.take(dependencies.checked_mul(32)?)?;
            reader.prefixed()?;
            reader.unsigned()?;
            reader.unsigned()?;
            reader.signed()?;
            reader.prefixed()?;
            for _ in 0..reader.unsigned()? {
                reader.prefixed()?;
            }
            let operations = reader.columns()?;
            reader.check(&operations)
        }
        Kind::Document => {
            for _ in 0..reader.unsigned()? {
                reader.prefixed()?;
            }
            let heads = reader.unsigned()?;
            reader.take(heads.checked_mul(32)?)?;
            let changes = reader.columns()?;
            let operations = reader.columns()?;
            reader.check(&changes)?;
            reader.check(&operations)
        }
    }
}

/// Reads from the front; nothing when there is too little.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn take(&mut self, n: u64) -> Option<&'a [u8]> {
        let (front, rest) = self.0.split_at_checked(usize::try_from(n).ok()?)?;
        self.0 = rest;
        Some(front)
    }

    /// Bytes with their length before them.
    pub(super) fn prefixed(&mut self) -> Option<&'a [u8]> {
        let length = self.unsigned()?;
        self.take(length)
    }

    pub(super) fn unsigned(&mut self) -> Option<u64> {
        let mut value = 0u64;
        for i in 0..10 {
            let byte = u64::from(*self.take(1)?.first()?);
            if i == 9 && byte > 1 {
                return None;
            }
            value |= (byte & 0x7f) << (7 * i);
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn signed(&mut self) -> Option<i64> {
        let mut value = 0i64;
        for i in 0..10 {
            let byte = *self.take(1)?.first()?;
            value |= i64::from(byte & 0x7f) << (7 * i);
            if byte & 0x80 == 0 {
                let shift = 7 * (i + 1);
                let negative = byte & 0x40 != 0 && shift < 64;
                return Some(if negative { value | (-1 << shift) } else { value });
            }
        }
        None
    }

    /// The columns that follow, as (specification, length); their data comes later.
    fn columns(&mut self) -> Option<Vec<(u64, u64)>> {
        let n = self.unsigned()?;
        (0..n)
            .map(|_| Some((self.unsigned()?, self.unsigned()?)))
            .collect()
    }

    fn check(&mut self, columns: &[(u64, u64)]) -> Option<()> {
        const COMPRESSED: u64 = 0b1000;
        for (specification, length) in columns {
            let data = self.take(*length)?;
            if specification & COMPRESSED != 0 || rows(specification & 0b111, data)? > MAX_ROWS {
                return None;
            }
        }
        Some(())
    }
}

/// How many rows a column has. A group's numbers count rows of the columns it groups.
fn rows(kind: u64, data: &[u8]) -> Option<u64> {
    const GROUP: u64 = 0;
    const DELTA: u64 = 3;
    const BOOLEAN: u64 = 4;
    const TEXT: u64 = 5;
    const RAW: u64 = 7;
    let mut reader = Reader(data);
    let mut rows = 0u64;
    let mut grouped = 0u64;
    match kind {
        RAW => return Some(0),
        BOOLEAN => {
            while !reader.0.is_empty() {
                rows = rows.checked_add(reader.unsigned()?)?;
            }
            return Some(rows);
        }
        _ => {}
    }
    let mut value = |reader: &mut Reader<'_>, times: u64| match kind {
        TEXT => reader.prefixed().map(drop),
        DELTA => reader.signed().map(drop),
        GROUP => {
            grouped = grouped.checked_add(reader.unsigned()?.checked_mul(times)?)?;
            Some(())
        }
        _ => reader.unsigned().map(drop),
    };
    while !reader.0.is_empty() {
        let run = reader.signed()?;
        let times = match run {
            0 => reader.unsigned()?,
            1.. => {
                value(&mut reader, run.unsigned_abs())?;
                run.unsigned_abs()
            }
            _ => {
                for _ in 0..run.unsigned_abs() {
                    value(&mut reader, 1)?;
                }
                run.unsigned_abs()
            }
        };
        rows = rows.checked_add(times)?;
    }
    Some(rows.max(grouped))
}
