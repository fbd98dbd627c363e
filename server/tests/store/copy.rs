//! A file into PostgreSQL, so that nobody notices.

use std::process::{Command, Output};
use std::sync::Arc;

use lianxin_server::app::App;
use lianxin_server::copy::copy;
use lianxin_server::demo;
use lianxin_server::files::Files;
use lianxin_server::store::{Entry, Filter, Kept, Page, Quarantined, SqliteStore, Store, StoreError};
use lianxin_shared::id::Moment;
use lianxin_shared::rules::{Refusal, RefusalCode};
use lianxin_shared::search;
use tempfile::TempDir;

use crate::accounts::session;
use crate::database::{Database as _, Postgres};
use crate::dump::read;
use crate::make::{by, doc};

/// A file with the demonstration data, a session and something refused.
async fn source() -> (TempDir, Arc<dyn Store>) {
    let folder = TempDir::new().unwrap();
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder.path()).unwrap());
    let app = App::over(store.clone(), Files::in_memory()).await.unwrap();
    demo::lay_ground(&app).await.unwrap();
    assert!(demo::fill(&app).await.unwrap());
    store.open_session(session("host1", 1, 1_000)).await.unwrap();
    let refused = Quarantined {
        doc: doc(40),
        by: by("host2", 3),
        refusal: Refusal::about(RefusalCode::FieldForbidden, "body"),
        changes: vec![vec![1, 2, 3]],
        at: Moment(9),
    };
    store.quarantine(vec![refused]).await.unwrap();
    (folder, store)
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_there_and_goes_on() {
    let (_folder, from) = source().await;
    let db = Postgres::new().await;
    let to = db.open().await;
    let documents = copy(from.clone(), to.clone()).await.unwrap();
    assert_same(&*from, &*to, documents).await;
    // The door stands as it stood: the same data laid down again changes nothing, a new person's record goes in.
    let app = App::over(to.clone(), Files::in_memory()).await.unwrap();
    demo::lay_ground(&app).await.unwrap();
    assert_same(&*from, &*to, documents).await;
    let account = to.account("host1".parse().unwrap()).await.unwrap().unwrap();
    let principal = lianxin_shared::rules::Principal {
        user: "host9".parse().unwrap(),
        ..account.principal
    };
    for store in [&from, &to] {
        let app = App::over(store.clone(), Files::in_memory()).await.unwrap();
        demo::add_person(&app, &principal, "主持人九").await.unwrap();
    }
    let district = || vec!["district".to_owned()];
    let sequences = to.sequences(district()).await.unwrap();
    assert_eq!(sequences, from.sequences(district()).await.unwrap());
}

