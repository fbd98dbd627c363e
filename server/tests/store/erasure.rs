//! Removing for good.

use std::path::Path;

use lianxin_server::store::{
    Act, Deed, Erasure, Filter, Kept, PostgresStore, Quarantined, Row, SqliteStore, Store, Write, Written,
};
use lianxin_shared::id::{DocId, FileHash, Moment};
use lianxin_shared::records::Value;
use lianxin_shared::rules::{Link, Refusal, RefusalCode};
use lianxin_shared::search;
use lianxin_shared::sync::Fingerprint;
use tempfile::TempDir;

use crate::database::{Database, Postgres};
use crate::dump::read;
use crate::make::{by, change, compacting, doc, growth, heads, listed, put, row, write};
use crate::records::filter;
use crate::related::share;

/// Words that stand nowhere else; the search knows them by their small letters.
const WORDS: &str = "路灯坏了 Qzxwvu7391";

/// An erasure of documents.
pub(crate) fn erasure(docs: &[DocId], at: i64) -> Erasure {
    Erasure {
        docs: docs.to_vec(),
        act: act(at, &docs[0].to_string()),
    }
}

pub(crate) fn act(at: i64, about: &str) -> Act {
    Act {
        at: Moment(at),
        by: "clerk1".parse().unwrap(),
        deed: Deed::Erased,
        about: about.to_owned(),
        kind: Some("suggestion".to_owned()),
        words: "居民要求".to_owned(),
    }
}

fn refused(doc: DocId) -> Quarantined {
    Quarantined {
        doc,
        by: by("host1", 1),
        refusal: Refusal::new(RefusalCode::TooLarge),
        changes: vec![WORDS.as_bytes().to_vec()],
        at: Moment(9),
    }
}

/// A document with [`WORDS`] in everything that is kept of it.
fn wordy(doc: DocId, base: u64) -> Write {
    let mut write = growth(doc, base, 3, &["district", "station:A"]);
    for change in &mut write.changes {
        change.bytes.extend(WORDS.as_bytes());
    }
    let row = Row {
        sketch: Some(WORDS.as_bytes().to_vec()),
        ..row(WORDS)
    };
    let mut write = listed(compacting(write, base + 1), row, 10);
    if let Some(compaction) = &mut write.compaction {
        compaction.snapshot.extend(WORDS.as_bytes());
    }
    write
}

pub(crate) async fn an_erased_document_is_gone_and_stays_away(db: &dyn Database) {
    let store = db.open().await;
    put(&*store, wordy(doc(1), 0)).await;
    put(&*store, listed(write(doc(2), 0, &["district"]), row("路灯"), 20)).await;
    store
        .quarantine(vec![refused(doc(1)), refused(doc(2))])
        .await
        .unwrap();
    // Document 3 was never here: it is kept away all the same.
    let moved = store.erase(erasure(&[doc(1), doc(3)], 30)).await.unwrap();
    assert_eq!(moved, ["district", "station:A"]);

    let docs = vec![doc(1), doc(2), doc(3), doc(4)];
    let gone = store.erased(docs.clone()).await.unwrap();
    assert_eq!(gone, [doc(1), doc(3)].into());
    let wants = docs.iter().map(|doc| (*doc, vec![])).collect();
    let materials = store.materials(wants).await.unwrap();
    let seen: Vec<_> = materials
        .iter()
        .map(|m| (m.erased, m.document.is_some()))
        .collect();
    assert_eq!(
        seen,
        [(true, false), (false, true), (true, false), (false, false)]
    );
    let contents = docs.iter().map(|doc| (*doc, 0)).collect();
    let contents = store.contents(contents, usize::MAX).await.unwrap();
    let found: Vec<_> = contents.iter().map(Option::is_some).collect();
    assert_eq!(found, [false, true, false, false]);
    let states = store.states(vec!["district".to_owned()]).await.unwrap();
    assert_eq!(states.iter().map(|(doc, _)| *doc).collect::<Vec<_>>(), [doc(2)]);

    for (words, expected) in [("路灯", 1), ("qzxwvu", 0)] {
        let filter = Filter {
            tokens: search::tokens(words),
            ..filter()
        };
        let page = store.records(filter.clone(), None, 9).await.unwrap();
        assert_eq!(page.records.len(), expected, "{words}");
        assert_eq!(store.counts(filter).await.unwrap().total, expected as u64);
    }

    // Neither a change on what it was, nor a new document of that id, nor what is refused of it is kept.
    let again = vec![wordy(doc(1), 0), wordy(doc(1), 3), wordy(doc(3), 0)];
    let written = store.commit(again).await.unwrap();
    assert!(written.iter().all(|written| *written == Written::Stale));
    store
        .quarantine(vec![refused(doc(1)), refused(doc(3))])
        .await
        .unwrap();
    let kept = read(store.dump()).await;
    let quarantined = kept.iter().filter_map(|kept| match kept {
        Kept::Quarantined(quarantined) => Some(quarantined.doc),
        _ => None,
    });
    assert_eq!(quarantined.collect::<Vec<_>>(), [doc(2)]);
    // It can be erased again, and once more tells those who hold it.
    let moved = store.erase(erasure(&[doc(1)], 40)).await.unwrap();
    assert_eq!(moved, ["district", "station:A"]);
}

