use std::io::Write;
use std::sync::LazyLock;

use automerge::sync::MessageVersion;
use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjType, ROOT};
use flate2::Compression;
use flate2::write::DeflateEncoder;
use proptest::prelude::*;

use super::super::measure::write_leb128;
use super::*;

/// A replica at the other end, as a stock client keeps it.
struct Client {
    document: AutoCommit,
    state: State,
}

impl Client {
    fn new(words: &str) -> Self {
        let mut document = AutoCommit::new();
        let body = document.put_object(ROOT, "body", ObjType::Text).unwrap();
        document.splice_text(&body, 0, 0, words).unwrap();
        document.commit();
        Self {
            document,
            state: State::new(),
        }
    }

    fn says(&mut self) -> Option<Message> {
        self.document.sync().generate_sync_message(&mut self.state)
    }

    fn hears(&mut self, message: &[u8]) {
        let message = Message::decode(message).unwrap();
        self.document
            .sync()
            .receive_sync_message(&mut self.state, message)
            .unwrap();
    }
}

/// Lets both talk until both are silent; answers the changes that came and how many messages it took. `alter` has its hand in
/// what the client says.
fn talk(
    client: &mut Client,
    peer: &mut Peer,
    document: &mut Document,
    alter: impl Fn(Message) -> Message,
) -> (Vec<Vec<u8>>, usize) {
    let (mut came, mut messages) = (Vec::new(), 0);
    loop {
        let said = client.says();
        let silent = said.is_none();
        if let Some(message) = said {
            messages += 1;
            came.extend(peer.receive(document, &alter(message).encode()).unwrap());
        }
        match peer.generate(document) {
            Some(message) => client.hears(&message),
            None if silent => return (came, messages),
            None => {}
        }
        assert!(messages < 20, "no end");
    }
}

/// The change chunk in its compressed form.
fn deflated(chunk: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body(&chunk[9..])).unwrap();
    compressed_chunk(&chunk[..8], &encoder.finish().unwrap())
}

/// What follows the length.
fn body(bytes: &[u8]) -> &[u8] {
    let mut rest = Rest(bytes);
    rest.number(u64::MAX).unwrap();
    rest.0
}

fn compressed_chunk(head: &[u8], body: &[u8]) -> Vec<u8> {
    let mut chunk = head.to_vec();
    chunk.push(2);
    write_leb128(&mut chunk, body.len() as u64);
    chunk.extend(body);
    chunk
}

fn compressing(mut message: Message) -> Message {
    message.changes = message.changes.iter().map(deflated).collect::<Vec<_>>().into();
    message
}

#[test]
fn both_ends_come_to_one_state_and_to_rest() {
    for alter in [|m| m, compressing as fn(Message) -> Message] {
        let mut client = Client::new(&"楼道的灯坏了。".repeat(60));
        let (mut peer, mut document) = (Peer::default(), Document::empty());
        let (came, messages) = talk(&mut client, &mut peer, &mut document, alter);
        assert_eq!(came.len(), 1);
        assert!(messages <= 3, "{messages}");
        assert_eq!(document.0.get_heads(), client.document.get_heads());

        document.0.put(ROOT, "location", "三号楼").unwrap();
        talk(&mut client, &mut peer, &mut document, alter);
        assert_eq!(document.0.get_heads(), client.document.get_heads());
    }
}

#[test]
fn a_whole_document_in_one_piece_is_never_asked_for_and_not_taken() {
    let mut client = Client::new("楼道的灯坏了。");
    let (mut peer, mut document) = (Peer::default(), Document::empty());
    let other = Client::new("").document.save();
    talk(&mut client, &mut peer, &mut document, |message| {
        assert!(message.changes.iter().all(|chunk| chunk[8] == 1));
        message
    });
    let mut message = Client::new("").says().unwrap();
    message.changes = vec![other].into();
    let refused = peer.receive(&mut document, &message.clone().encode());
    assert!(matches!(refused, Err(DocumentError::Corrupt(_))));
    message.version = MessageVersion::V2;
    assert!(matches!(
        Peer::default().receive(&mut document, &message.encode()),
        Err(DocumentError::Corrupt(_))
    ));
}

