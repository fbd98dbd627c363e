//! Who a database is, and that it lasts.

use lianxin_shared::id::Epoch;

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