pub(crate) async fn whoever_held_an_erased_document_hears_of_it(db: &dyn Database) {
    let store = db.open().await;
    put(&*store, growth(doc(1), 0, 2, &["district", "station:A"])).await;
    // It left the district before; somebody may hold something unsent of it there all the same.
    put(&*store, write(doc(1), 2, &["station:A"])).await;
    put(&*store, write(doc(2), 0, &["district", "station:A"])).await;
    store.erase(erasure(&[doc(1)], 30)).await.unwrap();
    for (channel, last) in [("district", 4), ("station:A", 4)] {
        let channels = vec![channel.to_owned()];
        let moved = store.moved(channel.to_owned(), 0, 9, channels).await.unwrap();
        let seen: Vec<_> = moved
            .iter()
            .map(|moved| (moved.doc, moved.seq, moved.entries[0].present))
            .collect();
        assert_eq!(seen, [(doc(2), 3, true), (doc(1), last, false)], "{channel}");
        let tips = store.tips(vec![channel.to_owned()]).await.unwrap();
        let left = Fingerprint::of(doc(2), &heads(doc(2), 1));
        assert_eq!(tips[channel].fingerprint, left, "{channel}");
    }
}

pub(crate) async fn what_an_erased_record_named_and_counted_for_is_forgotten(db: &dyn Database) {
    let store = db.open().await;
    let person = Row {
        kind: "person".to_owned(),
        values: [("user".to_owned(), Value::from("host1"))].into(),
        ..row("委员甲")
    };
    put(&*store, listed(write(doc(1), 0, &[]), person, 1)).await;
    let file = |n: u32| FileHash([n as u8; 32]);
    for n in [2, 3] {
        let counting = Row {
            links: [Link {
                field: "suggestions",
                to: doc(4),
            }]
            .into(),
            files: [file(n)].into(),
            credits: [share("user:host1", "suggestion", 1)].into(),
            ..row("提案")
        };
        put(&*store, listed(write(doc(n), 0, &[]), counting, 2)).await;
    }
    put(&*store, listed(write(doc(4), 0, &[]), row("电梯"), 3)).await;
    let figures = async || {
        let all = store.figures(Moment(0), Moment(i64::MAX)).await.unwrap();
        let short = all
            .into_iter()
            .map(|figure| (figure.subject.to_string(), figure.amount));
        short.collect::<Vec<_>>()
    };
    assert_eq!(figures().await, [(format!("person:{}", doc(1)), 2)]);
    store.erase(erasure(&[doc(2)], 30)).await.unwrap();
    assert_eq!(figures().await, [(format!("person:{}", doc(1)), 1)]);
    let links = store.links(doc(4)).await.unwrap();
    let from: Vec<_> = links.from.iter().map(|(_, listed)| listed.doc).collect();
    assert_eq!(from, [doc(3)]);
    let named = store.named(vec![file(2), file(3)]).await.unwrap();
    assert_eq!(named, [file(3)].into());
    store.erase(erasure(&[doc(1)], 31)).await.unwrap();
    assert_eq!(figures().await, [("user:host1".to_owned(), 1)]);
}

pub(crate) async fn what_administrators_did_is_listed(db: &dyn Database) {
    let store = db.open().await;
    for n in 1..=5 {
        store.erase(erasure(&[doc(n)], i64::from(n))).await.unwrap();
    }
    let first = store.acts(None, 2).await.unwrap();
    let expected = |n: u32| act(i64::from(n), &doc(n).to_string());
    assert_eq!(first.acts, [expected(5), expected(4)]);
    store.erase(erasure(&[doc(6)], 6)).await.unwrap();
    let second = store.acts(first.next, 2).await.unwrap();
    assert_eq!(second.acts, [expected(3), expected(2)]);
    let third = store.acts(second.next, 2).await.unwrap();
    assert_eq!((third.acts, third.next), (vec![expected(1)], None));
}

