//! Pushes, sealed and signed.

use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{
    Deserializable, Kem, OpModeR, OpModeS, Serializable, single_shot_open, single_shot_seal_with_rng,
};
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use sha2::{Digest, Sha256};

use super::chance::Chance;
use super::keys::{DeviceKey, Opener, ServerKey, Signer};
use super::parcel::MAX_PARCEL;
use crate::hex;
use crate::protocol::{FrameReader, Push, Up, encode_frame};

/// The version of the envelope. Another is an error.
const VERSION: u32 = 1;

/// Keeps what is sealed and signed here apart from all else that these kinds of keys are used for.
const LABEL: &[u8] = b"lianxin handover 1";

type Encapsulated = <X25519HkdfSha256 as Kem>::EncappedKey;

/// Work of one vault: sealed by HPKE (RFC 9180; base mode, X25519, HKDF-SHA256, AES-256-GCM) to the server's key, signed by
/// Ed25519 (RFC 8032). Whoever carries it sees its size, how many records it speaks of, and by which key; whose key that is
/// only the server knows.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Envelope {
    #[n(0)]
    version: u32,
    /// By which key it is signed.
    #[n(1)]
    pub device: DeviceKey,
    /// How many records are in it, as whoever sealed it counts them: told to whoever carries it.
    #[n(2)]
    pub records: u32,
    #[n(3)]
    encapsulated: ByteVec,
    #[n(4)]
    sealed: ByteVec,
    #[n(5)]
    signature: ByteVec,
}

/// Why there is no envelope, or nothing comes out of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// The server's key is none.
    #[error("no key of a server's")]
    Key,
    /// More than a parcel holds.
    #[error("too large")]
    TooLarge,
    /// A foreign version.
    #[error("another version")]
    Version,
    /// Not signed by its key, or altered since.
    #[error("the signature does not fit")]
    Signature,
    /// Sealed to another server.
    #[error("sealed to another key")]
    Foreign,
    /// It opens, and something other than pushes is in it.
    #[error("no work in it")]
    Content,
}

impl Envelope {
    /// Seals pushes to a server. `drawn` are 32 random bytes that are used for nothing else.
    pub fn seal(
        pushes: Vec<Push>,
        records: u32,
        signer: &Signer,
        to: &ServerKey,
        drawn: [u8; 32],
    ) -> Result<Self, EnvelopeError> {
        let pushes: Vec<_> = pushes.into_iter().map(Up::Push).collect();
        let frame = encode_frame(&pushes);
        if frame.len() > MAX_PARCEL - 2 * ROOM {
            return Err(EnvelopeError::TooLarge);
        }
        let device = signer.key();
        let (encapsulated, sealed) = single_shot_seal_with_rng::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
            &OpModeS::Base,
            &to.point().ok_or(EnvelopeError::Key)?,
            LABEL,
            &frame,
            &beside(&device, records),
            &mut Chance::of(drawn),
        )
        .map_err(|_| EnvelopeError::Key)?;
        let mut envelope = Self {
            version: VERSION,
            device,
            records,
            encapsulated: encapsulated.to_bytes().to_vec().into(),
            sealed: sealed.into(),
            signature: Vec::new().into(),
        };
        envelope.sign(signer);
        Ok(envelope)
    }

    pub(super) fn sign(&mut self, signer: &Signer) {
        self.signature = signer.sign(&self.signed()).to_vec().into();
    }

    /// What is in it, if it is whole, signed by its key and sealed to this server. Whether that key may write is the caller's
    /// to know.
    pub fn open(&self, opener: &Opener) -> Result<Vec<Push>, EnvelopeError> {
        if self.version != VERSION {
            return Err(EnvelopeError::Version);
        }
        if !self.device.has_signed(&self.signed(), &self.signature) {
            return Err(EnvelopeError::Signature);
        }
        let foreign = |_| EnvelopeError::Foreign;
        let frame = single_shot_open::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
            &OpModeR::Base,
            &opener.0,
            &Encapsulated::from_bytes(&self.encapsulated).map_err(foreign)?,
            LABEL,
            &self.sealed,
            &beside(&self.device, self.records),
        )
        .map_err(foreign)?;
        let mut reader = FrameReader::default();
        reader.push(&frame);
        let messages = reader.next_frame::<Up>().map_err(|_| EnvelopeError::Content)?;
        let messages = messages.filter(|_| !reader.is_within_frame());
        let pushes = messages.ok_or(EnvelopeError::Content)?.into_iter();
        pushes
            .map(|message| match message {
                Up::Push(push) => Ok(push),
                _ => Err(EnvelopeError::Content),
            })
            .collect()
    }

    /// A name that tells it from every other: the first 16 bytes of SHA-256 over what is signed, in hexadecimal.
    pub fn name(&self) -> String {
        let digest = Sha256::digest(self.signed());
        hex::written(&digest[..16])
    }

    /// How many bytes it takes, at most.
    pub fn size(&self) -> usize {
        ROOM + self.encapsulated.len() + self.sealed.len() + self.signature.len()
    }

    /// What is signed: each part of a fixed length but the last.
    fn signed(&self) -> Vec<u8> {
        [
            LABEL,
            &beside(&self.device, self.records),
            &u32::try_from(self.encapsulated.len())
                .unwrap_or(u32::MAX)
                .to_be_bytes(),
            &self.encapsulated,
            &self.sealed,
        ]
        .concat()
    }
}

/// What an envelope takes beside its three lists of bytes, at most, in bytes.
const ROOM: usize = 256;

/// What is not sealed, and sealed with it all the same: nobody takes the seal over under another key.
fn beside(device: &DeviceKey, records: u32) -> Vec<u8> {
    [&device.0[..], &records.to_be_bytes()].concat()
}