/// Compares two stores by all that they answer.
async fn assert_same(a: &dyn Store, b: &dyn Store, documents: u64) {
    assert_eq!(a.life().await.unwrap(), b.life().await.unwrap());
    assert_eq!(a.accounts().await.unwrap(), b.accounts().await.unwrap());
    let pieces = read(a.dump()).await;
    assert_eq!(read(b.dump()).await, pieces);
    let mut channels = Vec::new();
    let mut wants = Vec::new();
    for kept in &pieces {
        match kept {
            Kept::Channel(name, _) => channels.push(name.clone()),
            Kept::Document(document) => wants.push(document.doc),
            _ => {}
        }
    }
    assert!(channels.len() > 3 && wants.len() as u64 == documents && documents > 30);
    let (tips, states) = (a.tips(channels.clone()), a.states(channels.clone()));
    assert_eq!(tips.await.unwrap(), b.tips(channels.clone()).await.unwrap());
    assert_eq!(states.await.unwrap(), b.states(channels.clone()).await.unwrap());
    for channel in &channels {
        let moved = async |store: &dyn Store| {
            let moved = store.moved(channel.clone(), 0, 1_000, channels.clone()).await;
            let mut moved = moved.unwrap();
            let by_channel = |a: &Entry, b: &Entry| a.channel.cmp(&b.channel);
            moved
                .iter_mut()
                .for_each(|moved| moved.entries.sort_by(by_channel));
            moved
        };
        assert_eq!(moved(a).await, moved(b).await);
    }
    let contents = async |store: &dyn Store| {
        let wants = wants.iter().map(|doc| (*doc, 0)).collect();
        store.contents(wants, usize::MAX).await.unwrap()
    };
    assert_eq!(contents(a).await, contents(b).await);
    let token = session("host1", 1, 1_000).token;
    let session = async |store: &dyn Store| store.session(token, Moment(1)).await.unwrap();
    assert!(session(a).await.is_some());
    assert_eq!(session(a).await, session(b).await);
    let mut found = 0;
    for words in ["", "电梯", "电", "居民", "三号", "wifi", "5"] {
        let filter = Filter {
            kinds: ["suggestion", "activity", "station", "theme", "person"]
                .map(str::to_owned)
                .to_vec(),
            tokens: search::tokens(words),
            ..Filter::default()
        };
        let page =
            async |store: &dyn Store| -> Page { store.records(filter.clone(), None, 500).await.unwrap() };
        let (one, other) = (page(a).await, page(b).await);
        assert_eq!(one.records, other.records, "{words}");
        assert_eq!(
            a.counts(filter.clone()).await.unwrap(),
            b.counts(filter.clone()).await.unwrap()
        );
        found += usize::from(!one.records.is_empty());
    }
    assert!(found > 2, "the searches find next to nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_cannot_be_read_stops_it_and_leaves_nothing() {
    let (_folder, from) = source().await;
    let unreadable = crate::make::listed(crate::make::write(doc(1), 0, &[]), crate::make::row("电梯"), 1);
    from.commit(vec![unreadable]).await.unwrap();
    let db = Postgres::new().await;
    let to = db.open().await;
    let before = read(to.dump()).await;
    let outcome = copy(from, to.clone()).await;
    assert!(matches!(outcome, Err(StoreError::Damaged(_))), "{outcome:?}");
    assert_eq!(read(to.dump()).await, before);
}

fn lianxin(db: &Postgres, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lianxin"));
    command.args(arguments).env("LIANXIN_DATABASE", db.address());
    command.output().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_copies_once_and_migrates_first() {
    let (folder, from) = source().await;
    let data = folder.path().to_str().unwrap();
    let db = Postgres::new().await;
    let said = |output: &Output| {
        String::from_utf8_lossy(&[&output.stdout[..], &output.stderr].concat()).into_owned()
    };

    let missing = lianxin(&db, &["copy", "--data", "/nowhere"]);
    assert!(!missing.status.success() && said(&missing).contains("/nowhere"));
    let migrated = lianxin(&db, &["migrate"]);
    assert!(
        migrated.status.success() && said(&migrated).contains("0 →"),
        "{}",
        said(&migrated)
    );
    assert!(said(&lianxin(&db, &["migrate"])).contains("nothing to do"));
    let copied = lianxin(&db, &["copy", "--data", data]);
    assert!(copied.status.success(), "{}", said(&copied));
    assert_eq!(read(db.open().await.dump()).await, read(from.dump()).await);
    let again = lianxin(&db, &["copy", "--data", data]);
    assert!(
        !again.status.success() && said(&again).contains("not empty"),
        "{}",
        said(&again)
    );
    let listed = lianxin(&db, &["user", "list"]);
    assert!(said(&listed).contains("host1"));
}

#[test]
fn the_command_never_shows_the_address() {
    for arguments in [
        &["migrate"][..],
        &["serve"],
        &["migrate", "--help"],
        &["copy"],
        &["user", "list", "--data", "x"],
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lianxin"));
        command.args(arguments).env("LIANXIN_LOG", "trace");
        command.env(
            "LIANXIN_DATABASE",
            "postgres://lianxin:s3cret@127.0.0.1:1/lianxin",
        );
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&[&output.stdout[..], &output.stderr].concat()).into_owned();
        assert!(!said.contains("s3cret"), "{said}");
        assert!(!said.is_empty());
    }
}
