//! The second place for what waits to be sent. A browser that finds its databases damaged, or runs short of room, throws them away
//! with all that is in them. So a copy of each envelope of an outbox lies elsewhere, sealed to the server, so that nobody else reads
//! it: in a file, which is there however the browser ended, and in the local storage, which stays where room is short. Where the
//! databases are gone, the tablet carries those copies as it would another device's, and the server gets them without anybody's
//! signing in.

use futures_util::future::join_all;
use lianxin_shared::handover::Envelope;

use super::beside::Folder;
use super::database::{Batch, VaultError, decode};
use super::outbox::{Outbox, Posted};
use super::store::Store;
use crate::remembered;

/// What the names in the local storage begin with.
const REMEMBERED: &str = "lianxin-spare-";
/// The folder of the files, one folder for each database in it.
const FILES: &str = "lianxin-spare";
/// The database of what is carried.
const CARRIED: &str = "lianxin";

/// Follows what was just written to a database. Where there is no room for a copy, there is none.
pub(super) async fn follow(database: &str, batch: &Batch) {
    let posted: Vec<_> = batch
        .entries()
        .filter(|(store, ..)| *store == Store::Outbox)
        .map(|(_, key, plain)| (key, plain.filter(|plain| waiting(plain).is_some())))
        .collect();
    if posted.is_empty() {
        return;
    }
    for (key, waits) in &posted {
        let name = remembered_as(database, key);
        match waits {
            Some(plain) => remembered::put(&name, &remembered::text_of(plain)),
            None => remembered::remove(&name),
        }
    }
    if let Some(files) = files_of(database).await {
        let (files, each) = (&files, posted.into_iter());
        let each = each.map(async |(key, waits)| match waits {
            Some(plain) => files.put(key, plain).await,
            None => files.remove(key).await,
        });
        join_all(each).await;
    }
}

/// Forgets the copies of a database that is removed on purpose.
pub(super) async fn forget(database: &str) {
    for name in remembered::names(&remembered_as(database, "")) {
        remembered::remove(&name);
    }
    if let Some(files) = files().await {
        files.remove(database).await;
    }
}

/// The databases are gone: takes their copies to be carried, and answers how many there were.
pub async fn take_up() -> Result<u32, VaultError> {
    let names = remembered::names(REMEMBERED);
    let texts = names.iter().filter_map(|name| remembered::get(name));
    let mut copies: Vec<_> = texts.map(|text| remembered::bytes_of(&text)).collect();
    let files = files().await;
    let mut databases = Vec::new();
    if let Some(files) = &files {
        databases = files.names().await;
        for database in &databases {
            if let Some(folder) = files.folder(database).await {
                copies.extend(folder.files().await);
            }
        }
    }
    // Of most there are two.
    copies.sort_unstable();
    copies.dedup();
    let envelopes: Vec<_> = copies.iter().filter_map(|copy| waiting(copy)).collect();
    let spared = u32::try_from(envelopes.len()).unwrap_or(u32::MAX);
    if spared > 0 {
        Outbox::carried().await?.carry(envelopes).await?;
    }
    // Those of what is carried have just been written anew.
    let carried = remembered_as(CARRIED, "");
    for name in names.iter().filter(|name| !name.starts_with(&carried)) {
        remembered::remove(name);
    }
    if let Some(files) = files {
        for database in databases.iter().filter(|database| *database != CARRIED) {
            files.remove(database).await;
        }
    }
    Ok(spared)
}

/// The envelope that waits, if this is one that does.
fn waiting(plain: &[u8]) -> Option<Envelope> {
    match decode(plain) {
        Ok(Posted::Waiting(envelope)) => Some(envelope),
        _ => None,
    }
}

fn remembered_as(database: &str, key: &str) -> String {
    // No database has such a stroke in its name, so no name of one begins like another's.
    format!("{REMEMBERED}{database}/{key}")
}

async fn files() -> Option<Folder> {
    Folder::top().await?.folder(FILES).await
}

async fn files_of(database: &str) -> Option<Folder> {
    files().await?.folder(database).await
}
