//! A text as what weighs most in it, in at most 253 bytes.

use std::cmp::Reverse;
use std::sync::Arc;

use super::words::{Reading, Word, read};

/// How many words a sketch holds.
const WORDS: usize = 63;
/// The way in which sketches are made. Raised with every change of what a word is, which ones count, or how much: sketches
/// of different ways cannot be compared.
const VERSION: u8 = 1;

/// The heaviest words of a text, by which texts are compared. It follows from the text alone, so server and tablet make the
/// same one, and it is kept instead of the text: [`Sketch::to_bytes`] has at most 253 bytes.
///
/// A word is named by 24 bits of a hash and has a weight of 8. Whoever has a dictionary can tell words from it: it is as
/// confidential as the text. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sketch {
    /// Key above, weight in the lowest byte; the heaviest first.
    words: Arc<[u32]>,
}

/// Why bytes are not a sketch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SketchError {
    /// Made in another way than this version's: to be made anew from the text.
    #[error("a sketch of another version")]
    Version,
    /// Never a sketch.
    #[error("not a sketch")]
    Shape,
}

impl Sketch {
    /// The sketch of a text, of which the first 20,000 characters are read. A text in which nothing weighs has an empty one.
    pub fn of(text: &str) -> Self {
        Self::of_reading(&read(text))
    }

    pub(super) fn of_reading(reading: &Reading) -> Self {
        // Key, place and emphasis in one number, by which they are in order: a key has 24 bits, a text 20,000 characters.
        let packed =
            |word: &Word| (u64::from(word.key) << 40) | ((word.from as u64) << 8) | u64::from(word.emphasis);
        let mut words: Vec<_> = reading.words.iter().map(packed).collect();
        words.sort_unstable();
        // Of equally heavy words those that come first in the text.
        let mut ranked: Vec<_> = words
            .chunk_by(|word, other| word >> 40 == other >> 40)
            .map(|same| {
                let count: u64 = same.iter().map(|word| word & 0xff).sum();
                // The most frequent first, of them the one that comes first.
                (Reverse(count), same[0] >> 8 & 0xffff_ffff, same[0] >> 40)
            })
            .collect();
        if ranked.len() > WORDS {
            ranked.select_nth_unstable(WORDS);
            ranked.truncate(WORDS);
        }
        ranked.sort_unstable();
        Self {
            words: ranked
                .into_iter()
                .map(|(Reverse(count), _, key)| (key as u32) << 8 | weight(count))
                .collect(),
        }
    }

    /// How alike two texts are: 0 to 100, see [`super`].
    pub fn likeness(&self, other: &Self) -> u8 {
        let dot = self
            .words()
            .filter_map(|(key, weight)| Some(weight * other.weight_of(key)?))
            .sum();
        score(cosine(dot, self.norm(), other.norm()))
    }

    /// The bytes that are kept.
    pub fn to_bytes(&self) -> Vec<u8> {
        let words = self.words.iter().flat_map(|word| word.to_le_bytes());
        std::iter::once(VERSION).chain(words).collect()
    }

    /// Reads what [`Sketch::to_bytes`] made.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SketchError> {
        let (version, words) = bytes.split_first().ok_or(SketchError::Shape)?;
        if *version != VERSION {
            return Err(SketchError::Version);
        }
        let (words, rest) = words.as_chunks::<4>();
        if !rest.is_empty() || words.len() > WORDS {
            return Err(SketchError::Shape);
        }
        Ok(Self {
            words: words.iter().map(|word| u32::from_le_bytes(*word)).collect(),
        })
    }

    /// Keys and weights.
    pub(super) fn words(&self) -> impl Iterator<Item = (u32, u32)> {
        self.words.iter().copied().map(parts)
    }

    /// The same where it lies, without a way there: for a walk through very many.
    pub(super) fn in_place(&self) -> InPlace {
        let mut words = [0; WORDS];
        for (place, word) in words.iter_mut().zip(self.words.iter()) {
            *place = *word;
        }
        InPlace {
            words,
            count: self.words.len().min(WORDS),
        }
    }

    fn weight_of(&self, key: u32) -> Option<u32> {
        weight_in(self.words(), key)
    }

    /// The squared length of its vector.
    pub(super) fn norm(&self) -> u32 {
        self.words().map(|(_, weight)| weight * weight).sum()
    }
}

