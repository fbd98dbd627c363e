//! What it costs to find words among 10,000 records, in the index over SQLite.

// What a bench's helpers unwrap stops it, as it should.
#![allow(clippy::unwrap_used)]

mod ground;
#[path = "../../shared/benches/made/mod.rs"]
mod made;

use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use lianxin_server::store::Filter;
use lianxin_shared::search::tokens;

use ground::Ground;

criterion_group!(benches, find);
criterion_main!(benches);

fn find(c: &mut Criterion) {
    const DOCS: u64 = 10_000;
    let ground = Ground::lay(DOCS);
    let mut group = c.benchmark_group("search");
    // The words of what has just been accepted go into the index while nobody writes.
    group.warm_up_time(Duration::from_secs(20)).sample_size(20);
    let record = made::suggestion(DOCS / 2).record().unwrap();
    for (name, length) in [
        ("one character", 1),
        ("two characters", 2),
        ("four characters", 4),
    ] {
        let words: String = record.text("body").chars().skip(100).take(length).collect();
        let filter = Filter {
            tokens: tokens(&words),
            ..Filter::default()
        };
        group.bench_function(name, |b| {
            b.iter(|| {
                let found = ground.app.store.records(filter.clone(), None, 50);
                ground.runtime.block_on(found).unwrap()
            });
        });
    }
    group.finish();
}