#[test]
fn a_change_that_comes_before_what_it_builds_on_waits_for_it() {
    let mut client = Client::new("楼道的灯坏了。");
    let first = client.document.get_changes(&[])[0].raw_bytes().to_vec();
    client.document.put(ROOT, "location", "三号楼").unwrap();
    client.document.commit();
    let second = client.document.get_changes(&[])[1].raw_bytes().to_vec();

    let mut document = Document::empty();
    document.lay_over(std::slice::from_ref(&second)).unwrap();
    assert!(document.heads().is_empty());
    assert_eq!(document.lacking(vec![second.clone()]).len(), 1);
    document.lay_over(std::slice::from_ref(&first)).unwrap();
    assert_eq!(document.0.get_heads(), client.document.get_heads());
    assert!(document.lacking(vec![first, second]).is_empty());
}

#[test]
fn what_inflates_without_end_is_given_up() {
    let change = Client::new("").document.get_changes(&[])[0].raw_bytes().to_vec();
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    let zeros = vec![0; 1 << 20];
    for _ in 0..64 {
        encoder.write_all(&zeros).unwrap();
    }
    let bomb = compressed_chunk(&change[..8], &encoder.finish().unwrap());
    assert!(bomb.len() < 100_000);
    assert!(matches!(
        uncompressed(&bomb, MAX_BYTES),
        Err(DocumentError::TooLarge)
    ));
    let mut tail = deflated(&change)[9..].to_vec();
    tail.push(0);
    let tail = compressed_chunk(&change[..8], body(&tail));
    assert!(matches!(
        uncompressed(&tail, MAX_BYTES),
        Err(DocumentError::Corrupt(_))
    ));
}

#[test]
fn counts_and_filters_beyond_bounds_are_refused_unread() {
    let hashes = |count: u8| [&[count][..], &vec![7; usize::from(count) * 32]].concat();
    let message = |have: &[u8], after: &[u8]| {
        let filter = [&[0, have.len() as u8], have].concat();
        [&[FIRST_VERSION][..], &hashes(1), &hashes(0), &[1], &filter, after].concat()
    };
    let receive = |message: &[u8]| Peer::default().receive(&mut Document::empty(), message);
    assert!(receive(&message(&[], &[0])).is_ok());
    // One entry of no bits; one entry with 2^28 probes; more changes than are taken; chunks that are cut off.
    for (have, after) in [
        (&[1, 0, 7][..], &[0][..]),
        (&[1, 10, 0x80, 0x80, 0x80, 0x80, 1, 0, 0], &[0]),
        (&[], &[0xff, 0xff, 0xff, 0xff, 0x7f]),
        (&[], &[2, 1]),
    ] {
        assert!(receive(&message(have, after)).is_err(), "{have:?} {after:?}");
    }
}

/// Messages as a stock client sends them, with changes and without.
static RECORDED: LazyLock<Vec<Vec<u8>>> = LazyLock::new(recorded);

fn recorded() -> Vec<Vec<u8>> {
    let mut client = Client::new("楼道的灯坏了。");
    let (mut peer, mut document) = (Peer::default(), Document::empty());
    let said = std::cell::RefCell::new(Vec::new());
    talk(&mut client, &mut peer, &mut document, |message| {
        said.borrow_mut().push(message.clone().encode());
        said.borrow_mut().push(compressing(message.clone()).encode());
        message
    });
    said.into_inner()
}

proptest! {
    #[test]
    fn noise_is_an_error_and_nothing_worse(noise in proptest::collection::vec(any::<u8>(), 0..400)) {
        let mut message = vec![FIRST_VERSION];
        message.extend(&noise);
        for bytes in [&noise, &message] {
            let (mut peer, mut document) = (Peer::default(), Document::empty());
            if peer.receive(&mut document, bytes).is_ok() {
                peer.generate(&mut document);
            }
        }
    }

    #[test]
    fn damaged_messages_are_errors_and_nothing_worse(
        which in any::<prop::sample::Index>(),
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut message = which.get(&RECORDED).clone();
        for (place, byte) in damage {
            let place = place.index(message.len());
            message[place] = byte;
        }
        let cut = &message[..cut.index(message.len() + 1)];
        for bytes in [&message[..], cut] {
            let (mut peer, mut document) = (Peer::default(), Document(Client::new("路灯").document));
            if peer.receive(&mut document, bytes).is_ok() {
                peer.generate(&mut document);
            }
        }
    }
}
