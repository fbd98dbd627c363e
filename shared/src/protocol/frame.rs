//! Frames: a few messages together, compressed as one, with a length and a checksum.
//!
//! ```text
//! length  u32 BE   bytes of the payload as it travels
//! check   u32 BE   CRC-32 (IEEE 802.3) of the payload as it travels
//! coding  u8       0: as it is, 1: deflate (RFC 1951)
//! payload          CBOR messages, one after the other
//! ```

use std::io::Read;

use flate2::Compression;
use flate2::read::{DeflateDecoder, DeflateEncoder};
use minicbor::{Decode, Decoder, Encode};

/// How many bytes of messages a writer puts into a frame before it starts the next: about half as many travel. One message
/// can be larger.
pub const FRAME_TARGET: usize = 32 * 1024;

/// The largest payload of a frame, as it travels and unpacked, in bytes.
pub const MAX_FRAME: usize = 4 * 1024 * 1024;

/// The largest request of an exchange as it travels, in bytes. A device collects no more than that at once before it is compressed.
pub const MAX_REQUEST: usize = 8 * 1024 * 1024;

const HEADER: usize = 9;

/// Why bytes are no frame.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// Larger than [`MAX_FRAME`].
    #[error("the frame is too large")]
    TooLarge,
    /// The checksum does not fit.
    #[error("the frame's checksum does not fit")]
    Checksum,
    /// A coding that this version does not know, or a payload that does not unpack.
    #[error("the frame does not unpack")]
    Coding,
    /// The payload holds something other than messages.
    #[error("no message in the frame: {0}")]
    Message(String),
    /// The bytes end within a frame.
    #[error("the frame is cut short")]
    Cut,
}

/// One frame with these messages.
pub fn encode_frame<T: Encode<()>>(messages: &[T]) -> Vec<u8> {
    let mut plain = Vec::new();
    for message in messages {
        // Writing to a Vec cannot fail, and our own encoders raise no errors.
        let Ok(()) = minicbor::encode(message, &mut plain) else {
            continue;
        };
    }
    let mut packed = Vec::with_capacity(plain.len() / 2 + HEADER);
    let shrunk = DeflateEncoder::new(&plain[..], Compression::new(6))
        .read_to_end(&mut packed)
        .is_ok_and(|n| n < plain.len());
    let (coding, payload) = if shrunk { (1, packed) } else { (0, plain) };
    let mut frame = Vec::with_capacity(HEADER + payload.len());
    frame.extend_from_slice(&u32::try_from(payload.len()).unwrap_or(u32::MAX).to_be_bytes());
    frame.extend_from_slice(&crc32fast::hash(&payload).to_be_bytes());
    frame.push(coding);
    frame.extend_from_slice(&payload);
    frame
}

/// Puts frames together again from bytes as they arrive.
#[derive(Debug, Default)]
pub struct FrameReader {
    buffer: Vec<u8>,
    read: usize,
}

impl FrameReader {
    /// More bytes have arrived.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.drain(..std::mem::take(&mut self.read));
        self.buffer.extend_from_slice(bytes);
    }

    /// The messages of the next frame, or nothing while it is not whole. After an error the reader is of no more use.
    pub fn next_frame<T: for<'b> Decode<'b, ()>>(&mut self) -> Result<Option<Vec<T>>, FrameError> {
        let bytes = &self.buffer[self.read..];
        let Some((header, rest)) = bytes.split_first_chunk::<HEADER>() else {
            return Ok(None);
        };
        let [l0, l1, l2, l3, c0, c1, c2, c3, coding] = *header;
        let length = u32::from_be_bytes([l0, l1, l2, l3]) as usize;
        if length > MAX_FRAME {
            return Err(FrameError::TooLarge);
        }
        let Some(payload) = rest.get(..length) else {
            return Ok(None);
        };
        if crc32fast::hash(payload) != u32::from_be_bytes([c0, c1, c2, c3]) {
            return Err(FrameError::Checksum);
        }
        let messages = match coding {
            0 => decode(payload)?,
            1 => decode(&inflate(payload)?)?,
            _ => return Err(FrameError::Coding),
        };
        self.read += HEADER + length;
        Ok(Some(messages))
    }

    /// Whether bytes of an unfinished frame are left: at the end of the stream, a cut.
    pub fn is_within_frame(&self) -> bool {
        self.read < self.buffer.len()
    }
}

