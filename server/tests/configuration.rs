//! What is written about the configuration is what it is.

// What a test's helpers unwrap fails the test, as it should.
#![allow(clippy::unwrap_used)]

use std::fs::File;
use std::path::Path;
use std::time::{Duration, SystemTime};

use lianxin_server::app::App;
use lianxin_server::check::{Grade, check};
use lianxin_server::config::raw::Raw;
use lianxin_server::config::{Config, read, reference};
use lianxin_server::store::SqliteStore;

fn project(file: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file)
}

#[test]
fn the_reference_is_up_to_date() {
    let written = std::fs::read_to_string(project("docs/configuration.md")).unwrap_or_default();
    assert_eq!(
        written,
        reference(),
        "run `cargo run -p lianxin-server -- configuration > docs/configuration.md`"
    );
}

#[test]
fn a_named_file_must_be_there() {
    let missing = tempfile::tempdir().unwrap().path().join("lianxin.toml");
    assert!(read(Some(&missing), None).is_err());
}

async fn findings(folder: &Path) -> Vec<(Grade, &'static str)> {
    let mut raw = Raw::default();
    raw.store.data = Some(folder.to_owned());
    let found = check(&Config::of(raw).unwrap()).await;
    found.iter().map(|finding| (finding.grade, finding.key)).collect()
}

#[tokio::test]
async fn a_sound_installation_has_nothing_to_mend_while_it_serves() {
    let folder = tempfile::tempdir().unwrap();
    let _app = App::open(folder.path()).await.unwrap();
    let found = findings(folder.path()).await;
    assert!(found.iter().all(|(grade, _)| *grade != Grade::Wrong), "{found:?}");
    // How full the disk is that the tests run on is not theirs to say.
    for key in ["configuration", "folder", "database", "clock", "plain-local"] {
        assert!(found.contains(&(Grade::Good, key)), "{key}: {found:?}");
    }
}

#[tokio::test]
async fn a_damaged_database_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lianxin.sqlite");
    drop(SqliteStore::open(folder.path()).unwrap());
    // With the last line to it, what stands in the log goes into the file.
    while folder.path().join("lianxin.sqlite-wal").exists() {
        tokio::task::yield_now().await;
    }
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[4_096..middle].fill(0xa5);
    std::fs::write(&file, bytes).unwrap();
    let found = findings(folder.path()).await;
    let is_named = |key: &str| ["database-damaged", "database-unreadable"].contains(&key);
    assert!(
        found
            .iter()
            .any(|(grade, key)| *grade == Grade::Wrong && is_named(key)),
        "{found:?}"
    );
}

#[tokio::test]
async fn a_future_that_was_stored_shows_that_the_clock_is_behind() {
    let folder = tempfile::tempdir().unwrap();
    let _app = App::open(folder.path()).await.unwrap();
    let tomorrow = SystemTime::now() + Duration::from_secs(86_400);
    let file = File::open(folder.path().join("lianxin.sqlite")).unwrap();
    file.set_modified(tomorrow).unwrap();
    let found = findings(folder.path()).await;
    assert!(found.contains(&(Grade::Wrong, "clock-behind")), "{found:?}");
}
