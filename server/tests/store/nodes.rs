//! Several nodes on one PostgreSQL database.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use lianxin_server::store::{PostgresStore, Store};
use lianxin_shared::id::DocId;
use tokio::time::timeout;

use crate::database::{Database as _, Postgres};
use crate::make::{doc, put, write};

/// The lock of whoever brings a database forward.
const MIGRATING: i64 = 0x006c_6961_6e78_696e;

async fn heard(store: &Arc<dyn Store>) -> Vec<String> {
    let word = timeout(Duration::from_secs(20), store.announced());
    word.await.expect("no word comes").unwrap()
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn word_reaches_the_other_nodes_alone() {
    let db = Postgres::new().await;
    let (a, b) = (db.open().await, db.open().await);
    a.announce(names(&["station:A", "district"])).await.unwrap();
    assert_eq!(heard(&b).await, ["district", "station:A"]);
    b.announce(names(&["user:host1"])).await.unwrap();
    assert_eq!(heard(&a).await, ["user:host1"], "a node hears itself");
    a.announce(Vec::new()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn two_databases_on_one_server_hear_nothing_of_each_other_and_wait_for_none_of_the_others_locks() {
    let (here, there) = (Postgres::new().await, Postgres::new().await);
    let (a, b) = (here.open().await, here.open().await);
    let (c, d) = (there.open().await, there.open().await);
    a.announce(names(&["district", "user:host1"])).await.unwrap();
    assert_eq!(heard(&b).await, ["district", "user:host1"]);
    // What was said earlier would have come earlier.
    c.announce(names(&["station:C"])).await.unwrap();
    assert_eq!(heard(&d).await, ["station:C"]);

    // Whoever brings the one forward keeps others from it, not from the other one.
    let mut client = here.connect().await;
    let tx = client.transaction().await.unwrap();
    tx.query("SELECT pg_advisory_xact_lock($1)", &[&MIGRATING])
        .await
        .unwrap();
    there.open().await;
    let address = here.address();
    let waiting = tokio::spawn(async move { PostgresStore::open(&address).await.map(drop) });
    here.until(
        "SELECT 1 FROM pg_locks JOIN pg_database ON oid = database
         WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()",
    )
    .await;
    tx.commit().await.unwrap();
    waiting.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn word_of_many_channels_arrives_whole() {
    let db = Postgres::new().await;
    let (a, b) = (db.open().await, db.open().await);
    let channels: BTreeSet<_> = (0..1000).map(|n| format!("station:{n:032}")).collect();
    a.announce(channels.iter().cloned().collect()).await.unwrap();
    let mut arrived = BTreeSet::new();
    while arrived.len() < channels.len() {
        arrived.extend(heard(&b).await);
    }
    assert_eq!(arrived, channels);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_whose_line_was_lost_counts_all_channels_as_moved() {
    let db = Postgres::new().await;
    let (a, b) = (db.open().await, db.open().await);
    put(&*a, write(doc(1), 0, &["district", "station:A"])).await;
    db.carry_out(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'lianxin-listener'",
    )
    .await;
    for node in [&a, &b] {
        assert_eq!(heard(node).await, ["district", "station:A"]);
    }
    a.announce(names(&["user:host1"])).await.unwrap();
    assert_eq!(heard(&b).await, ["user:host1"]);
}

/// What a reader sees that follows a cursor.
struct Cursor(i64);

impl Cursor {
    async fn read(&mut self, client: &tokio_postgres::Client, sql: &str) -> Vec<Vec<u8>> {
        let rows = client.query(sql, &[&self.0]).await.unwrap();
        let read = rows.iter().map(|row| {
            self.0 = row.get("seq");
            row.get("doc")
        });
        read.collect()
    }
}

#[tokio::test]
async fn a_global_sequence_would_let_a_reader_step_over_a_late_commit() {
    let db = Postgres::new().await;
    db.carry_out(
        "CREATE SEQUENCE numbers; CREATE TABLE log (seq bigint DEFAULT nextval('numbers'), doc bytea)",
    )
    .await;
    let (mut first, mut second, reader) = (db.connect().await, db.connect().await, db.connect().await);
    let add = "INSERT INTO log (doc) VALUES ($1)";
    let (early, late) = (
        first.transaction().await.unwrap(),
        second.transaction().await.unwrap(),
    );
    early.execute(add, &[&&b"early"[..]]).await.unwrap();
    late.execute(add, &[&&b"late"[..]]).await.unwrap();
    // The one that took the later number commits first, and a reader comes by in between.
    let mut cursor = Cursor(0);
    let read = "SELECT seq, doc FROM log WHERE seq > $1 ORDER BY seq";
    late.commit().await.unwrap();
    assert_eq!(cursor.read(&reader, read).await, [b"late"]);
    early.commit().await.unwrap();
    assert!(
        cursor.read(&reader, read).await.is_empty(),
        "stepped over for good"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channels_own_sequence_makes_the_later_writer_wait() {
    let db = Postgres::new().await;
    let store = db.open().await;
    put(&*store, write(doc(1), 0, &["district"])).await;
    // A node that has taken its number and is slow to commit.
    let mut slow = db.connect().await;
    let early = slow.transaction().await.unwrap();
    early
        .batch_execute("UPDATE channels SET seq = seq + 1 WHERE name = 'district'")
        .await
        .unwrap();
    let late = tokio::spawn({
        let store = store.clone();
        async move { put(&*store, write(doc(2), 0, &["district"])).await }
    });
    db.until(
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    )
    .await;
    let seen = async |above| -> Vec<(DocId, u64)> {
        let moved = store.moved("district".to_owned(), above, 9, Vec::new()).await;
        moved
            .unwrap()
            .iter()
            .map(|moved| (moved.doc, moved.seq))
            .collect()
    };
    assert_eq!(seen(1).await, [], "the late one is not seen before the early one");
    early
        .batch_execute("UPDATE entries SET seq = 2 WHERE channel = 'district'")
        .await
        .unwrap();
    early.commit().await.unwrap();
    late.await.unwrap();
    assert_eq!(seen(1).await, [(doc(1), 2), (doc(2), 3)]);
}