fn inflate(payload: &[u8]) -> Result<Vec<u8>, FrameError> {
    let mut plain = Vec::new();
    let limit = MAX_FRAME as u64 + 1;
    DeflateDecoder::new(payload)
        .take(limit)
        .read_to_end(&mut plain)
        .map_err(|_| FrameError::Coding)?;
    if plain.len() > MAX_FRAME {
        Err(FrameError::TooLarge)
    } else {
        Ok(plain)
    }
}

fn decode<T: for<'b> Decode<'b, ()>>(plain: &[u8]) -> Result<Vec<T>, FrameError> {
    let mut decoder = Decoder::new(plain);
    let mut messages = Vec::new();
    while decoder.position() < plain.len() {
        messages.push(decoder.decode().map_err(|e| FrameError::Message(e.to_string()))?);
    }
    Ok(messages)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{DocId, Epoch};
    use crate::protocol::{Down, Push, Up, Welcome};
    use proptest::prelude::*;

    #[test]
    fn frames_come_together_from_single_bytes() {
        let messages = vec![
            Down::Welcome(Welcome {
                epoch: Epoch([1; 16]),
                channels: vec!["district".to_owned()],
            }),
            Down::Left {
                doc: DocId([2; 16]),
                erased: false,
            },
        ];
        let end = vec![Down::End {
            more: true,
            fingerprint: None,
        }];
        let bytes = [encode_frame(&messages), encode_frame(&end)].concat();
        let mut reader = FrameReader::default();
        let mut got = Vec::new();
        for byte in bytes {
            reader.push(&[byte]);
            while let Some(frame) = reader.next_frame::<Down>().unwrap() {
                got.push(frame);
            }
        }
        assert_eq!(got, [messages, end]);
        assert!(!reader.is_within_frame());
    }

    #[test]
    fn a_bomb_and_endless_nesting_are_errors() {
        let mut bomb = Vec::new();
        DeflateEncoder::new(&vec![0; MAX_FRAME + 10][..], Compression::best())
            .read_to_end(&mut bomb)
            .unwrap();
        for (coding, payload) in [
            (1, bomb),
            (0, vec![0x81; 100_000]),
            (0, vec![0x9f; 100_000]),
            (7, vec![]),
        ] {
            let mut reader = FrameReader::default();
            reader.push(&u32::try_from(payload.len()).unwrap().to_be_bytes());
            reader.push(&crc32fast::hash(&payload).to_be_bytes());
            reader.push(&[coding]);
            reader.push(&payload);
            assert!(reader.next_frame::<Up>().is_err());
        }
    }

    proptest! {
        #[test]
        fn what_goes_in_comes_out(doc: [u8; 16], snapshot: Option<Vec<u8>>, changes: Vec<u8>) {
            let push = Push { doc: DocId(doc), snapshot: snapshot.map(Into::into), changes: changes.into(), receipts: vec![] };
            let push = Up::Push(push);
            let mut reader = FrameReader::default();
            reader.push(&encode_frame(std::slice::from_ref(&push)));
            prop_assert_eq!(reader.next_frame::<Up>().unwrap(), Some(vec![push]));
        }

        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let mut reader = FrameReader::default();
            reader.push(&bytes);
            let _ = reader.next_frame::<Up>();
            let _ = decode::<Up>(&bytes);
            let _ = decode::<Down>(&bytes);
        }
    }
}
