//! Randomness that was passed in.

use std::convert::Infallible;

use hpke::rand_core::{TryCryptoRng, TryRng};
use sha2::{Digest, Sha256};

/// As many random bytes as are asked for, all following from 32 that the caller drew: SHA-256 over them and a counter.
pub(super) struct Chance {
    drawn: [u8; 32],
    block: u64,
}

impl Chance {
    pub(super) fn of(drawn: [u8; 32]) -> Self {
        Self { drawn, block: 0 }
    }

    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        let Ok(()) = self.try_fill_bytes(&mut bytes);
        bytes
    }
}

impl TryRng for Chance {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_be_bytes(self.bytes()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_be_bytes(self.bytes()))
    }

    fn try_fill_bytes(&mut self, into: &mut [u8]) -> Result<(), Infallible> {
        for part in into.chunks_mut(32) {
            let block = Sha256::new()
                .chain_update(self.drawn)
                .chain_update(self.block.to_be_bytes())
                .finalize();
            part.copy_from_slice(&block[..part.len()]);
            self.block += 1;
        }
        Ok(())
    }
}

impl TryCryptoRng for Chance {}