/// The files of a folder that hold one of these words.
fn holding(folder: &Path, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        for word in words {
            if bytes.windows(word.len()).any(|window| window == word.as_bytes()) {
                found.push(format!("{} in {}", word, path.display()));
            }
        }
    }
    found
}

#[tokio::test]
async fn nothing_of_an_erased_document_is_left_in_the_files() {
    let folder = TempDir::new().unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();
    let words = ["路灯坏了", "zxwvu7391"];
    // Among others, on pages of its own and of theirs, and with earlier versions of its row and its snapshot.
    for n in 10..200 {
        put(
            &store,
            listed(growth(doc(n), 0, 2, &["district"]), row("井盖丢了，请补上"), 5),
        )
        .await;
    }
    put(&store, wordy(doc(1), 0)).await;
    let mut long = wordy(doc(2), 0);
    long.changes[2].bytes.extend(WORDS.repeat(2_000).as_bytes());
    put(&store, long).await;
    put(&store, wordy(doc(1), 3)).await;
    store.quarantine(vec![refused(doc(1))]).await.unwrap();
    let indexed = rusqlite::Connection::open(folder.path().join("lianxin.sqlite")).unwrap();
    let waiting = || indexed.query_row("SELECT count(*) FROM waiting", [], |row| row.get::<_, i64>(0));
    while waiting().unwrap() > 0 {
        tokio::task::yield_now().await;
    }
    // Once more, so that some of it is indexed and some waits.
    put(&store, wordy(doc(1), 6)).await;
    assert!(!holding(folder.path(), &words).is_empty());
    store.erase(erasure(&[doc(1), doc(2)], 30)).await.unwrap();
    assert_eq!(holding(folder.path(), &words), [""; 0]);
    let others = Filter {
        tokens: search::tokens("井盖"),
        ..filter()
    };
    assert_eq!(store.counts(others).await.unwrap().total, 190);
    drop(store);
    assert_eq!(holding(folder.path(), &words), [""; 0]);
}

#[tokio::test]
async fn the_log_is_emptied_once_nobody_reads_from_it() {
    let folder = TempDir::new().unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();
    put(&store, wordy(doc(1), 0)).await;
    let reader = rusqlite::Connection::open(folder.path().join("lianxin.sqlite")).unwrap();
    reader.execute_batch("BEGIN; SELECT * FROM documents").unwrap();
    // It is erased although somebody still reads what was there.
    store.erase(erasure(&[doc(1)], 30)).await.unwrap();
    assert_eq!(store.content(doc(1)).await.unwrap(), None);
    reader.execute_batch("COMMIT").unwrap();
    store.erase(erasure(&[doc(2)], 31)).await.unwrap();
    assert_eq!(holding(folder.path(), &["路灯坏了", "zxwvu7391"]), [""; 0]);
}

#[tokio::test]
async fn nothing_of_an_erased_document_is_left_in_the_tables() {
    let db = Postgres::new().await;
    let store = PostgresStore::open(&db.address()).await.unwrap();
    put(&store, wordy(doc(1), 0)).await;
    put(&store, wordy(doc(1), 3)).await;
    store.quarantine(vec![refused(doc(1))]).await.unwrap();
    assert!(!said(&db).await.is_empty());
    store.erase(erasure(&[doc(1)], 30)).await.unwrap();
    assert_eq!(said(&db).await, [""; 0]);
    assert_eq!(
        change(doc(1), 0).bytes.len(),
        100,
        "the tables were looked through"
    );
}

/// The tables that hold [`WORDS`] or the tokens of it, whatever their columns are.
async fn said(db: &Postgres) -> Vec<String> {
    let client = db.connect().await;
    let tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'";
    let mut found = Vec::new();
    let hex = |word: &str| word.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
    for table in client.query(tables, &[]).await.unwrap() {
        let table: String = table.get(0);
        let sql = format!("SELECT whole::text FROM {table} AS whole");
        for row in client.query(&sql, &[]).await.unwrap() {
            let text: String = row.get(0);
            if ["Qzxwvu7391", "qzxwvu7391"]
                .iter()
                .any(|word| text.contains(word) || text.contains(&hex(word)))
            {
                found.push(table.clone());
            }
        }
    }
    found
}
