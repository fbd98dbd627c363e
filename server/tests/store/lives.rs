//! Who a database is, and that it lasts.

use lianxin_shared::id::{Epoch, Moment};

use crate::Database;
use crate::make::{doc, heads, put, write};

pub(crate) async fn a_life_lasts_and_a_new_one_keeps_the_key(db: &dyn Database) {
    let store = db.open().await;
    let life = store.life().await.unwrap();
    assert_eq!(db.open().await.life().await.unwrap(), life);
    let new = store.begin_new_life().await.unwrap();
    assert_ne!(new.epoch, life.epoch);
    assert_ne!(new.epoch, Epoch([0; 16]));
    assert_eq!(new.receipt_key, life.receipt_key);
    assert_eq!(db.open().await.life().await.unwrap(), new);
    let (_other, other) = db.other().await;
    let other = other.life().await.unwrap();
    assert_ne!((other.epoch, other.receipt_key), (life.epoch, life.receipt_key));
}

pub(crate) async fn what_was_answered_is_there_after_reopening(db: &dyn Database) {
    let store = db.open().await;
    put(&*store, write(doc(1), 0, &["district"])).await;
    drop(store);
    let store = db.open().await;
    let content = store.content(doc(1)).await.unwrap().unwrap();
    assert_eq!(content.heads, heads(doc(1), 1));
    assert_eq!(
        store.sequences(vec!["district".to_owned()]).await.unwrap()["district"],
        1
    );
}

pub(crate) async fn a_database_is_looked_at_while_it_is_open(db: &dyn Database) {
    let store = db.open().await;
    let found = db.examine().await.unwrap();
    assert_eq!(found.version, found.newest);
    assert_eq!(found.epoch, Some(store.life().await.unwrap().epoch));
    assert_eq!((found.last_accepted, found.faults.len()), (None, 0));
    let put_at = write(doc(1), 0, &["district"]);
    let at = put_at.at;
    put(&*store, put_at).await;
    assert_eq!(db.examine().await.unwrap().last_accepted, Some(at));
    db.take_forward().await;
    let found = db.examine().await.unwrap();
    assert!(found.version > found.newest);
}

pub(crate) async fn the_last_backup_is_noted(db: &dyn Database) {
    let store = db.open().await;
    assert_eq!(store.last_backup().await.unwrap(), None);
    assert_eq!(db.examine().await.unwrap().last_backup, None);
    for at in [Moment(1_790_000_000_000), Moment(1_790_000_000_001)] {
        store.note_backup(at).await.unwrap();
        assert_eq!(store.last_backup().await.unwrap(), Some(at));
        assert_eq!(db.examine().await.unwrap().last_backup, Some(at));
    }
    // Another database, filled with all of this one, has no backup yet.
    let (_other, other) = db.other().await;
    other.fill(store.dump()).await.unwrap();
    assert_eq!(other.last_backup().await.unwrap(), None);
}
