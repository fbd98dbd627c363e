//! Measuring before decoding: how much a few bytes would have automerge do.

use super::DocumentError;

/// Bytes that are still to be measured, read in automerge's binary forms
/// (<https://automerge.org/automerge-binary-format-spec/>).
pub(super) struct Rest<'a>(pub(super) &'a [u8]);

impl<'a> Rest<'a> {
    /// The next bytes.
    pub(super) fn take(&mut self, length: u64) -> Result<&'a [u8], DocumentError> {
        let split = usize::try_from(length)
            .ok()
            .and_then(|length| self.0.split_at_checked(length));
        let (taken, rest) = split.ok_or_else(|| DocumentError::Corrupt("cut off".to_owned()))?;
        self.0 = rest;
        Ok(taken)
    }

    /// An unsigned LEB128 number; [`DocumentError::TooLarge`] above `most`.
    pub(super) fn number(&mut self, most: u64) -> Result<u64, DocumentError> {
        let mut value = 0;
        for (i, byte) in self.leb128()?.iter().enumerate() {
            value |= u64::from(byte & 0x7f) << (7 * i);
        }
        if value > most {
            return Err(DocumentError::TooLarge);
        }
        Ok(value)
    }

    /// A signed LEB128 number.
    fn signed(&mut self) -> Result<i64, DocumentError> {
        let bytes = self.leb128()?;
        let mut value = 0;
        for (i, byte) in bytes.iter().enumerate() {
            value |= i64::from(byte & 0x7f) << (7 * i);
        }
        let is_negative = bytes.last().is_some_and(|last| last & 0x40 != 0);
        Ok(if is_negative {
            value | (-1 << (7 * bytes.len()))
        } else {
            value
        })
    }

    /// As many bytes as a number before them says.
    pub(super) fn prefixed(&mut self) -> Result<&'a [u8], DocumentError> {
        let length = self.number(u64::MAX)?;
        self.take(length)
    }

    /// A list of hashes, at most so many.
    pub(super) fn hashes(&mut self, most: u64) -> Result<(), DocumentError> {
        let count = self.number(most)?;
        self.take(count * 32).map(drop)
    }

    /// A LEB128 number's bytes; no number here takes more than nine.
    fn leb128(&mut self) -> Result<&'a [u8], DocumentError> {
        let last = self.0.iter().take(9).position(|byte| byte & 0x80 == 0);
        let last = last.ok_or_else(|| DocumentError::Corrupt("not a number".to_owned()))?;
        self.take(last as u64 + 1)
    }
}