/// A sketch's words without an allocation of their own.
#[derive(Debug, Clone)]
pub(super) struct InPlace {
    words: [u32; WORDS],
    count: usize,
}

impl InPlace {
    /// Keys and weights.
    pub(super) fn words(&self) -> impl Iterator<Item = (u32, u32)> {
        self.words[..self.count].iter().copied().map(parts)
    }
}

/// What a key weighs among words.
pub(super) fn weight_in(mut words: impl Iterator<Item = (u32, u32)>, key: u32) -> Option<u32> {
    words.find(|(other, _)| *other == key).map(|(_, weight)| weight)
}

/// A word's key and weight.
fn parts(word: u32) -> (u32, u32) {
    (word >> 8, word & 0xff)
}

/// The cosine of the angle between two vectors, from their product and squared lengths.
pub(super) fn cosine(dot: u32, a: u32, b: u32) -> f64 {
    if dot == 0 {
        return 0.0;
    }
    f64::from(dot) / (f64::from(a) * f64::from(b)).sqrt()
}

/// The cosine as people read it: its root, so that half of the scale stands for what is half alike at first sight.
pub(super) fn score(cosine: f64) -> u8 {
    // A cosine lies between 0 and 1, but for rounding.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let score = (100.0 * cosine.sqrt()).round() as u8;
    score.min(100)
}

/// A count's weight, 1 to 255: twice as often is not twice as heavy. The saturation of BM25, in whole numbers, so that it is
/// the same on every machine.
fn weight(count: u64) -> u32 {
    const HALF: u64 = 6;
    let weight = (255 * count + (count + HALF) / 2) / (count + HALF);
    u32::try_from(weight).unwrap_or(255)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sketch_outlives_its_bytes_and_is_small_whatever_the_text() {
        let long: String = ('\u{4e00}'..'\u{9fa5}').collect();
        for text in ["", "电", "三号楼电梯停了", &long, &long.repeat(3)] {
            let sketch = Sketch::of(text);
            let bytes = sketch.to_bytes();
            assert!(bytes.len() <= 253);
            assert_eq!(Sketch::from_bytes(&bytes), Ok(sketch));
        }
        assert_eq!(Sketch::of(&long).to_bytes().len(), 253);
    }

    #[test]
    fn what_is_no_sketch_is_refused() {
        let check = |bytes: &[u8], error| assert_eq!(Sketch::from_bytes(bytes), Err(error));
        check(&[], SketchError::Shape);
        check(&[VERSION, 1, 2, 3], SketchError::Shape);
        check(&[VERSION; 1 + 4 * 64], SketchError::Shape);
        check(&[VERSION + 1, 1, 2, 3, 4], SketchError::Version);
    }

    /// When this fails, [`VERSION`] is to be raised: kept sketches no longer compare with new ones.
    #[test]
    fn sketches_of_this_version_are_made_in_this_way() {
        let bytes = Sketch::of("梧桐苑三号楼的电梯停了，Wi-Fi也坏了。").to_bytes();
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            hex,
            "019906f841996d567955588c9e55f2c6ca556190f855799ec355f8381a5524c91555071046"
        );
    }

    #[test]
    fn what_is_said_more_often_weighs_more_and_never_too_much() {
        let weights = [1, 3, 9, 27, 1_000, u64::from(u32::MAX)].map(weight);
        assert_eq!(weights, [36, 85, 153, 209, 253, 255]);
    }
}
