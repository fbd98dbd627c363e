//! Bringing a database forward.

use std::collections::BTreeSet;

use lianxin_server::store::{PostgresStore, SqliteStore, Store as _, StoreError};
use tempfile::TempDir;

use crate::database::{Database as _, Postgres};

fn newer() -> Option<StoreError> {
    Some(StoreError::Damaged("written by a newer version".to_owned()))
}

#[tokio::test]
async fn a_file_is_brought_forward_once_and_a_newer_one_left_alone() {
    let folder = TempDir::new().unwrap();
    let first = SqliteStore::open(folder.path()).unwrap().migrated();
    assert!(first.from == 0 && first.to > 0);
    let again = SqliteStore::open(folder.path()).unwrap().migrated();
    assert_eq!((again.from, again.to), (first.to, first.to));
    let file = rusqlite::Connection::open(folder.path().join("lianxin.sqlite")).unwrap();
    file.pragma_update(None, "user_version", 1000).unwrap();
    assert_eq!(SqliteStore::open(folder.path()).err(), newer());
}

#[tokio::test]
async fn a_newer_database_is_left_alone() {
    let db = Postgres::new().await;
    drop(db.open().await);
    db.carry_out("UPDATE schema_version SET version = 1000").await;
    assert_eq!(PostgresStore::open(&db.address()).await.err(), newer());
}

/// Two migrations back, in words only: what they made is still there, which foretelling does not look at.
#[tokio::test]
async fn what_would_be_done_is_foretold_and_not_done() {
    let folder = TempDir::new().unwrap();
    let nowhere = folder.path().join("nowhere");
    let all = SqliteStore::pending(&nowhere).unwrap();
    assert!(all.from == 0 && !nowhere.exists());
    let to = SqliteStore::open(folder.path()).unwrap().migrated().to;
    assert_eq!(all.reasons.len(), to);
    let none = SqliteStore::pending(folder.path()).unwrap();
    assert_eq!((none.from, none.reasons.len()), (to, 0));
    let path = folder.path().join("lianxin.sqlite");
    let file = rusqlite::Connection::open(&path).unwrap();
    file.pragma_update(None, "user_version", to as i64 - 2).unwrap();
    let two = SqliteStore::pending(folder.path()).unwrap();
    assert_eq!((two.from, &two.reasons[..]), (to - 2, &all.reasons[to - 2..]));
    let version: i64 = file
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap();
    assert_eq!(version, to as i64 - 2);
    file.pragma_update(None, "user_version", 1000).unwrap();
    assert_eq!(SqliteStore::pending(folder.path()).err(), newer());

    let db = Postgres::new().await;
    let all = PostgresStore::pending(&db.address()).await.unwrap();
    // Each store has a history of its own.
    let to = all.reasons.len();
    assert!(all.from == 0 && to > 0);
    let again = PostgresStore::pending(&db.address()).await.unwrap();
    assert_eq!(again, all, "it was made");
    drop(db.open().await);
    db.carry_out(&format!("UPDATE schema_version SET version = {}", to - 1))
        .await;
    let one = PostgresStore::pending(&db.address()).await.unwrap();
    assert_eq!((one.from, &one.reasons[..]), (to - 1, &all.reasons[to - 1..]));
    db.carry_out("UPDATE schema_version SET version = 1000").await;
    assert_eq!(PostgresStore::pending(&db.address()).await.err(), newer());
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_start_together_make_one_database() {
    let db = Postgres::new().await;
    let opening: Vec<_> = (0..4)
        .map(|_| {
            let address = db.address();
            tokio::spawn(async move { PostgresStore::open(&address).await.unwrap() })
        })
        .collect();
    let mut from = Vec::new();
    let mut lives = BTreeSet::new();
    for opened in opening {
        let store = opened.await.unwrap();
        from.push(store.migrated().from);
        let life = store.life().await.unwrap();
        lives.insert((life.epoch, life.receipt_key));
    }
    let new = from.iter().filter(|from| **from == 0).count();
    assert_eq!((new, lives.len()), (1, 1), "{from:?}");
}

#[tokio::test]
async fn no_error_names_the_address() {
    for address in [
        "postgres://lianxin:s3cret@127.0.0.1:1/lianxin",
        "postgres://lianxin:s3cret@127.0.0.1:port/lianxin",
        "postgres://lianxin:x?s3cret=y@127.0.0.1/lianxin",
        "s3cret",
        "host=127.0.0.1 port=1 password=s3cret user=lianxin",
        "password='s3cret",
    ] {
        let error = PostgresStore::open(address).await.err().unwrap();
        let said = format!("{error} {error:?}");
        assert!(!said.contains("s3cret"), "{said}");
        assert!(!error.is_permanent(), "{said}");
    }
}
