//! Giving everything away, and taking it.

use lianxin_server::store::{
    Act, Deed, Filter, Kept, Pages, Quarantined, Session, Store, StoreError, TokenHash,
};
use lianxin_shared::handover::DeviceKey;
use lianxin_shared::id::Moment;
use lianxin_shared::rules::{Refusal, RefusalCode};
use lianxin_shared::search;
use tokio::sync::mpsc;

use crate::Database;
use crate::accounts::{account, session};
use crate::devices::device;
use crate::erasure::{act, erasure};
use crate::make::{by, compacting, doc, growth, listed, put, row, write};
use crate::records::filter;

/// All pieces of a dump. They say nothing of words to look for.
pub(crate) async fn read(mut pages: Pages) -> Vec<Kept> {
    let mut pieces = Vec::new();
    while let Some(page) = pages.recv().await {
        pieces.extend(page.unwrap());
    }
    pieces
}

/// Pieces as pages.
fn pages(pieces: Vec<Result<Kept, StoreError>>) -> Pages {
    let (out, pages) = mpsc::channel(pieces.len().max(1));
    for piece in pieces {
        out.try_send(piece.map(|piece| vec![piece])).unwrap();
    }
    pages
}

/// Something of every kind.
async fn furnish(store: &dyn Store) {
    for user in ["host1", "clerk1"] {
        store.add_account(account(user)).await.unwrap();
    }
    store
        .set_language("host1".parse().unwrap(), "en".to_owned())
        .await
        .unwrap();
    store.open_session(session("clerk1", 2, 1_000)).await.unwrap();
    let withdraw = Act {
        deed: Deed::DevicesWithdrawn,
        kind: None,
        ..act(5, "clerk1")
    };
    store.note_account(account("clerk1"), withdraw).await.unwrap();
    let user = || "host1".parse().unwrap();
    store
        .put_code(TokenHash([3; 32]), user(), Moment(60))
        .await
        .unwrap();
    store.register(device(1, "host1", 1)).await.unwrap();
    store.open_session(session("host1", 1, 1_000)).await.unwrap();
    for n in 1..=30 {
        let words = format!("第{n}号楼的电梯");
        put(
            store,
            listed(
                growth(doc(n), 0, 2, &["district", "station:A"]),
                row(&words),
                40 - i64::from(n / 3),
            ),
        )
        .await;
    }
    for base in 2..6 {
        put(store, write(doc(7), base, &["district"])).await;
    }
    put(
        store,
        compacting(write(doc(7), 6, &["district", "user:host1"]), 6),
    )
    .await;
    put(store, write(doc(31), 0, &[])).await;
    let refused = Quarantined {
        doc: doc(40),
        by: by("host2", 3),
        refusal: Refusal::about(RefusalCode::FieldForbidden, "body"),
        changes: vec![vec![1, 2, 3], vec![]],
        at: Moment(9),
    };
    store.quarantine(vec![refused]).await.unwrap();
    store.erase(erasure(&[doc(29), doc(41)], 50)).await.unwrap();
}

/// With the words that a dump leaves out.
fn with_words(kept: Kept) -> Kept {
    match kept {
        Kept::Document(mut document) => {
            if let Some((_, row)) = &mut document.row {
                row.words = search::normalize(&row.excerpt);
            }
            Kept::Document(document)
        }
        other => other,
    }
}

pub(crate) async fn what_is_dumped_fills_an_empty_store(db: &dyn Database) {
    let store = db.open().await;
    furnish(&*store).await;
    let pieces = read(store.dump()).await;
    let documents = pieces
        .iter()
        .filter(|kept| matches!(kept, Kept::Document(_)))
        .count();
    assert_eq!(documents, 30);

    let (_other, other) = db.other().await;
    other
        .fill(pages(pieces.iter().cloned().map(with_words).map(Ok).collect()))
        .await
        .unwrap();
    assert_eq!(read(other.dump()).await, pieces);
    assert_eq!(other.life().await.unwrap(), store.life().await.unwrap());
    for filter in [
        filter(),
        Filter {
            tokens: search::tokens("7号楼"),
            ..filter()
        },
    ] {
        let page = async |store: &dyn Store| store.records(filter.clone(), None, 20).await.unwrap();
        let expected = page(&*store).await;
        assert!(!expected.records.is_empty());
        assert_eq!(page(&*other).await.records, expected.records);
        assert_eq!(page(&*other).await.next, expected.next);
    }
    let erased = vec![doc(29), doc(41), doc(1)];
    assert_eq!(other.erased(erased).await.unwrap(), [doc(29), doc(41)].into());
    // It goes on where the first one stood.
    for store in [&store, &other] {
        put(&**store, write(doc(7), 7, &["district"])).await;
        put(
            &**store,
            listed(write(doc(50), 0, &["district"]), row("路灯"), 40),
        )
        .await;
    }
    assert_eq!(read(other.dump()).await, read(store.dump()).await);
    // A tablet that was withdrawn hears of it here, and a code that was given takes a tablet in.
    assert!(other.withdrawn(TokenHash([2; 32]), Moment(30)).await.unwrap());
    let spent = other.take_code(TokenHash([3; 32]), Moment(30)).await.unwrap();
    assert_eq!(spent.as_ref().map(|user| user.as_str()), Some("host1"));
    let keys = vec![DeviceKey([1; 32])];
    assert_eq!(other.registered(keys).await.unwrap(), [device(1, "host1", 1)]);
    let open = Session {
        ..session("host1", 1, 1_000)
    };
    let found = other.session(open.token, Moment(20)).await.unwrap();
    assert_eq!(found.map(|(session, _)| session), Some(open));
}

pub(crate) async fn a_store_that_holds_something_is_not_filled(db: &dyn Database) {
    let source = db.open().await;
    furnish(&*source).await;
    for kind in 0..2 {
        let (_other, other) = db.other().await;
        if kind == 0 {
            other.add_account(account("host1")).await.unwrap();
        } else {
            put(&*other, write(doc(1), 0, &[])).await;
        }
        let before = read(other.dump()).await;
        assert_eq!(other.fill(source.dump()).await, Err(StoreError::NotEmpty));
        assert_eq!(read(other.dump()).await, before);
    }
}

pub(crate) async fn a_page_that_is_an_error_leaves_nothing(db: &dyn Database) {
    let source = db.open().await;
    furnish(&*source).await;
    let (_other, other) = db.other().await;
    let before = read(other.dump()).await;
    let damaged = StoreError::Damaged("heads".to_owned());
    let mut pieces: Vec<_> = read(source.dump()).await.into_iter().map(Ok).collect();
    pieces.push(Err(damaged.clone()));
    assert_eq!(other.fill(pages(pieces)).await, Err(damaged));
    assert_eq!(read(other.dump()).await, before);
    other.fill(source.dump()).await.unwrap();
    assert_eq!(read(other.dump()).await, read(source.dump()).await);
}
