//! Channels: sequences, entries, and what moved.

use lianxin_server::store::{Entry, Store};
use lianxin_shared::id::DocId;
use lianxin_shared::sync::Fingerprint;

use crate::Database;
use crate::make::{compacting, doc, growth, heads, put, write};

fn names(channels: &[&str]) -> Vec<String> {
    channels.iter().map(|&name| name.to_owned()).collect()
}

async fn entry(store: &dyn Store, channel: &str, doc: DocId) -> Entry {
    let moved = store.moved(channel.to_owned(), 0, 1_000, names(&[channel])).await;
    let moved = moved.unwrap().into_iter().find(|moved| moved.doc == doc);
    moved.unwrap().entries.remove(0)
}

pub(crate) async fn sequences_have_no_gaps(db: &dyn Database) {
    let store = db.open().await;
    for n in 1..=5 {
        put(&*store, write(doc(n), 0, &["district", "station:A"])).await;
        // A stale one takes no number.
        store.commit(vec![write(doc(n), 0, &["district"])]).await.unwrap();
    }
    let batch = (6..=8).map(|n| write(doc(n), 0, &["district"])).collect();
    store.commit(batch).await.unwrap();
    let sequences = store
        .sequences(names(&["district", "station:A", "station:B"]))
        .await;
    let expected = [("district".to_owned(), 8), ("station:A".to_owned(), 5)];
    assert_eq!(sequences.unwrap(), expected.into());
    assert!(store.sequences(Vec::new()).await.unwrap().is_empty());
    let moved = store
        .moved("district".to_owned(), 0, 100, names(&["district"]))
        .await;
    let moved: Vec<_> = moved
        .unwrap()
        .iter()
        .map(|moved| (moved.doc, moved.seq))
        .collect();
    let expected: Vec<_> = (1..=8).map(|n| (doc(n), u64::from(n))).collect();
    assert_eq!(moved, expected, "in the order of the batch");
}

pub(crate) async fn a_document_enters_grows_leaves_and_returns(db: &dyn Database) {
    let store = db.open().await;
    put(&*store, write(doc(1), 0, &["station:A"])).await;
    let mut expected = Entry::entered("station:A", doc(1), 1);
    assert_eq!(entry(&*store, "station:A", doc(1)).await, expected);
    put(&*store, growth(doc(1), 1, 3, &["station:A"])).await;
    expected = expected.grown(2, 1);
    assert_eq!(entry(&*store, "station:A", doc(1)).await, expected);
    let moved = put(&*store, write(doc(1), 4, &["station:B"])).await;
    assert_eq!(moved, ["station:A", "station:B"]);
    expected = expected.left(3);
    assert_eq!(entry(&*store, "station:A", doc(1)).await, expected);
    // What has left a channel does not move there.
    assert_eq!(
        put(&*store, write(doc(1), 5, &["station:B"])).await,
        ["station:B"]
    );
    assert_eq!(entry(&*store, "station:A", doc(1)).await, expected);
    put(&*store, write(doc(1), 6, &["station:A", "station:B"])).await;
    let expected = Entry::entered("station:A", doc(1), 4);
    assert_eq!(entry(&*store, "station:A", doc(1)).await, expected);
    let b = Entry::entered("station:B", doc(1), 1).grown(2, 5).grown(3, 6);
    assert_eq!(entry(&*store, "station:B", doc(1)).await, b);
}

pub(crate) async fn steps_are_bounded_and_compaction_raises_the_floor(db: &dyn Database) {
    let store = db.open().await;
    put(&*store, write(doc(1), 0, &["district"])).await;
    let mut expected = Entry::entered("district", doc(1), 1);
    for n in 1..40 {
        put(&*store, write(doc(1), n, &["district"])).await;
        expected = expected.grown(n + 1, n);
    }
    assert_eq!(expected.steps.len(), Entry::MAX_STEPS);
    assert_eq!(entry(&*store, "district", doc(1)).await, expected);
    put(&*store, compacting(write(doc(1), 40, &["district"]), 40)).await;
    let expected = expected.grown(41, 40).without_changes_below(40);
    assert_eq!(entry(&*store, "district", doc(1)).await, expected);
    assert_eq!((expected.floor, expected.steps.len()), (40, 1));
}