/// Appends an unsigned LEB128 number.
pub(super) fn write_leb128(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// How many rows a change has, in its longest column. Refuses one with a compressed column, or of more than `most` rows. A column holds runs: three bytes can stand for
/// a billion rows, and automerge reads each. Layout: dependencies, actor, sequence, first operation, time, message, other
/// actors, the columns' kinds and lengths, the columns.
pub(super) fn change(content: &[u8], most: u64) -> Result<u64, DocumentError> {
    let mut rest = Rest(content);
    rest.hashes(content.len() as u64)?;
    rest.prefixed()?;
    for _sequence_first_time in 0..3 {
        rest.leb128()?;
    }
    rest.prefixed()?;
    for _ in 0..rest.number(u64::MAX)? {
        rest.prefixed()?;
    }
    let operations = columns(&mut rest)?;
    within(&mut rest, &operations, most)
}

/// The same for a document. Layout: actors, heads, the columns' kinds and lengths of changes and of operations, then both.
pub(super) fn document(content: &[u8], most: u64) -> Result<u64, DocumentError> {
    let mut rest = Rest(content);
    for _ in 0..rest.number(u64::MAX)? {
        rest.prefixed()?;
    }
    rest.hashes(content.len() as u64)?;
    let changes = columns(&mut rest)?;
    let operations = columns(&mut rest)?;
    let changes = within(&mut rest, &changes, most)?;
    Ok(changes.max(within(&mut rest, &operations, most)?))
}

fn columns(rest: &mut Rest<'_>) -> Result<Vec<(u64, u64)>, DocumentError> {
    let mut columns = Vec::new();
    for _ in 0..rest.number(u64::MAX)? {
        columns.push((rest.number(u64::from(u32::MAX))?, rest.number(u64::MAX)?));
    }
    Ok(columns)
}

fn within(rest: &mut Rest<'_>, columns: &[(u64, u64)], most: u64) -> Result<u64, DocumentError> {
    const COMPRESSED: u64 = 0b1000;
    let mut longest = 0;
    for (kind, length) in columns {
        if kind & COMPRESSED != 0 {
            return Err(DocumentError::Corrupt("a compressed column".to_owned()));
        }
        let column = Rest(rest.take(*length)?);
        // The low bits say how the column is coded.
        let rows = match kind & 0b111 {
            // Each number says how many rows of other columns belong together.
            0 => {
                let mut left = most;
                let rows = runs(column, most, |column, times| {
                    let rows = column.number(most)?.saturating_mul(times);
                    left = left.checked_sub(rows).ok_or(DocumentError::TooLarge)?;
                    Ok(())
                })?;
                rows.max(most - left)
            }
            4 => flags(column, most)?,
            5 => runs(column, most, |column, _| column.prefixed().map(drop))?,
            // Values as they are: they have no rows of their own.
            7 => 0,
            _ => runs(column, most, |column, _| column.leb128().map(drop))?,
        };
        longest = longest.max(rows);
    }
    Ok(longest)
}

/// How many rows there are in runs, each value with how often it is repeated: a count above zero and one value for all; below zero as many values; zero and how many rows are empty.
fn runs(
    mut column: Rest<'_>,
    most: u64,
    mut value: impl FnMut(&mut Rest<'_>, u64) -> Result<(), DocumentError>,
) -> Result<u64, DocumentError> {
    let mut left = most;
    while !column.0.is_empty() {
        let (rows, values) = match column.signed()? {
            0 => (column.number(most)?, 0),
            count if count > 0 => (count.unsigned_abs(), 1),
            count => (count.unsigned_abs(), count.unsigned_abs()),
        };
        left = left.checked_sub(rows).ok_or(DocumentError::TooLarge)?;
        for _ in 0..values {
            value(&mut column, rows / values)?;
        }
    }
    Ok(most - left)
}

/// How many flags there are: first how many are false, then how many true, and so on.
fn flags(mut column: Rest<'_>, most: u64) -> Result<u64, DocumentError> {
    let mut left = most;
    while !column.0.is_empty() {
        let rows = column.number(most)?;
        left = left.checked_sub(rows).ok_or(DocumentError::TooLarge)?;
    }
    Ok(most - left)
}

#[cfg(test)]
mod tests {
    use automerge::transaction::Transactable;
    use automerge::{AutoCommit, ObjType, ROOT};

    use super::super::change::decode;
    use super::*;

    /// A change chunk that says to set one key `rows` times to nothing.
    fn repeating(rows: u64) -> Vec<u8> {
        use sha2::{Digest, Sha256};
        let unsigned = |value: u64| {
            let mut bytes = Vec::new();
            write_leb128(&mut bytes, value);
            bytes
        };
        // One more group of seven bits, so that the sign is plain.
        let signed = |value: u64| {
            let mut bytes = unsigned(value);
            *bytes.last_mut().unwrap() |= 0x80;
            bytes.push(0);
            bytes
        };
        let run = |value: &[u8]| [signed(rows), value.to_vec()].concat();
        let columns = [
            (0x15, run(&[1, b'a'])),
            (0x34, unsigned(rows)),
            (0x42, run(&[1])),
            (0x56, run(&[0])),
            (0x70, run(&[0])),
        ];
        let mut body = vec![0, 16];
        body.extend([5; 16]);
        body.extend([1, 1, 0, 0, 0, 5]);
        for (kind, column) in &columns {
            body.push(*kind);
            body.extend(unsigned(column.len() as u64));
        }
        columns.iter().for_each(|(_, column)| body.extend(column));
        let hashed = [vec![1], unsigned(body.len() as u64), body].concat();
        let sum = Sha256::digest(&hashed);
        [&[0x85, 0x6f, 0x4a, 0x83], &sum[..4], &hashed].concat()
    }

    #[test]
    fn a_change_that_repeats_itself_beyond_bounds_is_refused_unread() {
        let read = decode(&repeating(1_000)).map(|change| change.len());
        assert!(matches!(read, Ok(1_000)), "{read:?}");
        for rows in [500_001, 1 << 40, 1 << 50] {
            let chunk = repeating(rows);
            assert!(chunk.len() < 100);
            assert!(matches!(decode(&chunk), Err(DocumentError::TooLarge)), "{rows}");
        }
    }

    #[test]
    fn what_people_write_is_measured_as_they_wrote_it() {
        let mut doc = AutoCommit::new();
        let body = doc.put_object(ROOT, "body", ObjType::Text).unwrap();
        let long = "楼道的灯坏了，老人夜里害怕。".repeat(1_000);
        doc.splice_text(&body, 0, 0, &long).unwrap();
        doc.put(ROOT, "consent", true).unwrap();
        doc.put(ROOT, "at", i64::MAX / 2).unwrap();
        doc.commit();
        doc.splice_text(&body, 3, 5_000, "甲乙").unwrap();
        doc.delete(ROOT, "consent").unwrap();
        doc.commit();
        for change in doc.get_changes(&[]) {
            let read = decode(change.raw_bytes()).map(|read| read.len());
            assert!(matches!(read, Ok(rows) if rows == change.len()), "{read:?}");
        }
    }
}
