//! The database.

use super::Finding;
use crate::config::Place;
use crate::store::{Examined, PostgresStore, SqliteStore, StoreError};
use lianxin_shared::hex;

/// Looks at the database; answers with it what it is found to be.
pub(super) async fn check(place: &Place) -> (Vec<Finding>, Option<Examined>) {
    let examined = match place {
        Place::Folder(folder) if !SqliteStore::is_in(folder) => {
            return (vec![Finding::notice("database-missing").at(folder)], None);
        }
        Place::Folder(folder) => {
            let folder = folder.clone();
            let examined = tokio::task::spawn_blocking(move || SqliteStore::examine(&folder)).await;
            examined.unwrap_or_else(|error| Err(StoreError::Unavailable(error.to_string())))
        }
        Place::Database(address) => PostgresStore::examine(address.reveal()).await,
    };
    match examined {
        Ok(examined) => (findings(&examined), Some(examined)),
        Err(error) => (
            vec![Finding::wrong("database-unreadable").with("reason", &error)],
            None,
        ),
    }
}

fn findings(examined: &Examined) -> Vec<Finding> {
    let mut findings: Vec<_> = examined
        .faults
        .iter()
        .map(|fault| Finding::wrong("database-damaged").with("fault", fault))
        .collect();
    let schema = if examined.version > examined.newest {
        Finding::wrong("database-newer")
    } else if examined.version < examined.newest {
        Finding::notice("database-older")
    } else if examined.epoch.is_none() {
        Finding::wrong("database-nameless")
    } else {
        Finding::good("database")
    };
    let schema = schema.with("version", &examined.version);
    findings.push(
        schema
            .with("newest", &examined.newest)
            .with("epoch", &epoch(examined)),
    );
    findings
}

/// The first letters of the database's name: enough to tell two apart.
fn epoch(examined: &Examined) -> String {
    examined
        .epoch
        .map(|epoch| hex::written(&epoch.0[..4]))
        .unwrap_or_default()
}
