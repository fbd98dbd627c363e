use proptest::prelude::*;

use super::pieces::{self, PieceError, Pieces};
use super::*;
use crate::id::DocId;
use crate::protocol::Push;

fn signer() -> Signer {
    Signer::of(&[1; 32])
}

fn opener() -> Opener {
    Opener::of(&[2; 32])
}

fn push(doc: u8, changes: &[u8]) -> Push {
    Push {
        doc: DocId([doc; 16]),
        snapshot: None,
        changes: changes.to_vec().into(),
        receipts: Vec::new(),
    }
}

fn envelope(changes: &[u8]) -> Envelope {
    let pushes = vec![push(1, changes), push(2, b"more")];
    Envelope::seal(pushes, 2, &signer(), &opener().key(), [3; 32]).unwrap()
}

#[test]
fn the_server_that_it_is_sealed_to_opens_it_and_no_other() {
    let envelope = envelope(b"changes");
    assert_eq!(
        envelope.open(&opener()).unwrap(),
        [push(1, b"changes"), push(2, b"more")]
    );
    assert_eq!(envelope.open(&Opener::of(&[4; 32])), Err(EnvelopeError::Foreign));
}

#[test]
fn nobody_takes_over_what_somebody_else_sealed() {
    // The seal of one under the name of another, properly signed.
    let taken = {
        let theirs = envelope(b"changes");
        let bytes = parcel::write(&[theirs]);
        let from = signer().key().0;
        let to = Signer::of(&[9; 32]);
        let at = bytes.windows(32).position(|window| window == from).unwrap();
        let mut bytes = bytes;
        bytes[at..at + 32].copy_from_slice(&to.key().0);
        let mut taken = parcel::read(&bytes).unwrap().remove(0);
        taken.sign(&to);
        taken
    };
    assert_eq!(taken.open(&opener()), Err(EnvelopeError::Foreign));
}

#[test]
fn other_chances_make_other_seals() {
    let pushes = || vec![push(1, b"changes")];
    let seal = |drawn| Envelope::seal(pushes(), 1, &signer(), &opener().key(), drawn).unwrap();
    assert_ne!(seal([1; 32]), seal([2; 32]));
}

#[test]
fn what_a_parcel_does_not_hold_is_not_sealed() {
    // Bytes that nothing compresses.
    let mut noise = vec![0_u8; parcel::MAX_PARCEL];
    let mut state = 1_u32;
    for byte in &mut noise {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *byte = state.to_be_bytes()[0];
    }
    let sealed = Envelope::seal(vec![push(1, &noise)], 1, &signer(), &opener().key(), [3; 32]);
    assert_eq!(sealed, Err(EnvelopeError::TooLarge));
}

#[test]
fn a_request_takes_as_many_as_it_may() {
    let many = vec![envelope(b"changes"); parcel::MAX_ENVELOPES + 1];
    assert_eq!(parcel::fitting(&many), parcel::MAX_ENVELOPES);
    assert_eq!(parcel::fitting(&[]), 0);
}

#[test]
fn pieces_of_another_parcel_begin_anew_and_other_codes_are_strange() {
    let (one, two) = (vec![1; 1_000], vec![2; 1_000]);
    let mut pieces = Pieces::default();
    let cut = |parcel: &[u8]| pieces::cut(parcel).unwrap();
    assert_eq!(pieces.add(&cut(&one)[0]), Ok(None));
    assert_eq!(pieces.add(&cut(&one)[1]), Ok(None));
    assert_eq!(pieces.add(&cut(&two)[0]), Ok(None));
    assert_eq!((pieces.here(), pieces.of()), (1, 3));
    for text in [
        "",
        "LX",
        "https://example.org/",
        "LX/0/3/0123456789ABCDEF/00",
        "LX/1/99/0123456789ABCDEF/00",
    ] {
        assert_eq!(pieces.add(text), Err(PieceError::Strange), "{text}");
    }
    let other = cut(&one)[2].replacen(&cut(&one)[2][7..23], &cut(&two)[2][7..23], 1);
    assert_eq!(pieces.add(&cut(&two)[1]), Ok(None));
    assert_eq!(pieces.add(&other), Err(PieceError::Damaged));
    assert_eq!(pieces::cut(&vec![0; pieces::MAX_SHOWN + 1]), None);
    assert_eq!(pieces::cut(&[]), None);
}

proptest! {
    #[test]
    fn what_goes_in_comes_out(changes: Vec<u8>, records: u32, drawn: [u8; 32]) {
        let pushes = vec![push(1, &changes)];
        let sealed = Envelope::seal(pushes.clone(), records, &signer(), &opener().key(), drawn).unwrap();
        let read = parcel::read(&parcel::write(&[sealed.clone(), sealed])).unwrap();
        prop_assert_eq!(read.len(), 2);
        prop_assert_eq!(read[1].records, records);
        prop_assert_eq!(read[1].open(&opener()).unwrap(), pushes);
    }

    #[test]
    fn one_altered_bit_and_it_does_not_open(changes: Vec<u8>, at: prop::sample::Index, bit in 0..8_u8) {
        let mut bytes = parcel::write(&[envelope(&changes)]);
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let opened = parcel::read(&bytes).map(|read| read.iter().map(|one| one.open(&opener())).collect::<Vec<_>>());
        prop_assert!(opened.is_err() || opened.iter().flatten().all(Result::is_err));
    }

    #[test]
    fn a_parcel_that_is_cut_is_none(changes: Vec<u8>, at: prop::sample::Index) {
        let bytes = parcel::write(&[envelope(&changes)]);
        prop_assert!(parcel::read(&bytes[..at.index(bytes.len())]).is_err());
    }

    #[test]
    fn no_bytes_make_it_panic(bytes: Vec<u8>, text: String) {
        if let Ok(read) = parcel::read(&bytes) {
            read.iter().for_each(|one| drop(one.open(&opener())));
        }
        prop_assert!(Pieces::default().add(&text).is_err());
    }

    #[test]
    fn pieces_come_together_in_any_order(
        parcel in prop::collection::vec(any::<u8>(), 1..5_000),
        order in prop::collection::vec(any::<prop::sample::Index>(), 0..40),
    ) {
        let cut = pieces::cut(&parcel).unwrap();
        let mut pieces = Pieces::default();
        let mut whole = None;
        for n in order.iter().map(|index| index.index(cut.len())).chain(0..cut.len()).collect::<Vec<_>>() {
            whole = whole.or(pieces.add(&cut[n]).unwrap());
        }
        prop_assert_eq!(whole, Some(parcel));
        prop_assert!(cut.iter().all(|piece| piece.len() < 656), "a code of version 16 holds no more");
    }
}
