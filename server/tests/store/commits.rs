//! Writing: whole or not at all, and only on what it was computed on.

use lianxin_server::store::{Kept, Quarantined, Store, Write, Written};
use lianxin_shared::id::{DocId, Moment};
use lianxin_shared::rules::{Refusal, RefusalCode};

use crate::Database;
use crate::make::{CHANGE_BYTES, by, change, compacting, doc, growth, heads, listed, put, row, write};

pub(crate) async fn a_write_is_stored_whole(db: &dyn Database) {
    let store = db.open().await;
    let moved = put(&*store, growth(doc(1), 0, 3, &["station:A", "district"])).await;
    assert_eq!(moved, ["district", "station:A"]);
    let wants = vec![
        (doc(1), vec![doc(1).0.to_vec(), b"unbound".to_vec()]),
        (doc(2), vec![]),
        (doc(1), vec![]),
    ];
    let materials = store.materials(wants).await.unwrap();
    let stored = materials[0].document.as_ref().unwrap();
    assert_eq!((stored.version, stored.operations), (3, 30));
    assert_eq!(stored.bytes, 3 * CHANGE_BYTES as u64);
    assert_eq!(stored.content.heads, heads(doc(1), 3));
    assert_eq!(stored.content.snapshot, None);
    assert_eq!(stored.content.changes, [0, 1, 2].map(|n| change(doc(1), n)));
    let bindings: Vec<_> = materials[0].bindings.iter().collect();
    assert_eq!(bindings, [(&doc(1).0.to_vec(), &by("host1", 1))]);
    assert!(materials[1].document.is_none() && materials[1].bindings.is_empty());
    assert_eq!(materials[2].document.as_ref(), Some(stored));
    assert!(materials[2].bindings.is_empty());

    put(&*store, growth(doc(1), 3, 2, &["station:A", "district"])).await;
    let materials = store.materials(vec![(doc(1), vec![])]).await.unwrap();
    let stored = materials[0].document.as_ref().unwrap();
    assert_eq!((stored.version, stored.operations), (5, 50));
    assert_eq!(stored.bytes, 5 * CHANGE_BYTES as u64);
    assert_eq!(stored.content.changes.len(), 5);
}

pub(crate) async fn a_write_on_a_moved_base_is_stale_and_the_others_go_in(db: &dyn Database) {
    let store = db.open().await;
    put(&*store, write(doc(1), 0, &["district"])).await;
    put(&*store, write(doc(2), 0, &["district"])).await;
    let batch = vec![
        write(doc(1), 0, &["district"]),
        write(doc(2), 1, &["district"]),
        write(doc(2), 1, &["district"]),
        write(doc(3), 0, &["district"]),
        write(doc(4), 1, &["district"]),
    ];
    let written = store.commit(batch).await.unwrap();
    let done = || Written::Done(vec!["district".to_owned()]);
    let expected = [Written::Stale, done(), Written::Stale, done(), Written::Stale];
    assert_eq!(written, expected);
    assert_eq!(versions(&*store, 1..5).await, [Some(1), Some(2), Some(1), None]);
    assert!(store.commit(Vec::new()).await.unwrap().is_empty());
}

pub(crate) async fn an_actor_of_somebody_else_makes_a_write_stale(db: &dyn Database) {
    let store = db.open().await;
    let actor = vec![b"actor".to_vec()];
    let of = |n, by| Write {
        actors: actor.clone(),
        by,
        ..write(doc(n), 0, &["district"])
    };
    put(&*store, of(1, by("host1", 1))).await;
    let batch = vec![
        of(2, by("host2", 1)),
        of(3, by("host1", 2)),
        of(4, by("host1", 1)),
    ];
    let written = store.commit(batch).await.unwrap();
    let done = Written::Done(vec!["district".to_owned()]);
    assert_eq!(written, [Written::Stale, Written::Stale, done]);
    // Within one batch, too.
    let other = |n, by| Write {
        actors: vec![b"other".to_vec()],
        by,
        ..write(doc(n), 0, &["district"])
    };
    let batch = vec![other(5, by("host1", 1)), other(6, by("host2", 1))];
    let written = store.commit(batch).await.unwrap();
    assert_eq!(written[1], Written::Stale);
    let wants = vec![(doc(5), vec![b"other".to_vec()])];
    let bindings = store.materials(wants).await.unwrap().remove(0).bindings;
    assert_eq!(bindings[&b"other".to_vec()], by("host1", 1));
    assert_eq!(
        versions(&*store, 1..7).await,
        [Some(1), None, None, Some(1), Some(1), None]
    );
}