pub(crate) async fn moves_come_in_order_with_all_entries(db: &dyn Database) {
    let store = db.open().await;
    for n in 1..=4 {
        put(
            &*store,
            write(doc(n), 0, &["district", "station:A", "user:host1"]),
        )
        .await;
    }
    put(&*store, write(doc(2), 1, &["district"])).await;
    let moved = async |above, limit, channels: &[&str]| {
        let moved = store.moved("district".to_owned(), above, limit, names(channels));
        moved.await.unwrap()
    };
    let order = |moved: &[lianxin_server::store::Moved]| {
        moved
            .iter()
            .map(|moved| (moved.doc, moved.seq))
            .collect::<Vec<_>>()
    };
    let all = moved(0, 100, &["district", "station:A"]).await;
    assert_eq!(order(&all), [(doc(1), 1), (doc(3), 3), (doc(4), 4), (doc(2), 5)]);
    assert_eq!(
        order(&moved(1, 2, &["district"]).await),
        [(doc(3), 3), (doc(4), 4)]
    );
    assert!(moved(5, 100, &["district"]).await.is_empty());
    let mut entries = all[3].entries.clone();
    entries.sort_by(|a, b| a.channel.cmp(&b.channel));
    let district = Entry::entered("district", doc(2), 2).grown(5, 1);
    let station = Entry::entered("station:A", doc(2), 2).left(5);
    assert_eq!(entries, [district, station]);
    assert!(moved(0, 1, &[]).await[0].entries.is_empty());
    let nowhere = store
        .moved("station:B".to_owned(), 0, 9, names(&["station:B"]))
        .await;
    assert!(nowhere.unwrap().is_empty());
}

pub(crate) async fn states_name_each_present_document_once(db: &dyn Database) {
    let store = db.open().await;
    put(&*store, write(doc(3), 0, &["district", "station:A"])).await;
    put(&*store, write(doc(1), 0, &["station:A"])).await;
    put(&*store, write(doc(2), 0, &["station:A"])).await;
    put(&*store, write(doc(2), 1, &["station:B"])).await;
    let states = async |channels: &[&str]| store.states(names(channels)).await.unwrap();
    let expected = [(doc(1), heads(doc(1), 1)), (doc(3), heads(doc(3), 1))];
    assert_eq!(states(&["station:A", "district"]).await, expected);
    assert_eq!(states(&["station:B"]).await, [(doc(2), heads(doc(2), 2))]);
    assert!(states(&[]).await.is_empty());
}

pub(crate) async fn a_fingerprint_is_of_what_is_present(db: &dyn Database) {
    let store = db.open().await;
    // What channels are expected to hold: documents with their versions.
    let check = async |expected: [&[(u32, u64)]; 2]| {
        let tips = store.tips(names(&["station:A", "station:B"])).await.unwrap();
        for (name, expected) in ["station:A", "station:B"].into_iter().zip(expected) {
            let mut fingerprint = Fingerprint::default();
            for (n, version) in expected {
                fingerprint.turn(Fingerprint::of(doc(*n), &heads(doc(*n), *version)));
            }
            let tip = tips.get(name).copied().unwrap_or_default();
            assert_eq!(tip.fingerprint, fingerprint, "{name} does not hold {expected:?}");
        }
    };
    check([&[], &[]]).await;
    put(&*store, write(doc(1), 0, &["station:A"])).await;
    put(&*store, write(doc(2), 0, &["station:A", "station:B"])).await;
    check([&[(1, 1), (2, 1)], &[(2, 1)]]).await;
    // Grown, left, returned, and several writes of one document in one batch.
    put(&*store, growth(doc(1), 1, 3, &["station:A"])).await;
    put(&*store, write(doc(2), 1, &["station:B"])).await;
    check([&[(1, 4)], &[(2, 2)]]).await;
    put(&*store, write(doc(2), 2, &["station:A"])).await;
    check([&[(1, 4), (2, 3)], &[]]).await;
    let batch = vec![
        write(doc(3), 0, &["station:A"]),
        write(doc(3), 1, &["station:A", "station:B"]),
        write(doc(3), 1, &["station:B"]),
        write(doc(3), 2, &["station:B"]),
    ];
    store.commit(batch).await.unwrap();
    check([&[(1, 4), (2, 3)], &[(3, 3)]]).await;
}

pub(crate) async fn every_step_of_a_channel_counts(db: &dyn Database) {
    let store = db.open().await;
    let mut last = store.moves().await.unwrap();
    let higher = async |what: &str, last: u64| {
        let moves = store.moves().await.unwrap();
        assert!(moves > last, "{what} is not seen");
        moves
    };
    put(&*store, write(doc(1), 0, &["station:A"])).await;
    last = higher("a new document", last).await;
    put(&*store, write(doc(1), 1, &["station:A"])).await;
    last = higher("a change", last).await;
    put(&*store, write(doc(1), 2, &["station:B"])).await;
    last = higher("a document that went elsewhere", last).await;
    // A stale one is none.
    store
        .commit(vec![write(doc(1), 0, &["station:B"])])
        .await
        .unwrap();
    assert_eq!(store.moves().await.unwrap(), last);
    assert_eq!(db.open().await.moves().await.unwrap(), last);
}

pub(crate) async fn an_older_database_gets_its_fingerprints(db: &dyn Database) {
    let store = db.open().await;
    put(&*store, write(doc(1), 0, &["station:A", "station:B"])).await;
    put(&*store, write(doc(2), 0, &["station:A"])).await;
    put(&*store, write(doc(2), 1, &["station:B"])).await;
    let channels = names(&["station:A", "station:B"]);
    let tips = store.tips(channels.clone()).await.unwrap();
    drop(store);
    db.take_back().await;
    assert_eq!(db.open().await.tips(channels).await.unwrap(), tips);
}
