//! Reading documents.

use crate::Database;
use crate::make::{CHANGE_BYTES, change, compacting, doc, growth, heads, put};

pub(crate) async fn contents_start_where_they_are_asked_to(db: &dyn Database) {
    let store = db.open().await;
    put(&*store, growth(doc(1), 0, 4, &["district"])).await;
    put(&*store, growth(doc(2), 0, 4, &["district"])).await;
    put(&*store, compacting(growth(doc(2), 4, 3, &["district"]), 4)).await;
    let wants = vec![
        (doc(2), 3),
        (doc(1), 2),
        (doc(2), 4),
        (doc(2), 6),
        (doc(1), 4),
        (doc(1), 0),
    ];
    let contents = store.contents(wants, usize::MAX).await.unwrap();
    let seen: Vec<_> = contents
        .into_iter()
        .map(|content| content.unwrap())
        .map(|content| (content.snapshot.is_some(), content.changes))
        .collect();
    let changes = |n, range: std::ops::Range<u64>| range.map(|i| change(doc(n), i)).collect();
    let expected = [
        (true, changes(2, 4..7)),
        (false, changes(1, 2..4)),
        (false, changes(2, 4..7)),
        (false, changes(2, 6..7)),
        (false, Vec::new()),
        (false, changes(1, 0..4)),
    ];
    assert_eq!(seen, expected);
}

pub(crate) async fn a_budget_holds_but_for_the_first(db: &dyn Database) {
    let store = db.open().await;
    for n in 1..=4 {
        put(&*store, growth(doc(n), 0, 2, &["district"])).await;
    }
    put(&*store, compacting(growth(doc(4), 2, 1, &["district"]), 2)).await;
    let wants: Vec<_> = (1..=4).map(|n| (doc(n), 0)).collect();
    let size = 2 * CHANGE_BYTES;
    let last = CHANGE_BYTES + "snapshot".len();
    for (budget, expected) in [
        (0, 1),
        (2 * size - 1, 1),
        (2 * size, 2),
        (3 * size, 3),
        (3 * size + last - 1, 3),
        (3 * size + last, 4),
    ] {
        let contents = store.contents(wants.clone(), budget).await.unwrap();
        assert_eq!(contents.len(), expected, "a budget of {budget}");
        for (n, content) in (1..).zip(contents) {
            let version = if n == 4 { 3 } else { 2 };
            assert_eq!(content.unwrap().heads, heads(doc(n), version));
        }
    }
}

pub(crate) async fn an_unknown_document_is_nothing(db: &dyn Database) {
    let store = db.open().await;
    put(&*store, growth(doc(2), 0, 1, &["district"])).await;
    let contents = store.contents(vec![(doc(1), 0), (doc(2), 0), (doc(3), 5)], 100);
    let contents = contents.await.unwrap();
    let there: Vec<_> = contents.iter().map(Option::is_some).collect();
    assert_eq!(there, [false, true, false]);
    assert_eq!(store.content(doc(1)).await.unwrap(), None);
    assert!(store.contents(Vec::new(), 100).await.unwrap().is_empty());
}
