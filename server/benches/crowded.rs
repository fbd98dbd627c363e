//! What it costs to take one change of a document that many people have written in: 5,000 changes by 50 of them. Over SQLite,
//! synced to the disk.

// What a bench's helpers unwrap stops it, as it should.
#![allow(clippy::unwrap_used)]

mod ground;
#[path = "../../shared/benches/made/mod.rs"]
mod made;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use lianxin_server::sync::{Changes, Door, Submission};
use lianxin_shared::document::{Actor, Author, Document, pack};
use lianxin_shared::id::{DeviceId, Heads};
use lianxin_shared::records::{Value, Values};
use lianxin_shared::rules::{Principal, Role};

use ground::Ground;

criterion_group!(benches, crowded);
criterion_main!(benches);

const PEOPLE: u8 = 50;
const CHANGES: u64 = 100;

fn crowded(c: &mut Criterion) {
    let ground = Ground::lay(1);
    let mut document = made::suggestion(0);
    for person in 0..PEOPLE {
        let before = document.heads();
        for change in 0..CHANGES {
            write(&mut document, person, change);
        }
        let door = ground.app.door.clone();
        accept(&ground, &door, person, packed(&mut document, &before));
    }

    let mut group = c.benchmark_group("a change of a crowded document");
    group.sample_size(20);
    let mut change = 0;
    let mut next = || {
        change += 1;
        let before = document.heads();
        write(&mut document, 0, CHANGES + change);
        packed(&mut document, &before)
    };
    let door = ground.app.door.clone();
    accept(&ground, &door, 0, next());
    group.bench_function("at hand", |b| {
        b.iter_batched(
            &mut next,
            |submission| accept(&ground, &door, 0, submission),
            BatchSize::PerIteration,
        );
    });
    group.bench_function("opened anew", |b| {
        let app = &ground.app;
        let made = || {
            (
                Door::new(app.store.clone(), app.life.clone(), app.live.clone()),
                next(),
            )
        };
        b.iter_batched(
            made,
            |(door, submission)| accept(&ground, &door, 0, submission),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

/// One person's next change: five other characters, somewhere in the body.
fn write(document: &mut Document, person: u8, change: u64) {
    let base = document.heads();
    let body: Vec<char> = document.record().unwrap().text("body").chars().collect();
    let at = (u64::from(person) * 7 + change * 13) as usize % (body.len() - 5);
    let seed = u64::from(person) * 10_000 + change;
    let body: String = [
        body[..at].iter().collect(),
        made::hanzi(seed, 5),
        body[at + 5..].iter().collect(),
    ]
    .concat();
    let values: Values = [("body".to_owned(), Value::Text(body))].into();
    let author = Author {
        user: user(person).parse().unwrap(),
        actor: Actor([person + 100; 16]),
        ..made::author()
    };
    document.edit(&base, &values, &[], &author).unwrap();
}

fn packed(document: &mut Document, before: &Heads) -> Submission {
    Submission {
        doc: made::id(0),
        snapshot: Vec::new(),
        changes: Changes::Packed(pack(&document.changes_since(before.as_slice())).unwrap()),
        receipts: Vec::new(),
    }
}

fn accept(ground: &Ground, door: &Door, person: u8, submission: Submission) {
    let host = Principal {
        hosts: [made::STATION].into(),
        ..Principal::new(user(person).parse().unwrap(), [Role::Host])
    };
    ground.accept_at(door, &host, DeviceId([person; 16]), vec![submission]);
}

fn user(person: u8) -> String {
    format!("host{}", u32::from(person) + 1)
}