pub(crate) async fn writes_of_one_batch_build_on_each_other(db: &dyn Database) {
    let store = db.open().await;
    let batch = vec![
        listed(write(doc(1), 0, &["district", "station:A"]), row("电梯"), 10),
        growth(doc(1), 1, 2, &["district"]),
        listed(write(doc(1), 3, &["district"]), row("路灯"), 20),
    ];
    let written = store.commit(batch).await.unwrap();
    assert!(written.iter().all(|written| *written != Written::Stale));
    assert_eq!(versions(&*store, 1..2).await, [Some(4)]);
    let channels = vec!["district".to_owned(), "station:A".to_owned()];
    let sequences = store.sequences(channels.clone()).await.unwrap();
    assert_eq!((sequences["district"], sequences["station:A"]), (3, 2));
    let moved = store.moved("district".to_owned(), 0, 9, channels).await.unwrap();
    assert_eq!(moved.len(), 1);
    let district = &moved[0].entries.iter().find(|e| e.channel == "district").unwrap();
    assert_eq!((district.seq, district.floor), (3, 1));
    let steps: Vec<_> = district.steps.iter().map(|s| (s.seq, s.before)).collect();
    assert_eq!(steps, [(2, 1), (3, 3)]);
    let page = store.records(suggestions(), None, 9).await.unwrap();
    assert_eq!(page.records.len(), 1);
    assert_eq!(page.records[0].received_at, Moment(10));
    assert_eq!(page.records[0].row.excerpt, "路灯");
}

pub(crate) async fn nothing_of_a_stale_write_is_left(db: &dyn Database) {
    let store = db.open().await;
    put(&*store, write(doc(1), 0, &["district"])).await;
    let stale = Write {
        actors: vec![b"fresh".to_vec()],
        ..listed(write(doc(1), 0, &["station:A", "district"]), row("电梯"), 10)
    };
    assert_eq!(store.commit(vec![stale]).await.unwrap(), [Written::Stale]);
    let channels = vec!["station:A".to_owned(), "district".to_owned()];
    let sequences = store.sequences(channels).await.unwrap();
    assert_eq!(sequences, [("district".to_owned(), 1)].into());
    let wants = vec![(doc(1), vec![b"fresh".to_vec()])];
    assert!(store.materials(wants).await.unwrap()[0].bindings.is_empty());
    assert!(
        store
            .records(suggestions(), None, 9)
            .await
            .unwrap()
            .records
            .is_empty()
    );
}

pub(crate) async fn a_snapshot_takes_the_place_of_changes(db: &dyn Database) {
    let store = db.open().await;
    put(&*store, growth(doc(1), 0, 5, &["district"])).await;
    put(&*store, compacting(growth(doc(1), 5, 2, &["district"]), 5)).await;
    let content = store.content(doc(1)).await.unwrap().unwrap();
    assert_eq!(content.snapshot.as_deref(), Some(&b"snapshot"[..]));
    assert_eq!(content.changes, [5, 6].map(|n| change(doc(1), n)));
    let materials = store.materials(vec![(doc(1), vec![])]).await.unwrap();
    let stored = materials[0].document.as_ref().unwrap();
    assert_eq!((stored.version, stored.operations), (7, 70));
    assert_eq!(stored.bytes, 7 * CHANGE_BYTES as u64);
    assert_eq!(stored.content, content);
    put(&*store, growth(doc(1), 7, 1, &["district"])).await;
    let content = store.content(doc(1)).await.unwrap().unwrap();
    assert_eq!((content.snapshot.is_some(), content.changes.len()), (true, 3));
}

