//! The chain of what those who administer did.

use std::sync::Arc;

use lianxin_server::audit::{Form, take, verify};
use lianxin_server::store::{Break, Deed, Store};
use serde_json::Value;

use crate::Database;
use crate::accounts::account;
use crate::erasure::act;

/// Acts on one account, each by a change of it.
async fn note(store: &dyn Store, from: i64, to: i64) {
    for n in from..to {
        let act = lianxin_server::store::Act {
            deed: Deed::AccountChanged,
            kind: None,
            ..act(n, "host1")
        };
        store.note_account(account("host1"), act).await.unwrap();
    }
}

async fn hashes(store: &dyn Store) -> Vec<String> {
    let taken: Vec<Value> = serde_json::from_slice(&take(store, Form::Json).await.unwrap()).unwrap();
    let hash = |act: &Value| act["hash"].as_str().unwrap().to_owned();
    taken.iter().map(hash).collect()
}

pub(crate) async fn acts_are_a_chain_that_a_copy_has_too(db: &dyn Database) {
    let store = db.open().await;
    assert_eq!(verify(&*store).await.unwrap().acts, 0);
    store.add_account(account("host1")).await.unwrap();
    note(&*store, 0, 5).await;
    let found = verify(&*store).await.unwrap();
    assert_eq!((found.acts, found.breaks), (5, Vec::new()));
    let first = hashes(&*store).await;
    let csv = String::from_utf8(take(&*store, Form::Csv).await.unwrap()).unwrap();
    assert!(first.iter().all(|hash| hash.len() == 64 && csv.contains(hash)));
    let (_db, other) = db.other().await;
    other.fill(store.dump()).await.unwrap();
    assert_eq!(hashes(&*other).await, first);
    // Both go on from there, each its own way.
    note(&*other, 5, 6).await;
    note(&*store, 6, 7).await;
    assert_eq!(hashes(&*other).await[..5], first);
    assert_ne!(hashes(&*other).await[5], hashes(&*store).await[5]);
    assert_eq!(verify(&*other).await.unwrap().breaks, []);
}

pub(crate) async fn acts_of_many_at_once_are_one_chain(db: &dyn Database) {
    let stores = [db.open().await, db.open().await];
    stores[0].add_account(account("host1")).await.unwrap();
    let noting = (0..8).map(|n| {
        let store: Arc<dyn Store> = stores[n % 2].clone();
        tokio::spawn(async move { note(&*store, n as i64 * 10, n as i64 * 10 + 5).await })
    });
    for noted in noting.collect::<Vec<_>>() {
        noted.await.unwrap();
    }
    let found = verify(&*stores[1]).await.unwrap();
    assert_eq!((found.acts, found.breaks), (40, Vec::new()));
}

pub(crate) async fn an_act_is_neither_changed_nor_taken_out(db: &dyn Database) {
    let store = db.open().await;
    store.add_account(account("host1")).await.unwrap();
    note(&*store, 0, 6).await;
    for sql in [
        "UPDATE acts SET words = '' WHERE number = 2",
        "DELETE FROM acts WHERE number = 2",
        "DELETE FROM acts",
    ] {
        assert!(db.try_past_the_store(sql).await.is_err(), "{sql}");
    }
    assert_eq!(verify(&*store).await.unwrap().breaks, []);
    // Whoever gets past that as well is found out.
    db.unguard_acts().await;
    for (sql, breaks) in [
        (
            "UPDATE acts SET words = 'x' WHERE number = 2",
            vec![Break::Changed(2)],
        ),
        (
            "UPDATE acts SET deed = 'x' WHERE number = 2",
            vec![Break::Changed(2)],
        ),
        (
            "DELETE FROM acts WHERE number = 4",
            vec![Break::Changed(2), Break::Missing(4..=4)],
        ),
        (
            "DELETE FROM acts WHERE number > 5",
            vec![Break::Changed(2), Break::Missing(4..=4), Break::Missing(6..=6)],
        ),
    ] {
        db.try_past_the_store(sql).await.unwrap();
        assert_eq!(verify(&*store).await.unwrap().breaks, breaks, "{sql}");
    }
}

pub(crate) async fn an_older_database_gets_its_chain(db: &dyn Database) {
    let store = db.open().await;
    store.add_account(account("host1")).await.unwrap();
    note(&*store, 0, 5).await;
    let before = hashes(&*store).await;
    drop(store);
    db.unchain_acts().await;
    let store = db.open().await;
    assert_eq!(hashes(&*store).await, before);
    note(&*store, 5, 6).await;
    let found = verify(&*store).await.unwrap();
    assert_eq!((found.acts, found.breaks), (6, Vec::new()));
}
