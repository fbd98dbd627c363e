//! What the search for twins costs among 100,000 suggestions: `cargo bench -p lianxin-shared --bench twins`.
//!
//! The suggestions are put together from the sentences of the texts that `LIANXIN_TEXTS` names (the project's own few
//! otherwise), some characters changed for others of theirs: as long as the real ones and of the same words. The same
//! every time.

#![expect(clippy::expect_used, reason = "a benchmark that cannot read its texts stops")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use lianxin_shared::id::DocId;
use lianxin_shared::twins::{Sketch, Twins};

const HELD: u128 = 100_000;
const SOUGHT: u128 = 200;

/// Numbers that look drawn, the same every time (`SplitMix64`: Steele, Lea, Flood, OOPSLA 2014).
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end as u64) as usize
    }
}

/// What suggestions are made of.
struct Vocabulary {
    lengths: Vec<usize>,
    sentences: Vec<Vec<char>>,
    chars: Vec<char>,
}

impl Vocabulary {
    fn read() -> Self {
        let own = || concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/messages.jsonl").into();
        let path = std::env::var_os("LIANXIN_TEXTS").unwrap_or_else(own);
        let lines = std::fs::read_to_string(&path).expect("the texts can be read");
        let bodies: Vec<String> = lines
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("a message"))
            .map(|message| message["body"].as_str().expect("a body").to_owned())
            .collect();
        println!("{} texts of {}", bodies.len(), path.display());
        Self {
            lengths: bodies.iter().map(|body| body.chars().count()).collect(),
            sentences: bodies
                .iter()
                .flat_map(|body| body.split_inclusive(['。', '，', '！', '？']))
                .map(|sentence| sentence.chars().collect())
                .collect(),
            chars: bodies.iter().flat_map(|body| body.chars()).collect(),
        }
    }

    /// A suggestion; one in ten of its characters is another.
    fn suggestion(&self, draw: &mut Draw) -> String {
        let length = self.lengths[draw.below(self.lengths.len())];
        let mut text = Vec::new();
        while text.len() < length {
            text.extend(&self.sentences[draw.below(self.sentences.len())]);
        }
        text.truncate(length);
        for c in &mut text {
            if draw.below(10) == 0 {
                *c = self.chars[draw.below(self.chars.len())];
            }
        }
        text.into_iter().collect()
    }
}

fn id(n: u128) -> DocId {
    DocId(n.to_be_bytes())
}

fn twins(criterion: &mut Criterion) {
    let vocabulary = Vocabulary::read();
    let mut draw = Draw(1);
    let texts: Vec<String> = (0..HELD).map(|_| vocabulary.suggestion(&mut draw)).collect();
    let kept: Vec<Vec<u8>> = texts.iter().map(|text| Sketch::of(text).to_bytes()).collect();
    let bytes: usize = kept.iter().map(Vec::len).sum();
    println!(
        "{HELD} suggestions, {} bytes a sketch on average",
        bytes / kept.len()
    );

    let now = Instant::now();
    let mut twins = Twins::default();
    for (n, bytes) in (0..).zip(&kept) {
        twins.put(id(n), &Sketch::from_bytes(bytes).expect("a sketch"));
    }
    println!("read from their sketches in {:?}", now.elapsed());

    let sought: Vec<String> = (0..SOUGHT).map(|_| vocabulary.suggestion(&mut draw)).collect();
    let mut took: Vec<Duration> = sought
        .iter()
        .map(|text| {
            let once = || {
                let now = Instant::now();
                black_box(twins.likely(text, 5, |_| true));
                now.elapsed()
            };
            // The quickest of five: what others do on the machine is not measured.
            (0..5).map(|_| once()).min().unwrap_or_default()
        })
        .collect();
    took.sort();
    let at = |hundredth: usize| took[(took.len() - 1) * hundredth / 100];
    println!(
        "{SOUGHT} searches: p50 {:?}, p95 {:?}, longest {:?}",
        at(50),
        at(95),
        at(100)
    );

    let mut next = sought.iter().cycle();
    criterion.bench_function("search among 100,000", |bencher| {
        bencher.iter(|| twins.likely(next.next().map_or("", String::as_str), 5, |_| true));
    });
    criterion.bench_function("sketch of a suggestion", |bencher| {
        bencher.iter(|| Sketch::of(next.next().map_or("", String::as_str)));
    });
    let long = texts.concat().chars().take(20_000).collect::<String>();
    criterion.bench_function("sketch of 20,000 characters", |bencher| {
        bencher.iter(|| Sketch::of(&long));
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = twins
}
criterion_main!(benches);