pub(crate) async fn a_new_document_may_come_as_one_piece(db: &dyn Database) {
    let store = db.open().await;
    let whole = Write {
        changes: Vec::new(),
        ..compacting(growth(doc(1), 0, 3, &["district"]), 3)
    };
    put(&*store, whole).await;
    let content = store.content(doc(1)).await.unwrap().unwrap();
    assert_eq!(
        (content.snapshot.as_deref(), content.changes.len()),
        (Some(&b"snapshot"[..]), 0)
    );
    assert_eq!(content.heads, heads(doc(1), 3));
    put(&*store, growth(doc(1), 3, 2, &["district"])).await;
    let moved = store
        .moved("district".to_owned(), 1, 9, vec!["district".to_owned()])
        .await
        .unwrap();
    assert_eq!(moved[0].entries[0].lacking(1), Some(3));
    let since = store.contents(vec![(doc(1), 3)], usize::MAX).await.unwrap();
    assert_eq!(
        since[0].as_ref().unwrap().changes,
        [3, 4].map(|n| change(doc(1), n))
    );
    assert_eq!(since[0].as_ref().unwrap().snapshot, None);
}

pub(crate) async fn what_was_refused_is_kept_once(db: &dyn Database) {
    let store = db.open().await;
    let refused = |n, user: &str, code, at| Quarantined {
        doc: doc(n),
        by: by(user, 1),
        refusal: Refusal::about(code, "body\0"),
        changes: vec![b"refused".to_vec(), vec![0xff, 0]],
        at: Moment(at),
    };
    let corrupt = RefusalCode::Corrupt;
    let batch = vec![
        refused(1, "host1", corrupt, 1),
        refused(1, "host1", RefusalCode::TooLarge, 2),
        refused(1, "host2", corrupt, 3),
    ];
    store.quarantine(batch).await.unwrap();
    let again = vec![
        refused(2, "host1", corrupt, 4),
        refused(1, "host2", RefusalCode::FieldInvalid, 5),
    ];
    store.quarantine(again).await.unwrap();
    let mut kept = quarantined(&*store).await;
    kept.sort_by(|a, b| (a.doc, &a.by.user).cmp(&(b.doc, &b.by.user)));
    let short: Vec<_> = kept
        .iter()
        .map(|q| (q.doc, q.by.user.as_str(), q.refusal.code, q.at.0))
        .collect();
    // The first time and the last reason.
    let expected = [
        (doc(1), "host1", RefusalCode::TooLarge, 1),
        (doc(1), "host2", RefusalCode::FieldInvalid, 3),
        (doc(2), "host1", corrupt, 4),
    ];
    assert_eq!(short, expected);
    assert_eq!(kept[0].changes, [b"refused".to_vec(), vec![0xff, 0]]);
}

async fn quarantined(store: &dyn Store) -> Vec<Quarantined> {
    let mut pages = store.dump();
    let mut found = Vec::new();
    while let Some(page) = pages.recv().await {
        found.extend(page.unwrap().into_iter().filter_map(|kept| match kept {
            Kept::Quarantined(quarantined) => Some(quarantined),
            _ => None,
        }));
    }
    found
}

async fn versions(store: &dyn Store, docs: std::ops::Range<u32>) -> Vec<Option<u64>> {
    let wants: Vec<(DocId, Vec<Vec<u8>>)> = docs.map(|n| (doc(n), Vec::new())).collect();
    let materials = store.materials(wants).await.unwrap().into_iter();
    materials
        .map(|material| material.document.map(|document| document.version))
        .collect()
}

fn suggestions() -> lianxin_server::store::Filter {
    crate::records::filter()
}
