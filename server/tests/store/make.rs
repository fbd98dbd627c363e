//! Writes and rows to store. A store reads no document, so any bytes will do for changes.

use std::collections::BTreeSet;

use lianxin_server::store::{Binding, Care, Change, Compaction, Row, Store, Write, Written};
use lianxin_shared::id::{ChangeHash, DeviceId, DocId, Heads, Moment};
use lianxin_shared::records::Value;
use lianxin_shared::search;
use sha2::{Digest, Sha256};

/// A document's id.
pub(crate) fn doc(n: u32) -> DocId {
    let mut id = [0; 16];
    id[..4].copy_from_slice(&n.to_be_bytes());
    DocId(id)
}

/// Somebody at a device.
pub(crate) fn by(user: &str, device: u8) -> Binding {
    Binding {
        user: user.parse().unwrap(),
        device: DeviceId([device; 16]),
    }
}

/// The change number `n` of a document.
pub(crate) fn change(doc: DocId, n: u64) -> Change {
    let digest = Sha256::new()
        .chain_update(doc.0)
        .chain_update(n.to_be_bytes())
        .finalize();
    Change {
        hash: ChangeHash(digest.into()),
        bytes: [&digest[..], &[0; 68]].concat(),
    }
}

/// The bytes of each change.
pub(crate) const CHANGE_BYTES: usize = 100;

/// One change of a document by `host1`, whose actor follows from the document.
pub(crate) fn write(doc: DocId, base: u64, channels: &[&str]) -> Write {
    growth(doc, base, 1, channels)
}

/// Several changes of a document.
pub(crate) fn growth(doc: DocId, base: u64, changes: u64, channels: &[&str]) -> Write {
    let changes: Vec<_> = (base..base + changes).map(|n| change(doc, n)).collect();
    Write {
        doc,
        base,
        heads: heads(doc, base + changes.len() as u64),
        version: base + changes.len() as u64,
        bytes: (CHANGE_BYTES * changes.len()) as u64,
        operations: 10 * changes.len() as u64,
        changes,
        actors: vec![doc.0.to_vec()],
        by: by("host1", 1),
        channels: channels.iter().map(|&channel| channel.to_owned()).collect(),
        row: None,
        compaction: None,
        at: Moment(1_000),
    }
}

/// The state of a document with so many changes.
pub(crate) fn heads(doc: DocId, version: u64) -> Heads {
    Heads::from_iter([change(doc, version - 1).hash])
}

/// The same write, with the first `version` changes as a snapshot.
pub(crate) fn compacting(write: Write, version: u64) -> Write {
    let compaction = Some(Compaction {
        version,
        snapshot: b"snapshot".to_vec(),
    });
    Write { compaction, ..write }
}

/// The same write, with a row, received at a moment.
pub(crate) fn listed(write: Write, row: Row, at: i64) -> Write {
    Write {
        row: Some(row),
        at: Moment(at),
        ..write
    }
}

/// A suggestion's row.
pub(crate) fn row(words: &str) -> Row {
    Row {
        kind: "suggestion".to_owned(),
        station: Some(doc(7_001)),
        owner: "host1".parse().unwrap(),
        created_at: Moment(500),
        when: Moment(600),
        state: "submitted".to_owned(),
        state_since: Some(Moment(700)),
        theme: Some(doc(8_001)),
        title: words.chars().take(10).collect(),
        excerpt: words.to_owned(),
        values: [
            ("body".to_owned(), Value::from(words)),
            ("reached".to_owned(), Value::Number(3)),
            ("urgent".to_owned(), Value::Flag(true)),
            ("participants".to_owned(), Value::List(vec!["委员甲".to_owned()])),
        ]
        .into(),
        number: None,
        receipt: None,
        care: Care {
            open: true,
            moved: Some(Moment(700)),
            ..Care::default()
        },
        words: search::normalize(words),
        links: BTreeSet::new(),
        files: BTreeSet::new(),
        credits: BTreeSet::new(),
        sketch: None,
    }
}

/// Stores one write; answers the channels that moved.
pub(crate) async fn put(store: &dyn Store, write: Write) -> Vec<String> {
    match store.commit(vec![write]).await.unwrap().remove(0) {
        Written::Done(mut moved) => {
            moved.sort();
            moved
        }
        Written::Stale => panic!("stale"),
    }
}
