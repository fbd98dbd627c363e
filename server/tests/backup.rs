//! What a backup costs. What it must do is tested from outside: `tests/tests/backup.rs`.

// What a test's helpers unwrap fails the test, as it should.
#![allow(clippy::unwrap_used)]

#[path = "../../shared/benches/made/mod.rs"]
mod made;

use std::path::Path;
use std::time::Instant;

use lianxin_server::app::App;
use lianxin_server::backup::{Identities, Keep, Made, Recipients, Restoring, Target, make, new_key};
use lianxin_server::store::{SqliteStore, Store as _};
use lianxin_server::sync::{Answer, Changes, Submission};
use lianxin_shared::document::pack;
use lianxin_shared::id::DeviceId;
use lianxin_shared::rules::{Principal, Role};

async fn accept(app: &App, submissions: Vec<Submission>) {
    let host = Principal {
        hosts: [made::STATION].into(),
        ..Principal::new(made::author().user, [Role::Host])
    };
    let answers = app
        .door
        .accept(&host, DeviceId([1; 16]), submissions)
        .await
        .unwrap();
    assert!(
        answers
            .iter()
            .all(|answer| matches!(answer, Answer::Accepted { .. }))
    );
}

fn whole(n: u64) -> Submission {
    Submission {
        doc: made::id(n),
        snapshot: made::suggestion(n).save(),
        changes: Changes::Packed(Vec::new()),
        receipts: Vec::new(),
    }
}

fn edited(n: u64) -> Submission {
    let mut document = made::suggestion(n);
    let base = made::edit(&mut document, n + 7);
    Submission {
        doc: made::id(n),
        snapshot: Vec::new(),
        changes: Changes::Packed(pack(&document.changes_since(base.as_slice())).unwrap()),
        receipts: Vec::new(),
    }
}

/// Prints what a first backup, an hour's, and a restore cost, with `LIANXIN_DOCS` records of 400 characters and three changes:
/// `cargo test -p lianxin-server --test backup -- --ignored --nocapture`.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "measures"]
async fn what_it_costs() {
    let docs: u64 = std::env::var("LIANXIN_DOCS").map_or(10_000, |docs| docs.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let app = App::open(&folder.path().join("data")).await.unwrap();
    for first in (0..docs).step_by(500) {
        accept(&app, (first..docs.min(first + 500)).map(whole).collect()).await;
    }
    let database = folder
        .path()
        .join("data/lianxin.sqlite")
        .metadata()
        .unwrap()
        .len();
    println!("{docs} records; the database has {} KiB", database / 1024);
    let key = folder.path().join("key");
    let (text, recipient) = new_key();
    std::fs::write(&key, text).unwrap();
    let recipients = Recipients::parse(&[recipient]).unwrap();
    let target = Target::to(folder.path().join("backups").to_str().unwrap()).unwrap();
    let back_up = async |what: &str| {
        let began = Instant::now();
        let made = make(
            (&*app.store, &app.files),
            None,
            &target,
            &recipients,
            Keep::default(),
        )
        .await
        .unwrap();
        let Made {
            chunks, new, bytes, ..
        } = made;
        println!(
            "{what}: {:?}, {new} of {chunks} chunks, {} KiB",
            began.elapsed(),
            bytes / 1024
        );
    };
    back_up("the first").await;
    back_up("nothing changed").await;
    accept(&app, (docs..docs + 50).map(whole).collect()).await;
    accept(&app, (docs - 150..docs).map(edited).collect()).await;
    back_up("50 new, 150 of the latest changed").await;
    let scattered = (0..150).map(|n| n * (docs - 200) / 150);
    accept(&app, scattered.map(edited).collect()).await;
    back_up("150 of all changed").await;
    println!(
        "the backups have {} KiB",
        size(&folder.path().join("backups")) / 1024
    );

    let began = Instant::now();
    let restoring = Restoring::open(target, None, Identities::read(&key).unwrap())
        .await
        .unwrap();
    let verified = restoring.verify().await.unwrap();
    println!("verified: {:?}", began.elapsed());
    let store = SqliteStore::open(&folder.path().join("restored")).unwrap();
    restoring.fill(&store).await.unwrap();
    println!("restored: {:?}", began.elapsed());
    assert_eq!(verified.documents, docs + 50);
    let (old, new) = (app.store.life().await.unwrap(), store.life().await.unwrap());
    assert!(old.epoch != new.epoch && old.receipt_key == new.receipt_key);
}

fn size(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    let sizes = entries.map(|entry| match entry.metadata().unwrap() {
        metadata if metadata.is_dir() => size(&entry.path()),
        metadata => metadata.len(),
    });
    sizes.sum()
}
