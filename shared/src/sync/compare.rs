//! Comparing what two sides hold without naming what they hold alike: range-based set reconciliation (A. Meyer,
//! "Range-Based Set Reconciliation", SRDS 2023) by the negentropy protocol V1. A difference of a few hundred among ten
//! thousand documents takes two or three rounds and some tens of kilobytes.

use std::collections::BTreeSet;

use negentropy::{Id, Negentropy, NegentropyStorageVector};

use super::Fingerprint;
use crate::id::{DocId, Heads};

/// The most bytes of a message.
const MAX_MESSAGE: u64 = 60_000;

/// Why a message makes no sense.
#[derive(Debug, thiserror::Error)]
#[error("no message of a comparison: {0}")]
pub struct CompareError(#[from] negentropy::Error);

/// What stands for a document in a state: its id, then its [`Fingerprint`]. The id is in the hash as well, since the protocol adds items up: two documents that had swapped their states would
/// come to the same sum. The timestamp of the protocol is 0 throughout.
pub fn item(doc: DocId, heads: &Heads) -> [u8; 32] {
    let mut item = [0; 32];
    item[..16].copy_from_slice(&doc.0);
    item[16..].copy_from_slice(&Fingerprint::of(doc, heads).bytes());
    item
}

/// The side that asks.
#[derive(Debug)]
pub struct Comparison {
    negentropy: Negentropy<'static, NegentropyStorageVector>,
    /// Documents that are here in a state in which they are not there.
    pub here: BTreeSet<DocId>,
    /// Documents that are there in a state in which they are not here.
    pub there: BTreeSet<DocId>,
}

impl Comparison {
    /// Begins, with the first question.
    pub fn begin(states: &[(DocId, Heads)]) -> Result<(Self, Vec<u8>), CompareError> {
        let mut negentropy = over(states)?;
        let question = negentropy.initiate()?;
        let comparison = Self {
            negentropy,
            here: BTreeSet::new(),
            there: BTreeSet::new(),
        };
        Ok((comparison, question))
    }

    /// Takes an answer. The next question, or nothing when all differences are found.
    pub fn hear(&mut self, answer: &[u8]) -> Result<Option<Vec<u8>>, CompareError> {
        let (mut here, mut there) = (Vec::new(), Vec::new());
        let next = self
            .negentropy
            .reconcile_with_ids(answer, &mut here, &mut there)?;
        self.here.extend(here.iter().map(doc));
        self.there.extend(there.iter().map(doc));
        Ok(next)
    }
}

/// The side that answers; it remembers nothing between questions.
pub fn answer(states: &[(DocId, Heads)], question: &[u8]) -> Result<Vec<u8>, CompareError> {
    Ok(over(states)?.reconcile(question)?)
}

fn over(
    states: &[(DocId, Heads)],
) -> Result<Negentropy<'static, NegentropyStorageVector>, negentropy::Error> {
    let mut items = NegentropyStorageVector::with_capacity(states.len());
    for (doc, heads) in states {
        items.insert(0, Id::from_byte_array(item(*doc, heads)))?;
    }
    items.seal()?;
    Negentropy::owned(items, MAX_MESSAGE)
}

fn doc(id: &Id) -> DocId {
    let mut doc = [0; 16];
    doc.copy_from_slice(&id.as_bytes()[..16]);
    DocId(doc)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::ChangeHash;
    use proptest::prelude::*;

    fn state(doc: u16, head: u8) -> (DocId, Heads) {
        let mut id = [0; 16];
        id[3..5].copy_from_slice(&doc.to_be_bytes());
        (DocId(id), [ChangeHash([head; 32])].into_iter().collect())
    }

    proptest! {
        #[test]
        fn exactly_the_differences_are_found(
            all in prop::collection::btree_map(0..2_000u16, (0..20u8, 0..20u8), 0..600),
        ) {
            // 0: not on that side.
            let side = |pick: fn(&(u8, u8)) -> u8| -> Vec<_> {
                let held = all.iter().filter(|(_, heads)| pick(heads) > 0);
                held.map(|(doc, heads)| state(*doc, pick(heads).div_ceil(18))).collect()
            };
            let (ours, theirs) = (side(|heads| heads.0), side(|heads| heads.1));
            let (mut comparison, mut question) = Comparison::begin(&ours).unwrap();
            let mut rounds = 0;
            while let Some(next) = comparison.hear(&answer(&theirs, &question).unwrap()).unwrap() {
                question = next;
                rounds += 1;
                prop_assert!(rounds < 10);
            }
            let differ = |a: &[(DocId, Heads)], b: &[(DocId, Heads)]| -> BTreeSet<DocId> {
                a.iter().filter(|state| !b.contains(state)).map(|(doc, _)| *doc).collect()
            };
            prop_assert_eq!(comparison.here, differ(&ours, &theirs));
            prop_assert_eq!(comparison.there, differ(&theirs, &ours));
        }

        #[test]
        fn no_message_makes_it_panic(message: Vec<u8>, docs in 0..100u16) {
            let states: Vec<_> = (0..docs).map(|doc| state(doc, 1)).collect();
            let _ = answer(&states, &message);
            let (mut comparison, _) = Comparison::begin(&states).unwrap();
            let _ = comparison.hear(&message);
        }
    }
}
