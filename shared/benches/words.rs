//! What search costs: a record's words for the index, and looking through all that a tablet holds.

// What a bench's helpers unwrap stops it, as it should.
#![allow(clippy::unwrap_used)]

mod made;

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use lianxin_shared::search::{matches, normalize, tokens};

criterion_group!(benches, index, look_through);
criterion_main!(benches);

fn index(c: &mut Criterion) {
    let mut group = c.benchmark_group("words");
    group.throughput(Throughput::Elements(1));
    let body = made::hanzi(1, 400);
    group.bench_function("of one record", |b| b.iter(|| tokens(black_box(&body))));
    group.finish();
}

fn look_through(c: &mut Criterion) {
    let mut group = c.benchmark_group("words");
    let texts: Vec<_> = (0..10_000).map(|n| normalize(&made::hanzi(n, 400))).collect();
    group.throughput(Throughput::Elements(texts.len() as u64));
    group.sample_size(20);
    group.bench_function("looked for in 10,000 texts", |b| {
        // Two characters that stand in the middle of one of them.
        let query = texts[5_000].chars().skip(200).take(2).collect::<String>();
        let found = || texts.iter().filter(|text| matches(text, &query)).count();
        b.iter_batched(|| (), |()| found(), BatchSize::PerIteration);
    });
    group.finish();
}
