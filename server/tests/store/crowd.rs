//! Many at once, on several nodes where there can be any.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use lianxin_server::store::{Store, Write, Written};
use lianxin_shared::id::DocId;
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::Database;
use crate::make::{by, doc, listed, row, write};

const WRITERS: u32 = 8;

/// How long a crowd may take before something waits for ever.
const PATIENCE: Duration = Duration::from_secs(60);

async fn all<T: Send + 'static>(mut tasks: JoinSet<T>) -> Vec<T> {
    let mut outcomes = Vec::new();
    let joined = timeout(PATIENCE, async {
        while let Some(outcome) = tasks.join_next().await {
            outcomes.push(outcome.unwrap());
        }
    });
    joined.await.expect("they wait for each other");
    outcomes
}

pub(crate) async fn one_writer_wins_each_base(db: &dyn Database) {
    const ROUNDS: u64 = 10;
    let nodes = [db.open().await, db.open().await];
    let mut tasks = JoinSet::new();
    for writer in 0..WRITERS {
        let store = nodes[writer as usize % 2].clone();
        tasks.spawn(async move {
            let mut won = Vec::new();
            for base in 0..ROUNDS {
                // Two documents in one batch, in another order by every other writer.
                let mut docs = [doc(1), doc(2)];
                if writer % 4 >= 2 {
                    docs.reverse();
                }
                let batch = docs.map(|doc| write(doc, base, &["district"])).to_vec();
                let written = store.commit(batch).await.unwrap();
                for (doc, written) in docs.into_iter().zip(written) {
                    won.extend((written != Written::Stale).then_some((doc, base)));
                }
            }
            won
        });
    }
    let mut wins = BTreeMap::new();
    for win in all(tasks).await.into_iter().flatten() {
        *wins.entry(win).or_insert(0) += 1;
    }
    assert!(wins.values().all(|&winners| winners == 1), "{wins:?}");
    let versions = nodes[0]
        .materials(vec![(doc(1), vec![]), (doc(2), vec![])])
        .await
        .unwrap();
    let versions: u64 = versions
        .iter()
        .map(|m| m.document.as_ref().unwrap().version)
        .sum();
    assert_eq!(versions, wins.len() as u64);
    assert_eq!(
        nodes[1].sequences(vec!["district".to_owned()]).await.unwrap()["district"],
        versions
    );
}

pub(crate) async fn one_writer_makes_a_new_document_or_binds_a_new_actor(db: &dyn Database) {
    const ROUNDS: u32 = 20;
    let nodes = [db.open().await, db.open().await];
    for what_is_shared in ["document", "actor"] {
        for round in 0..ROUNDS {
            let start = Arc::new(Barrier::new(WRITERS as usize));
            let mut tasks = JoinSet::new();
            for writer in 0..WRITERS {
                let (store, start) = (nodes[writer as usize % 2].clone(), start.clone());
                let own = 100 * (round + 1) + writer;
                let (number, actor) = match what_is_shared {
                    "document" => (round, own),
                    _ => (10_000 + own, 50_000 + round),
                };
                let write = Write {
                    actors: vec![actor.to_be_bytes().to_vec()],
                    by: by(&format!("host{writer}"), 1),
                    ..write(doc(number), 0, &["district"])
                };
                tasks.spawn(async move {
                    start.wait().await;
                    store.commit(vec![write]).await.unwrap().remove(0) != Written::Stale
                });
            }
            let winners = all(tasks).await.into_iter().filter(|won| *won).count();
            assert_eq!(winners, 1, "one {what_is_shared}");
        }
    }
}

pub(crate) async fn writers_in_shared_channels_never_block_each_other(db: &dyn Database) {
    const ROUNDS: u32 = 15;
    let nodes = [db.open().await, db.open().await];
    let mut tasks = JoinSet::new();
    for writer in 0..WRITERS {
        let store = nodes[writer as usize % 2].clone();
        tasks.spawn(async move {
            for round in 0..ROUNDS {
                let mut channels = ["station:A", "station:B", "station:C", "district"];
                channels.rotate_left(((writer + round) % 4) as usize);
                // The batch names the channels in this order, whatever the order of its documents.
                let batch = channels.iter().zip(0..).map(|(channel, n)| {
                    let number = 1_000 * writer + 10 * round + n + 1;
                    listed(
                        write(doc(number), 0, &[*channel, "user:host1"]),
                        row("电梯"),
                        number.into(),
                    )
                });
                let written = store.commit(batch.collect()).await.unwrap();
                assert!(written.iter().all(|written| *written != Written::Stale));
            }
        });
    }
    all(tasks).await;
    let total = u64::from(WRITERS * ROUNDS);
    let channels = ["district", "station:A", "station:B", "station:C", "user:host1"];
    let sequences = nodes[0]
        .sequences(channels.map(str::to_owned).to_vec())
        .await
        .unwrap();
    for channel in channels {
        let expected = if channel == "user:host1" { 4 * total } else { total };
        assert_eq!(sequences[channel], expected);
        let moved = nodes[1]
            .moved(channel.to_owned(), 0, 10_000, vec![])
            .await
            .unwrap();
        let taken: Vec<_> = moved.iter().map(|moved| moved.seq).collect();
        assert_eq!(taken, (1..=expected).collect::<Vec<_>>(), "{channel}");
    }
}

pub(crate) async fn a_reader_that_follows_moves_sees_every_document(db: &dyn Database) {
    const ROUNDS: u32 = 25;
    let nodes = [db.open().await, db.open().await];
    let writing = Arc::new(AtomicUsize::new(WRITERS as usize));
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let (store, writing) = (nodes[writer as usize % 2].clone(), writing.clone());
        writers.spawn(async move {
            for round in 0..ROUNDS {
                let new = doc(1_000 * (writer + 1) + round);
                let batch = vec![write(new, 0, &["district", "station:A"])];
                store.commit(batch).await.unwrap();
                let grown = store.commit(vec![write(new, 1, &["district"])]);
                grown.await.unwrap();
            }
            writing.fetch_sub(1, Ordering::SeqCst);
        });
    }
    let mut readers = JoinSet::new();
    for (store, channel) in [(nodes[0].clone(), "district"), (nodes[1].clone(), "station:A")] {
        let writing = writing.clone();
        readers.spawn(async move {
            let mut follower = Follower::default();
            loop {
                // Asked before reading: what is written until then is to be seen by this reading.
                let is_last = writing.load(Ordering::SeqCst) == 0;
                follower.catch_up(&*store, channel).await;
                if is_last {
                    return follower.seen;
                }
            }
        });
    }
    all(writers).await;
    for seen in all(readers).await {
        let written = (WRITERS * ROUNDS) as usize;
        assert_eq!(seen.len(), written, "a cursor stepped over a document");
    }
}

/// Follows a channel by its cursor alone, as a device does.
#[derive(Default)]
struct Follower {
    cursor: u64,
    seen: BTreeSet<DocId>,
}

impl Follower {
    async fn catch_up(&mut self, store: &dyn Store, channel: &str) {
        loop {
            let moved = store
                .moved(channel.to_owned(), self.cursor, 7, vec![])
                .await
                .unwrap();
            if moved.is_empty() {
                break;
            }
            for moved in moved {
                assert!(moved.seq > self.cursor);
                self.cursor = moved.seq;
                self.seen.insert(moved.doc);
            }
        }
    }
}
