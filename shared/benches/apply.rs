//! What a page of 200 documents costs a device: frames arrive, are read, and each document is worked out with its summary, up
//! to what would be stored.

// What a bench's helpers unwrap stops it, as it should.
#![allow(clippy::unwrap_used)]

mod made;

use std::collections::{BTreeMap, VecDeque};

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use lianxin_shared::document::pack;
use lianxin_shared::id::{DeviceId, DocId, Epoch};
use lianxin_shared::protocol::{Cursor, Down, FRAME_TARGET, Pull, Welcome, encode_frame};
use lianxin_shared::sync::{Held, Holdings, Input, Machine, Output, Position, Summary};

criterion_group!(benches, page);
criterion_main!(benches);

const DOCS: u64 = 200;
type Vault = BTreeMap<DocId, (Held, Summary)>;

fn page(c: &mut Criterion) {
    let mut documents: Vec<_> = (0..DOCS).map(made::suggestion).collect();
    let whole = documents.iter_mut().zip(0..).map(|(document, n)| Pull {
        doc: made::id(n),
        snapshot: Some(document.save().into()),
        changes: Vec::new().into(),
        heads: None,
        mac: vec![5; 16].into(),
    });
    let new = answer(whole.collect());
    let changed = documents.iter_mut().zip(0..).map(|(document, n)| {
        let before = made::edit(document, n + 1);
        let changes = pack(&document.changes_since(before.as_slice())).unwrap();
        Pull {
            doc: made::id(n),
            snapshot: None,
            changes: changes.into(),
            heads: None,
            mac: vec![5; 16].into(),
        }
    });
    let changed = answer(changed.collect());
    let mut held = Vault::new();
    arrive(&mut held, &new);

    let mut group = c.benchmark_group("apply");
    group.throughput(Throughput::Elements(DOCS)).sample_size(20);
    for (name, before, frames) in [
        ("200 new documents", Vault::new(), new),
        ("200 changed documents", held, changed),
    ] {
        group.bench_function(name, |b| {
            let before = || before.clone();
            b.iter_batched_ref(before, |vault| arrive(vault, &frames), BatchSize::PerIteration);
        });
    }
    group.finish();
}

/// The frames of an answer with these pulls.
fn answer(pulls: Vec<Pull>) -> Vec<Vec<u8>> {
    let channel = format!("station:{}", made::STATION);
    let welcome = Down::Welcome(Welcome {
        epoch: Epoch([1; 16]),
        channels: vec![channel.clone()],
    });
    let (mut messages, mut frames, mut size, mut seen) = (vec![welcome], Vec::new(), 0, 0);
    for pull in pulls {
        size += pull.snapshot.as_ref().map_or(0, |snapshot| snapshot.len()) + pull.changes.len();
        seen += 1;
        messages.push(Down::Pull(pull));
        if size >= FRAME_TARGET {
            let cursor = Cursor { have: 0, seen };
            messages.push(Down::Cursors([(channel.clone(), cursor)].into()));
            frames.push(encode_frame(&std::mem::take(&mut messages)));
            size = 0;
        }
    }
    let cursor = Cursor { have: seen, seen };
    messages.push(Down::Cursors([(channel.clone(), cursor)].into()));
    messages.push(Down::End {
        more: false,
        fingerprint: None,
    });
    frames.push(encode_frame(&messages));
    frames
}

/// One exchange of a device, whose vault is a map.
fn arrive(vault: &mut Vault, frames: &[Vec<u8>]) {
    let mut machine = Machine::new(DeviceId([1; 16]), Position::default(), Holdings::default());
    let mut inputs = VecDeque::from([Input::Wake]);
    let mut frames = frames.iter();
    let mut stored = 0;
    while let Some(input) = inputs
        .pop_front()
        .or_else(|| frames.next().map(|frame| Input::Chunk(frame.clone())))
    {
        for output in machine.handle(input) {
            match output {
                Output::Collect { .. } => inputs.push_back(Input::Collected {
                    work: Vec::new(),
                    more: false,
                }),
                Output::Commit(batch) => {
                    let held = batch.docs().into_iter();
                    let held = held.filter_map(|doc| Some((doc, vault.get(&doc)?.clone())));
                    let applied = batch.apply(held.collect());
                    stored += applied.put.len() as u64;
                    let put = applied.put.into_iter();
                    vault.extend(put.map(|(doc, held, summary)| (doc, (held, summary))));
                    inputs.push_back(Input::Committed {
                        gap: applied.gap,
                        turned: applied.turned,
                    });
                }
                _ => {}
            }
        }
    }
    assert_eq!(stored, DOCS, "something did not arrive");
}
