//! What acceptance costs, over SQLite: judged, stored, and synced to the disk.

// What a bench's helpers unwrap stops it, as it should.
#![allow(clippy::unwrap_used)]

mod ground;
#[path = "../../shared/benches/made/mod.rs"]
mod made;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use lianxin_server::sync::{Changes, Submission};
use lianxin_shared::document::{Document, pack};

use ground::Ground;

criterion_group!(benches, new, edits);
criterion_main!(benches);

/// How many come together, as a frame of pushes has them.
const TOGETHER: u64 = 100;

fn new(c: &mut Criterion) {
    let ground = Ground::lay(0);
    let mut group = c.benchmark_group("accept");
    group.throughput(Throughput::Elements(TOGETHER)).sample_size(20);
    let mut next = 0;
    let mut made = || {
        next += TOGETHER;
        (next..next + TOGETHER).map(ground::whole).collect()
    };
    group.bench_function("100 new documents", |b| {
        b.iter_batched(
            &mut made,
            |submissions| ground.accept(submissions),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

fn edits(c: &mut Criterion) {
    // Many, so that none is edited so often that its length begins to tell.
    const DOCS: u64 = 2_000;
    let ground = Ground::lay(DOCS);
    let mut documents: Vec<_> = (0..DOCS).map(made::suggestion).collect();
    let mut group = c.benchmark_group("accept");
    group.throughput(Throughput::Elements(TOGETHER)).sample_size(20);
    let mut next = 0;
    let mut made = || {
        next += TOGETHER;
        (next..next + TOGETHER)
            .map(|n| edit(&mut documents[(n % DOCS) as usize], n % DOCS, n))
            .collect()
    };
    group.bench_function("100 edits", |b| {
        b.iter_batched(
            &mut made,
            |submissions| ground.accept(submissions),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

fn edit(document: &mut Document, doc: u64, seed: u64) -> Submission {
    let before = made::edit(document, seed);
    let changes = pack(&document.changes_since(before.as_slice())).unwrap();
    Submission {
        doc: made::id(doc),
        snapshot: Vec::new(),
        changes: Changes::Packed(changes),
        receipts: Vec::new(),
    }
}
