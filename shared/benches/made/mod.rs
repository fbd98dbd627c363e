//! Records to measure with, as the fleet's: a line of 20 and a body of 400 Chinese characters, and two edits.

#![allow(dead_code, reason = "each bench takes what it needs")]

use lianxin_shared::document::{Actor, Author, Document};
use lianxin_shared::id::{DocId, Heads, Moment};
use lianxin_shared::records::{Envelope, Event, Value, Values};

/// The host who writes all of it.
pub(crate) fn author() -> Author {
    Author {
        user: "host1".parse().unwrap(),
        actor: Actor([9; 16]),
        at: Moment(1_790_000_000_000),
    }
}

/// The host's station.
pub(crate) const STATION: DocId = DocId([7; 16]);

/// The id of record `n`.
pub(crate) fn id(n: u64) -> DocId {
    let mut id = [1; 16];
    id[..8].copy_from_slice(&n.to_be_bytes());
    DocId(id)
}

/// Ideographs that follow from `seed`, evenly from 3,000 (SplitMix64: G. Steele, D. Lea, C. Flood, OOPSLA 2014).
pub(crate) fn hanzi(seed: u64, length: u64) -> String {
    let one = |n: u64| {
        let mut z = ((seed << 16) | n).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        char::from_u32(0x4e00 + ((z ^ (z >> 31)) % 3_000) as u32).unwrap()
    };
    (0..length).map(one).collect()
}

/// Record `n`, three changes.
pub(crate) fn suggestion(n: u64) -> Document {
    let author = author();
    let envelope = Envelope {
        schema: 1,
        kind: "suggestion".to_owned(),
        id: id(n),
        station: Some(STATION),
        owner: author.user.clone(),
        created_at: author.at,
        attachments: Vec::new(),
    };
    let theme = |n| Value::Text(DocId([n; 16]).to_string());
    let values = [
        ("location".to_owned(), Value::Text(hanzi(2 * n, 20))),
        ("body".to_owned(), Value::Text(hanzi(2 * n + 1, 400))),
        ("theme".to_owned(), theme(3)),
    ];
    let submit = Event::new("submit", &author.user, author.at);
    let mut document = Document::create(&envelope, &values.into(), &[submit], &author).unwrap();
    let base = document.heads();
    let values = [("theme".to_owned(), theme(4))];
    document.edit(&base, &values.into(), &[], &author).unwrap();
    edit(&mut document, n);
    document
}

/// Puts eight other characters for five in the middle of the body; answers the state before.
pub(crate) fn edit(document: &mut Document, seed: u64) -> Heads {
    let base = document.heads();
    let body: Vec<char> = document.record().unwrap().text("body").chars().collect();
    let (before, rest) = body.split_at(200);
    let body = before.iter().collect::<String>() + &hanzi(seed, 8) + &rest[5..].iter().collect::<String>();
    let values: Values = [("body".to_owned(), Value::Text(body))].into();
    document.edit(&base, &values, &[], &author()).unwrap();
    base
}
